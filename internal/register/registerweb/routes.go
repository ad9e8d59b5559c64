// Package registerweb is the pages of the register of processing activities: list, entry with its history, form, print, exports; until when datasets are kept, what is
// erased soon and what was.
package registerweb

import (
	"context"
	"embed"
	"net/http"
	"time"

	"cultured/internal/actor"
	"cultured/internal/i18n"
	"cultured/internal/register"
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
	Register *register.Service
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	// Organisation is how by's organisation is called.
	Organisation func(ctx context.Context, by actor.Actor) (string, error)
	// Tabs are the tabs of a dataset's pages, and of those that protect its persons, this room's marked.
	Tabs func(r *http.Request, id, title string) (dataset, protect ui.Tabs)
	Now  func() time.Time
}

// Routes adds the room's routes to the site. Every member of the organisation may read; [register.MayEdit] says who writes.
func Routes(site *web.Site, d Desk) {
	for pattern, h := range map[string]web.Handler{
		"GET /register":                         d.list,
		"GET /register/new":                     d.blank,
		"POST /register/new":                    d.create,
		"GET /register/print":                   d.print,
		"GET /register/export/{file}":           d.export,
		"GET /register/entries/{id}":            d.show,
		"GET /register/entries/{id}/edit":       d.edit,
		"POST /register/entries/{id}/edit":      d.save,
		"POST /register/entries/{id}/remove":    d.remove,
		"POST /register/entries/{id}/restore":   d.restore,
		"POST /register/entries/{id}/advise":    d.advise,
		"GET /register/alerts":                  d.alerts,
		"POST /register/alerts/see":             d.see,
		"GET /register/ends":                    d.ends,
		"GET /datasets/{id}/protect/retention":  d.retention,
		"POST /datasets/{id}/protect/retention": d.retain,
	} {
		site.Handle(pattern, h)
	}
}

const home = "/register"

func path(of register.ID, more ...string) string {
	return ui.Link(home, append([]string{"entries", string(of)}, more...)...)
}

func idOf(r *http.Request) register.ID { return register.ID(r.PathValue("id")) }

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("registerweb.title"), Href: home}}
}

// today is the day where the organisation lives.
func (d Desk) today() string { return i18n.Civil(d.Now()).Format(time.DateOnly) }

// day says a day of an entry.
func day(p *i18n.Printer, s string) string {
	if at, err := time.Parse(time.DateOnly, s); err == nil {
		return p.Date(at)
	}
	return s
}

// subjectPage is where a subject is, for who may open it; "" for others.
func subjectPage(by actor.Actor, s register.Subject) string {
	switch {
	case s.ID == "":
		return ""
	case s.Owner == by.ID || by.Is(actor.Steward):
		return ui.Link("/"+s.Kind+"s", s.ID)
	case s.Kind == register.Dataset && by.Is(actor.DPO):
		return ui.Link("/datasets", s.ID, "protect", "report")
	}
	return ""
}
