package catalogue

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Orders of a search's results.
const (
	SortRelevance = "relevance" // best answer first; without words, as SortUpdated
	SortUpdated   = "updated"   // latest data first
	SortTitle     = "title"     // French alphabetical order
	SortQuality   = "quality"   // most points first
)

// Sorts lists the orders, the default first.
func Sorts() []string { return []string{SortRelevance, SortUpdated, SortTitle, SortQuality} }

// SortKey is the catalogue key of an order's label.
func SortKey(order string) string { return "catalogue.sort_" + order }

// Bounds of a query, whatever the address bar says.
const (
	PerPageDefault = 20
	PerPageMost    = 100
	PageMost       = 10_000
	queryLongest   = 300 // characters
	wordsMost      = 12
	choicesMost    = 50 // per facet
)

// A Query is what is asked. The zero value asks for everything, the latest data first, page 1.
type Query struct {
	Text         string
	Facets       map[string][]string // by facet name: any of the values
	Organisation string              // only this organisation's records; "" = every one the viewer may see
	Sort         string              // one of [Sorts]; anything else is the default
	Page         int                 // from 1
	PerPage      int                 // 1 to PerPageMost
}

// ParseQuery reads a query from the address bar. Nothing there is an error: what is unknown or out of bounds is left out
// or brought within them.
func ParseQuery(v url.Values) Query {
	q := Query{Text: clip(strings.ToValidUTF8(strings.TrimSpace(v.Get("q")), ""), queryLongest), Organisation: v.Get("organisation"),
		Sort: v.Get("sort")}
	q.Page, _ = strconv.Atoi(v.Get("page"))
	q.PerPage, _ = strconv.Atoi(v.Get("per_page"))
	for _, name := range facetNames {
		for _, value := range v[name] {
			if value != "" && utf8.ValidString(value) && len(value) <= queryLongest && len(q.Facets[name]) < choicesMost &&
				!slices.Contains(q.Facets[name], value) {
				if q.Facets == nil {
					q.Facets = map[string][]string{}
				}
				q.Facets[name] = append(q.Facets[name], value)
			}
		}
	}
	return q.bounded()
}

func (q Query) bounded() Query {
	if !slices.Contains(Sorts(), q.Sort) {
		q.Sort = SortRelevance
	}
	q.Page = min(max(q.Page, 1), PageMost)
	if q.PerPage <= 0 {
		q.PerPage = PerPageDefault
	}
	q.PerPage = min(q.PerPage, PerPageMost)
	return q
}

// Values writes the query for the address bar, leaving out what is default. ParseQuery(q.Values()) is q again.
func (q Query) Values() url.Values {
	q = q.bounded()
	v := url.Values{}
	if q.Text != "" {
		v.Set("q", q.Text)
	}
	if q.Organisation != "" {
		v.Set("organisation", q.Organisation)
	}
	for name, values := range q.Facets {
		if len(values) > 0 {
			v[name] = slices.Clone(values)
		}
	}
	if q.Sort != SortRelevance {
		v.Set("sort", q.Sort)
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	if q.PerPage != PerPageDefault {
		v.Set("per_page", strconv.Itoa(q.PerPage))
	}
	return v
}

// Toggle returns the query with the value of a facet chosen if it was not, and the reverse, back on page 1.
func (q Query) Toggle(facet, value string) Query {
	next := map[string][]string{}
	for name, values := range q.Facets {
		next[name] = slices.Clone(values)
	}
	if i := slices.Index(next[facet], value); i >= 0 {
		next[facet] = slices.Delete(next[facet], i, i+1)
	} else {
		next[facet] = append(next[facet], value)
	}
	if len(next[facet]) == 0 {
		delete(next, facet)
	}
	q.Facets, q.Page = next, 1
	return q
}

// OnPage returns the query on page n.
func (q Query) OnPage(n int) Query {
	q.Page = n
	return q
}
