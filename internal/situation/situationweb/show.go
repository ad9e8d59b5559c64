package situationweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type showPage struct {
	Head     ui.PageHead
	Text     string
	Action   string
	Facts    ui.Facts // of the decided action
	Links    *ui.Table
	Datasets *ui.Table
	Settle   string // path to post to when the action is done, or not
	Done     bool
	Cards    []situation.Card
	History  []past
	May      bool
	Retire   string // path to post to
	Retired  bool
	Into     string // page of the record it was merged into
	Undo     string
	Latest   int
	MergeAt  string
	Merge    *ui.Choice
	Missions []ui.Fact // title, address, what is said of it
	All      string    // where all of them are
}

// past is one state of the record.
type past struct{ At, Verb, Person, Title string }

var showTemplate = ui.Page[showPage](pages, "pages/show.tmpl")

// show is one record, what it takes, where it comes from, and what it was.
func (d Desk) show(w http.ResponseWriter, r *http.Request) error {
	s, log, err := d.Situation.Look(r.Context(), web.Actor(r), situation.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	f, err := d.refs(r)
	if err != nil {
		return err
	}
	page := showPage{Head: head(p, s, f), Datasets: f.datasetTable(p, s), Settle: path(s.ID, "progress"), Done: s.Done != "", Text: s.Text, Action: s.Action, Cards: s.Origin.Cards, May: situation.MayEdit(web.Actor(r)), Retired: s.Retired,
		Retire: path(s.ID, "retire"), Undo: path(s.ID, "undo"), Latest: s.Revision, MergeAt: path(s.ID, "merge")}
	if len(page.Cards) == 1 && page.Cards[0].Text == s.Title {
		page.Cards = nil // the title says it
	}
	if s.Into != "" {
		page.Into = path(s.Into)
	}
	if s.Owner != "" {
		page.Facts.Items = append(page.Facts.Items, ui.Fact{Label: p.T("situationweb.owner"), Value: s.Owner})
	}
	if s.Due != "" {
		page.Facts.Items = append(page.Facts.Items, ui.Fact{Label: p.T("situationweb.due"), Value: day(p, s.Due)})
	}
	if s.Done != "" {
		page.Facts.Items = append(page.Facts.Items, ui.Fact{Label: p.T("situationweb.progress_done"), Value: day(p, s.Done)})
	}
	if page.Links, err = d.linkTable(r, s); err != nil {
		return err
	}
	if err = d.missions(r, s, &page); err != nil {
		return err
	}
	if page.History, err = d.history(r, log); err != nil {
		return err
	}
	if page.May {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("situationweb.edit"), Href: path(s.ID, "edit"), Icon: "pencil", Look: ui.Primary}}
		if page.Merge, err = d.mergeChoice(r, s); err != nil {
			return err
		}
	}
	return showTemplate.Render(w, r, http.StatusOK, ui.Head{Title: s.Title, Section: home, Crumbs: crumbs(p)}, page)
}

func head(p *i18n.Printer, s situation.Situation, f refs) ui.PageHead {
	h := ui.PageHead{Eyebrow: p.T("situation." + string(s.Kind)), Title: s.Title}
	if s.Retired {
		h.Badges = append(h.Badges, ui.Badge{Label: p.T("situationweb.retired_one"), Kind: ui.Warning})
	}
	fact := func(label, value string) {
		if value != "" {
			h.Facts = append(h.Facts, ui.Fact{Label: p.T(label), Value: value})
		}
	}
	if name, ok := named(f.services, s.Unit); ok {
		h.Facts = append(h.Facts, ui.Fact{Label: p.T("situationweb.unit"), Value: name, Href: mapHome + "?service=" + url.QueryEscape(s.Unit)})
	}
	fact("situationweb.service", s.Service)
	if s.Frequency != "" {
		fact("situationweb.frequency", p.T("situation."+s.Frequency))
	}
	fact("situationweb.session", s.Origin.Title)
	fact("situationweb.theme", s.Origin.Theme)
	fact("situationweb.mentions", p.Number(s.Mentions()))
	return h
}

func (d Desk) linkTable(r *http.Request, s situation.Situation) (*ui.Table, error) {
	if len(s.Links) == 0 {
		return nil, nil
	}
	p := web.VisitOf(r).P
	_, named, err := d.competences(r)
	if err != nil {
		return nil, err
	}
	t := &ui.Table{ID: "links", Stacks: true, Caption: p.T("situationweb.competences"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("situationweb.competence")}, {Label: p.T("situationweb.standing")}, {Label: p.T("situationweb.family")}}}
	for _, l := range s.Links {
		c, ok := named[l.Competence]
		cell, family := ui.Cell{Text: p.T("situationweb.gone_competence")}, ui.Cell{}
		if ok {
			cell = ui.Cell{Text: c.label, Href: "/competences/" + string(c.id)}
		}
		if c.family != "" {
			family.Badge = &ui.Badge{Label: c.family, Family: c.mark}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: p.T("situation." + string(l.Standing))}, family}})
	}
	return t, nil
}

func (d Desk) history(r *http.Request, log []situation.Change) (out []past, err error) {
	var people []string
	for _, c := range log {
		people = append(people, c.Person)
	}
	names, err := d.Names(r.Context(), web.Actor(r), people...)
	if err != nil {
		return nil, err
	}
	p := web.VisitOf(r).P
	for _, c := range log {
		out = append(out, past{At: p.DateTime(c.At), Verb: p.T(c.Verb), Person: names[c.Person], Title: c.State.Title})
	}
	return out, nil
}

// mergeChoice offers the other records of its kind in force; nil when there is none.
func (d Desk) mergeChoice(r *http.Request, s situation.Situation) (*ui.Choice, error) {
	all, err := d.Situation.All(r.Context(), web.Actor(r))
	if err != nil || s.Retired {
		return nil, err
	}
	p := web.VisitOf(r).P
	c := &ui.Choice{Name: "into", Label: p.T("situationweb.merge_into"), Hint: p.T("situationweb.merge_hint"), Empty: p.T("situationweb.choose")}
	for _, o := range all {
		if !o.Retired && o.ID != s.ID && o.Kind == s.Kind {
			c.Options = append(c.Options, ui.Option{Value: string(o.ID), Label: o.Title})
		}
	}
	if len(c.Options) == 0 {
		return nil, nil
	}
	return c, nil
}

// retire takes a record out of force, or brings it back, as the button says.
func (d Desk) retire(w http.ResponseWriter, r *http.Request) error {
	id, retired := situation.ID(r.PathValue("id")), r.PostFormValue("retired") != "no"
	if err := d.Situation.Retire(r.Context(), web.Actor(r), retired, id); err != nil {
		return err
	}
	said := web.Said{Kind: "success", Key: "situationweb.revived"}
	if retired {
		said = web.Said{Kind: "success", Key: "situationweb.was_retired", Undo: &web.SaidUndo{Key: "situationweb.undo", Action: path(id, "retire"), Name: "retired", Value: "no"}}
	}
	return web.Redirect(w, r, path(id), said)
}

// merge makes one record of this one and another, and leads to it.
func (d Desk) merge(w http.ResponseWriter, r *http.Request) error {
	into := situation.ID(r.PostFormValue("into"))
	if into == "" {
		return web.Redirect(w, r, path(situation.ID(r.PathValue("id"))), web.Said{Kind: "warning", Key: "situationweb.merge_which"})
	}
	if err := d.Situation.Merge(r.Context(), web.Actor(r), situation.ID(r.PathValue("id")), into); err != nil {
		return err
	}
	return web.Redirect(w, r, path(into), web.Said{Kind: "success", Key: "situationweb.merged"})
}

// undo brings back the state before the latest.
func (d Desk) undo(w http.ResponseWriter, r *http.Request) error {
	id := situation.ID(r.PathValue("id"))
	revision, _ := strconv.Atoi(r.PostFormValue("revision")) // no number is no revision: the rule says so
	if err := d.Situation.Undo(r.Context(), web.Actor(r), id, revision); err != nil {
		return err
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "situationweb.undone"})
}

// withdraw retires the records just made of cards: the one click back.
func (d Desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	var ids []situation.ID
	for _, id := range strings.Fields(r.PostFormValue("ids")) {
		ids = append(ids, situation.ID(id))
	}
	if err := d.Situation.Retire(r.Context(), web.Actor(r), true, ids...); err != nil {
		return err
	}
	return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "situationweb.withdrawn"})
}
