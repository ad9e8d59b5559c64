package trainingweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/training"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const cohortsHome = "/cohorts"

type cohortsPage struct {
	Head  ui.PageHead
	Cards []ui.Card
	Empty *ui.Empty
}

type cohortFormPage struct {
	Head         ui.PageHead
	Action, Back string
	Title        ui.Field
	Use          ui.Textarea
	Path         ui.Choice
	Start, Weeks ui.Field
}

var (
	cohortsTemplate    = ui.Page[cohortsPage](pages, "pages/cohorts.tmpl")
	cohortFormTemplate = ui.Page[cohortFormPage](pages, "pages/cohortform.tmpl")
)

func cohortOf(of training.CohortID, more ...string) string {
	return ui.Link(cohortsHome, append([]string{"items", string(of)}, more...)...)
}

func cohortCrumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("trainingweb.paths"), Href: pathsHome}, {Label: p.T("trainingweb.cohorts"), Href: cohortsHome}}
}

// cohorts lists those the reader leads, takes part in or is invited to.
func (d Desk) cohorts(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p := v.P
	all, err := d.Training.MyCohorts(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := cohortsPage{Head: ui.PageHead{Title: p.T("trainingweb.cohorts"), Lead: p.T("trainingweb.cohorts_lead")}}
	if training.MayMake(v.Actor) {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("trainingweb.open_cohort"), Href: cohortsHome + "/new", Icon: "plus", Look: ui.Primary}}
	}
	for _, c := range all {
		card := ui.Card{Title: c.Title, Href: cohortOf(c.ID), Text: c.Use, Level: 2, Facts: []ui.Fact{{Label: p.T("trainingweb.when"), Value: d.weekSaid(p, c), Icon: "calendar"}}}
		m := c.Member(v.Actor.ID)
		switch {
		case c.Lead == v.Actor.ID:
			card.Badges = append(card.Badges, ui.Badge{Label: p.T("trainingweb.you_lead"), Kind: ui.Info})
		case m != nil && m.Joined.IsZero():
			card.Badges = append(card.Badges, ui.Badge{Label: p.T("trainingweb.you_are_invited"), Kind: ui.Warning})
		}
		page.Cards = append(page.Cards, card)
	}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "users", Title: p.T("trainingweb.no_cohort"), Text: p.T("trainingweb.no_cohort_text"), Example: p.T("trainingweb.no_cohort_example")}
	}
	return cohortsTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: pathsHome, NoIndex: true, Crumbs: cohortCrumbs(p)[:1]}, page)
}

// weekSaid says where a cohort is in its weeks.
func (d Desk) weekSaid(p *i18n.Printer, c training.Cohort) string {
	switch n := c.Week(d.Training.Now()); {
	case c.Closed || n > c.Weeks:
		return p.T("trainingweb.is_over")
	case n == 0:
		return p.T("trainingweb.begins", p.Date(day(c.Start)))
	default:
		return p.T("trainingweb.week_of", n, c.Weeks)
	}
}

func (d Desk) showCohortForm(w http.ResponseWriter, r *http.Request, c training.Cohort, weeks string, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	p := v.P
	ways, err := d.Training.Ways(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := cohortFormPage{Head: ui.PageHead{Title: p.T("trainingweb.open_cohort"), Lead: p.T("trainingweb.open_cohort_lead")}, Action: cohortsHome + "/new", Back: cohortsHome}
	way := cohortCrumbs(p)
	if c.ID != "" {
		page.Head, page.Action, page.Back = ui.PageHead{Title: p.T("trainingweb.edit_cohort")}, cohortOf(c.ID, "edit"), cohortOf(c.ID)
		way = append(way, ui.Crumb{Label: c.Title, Href: page.Back})
	}
	page.Title = ui.Field{Name: "title", Label: p.T("trainingweb.cohort_title"), Value: c.Title, Error: errs.For("title"), Required: true, MaxLength: training.TitleMost, Autocomplete: "off"}
	page.Use = ui.Textarea{Name: "use", Label: p.T("trainingweb.cohort_use"), Hint: p.T("trainingweb.cohort_use_hint"), Value: c.Use, Error: errs.For("use"), Required: true, Rows: 3, MaxLength: training.UseMost}
	page.Path = ui.Choice{Name: "path", Label: p.T("trainingweb.cohort_path"), Hint: p.T("trainingweb.cohort_path_hint"), Empty: p.T("trainingweb.cohort_no_path"), Optional: true}
	for _, way := range ways {
		if !way.Retired || way.ID == c.Path {
			page.Path.Options = append(page.Path.Options, ui.Option{Value: string(way.ID), Label: way.Title.In(string(v.Lang)), Selected: way.ID == c.Path})
		}
	}
	page.Start = ui.Field{Name: "start", Type: "date", Label: p.T("trainingweb.cohort_start"), Value: c.Start, Error: errs.For("start"), Size: "short", Required: true}
	page.Weeks = ui.Field{Name: "weeks", Mode: "numeric", Label: p.T("trainingweb.cohort_weeks"), Value: weeks, Error: errs.For("weeks"), Size: "short", Required: true, Autocomplete: "off"}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return cohortFormTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: pathsHome, Crumbs: way, Errors: errs}, page)
}

func readCohort(form url.Values) training.Cohort {
	c := training.Cohort{Title: form.Get("title"), Use: form.Get("use"), Path: training.PathID(form.Get("path")), Start: form.Get("start")}
	c.Weeks, _ = strconv.Atoi(form.Get("weeks")) // no number is no week: the rule says so
	return c
}

// blankCohort shows an empty form, for the usual number of weeks from today.
func (d Desk) blankCohort(w http.ResponseWriter, r *http.Request) error {
	if !training.MayMake(web.Actor(r)) {
		return fault.New(fault.Denied, "training.makers_only")
	}
	c := training.Cohort{Start: d.Training.Now().Format("2006-01-02")}
	return d.showCohortForm(w, r, c, strconv.Itoa(training.WeeksUsual), nil)
}

// openCohort makes what was typed.
func (d Desk) openCohort(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	c := readCohort(r.PostForm)
	id, err := d.Training.OpenCohort(r.Context(), web.Actor(r), c)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showCohortForm(w, r, c, r.PostForm.Get("weeks"), errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, cohortOf(id), web.Said{Kind: "success", Key: "trainingweb.cohort_opened"})
}

// editCohort shows a cohort in its form.
func (d Desk) editCohort(w http.ResponseWriter, r *http.Request) error {
	t, err := d.Training.Sit(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !t.Leads {
		return fault.New(fault.Denied, "training.makers_only")
	}
	return d.showCohortForm(w, r, t.Cohort, strconv.Itoa(t.Weeks), nil)
}

// saveCohort keeps what its lead wrote.
func (d Desk) saveCohort(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	c := readCohort(r.PostForm)
	c.ID = training.CohortID(r.PathValue("id"))
	err := d.Training.EditCohort(r.Context(), web.Actor(r), c)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showCohortForm(w, r, c, r.PostForm.Get("weeks"), errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, cohortOf(c.ID), web.Said{Kind: "success", Key: "trainingweb.saved"})
}
