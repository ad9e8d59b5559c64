package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/learning"
	"cultured/internal/workshop"
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

// attendances keeps that somebody took part in a workshop among their evidence.
type attendances struct{ h *house }

// attendanceOf names the evidence that a person took part in a session: the same however often, and nobody else's.
func attendanceOf(by actor.Actor, session workshop.ID) learning.ID {
	sum := sha256.Sum256([]byte("attendance " + by.Organisation + " " + by.ID + " " + string(session)))
	return learning.ID(string(session)[:10] + hex.EncodeToString(sum[:8])) // sorts by when the session was made
}

// Keep implements [workshop.Attendances]. It shows no competence by itself: being there is not knowing.
func (a attendances) Keep(ctx context.Context, by actor.Actor, t workshop.Attendance) error {
	return a.h.learning.Store.Add(ctx, learning.Evidence{ID: attendanceOf(by, t.Session), Organisation: by.Organisation, Person: by.ID, At: t.Held, Source: "workshop:" + string(t.Session), Shows: []learning.Level{},
		Artefact: learning.Artefact{Kind: learning.Event, Title: learning.Words{"fr": t.Title}},
		Checks:   []learning.Check{{How: learning.Automatic, By: "workshop", Version: "1", Result: "1/1", At: t.Held}}})
}

// Find implements [workshop.Attendances].
func (a attendances) Find(ctx context.Context, by actor.Actor, session workshop.ID) (string, error) {
	of := attendanceOf(by, session)
	_, err := a.h.learning.Store.Find(ctx, by.Organisation, of)
	if fault.Is(err, "learning.no_evidence") {
		return "", nil
	}
	return "/learning/evidence/" + string(of), err
}

// Look implements [workshopweb.Shelf].
func (s workshopShelf) Look(ctx context.Context, by actor.Actor, of string) (workshopweb.Standing, error) {
	d, err := s.h.dataset.Find(ctx, by, dataset.ID(of))
	seen := err == nil
	if fault.Is(err, "dataset.not_found") { // not shown, or no more
		d, err = s.h.dataset.Datasets.Find(ctx, by.Organisation, dataset.ID(of))
	}
	if fault.Is(err, "dataset.not_found") {
		return workshopweb.Standing{}, nil
	}
	return workshopweb.Standing{There: err == nil, Seen: seen, Owner: d.OwnerName}, err
}
