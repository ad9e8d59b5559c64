// Package gridweb is the pages where a dataset is read and edited cell by cell. The page is a plain table that works without JavaScript;
// where there is a script and room, the same address becomes a sheet one scrolls through.
package gridweb

import (
	"context"
	"embed"
	"net/http"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/grid"
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
	Reader grid.Reader
	// Table is the table of a dataset as by sees it now.
	Table func(ctx context.Context, by actor.Actor, id dataset.ID) (grid.Table, error)
	// Tabs are those of a dataset's pages.
	Tabs func(r *http.Request, id, title string) ui.Tabs
}

// Routes adds the room's routes to the site. Who may read a dataset may read its grid.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /datasets/{id}/grid", d.page)
	site.HandleAPI("GET /datasets/{id}/grid/rows", d.rows)
	site.Handle("GET /datasets/{id}/grid/next", d.next)
	site.Handle("GET /datasets/{id}/grid/totals", d.totals)
	site.Handle("GET /datasets/{id}/grid/export", d.export)
}

// A subject is the table a page is about, and how it is looked at.
type subject struct {
	grid.Table
	base    string // address of these pages
	columns []dataset.ColumnProfile
}

func (d Desk) subject(r *http.Request) (subject, error) {
	t, err := d.Table(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	if err != nil {
		return subject{}, err
	}
	return subject{t, ui.Link("/datasets", string(t.Dataset.ID), "grid"), t.Version.Outcome.Report.Profile.Columns}, nil
}

// asked is what a request is about, and how it wants to see it.
func (d Desk) asked(r *http.Request) (subject, grid.Look, error) {
	s, err := d.subject(r)
	if err != nil {
		return s, grid.Look{}, err
	}
	look, err := grid.ReadLook(r.URL.Query(), s.columns)
	return s, look, err
}
