package catalogueweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/web"
)

// nobody is who the public interfaces answer: what they say never depends on a session.
var nobody actor.Actor

// An apiDataset is a published record in the API.
type apiDataset struct {
	ID          string              `json:"id"` // the slug, as in every address
	Title       string              `json:"title"`
	Description string              `json:"description"`
	Purpose     string              `json:"purpose,omitempty"`
	Limits      string              `json:"limits,omitempty"`
	Origin      string              `json:"origin,omitempty"`
	Service     string              `json:"service,omitempty"`
	Contact     string              `json:"contact,omitempty"`
	Keywords    []string            `json:"keywords"`
	Themes      []catalogue.Theme   `json:"themes"`
	Spatial     *catalogue.Spatial  `json:"spatial,omitempty"`
	Temporal    *catalogue.Temporal `json:"temporal,omitempty"`
	Frequency   string              `json:"frequency,omitempty"`
	Licence     string              `json:"licence,omitempty"`
	Schema      *catalogue.Schema   `json:"schema,omitempty"`
	Columns     []catalogue.Column  `json:"columns"`
	Score       float64             `json:"score"`
	Published   string              `json:"published"`
	Updated     string              `json:"updated"`
	Version     int                 `json:"version"`
	Page        string              `json:"page"`
	Rows        string              `json:"rows"`
	Aggregate   string              `json:"aggregate"`
	Downloads   map[string]string   `json:"downloads"`
}

func newAPIDataset(base string, rec catalogue.Record, now time.Time) apiDataset {
	page, api := base+"/catalogue/"+rec.Slug, base+"/api/v1/datasets/"+rec.Slug
	out := apiDataset{ID: rec.Slug, Title: rec.Title, Description: rec.Description, Purpose: rec.Purpose, Limits: rec.Limits, Origin: rec.Origin,
		Service: rec.ServiceName, Contact: rec.Contact, Keywords: slices.Concat([]string{}, rec.Keywords), Themes: slices.Concat([]catalogue.Theme{}, rec.Themes),
		Frequency: rec.Frequency, Licence: rec.Licence, Columns: slices.Concat([]catalogue.Column{}, rec.Columns),
		Score: catalogue.ScoreOf(rec, now).Value, Updated: rec.Updated().UTC().Format(time.RFC3339), Version: rec.DataVersion,
		Page: page, Rows: api + "/rows", Aggregate: api + "/aggregate", Downloads: map[string]string{}}
	if rec.Offers(catalogue.Original) {
		out.Downloads[catalogue.Original] = page + "/original"
	}
	if rec.Published != nil {
		out.Published = rec.Published.At.UTC().Format(time.RFC3339)
	}
	if !rec.Spatial.Empty() {
		out.Spatial = &rec.Spatial
	}
	if !rec.Temporal.Empty() {
		out.Temporal = &rec.Temporal
	}
	if rec.Schema.Name != "" {
		out.Schema = &rec.Schema
	}
	for _, f := range dataset.Formats() {
		out.Downloads[string(f)] = page + "/data/" + rec.Slug + "." + string(f)
	}
	return out
}

// apiList answers a page of the published catalogue; it takes the parameters of the search page.
func apiList(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		q := catalogue.ParseQuery(r.URL.Query())
		res, err := d.Catalogue.Search(r.Context(), nobody, q)
		if err != nil {
			return err
		}
		base := web.VisitOf(r).Site.BaseURL
		out := struct {
			Total int               `json:"total"`
			Page  int               `json:"page"`
			Pages int               `json:"pages"`
			Data  []apiDataset      `json:"data"`
			Links map[string]string `json:"links"`
		}{res.Total, res.Page, res.Pages, []apiDataset{}, map[string]string{}}
		for _, h := range res.Hits {
			out.Data = append(out.Data, newAPIDataset(base, h.Record, d.Now()))
		}
		if res.Page < res.Pages {
			out.Links["next"] = base + "/api/v1/datasets" + query(q.OnPage(res.Page+1))
		}
		if res.Page > 1 {
			out.Links["previous"] = base + "/api/v1/datasets" + query(q.OnPage(res.Page-1))
		}
		web.Public(w)
		return web.WriteJSON(w, http.StatusOK, out)
	}
}

// apiRecord answers one published record.
func apiRecord(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, err := d.Catalogue.Public(r.Context(), r.PathValue("slug"))
		if err != nil {
			return err
		}
		web.Public(w)
		return web.WriteJSON(w, http.StatusOK, newAPIDataset(web.VisitOf(r).Site.BaseURL, rec, d.Now()))
	}
}

// apiRows answers rows: filters {column}__{op}=value, order {column}__sort=asc|desc, columns=a,b, page_size, after.
// The names are those of the tabular API of data.gouv.fr, which reusers know already.
func apiRows(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ver, err := d.readable(r)
		if err != nil {
			return err
		}
		form := r.URL.Query()
		q, err := readQuery(form)
		if err != nil {
			return err
		}
		page, err := d.Data.Rows(r.Context(), ver.Outcome, q)
		if err != nil {
			return err
		}
		links := map[string]string{}
		if page.Next != "" {
			form.Set("after", page.Next)
			links["next"] = web.VisitOf(r).Site.BaseURL + r.URL.Path + "?" + form.Encode()
		}
		web.Public(w)
		return web.WriteJSON(w, http.StatusOK, map[string]any{"data": objects(page), "links": links, "total": page.Total})
	}
}

// apiAggregate answers groups: group={column} (repeated), {column}__sum|avg|min|max|median|distinct, count, filters.
func apiAggregate(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ver, err := d.readable(r)
		if err != nil {
			return err
		}
		a, err := readAggregation(r.URL.Query())
		if err != nil {
			return err
		}
		page, err := d.Data.Aggregate(r.Context(), ver.Outcome, a)
		if err != nil {
			return err
		}
		web.Public(w)
		return web.WriteJSON(w, http.StatusOK, map[string]any{"data": objects(page)})
	}
}

// objects writes each row as an object with its column names.
func objects(page dataset.Page) []map[string]any {
	out := []map[string]any{}
	for _, row := range page.Rows {
		o := map[string]any{}
		for i, c := range page.Columns {
			o[c.Name] = plain(c.Type, row.Cells[i])
		}
		if row.Number > 0 {
			o["_row"] = row.Number
		}
		out = append(out, o)
	}
	return out
}

func plain(t dataset.Type, v any) any {
	if at, ok := v.(time.Time); ok {
		if t == dataset.TypeDate {
			return at.Format(time.DateOnly)
		}
		return at.Format("2006-01-02T15:04:05")
	}
	return v
}

const defaultPageSize = 20

// readQuery reads a question on rows from an address.
func readQuery(form url.Values) (dataset.Query, error) {
	q := dataset.Query{Limit: defaultPageSize, After: form.Get("after"), Count: form.Get("after") == ""}
	for _, name := range sorted(form) {
		for _, value := range form[name] {
			switch name {
			case "after":
			case "columns":
				q.Columns = strings.Split(value, ",")
			case "page_size":
				n, err := strconv.Atoi(value)
				if err != nil || n < 1 || n > dataset.MostRows {
					return q, fault.New(fault.Invalid, "catalogueweb.page_size", value, dataset.MostRows)
				}
				q.Limit = n
			default:
				if err := readCondition(name, value, &q); err != nil {
					return q, err
				}
			}
		}
	}
	return q, nil
}

// readCondition reads {column}__{op}=value into a filter, or into an order for sort.
func readCondition(name, value string, q *dataset.Query) error {
	i := strings.LastIndex(name, "__")
	if i < 1 {
		return fault.New(fault.Invalid, "catalogueweb.unknown_parameter", name)
	}
	column, op := name[:i], name[i+2:]
	if op == "sort" {
		if value != "asc" && value != "desc" {
			return fault.New(fault.Invalid, "catalogueweb.bad_sort", value)
		}
		q.Order = append(q.Order, dataset.Order{Column: column, Descending: value == "desc"})
		return nil
	}
	if !slices.Contains(dataset.Ops(), dataset.Op(op)) {
		return fault.New(fault.Invalid, "catalogueweb.unknown_parameter", name)
	}
	f := dataset.Filter{Column: column, Op: dataset.Op(op)}
	switch f.Op {
	case dataset.OneOf:
		f.Values = strings.Split(value, ",")
	case dataset.IsNull, dataset.IsNotNull:
	default:
		f.Values = []string{value}
	}
	q.Where = append(q.Where, f)
	return nil
}

// readAggregation reads a question on groups from an address.
func readAggregation(form url.Values) (dataset.Aggregation, error) {
	a := dataset.Aggregation{Group: form["group"], Limit: dataset.MostGroups}
	var q dataset.Query
	for _, name := range sorted(form) {
		column, fn, _ := cutLast(name)
		switch {
		case name == "group":
		case name == "count":
			a.Measures = append(a.Measures, dataset.Measure{Fn: dataset.Count})
		case column != "" && slices.Contains(dataset.MeasureFns(), dataset.MeasureFn(fn)):
			a.Measures = append(a.Measures, dataset.Measure{Fn: dataset.MeasureFn(fn), Column: column})
		default:
			for _, value := range form[name] {
				if err := readCondition(name, value, &q); err != nil {
					return a, err
				}
			}
		}
	}
	a.Where = q.Where
	if len(a.Measures) == 0 {
		a.Measures = []dataset.Measure{{Fn: dataset.Count}}
	}
	return a, nil
}

func cutLast(name string) (before, after string, ok bool) {
	if i := strings.LastIndex(name, "__"); i > 0 {
		return name[:i], name[i+2:], true
	}
	return "", "", false
}

func sorted(form url.Values) []string {
	names := make([]string, 0, len(form))
	for n := range form {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
