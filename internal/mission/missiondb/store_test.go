package missiondb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"time"

	"cultured/content/demo"
	"cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/schema"
)

var (
	ada = actor.Actor{ID: "ada", Organisation: "org", Name: "Ada"}
	bob = actor.Actor{ID: "bob", Organisation: "org", Name: "Bob"}
	eve = actor.Actor{ID: "ada", Organisation: "elsewhere", Name: "Eve"} // the same name in another house
)

// room is the room of missions on a database, with a clock that moves.
func room(t *testing.T, d *db.DB) *mission.Service {
	t.Helper()
	list, err := mission.Load(missions.Files)
	if err != nil {
		t.Fatal(err)
	}
	sources, err := fs.Sub(demo.Files, "files")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	return &mission.Service{Missions: list, Sources: sources, Works: &missiondb.Store{DB: d}, Owns: &missiondb.Store{DB: d}, Now: func() time.Time { now = now.Add(time.Second); return now }}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWork_isJudgedKeptAndForgotten(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		desk, err := s.Open(ctx, ada, "M05")
		ok(t, err)
		again, err := s.Open(ctx, ada, "M05")
		ok(t, err)
		if again.Number != desk.Number {
			t.Error("the variant changes between two visits")
		}
		other, err := s.Open(ctx, bob, "M05")
		ok(t, err)
		if other.Number == desk.Number {
			t.Error("two people get the same variant")
		}

		untouched := desk.Table.Clone()
		kept := 0
		keep := func() (string, error) { kept++; return "check-1", nil }
		bad, err := s.Answer(ctx, ada, "M05", mission.Handed{Answer: mission.Answer{Table: &untouched}, Variant: desk.Number, Name: "a.csv", Raw: untouched.CSV()}, keep)
		ok(t, err)
		if bad.Verdict.Passed || bad.Check != "" || kept != 0 {
			t.Errorf("the untouched file: %+v", bad)
		}
		good, err := desk.Good(desk.Variant)
		ok(t, err)
		done, err := s.Answer(ctx, ada, "M05", mission.Handed{Answer: good, Variant: desk.Number, Name: "b.csv", Raw: good.Table.CSV()}, keep)
		ok(t, err)
		if !done.Verdict.Passed || done.Check != "check-1" || len(done.Hash) != 64 || done.Hash == bad.Hash {
			t.Errorf("the good file: %+v", done)
		}

		desk, err = s.Open(ctx, ada, "M05")
		ok(t, err)
		if desk.Tried != 2 || desk.Passed == nil || len(desk.Tries) != 2 || desk.Tries[0].ID != done.ID {
			t.Errorf("got %d tries, passed %v; want the passed one first", desk.Tried, desk.Passed)
		}
		// What is read back is what was said, to the last argument.
		if got, want := fmt.Sprintf("%+v", desk.Tries[1].Verdict), fmt.Sprintf("%+v", bad.Verdict); got != want {
			t.Errorf("read back\n%s\nwant\n%s", got, want)
		}
		for who, by := range map[string]actor.Actor{"a colleague": bob, "another house": eve} {
			if tries, err := s.Works.Tries(ctx, by, ""); err != nil || len(tries) != 0 {
				t.Errorf("%s sees %d tries, %v", who, len(tries), err)
			}
		}
		list, err := s.List(ctx, ada, mission.Filter{})
		ok(t, err)
		if last := list[len(list)-1]; last.ID != "M05" || last.Passed == nil || last.Tried != 2 {
			t.Errorf("the list ends with %s; want what was passed", last.ID)
		}

		ok(t, s.Works.Forget(ctx, "elsewhere", "ada"))
		if tries, err := s.Works.Tries(ctx, ada, "M05"); err != nil || len(tries) != 2 {
			t.Errorf("forgetting somebody elsewhere took %d tries, %v", 2-len(tries), err)
		}
		ok(t, s.Works.Forget(ctx, "org", "ada"))
		if tries, err := s.Works.Tries(ctx, ada, ""); err != nil || len(tries) != 0 {
			t.Errorf("%d tries are left, %v", len(tries), err)
		}
		if _, err := s.Works.Find(ctx, ada, "M05"); !fault.Is(err, "mission.not_begun") {
			t.Errorf("the variant is left: %v", err)
		}
	})
}

func TestAnswer_refusesWhatIsNotOfThisVariant(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		desk, err := s.Open(ctx, ada, "M26")
		ok(t, err)
		good, err := desk.Good(desk.Variant)
		ok(t, err)
		ok(t, s.Renew(ctx, ada, "M26")) // in another window
		handed := mission.Handed{Answer: good, Variant: desk.Number}
		if _, err := s.Answer(ctx, ada, "M26", handed, nil); !fault.Is(err, "mission.other_variant") {
			t.Errorf("an answer to the data before: %v", err)
		}
		renewed, err := s.Open(ctx, ada, "M26")
		ok(t, err)
		if renewed.Number == desk.Number {
			t.Error("the data are the same again")
		}
		handed.Variant = renewed.Number
		if got, err := s.Answer(ctx, ada, "M26", handed, nil); err != nil || got.Verdict.Passed {
			t.Errorf("the right number of other data passes: %+v, %v", got, err)
		}
		// The answer of another mission: nothing of this one's kind.
		if _, err := s.Answer(ctx, ada, "M26", mission.Handed{Answer: mission.Answer{Rows: []int{3}}, Variant: renewed.Number}, nil); !fault.Is(err, "mission.answer_missing_number") {
			t.Errorf("rows for a number: %v", err)
		}
		if _, err := s.Open(ctx, ada, "M999"); !fault.Is(err, "mission.not_found") {
			t.Errorf("got %v", err)
		}
		if _, err := s.Open(ctx, actor.Actor{}, "M26"); !fault.Is(err, "mission.sign_in") {
			t.Errorf("got %v", err)
		}
		if tries, err := s.Works.Tries(ctx, ada, "M26"); err != nil || len(tries) != 1 {
			t.Errorf("%d tries are kept, %v; want the one that was judged", len(tries), err)
		}
	})
}

func TestAnswer_choicesAreOnePerCase(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		desk, err := s.Open(ctx, ada, "M19")
		ok(t, err)
		good, err := desk.Good(desk.Variant)
		ok(t, err)
		half := mission.Answer{Choices: append([]string{""}, good.Choices[1:]...)}
		for _, wrong := range []mission.Answer{half, {Choices: good.Choices[1:]}, {}} {
			if _, err := s.Answer(ctx, ada, "M19", mission.Handed{Answer: wrong, Variant: desk.Number}, nil); !fault.Is(err, "mission.answer_missing_choices") {
				t.Errorf("%d choices of %d: %v", len(wrong.Choices), len(good.Choices), err)
			}
		}
		got, err := s.Answer(ctx, ada, "M19", mission.Handed{Answer: good, Variant: desk.Number}, nil)
		if err != nil || !got.Verdict.Passed {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestAnswer_ofManyWindowsAtOnceIsKeptWhole(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		s.Now = time.Now
		const windows = 8
		said := make(chan error, windows)
		for n := range windows {
			go func() {
				desk, err := s.Open(ctx, ada, "M26")
				if err == nil {
					_, err = s.Answer(ctx, ada, "M26", mission.Handed{Answer: mission.Answer{Number: strings.Repeat("1", n+1)}, Variant: desk.Number}, nil)
				}
				said <- err
			}()
		}
		for range windows {
			ok(t, <-said)
		}
		if tries, err := s.Works.Tries(ctx, ada, "M26"); err != nil || len(tries) != windows {
			t.Errorf("%d tries of %d are kept, %v", len(tries), windows, err)
		}
	})
}

// What was written in a form stands there again, in both databases; of a table only the hash is kept.
func TestTry_keepsWhatWasWritten(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		desk, err := s.Open(ctx, ada, "M02")
		ok(t, err)
		written := map[string]string{"title": "Bornes « à verre »", "description": "Deux\nlignes"}
		_, err = s.Answer(ctx, ada, "M02", mission.Handed{Answer: mission.Answer{Fields: written}, Variant: desk.Number}, nil)
		ok(t, err)
		desk, err = s.Open(ctx, ada, "M02")
		ok(t, err)
		if len(desk.Tries) != 1 || desk.Tries[0].Number() != desk.Number || !maps.Equal(desk.Tries[0].Given.Fields, written) {
			t.Errorf("got %+v", desk.Tries)
		}
		tables, err := s.Open(ctx, ada, "M05")
		ok(t, err)
		_, err = s.Answer(ctx, ada, "M05", mission.Handed{Answer: mission.Answer{Table: &tables.Table}, Variant: tables.Number, Name: "a.csv", Raw: tables.Table.CSV()}, nil)
		ok(t, err)
		tries, err := s.Works.Tries(ctx, ada, "M05")
		ok(t, err)
		if len(tries) != 1 || tries[0].Given.Table != nil {
			t.Errorf("a table is kept with the try: %+v", tries)
		}
	})
}

func TestAdd_tellsOfWhatPassesInTheSameTransaction(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		var told []string
		var fails error
		store := &missiondb.Store{DB: d, Passed: func(_ context.Context, tx *sql.Tx, by actor.Actor, try mission.Try) error {
			var kept int
			if err := tx.QueryRow(`SELECT COUNT(*) FROM mission_try WHERE id = $1`, try.ID).Scan(&kept); err != nil || kept != 1 {
				t.Errorf("told outside of the transaction: %d, %v", kept, err)
			}
			told = append(told, by.ID+" "+try.ID)
			return fails
		}}
		ok(t, store.Add(t.Context(), ada, mission.Try{ID: "1", Mission: "M05"}))
		ok(t, store.Add(t.Context(), ada, mission.Try{ID: "2", Mission: "M05", Verdict: mission.Verdict{Passed: true}}))
		if fmt.Sprint(told) != "[ada 2]" {
			t.Errorf("told of %v", told)
		}
		fails = errors.New("not now")
		if err := store.Add(t.Context(), ada, mission.Try{ID: "3", Mission: "M05", Verdict: mission.Verdict{Passed: true}}); !errors.Is(err, fails) {
			t.Errorf("got %v", err)
		}
		if tries, err := store.Tries(t.Context(), ada, ""); err != nil || len(tries) != 2 {
			t.Errorf("a try without its evidence was kept: %d, %v", len(tries), err)
		}
	})
}

// shelf is one dataset that only its owner may change.
type shelf struct{ mission.Holding }

func (s shelf) Held(_ context.Context, by actor.Actor) ([]mission.Holding, error) {
	if by.ID != "ada" || by.Organisation != "org" {
		return nil, nil
	}
	return []mission.Holding{s.Holding}, nil
}

func (s shelf) Hold(ctx context.Context, by actor.Actor, id string, _ bool) (mission.Holding, *mission.Table, error) {
	if held, _ := s.Held(ctx, by); len(held) == 0 || id != s.ID {
		return mission.Holding{}, nil, fault.New(fault.NotFound, "dataset.not_found")
	}
	return s.Holding, nil, nil
}

func TestWork_onOnesOwnDatasetIsKeptLikeAnyTry(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		var told []string
		s.Works = &missiondb.Store{DB: d, Passed: func(_ context.Context, _ *sql.Tx, by actor.Actor, try mission.Try) error {
			told = append(told, by.ID+" "+try.Given.Dataset)
			return nil
		}}
		one := mission.Holding{ID: "d", Title: "Mes dates", Version: 3, Hash: "0123456789abcdef", By: "bob", Rows: 30, Columns: []mission.HeldColumn{{Name: "jour", Type: "date"}}}
		s.Holdings = shelf{one}
		s.Bench.Schema = func(string) (schema.Schema, error) { return schema.Schema{}, nil }
		fitting, err := s.Fitting(ctx, ada, "M05")
		ok(t, err)
		none, err := s.Fitting(ctx, bob, "M05")
		ok(t, err)
		if len(fitting) != 1 || len(none) != 0 {
			t.Errorf("fit %d and %d", len(fitting), len(none))
		}
		for of, by := range map[mission.ID]actor.Actor{"M01": ada, "M05": bob} {
			if _, err := s.Work(ctx, by, of, "d"); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s at %s: %v", by.ID, of, err)
			}
		}
		if _, err := s.Work(ctx, ada, "M06", "d"); !fault.Is(err, "mission.does_not_fit") {
			t.Errorf("a dataset without amounts: %v", err)
		}
		try, err := s.Work(ctx, ada, "M05", "d")
		ok(t, err)
		if try.Verdict.Passed || len(told) != 0 {
			t.Error("somebody else's version is hers")
		}
		one.By = "ada"
		s.Holdings = shelf{one}
		try, err = s.Work(ctx, ada, "M05", "d")
		ok(t, err)
		tries, err := s.Works.Tries(ctx, ada, "M05")
		ok(t, err)
		if !try.Verdict.Passed || len(told) != 1 || told[0] != "ada d" || len(tries) != 2 || tries[0].Given.Dataset != "d" || tries[0].Given.Edition != 3 || tries[0].Given.Title != "Mes dates" {
			t.Errorf("told %v, kept %+v", told, tries)
		}
		list, err := s.List(ctx, ada, mission.Filter{Competence: "D4.3"})
		ok(t, err)
		if i := len(list) - 1; list[i].ID != "M05" || list[i].Passed == nil {
			t.Error("a mission done on one's own data is not passed")
		}
	})
}
