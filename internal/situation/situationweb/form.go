package situationweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type formPage struct {
	Head      ui.PageHead
	Action    string
	Back      string
	Revision  int
	Kind      ui.Group
	Title     ui.Field
	Text      ui.Textarea
	Unit      ui.Choice
	Service   ui.Field
	Datasets  []ui.Choice
	Frequency ui.Choice
	Links     []linkForm
	LinksBad  string
	Do        ui.Textarea
	Owner     ui.Field
	Due       ui.Field
}

// A linkForm is one competence in the form; the last ones are empty, to be filled.
type linkForm struct{ Competence, Standing ui.Choice }

// spareLinks is how many empty competences the form offers.
const spareLinks = 3

var formTemplate = ui.Page[formPage](pages, "pages/form.tmpl")

// A draft is a record in its form.
type draft struct {
	one    situation.Situation
	opened int
	status int
	errs   ui.FormErrors
}

func (d Desk) showForm(w http.ResponseWriter, r *http.Request, f draft) error {
	p, s := web.VisitOf(r).P, f.one
	all, err := d.Situation.All(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	list, _, err := d.competences(r)
	if err != nil {
		return err
	}
	known, err := d.refs(r)
	if err != nil {
		return err
	}
	page := formPage{Unit: known.unitChoice(p, s.Unit), Datasets: known.datasetForms(p, s, f.errs.For("datasets")), Head: ui.PageHead{Title: p.T("situationweb.new"), Lead: p.T("situationweb.new_lead")}, Action: home + "/new", Back: home, Revision: f.opened, LinksBad: f.errs.For("links")}
	way := crumbs(p)
	if s.ID != "" {
		page.Head, page.Action, page.Back = ui.PageHead{Title: p.T("situationweb.edit")}, path(s.ID, "edit"), path(s.ID)
		way = append(way, ui.Crumb{Label: p.T("situation." + string(s.Kind)), Href: page.Back})
	}
	page.Kind = kindGroup(p, s.Kind, f.errs)
	page.Title = ui.Field{Name: "title", Label: p.T("situationweb.name"), Hint: p.T("situationweb.name_hint"), Value: s.Title, Error: f.errs.For("title"), Required: true, MaxLength: situation.TitleMost, Autocomplete: "off"}
	page.Text = ui.Textarea{Name: "text", Label: p.T("situationweb.text"), Hint: p.T("situationweb.text_hint"), Value: s.Text, Error: f.errs.For("text"), MaxLength: situation.TextMost, Optional: true}
	page.Service = ui.Field{Name: "service", Label: p.T("situationweb.service"), Hint: p.T("situationweb.service_hint"), Value: s.Service, Error: f.errs.For("service"), MaxLength: situation.NameMost, Optional: true, Autocomplete: "off",
		Suggestions: distinct(all, func(s situation.Situation) string { return s.Service })}
	page.Frequency = ui.Choice{Name: "frequency", Label: p.T("situationweb.frequency"), Empty: p.T("situationweb.unknown"), Error: f.errs.For("frequency"), Optional: true}
	for _, one := range situation.Frequencies() {
		page.Frequency.Options = append(page.Frequency.Options, ui.Option{Value: one, Label: p.T("situation." + one), Selected: one == s.Frequency})
	}
	page.Links = linkForms(p, list, s.Links)
	page.Do = ui.Textarea{Name: "action", Label: p.T("situationweb.action"), Hint: p.T("situationweb.action_hint"), Value: s.Action, Error: f.errs.For("action"), Rows: 2, MaxLength: situation.TextMost, Optional: true}
	page.Owner = ui.Field{Name: "owner", Label: p.T("situationweb.owner"), Value: s.Owner, Error: f.errs.For("owner"), MaxLength: situation.NameMost, Optional: true, Autocomplete: "off"}
	page.Due = ui.Field{Name: "due", Type: "date", Label: p.T("situationweb.due"), Value: s.Due, Error: f.errs.For("due"), Size: "short", Optional: true}
	return formTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: way, Errors: f.errs}, page)
}

func kindGroup(p *i18n.Printer, chosen situation.Kind, errs ui.FormErrors) ui.Group {
	g := ui.Group{Name: "kind", Label: p.T("situationweb.what"), Error: errs.For("kind"), Required: true}
	for _, k := range situation.Kinds() {
		g.Options = append(g.Options, ui.Option{Value: string(k), Label: p.T("situation." + string(k)), Hint: p.T("situationweb.hint_" + string(k)), Selected: k == chosen})
	}
	return g
}

func linkForms(p *i18n.Printer, list []competence, links []situation.Link) (out []linkForm) {
	for i := range len(links) + spareLinks {
		var l situation.Link
		if i < len(links) {
			l = links[i]
		}
		n := strconv.Itoa(i + 1)
		one := linkForm{Competence: ui.Choice{Name: "competence-" + n, Label: p.T("situationweb.competence_number", i+1), Empty: p.T("situationweb.no_competence"), Optional: true},
			Standing: ui.Choice{Name: "standing-" + n, Label: p.T("situationweb.standing_number", i+1)}}
		for _, c := range list {
			if !c.retired || c.id == l.Competence {
				one.Competence.Options = append(one.Competence.Options, ui.Option{Value: string(c.id), Label: c.label, Group: c.family, Selected: c.id == l.Competence})
			}
		}
		for _, s := range situation.Standings() {
			one.Standing.Options = append(one.Standing.Options, ui.Option{Value: string(s), Label: p.T("situation." + string(s)), Selected: s == l.Standing})
		}
		out = append(out, one)
	}
	return out
}

// readForm reads what was typed.
func readForm(form url.Values) situation.Situation {
	s := situation.Situation{Kind: situation.Kind(form.Get("kind")), Title: form.Get("title"), Text: form.Get("text"), Unit: form.Get("unit"), Service: form.Get("service"), Frequency: form.Get("frequency"), Datasets: form["dataset"],
		Action: form.Get("action"), Owner: form.Get("owner"), Due: form.Get("due")}
	for i := 1; i <= situation.LinksMost+spareLinks; i++ {
		n := strconv.Itoa(i)
		if c := form.Get("competence-" + n); c != "" {
			s.Links = append(s.Links, situation.Link{Competence: competency.ItemID(c), Standing: situation.Standing(form.Get("standing-" + n))})
		}
	}
	return s
}

// blank shows an empty form.
func (d Desk) blank(w http.ResponseWriter, r *http.Request) error {
	if err := d.Situation.May(web.Actor(r)); err != nil {
		return err
	}
	return d.showForm(w, r, draft{one: situation.Situation{Kind: situation.Usage}, status: http.StatusOK})
}

// create writes a new record.
func (d Desk) create(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	one := readForm(r.PostForm)
	ids, err := d.Situation.Create(r.Context(), web.Actor(r), one)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showForm(w, r, draft{one: one, status: http.StatusUnprocessableEntity, errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(ids[0]), web.Said{Kind: "success", Key: "situationweb.created"})
}

// edit shows a record in its form.
func (d Desk) edit(w http.ResponseWriter, r *http.Request) error {
	if err := d.Situation.May(web.Actor(r)); err != nil {
		return err
	}
	one, _, err := d.Situation.Look(r.Context(), web.Actor(r), situation.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showForm(w, r, draft{one: one, opened: one.Revision, status: http.StatusOK})
}

// save writes what was edited. When somebody else saved meanwhile, what was typed stays in the form, over the latest state.
func (d Desk) save(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	one := readForm(r.PostForm)
	one.ID = situation.ID(r.PathValue("id"))
	opened, _ := strconv.Atoi(r.PostForm.Get("revision")) // no number is no revision: the rule says so
	err := d.Situation.Save(r.Context(), web.Actor(r), one, opened)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		if fault.Is(err, "situation.moved") {
			saved, _, err := d.Situation.Look(r.Context(), web.Actor(r), one.ID)
			if err != nil {
				return err
			}
			opened, errs[0].Field = saved.Revision, "title"
		}
		return d.showForm(w, r, draft{one: one, opened: opened, status: http.StatusUnprocessableEntity, errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(one.ID), web.Said{Kind: "success", Key: "situationweb.saved"})
}
