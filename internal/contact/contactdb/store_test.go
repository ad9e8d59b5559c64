package contactdb_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/contact"
	"cultured/internal/contact/contactdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/tabular"
)

var (
	bob  = actor.Actor{ID: "bob", Organisation: "o", Name: "Bob"}
	ann  = actor.Actor{ID: "ann", Organisation: "o", Name: "Ann"}
	sue  = actor.Actor{ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}}
	eve  = actor.Actor{ID: "eve", Organisation: "elsewhere", Roles: []actor.Role{actor.Steward}}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

// sets are the datasets of bob: people of two lists, two of them in both, one twice in a list.
var sets = map[string]string{
	"d": "nom;mel;tel;note\nAna;ana@exemple.fr;0299000001;bien\nBéa;BEA@exemple.fr;;01\nAna encore;Ana@Exemple.fr;;\nPersonne;;;\n",
	"e": "courriel;ville\nana@exemple.fr;Lacombe\nzoé@x;Lacombe\ncarl@exemple.fr;Valmoret\n",
}

type data struct{}

func (data) Set(_ context.Context, by actor.Actor, id string) (contact.Set, error) {
	if sets[id] == "" || by.Organisation != "o" {
		return contact.Set{}, fault.New(fault.NotFound, "dataset.not_found")
	}
	head, _, _ := strings.Cut(sets[id], "\n")
	return contact.Set{ID: id, Title: "Liste " + id, May: by.ID != "ann", Columns: strings.Split(head, ";")}, nil
}

func (data) Table(_ context.Context, _ actor.Actor, id string) (tabular.Table, error) {
	return tabular.Open(strings.NewReader(sets[id]), int64(len(sets[id])), id+".csv", tabular.Options{})
}

func each(t *testing.T, fn func(t *testing.T, s *contact.Service, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "contact", Files: contactdb.Migrations}}, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		store := &contactdb.Store{DB: d, Now: now}
		s := &contact.Service{Store: store, Trails: store, Data: data{}, Secret: []byte("secret"), Now: now}
		ok(t, s.Mark(t.Context(), bob, "d", contact.List{Email: "mel", Phone: "tel", Name: "nom"}))
		ok(t, s.Mark(t.Context(), bob, "e", contact.List{Email: "courriel"}))
		fn(t, s, d)
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

// given is the file of a list, a row a line.
func given(t *testing.T, s *contact.Service, ask contact.Ask) (out []string) {
	t.Helper()
	row := func(cells []string) error { out = append(out, strings.Join(cells, ",")); return nil }
	ok(t, s.Give(t.Context(), bob, ask, row, row))
	return out
}

func TestWhoRefusedIsInNoFileOfAnyList(t *testing.T) {
	each(t, func(t *testing.T, s *contact.Service, d *db.DB) {
		ctx := t.Context()
		ask := contact.Ask{Dataset: "d", Columns: []string{"nom", "mel"}}
		if got := given(t, s, ask); !slices.Equal(got, []string{"nom,mel", "Ana,ana@exemple.fr", "Béa,BEA@exemple.fr", "Ana encore,Ana@Exemple.fr"}) {
			t.Errorf("got %q", got)
		}
		ask.Once = true
		if got := given(t, s, ask); len(got) != 3 {
			t.Errorf("each once: got %q", got)
		}
		for range 2 { // said twice
			if _, err := s.Object(ctx, ann, "ANA@exemple.fr\n02.99.00.00.09", "appel"); err != nil {
				t.Fatal(err)
			}
		}
		if got := given(t, s, contact.Ask{Dataset: "d", Columns: []string{"nom"}}); !slices.Equal(got, []string{"nom", "Béa"}) {
			t.Errorf("got %q", got)
		}
		if got := given(t, s, contact.Ask{Dataset: "e", Columns: []string{"courriel"}}); !slices.Equal(got, []string{"courriel", "carl@exemple.fr"}) {
			t.Errorf("the other list: got %q", got)
		}
		for _, table := range []string{"contact_objection", "outbox_event"} {
			var found int
			column := map[string]string{"contact_objection": "digest || how", "outbox_event": "COALESCE(CAST(detail AS TEXT), '')"}[table]
			ok(t, d.QueryRow(`SELECT COUNT(*) FROM `+table+` WHERE `+column+` LIKE '%exemple%' OR `+column+` LIKE '%299%'`).Scan(&found))
			if found > 0 {
				t.Errorf("%s holds who refused", table)
			}
		}
		_, err := s.Withdraw(ctx, bob, "ana@exemple.fr")
		refused(t, err, "contact.stewards_only")
		if n, err := s.Withdraw(ctx, eve, "ana@exemple.fr"); n != 0 || err != nil {
			t.Errorf("another organisation took back %d, %v", n, err)
		}
		if n, err := s.Withdraw(ctx, sue, "ana@exemple.fr"); n != 1 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		if got := given(t, s, contact.Ask{Dataset: "d", Columns: []string{"nom"}}); len(got) != 4 {
			t.Errorf("got %q", got)
		}
	})
}

func TestSurvey(t *testing.T) {
	each(t, func(t *testing.T, s *contact.Service, _ *db.DB) {
		_, err := s.Object(t.Context(), ann, "bea@exemple.fr", "appel")
		ok(t, err)
		got, refusedWays, err := s.Survey(t.Context(), bob)
		ok(t, err)
		if len(got) != 2 || refusedWays != 1 {
			t.Fatalf("got %+v, %d", got, refusedWays)
		}
		if c := got[0]; c.Rows != 4 || c.Reached != 2 || c.Refused != 1 || c.Twice != 1 || c.Elsewhere != 2 {
			t.Errorf("d: got %+v", c)
		}
		if c := got[1]; c.Rows != 3 || c.Reached != 2 || c.Refused != 0 || c.Twice != 0 || c.Elsewhere != 1 {
			t.Errorf("e: got %+v", c)
		}
		if got, n, err := s.Survey(t.Context(), eve); err != nil || len(got) != 0 || n != 0 {
			t.Errorf("another organisation: got %+v, %d, %v", got, n, err)
		}
	})
}

func TestAListIsItsServices(t *testing.T) {
	each(t, func(t *testing.T, s *contact.Service, _ *db.DB) {
		ctx := t.Context()
		refused(t, s.Mark(ctx, ann, "d", contact.List{Email: "mel"}), "contact.not_yours")
		refused(t, s.Mark(ctx, eve, "d", contact.List{Email: "mel"}), "dataset.not_found")
		refused(t, s.Mark(ctx, bob, "d", contact.List{Email: "none"}), "contact.no_column")
		none := func([]string) error { return nil }
		refused(t, s.Give(ctx, ann, contact.Ask{Dataset: "d", Columns: []string{"nom"}}, none, none), "contact.not_yours")
		refused(t, s.Give(ctx, bob, contact.Ask{Dataset: "d"}, none, none), "contact.no_columns")
		ok(t, s.Agree(ctx, bob, "d", contact.Consent{Day: "2026-03-01", How: "feuille", Text: "J’accepte."}))
		ok(t, s.Mark(ctx, bob, "d", contact.List{Email: "mel"})) // the trail stays
		ok(t, s.Turn(ctx, bob, "d", true))
		refused(t, s.Give(ctx, bob, contact.Ask{Dataset: "d", Columns: []string{"nom"}}, none, none), "contact.no_list")
		refused(t, s.Agree(ctx, bob, "d", contact.Consent{Day: "2026-03-01", How: "a", Text: "b"}), "contact.no_list")
		ok(t, s.Turn(ctx, bob, "d", false))
		if _, l, err := s.Find(ctx, ann, "d"); err != nil || l.Off || len(l.Trail) != 1 || l.Trail[0].By != "bob" || l.Email != "mel" || l.Phone != "" {
			t.Errorf("got %+v, %v", l, err)
		}
		refused(t, s.Store.Mark(ctx, bob, contact.List{Dataset: "d", Email: "mel"}, 0), "contact.moved") // read before the consent was added
		ok(t, s.Store.Forget(ctx, "o", "d"))
		if _, l, err := s.Find(ctx, bob, "d"); err != nil || !l.Off {
			t.Errorf("got %+v, %v", l, err)
		}
	})
}
