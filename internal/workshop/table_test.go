package workshop

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// guest is the hand of a number.
func guest(i int) Hand { return Hand{Secret: fmt.Sprint("secret ", i), Session: "s"} }

// crowded is a session of so many people, in its write phase, whose plan has tables of about size people; 0 is none.
func crowded(t *testing.T, anonymous bool, people, size int) *State {
	t.Helper()
	p := plan(anonymous)
	p.Phases[1].Tables, p.Phases[1].Private = size, false
	s := Begin(p)
	for i := range people {
		must(t, s, guest(i), Op{Kind: Join, Text: fmt.Sprint("P", i)})
	}
	must(t, s, boss, Op{Kind: Advance, To: "write", Nonce: "lot"})
	return s
}

// sizes are how many sit at each table.
func sizes(s *State) (out []int) {
	for _, t := range s.Tables() {
		out = append(out, len(t.People))
	}
	return out
}

func TestDraw_isFair(t *testing.T) {
	for _, tc := range []struct {
		people, size int
		anonymous    bool
		want         string
	}{
		{30, 6, true, "[6 6 6 6 6]"},
		{31, 6, true, "[7 6 6 6 6]"},
		{11, 6, true, "[6 5]"},
		{9, 6, true, "[9]"}, // two would have fewer than five
		{9, 6, false, "[5 4]"},
		{3, 2, true, "[3]"},
		{3, 2, false, "[2 1]"},
		{1, 6, true, "[1]"},
		{0, 6, true, "[0]"},
		{300, 8, true, fmt.Sprint(slices.Concat(slices.Repeat([]int{8}, 34), slices.Repeat([]int{7}, 4)))},
	} {
		s := crowded(t, tc.anonymous, tc.people, tc.size)
		if got := fmt.Sprint(sizes(s)); got != tc.want {
			t.Errorf("%d people, tables of %d, anonymous %v: got %s, want %s", tc.people, tc.size, tc.anonymous, got, tc.want)
		}
		seen := map[int64]bool{}
		for _, table := range s.Tables() {
			for _, who := range table.People {
				if seen[who] {
					t.Errorf("%d sits twice", who)
				}
				seen[who] = true
			}
		}
		if len(seen) != tc.people || !s.Apart() {
			t.Errorf("%d of %d sit, apart %v", len(seen), tc.people, s.Apart())
		}
	}
}

// at is the number of the table a guest sits at.
func at(t *testing.T, s *State, i int) int {
	t.Helper()
	table, ok := s.TableOf(guest(i))
	if !ok {
		t.Fatalf("guest %d sits nowhere", i)
	}
	return table.Number
}

func TestTables_eachHasItsBoard(t *testing.T) {
	s := crowded(t, true, 12, 6)
	mate, stranger := -1, -1
	for i := range 12 {
		switch {
		case i > 0 && at(t, s, i) == at(t, s, 0):
			mate = i
		case i > 0:
			stranger = i
		}
	}
	card := must(t, s, guest(0), Op{Kind: AddCard, Phase: "write", Text: "Ours", Theme: "Found here"})
	must(t, s, boss, Op{Kind: AddCard, Phase: "write", Text: "For all"})
	for _, tc := range []struct {
		name string
		hand Hand
		want int
	}{{"its author", guest(0), 2}, {"the same table", guest(mate), 2}, {"another table", guest(stranger), 1}, {"the facilitator", boss, 2}, {"the projection screen", Hand{}, 1}} {
		if got := len(s.Cards("write", tc.hand)); got != tc.want {
			t.Errorf("%s: got %d cards, want %d", tc.name, got, tc.want)
		}
	}
	if got := s.ThemesFor("write", guest(stranger)); !slices.Equal(got, []string{"Collect", "Use"}) {
		t.Errorf("another table is told of the theme: %v", got)
	}
	if got := s.ThemesFor("write", guest(mate)); !slices.Contains(got, "Found here") {
		t.Errorf("the same table is not: %v", got)
	}
	if got := do(s, guest(stranger), Op{Kind: MoveCard, Card: card, Theme: "Use"}); got != "workshop.no_card" {
		t.Errorf("another table moves it: got %q", got)
	}
	seen := s.TableLook(at(t, s, stranger))
	must(t, s, guest(mate), Op{Kind: AddCard, Phase: "write", Text: "Ours too"})
	if s.TableLook(at(t, s, stranger)) != seen || s.TableLook(at(t, s, 0)) != s.Seq || s.Look != s.Seq {
		t.Error("another table is told of what it does not see, or those who see it are not")
	}
	must(t, s, boss, Op{Kind: Unite})
	for _, h := range []Hand{guest(stranger), {}} {
		if got := len(s.Cards("write", h)); got != 3 {
			t.Errorf("all together: got %d cards, want 3", got)
		}
	}
	if s.TableLook(at2(s)) != s.Seq {
		t.Error("nobody was told that the tables came together")
	}
	var names []string
	for _, c := range s.Cards("write", Hand{}) {
		names = append(names, s.TableName(c.Table))
	}
	if want := s.TableName(s.cards[card].Table); !slices.Equal(names, []string{want, "", want}) || want == "" {
		t.Errorf("the cards say tables %q", names)
	}
}

func at2(s *State) int { return s.drawn }

// What is stored of a vote, or of a card that is changed, says nothing of where its hand sits.
func TestTables_votesHaveNone(t *testing.T) {
	s := crowded(t, true, 12, 6)
	card := must(t, s, guest(0), Op{Kind: AddCard, Phase: "write", Text: "Ours"})
	must(t, s, boss, Op{Kind: Advance, Phase: "write", To: "vote"})
	if s.Apart() {
		t.Error("a phase whose plan has no tables did not bring them together")
	}
	must(t, s, boss, Op{Kind: Split, Phase: "vote", Table: s.TableCount()})
	for _, op := range []Op{{Kind: CastDots, Phase: "vote", Card: card, Value: 1, Table: 2, Who: 3}, {Kind: EditCard, Card: card, Text: "x", Table: 2, Who: 3}} {
		got, err := s.Decide(op, guest(0))
		if err != nil || got.Table != 0 || got.Who != 0 {
			t.Errorf("%s: stored table %d, person %d, %v", op.Kind, got.Table, got.Who, err)
		}
	}
}

func TestTables_decide(t *testing.T) {
	for _, tc := range []struct {
		name      string
		anonymous bool
		people    int
		op        func(s *State) (Hand, Op)
		want      string
	}{
		{"a participant splits", true, 12, func(s *State) (Hand, Op) { return guest(0), Op{Kind: Split, Phase: "write"} }, "workshop.facilitator_only"},
		{"a participant changes tables", true, 12, func(s *State) (Hand, Op) { return guest(0), Op{Kind: Seat, Who: 1, Table: 2} }, "workshop.facilitator_only"},
		{"tables of one", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Split, Phase: "write", Value: 1, Table: 2} }, "workshop.table_size"},
		{"drawn from another page", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Split, Phase: "write", Value: 6} }, "workshop.tables_moved"},
		{"drawn for a phase that is over", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Split, Phase: "hello", Value: 6, Table: 2} }, "workshop.phase_moved"},
		{"drawn anew", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Split, Phase: "write", Value: 6, Table: 2} }, ""},
		{"nobody to draw", true, 0, func(s *State) (Hand, Op) { return boss, Op{Kind: Split, Phase: "write", Value: 6, Table: 1} }, "workshop.nobody_yet"},
		{"one leaves a table of six", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Seat, Who: s.Tables()[0].People[0], Table: 2} }, ""},
		{"one leaves a table of five", true, 10, func(s *State) (Hand, Op) { return boss, Op{Kind: Seat, Who: s.Tables()[0].People[0], Table: 2} }, "workshop.table_small"},
		{"one leaves it in exchange", true, 10, func(s *State) (Hand, Op) {
			return boss, Op{Kind: Seat, Who: s.Tables()[0].People[0], Table: 2, With: s.Tables()[1].People[0]}
		}, ""},
		{"in exchange for somebody of the same table", true, 10, func(s *State) (Hand, Op) {
			return boss, Op{Kind: Seat, Who: s.Tables()[0].People[0], Table: 2, With: s.Tables()[0].People[1]}
		}, "workshop.not_at_table"},
		{"one leaves a small table of people with names", false, 3, func(s *State) (Hand, Op) { return boss, Op{Kind: Seat, Who: s.Tables()[0].People[0], Table: 2} }, ""},
		{"somebody who is not there", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Seat, Who: 99, Table: 2} }, "workshop.no_person"},
		{"a table that is not there", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Seat, Who: 1, Table: 9} }, "workshop.no_table"},
		{"a name", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Label, Table: 1, Text: " Accueil "} }, ""},
		{"no name", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Label, Table: 1, Text: " "} }, "workshop.table_name"},
		{"the name of another", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Label, Table: 1, Text: "Table 2"} }, "workshop.table_named"},
		{"the name of a table that is not there", true, 12, func(s *State) (Hand, Op) { return boss, Op{Kind: Label, Table: 0, Text: "x"} }, "workshop.no_table"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			size := 6
			if !tc.anonymous {
				size = 2
			}
			s := crowded(t, tc.anonymous, tc.people, size)
			h, op := tc.op(s)
			before := sizes(s)
			if got := do(s, h, op); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if tc.anonymous {
				for _, n := range sizes(s) {
					if n < TableLeast && tc.people >= TableLeast {
						t.Errorf("tables of %v became %v", before, sizes(s))
					}
				}
			}
		})
	}
}

func TestTables_whoComesLate(t *testing.T) {
	s := crowded(t, true, 11, 6)
	small := s.Tables()[1].Number
	must(t, s, guest(50), Op{Kind: Join, Text: "Late", Table: 1})
	if got := at(t, s, 50); got != small {
		t.Errorf("sits at table %d, want the smallest, %d", got, small)
	}
	must(t, s, boss, Op{Kind: Advance, Phase: "write", To: "group"})
	if _, ok := s.TableOf(guest(50)); ok {
		t.Error("all are together and somebody still sits at a table")
	}
	before := sizes(s)
	must(t, s, boss, Op{Kind: Advance, Phase: "group", To: "write", Nonce: "another lot"})
	if got := sizes(s); !slices.Equal(got, before) || !s.Apart() || at(t, s, 50) != small {
		t.Error("coming back to a phase done by tables seats people elsewhere")
	}
}

// Tables that are drawn anew have other names than those something was written at; an empty one leaves its name.
func TestTables_names(t *testing.T) {
	s := crowded(t, true, 12, 6)
	names := func() (out []string) {
		for _, t := range s.Tables() {
			out = append(out, t.Name)
		}
		return out
	}
	must(t, s, boss, Op{Kind: Split, Phase: "write", Value: 6, Table: 2, Nonce: "b"})
	if got := names(); !slices.Equal(got, []string{"Table 1", "Table 2"}) {
		t.Errorf("got %v", got)
	}
	must(t, s, guest(0), Op{Kind: AddCard, Phase: "write", Text: "x"})
	must(t, s, boss, Op{Kind: Split, Phase: "write", Value: 6, Table: 4, Nonce: "c"})
	if got := names(); !slices.Equal(got, []string{"Table 3", "Table 4"}) {
		t.Errorf("got %v", got)
	}
}

// Once a session is closed nothing says who sat where: neither its state, nor that of a log from which it was taken out.
func TestTables_closing(t *testing.T) {
	s := crowded(t, true, 12, 6)
	must(t, s, guest(0), Op{Kind: AddCard, Phase: "write", Text: "x"})
	must(t, s, boss, Op{Kind: Close})
	for _, table := range s.Tables() {
		if len(table.People) > 0 {
			t.Errorf("%s still has people", table.Name)
		}
	}
	b, err := json.Marshal(s.Report(Session{}, nil))
	if err != nil || !strings.Contains(string(b), `"table":"Table `) {
		t.Errorf("the report does not say the table: %s, %v", b, err)
	}
	if !reflect.DeepEqual(sizes(s), []int{0, 0}) {
		t.Errorf("got tables of %v", sizes(s))
	}
}
