package situationweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const actionHome = home + "/actions"

func actionPath(of situation.ID, more ...string) string {
	return ui.Link(actionHome, append([]string{"items", string(of)}, more...)...)
}

type actionsPage struct {
	Head    ui.PageHead
	Choices []ui.Choice
	Summary string
	Empty   *ui.Empty
	Each    []actionView
	May     bool
	Exports []ui.LinkButton
}

// An actionView is one decided action of the list.
type actionView struct {
	ID, What, Href string
	Badge          ui.Badge
	Facts          ui.Facts
	Settle         string // path to post to
	Ends, Drops    bool   // it may be done, given up; else opened again
}

var actionsTemplate = ui.Page[actionsPage](pages, "pages/actions.tmpl")

// A ledger is the actions the address lets through, beside all of them and what they are about.
type ledger struct {
	p         *i18n.Printer
	kept, all []situation.Action
	refs      refs
	named     map[competency.ItemID]competence
	titles    map[situation.ID]string
	today     string
	query     url.Values
}

func (d Desk) ledger(r *http.Request) (l ledger, err error) {
	l.p, l.today, l.query, l.titles = web.VisitOf(r).P, d.today(), r.URL.Query(), map[situation.ID]string{}
	if l.all, err = d.Situation.Plan(r.Context(), web.Actor(r), l.today); err != nil {
		return l, err
	}
	all, err := d.Situation.All(r.Context(), web.Actor(r))
	if err != nil {
		return l, err
	}
	for _, s := range all {
		l.titles[s.ID] = s.Title
	}
	if l.refs, err = d.refs(r); err != nil {
		return l, err
	}
	if _, l.named, err = d.competences(r); err != nil {
		return l, err
	}
	for _, a := range l.all {
		if l.keeps(a) {
			l.kept = append(l.kept, a)
		}
	}
	return l, nil
}

// keeps reports whether the address lets an action through: what was given up only where it says so.
func (l ledger) keeps(a situation.Action) bool {
	at, wanted := a.At(l.today), situation.Progress(l.query.Get("state"))
	is := func(name, value string) bool { return l.query.Get(name) == "" || l.query.Get(name) == value }
	if wanted == "" && at == situation.Dropped || wanted != "" && at != wanted {
		return false
	}
	return is("owner", a.Owner) && is("service", l.refs.place(a.Service)) && is("competence", string(a.Competence))
}

func (l ledger) about(a situation.Action) ui.Fact {
	if a.Situation != "" {
		return ui.Fact{Label: l.p.T("situation.situation"), Value: l.titles[a.Situation], Href: path(a.Situation)}
	}
	f := ui.Fact{Label: l.p.T("situationweb.competence"), Value: l.p.T("situationweb.gone_competence")}
	if c, ok := l.named[a.Competence]; ok {
		f.Value, f.Href = c.label, ui.Link("/competences", string(c.id))
	}
	return f
}

var progressLooks = map[situation.Progress]ui.Badge{situation.Late: {Kind: ui.Error, Icon: "circle-alert"}, situation.Open: {Kind: ui.Info, Icon: "circle-dashed"},
	situation.Done: {Kind: ui.Success, Icon: "circle-check"}, situation.Dropped: {Kind: ui.Neutral, Icon: "circle-x"}}

func progressBadge(p *i18n.Printer, at situation.Progress) ui.Badge {
	b := progressLooks[at]
	b.Label = p.T("situationweb.progress_" + string(at))
	return b
}

func (l ledger) view(a situation.Action) actionView {
	at := a.At(l.today)
	v := actionView{ID: string(a.ID), What: a.What, Href: actionPath(a.ID), Badge: progressBadge(l.p, at), Settle: actionPath(a.ID, "progress"),
		Ends: at == situation.Late || at == situation.Open, Drops: a.Situation == ""}
	if a.Situation != "" {
		v.Href, v.Settle = path(a.Situation), path(a.Situation, "progress")
	}
	v.Facts.Items = []ui.Fact{{Label: l.p.T("situationweb.owner"), Value: a.Owner}, {Label: l.p.T("situationweb.due"), Value: day(l.p, a.Due)}, l.about(a)}
	if a.Done != "" {
		v.Facts.Items = append(v.Facts.Items, ui.Fact{Label: l.p.T("situationweb.progress_done"), Value: day(l.p, a.Done)})
	}
	if a.Service != "" {
		v.Facts.Items = append(v.Facts.Items, ui.Fact{Label: l.p.T("situationweb.service"), Value: l.refs.place(a.Service)})
	}
	return v
}

// choices narrow the list.
func (l ledger) choices() []ui.Choice {
	p := l.p
	state := ui.Choice{Name: "state", Label: p.T("situationweb.state"), Empty: p.T("situationweb.not_dropped")}
	for _, at := range situation.Progresses() {
		state.Options = append(state.Options, ui.Option{Value: string(at), Label: p.T("situationweb.progress_" + string(at)), Selected: l.query.Get("state") == string(at)})
	}
	values := func(name, label string, of func(situation.Action) string) ui.Choice {
		var list []string
		for _, a := range l.all {
			if v := of(a); v != "" && !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
		slices.SortFunc(list, french.Compare)
		c := ui.Choice{Name: name, Label: p.T(label), Empty: p.T("situationweb.all")}
		for _, v := range list {
			c.Options = append(c.Options, ui.Option{Value: v, Label: v, Selected: l.query.Get(name) == v})
		}
		return c
	}
	return []ui.Choice{state, values("owner", "situationweb.owner", func(a situation.Action) string { return a.Owner }),
		values("service", "situationweb.service", func(a situation.Action) string { return l.refs.place(a.Service) })}
}

// actions lists what was decided, what wants attention first.
func (d Desk) actions(w http.ResponseWriter, r *http.Request) error {
	l, err := d.ledger(r)
	if err != nil {
		return err
	}
	p := l.p
	page := actionsPage{Head: ui.PageHead{Title: p.T("situationweb.actions"), Lead: p.T("situationweb.actions_lead")}, May: situation.MayEdit(web.Actor(r))}
	head := ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p)}
	if page.May {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("situationweb.decide"), Href: actionHome + "/new", Icon: "plus", Look: ui.Primary}}
	}
	if len(l.all) == 0 {
		page.Empty = &ui.Empty{Icon: "clipboard-check", Title: p.T("situationweb.no_actions"), Text: p.T("situationweb.no_actions_text"), Action: &ui.LinkButton{Label: p.T("situationweb.map"), Href: mapHome}}
		return actionsTemplate.Render(w, r, http.StatusOK, head, page)
	}
	page.Choices = l.choices()
	late := 0
	for _, a := range l.kept {
		page.Each = append(page.Each, l.view(a))
		if a.At(l.today) == situation.Late {
			late++
		}
	}
	page.Summary = p.T("situationweb.found_actions", len(l.kept))
	if late > 0 {
		page.Summary += p.T("situationweb.of_which_late", late)
	}
	if len(l.kept) == 0 {
		page.Empty = &ui.Empty{Icon: "search", Title: p.T("situationweb.nothing"), Text: p.T("situationweb.nothing_text"), Action: &ui.LinkButton{Label: p.T("situationweb.show_all"), Href: actionHome, Look: ui.Primary}}
		return actionsTemplate.Render(w, r, http.StatusOK, head, page)
	}
	for _, one := range []struct{ file, label string }{{"actions.csv", "CSV"}, {"actions.json", "JSON"}} {
		page.Exports = append(page.Exports, ui.LinkButton{Label: one.label, Context: p.T("situationweb.of_actions"), Href: actionHome + "/export/" + one.file + "?" + l.query.Encode(), Icon: "download", Download: true})
	}
	return actionsTemplate.Render(w, r, http.StatusOK, head, page)
}

// settleAction says how far an action on a gap is.
func (d Desk) settleAction(w http.ResponseWriter, r *http.Request) error {
	return d.settled(w, r, situation.Action{ID: situation.ID(r.PathValue("id"))}, actionHome)
}

// settle says how far what was decided in a situation is.
func (d Desk) settle(w http.ResponseWriter, r *http.Request) error {
	of := situation.ID(r.PathValue("id"))
	return d.settled(w, r, situation.Action{ID: of, Situation: of}, path(of))
}

func (d Desk) settled(w http.ResponseWriter, r *http.Request, a situation.Action, to string) error {
	at := situation.Progress(r.PostFormValue("progress"))
	if err := d.Situation.Settle(r.Context(), web.Actor(r), a, at); err != nil {
		return err
	}
	said := web.Said{Kind: "success", Key: "situationweb.said_" + string(at)}
	if at != situation.Open {
		said.Undo = &web.SaidUndo{Key: "situationweb.undo", Action: r.URL.Path, Name: "progress", Value: string(situation.Open)}
	}
	return web.Redirect(w, r, to, said)
}

// exportActions gives the list of the address as a file: actions.csv or actions.json.
func (d Desk) exportActions(w http.ResponseWriter, r *http.Request) error {
	l, err := d.ledger(r)
	if err != nil {
		return err
	}
	switch file := r.PathValue("file"); file {
	case "actions.csv":
		var rows [][]string
		for _, a := range l.kept {
			rows = append(rows, []string{string(a.ID), a.What, a.Owner, a.Due, string(a.At(l.today)), a.Done, string(a.Competence), l.named[a.Competence].label, string(a.Situation), l.titles[a.Situation], l.refs.place(a.Service)})
		}
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeCSV(w, []string{"id", "what", "owner", "due", "state", "done", "competence", "competence_label", "situation", "situation_title", "service"}, rows)
	case "actions.json":
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, append([]situation.Action{}, l.kept...))
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// decided says what was decided about a gap of the map, and leads to its form. Where the gaps of services are told apart, an action that
// says another service is left out.
func (a atlas) decided(g situation.Tally, services bool) ui.Cell {
	open, late := 0, 0
	for _, one := range a.actions {
		at := one.At(a.today)
		if one.Competence != g.Competence || at == situation.Dropped || services && one.Service != "" && a.refs.place(one.Service) != g.Group {
			continue
		}
		open++
		if at == situation.Late {
			late++
		}
	}
	c, label := ui.Cell{}, a.of(g.Competence).label
	if open > 0 {
		c.Text, c.Href = a.p.T("situationweb.found_actions", open), actionHome+"?competence="+url.QueryEscape(string(g.Competence))
	}
	if late > 0 {
		c.Badge = &ui.Badge{Label: a.p.T("situationweb.late", late), Kind: ui.Error, Icon: "circle-alert"}
	}
	if a.may {
		to := actionHome + "/new?competence=" + url.QueryEscape(string(g.Competence))
		if services && g.Group != "" {
			to += "&service=" + url.QueryEscape(a.refs.placeCalled(g.Group))
			label += ", " + g.Group
		}
		c.Action = &ui.LinkButton{Label: a.p.T("situationweb.decide"), Href: to, Context: label, Small: true, Look: ui.Quiet, Icon: "plus"}
	}
	return c
}

// readAction reads what was typed.
func readAction(r *http.Request) situation.Action {
	revision, _ := strconv.Atoi(r.PostFormValue("revision")) // no number is no revision: the rule says so
	return situation.Action{ID: situation.ID(r.PathValue("id")), Competence: competency.ItemID(r.PostFormValue("competence")), Service: r.PostFormValue("service"),
		What: r.PostFormValue("what"), Owner: r.PostFormValue("owner"), Due: r.PostFormValue("due"), Revision: revision}
}
