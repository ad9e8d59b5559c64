// Package overviewweb is the pages that belong to no room: the home page, accessibility, legal notice, the design system,
// health, the mails of development.
package overviewweb

import (
	"context"
	"embed"
	"io"
	"net/http"
	"time"

	"cultured/internal/actor"
	"cultured/internal/assets"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/mail"
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
	Dataset   *dataset.Service
	Catalogue *catalogue.Service
	// Mission is the one proposed to the visitor of a request, and why; nil when there is none.
	Mission func(r *http.Request) (*ui.Card, string, error)
	// Alerts counts the publications by has to look into.
	Alerts   func(ctx context.Context, by actor.Actor) (int, error)
	Ready    func(ctx context.Context) error
	Mails    func() []mail.Kept // nil outside development
	Demo     bool
	Now      func() time.Time
	Version  string
	Accepted string        // endings the file window proposes
	Limit    int64         // largest file, in bytes
	KeepFor  time.Duration // how long a file checked without being kept stays
}

// Routes adds the routes to the site.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /{$}", home(d))
	site.Handle("GET /accessibilite", accessibility(d))
	site.Handle("GET /legal", legal(d))
	site.Handle("GET /ui", gallery(d))
	site.Handle("GET "+ui.BrandPath, ui.BrandSheet)
	site.Handle("GET "+assets.Prefix+"{name}", func(w http.ResponseWriter, r *http.Request) error {
		assets.Handler().ServeHTTP(w, r)
		return nil
	})
	site.Handle("GET /healthz", func(w http.ResponseWriter, _ *http.Request) error { return plain(w, "ok\n") })
	site.Handle("GET /readyz", func(w http.ResponseWriter, r *http.Request) error {
		if err := d.Ready(r.Context()); err != nil {
			return fault.New(fault.Busy, "overview.not_ready").Because(err)
		}
		return plain(w, "ready\n")
	})
	site.Handle("GET /robots.txt", func(w http.ResponseWriter, r *http.Request) error {
		return plain(w, "User-agent: *\nDisallow: /account\nDisallow: /admin\nDisallow: /datasets\nSitemap: "+web.VisitOf(r).Site.BaseURL+"/sitemap.xml\n")
	})
	if d.Mails != nil {
		site.Handle("GET /dev/mails", mails(d))
	}
}

func plain(w http.ResponseWriter, s string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, s)
	return err
}

// gallery shows the design system to administrators, and to anybody in development.
func gallery(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if d.Mails == nil && !web.Actor(r).Is(actor.Admin) {
			return fault.New(fault.NotFound, "web.not_found")
		}
		return ui.GalleryHandler(w, r)
	}
}
