package workshopweb

import (
	"net/http"

	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// comparePage is what two sessions have in common and what each says alone.
type comparePage struct {
	Head          ui.PageHead
	Before, After ui.Choice
	Figures       []ui.Figure
	Tables        []ui.Table
	Hint          string
	Files         []ui.LinkButton
}

var compareTemplate = ui.Page[comparePage](pages, "pages/compare.tmpl")

// compare shows which cards of a session come back in a later one.
func (d desk) compare(w http.ResponseWriter, r *http.Request) error {
	p, q := web.VisitOf(r).P, r.URL.Query()
	sessions, err := d.List(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	page := comparePage{Head: ui.PageHead{Title: p.T("workshopweb.compare"), Lead: p.T("workshopweb.compare_lead")},
		Before: ui.Choice{Name: "before", Label: p.T("workshopweb.before"), Empty: p.T("workshopweb.choose")}, After: ui.Choice{Name: "after", Label: p.T("workshopweb.after"), Empty: p.T("workshopweb.choose")}}
	for _, c := range []*ui.Choice{&page.Before, &page.After} {
		for _, s := range sessions {
			c.Options = append(c.Options, ui.Option{Value: string(s.ID), Label: s.Title + ", " + p.Date(s.Created), Selected: q.Get(c.Name) == string(s.ID)})
		}
	}
	head := ui.Head{Title: page.Head.Title, NoIndex: true, Crumbs: crumbs(p), Wide: true}
	before, after := q.Get("before"), q.Get("after")
	if before == "" || after == "" || before == after {
		page.Hint = p.T("workshopweb.compare_two")
		return compareTemplate.Render(w, r, http.StatusOK, head, page)
	}
	c, err := d.compared(r, before, after)
	if err != nil {
		return err
	}
	for _, one := range []struct{ file, label string }{{"compare.csv", "CSV"}, {"compare.schema.json", p.T("workshopweb.dictionary")}} {
		to, err := ui.Query("/workshops/"+one.file, "before", before, "after", after)
		if err != nil {
			return err
		}
		page.Files = append(page.Files, ui.LinkButton{Label: one.label, Href: to, Icon: "download", Download: true, Small: true})
	}
	page.Figures = []ui.Figure{{Label: p.T("workshopweb.recurring"), Value: p.Number(len(c.Recur))}, {Label: p.T("workshopweb.fresh"), Value: p.Number(len(c.New))}, {Label: p.T("workshopweb.gone"), Value: p.Number(len(c.Gone))}}
	page.Tables = comparison(p, c)
	return compareTemplate.Render(w, r, http.StatusOK, head, page)
}

// compared compares two sessions that the visitor may run.
func (d desk) compared(r *http.Request, before, after string) (c workshop.Comparison, err error) {
	var reports [2]workshop.Report
	for i, of := range []string{before, after} {
		sess, err := d.Run(r.Context(), web.Actor(r), workshop.ID(of))
		if err != nil {
			return c, err
		}
		if reports[i], err = d.report(r, sess); err != nil {
			return c, err
		}
	}
	return workshop.Compare(reports[0], reports[1]), nil
}

func comparison(p *i18n.Printer, c workshop.Comparison) (out []ui.Table) {
	both := ui.Table{ID: "recur", Caption: p.T("workshopweb.recurring"), Tall: true, Columns: []ui.Column{{Label: p.T("workshopweb.before")}, {Label: p.T("workshopweb.after")}, {Label: p.T("workshopweb.theme")}, {Label: p.T("workshopweb.near"), Numeric: true}}}
	for _, one := range c.Recur {
		both.Rows = append(both.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Before.Text}, {Text: one.After.Text}, {Text: one.After.Theme}, {Text: p.Percent(one.Near)}}})
	}
	out = append(out, both)
	for _, one := range []struct {
		key  string
		list []workshop.Said
	}{{"fresh", c.New}, {"gone", c.Gone}} {
		t := ui.Table{ID: one.key, Caption: p.T("workshopweb." + one.key), Tall: true, Columns: []ui.Column{{Label: p.T("workshopweb.card")}, {Label: p.T("workshopweb.theme")}, {Label: p.T("workshopweb.step")}}}
		for _, s := range one.list {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Text}, {Text: s.Theme}, {Text: s.Phase}}})
		}
		out = append(out, t)
	}
	kept := out[:0]
	for _, t := range out {
		if len(t.Rows) > 0 {
			kept = append(kept, t)
		}
	}
	return kept
}
