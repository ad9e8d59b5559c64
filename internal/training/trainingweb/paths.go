package trainingweb

import (
	"net/http"

	"cultured/internal/i18n"
	"cultured/internal/training"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const pathsHome = "/paths"

// A Thing is what a step leads to: a mission, a resource, a workshop session.
type Thing struct {
	Key     string // as [training.Step.Key]
	Title   string
	Href    string // "" for what this reader may not open
	Minutes int    // about, 0 when not known
}

type pathsPage struct {
	Head    ui.PageHead
	Mine    []ui.Card
	Others  []ui.Card
	Retired []ui.Card
	Cohorts ui.LinkButton
}

type pathPage struct {
	Head    ui.PageHead
	Retired *ui.Notice
	Summary string
	Walking bool
	Actions map[string]string // walk, leave, say
	Done    int
	All     int
	Said    string // "3 étapes faites sur 8"
	Next    *ui.LinkButton
	Stages  []stage
	Cohort  ui.LinkButton
	Maker   string // address the path is retired or revived at; "" for who may not
	IsOver  bool   // retired
}

// A stage is one step as shown.
type stage struct {
	Key, Kind, Title, Href, Note string
	Icon, State                  string // state: "done", "next", "open", "locked"
	Word                         string // what the state is called
	Facts                        string
	Say, Took                    bool // an event: the reader may say so, or has
}

var (
	pathsTemplate = ui.Page[pathsPage](pages, "pages/paths.tmpl")
	pathTemplate  = ui.Page[pathPage](pages, "pages/path.tmpl")
)

func pathOf(of training.PathID, more ...string) string {
	return ui.Link(pathsHome, append([]string{"items", string(of)}, more...)...)
}

// paths lists the paths, those the reader follows first.
func (d Desk) paths(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p := v.P
	ways, err := d.Training.Ways(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := pathsPage{Head: ui.PageHead{Title: p.T("trainingweb.paths"), Lead: p.T("trainingweb.paths_lead")}, Cohorts: ui.LinkButton{Label: p.T("trainingweb.cohorts"), Href: cohortsHome, Icon: "users"}}
	if training.MayMake(v.Actor) {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("trainingweb.make_path"), Href: pathsHome + "/new", Icon: "plus", Look: ui.Primary}}
	}
	for _, way := range ways {
		switch c := wayCard(p, way); {
		case way.Retired:
			page.Retired = append(page.Retired, c)
		case way.Walking != nil:
			page.Mine = append(page.Mine, c)
		default:
			page.Others = append(page.Others, c)
		}
	}
	return pathsTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
}

func wayCard(p *i18n.Printer, way training.Way) ui.Card {
	lang := string(p.Lang())
	done, _ := training.Count(way.Stages)
	c := ui.Card{Title: way.Title.In(lang), Href: pathOf(way.ID), Text: way.Summary.In(lang), Level: 3,
		Facts: []ui.Fact{{Label: p.T("trainingweb.steps"), Value: p.T("trainingweb.done_of", done, len(way.Stages)), Icon: "list"}}}
	if len(way.Stages) > 0 && done == len(way.Stages) {
		c.Badges = append(c.Badges, ui.Badge{Label: p.T("trainingweb.path_done"), Kind: ui.Success, Icon: "check"})
	}
	return c
}

// path is one path, step by step.
func (d Desk) path(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p, lang := v.P, string(v.Lang)
	way, err := d.Training.Way(r.Context(), v.Actor, training.PathID(r.PathValue("id")))
	if err != nil {
		return err
	}
	things, err := d.things(r)
	if err != nil {
		return err
	}
	known, err := d.Competences(r.Context(), v.Actor, lang)
	if err != nil {
		return err
	}
	done, _ := training.Count(way.Stages)
	page := pathPage{Head: ui.PageHead{Eyebrow: p.T("trainingweb.path"), Title: way.Title.In(lang)}, Summary: way.Summary.In(lang), Walking: way.Walking != nil, Done: done, All: len(way.Stages),
		Said:    p.T("trainingweb.done_steps", done, len(way.Stages)),
		Actions: map[string]string{"walk": pathOf(way.ID, "walk"), "leave": pathOf(way.ID, "leave"), "say": pathOf(way.ID, "say")}}
	if training.MayMake(v.Actor) {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("trainingweb.edit"), Href: pathOf(way.ID, "edit"), Icon: "pencil"}}
		page.Maker, page.IsOver = pathOf(way.ID, "retire"), way.Retired
	}
	if way.Retired {
		page.Retired = &ui.Notice{Kind: ui.Warning, Title: p.T("trainingweb.path_is_retired"), Text: p.T("trainingweb.path_is_retired_text")}
	}
	next := training.Next(way.Stages)
	for i, st := range way.Stages {
		one := newStage(p, st, things[st.Key()], i == next)
		if one.State == "locked" {
			one.Word = p.T("trainingweb.locked_previous")
			if st.When == training.AtLevel {
				one.Word = p.T("trainingweb.locked_level", p.T("training.level_"+p.Number(st.Level)), known[st.Code].named(st.Code))
			}
		}
		one.Say, one.Took = page.Walking && st.Kind == training.EventStep && one.State != "locked", st.Said
		if i == next && page.Walking && one.Href != "" {
			page.Next = &ui.LinkButton{Label: p.T("trainingweb.go_on", one.Title), Href: one.Href, Icon: "arrow-right", Look: ui.Primary}
		}
		page.Stages = append(page.Stages, one)
	}
	return pathTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: pathsHome, NoIndex: true, Crumbs: []ui.Crumb{{Label: p.T("trainingweb.paths"), Href: pathsHome}}}, page)
}

func newStage(p *i18n.Printer, st training.Stage, to Thing, next bool) stage {
	lang := string(p.Lang())
	one := stage{Key: st.Key(), Kind: p.T("trainingweb.step_" + st.Kind), Title: to.Title, Href: to.Href, Note: st.Note.In(lang), State: "open", Icon: "circle", Word: p.T("trainingweb.step_open")}
	if st.Kind == training.EventStep && st.Title.In(lang) != "" {
		one.Title = st.Title.In(lang)
	}
	if one.Title == "" {
		one.Title = p.T("trainingweb.step_gone")
	}
	if to.Minutes > 0 {
		one.Facts = duration(p, to.Minutes)
	}
	switch {
	case st.Said:
		one.State, one.Icon, one.Word = "done", "circle-check", p.T("trainingweb.step_said", p.Date(st.Done))
	case !st.Done.IsZero():
		one.State, one.Icon, one.Word = "done", "circle-check", p.T("trainingweb.step_done", p.Date(st.Done))
	case st.Locked:
		one.State, one.Icon = "locked", "lock"
	case next:
		one.State, one.Icon, one.Word = "next", "circle-dashed", p.T("trainingweb.step_next")
	}
	return one
}

// things finds what steps may lead to, by their keys.
func (d Desk) things(r *http.Request) (map[string]Thing, error) {
	all, err := d.everything(r)
	out := map[string]Thing{}
	for _, t := range all {
		out[t.Key] = t
	}
	return out, err
}

// everything lists what steps may lead to: missions, resources of the inventory, workshop sessions the reader runs.
func (d Desk) everything(r *http.Request) ([]Thing, error) {
	v := web.VisitOf(r)
	all, err := d.Things(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return nil, err
	}
	entries, err := d.Training.Inventory(r.Context(), v.Actor)
	for _, e := range entries {
		if e.State == training.Accepted || e.State == training.Retired {
			all = append(all, Thing{Key: training.Step{Kind: training.ResourceStep, Ref: string(e.ID)}.Key(), Title: e.Title.In(string(v.Lang)), Href: path(e.ID), Minutes: e.Minutes})
		}
	}
	return all, err
}

// walk has the reader follow a path.
func (d Desk) walk(w http.ResponseWriter, r *http.Request) error {
	id := training.PathID(r.PathValue("id"))
	if err := d.Training.Walk(r.Context(), web.Actor(r), id); err != nil {
		return err
	}
	return web.Redirect(w, r, pathOf(id), web.Said{Kind: "success", Key: "trainingweb.now_walking"})
}

// leave has the reader follow it no more.
func (d Desk) leave(w http.ResponseWriter, r *http.Request) error {
	id := training.PathID(r.PathValue("id"))
	if err := d.Training.Leave(r.Context(), web.Actor(r), id); err != nil {
		return err
	}
	return web.Redirect(w, r, pathsHome, web.Said{Kind: "success", Key: "trainingweb.now_left"})
}

// say keeps that the reader took part in an event, or takes it back.
func (d Desk) say(w http.ResponseWriter, r *http.Request) error {
	id := training.PathID(r.PathValue("id"))
	if err := d.Training.Say(r.Context(), web.Actor(r), id, r.PostFormValue("step"), r.PostFormValue("took") == "yes"); err != nil {
		return err
	}
	return web.Redirect(w, r, pathOf(id), web.Said{Kind: "success", Key: "trainingweb.saved"})
}

// retirePath takes a path out of what is proposed, or brings it back.
func (d Desk) retirePath(w http.ResponseWriter, r *http.Request) error {
	id, retired := training.PathID(r.PathValue("id")), r.PostFormValue("retired") == "yes"
	if err := d.Training.RetirePath(r.Context(), web.Actor(r), id, retired); err != nil {
		return err
	}
	said := web.Said{Kind: "success", Key: "trainingweb.path_revived"}
	if retired {
		said = web.Said{Kind: "success", Key: "trainingweb.path_was_retired", Undo: &web.SaidUndo{Key: "trainingweb.undo", Action: pathOf(id, "retire"), Name: "retired", Value: "no"}}
	}
	return web.Redirect(w, r, pathOf(id), said)
}
