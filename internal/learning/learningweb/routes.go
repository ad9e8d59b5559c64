// Package learningweb is the pages of what people can show: their evidence and the level it adds up to, work they add themselves, what colleagues
// are asked to look at, and who may read it.
package learningweb

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/i18n"
	"cultured/internal/learning"
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
	*learning.Service
	// Framework says how the organisation's competences and levels are called, in a language.
	Framework func(ctx context.Context, by actor.Actor, lang string) (Framework, error)
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	// Datasets lists the actor's own, which they may show as work, without version and hash.
	Datasets func(ctx context.Context, by actor.Actor) ([]Dataset, error)
	// Dataset finds one of them. Fault: Invalid "learning.no_dataset".
	Dataset func(ctx context.Context, by actor.Actor, id string) (Dataset, error)
	// Holder says how somebody and their organisation are called, for their passport.
	Holder func(ctx context.Context, organisation, person string) (Holder, error)
	// Badges lists those somebody holds now, the newest first, in a language.
	Badges  func(ctx context.Context, organisation, person, lang string) ([]Badge, error)
	Address string // of this server, as people reach it
}

// A Holder is whose passport it is.
type Holder struct{ Name, Organisation string }

// A Badge is one somebody holds: its page, where anybody may verify it, and its picture.
type Badge struct {
	Name, Text, Href, Picture string
	At                        time.Time
}

// A Framework is what evidence is about: the competences in reading order, and the names of levels 1, 2, 3…
type Framework struct {
	Competences []Competence
	Levels      []string
}

// A Competence is one of the organisation's: its label, page, and family with its mark (1 to 9, 0 for none).
type Competence struct {
	Code, Label, Href, Family string
	Mark                      int
}

// A Dataset is one that may be shown: Version and Hash (SHA-256 in hexadecimal) are those of the original it has now.
type Dataset struct{ ID, Title, Version, Hash string }

// Routes adds the room's routes to the site. All are for who is signed in, but a passport's link; the rules say who reads what.
func Routes(site *web.Site, d Desk) {
	for pattern, h := range map[string]web.Handler{
		"GET /learning":                         d.mine,
		"GET /learning/new":                     d.blank,
		"POST /learning/new":                    d.create,
		"GET /learning/evidence/{id}":           d.evidence,
		"GET /learning/evidence/{id}/file":      d.file,
		"POST /learning/evidence/{id}/delete":   d.delete,
		"POST /learning/evidence/{id}/withdraw": d.withdraw,
		"POST /learning/evidence/{id}/reviews":  d.askReview,
		"POST /learning/evidence/{id}/review":   d.review,
		"POST /learning/evidence/{id}/decline":  d.decline,
		"POST /learning/evidence/{id}/share":    d.share,
		"POST /learning/evidence/{id}/unshare":  d.unshare,
		"GET /learning/shown":                   d.shown,
		"GET /learning/export/{file}":           d.export,
		"GET /learning/passport":                d.passport,
		"GET /learning/passport/{file}":         d.passportFile,
		"POST /learning/passport/links":         d.makeLink,
		"POST /learning/passport/links/{link}":  d.endLink,
		"GET /passport/{secret}":                d.opened,
	} {
		site.Handle(pattern, h)
	}
}

const home = "/learning"

func path(of learning.ID, more ...string) string {
	return ui.Link(home, append([]string{"evidence", string(of)}, more...)...)
}

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("learningweb.title"), Href: home}}
}

// find is the competence of a code; one the framework no longer has is called by its code.
func (f Framework) find(code string) Competence {
	for _, c := range f.Competences {
		if c.Code == code {
			return c
		}
	}
	return Competence{Code: code}
}

// named is the code with its label.
func (c Competence) named() string { return strings.TrimSpace(c.Code + " " + c.Label) }

// level is the code of a level and its name: « N2 Applique ».
func (f Framework) level(n int) string {
	code := fmt.Sprintf("N%d", n)
	if n >= 1 && n <= len(f.Levels) {
		return code + " " + f.Levels[n-1]
	}
	return code
}

// shows are the competences a piece of evidence shows, each with its level.
func (f Framework) shows(e learning.Evidence) (out []string) {
	for _, l := range e.Shows {
		out = append(out, fmt.Sprintf("%s N%d", l.Code, l.Level))
	}
	return out
}

// framework is the organisation's, in the visitor's language.
func (d Desk) framework(r *http.Request) (Framework, error) {
	v := web.VisitOf(r)
	return d.Framework(r.Context(), v.Actor, string(v.Lang))
}
