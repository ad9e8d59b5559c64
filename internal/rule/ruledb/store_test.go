package ruledb_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/outbox"
	"cultured/internal/rule"
	"cultured/internal/rule/ruledb"
)

var (
	ada  = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada"}
	sue  = actor.Actor{ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}}
	eve  = actor.Actor{ID: "eve", Organisation: "p", Name: "Eve", Roles: []actor.Role{actor.Steward}}
	aids = rule.OfSchema("scdl/subventions")
	mine = rule.OfDataset("d1")
)

func positive(says string) rule.Rule {
	return rule.Rule{Says: says, Mend: "corrigez", Formula: "[montant]>0", Column: "montant", Severity: finding.Error}
}

// each runs a test with a service on both engines. Ada may change d1.
func each(t *testing.T, test func(t *testing.T, s *rule.Service, d *db.DB)) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "rule", Files: ruledb.Migrations}}, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }
		test(t, &rule.Service{Books: &ruledb.Store{DB: d, Now: now}, Now: now,
			May: func(_ context.Context, by actor.Actor, id string) bool { return by.ID == "ada" && id == "d1" },
			Header: func(_ context.Context, by actor.Actor, of rule.Subject) (string, []string, error) {
				if of.Dataset() != "" && (of != mine || by.Organisation != "o") {
					return "", nil, fault.New(fault.NotFound, "dataset.not_found")
				}
				return "Subventions", []string{"nom", "montant"}, nil
			}}, d)
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("got %v, want %s", err, key)
	}
}

func texts(rules []rule.Rule) (out []string) {
	for _, r := range rules {
		out = append(out, r.Says)
	}
	return out
}

func TestService(t *testing.T) {
	each(t, func(t *testing.T, s *rule.Service, d *db.DB) {
		ctx := t.Context()
		wide, err := s.Save(ctx, sue, aids, positive("du schéma"))
		ok(t, err)
		own, err := s.Save(ctx, ada, mine, positive("du jeu"))
		ok(t, err)
		_, err = s.Save(ctx, ada, aids, positive("non"))
		refused(t, err, "rule.not_yours")
		_, err = s.Save(ctx, sue, mine, positive("non"))
		refused(t, err, "rule.not_yours")
		_, err = s.Save(ctx, eve, mine, positive("non"))
		refused(t, err, "dataset.not_found")
		_, err = s.Save(ctx, actor.Actor{}, mine, positive("non"))
		refused(t, err, "rule.sign_in")
		bad := positive("non")
		bad.Formula = "[montants]>0"
		_, err = s.Save(ctx, ada, mine, bad)
		refused(t, err, "rule.no_column_near")

		asked, err := s.For(ctx, "o", "scdl/subventions", "d1")
		if got := texts(asked); err != nil || len(got) != 2 || got[0] != "du schéma" || got[1] != "du jeu" {
			t.Errorf("got %v, %v", got, err)
		}
		if asked, err := s.For(ctx, "p", "scdl/subventions", "d1"); err != nil || len(asked) > 0 {
			t.Errorf("another organisation's: %v, %v", asked, err)
		}
		if asked, err := s.For(ctx, "o", "", ""); err != nil || len(asked) > 0 {
			t.Errorf("of nothing: %v, %v", asked, err)
		}

		own.Says = "autrement"
		_, err = s.Save(ctx, ada, mine, own)
		ok(t, err)
		stale := own
		stale.At = own.At.Add(-time.Second)
		_, err = s.Save(ctx, ada, mine, stale)
		refused(t, err, "rule.changed_meanwhile")
		ok(t, s.Drop(ctx, ada, mine, own.ID))
		refused(t, s.Drop(ctx, ada, mine, own.ID), "rule.gone")
		refused(t, s.Drop(ctx, ada, aids, wide.ID), "rule.not_yours")
		ok(t, s.Recall(ctx, ada, mine, own.ID))
		ok(t, s.Recall(ctx, ada, mine, own.ID)) // twice, as a hurried person does
		p, err := s.Open(ctx, ada, mine)
		if got := texts(p.Book.Rules); err != nil || len(got) != 1 || got[0] != "autrement" || !p.May || p.Book.Rules[0].By != "ada" {
			t.Errorf("got %v, %+v, %v", got, p, err)
		}
		raw, err := rule.Encode(append(p.Book.Rules, positive("de plus")))
		ok(t, err)
		for _, want := range []int{1, 0} { // what is there is not doubled
			if added, err := s.Import(ctx, ada, mine, raw); err != nil || added != want {
				t.Errorf("added %d, %v; want %d", added, err, want)
			}
		}
		if all, err := s.All(ctx, eve); err != nil || len(all) > 0 {
			t.Errorf("another organisation sees %v, %v", all, err)
		}
		if all, err := s.All(ctx, ada); err != nil || len(all) != 2 || all[0].Book.Subject != mine || all[0].May == false || all[1].May {
			t.Errorf("got %+v, %v", all, err)
		}
		ok(t, s.Books.Forget(ctx, "o", mine))
		if asked, err := s.For(ctx, "o", "", "d1"); err != nil || len(asked) > 0 {
			t.Errorf("forgotten: %v, %v", asked, err)
		}
		var told int
		ok(t, d.QueryRow(`SELECT COUNT(*) FROM outbox_event`).Scan(&told))
		if told != 6 {
			t.Errorf("got %d events, want one for each change", told)
		}
	})
}

// TestService_losesNoRule: ten people write at once, each rule is kept.
func TestService_losesNoRule(t *testing.T) {
	each(t, func(t *testing.T, s *rule.Service, _ *db.DB) {
		var people sync.WaitGroup
		for range 10 {
			people.Go(func() {
				var err error
				for range 20 { // a collision is told as busy, and tried again
					if _, err = s.Save(t.Context(), sue, aids, positive("toujours")); !errors.Is(err, db.Stale) && fault.KindOf(err) != fault.Busy || err == nil {
						break
					}
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		people.Wait()
		if asked, err := s.For(t.Context(), "o", "scdl/subventions", ""); err != nil || len(asked) != 10 {
			t.Errorf("got %d rules, %v", len(asked), err)
		}
	})
}
