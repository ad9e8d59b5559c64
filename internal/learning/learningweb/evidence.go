package learningweb

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type evidencePage struct {
	Head     ui.PageHead
	State    ui.Notice
	Note     string
	Shows    []ui.LinkButton // an address or none, and what is shown
	Artefact ui.Facts
	Checks   ui.Table
	Withdraw string // where to take it out of what counts
	Delete   *ui.Confirm
	Restore  string // where to bring it back
	Private  string
	Reviews  *ui.Table
	Ask      *askForm
	Shares   []shareLine
	Share    *shareForm
	Review   *reviewForm
}

// A typed is what was sent by a form of this page, with what is wrong in it.
type typed struct {
	form url.Values
	errs ui.FormErrors
}

var evidenceTemplate = ui.Page[evidencePage](pages, "pages/evidence.tmpl")

// evidence shows one piece to its person, and to those who may read it.
func (d Desk) evidence(w http.ResponseWriter, r *http.Request) error {
	return d.showEvidence(w, r, typed{})
}

func (d Desk) showEvidence(w http.ResponseWriter, r *http.Request, in typed) error {
	v := web.VisitOf(r)
	p := v.P
	e, err := d.Look(r.Context(), v.Actor, learning.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, err := d.framework(r)
	if err != nil {
		return err
	}
	names, err := d.Names(r.Context(), v.Actor, peopleOf(e)...)
	if err != nil {
		return err
	}
	page := evidencePage{Head: ui.PageHead{Eyebrow: p.T("learningweb.kind_" + e.Artefact.Kind), Title: e.Artefact.Title.In(string(v.Lang)), Badges: []ui.Badge{stateTag(p, e, d.Now())}},
		Note: e.Note, Artefact: artefactFacts(p, e), Checks: checkTable(p, e, names), State: d.stateNotice(p, e)}
	for _, l := range e.Shows {
		c := f.find(l.Code)
		page.Shows = append(page.Shows, ui.LinkButton{Label: p.T("learningweb.shows_one", c.named(), f.level(l.Level)), Href: c.Href})
	}
	if e.Person == v.Actor.ID {
		d.own(p, e, in, &page)
		page.askReviews(p, e, names, in)
		page.askShares(p, e, d.Now(), names, in)
	} else {
		page.Head.Facts = append(page.Head.Facts, ui.Fact{Label: p.T("learningweb.of"), Value: nameOf(p, names, e.Person)})
		if asked := e.Waiting(v.Actor.ID); asked != nil {
			page.Review = newReview(p, f, e, *asked, in)
			page.Review.Lead = p.T("learningweb.asks_"+string(cmp.Or(asked.As, learning.Peer)), nameOf(p, names, e.Person), p.Date(asked.Asked))
		}
	}
	return evidenceTemplate.Render(w, r, statusOf(in.errs), ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: in.errs, NoIndex: true}, page)
}

// own adds what its person may do.
func (d Desk) own(p *i18n.Printer, e learning.Evidence, in typed, page *evidencePage) {
	page.Delete = &ui.Confirm{Title: p.T("learningweb.delete"), Text: p.T("learningweb.delete_text"), Action: path(e.ID, "delete"), Submit: p.T("learningweb.delete_do"),
		Expected: page.Head.Title}
	if in.errs.For("confirm") != "" {
		page.Delete.Errors = in.errs
	}
	if !e.Withdrawn.IsZero() {
		page.Restore = path(e.ID, "withdraw")
		return
	}
	page.Private = p.T("learningweb.private")
	page.Withdraw = path(e.ID, "withdraw")
}

// peopleOf are those a piece of evidence names.
func peopleOf(e learning.Evidence) []string {
	out := []string{e.Person}
	for _, c := range e.Checks {
		if c.How != learning.Automatic {
			out = append(out, c.By)
		}
	}
	for _, r := range e.Reviews {
		out = append(out, r.Reviewer)
	}
	for _, s := range e.Shares {
		out = append(out, s.With)
	}
	return out
}

// stateNotice says in a sentence what a piece of evidence is worth, and why.
func (d Desk) stateNotice(p *i18n.Printer, e learning.Evidence) ui.Notice {
	switch now := d.Now(); {
	case !e.Withdrawn.IsZero():
		return ui.Notice{Kind: ui.Warning, Text: p.T("learningweb.is_withdrawn", p.Date(e.Withdrawn))}
	case !e.Until.IsZero() && !now.Before(e.Until):
		return ui.Notice{Kind: ui.Warning, Text: p.T("learningweb.is_over", p.Date(e.Until.AddDate(0, 0, -1)))}
	case e.Seen():
		return ui.Notice{Kind: ui.Success, Text: p.T("learningweb.is_seen")}
	case e.Verified():
		return ui.Notice{Kind: ui.Success, Text: p.T("learningweb.is_checked")}
	}
	return ui.Notice{Kind: ui.Info, Text: p.T("learningweb.is_said")}
}

// artefactFacts say what was made, and how to tell it from anything else.
func artefactFacts(p *i18n.Printer, e learning.Evidence) ui.Facts {
	a := e.Artefact
	facts := []ui.Fact{{Label: p.T("learningweb.date"), Value: p.Date(e.At), Icon: "calendar"}}
	add := func(f ui.Fact) {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	if !e.Until.IsZero() {
		add(ui.Fact{Label: p.T("learningweb.until"), Value: p.Date(e.Until.AddDate(0, 0, -1)), Icon: "clock"})
	}
	file := ui.Fact{Label: p.T("learningweb.file"), Value: a.Name, Icon: "file-text"}
	if a.Attached() {
		file = ui.Fact{Label: p.T("learningweb.attached"), Value: p.T("learningweb.file_size", a.Name, p.Bytes(a.Bytes)), Href: path(e.ID, "file"), Icon: "download"}
	}
	add(file)
	version := "learningweb.drawn"
	if a.Kind == learning.Work {
		version = "learningweb.version"
	}
	add(ui.Fact{Label: p.T(version), Value: a.Version, Icon: "history"})
	add(ui.Fact{Label: p.T("learningweb.hash"), Value: a.Hash, Hint: p.T("learningweb.hash_hint"), Icon: "hash"})
	where := a.Address
	if strings.HasPrefix(where, "/") {
		where = p.T("learningweb.see_here")
	}
	add(ui.Fact{Label: p.T("learningweb.where"), Value: where, Href: a.Address, Icon: "link-2"})
	return ui.Facts{Items: facts}
}

// checkTable lists who and what verified.
func checkTable(p *i18n.Printer, e learning.Evidence, names map[string]string) ui.Table {
	t := ui.Table{ID: "checks", Stacks: true, Caption: p.T("learningweb.how"), CaptionHidden: true, Columns: []ui.Column{{Label: p.T("learningweb.by")}, {Label: p.T("learningweb.result")}, {Label: p.T("learningweb.date")}}}
	for _, c := range e.Checks {
		by := p.T("learningweb.by_check", c.Version)
		if c.How != learning.Automatic {
			by = p.T("learningweb.by_"+string(c.How), nameOf(p, names, c.By))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: by}, {Text: p.T("learningweb.result_"+string(c.How), c.Result)}, {Text: p.Date(c.At)}}})
	}
	return t
}

// nameOf is how somebody is called, or that they left.
func nameOf(p *i18n.Printer, names map[string]string, person string) string {
	if name := names[person]; name != "" {
		return name
	}
	return p.T("learningweb.somebody")
}

// withdraw takes a piece of evidence out of what counts, or brings it back.
func (d Desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	id := learning.ID(r.PathValue("id"))
	out := r.PostForm.Get("withdrawn") == "yes"
	if err := d.Withdraw(r.Context(), web.Actor(r), id, out); err != nil {
		return err
	}
	if !out {
		return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "learningweb.restored"})
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "learningweb.withdrawn", Undo: &web.SaidUndo{Key: "learningweb.restore", Action: path(id, "withdraw"), Name: "withdrawn", Value: "no"}})
}

// file gives what was attached to who may read it: always to be saved, never shown as a page of this house.
func (d Desk) file(w http.ResponseWriter, r *http.Request) error {
	e, body, err := d.Download(r.Context(), web.Actor(r), learning.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	web.Attachment(w, e.Artefact.Media, e.Artefact.Name)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	w.Header().Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", e.At, body)
	return body.Close()
}

// delete erases a piece of evidence for good.
func (d Desk) delete(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	err := d.Delete(r.Context(), web.Actor(r), learning.ID(r.PathValue("id")), r.PostForm.Get("confirm"))
	return d.after(w, r, err, outcome{home, "learningweb.deleted"})
}
