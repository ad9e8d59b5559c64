package contactweb

import (
	"net/http"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/contact"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head     ui.PageHead
	Empty    *ui.Empty
	Table    *ui.Table
	Open     *ui.Choice
	Refused  string
	Ways     ui.Textarea
	How      ui.Field
	Withdraw *ui.Textarea // nil for who may not
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// A refusal is what was typed in one of the two forms.
type refusal struct {
	ways, how, back string
	errs            ui.FormErrors
	status          int
}

// list shows the lists, and takes refusals.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	return d.showList(w, r, refusal{status: http.StatusOK})
}

func (d Desk) showList(w http.ResponseWriter, r *http.Request, in refusal) error {
	by, p := web.Actor(r), web.VisitOf(r).P
	counts, refused, err := d.Contact.Survey(r.Context(), by)
	if err != nil {
		return err
	}
	page := listPage{Head: ui.PageHead{Title: p.T("contactweb.title"), Lead: p.T("contactweb.lead")}, Refused: p.T("contactweb.refused", refused)}
	if len(counts) == 0 {
		page.Empty = &ui.Empty{Icon: "mail", Title: p.T("contactweb.none"), Text: p.T("contactweb.none_text"), Example: p.T("contactweb.none_example")}
	} else {
		page.Table = countTable(p, counts)
	}
	sets, err := d.Datasets(r.Context(), by)
	if err != nil {
		return err
	}
	for _, s := range sets {
		if slices.ContainsFunc(counts, func(c contact.Count) bool { return c.Dataset == s.ID }) {
			continue
		}
		if page.Open == nil {
			page.Open = &ui.Choice{Name: "dataset", Label: p.T("contactweb.open"), Hint: p.T("contactweb.open_hint"), Empty: p.T("contactweb.choose")}
		}
		page.Open.Options = append(page.Open.Options, ui.Option{Value: s.ID, Label: s.Title})
	}
	page.Ways = ui.Textarea{Name: "ways", Label: p.T("contactweb.ways"), Hint: p.T("contactweb.ways_hint"), Value: in.ways, Error: in.errs.For("ways"), Rows: 3, Required: true}
	page.How = ui.Field{Name: "how", Label: p.T("contactweb.how_refused"), Hint: p.T("contactweb.how_refused_hint"), Value: in.how, Error: in.errs.For("how"), MaxLength: 300, Required: true, Autocomplete: "off"}
	if by.Is(actor.Steward) || by.Is(actor.Admin) {
		page.Withdraw = &ui.Textarea{ID: "back", Name: "back", Label: p.T("contactweb.back"), Hint: p.T("contactweb.back_hint"), Value: in.back, Error: in.errs.For("back"), Rows: 2}
	}
	return listTemplate.Render(w, r, in.status, ui.Head{Title: page.Head.Title, Section: home, NoIndex: true, Errors: in.errs}, page)
}

func countTable(p *i18n.Printer, counts []contact.Count) *ui.Table {
	t := &ui.Table{ID: "lists", Caption: p.T("contactweb.lists"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("contactweb.list")}, {Label: p.T("contactweb.rows"), Numeric: true},
		{Label: p.T("contactweb.reached"), Numeric: true}, {Label: p.T("contactweb.refusals"), Numeric: true}, {Label: p.T("contactweb.twice"), Numeric: true}, {Label: p.T("contactweb.elsewhere"), Numeric: true}, {Label: p.T("contactweb.consent")}}}
	for _, c := range counts {
		consent := ui.Cell{Badge: &ui.Badge{Kind: ui.Warning, Icon: "triangle-alert", Label: p.T("contactweb.no_consent")}}
		if n := len(c.Trail); n > 0 {
			consent = ui.Cell{Text: p.T("contactweb.consent_on", day(p, c.Trail[n-1].Day))}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Title, Href: path(c.Dataset)}, {Text: p.Number(c.Rows)}, {Text: p.Number(c.Reached)}, {Text: p.Number(c.Refused)}, {Text: p.Number(c.Twice)}, {Text: p.Number(c.Elsewhere)}, consent}})
	}
	return t
}

// object takes refusals in, all or none.
func (d Desk) object(w http.ResponseWriter, r *http.Request) error {
	in := refusal{ways: r.PostFormValue("ways"), how: r.PostFormValue("how")}
	n, err := d.Contact.Object(r.Context(), web.Actor(r), in.ways, in.how)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		in.errs, in.status = errs, web.StatusOf(err)
		return d.showList(w, r, in)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "contactweb.objected", Args: []string{web.VisitOf(r).P.Number(n)}})
}

// withdraw takes refusals back.
func (d Desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	in := refusal{back: r.PostFormValue("back")}
	n, err := d.Contact.Withdraw(r.Context(), web.Actor(r), in.back)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		for i := range errs {
			errs[i].Field = "back"
		}
		in.errs, in.status = errs, web.StatusOf(err)
		return d.showList(w, r, in)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "contactweb.withdrawn", Args: []string{web.VisitOf(r).P.Number(n)}})
}
