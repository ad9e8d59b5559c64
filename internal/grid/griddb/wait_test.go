package griddb_test

import (
	"fmt"
	"testing"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/grid"
)

func TestWhatWaitsIsTheSameOnEachReplica(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		waits := func(by actor.Actor, want grid.Wait) {
			t.Helper()
			for replica, s := range w.replicas {
				if got, err := s.Waits(t.Context(), by, "d"); err != nil || got != want {
					t.Errorf("replica %d: got %+v, %v, want %+v", replica, got, err, want)
				}
			}
		}
		waits(ada, grid.Wait{})
		propose := grid.Op{Key: "p", Kind: grid.Propose, Changes: []grid.Change{{Row: 1, Column: "n", Before: "0", After: "1"}}}
		w.do(t, lin, 0, propose)
		w.do(t, ada, 1, edit("1", 2, "n", "0", "8"), grid.Op{Key: "2", Kind: grid.Edit, Removed: []int64{3}})
		waits(ada, grid.Wait{Pending: 2, Proposals: 1})
		waits(lin, grid.Wait{}) // whom the catalogue alone shows it
		w.version([][]string{{"c1", "0"}})
		waits(ada, grid.Wait{Pending: 2, Proposals: 1, Stale: true})
		if _, err := w.replicas[0].Waits(t.Context(), eve, "d"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger: got %v", err)
		}
		for by, want := range map[string]int{"ada": 1, "lin": 1, "mo": 0} {
			who := actor.Actor{ID: by, Organisation: "o"}
			if by == "ada" {
				who = ada
			}
			_, list, err := w.replicas[1].Proposals(t.Context(), who, "d")
			if err != nil || len(list) != want {
				t.Errorf("proposals that %s sees: got %+v, %v", by, list, err)
			}
		}
		if v := w.view(t, ada, 0); !v.Marks[1]["n"] || len(v.Marks) != 1 {
			t.Errorf("got the marks %v", v.Marks)
		}
	})
}

func TestVersionsAreComparedRowByRow(t *testing.T) {
	each(t, 4, func(t *testing.T, w *world) {
		compare := func(from, to int, want string) {
			t.Helper()
			c, err := w.replicas[0].Compare(t.Context(), ada, "d", from, to)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%v%v +%v -%v ~%v %d/%d", c.Keys, c.Exact, c.Added, c.Removed, c.Changed, c.ChangedCells, c.ChangedRows); got != want {
				t.Errorf("%d to %d:\ngot  %s\nwant %s", from, to, got, want)
			}
		}
		w.do(t, ada, 0, edit("1", 1, "n", "0", "5"), edit("2", 1, "code", "c1", "c9"), grid.Op{Key: "3", Kind: grid.Edit, Removed: []int64{2}, Added: []int64{-1}, Changes: []grid.Change{{Row: -1, Column: "code", After: "new"}}})
		if _, err := w.replicas[1].Keep(t.Context(), ada, "d", false); err != nil {
			t.Fatal(err)
		}
		v := w.version([][]string{{"new", "1"}, {"c3", "0"}, {"c4", "0"}}) // another file, in another order
		// Kept edits are followed row by row, even where the key itself was edited.
		w.versions[1].Outcome.Report.Profile.Keys, w.versions[1].Outcome.Table = []string{"code"}, "t2"
		compare(1, 2, "[code]true +[{4 new}] -[{2 c2}] ~[{1 c9 code c1 c9} {1 c9 n 0 5}] 2/1")
		compare(2, v.Number, "[code]false +[] -[{1 c9}] ~[{1 new n  1}] 1/1")
		compare(1, 1, "[code]false +[] -[] ~[] 0/0")
		w.versions[2].Outcome.Report.Profile.Keys = nil // nothing tells rows apart: their numbers do
		compare(1, v.Number, "[]false +[] -[{4 }] ~[{1  code c1 new} {1  n 0 1} {2  code c2 c3} {3  code c3 c4}] 4/3")
		if _, err := w.replicas[0].Compare(t.Context(), lin, "d", 1, 2); fault.KindOf(err) != fault.Denied {
			t.Errorf("whom the catalogue alone shows it: got %v", err)
		}
	})
}

func TestAVersionTooLargeToCompareIsSaid(t *testing.T) {
	each(t, 1, func(t *testing.T, w *world) {
		row := []string{"a", "b"}
		large := make([][]string, 1_500_001)
		for i := range large {
			large[i] = row
		}
		w.version(large)
		if _, err := w.replicas[0].Compare(t.Context(), ada, "d", 2, 1); !fault.Is(err, "grid.compare_large") {
			t.Errorf("got %v", err)
		}
	})
}
