package main

import (
	"context"
	"fmt"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/learning"
	"cultured/internal/learning/learningweb"
	"cultured/internal/situation"
)

// teamDesk is what the pages about whole services stand on.
func (h *house) teamDesk() learningweb.TeamDesk {
	return learningweb.TeamDesk{Team: h.team, Framework: h.shownFramework}
}

// census is who works in an organisation and what its situations ask for, for the figures HR reads.
func (h *house) census(ctx context.Context, organisation string) (c learning.Census, err error) {
	const size = 500
	for page := 1; ; page++ {
		found, err := h.account.People.People(ctx, organisation, account.PeopleQuery{State: account.Active, Page: page, Size: size})
		if err != nil {
			return c, err
		}
		for _, p := range found.People {
			c.People = append(c.People, learning.Colleague{ID: p.ID, Name: p.Name, Service: p.Department})
		}
		if len(found.People) < size {
			break
		}
	}
	services, err := h.account.Organisations.Departments(ctx, organisation)
	if err != nil {
		return c, err
	}
	c.Services = map[string]string{}
	for _, s := range services {
		c.Services[s.ID] = s.Name
	}
	codes, err := h.competenceCodes(ctx, organisation)
	if err != nil {
		return c, err
	}
	list, err := h.situation.Store.All(ctx, organisation)
	if err != nil {
		return c, err
	}
	for _, one := range list {
		asks(&c, one, codes)
	}
	actions, err := h.situation.Actions.Actions(ctx, organisation)
	for _, a := range actions {
		if code := codes[a.Competence]; code != "" && a.Done == "" && !a.Dropped {
			c.Decisions = append(c.Decisions, learning.Decision{Code: code, Path: "/situations/actions/items/" + string(a.ID), Action: a.What, Owner: a.Owner, Due: a.Due})
		}
	}
	return c, err
}

// competenceCodes are those of the organisation's first framework, by identifier.
func (h *house) competenceCodes(ctx context.Context, organisation string) (map[competency.ItemID]string, error) {
	all, err := h.competency.All(ctx, actor.Actor{ID: organisation, Organisation: organisation})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	codes := map[competency.ItemID]string{}
	for _, it := range all[0].Framework.Items {
		if it.Code != "" && !it.Retired {
			codes[it.ID] = it.Code
		}
	}
	return codes, nil
}

// asks adds what a situation in force asks for, once a mention, and what was decided about it and is not done. What people have already is asked for by nobody.
func asks(c *learning.Census, s situation.Situation, codes map[competency.ItemID]string) {
	asked := map[string]bool{}
	for _, l := range s.Links {
		code := codes[l.Competence]
		if s.Retired || code == "" || l.Standing == situation.Held || asked[code] {
			continue
		}
		asked[code] = true
		for n := range s.Mentions() {
			c.Asks = append(c.Asks, learning.Ask{Key: fmt.Sprint(s.ID, "#", n), Code: code, Service: s.Place()})
		}
		if s.Action != "" && s.Done == "" {
			c.Decisions = append(c.Decisions, learning.Decision{Code: code, Title: s.Title, Path: "/situations/" + string(s.ID), Action: s.Action, Owner: s.Owner, Due: s.Due})
		}
	}
}
