package missionweb

import (
	"context"
	"embed"
	"io"

	"cultured/internal/actor"
	"cultured/internal/mission"
	"cultured/internal/tabular"
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
	*mission.Service
	Reader tabular.Reader // of the files handed in
	// Competences names the items of the organisation's framework by code, in a language.
	Competences func(ctx context.Context, by actor.Actor, lang string) (map[string]Competence, error)
	// Situations lists the organisation's situations of use that call for competences, in a language; nil where there are none.
	Situations func(ctx context.Context, by actor.Actor, lang string) ([]Situation, error)
	// Schemas lists those a table may be checked against; nil where there are none.
	Schemas func() []ui.Option
	// Submit has a file of a mission examined, to be kept as a dataset that is an exercise, and returns the name of the examination.
	Submit func(ctx context.Context, by actor.Actor, of mission.ID, name string, body io.Reader) (check string, err error)
}

// A Competence is what the organisation's framework calls the item of a code, and its page. The zero value is one it does not have.
type Competence struct{ Label, Href string }

// A Situation is one of use: what it is called, what it stands under in a list, its page, and the codes of the competences it calls for.
type Situation struct {
	ID, Label, Group, Href string
	Codes                  []string
}

// named is the code with its label, if there is one.
func (c Competence) named(code string) string {
	if c.Label == "" {
		return code
	}
	return code + " " + c.Label
}

// Routes adds the room's pages to the site.
func Routes(site *web.Site, d Desk) {
	for pattern, h := range map[string]web.Handler{
		"GET /missions":                             d.list,
		"GET /missions/{mission}":                   d.bench,
		"GET /missions/{mission}/data/{file}":       d.data,
		"POST /missions/{mission}/answer":           d.answer,
		"POST /missions/{mission}/renew":            d.renew,
		"POST /missions/{mission}/workbench":        d.workHere,
		"GET /missions/own":                         d.own,
		"POST /missions/own/import":                 d.bringIn,
		"GET /missions/own/new":                     d.blank,
		"POST /missions/own/new":                    d.write,
		"GET /missions/own/edit/{own}":              d.edit,
		"POST /missions/own/{own}/publish":          d.publish,
		"POST /missions/own/{own}/withdraw":         d.withdraw,
		"POST /missions/own/{own}/ask":              d.ask,
		"GET /missions/own/draft/{own}/sit":         d.sit,
		"POST /missions/own/draft/{own}/sit":        d.sitAnswer,
		"GET /missions/own/draft/{own}/data/{file}": d.sitData,
		"GET /missions/own/export/{file}":           d.pack,
		"POST /missions/{mission}/practice":         d.work,
	} {
		site.Handle(pattern, h)
	}
}
