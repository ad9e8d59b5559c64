package cleaningweb

import (
	"encoding/json"
	"net/http"
	"strconv"

	"cultured/internal/cleaning"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// home is where saved recipes are listed.
const home = "/recipes"

type recipesPage struct {
	Head  ui.PageHead
	Empty *ui.Empty
	Cards []ui.Card
}

type recipePage struct {
	Head     ui.PageHead
	Says     []string
	Number   int // of the version shown
	Use      *ui.Choice
	UseError string
	Action   string
	Download ui.LinkButton
	Versions []versionView
	Drop     string // address that takes it away, "" for who may not
}

type versionView struct {
	Label, Href string
	Current     bool
}

var (
	recipesTemplate = ui.Page[recipesPage](pages, "pages/recipes.tmpl")
	recipeTemplate  = ui.Page[recipePage](pages, "pages/recipe.tmpl")
)

// list shows the recipes of the organisation.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	p := web.VisitOf(r).P
	all, err := d.Cleaning.All(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	page := recipesPage{Head: ui.PageHead{Title: p.T("cleaningweb.recipes"), Lead: p.T("cleaningweb.recipes_lead")}}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "wand-sparkles", Title: p.T("cleaningweb.recipes_none"), Text: p.T("cleaningweb.recipes_none_text"), Action: &ui.LinkButton{Label: p.T("cleaningweb.recipes_start"), Href: "/datasets"}}
	}
	for _, s := range all {
		page.Cards = append(page.Cards, ui.Card{Level: 2, Title: s.Name, Href: ui.Link(home, s.ID), Text: p.T("cleaningweb.steps", len(s.Steps)), Facts: []ui.Fact{
			{Label: p.T("cleaningweb.version"), Value: p.Number(s.Version)}, {Label: p.T("cleaningweb.by"), Value: s.ByName}, {Label: p.T("cleaningweb.at"), Value: p.Date(s.At)}}})
	}
	return recipesTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
}

// asked finds the recipe of the address, in the version asked for or the last one, and all its versions.
func (d Desk) asked(r *http.Request) (cleaning.Saved, []cleaning.Saved, error) {
	all, err := d.Cleaning.Versions(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return cleaning.Saved{}, nil, err
	}
	for _, s := range all {
		if s.Version == whole(r.FormValue("version"), all[0].Version) {
			return s, all, nil
		}
	}
	return cleaning.Saved{}, nil, fault.New(fault.NotFound, "cleaning.no_recipe")
}

func (d Desk) recipe(w http.ResponseWriter, r *http.Request) error {
	return d.showRecipe(w, r, view{status: http.StatusOK})
}

func (d Desk) showRecipe(w http.ResponseWriter, r *http.Request, v view) error {
	p := web.VisitOf(r).P
	one, all, err := d.asked(r)
	if err != nil {
		return err
	}
	sets, err := d.Datasets(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	n := strconv.Itoa(one.Version)
	page := recipePage{Head: ui.PageHead{Title: one.Name, Eyebrow: p.T("cleaningweb.recipe"), Facts: []ui.Fact{{Label: p.T("cleaningweb.version"), Value: p.Number(one.Version)}, {Label: p.T("cleaningweb.by"), Value: one.ByName}, {Label: p.T("cleaningweb.at"), Value: p.Date(one.At)}}},
		Says: said(p, one.Steps), Number: one.Version, Action: ui.Link(home, one.ID, "use"), Download: ui.LinkButton{Label: p.T("cleaningweb.download"), Href: ui.Link(home, one.ID, "recipe.json") + "?version=" + n, Icon: "download", Look: ui.Quiet, Download: true}}
	if len(sets) > 0 {
		page.Use = &ui.Choice{Name: "dataset", Label: p.T("cleaningweb.use_on"), Empty: p.T("cleaningweb.choose"), Error: v.errs.For("dataset")}
		for _, ds := range sets {
			page.Use.Options = append(page.Use.Options, ui.Option{Value: string(ds.ID), Label: ds.Title})
		}
	}
	for _, s := range all {
		page.Versions = append(page.Versions, versionView{p.T("cleaningweb.version_line", s.Version, s.ByName, p.Date(s.At)), ui.Link(home, s.ID) + "?version=" + strconv.Itoa(s.Version), s.Version == one.Version})
	}
	if one.MaySave(web.Actor(r)) {
		page.Drop = ui.Link(home, one.ID, "drop")
	}
	return recipeTemplate.Render(w, r, v.status, ui.Head{Title: one.Name, Section: home, Errors: v.errs, NoIndex: true, Crumbs: []ui.Crumb{{Label: p.T("cleaningweb.recipes"), Href: home}}}, page)
}

func said(p *i18n.Printer, steps recipe.Recipe) (out []string) {
	for _, s := range steps {
		say := s.Say()
		out = append(out, p.T(say.Key, say.Args...))
	}
	return out
}

// use adds the steps of a recipe to the draft of a dataset, whose page shows what they do.
func (d Desk) use(w http.ResponseWriter, r *http.Request) error {
	one, _, err := d.asked(r)
	if err != nil {
		return err
	}
	id := dataset.ID(r.FormValue("dataset"))
	if id == "" {
		errs, _ := ui.FormErrorsOf(web.VisitOf(r).P, fault.Field("dataset", "cleaningweb.need_dataset"))
		return d.showRecipe(w, r, view{status: http.StatusUnprocessableEntity, errs: errs})
	}
	b, err := d.Cleaning.Open(r.Context(), web.Actor(r), id)
	if err == nil {
		err = d.Cleaning.Load(r.Context(), web.Actor(r), cleaning.Seen{Dataset: id, Revision: b.Draft.Revision}, one.Steps)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showRecipe(w, r, view{status: web.StatusOf(err), errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "cleaningweb.loaded", Args: []string{one.Name}})
}

// drop takes a recipe away.
func (d Desk) drop(w http.ResponseWriter, r *http.Request) error {
	if err := d.Cleaning.Drop(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "cleaningweb.dropped"})
}

// recipeFile gives a saved recipe as a file.
func (d Desk) recipeFile(w http.ResponseWriter, r *http.Request) error {
	one, _, err := d.asked(r)
	if err != nil {
		return err
	}
	return attach(w, one.Steps)
}

// draftFile gives the steps being written as a file.
func (d Desk) draftFile(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if err != nil {
		return err
	}
	return attach(w, b.Draft.Steps)
}

func attach(w http.ResponseWriter, steps recipe.Recipe) error {
	raw, err := json.MarshalIndent(steps, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="recipe.json"`)
	_, err = w.Write(append(raw, '\n'))
	return err
}
