package competencyweb

import (
	"context"
	"net/http"
	"strconv"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A changed is one thing an act did, in words.
type changed struct {
	What  string
	Name  string
	Href  string
	Diffs []ui.Diff
}

// say lists the changes of a framework in words; f names what is pointed to.
func sayChanges(p *i18n.Printer, f competency.Framework, list []competency.Change) []changed {
	var out []changed
	for _, c := range list {
		if c.Subject == "" && c.Was == nil {
			continue // a publication, an import: its verb says it all
		}
		one := changed{What: p.T("competencyweb.what_" + c.What())}
		if c.Subject == "" {
			one.Name = p.T("competencyweb.the_framework")
			one.Diffs = headDiffs(p, *c.Was, *c.Is)
		} else {
			one.Name = cite(p, f, c.Item())
			if _, still := f.Item(c.Subject); still {
				one.Href = itemPath(f.ID, c.Subject)
			}
			one.Diffs = itemDiffs(p, f, c)
		}
		out = append(out, one)
	}
	return out
}

func itemDiffs(p *i18n.Printer, f competency.Framework, c competency.Change) []ui.Diff {
	was, is := map[string]string{}, map[string]string{}
	var names []string
	for _, side := range []struct {
		item *competency.Item
		into map[string]string
	}{{c.Before, was}, {c.After, is}} {
		if side.item == nil {
			continue
		}
		for _, field := range side.item.Fields() {
			if was[field.Name] == "" && is[field.Name] == "" {
				names = append(names, field.Name)
			}
			side.into[field.Name] = field.Value
		}
	}
	var out []ui.Diff
	for _, name := range names {
		if was[name] != is[name] {
			out = append(out, ui.Compare(fieldLabel(p, f, name), p.T("competencyweb.before"), fieldValue(p, f, name, was[name]), p.T("competencyweb.after"), fieldValue(p, f, name, is[name])))
		}
	}
	return out
}

func headDiffs(p *i18n.Printer, was, is competency.Head) []ui.Diff {
	var out []ui.Diff
	add := func(label, a, b string) {
		if a != b {
			out = append(out, ui.Compare(label, p.T("competencyweb.before"), a, p.T("competencyweb.after"), b))
		}
	}
	a, b := was.Framework, is.Framework
	for _, lang := range b.Languages {
		add(languageTitle(p, lang), a.Title[lang]+"\n"+a.Description[lang], b.Title[lang]+"\n"+b.Description[lang])
	}
	add(p.T("competencyweb.references"), a.Creator+"\n"+a.Source+"\n"+a.Licence+"\n"+a.Edition, b.Creator+"\n"+b.Source+"\n"+b.Licence+"\n"+b.Edition)
	add(p.T("competencyweb.levels"), levelLines(p, a), levelLines(p, b))
	return out
}

func levelLines(p *i18n.Printer, f competency.Framework) (s string) {
	for _, l := range f.Levels {
		s += l.Code + " " + say(p, f, l.Label).Text + " – " + say(p, f, l.Description).Text + "\n"
	}
	return s
}

// An act is one line of the change log.
type act struct {
	Revision string
	At, Who  string
	Verb     string
	Note     string
	Changes  []changed
	Undo     bool
}

type historyPage struct {
	Head  ui.PageHead
	Undo  string // address
	Acts  []act
	Older string
}

var historyTemplate = ui.Page[historyPage](pages, "pages/history.tmpl", "pages/changes.tmpl")

// history shows what was done to the working copy.
func history(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		p, f := web.VisitOf(r).P, v.Framework
		before, err := strconv.Atoi(r.URL.Query().Get("before"))
		if err != nil || before < 0 {
			before = 0
		}
		log, err := d.Competency.History(r.Context(), web.Actor(r), f.ID, competency.LogQuery{Item: competency.ItemID(r.URL.Query().Get("item")), Before: before})
		if err != nil {
			return err
		}
		names, err := namesOf(r.Context(), d, web.Actor(r), log)
		if err != nil {
			return err
		}
		page := historyPage{Head: ui.PageHead{Title: p.T("competencyweb.history"), Lead: p.T("competencyweb.history_lead")}, Undo: frameworkPath(f.ID, "undo"), Acts: acts(p, f, log, names)}
		if n := len(log); n > 0 && log[n-1].Revision > 1 {
			if page.Older, err = ui.Query(frameworkPath(f.ID, "history"), "before", strconv.Itoa(log[n-1].Revision), "item", r.URL.Query().Get("item")); err != nil {
				return err
			}
		}
		return historyTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("competencyweb.history"), Section: "/competencies", Crumbs: crumbs(p, f)}, page)
	}
}

func namesOf(ctx context.Context, d Desk, by actor.Actor, log []competency.Change) (map[string]string, error) {
	var people []string
	for _, c := range log {
		people = append(people, c.Person)
	}
	return d.Names(ctx, by, people...)
}

func acts(p *i18n.Printer, f competency.Framework, log []competency.Change, names map[string]string) []act {
	var out []act
	for from := 0; from < len(log); {
		to := from
		for to < len(log) && log[to].Revision == log[from].Revision {
			to++
		}
		c := log[from]
		a := act{Revision: strconv.Itoa(c.Revision), At: p.DateTime(c.At), Who: personName(p, names, c.Person), Verb: p.T(c.Verb), Note: c.Note, Changes: sayChanges(p, f, log[from:to])}
		a.Undo = len(a.Changes) > 0
		out = append(out, a)
		from = to
	}
	return out
}

func personName(p *i18n.Printer, names map[string]string, person string) string {
	switch {
	case person == "":
		return p.T("competencyweb.the_program")
	case names[person] == "":
		return p.T("competencyweb.somebody")
	}
	return names[person]
}

// undo takes back one act.
func undo(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		revision, err := strconv.Atoi(r.PostFormValue("revision"))
		if err != nil || revision < 1 {
			return fault.New(fault.Conflict, "competency.undo_nothing")
		}
		if err := d.Competency.Undo(r.Context(), web.Actor(r), v.Framework.ID, revision); err != nil {
			return err
		}
		return web.Redirect(w, r, frameworkPath(v.Framework.ID, "history"), web.Said{Kind: "success", Key: "competencyweb.undone"})
	}
}
