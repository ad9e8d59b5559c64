package recipe

import (
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/tabular"
)

// A Kitchen is what a recipe works with beside its table.
type Kitchen struct {
	Bytes  int64                                     // what the steps of one run may hold in memory; 0 for 256 MB
	Others func(name string) (tabular.Table, error)  // opens the table a step joins with; nil when there is none
	Secret []byte                                    // of the organisation, for steps that hide; none: they refuse
	Map    func(table tabular.Table, m *Map) error   // completes a step that maps to a schema, from the rows of a table; nil where there are none
	Places func(addresses []string) ([]Place, error) // where addresses are, one for each; nil where no service was chosen
	Ask    func(q Question) (Inquiry, error)         // runs a question in SQL apart; nil where there is no such thing
}

// heldBytes is what steps may hold when nobody says.
const heldBytes = 256 << 20

// samplesKept is how many changes of one step are shown before and after.
const samplesKept = 5

// A Tally is what one step did.
type Tally struct {
	In, Out  int64 // rows
	Changed  int64 // cells
	Left     int64 // values the step could not read, or rows it found no partner for
	Samples  []Sample
	Unpaired []string // "join", "commune": some of the values that nothing answers to
}

// A Sample is a cell before and after a step.
type Sample struct {
	Row           int
	Column        string
	Before, After string
}

// changed counts a cell that a step rewrote.
func (t *Tally) changed(row int, column, before, after string) {
	t.Changed++
	if len(t.Samples) < samplesKept {
		t.Samples = append(t.Samples, Sample{row, column, strings.Clone(before), strings.Clone(after)})
	}
}

// lonely counts a row whose value nothing answers to.
func (t *Tally) lonely(v string) {
	t.Left++
	if len(t.Unpaired) < unpairedKept && !slices.Contains(t.Unpaired, v) {
		t.Unpaired = append(t.Unpaired, strings.Clone(v))
	}
}

// A row is lent: whoever keeps its cells holds a copy.
type row struct {
	number int // in the file, 0 when a step made the row
	cells  []string
}

type emit func(row) error

// A worker is a step at work on one table.
type worker struct {
	header []string
	each   func(r row, out emit) error // one row in, any number out
	many   bool                        // one row in may be several out
	rest   func() (row, error)         // after the last row: what was held, one by one, until io.EOF; nil for nothing
	close  func() error                // gives back what is held outside of the program; nil for nothing
}

// A site is a place in a recipe: the header that arrives there.
type site struct {
	step    int // counted from 1
	header  []string
	tally   *Tally
	kitchen Kitchen
	held    *int64   // bytes, of all steps together
	named   []int    // columns a formula named, as it read them
	trouble *Trouble // keeps why a formula has no answer; nil where nobody asks
}

// bad is a fault of this step: its place comes first.
func (s *site) bad(key string, args ...any) error {
	return fault.New(fault.Invalid, key, append([]any{s.step}, args...)...)
}

// column finds a column by its name, else by the only one that differs in case, accents and spaces alone.
// Faults: Invalid "recipe.no_column", "recipe.no_column_near" with the nearest name, "recipe.two_columns".
func (s *site) column(name string) (int, error) {
	if i := slices.Index(s.header, name); i >= 0 {
		if slices.Contains(s.header[i+1:], name) {
			return 0, s.bad("recipe.two_columns", name)
		}
		return i, nil
	}
	at, folded := -1, loose(name)
	for i, h := range s.header {
		if loose(h) != folded {
			continue
		}
		if at >= 0 {
			return 0, s.bad("recipe.two_columns", name)
		}
		at = i
	}
	if at >= 0 {
		return at, nil
	}
	near, best := "", 1+max(2, len(folded)/3)
	for _, h := range s.header {
		if d := french.Distance(loose(h), folded, best); d < best {
			near, best = h, d
		}
	}
	if near != "" {
		return 0, s.bad("recipe.no_column_near", name, near)
	}
	return 0, s.bad("recipe.no_column", name, strings.Join(s.header, ", "))
}

// columns finds several, at least one. Faults: those of column; Invalid "recipe.no_column_chosen".
func (s *site) columns(names []string) ([]int, error) {
	if len(names) == 0 {
		return nil, s.bad("recipe.no_column_chosen")
	}
	out := make([]int, 0, len(names))
	for _, n := range names {
		i, err := s.column(n)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out, nil
}

// fresh refuses a name that a column has already, or none. Faults: Invalid "recipe.no_name", "recipe.name_taken".
func (s *site) fresh(header []string, names ...string) error {
	for i, n := range names {
		if strings.TrimSpace(n) == "" {
			return s.bad("recipe.no_name")
		}
		if slices.Contains(header, n) || slices.Contains(names[:i], n) {
			return s.bad("recipe.name_taken", n)
		}
	}
	return nil
}

// hold copies a row, against the bound of the run. Faults: TooLarge "recipe.too_much_held".
func (s *site) hold(cells []string) ([]string, error) {
	n := 0
	for _, v := range cells {
		n += len(v)
	}
	if err := s.take(int64(n + 16*len(cells) + 24)); err != nil {
		return nil, err
	}
	whole := strings.Join(cells, "") // one allocation for all
	out := make([]string, len(cells))
	for i, v := range cells {
		out[i], whole = whole[:len(v)], whole[len(v):]
	}
	return out, nil
}

// take counts bytes that a step will hold. Faults: TooLarge "recipe.too_much_held".
func (s *site) take(bytes int64) error {
	limit := s.kitchen.Bytes
	if limit <= 0 {
		limit = heldBytes
	}
	if *s.held += bytes; *s.held > limit {
		return fault.New(fault.TooLarge, "recipe.too_much_held", s.step, limit>>20)
	}
	return nil
}

// loose is a name without case, accents and spaces.
func loose(name string) string {
	return strings.Join(strings.FieldsFunc(french.Fold(name), func(r rune) bool { return r == ' ' || r == '\u00a0' || r == '_' }), " ")
}

// without returns the list without the places.
func without(list []string, places []int) []string {
	out := make([]string, 0, len(list))
	for i, v := range list {
		if !slices.Contains(places, i) {
			out = append(out, v)
		}
	}
	return out
}

// listed writes names as a sentence shows them.
func listed(names []string) string {
	return "«\u00a0" + strings.Join(names, "\u00a0», «\u00a0") + "\u00a0»"
}
