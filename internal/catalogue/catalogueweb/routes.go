// Package catalogueweb is the catalogue's pages and interfaces: search, public page, record, review, the JSON API, its
// OpenAPI document and the DCAT catalogue.
package catalogueweb

import (
	"context"
	"embed"
	"fmt"
	"io"
	"net/http"
	"time"

	"cultured/internal/catalogue"
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

// Data is what these pages ask of the dataset room about a table that the catalogue shows.
type Data interface {
	Version(ctx context.Context, of dataset.ID, number int) (dataset.Version, error)
	Rows(ctx context.Context, o dataset.Outcome, q dataset.Query) (dataset.Page, error)
	Aggregate(ctx context.Context, o dataset.Outcome, a dataset.Aggregation) (dataset.Page, error)
	Export(ctx context.Context, o dataset.Outcome, format dataset.Format, w io.Writer) error
	Original(src dataset.Source) (dataset.File, error)
	Sift(ctx context.Context, o dataset.Outcome, sifting dataset.Sifting, format dataset.Format, w io.Writer) error
}

// A Desk is what these pages stand on.
type Desk struct {
	Catalogue *catalogue.Service
	Data      Data
	// Tabs are the tabs of a dataset's pages, the record's marked.
	Tabs func(r *http.Request, id, title string) ui.Tabs
	// Publisher says who publishes, for DCAT and OpenAPI.
	Publisher func(ctx context.Context) (catalogue.Publisher, error)
	// Others are the interfaces of other rooms, as paths of an OpenAPI document.
	Others func(p *i18n.Printer) map[string]any
	// Sieve says which rows of a dataset must not leave in a file; nil when all may. May be nil.
	Sieve func(ctx context.Context, organisation string, id dataset.ID) (dataset.Sieve, error)
	Now   func() time.Time
}

// keptFor is how long a public answer may be given again though nothing changed but the time: a score counts late updates
// by the day.
const keptFor = 10 * time.Minute

// mark is another one whenever a public answer may be: a record has changed, or time has passed.
func (d Desk) mark(ctx context.Context) (string, error) {
	n, err := d.Catalogue.Mark(ctx)
	return fmt.Sprintf("%d@%d", n, d.Now().Unix()/int64(keptFor.Seconds())), err
}

// Routes adds the room's routes to the site.
func Routes(site *web.Site, d Desk) {
	shelf := &web.Shelf{Mark: d.mark}
	site.Handle("GET /catalogue", shelf.Keep(search(d)))
	site.Handle("GET /catalogue.csv", searchTable(d))
	site.Handle("GET /catalogue/{slug}", shelf.Keep(public(d)))
	site.Handle("GET /catalogue/{slug}/original", original(d))
	site.Handle("GET /catalogue/{slug}/dictionary.csv", dictionary(d))
	site.Handle("GET /catalogue/{slug}/data/{file}", download(d))
	site.Handle("GET /catalogue/{slug}/record/{file}", recordGraph(d))
	site.Handle("GET /reviews", reviews(d))
	site.Handle("GET /datasets/{id}/record", record(d))
	site.Handle("POST /datasets/{id}/record", save(d))
	site.Handle("POST /datasets/{id}/record/score", score(d))
	site.Handle("POST /datasets/{id}/record/act", act(d))
	site.Handle("GET /dcat.ttl", graph(d, turtle))
	site.Handle("GET /dcat.rdf", graph(d, rdfxml))
	site.Handle("GET /dcat.jsonld", graph(d, jsonld))
	site.Handle("GET /sitemap.xml", sitemap(d))
	site.HandleAPI("GET /openapi.json", openAPI(d))
	site.HandleAPI("GET /api/v1/datasets", shelf.Keep(apiList(d)))
	site.HandleAPI("GET /api/v1/datasets/{slug}", shelf.Keep(apiRecord(d)))
	site.HandleAPI("GET /api/v1/datasets/{slug}/rows", shelf.Keep(apiRows(d)))
	site.HandleAPI("GET /api/v1/datasets/{slug}/aggregate", shelf.Keep(apiAggregate(d)))
}
