package main

import (
	"context"
	"errors"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

// hear tells each room what happened in the others.
func (h *house) hear(ctx context.Context) error {
	return errors.Join(h.hearDatasets(ctx), h.hearOrganisations(ctx), h.hearPeople(ctx), h.hearCompetences(ctx), h.hearServices(ctx), h.hearBadges(ctx), h.hearForms(ctx), h.hearTraining(ctx), h.hearRules(ctx), h.hearRegister(ctx), h.hearContacts(ctx))
}

// hearOrganisations gives each organisation, new or from before there was one, the framework it starts with. Plant may be repeated.
func (h *house) hearOrganisations(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "competency", func(ctx context.Context, e outbox.Event) error {
		if e.Verb != "account.organisation_created" {
			return nil
		}
		return h.competency.Plant(ctx, e.Organisation, h.framework)
	})
}

// hearDatasets tells the catalogue what happened to datasets. Begin, Refresh and Remove may be repeated without harm.
func (h *house) hearDatasets(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "catalogue", func(ctx context.Context, e outbox.Event) error {
		id, ok := strings.CutPrefix(e.Subject, "dataset:")
		if !ok {
			return nil
		}
		// The event was allowed when it was written; the catalogue follows it with a steward's eyes.
		by := actor.Actor{ID: e.Actor, Organisation: e.Organisation, Name: e.ActorName, Roles: []actor.Role{actor.Steward}}
		var err error
		switch e.Verb {
		case "dataset.kept", "dataset.version_added", "dataset.described":
			err = h.catalogue.Refresh(ctx, by, id)
		case "dataset.deleted":
			err = h.catalogue.Remove(ctx, by, id)
		}
		if fault.KindOf(err) == fault.NotFound {
			return nil // deleted since
		}
		return err
	})
}
