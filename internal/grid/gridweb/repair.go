package gridweb

import (
	"net/http"
	"slices"
	"strconv"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
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
	Done          string // said when it was mended since the version
}

var repairTemplate = ui.Page[repairPage](pages, "pages/repair.tmpl")

// mendable lists the groups of findings that a certain fix of cells mends in the table. Where a column is of a type, what was only written
// otherwise in the file is stored as it should be already.
func (s subject) mendable() (out []dataset.Group) {
	for _, g := range s.Version.Outcome.Report.Groups {
		kind, known := dataset.FindFix(g.Fix.Kind)
		if g.Fix.Kind == "" || g.Fixable == 0 || g.Column < 0 || g.Column >= len(s.columns) || g.Field == "" || known && kind.Rows || g.Fix.Kind == "column_name" {
			continue
		}
		if t := s.columns[g.Column].Storage; t == dataset.TypeText || slices.ContainsFunc(g.Examples, func(e dataset.Example) bool { return e.Fixed && gains(t, e) }) {
			out = append(out, g)
		}
	}
	return out
}

// gains reports whether a cell of a column of the type has a value once mended, and none before.
func gains(t dataset.Type, e dataset.Example) bool {
	_, before := grid.Canonical(t, e.Value)
	_, after := grid.Canonical(t, e.After)
	return !before && after && e.After != ""
}

func groupTitle(p *i18n.Printer, g dataset.Group) string {
	return p.T("gridweb.repair_group", p.T(g.Reason+"_title", words(g.Args)...), g.Field)
}

// groupKey is how the operation that mends a group names it.
func groupKey(g dataset.Group) string { return shorten(g.Reason+" "+g.Field, grid.TextMost) }

// repairText says what a repair names, in words; "" when the version has no such findings any more.
func (s subject) repairText(p *i18n.Printer, text string) string {
	for _, g := range s.Version.Outcome.Report.Groups {
		if groupKey(g) == text {
			return groupTitle(p, g)
		}
	}
	return ""
}

// repaired are the repairs made since the version and not undone, by what they name.
func (d Desk) repaired(r *http.Request) (map[string]grid.Op, error) {
	out := map[string]grid.Op{}
	err := d.Grid.Look(r.Context(), web.Actor(r), idOf(r), func(v grid.View) error {
		undone := map[int64]bool{}
		for _, op := range slices.Backward(v.State.Ops) {
			switch {
			case op.Kind == grid.Undo && !undone[op.Seq]:
				undone[op.Of] = true
			case op.Kind == grid.Repair && !undone[op.Seq]:
				op.Changes = nil
				out[op.Text] = op
			}
		}
		return nil
	})
	return out, err
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
	done, err := d.repaired(r)
	if err != nil {
		return err
	}
	title := p.T("gridweb.repair_title")
	page := repairPage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title, Lead: p.T("gridweb.repair_lead")}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Base: s.base,
		Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: s.base, Icon: "arrow-left"}}
	for i, g := range s.mendable() {
		v := repairView{Title: groupTitle(p, g), Count: p.T("gridweb.repair_count", g.Fixable), Reason: g.Reason, Field: g.Field}
		if op, ok := done[groupKey(g)]; ok {
			v.Done = p.T("gridweb.repair_done", by(p, op.Name), p.DateTime(op.At))
		}
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
	for _, g := range s.mendable() {
		if g.Reason != r.PostForm.Get("reason") || g.Field != r.PostForm.Get("field") {
			continue
		}
		changes, err := h.mended(r, s, g)
		if err != nil {
			return err
		}
		op, err := h.one(w, r, grid.Asked{Seen: s.view.Overlay.Seq, Op: grid.Op{Kind: grid.Repair, Base: s.view.Overlay.Base, Key: id.New(h.Now()), Changes: changes, Text: groupKey(g)}})
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
