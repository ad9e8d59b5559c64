package registerweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/register"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type showPage struct {
	Head    ui.PageHead
	Missing *ui.Notice
	Moves   []moveView
	Edit    string // where what changed is taken into account, "" for who may not
	Parts   []part
	Sources *ui.Table
	History []past
	Remove  string // path to post to, "" for who may not
	Removed bool
	Restore string
	Advice  adviceView
}

// past is one state of the entry.
type past struct {
	At, Verb, Person, What string
	Revision               int
	Latest                 bool
}

// A moveView is what changed in one source since the entry was written.
type moveView struct {
	Title string
	Items []string
}

var showTemplate = ui.Page[showPage](pages, "pages/show.tmpl")

// moves says what changed in the sources since the entry was written.
func moves(p *i18n.Printer, e register.Entry, all register.Register) (out []moveView) {
	for _, s := range e.Sources {
		now, _ := all.Subject(s.Key)
		since := s.Since(now.Fields)
		if len(since) == 0 {
			continue
		}
		v := moveView{Title: s.Title}
		for _, m := range since {
			v.Items = append(v.Items, moveText(p, m))
		}
		out = append(out, v)
	}
	return out
}

func moveText(p *i18n.Printer, m register.Move) string {
	months := func(n int) string {
		if n == 0 {
			return p.T("registerweb.unsaid")
		}
		return p.T("registerweb.months", n)
	}
	unsaid := func(s string) string {
		if s == "" {
			return p.T("registerweb.unsaid")
		}
		return s
	}
	switch m.Kind {
	case register.Repurposed:
		return p.T("registerweb.move_purpose", m.Label, unsaid(m.Before), unsaid(m.After))
	case register.Kept:
		return p.T("registerweb.move_months", m.Label, months(m.From), months(m.To))
	}
	return p.T("registerweb.move_"+m.Kind, m.Label)
}

// show is one entry, what it lacks, what changed around it, what is said of it, and what it was.
func (d Desk) show(w http.ResponseWriter, r *http.Request) error {
	return d.showEntry(w, r, http.StatusOK, opining{})
}

func (d Desk) showEntry(w http.ResponseWriter, r *http.Request, status int, in opining) error {
	by, p := web.Actor(r), web.VisitOf(r).P
	e, log, err := d.Register.Look(r.Context(), by, idOf(r))
	if err != nil {
		return err
	}
	all, err := d.Register.Open(r.Context(), by)
	if err != nil {
		return err
	}
	page := showPage{Head: ui.PageHead{Eyebrow: p.T("registerweb.entry"), Title: e.Name, Badges: []ui.Badge{*d.state(p, all, e)}}, Moves: moves(p, e, all), Removed: e.Removed}
	if b := opinion(p, all, e); b != nil {
		page.Head.Badges = append(page.Head.Badges, *b)
	}
	page.Parts = sheet(p, e, "")
	page.Parts = page.Parts[:len(page.Parts)-2] // the sources have their table, the opinions their place
	if page.Advice, err = d.advice(r, all, e, in); err != nil {
		return err
	}
	if missing := e.Missing(); len(missing) > 0 {
		page.Missing = &ui.Notice{Kind: ui.Info, Title: p.T("registerweb.missing"), Text: p.T("registerweb.missing_text")}
		for _, field := range missing {
			page.Missing.Items = append(page.Missing.Items, p.T("registerweb.field_"+field))
		}
	}
	page.Sources = sourceTable(p, e, all, func(s register.Subject) string { return subjectPage(by, s) })
	if page.History, err = d.history(r, log); err != nil {
		return err
	}
	if register.MayEdit(by) {
		page.Edit, page.Remove, page.Restore = path(e.ID, "edit"), path(e.ID, "remove"), path(e.ID, "restore")
		page.Head.Actions = []ui.LinkButton{{Label: p.T("registerweb.edit"), Href: page.Edit, Icon: "pencil", Look: ui.Primary}}
	}
	return showTemplate.Render(w, r, status, ui.Head{Title: e.Name, Section: home, Crumbs: crumbs(p), Errors: in.errs}, page)
}

// sourceTable lists the forms and datasets of an entry; nil when there is none.
func sourceTable(p *i18n.Printer, e register.Entry, all register.Register, at func(register.Subject) string) *ui.Table {
	if len(e.Sources) == 0 {
		return nil
	}
	t := &ui.Table{ID: "sources", Caption: p.T("registerweb.part_sources"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("registerweb.subject")}, {Label: p.T("registerweb.kind")}, {Label: p.T("registerweb.personal")}}}
	for _, s := range e.Sources {
		now, ok := all.Subject(s.Key)
		row := []ui.Cell{{Text: s.Title, Href: at(now)}, {Text: p.T("registerweb.kind_" + s.Kind)}, {Text: labels(p, now.Fields)}}
		if !ok {
			row[2] = ui.Cell{Text: p.T("registerweb.no_longer")}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	return t
}

func (d Desk) history(r *http.Request, log []register.Change) (out []past, err error) {
	var people []string
	for _, c := range log {
		people = append(people, c.Person)
	}
	names, err := d.Names(r.Context(), web.Actor(r), people...)
	if err != nil {
		return nil, err
	}
	p := web.VisitOf(r).P
	for i, c := range log {
		one := past{At: p.DateTime(i18n.Civil(c.At)), Verb: p.T(c.Verb), Person: names[c.Person], Revision: c.Revision, Latest: i == 0}
		if i+1 < len(log) {
			var what []string
			for _, field := range c.State.Changed(log[i+1].State) {
				what = append(what, p.T("registerweb.field_"+field))
			}
			one.What = strings.Join(what, ", ")
		}
		out = append(out, one)
	}
	return out, nil
}

// remove takes an entry out of the register, or brings it back, as the button says.
func (d Desk) remove(w http.ResponseWriter, r *http.Request) error {
	id, removed := idOf(r), r.PostFormValue("removed") != "no"
	if err := d.Register.Remove(r.Context(), web.Actor(r), id, removed); err != nil {
		return err
	}
	if removed {
		return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "registerweb.was_removed", Undo: &web.SaidUndo{Key: "registerweb.undo", Action: path(id, "remove"), Name: "removed", Value: "no"}})
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "registerweb.recalled"})
}

// restore writes an earlier state again.
func (d Desk) restore(w http.ResponseWriter, r *http.Request) error {
	id := idOf(r)
	revision, _ := strconv.Atoi(r.PostFormValue("revision")) // no number is no revision: the rule says so
	if err := d.Register.Restore(r.Context(), web.Actor(r), id, revision); err != nil {
		return err
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "registerweb.restored"})
}
