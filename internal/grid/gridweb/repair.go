package gridweb

import (
	"net/http"
	"strconv"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// repairPage lists what was found that is mended in one go.
type repairPage struct {
	Head   ui.PageHead
	Tabs   ui.Tabs
	Back   ui.LinkButton
	Base   string
	Groups []repairView
}

// A repairView is a group of findings that one fix mends.
type repairView struct {
	Title, Count  string
	Reason, Field string
	Examples      ui.Table
}

var repairTemplate = ui.Page[repairPage](pages, "pages/repair.tmpl")

// mendable lists the groups of findings that a certain fix of cells mends.
func (s subject) mendable() (out []dataset.Group) {
	for _, g := range s.Version.Outcome.Report.Groups {
		kind, known := dataset.FindFix(g.Fix.Kind)
		if g.Fix.Kind != "" && g.Fixable > 0 && g.Column >= 0 && g.Field != "" && !(known && kind.Rows) && g.Fix.Kind != "column_name" {
			out = append(out, g)
		}
	}
	return out
}

// repairs lists what can be mended.
func (d Desk) repairs(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	if !s.view.May {
		return fault.New(fault.Denied, "dataset.not_yours")
	}
	p := web.VisitOf(r).P
	title := p.T("gridweb.repair_title")
	page := repairPage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title, Lead: p.T("gridweb.repair_lead")}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Base: s.base,
		Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: s.base, Icon: "arrow-left"}}
	for i, g := range s.mendable() {
		v := repairView{Title: p.T("gridweb.repair_group", p.T(g.Reason+"_title", words(g.Args)...), g.Field), Count: p.T("gridweb.repair_count", g.Fixable), Reason: g.Reason, Field: g.Field}
		var lines []changeLine
		for _, e := range g.Examples {
			if e.Fixed {
				lines = append(lines, changeLine{row: p.T("gridweb.row_named", strconv.Itoa(e.Row)), column: g.Field, was: e.Value, is: e.After, kind: dataset.TypeText})
			}
		}
		v.Examples = changeTable(p, "examples-"+strconv.Itoa(i), p.T("gridweb.repair_examples", v.Title), lines)
		page.Groups = append(page.Groups, v)
	}
	return repairTemplate.Render(w, r, http.StatusOK, s.headOf(p, title, nil), page)
}

// repair mends every cell of a group of findings, in one operation. Cells edited since are mended as they are now. Faults: NotFound
// "web.not_found" for a group that is none; TooLarge "grid.too_many_changes".
func (h *hand) repair(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	s, err := h.subject(r)
	if err != nil {
		return err
	}
	if !s.view.May {
		return fault.New(fault.Denied, "dataset.not_yours")
	}
	p := web.VisitOf(r).P
	for _, g := range s.mendable() {
		if g.Reason != r.PostForm.Get("reason") || g.Field != r.PostForm.Get("field") {
			continue
		}
		changes, err := h.mended(r, s, g)
		if err != nil {
			return err
		}
		op, err := h.one(w, r, grid.Asked{Seen: s.view.Overlay.Seq, Op: grid.Op{Kind: grid.Repair, Base: s.view.Overlay.Base, Key: id.New(h.Now()), Changes: changes,
			Text: shorten(p.T("gridweb.repair_group", p.T(g.Reason+"_title", words(g.Args)...), g.Field), grid.TextMost)}})
		if err != nil {
			return err
		}
		return web.Redirect(w, r, s.base, said(s.base, op))
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// mended are the changes that mend a group of findings.
func (d Desk) mended(r *http.Request, s subject, g dataset.Group) (out []grid.Change, err error) {
	found, err := d.Found(r.Context(), s.Version.Outcome, dataset.FindingQuery{Reason: g.Reason, Field: g.Field})
	if err != nil {
		return nil, err
	}
	after := map[int64]string{} // by line
	var last int64
	for _, f := range found {
		if f.Fix != "" && f.Column == g.Column {
			after[int64(f.Row)], last = f.After, max(last, int64(f.Row))
		}
	}
	if len(after) > grid.ChangesMost {
		return nil, fault.New(fault.TooLarge, "grid.too_many_changes", grid.ChangesMost)
	}
	if g.Column >= len(s.columns) {
		return nil, nil
	}
	c := s.columns[g.Column]
	for place := int64(0); ; place += grid.WindowMost {
		page, err := d.Reader.Window(r.Context(), s.Table, grid.Look{}, grid.Window{Columns: []string{c.Name}, From: place, Count: grid.WindowMost})
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			mend, ok := after[row.Line]
			if !ok || row.Line == 0 {
				continue
			}
			now, _ := s.value(row, 0, dataset.StorageColumn{Name: c.Name, Type: c.Storage})
			if now != "" { // findings hold the first characters alone
				if mend, ok = dataset.Apply(g.Fix, now); !ok {
					continue
				}
			}
			if is := grid.Typed(c.Storage, mend); is != now && grid.Fits(c.Storage, is) {
				out = append(out, grid.Change{Row: row.Number, Column: c.Name, Before: now, After: is})
			}
		}
		if n := len(page.Rows); n < grid.WindowMost || page.Rows[n-1].Line >= last {
			return out, nil
		}
	}
}
