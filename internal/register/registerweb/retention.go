package registerweb

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/register"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type retentionPage struct {
	Tabs, Parts ui.Tabs
	Head        ui.PageHead
	Now         ui.Notice
	Action      string // "" for who may not
	Until       ui.Field
	Why         ui.Field
	Set         bool
	Ends        string
}

var retentionTemplate = ui.Page[retentionPage](pages, "pages/retention.tmpl")

// retention shows until when a dataset is kept.
func (d Desk) retention(w http.ResponseWriter, r *http.Request) error {
	_, kept, err := d.Register.Kept(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.showRetention(w, r, http.StatusOK, kept, nil)
}

func (d Desk) showRetention(w http.ResponseWriter, r *http.Request, status int, typed register.Retention, errs ui.FormErrors) error {
	id, p := r.PathValue("id"), web.VisitOf(r).P
	held, kept, err := d.Register.Kept(r.Context(), web.Actor(r), id)
	if err != nil {
		return err
	}
	page := retentionPage{Head: ui.PageHead{Eyebrow: p.T("registerweb.retention"), Title: held.Title, Lead: p.T("registerweb.retention_lead")}, Set: kept.Until != "", Ends: home + "/ends",
		Now: ui.Notice{Kind: ui.Info, Text: p.T("registerweb.retention_none")}}
	page.Tabs, page.Parts = d.Tabs(r, id, held.Title)
	if kept.Until != "" {
		page.Now = ui.Notice{Kind: ui.Warning, Text: p.T("registerweb.retention_set", day(p, kept.Until), kept.Why)}
	}
	if held.May {
		page.Action = r.URL.EscapedPath()
	}
	least := i18n.Civil(d.Now()).AddDate(0, 0, register.Spared).Format(time.DateOnly)
	page.Until = ui.Field{Name: "until", Type: "date", Label: p.T("registerweb.retention_until"), Hint: p.T("registerweb.retention_until_hint", register.Spared), Value: typed.Until, Min: least, Error: errs.For("until"), Size: "short", Required: true}
	page.Why = ui.Field{Name: "why", Label: p.T("registerweb.retention_why"), Hint: p.T("registerweb.retention_why_hint"), Value: typed.Why, Error: errs.For("why"), MaxLength: register.LineMost, Required: true, Autocomplete: "off"}
	head := ui.Head{Title: p.T("registerweb.retention") + " – " + held.Title, Section: "/datasets", NoIndex: true, Errors: errs,
		Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}, {Label: held.Title, Href: ui.Link("/datasets", id)}}}
	return retentionTemplate.Render(w, r, status, head, page)
}

// retain sets the last day, or takes it away where that was asked.
func (d Desk) retain(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if r.PostFormValue("do") == "release" {
		if err := d.Register.Release(r.Context(), web.Actor(r), id); err != nil {
			return err
		}
		return web.Redirect(w, r, r.URL.EscapedPath(), web.Said{Kind: "success", Key: "registerweb.retention_released"})
	}
	typed := register.Retention{Until: r.PostFormValue("until"), Why: r.PostFormValue("why")}
	err := d.Register.Retain(r.Context(), web.Actor(r), id, typed.Until, typed.Why)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showRetention(w, r, web.StatusOf(err), typed, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, r.URL.EscapedPath(), web.Said{Kind: "success", Key: "registerweb.retention_saved"})
}

type endsPage struct {
	Head     ui.PageHead
	Soon     *ui.Table
	SoonNone string
	Gone     *ui.Table
	GoneNone string
}

var endsTemplate = ui.Page[endsPage](pages, "pages/ends.tmpl")

// ends shows what is erased soon, and what was.
func (d Desk) ends(w http.ResponseWriter, r *http.Request) error {
	soon, gone, err := d.Register.Ends(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	slices.SortStableFunc(soon, func(a, b register.Coming) int { return strings.Compare(a.Day, b.Day) })
	page := endsPage{Head: ui.PageHead{Title: p.T("registerweb.ends"), Lead: p.T("registerweb.ends_lead")}, SoonNone: p.T("registerweb.soon_none", register.ComingDays), GoneNone: p.T("registerweb.gone_none")}
	columns := []ui.Column{{Label: p.T("registerweb.subject")}, {Label: p.T("registerweb.day")}, {Label: p.T("registerweb.rule")}, {Label: p.T("registerweb.amount")}}
	if len(soon) > 0 {
		page.Soon = &ui.Table{ID: "soon", Caption: p.T("registerweb.soon"), CaptionHidden: true, FirstIsHeader: true, Columns: columns}
		for _, c := range soon {
			at := ui.Link("/datasets", c.ID, "protect", "retention")
			if c.Kind == register.Form {
				at = ui.Link("/forms", c.ID, "answers")
			}
			page.Soon.Rows = append(page.Soon.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Title, Href: at}, {Text: day(p, c.Day)}, {Text: rule(p, c.Months, "", c.Why)}, {Text: amount(p, c.Kind, c.Count, true)}}})
		}
	}
	if len(gone) > 0 {
		page.Gone = &ui.Table{ID: "gone", Caption: p.T("registerweb.gone"), CaptionHidden: true, FirstIsHeader: true, Columns: columns}
		for _, e := range gone {
			page.Gone.Rows = append(page.Gone.Rows, ui.Row{Cells: []ui.Cell{{Text: e.Title}, {Text: day(p, e.Day)}, {Text: rule(p, e.Months, e.Until, e.Why)}, {Text: amount(p, e.Kind, e.Count, false)}}})
		}
	}
	return endsTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p)}, page)
}

// rule says why something is erased.
func rule(p *i18n.Printer, months int, until, why string) string {
	switch {
	case months > 0:
		return p.T("registerweb.rule_months", months)
	case until != "":
		return p.T("registerweb.rule_until", day(p, until), why)
	case why != "":
		return why
	}
	return p.T("registerweb.rule_form")
}

// amount says how much: answers of a form, rows of a dataset, the whole of it while it is there.
func amount(p *i18n.Printer, kind string, n int64, soon bool) string {
	switch {
	case kind == register.Form:
		return p.T("registerweb.answers", n)
	case soon:
		return p.T("registerweb.whole")
	}
	return p.T("registerweb.rows", n)
}
