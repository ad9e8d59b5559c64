// Package datasetweb is the dataset room's pages: checking a file, and the datasets people keep. The same views show both:
// a check lives under /check/{id}, a dataset under /datasets/{id}. Everything works without JavaScript: a long reading
// shows a page that loads itself again.
package datasetweb

import (
	"context"
	"embed"
	"net/http"
	"strings"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// Jobs is what these pages ask of the queue that examines files.
type Jobs interface {
	// Wait returns how far a job is, as soon as it has ended or the time is over.
	Wait(ctx context.Context, id string, upTo time.Duration) (JobStatus, error)
	// Cancel asks a job to end; one that has ended stays as it is.
	Cancel(ctx context.Context, id string) error
}

// A JobStatus is how far a job is: Done of Total units of the step that Note, a catalogue key, names. Total is 0 when it
// is not known.
type JobStatus struct {
	Final, Failed bool
	Done, Total   int64
	Note          string
}

// A Desk is what these pages stand on.
type Desk struct {
	Dataset  *dataset.Service
	Jobs     Jobs
	Schemas  *schema.Pack
	Outgoing bool          // files may be fetched from their address
	Limit    int64         // of a file, in bytes
	KeepFor  time.Duration // how long a check stays that nobody keeps
	// Public says the address of a dataset's public page, "" while it has none. May be nil.
	Public func(ctx context.Context, id string) string
	// Uses says what a dataset serves. May be nil.
	Uses func(r *http.Request, id dataset.ID) (Uses, error)
	// Notices are what other rooms have to say on the first page of a dataset. May be nil.
	Notices func(r *http.Request, id dataset.ID) ([]ui.Notice, error)
	// Sieve says which rows of a dataset must not leave in a file; nil when all may. May be nil.
	Sieve func(ctx context.Context, organisation string, id dataset.ID) (dataset.Sieve, error)
}

// sieve says which rows of a dataset must not leave, nil when all may.
func (d Desk) sieve(ctx context.Context, ds dataset.Dataset) (dataset.Sieve, error) {
	if d.Sieve == nil {
		return nil, nil
	}
	return d.Sieve(ctx, ds.Organisation, ds.ID)
}

// Uses are the situations of use and needs a dataset serves, as links to their pages, and the map of them alone.
type Uses struct {
	Situations []ui.LinkButton
	Map        string
}

// patience is how long an answer waits for a job, so that small files feel immediate.
const patience = 1200 * time.Millisecond

// Routes adds the room's routes to the site.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /check", d.start)
	site.Handle("POST /check", d.submit)
	site.Handle("POST /check/address", d.importing)
	site.Handle("GET /check/{id}", d.check)
	site.Handle("GET /check/{id}/tables", d.tables)
	site.Handle("GET /check/{id}/tables.csv", d.tablesFile(dataset.PrintCSV))
	site.Handle("GET /check/{id}/tables.json", d.tablesFile(dataset.PrintJSON))
	site.Handle("GET /check/{id}/tables.sarif", d.tablesFile(dataset.PrintSARIF))
	site.Handle("POST /check/{id}/retry", d.checkRetry)
	site.Handle("GET /check/{id}/progress", d.checkProgress)
	site.Handle("POST /check/{id}/cancel", d.checkCancel)
	site.Handle("POST /check/{id}/forget", d.checkForget)
	site.Handle("GET /check/{id}/keep", d.keepPage)
	site.Handle("POST /check/{id}/keep", d.keep)
	site.Handle("GET /check/{id}/download", d.ofCheck(d.mended))
	site.Handle("POST /check/{id}/mend", d.changeCheck(d.mending))
	site.Handle("POST /check/{id}/reading", d.changeCheck(d.rereading))
	site.Handle("POST /check/{id}/schema", d.changeCheck(d.choosing))
	site.Handle("GET /check/{id}/mapping", d.ofCheck(d.mapping))
	site.Handle("POST /check/{id}/mapping", d.mapSubject(d.ofCheck, d.changeCheck))
	site.Handle("POST /check/{id}/undo", d.checkUndo)
	d.views(site, "/check/{id}", "/check/{id}", d.ofCheck)

	d.apiRoutes(site)

	site.Handle("GET /datasets", d.list)
	site.Handle("GET /datasets.csv", d.listTable)
	site.Handle("POST /datasets/exercises/delete", d.dropLessons)
	site.Handle("GET /mappings", d.remembered)
	site.Handle("POST /mappings/name", d.callMapping)
	site.Handle("POST /mappings/forget", d.forgetMapping)
	site.Handle("POST /mappings/recall", d.recallMapping)
	site.Handle("GET /datasets/{id}", d.ofDataset(d.preview))
	site.Handle("GET /datasets/{id}/quality", d.ofDataset(d.quality))
	site.Handle("GET /datasets/{id}/schema", d.ofDataset(d.schema))
	site.Handle("GET /datasets/{id}/dictionary", d.ofDataset(d.dictionary))
	site.Handle("GET /datasets/{id}/dictionary.csv", d.ofDataset(d.dictionaryTable))
	site.Handle("POST /datasets/{id}/dictionary", d.describe)
	site.Handle("GET /datasets/{id}/history", d.history)
	site.Handle("GET /datasets/{id}/use", d.ofDataset(d.use))
	site.Handle("GET /datasets/{id}/versions/{n}/original", d.original)
	site.Handle("GET /datasets/{id}/versions/{n}/data", d.data)
	site.Handle("GET /datasets/{id}/progress", d.datasetProgress)
	site.Handle("POST /datasets/{id}/cancel", d.datasetCancel)
	site.Handle("POST /datasets/{id}/mend", d.changeDataset(d.mending))
	site.Handle("POST /datasets/{id}/reading", d.changeDataset(d.rereading))
	site.Handle("POST /datasets/{id}/schema", d.changeDataset(d.choosing))
	site.Handle("GET /datasets/{id}/schema/mapping", d.ofDataset(d.mapping))
	site.Handle("POST /datasets/{id}/schema/mapping", d.mapSubject(d.ofDataset, d.changeDataset))
	site.Handle("POST /datasets/{id}/undo", d.datasetUndo)
	site.Handle("POST /datasets/{id}/restore", d.restore)
	site.Handle("POST /datasets/{id}/upload", d.upload)
	site.Handle("POST /datasets/{id}/address", d.subscribe)
	site.Handle("POST /datasets/{id}/refresh", d.refresh)
	site.Handle("POST /datasets/{id}/delete", d.remove)
	d.views(site, "/datasets/{id}", "/datasets/{id}/quality", d.ofDataset)
}

// views adds what checks and datasets show alike.
func (d Desk) views(site *web.Site, base, quality string, of func(viewer) web.Handler) {
	site.Handle("GET "+quality+"/findings", of(d.findings))
	site.Handle("GET "+quality+"/findings.csv", of(d.findingsFile(dataset.PrintCSV)))
	site.Handle("GET "+quality+"/findings.json", of(d.findingsFile(dataset.PrintJSON)))
	site.Handle("GET "+quality+"/findings.sarif", of(d.findingsFile(dataset.PrintSARIF)))
	site.Handle("GET "+base+"/rows", of(d.rows))
	site.Handle("GET "+base+"/columns", of(d.columns))
	site.Handle("GET "+base+"/columns.csv", of(d.columnsTable))
}

// Tabs are the tabs of a dataset's pages; the one the request is about is marked.
func Tabs(r *http.Request, id, title string) ui.Tabs {
	p, base := web.VisitOf(r).P, ui.Link("/datasets", id)
	t := ui.Tabs{Label: title, Items: []ui.Tab{
		{Label: p.T("datasetweb.tab_preview"), Href: base, Icon: "table"},
		{Label: p.T("datasetweb.tab_grid"), Href: base + "/grid", Icon: "list"},
		{Label: p.T("datasetweb.tab_columns"), Href: base + "/columns", Icon: "columns-3"},
		{Label: p.T("datasetweb.tab_quality"), Href: base + "/quality", Icon: "shield-check"},
		{Label: p.T("datasetweb.tab_clean"), Href: base + "/clean", Icon: "wand-sparkles"},
		{Label: p.T("datasetweb.tab_schema"), Href: base + "/schema", Icon: "file-check"},
		{Label: p.T("datasetweb.tab_dictionary"), Href: base + "/dictionary", Icon: "book-open"},
		{Label: p.T("datasetweb.tab_protect"), Href: base + "/protect", Icon: "lock"},
		{Label: p.T("datasetweb.tab_record"), Href: base + "/record", Icon: "tag"},
		{Label: p.T("datasetweb.tab_history"), Href: base + "/history", Icon: "history"},
		{Label: p.T("datasetweb.tab_use"), Href: base + "/use", Icon: "download"},
	}}
	at := 0
	for i, item := range t.Items {
		if i > 0 && (r.URL.Path == item.Href || strings.HasPrefix(r.URL.Path, item.Href+"/")) {
			at = i
		}
	}
	t.Items[at].Current = true
	return t
}
