package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"cultured/content/demo"
	missionfiles "cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/dataset"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/mission/missionweb"
	"cultured/internal/outbox"
	"cultured/internal/recipe"
	"cultured/internal/schema"
	"cultured/internal/situation/situationweb"
	"cultured/internal/ui"
)

// replayTime is how long a step in SQL may take on one of a mission's small tables.
const replayTime = 3 * time.Second

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
	needs, err := mission.ReadNeeds(missionfiles.Needs)
	if err != nil {
		return err
	}
	store := &missiondb.Store{DB: h.db, Passed: h.proveMission}
	h.mission = &mission.Service{Missions: list, Needs: needs, Sources: mission.Shelves{own, demonstration}, Works: store, Owns: store, Holdings: holdings{h}, Cookbook: cookbook{h}, Forms: builder{h}, Now: time.Now,
		Bench: mission.Bench{Query: h.queries.ask, Ask: func(q recipe.Question) (recipe.Inquiry, error) { return h.queries.step(q, replayTime) }, Schema: func(name string) (schema.Schema, error) {
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
	return missionweb.Desk{Service: h.mission, Reader: h.reader(), Competences: h.competencesByCode, Situations: h.missionSituations, Schemas: h.tableSchemas, Submit: func(ctx context.Context, by actor.Actor, of mission.ID, name string, body io.Reader) (string, error) {
		c, err := h.dataset.Submit(ctx, by, dataset.SubmitForm{Body: body, Name: name, Lesson: "/missions/" + string(of)})
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
	heirs, err := h.heirs(ctx, by.Organisation)
	inherit(named, heirs)
	return named, err
}

// hearPeople forgets what somebody tried and asked for once they are erased. Forget may be repeated.
func (h *house) hearPeople(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "mission", func(ctx context.Context, e outbox.Event) error {
		person, ok := strings.CutPrefix(e.Subject, "account:")
		if !ok || e.Verb != "account.erased" {
			return nil
		}
		return errors.Join(h.mission.Works.Forget(ctx, e.Organisation, person), h.learning.Forget(ctx, e.Organisation, person), h.recognition.Requests.Forget(ctx, e.Organisation, person), h.training.Forget(ctx, e.Organisation, person),
			h.cleaning.Drafts.Forget(ctx, e.Organisation, person), h.grid.Forget(ctx, e.Organisation, person))
	})
}

// missionSituations are the organisation's situations of use and needs in force, by where they are met, with the codes of the competences they call for.
func (h *house) missionSituations(ctx context.Context, by actor.Actor, lang string) (out []missionweb.Situation, err error) {
	all, err := h.situation.All(ctx, by)
	if err != nil {
		return nil, err
	}
	views, err := h.competency.All(ctx, by)
	if err != nil {
		return nil, err
	}
	codes := map[competency.ItemID]string{}
	for _, v := range views {
		for _, it := range v.Framework.Items {
			codes[it.ID] = it.Code
		}
	}
	heirs, err := h.heirs(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	p := h.words.For(i18n.Lang(lang))
	for _, s := range all {
		one := missionweb.Situation{ID: string(s.ID), Label: s.Title, Group: p.T("situation." + string(s.Kind)), Href: "/situations/items/" + string(s.ID)}
		if s.Origin.Theme != "" {
			one.Group = p.T("cultured.situation_group", one.Group, s.Origin.Theme)
		}
		for _, l := range s.Links {
			if c := codes[l.Competence]; c != "" {
				one.Codes = append(one.Codes, c)
			}
		}
		if one.Codes = forebears(one.Codes, heirs); !s.Retired && len(one.Codes) > 0 {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b missionweb.Situation) int {
		return cmp.Or(french.Compare(a.Group, b.Group), french.Compare(a.Label, b.Label))
	})
	return out, nil
}

// situationMissions are the missions that train some competences, what by has not passed yet first.
func (h *house) situationMissions(ctx context.Context, by actor.Actor, codes []string, lang string) (out []situationweb.Mission, err error) {
	heirs, err := h.heirs(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	list, err := h.mission.List(ctx, by, mission.Filter{Codes: forebears(codes, heirs)})
	for _, st := range list {
		out = append(out, situationweb.Mission{Title: st.Title.In(lang), Href: "/missions/" + string(st.ID), Minutes: st.Minutes, Passed: st.Passed != nil})
	}
	return out, err
}

// tableSchemas are the schemas of tables the house has, in the order of their titles.
func (h *house) tableSchemas() (out []ui.Option) {
	for _, e := range h.pack.All() {
		if e.Kind == schema.KindTable || e.Kind == "" {
			out = append(out, ui.Option{Value: e.Name, Label: e.Title})
		}
	}
	slices.SortStableFunc(out, func(a, b ui.Option) int { return french.Compare(a.Label, b.Label) })
	return out
}
