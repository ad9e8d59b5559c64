package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/catalogue/cataloguedb"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

var (
	ada     = actor.Actor{ID: "ada", Organisation: "o", Service: "parks", Name: "Ada"}
	peer    = actor.Actor{ID: "peer", Organisation: "o", Service: "parks", Name: "Paul"}
	other   = actor.Actor{ID: "other", Organisation: "o", Service: "roads", Name: "Rose"}
	steward = actor.Actor{ID: "steward", Organisation: "o", Service: "data", Name: "Sam", Roles: []actor.Role{actor.Steward}}
	eve     = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Steward, actor.Admin}}
	nobody  actor.Actor
)

// A desk holds one table for each dataset it is asked of.
type desk struct {
	mu       sync.Mutex
	version  int
	personal []string
	titles   map[string]string
}

func (d *desk) Facts(_ context.Context, by actor.Actor, dataset string) (catalogue.Holding, error) {
	if by.Organisation != "o" || strings.HasPrefix(dataset, "gone") {
		return catalogue.Holding{}, fault.New(fault.NotFound, "dataset.not_found")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return catalogue.Holding{Organisation: "o", Service: "parks", ServiceName: "Parcs et jardins", Owner: "ada", OwnerName: "Ada", Title: dataset,
		Version: d.version, TableBytes: 512, Formats: []string{"csv", "parquet"}, Personal: d.personal,
		Columns: []catalogue.Column{{Name: "hauteur", Type: "number"}, {Name: fmt.Sprintf("colonne_%d", d.version)}},
		Facts: catalogue.Facts{FileName: "arbres_2024.csv", Format: "csv", Bytes: 2048, Rows: 12, DateMin: clock.AddDate(-2, 0, 0), DateMax: clock,
			Columns: []catalogue.ColumnFact{{Name: "hauteur", Type: "number"}}}}, nil
}

func (d *desk) Retitle(_ context.Context, _ actor.Actor, dataset, title string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.titles[dataset] = title
	return nil
}

func (d *desk) set(version int, personal ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.version, d.personal = version, personal
}

var clock = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A room is the service on a real store.
type room struct {
	*catalogue.Service
	desk  *desk
	store *flaky
}

// A flaky store fails when told to, and counts how often the index asks.
type flaky struct {
	*cataloguedb.Store
	fail  atomic.Bool
	asked atomic.Int64
	slow  chan struct{} // when not nil, reading everything waits for it
}

var errStore = errors.New("the disk is full")

func (f *flaky) Change(ctx context.Context, by actor.Actor, id catalogue.ID, verb string, fn func(*catalogue.Record) error) (catalogue.Record, error) {
	return f.Store.Change(ctx, by, id, verb, func(r *catalogue.Record) error {
		if err := fn(r); err != nil {
			return err
		}
		if f.fail.Load() {
			return errStore
		}
		return nil
	})
}

func (f *flaky) Since(ctx context.Context, mark int64) ([]catalogue.Record, []catalogue.ID, int64, error) {
	f.asked.Add(1)
	if mark == 0 && f.slow != nil {
		<-f.slow
	}
	return f.Store.Since(ctx, mark)
}

func newRoom(t *testing.T) *room {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "app.db"))
	ok(t, err)
	t.Cleanup(func() { _ = d.Close() })
	ok(t, d.Migrate(t.Context(), db.Migration{Room: "outbox", Files: outbox.Migrations}, db.Migration{Room: "catalogue", Files: cataloguedb.Migrations}))
	return replica(d, &desk{version: 1, titles: map[string]string{}})
}

// replica is another process on the same database.
func replica(d *db.DB, at *desk) *room {
	now := func() time.Time { return clock }
	store := &flaky{Store: &cataloguedb.Store{DB: d, Now: now}}
	return &room{&catalogue.Service{Store: store, Desk: at, Now: now}, at, store}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// complete begins the record of a dataset and writes what only people know.
func (m *room) complete(t *testing.T, dataset string) catalogue.Record {
	t.Helper()
	r, err := m.Record(t.Context(), ada, dataset)
	ok(t, err)
	r.Title, r.Description, r.Purpose, r.Contact = "Arbres "+dataset, "Les arbres.", "Suivre", "parcs@exemple.fr"
	r.Licence, r.Confidentiality, r.Frequency = "etalab-2.0", catalogue.Open, "ANNUAL"
	r, err = m.Save(t.Context(), ada, r, nil)
	ok(t, err)
	return r
}

func (m *room) published(t *testing.T, dataset string) catalogue.Record {
	t.Helper()
	m.complete(t, dataset)
	r, err := m.Act(t.Context(), steward, dataset, catalogue.Publish, "")
	ok(t, err)
	return r
}

func (m *room) found(t *testing.T, by actor.Actor, words string) (titles []string) {
	t.Helper()
	res, err := m.Search(t.Context(), by, catalogue.Query{Text: words})
	ok(t, err)
	for _, h := range res.Hits {
		titles = append(titles, h.Record.Title)
	}
	return titles
}

func TestRecord_beginsWithWhatTheDataSays(t *testing.T) {
	m := newRoom(t)
	var wg sync.WaitGroup
	for range 4 { // tabs
		wg.Go(func() {
			if _, err := m.Record(t.Context(), ada, "d1"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r, err := m.Record(t.Context(), ada, "d1")
	ok(t, err)
	if r.Version != 1 || r.State != catalogue.StateDraft || r.Author != "ada" || r.Owner != "Ada" || r.ServiceName != "Parcs et jardins" || r.DataVersion != 1 {
		t.Errorf("got %+v", r)
	}
	if r.Title == "" || m.desk.titles["d1"] != r.Title || len(r.Columns) != 2 || r.Temporal.Empty() || !strings.HasPrefix(r.Slug, catalogue.SlugOf(r.Title)) {
		t.Errorf("got %q at %q with %d columns, %+v; the dataset is called %q", r.Title, r.Slug, len(r.Columns), r.Temporal, m.desk.titles["d1"])
	}
	var offered []string
	for _, res := range r.Resources {
		offered = append(offered, res.ID)
		if !res.Available || !strings.HasPrefix(res.URL, "/catalogue/"+r.Slug+"/") {
			t.Errorf("got %+v", res)
		}
	}
	if want := []string{"original", "csv", "parquet", "dictionary"}; !slices.Equal(offered, want) {
		t.Errorf("got %v, want %v", offered, want)
	}
	if _, err := m.Record(t.Context(), ada, "gone"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
}

func TestSave_theSecondOfTwoSeesBothTextsAndChooses(t *testing.T) {
	for _, c := range []struct {
		name                      string
		choice                    map[string]catalogue.Side
		description, limits, for_ string
	}{
		{"mine", map[string]catalogue.Side{"description": catalogue.Mine}, "Celle de Paul", "De Ada", "De Paul"},
		{"theirs", map[string]catalogue.Side{"description": catalogue.Theirs}, "Celle de Ada", "De Ada", "De Paul"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			opened := m.complete(t, "d1")
			first, second := opened, opened
			first.Description, first.Limits = "Celle de Ada", "De Ada"
			second.Description, second.Purpose = "Celle de Paul", "De Paul"
			_, err := m.Save(t.Context(), ada, first, nil)
			ok(t, err)
			_, err = m.Save(t.Context(), peer, second, nil)
			clash, found := errors.AsType[*catalogue.Clash](err)
			if !found || clash.Saved.Version != opened.Version+1 {
				t.Fatalf("got %v, want a clash", err)
			}
			i := slices.IndexFunc(clash.Differences, func(d catalogue.Difference) bool { return d.Conflict })
			if i < 0 || clash.Differences[i].Mine != "Celle de Paul" || clash.Differences[i].Theirs != "Celle de Ada" || clash.Differences[i].Base != "Les arbres." {
				t.Fatalf("got %+v, want both texts and the one before", clash.Differences)
			}
			if r, err := m.Record(t.Context(), ada, "d1"); err != nil || r.Description != "Celle de Ada" || r.Version != opened.Version+1 {
				t.Errorf("a clash changed the record: %+v, %v", r, err)
			}
			saved, err := m.Save(t.Context(), peer, second, c.choice)
			if err != nil || saved.Description != c.description || saved.Limits != c.limits || saved.Purpose != c.for_ || saved.Version != opened.Version+2 {
				t.Errorf("got %+v, %v", saved, err)
			}
		})
	}
	m := newRoom(t)
	opened := m.complete(t, "d1")
	first, second := opened, opened
	first.Limits, second.Title = "De Ada", "Les arbres de la ville"
	_, err := m.Save(t.Context(), ada, first, nil)
	ok(t, err)
	saved, err := m.Save(t.Context(), peer, second, nil)
	if err != nil || saved.Limits != "De Ada" || saved.Title != second.Title || m.desk.titles["d1"] != second.Title {
		t.Errorf("different fields: got %+v, %v; the dataset is called %q", saved, err, m.desk.titles["d1"])
	}
	for name, by := range map[string]actor.Actor{"another service": other, "another organisation": eve, "nobody": nobody} {
		if _, err := m.Save(t.Context(), by, saved, nil); err == nil {
			t.Errorf("%s saved it", name)
		}
	}
}

func TestWritten_saysWhetherThereIsSomethingToSave(t *testing.T) {
	m := newRoom(t)
	opened := m.complete(t, "d1")
	if yes, err := m.Written(t.Context(), opened); err != nil || yes {
		t.Errorf("nothing was typed: got %v, %v", yes, err)
	}
	typed := opened
	typed.Purpose = "Savoir"
	if yes, err := m.Written(t.Context(), typed); err != nil || !yes {
		t.Errorf("an answer was typed: got %v, %v", yes, err)
	}
	theirs := opened
	theirs.Limits = "De Paul"
	_, err := m.Save(t.Context(), peer, theirs, nil)
	ok(t, err)
	if yes, err := m.Written(t.Context(), opened); err != nil || yes {
		t.Errorf("only somebody else wrote: got %v, %v", yes, err)
	}
}

func TestAct_isForTheRightRoles(t *testing.T) {
	m := newRoom(t)
	m.complete(t, "d1")
	refused := func(by actor.Actor, a catalogue.Action, key string) {
		t.Helper()
		if _, err := m.Act(t.Context(), by, "d1", a, ""); !fault.Is(err, key) {
			t.Errorf("%s, %s: got %v, want %s", by.ID, a, err, key)
		}
	}
	act := func(by actor.Actor, a catalogue.Action, want catalogue.State) catalogue.Record {
		t.Helper()
		r, err := m.Act(t.Context(), by, "d1", a, "")
		if err != nil || r.State != want {
			t.Errorf("%s, %s: got %q, %v; want %q", by.ID, a, r.State, err, want)
		}
		return r
	}
	refused(other, catalogue.Submit, "catalogue.not_found")
	refused(eve, catalogue.Publish, "catalogue.not_found")
	refused(ada, catalogue.Publish, "catalogue.steward_only")
	act(peer, catalogue.Submit, catalogue.StateInReview)
	act(steward, catalogue.SendBack, catalogue.StateDraft)
	act(ada, catalogue.Submit, catalogue.StateInReview)
	r := act(steward, catalogue.Publish, catalogue.StatePublished)
	if r.Published == nil || r.Published.Number != 1 || r.Published.By != "steward" || !r.Published.At.Equal(clock) {
		t.Errorf("got %+v", r.Published)
	}
	refused(ada, catalogue.Withdraw, "catalogue.steward_only")
	refused(other, catalogue.Withdraw, "catalogue.steward_only")
	refused(steward, catalogue.Publish, "catalogue.action_impossible")
	r = act(steward, catalogue.Withdraw, catalogue.StateWithdrawn)
	if _, err := m.Public(t.Context(), r.Slug); !fault.Is(err, "catalogue.not_found") {
		t.Errorf("withdrawn, and still public: %v", err)
	}
}

func TestPublish_withPersonalDataAsksForAReason(t *testing.T) {
	m := newRoom(t)
	m.complete(t, "d1")
	m.desk.set(1, "courriel")
	if _, err := m.Act(t.Context(), steward, "d1", catalogue.Publish, ""); !fault.Is(err, "catalogue.publish_personal_data") {
		t.Errorf("got %v", err)
	}
	reason := "Adresses de services, publiées par la loi."
	r, err := m.Act(t.Context(), steward, "d1", catalogue.Publish, reason)
	if err != nil || r.Published.Override != reason {
		t.Errorf("got %+v, %v", r.Published, err)
	}
}

func TestPublish_takesTheDataThatWasLookedInto(t *testing.T) {
	m := newRoom(t)
	m.complete(t, "d1")
	m.desk.set(2) // a version without personal data came, and the record has not heard of it yet
	r, err := m.Act(t.Context(), steward, "d1", catalogue.Publish, "")
	if err != nil || r.Published.Record.DataVersion != 2 {
		t.Errorf("got version %d, %v; want 2", r.Published.Record.DataVersion, err)
	}
}

func TestPublish_thatFailsLeavesThePreviousSnapshotPublic(t *testing.T) {
	m := newRoom(t)
	r := m.published(t, "d1")
	before, err := m.Public(t.Context(), r.Slug)
	ok(t, err)
	next := r
	next.Licence, next.Description = "", "Un texte pas encore public."
	_, err = m.Save(t.Context(), ada, next, nil)
	ok(t, err)
	same := func(when string) {
		t.Helper()
		p, err := m.Public(t.Context(), r.Slug)
		if err != nil || p.Licence != "etalab-2.0" || p.Description != before.Description || p.Published.Number != 1 {
			t.Errorf("%s: got %+v, %v; want what was published", when, p, err)
		}
		if got := m.found(t, nobody, "arbres"); !slices.Equal(got, []string{before.Title}) {
			t.Errorf("%s: nobody finds %v", when, got)
		}
	}
	same("edited")
	if _, err := m.Act(t.Context(), steward, "d1", catalogue.Publish, ""); !fault.Is(err, "catalogue.publish_licence_missing") {
		t.Errorf("got %v", err)
	}
	same("refused")
	r, err = m.Record(t.Context(), ada, "d1")
	ok(t, err)
	r.Licence = "odbl-1.0"
	_, err = m.Save(t.Context(), ada, r, nil)
	ok(t, err)
	m.store.fail.Store(true)
	if _, err := m.Act(t.Context(), steward, "d1", catalogue.Publish, ""); !errors.Is(err, errStore) {
		t.Errorf("got %v", err)
	}
	same("the store failed")
	m.store.fail.Store(false)
	_, err = m.Act(t.Context(), steward, "d1", catalogue.Publish, "")
	ok(t, err)
	if p, err := m.Public(t.Context(), r.Slug); err != nil || p.Licence != "odbl-1.0" || p.Published.Number != 2 || p.Owner != "" || p.Author != "" {
		t.Errorf("got %+v, %v; want the second publication, without names", p, err)
	}
}

func TestRefresh_ofANewVersionLeavesThePublicWhereItWas(t *testing.T) {
	m := newRoom(t)
	slug := m.published(t, "d1").Slug
	m.desk.set(2)
	for range 2 { // events come at least once
		ok(t, m.Refresh(t.Context(), steward, "d1"))
	}
	r, err := m.Record(t.Context(), ada, "d1")
	if err != nil || r.DataVersion != 2 || r.State != catalogue.StateDraft || r.Columns[1].Name != "colonne_2" {
		t.Errorf("got %+v, %v; want the working copy on version 2", r, err)
	}
	p, err := m.Public(t.Context(), slug)
	if err != nil || p.DataVersion != 1 || p.Columns[1].Name != "colonne_1" {
		t.Errorf("got %+v, %v; want the public on version 1", p, err)
	}
	version := r.Version
	_, err = m.Act(t.Context(), steward, "d1", catalogue.Publish, "")
	ok(t, err)
	if p, err = m.Public(t.Context(), slug); err != nil || p.DataVersion != 2 || version != 4 {
		t.Errorf("got version %d of the data in record %d, %v; want 2 in 4: the second event changes nothing", p.DataVersion, version, err)
	}
	ok(t, m.Refresh(t.Context(), steward, "d2")) // the first event of a dataset begins its record
	if r, err := m.Record(t.Context(), ada, "d2"); err != nil || r.Version != 1 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestVisibility(t *testing.T) {
	m := newRoom(t)
	m.complete(t, "draft")
	m.complete(t, "shared")
	_, err := m.Act(t.Context(), ada, "shared", catalogue.Share, "")
	ok(t, err)
	r := m.complete(t, "restricted")
	r.Confidentiality = catalogue.Restricted
	_, err = m.Save(t.Context(), ada, r, nil)
	ok(t, err)
	_, err = m.Act(t.Context(), ada, "restricted", catalogue.Share, "")
	ok(t, err)
	m.published(t, "public")
	for _, c := range []struct {
		name    string
		by      actor.Actor
		shared  []string // whose table the catalogue shows
		records []string // whose record page opens
		finds   int
	}{
		{"the author", ada, []string{"draft", "shared", "public"}, []string{"draft", "shared", "restricted", "public"}, 4},
		{"the service", peer, []string{"draft", "shared", "public"}, []string{"draft", "shared", "restricted", "public"}, 4},
		{"a steward", steward, []string{"draft", "shared", "public"}, []string{"draft", "shared", "restricted", "public"}, 4},
		{"a colleague", other, []string{"shared", "public"}, []string{"shared", "restricted", "public"}, 3},
		{"another organisation", eve, nil, nil, 1},
		{"nobody", nobody, nil, nil, 1},
	} {
		var shared, records []string
		for _, d := range []string{"draft", "shared", "restricted", "public"} {
			if m.Shared(t.Context(), c.by, d) {
				shared = append(shared, d)
			}
			if _, err := m.Record(t.Context(), c.by, d); err == nil {
				records = append(records, d)
			} else if !fault.Is(err, "catalogue.not_found") {
				t.Errorf("%s, %s: got %v", c.name, d, err)
			}
		}
		if finds := len(m.found(t, c.by, "arbres")); !slices.Equal(shared, c.shared) || !slices.Equal(records, c.records) || finds != c.finds {
			t.Errorf("%s: got %v shown, %v opened, %d found; want %v, %v, %d", c.name, shared, records, finds, c.shared, c.records, c.finds)
		}
	}
	draft, err := m.Record(t.Context(), ada, "draft")
	ok(t, err)
	if _, err := m.Public(t.Context(), draft.Slug); !fault.Is(err, "catalogue.not_found") {
		t.Errorf("a draft is public: %v", err)
	}
	ok(t, m.Remove(t.Context(), eve, "public"))
	if len(m.found(t, nobody, "arbres")) != 1 {
		t.Error("another organisation removed it")
	}
	ok(t, m.Remove(t.Context(), ada, "public"))
	if got := m.found(t, ada, "arbres"); len(got) != 3 {
		t.Errorf("got %v after a removal", got)
	}
}
