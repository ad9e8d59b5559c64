package workshopweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// planPage is where a facilitator adapts the plan of a session before anybody comes in.
type planPage struct {
	Head      ui.PageHead
	Action    string
	Back      string
	Title     ui.Field
	Anonymous ui.Checkbox
	Count     int
	Phases    []phaseForm
}

// A phaseForm is one phase of the plan; which fields it has depends on its kind.
type phaseForm struct {
	Number       int
	Heading      string
	Name         string
	New          bool
	Title        ui.Field
	Kind         ui.Choice
	Prompt       ui.Textarea
	Minutes      ui.Field
	Order        ui.Field
	Tables       *ui.Field
	Themes       *ui.Textarea
	Private      *ui.Checkbox
	About        *ui.Group
	Budget       *ui.Field
	Options      *ui.Textarea
	Axes         *ui.Textarea
	Ties, Remove *ui.Checkbox
}

var planTemplate = ui.Page[planPage](pages, "pages/plan.tmpl")

func (d desk) plan(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	t := sess.Template
	t.Title = sess.Title
	return d.showPlan(w, r, sess, t, nil)
}

func (d desk) showPlan(w http.ResponseWriter, r *http.Request, sess workshop.Session, t workshop.Template, errs ui.FormErrors) error {
	p, at := web.VisitOf(r).P, ui.Link("/workshops", string(sess.ID))
	page := planPage{Head: ui.PageHead{Eyebrow: sess.Title, Title: p.T("workshopweb.adapt"), Lead: p.T("workshopweb.adapt_lead")}, Action: at + "/plan", Back: at, Count: len(t.Phases),
		Title:     ui.Field{Name: "title", Label: p.T("workshopweb.title"), Value: t.Title, Error: errs.For("title"), MaxLength: 120, Required: true, Autocomplete: "off"},
		Anonymous: ui.Checkbox{Name: "anonymous", Value: "1", Label: p.T("workshopweb.plan_anonymous"), Hint: p.T("workshopweb.plan_anonymous_hint"), Checked: t.Anonymous}}
	for i := range t.Phases {
		page.Phases = append(page.Phases, newPhaseForm(r, t, i, errs))
	}
	spare := workshop.Template{Phases: append(slices.Clone(t.Phases), workshop.Phase{Kind: workshop.Write, Minutes: 10})}
	last := newPhaseForm(r, spare, len(t.Phases), nil)
	last.New, last.Heading, last.Remove, last.Title.Required, last.Title.Optional = true, p.T("workshopweb.phase_new"), nil, false, true
	page.Phases = append(page.Phases, last)
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return planTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, NoIndex: true, Errors: errs, Crumbs: append(crumbs(p), ui.Crumb{Label: sess.Title, Href: at})}, page)
}

func newPhaseForm(r *http.Request, t workshop.Template, i int, errs ui.FormErrors) phaseForm {
	p, one, n := web.VisitOf(r).P, t.Phases[i], strconv.Itoa(i)
	f := phaseForm{Number: i, Name: one.Name, Heading: p.T("workshopweb.phase_number", i+1, one.Title),
		Title:   ui.Field{Name: "title-" + n, Label: p.T("workshopweb.phase_title"), Value: one.Title, Error: errs.For("title-" + n), MaxLength: 120, Required: true, Autocomplete: "off"},
		Kind:    ui.Choice{Name: "kind-" + n, Label: p.T("workshopweb.phase_kind")},
		Prompt:  ui.Textarea{Name: "prompt-" + n, Label: p.T("workshopweb.prompt"), Value: one.Prompt, Error: errs.For("prompt-" + n), Rows: 2, MaxLength: 1000, Optional: true},
		Minutes: ui.Field{Name: "minutes-" + n, Type: "number", Min: "0", Max: "480", Label: p.T("workshopweb.planned"), Value: strconv.Itoa(one.Minutes), Error: errs.For("minutes-" + n), Size: "short", Autocomplete: "off"},
		Order:   ui.Field{Name: "order-" + n, Type: "number", Min: "1", Label: p.T("workshopweb.place"), Value: strconv.Itoa(i + 1), Size: "short", Autocomplete: "off"},
		Remove:  &ui.Checkbox{Name: "remove-" + n, Value: "1", Label: p.T("workshopweb.phase_remove")}}
	for _, k := range workshop.PhaseKinds() {
		f.Kind.Options = append(f.Kind.Options, ui.Option{Value: string(k), Label: p.T(k.Key()), Selected: k == one.Kind})
	}
	list := func(name, label, hint string, values []string) *ui.Textarea {
		return &ui.Textarea{Name: name + "-" + n, Label: p.T(label), Hint: p.T(hint), Value: strings.Join(values, "\n"), Error: errs.For(name + "-" + n), Rows: 3, Optional: one.Kind != workshop.Choose}
	}
	switch one.Kind {
	case workshop.Write:
		f.Themes = list("themes", "workshopweb.plan_themes", "workshopweb.one_a_line", one.Themes)
		f.Private = &ui.Checkbox{Name: "private-" + n, Value: "1", Label: p.T("workshopweb.private"), Checked: one.Private}
	case workshop.Choose:
		f.Options = list("options", "workshopweb.plan_options", "workshopweb.one_a_line", one.Options)
	case workshop.Ask:
		f.Options = list("options", "workshopweb.plan_services", "workshopweb.one_a_line", one.Options)
	case workshop.Vote:
		f.Axes = list("axes", "workshopweb.plan_axes", "workshopweb.plan_axes_hint", one.Axes)
		f.Ties = &ui.Checkbox{Name: "ties-" + n, Value: workshop.MorePeople, Label: p.T("workshopweb.plan_ties"), Checked: one.Ties == workshop.MorePeople}
	}
	if one.Kind.ByTables() {
		f.Tables = &ui.Field{Name: "tables-" + n, Type: "number", Min: "2", Max: "20", Label: p.T("workshopweb.table_size"), Hint: p.T("workshopweb.plan_tables_hint"), Error: errs.For("tables-" + n), Size: "short", Optional: true, Autocomplete: "off"}
		if one.Tables != 0 {
			f.Tables.Value = strconv.Itoa(one.Tables)
		}
	}
	if one.Kind == workshop.Vote || one.Kind == workshop.Choose {
		f.Budget = &ui.Field{Name: "budget-" + n, Type: "number", Min: "1", Max: "50", Label: p.T("workshopweb.plan_budget_" + string(one.Kind)), Value: strconv.Itoa(one.Budget), Error: errs.For("budget-" + n), Size: "short", Autocomplete: "off"}
	}
	if one.Kind == workshop.Vote || one.Kind == workshop.Group || one.Kind == workshop.Connect {
		f.About = &ui.Group{Name: "about-" + n, Label: p.T("workshopweb.plan_about"), Error: errs.For("about-" + n), Many: true, Required: true}
		for _, o := range t.Phases {
			if o.Kind == workshop.Write && o.Name != "" {
				f.About.Options = append(f.About.Options, ui.Option{Value: o.Name, Label: o.Title, Selected: slices.Contains(one.About, o.Name)})
			}
		}
	}
	return f
}

// readPlan reads the phases that were typed, in the order they were given.
func readPlan(form url.Values) workshop.Template {
	t := workshop.Template{Title: form.Get("title"), Anonymous: form.Get("anonymous") != ""}
	type placed struct {
		phase workshop.Phase
		order int64
	}
	var list []placed
	count := min(integer(form.Get("count")), 60)
	for i := range int(max(0, count)) + 1 {
		n := strconv.Itoa(i)
		if form.Get("remove-"+n) != "" || form.Get("name-"+n) == "" && strings.TrimSpace(form.Get("title-"+n)) == "" {
			continue
		}
		list = append(list, placed{workshop.Phase{Name: form.Get("name-" + n), Kind: workshop.PhaseKind(form.Get("kind-" + n)), Title: form.Get("title-" + n), Prompt: form.Get("prompt-" + n),
			Minutes: int(integer(cmp.Or(form.Get("minutes-"+n), "0"))), Tables: int(integer(cmp.Or(form.Get("tables-"+n), "0"))), Themes: workshop.Lines(form.Get("themes-" + n)), Private: form.Get("private-"+n) != "", About: form["about-"+n],
			Budget: int(integer(cmp.Or(form.Get("budget-"+n), "3"))), Options: workshop.Lines(form.Get("options-" + n)), Axes: workshop.Lines(form.Get("axes-" + n)), Ties: form.Get("ties-" + n)},
			integer(form.Get("order-" + n))})
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.order, b.order) })
	for _, one := range list {
		t.Phases = append(t.Phases, one.phase)
	}
	return t
}

// replan keeps the plan that was typed, or brings back that of the template.
func (d desk) replan(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	p, at := web.VisitOf(r).P, ui.Link("/workshops", string(sess.ID))
	t := readPlan(r.PostForm)
	if r.PostForm.Get("do") == "reset" {
		for _, shipped := range d.Templates {
			if shipped.Name == sess.Template.Name {
				t = shipped
				t.Title = sess.Title
			}
		}
	}
	t.Tidy()
	if err := d.Replan(r.Context(), web.Actor(r), sess, t); err != nil {
		if errs, ok := ui.FormErrorsOf(p, err); ok {
			return d.showPlan(w, r, sess, t, errs)
		}
		return err
	}
	to := at
	if do := r.PostForm.Get("do"); do == "more" || do == "reset" {
		to += "/plan"
	}
	return web.Redirect(w, r, to, web.Said{Kind: "success", Key: "workshopweb.said_plan"})
}
