package registerweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"cultured/internal/i18n"
	"cultured/internal/register"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type formPage struct {
	Head     ui.PageHead
	Action   string
	Back     string
	Revision int
	From     string // the subject a new entry is made from, "" for none
	Filled   *ui.Notice
	Moves    []moveView
	Parts    []formPart
	Marks    []mark
}

// A formPart is the controls of one matter.
type formPart struct {
	ID, Title, Text string
	Controls        []control
}

// A control is one of the four.
type control struct {
	Field  *ui.Field
	Area   *ui.Textarea
	Choice *ui.Choice
	Group  *ui.Group
}

// A mark says which fields of a subject the form was shown with.
type mark struct{ Name, Value string }

var formTemplate = ui.Page[formPage](pages, "pages/form.tmpl")

// A draft is an entry in its form.
type draft struct {
	e      register.Entry
	opened int
	from   string
	status int
	errs   ui.FormErrors
}

// A writer makes the controls of a draft.
type writer struct {
	p    *i18n.Printer
	errs ui.FormErrors
}

func (w writer) words(name string) (label, hint string) {
	label = w.p.T("registerweb.field_" + name)
	if key := "registerweb.hint_" + name; w.p.Has(key) {
		hint = w.p.T(key)
	}
	return label, hint
}

func (w writer) line(name, value string, required bool) control {
	label, hint := w.words(name)
	return control{Field: &ui.Field{Name: name, Label: label, Hint: hint, Value: value, Error: w.errs.For(name), MaxLength: register.LineMost, Required: required, Optional: !required, Autocomplete: "off"}}
}

func (w writer) day(name, value string) control {
	c := w.line(name, value, false)
	c.Field.Type, c.Field.Size, c.Field.MaxLength = "date", "short", 0
	return c
}

func (w writer) area(name, value string, required bool) control {
	label, hint := w.words(name)
	return control{Area: &ui.Textarea{Name: name, Label: label, Hint: hint, Value: value, Error: w.errs.For(name), Rows: 3, MaxLength: register.TextMost, Required: required, Optional: !required}}
}

func (w writer) options(list, chosen []string) (out []ui.Option) {
	for _, code := range list {
		out = append(out, ui.Option{Value: code, Label: w.p.T("register.choice_" + code), Selected: slices.Contains(chosen, code)})
	}
	return out
}

func (w writer) choice(name, value string, list []string) control {
	label, hint := w.words(name)
	return control{Choice: &ui.Choice{Name: name, Label: label, Hint: hint, Empty: w.p.T("registerweb.choose"), Error: w.errs.For(name), Optional: true, Options: w.options(list, []string{value})}}
}

func (w writer) group(name string, chosen, list []string) control {
	label, hint := w.words(name)
	return control{Group: &ui.Group{Name: name, Label: label, Hint: hint, Many: true, Error: w.errs.For(name), Options: w.options(list, chosen)}}
}

func (w writer) parts(e register.Entry, all register.Register) []formPart {
	part := func(id string, controls ...control) formPart {
		return formPart{ID: "part-" + id, Title: w.p.T("registerweb.part_" + id), Controls: controls}
	}
	out := []formPart{
		part("activity", w.line("name", e.Name, true), w.line("reference", e.Reference, false), w.day("started", e.Started), w.day("review", e.Review)),
		part("actors", w.area("controller", e.Controller, false), w.area("joint", e.Joint, false), w.area("dpo", e.DPO, false)),
		part("why", w.area("purposes", e.Purposes, true), w.choice("basis", e.Basis, register.Bases()), w.area("basis_text", e.BasisText, false)),
		part("whose", w.area("people", e.People, false), w.group("data", e.Data, register.Categories()), w.area("data_text", e.DataText, false), w.group("delicate", e.Delicate, register.Delicates()),
			w.choice("exception", e.Exception, register.Exceptions()), w.area("origin", e.Origin, false)),
		part("who", w.area("recipients", e.Recipients, false), w.area("transfers", e.Transfers, false), w.choice("guarantee", e.Guarantee, register.Guarantees())),
		part("long", w.area("retention", e.Retention, false)),
		part("safe", w.group("measures", e.Measures, register.Measures()), w.area("measure_text", e.MeasureText, false), w.area("rights", e.Rights, false), w.choice("impact", e.Impact, register.Impacts())),
	}
	if sources := w.sources(e, all); len(sources.Group.Options) > 0 {
		out = append(out, part("sources", sources))
	}
	return out
}

// sources offers what the entry covers, then what no entry does.
func (w writer) sources(e register.Entry, all register.Register) control {
	c := w.group("sources", nil, nil)
	for _, s := range e.Sources {
		title := s.Title
		if now, ok := all.Subject(s.Key); ok {
			title = now.Title
		}
		c.Group.Options = append(c.Group.Options, ui.Option{Value: s.Key.Text(), Label: title, Hint: w.p.T("registerweb.kind_" + s.Kind), Selected: true})
	}
	for _, s := range all.Open {
		if !slices.ContainsFunc(e.Sources, func(o register.Source) bool { return o.Key == s.Key }) {
			c.Group.Options = append(c.Group.Options, ui.Option{Value: s.Key.Text(), Label: s.Title, Hint: w.p.T("registerweb.kind_" + s.Kind)})
		}
	}
	return c
}

func (d Desk) showForm(w http.ResponseWriter, r *http.Request, f draft) error {
	p := web.VisitOf(r).P
	all, err := d.Register.Open(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	page := formPage{Head: ui.PageHead{Title: p.T("registerweb.new"), Lead: p.T("registerweb.new_lead")}, Action: home + "/new", Back: home, Revision: f.opened, From: f.from, Parts: writer{p, f.errs}.parts(f.e, all)}
	way := crumbs(p)
	if f.e.ID != "" {
		page.Head, page.Action, page.Back = ui.PageHead{Eyebrow: p.T("registerweb.entry"), Title: p.T("registerweb.edit_of", f.e.Name)}, path(f.e.ID, "edit"), path(f.e.ID)
		way, page.Moves = append(way, ui.Crumb{Label: f.e.Name, Href: page.Back}), moves(p, f.e, all)
	}
	if s, ok := all.Subject(register.KeyOf(f.from)); ok {
		page.Filled = &ui.Notice{Kind: ui.Info, Text: p.T("registerweb.filled", s.Title)}
	}
	for _, s := range all.Subjects {
		page.Marks = append(page.Marks, mark{"seen-" + s.Key.Text(), s.Mark()})
	}
	for _, s := range f.e.Sources {
		if _, ok := all.Subject(s.Key); !ok {
			page.Marks = append(page.Marks, mark{"seen-" + s.Key.Text(), register.Subject{}.Mark()})
		}
	}
	return formTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: way, Errors: f.errs}, page)
}

// readForm reads what was typed.
func readForm(form url.Values) register.Draft {
	d := register.Draft{Entry: register.Entry{Reference: form.Get("reference"), Name: form.Get("name"), Controller: form.Get("controller"), Joint: form.Get("joint"), DPO: form.Get("dpo"), Purposes: form.Get("purposes"),
		Basis: form.Get("basis"), BasisText: form.Get("basis_text"), People: form.Get("people"), Data: form["data"], DataText: form.Get("data_text"), Delicate: form["delicate"], Exception: form.Get("exception"),
		Origin: form.Get("origin"), Recipients: form.Get("recipients"), Transfers: form.Get("transfers"), Guarantee: form.Get("guarantee"), Retention: form.Get("retention"), Measures: form["measures"],
		MeasureText: form.Get("measure_text"), Rights: form.Get("rights"), Impact: form.Get("impact"), Started: form.Get("started"), Review: form.Get("review")}, Seen: map[register.Key]string{}}
	for _, s := range form["sources"] {
		k := register.KeyOf(s)
		d.Sources, d.Seen[k] = append(d.Sources, register.Source{Key: k}), form.Get("seen-"+s)
	}
	return d
}

// reviewMonths is when a new entry proposes to be looked at again.
const reviewMonths = 12

// blank shows an empty form, or one filled from a form or a dataset. Who is responsible is proposed as the latest entry says.
func (d Desk) blank(w http.ResponseWriter, r *http.Request) error {
	by, p := web.Actor(r), web.VisitOf(r).P
	if err := d.Register.May(by); err != nil {
		return err
	}
	all, err := d.Register.Open(r.Context(), by)
	if err != nil {
		return err
	}
	now := i18n.Civil(d.Now())
	f := draft{status: http.StatusOK, e: register.Entry{Started: d.today(), Review: now.AddDate(0, reviewMonths, 0).Format("2006-01-02")}}
	if n := len(all.Entries); n > 0 {
		last := all.Entries[n-1]
		f.e.Controller, f.e.DPO, f.e.Rights = last.Controller, last.DPO, last.Rights
	} else if f.e.Controller, err = d.Organisation(r.Context(), by); err != nil {
		return err
	}
	if s, ok := all.Subject(register.KeyOf(r.URL.Query().Get("from"))); ok {
		f.from = s.Key.Text()
		f.e.Fill(s, func(months int) string { return p.T("registerweb.months", months) })
	}
	return d.showForm(w, r, f)
}

// create writes a new entry.
func (d Desk) create(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	in := readForm(r.PostForm)
	id, err := d.Register.Create(r.Context(), web.Actor(r), in)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showForm(w, r, draft{e: in.Entry, from: r.PostForm.Get("from"), status: http.StatusUnprocessableEntity, errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "registerweb.created"})
}

// edit shows an entry in its form.
func (d Desk) edit(w http.ResponseWriter, r *http.Request) error {
	if err := d.Register.May(web.Actor(r)); err != nil {
		return err
	}
	e, _, err := d.Register.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	return d.showForm(w, r, draft{e: e, opened: e.Revision, status: http.StatusOK})
}

// save writes what was edited. When somebody else saved meanwhile, what was typed stays in the form, over the latest state.
func (d Desk) save(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	in := readForm(r.PostForm)
	in.ID = idOf(r)
	opened, _ := strconv.Atoi(r.PostForm.Get("revision")) // no number is no revision: the rule says so
	err := d.Register.Save(r.Context(), web.Actor(r), in, opened)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		now, _, err := d.Register.Look(r.Context(), web.Actor(r), in.ID)
		if err != nil {
			return err
		}
		for i, s := range in.Sources { // what the form left of each
			if at := slices.IndexFunc(now.Sources, func(o register.Source) bool { return o.Key == s.Key }); at >= 0 {
				in.Sources[i] = now.Sources[at]
			}
		}
		return d.showForm(w, r, draft{e: in.Entry, opened: now.Revision, status: http.StatusUnprocessableEntity, errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(in.ID), web.Said{Kind: "success", Key: "registerweb.saved"})
}
