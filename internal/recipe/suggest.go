package recipe

import (
	"io"
	"strings"
	"unicode"

	"cultured/internal/french"
	"cultured/internal/tabular"
)

// A Suggestion is a step that rows call for. Why it is said is "recipe.why_" + its kind, filled with Count.
type Suggestion struct {
	Step   Step // of kind "cluster": without values, for people to choose
	Column string
	Count  int // cells or rows it would change in the rows looked at; columns of "drop"
}

// trackedValues is how many different values of a column are remembered for those that may be the same.
const trackedValues = 2000

// Suggest reads a table to its end and proposes steps, in the order they are best done. It proposes only what rows show: most values
// of the column are dates, or numbers that are no codes; some are written otherwise. Faults: those of the table.
func Suggest(table tabular.Table) ([]Suggestion, error) {
	header := table.Columns()
	seen := make([]column, len(header))
	rows, totals, doubles := map[string]bool{}, 0, 0
	cells := make([]string, len(header))
	for {
		row, err := table.Next()
		if err == io.EOF {
			return propose(header, seen, totals, doubles), nil
		}
		if err != nil {
			return nil, err
		}
		clear(cells)
		if copy(cells, row.Cells); strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		if isTotal(cells) {
			totals++
			continue
		}
		if key := keyOf(cells); rows[key] {
			doubles++
		} else {
			rows[key] = true
		}
		for i, v := range cells {
			seen[i].look(v)
		}
	}
}

// A column is what was seen of one.
type column struct {
	filled, spaced        int
	dates, oddDates       int
	numbers, oddNumbers   int
	codes, capital, mixed int
	bars, semicolons      int            // cells of several values with this sign between
	values                map[string]int // without spaces around; nil once there are too many
	many                  bool
}

func (c *column) look(v string) {
	t := trimmed(v)
	if t != v {
		c.spaced++
	}
	if t == "" {
		return
	}
	c.filled++
	if after, ok := isoDate(t); ok {
		c.dates++
		if after != t {
			c.oddDates++
		}
	}
	switch after, ok := french.Decimal(t); {
	case ok && len(t) > 1 && t[0] == '0' && t[1] >= '0' && t[1] <= '9':
		c.codes++
	case ok:
		c.numbers++
		if after != t && amount(t) {
			c.oddNumbers++
		}
	}
	c.letters(t)
	switch {
	case holdsSeveral(t, "|"):
		c.bars++
	case holdsSeveral(t, ";"):
		c.semicolons++
	}
	if c.many {
		return
	}
	if c.values == nil {
		c.values = map[string]int{}
	}
	if c.values[strings.Clone(t)]++; len(c.values) > trackedValues {
		c.many, c.values = true, nil
	}
}

// holdsSeveral says whether a cell is some short values with a sign between: no sentence, no address of the web.
func holdsSeveral(v, sign string) bool {
	parts := strings.Split(v, sign)
	if len(parts) < 2 || strings.Contains(v, "://") {
		return false
	}
	for _, p := range parts {
		if p = strings.TrimSpace(p); p == "" || len(p) > 40 {
			return false
		}
	}
	return true
}

// letters tells texts in capitals alone from others; short ones say nothing, they may be acronyms.
func (c *column) letters(t string) {
	upper, lower := 0, 0
	for _, r := range t {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		case unicode.IsDigit(r):
			return // a code, an address
		}
	}
	switch {
	case upper+lower < 5:
	case lower == 0:
		c.capital++
	case upper > 0:
		c.mixed++
	}
}

// amount says whether a number is written as people write amounts, so that it is no code: a comma, a unit, or thousands apart.
func amount(v string) bool {
	if strings.ContainsAny(v, ",€%") {
		return true
	}
	groups := strings.FieldsFunc(v, unicode.IsSpace)
	if len(groups) < 2 || len(groups) > 3 || len(groups) == 3 && len(groups[0]) == 3 { // "213 105 554" is a SIREN
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

// most says whether n is nearly all of the filled values.
func (c *column) most(n int) bool { return n > 0 && 10*n >= 8*c.filled }

func propose(header []string, seen []column, totals, doubles int) (out []Suggestion) {
	one := func(i int) []string { return []string{header[i]} }
	if totals > 0 {
		out = append(out, Suggestion{Step: &Totals{}, Count: totals})
	}
	var spaced, empty []string
	cells := 0
	for i, c := range seen {
		if c.spaced > 0 {
			spaced, cells = append(spaced, header[i]), cells+c.spaced
		}
		if c.filled == 0 {
			empty = append(empty, header[i])
		}
	}
	if len(spaced) > 0 {
		out = append(out, Suggestion{Step: &Trim{Columns: spaced}, Count: cells})
	}
	if len(empty) > 0 && len(empty) < len(header) {
		out = append(out, Suggestion{Step: &Drop{Columns: empty}, Count: len(empty)})
	}
	for i := range seen {
		c := &seen[i]
		switch {
		case c.most(c.dates) && c.oddDates > 0:
			out = append(out, Suggestion{Step: &Date{Columns: one(i)}, Column: header[i], Count: c.oddDates})
		case c.most(c.numbers) && c.oddNumbers > 0 && c.codes == 0:
			out = append(out, Suggestion{Step: &Number{Columns: one(i)}, Column: header[i], Count: c.oddNumbers})
		case 10*c.capital >= c.filled && 10*c.mixed >= c.filled && c.capital > 0 && c.mixed > 0 && 2*(c.capital+c.mixed) > c.filled:
			out = append(out, Suggestion{Step: &Case{Columns: one(i), To: "title"}, Column: header[i], Count: c.capital})
		}
		if by, n := c.several(); n > 0 {
			out = append(out, Suggestion{Step: &Explode{Column: header[i], By: by}, Column: header[i], Count: n})
		}
		if n := c.near(); n > 0 {
			out = append(out, Suggestion{Step: &Cluster{Column: header[i]}, Column: header[i], Count: n})
		}
	}
	if doubles > 0 {
		out = append(out, Suggestion{Step: &Deduplicate{Columns: []string{}, Keep: "first"}, Count: doubles})
	}
	return out
}

// several is the sign between the values of a column, and how many cells hold more than one; a cell in four at least.
func (c *column) several() (by string, cells int) {
	by, cells = ";", c.semicolons
	if c.bars > cells {
		by, cells = "|", c.bars
	}
	if 4*cells < c.filled {
		return by, 0
	}
	return by, cells
}

// near counts the values of a column of words that differ from a more frequent one by case, accents, signs or the order of words.
func (c *column) near() (n int) {
	if c.many || c.most(c.numbers+c.codes) || c.most(c.dates) {
		return 0
	}
	values := make([]Counted, 0, len(c.values))
	for v, k := range c.values {
		values = append(values, Counted{v, k})
	}
	groups, err := Near(values, "fingerprint", 1)
	if err != nil {
		return 0 // the method is ours
	}
	for _, g := range groups {
		for _, v := range g[1:] {
			n += v.Count
		}
	}
	return n
}
