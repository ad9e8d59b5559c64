// Package contactweb is the pages of lists of contacts: those there are, what a list is made of, who refused, files to write to people with.
package contactweb

import (
	"embed"
	"net/http"

	"context"
	"cultured/internal/contact"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"

	"cultured/internal/actor"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// A Named is a dataset that may be a list.
type Named struct{ ID, Title string }

// A Leaving is a whole dataset that leaves: what the sieve holds back is marked in a column of that name.
type Leaving struct {
	Dataset string
	Format  string // "csv", "ods" or "xlsx"
	Mark    string
	Sieve   func(columns []string) func(cells []string) bool
}

// A Desk is what these pages stand on.
type Desk struct {
	Contact *contact.Service
	// Datasets lists those by may change.
	Datasets func(ctx context.Context, by actor.Actor) ([]Named, error)
	// Whole answers with a whole dataset that the reader may see.
	Whole func(w http.ResponseWriter, r *http.Request, l Leaving) error
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
}

// Routes adds the room's routes to the site.
func Routes(site *web.Site, d Desk) {
	for pattern, h := range map[string]web.Handler{
		"GET /contacts":                          d.list,
		"GET /contacts/open":                     d.open,
		"POST /contacts/object":                  d.object,
		"POST /contacts/withdraw":                d.withdraw,
		"GET /contacts/person":                   d.person,
		"POST /contacts/person":                  d.person,
		"POST /contacts/person/agree":            d.personAgrees,
		"POST /contacts/person/end":              d.personEnds,
		"GET /contacts/lists/{id}":               d.show,
		"POST /contacts/lists/{id}":              d.mark,
		"POST /contacts/lists/{id}/turn":         d.turn,
		"POST /contacts/lists/{id}/agree":        d.agree,
		"POST /contacts/lists/{id}/whole":        d.whole,
		"GET /contacts/lists/{id}/export/{file}": d.export,
	} {
		site.Handle(pattern, h)
	}
}

const home = "/contacts"

func path(id string, more ...string) string {
	return ui.Link(home, append([]string{"lists", id}, more...)...)
}

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("contactweb.title"), Href: home}}
}

// open leads to the page of the dataset that was chosen.
func (d Desk) open(w http.ResponseWriter, r *http.Request) error {
	if id := r.FormValue("dataset"); id != "" {
		return web.Redirect(w, r, path(id), web.Said{})
	}
	return web.Redirect(w, r, home, web.Said{Kind: "info", Key: "contactweb.choose_first"})
}
