package grid

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"cultured/internal/fault"
)

// A base of a few rows and columns; every cell holds its place.
type squares struct{ rows int64 }

func (b squares) Value(row int64, column string) (string, bool) {
	return column + strconv.FormatInt(row, 10), row >= 1 && row <= b.rows
}
func (b squares) Knows(column string) bool { return slices.Contains([]string{"a", "b", "c"}, column) }

func begun(rows int64) *State {
	s := Begin()
	s.Fold(Op{Seq: 1, Kind: Rebase, Base: 1, Move: &Move{Now: rows, Other: true}})
	return s
}

// do decides and folds, as the service does.
func do(t *testing.T, s *State, person string, op Op) Op {
	t.Helper()
	op.Person, op.Key = person, "k"
	done, err := s.Decide(Asked{Op: op, Seen: s.Overlay.Seq}, squares{s.Overlay.Rows})
	if err != nil {
		t.Fatal(err)
	}
	if done.Stored() {
		done.Seq = s.Overlay.Seq + 1
		s.Fold(done)
	}
	return done
}

func cell(row int64, column, before, after string) Op {
	return Op{Kind: Edit, Changes: []Change{{row, column, before, after}}}
}

func TestACellIsWrittenOnlyOverWhatWasSeen(t *testing.T) {
	s := begun(5)
	do(t, s, "ada", cell(2, "a", "a2", "x"))
	for _, tc := range []struct {
		name      string
		op        Op
		conflicts string
		stored    bool
	}{
		{"another cell of the row", cell(2, "b", "b2", "y"), "[]", true},
		{"what somebody wrote meanwhile", cell(2, "a", "a2", "z"), "[{2 a other a2 x z 2}]", false},
		{"what is there already", cell(2, "a", "a2", "x"), "[]", false},
		{"a column that is none", cell(2, "d", "", "z"), "[{2 d unknown   z 0}]", false},
		{"a row that is none", cell(6, "a", "", "z"), "[{6 a no_row   z 0}]", false},
		{"several, of which one does not fit", Op{Kind: Edit, Changes: []Change{{3, "a", "a3", "1"}, {2, "a", "a2", "2"}}}, "[{2 a other a2 x 2 2}]", true},
	} {
		got := do(t, s, "bob", tc.op)
		if fmt.Sprint(got.Conflicts) != tc.conflicts || (got.Seq > 0) != tc.stored {
			t.Errorf("%s: got %v, stored %v, want %s, %v", tc.name, got.Conflicts, got.Seq > 0, tc.conflicts, tc.stored)
		}
	}
}

func TestWhatWasDoneIsTakenBackWhereNobodyWroteSince(t *testing.T) {
	s := begun(5)
	paste := do(t, s, "ada", Op{Kind: Edit, Added: []int64{-1, -2}, Removed: []int64{4}, Changes: []Change{{1, "a", "a1", "x"}, {2, "a", "a2", "x"}, {-1, "a", "", "new"}}})
	if !slices.Equal(paste.Added, []int64{6, 7}) || paste.Changes[2] != (Change{6, "a", "", "new"}) {
		t.Fatalf("got %+v", paste)
	}
	do(t, s, "bob", cell(2, "a", "x", "y"))
	do(t, s, "bob", cell(7, "b", "", "kept"))
	undo := do(t, s, "ada", Op{Kind: Undo, Of: paste.Seq})
	if len(undo.Conflicts) != 2 || !slices.Equal(undo.Removed, []int64{6}) || !slices.Equal(undo.Returned, []int64{4}) {
		t.Errorf("got %+v", undo)
	}
	if got := s.Overlay.Value(1, "a", "a1") + s.Overlay.Value(2, "a", "a2"); got != "a1y" {
		t.Errorf("got %s", got)
	}
	redo := do(t, s, "ada", Op{Kind: Undo, Of: undo.Seq})
	if len(redo.Conflicts) != 0 || s.Overlay.Value(1, "a", "a1") != "x" || !s.Overlay.Gone(4) || s.Overlay.Gone(6) || s.Overlay.Value(6, "a", "") != "new" {
		t.Errorf("done again: got %+v, %v", redo, s.Overlay.Cells)
	}
	back := do(t, s, "ada", Op{Kind: Restore, Of: 1})
	if s.Overlay.Pending() != 0 || len(back.Changes) == 0 {
		t.Errorf("all back: got %d pending, %v", s.Overlay.Pending(), s.Overlay)
	}
	again := do(t, s, "ada", Op{Kind: Restore, Of: redo.Seq})
	if s.Overlay.Value(2, "a", "a2") != "y" || !s.Overlay.Gone(4) || s.Overlay.Gone(7) || s.Overlay.Value(7, "b", "") != "kept" {
		t.Errorf("as after %d: got %+v, %v", redo.Seq, again, s.Overlay)
	}
}

func TestARowChangedMeanwhileIsNotTakenAway(t *testing.T) {
	s := begun(5)
	seen := s.Overlay.Seq
	do(t, s, "bob", cell(2, "a", "a2", "x"))
	op, err := s.Decide(Asked{Op: Op{Kind: Edit, Key: "k", Person: "ada", Removed: []int64{2, 3}}, Seen: seen}, squares{5})
	if err != nil || len(op.Conflicts) != 1 || !slices.Equal(op.Removed, []int64{3}) {
		t.Errorf("got %+v, %v", op, err)
	}
}

func TestAProposalChangesNothingUntilItIsAccepted(t *testing.T) {
	s := begun(5)
	first := do(t, s, "eve", Op{Kind: Propose, Text: "typo", Added: []int64{-1}, Changes: []Change{{1, "a", "a1", "x"}, {-1, "b", "", "n"}, {2, "a", "a2", "z"}}})
	second := do(t, s, "eve", Op{Kind: Propose, Removed: []int64{5}})
	if s.Overlay.Pending() != 0 || len(s.Waiting()) != 2 {
		t.Fatalf("got %d pending, %d waiting", s.Overlay.Pending(), len(s.Waiting()))
	}
	do(t, s, "bob", cell(2, "a", "a2", "mine"))
	took := do(t, s, "bob", Op{Kind: Accept, Of: first.Seq})
	if took.Credit != "eve" || len(took.Conflicts) != 1 || s.Overlay.Value(1, "a", "a1") != "x" || s.Overlay.Value(2, "a", "a2") != "mine" || s.Overlay.Value(6, "b", "") != "n" {
		t.Errorf("got %+v", took)
	}
	if _, err := s.Decide(Asked{Op: Op{Kind: Accept, Key: "k", Of: first.Seq}}, squares{5}); !fault.Is(err, "grid.proposal_closed") {
		t.Errorf("accepted twice: got %v", err)
	}
	if _, err := s.Decide(Asked{Op: Op{Kind: Withdraw, Key: "k", Of: second.Seq, Person: "bob"}}, squares{5}); !fault.Is(err, "grid.no_proposal") {
		t.Errorf("taken back by somebody else: got %v", err)
	}
	do(t, s, "bob", Op{Kind: Refuse, Of: second.Seq, Text: "no"})
	if p := s.Proposal(second.Seq); p.State != Refused || p.Answer != "no" || len(s.Waiting()) != 0 || s.Overlay.Gone(5) {
		t.Errorf("got %+v", p)
	}
}

func TestWhatCameWhileAVersionWasMadeStandsOnIt(t *testing.T) {
	s := begun(5)
	do(t, s, "ada", Op{Kind: Edit, Added: []int64{-1}, Removed: []int64{2}, Changes: []Change{{1, "a", "a1", "x"}, {-1, "a", "", "new"}}})
	upto := s.Overlay.Clone()
	do(t, s, "bob", cell(3, "b", "b3", "late"))
	do(t, s, "bob", Op{Kind: Edit, Added: []int64{-1}, Changes: []Change{{-1, "c", "", "later"}, {6, "c", "", "six"}}})
	proposal := do(t, s, "eve", Op{Kind: Propose, Changes: []Change{{4, "a", "a4", "p"}}})
	op := s.Rebased(2, Move{From: 1, Upto: upto.Seq, Rows: 5, Last: 6, Removed: []int64{2}, Added: []int64{6}, Now: 5}, proposal.At)
	op.Seq = s.Overlay.Seq + 1
	s.Fold(op)
	want := map[int64]string{2: "b late", 5: "c six", 6: "c later"}
	got := map[int64]string{}
	for row, cells := range s.Overlay.Cells {
		for column, c := range cells {
			got[row] += column + " " + c.Value
		}
	}
	if !maps.Equal(got, want) || s.Overlay.Base != 2 || !slices.Equal(s.Overlay.AddedRows(), []int64{6}) || len(op.Conflicts) != 0 {
		t.Errorf("got %v, added %v, want %v; %v", got, s.Overlay.Added, want, op.Conflicts)
	}
	if p := s.Proposal(proposal.Seq); p.Changes[0].Row != 3 || p.State != Open {
		t.Errorf("the proposal: got %+v", p)
	}
	late, err := s.Decide(Asked{Op: Op{Kind: Edit, Key: "k", Base: 1, Changes: []Change{{5, "a", "a5", "from before"}, {2, "a", "a2", "gone"}}}}, shifted{})
	if err != nil || len(late.Changes) != 1 || late.Changes[0].Row != 4 || len(late.Conflicts) != 1 {
		t.Errorf("sent from before: got %+v, %v", late, err)
	}
}

// shifted is the table of the version made above.
type shifted struct{ squares }

func (shifted) Value(row int64, column string) (string, bool) {
	return column + strconv.FormatInt(row+1, 10), true
}

// An editor of the property below: what it was told was done, and nothing else, is its journal.
type editor struct {
	name    string
	seen    *Overlay // its copy of the table, sometimes old
	journal []Op
}

// log is a log that forgets no key.
type memory struct {
	*State
	ops  []Op
	sent map[string]Op
}

func (m *memory) send(e *editor, key string, op Op) (Op, error) {
	if done, ok := m.sent[e.name+key]; ok {
		return done, nil
	}
	op.Person, op.Key = e.name, key
	done, err := m.Decide(Asked{Op: op, Seen: e.seen.Seq}, squares{m.Overlay.Rows})
	if err != nil || !done.Stored() {
		return done, err
	}
	done.Seq, done.Key = m.Overlay.Seq+1, key
	m.Fold(done)
	m.ops, m.sent[e.name+key] = append(m.ops, done), done
	return done, nil
}

// random is something an editor does, seen from its copy of the table.
func (e *editor) random(r *rand.Rand, n int) Op {
	value := func(row int64, column string) string { return e.seen.Value(row, column, baseOf(e.seen, row, column)) }
	row, column := 1+r.Int64N(e.seen.next()), string("abc"[r.IntN(3)])
	switch r.IntN(10) {
	case 0:
		return Op{Kind: Edit, Added: []int64{-1}, Changes: []Change{{-1, column, "", e.name + strconv.Itoa(n)}}}
	case 1:
		return Op{Kind: Edit, Removed: []int64{row}}
	case 2:
		if len(e.journal) > 0 {
			return Op{Kind: Undo, Of: e.journal[r.IntN(len(e.journal))].Seq}
		}
	case 3:
		return Op{Kind: Restore, Of: 1 + r.Int64N(max(1, e.seen.Seq))}
	}
	return Op{Kind: Edit, Changes: []Change{{row, column, value(row, column), e.name + strconv.Itoa(n)}, {1 + r.Int64N(3), "b", "guess", "never"}}}
}

func baseOf(o *Overlay, row int64, column string) string {
	v, known := squares{o.Rows}.Value(row, column)
	if !known {
		return ""
	}
	return v
}

// Whatever people do, in whatever order, sending again what they are not sure of: everybody who folds the log has the same table, each
// operation is there once, each one's journal is what the log holds of them, and each cell is what the last one to write it wrote.
func TestNothingIsLostOrDoubled(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 7))
		log := &memory{State: begun(4 + r.Int64N(5)), sent: map[string]Op{}}
		first := log.Ops[0]
		editors := []*editor{{name: "ada"}, {name: "bob"}, {name: "eve"}, {name: "lin"}}
		for _, e := range editors {
			e.seen = log.Overlay.Clone()
		}
		for n := range 80 {
			e := editors[r.IntN(len(editors))]
			if r.IntN(3) > 0 {
				e.seen = log.Overlay.Clone()
			}
			op := e.random(r, n)
			done, err := log.send(e, strconv.Itoa(n), op)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for range r.IntN(3) {
				if again, err := log.send(e, strconv.Itoa(n), op); err == nil && done.Seq > 0 && again.Seq != done.Seq {
					t.Fatalf("seed %d: sent again, stored under %d and %d", seed, done.Seq, again.Seq)
				}
			}
			if sent, ok := log.sent[e.name+strconv.Itoa(n)]; ok {
				e.journal = append(e.journal, sent)
			}
		}
		verify(t, seed, log, first, editors)
	}
}

func verify(t *testing.T, seed uint64, log *memory, first Op, editors []*editor) {
	t.Helper()
	again := Begin()
	again.Fold(first)
	for i, op := range log.ops {
		again.Fold(log.ops[max(0, i-3) : i+1]...) // told more than once
		if op.Seq != int64(i)+2 {
			t.Fatalf("seed %d: a hole before %d", seed, op.Seq)
		}
	}
	if a, b := fmt.Sprint(*log.Overlay.Clone()), fmt.Sprint(*again.Overlay.Clone()); a != b {
		t.Fatalf("seed %d: two tables\n%s\n%s", seed, a, b)
	}
	of := map[string][]int64{}
	last := map[cellAt]Change{}
	for _, op := range log.ops {
		of[op.Person] = append(of[op.Person], op.Seq)
		for _, c := range op.Changes {
			if before, ok := last[cellAt{c.Row, c.Column}]; ok && before.After != c.Before {
				t.Fatalf("seed %d: %d wrote over %q having seen %q", seed, op.Seq, before.After, c.Before)
			}
			last[cellAt{c.Row, c.Column}] = c
		}
	}
	for _, e := range editors {
		var journal []int64
		for _, op := range e.journal {
			if !slices.Contains(journal, op.Seq) {
				journal = append(journal, op.Seq)
			}
		}
		if !slices.Equal(journal, of[e.name]) {
			t.Fatalf("seed %d: %s did %v, the log has %v", seed, e.name, journal, of[e.name])
		}
	}
	for at, c := range last {
		if got := log.Overlay.Value(at.row, at.column, baseOf(log.Overlay, at.row, at.column)); got != c.After {
			t.Fatalf("seed %d: %v holds %q, last written %q", seed, at, got, c.After)
		}
	}
}
