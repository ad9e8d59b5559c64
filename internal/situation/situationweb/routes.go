// Package situationweb is the pages of situations of use and needs: list, record with its history, form, taking up the cards of a
// workshop, the map with its pictures, tables and gaps, what was decided about them, exports.
package situationweb

import (
	"context"
	"embed"
	"net/http"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// A Desk is what these pages stand on.
type Desk struct {
	Situation *situation.Service
	// Frameworks lists the competency frameworks a person may read.
	Frameworks func(ctx context.Context, by actor.Actor) ([]competency.View, error)
	// Report is what a workshop session left, for who may run it.
	Report func(ctx context.Context, by actor.Actor, session string) (workshop.Report, error)
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	// Missions lists those that train competences, by code, the best first, in a language; nil where there are none.
	Missions func(ctx context.Context, by actor.Actor, codes []string, lang string) ([]Mission, error)
}

// A Mission is one to train with: about how many minutes it takes, and whether the reader passed it.
type Mission struct {
	Title, Href string
	Minutes     int
	Passed      bool
}

// Routes adds the room's routes to the site. Every member of the organisation may read; [situation.MayEdit] says who edits.
func Routes(site *web.Site, d Desk) {
	for pattern, h := range map[string]web.Handler{
		"GET /situations":                              d.list,
		"GET /situations/actions":                      d.actions,
		"GET /situations/actions/new":                  d.blankAction,
		"POST /situations/actions/new":                 d.decide,
		"GET /situations/actions/items/{id}":           d.action,
		"POST /situations/actions/items/{id}":          d.rewrite,
		"POST /situations/actions/items/{id}/progress": d.settleAction,
		"GET /situations/actions/export/{file}":        d.exportActions,
		"POST /situations/items/{id}/progress":         d.settle,
		"GET /situations/new":                          d.blank,
		"POST /situations/new":                         d.create,
		"GET /situations/items/{id}":                   d.show,
		"GET /situations/items/{id}/edit":              d.edit,
		"POST /situations/items/{id}/edit":             d.save,
		"POST /situations/items/{id}/retire":           d.retire,
		"POST /situations/items/{id}/merge":            d.merge,
		"POST /situations/items/{id}/undo":             d.undo,
		"POST /situations/withdraw":                    d.withdraw,
		"GET /situations/promote/{session}":            d.cards,
		"POST /situations/promote/{session}":           d.promote,
		"GET /situations/export/{file}":                d.export,
		"GET /situations/map":                          d.chart,
		"GET /situations/map/{file}":                   d.mapFile,
	} {
		site.Handle(pattern, h)
	}
}

const home = "/situations"

func path(of situation.ID, more ...string) string {
	return ui.Link(home, append([]string{"items", string(of)}, more...)...)
}

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("situationweb.title"), Href: home}}
}

// A competence is what these pages say of one.
type competence struct {
	id      competency.ItemID
	label   string // code and label
	code    string
	family  string
	mark    int // 1 to 9, 0 for none
	retired bool
}

// competences lists those of every framework by may read, in reading order, retired ones too, and finds them.
func (d Desk) competences(r *http.Request) (list []competence, named map[competency.ItemID]competence, err error) {
	views, err := d.Frameworks(r.Context(), web.Actor(r))
	if err != nil {
		return nil, nil, err
	}
	lang := string(web.VisitOf(r).Lang)
	named = map[competency.ItemID]competence{}
	for _, v := range views {
		f := v.Framework
		for _, it := range f.Items {
			if it.Kind != competency.Competence {
				continue
			}
			one := competence{id: it.ID, code: it.Code, label: strings.TrimSpace(it.Code + " " + it.Label.In(lang, f.Main())), mark: f.MarkOf(it.ID), retired: it.Retired}
			if family, ok := f.FamilyOf(it.ID); ok {
				one.family = strings.TrimSpace(family.Code + " " + family.Label.In(lang, f.Main()))
			}
			list, named[it.ID] = append(list, one), one
		}
	}
	return list, named, nil
}

// distinct lists the values of a field, each once, sorted as in France, without "".
func distinct(all []situation.Situation, field func(situation.Situation) string) (out []string) {
	for _, s := range all {
		if v := field(s); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, french.Compare)
	return out
}
