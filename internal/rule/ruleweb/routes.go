// Package ruleweb is the rule room's pages: the rules of a schema or a dataset, the form of one with its trial, their file.
package ruleweb

import (
	"context"
	"embed"
	"io"
	"net/http"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/rule"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// A Named is something to choose, by its name.
type Named struct{ ID, Title string }

// A Desk is what these pages stand on.
type Desk struct {
	Rule *rule.Service
	// Schemas are those of the pack that have columns.
	Schemas func() []Named
	// Datasets are those that by sees.
	Datasets func(ctx context.Context, by actor.Actor) ([]Named, error)
	// Table opens the current version of a dataset that by sees.
	Table func(ctx context.Context, by actor.Actor, dataset string) (tabular.Table, error)
}

// home is where the books of an organisation are listed.
const home = "/rules"

// Routes adds the room's routes to the site.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /rules", d.list)
	site.Handle("GET /rules/open", d.open)
	site.Handle("GET /rules/{subject}", d.book)
	site.Handle("GET /rules/{subject}/rules.json", d.file)
	site.Handle("POST /rules/{subject}/import", d.read)
	site.Handle("POST /rules/{subject}/drop", d.drop)
	site.Handle("POST /rules/{subject}/recall", d.recall)
	site.Handle("GET /rules/{subject}/new", d.newRule)
	site.Handle("POST /rules/{subject}/new", d.save)
	site.Handle("GET /rules/{subject}/edit/{rule}", d.edit)
	site.Handle("POST /rules/{subject}/edit/{rule}", d.save)
}

// Path is the address of the rules of a subject.
func Path(of rule.Subject) string { return ui.Link(home, string(of)) }

func subject(r *http.Request) rule.Subject { return rule.Subject(r.PathValue("subject")) }

type listPage struct {
	Head  ui.PageHead
	Empty *ui.Empty
	Cards []ui.Card
	Open  ui.Choice
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// list shows what the organisation has rules for.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	p, by := web.VisitOf(r).P, web.Actor(r)
	all, err := d.Rule.All(r.Context(), by)
	if err != nil {
		return err
	}
	page := listPage{Head: ui.PageHead{Title: p.T("ruleweb.rules"), Lead: p.T("ruleweb.rules_lead")}}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "shield-check", Title: p.T("ruleweb.none"), Text: p.T("ruleweb.none_text"), Example: p.T("ruleweb.none_example")}
	}
	for _, b := range all {
		kind := "ruleweb.of_schema"
		if b.Book.Subject.Dataset() != "" {
			kind = "ruleweb.of_dataset"
		}
		page.Cards = append(page.Cards, ui.Card{Level: 2, Eyebrow: p.T(kind), Title: b.Title, Href: Path(b.Book.Subject), Text: p.T("ruleweb.count", len(b.Book.Rules))})
	}
	if page.Open, err = d.subjects(r); err != nil {
		return err
	}
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: home, NoIndex: true}, page)
}

// subjects offers what rules can be about.
func (d Desk) subjects(r *http.Request) (ui.Choice, error) {
	p := web.VisitOf(r).P
	c := ui.Choice{Name: "subject", Label: p.T("ruleweb.open"), Hint: p.T("ruleweb.open_hint"), Empty: p.T("ruleweb.choose")}
	sets, err := d.Datasets(r.Context(), web.Actor(r))
	if err != nil {
		return c, err
	}
	for _, s := range sets {
		c.Options = append(c.Options, ui.Option{Value: string(rule.OfDataset(s.ID)), Label: s.Title, Group: p.T("ruleweb.datasets")})
	}
	for _, s := range d.Schemas() {
		c.Options = append(c.Options, ui.Option{Value: string(rule.OfSchema(s.ID)), Label: s.Title, Group: p.T("ruleweb.schemas")})
	}
	return c, nil
}

// open leads to the rules of what was chosen.
func (d Desk) open(w http.ResponseWriter, r *http.Request) error {
	of := rule.Subject(r.FormValue("subject"))
	if of == "" {
		return web.Redirect(w, r, home, web.Said{Kind: "info", Key: "ruleweb.choose_first"})
	}
	return web.Redirect(w, r, Path(of), web.Said{})
}

type bookPage struct {
	Head   ui.PageHead
	Back   ui.LinkButton
	Empty  *ui.Empty
	Rules  []ruleView
	Export *ui.LinkButton
	Import string // address, "" for who may not
	Drop   ui.FileDrop
}

type ruleView struct {
	ID, Says, Mend, Text, Column string
	Badge                        ui.Badge
	Empty                        bool
	Edit                         *ui.LinkButton
	Drop                         string // address, "" for who may not
}

var bookTemplate = ui.Page[bookPage](pages, "pages/book.tmpl")

func (d Desk) book(w http.ResponseWriter, r *http.Request) error {
	return d.showBook(w, r, http.StatusOK, nil)
}

func (d Desk) showBook(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	p, of := web.VisitOf(r).P, subject(r)
	b, err := d.Rule.Open(r.Context(), web.Actor(r), of)
	if err != nil {
		return err
	}
	page := bookPage{Head: ui.PageHead{Eyebrow: p.T("ruleweb.rules"), Title: b.Title, Lead: p.T("ruleweb.schema_lead")},
		Drop: ui.FileDrop{Name: "file", Label: p.T("ruleweb.file"), Error: errs.For("file"), Accept: ".json,application/json", Limit: mostFile, Required: true, Submit: p.T("ruleweb.import_submit")},
		Back: ui.LinkButton{Label: p.T("ruleweb.see_schema"), Href: ui.Link("/schemas", strings.Split(of.Schema(), "/")...), Look: ui.Quiet}}
	if id := of.Dataset(); id != "" {
		page.Head.Lead, page.Back = p.T("ruleweb.dataset_lead"), ui.LinkButton{Label: p.T("ruleweb.see_dataset"), Href: ui.Link("/datasets", id, "quality"), Look: ui.Quiet}
	}
	if b.May {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("ruleweb.new"), Href: ui.Link(home, string(of), "new"), Look: ui.Primary, Icon: "plus"}}
		page.Import = ui.Link(home, string(of), "import")
	}
	if len(b.Book.Rules) == 0 {
		page.Empty = &ui.Empty{Icon: "shield-check", Title: p.T("ruleweb.book_none"), Text: p.T("ruleweb.none_text"), Example: p.T("ruleweb.none_example")}
	} else {
		page.Export = &ui.LinkButton{Label: p.T("ruleweb.export"), Href: ui.Link(home, string(of), "rules.json"), Icon: "download", Look: ui.Quiet, Download: true}
	}
	for _, one := range b.Book.Rules {
		v := ruleView{ID: one.ID, Says: one.Says, Mend: one.Mend, Text: one.Text(), Column: one.Column, Empty: one.Empty,
			Badge: ui.Badge{Label: p.T("ruleweb.severity_" + string(one.Severity)), Kind: kinds[one.Severity]}}
		if b.May {
			v.Edit = &ui.LinkButton{Label: p.T("ruleweb.edit"), Href: ui.Link(home, string(of), "edit", one.ID), Look: ui.Quiet, Icon: "pencil", Context: one.Says, Small: true}
			v.Drop = ui.Link(home, string(of), "drop")
		}
		page.Rules = append(page.Rules, v)
	}
	return bookTemplate.Render(w, r, status, ui.Head{Title: p.T("ruleweb.of", b.Title), Section: home, NoIndex: true, Errors: errs, Crumbs: []ui.Crumb{{Label: p.T("ruleweb.rules"), Href: home}}}, page)
}

// file gives the rules of a subject as a file.
func (d Desk) file(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Rule.Open(r.Context(), web.Actor(r), subject(r))
	if err != nil {
		return err
	}
	raw, err := rule.Encode(b.Book.Rules)
	if err != nil {
		return err
	}
	web.Attachment(w, "application/json", b.Title+".rules.json")
	_, err = w.Write(append(raw, '\n'))
	return err
}

// mostFile is the largest file of rules, in bytes.
const mostFile = 1 << 20

// read adds the rules of a file.
func (d Desk) read(w http.ResponseWriter, r *http.Request) error {
	file, _, err := r.FormFile("file")
	if err != nil {
		err = fault.Field("file", "ruleweb.no_file")
	}
	added := 0
	if err == nil {
		defer func() { _ = file.Close() }() // read only
		var raw []byte
		if raw, err = io.ReadAll(io.LimitReader(file, mostFile)); err == nil {
			added, err = d.Rule.Import(r.Context(), web.Actor(r), subject(r), raw)
		}
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showBook(w, r, web.StatusOf(err), errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, Path(subject(r)), web.Said{Kind: "success", Key: "ruleweb.imported", Args: []string{web.VisitOf(r).P.Number(added)}})
}

// drop deletes a rule, with a way back.
func (d Desk) drop(w http.ResponseWriter, r *http.Request) error {
	of, id := subject(r), r.PostFormValue("rule")
	if err := d.Rule.Drop(r.Context(), web.Actor(r), of, id); err != nil {
		return err
	}
	return web.Redirect(w, r, Path(of), web.Said{Kind: "success", Key: "ruleweb.dropped", Undo: &web.SaidUndo{Key: "ruleweb.undo", Action: ui.Link(home, string(of), "recall"), Name: "rule", Value: id}})
}

func (d Desk) recall(w http.ResponseWriter, r *http.Request) error {
	if err := d.Rule.Recall(r.Context(), web.Actor(r), subject(r), r.PostFormValue("rule")); err != nil {
		return err
	}
	return web.Redirect(w, r, Path(subject(r)), web.Said{Kind: "success", Key: "ruleweb.recalled"})
}
