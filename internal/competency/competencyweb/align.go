package competencyweb

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type alignPage struct {
	Head     ui.PageHead
	Action   string
	Back     string
	Links    []aligned
	Editing  bool
	Replaces string
	Scheme   ui.Field
	Code     ui.Field
	Label    ui.Field
	URI      ui.Field
	Match    ui.Group
	Source   ui.Field
	Checked  ui.Field
	Note     ui.Textarea
}

// aligned is one alignment with what one may do to it.
type aligned struct {
	Name, Match string
	Checked     string
	Key, Edit   string
}

var alignTemplate = ui.Page[alignPage](pages, "pages/align.tmpl")

// hold writes an alignment's key for a form or an address.
func hold(a competency.Alignment) string {
	return base64.RawURLEncoding.EncodeToString([]byte(a.Key()))
}

// held reads what [hold] wrote; what it did not write names no alignment.
func held(s string) string {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || s == "" {
		return s
	}
	return string(b)
}

// A link is an alignment's form about to be shown.
type link struct {
	alignment competency.Alignment
	checked   string // as typed
	replaces  string
	status    int
	errs      ui.FormErrors
}

func showAlign(w http.ResponseWriter, r *http.Request, v competency.View, it competency.Item, l link) error {
	p, f, a, errs := web.VisitOf(r).P, v.Framework, l.alignment, l.errs
	here := itemPath(f.ID, it.ID, "alignments")
	field := func(name, value string) ui.Field {
		return ui.Field{Name: name, Label: p.T("competencyweb.align_" + name), Hint: p.T("competencyweb.align_" + name + "_hint"), Value: value, Error: errs.For(name), Autocomplete: "off"}
	}
	page := alignPage{Head: ui.PageHead{Title: p.T("competencyweb.align_title", cite(p, f, it)), Lead: p.T("competencyweb.alignments_text")}, Action: here, Back: itemPath(f.ID, it.ID),
		Editing: l.replaces != "", Replaces: l.replaces, Scheme: field("scheme", competency.SchemeName(a.Scheme)), Code: field("code", a.Code), Label: field("label", a.Label.In(string(p.Lang()))),
		URI: field("uri", a.URI), Source: field("source", a.Source), Checked: field("checked", l.checked), Match: matchField(p, a, errs),
		Note: ui.Textarea{Name: "note", Label: p.T("competencyweb.align_note"), Value: a.Note, Error: errs.For("note"), Rows: 2, Optional: true}}
	page.Scheme.Required = true
	for _, s := range competency.Schemes() {
		page.Scheme.Suggestions = append(page.Scheme.Suggestions, s.Name)
	}
	for _, o := range slices.SortedFunc(slices.Values(it.Alignments), competency.CompareAlignments) {
		to, err := ui.Query(here, "key", hold(o))
		if err != nil {
			return err
		}
		one := aligned{Name: competency.SchemeName(o.Scheme) + " " + elementName(p, o), Match: p.T(o.Match.Label()), Key: hold(o), Edit: to}
		if day, err := time.Parse(time.DateOnly, o.Checked); err == nil {
			one.Checked = p.Date(day)
		}
		page.Links = append(page.Links, one)
	}
	return alignTemplate.Render(w, r, l.status, ui.Head{Title: page.Head.Title, Section: "/competencies", Errors: errs,
		Crumbs: crumbs(p, f, ui.Crumb{Label: cite(p, f, it), Href: page.Back})}, page)
}

func matchField(p *i18n.Printer, a competency.Alignment, errs ui.FormErrors) ui.Group {
	g := ui.Group{Name: "match", Label: p.T("competencyweb.align_match"), Hint: p.T("competencyweb.align_match_hint"), Error: errs.For("match"), Required: true}
	for _, m := range competency.Matches() {
		g.Options = append(g.Options, ui.Option{Value: string(m), Label: p.T(m.Label()), Selected: m == a.Match})
	}
	return g
}

// alignments shows an item's alignments, with the form of one of them or of a new one.
func alignments(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItemToEdit(r, d)
		if err != nil {
			return err
		}
		asked := r.URL.Query()
		l := link{status: http.StatusOK, alignment: readAlignment(asked, it, "", string(web.VisitOf(r).Lang))} // what another page proposes
		if l.alignment.Match == "" {
			l.alignment.Match = competency.Related
		}
		key := held(asked.Get("key"))
		if i := slices.IndexFunc(it.Alignments, func(a competency.Alignment) bool { return a.Key() == key }); i >= 0 {
			l.alignment, l.replaces = it.Alignments[i], hold(it.Alignments[i])
			l.checked = writeDay(l.alignment.Checked)
		}
		return showAlign(w, r, v, it, l)
	}
}

// align writes, checks or takes away an alignment, as the button says.
func align(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItemToEdit(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		on, key := competency.Place{Framework: v.Framework.ID, Item: it.ID}, held(r.PostForm.Get("key"))
		l := link{alignment: readAlignment(r.PostForm, it, key, string(web.VisitOf(r).Lang)), checked: r.PostForm.Get("checked"), replaces: r.PostForm.Get("key"), status: http.StatusUnprocessableEntity}
		said := "competencyweb.align_saved"
		switch {
		case r.PostForm.Has("remove"):
			said, err = "competencyweb.align_removed", d.Competency.Unalign(r.Context(), web.Actor(r), on, held(r.PostForm.Get("remove")))
		case r.PostForm.Has("confirm"):
			key = held(r.PostForm.Get("confirm"))
			i := slices.IndexFunc(it.Alignments, func(a competency.Alignment) bool { return a.Key() == key })
			if i < 0 {
				return fault.New(fault.NotFound, "competency.alignment_gone")
			}
			a := it.Alignments[i]
			a.Checked, a.Foreign = d.Now().Format(time.DateOnly), nil
			said, err = "competencyweb.align_confirmed", d.Competency.Align(r.Context(), web.Actor(r), on, a, key)
		default:
			err = d.Competency.Align(r.Context(), web.Actor(r), on, l.alignment, key)
		}
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			l.errs = errs
			return showAlign(w, r, v, it, l)
		}
		return web.Redirect(w, r, itemPath(v.Framework.ID, it.ID, "alignments"), web.Said{Kind: "success", Key: said})
	}
}

// readAlignment reads the form; what the form does not say stays as the alignment of that key has it.
func readAlignment(form url.Values, it competency.Item, key, lang string) competency.Alignment {
	a := competency.Alignment{}
	for _, o := range it.Alignments {
		if o.Key() == key {
			a.Label = o.Label
		}
	}
	a.Scheme, a.Code, a.URI = schemeID(form.Get("scheme")), form.Get("code"), form.Get("uri")
	a.Label = a.Label.With(lang, strings.TrimSpace(form.Get("label")))
	a.Match, a.Source, a.Note = competency.Match(form.Get("match")), form.Get("source"), form.Get("note")
	a.Checked = readDay(form.Get("checked"))
	return a
}

// schemeID is the identifier of a framework the program knows by name, however it was typed; else what was typed.
func schemeID(s string) string {
	for _, known := range competency.Schemes() {
		if s = strings.TrimSpace(s); strings.EqualFold(s, known.Name) || strings.EqualFold(s, known.ID) {
			return known.ID
		}
	}
	return s
}

// readDay reads a day as people write it, or as programs do; what is neither stays as it is, and saving says so.
func readDay(s string) string {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if day, err := time.Parse(layout, s); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	return s
}

func writeDay(s string) string {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day.Format("02/01/2006")
	}
	return s
}
