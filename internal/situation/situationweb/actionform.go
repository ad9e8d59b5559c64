package situationweb

import (
	"net/http"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type actionPage struct {
	Head       ui.PageHead
	Action     string
	Revision   int
	Competence ui.Choice
	Service    ui.Choice
	What       ui.Textarea
	Owner, Due ui.Field
}

var actionTemplate = ui.Page[actionPage](pages, "pages/action.tmpl")

// An actionDraft is an action in its form.
type actionDraft struct {
	one    situation.Action
	status int
	errs   ui.FormErrors
}

func (d Desk) showAction(w http.ResponseWriter, r *http.Request, f actionDraft) error {
	p, a := web.VisitOf(r).P, f.one
	all, err := d.Situation.All(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	known, err := d.refs(r)
	if err != nil {
		return err
	}
	list, _, err := d.competences(r)
	if err != nil {
		return err
	}
	page := actionPage{Head: ui.PageHead{Title: p.T("situationweb.action_new"), Lead: p.T("situationweb.action_lead")}, Action: actionHome + "/new", Revision: a.Revision}
	if a.ID != "" {
		badge := progressBadge(p, a.At(d.today()))
		page.Head, page.Action = ui.PageHead{Title: p.T("situationweb.action_edit")}, actionPath(a.ID)
		page.Head.Badges = []ui.Badge{badge}
	}
	page.Competence = ui.Choice{Name: "competence", Label: p.T("situationweb.gap_competence"), Empty: p.T("situationweb.choose"), Error: f.errs.For("competence"), Required: true}
	for _, c := range list {
		if !c.retired || c.id == a.Competence {
			page.Competence.Options = append(page.Competence.Options, ui.Option{Value: string(c.id), Label: c.label, Group: c.family, Selected: c.id == a.Competence})
		}
	}
	page.Service = ui.Choice{Name: "service", Label: p.T("situationweb.service"), Empty: p.T("situationweb.everywhere"), Error: f.errs.For("service"), Optional: true, Options: known.everyPlace(all, a.Service)}
	page.What = ui.Textarea{Name: "what", Label: p.T("situationweb.action"), Hint: p.T("situationweb.action_hint"), Value: a.What, Error: f.errs.For("what"), Rows: 3, MaxLength: situation.TextMost, Required: true}
	page.Owner = ui.Field{Name: "owner", Label: p.T("situationweb.owner"), Value: a.Owner, Error: f.errs.For("owner"), MaxLength: situation.NameMost, Autocomplete: "off", Required: true}
	page.Due = ui.Field{Name: "due", Type: "date", Label: p.T("situationweb.due"), Value: a.Due, Error: f.errs.For("due"), Size: "short", Required: true}
	way := append(crumbs(p), ui.Crumb{Label: p.T("situationweb.actions"), Href: actionHome})
	return actionTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: way, Errors: f.errs}, page)
}

// everyPlace offers the services of the organisation and the other places situations are met at.
func (f refs) everyPlace(all []situation.Situation, chosen string) (out []ui.Option) {
	for _, s := range f.services {
		out = append(out, ui.Option{Value: s.ID, Label: s.Name, Selected: s.ID == chosen})
	}
	for _, o := range f.places(all) {
		if _, service := named(f.services, o.Value); !service && f.placeCalled(o.Value) == o.Value {
			o.Selected = o.Value == chosen
			out = append(out, o)
		}
	}
	return out
}

// blankAction shows the form of a new action, about the gap of the address.
func (d Desk) blankAction(w http.ResponseWriter, r *http.Request) error {
	if err := d.Situation.May(web.Actor(r)); err != nil {
		return err
	}
	q := r.URL.Query()
	return d.showAction(w, r, actionDraft{one: situation.Action{Competence: competency.ItemID(q.Get("competence")), Service: q.Get("service")}, status: http.StatusOK})
}

// decide writes a new action.
func (d Desk) decide(w http.ResponseWriter, r *http.Request) error {
	a := readAction(r)
	_, err := d.Situation.Decide(r.Context(), web.Actor(r), a)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showAction(w, r, actionDraft{one: a, status: http.StatusUnprocessableEntity, errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, actionHome, web.Said{Kind: "success", Key: "situationweb.created"})
}

// action shows an action in its form.
func (d Desk) action(w http.ResponseWriter, r *http.Request) error {
	if err := d.Situation.May(web.Actor(r)); err != nil {
		return err
	}
	a, err := d.Situation.Action(r.Context(), web.Actor(r), situation.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showAction(w, r, actionDraft{one: a, status: http.StatusOK})
}

// rewrite writes what was edited. When somebody else saved meanwhile, what was typed stays in the form, over the latest state.
func (d Desk) rewrite(w http.ResponseWriter, r *http.Request) error {
	a := readAction(r)
	err := d.Situation.Rewrite(r.Context(), web.Actor(r), a)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		if fault.Is(err, "situation.moved") {
			saved, err := d.Situation.Action(r.Context(), web.Actor(r), a.ID)
			if err != nil {
				return err
			}
			a.Revision, errs[0].Field = saved.Revision, "what"
		}
		return d.showAction(w, r, actionDraft{one: a, status: http.StatusUnprocessableEntity, errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, actionHome, web.Said{Kind: "success", Key: "situationweb.saved"})
}
