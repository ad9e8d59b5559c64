package main

import (
	"bytes"
	"context"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/workshop/workshopweb"
)

// workshopShelf keeps the cards of a workshop as a dataset, as a file somebody hands in.
type workshopShelf struct{ h *house }

// shelfPatience is how long keeping the cards of a session may take: some thousand short rows.
const shelfPatience = 30 * time.Second

// Keep implements [workshopweb.Shelf].
func (s workshopShelf) Keep(ctx context.Context, by actor.Actor, t workshopweb.Table) (string, error) {
	c, err := s.h.dataset.Submit(ctx, by, dataset.SubmitForm{Body: bytes.NewReader(t.CSV), Name: t.Name})
	if err != nil {
		return "", err
	}
	if _, err := s.h.queue.Wait(ctx, c.Job, shelfPatience); err != nil {
		return "", err
	}
	d, err := s.h.dataset.Keep(ctx, by, c.ID)
	if err != nil {
		return "", err
	}
	for i, e := range d.Dictionary {
		for _, c := range t.Columns {
			if c.Name == e.Name {
				d.Dictionary[i].Description = c.Description
			}
		}
	}
	_, err = s.h.dataset.Describe(ctx, by, d.ID, d.Revision, d.Dictionary)
	return string(d.ID), err
}

// Has implements [workshopweb.Shelf].
func (s workshopShelf) Has(ctx context.Context, by actor.Actor, of string) bool {
	_, err := s.h.dataset.Find(ctx, by, dataset.ID(of))
	return err == nil
}
