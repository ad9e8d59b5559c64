package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A scenario is a kind of page; each request takes one of its paths at random.
type scenario struct {
	name  string
	paths []string
	fresh bool // each request has a query nobody made before: no kept answer helps
}

// A pace is how hard a scenario is pressed.
type pace struct {
	clients int           // at the same time
	span    time.Duration // of the measurement
	think   time.Duration // a client's pause between two requests
}

// A row is what was measured of one scenario.
type row struct {
	Name          string
	Think         time.Duration
	Requests      int
	Asked         int // all, those of the warming up too
	Failed        int // answers other than 200, and broken connections; their times are left out
	PerSecond     float64
	CPU           time.Duration // of the server, for each request, on all processors
	P50, P95, P99 time.Duration
	Memory        int64  // resident at the end, in bytes
	Note          string // why nothing was measured
}

// words are searched for: plain, without accent, in the plural, with a typo, two together, and one nobody wrote.
var words = []string{"eau", "budget", "médiathèque", "ecoles", "écoles", "frequentation", "logements", "déchet",
	"bibliotheqe", "qualité rivière", "arbres", "marchés publics", "subvention", "xyzzyplugh"}

var publicPage = regexp.MustCompile(`href="(?:https?://[^/"]+)?/catalogue/([^"/?#]+)"`)

// scenarios walks the site once to learn which pages there are.
func scenarios(ctx context.Context, base string) ([]scenario, error) {
	seen := map[string]bool{}
	var slugs []string
	for _, w := range append([]string{""}, words...) {
		body, err := get(ctx, base+"/catalogue?q="+url.QueryEscape(w))
		if err != nil {
			return nil, err
		}
		for _, m := range publicPage.FindAllStringSubmatch(body, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				slugs = append(slugs, m[1])
			}
		}
	}
	if len(slugs) == 0 {
		return nil, fmt.Errorf("the catalogue at %s links to no dataset", base)
	}
	var search, asked, pages, entries, rows []string
	for _, w := range words {
		search = append(search, "/catalogue?q="+url.QueryEscape(w))
		asked = append(asked, "/api/v1/datasets?q="+url.QueryEscape(w))
	}
	for _, s := range slugs {
		pages = append(pages, "/catalogue/"+s)
		entries = append(entries, "/api/v1/datasets/"+s)
		rows = append(rows, "/api/v1/datasets/"+s+"/rows")
	}
	list := []scenario{
		{"catalogue, first page", []string{"/catalogue"}, false},
		{"catalogue, search", search, false},
		{"catalogue, search nobody made before", search, true},
		{"dataset, public page", pages, false},
		{"dataset, page nobody opened before", pages, true},
		{"API, list of datasets", []string{"/api/v1/datasets"}, false},
		{"API, search nobody made before", asked, true},
		{"API, one dataset", entries, false},
		{"API, rows of a dataset", rows, false},
	}
	return list, nil
}

// get asks for a page, 32 MiB at most.
func get(ctx context.Context, address string) (string, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 32<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", address, answer.Status)
	}
	return string(body), err
}

// load runs a closed loop: each client asks, reads the whole answer, pauses, and asks again, until the span is over.
// One tenth of the span goes before, unmeasured, to warm up.
func load(ctx context.Context, base string, s scenario, p pace) row {
	r := row{Name: s.name, Think: p.think}
	if _, err := get(ctx, base+s.paths[0]); err != nil {
		r.Note = "not measured: " + err.Error()
		return r
	}
	warm := time.Now().Add(p.span / 10)
	end := warm.Add(p.span)
	var (
		mu    sync.Mutex
		times []time.Duration
		group sync.WaitGroup
	)
	for n := range p.clients {
		group.Go(func() {
			c := client{transport: &http.Transport{MaxConnsPerHost: 1, MaxIdleConnsPerHost: 1}, base: base, paths: s.paths, fresh: s.fresh,
				random: rand.New(rand.NewPCG(2026, uint64(n)))}
			mine, asked, failed := c.loop(ctx, warm, end, p.think)
			mu.Lock()
			defer mu.Unlock()
			times = append(times, mine...)
			r.Asked += asked
			r.Failed += failed
		})
	}
	group.Wait()
	slices.Sort(times)
	r.Requests, r.PerSecond = len(times), float64(len(times))/p.span.Seconds()
	r.P50, r.P95, r.P99 = quantile(times, 0.50), quantile(times, 0.95), quantile(times, 0.99)
	return r
}

// A client is one visitor with a connection of its own.
type client struct {
	transport *http.Transport
	base      string
	paths     []string
	fresh     bool
	random    *rand.Rand
}

// path is the next one asked for. A fresh one carries a parameter no page reads, which makes it an address of its own.
func (c client) path() string {
	p := c.paths[c.random.IntN(len(c.paths))]
	if !c.fresh {
		return p
	}
	sep := "?"
	if strings.Contains(p, "?") {
		sep = "&"
	}
	return p + sep + "fresh=" + strconv.FormatUint(c.random.Uint64(), 36)
}

// loop asks until end; times are those of good answers that began after warm.
func (c client) loop(ctx context.Context, warm, end time.Time, think time.Duration) (times []time.Duration, asked, failed int) {
	defer c.transport.CloseIdleConnections()
	if think > 0 { // not all at the same instant
		time.Sleep(time.Duration(c.random.Int64N(int64(think))))
	}
	for time.Now().Before(end) && ctx.Err() == nil {
		begin := time.Now()
		err := c.once(ctx)
		took := time.Since(begin)
		asked++
		switch {
		case begin.Before(warm):
		case err != nil:
			failed++
		default:
			times = append(times, took)
		}
		time.Sleep(think)
	}
	return times, asked, failed
}

// once asks for one page and reads it to the end, compressed as a browser would get it.
func (c client) once(ctx context.Context) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+c.path(), nil)
	if err != nil {
		return err
	}
	q.Header.Set("Accept-Encoding", "gzip")
	answer, err := c.transport.RoundTrip(q)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", answer.Status)
	}
	return nil
}

// quantile is the smallest value that at least a share q of the sorted values does not exceed; 0 of none.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	i := int(q*float64(len(sorted))+0.999999) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}
