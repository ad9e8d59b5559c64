// Package gridweb is the pages where a dataset is read and edited cell by cell. The page is a plain table that works without JavaScript;
// where there is a script and room, the same address becomes a sheet one scrolls through.
package gridweb

import (
	"context"
	"embed"
	"net/http"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/finding"
	"cultured/internal/grid"
	"cultured/internal/live"
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
	Grid   *grid.Service
	// Found lists the findings of a version.
	Found func(ctx context.Context, o dataset.Outcome, q dataset.FindingQuery) ([]finding.Finding, error)
	Hub   *live.Hub                                       // tells those who look at a grid that it moved
	Tabs  func(r *http.Request, id, title string) ui.Tabs // those of a dataset's pages
	// Wait gives a job a moment to end, whatever comes of it.
	Wait func(ctx context.Context, job string, upTo time.Duration) error
	Now  func() time.Time
	// Leaves says whether the rows of a dataset may leave as they are; a fault says why not. May be nil.
	Leaves func(ctx context.Context, organisation string, id dataset.ID) error
}

// Routes adds the room's routes to the site. Who may read a dataset may read its grid.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /datasets/{id}/grid", d.page)
	site.HandleAPI("GET /datasets/{id}/grid/rows", d.rows)
	site.HandleAPI("GET /datasets/{id}/grid/values", d.values)
	site.Handle("GET /datasets/{id}/grid/next", d.next)
	site.Handle("GET /datasets/{id}/grid/totals", d.totals)
	site.Handle("GET /datasets/{id}/grid/formula", d.formula)
	site.Handle("GET /datasets/{id}/grid/export", d.export)
	hand := &hand{d, &pace{now: d.Now}}
	site.Handle("POST /datasets/{id}/grid/formula", hand.fill)
	site.HandleAPI("POST /datasets/{id}/grid/edits", hand.edits)
	site.HandleAPI("POST /datasets/{id}/grid/here", hand.here)
	site.HandleAPI("GET /datasets/{id}/grid/ops", d.ops)
	site.HandleAPI("GET /datasets/{id}/grid/events", d.events)
	site.Handle("GET /datasets/{id}/grid/cell", d.cell)
	site.Handle("POST /datasets/{id}/grid/cell", hand.write)
	site.Handle("GET /datasets/{id}/grid/add", d.add)
	site.Handle("POST /datasets/{id}/grid/add", hand.addRow)
	site.Handle("POST /datasets/{id}/grid/remove", hand.remove)
	site.Handle("POST /datasets/{id}/grid/undo", hand.undo)
	site.Handle("GET /datasets/{id}/grid/keep", d.keep)
	site.Handle("POST /datasets/{id}/grid/keep", hand.keepAs)
	site.Handle("GET /datasets/{id}/grid/proposals", d.proposals)
	site.Handle("POST /datasets/{id}/grid/proposals", hand.decide)
	site.Handle("POST /datasets/{id}/grid/withdraw", hand.withdraw)
	site.Handle("GET /datasets/{id}/grid/history", d.history)
	site.Handle("POST /datasets/{id}/grid/restore", hand.restore)
	site.Handle("GET /datasets/{id}/grid/compare", d.compare)
	site.Handle("GET /datasets/{id}/grid/repair", d.repairs)
	site.Handle("POST /datasets/{id}/grid/repair", hand.repair)
}

// A subject is the table a page is about, and how it is looked at.
type subject struct {
	grid.Table
	view    grid.View
	at      int64   // the operation after which it is shown as it was, 0 for now
	moment  grid.Op // that operation
	base    string  // address of these pages
	columns []dataset.ColumnProfile
}

func (d Desk) subject(r *http.Request) (subject, error) {
	v, err := d.Grid.Read(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return subject{}, err
	}
	s := subjectOf(v)
	if at := whole(r, "at"); at > 0 {
		err = d.past(r, &s, int64(at))
	}
	return s, err
}

func subjectOf(v grid.View) subject {
	return subject{Table: v.Table(), view: v, base: ui.Link("/datasets", string(v.Dataset.ID), "grid"), columns: v.Version.Outcome.Report.Profile.Columns}
}

func idOf(r *http.Request) dataset.ID { return dataset.ID(r.PathValue("id")) }

// asked is what a request is about, and how it wants to see it.
func (d Desk) asked(r *http.Request) (subject, grid.Look, error) {
	s, err := d.subject(r)
	if err != nil {
		return s, grid.Look{}, err
	}
	look, err := grid.ReadLook(r.URL.Query(), s.columns)
	return s, look, err
}
