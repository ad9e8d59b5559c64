package formdb_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/form/formdb"
	"cultured/internal/outbox"
)

var (
	ada     = actor.Actor{ID: "ada", Organisation: "o", Service: "culture", Name: "Ada", Email: "ada@o.example"}
	mate    = actor.Actor{ID: "mate", Organisation: "o", Service: "culture", Email: "mate@o.example"}
	bob     = actor.Actor{ID: "bob", Organisation: "o", Email: "Bob@o.example"}
	eve     = actor.Actor{ID: "eve", Organisation: "elsewhere", Service: "culture", Roles: []actor.Role{actor.Steward}}
	nobody  = actor.Actor{}
	noon    = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	opinion = form.Block{Kind: form.Line, Label: "Votre avis", Required: true}
	key     = []byte("0123456789abcdef0123456789abcdef")
)

func each(t *testing.T, fn func(t *testing.T, s *form.Service, d *db.DB)) {
	t.Helper()
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "form", Files: formdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return noon }
		disk, err := blob.OpenDisk(t.TempDir())
		ok(t, err)
		store := &formdb.Store{DB: d, Now: now}
		fn(t, &form.Service{Store: store, Replies: store, Keeper: store, Feeder: store, Files: store, Shelf: blob.Private{Store: disk}, Key: key, Now: now}, d)
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

// published makes a form that asks for an opinion, changed as asked, and publishes it.
func published(t *testing.T, s *form.Service, change func(*form.Form)) form.Form {
	t.Helper()
	f := form.New("Enquête")
	_, err := f.Put(opinion)
	ok(t, err)
	change(&f)
	f, err = s.Create(t.Context(), ada, f)
	ok(t, err)
	f, err = s.Publish(t.Context(), ada, f.ID, f.Revision)
	ok(t, err)
	return f
}

// page is a page of the form as it is sent back a minute after it was given.
func page(f form.Form, text string) form.Submission {
	return form.Submission{Ticket: form.NewTicket(f, noon.Add(-time.Minute)).Seal(key), Typed: form.Values{"votre_avis": {text}}}
}

func TestAForm_isItsServices(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := published(t, s, func(*form.Form) {})
		for _, who := range []actor.Actor{bob, eve} {
			_, err := s.Look(t.Context(), who, f.ID)
			want(t, err, "form.not_found")
			_, err = s.Edit(t.Context(), who, f.ID, f.Revision, func(f *form.Form) error { f.Title = "x"; return nil })
			want(t, err, "form.not_found")
			_, err = s.Publish(t.Context(), who, f.ID, f.Revision)
			want(t, err, "form.not_found")
			_, err = s.Stop(t.Context(), who, f.ID, true)
			want(t, err, "form.not_found")
			_, err = s.Answers(t.Context(), who, f.ID)
			want(t, err, "form.not_found")
			list, err := s.List(t.Context(), who)
			ok(t, err)
			if len(list) != 0 {
				t.Errorf("%s lists %d forms", who.ID, len(list))
			}
		}
		_, err := s.Look(t.Context(), nobody, f.ID)
		want(t, err, "form.sign_in_first")
		list, err := s.List(t.Context(), mate)
		ok(t, err)
		if len(list) != 1 || list[0].ID != f.ID || list[0].Organisation != "o" {
			t.Errorf("a colleague lists %+v", list)
		}
	})
}

func TestVersions_stayAsTheyWereShown(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, d *db.DB) {
		f := published(t, s, func(*form.Form) {})
		early := page(f, "bien")
		edited, err := s.Edit(t.Context(), mate, f.ID, f.Revision, func(f *form.Form) error {
			_, err := f.Put(form.Block{Kind: form.Number, Label: "Âge de l’équipement", Required: true})
			return err
		})
		ok(t, err)
		_, err = s.Edit(t.Context(), ada, f.ID, f.Revision, func(*form.Form) error { return nil })
		want(t, err, "form.moved")
		open, err := s.Open(t.Context(), nobody, f.ID)
		ok(t, err)
		if len(open.Blocks) != 1 || open.Version != 1 {
			t.Errorf("an edit is not seen before it is published: got %+v", open)
		}
		_, err = s.Publish(t.Context(), ada, f.ID, edited.Revision)
		ok(t, err)
		open, err = s.Open(t.Context(), nobody, f.ID)
		ok(t, err)
		if len(open.Blocks) != 2 || open.Version != 2 {
			t.Errorf("got %+v", open)
		}
		a, err := s.Submit(t.Context(), nobody, f.ID, early) // the page was given before
		ok(t, err)
		if a.Version != 1 || a.Values.First("votre_avis") != "bien" {
			t.Errorf("got %+v", a)
		}
		_, err = s.Submit(t.Context(), nobody, f.ID, page(open, "bien"))
		want(t, err, "form.answer_missing")
		events, err := outbox.Of(t.Context(), d, "o", "form:"+string(f.ID), 10)
		ok(t, err)
		var verbs []string
		for _, e := range events {
			verbs = append(verbs, e.Verb)
		}
		if want := []string{"form.log_answered", "form.log_published", "form.log_edited", "form.log_published", "form.log_created"}; !slices.Equal(verbs, want) {
			t.Errorf("got %v", verbs)
		}
	})
}

func TestPublish_refusesAPersonalBlockWithoutItsPurpose(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := form.New("Enquête")
		f.Blocks = []form.Block{{Name: "mail", Kind: form.Email, Label: "Courriel"}} // as one made of a schema
		f, err := s.Create(t.Context(), ada, f)
		ok(t, err)
		_, err = s.Publish(t.Context(), ada, f.ID, f.Revision)
		want(t, err, "form.no_purpose")
		_, err = s.Open(t.Context(), nobody, f.ID)
		want(t, err, "form.not_found")
	})
}

func TestSubmit_sentTwiceIsOneAnswer(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := published(t, s, func(f *form.Form) { f.Limit = 1 })
		sent := page(f, "bien")
		var wg sync.WaitGroup
		references := make([]string, 8)
		for i := range references {
			wg.Go(func() {
				a, err := s.Submit(t.Context(), nobody, f.ID, sent)
				if err != nil {
					t.Error(err)
				}
				references[i] = a.Reference
			})
		}
		wg.Wait()
		answers, err := s.Answers(t.Context(), ada, f.ID)
		ok(t, err)
		if len(answers) != 1 || len(slices.Compact(references)) != 1 || answers[0].Reference != references[0] || answers[0].By != "" {
			t.Errorf("got %+v under %v", answers, references)
		}
		_, err = s.Submit(t.Context(), nobody, f.ID, page(f, "une autre"))
		want(t, err, "form.full")
	})
}

func TestSubmit_underContentionTheLimitHolds(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := published(t, s, func(f *form.Form) { f.Limit = 3 })
		var wg sync.WaitGroup
		var full atomic.Int32
		for range 10 {
			wg.Go(func() {
				if _, err := s.Submit(t.Context(), nobody, f.ID, page(f, "bien")); fault.Is(err, "form.full") {
					full.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		answers, err := s.Answers(t.Context(), ada, f.ID)
		ok(t, err)
		if len(answers) != 3 || full.Load() != 7 {
			t.Errorf("got %d answers and %d refusals, want 3 and 7", len(answers), full.Load())
		}
	})
}

func TestSubmit_refusesAndStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := published(t, s, func(f *form.Form) { f.Door, f.Code = form.Coded, "ormeau" })
		good := page(f, "bien")
		good.Code = " ormeau "
		for _, c := range []struct {
			key    string
			change func(*form.Submission)
		}{
			{"form.page_old", func(p *form.Submission) { p.Ticket = "x" }},
			{"form.too_fast", func(p *form.Submission) { p.Ticket = form.NewTicket(f, noon).Seal(key) }},
			{"form.too_fast", func(p *form.Submission) { p.Trap = "http://" }},
			{"form.wrong_code", func(p *form.Submission) { p.Code = "orme" }},
			{"form.answer_missing", func(p *form.Submission) { p.Typed = nil }},
		} {
			bad := good
			c.change(&bad)
			_, err := s.Submit(t.Context(), nobody, f.ID, bad)
			want(t, err, c.key)
		}
		_, err := s.Stop(t.Context(), ada, f.ID, true)
		ok(t, err)
		_, err = s.Submit(t.Context(), nobody, f.ID, good)
		want(t, err, "form.closed")
		answers, err := s.Answers(t.Context(), ada, f.ID)
		ok(t, err)
		if len(answers) != 0 {
			t.Errorf("got %+v", answers)
		}
		_, err = s.Stop(t.Context(), ada, f.ID, false)
		ok(t, err)
		_, err = s.Submit(t.Context(), nobody, f.ID, good) // what was refused is sent again as it was
		ok(t, err)
	})
}

func TestOpen_aFormForAgents(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f := published(t, s, func(f *form.Form) { f.Door, f.Named = form.Agents, []string{"bob@o.example"} })
		_, err := s.Open(t.Context(), nobody, f.ID)
		want(t, err, "form.sign_in_first")
		_, err = s.Open(t.Context(), eve, f.ID)
		want(t, err, "form.not_found")
		other := actor.Actor{ID: "other", Organisation: "o", Email: "other@o.example"}
		_, err = s.Submit(t.Context(), other, f.ID, page(f, "bien"))
		want(t, err, "form.not_named")
		a, err := s.Submit(t.Context(), bob, f.ID, page(f, "bien"))
		ok(t, err)
		if a.By != "bob" || a.Organisation != "o" {
			t.Errorf("got %+v", a)
		}
	})
}
