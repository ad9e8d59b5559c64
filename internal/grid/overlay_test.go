package grid

import "testing"

func set(seq, row int64, column, before, after string) Op {
	return Op{Seq: seq, Kind: Edit, Base: 1, Changes: []Change{{row, column, before, after}}}
}

func TestAnOverlayIsTheFoldOfItsOperations(t *testing.T) {
	o := NewOverlay(1, 10)
	o.Fold(set(1, 3, "nom", "caen", "Caen"), set(2, 3, "nom", "Caen", "CAEN"), Op{Seq: 3, Kind: Edit, Added: []int64{11}, Changes: []Change{{11, "nom", "", "Lisieux"}}},
		Op{Seq: 4, Kind: Edit, Removed: []int64{5}}, Op{Seq: 5, Kind: Propose, Changes: []Change{{1, "nom", "a", "b"}}})
	again := o.Clone()
	o.Fold(set(2, 3, "nom", "Caen", "CAEN"))
	if o.Seq != 5 || o.Pending() != again.Pending() || o.Pending() != 3 {
		t.Errorf("got %d pending after %d, want 3 after 5", o.Pending(), o.Seq)
	}
	if got := o.Value(3, "nom", "caen"); got != "CAEN" {
		t.Errorf("got %q, want CAEN", got)
	}
	if got := o.Value(1, "nom", "a"); got != "a" {
		t.Errorf("a proposal changed a cell: got %q", got)
	}
	if !o.Gone(5) || o.Gone(3) || len(o.AddedRows()) != 1 || o.Last != 11 {
		t.Errorf("got rows %v, gone %v", o.AddedRows(), o.Removed)
	}
	o.Fold(set(6, 3, "nom", "CAEN", "caen"), Op{Seq: 7, Kind: Undo, Of: 4, Returned: []int64{5}}, Op{Seq: 8, Kind: Undo, Of: 3, Removed: []int64{11}})
	if o.Pending() != 0 {
		t.Errorf("all was taken back: got %d pending, %v", o.Pending(), o.Cells)
	}
	if len(again.Cells) != 2 || again.Value(3, "nom", "") != "CAEN" {
		t.Errorf("the clone moved: got %v", again.Cells)
	}
	again.Fold(set(9, 3, "rue", "", "Haute"))
	if len(o.Cells[3]) != 0 || len(again.Cells[3]) != 2 {
		t.Errorf("what was cloned moved: got %v, %v", o.Cells, again.Cells)
	}
}

func TestARowIsFoundAgainInTheVersionMadeOfIt(t *testing.T) {
	m := Move{From: 1, Rows: 10, Removed: []int64{2, 5, 6}, Added: []int64{11, 13}, Last: 13, Now: 9}
	for before, now := range map[int64]int64{1: 1, 2: 0, 3: 2, 4: 3, 5: 0, 7: 4, 10: 7, 11: 8, 12: 0, 13: 9, 14: 10, 15: 11, 0: 0} {
		if got := m.Row(before); got != now {
			t.Errorf("row %d: got %d, want %d", before, got, now)
		}
		if now != 0 && now <= m.Now {
			if got := m.Origin(now); got != before {
				t.Errorf("origin of row %d: got %d, want %d", now, got, before)
			}
		}
	}
	if got := (Move{Other: true, Rows: 10}).Row(3); got != 0 {
		t.Errorf("another file: got %d", got)
	}
}
