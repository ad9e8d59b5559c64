package formdb_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cultured/internal/db"
	"cultured/internal/form"
)

// fed has s feed once, and says which columns and how many answers it gave; -1 for none.
func fed(t *testing.T, s *form.Service, give string, fails error) (columns []string, answers int) {
	t.Helper()
	answers = -1
	err := s.Feed(t.Context(), func(_ context.Context, sheet form.Sheet, into string) (string, error) {
		for _, c := range sheet.Columns {
			columns = append(columns, c.Name)
		}
		answers = len(sheet.Answers)
		if into != "" {
			give = into
		}
		return give, fails
	})
	if !errors.Is(err, fails) {
		t.Fatal(err)
	}
	return columns, answers
}

func TestFeed_givesEachAnswerAndNothingOfPersons(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := published(t, s, func(f *form.Form) {
			_, err := f.Put(form.Block{Kind: form.Email, Label: "Courriel", Purpose: "répondre", Retention: 1})
			ok(t, err)
		})
		now := noon
		s.Now = func() time.Time { return now }
		send := func(text string) {
			sent := page(f, text)
			sent.Ticket = form.NewTicket(f, now.Add(-time.Minute)).Seal(key)
			sent.Typed["courriel"] = []string{"ana@exemple.fr"}
			_, err := s.Submit(t.Context(), nobody, f.ID, sent)
			ok(t, err)
		}
		send("a")
		if _, n := fed(t, s, "d", nil); n != -1 {
			t.Error("fed a form that keeps no dataset")
		}
		want(t, s.SetFeed(t.Context(), bob, f.ID, true), "form.not_found")
		ok(t, s.SetFeed(t.Context(), ada, f.ID, true))
		broken := errors.New("broken")
		if _, n := fed(t, s, "", broken); n != 1 {
			t.Errorf("got %d answers, want 1", n)
		}
		if _, n := fed(t, s, "", nil); n != -1 {
			t.Error("fed again without a rest")
		}
		send("b")
		now = now.Add(form.FeedRest + time.Minute)
		columns, n := fed(t, s, "d", nil)
		if n != 2 || len(columns) != 1 || columns[0] != "votre_avis" {
			t.Errorf("got %d answers of %q, want 2 of votre_avis", n, columns)
		}
		now = now.Add(form.FeedRest + time.Minute)
		if _, n := fed(t, s, "d", nil); n != -1 {
			t.Error("fed again though nothing came")
		}
		got, err := s.Dataset(t.Context(), ada, f.ID)
		if ok(t, err); got != "d" {
			t.Errorf("got dataset %q, want d", got)
		}
		answers, err := s.Answers(t.Context(), ada, f.ID)
		ok(t, err)
		ok(t, s.Delete(t.Context(), ada, f.ID, answers[0].ID, answers[0].Reference))
		if _, n := fed(t, s, "e", nil); n != 1 {
			t.Errorf("after one was erased: got %d, want 1", n)
		}
	})
}
