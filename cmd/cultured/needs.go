package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cultured/content/demo"
	workshopfiles "cultured/content/workshops"
	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/dataset"
	"cultured/internal/situation"
)

// A needmap is what the demonstration's needs and actions name, as it is called here.
type needmap struct {
	services    map[string]string // identifiers, by the demonstration's
	situations  map[string]situation.Situation
	competences map[string]competency.ItemID // by code
	datasets    map[string]dataset.ID
}

// demonstrateNeeds says of the situations taken from the founding workshop where they are met, which datasets they are about and what
// was decided: as the steward does, who sees every dataset.
func (h *house) demonstrateNeeds(ctx context.Context, d demo.Demo, people map[string]actor.Actor, datasets map[string]dataset.ID) error {
	for _, who := range people {
		if !who.Is(actor.Steward) {
			continue
		}
		m, err := h.needmap(ctx, who, d)
		if err != nil {
			return err
		}
		m.datasets = datasets
		for _, n := range d.Needs {
			if err := h.demonstrateNeed(ctx, who, n, m); err != nil {
				return fmt.Errorf("demonstration: card %s: %w", n.Card, err)
			}
		}
		for _, a := range d.Actions {
			if err := h.demonstrateAction(ctx, who, a, m); err != nil {
				return fmt.Errorf("demonstration: action on %s: %w", a.Competence, err)
			}
		}
	}
	return nil
}

func (h *house) needmap(ctx context.Context, by actor.Actor, d demo.Demo) (m needmap, err error) {
	m = needmap{services: map[string]string{}, situations: map[string]situation.Situation{}, competences: map[string]competency.ItemID{}}
	named, err := h.namedServices(ctx, by)
	if err != nil {
		return m, err
	}
	for _, s := range d.Services {
		for _, n := range named {
			if n.Name == s.Name {
				m.services[s.ID] = n.ID
			}
		}
	}
	competences, err := h.workshop.Frameworks.Competences(ctx, by.Organisation, "fr")
	if err != nil {
		return m, err
	}
	for _, c := range competences {
		m.competences[c.Code] = competency.ItemID(c.ID)
	}
	text, err := workshopfiles.Founding.ReadFile("founding/contributions.json")
	if err != nil {
		return m, err
	}
	var held struct{ Cards []struct{ ID, Text string } }
	if err := json.Unmarshal(text, &held); err != nil {
		return m, err
	}
	all, err := h.situation.All(ctx, by)
	for _, c := range held.Cards {
		for _, one := range all {
			if one.Title == c.Text {
				m.situations[c.ID] = one
			}
		}
	}
	return m, err
}

func (h *house) demonstrateNeed(ctx context.Context, by actor.Actor, n demo.Need, m needmap) error {
	one := m.situations[n.Card]
	one.Unit, one.Frequency = m.services[n.Service], n.Frequency
	for _, of := range n.Datasets {
		one.Datasets = append(one.Datasets, string(m.datasets[of]))
	}
	if a := n.Action; a != nil {
		one.Action, one.Owner, one.Due = a.What, a.Owner, h.due(*a)
	}
	return h.situation.Save(ctx, by, one, one.Revision)
}

func (h *house) demonstrateAction(ctx context.Context, by actor.Actor, a demo.Action, m needmap) error {
	made := situation.Action{Competence: m.competences[a.Competence], Service: m.services[a.Service], What: a.What, Owner: a.Owner, Due: h.due(a)}
	of, err := h.situation.Decide(ctx, by, made)
	if err != nil || !a.Done {
		return err
	}
	made.ID = of
	return h.situation.Settle(ctx, by, made, situation.Done)
}

// due is the day an action of the demonstration is due.
func (h *house) due(a demo.Action) string {
	return h.situation.Now().AddDate(0, 0, a.Days).Format(time.DateOnly)
}
