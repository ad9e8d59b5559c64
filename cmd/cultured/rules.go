package main

import (
	"context"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/outbox"
	"cultured/internal/rule"
	"cultured/internal/rule/ruledb"
	"cultured/internal/rule/ruleweb"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// openRule opens the rule room, and lets the datasets ask it.
func (h *house) openRule() {
	h.rule = &rule.Service{Books: &ruledb.Store{DB: h.db, Now: time.Now}, Header: h.ruleHeader, Now: time.Now,
		May: func(ctx context.Context, by actor.Actor, id string) bool {
			_, err := h.dataset.ForChange(ctx, by, dataset.ID(id))
			return err == nil
		}}
	h.dataset.Rules = h.rule.For
}

// ruleHeader gives what rules can be about its title and its columns.
func (h *house) ruleHeader(ctx context.Context, by actor.Actor, of rule.Subject) (title string, columns []string, err error) {
	if id := of.Dataset(); id != "" {
		d, v, err := h.dataset.Current(ctx, by, dataset.ID(id))
		return d.Title, v.Outcome.Report.Columns, err
	}
	entry, err := h.pack.Find(of.Schema())
	if err != nil {
		return "", nil, err
	}
	s, _, err := entry.Schema()
	for _, f := range s.Fields {
		columns = append(columns, f.Name)
	}
	return entry.Title, columns, err
}

func (h *house) ruleDesk() ruleweb.Desk {
	return ruleweb.Desk{Rule: h.rule,
		Schemas: func() (named []ruleweb.Named) {
			for _, e := range h.pack.All() {
				if e.Kind == schema.KindTable {
					named = append(named, ruleweb.Named{ID: e.Name, Title: e.Title})
				}
			}
			return named
		},
		Datasets: func(ctx context.Context, by actor.Actor) (named []ruleweb.Named, err error) {
			all, err := h.dataset.List(ctx, by)
			for _, d := range all {
				named = append(named, ruleweb.Named{ID: string(d.ID), Title: d.Title})
			}
			return named, err
		},
		Table: func(ctx context.Context, by actor.Actor, id string) (tabular.Table, error) {
			return h.dataset.Kitchen(ctx, by).Others(id)
		}}
}

// hearRules forgets the rules of a dataset that is gone. Forget may be repeated.
func (h *house) hearRules(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "rule", func(ctx context.Context, e outbox.Event) error {
		id, ok := strings.CutPrefix(e.Subject, "dataset:")
		if !ok || e.Verb != "dataset.deleted" {
			return nil
		}
		return h.rule.Books.Forget(ctx, e.Organisation, rule.OfDataset(id))
	})
}
