package recipe

import (
	"io"
	"slices"
	"strings"

	"cultured/internal/tabular"
)

// Learn completes a step from the rows it will get: the names of a header made of rows, the columns a pivot makes, what a question in SQL
// reads and gives, which columns a schema is given. Another step stays as it is. The table is read and not closed; it ends where it is known enough, at the latest with its last row.
// place is that of the step in its recipe, counted from 1. Faults, which name it: those of a question ("recipe.sql_…") and of [Cook]; those of the table.
func Learn(table tabular.Table, step Step, place int, k Kitchen) error {
	at := &site{step: place, header: table.Columns(), kitchen: k}
	switch s := step.(type) {
	case *Header:
		return s.learn(table, at)
	case *Pivot:
		return s.learn(table, at)
	case *SQL:
		return s.learn(table, at)
	case *Map:
		return s.learn(table, at)
	}
	return nil
}

func (h *Header) learn(table tabular.Table, at *site) error {
	if h.Rows < 1 || h.Rows > mostHeaders {
		return at.bad("recipe.bad_header_rows", mostHeaders)
	}
	var above [][]string
	for len(above) < h.Rows {
		row, err := table.Next()
		if err == io.EOF {
			return at.bad("recipe.header_missing", h.Rows)
		}
		if err != nil {
			return err
		}
		cells := make([]string, len(at.header))
		copy(cells, row.Cells)
		above = append(above, slices.Clone(cells))
	}
	h.Names = HeaderNames(above)
	return nil
}

func (p *Pivot) learn(table tabular.Table, at *site) error {
	name, err := at.column(p.Name)
	if err != nil {
		return err
	}
	p.Into = nil
	known := map[string]bool{}
	for {
		row, err := table.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if v := row.Cells[name]; !known[v] && strings.TrimSpace(strings.Join(row.Cells, "")) != "" {
			v = strings.Clone(v)
			if known[v], p.Into = true, append(p.Into, v); len(p.Into) > mostPivoted {
				return at.bad("recipe.too_many_columns", mostPivoted)
			}
		}
	}
}

// Learns says whether a kind of step is completed by [Learn].
func Learns(kind string) bool {
	return kind == "header" || kind == "pivot" || kind == "sql" || kind == "map"
}

// Unlearned says whether a step still waits for what rows tell: written by hand, it was never tried on a table.
func Unlearned(step Step) bool {
	switch s := step.(type) {
	case *Header:
		return len(s.Names) == 0
	case *Pivot:
		return len(s.Into) == 0
	case *SQL:
		return len(s.Into) == 0
	case *Map:
		return s.Rule == nil
	}
	return false
}
