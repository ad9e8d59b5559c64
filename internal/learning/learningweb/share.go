package learningweb

import (
	"cmp"
	"net/http"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const shownHome = home + "/shown"

// A shareLine is somebody who may read a piece of evidence.
type shareLine struct{ Text, With, Action, Name string }

type shareForm struct {
	Action string
	With   ui.Group
	Email  ui.Field
	Until  ui.Field
}

// toPerson is the answer that shows a piece of evidence to a colleague, named by their address.
const toPerson = "person"

// askShares adds who may read, and the form to show it to one more.
func (page *evidencePage) askShares(p *i18n.Printer, e learning.Evidence, now time.Time, names map[string]string, in typed) {
	if !e.Withdrawn.IsZero() {
		return
	}
	for _, s := range e.Shares {
		if !s.Holds(now) {
			continue
		}
		line := shareLine{With: s.With, Name: nameOf(p, names, s.With), Action: path(e.ID, "unshare")}
		if s.With == learning.HR {
			line.Name = p.T("learningweb.hr")
		}
		line.Text = p.T("learningweb.shared_since", line.Name, p.Date(s.Since))
		if !s.Until.IsZero() {
			line.Text = p.T("learningweb.shared_until", line.Name, p.Date(s.Since), p.Date(s.Until.AddDate(0, 0, -1)))
		}
		page.Shares = append(page.Shares, line)
	}
	if len(page.Shares) >= learning.SharesMost {
		return
	}
	chosen := cmp.Or(in.form.Get("with"), toPerson)
	page.Share = &shareForm{Action: path(e.ID, "share"),
		With: ui.Group{Name: "with", Label: p.T("learningweb.share_with"), Options: []ui.Option{{Value: toPerson, Label: p.T("learningweb.share_person"), Selected: chosen == toPerson},
			{Value: learning.HR, Label: p.T("learningweb.hr"), Hint: p.T("learningweb.hr_hint"), Selected: chosen == learning.HR}}},
		Email: ui.Field{Name: "email", Type: "email", Label: p.T("learningweb.share_email"), Hint: p.T("learningweb.share_email_hint"), Value: in.form.Get("email"), Error: in.errs.For("email"), Optional: true, Autocomplete: "off"},
		Until: ui.Field{Name: "until", Type: "date", Label: p.T("learningweb.share_until"), Value: in.form.Get("until"), Error: in.errs.For("until"), Size: "short", Optional: true}}
}

// share lets somebody read.
func (d Desk) share(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	id, form, with := learning.ID(r.PathValue("id")), r.PostForm, learning.HR
	if form.Get("with") != learning.HR {
		with = form.Get("email")
	}
	err := d.Share(r.Context(), web.Actor(r), id, with, untilOf(form.Get("until")))
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		for i := range errs {
			if errs[i].Field == "with" {
				errs[i].Field = "email"
			}
		}
		return d.showEvidence(w, r, typed{form, errs})
	}
	return d.after(w, r, err, outcome{path(id) + "#shares-title", "learningweb.shared"})
}

// unshare ends it.
func (d Desk) unshare(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	id := learning.ID(r.PathValue("id"))
	err := d.Unshare(r.Context(), web.Actor(r), id, r.PostForm.Get("with"))
	return d.after(w, r, err, outcome{path(id) + "#shares-title", "learningweb.unshared"})
}

type shownPage struct {
	Head    ui.PageHead
	Empty   *ui.Empty
	Waiting []ui.Card
	Shared  []ui.Card
}

var shownTemplate = ui.Page[shownPage](pages, "pages/shown.tmpl")

// shown lists what the visitor is asked to review, and what colleagues let them read.
func (d Desk) shown(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p := v.P
	list, err := d.Shown(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	f, err := d.framework(r)
	if err != nil {
		return err
	}
	var people []string
	for _, e := range list {
		people = append(people, e.Person)
	}
	names, err := d.Names(r.Context(), v.Actor, people...)
	if err != nil {
		return err
	}
	page := shownPage{Head: ui.PageHead{Title: p.T("learningweb.shown"), Lead: p.T("learningweb.shown_lead")}}
	for _, e := range list {
		card := evidenceCard(p, f, e, d.Now())
		card.Eyebrow, card.Icon = nameOf(p, names, e.Person), "user"
		if asked := e.Waiting(v.Actor.ID); asked != nil {
			card.Badges = []ui.Badge{{Label: p.T("learningweb.to_review", p.Date(asked.Asked)), Kind: ui.Info, Icon: "clock"}}
			page.Waiting = append(page.Waiting, card)
		} else {
			page.Shared = append(page.Shared, card)
		}
	}
	if len(list) == 0 {
		page.Empty = &ui.Empty{Icon: "users", Title: p.T("learningweb.shown_none"), Text: p.T("learningweb.shown_none_text"), Action: &ui.LinkButton{Label: p.T("learningweb.title"), Href: home}}
	}
	return shownTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), NoIndex: true}, page)
}
