package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"cultured/content/demo"
	missionfiles "cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/mission/missionweb"
	"cultured/internal/outbox"
	"cultured/internal/schema"
)

// openMission builds the room of missions. Those that ship are made of files of their own or of the demonstration's.
func (h *house) openMission() error {
	list, err := mission.Load(missionfiles.Files)
	if err != nil {
		return err
	}
	demonstration, err := fs.Sub(demo.Files, "files")
	if err != nil {
		return err
	}
	own, err := fs.Sub(missionfiles.Files, "files")
	if err != nil {
		return err
	}
	store := &missiondb.Store{DB: h.db, Passed: h.proveMission}
	h.mission = &mission.Service{Missions: list, Sources: mission.Shelves{own, demonstration}, Works: store, Owns: store, Holdings: holdings{h}, Now: time.Now,
		Bench: mission.Bench{Schema: func(name string) (schema.Schema, error) {
			s, err := h.schema(name)
			if err != nil {
				return schema.Schema{}, err
			}
			return *s, nil
		}}}
	return nil
}

// missionDesk is what the missions' pages stand on: a file that passes is examined like any other, so that it may be kept.
func (h *house) missionDesk() missionweb.Desk {
	return missionweb.Desk{Service: h.mission, Reader: h.reader(), Competences: h.competencesByCode, Submit: func(ctx context.Context, by actor.Actor, name string, body io.Reader) (string, error) {
		c, err := h.dataset.Submit(ctx, by, dataset.SubmitForm{Body: body, Name: name})
		return string(c.ID), err
	}}
}

// competencesByCode names what the organisation's first framework holds: the one it was given.
func (h *house) competencesByCode(ctx context.Context, by actor.Actor, lang string) (map[string]missionweb.Competence, error) {
	all, err := h.competency.All(ctx, by)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	named := map[string]missionweb.Competence{}
	for _, it := range all[0].Framework.Items {
		if it.Code != "" && !it.Retired {
			named[it.Code] = missionweb.Competence{Label: it.Label.In(lang), Href: "/competences/" + string(it.ID)}
		}
	}
	return named, nil
}

// hearPeople forgets what somebody tried and asked for once they are erased. Forget may be repeated.
func (h *house) hearPeople(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "mission", func(ctx context.Context, e outbox.Event) error {
		person, ok := strings.CutPrefix(e.Subject, "account:")
		if !ok || e.Verb != "account.erased" {
			return nil
		}
		return errors.Join(h.mission.Works.Forget(ctx, e.Organisation, person), h.learning.Store.Forget(ctx, e.Organisation, person), h.recognition.Requests.Forget(ctx, e.Organisation, person), h.training.Forget(ctx, e.Organisation, person),
			h.cleaning.Drafts.Forget(ctx, e.Organisation, person))
	})
}
