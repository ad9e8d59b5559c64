package recipe

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cultured/internal/french"
)

// Sort puts the rows in the order of some columns: numbers by value, then dates by time, then texts as a French list; empty cells are last
// either way. Rows alike stay in their order.
type Sort struct {
	Columns []string `json:"columns"` // the first counts most
	Down    bool     `json:"down,omitempty"`
}

// Kind implements [Step].
func (*Sort) Kind() string { return "sort" }

// Say implements [Step].
func (s *Sort) Say() Sentence {
	key := "recipe.say_sort"
	if s.Down {
		key = "recipe.say_sort_down"
	}
	return Sentence{key, []any{listed(s.Columns)}}
}

// A standing is what a cell is sorted by.
type standing struct {
	rank   int // numbers, dates, texts, empty cells
	number float64
	at     time.Time
	text   string
}

func standingOf(v string) standing {
	v = strings.TrimSpace(v)
	if v == "" {
		return standing{rank: 3}
	}
	if n, ok := french.Number(v); ok {
		return standing{rank: 0, number: n}
	}
	if at, _, ok := french.Date(v); ok {
		return standing{rank: 1, at: at}
	}
	return standing{rank: 2, text: v}
}

func (s standing) against(o standing, down bool) int {
	if s.rank == 3 || o.rank == 3 {
		return cmp.Compare(s.rank/3, o.rank/3)
	}
	c := cmp.Compare(s.rank, o.rank)
	if c == 0 {
		switch s.rank {
		case 0:
			c = cmp.Compare(s.number, o.number)
		case 1:
			c = s.at.Compare(o.at)
		default:
			c = french.Compare(s.text, o.text)
		}
	}
	if down {
		return -c
	}
	return c
}

// standingBytes is what a standing takes beside its text, which is the cell's.
const standingBytes = 64

func (s *Sort) fit(at *site) (worker, error) {
	places, err := at.columns(s.Columns)
	if err != nil {
		return worker{}, err
	}
	type held struct {
		row
		by []standing
	}
	var all []held
	next, sorted := 0, false
	return worker{header: at.header, each: func(r row, _ emit) error {
		cells, err := at.hold(r.cells)
		if err != nil {
			return err
		}
		by := make([]standing, len(places))
		for i, p := range places {
			by[i] = standingOf(cells[p])
		}
		all = append(all, held{row{0, cells}, by})
		return at.take(int64(standingBytes * len(by)))
	}, rest: func() (row, error) {
		if !sorted {
			sorted = true
			slices.SortStableFunc(all, func(a, b held) int {
				for i := range a.by {
					if c := a.by[i].against(b.by[i], s.Down); c != 0 {
						return c
					}
				}
				return 0
			})
		}
		if next == len(all) {
			all = nil
			return row{}, errEnd
		}
		next++
		return all[next-1].row, nil
	}}, nil
}

// Explode makes a row of each of the values that a cell holds together: "sport; culture" becomes two rows, alike in all else. A row
// whose cell is empty stays one.
type Explode struct {
	Column string `json:"column"`
	By     string `json:"by"`
}

// Kind implements [Step].
func (*Explode) Kind() string { return "explode" }

// Say implements [Step].
func (e *Explode) Say() Sentence { return Sentence{"recipe.say_explode", []any{e.Column, e.By}} }

func (e *Explode) fit(at *site) (worker, error) {
	from, err := at.column(e.Column)
	if err != nil {
		return worker{}, err
	}
	if e.By == "" {
		return worker{}, at.bad("recipe.no_separator")
	}
	return worker{header: at.header, many: true, each: func(r row, out emit) error {
		rest, more := r.cells[from], true
		for more {
			var part string
			part, rest, more = strings.Cut(rest, e.By)
			line := slices.Clone(r.cells)
			line[from] = strings.TrimSpace(part)
			if line[from] == "" && strings.TrimSpace(r.cells[from]) != "" {
				continue // "a;;b" holds two values
			}
			if err := out(row{0, line}); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}
