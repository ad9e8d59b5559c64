package missiondb_test

import (
	"context"
	"testing"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
)

// bookcase holds datasets of ada's with their tables.
type bookcase map[string]mission.Table

func (b bookcase) Held(_ context.Context, by actor.Actor) (out []mission.Holding, _ error) {
	if by.ID != ada.ID || by.Organisation != ada.Organisation {
		return nil, nil
	}
	for id, t := range b {
		out = append(out, b.holding(id, t))
	}
	return out, nil
}

func (bookcase) holding(id string, t mission.Table) mission.Holding {
	h := mission.Holding{ID: id, Title: "Mes " + id, Version: 4, Hash: "feed", Rows: int64(len(t.Rows))}
	for _, c := range t.Columns {
		h.Columns = append(h.Columns, mission.HeldColumn{Name: c})
	}
	return h
}

func (b bookcase) Hold(_ context.Context, by actor.Actor, id string, _ bool) (mission.Holding, *mission.Table, error) {
	t, ok := b[id]
	if !ok || by.ID != ada.ID || by.Organisation != ada.Organisation {
		return mission.Holding{}, nil, fault.New(fault.NotFound, "dataset.not_found")
	}
	return b.holding(id, t), &t, nil
}

// Somebody opens a mission's data as a dataset, works on it there, and hands that dataset in.
func TestHandIn_takesADatasetWorkedOnHere(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		desk, err := s.Open(ctx, ada, "M05")
		ok(t, err)
		other, err := s.Open(ctx, ada, "M04") // another mission's file
		ok(t, err)
		good, err := desk.Good(desk.Variant)
		ok(t, err)
		s.Holdings = bookcase{"corrected": *good.Table, "untouched": desk.Table, "half": {Columns: good.Table.Columns, Rows: good.Table.Rows[:5]}, "other": other.Table}

		offered, err := s.Handable(ctx, ada, desk)
		ok(t, err)
		if len(offered) != 3 {
			t.Errorf("offered %+v; want the three of this mission", offered)
		}
		for id, want := range map[string]bool{"corrected": true, "untouched": false, "half": false, "other": false} {
			try, err := s.HandIn(ctx, ada, "M05", desk.Number, id)
			ok(t, err)
			if try.Verdict.Passed != want || try.Given.Held != id || try.Given.Edition != 4 || try.Given.Table != nil || try.Hash != "feed" || try.Name != "Mes "+id {
				t.Errorf("%s: %+v", id, try)
			}
		}
		tries, err := s.Works.Tries(ctx, ada, "M05")
		ok(t, err)
		if len(tries) != 4 {
			t.Errorf("%d tries are kept, want 4", len(tries))
		}

		for what, c := range map[string]struct {
			by           actor.Actor
			of           mission.ID
			variant, set string
			want         string
		}{
			"somebody else's dataset":            {bob, "M05", "", "corrected", "dataset.not_found"},
			"a dataset there is not":             {ada, "M05", desk.Number, "nowhere", "dataset.not_found"},
			"the variant before":                 {ada, "M05", "0", "corrected", "mission.other_variant"},
			"a mission whose answer is no table": {ada, "M26", desk.Number, "corrected", "mission.not_found"},
			"nobody":                             {actor.Actor{}, "M05", desk.Number, "corrected", "mission.sign_in"},
		} {
			if _, err := s.HandIn(ctx, c.by, c.of, c.variant, c.set); !fault.Is(err, c.want) {
				t.Errorf("%s: %v, want %s", what, err, c.want)
			}
		}
	})
}

// The missions for a situation are those of the competences it calls for, the ones that train most of them first.
func TestList_ofSomeCompetencesHasTheBestFirst(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		list, err := s.List(ctx, ada, mission.Filter{Codes: []string{"D4.3", "D4.2"}})
		ok(t, err)
		if len(list) < 3 || list[0].ID != "M05" {
			t.Errorf("%d missions, %s first; want M05, which trains both, before the others", len(list), list[0].ID)
		}
		if none, err := s.List(ctx, ada, mission.Filter{Codes: []string{}}); err != nil || len(none) != 0 {
			t.Errorf("a situation without competences: %d missions, %v", len(none), err)
		}
	})
}
