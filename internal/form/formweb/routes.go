// Package formweb is the pages of forms: the list, the builder, the settings, the preview, and the page people answer on, which works
// without scripts, by keyboard, and says what it keeps and why.
package formweb

import (
	"context"
	"embed"
	"net/http"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// A Desk is what these pages stand on.
type Desk struct {
	Form    *form.Service
	Schemas *schema.Pack
	// Datasets lists those a person may make a form of.
	Datasets func(ctx context.Context, by actor.Actor) ([]dataset.Dataset, error)
	// Dataset finds one with its dictionary.
	Dataset func(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error)
	// Address is where a visitor is: wrong codes are counted by it.
	Address func(*http.Request) string
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	// Colleagues are those who may treat a form's requests, by name.
	Colleagues func(ctx context.Context, f form.Form) ([]Colleague, error)
	// Registered tells where a form stands in the register of processing activities.
	Registered func(ctx context.Context, by actor.Actor, id form.ID) (Registered, error)
	Maps       Maps
	BaseURL    string // public address without a final slash
}

// Registered is the place of a form in the register of processing activities.
type Registered struct {
	Personal bool // it asks for personal data, as it is published
	Entries  []ui.LinkButton
	Enter    string // where an entry is made of it, "" for who may not
}

// A Colleague is somebody who may treat requests.
type Colleague struct{ ID, Name string }

// Routes adds the room's routes to the site. [form.Form.MayChange] says who builds; the form's door says who answers.
func Routes(site *web.Site, d Desk) {
	for pattern, h := range map[string]web.Handler{
		"GET /forms":                                    d.list,
		"GET /forms/new":                                d.blank,
		"POST /forms/new":                               d.create,
		"GET /forms/import":                             d.importing,
		"POST /forms/import":                            d.takeImport,
		"GET /forms/{id}/xlsform.xlsx":                  d.xlsform,
		"GET /forms/{id}":                               d.build,
		"GET /forms/models":                             d.models,
		"POST /forms/models":                            d.adopt,
		"GET /forms/{id}/model":                         d.model,
		"POST /forms/{id}/model":                        d.saveModel,
		"GET /forms/{id}/model.json":                    d.modelJSON,
		"POST /forms/{id}/renew":                        d.renew,
		"GET /forms/{id}/compare":                       d.compare,
		"GET /forms/{id}/compare.csv":                   d.compareCSV,
		"GET /forms/{id}/settings":                      d.settings,
		"POST /forms/{id}/settings":                     d.saveSettings,
		"GET /forms/{id}/preview":                       d.preview,
		"POST /forms/{id}/preview":                      d.tryOut,
		"POST /forms/{id}/publish":                      d.publish,
		"POST /forms/{id}/stop":                         d.stop,
		"GET /forms/{id}/blocks/new":                    d.newBlock,
		"POST /forms/{id}/blocks/new":                   d.addBlock,
		"POST /forms/{id}/blocks/back":                  d.putBack,
		"GET /forms/{id}/blocks/{block}":                d.editBlock,
		"POST /forms/{id}/blocks/{block}":               d.saveBlock,
		"POST /forms/{id}/blocks/{block}/move":          d.move,
		"POST /forms/{id}/blocks/{block}/take":          d.take,
		"POST /forms/{id}/feed":                         d.feed,
		"GET /forms/{id}/answers":                       d.answers,
		"GET /forms/{id}/answers/export/{file}":         d.export,
		"GET /forms/{id}/answers/{answer}":              d.request,
		"POST /forms/{id}/answers/{answer}":             d.treat,
		"POST /forms/{id}/answers/{answer}/delete":      d.erase,
		"GET /forms/{id}/answers/{answer}/files/{file}": d.download,
		"POST /f/{id}/computed":                         d.compute,
		"POST /f/{id}/sent/{reference}":                 d.write,
		"GET /f/{id}/worker.js":                         d.worker,
		"GET /f/{id}/app.webmanifest":                   d.manifest,
		"GET /f/{id}/around":                            d.around,
		"GET /f/{id}/places":                            d.places,
		"GET /f/{id}/ticket":                            d.ticket,
		"GET /f/{id}":                                   d.fill,
		"POST /f/{id}":                                  d.receive,
		"GET /f/{id}/sent/{reference}":                  d.sent,
	} {
		site.Handle(pattern, h)
	}
}

const home = "/forms"

func path(of form.ID, more ...string) string {
	return ui.Link(home, append([]string{string(of)}, more...)...)
}

// public is the path people answer at.
func public(of form.ID, more ...string) string {
	return ui.Link("/f", append([]string{string(of)}, more...)...)
}

func idOf(r *http.Request) form.ID { return form.ID(r.PathValue("id")) }

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("formweb.title"), Href: home}}
}

func crumbsOf(p *i18n.Printer, f form.Form) []ui.Crumb {
	return append(crumbs(p), ui.Crumb{Label: f.Title, Href: path(f.ID)})
}

// stateOf is what a form is to those who answer.
func stateOf(p *i18n.Printer, f form.Form) ui.Badge {
	switch {
	case f.Version == 0:
		return ui.Badge{Label: p.T("formweb.state_draft"), Icon: "pencil"}
	case f.Stopped:
		return ui.Badge{Label: p.T("formweb.state_stopped"), Kind: ui.Warning, Icon: "lock"}
	}
	return ui.Badge{Label: p.T("formweb.state_open", f.Version), Kind: ui.Success, Icon: "circle-check"}
}

// tabs lead through what there is about a form.
func tabs(p *i18n.Printer, f form.Form, at string) ui.Tabs {
	t := ui.Tabs{Label: p.T("formweb.about", f.Title)}
	for _, one := range []struct{ name, word, icon string }{{"", "formweb.tab_questions", "list"}, {"settings", "formweb.tab_settings", "settings"}, {"preview", "formweb.tab_preview", "eye"}, {"answers", "formweb.tab_answers", "mail"},
		{"compare", "formweb.tab_compare", "chart-column"}, {"model", "formweb.tab_model", "copy"}} {
		href := path(f.ID)
		if one.name != "" {
			href = path(f.ID, one.name)
		}
		t.Items = append(t.Items, ui.Tab{Label: p.T(one.word), Href: href, Icon: one.icon, Current: one.name == at})
	}
	return t
}
