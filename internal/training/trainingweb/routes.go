// Package trainingweb is the pages of what people can learn with: the inventory of resources, each of them, the form to propose one, its review.
package trainingweb

import (
	"context"
	"embed"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/training"
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
	Training *training.Service
	// Competences names the items of the organisation's framework by code, families too, in a language.
	Competences func(ctx context.Context, by actor.Actor, lang string) (map[string]Competence, error)
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	// Outgoing says whether links are ever checked.
	Outgoing bool
}

// A Competence is what the organisation's framework says of the item of a code. The zero value is one it does not have.
type Competence struct {
	Label, Href string
	Mark        int // of its family, 0 for none
}

// named is the code with its label, if there is one.
func (c Competence) named(code string) string {
	if c.Label == "" {
		return code
	}
	return code + " " + c.Label
}

// Routes adds the room's routes to the site. Every member of the organisation reads and proposes; [training.MayReview] says who reviews.
func Routes(site *web.Site, d Desk) {
	for pattern, h := range map[string]web.Handler{
		"GET /resources":                      d.list,
		"GET /resources/new":                  d.blank,
		"POST /resources/new":                 d.propose,
		"GET /resources/items/{id}":           d.show,
		"GET /resources/items/{id}/edit":      d.edit,
		"POST /resources/items/{id}/edit":     d.save,
		"POST /resources/items/{id}/decide":   d.decide,
		"POST /resources/items/{id}/follow":   d.follow,
		"POST /resources/items/{id}/unfollow": d.unfollow,
		"GET /resources/export/{file}":        d.export,
	} {
		site.Handle(pattern, h)
	}
}

const home = "/resources"

func path(of training.ResourceID, more ...string) string {
	return ui.Link(home, append([]string{"items", string(of)}, more...)...)
}

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("trainingweb.title"), Href: home}}
}

// codes lists those of the competences of a framework, or of its families, in reading order.
func codes(known map[string]Competence, families bool) (out []string) {
	for code := range known {
		if isFamily(code) == families {
			out = append(out, code)
		}
	}
	slices.SortFunc(out, french.Compare)
	return out
}
