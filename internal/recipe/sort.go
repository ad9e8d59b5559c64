package recipe

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

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
	at     int64 // seconds since 1970, UTC
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
		return standing{rank: 1, at: at.Unix()}
	}
	return standing{rank: 2, text: strings.Clone(v)}
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
			c = cmp.Compare(s.at, o.at)
		default:
			c = french.Compare(s.text, o.text)
		}
	}
	if down {
		return -c
	}
	return c
}

// standingBytes is what a standing takes beside its text, rowBytes what a packed row does beside its letters.
const (
	standingBytes = 40
	rowBytes      = 20
)

func (s *Sort) fit(at *site) (worker, error) {
	places, err := at.columns(s.Columns)
	if err != nil {
		return worker{}, err
	}
	h := &sorting{places: places, down: s.Down, line: make([]string, len(at.header))}
	return worker{header: at.header, each: func(r row, _ emit) error {
		bytes := h.add(r.cells)
		return at.take(bytes)
	}, rest: h.rest}, nil
}

// A sorting holds rows, each as one text, and what they are sorted by, side by side: a million rows fit where a table of cells would not.
type sorting struct {
	places    []int
	down      bool
	rows      []string
	standings []standing // one for each place of each row
	order     []int32    // nil until all rows are in
	next      int
	line      []string
}

// add holds a row and says how many bytes that takes.
func (h *sorting) add(cells []string) int64 {
	packed := keyOf(cells)
	h.rows = append(h.rows, packed)
	bytes := len(packed) + rowBytes + standingBytes*len(h.places)
	for _, p := range h.places {
		s := standingOf(cells[p])
		h.standings, bytes = append(h.standings, s), bytes+len(s.text)
	}
	return int64(bytes)
}

func (h *sorting) rest() (row, error) {
	if h.order == nil {
		h.order = make([]int32, len(h.rows))
		for i := range h.order {
			h.order[i] = int32(i)
		}
		slices.SortStableFunc(h.order, h.compare)
	}
	if h.next == len(h.order) {
		return row{}, errEnd
	}
	i := h.order[h.next]
	unpack(h.rows[i], h.line)
	h.rows[i] = ""
	h.next++
	return row{0, h.line}, nil
}

func (h *sorting) compare(a, b int32) int {
	k := len(h.places)
	for i := range k {
		if c := h.standings[int(a)*k+i].against(h.standings[int(b)*k+i], h.down); c != 0 {
			return c
		}
	}
	return 0
}

// unpack is keyOf back.
func unpack(packed string, into []string) {
	for i := range into {
		size, rest, _ := strings.Cut(packed, ":")
		n, _ := strconv.Atoi(size) // keyOf wrote it
		into[i], packed = rest[:n], rest[n:]
	}
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
	var line []string
	return worker{header: at.header, many: true, each: func(r row, out emit) error {
		rest, more := r.cells[from], true
		for more {
			var part string
			part, rest, more = strings.Cut(rest, e.By)
			line = append(line[:0], r.cells...)
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
