package registerweb

import (
	"net/http"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/register"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head    ui.PageHead
	Empty   *ui.Empty
	Summary string
	Table   *ui.Table
	Exports []ui.LinkButton
	Open    *ui.Table // forms and datasets to be entered
	OpenSum string
	Removed []removedView
	Alerts  *ui.Notice // publications to be looked into, for who must
	Watched bool       // alerts may be read
}

// A removedView is an entry that was deleted, and where to bring it back.
type removedView struct{ Name, Href, Action string }

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// list shows the register, and what is not in it yet.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	by, p := web.Actor(r), web.VisitOf(r).P
	all, err := d.Register.Open(r.Context(), by)
	if err != nil {
		return err
	}
	page := listPage{Head: ui.PageHead{Title: p.T("registerweb.title"), Lead: p.T("registerweb.lead")}, Open: openTable(p, all, register.MayEdit(by), func(s register.Subject) string { return subjectPage(by, s) })}
	if page.Open != nil {
		page.OpenSum = p.T("registerweb.open_sum", len(all.Open))
	}
	page.Watched = register.MayWatch(by)
	if waiting, err := d.Register.Waiting(r.Context(), by); err != nil {
		return err
	} else if waiting > 0 {
		n := ui.Notice{Kind: ui.Warning, Text: p.T("registerweb.waiting", waiting)}.Leading(p.T("registerweb.alerts_see"), home+"/alerts")
		page.Alerts = &n
	}
	if register.MayEdit(by) {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("registerweb.new"), Href: home + "/new", Icon: "plus", Look: ui.Primary}}
		for _, e := range all.Removed {
			page.Removed = append(page.Removed, removedView{e.Name, path(e.ID), path(e.ID, "remove")})
		}
	}
	if len(all.Entries) == 0 {
		page.Empty = &ui.Empty{Icon: "shield-check", Title: p.T("registerweb.none"), Text: p.T("registerweb.none_text"), Example: p.T("registerweb.none_example")}
	} else {
		page.Summary, page.Table = p.T("registerweb.count", len(all.Entries)), d.entryTable(p, all)
		page.Head.Actions = append(page.Head.Actions, ui.LinkButton{Label: p.T("registerweb.print"), Href: home + "/print", Icon: "file-text"})
		for _, format := range []string{"ods", "xlsx", "csv", "odt"} {
			page.Exports = append(page.Exports, ui.LinkButton{Label: strings.ToUpper(format), Context: p.T("registerweb.title"), Href: home + "/export/register." + format, Icon: "download", Download: true})
		}
	}
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title}, page)
}

func (d Desk) entryTable(p *i18n.Printer, all register.Register) *ui.Table {
	t := &ui.Table{ID: "entries", Caption: p.T("registerweb.entries"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("registerweb.field_name")}, {Label: p.T("registerweb.field_purposes")},
		{Label: p.T("registerweb.field_basis")}, {Label: p.T("registerweb.state")}, {Label: p.T("registerweb.part_opinion")}, {Label: p.T("registerweb.field_updated")}}}
	for _, e := range all.Entries {
		purpose, _, _ := strings.Cut(e.Purposes, "\n")
		basis := ui.Cell{Missing: e.Basis == ""}
		if e.Basis != "" {
			basis.Text = p.T("register.choice_" + e.Basis)
		}
		said := ui.Cell{Missing: true}
		if b := opinion(p, all, e); b != nil {
			said = ui.Cell{Badge: b}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: e.Name, Href: path(e.ID)}, {Text: purpose}, basis, {Badge: d.state(p, all, e)}, said, {Text: p.Date(i18n.Civil(e.Updated))}}})
	}
	return t
}

// state says what there is to do about an entry, the most pressing.
func (d Desk) state(p *i18n.Printer, all register.Register, e register.Entry) *ui.Badge {
	switch missing := len(e.Missing()); {
	case e.Removed:
		return &ui.Badge{Kind: ui.Error, Icon: "trash-2", Label: p.T("registerweb.removed")}
	case all.Moved(e):
		return &ui.Badge{Kind: ui.Warning, Icon: "triangle-alert", Label: p.T("registerweb.state_moved")}
	case e.Due(d.today()):
		return &ui.Badge{Kind: ui.Warning, Icon: "clock", Label: p.T("registerweb.state_due")}
	case missing > 0:
		return &ui.Badge{Kind: ui.Info, Icon: "circle-dashed", Label: p.T("registerweb.state_missing", missing)}
	}
	return &ui.Badge{Kind: ui.Success, Icon: "circle-check", Label: p.T("registerweb.state_full")}
}

// openTable lists what no entry covers; nil when there is nothing.
func openTable(p *i18n.Printer, all register.Register, may bool, at func(register.Subject) string) *ui.Table {
	if len(all.Open) == 0 {
		return nil
	}
	t := &ui.Table{ID: "to-enter", Caption: p.T("registerweb.open"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("registerweb.subject")}, {Label: p.T("registerweb.kind")}, {Label: p.T("registerweb.personal")}}}
	if may {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("registerweb.act"), LabelHidden: true})
	}
	for _, s := range all.Open {
		row := []ui.Cell{{Text: s.Title, Href: at(s)}, {Text: p.T("registerweb.kind_" + s.Kind)}, {Text: labels(p, s.Fields)}}
		if may {
			row = append(row, ui.Cell{Action: &ui.LinkButton{Label: p.T("registerweb.enter"), Context: s.Title, Href: home + "/new?from=" + s.Key.Text(), Icon: "plus", Small: true}})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	return t
}

// labelsMost is how many fields a list names.
const labelsMost = 4

// labels names the first fields of a subject.
func labels(p *i18n.Printer, fields []register.Field) string {
	var out []string
	for _, f := range fields[:min(len(fields), labelsMost)] {
		out = append(out, f.Label)
	}
	text := strings.Join(out, ", ")
	if more := len(fields) - labelsMost; more > 0 {
		text = p.T("registerweb.and_more", text, more)
	}
	return text
}
