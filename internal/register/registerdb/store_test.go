package registerdb_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/register"
	"cultured/internal/register/registerdb"
)

var (
	sue  = actor.Actor{ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}}
	bob  = actor.Actor{ID: "bob", Organisation: "o", Name: "Bob"}
	eve  = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Admin}}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	bike = register.Subject{Key: register.Key{Kind: register.Form, ID: "f"}, Organisation: "o", Title: "Vélo", Owner: "bob", Fields: []register.Field{{Name: "mail", Label: "Courriel", Data: "identity", Purpose: "Répondre", Months: 12}}}
)

func each(t *testing.T, fn func(t *testing.T, s *register.Service, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "register", Files: registerdb.Migrations}}, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		store := &registerdb.Store{DB: d, Now: now}
		fn(t, &register.Service{Store: store, Subjects: store, Watch: store, Now: now}, d)
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

func draft(name string) register.Draft {
	return register.Draft{Entry: register.Entry{Name: name, Purposes: "Inscrire"}}
}

func TestAnEntryIsItsOrganisations(t *testing.T) {
	each(t, func(t *testing.T, s *register.Service, d *db.DB) {
		ctx := t.Context()
		id, err := s.Create(ctx, sue, draft(" Cantine "))
		ok(t, err)
		e, log, err := s.Look(ctx, bob, id) // everybody reads
		if err != nil || e.Name != "Cantine" || e.Revision != 1 || len(log) != 1 || !e.Created.Equal(noon) {
			t.Errorf("got %+v, %v, %v", e, log, err)
		}
		_, err = s.Create(ctx, bob, draft("x"))
		refused(t, err, "register.editors_only")
		_, err = s.Create(ctx, actor.Actor{}, draft("x"))
		refused(t, err, "register.sign_in_first")
		_, _, err = s.Look(ctx, eve, id)
		refused(t, err, "register.not_found")
		other := draft("Autre")
		other.ID = id
		refused(t, s.Save(ctx, eve, other, 1), "register.not_found")
		refused(t, s.Save(ctx, bob, other, 1), "register.editors_only")
		refused(t, s.Remove(ctx, eve, id, true), "register.not_found")
		refused(t, s.Restore(ctx, eve, id, 1), "register.not_found")
		if r, err := s.Open(ctx, eve); err != nil || len(r.Entries)+len(r.Subjects) > 0 {
			t.Errorf("another organisation sees %+v, %v", r, err)
		}
	})
}

func TestEveryStateIsKept(t *testing.T) {
	each(t, func(t *testing.T, s *register.Service, d *db.DB) {
		ctx := t.Context()
		id, err := s.Create(ctx, sue, draft("Cantine"))
		ok(t, err)
		next := draft("Restauration scolaire")
		next.ID = id
		ok(t, s.Save(ctx, sue, next, 1))
		ok(t, s.Save(ctx, sue, next, 2)) // nothing changed: no state
		refused(t, s.Save(ctx, sue, draftOf(id, "De l’autre fenêtre"), 1), "register.moved")
		ok(t, s.Remove(ctx, sue, id, true))
		ok(t, s.Remove(ctx, sue, id, true)) // as a hurried person does
		if r, err := s.Open(ctx, bob); err != nil || len(r.Entries) != 0 || len(r.Removed) != 1 {
			t.Errorf("got %+v, %v", r, err)
		}
		ok(t, s.Remove(ctx, sue, id, false))
		ok(t, s.Restore(ctx, sue, id, 1))
		refused(t, s.Restore(ctx, sue, id, 99), "register.not_found")
		e, log, err := s.Look(ctx, sue, id)
		if err != nil || e.Name != "Cantine" || e.Revision != 5 || len(log) != 5 || log[0].Verb != "register.log_restored" || log[3].State.Name != "Restauration scolaire" {
			t.Errorf("got %+v, %+v, %v", e, log, err)
		}
		var told int
		ok(t, d.QueryRow(`SELECT COUNT(*) FROM outbox_event WHERE subject = $1`, "register:"+string(id)).Scan(&told))
		if told != 5 {
			t.Errorf("got %d events, want one a state", told)
		}
	})
}

func draftOf(id register.ID, name string) register.Draft {
	d := draft(name)
	d.ID = id
	return d
}

// saved writes the entry again with a source, having seen fields.
func saved(t *testing.T, s *register.Service, id register.ID, k register.Key, seen string) error {
	t.Helper()
	e, _, err := s.Look(t.Context(), sue, id)
	ok(t, err)
	d := register.Draft{Entry: e, Seen: map[register.Key]string{k: seen}}
	d.Sources = []register.Source{{Key: k}}
	return s.Save(t.Context(), sue, d, e.Revision)
}

func TestWhatIsCoveredAndWhatChangedSince(t *testing.T) {
	each(t, func(t *testing.T, s *register.Service, d *db.DB) {
		ctx := t.Context()
		ok(t, s.Hear(ctx, bike))
		ok(t, s.Hear(ctx, bike)) // said twice
		for who, want := range map[string]int{"sue": 1, "bob": 1, "ann": 0} {
			by := map[string]actor.Actor{"sue": sue, "bob": bob, "ann": {ID: "ann", Organisation: "o"}}[who]
			if r, err := s.Open(ctx, by); err != nil || len(r.Open) != want {
				t.Errorf("%s: got %+v, %v, want %d to enter", who, r.Open, err, want)
			}
		}
		id, err := s.Create(ctx, sue, draft("Pistes cyclables"))
		ok(t, err)
		refused(t, saved(t, s, id, register.Key{Kind: register.Form, ID: "none"}, ""), "register.no_source")
		ok(t, saved(t, s, id, bike.Key, bike.Mark()))
		moved := func(want bool) {
			t.Helper()
			r, err := s.Open(ctx, sue)
			if err != nil || len(r.Open) != 0 || len(r.Covering(bike.Key)) != 1 || r.Moved(r.Entries[0]) != want {
				t.Errorf("got %+v, %v, moved want %t", r, err, want)
			}
		}
		moved(false)
		longer := bike
		longer.Fields = append(longer.Fields[:0:0], longer.Fields...)
		longer.Fields[0].Months = 24
		ok(t, s.Hear(ctx, longer))
		moved(true)
		ok(t, saved(t, s, id, bike.Key, bike.Mark())) // by who saw the fields before: they stay to be looked at
		moved(true)
		ok(t, saved(t, s, id, bike.Key, longer.Mark()))
		moved(false)
		gone := bike
		gone.Fields = nil
		ok(t, s.Hear(ctx, gone))
		moved(true)
		ok(t, saved(t, s, id, bike.Key, register.Subject{}.Mark()))
		moved(false)
		ok(t, s.Hear(ctx, bike))
		ok(t, s.Remove(ctx, sue, id, true))
		if r, err := s.Open(ctx, sue); err != nil || len(r.Open) != 1 {
			t.Errorf("what a deleted entry covered is to be entered: %+v, %v", r, err)
		}
	})
}

// TestChange_losesNothingUnderContention: ten people write at once; each one either is in the log or was told.
func TestChange_losesNothingUnderContention(t *testing.T) {
	each(t, func(t *testing.T, s *register.Service, _ *db.DB) {
		id, err := s.Create(t.Context(), sue, draft("Cantine"))
		ok(t, err)
		var people sync.WaitGroup
		var mu sync.Mutex
		kept := 0
		for i := range 10 {
			people.Go(func() {
				err := s.Save(t.Context(), sue, draftOf(id, "Cantine "+strconv.Itoa(i)), 1)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					kept++
				case !fault.Is(err, "register.moved") && fault.KindOf(err) != fault.Busy:
					t.Error(err)
				}
			})
		}
		people.Wait()
		if _, log, err := s.Look(t.Context(), sue, id); err != nil || kept != 1 || len(log) != 2 {
			t.Errorf("got %d kept and %d states, %v", kept, len(log), err)
		}
	})
}
