package gridweb

import (
	"net/http"
	"slices"

	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/web"
)

// namesSpan is how many rows are read at once to name some of them.
const namesSpan = 500

// names says of rows where they are in the source. Those taken away, and those beyond the table, are called by their place in it.
func (d Desk) names(r *http.Request, s subject, rows []int64) (map[int64]string, error) {
	p, out := web.VisitOf(r).P, map[int64]string{}
	var there []int64
	for _, row := range rows {
		switch {
		case row < 1: // not there yet
			out[row] = p.T("gridweb.row_new")
		case row > s.view.Overlay.Rows:
			out[row] = p.T("gridweb.row_added", row)
		case s.view.Overlay.Gone(row):
			out[row] = p.T("gridweb.row_place", row)
		default:
			there = append(there, row)
		}
	}
	slices.Sort(there)
	for there = slices.Compact(there); len(there) > 0; {
		n := 1
		for n < len(there) && there[n]-there[0] < namesSpan {
			n++
		}
		if err := d.nameSome(r, s, there[:n], out); err != nil {
			return nil, err
		}
		there = there[n:]
	}
	return out, nil
}

// nameSome names rows of the base that are there, near one another.
func (d Desk) nameSome(r *http.Request, s subject, rows []int64, out map[int64]string) error {
	p := web.VisitOf(r).P
	place := rows[0] - 1 // those gone before it do not count
	for gone := range s.view.Overlay.Removed {
		if gone < rows[0] {
			place--
		}
	}
	win := grid.Window{From: place, Count: int(rows[len(rows)-1]-rows[0]) + 1}
	if len(s.columns) > 0 {
		win.Columns = []string{s.columns[0].Name}
	}
	page, err := d.Reader.Window(r.Context(), s.Table, grid.Look{}, win)
	if err != nil {
		return err
	}
	for _, row := range page.Rows {
		if slices.Contains(rows, row.Number) {
			out[row.Number] = s.lineName(p, row)
		}
	}
	return nil
}

// lineName is a row in words.
func (s subject) lineName(p *i18n.Printer, row grid.Row) string {
	if row.Line == 0 {
		return p.T("gridweb.row_added", row.Number)
	}
	return p.T("gridweb.row_named", s.rowName(p, row))
}
