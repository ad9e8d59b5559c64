package recipe

import (
	"slices"
	"strings"
)

// picked makes the worker of a step whose rows hold cells of the row before, by place; -1 is an empty cell.
func picked(header []string, places []int) worker {
	line := make([]string, len(places))
	return worker{header: header, each: func(r row, out emit) error {
		for i, p := range places {
			line[i] = ""
			if p >= 0 {
				line[i] = r.cells[p]
			}
		}
		return out(row{r.number, line})
	}}
}

// chosen is the worker that leaves only the columns at the places, in their order.
func (s *site) chosen(places []int) worker {
	header := make([]string, len(places))
	for i, p := range places {
		header[i] = s.header[p]
	}
	return picked(header, places)
}

// others lists the places of all columns that are not among those given.
func (s *site) others(places []int) []int {
	var out []int
	for i := range s.header {
		if !slices.Contains(places, i) {
			out = append(out, i)
		}
	}
	return out
}

// Keep keeps only some columns, in the order of the table.
type Keep struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Keep) Kind() string { return "keep" }

// Say implements [Step].
func (k *Keep) Say() Sentence { return Sentence{"recipe.say_keep", []any{listed(k.Columns)}} }

func (k *Keep) fit(at *site) (worker, error) {
	places, err := at.columns(k.Columns)
	slices.Sort(places)
	return at.chosen(places), err
}

// Drop removes columns.
type Drop struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Drop) Kind() string { return "drop" }

// Say implements [Step].
func (d *Drop) Say() Sentence { return Sentence{"recipe.say_drop", []any{listed(d.Columns)}} }

func (d *Drop) fit(at *site) (worker, error) {
	places, err := at.columns(d.Columns)
	if err == nil && len(places) == len(at.header) {
		err = at.bad("recipe.nothing_left")
	}
	return at.chosen(at.others(places)), err
}

// Order puts columns first, in the order given; the others follow as they are.
type Order struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Order) Kind() string { return "order" }

// Say implements [Step].
func (o *Order) Say() Sentence { return Sentence{"recipe.say_order", []any{listed(o.Columns)}} }

func (o *Order) fit(at *site) (worker, error) {
	places, err := at.columns(o.Columns)
	return at.chosen(append(places, at.others(places)...)), err
}

// Rename gives columns other names, all at once: two columns may exchange theirs.
type Rename struct {
	Columns []string `json:"columns"`
	To      []string `json:"to"` // one for each
}

// Kind implements [Step].
func (*Rename) Kind() string { return "rename" }

// Say implements [Step].
func (n *Rename) Say() Sentence {
	return Sentence{"recipe.say_rename", []any{listed(n.Columns), listed(n.To)}}
}

func (n *Rename) fit(at *site) (worker, error) {
	places, err := at.columns(n.Columns)
	if err != nil {
		return worker{}, err
	}
	if len(places) != len(n.To) {
		return worker{}, at.bad("recipe.names_needed", len(places))
	}
	if err := at.fresh(without(at.header, places), n.To...); err != nil {
		return worker{}, err
	}
	header := slices.Clone(at.header)
	for i, p := range places {
		header[p] = n.To[i]
	}
	return worker{header: header, each: func(r row, out emit) error { return out(r) }}, nil
}

// Split cuts a column at a separator into several; what is left over stays in the last one.
type Split struct {
	Column string   `json:"column"`
	By     string   `json:"by"`
	Into   []string `json:"into"`
	Keep   bool     `json:"keep,omitempty"` // the column itself stays too
}

// Kind implements [Step].
func (*Split) Kind() string { return "split" }

// Say implements [Step].
func (s *Split) Say() Sentence {
	return Sentence{"recipe.say_split", []any{s.Column, s.By, listed(s.Into)}}
}

func (s *Split) fit(at *site) (worker, error) {
	from, err := at.column(s.Column)
	switch {
	case err != nil:
		return worker{}, err
	case s.By == "":
		return worker{}, at.bad("recipe.no_separator")
	case len(s.Into) < 2:
		return worker{}, at.bad("recipe.two_names")
	}
	left, stays := at.header, from+1
	if !s.Keep {
		left, stays = without(at.header, []int{from}), from
	}
	if err := at.fresh(left, s.Into...); err != nil {
		return worker{}, err
	}
	header := slices.Insert(slices.Clone(left), stays, s.Into...)
	line := make([]string, len(header))
	return worker{header: header, each: func(r row, out emit) error {
		n := copy(line, r.cells[:stays])
		rest, more := r.cells[from], true
		for i := range s.Into {
			part := ""
			if i == len(s.Into)-1 {
				part = rest
			} else if more {
				part, rest, more = strings.Cut(rest, s.By)
			}
			line[n+i] = strings.TrimSpace(part)
		}
		if r.cells[from] != "" && !strings.Contains(r.cells[from], s.By) {
			at.tally.Left++
		} else if r.cells[from] != "" {
			at.tally.changed(r.number, at.header[from], r.cells[from], strings.Join(line[n:n+len(s.Into)], " | "))
		}
		copy(line[n+len(s.Into):], r.cells[from+1:])
		return out(row{r.number, line})
	}}, nil
}

// Merge writes the cells of several columns into one, in the order given; empty cells leave no separator behind.
type Merge struct {
	Columns []string `json:"columns"`
	By      string   `json:"by"`
	Into    string   `json:"into"`
	Keep    bool     `json:"keep,omitempty"` // the columns themselves stay too
}

// Kind implements [Step].
func (*Merge) Kind() string { return "merge" }

// Say implements [Step].
func (m *Merge) Say() Sentence {
	return Sentence{"recipe.say_merge", []any{listed(m.Columns), m.Into, m.By}}
}

func (m *Merge) fit(at *site) (worker, error) {
	places, err := at.columns(m.Columns)
	if err != nil {
		return worker{}, err
	}
	gone := places
	if m.Keep {
		gone = nil
	}
	if err := at.fresh(without(at.header, gone), m.Into); err != nil {
		return worker{}, err
	}
	first := slices.Min(places)
	var from []int // places of the cells before and after; -1 is the merged one
	for i := range at.header {
		if i == first {
			from = append(from, -1)
		}
		if !slices.Contains(gone, i) {
			from = append(from, i)
		}
	}
	header := make([]string, len(from))
	for i, p := range from {
		header[i] = m.Into
		if p >= 0 {
			header[i] = at.header[p]
		}
	}
	w := picked(header, from)
	fill, to, parts := w.each, slices.Index(from, -1), make([]string, 0, len(places))
	w.each = func(r row, out emit) error {
		parts = parts[:0]
		for _, p := range places {
			if r.cells[p] != "" {
				parts = append(parts, r.cells[p])
			}
		}
		return fill(r, func(made row) error {
			made.cells[to] = strings.Join(parts, m.By)
			return out(made)
		})
	}
	return w, nil
}
