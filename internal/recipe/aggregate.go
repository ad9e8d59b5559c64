package recipe

import (
	"math/big"
	"slices"
	"strings"
)

// Aggregate makes one row of those that share the values of some columns, with counts, sums and the like of others.
type Aggregate struct {
	By       []string  `json:"by"`
	Measures []Measure `json:"measures"`
}

// A Measure is one figure of a group.
type Measure struct {
	Fn     string `json:"fn"`               // "count" (rows), "sum", "mean", "min", "max" (of what is filled), "first"
	Column string `json:"column,omitempty"` // "" for "count"
	Into   string `json:"into"`
}

// Kind implements [Step].
func (*Aggregate) Kind() string { return "aggregate" }

// Say implements [Step].
func (a *Aggregate) Say() Sentence {
	names := make([]string, len(a.Measures))
	for i, m := range a.Measures {
		names[i] = m.Into
	}
	return Sentence{"recipe.say_aggregate", []any{listed(a.By), listed(names)}}
}

// A figure is a measure on its way.
type figure struct {
	sum *big.Rat // of what quick cannot hold; nil for nothing
	quick
	n    int64
	text string
}

func (a *Aggregate) fit(at *site) (worker, error) {
	by, err := at.columns(a.By)
	if err != nil {
		return worker{}, err
	}
	header, from := at.chosen(by).header, make([]int, len(a.Measures))
	for i, m := range a.Measures {
		if !slices.Contains([]string{"count", "sum", "mean", "min", "max", "first"}, m.Fn) {
			return worker{}, at.bad("recipe.bad_choice", m.Fn)
		}
		if m.Fn != "count" {
			if from[i], err = at.column(m.Column); err != nil {
				return worker{}, err
			}
		}
		if err := at.fresh(header, m.Into); err != nil {
			return worker{}, err
		}
		header = append(header, m.Into)
	}
	rows, figures, byKey, next := []row(nil), [][]figure(nil), map[string]int{}, 0
	group, key := make([]string, len(by)), []byte(nil)
	each := func(r row, _ emit) error {
		for i, p := range by {
			group[i] = r.cells[p]
		}
		key = appendKey(key[:0], group)
		slot, known := byKey[string(key)]
		if !known {
			k := string(key)
			held, err := at.hold(group)
			if err != nil {
				return err
			}
			slot = len(rows)
			byKey[k], rows, figures = slot, append(rows, row{0, held}), append(figures, make([]figure, len(a.Measures)))
			if err := at.take(int64(len(k) + 48 + 96*len(a.Measures))); err != nil {
				return err
			}
		}
		for i, m := range a.Measures {
			if err := figures[slot][i].add(at, m, r, from[i]); err != nil {
				return err
			}
		}
		return nil
	}
	return worker{header: header, each: each, rest: func() (row, error) {
		if next == len(rows) {
			return row{}, errEnd
		}
		out := rows[next]
		for i, m := range a.Measures {
			out.cells = append(out.cells, figures[next][i].said(m.Fn))
		}
		next++
		return out, nil
	}}, nil
}

// add counts a cell. A sum refuses what is no number: a total without a row is a wrong total.
func (f *figure) add(at *site, m Measure, r row, column int) error {
	if m.Fn == "count" {
		f.n++
		return nil
	}
	v := r.cells[column]
	if strings.TrimSpace(v) == "" {
		return nil
	}
	f.n++
	switch m.Fn {
	case "sum", "mean":
		if q, ok := quickOf(v); ok {
			if sum, ok := f.plus(q); ok {
				f.quick = sum
				return nil
			}
		}
		x, ok := exact(v)
		if !ok {
			return at.bad("recipe.not_a_number", r.number, m.Column, v)
		}
		if f.sum == nil {
			f.sum = new(big.Rat)
		}
		f.sum.Add(f.sum, x)
	case "min", "max":
		if c := compare(v, f.text); f.n == 1 || m.Fn == "min" && c < 0 || m.Fn == "max" && c > 0 {
			f.text = strings.Clone(v)
		}
	case "first":
		if f.n == 1 {
			f.text = strings.Clone(v)
		}
	}
	return nil
}

func (f *figure) said(fn string) string {
	switch {
	case fn == "count":
		return big.NewInt(f.n).String()
	case f.n == 0 || fn != "sum" && fn != "mean":
		return f.text
	case fn == "mean":
		return decimal(new(big.Rat).Quo(f.total(), new(big.Rat).SetInt64(f.n)))
	}
	return decimal(f.total())
}

// total is the sum, exactly.
func (f *figure) total() *big.Rat {
	sum, _ := new(big.Rat).SetString(f.quick.String()) // a number of ours
	if f.sum != nil {
		sum.Add(sum, f.sum)
	}
	return sum
}
