package formweb

import (
	"net/http"
	"slices"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head  ui.PageHead
	Table *ui.Table
	Empty *ui.Empty
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// list shows the forms one may change, the latest first.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	all, err := d.Form.List(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	page := listPage{Head: ui.PageHead{Title: p.T("formweb.title"), Lead: p.T("formweb.lead")}}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "clipboard-check", Title: p.T("formweb.none"), Text: p.T("formweb.none_text"), Example: p.T("formweb.none_example"),
			Action: &ui.LinkButton{Label: p.T("formweb.new"), Href: home + "/new", Icon: "plus", Look: ui.Primary}}
		return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title}, page)
	}
	page.Head.Actions = []ui.LinkButton{{Label: p.T("formweb.models"), Href: home + "/models", Icon: "copy"}, {Label: p.T("formweb.import"), Href: home + "/import", Icon: "upload"}, {Label: p.T("formweb.new"), Href: home + "/new", Icon: "plus", Look: ui.Primary}}
	slices.Reverse(all)
	if page.Table, err = d.table(r, p, all); err != nil {
		return err
	}
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title}, page)
}

func (d Desk) table(r *http.Request, p *i18n.Printer, all []form.Form) (*ui.Table, error) {
	t := &ui.Table{ID: "forms", Stacks: true, Caption: p.T("formweb.title"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("formweb.name")}, {Label: p.T("formweb.state")},
		{Label: p.T("formweb.who")}, {Label: p.T("formweb.closes")}, {Label: p.T("formweb.answers"), Numeric: true}}}
	for _, f := range all {
		taken, err := d.Form.Replies.Taken(r.Context(), f.ID)
		if err != nil {
			return nil, err
		}
		state := stateOf(p, f)
		closes := ui.Cell{Text: dayText(p, f.Closes)}
		if f.Closes == "" {
			closes.Text = p.T("formweb.no_closing")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: f.Title, Href: path(f.ID)}, {Badge: &state}, {Text: p.T(f.Door.Word())}, closes, {Text: p.Number(taken)}}})
	}
	return t, nil
}

type newPage struct {
	Head    ui.PageHead
	Title   ui.Field
	From    ui.Group
	Schema  ui.Choice
	Dataset *ui.Choice
}

var newTemplate = ui.Page[newPage](pages, "pages/new.tmpl")

// The ways a form begins.
const (
	fromNothing = "blank"
	fromSchema  = "schema"
	fromDataset = "dataset"
)

// beginning is what was typed to make a form.
type beginning struct {
	title, from, schema, dataset string
	errs                         ui.FormErrors
}

func (d Desk) blank(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	b := beginning{from: fromNothing, dataset: q.Get("dataset"), schema: q.Get("schema")}
	switch {
	case b.dataset != "":
		b.from = fromDataset
	case b.schema != "":
		b.from = fromSchema
	}
	return d.showNew(w, r, http.StatusOK, b)
}

func (d Desk) showNew(w http.ResponseWriter, r *http.Request, status int, b beginning) error {
	p := web.VisitOf(r).P
	sets, err := d.Datasets(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	page := newPage{Head: ui.PageHead{Title: p.T("formweb.new"), Lead: p.T("formweb.new_lead")},
		Title: ui.Field{Name: "title", Label: p.T("formweb.form_title"), Hint: p.T("formweb.form_title_hint"), Value: b.title, Error: b.errs.For("title"), MaxLength: form.LabelMost, Autocomplete: "off"},
		From:  ui.Group{Name: "from", Label: p.T("formweb.from"), Error: b.errs.For("from"), Required: true}}
	for _, from := range []string{fromNothing, fromDataset, fromSchema} {
		if from != fromDataset || len(sets) > 0 {
			page.From.Options = append(page.From.Options, ui.Option{Value: from, Label: p.T("formweb.from_" + from), Hint: p.T("formweb.from_" + from + "_hint"), Selected: b.from == from})
		}
	}
	page.Schema = ui.Choice{Name: "schema", Label: p.T("formweb.which_schema"), Empty: p.T("formweb.choose"), Error: b.errs.For("schema")}
	for _, e := range d.Schemas.All() {
		if e.Kind == "" || e.Kind == schema.KindTable {
			page.Schema.Options = append(page.Schema.Options, ui.Option{Value: e.Name, Label: e.Title, Selected: e.Name == b.schema})
		}
	}
	if len(sets) > 0 {
		page.Dataset = &ui.Choice{Name: "dataset", Label: p.T("formweb.which_dataset"), Empty: p.T("formweb.choose"), Error: b.errs.For("dataset")}
		for _, one := range sets {
			page.Dataset.Options = append(page.Dataset.Options, ui.Option{Value: string(one.ID), Label: one.Title, Selected: string(one.ID) == b.dataset})
		}
	}
	return newTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: b.errs}, page)
}

// create makes a form of nothing, of a schema or of a dataset's dictionary.
func (d Desk) create(w http.ResponseWriter, r *http.Request) error {
	b := beginning{title: strings.TrimSpace(r.PostFormValue("title")), from: r.PostFormValue("from"), schema: r.PostFormValue("schema"), dataset: r.PostFormValue("dataset")}
	f, left, err := d.begin(r, b)
	if err == nil {
		f, err = d.Form.Create(r.Context(), web.Actor(r), f)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		b.errs = errs
		return d.showNew(w, r, http.StatusUnprocessableEntity, b)
	}
	if err != nil {
		return err
	}
	said := web.Said{Kind: "success", Key: "formweb.created"}
	if left > 0 {
		said = web.Said{Kind: "warning", Key: "formweb.created_cut", Args: []string{web.VisitOf(r).P.Number(left)}}
	}
	return web.Redirect(w, r, path(f.ID), said)
}

// begin makes the form, unsaved, and counts what there was no room for.
func (d Desk) begin(r *http.Request, b beginning) (f form.Form, left int, err error) {
	switch b.from {
	case fromSchema:
		e, err := d.Schemas.Find(b.schema)
		if b.schema == "" || err != nil {
			return f, 0, fault.Field("schema", "formweb.no_schema")
		}
		s, _, err := e.Schema()
		if err != nil {
			return f, 0, err
		}
		f, left = form.FromSchema(&s)
	case fromDataset:
		if b.dataset == "" {
			return f, 0, fault.Field("dataset", "formweb.no_dataset")
		}
		one, err := d.Dataset(r.Context(), web.Actor(r), dataset.ID(b.dataset))
		if err != nil {
			return f, 0, err
		}
		f, left = form.FromDictionary(one.Title, one.Dictionary)
	default:
		f = form.New("")
	}
	if b.title != "" {
		f.Title = b.title
	}
	return f, left, nil
}
