package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"time"

	"cultured/content/demo"
	workshopfiles "cultured/content/workshops"
	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
)

// demoPassword opens every account of the demonstration, and is said on its sign-in page.
const demoPassword = "demonstration-2026"

// demonstrate fills an empty instance with the demonstration organisation, through the same doors as people use.
func (h *house) demonstrate(ctx context.Context) error {
	d, err := demo.Load()
	if err != nil {
		return err
	}
	plan := account.Planting{Organisation: account.OrganisationEdit{Name: d.Organisation.Name, SIREN: d.Organisation.SIREN, Territory: d.Organisation.Territory.Code}}
	names := map[string]string{}
	for _, s := range d.Services {
		plan.Departments = append(plan.Departments, s.Name)
		names[s.ID] = s.Name
	}
	for _, p := range d.Everybody() {
		person := account.PlantedPerson{Name: p.FirstName + " " + p.LastName, Email: p.Email, Password: demoPassword, Department: names[p.Service], Language: "fr"}
		for _, r := range p.Roles {
			person.Roles = append(person.Roles, actor.Role(r))
		}
		plan.People = append(plan.People, person)
	}
	made, err := h.account.Seed(ctx, plan)
	if err != nil || !made {
		return err
	}
	people, err := h.everybody(ctx, d)
	if err != nil {
		return err
	}
	for _, who := range people {
		if err := h.competency.Plant(ctx, who.Organisation, h.framework); err != nil { // before anybody visits: hearing of it takes a moment
			return err
		}
		break
	}
	if err := h.demonstrateWorkshop(ctx, people); err != nil {
		return err
	}
	kept := map[string]dataset.ID{}
	for _, ds := range d.Datasets {
		if kept[ds.ID], err = h.demonstrateDataset(ctx, ds, people); err != nil {
			return fmt.Errorf("demonstration: %s: %w", ds.ID, err)
		}
	}
	if err := h.demonstrateNeeds(ctx, d, people, kept); err != nil {
		return err
	}
	for _, f := range d.Forms {
		if err := h.demonstrateForm(ctx, people[f.Owner], f.Form); err != nil {
			return err
		}
	}
	told := story{house: h, people: people, datasets: kept}
	if err := told.work(ctx, d.Bench); err != nil {
		return err
	}
	if err := h.demonstrateRegister(ctx, d.Register, people, kept); err != nil {
		return err
	}
	return told.tell(ctx, d.Learning)
}

// demonstrateWorkshop replays the founding workshop, for who runs workshops, and takes up its cards.
func (h *house) demonstrateWorkshop(ctx context.Context, people map[string]actor.Actor) error {
	files, err := fs.Sub(workshopfiles.Founding, "founding")
	if err != nil {
		return err
	}
	for _, who := range people {
		if who.Is(actor.Facilitator) {
			sess, err := h.workshop.Replay(ctx, who, files)
			if err != nil {
				return err
			}
			return h.demonstrateSituations(ctx, who, sess.ID)
		}
	}
	return nil
}

// everybody finds the demonstration's people by e-mail.
func (h *house) everybody(ctx context.Context, d demo.Demo) (map[string]actor.Actor, error) {
	out := map[string]actor.Actor{}
	for _, p := range d.Everybody() {
		person, _, err := h.account.People.PersonByEmail(ctx, p.Email)
		if err != nil {
			return nil, err
		}
		out[p.Email] = person.Actor()
	}
	return out, nil
}

// demonstrateDataset keeps one file, describes it and takes it as far as the demonstration says.
func (h *house) demonstrateDataset(ctx context.Context, ds demo.Dataset, people map[string]actor.Actor) (dataset.ID, error) {
	by := people[ds.Owner]
	file, err := ds.Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // embedded
	c, err := h.dataset.Submit(ctx, by, dataset.SubmitForm{Body: file, Name: path.Base(ds.File)})
	if err != nil {
		return "", err
	}
	if _, err := h.queue.Wait(ctx, c.Job, 5*time.Minute); err != nil {
		return "", err
	}
	kept, err := h.dataset.Keep(ctx, by, c.ID)
	if err != nil {
		return "", err
	}
	entries := kept.Dictionary
	for i := range entries {
		for _, col := range ds.Columns {
			if col.Name == entries[i].Name {
				entries[i].Label, entries[i].Description = col.Title, col.Description
			}
		}
	}
	if _, err := h.dataset.Describe(ctx, by, kept.ID, kept.Revision, entries); err != nil {
		return "", err
	}
	return kept.ID, h.demonstrateRecord(ctx, ds, kept, by, people)
}

func (h *house) demonstrateRecord(ctx context.Context, ds demo.Dataset, kept dataset.Dataset, by actor.Actor, people map[string]actor.Actor) error {
	rec, err := h.catalogue.Record(ctx, by, string(kept.ID))
	if err != nil {
		return err
	}
	opened := rec.Version
	if err := json.Unmarshal(ds.Record, &rec); err != nil {
		return err
	}
	rec.Version = opened
	if _, err := h.catalogue.Save(ctx, by, rec, nil); err != nil {
		return err
	}
	var steward actor.Actor
	for _, p := range people {
		if p.Is(actor.Steward) {
			steward = p
		}
	}
	for _, step := range map[string][]struct {
		who    actor.Actor
		action catalogue.Action
	}{
		"internal":  {{by, catalogue.Share}},
		"in_review": {{by, catalogue.Submit}},
		"published": {{by, catalogue.Submit}, {steward, catalogue.Publish}},
	}[ds.State] {
		if _, err := h.catalogue.Act(ctx, step.who, string(kept.ID), step.action, ds.Override); err != nil {
			return err
		}
	}
	return nil
}
