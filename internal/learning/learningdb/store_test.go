package learningdb_test

import (
	"context"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/learning"
	"cultured/internal/learning/learningdb"
)

var (
	ada  = actor.Actor{ID: "ada", Organisation: "org", Name: "Ada"}
	bob  = actor.Actor{ID: "bob", Organisation: "org", Name: "Bob"}
	rh   = actor.Actor{ID: "ruth", Organisation: "org", Name: "Ruth", Roles: []actor.Role{actor.HR}}
	eve  = actor.Actor{ID: "ada", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.HR}} // the same name in another house
	noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
)

// each runs fn on both databases, with a clock that fn moves.
func each(t *testing.T, fn func(t *testing.T, s *learning.Service, now *time.Time)) {
	t.Helper()
	dbtest.Each(t, []db.Migration{{Room: "learning", Files: learningdb.Migrations}}, func(t *testing.T, d *db.DB) {
		now := noon
		colleague := func(_ context.Context, by actor.Actor, field, email string) (string, error) {
			for _, one := range []actor.Actor{ada, bob, rh} {
				if email == one.ID+"@org" && by.Organisation == "org" {
					return one.ID, nil
				}
			}
			return "", fault.Field(field, "learning.no_colleague")
		}
		store := &learningdb.Store{DB: d}
		disk, err := blob.OpenDisk(t.TempDir())
		ok(t, err)
		fn(t, &learning.Service{Store: store, Links: store, Files: store, Shelf: blob.Private{Store: disk}, Colleague: colleague, Now: func() time.Time { return now }}, &now)
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

var draft = learning.Draft{Title: "Le fichier des subventions 2025", Address: "https://data.example/subventions", Note: "J’ai repris les dates.", Kind: learning.Work, Code: "D4.1", Level: 2}

func TestReview_makesWorkCount(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, _ *time.Time) {
		ctx := t.Context()
		of, err := s.Add(ctx, ada, draft)
		ok(t, err)
		level := func() int {
			levels, err := s.Levels(ctx, "org", "ada")
			ok(t, err)
			return levels["D4.1"].Level
		}
		if level() != 0 {
			t.Error("what a person says of themselves counts")
		}
		want(t, s.AskReview(ctx, ada, of, learning.Request{Email: "ada@org", As: learning.Peer}), "learning.own_review")
		want(t, s.AskReview(ctx, ada, of, learning.Request{Email: "eve@elsewhere", As: learning.Peer}), "learning.no_colleague")
		want(t, s.AskReview(ctx, bob, of, learning.Request{Email: "bob@org", As: learning.Peer}), "learning.no_evidence")
		_, err = s.Look(ctx, bob, of)
		want(t, err, "learning.no_evidence")
		ok(t, s.AskReview(ctx, ada, of, learning.Request{Email: "bob@org", As: learning.Peer}))
		want(t, s.AskReview(ctx, ada, of, learning.Request{Email: "bob@org", As: learning.Peer}), "learning.asked_already")
		shown, err := s.Shown(ctx, bob)
		ok(t, err)
		if len(shown) != 1 || shown[0].Waiting("bob") == nil {
			t.Fatalf("what Bob was asked: %+v", shown)
		}

		all := learning.Grid(shown[0].Shows)
		want(t, s.Review(ctx, bob, of, learning.Verdict{Accept: true, Met: all[1:]}), "learning.criteria_missing")
		want(t, s.Review(ctx, bob, of, learning.Verdict{Met: all[1:], Words: " "}), "learning.words_missing")
		want(t, s.Review(ctx, rh, of, learning.Verdict{Accept: true, Met: all}), "learning.no_evidence")
		want(t, s.Review(ctx, ada, of, learning.Verdict{Accept: true, Met: all}), "learning.no_evidence")
		ok(t, s.Review(ctx, bob, of, learning.Verdict{Met: all[1:], Words: "Il manque la source."}))
		if level() != 0 {
			t.Error("what was sent back counts")
		}
		_, err = s.Look(ctx, bob, of)
		want(t, err, "learning.no_evidence") // having answered, he reads it no more

		ok(t, s.AskReview(ctx, ada, of, learning.Request{Email: "bob@org", As: learning.Peer}))
		ok(t, s.Review(ctx, bob, of, learning.Verdict{Accept: true, Met: all}))
		want(t, s.Review(ctx, bob, of, learning.Verdict{Accept: true, Met: all}), "learning.no_evidence")
		e, err := s.Look(ctx, ada, of)
		ok(t, err)
		if level() != 2 || len(e.Checks) != 1 || e.Checks[0] != (learning.Check{How: learning.Peer, By: "bob", Version: learning.GridVersion, Result: "5/5", At: noon}) || e.Reviews[0].Words != "Il manque la source." {
			t.Errorf("accepted: level %d, %+v", level(), e)
		}
		ok(t, s.Withdraw(ctx, ada, of, true))
		if level() != 0 {
			t.Error("what is withdrawn counts")
		}
		want(t, s.AskReview(ctx, ada, of, learning.Request{Email: "ruth@org", As: learning.Peer}), "learning.is_withdrawn")
		ok(t, s.Withdraw(ctx, ada, of, false))
		if level() != 2 {
			t.Error("what was brought back does not count")
		}
	})
}

func TestShare_letsReadUntilItsEndAndNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, now *time.Time) {
		ctx := t.Context()
		of, err := s.Add(ctx, ada, draft)
		ok(t, err)
		reads := func(by actor.Actor) bool {
			t.Helper()
			list, err := s.Shown(ctx, by)
			ok(t, err)
			if _, err := s.Look(ctx, by, of); (err == nil) != (len(list) == 1) || err != nil && !fault.Is(err, "learning.no_evidence") {
				t.Fatalf("%s: the list says %d, the page %v", by.Name, len(list), err)
			}
			return len(list) == 1
		}
		if reads(bob) || reads(rh) {
			t.Error("evidence is read before it is shared")
		}
		want(t, s.Share(ctx, ada, of, "ada@org", time.Time{}), "learning.share_self")
		want(t, s.Share(ctx, ada, of, "bob@org", noon), "learning.past")
		want(t, s.Share(ctx, bob, of, "bob@org", time.Time{}), "learning.no_evidence")
		ok(t, s.Share(ctx, ada, of, learning.HR, time.Time{}))
		ok(t, s.Share(ctx, ada, of, "bob@org", noon.Add(time.Hour)))
		if !reads(bob) || !reads(rh) {
			t.Error("what is shared is not read")
		}
		_, err = s.Look(ctx, eve, of)
		want(t, err, "learning.no_evidence")
		*now = noon.Add(time.Hour)
		if reads(bob) || !reads(rh) {
			t.Error("a share ends too late, or another with it")
		}
		ok(t, s.Withdraw(ctx, ada, of, true))
		if reads(rh) {
			t.Error("what is withdrawn is still read")
		}
		ok(t, s.Withdraw(ctx, ada, of, false))
		ok(t, s.Unshare(ctx, ada, of, learning.HR))
		if reads(rh) {
			t.Error("what is shared no more is still read")
		}
		ok(t, s.Share(ctx, ada, of, "bob@org", time.Time{}))
		ok(t, s.Store.Forget(ctx, "elsewhere", "ada"))
		if !reads(bob) {
			t.Error("somebody of the same name was erased elsewhere, and this went")
		}
		ok(t, s.Store.Forget(ctx, "org", "ada"))
		if mine, err := s.Mine(ctx, ada); err != nil || len(mine) != 0 || reads(bob) {
			t.Errorf("erased, and still there: %v, %v", mine, err)
		}
	})
}

func TestAdd_refusesWhatSaysNothingInPlainWords(t *testing.T) {
	each(t, func(t *testing.T, s *learning.Service, _ *time.Time) {
		for key, change := range map[string]func(*learning.Draft){
			"learning.title_missing":  func(d *learning.Draft) { d.Title = "  " },
			"learning.bad_address":    func(d *learning.Draft) { d.Address = "javascript:alert(1)" },
			"learning.no_work":        func(d *learning.Draft) { d.Address = "" },
			"learning.note_missing":   func(d *learning.Draft) { d.Note = "" },
			"learning.bad_competence": func(d *learning.Draft) { d.Code = "4" },
			"learning.bad_level":      func(d *learning.Draft) { d.Level = 5 },
			"learning.past":           func(d *learning.Draft) { d.Until = noon },
		} {
			d := draft
			change(&d)
			_, err := s.Add(t.Context(), ada, d)
			want(t, err, key)
		}
		_, err := s.Add(t.Context(), actor.Actor{}, draft)
		want(t, err, "learning.sign_in")
		for _, bad := range []string{"//evil.example", "C:\\fichier.csv", "/\\evil.example", "ftp://a/b"} {
			d := draft
			d.Address = bad
			_, err := s.Add(t.Context(), ada, d)
			want(t, err, "learning.bad_address")
		}
		if mine, err := s.Mine(t.Context(), ada); err != nil || len(mine) != 0 {
			t.Errorf("something was kept: %v, %v", mine, err)
		}
	})
}
