package recipe

import (
	"slices"
	"strconv"
	"strings"
)

// Unpivot turns columns into rows: one for each filled cell, with the name of its column and its value.
type Unpivot struct {
	Columns []string `json:"columns"`
	Name    string   `json:"name"`
	Value   string   `json:"value"`
	Empty   bool     `json:"empty,omitempty"` // empty cells make rows too
}

// Kind implements [Step].
func (*Unpivot) Kind() string { return "unpivot" }

// Say implements [Step].
func (u *Unpivot) Say() Sentence {
	return Sentence{"recipe.say_unpivot", []any{listed(u.Columns), u.Name, u.Value}}
}

func (u *Unpivot) fit(at *site) (worker, error) {
	places, err := at.columns(u.Columns)
	if err != nil {
		return worker{}, err
	}
	others := at.others(places)
	base := at.chosen(others).header
	if err := at.fresh(base, u.Name, u.Value); err != nil {
		return worker{}, err
	}
	var line []string
	return worker{header: append(base, u.Name, u.Value), many: true, each: func(r row, out emit) error {
		for _, p := range places {
			if r.cells[p] == "" && !u.Empty {
				continue
			}
			line = line[:0]
			for _, o := range others {
				line = append(line, r.cells[o])
			}
			line = append(line, at.header[p], r.cells[p])
			if err := out(row{0, line}); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

// mostPivoted is how many columns a pivot may make.
const mostPivoted = 500

// Pivot turns rows into columns: the names found in one column become columns that hold the values of another. Rows alike
// in all other columns become one. The names are part of the step, so that the header does not depend on the rows.
type Pivot struct {
	Name  string   `json:"name"`
	Value string   `json:"value"`
	Into  []string `json:"into"`
}

// Kind implements [Step].
func (*Pivot) Kind() string { return "pivot" }

// Say implements [Step].
func (p *Pivot) Say() Sentence {
	return Sentence{"recipe.say_pivot", []any{p.Name, p.Value, listed(p.Into)}}
}

func (p *Pivot) fit(at *site) (worker, error) {
	places, err := at.columns([]string{p.Name, p.Value})
	switch {
	case err != nil:
		return worker{}, err
	case len(places) < 2:
		return worker{}, at.bad("recipe.two_names")
	case len(p.Into) == 0 || len(p.Into) > mostPivoted:
		return worker{}, at.bad("recipe.names_needed", mostPivoted)
	}
	name, value, others := places[0], places[1], at.others(places)
	base := at.chosen(others).header
	if err := at.fresh(base, p.Into...); err != nil {
		return worker{}, err
	}
	header := slices.Concat(base, p.Into)
	rows, byKey, next := []row(nil), map[string]int{}, 0
	each := func(r row, _ emit) error {
		to := slices.Index(p.Into, r.cells[name])
		if to < 0 {
			return at.bad("recipe.new_name", r.number, r.cells[name])
		}
		line := make([]string, len(header))
		for i, o := range others {
			line[i] = r.cells[o]
		}
		key := keyOf(line[:len(others)])
		slot, known := byKey[key]
		if !known {
			held, err := at.hold(line)
			if err != nil {
				return err
			}
			if err := at.take(int64(len(key) + 48)); err != nil {
				return err
			}
			slot = len(rows)
			byKey[key], rows = slot, append(rows, row{0, held})
		}
		cell := &rows[slot].cells[len(others)+to]
		if *cell != "" && *cell != r.cells[value] {
			return at.bad("recipe.two_values", r.number, r.cells[name])
		}
		*cell = strings.Clone(r.cells[value])
		return at.take(int64(len(*cell)))
	}
	return worker{header: header, each: each, rest: drained(&rows, &next)}, nil
}

// drained gives held rows back one by one.
func drained(rows *[]row, next *int) func() (row, error) {
	return func() (row, error) {
		if *next == len(*rows) {
			*rows, *next = nil, 0
			return row{}, errEnd
		}
		*next++
		return (*rows)[*next-1], nil
	}
}

// keyOf joins cells so that no two lists of them give the same key.
func keyOf(cells []string) string { return string(appendKey(nil, cells)) }

// appendKey is keyOf into a buffer.
func appendKey(key []byte, cells []string) []byte {
	for _, c := range cells {
		key = strconv.AppendInt(key, int64(len(c)), 10)
		key = append(append(key, ':'), c...)
	}
	return key
}

// mostHeaders is how many rows a header may be made of.
const mostHeaders = 10

// Header makes the names of the columns from the first rows, joined where there are several. As the rows decide them, the
// names found when the recipe was written are part of it, and others are refused.
type Header struct {
	Rows  int      `json:"rows"`
	Names []string `json:"names"`
}

// Kind implements [Step].
func (*Header) Kind() string { return "header" }

// Say implements [Step].
func (h *Header) Say() Sentence { return Sentence{"recipe.say_header", []any{h.Rows, listed(h.Names)}} }

func (h *Header) fit(at *site) (worker, error) {
	switch {
	case h.Rows < 1 || h.Rows > mostHeaders:
		return worker{}, at.bad("recipe.bad_header_rows", mostHeaders)
	case len(h.Names) != len(at.header):
		return worker{}, at.bad("recipe.names_needed", len(at.header))
	}
	if err := at.fresh(nil, h.Names...); err != nil {
		return worker{}, err
	}
	var above [][]string
	return worker{header: h.Names, each: func(r row, out emit) error {
		if len(above) < h.Rows {
			above = append(above, slices.Clone(r.cells))
			if len(above) == h.Rows {
				if names := HeaderNames(above); !slices.Equal(names, h.Names) {
					return at.bad("recipe.header_differs", listed(names), listed(h.Names))
				}
			}
			return nil
		}
		return out(r)
	}, rest: func() (row, error) {
		if len(above) < h.Rows {
			return row{}, at.bad("recipe.header_missing", h.Rows)
		}
		return row{}, errEnd
	}}, nil
}

// HeaderNames are the names that rows of a header give to their columns: what they say, joined by a space, a cell said again
// only once; "colonne_3" where they say nothing, "nom_2" for a name already given.
func HeaderNames(rows [][]string) []string {
	if len(rows) == 0 {
		return nil
	}
	out := make([]string, len(rows[0]))
	for i := range out {
		var parts []string
		for _, r := range rows {
			if v := trimmed(r[i]); v != "" && !slices.Contains(parts, v) {
				parts = append(parts, strings.Clone(v))
			}
		}
		name := strings.Join(parts, " ")
		if name == "" {
			name = "colonne_" + strconv.Itoa(i+1)
		}
		base := name
		for n := 2; slices.Contains(out[:i], name); n++ {
			name = base + "_" + strconv.Itoa(n)
		}
		out[i] = name
	}
	return out
}
