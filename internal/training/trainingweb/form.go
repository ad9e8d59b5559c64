package trainingweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/training"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type formPage struct {
	Head      ui.PageHead
	Action    string
	Back      string
	Submit    string
	Revision  int
	Address   ui.Field
	Title     ui.Field
	Publisher ui.Field
	Summary   ui.Textarea
	Choices   []ui.Choice // kind, format, audience
	Level     ui.Group
	Minutes   ui.Field
	Licence   ui.Choice
	Language  ui.Group
	About     []ui.Choice // competences
	TitleEN   ui.Field
	SummaryEN ui.Textarea
}

var formTemplate = ui.Page[formPage](pages, "pages/form.tmpl")

// spare is how many competences the form offers at least.
const spare = 3

// A draft is a resource in its form.
type draft struct {
	one     training.Resource
	minutes string // as typed
	opened  int
	status  int
	errs    ui.FormErrors
}

func (d Desk) showForm(w http.ResponseWriter, r *http.Request, f draft) error {
	v := web.VisitOf(r)
	p, one := v.P, f.one
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return err
	}
	page := formPage{Head: ui.PageHead{Title: p.T("trainingweb.propose"), Lead: p.T("trainingweb.propose_lead")}, Action: home + "/new", Back: home, Submit: p.T("trainingweb.propose_submit"), Revision: f.opened}
	if training.MayReview(v.Actor) {
		page.Submit = p.T("trainingweb.save")
	}
	way := crumbs(p)
	if one.ID != "" {
		page.Head, page.Action, page.Back, page.Submit = ui.PageHead{Title: p.T("trainingweb.edit_title")}, path(one.ID, "edit"), path(one.ID), p.T("trainingweb.save")
		way = append(way, ui.Crumb{Label: one.Title.In(string(v.Lang)), Href: page.Back})
	}
	page.words(p, one, f.errs)
	page.choices(p, f)
	page.About = abouts(p, known, one.Competences, f.errs)
	return formTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: way, Errors: f.errs}, page)
}

// words makes the fields one writes in.
func (page *formPage) words(p *i18n.Printer, one training.Resource, errs ui.FormErrors) {
	page.Address = ui.Field{Name: "address", Type: "url", Label: p.T("trainingweb.address"), Hint: p.T("trainingweb.address_hint"), Value: one.Address, Error: errs.For("address"), Required: true, MaxLength: training.AddressMost, Autocomplete: "off"}
	page.Title = ui.Field{Name: "title", Label: p.T("trainingweb.name"), Value: one.Title.FR, Error: errs.For("title"), Required: true, MaxLength: training.TitleMost, Autocomplete: "off"}
	page.TitleEN = ui.Field{Name: "title_en", Label: p.T("trainingweb.name_en"), Value: one.Title.EN, Error: errs.For("title_en"), Optional: true, MaxLength: training.TitleMost, Autocomplete: "off"}
	page.Publisher = ui.Field{Name: "publisher", Label: p.T("trainingweb.publisher"), Hint: p.T("trainingweb.publisher_hint"), Value: one.Publisher, Error: errs.For("publisher"), Optional: true, MaxLength: training.TitleMost, Autocomplete: "off"}
	page.Summary = ui.Textarea{Name: "summary", Label: p.T("trainingweb.summary"), Hint: p.T("trainingweb.summary_hint"), Value: one.Summary.FR, Error: errs.For("summary"), Required: true, Rows: 3, MaxLength: training.SummaryMost}
	page.SummaryEN = ui.Textarea{Name: "summary_en", Label: p.T("trainingweb.summary_en"), Value: one.Summary.EN, Error: errs.For("summary_en"), Optional: true, Rows: 3, MaxLength: training.SummaryMost}
}

// choices makes the fields one chooses in.
func (page *formPage) choices(p *i18n.Printer, f draft) {
	choice := func(name, chosen string, list []string) ui.Choice {
		c := ui.Choice{Name: name, Label: p.T("trainingweb." + name), Empty: p.T("trainingweb.choose"), Error: f.errs.For(name), Required: true}
		for _, v := range list {
			c.Options = append(c.Options, ui.Option{Value: v, Label: p.T("training." + name + "_" + v), Selected: v == chosen})
		}
		return c
	}
	page.Choices = []ui.Choice{choice("kind", f.one.Kind, training.Kinds()), choice("format", f.one.Format, training.Formats()), choice("audience", f.one.Audience, training.Audiences())}
	page.Licence = choice("licence", f.one.Licence, training.Licences())
	page.Licence.Empty, page.Licence.Required, page.Licence.Optional = p.T("training.licence_unknown"), false, true
	page.Level = ui.Group{Name: "level", Label: p.T("trainingweb.level"), Required: true, Inline: true, Error: f.errs.For("level")}
	for n := 1; n <= training.LevelMost; n++ {
		v := strconv.Itoa(n)
		page.Level.Options = append(page.Level.Options, ui.Option{Value: v, Label: p.T("training.level_" + v), Selected: n == f.one.Level})
	}
	page.Language = ui.Group{Name: "language", Label: p.T("trainingweb.language"), Many: true, Required: true, Inline: true, Error: f.errs.For("language")}
	for _, l := range training.Languages() {
		page.Language.Options = append(page.Language.Options, ui.Option{Value: l, Label: p.T("training.language_" + l), Selected: slices.Contains(f.one.Languages, l)})
	}
	page.Minutes = ui.Field{Name: "minutes", Label: p.T("trainingweb.duration"), Hint: p.T("trainingweb.duration_hint"), Mode: "numeric", Unit: p.T("trainingweb.unit_minutes"), Size: "short", Value: f.minutes, Error: f.errs.For("minutes"), Optional: true, Autocomplete: "off"}
}

// abouts offers the competences of the framework, by family, as many times as needed.
func abouts(p *i18n.Printer, known map[string]Competence, chosen []string, errs ui.FormErrors) (out []ui.Choice) {
	list := codes(known, false)
	for _, c := range chosen {
		if !slices.Contains(list, c) {
			list = append(list, c) // of another edition of the framework: it stays
		}
	}
	for i := range max(spare, min(len(chosen)+1, training.CompetencesMost)) {
		n := strconv.Itoa(i + 1)
		c := ui.Choice{Name: "competence-" + n, Label: p.T("trainingweb.competence_number", i+1), Empty: p.T("trainingweb.no_competence"), Error: errs.For("competence-" + n), Required: i == 0, Optional: i > 0}
		for _, code := range list {
			family, _, _ := strings.Cut(code, ".")
			c.Options = append(c.Options, ui.Option{Value: code, Label: known[code].named(code), Group: known[family].named(family), Selected: i < len(chosen) && chosen[i] == code})
		}
		out = append(out, c)
	}
	return out
}

// readForm reads what was typed. A number of minutes that is none is out of bounds.
func readForm(form url.Values) draft {
	f := draft{minutes: strings.TrimSpace(form.Get("minutes")), status: http.StatusUnprocessableEntity}
	f.one = training.Resource{Address: form.Get("address"), Title: training.Words{FR: form.Get("title"), EN: form.Get("title_en")}, Publisher: form.Get("publisher"),
		Summary: training.Words{FR: form.Get("summary"), EN: form.Get("summary_en")}, Kind: form.Get("kind"), Format: form.Get("format"), Audience: form.Get("audience"), Licence: form.Get("licence"), Languages: form["language"]}
	f.one.Level, _ = strconv.Atoi(form.Get("level")) // no number is no level: the rule says so
	if f.minutes != "" {
		n, err := strconv.Atoi(f.minutes)
		if err != nil {
			n = -1
		}
		f.one.Minutes = n
	}
	for i := 1; i <= training.CompetencesMost; i++ {
		if c := form.Get("competence-" + strconv.Itoa(i)); c != "" {
			f.one.Competences = append(f.one.Competences, c)
		}
	}
	f.opened, _ = strconv.Atoi(form.Get("revision")) // none is that of what ships
	return f
}

// blank shows an empty form.
func (d Desk) blank(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Training.Inventory(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	return d.showForm(w, r, draft{one: training.Resource{Languages: []string{"fr"}}, status: http.StatusOK})
}

// propose adds what was typed.
func (d Desk) propose(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	f := readForm(r.PostForm)
	id, err := d.Training.Propose(r.Context(), web.Actor(r), f.one)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		f.errs = errs
		return d.showForm(w, r, f)
	}
	if err != nil {
		return err
	}
	said := "trainingweb.was_proposed"
	if training.MayReview(web.Actor(r)) {
		said = "trainingweb.now_accepted"
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: said})
}

// edit shows a resource in its form.
func (d Desk) edit(w http.ResponseWriter, r *http.Request) error {
	e, err := d.Training.Look(r.Context(), web.Actor(r), training.ResourceID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !training.MayEdit(web.Actor(r), e.Resource) {
		return fault.New(fault.Denied, "training.reviewers_only")
	}
	f := draft{one: e.Resource, opened: e.Revision, status: http.StatusOK}
	if e.Minutes > 0 {
		f.minutes = strconv.Itoa(e.Minutes)
	}
	return d.showForm(w, r, f)
}

// save keeps what was written. When somebody else saved meanwhile, what was typed stays in the form, over the latest state.
func (d Desk) save(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	f := readForm(r.PostForm)
	f.one.ID = training.ResourceID(r.PathValue("id"))
	err := d.Training.Edit(r.Context(), web.Actor(r), f.one, f.opened)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		if fault.Is(err, "training.moved") {
			saved, err := d.Training.Look(r.Context(), web.Actor(r), f.one.ID)
			if err != nil {
				return err
			}
			f.opened, errs[0].Field = saved.Revision, "address"
		}
		f.errs = errs
		return d.showForm(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(f.one.ID), web.Said{Kind: "success", Key: "trainingweb.saved"})
}
