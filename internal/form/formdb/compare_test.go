package formdb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/form"
)

// answer gives n times the same answer to a form.
func answer(t *testing.T, s *form.Service, f form.Form, n int, v form.Values) {
	t.Helper()
	first := s.Now()
	for i := range n {
		s.Now = func() time.Time { return first.Add(time.Duration(i+1) * time.Second) }
		_, err := s.Submit(t.Context(), nobody, f.ID, form.Submission{Ticket: form.NewTicket(f, first.Add(-time.Hour)).Seal(key), Typed: v})
		ok(t, err)
	}
}

func figures(all []form.Figure) string {
	var out []string
	for _, f := range all {
		switch {
		case !f.Asked:
			out = append(out, "-")
		case f.Hidden:
			out = append(out, "?")
		default:
			out = append(out, fmt.Sprintf("%g", f.Value))
		}
	}
	return strings.Join(out, " ")
}

func TestAModel_isFollowedByOthers(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		s.House = func(_ context.Context, organisation string) (string, error) { return "Commune " + organisation, nil }
		f := published(t, s, func(f *form.Form) {
			_, err := f.Put(form.Block{Kind: form.One, Label: "Statut", Options: []string{"A", "B", "C"}})
			ok(t, err)
		})
		_, err := s.Offered(t.Context(), eve, f.ID)
		want(t, err, "form.no_model")
		ok(t, s.Offer(t.Context(), ada, f.ID, true))
		want(t, s.Offer(t.Context(), eve, f.ID, true), "form.not_found")
		m, err := s.Offered(t.Context(), eve, f.ID)
		ok(t, err)
		theirs, err := s.Adopt(t.Context(), eve, m)
		ok(t, err)
		if theirs.Organisation != "elsewhere" || theirs.Model.From != "Commune o" || theirs.Version != 0 {
			t.Errorf("got %+v", theirs)
		}
		_, err = s.Edit(t.Context(), eve, theirs.ID, theirs.Revision, func(f *form.Form) error { return f.Take("statut") })
		want(t, err, "form.common_stays")
		_, err = s.Edit(t.Context(), eve, theirs.ID, theirs.Revision, func(f *form.Form) error { b := f.Blocks[1]; b.Label = "x"; _, err := f.Put(b); return err })
		want(t, err, "form.common_stays")
		want(t, s.Offer(t.Context(), eve, theirs.ID, true), "form.offer_own")
		if _, newer, err := s.Newer(t.Context(), eve, theirs); newer || err != nil {
			t.Errorf("newer than the same: %v", err)
		}

		now, err := s.Look(t.Context(), ada, f.ID)
		ok(t, err)
		now, err = s.Edit(t.Context(), ada, f.ID, now.Revision, func(f *form.Form) error {
			_, err := f.Put(form.Block{Kind: form.Number, Label: "Montant"})
			return err
		})
		ok(t, err)
		_, err = s.Publish(t.Context(), ada, f.ID, now.Revision)
		ok(t, err)
		m, newer, err := s.Newer(t.Context(), eve, theirs)
		ok(t, err)
		if !newer || m.Version != 2 {
			t.Fatalf("got %v %+v", newer, m)
		}
		theirs, err = s.CatchUp(t.Context(), eve, theirs.ID, theirs.Revision, m)
		ok(t, err)
		if len(theirs.Blocks) != 3 || !theirs.Blocks[2].Common {
			t.Errorf("got %+v", theirs.Blocks)
		}
		ok(t, s.Detach(t.Context(), eve, theirs.ID))
		left, err := s.Compare(t.Context(), eve, theirs.ID, form.Houses)
		ok(t, err)
		if len(left.Sides) != 0 {
			t.Errorf("detached, it is compared with %+v", left.Sides)
		}
	})
}

func TestCompare_showsNobodyOfOthers(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		s.House = func(_ context.Context, organisation string) (string, error) { return organisation, nil }
		f := published(t, s, func(f *form.Form) {
			for _, b := range []form.Block{{Kind: form.One, Label: "Statut", Options: []string{"A", "B", "C"}}, {Kind: form.Number, Label: "Montant"}, {Kind: form.Email, Label: "Courriel", Purpose: "x", Retention: 1}} {
				_, err := f.Put(b)
				ok(t, err)
			}
		})
		ok(t, s.Offer(t.Context(), ada, f.ID, true))
		m, err := s.Offered(t.Context(), eve, f.ID)
		ok(t, err)
		theirs, err := s.Adopt(t.Context(), eve, m)
		ok(t, err)
		theirs, err = s.Publish(t.Context(), eve, theirs.ID, theirs.Revision)
		ok(t, err)
		answer(t, s, f, 3, form.Values{"votre_avis": {"x"}, "statut": {"A"}, "montant": {"10"}})
		answer(t, s, f, 14, form.Values{"votre_avis": {"x"}, "statut": {"B"}, "montant": {"20"}})
		answer(t, s, f, 8, form.Values{"votre_avis": {"x"}, "statut": {"C"}})
		answer(t, s, f, 4, form.Values{"votre_avis": {"x"}, "statut": {"C"}}) // no whole group more
		answer(t, s, theirs, 1, form.Values{"votre_avis": {"x"}, "statut": {"A"}})

		alone, err := s.Compare(t.Context(), eve, theirs.ID, form.Houses)
		ok(t, err)
		if len(alone.Sides) != 1 {
			t.Fatalf("without an agreement: got %+v", alone.Sides)
		}
		ok(t, s.Share(t.Context(), ada, f.ID, true))
		c, err := s.Compare(t.Context(), eve, theirs.ID, form.Houses)
		ok(t, err)
		if len(c.Sides) != 2 || c.Sides[0].Label != "elsewhere" || c.Sides[1].Form != "" || c.Sides[1].Answers.Value != 25 {
			t.Fatalf("got %+v", c.Sides)
		}
		got := map[string]string{}
		for _, q := range c.Questions {
			got[q.Name] = figures(q.Answered)
			for _, line := range q.Rows {
				got[q.Name+" "+line.Option] = figures(line.Figures)
			}
			if q.Means != nil {
				got[q.Name+" mean"] = figures(q.Means)
			}
		}
		for name, w := range map[string]string{"votre_avis": "1 25", "statut": "1 25", "statut A": "1 ?", "statut B": "0 14", "statut C": "0 ?", "montant": "0 17", "montant mean": "- 18.235294117647058"} {
			if got[name] != w {
				t.Errorf("%s: got %q, want %q", name, got[name], w)
			}
		}
		if _, there := got["courriel"]; there {
			t.Error("what concerns a person is compared")
		}
		_, err = s.Compare(t.Context(), bob, f.ID, form.Houses)
		want(t, err, "form.not_found")
	})
}

func TestCompare_editions(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := published(t, s, func(f *form.Form) {
			f.Edition = "2025"
			_, err := f.Put(form.Block{Kind: form.One, Label: "Statut", Options: []string{"A", "B"}})
			ok(t, err)
		})
		answer(t, s, f, 2, form.Values{"votre_avis": {"x"}, "statut": {"A"}})
		next, err := s.Renew(t.Context(), mate, f.ID, "2026")
		ok(t, err)
		next, err = s.Edit(t.Context(), mate, next.ID, next.Revision, func(f *form.Form) error {
			b := f.Blocks[1]
			b.Options = []string{"A", "C"}
			_, err := f.Put(b)
			return err
		})
		ok(t, err)
		next, err = s.Publish(t.Context(), mate, next.ID, next.Revision)
		ok(t, err)
		answer(t, s, next, 1, form.Values{"votre_avis": {"x"}, "statut": {"C"}})
		again, err := s.Renew(t.Context(), mate, next.ID, "2027")
		ok(t, err)
		editions, err := s.Editions(t.Context(), ada, again.ID)
		ok(t, err)
		if len(editions) != 3 || editions[0].ID != f.ID || editions[2].Before != next.ID {
			t.Errorf("got %+v", editions)
		}
		c, err := s.Compare(t.Context(), ada, again.ID, form.Years)
		ok(t, err)
		if len(c.Sides) != 2 || c.Sides[0].Label != "2025" || len(c.Sides[1].Changes) != 1 || c.Sides[1].Changes[0].Gained[0] != "C" {
			t.Fatalf("got %+v", c.Sides)
		}
		q := c.Questions[1]
		got := ""
		for _, line := range q.Rows {
			got += line.Option + " " + figures(line.Figures) + ", "
		}
		if got != "A 2 0, C - 1, B 0 -, " {
			t.Errorf("got %s", got)
		}
		_, err = s.Renew(t.Context(), actor.Actor{ID: "x", Organisation: "elsewhere"}, f.ID, "2028")
		want(t, err, "form.not_found")
	})
}
