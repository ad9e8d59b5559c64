// Package privacyweb is the pages that measure how well a dataset hides people, and make tables of it that may be published.
package privacyweb

import (
	"context"
	"embed"
	"net/http"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// Data is what these pages ask of the dataset room.
type Data interface {
	Current(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, dataset.Version, error)
	Aggregate(ctx context.Context, o dataset.Outcome, a dataset.Aggregation) (dataset.Page, error)
	Crowds(ctx context.Context, o dataset.Outcome, ask dataset.CrowdAsk) ([]dataset.Crowd, error)
	Versions(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, []dataset.Version, error)
}

// A Desk is what these pages stand on.
type Desk struct {
	Data Data
	// Tabs are the tabs of a dataset's pages, the one of these pages marked.
	Tabs func(r *http.Request, id, title string) ui.Tabs
	// Dossier tells what other rooms know of a dataset that by may see.
	Dossier func(ctx context.Context, by actor.Actor, id dataset.ID) (Dossier, error)
	Now     func() time.Time
	surveys *surveys // measures under way in this process
}

// Routes adds the room's routes to the site. Who may read a dataset may measure it.
func Routes(site *web.Site, d Desk) {
	d.surveys = newSurveys()
	site.Handle("GET /datasets/{id}/protect", d.rows)
	site.Handle("GET /datasets/{id}/protect/progress", d.progress)
	site.Handle("GET /datasets/{id}/protect/table", d.table)
	site.Handle("GET /datasets/{id}/protect/table.csv", d.tableFile)
	site.Handle("GET /datasets/{id}/protect/report", d.report)
	site.Handle("GET /datasets/{id}/protect/report/export/{file}", d.reportFile)
}

// A subject is the dataset a page is about.
type subject struct {
	dataset dataset.Dataset
	outcome dataset.Outcome
	base    string // address of these pages
}

func (d Desk) subject(r *http.Request) (subject, error) {
	ds, v, err := d.Data.Current(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	return subject{ds, v.Outcome, ui.Link("/datasets", r.PathValue("id"), "protect")}, err
}

// columns lists the columns of the table.
func (s subject) columns() []dataset.ColumnProfile { return s.outcome.Report.Profile.Columns }

func (s subject) head(p *i18n.Printer) ui.PageHead {
	return ui.PageHead{Title: s.dataset.Title, Eyebrow: p.T("privacyweb.title"), Lead: p.T("privacyweb.lead")}
}

func (s subject) layout(p *i18n.Printer, errs ui.FormErrors) ui.Head {
	return ui.Head{Title: p.T("privacyweb.title") + " – " + s.dataset.Title, Section: "/datasets", NoIndex: true, Errors: errs,
		Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}, {Label: s.dataset.Title, Href: ui.Link("/datasets", string(s.dataset.ID))}}}
}
