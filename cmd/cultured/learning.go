package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/learning"
	"cultured/internal/learning/learningdb"
	"cultured/internal/mission"
)

// openLearning builds the room of evidence.
func (h *house) openLearning() {
	h.learning = &learning.Service{Store: &learningdb.Store{DB: h.db}, Colleague: h.colleague, Now: time.Now}
}

// colleague finds who is active in the actor's organisation by their address.
func (h *house) colleague(ctx context.Context, by actor.Actor, field, email string) (string, error) {
	p, _, err := h.account.People.PersonByEmail(ctx, email)
	if err == nil && (p.ID == "" || p.Organisation != by.Organisation || p.State != account.Active) {
		return "", fault.Field(field, "learning.no_colleague")
	}
	return p.ID, err
}

// proveMission writes the evidence of a try that passed, in the transaction that keeps the try.
func (h *house) proveMission(ctx context.Context, tx *sql.Tx, by actor.Actor, t mission.Try) error {
	m, err := h.mission.Find(t.Mission)
	if err != nil {
		return err
	}
	return learningdb.Write(ctx, tx, evidence(by, m, t))
}

// evidence is what a try that passed shows. The try lends its name: told twice, it is one piece of evidence. All variants of a mission are one work.
func evidence(by actor.Actor, m mission.Mission, t mission.Try) learning.Evidence {
	n := len(t.Verdict.Results)
	e := learning.Evidence{ID: learning.ID(t.ID), Organisation: by.Organisation, Person: by.ID, At: t.At, Source: "mission:" + string(m.ID),
		Artefact: learning.Artefact{Kind: learning.Answer, Title: learning.Words{"fr": m.Title.FR, "en": m.Title.EN}, Hash: t.Hash, Version: t.Number(), Address: "/missions/" + string(m.ID)},
		Checks:   []learning.Check{{How: learning.Automatic, By: "mission:" + string(m.ID), Version: fmt.Sprint(t.Version), Result: fmt.Sprintf("%d/%d", n, n), At: t.At}}}
	if t.Name != "" {
		e.Artefact.Kind, e.Artefact.Name = learning.File, t.Name
	}
	if t.Check != "" {
		e.Artefact.Address = "/check/" + t.Check
	}
	for _, c := range m.Competences {
		e.Shows = append(e.Shows, learning.Level{Code: c.Code, Level: c.Level})
	}
	return e
}
