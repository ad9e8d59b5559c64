// Package trainingweb is the pages of what people can learn with: the inventory of resources, each of them, the form to propose one, its review; the paths to follow and to make; the cohorts.
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
	// Things lists what steps of a path may lead to, but resources: missions, and the workshop sessions by runs, in a language.
	Things func(ctx context.Context, by actor.Actor, lang string) ([]Thing, error)
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

// Routes adds the room's routes to the site. Every member of the organisation reads, proposes and follows;
// [training.MayReview] says who reviews, [training.MayMake] who makes paths and leads cohorts.
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
		"GET /paths":                          d.paths,
		"GET /paths/new":                      d.blankPath,
		"POST /paths/new":                     d.makePath,
		"GET /paths/items/{id}":               d.path,
		"GET /paths/items/{id}/edit":          d.editPath,
		"POST /paths/items/{id}/edit":         d.savePath,
		"POST /paths/items/{id}/walk":         d.walk,
		"POST /paths/items/{id}/leave":        d.leave,
		"POST /paths/items/{id}/say":          d.say,
		"POST /paths/items/{id}/retire":       d.retirePath,
		"GET /cohorts":                        d.cohorts,
		"GET /cohorts/new":                    d.blankCohort,
		"POST /cohorts/new":                   d.openCohort,
		"GET /cohorts/items/{id}":             d.cohort,
		"GET /cohorts/items/{id}/edit":        d.editCohort,
		"POST /cohorts/items/{id}/edit":       d.saveCohort,
		"POST /cohorts/items/{id}/members":    d.invite,
		"POST /cohorts/items/{id}/remove":     d.remove,
		"POST /cohorts/items/{id}/join":       d.join,
		"POST /cohorts/items/{id}/consent":    d.consent,
		"POST /cohorts/items/{id}/notes":      d.write,
		"POST /cohorts/items/{id}/helped":     d.helped,
		"POST /cohorts/items/{id}/close":      d.closeCohort,
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
