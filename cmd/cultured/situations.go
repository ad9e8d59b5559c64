package main

import (
	"context"
	"encoding/json"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/outbox"
	"cultured/internal/situation"
	"cultured/internal/workshop"
)

// workshopReport is what a session left, for who may run it.
func (h *house) workshopReport(ctx context.Context, by actor.Actor, session string) (report workshop.Report, err error) {
	sess, err := h.workshop.Run(ctx, by, workshop.ID(session))
	if err != nil {
		return report, err
	}
	competences, err := h.workshop.Competences(ctx, sess, "fr") // their names are read again where they are shown
	if err != nil {
		return report, err
	}
	err = h.workshop.Read(ctx, sess, func(s *workshop.State) { report = s.Report(sess, competences) })
	return report, err
}

// hearCompetences moves what hangs on a competence to its successors. Follow may be repeated.
func (h *house) hearCompetences(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "situation", func(ctx context.Context, e outbox.Event) error {
		old, ok := strings.CutPrefix(e.Subject, "competence:")
		if !ok || e.Verb != "competency.superseded" {
			return nil
		}
		var detail struct {
			Successors []competency.ItemID `json:"successors"`
		}
		if err := json.Unmarshal(e.Detail, &detail); err != nil {
			return err
		}
		return h.situation.Follow(ctx, e.Organisation, competency.ItemID(old), detail.Successors)
	})
}

// founded says what the cards of a phase of the founding workshop are taken up as. Its learning formats are neither.
var founded = map[string]struct {
	kind     situation.Kind
	standing situation.Standing
}{
	"current-situation":     {situation.Usage, situation.Needed},
	"current-competence":    {situation.Usage, situation.Held},
	"desired-situation":     {situation.Need, situation.Needed},
	"competence-to-develop": {situation.Need, situation.Develop},
}

// demonstrateSituations takes up each card of the founding workshop, with the competences it was linked to.
func (h *house) demonstrateSituations(ctx context.Context, by actor.Actor, session workshop.ID) error {
	report, err := h.workshopReport(ctx, by, string(session))
	if err != nil {
		return err
	}
	var list []situation.Situation
	for _, phase := range report.Phases {
		as, ok := founded[phase.Name]
		if !ok {
			continue
		}
		for _, theme := range phase.Themes {
			for _, c := range theme.Cards {
				one := situation.Situation{Kind: as.kind, Title: c.Text, Origin: situation.Origin{Session: string(session), Title: report.Title, Phase: phase.Title, Theme: theme.Name,
					Cards: []situation.Card{{Number: c.ID, Text: c.Text}}}}
				for _, l := range c.Links {
					one.Links = append(one.Links, situation.Link{Competence: competency.ItemID(l.ID), Standing: as.standing})
				}
				list = append(list, one)
			}
		}
	}
	_, err = h.situation.Create(ctx, by, list...)
	return err
}
