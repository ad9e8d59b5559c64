package gridweb_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/grid"
	"cultured/internal/grid/gridweb"
	"cultured/internal/i18n"
	"cultured/internal/live"
	"cultured/internal/recipe"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A world is a table of 120 places that its pages edit; the second has a finding. It records how it was last looked at.
type world struct {
	mu      sync.Mutex
	look    grid.Look
	grouped grid.Look // how groups were asked for
	current int
	renamed bool           // version 4 has another column than "Prix"
	revised dataset.Source // what was asked to become a version
	lang    string         // of who asks, French by default
	log     memory
	grid    *grid.Service
	site    *web.Site
	now     time.Time
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	words, err := i18n.Load(web.Text, ui.Text, schema.Text, dataset.Text, datasetweb.Text, gridweb.Text, grid.Text, recipe.Text)
	if err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(words); err != nil {
		t.Fatal(err)
	}
	w := &world{current: 3, now: noon}
	hub := live.New(slog.New(slog.DiscardHandler))
	t.Cleanup(hub.Close)
	clock := func() time.Time { return w.now }
	w.grid = &grid.Service{Log: &w.log, Data: w, Tables: w, Reader: reader{w}, Now: clock, Wake: func(id dataset.ID) { hub.Wake(grid.Topic(id)) }}
	w.site = &web.Site{Catalogue: words, Identify: w, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: time.Now, BaseURL: "http://x",
		Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "V", BaseURL: "http://x"} }}
	gridweb.Routes(w.site, gridweb.Desk{Reader: reader{w}, Grid: w.grid, Hub: hub, Now: clock, Found: w.found, Wait: func(context.Context, string, time.Duration) error { return nil },
		Tabs: func(*http.Request, string, string) ui.Tabs {
			return ui.Tabs{Label: "Lieux", Items: []ui.Tab{{Label: "x", Href: "/x", Current: true}}}
		}})
	return w
}

// Identify knows ada and lin, who may change the table, eve, who may only see it, bob, whom the catalogue shows it, and a stranger.
func (w *world) Identify(_ context.Context, session string) (actor.Actor, error) {
	a := actor.Actor{ID: session, Name: strings.ToUpper(session[:1]) + session[1:], Organisation: "o"}
	switch session {
	case "ada", "lin":
		a.Service = "parks"
	case "eve":
		a.Roles = []actor.Role{actor.Admin}
	case "stranger":
		a.Organisation = "other"
	}
	if strings.HasPrefix(session, "p") { // one of a team
		a.Service = "parks"
	}
	return a, nil
}

// ask sends a request of somebody; a body makes it a POST, of JSON when it looks so.
func (w *world) ask(t *testing.T, who, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if body != "" {
		r = httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if body[0] == '{' {
			r.Header.Set("Content-Type", "application/json")
		}
	}
	r.Header.Set("Accept-Language", cmp.Or(w.lang, "fr"))
	r.AddCookie(&http.Cookie{Name: "session", Value: who})
	rec := httptest.NewRecorder()
	w.site.ServeHTTP(rec, r)
	return rec
}

// do does an operation past the pages.
func (w *world) do(t *testing.T, who string, op grid.Op) grid.Op {
	t.Helper()
	a, _ := w.Identify(t.Context(), who)
	if op.Key == "" {
		op.Key = fmt.Sprintf("k%d", len(w.log.ops))
	}
	out, err := w.grid.Do(t.Context(), a, "d", []grid.Asked{{Op: op, Seen: int64(len(w.log.ops))}})
	if err != nil {
		t.Fatal(err)
	}
	if out[0].Fault != nil {
		t.Fatal(out[0].Fault)
	}
	return out[0].Op
}

func (w *world) Find(_ context.Context, by actor.Actor, id dataset.ID) (d dataset.Dataset, err error) {
	if id != "d" || by.Organisation != "o" {
		return d, fault.New(fault.NotFound, "dataset.not_found")
	}
	return dataset.Dataset{ID: "d", Organisation: "o", Owner: "ada", Service: "parks", Title: "Lieux", Rows: 120, Current: w.current}, nil
}

func (w *world) ForChange(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error) {
	d, err := w.Find(ctx, by, id)
	if err == nil && !d.MayChange(by) {
		err = fault.New(fault.Denied, "dataset.not_yours")
	}
	return d, err
}

func (w *world) Past(ctx context.Context, by actor.Actor, id dataset.ID, number int) (dataset.Dataset, dataset.Version, error) {
	d, err := w.Find(ctx, by, id)
	v := dataset.Version{Dataset: "d", Number: number, At: noon, ByName: "Lin", Why: dataset.WhyUploaded}
	v.Source.Name = "lieux.csv"
	v.Source.Blob = "file" + strconv.Itoa(number)
	v.Outcome.Findings, v.Outcome.Table = "f", "t"+strconv.Itoa(number)
	for _, c := range w.columns(v.Outcome.Table) {
		v.Outcome.Report.Profile.Columns = append(v.Outcome.Report.Profile.Columns, dataset.ColumnProfile{Name: c.Name, Slug: strings.ToLower(c.Name), Storage: c.Type})
	}
	v.Outcome.Report.Groups = []dataset.Group{{Reason: "dataset.spaces", Severity: finding.Warning, Field: "Nom", Count: 2, Fixable: 2, Fix: dataset.Fix{Kind: "trim", Column: "Nom"},
		Examples: []dataset.Example{{Row: 3, Value: " a", After: "a", Fixed: true}}},
		{Reason: "dataset.missing_mark", Field: "Prix", Column: 1, Count: 1, Fixable: 1, Fix: dataset.Fix{Kind: "missing_mark", Column: "Prix"}, Args: []string{"#N/A"}, // stored as missing already
			Examples: []dataset.Example{{Row: 3, Column: 1, Value: "#N/A", Fixed: true}}}}
	return d, v, err
}

func (w *world) Revise(ctx context.Context, by actor.Actor, id dataset.ID, why string, change func(*dataset.Source) error) (dataset.Check, error) {
	_, v, err := w.Past(ctx, by, id, w.current)
	if err != nil {
		return dataset.Check{}, err
	}
	if err := change(&v.Source); err != nil {
		return dataset.Check{}, err
	}
	w.revised = v.Source
	return dataset.Check{ID: "c", For: id, Why: why, State: dataset.Running, Job: "j"}, nil
}

var storage = []dataset.StorageColumn{{Name: "Nom", Type: dataset.TypeText}, {Name: "Prix", Type: dataset.TypeNumber}}

// columns are those of a table.
func (w *world) columns(table string) []dataset.StorageColumn {
	if table == "t4" && w.renamed {
		return []dataset.StorageColumn{storage[0], {Name: "Tarif", Type: dataset.TypeNumber}}
	}
	return storage
}

// found are the findings of a group.
func (w *world) found(_ context.Context, _ dataset.Outcome, q dataset.FindingQuery) (out []finding.Finding, err error) {
	for _, line := range []int{3, 9} {
		out = append(out, finding.Finding{Row: line, Column: 0, Field: q.Field, Reason: q.Reason, Fix: "trim", After: "x"})
	}
	return out, nil
}

// base is a row of the table, as files write it.
func base(row int64) []string {
	if row == 2 {
		return []string{"<Lieu 2>", ""}
	}
	return []string{fmt.Sprintf("<Lieu %d>", row), "1234.5"}
}

func (w *world) Slice(_ context.Context, table string, first int64, count int) (dataset.Slice, error) {
	out := dataset.Slice{Columns: w.columns(table), Total: 120}
	for row := first; row < first+int64(count) && row <= 120; row++ {
		out.Rows = append(out.Rows, base(row))
	}
	return out, nil
}

// Window reads the table through what was changed in it, in its order, whatever the look.
func (w *world) Window(_ context.Context, t grid.Table, look grid.Look, win grid.Window) (page grid.Page, err error) {
	w.mu.Lock()
	w.look = look
	w.mu.Unlock()
	o := t.Overlay
	if o == nil {
		o = grid.NewOverlay(3, 120)
	}
	var rows []grid.Row
	add := func(row, line int64, cells []string) {
		r := grid.Row{Number: row, Line: line, Cells: make([]any, 2)}
		for i, c := range storage {
			if v := o.Value(row, c.Name, cells[i]); v != "" {
				r.Cells[i] = v
				if n, err := strconv.ParseFloat(v, 64); c.Type == dataset.TypeNumber && err == nil {
					r.Cells[i] = n
				}
			}
		}
		rows = append(rows, r)
	}
	for row := int64(1); row <= 120; row++ {
		if !o.Gone(row) {
			add(row, row+1, base(row))
		}
	}
	for _, row := range o.AddedRows() {
		add(row, 0, []string{"", ""})
	}
	page = grid.Page{Total: int64(len(rows)), Seq: o.Seq, Columns: storage}
	if len(win.Columns) == 1 {
		for i := range rows {
			rows[i].Cells = rows[i].Cells[:1]
		}
	}
	page.Rows = rows[min(win.From, page.Total):min(win.From+int64(win.Count), page.Total)]
	return page, nil
}

// A reader reads the table of a world.
type reader struct{ *world }

func (r reader) Find(ctx context.Context, t grid.Table, look grid.Look, row int64) (int64, error) {
	all, err := r.Window(ctx, t, look, grid.Window{Count: grid.WindowMost})
	return int64(slices.IndexFunc(all.Rows, func(one grid.Row) bool { return one.Number == row })), err
}

func (w *world) NextFinding(_ context.Context, _ grid.Table, _ grid.Look, from grid.Spot, back bool) (grid.Spot, bool, error) {
	if back != (from.Place > 60) {
		return grid.Spot{}, false, nil
	}
	return grid.Spot{Place: 60, Row: 61, Column: 1}, true, nil
}

func (w *world) Totals(_ context.Context, _ grid.Table, look grid.Look, columns []dataset.StorageColumn) (int64, []grid.Total, error) {
	w.look = look
	return 120, []grid.Total{{Column: "Nom", Values: 120, Least: "a", Largest: "z"}, {Column: "Prix", Values: 119, Sum: 5432.1, Mean: 45.6, Least: 1.0, Largest: 99.0}}, nil
}

func (w *world) Groups(_ context.Context, _ grid.Table, look grid.Look, _ grid.Grouping, _ int) (dataset.Page, error) {
	w.grouped = look
	return dataset.Page{Rows: []dataset.PageRow{{Cells: []any{"Évreux", int64(77), 12.5}}}}, nil
}

func (w *world) Export(_ context.Context, _ grid.Table, _ grid.Look, format dataset.Format, to io.Writer) error {
	_, err := io.WriteString(to, "as "+string(format))
	return err
}

func (w *world) Findings(_ context.Context, _ grid.Table, lines []int64) (out []finding.Finding, err error) {
	if slices.Contains(lines, 3) {
		out = append(out, finding.Finding{Row: 3, Column: 1, Value: "#N/A", Reason: "dataset.missing_mark", Severity: finding.Warning, Args: []string{"#N/A"}},
			finding.Finding{Row: 3, Column: 0, Value: "x", Reason: "dataset.missing_mark", Severity: finding.Info})
	}
	return out, nil
}

// memory is a log in memory.
type memory struct {
	mu    sync.Mutex
	ops   []grid.Op
	here  []grid.Presence
	pulse int64
}

func (m *memory) After(_ context.Context, _ grid.Place, seq int64, limit int) ([]grid.Op, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := slices.Clone(m.ops[min(int(seq), len(m.ops)):])
	if limit > 0 {
		out = out[:min(limit, len(out))]
	}
	return out, nil
}

func (m *memory) Append(_ context.Context, _ grid.Place, after int64, key string, decide func([]grid.Op) (grid.Op, error)) (grid.Op, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, op := range m.ops {
		if op.Key == key {
			return op, nil
		}
	}
	op, err := decide(m.ops[after:])
	if err != nil || !op.Stored() {
		return op, err
	}
	m.pulse++
	op.Seq, op.Key = int64(len(m.ops)+1), key
	m.ops = append(m.ops, op)
	return op, nil
}

func (m *memory) Stand(_ context.Context, _ grid.Place, p grid.Presence) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pulse++
	m.here = append(slices.DeleteFunc(m.here, func(o grid.Presence) bool { return o.Person == p.Person }), p)
	return nil
}

func (m *memory) Leave(_ context.Context, _ grid.Place, person string, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pulse++
	m.here = slices.DeleteFunc(m.here, func(o grid.Presence) bool { return o.Person == person })
	return nil
}

func (m *memory) Here(context.Context, grid.Place, time.Time) (int64, []grid.Presence, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pulse, slices.Clone(m.here), nil
}

func (m *memory) Forget(context.Context, string, string) error { return nil }
