package missiondb_test

import (
	"bytes"
	"io/fs"
	"testing"

	"cultured/content/demo"
	"cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/outbox"
)

var (
	leads = actor.Actor{ID: "lea", Organisation: "org", Name: "Léa", Roles: []actor.Role{actor.Facilitator}}
	other = actor.Actor{ID: "lea", Organisation: "elsewhere", Name: "Léa", Roles: []actor.Role{actor.Steward}}
)

// packOf makes a pack of a mission that ships, changed.
func packOf(t *testing.T, id mission.ID, change func(*mission.Mission)) []byte {
	t.Helper()
	all, err := mission.Load(missions.Files)
	ok(t, err)
	for _, m := range all {
		if m.ID != id {
			continue
		}
		raw, err := fs.ReadFile(demo.Files, "files/"+m.Source.File)
		ok(t, err)
		sheet, err := mission.ReadSheet(raw, m.Source.File)
		ok(t, err)
		change(&m)
		var b bytes.Buffer
		ok(t, mission.Pack{Title: "Roches", Missions: []mission.Mission{m}, Sheets: map[string]mission.Table{m.Source.File: sheet}}.Write(&b))
		return b.Bytes()
	}
	t.Fatalf("no mission %s", id)
	return nil
}

func TestImport_bringsMissionsThatProveThemselvesAndNothingElse(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		store := &missiondb.Store{DB: d}
		s.Owns, s.Works = store, store
		good := packOf(t, "M05", func(m *mission.Mission) { m.Title.FR = "Nos stations" })
		want := func(err error, key string) {
			t.Helper()
			if !fault.Is(err, key) {
				t.Errorf("%v, want %s", err, key)
			}
		}
		for _, by := range []actor.Actor{ada, {ID: "h", Organisation: "org", Roles: []actor.Role{actor.HR, actor.Admin}}} {
			_, _, err := s.Import(ctx, by, good)
			want(err, "mission.publishers_only")
		}
		// A check that nothing can fail: whoever sent it is told which.
		_, _, err := s.Import(ctx, leads, packOf(t, "M05", func(m *mission.Mission) { m.Bad = m.Bad[1:2] }))
		want(err, "mission.pack_doubt")
		_, _, err = s.Import(ctx, leads, packOf(t, "M05", func(m *mission.Mission) { m.Key = "libelle_commune" }))
		want(err, "mission.pack_doubt")
		// What would break the proof, or take it for ever, is refused like any other.
		for name, change := range map[string]func(*mission.Mission){
			"no row is wrong, and one is to be named": func(m *mission.Mission) {
				m.Answer, m.Disturb, m.Checks, m.Bad = mission.AnswerRows, nil, m.Checks[:1], []mission.Bad{{Mistake: "one row", Fails: "columns"}}
			},
			"work that leaves no row": func(m *mission.Mission) { m.Work = []mission.Step{{Kind: "few", Columns: []string{m.Key}, N: 9}} },
			"a form about nothing":    func(m *mission.Mission) { m.Answer, m.Subjects, m.Fields = mission.AnswerFields, nil, nil },
			"too much of everything": func(m *mission.Mission) {
				for len(m.Bad) < 60 {
					m.Bad = append(m.Bad, m.Bad[0])
				}
				for len(m.Checks) < 60 {
					m.Checks = append(m.Checks, m.Checks[0])
				}
				m.Rows = 0
			},
		} {
			if _, _, err := s.Import(ctx, leads, packOf(t, "M05", change)); !fault.Is(err, "mission.pack_doubt") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list, err := s.Mine(ctx, leads); err != nil || len(list) != 0 {
			t.Fatalf("something of a refused pack was kept: %d missions, %v", len(list), err)
		}

		came, known, err := s.Import(ctx, leads, good)
		ok(t, err)
		if came != 1 || known != 0 {
			t.Errorf("%d came, %d known", came, known)
		}
		came, known, err = s.Import(ctx, leads, good)
		ok(t, err)
		if came != 0 || known != 1 {
			t.Errorf("the same pack again: %d came, %d known", came, known)
		}
		list, err := s.Mine(ctx, leads)
		ok(t, err)
		own := list[0]
		if len(list) != 1 || own.From != "Roches" || own.Author != "lea" || own.Published() != nil {
			t.Fatalf("came in as %+v", list)
		}
		_, err = s.Open(ctx, ada, own.ID)
		want(err, "mission.not_found") // nobody meets it before it is published
		want(s.Publish(ctx, ada, own.ID), "mission.publishers_only")
		want(s.Publish(ctx, other, own.ID), "mission.not_found")
		ok(t, s.Publish(ctx, leads, own.ID))
		work, err := s.Open(ctx, ada, own.ID)
		ok(t, err)
		if work.Title.FR != "Nos stations" || work.Version != 1 || len(work.Variant.Table.Rows) < 120 {
			t.Errorf("opened: %q, edition %d, %d rows", work.Title.FR, work.Version, len(work.Variant.Table.Rows))
		}
		answer, err := work.Good(work.Variant)
		ok(t, err)
		try, err := s.Answer(ctx, ada, own.ID, mission.Handed{Answer: answer, Variant: work.Number}, nil)
		ok(t, err)
		if !try.Verdict.Passed || try.Version != 1 {
			t.Errorf("the good answer: %+v", try.Verdict)
		}
		if _, err = s.Open(ctx, eve, own.ID); !fault.Is(err, "mission.not_found") {
			t.Errorf("another house opens it: %v", err)
		}
		if all, err := s.List(ctx, eve, mission.Filter{}); err != nil || len(all) != len(s.Missions) {
			t.Errorf("another house lists %d missions, %v", len(all), err)
		}

		pack, err := s.Export(ctx, leads, own.ID, "Valmoret")
		ok(t, err)
		var b bytes.Buffer
		ok(t, pack.Write(&b))
		if came, known, err := s.Import(ctx, other, b.Bytes()); err != nil || came != 1 || known != 0 {
			t.Errorf("what was sent on: %d came, %d known, %v", came, known, err)
		}
		_, err = s.Export(ctx, leads, "nothing", "Valmoret")
		want(err, "mission.not_found")

		ok(t, s.Withdraw(ctx, leads, own.ID))
		_, err = s.Open(ctx, ada, own.ID)
		want(err, "mission.not_found")
		if tries, err := s.Works.Tries(ctx, ada, own.ID); err != nil || len(tries) != 1 {
			t.Errorf("what was tried went with it: %+v, %v", tries, err)
		}
		ok(t, s.Publish(ctx, leads, own.ID))
		if list, err = s.Mine(ctx, leads); err != nil || len(list[0].Editions) != 1 || list[0].Published() == nil {
			t.Errorf("brought back as it was: %+v, %v", list, err)
		}
		events, err := outbox.Of(ctx, d, "org", "mission:"+string(own.ID), 10)
		if err != nil || len(events) != 4 {
			t.Errorf("the log has %d lines, %v", len(events), err)
		}
	})
}
