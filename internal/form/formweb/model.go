package formweb

import (
	"errors"
	"net/http"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type modelsPage struct {
	Head   ui.PageHead
	Models []modelCard
	Empty  *ui.Empty
	File   ui.FileDrop
}

// A modelCard is one shared model.
type modelCard struct {
	ID, Title, Intro, From string
	Asks                   []string // labels of what it asks
}

type modelPage struct {
	Head     ui.PageHead
	Tabs     ui.Tabs
	Action   string
	Revision int
	Shared   string // sentence that says where the form stands
	Follows  bool
	Offer    bool // may be offered
	Offered  bool
	Shares   bool
	File     *ui.LinkButton
	Newer    *newer
	Take     ui.FileDrop
	Editions []editionRow
	Renew    string
	Edition  ui.Field
}

// A newer is what the model became.
type newer struct {
	Text    string
	Form    string
	Changes []string
}

// An editionRow is one edition of a form.
type editionRow struct {
	Label, Href string
	State       ui.Badge
	Here        bool
}

var (
	modelsTemplate = ui.Page[modelsPage](pages, "pages/models.tmpl")
	modelTemplate  = ui.Page[modelPage](pages, "pages/model.tmpl")
)

// models lists what organisations offer, and takes a model's file.
func (d Desk) models(w http.ResponseWriter, r *http.Request) error {
	return d.showModels(w, r, http.StatusOK, nil)
}

func (d Desk) showModels(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	all, err := d.Form.Models(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	page := modelsPage{Head: ui.PageHead{Title: p.T("formweb.models"), Lead: p.T("formweb.models_lead")}, File: modelFile(p, errs)}
	for _, m := range all {
		card := modelCard{ID: string(m.Form), Title: m.Title, Intro: m.Intro, From: p.T("formweb.model_from", m.From, len(m.Blocks))}
		if m.Edition != "" {
			card.Title += " – " + m.Edition
		}
		for _, b := range m.Blocks {
			if b.Kind.Asks() {
				card.Asks = append(card.Asks, b.Label)
			}
		}
		page.Models = append(page.Models, card)
	}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "copy", Text: p.T("formweb.no_models"), Example: p.T("formweb.no_models_example")}
	}
	return modelsTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: errs}, page)
}

func modelFile(p *i18n.Printer, errs ui.FormErrors) ui.FileDrop {
	return ui.FileDrop{Name: "file", Label: p.T("formweb.model_file"), Hint: p.T("formweb.model_file_hint"), Error: errs.For("file"), Accept: ".json", Limit: form.ModelBytes, Required: true, Submit: p.T("formweb.model_file_do")}
}

// adopt makes a form that follows a model, offered here or of a file.
func (d Desk) adopt(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Form.List(r.Context(), web.Actor(r)); err != nil { // before anything is read
		return err
	}
	m, err := d.readModel(w, r)
	var f form.Form
	if err == nil {
		f, err = d.Form.Adopt(r.Context(), web.Actor(r), m)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		for i := range errs {
			errs[i].Field = "file"
		}
		return d.showModels(w, r, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(f.ID), web.Said{Kind: "success", Key: "formweb.adopted"})
}

// readModel takes the model a page names, or the one of the file sent with it.
func (d Desk) readModel(w http.ResponseWriter, r *http.Request) (m form.Model, err error) {
	web.LimitBody(w, r, form.ModelBytes+slack)
	file, header, err := r.FormFile("file")
	if of := r.PostFormValue("model"); of != "" {
		return d.Form.Offered(r.Context(), web.Actor(r), form.ID(of))
	}
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return m, fault.Field("file", "formweb.model_none")
	}
	if err != nil {
		return m, err
	}
	if header.Size > form.ModelBytes {
		return m, errors.Join(fault.Field("file", "form.model_format"), file.Close())
	}
	m, err = form.ReadModel(file)
	return m, errors.Join(err, file.Close())
}

// model shows what a form shares with others: its model, its counts, its editions.
func (d Desk) model(w http.ResponseWriter, r *http.Request) error {
	return d.showModel(w, r, http.StatusOK, nil)
}

func (d Desk) showModel(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	page := modelPage{Head: ui.PageHead{Title: p.T("formweb.model_of", f.Title), Eyebrow: p.T("formweb.form"), Badges: []ui.Badge{stateOf(p, f)}}, Tabs: tabs(p, f, "model"), Action: path(f.ID, "model"),
		Revision: f.Revision, Follows: f.Model != nil, Offer: f.Model == nil && f.Version > 0, Offered: f.Offered, Shares: f.Shares, Take: modelFile(p, errs), Renew: path(f.ID, "renew"),
		Edition: ui.Field{Name: "edition", Label: p.T("formweb.edition_new"), Hint: p.T("formweb.edition_hint"), Error: errs.For("edition"), Value: r.PostFormValue("edition"), MaxLength: form.EditionMost, Size: "medium", Required: true, Autocomplete: "off"}}
	switch {
	case f.Model != nil:
		page.Shared = p.T("formweb.follows", f.Model.Title, f.Model.From, f.Model.Version)
	case f.Version == 0:
		page.Shared = p.T("formweb.offer_later")
	case f.Offered:
		page.Shared = p.T("formweb.is_offered")
	default:
		page.Shared = p.T("formweb.may_offer")
	}
	if page.Offer {
		page.File = &ui.LinkButton{Label: p.T("formweb.model_download"), Href: path(f.ID, "model.json"), Icon: "download", Download: true}
	}
	if m, ok, err := d.Form.Newer(r.Context(), web.Actor(r), f); err != nil {
		return err
	} else if ok {
		page.Newer = &newer{Form: string(m.Form), Text: p.T("formweb.newer", strings.TrimSpace(m.Title+" "+m.Edition), m.Version)}
		page.Newer.Changes = changeTexts(p, form.Changes(common(f.Blocks), m.Blocks))
	}
	editions, err := d.Form.Editions(r.Context(), web.Actor(r), f.ID)
	if err != nil {
		return err
	}
	for _, one := range editions {
		page.Editions = append(page.Editions, editionRow{Label: editionName(p, one), Href: path(one.ID), State: stateOf(p, one), Here: one.ID == f.ID})
	}
	return modelTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbsOf(p, f), Errors: errs}, page)
}

func common(blocks []form.Block) (out []form.Block) {
	for _, b := range blocks {
		if b.Common {
			out = append(out, b)
		}
	}
	return out
}

func editionName(p *i18n.Printer, f form.Form) string {
	if f.Edition != "" {
		return f.Title + " – " + f.Edition
	}
	return p.T("formweb.made_on", f.Title, f.Created)
}

// changeTexts say what is asked otherwise.
func changeTexts(p *i18n.Printer, all []form.Change) (out []string) {
	for _, c := range all {
		switch c.Kind {
		case form.Added:
			out = append(out, p.T("formweb.change_added", c.Label))
		case form.Removed:
			out = append(out, p.T("formweb.change_removed", c.Label))
		case form.Rekinded:
			out = append(out, p.T("formweb.change_kind", c.Label))
		case form.Reworded:
			out = append(out, p.T("formweb.change_label", c.Was, c.Label))
		case form.Reoptions:
			if len(c.Gained) > 0 {
				out = append(out, p.T("formweb.change_gained", c.Label, strings.Join(c.Gained, ", ")))
			}
			if len(c.Dropped) > 0 {
				out = append(out, p.T("formweb.change_dropped", c.Label, strings.Join(c.Dropped, ", ")))
			}
		}
	}
	return out
}

// saveModel does what the page's buttons say.
func (d Desk) saveModel(w http.ResponseWriter, r *http.Request) error {
	ctx, by, of := r.Context(), web.Actor(r), idOf(r)
	if _, err := d.Form.Look(ctx, by, of); err != nil { // before anything is read
		return err
	}
	m, err := form.Model{}, error(nil)
	if web.LimitBody(w, r, form.ModelBytes+slack); strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") || r.PostFormValue("model") != "" {
		m, err = d.readModel(w, r)
	}
	said := ""
	switch do := r.PostFormValue("do"); {
	case err != nil:
	case do == "offer", do == "withdraw":
		said, err = "formweb.done_"+do, d.Form.Offer(ctx, by, of, do == "offer")
	case do == "share", do == "unshare":
		said, err = "formweb.done_"+do, d.Form.Share(ctx, by, of, do == "share")
	case do == "detach":
		said, err = "formweb.done_detach", d.Form.Detach(ctx, by, of)
	case m.Form != "":
		said = "formweb.done_follow"
		_, err = d.Form.CatchUp(ctx, by, of, revision(r), m)
	default:
		return fault.New(fault.NotFound, "web.not_found")
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showModel(w, r, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(of, "model"), web.Said{Kind: "success", Key: said})
}

// modelJSON gives the model as a file for another installation.
func (d Desk) modelJSON(w http.ResponseWriter, r *http.Request) error {
	m, err := d.Form.Model(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	web.Attachment(w, "application/json", form.Slug(m.Title)+".json")
	return m.Write(w)
}

// renew makes the next edition.
func (d Desk) renew(w http.ResponseWriter, r *http.Request) error {
	next, err := d.Form.Renew(r.Context(), web.Actor(r), idOf(r), r.PostFormValue("edition"))
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showModel(w, r, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(next.ID), web.Said{Kind: "success", Key: "formweb.renewed"})
}
