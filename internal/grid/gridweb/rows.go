package gridweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/web"
)

// findings are those of the rows of a page, by line and column.
type findings map[spot]found

type spot struct {
	line   int64
	column int
}

// A found is what was found in a cell, in words.
type found struct{ text, value, href string }

func (f findings) at(line int64, column int) (found, bool) {
	one, ok := f[spot{line, column}]
	return one, ok && line > 0
}

// whole is what was found in a row as a whole; it counts no more once a cell of the row was edited.
func (f findings) whole(row grid.Row) (found, bool) {
	if slices.Contains(row.Edited, true) {
		return found{}, false
	}
	return f.at(row.Line, -1)
}

// findingsOf lists the errors and warnings in the rows of a page. They are those of the version: cells edited since have none.
func (d Desk) findingsOf(r *http.Request, s subject, page grid.Page) (findings, error) {
	var lines []int64
	for _, row := range page.Rows {
		if row.Line > 0 {
			lines = append(lines, row.Line)
		}
	}
	list, err := d.Reader.Findings(r.Context(), s.Table, lines)
	if err != nil {
		return nil, err
	}
	p, out := web.VisitOf(r).P, findings{}
	for _, f := range list {
		if f.Severity == finding.Info {
			continue
		}
		at := spot{int64(f.Row), f.Column}
		one := found{text: p.T(f.Reason+"_title", words(f.Args)...), value: f.Value,
			href: strings.TrimSuffix(s.base, "/grid") + "/rows?" + url.Values{"around": {strconv.Itoa(f.Row)}, "column": {strconv.Itoa(f.Column)}}.Encode() + "#cell"}
		if before, ok := out[at]; ok && before.text != one.text {
			one.text = before.text + ", " + one.text
		}
		out[at] = one
	}
	return out, nil
}

func words(args []string) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
	}
	return out
}

// A rowsAnswer is a window of rows, for programs. Values are as files write them: dots in numbers, dates in ISO 8601, null for none.
type rowsAnswer struct {
	Seq   int64     `json:"seq"`   // number of the last operation seen
	Base  int       `json:"base"`  // version whose rows are counted
	Total int64     `json:"total"` // rows of the look
	Rows  []rowJSON `json:"rows"`
}

type rowJSON struct {
	Number int64     `json:"row"`
	Line   int64     `json:"line,omitempty"`
	Cells  []*string `json:"cells"`
	// Places of columns:
	Edited   []int             `json:"edited,omitempty"`   // changed since the base
	Proposed []int             `json:"proposed,omitempty"` // that an open proposal would change
	Written  map[string]string `json:"written,omitempty"`  // what the source holds in a cell that has no value of its column's type
	Found    map[string]string `json:"found,omitempty"`    // what is wrong with the cell; with the row as a whole at -1
}

// rowsMost is the most rows one answer gives.
const rowsMost = 500

// rows answers with a window of rows.
func (d Desk) rows(w http.ResponseWriter, r *http.Request) error {
	s, look, err := d.asked(r)
	if err != nil {
		return err
	}
	start, end := max(whole(r, "start"), 0), whole(r, "end")
	if end <= start || end-start > rowsMost {
		return fault.New(fault.Invalid, "gridweb.bad_window", rowsMost)
	}
	page, err := d.Reader.Window(r.Context(), s.Table, look, grid.Window{From: int64(start), Count: end - start})
	if err != nil {
		return err
	}
	found, err := d.findingsOf(r, s, page)
	if err != nil {
		return err
	}
	out := rowsAnswer{Seq: s.view.Overlay.Seq, Base: s.view.Overlay.Base, Total: page.Total, Rows: make([]rowJSON, len(page.Rows))}
	for i, row := range page.Rows {
		out.Rows[i] = s.rowOf(web.VisitOf(r).P, row, page.Columns, found)
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

func (s subject) rowOf(p *i18n.Printer, row grid.Row, columns []dataset.StorageColumn, found findings) rowJSON {
	out := rowJSON{Number: row.Number, Line: row.Line, Cells: make([]*string, len(row.Cells)), Written: map[string]string{}, Found: map[string]string{}}
	if f, ok := found.whole(row); ok {
		out.Found["-1"] = f.text
	}
	for i, v := range row.Cells {
		value, edited := s.value(row, i, columns[i])
		if value != "" || v != nil && !edited {
			out.Cells[i] = &value
		}
		if s.view.Marks[row.Number][columns[i].Name] {
			out.Proposed = append(out.Proposed, i)
		}
		f, ok := found.at(row.Line, i)
		switch at := strconv.Itoa(i); {
		case edited:
			out.Edited = append(out.Edited, i)
			if wrong := unfit(p, columns[i].Type, value); wrong != "" {
				out.Found[at] = wrong
			}
		case ok:
			out.Found[at] = f.text
			if v == nil && f.value != "" {
				out.Written[at] = f.value
			}
		}
	}
	return out
}

// value is what a cell holds, as changes name it, and whether it was edited since the base.
func (s subject) value(row grid.Row, i int, c dataset.StorageColumn) (value string, edited bool) {
	if cell, ok := s.view.Overlay.Cells[row.Number][c.Name]; ok {
		return cell.Value, true
	}
	return dataset.Plain(c.Type, row.Cells[i]), false
}

// unfit says that a value is not of the type of its column, "" when it is.
func unfit(p *i18n.Printer, t dataset.Type, value string) string {
	if grid.Fits(t, value) {
		return ""
	}
	return p.T("gridweb.unfit_" + string(t))
}

// next leads to the next cell with a finding, in the order of the look: as an address, or as JSON where a script asks.
func (d Desk) next(w http.ResponseWriter, r *http.Request) error {
	s, look, err := d.asked(r)
	if err != nil {
		return err
	}
	after := grid.Spot{Place: int64(whole(r, "place")), Column: whole(r, "column_at")}
	if row := whole(r, "after"); row > 0 {
		if after.Place, err = d.Reader.Find(r.Context(), s.Table, look, int64(row)); err != nil {
			return err
		}
	}
	spot, ok, err := d.nextFinding(r, s, look, after)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("as") == "json" {
		return web.WriteJSON(w, http.StatusOK, nextAnswer{Found: ok, Place: spot.Place, Row: spot.Row, Column: spot.Column})
	}
	at := addressOf(r.URL.Query())
	if !ok {
		return web.Redirect(w, r, at.to(s.base, "done", "1"), web.Said{})
	}
	at.page, at.left = int(spot.Place/pageRows)+1, max(0, spot.Column/widest*widest)
	return web.Redirect(w, r, at.to(s.base, "row", strconv.FormatInt(spot.Row, 10), "column_at", strconv.Itoa(spot.Column))+"#cell", web.Said{})
}

// A nextAnswer is where the next finding is.
type nextAnswer struct {
	Found  bool  `json:"found"`
	Place  int64 `json:"place"`
	Row    int64 `json:"row"`
	Column int   `json:"column"`
}

// nextFinding passes over the findings of cells that were edited since. It looks back where the address says "back".
func (d Desk) nextFinding(r *http.Request, s subject, look grid.Look, after grid.Spot) (grid.Spot, bool, error) {
	for {
		spot, ok, err := d.Reader.NextFinding(r.Context(), s.Table, look, after, r.URL.Query().Get("back") != "")
		if err != nil || !ok || s.Overlay == nil || spot.Column >= len(s.columns) {
			return spot, ok, err
		}
		if _, edited := s.Overlay.Cells[spot.Row][s.columns[spot.Column].Name]; !edited {
			return spot, true, nil
		}
		after = spot
	}
}

// export gives the rows of a look as a file.
func (d Desk) export(w http.ResponseWriter, r *http.Request) error {
	s, look, err := d.asked(r)
	if err != nil {
		return err
	}
	format := dataset.Format(r.URL.Query().Get("format"))
	if !slices.Contains([]dataset.Format{dataset.CSV, dataset.XLSX, dataset.ODS}, format) {
		return fault.New(fault.NotFound, "web.not_found")
	}
	if d.Leaves != nil {
		if err := d.Leaves(r.Context(), s.Dataset.Organisation, s.Dataset.ID); err != nil {
			return err
		}
	}
	web.Attachment(w, format.MediaType(), dataset.Title(s.Version.Source.Name)+"."+string(format))
	if err := d.Reader.Export(r.Context(), s.Table, look, format, w); err != nil {
		w.Header().Del("Content-Disposition")
		return err
	}
	return nil
}
