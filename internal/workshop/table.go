package workshop

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"cultured/internal/fault"
)

// TableLeast is how many people a table of an anonymous session has at least, where there are several. What is written at a table says
// that one of its people wrote it; fewer than five are never told apart.
const TableLeast = 5

// What tables may be.
const (
	tableSmall    = 2 // people a plan may ask for at each
	tableLarge    = 20
	tableNameMost = 60 // characters
)

// A Table is a part of the room: while tables are apart, each has its own board.
type Table struct {
	Number int // in the session, from 1: those of another draw have others
	Name   string
	People []int64 // the numbers they joined with, in order; nobody once the session is closed
	Cards  int     // written there, without those moderation hides
}

// ByTables reports whether what people do in such a phase can be done by tables.
func (k PhaseKind) ByTables() bool {
	return slices.Contains([]PhaseKind{Write, Group, Connect, Vote, Discuss}, k)
}

// Apart reports whether tables are apart: each sees what is written there, and what was written by all together.
func (s *State) Apart() bool { return s.apart }

// Tables are those of the last draw; none when nobody was seated.
func (s *State) Tables() (out []Table) {
	for n := s.drawn; n > 0 && n <= len(s.tables); n++ {
		out = append(out, Table{Number: n, Name: s.tables[n-1]})
	}
	for _, who := range slices.Sorted(maps.Keys(s.at)) {
		if i := s.at[who] - s.drawn; i >= 0 && i < len(out) {
			out[i].People = append(out[i].People, who)
		}
	}
	for _, c := range s.cards {
		if i := c.Table - s.drawn; s.drawn > 0 && i >= 0 && i < len(out) && !c.Hidden {
			out[i].Cards++
		}
	}
	return out
}

// TableOf is the table a hand sits at while tables are apart; false when it sits at none.
func (s *State) TableOf(h Hand) (Table, bool) {
	n := s.sits(h)
	for _, t := range s.Tables() {
		if n > 0 && s.apart && t.Number == n {
			return t, true
		}
	}
	return Table{}, false
}

// TableName is how the table of a number is called; "" for 0, the whole room.
func (s *State) TableName(n int) string {
	if n < 1 || n > len(s.tables) {
		return ""
	}
	return s.tables[n-1]
}

// TableCount is how many tables there were in all draws: what a form that draws anew has seen.
func (s *State) TableCount() int { return len(s.tables) }

// TableLook is [State.Look] for those at a table: what only other tables see does not count.
func (s *State) TableLook(n int) int64 { return max(s.common, s.looked[n]) }

// ThemesFor are the themes of a write phase that a hand is offered: while tables are apart, those of the plan and those of the cards it sees.
func (s *State) ThemesFor(phase string, h Hand) []string {
	all := s.Themes(phase)
	i := s.Template.phase(phase)
	if !s.apart || h.Facilitator || i < 0 {
		return all
	}
	cards := s.Cards(phase, h)
	return slices.DeleteFunc(all, func(theme string) bool {
		return !slices.Contains(s.Template.Phases[i].Themes, theme) && !slices.ContainsFunc(cards, func(c Card) bool { return c.Theme == theme })
	})
}

// sits is the number of the table a hand sits at, 0 for none.
func (s *State) sits(h Hand) int {
	if len(s.at) == 0 {
		return 0
	}
	return s.at[s.Seated(h)]
}

// away reports whether a card is on the board of tables that are apart, which is not this table's.
func (s *State) away(c *Card, table int) bool {
	return s.apart && c.Table >= s.drawn && c.Table != 0 && c.Table != table
}

// smallest is the table of the last draw with the fewest people, the first of them; 0 when there is none.
func (s *State) smallest() (n int) {
	tables := s.Tables()
	if len(tables) == 0 {
		return 0
	}
	return slices.MinFunc(tables, func(a, b Table) int {
		return cmp.Or(cmp.Compare(len(a.People), len(b.People)), cmp.Compare(a.Number, b.Number))
	}).Number
}

// draw spreads everybody over tables of about size people, by lot: seed makes it. Tables differ by one person at most, and those of an
// anonymous session have [TableLeast] at least, as long as there are several.
func (s *State) draw(size int, seed string) [][]int64 {
	people := slices.Sorted(maps.Keys(s.People))
	n := max(1, (2*len(people)+size)/(2*size))
	if s.Template.Anonymous {
		n = max(1, min(n, len(people)/TableLeast))
	}
	lot := map[int64][sha256.Size]byte{}
	for _, who := range people {
		lot[who] = sha256.Sum256(fmt.Appendf(nil, "%s %d", seed, who))
	}
	slices.SortFunc(people, func(a, b int64) int {
		x, y := lot[a], lot[b]
		return slices.Compare(x[:], y[:])
	})
	places := make([][]int64, n)
	for i := range places {
		places[i] = []int64{}
	}
	for i, who := range people {
		places[i%n] = append(places[i%n], who)
	}
	for _, at := range places {
		slices.Sort(at) // the order of the lot is nobody's business
	}
	return places
}

// decideTables says whether the facilitator may do this to the tables.
func (s *State) decideTables(op Op) error {
	phase, running := s.Phase()
	switch op.Kind {
	case Split:
		switch {
		case !running || phase.Name != op.Phase:
			return fault.New(fault.Conflict, "workshop.phase_moved")
		case op.Table != len(s.tables):
			return fault.New(fault.Conflict, "workshop.tables_moved")
		case op.Value != 0 && (op.Value < tableSmall || op.Value > tableLarge):
			return fault.Field("value", "workshop.table_size", tableSmall, tableLarge)
		case len(s.People) == 0:
			return fault.New(fault.Conflict, "workshop.nobody_yet")
		}
	case Seat:
		return s.decideSeat(op)
	case Label:
		n := utf8.RuneCountInString(op.Text)
		switch {
		case !s.stands(op.Table):
			return fault.Field("table", "workshop.no_table")
		case n == 0 || n > tableNameMost:
			return fault.Field("name", "workshop.table_name", tableNameMost)
		case slices.ContainsFunc(s.Tables(), func(t Table) bool { return t.Number != op.Table && t.Name == line(op.Text) }):
			return fault.Field("name", "workshop.table_named")
		}
	}
	return nil
}

// stands reports whether a table is of the last draw.
func (s *State) stands(n int) bool { return s.drawn > 0 && n >= s.drawn && n <= len(s.tables) }

func (s *State) decideSeat(op Op) error {
	from, other := s.at[op.Who], s.at[op.With]
	switch {
	case from == 0 || op.With != 0 && other == 0:
		return fault.Field("who", "workshop.no_person")
	case !s.stands(op.Table):
		return fault.Field("table", "workshop.no_table")
	case op.With != 0 && other != op.Table:
		return fault.Field("with", "workshop.not_at_table")
	case from == op.Table || op.With != 0:
		return nil
	}
	left := 0
	for _, n := range s.at {
		if n == from {
			left++
		}
	}
	if s.Template.Anonymous && left <= TableLeast {
		return fault.Field("with", "workshop.table_small", TableLeast)
	}
	return nil
}

// places completes an operation on tables that was decided: who sits where, and in which phases tables are apart. A phase whose plan says
// tables splits the room when it begins, at the tables there are already if there are; one whose plan does not brings all together.
func (s *State) places(op Op) Op {
	seed := op.Nonce
	op.Nonce, op.Places, op.Apart = "", nil, false
	switch op.Kind {
	case Advance:
		op.Table, op.Who, op.With = 0, 0, 0
		size := s.Template.Phases[s.Template.phase(op.To)].Tables
		if op.Apart = size > 0; op.Apart && len(s.Tables()) == 0 {
			op.Places = s.draw(size, seed)
		}
	case Split:
		op.Table, op.Who, op.With = 0, 0, 0
		if op.Apart = true; op.Value > 0 || len(s.Tables()) == 0 {
			op.Places = s.draw(cmp.Or(op.Value, TableLeast), seed)
		}
	case Seat:
		op.Text = ""
	case Label:
		op.Text, op.Who, op.With = line(op.Text), 0, 0
	default:
		op.Table, op.Who, op.With = 0, 0, 0
	}
	return op
}

// seat folds what was decided about tables.
func (s *State) seat(op Op) {
	switch op.Kind {
	case Advance, Split:
		s.apart = op.Apart
		if len(op.Places) > 0 {
			s.sitDown(op.Places)
		}
	case Unite:
		s.apart = false
	case Seat:
		if from := s.at[op.Who]; op.With != 0 {
			s.sit(op.With, from)
		}
		s.sit(op.Who, op.Table)
	case Label:
		s.tables[op.Table-1] = op.Text
	}
}

// sit puts somebody at a table; nobody who was erased.
func (s *State) sit(who int64, table int) {
	if who != 0 && table != 0 {
		s.at[who] = table
	}
}

// sitDown begins with the tables of a new draw. Their names go on from those something was written at: no two are called alike.
func (s *State) sitDown(places [][]int64) {
	for _, c := range s.cards {
		if s.drawn > 0 && c.Table >= s.drawn {
			s.named += len(s.tables) - s.drawn + 1
			break
		}
	}
	s.drawn, s.at = len(s.tables)+1, map[int64]int{}
	for i, people := range places {
		s.tables = append(s.tables, fmt.Sprint("Table ", s.named+i+1)) // the word is both languages'
		for _, who := range people {
			s.at[who] = len(s.tables)
		}
	}
}

// look notes who sees an operation: everybody, or one table while tables are apart.
func (s *State) look(op Op) {
	s.Look = op.Seq
	only := op.Table
	if c := s.cards[op.Card]; c != nil {
		only = c.Table
	}
	switch op.Kind {
	case Join, AddCard, EditCard, DropCard, MoveCard, Moderate, Tie:
		if s.apart && s.stands(only) {
			s.looked[only] = op.Seq
			return
		}
	}
	s.common = op.Seq
}
