package griddb_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/grid/griddb"
	"cultured/internal/outbox"
)

var (
	rooms = []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "dataset", Files: datasetdb.Migrations}, {Room: "grid", Files: griddb.Migrations}}
	ada   = actor.Actor{ID: "ada", Organisation: "o", Name: "Ada", Service: "parks"}
	lin   = actor.Actor{ID: "lin", Organisation: "o", Name: "Lin"}
	eve   = actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve"}
	noon  = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	place = grid.Place{Organisation: "o", Dataset: "d"}
)

// A world is a dataset whose versions are tables held here, and two replicas that edit it.
type world struct {
	sync.Mutex
	db       *db.DB
	versions []dataset.Version
	tables   map[string][][]string
	replicas []*grid.Service
}

var columns = []dataset.StorageColumn{{Name: "code", Type: dataset.TypeText}, {Name: "n", Type: dataset.TypeInteger}}

func each(t *testing.T, rows int, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		store := datasetdb.Datasets{Store: &datasetdb.Store{DB: d, Now: func() time.Time { return noon }}}
		w := &world{db: d, tables: map[string][][]string{}}
		table := make([][]string, rows)
		for i := range table {
			table[i] = []string{"c" + strconv.Itoa(i+1), "0"}
		}
		v := w.version(table)
		err := store.Create(t.Context(), ada, dataset.Dataset{ID: "d", Organisation: "o", Service: "parks", Owner: "ada", Title: "D", Created: noon, Modified: noon, Current: 1, Revision: 1}, v, "")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			w.replicas = append(w.replicas, &grid.Service{Log: &griddb.Store{DB: d}, Data: w, Tables: w, Now: func() time.Time { return noon }})
		}
		fn(t, w)
	})
}

// version adds a version with a table.
func (w *world) version(table [][]string) dataset.Version {
	w.Lock()
	defer w.Unlock()
	n := len(w.versions) + 1
	v := dataset.Version{Dataset: "d", Number: n, Source: dataset.Source{Blob: "file" + strconv.Itoa(n)}, Outcome: dataset.Outcome{Table: "t" + strconv.Itoa(n)}}
	v.Outcome.Report.Profile.Keys = []string{"code"}
	w.versions, w.tables[v.Outcome.Table] = append(w.versions, v), table
	return v
}

func (w *world) Find(_ context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error) {
	w.Lock()
	defer w.Unlock()
	d := dataset.Dataset{ID: "d", Organisation: "o", Service: "parks", Owner: "ada", Current: len(w.versions)}
	if by.Organisation != "o" || id != "d" {
		return d, fault.New(fault.NotFound, "dataset.not_found")
	}
	return d, nil
}

func (w *world) ForChange(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error) {
	d, err := w.Find(ctx, by, id)
	if err == nil && !d.MayChange(by) {
		err = fault.New(fault.Denied, "dataset.not_yours")
	}
	return d, err
}

func (w *world) Past(ctx context.Context, by actor.Actor, id dataset.ID, number int) (dataset.Dataset, dataset.Version, error) {
	d, err := w.Find(ctx, by, id)
	if err != nil {
		return d, dataset.Version{}, err
	}
	w.Lock()
	defer w.Unlock()
	return d, w.versions[number-1], nil
}

// Revise makes the version at once, as the job would: the edits are written over the table of the one before.
func (w *world) Revise(ctx context.Context, by actor.Actor, _ dataset.ID, why string, change func(*dataset.Source) error) (dataset.Check, error) {
	w.Lock()
	last := w.versions[len(w.versions)-1]
	w.Unlock()
	src := last.Source
	if err := change(&src); err != nil {
		return dataset.Check{}, err
	}
	e := src.Plan.EditsOf()
	var table [][]string
	for i, row := range w.tables["t"+strconv.Itoa(e.From)] {
		row, n := slices.Clone(row), int64(i+1)
		for _, c := range e.Cells {
			if at := slices.IndexFunc(columns, func(k dataset.StorageColumn) bool { return k.Name == c.Column }); c.Row == n {
				if row[at] != c.Seen {
					return dataset.Check{}, fmt.Errorf("row %d: %q was seen, %q is there", n, c.Seen, row[at])
				}
				row[at] = c.Value
			}
		}
		if !slices.Contains(e.Removed, n) {
			table = append(table, row)
		}
	}
	for _, a := range e.Added {
		table = append(table, []string{a.Cells["code"], a.Cells["n"]})
	}
	v := w.version(table)
	w.Lock()
	defer w.Unlock()
	v.Source, v.Why = src, why
	w.versions[v.Number-1] = v
	return dataset.Check{Base: last.Number}, nil
}

func (w *world) Slice(_ context.Context, table string, first int64, count int) (dataset.Slice, error) {
	rows := w.tables[table]
	return dataset.Slice{Columns: columns, Total: int64(len(rows)), Rows: rows[min(int(first)-1, len(rows)):min(int(first)-1+count, len(rows))]}, nil
}

func (w *world) do(t *testing.T, by actor.Actor, replica int, ops ...grid.Op) []grid.Result {
	t.Helper()
	var asked []grid.Asked
	for _, op := range ops {
		asked = append(asked, grid.Asked{Op: op, Seen: 1 << 40})
	}
	out, err := w.replicas[replica].Do(t.Context(), by, "d", asked)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func edit(key string, row int64, column, before, after string) grid.Op {
	return grid.Op{Key: key, Kind: grid.Edit, Changes: []grid.Change{{Row: row, Column: column, Before: before, After: after}}}
}

func (w *world) view(t *testing.T, by actor.Actor, replica int) grid.View {
	t.Helper()
	v, err := w.replicas[replica].Read(t.Context(), by, "d")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestManyEditorsOnTwoReplicasLoseNothing(t *testing.T) {
	const people, rounds = 8, 25
	each(t, people, func(t *testing.T, w *world) {
		var all sync.WaitGroup
		for p := range people {
			all.Go(func() {
				by := actor.Actor{ID: "p" + strconv.Itoa(p), Organisation: "o", Name: "P", Service: "parks"}
				for n := range rounds { // one's own cell, and one that everybody counts up
					s := w.replicas[(p+n)%2]
					own := edit("own"+strconv.Itoa(n), int64(p+1), "n", strconv.Itoa(n), strconv.Itoa(n+1))
					for range 1 + n%2 {
						if out, err := s.Do(t.Context(), by, "d", []grid.Asked{{Op: own}}); err != nil || out[0].Fault != nil || len(out[0].Op.Conflicts) > 0 {
							t.Errorf("own cell: got %+v, %v", out, err)
							return
						}
					}
					for try := 0; ; try++ {
						v, err := s.Read(t.Context(), by, "d")
						if err != nil {
							t.Error(err)
							return
						}
						seen := v.Overlay.Value(1, "code", "c1")
						count, _ := strconv.Atoi(seen[1:])
						out, err := s.Do(t.Context(), by, "d", []grid.Asked{{Op: edit(fmt.Sprintf("count%d.%d", n, try), 1, "code", seen, "c"+strconv.Itoa(count+1))}})
						if err != nil {
							t.Error(err)
							return
						}
						if out[0].Op.Seq > 0 {
							break
						}
					}
				}
			})
		}
		all.Wait()
		for replica := range w.replicas {
			v := w.view(t, ada, replica)
			if got := v.Overlay.Value(1, "code", ""); got != "c"+strconv.Itoa(1+people*rounds) {
				t.Errorf("replica %d counts %s, want %d", replica, got, 1+people*rounds)
			}
			for p := range people {
				if got := v.Overlay.Value(int64(p+1), "n", ""); got != strconv.Itoa(rounds) {
					t.Errorf("replica %d, editor %d: got %s", replica, p, got)
				}
			}
			if v.Overlay.Seq != 1+2*people*rounds {
				t.Errorf("got %d operations, want %d", v.Overlay.Seq, 1+2*people*rounds)
			}
		}
	})
}

func TestAVersionKeptTakesTheOperationsWithIt(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		w.do(t, ada, 0, edit("1", 1, "n", "0", "5"), grid.Op{Key: "2", Kind: grid.Edit, Removed: []int64{2}, Added: []int64{-1}, Changes: []grid.Change{{Row: -1, Column: "code", After: "new"}}})
		if _, err := w.replicas[1].Keep(t.Context(), ada, "d", false); err != nil {
			t.Fatal(err)
		}
		// Sent by a page that does not know the version yet: row 4 is row 3 there.
		late := edit("3", 4, "n", "0", "9")
		late.Base = 1
		if out := w.do(t, ada, 0, late); out[0].Op.Seq == 0 || out[0].Op.Base != 2 {
			t.Fatalf("got %+v", out)
		}
		v := w.view(t, ada, 1)
		if v.Overlay.Base != 2 || v.Stale || v.Rows != 4 || v.Overlay.Value(3, "n", "0") != "9" || v.Overlay.Pending() != 1 {
			t.Errorf("got %+v, %v", v.Overlay, v.Stale)
		}
		if got := fmt.Sprint(w.tables["t2"]); got != "[[c1 5] [c3 0] [c4 0] [new ]]" {
			t.Errorf("got %s", got)
		}
		if _, err := w.replicas[0].Keep(t.Context(), lin, "d", false); fault.KindOf(err) != fault.Denied {
			t.Errorf("somebody who may not: got %v", err)
		}
	})
}

func TestAnotherFileLeavesTheChoice(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(s *grid.Service) error
		want string
	}{
		{"carried by key", func(s *grid.Service) error {
			c, err := s.Carry(context.Background(), ada, "d", false)
			if err == nil && (c.Moved != 3 || len(c.Left) != 1 || c.Left[0].Now != "7") {
				err = fmt.Errorf("got %+v", c)
			}
			return err
		}, "2 [4] [3] 8"},
		{"set aside", func(s *grid.Service) error { _, err := s.Carry(context.Background(), ada, "d", true); return err }, "2 [] [] 0"},
		{"the older version goes on", func(s *grid.Service) error { _, err := s.Keep(context.Background(), ada, "d", true); return err }, "3 [] [] 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			each(t, 4, func(t *testing.T, w *world) {
				w.do(t, ada, 0, edit("1", 1, "n", "0", "8"), edit("2", 2, "n", "0", "1"), grid.Op{Key: "3", Kind: grid.Edit, Removed: []int64{3}, Added: []int64{-1}, Changes: []grid.Change{{Row: -1, Column: "n", After: "6"}}})
				w.version([][]string{{"c2", "7"}, {"c1", "0"}, {"c3", "0"}})
				if v := w.view(t, ada, 1); !v.Stale || v.Overlay.Base != 1 || v.Overlay.Pending() != 4 {
					t.Fatalf("got %+v, stale %v", v.Overlay, v.Stale)
				}
				if _, err := w.replicas[1].Keep(t.Context(), ada, "d", false); !fault.Is(err, "grid.other_version") {
					t.Fatalf("got %v", err)
				}
				if err := tc.do(w.replicas[1]); err != nil {
					t.Fatal(err)
				}
				v := w.view(t, ada, 0)
				removed := []int64{}
				for row := range v.Overlay.Removed {
					removed = append(removed, row)
				}
				value := v.Overlay.Value(2, "n", "0")
				if got := fmt.Sprintf("%d %v %v %s", v.Overlay.Base, v.Overlay.AddedRows(), removed, value); got != tc.want {
					t.Errorf("got %s, want %s", got, tc.want)
				}
			})
		})
	}
}

func TestWhoMay(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		s := w.replicas[0]
		if _, err := s.Do(t.Context(), lin, "d", []grid.Asked{{Op: edit("1", 1, "n", "0", "1")}}); fault.KindOf(err) != fault.Denied {
			t.Errorf("a colleague who may not change: got %v", err)
		}
		if _, err := s.Do(t.Context(), eve, "d", []grid.Asked{{Op: grid.Op{Key: "1", Kind: grid.Propose}}}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger: got %v", err)
		}
		out, err := s.Do(t.Context(), lin, "d", []grid.Asked{{Op: grid.Op{Key: "1", Kind: grid.Propose, Changes: []grid.Change{{Row: 1, Column: "n", Before: "0", After: "1"}}}}})
		if err != nil || out[0].Op.Seq == 0 {
			t.Fatalf("got %+v, %v", out, err)
		}
		w.do(t, ada, 1, edit("1", 2, "n", "0", "secret"), grid.Op{Key: "2", Kind: grid.Accept, Of: out[0].Op.Seq})
		if v := w.view(t, lin, 0); v.Own || v.May || v.State != nil || v.Overlay.Pending() != 0 {
			t.Errorf("whom the catalogue alone shows it sees %+v", v)
		}
		if _, err := s.Since(t.Context(), lin, "d", 0, 10); fault.KindOf(err) != fault.Denied {
			t.Errorf("the log: got %v", err)
		}
		ops, err := s.Since(t.Context(), ada, "d", 0, 10)
		if err != nil || len(ops) != 4 || ops[3].Credit != "lin" || ops[3].Person != "ada" {
			t.Errorf("got %+v, %v", ops, err)
		}
		if err := s.Forget(t.Context(), "o", "lin"); err != nil {
			t.Fatal(err)
		}
		if ops, err = s.Since(t.Context(), ada, "d", 0, 10); err != nil || ops[3].CreditName != "" || ops[1].Name != "" || ops[3].Name != "Ada" {
			t.Errorf("forgotten: got %+v, %v", ops, err)
		}
		if store := (&griddb.Store{DB: w.db}); true {
			theirs, err := store.After(t.Context(), grid.Place{Organisation: "elsewhere", Dataset: "d"}, 0, 0)
			_, appendErr := store.Append(t.Context(), grid.Place{Organisation: "elsewhere", Dataset: "d"}, 0, "k", func([]grid.Op) (grid.Op, error) { return grid.Op{Kind: grid.Rebase}, nil })
			if len(theirs) > 0 || err != nil || fault.KindOf(appendErr) != fault.NotFound {
				t.Errorf("another organisation: got %v, %v, %v", theirs, err, appendErr)
			}
		}
	})
}

// Whoever leaves a page while it is made leaves the grid to the others.
func TestARequestGivenUpHoldsNothing(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		s := w.replicas[0]
		gone, leave := context.WithCancel(t.Context())
		leave()
		if _, err := s.Read(gone, ada, "d"); err == nil {
			t.Error("a request given up reads the grid")
		}
		read := make(chan error, 1)
		go func() {
			_, err := s.Read(t.Context(), ada, "d")
			read <- err
		}()
		select {
		case err := <-read:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("the grid is still held")
		}
	})
}

func TestWhoIsThere(t *testing.T) {
	each(t, 3, func(t *testing.T, w *world) {
		store := &griddb.Store{DB: w.db}
		before, here, err := store.Here(t.Context(), place, noon)
		if err != nil || before != 0 || len(here) != 0 {
			t.Fatalf("got %d, %v, %v", before, here, err)
		}
		for _, p := range []grid.Presence{{Person: "old", Name: "Old", At: noon.Add(-time.Hour)}, {Person: "lin", Name: "Lin", Row: 2, Column: "n", At: noon}, {Person: "ada", Name: "Ada", At: noon}, {Person: "ada", Name: "Ada", Row: 3, At: noon}} {
			if err := store.Stand(t.Context(), place, p); err != nil {
				t.Fatal(err)
			}
		}
		pulse, here, err := store.Here(t.Context(), place, noon.Add(-time.Minute))
		if err != nil || pulse != 4 || len(here) != 2 || here[0].Row != 3 || here[1].Column != "n" {
			t.Errorf("got %d, %+v, %v", pulse, here, err)
		}
		if err := store.Leave(t.Context(), place, "ada", noon); err != nil {
			t.Fatal(err)
		}
		if pulse, here, err = store.Here(t.Context(), place, time.Time{}); err != nil || pulse != 5 || len(here) != 1 {
			t.Errorf("got %d, %+v, %v", pulse, here, err)
		}
	})
}
