package formdb_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/db"
	"cultured/internal/form"
	"cultured/internal/outbox"
)

// told reads the log as the house does, and lists whom each event has written to.
func told(t *testing.T, s *form.Service, d *db.DB) (out []string) {
	t.Helper()
	events, err := outbox.After(t.Context(), d, 0, 100)
	ok(t, err)
	for _, e := range events {
		n := form.News{Organisation: e.Organisation, Form: form.ID(e.Subject[len("form:"):]), By: e.Actor}
		ok(t, json.Unmarshal(e.Detail, &n))
		if n.Answer == "" {
			continue
		}
		letters, err := s.Letters(t.Context(), n)
		ok(t, err)
		for _, l := range letters {
			out = append(out, strings.TrimSpace(fmt.Sprint(l.Body, " ", l.Email, l.Person, " ", l.State, " ", l.Lang)))
		}
	}
	return out
}

func TestLetters(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, d *db.DB) {
		f := published(t, s, func(f *form.Form) {
			_, err := f.Put(form.Block{Kind: form.Email, Label: "Courriel", Purpose: "répondre", Retention: 2})
			ok(t, err)
			f.Track, f.Tell = true, "courriel"
		})
		sent := page(f, "oui")
		sent.Typed["courriel"], sent.Lang = []string{"Lin@exemple.fr"}, "en"
		a, err := s.Submit(t.Context(), nobody, f.ID, sent)
		ok(t, err)
		ok(t, s.Treat(t.Context(), ada, f.ID, a.ID, form.Treatment{Revision: 1, State: form.Doing, Assignee: "bea"}))
		ok(t, s.Treat(t.Context(), ada, f.ID, a.ID, form.Treatment{Revision: 2, State: form.Lacking, Assignee: "bea", Message: "Il manque le RIB.", Note: "tiède"}))
		ok(t, s.Treat(t.Context(), ada, f.ID, a.ID, form.Treatment{Revision: 3, State: form.Lacking, Assignee: "bea", Note: "rappelée"}))
		ok(t, s.Write(t.Context(), nobody, f.ID, a.Reference, "Le voici."))
		ok(t, s.Treat(t.Context(), ada, f.ID, a.ID, form.Treatment{Revision: 5, State: form.Lacking, Assignee: ada.ID}))
		want := []string{"form.letter_received Lin@exemple.fr lacking en", "form.letter_assigned bea lacking", "form.letter_state Lin@exemple.fr lacking en",
			"form.letter_message Lin@exemple.fr lacking en", "form.letter_written ada lacking"} // by now ada treats it; a note is no news, nor what one takes oneself
		if got := told(t, s, d); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}

		silent, err := s.Edit(t.Context(), ada, f.ID, f.Revision, func(f *form.Form) error { f.Tell = ""; return nil })
		ok(t, err)
		if got := told(t, s, d); !slices.Equal(got, []string{"form.letter_assigned bea lacking", "form.letter_written ada lacking"}) {
			t.Errorf("nobody is told: got %q", got)
		}
		_, err = s.Edit(t.Context(), ada, f.ID, silent.Revision, func(f *form.Form) error { f.Tell = "votre_avis"; return nil })
		ok(t, err)
		if got := told(t, s, d); slices.ContainsFunc(got, func(one string) bool { return one == "form.letter_received oui lacking" }) {
			t.Errorf("an answer that is no address is written at: got %q", got)
		}
		ok(t, s.Delete(t.Context(), ada, f.ID, a.ID, a.Reference))
		if got := told(t, s, d); got != nil {
			t.Errorf("of an answer erased: got %q", got)
		}
	})
}

func TestLetters_doNotFloodAnAddress(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, d *db.DB) {
		now := noon
		s.Now = func() time.Time { return now }
		f := published(t, s, func(f *form.Form) {
			_, err := f.Put(form.Block{Kind: form.Email, Label: "Courriel", Purpose: "répondre", Retention: 2})
			ok(t, err)
			f.Tell = "courriel"
		})
		for range form.LettersMost + 2 {
			sent := page(f, "oui")
			sent.Typed["courriel"] = []string{"cible@exemple.fr"}
			_, err := s.Submit(t.Context(), nobody, f.ID, sent)
			ok(t, err)
		}
		if got := told(t, s, d); len(got) != form.LettersMost {
			t.Errorf("got %q", got)
		}
		now = now.Add(form.LettersSpan)
		if got := told(t, s, d); len(got) != form.LettersMost {
			t.Errorf("an hour later: got %q", got)
		}
	})
}
