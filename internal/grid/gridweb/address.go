package gridweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/finding"
)

// lookNames are the names of an address that decide which rows there are.
var lookNames = []string{"search", "sort", "found", "filter", "at"}

// An address is where in a grid a page is: what its query says, as it came.
type address struct {
	search, sort string
	view         string // "table" or "sheet" where somebody chose, "" otherwise
	found        string // which rows with findings, as [grid.ReadLook] reads it; "" for all rows
	filters      []string
	page         int // from 1
	left         int // place of the first column shown
	moment       int // the operation after which the table is shown as it was, 0 for now
}

func addressOf(q url.Values) address {
	a := address{search: strings.TrimSpace(q.Get("search")), sort: q.Get("sort"), filters: q["filter"], page: 1}
	if view := q.Get("view"); view == "table" || view == "sheet" {
		a.view = view
	}
	if found := q.Get("found"); found == string(finding.Error) || found == string(finding.Warning) {
		a.found = found
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 {
		a.page = n
	}
	if n, err := strconv.Atoi(q.Get("from_column")); err == nil && n > 1 {
		a.left = n - 1
	}
	if n, err := strconv.Atoi(q.Get("at")); err == nil && n > 0 {
		a.moment = n
	}
	return a
}

// look writes what decides which rows there are, in which order.
func (a address) look() url.Values {
	q := url.Values{}
	if a.search != "" {
		q.Set("search", a.search)
	}
	if a.sort != "" {
		q.Set("sort", a.sort)
	}
	if a.found != "" {
		q.Set("found", a.found)
	}
	for _, f := range a.filters {
		q.Add("filter", f)
	}
	if a.moment > 0 {
		q.Set("at", strconv.Itoa(a.moment))
	}
	return q
}

// to is the address under a path; more are pairs of names and values.
func (a address) to(path string, more ...string) string {
	q := a.look()
	if a.view != "" {
		q.Set("view", a.view)
	}
	if a.page > 1 {
		q.Set("page", strconv.Itoa(a.page))
	}
	if a.left > 0 {
		q.Set("from_column", strconv.Itoa(a.left+1))
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// query is the address without its path, as a form keeps it.
func (a address) query() string {
	_, q, _ := strings.Cut(a.to(""), "?")
	return q
}

func (a address) at(page int) address { a.page = page; return a }

func (a address) from(column int) address { a.left = column; return a }

// sorted is the address that sorts by a column: by it alone first, then the other way round, then no more. With others the order so far
// stays before it.
func (a address) sorted(slug string, others bool) address {
	a.page = 1
	var kept []string
	state := ""
	for _, s := range strings.Split(a.sort, ",") {
		switch {
		case strings.TrimPrefix(s, "-") == slug:
			state = s
		case s != "":
			kept = append(kept, s)
		}
	}
	next := map[string]string{"": slug, slug: "-" + slug, "-" + slug: ""}[state]
	if !others {
		kept = nil
	}
	if next != "" {
		kept = append(kept, next)
	}
	a.sort = strings.Join(kept, ",")
	return a
}

// without is the address without one of its filters.
func (a address) without(filter int) address {
	a.page, a.filters = 1, slices.Delete(slices.Clone(a.filters), filter, filter+1)
	return a
}

// finding is the address of the rows in which something was found.
func (a address) finding(found string) address {
	a.page, a.found = 1, found
	return a
}

func (a address) with(filter string) address {
	a.page, a.filters = 1, append(slices.Clone(a.filters), filter)
	return a
}
