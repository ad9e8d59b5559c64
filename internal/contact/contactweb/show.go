package contactweb

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/contact"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type showPage struct {
	Head               ui.PageHead
	Action             string // "" for who may not
	Email, Phone, Name ui.Choice
	On                 bool // it is a list
	Was                bool // it was one
	Turn               string
	Export             string
	Columns            ui.Group
	Once               ui.Checkbox
	Format             ui.Choice
	Purpose            *ui.Choice // nil while nobody agreed to anything
	Hint               *ui.Notice
	Whole              string
	Why                ui.Textarea
	WholeFormat        ui.Choice
	Agree              string
	Day, How           ui.Field
	Text               ui.Textarea
	Trail              *ui.Table
}

var showTemplate = ui.Page[showPage](pages, "pages/show.tmpl")

// A draft is what was typed on the page of a list.
type draft struct {
	list    *contact.List
	consent contact.Consent
	why     string
	errs    ui.FormErrors
	status  int
}

func day(p *i18n.Printer, s string) string {
	if at, err := time.Parse(time.DateOnly, s); err == nil {
		return p.Date(at)
	}
	return s
}

// show is one list: its columns, its file, its trail of consent.
func (d Desk) show(w http.ResponseWriter, r *http.Request) error {
	return d.showOne(w, r, draft{status: http.StatusOK})
}

func (d Desk) showOne(w http.ResponseWriter, r *http.Request, in draft) error {
	id, p := r.PathValue("id"), web.VisitOf(r).P
	set, kept, err := d.Contact.Find(r.Context(), web.Actor(r), id)
	if err != nil {
		return err
	}
	l := kept
	if in.list != nil {
		l = *in.list
	} else if kept.Dataset == "" {
		l = guess(set)
	}
	page := showPage{Head: ui.PageHead{Eyebrow: p.T("contactweb.list"), Title: set.Title, Lead: p.T("contactweb.show_lead")}, On: !kept.Off, Was: kept.Dataset != "" && kept.Off, Turn: path(id, "turn"), Export: path(id, "export", "contacts"), Whole: path(id, "whole"), Agree: path(id, "agree")}
	if set.May {
		page.Action = path(id)
	}
	column := func(name, value string) ui.Choice {
		c := ui.Choice{Name: name, Label: p.T("contactweb.column_" + name), Empty: p.T("contactweb.no_such"), Error: in.errs.For(name), Optional: true}
		for _, one := range set.Columns {
			c.Options = append(c.Options, ui.Option{Value: one, Label: one, Selected: one == value})
		}
		return c
	}
	page.Email, page.Phone, page.Name = column("email", l.Email), column("phone", l.Phone), column("name", l.Name)
	page.file(p, set, kept)
	purposes, err := d.Contact.Purposes(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	if len(purposes) > 0 {
		page.Purpose = &ui.Choice{Name: "purpose", Label: p.T("contactweb.only_agreed"), Hint: p.T("contactweb.only_agreed_hint"), Empty: p.T("contactweb.only_refusals")}
		for _, one := range purposes {
			page.Purpose.Options = append(page.Purpose.Options, ui.Option{Value: one, Label: one})
		}
	}
	page.Why = ui.Textarea{Name: "why", Label: p.T("contactweb.why"), Hint: p.T("contactweb.why_hint", contact.WhyLeast), Value: in.why, Error: in.errs.For("why"), MaxLength: contact.TextMost, Rows: 2, Required: true}
	page.WholeFormat = ui.Choice{ID: "whole-format", Name: "format", Label: p.T("contactweb.format"), Options: ui.Options("csv", "CSV", "ods", "ODS", "xlsx", "XLSX")}
	page.Day, page.How, page.Text = consentFields(p, in.consent, in.errs)
	if page.Trail, err = d.trail(r, kept); err != nil {
		return err
	}
	return showTemplate.Render(w, r, in.status, ui.Head{Title: set.Title, Section: home, NoIndex: true, Crumbs: crumbs(p), Errors: in.errs}, page)
}

// consentFields are the controls that say when, how and to which words people said yes.
func consentFields(p *i18n.Printer, c contact.Consent, errs ui.FormErrors) (day, how ui.Field, text ui.Textarea) {
	return ui.Field{Name: "day", Type: "date", Label: p.T("contactweb.consent_day"), Value: c.Day, Error: errs.For("day"), Size: "short", Required: true},
		ui.Field{Name: "how", Label: p.T("contactweb.consent_how"), Hint: p.T("contactweb.consent_how_hint"), Value: c.How, Error: errs.For("how"), MaxLength: contact.TextMost, Required: true, Autocomplete: "off"},
		ui.Textarea{Name: "text", Label: p.T("contactweb.consent_text"), Hint: p.T("contactweb.consent_text_hint"), Value: c.Text, Error: errs.For("text"), MaxLength: contact.TextMost, Rows: 3, Required: true}
}

func typedConsent(r *http.Request) contact.Consent {
	return contact.Consent{Day: r.PostFormValue("day"), How: strings.TrimSpace(r.PostFormValue("how")), Text: strings.TrimSpace(r.PostFormValue("text"))}
}

// guess proposes columns by their names.
func guess(set contact.Set) (l contact.List) {
	for _, c := range set.Columns {
		name := strings.ToLower(c)
		switch {
		case l.Email == "" && (strings.Contains(name, "mail") || strings.Contains(name, "courriel")):
			l.Email = c
		case l.Phone == "" && (strings.HasPrefix(name, "tel") || strings.HasPrefix(name, "tél") || strings.HasPrefix(name, "phone")):
			l.Phone = c
		case l.Name == "" && strings.HasPrefix(name, "nom"):
			l.Name = c
		}
	}
	return l
}

// file is the form of a file: the columns that reach people are ticked, and what the others say of persons is told.
func (page *showPage) file(p *i18n.Printer, set contact.Set, l contact.List) {
	page.Columns = ui.Group{Name: "column", Label: p.T("contactweb.columns"), Hint: p.T("contactweb.columns_hint"), Many: true}
	reaches := l.Reaches()
	others := 0
	for _, c := range set.Columns {
		o := ui.Option{Value: c, Label: c, Selected: slices.Contains(reaches, c)}
		if !o.Selected && set.Personal[c] {
			o.Hint = p.T("contactweb.column_personal")
			others++
		}
		page.Columns.Options = append(page.Columns.Options, o)
	}
	if more := len(set.Columns) - len(reaches); more > 0 {
		page.Hint = &ui.Notice{Kind: ui.Info, Text: p.T("contactweb.minimal", len(reaches), len(set.Columns))}
		if others > 0 {
			page.Hint.Items = []string{p.T("contactweb.minimal_personal", others)}
		}
	}
	page.Once = ui.Checkbox{Name: "once", Label: p.T("contactweb.once"), Checked: true}
	page.Format = ui.Choice{Name: "format", Label: p.T("contactweb.format"), Options: ui.Options("csv", "CSV", "ods", "ODS", "xlsx", "XLSX")}
}

func (d Desk) trail(r *http.Request, l contact.List) (*ui.Table, error) {
	if len(l.Trail) == 0 {
		return nil, nil
	}
	p := web.VisitOf(r).P
	var people []string
	for _, c := range l.Trail {
		people = append(people, c.By)
	}
	names, err := d.Names(r.Context(), web.Actor(r), people...)
	t := &ui.Table{ID: "trail", Caption: p.T("contactweb.trail"), FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("contactweb.consent_day")}, {Label: p.T("contactweb.consent_how")}, {Label: p.T("contactweb.consent_text")}, {Label: p.T("contactweb.written_by")}}}
	for i := len(l.Trail) - 1; i >= 0; i-- {
		c := l.Trail[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: day(p, c.Day)}, {Text: c.How}, {Text: c.Text}, {Text: names[c.By]}}})
	}
	return t, err
}

// mark says which columns a list has.
func (d Desk) mark(w http.ResponseWriter, r *http.Request) error {
	l := contact.List{Email: r.PostFormValue("email"), Phone: r.PostFormValue("phone"), Name: r.PostFormValue("name")}
	err := d.Contact.Mark(r.Context(), web.Actor(r), r.PathValue("id"), l)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showOne(w, r, draft{list: &l, errs: errs, status: web.StatusOf(err)})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(r.PathValue("id")), web.Said{Kind: "success", Key: "contactweb.marked"})
}

// turn takes a dataset from the lists, or back, as the button says.
func (d Desk) turn(w http.ResponseWriter, r *http.Request) error {
	id, off := r.PathValue("id"), r.PostFormValue("off") != "no"
	if err := d.Contact.Turn(r.Context(), web.Actor(r), id, off); err != nil {
		return err
	}
	said := web.Said{Kind: "success", Key: "contactweb.turned_on"}
	if off {
		said = web.Said{Kind: "success", Key: "contactweb.turned_off", Undo: &web.SaidUndo{Key: "contactweb.undo", Action: path(id, "turn"), Name: "off", Value: "no"}}
	}
	return web.Redirect(w, r, path(id), said)
}

// agree adds to the trail of consent.
func (d Desk) agree(w http.ResponseWriter, r *http.Request) error {
	c := typedConsent(r)
	err := d.Contact.Agree(r.Context(), web.Actor(r), r.PathValue("id"), c)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showOne(w, r, draft{consent: c, errs: errs, status: web.StatusOf(err)})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(r.PathValue("id")), web.Said{Kind: "success", Key: "contactweb.agreed"})
}

// export gives the contacts that may be used as a file.
func (d Desk) export(w http.ResponseWriter, r *http.Request) error {
	q, id := r.URL.Query(), r.PathValue("id")
	format := q.Get("format")
	if r.PathValue("file") != "contacts" || !slices.Contains([]string{"csv", "ods", "xlsx"}, format) {
		return fault.New(fault.NotFound, "web.not_found")
	}
	var out interface {
		Row(cells []string) error
		Close() error
	}
	start := func(header []string) error {
		name := web.VisitOf(r).P.T("contactweb.file") + "." + format
		if format == "csv" {
			web.Attachment(w, "text/csv; charset=utf-8; header=present", name)
			out = textRows{csv.NewWriter(w)}
			return out.Row(header)
		}
		web.Attachment(w, tabular.SheetType(format), name)
		book, err := tabular.NewSheetWriter(format, w, "contacts", header)
		out = bookRows{book}
		return err
	}
	err := d.Contact.Give(r.Context(), web.Actor(r), contact.Ask{Dataset: id, Columns: q["column"], Once: q.Get("once") != "", Purpose: q.Get("purpose")}, start, func(cells []string) error { return out.Row(cells) })
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok && out == nil {
		return d.showOne(w, r, draft{errs: errs, status: web.StatusOf(err)})
	}
	if err != nil {
		return err
	}
	return out.Close()
}

// whole gives the whole dataset, those who refused marked, to who says why.
func (d Desk) whole(w http.ResponseWriter, r *http.Request) error {
	id, why, format := r.PathValue("id"), r.PostFormValue("why"), r.PostFormValue("format")
	if !slices.Contains([]string{"csv", "ods", "xlsx"}, format) {
		return fault.New(fault.NotFound, "web.not_found")
	}
	sieve, err := d.Contact.Whole(r.Context(), web.Actor(r), id, why)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showOne(w, r, draft{why: why, errs: errs, status: web.StatusOf(err)})
	}
	if err != nil {
		return err
	}
	return d.Whole(w, r, Leaving{id, format, web.VisitOf(r).P.T("contactweb.mark_column"), sieve})
}

// textRows writes rows as CSV; formulas are neutralised.
type textRows struct{ *csv.Writer }

// Row writes one.
func (t textRows) Row(cells []string) error {
	line := make([]string, len(cells))
	for i, c := range cells {
		if line[i] = c; contact.Way(c) == "" { // a number with its country code is no formula
			line[i] = tabular.CSVCell(c)
		}
	}
	return t.Write(line)
}

// Close ends the file.
func (t textRows) Close() error {
	t.Flush()
	return t.Error()
}

// bookRows writes rows as texts of a workbook: zeros stay.
type bookRows struct{ tabular.SheetWriter }

// Row writes one.
func (b bookRows) Row(cells []string) error {
	line := make([]tabular.Cell, len(cells))
	for i, c := range cells {
		line[i] = tabular.TextCell(c)
	}
	return b.SheetWriter.Row(line)
}
