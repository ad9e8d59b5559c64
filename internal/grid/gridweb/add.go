package gridweb

import (
	"net/http"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// addPage is a new row being filled in.
type addPage struct {
	Head   ui.PageHead
	Tabs   ui.Tabs
	Back   ui.LinkButton
	Base   string
	Key    string
	From   int // version whose rows are counted
	May    bool
	Fields []ui.Field
	More   string // said when there are more columns than fields
	Why    ui.Field
}

var addTemplate = ui.Page[addPage](pages, "pages/add.tmpl")

// fieldsMost is how many columns a new row is filled in for at once; the others are filled in cell by cell.
const fieldsMost = 100

// cellName is the name of the field of a column.
func cellName(c dataset.ColumnProfile) string { return "cell-" + c.Slug }

// add shows the form of a new row.
func (d Desk) add(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	return d.showAdd(w, r, s, nil)
}

func (d Desk) showAdd(w http.ResponseWriter, r *http.Request, s subject, err error) error {
	p, status := web.VisitOf(r).P, http.StatusOK
	var errs ui.FormErrors
	if err != nil {
		var ok bool
		if errs, ok = ui.FormErrorsOf(p, err); !ok {
			return err
		}
		status = web.StatusOf(err)
	}
	title := p.T("gridweb.add_row")
	page := addPage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title, Lead: p.T("gridweb.add_lead")}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Base: s.base, Key: id.New(d.Now()),
		From: s.view.Overlay.Base, May: s.view.May, Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: s.base, Icon: "arrow-left"},
		Why: ui.Field{Name: "text", Label: p.T("gridweb.why"), Hint: p.T("gridweb.why_hint"), Value: r.PostForm.Get("text"), Error: errs.For("text"), MaxLength: grid.TextMost, Autocomplete: "off", Optional: true}}
	for _, c := range s.columns[:min(len(s.columns), fieldsMost)] {
		f := ui.Field{Name: cellName(c), Label: c.Name, Value: r.PostForm.Get(cellName(c)), Error: errs.For(cellName(c)), MaxLength: grid.CellMost, Autocomplete: "off"}
		if key := "gridweb.value_hint_" + string(c.Storage); p.Has(key) {
			f.Hint = p.T(key)
		}
		page.Fields = append(page.Fields, f)
	}
	if len(s.columns) > fieldsMost {
		page.More = p.T("gridweb.add_more", fieldsMost)
	}
	return addTemplate.Render(w, r, status, s.headOf(p, title, errs), page)
}

// addRow adds a row at the end, or proposes to.
func (h *hand) addRow(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	s, err := h.subject(r)
	if err != nil {
		return err
	}
	a := formOp(r, kindAsked(r))
	a.Added = []int64{-1}
	for _, c := range s.columns {
		if v := strings.TrimSpace(r.PostForm.Get(cellName(c))); v != "" {
			a.Changes = append(a.Changes, grid.Change{Row: -1, Column: c.Name, After: grid.Typed(c.Storage, v)})
		}
	}
	if len(a.Changes) == 0 && len(s.columns) > 0 {
		return h.showAdd(w, r, s, fault.Field(cellName(s.columns[0]), "gridweb.add_empty"))
	}
	op, err := h.one(w, r, a)
	if err != nil {
		return h.showAdd(w, r, s, err)
	}
	to := s.base
	if op.Kind == grid.Edit && op.Seq > 0 {
		to = address{page: int((s.view.Count() + pageRows) / pageRows)}.to(s.base) // rows added are the last
	}
	return web.Redirect(w, r, to, said(s.base, op))
}
