package competencyweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type headPage struct {
	Head      ui.PageHead
	Action    string
	Back      string
	Revision  int
	Texts     []texts
	Fields    []ui.Field
	Levels    []levelForm
	LevelsBad string
	Discard   *ui.Confirm
}

// A levelForm is one step of mastery in the form; the last ones are empty, to be filled.
type levelForm struct {
	ID, Title string
	Was       ui.Pair
	Code      ui.Field
	Texts     []ui.Field
}

var headTemplate = ui.Page[headPage](pages, "pages/head.tmpl")

// spareLevels is how many empty levels the form offers.
const spareLevels = 2

// A heading is the form of a framework's own fields about to be shown.
type heading struct {
	framework competency.Framework
	saved     *competency.View // nil for a new one
	revision  int
	status    int
	errs      ui.FormErrors
}

func showHead(w http.ResponseWriter, r *http.Request, h heading) error {
	p, f := web.VisitOf(r).P, h.framework
	page := headPage{Action: "/competencies/new", Back: "/competencies?all=1", Revision: h.revision, LevelsBad: h.errs.For("levels")}
	page.Head = ui.PageHead{Title: p.T("competencyweb.new_framework"), Lead: p.T("competencyweb.new_framework_lead")}
	way := []ui.Crumb{{Label: p.T("competencyweb.title"), Href: "/competencies?all=1"}}
	if h.saved != nil {
		page.Action, page.Back, way = frameworkPath(f.ID, "edit"), frameworkPath(f.ID), crumbs(p, h.saved.Framework)
		page.Head = ui.PageHead{Title: p.T("competencyweb.head_title"), Lead: p.T("competencyweb.edit_lead")}
		if h.saved.Number == 0 {
			page.Discard = &ui.Confirm{Title: p.T("competencyweb.discard"), Text: p.T("competencyweb.discard_text"), Action: frameworkPath(f.ID, "discard"), Submit: p.T("competencyweb.discard"),
				Name: "typed", Expected: savedTitle(h.saved.Framework)}
			if h.errs.For("typed") != "" {
				page.Discard.Errors = h.errs
			}
		}
	}
	for i, lang := range f.Languages {
		title, description := competency.FieldOf("title", lang), competency.FieldOf("description", lang)
		page.Texts = append(page.Texts, texts{ID: "texts-" + lang, Title: languageTitle(p, lang),
			Label:       ui.Field{Name: title, Label: p.T("competencyweb.framework_title"), Value: f.Title[lang], Error: h.errs.For(title), Required: i == 0, Optional: i > 0, Autocomplete: "off"},
			Description: ui.Textarea{Name: description, Label: p.T("competencyweb.description"), Value: f.Description[lang], Error: h.errs.For(description), Rows: 3, Optional: true}})
	}
	for _, one := range []struct{ name, value string }{{"languages", strings.Join(f.Languages, ", ")}, {"creator", f.Creator}, {"source", f.Source}, {"licence", f.Licence}, {"edition", f.Edition}} {
		page.Fields = append(page.Fields, ui.Field{Name: one.name, Label: p.T("competencyweb.head_" + one.name), Hint: p.T("competencyweb.head_" + one.name + "_hint"), Value: one.value,
			Error: h.errs.For(one.name), Required: one.name == "languages", Optional: one.name != "languages", Autocomplete: "off"})
	}
	page.Levels = levelForms(p, f, h.errs)
	return headTemplate.Render(w, r, h.status, ui.Head{Title: page.Head.Title, Section: "/competencies", Crumbs: way, Errors: h.errs}, page)
}

func levelForms(p *i18n.Printer, f competency.Framework, errs ui.FormErrors) []levelForm {
	var out []levelForm
	for i := range len(f.Levels) + spareLevels {
		var l competency.Level
		if i < len(f.Levels) {
			l = f.Levels[i]
		}
		n := "level-" + strconv.Itoa(i+1)
		one := levelForm{ID: n, Title: p.T("competencyweb.level_number", i+1), Was: ui.Pair{Name: n + "-was", Value: l.Code},
			Code: ui.Field{Name: n + "-code", Label: p.T("competencyweb.level_code"), Value: l.Code, Error: errs.For(n + "-code"), Size: "short", Autocomplete: "off"}}
		for _, lang := range f.Languages {
			for _, part := range []struct {
				name string
				text competency.Text
			}{{"label", l.Label}, {"description", l.Description}} {
				name := competency.FieldOf(n+"-"+part.name, lang)
				one.Texts = append(one.Texts, ui.Field{Name: name, Label: p.T("competencyweb.field_in", p.T("competencyweb.level_"+part.name), lang), Value: part.text[lang], Error: errs.For(name), Optional: true, Autocomplete: "off"})
			}
		}
		out = append(out, one)
	}
	return out
}

// savedTitle is the name to type before a framework goes for good: the same in every language of the page.
func savedTitle(f competency.Framework) string { return f.Title.In(f.Main()) }

// readHead writes what was typed over a framework's own fields; renamed says, by the code a level had, the one it has now. A level of
// which nothing is left is taken out.
func readHead(form url.Values, f competency.Framework) (_ competency.Framework, renamed map[string]string) {
	was := f.Languages
	f.Languages = strings.FieldsFunc(form.Get("languages"), func(c rune) bool { return c == ',' || c == ';' || c == ' ' })
	for _, lang := range was { // the form that was sent has the fields of these
		f.Title = f.Title.With(lang, strings.TrimSpace(form.Get(competency.FieldOf("title", lang))))
		f.Description = f.Description.With(lang, form.Get(competency.FieldOf("description", lang)))
	}
	f.Title, f.Description = f.Title.Clean(), f.Description.Clean()
	for name, to := range map[string]*string{"creator": &f.Creator, "source": &f.Source, "licence": &f.Licence, "edition": &f.Edition} {
		*to = strings.TrimSpace(form.Get(name))
	}
	old := f.Levels
	f.Levels, renamed = nil, map[string]string{}
	for i := 1; i <= competency.LevelsMost+spareLevels && form.Has("level-"+strconv.Itoa(i)+"-code"); i++ {
		n := "level-" + strconv.Itoa(i)
		l, before := competency.Level{}, form.Get(n+"-was")
		for _, o := range old {
			if o.Code == before && before != "" {
				l = o
			}
		}
		l.Code = strings.TrimSpace(form.Get(n + "-code"))
		for _, lang := range was {
			l.Label = l.Label.With(lang, strings.TrimSpace(form.Get(competency.FieldOf(n+"-label", lang))))
			l.Description = l.Description.With(lang, strings.TrimSpace(form.Get(competency.FieldOf(n+"-description", lang))))
		}
		if l.Code == "" && len(l.Label) == 0 && len(l.Description) == 0 {
			continue
		}
		if before != "" {
			renamed[before] = l.Code
		}
		f.Levels = append(f.Levels, l)
	}
	return f, renamed
}

// newFramework shows the empty form, with the levels most frameworks here have.
func newFramework(w http.ResponseWriter, r *http.Request) error {
	if err := mayEdit(r); err != nil {
		return err
	}
	return showHead(w, r, heading{status: http.StatusOK, framework: competency.Framework{Languages: []string{string(web.VisitOf(r).Lang)}}})
}

// create makes a framework.
func create(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := mayEdit(r); err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		f, _ := readHead(r.PostForm, competency.Framework{Languages: []string{string(web.VisitOf(r).Lang)}})
		id, err := d.Competency.Create(r.Context(), web.Actor(r), f)
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			return showHead(w, r, heading{framework: f, status: web.StatusOf(err), errs: errs})
		}
		return web.Redirect(w, r, frameworkPath(id), web.Said{Kind: "success", Key: "competencyweb.created"})
	}
}

// headForm shows the form of a framework's own fields.
func headForm(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		return showHead(w, r, heading{framework: v.Framework, saved: &v, revision: v.Revision, status: http.StatusOK})
	}
}

// saveHead writes a framework's own fields.
func saveHead(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		f, renamed := readHead(r.PostForm, v.Framework)
		opened, _ := strconv.Atoi(r.PostForm.Get("revision")) // none: everything since the beginning counts as changed meanwhile
		k, err := d.Competency.SaveHead(r.Context(), web.Actor(r), f, opened, renamed)
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			return showHead(w, r, heading{framework: f, saved: &v, revision: opened, status: web.StatusOf(err), errs: errs})
		}
		return web.Redirect(w, r, frameworkPath(f.ID), done(v, k, "competencyweb.head_saved"))
	}
}

// discard deletes a framework no version of which was published.
func discard(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		if strings.TrimSpace(r.PostFormValue("typed")) != savedTitle(v.Framework) {
			errs := ui.FormErrors{{Field: "typed", Text: web.VisitOf(r).P.T("competencyweb.discard_typed", savedTitle(v.Framework))}}
			return showHead(w, r, heading{framework: v.Framework, saved: &v, revision: v.Revision, status: http.StatusUnprocessableEntity, errs: errs})
		}
		if err := d.Competency.Discard(r.Context(), web.Actor(r), v.Framework.ID); err != nil {
			return err
		}
		return web.Redirect(w, r, "/competencies?all=1", web.Said{Kind: "success", Key: "competencyweb.discarded"})
	}
}
