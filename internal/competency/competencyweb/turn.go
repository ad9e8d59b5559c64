package competencyweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type turnPage struct {
	Head   ui.PageHead
	Action string
	Back   string
	Revive bool // it is retired: it may only come back
	Drop   bool // no version has it: it may go for good
	Into   []ui.Choice
	Parts  ui.Textarea
	Merge  ui.Field // why, of each form
	Split  ui.Field
	Retire ui.Field
}

var turnTemplate = ui.Page[turnPage](pages, "pages/turn.tmpl")

// intoMost is how many competences the form lets take one over.
const intoMost = 3

func showTurn(w http.ResponseWriter, r *http.Request, dr draft) error {
	p, v, it, errs := web.VisitOf(r).P, dr.view, dr.item, dr.errs
	f := v.Framework
	kind := r.PostFormValue("kind")
	why := func(id string) ui.Field {
		field := ui.Field{Name: "note", ID: "note-" + id, Label: p.T("competencyweb.turn_why"), Optional: true, Autocomplete: "off"}
		if id == kind {
			field.Value = r.PostFormValue("note")
		}
		return field
	}
	page := turnPage{Head: ui.PageHead{Title: p.T("competencyweb.turn_title", cite(p, f, it)), Lead: p.T("competencyweb.turn_lead")}, Action: itemPath(f.ID, it.ID, "turn"), Back: itemPath(f.ID, it.ID),
		Revive: it.Retired, Drop: !inVersion(v, it.ID), Merge: why("merge"), Split: why("split"), Retire: why("retire"),
		Parts: ui.Textarea{Name: "parts", Label: p.T("competencyweb.turn_parts"), Hint: p.T("competencyweb.turn_parts_hint"), Value: r.PostFormValue("parts"), Error: errs.For("parts"), Rows: 3, Required: true}}
	for n := range intoMost {
		page.Into = append(page.Into, intoField(p, v, it, r.PostForm, n))
	}
	page.Into[0].Error = errs.For("into")
	return turnTemplate.Render(w, r, dr.status, ui.Head{Title: page.Head.Title, Section: "/competencies", Errors: errs,
		Crumbs: crumbs(p, f, ui.Crumb{Label: cite(p, f, it), Href: page.Back})}, page)
}

func inVersion(v competency.View, id competency.ItemID) bool {
	if v.Published == nil {
		return false
	}
	_, ok := v.Published.Item(id)
	return ok
}

func intoField(p *i18n.Printer, v competency.View, it competency.Item, form url.Values, n int) ui.Choice {
	f := v.Framework
	c := ui.Choice{Name: "into", Label: p.T("competencyweb.turn_into"), Empty: p.T("competencyweb.choose"), Required: true}
	if n > 0 {
		c.Name, c.Label, c.Required, c.Optional = intoName(n), p.T("competencyweb.turn_into_also", n+1), false, true
	}
	chosen := form.Get(intoName(n))
	for _, other := range f.Items {
		if other.Retired || other.ID == it.ID || other.Kind != it.Kind {
			continue
		}
		group := ""
		if fam, ok := f.FamilyOf(other.ID); ok && fam.ID != other.ID {
			group = cite(p, f, fam)
		}
		c.Options = append(c.Options, ui.Option{Value: string(other.ID), Label: cite(p, f, other), Group: group, Selected: string(other.ID) == chosen})
	}
	return c
}

// intoName is the field of the competence that takes over, counted from 0: two controls of one name would be read aloud as one.
func intoName(n int) string {
	if n == 0 {
		return "into"
	}
	return "into-" + strconv.Itoa(n+1)
}

// turnForm asks what becomes of an item.
func turnForm(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItemToEdit(r, d)
		if err != nil {
			return err
		}
		return showTurn(w, r, draft{view: v, item: it, status: http.StatusOK})
	}
}

// turn merges, splits, retires, drops or revives an item.
func turn(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItemToEdit(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		t := competency.Turn{Kind: r.PostForm.Get("kind"), Note: r.PostForm.Get("note")}
		for n := range intoMost {
			if id := r.PostForm.Get(intoName(n)); id != "" {
				t.Into = append(t.Into, competency.ItemID(id))
			}
		}
		for _, line := range strings.FieldsFunc(r.PostForm.Get("parts"), func(c rune) bool { return c == '\n' || c == '\r' }) {
			if line = strings.TrimSpace(line); line != "" {
				t.Parts = append(t.Parts, line)
			}
		}
		k, err := d.Competency.Evolve(r.Context(), web.Actor(r), v.Framework.ID, it.ID, t)
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			return showTurn(w, r, draft{view: v, item: it, status: web.StatusOf(err), errs: errs})
		}
		to := itemPath(v.Framework.ID, it.ID)
		if t.Kind == "drop" && !inVersion(v, it.ID) {
			to = frameworkPath(v.Framework.ID)
		}
		return web.Redirect(w, r, to, done(v, k, "competencyweb.turned_"+t.Kind))
	}
}
