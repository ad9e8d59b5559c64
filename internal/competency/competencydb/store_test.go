package competencydb_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	shipped "cultured/content/framework"
	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/competency/competencydb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

var (
	ada   = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada", Roles: []actor.Role{actor.Steward}}
	agent = actor.Actor{ID: "bob", Organisation: "o", Name: "Bob"}
	eve   = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Steward}}
	noon  = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

type fixture struct {
	*competency.Service
	db *db.DB
	id competency.ID
}

// each runs fn on both engines, with the shipped framework planted in organisation "o".
func each(t *testing.T, fn func(t *testing.T, f fixture)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "competency", Files: competencydb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		s := &competency.Service{Store: &competencydb.Store{DB: d, Now: now}, Now: now}
		raw, err := shipped.Files.ReadFile("framework.json")
		ok(t, err)
		ok(t, s.Plant(t.Context(), "o", raw))
		all, err := s.All(t.Context(), ada)
		ok(t, err)
		if len(all) != 1 {
			t.Fatalf("got %d frameworks, want the shipped one", len(all))
		}
		fn(t, fixture{s, d, all[0].Framework.ID})
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Fatalf("got %v, want %s", err, key)
	}
}

func (f fixture) look(t *testing.T, by actor.Actor) competency.View {
	t.Helper()
	v, err := f.Look(t.Context(), by, f.id)
	ok(t, err)
	return v
}

func coded(t *testing.T, fw competency.Framework, code string) competency.Item {
	t.Helper()
	for _, it := range fw.Items {
		if it.Code == code {
			return it
		}
	}
	t.Fatalf("no %s", code)
	return competency.Item{}
}

func TestPlant_givesTheShippedFrameworkOnce(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		raw, err := shipped.Files.ReadFile("framework.json")
		ok(t, err)
		ok(t, f.Plant(t.Context(), "o", raw))
		v := f.look(t, agent)
		if v.Framework.Count(competency.Family) != 9 || v.Framework.Count(competency.Competence) != 45 || len(v.Framework.Levels) != 4 || v.Number != 1 {
			t.Errorf("got %d families, %d competences, %d levels, version %d; want 9, 45, 4, 1",
				v.Framework.Count(competency.Family), v.Framework.Count(competency.Competence), len(v.Framework.Levels), v.Number)
		}
		if v.MayEdit || v.Waiting != 0 {
			t.Error("an agent edits")
		}
	})
}

func TestAnotherOrganisationSeesNothing(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		_, err := f.Look(t.Context(), eve, f.id)
		want(t, err, "competency.not_found")
		_, err = f.SaveItem(t.Context(), eve, f.id, competency.Edit{Mine: coded(t, f.look(t, ada).Framework, "D1.1"), Opened: 1})
		want(t, err, "competency.not_found")
		_, err = f.Publish(t.Context(), eve, f.id, 1, "for fun")
		want(t, err, "competency.not_found")
		want(t, f.Undo(t.Context(), eve, f.id, 1), "competency.not_found")
		want(t, f.Discard(t.Context(), eve, f.id), "competency.not_found")
		log, err := f.History(t.Context(), eve, f.id, competency.LogQuery{})
		ok(t, err)
		all, err := f.All(t.Context(), eve)
		ok(t, err)
		if len(log) != 0 || len(all) != 0 {
			t.Errorf("got %d changes and %d frameworks of another organisation", len(log), len(all))
		}
	})
}

func TestOnlyThoseWhoMayEdit(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		it := coded(t, f.look(t, agent).Framework, "D1.1")
		for _, by := range []actor.Actor{agent, {}} {
			key := "competency.steward_only"
			if !by.Known() {
				key = "competency.sign_in_first"
			}
			_, err := f.SaveItem(t.Context(), by, f.id, competency.Edit{Mine: it, Opened: 1})
			if by.Known() || !fault.Is(err, "competency.not_found") { // nobody has no organisation
				want(t, err, key)
			}
			_, err = f.Evolve(t.Context(), by, f.id, it.ID, competency.Turn{Kind: "retire"})
			want(t, err, key)
			_, err = f.Publish(t.Context(), by, f.id, 1, "because")
			want(t, err, key)
			want(t, f.Undo(t.Context(), by, f.id, 1), key)
			want(t, f.Discard(t.Context(), by, f.id), key)
			_, err = f.Create(t.Context(), by, competency.Framework{Languages: []string{"fr"}, Title: competency.Text{"fr": "x"}})
			want(t, err, key)
			_, err = f.History(t.Context(), by, f.id, competency.LogQuery{})
			want(t, err, key)
		}
	})
}

func TestReadersSeeTheVersionUntilTheNext(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		it := coded(t, f.look(t, ada).Framework, "D1.1")
		it.Label = it.Label.With("fr", "Distinguer les mots de la donnée")
		k, err := f.SaveItem(t.Context(), ada, f.id, competency.Edit{Mine: it, Opened: 1})
		ok(t, err)
		if got := coded(t, f.look(t, agent).Framework, "D1.1").Label["fr"]; got == it.Label["fr"] {
			t.Error("a reader sees the working copy")
		}
		if v := f.look(t, ada); v.Waiting != 1 || coded(t, v.Framework, "D1.1").Label["fr"] != it.Label["fr"] {
			t.Errorf("the steward sees %d changes waiting, want 1", v.Waiting)
		}
		_, err = f.Publish(t.Context(), ada, f.id, k.Revision-1, "Mots plus simples")
		want(t, err, "competency.publish_moved")
		_, err = f.Publish(t.Context(), ada, f.id, k.Revision, " ")
		want(t, err, "competency.note_missing")
		_, err = f.Publish(t.Context(), ada, f.id, k.Revision, "Mots plus simples")
		ok(t, err)
		if got := coded(t, f.look(t, agent).Framework, "D1.1").Label["fr"]; got != it.Label["fr"] {
			t.Errorf("a reader sees %q after the publication", got)
		}
		list, err := f.Versions(t.Context(), agent, f.id)
		ok(t, err)
		if len(list) != 2 || list[0].Number != 2 || list[0].Note != "Mots plus simples" || list[0].Person != "ada" || list[1].Person != "" {
			t.Errorf("got %+v", list)
		}
		_, err = f.Publish(t.Context(), ada, f.id, f.look(t, ada).Revision, "encore")
		want(t, err, "competency.nothing_to_publish")
		old, err := f.Version(t.Context(), agent, f.id, 1)
		ok(t, err)
		if coded(t, old.Framework, "D1.1").Label["fr"] == it.Label["fr"] {
			t.Error("the first version changed")
		}
	})
}

func TestSaveItem_theSecondOfTwoChooses(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		v := f.look(t, ada)
		opened := v.Revision
		first, second := coded(t, v.Framework, "D4.1"), coded(t, v.Framework, "D4.1")
		first.Label = first.Label.With("fr", "Mesurer la qualité")
		first.Description = competency.Text{"fr": "Écrite par la première."}
		_, err := f.SaveItem(t.Context(), ada, f.id, competency.Edit{Mine: first, Opened: opened})
		ok(t, err)
		second.Label = second.Label.With("fr", "Juger la qualité")
		second.Code = "D4.01"
		_, err = f.SaveItem(t.Context(), ada, f.id, competency.Edit{Mine: second, Opened: opened})
		clash, is := asClash(err)
		if !is || clash.Saved.Label["fr"] != "Mesurer la qualité" {
			t.Fatalf("got %v, want a clash", err)
		}
		_, err = f.SaveItem(t.Context(), ada, f.id, competency.Edit{Mine: second, Opened: opened, Choice: map[string]competency.Side{"label.fr": competency.Mine}})
		ok(t, err)
		got := coded(t, f.look(t, ada).Framework, "D4.01")
		if got.Label["fr"] != "Juger la qualité" || got.Description["fr"] != "Écrite par la première." {
			t.Errorf("got %q and %q: nothing of either may be lost", got.Label["fr"], got.Description["fr"])
		}
	})
}

func asClash(err error) (*competency.Clash, bool) {
	for err != nil {
		if c, ok := err.(*competency.Clash); ok {
			return c, true
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return nil, false
		}
		err = u.Unwrap()
	}
	return nil, false
}

func TestSaveItem_twentyPeopleAtOnceLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		v := f.look(t, ada)
		var competences []competency.Item
		for _, it := range v.Framework.Items {
			if it.Kind == competency.Competence {
				competences = append(competences, it)
			}
		}
		var wg sync.WaitGroup
		for i := range 20 { // each another competence
			wg.Go(func() {
				it := competences[i]
				it.Description = competency.Text{"fr": fmt.Sprintf("Texte %d", i)}
				if _, err := f.SaveItem(t.Context(), ada, f.id, competency.Edit{Mine: it, Opened: v.Revision}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		after := f.look(t, ada)
		for i := range 20 {
			if got, _ := after.Framework.Item(competences[i].ID); got.Description["fr"] != fmt.Sprintf("Texte %d", i) {
				t.Errorf("%s lost its text", competences[i].Code)
			}
		}
		if after.Revision != v.Revision+20 {
			t.Errorf("got revision %d, want %d", after.Revision, v.Revision+20)
		}
	})
}

func TestSplit_isToldWhenItIsPublished(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		it := coded(t, f.look(t, ada).Framework, "D2.4")
		k, err := f.Evolve(t.Context(), ada, f.id, it.ID, competency.Turn{Kind: "split", Parts: []string{"Trouver des sources", "Récupérer des sources"}, Note: "Deux métiers"})
		ok(t, err)
		if got, err := f.Successors(t.Context(), "o", it.ID); err != nil || !slices.Equal(got, []competency.ItemID{it.ID}) {
			t.Errorf("before the publication: got %v, %v", got, err)
		}
		if events := superseded(t, f.db); len(events) != 0 {
			t.Errorf("told too early: %v", events)
		}
		_, err = f.Publish(t.Context(), ada, f.id, k.Revision, "Deux métiers")
		ok(t, err)
		got, err := f.Successors(t.Context(), "o", it.ID)
		ok(t, err)
		if len(got) != 2 {
			t.Fatalf("got %d successors, want 2", len(got))
		}
		for i, label := range []string{"Trouver des sources", "Récupérer des sources"} {
			if s, _ := f.look(t, agent).Framework.Item(got[i]); s.Label["fr"] != label {
				t.Errorf("successor %d is %q, want %q", i, s.Label["fr"], label)
			}
		}
		events := superseded(t, f.db)
		if len(events) != 1 || events[0].Subject != "competence:"+string(it.ID) || events[0].Organisation != "o" {
			t.Fatalf("got %+v", events)
		}
		var detail struct{ Successors []competency.ItemID }
		ok(t, json.Unmarshal(events[0].Detail, &detail))
		if !slices.Equal(detail.Successors, got) {
			t.Errorf("the event names %v, want %v", detail.Successors, got)
		}
	})
}

func superseded(t *testing.T, d *db.DB) (out []outbox.Event) {
	t.Helper()
	events, err := outbox.After(t.Context(), d, 0, 1000)
	ok(t, err)
	for _, e := range events {
		if e.Verb == "competency.superseded" {
			out = append(out, e)
		}
	}
	return out
}

func TestUndo_takesAnActBackAndSaysWhenItCannot(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		before := f.look(t, ada)
		it := coded(t, before.Framework, "D2.4")
		k, err := f.Evolve(t.Context(), ada, f.id, it.ID, competency.Turn{Kind: "split", Parts: []string{"Une", "Deux"}})
		ok(t, err)
		ok(t, f.Undo(t.Context(), ada, f.id, k.Revision))
		if c := competency.Changes(before.Framework, f.look(t, ada).Framework); len(c) != 0 {
			t.Errorf("%d changes are left after the undo", len(c))
		}
		k, err = f.Evolve(t.Context(), ada, f.id, it.ID, competency.Turn{Kind: "retire"})
		ok(t, err)
		_, err = f.Evolve(t.Context(), ada, f.id, it.ID, competency.Turn{Kind: "revive"})
		ok(t, err)
		want(t, f.Undo(t.Context(), ada, f.id, k.Revision), "competency.undo_moved")
		ok(t, f.Move(t.Context(), ada, f.id, it.ID, true))
		ok(t, f.Undo(t.Context(), ada, f.id, f.look(t, ada).Revision))
		if c := competency.Changes(before.Framework, f.look(t, ada).Framework); len(c) != 0 {
			t.Errorf("%d changes are left after the order was undone", len(c))
		}
	})
}

func TestRestore_keepsWhatAVersionHad(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		first := f.look(t, ada)
		added, err := f.AddItem(t.Context(), ada, f.id, competency.Item{Kind: competency.Competence, Parent: first.Framework.Items[0].ID, Code: "D1.6", Label: competency.Text{"fr": "Nouvelle"}})
		ok(t, err)
		k, err := f.Publish(t.Context(), ada, f.id, f.look(t, ada).Revision, "Une de plus")
		ok(t, err)
		draft, err := f.AddItem(t.Context(), ada, f.id, competency.Item{Kind: competency.Competence, Code: "X", Label: competency.Text{"fr": "Essai"}})
		ok(t, err)
		ok(t, f.Restore(t.Context(), ada, f.id, 1))
		v := f.look(t, ada)
		if it, exists := v.Framework.Item(added); !exists || !it.Retired {
			t.Errorf("what version %d had must stay, retired: got %+v", k.Number, it)
		}
		if _, exists := v.Framework.Item(draft); exists {
			t.Error("what no version had must go")
		}
		want(t, f.Restore(t.Context(), ada, f.id, 7), "competency.version_not_found")
	})
}

func TestDiscard_onlyWhatNobodyRead(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		want(t, f.Discard(t.Context(), ada, f.id), "competency.discard_published")
		id, err := f.Create(t.Context(), ada, competency.Framework{Languages: []string{"fr"}, Title: competency.Text{"fr": "Essai"}})
		ok(t, err)
		_, err = f.Look(t.Context(), agent, id)
		want(t, err, "competency.not_found")
		ok(t, f.Discard(t.Context(), ada, id))
		_, err = f.Look(t.Context(), ada, id)
		want(t, err, "competency.not_found")
	})
}

func TestLog_neverCutsAnAct(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		it := coded(t, f.look(t, ada).Framework, "D2.4")
		_, err := f.Evolve(t.Context(), ada, f.id, it.ID, competency.Turn{Kind: "split", Parts: []string{"Une", "Deux", "Trois"}, Note: "parce que"})
		ok(t, err)
		log, err := f.History(t.Context(), ada, f.id, competency.LogQuery{Limit: 1})
		ok(t, err)
		if len(log) != 4 || log[0].Note != "parce que" || log[0].Person != "ada" || log[0].Verb != "competency.log_split" {
			t.Errorf("got %d changes, want the retired one and three new: %+v", len(log), log)
		}
		log, err = f.History(t.Context(), ada, f.id, competency.LogQuery{Item: it.ID})
		ok(t, err)
		if len(log) != 1 || log[0].What() != "retired" {
			t.Errorf("got %+v, want the retirement alone", log)
		}
	})
}
