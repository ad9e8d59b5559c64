package gridweb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/grid"
	"cultured/internal/grid/gridweb"
	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// places is a table of 120 places; the second has a finding. It records how it was last looked at.
type places struct{ look grid.Look }

func (p *places) table(_ context.Context, by actor.Actor, id dataset.ID) (t grid.Table, err error) {
	if id != "d" || by.Organisation != "o" {
		return t, fault.New(fault.NotFound, "dataset.not_found")
	}
	t = grid.Table{Dataset: dataset.Dataset{ID: "d", Title: "Lieux", Rows: 120}, Version: dataset.Version{Number: 3}}
	t.Version.Source.Name = "lieux.csv"
	t.Version.Outcome.Findings = "f"
	t.Version.Outcome.Report.Profile.Columns = []dataset.ColumnProfile{{Name: "Nom", Slug: "nom", Storage: dataset.TypeText}, {Name: "Prix", Slug: "prix", Storage: dataset.TypeNumber}}
	return t, nil
}

func (p *places) Window(_ context.Context, _ grid.Table, look grid.Look, win grid.Window) (page grid.Page, err error) {
	p.look = look
	page = grid.Page{Total: 120, Seq: 7, Columns: []dataset.StorageColumn{{Name: "Nom", Type: dataset.TypeText}, {Name: "Prix", Type: dataset.TypeNumber}}}
	for i := win.From; i < min(win.From+int64(win.Count), 120); i++ {
		row := grid.Row{Number: i + 1, Line: i + 2, Cells: []any{fmt.Sprintf("<Lieu %d>", i+1), 1234.5}}
		if i == 1 {
			row.Cells[1] = nil
		}
		if i == 2 {
			row.Edited = []bool{true, false}
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

func (p *places) Find(context.Context, grid.Table, grid.Look, int64) (int64, error) { return 1, nil }

func (p *places) NextFinding(_ context.Context, _ grid.Table, _ grid.Look, after grid.Spot) (grid.Spot, bool, error) {
	if after.Place >= 60 {
		return grid.Spot{}, false, nil
	}
	return grid.Spot{Place: 60, Row: 61, Column: 1}, true, nil
}

func (p *places) Totals(_ context.Context, _ grid.Table, look grid.Look, columns []dataset.StorageColumn) (int64, []grid.Total, error) {
	p.look = look
	return 120, []grid.Total{{Column: "Nom", Values: 120, Least: "a", Largest: "z"}, {Column: "Prix", Values: 119, Sum: 5432.1, Mean: 45.6, Least: 1.0, Largest: 99.0}}, nil
}

func (p *places) Groups(context.Context, grid.Table, grid.Look, grid.Grouping, int) (dataset.Page, error) {
	return dataset.Page{Rows: []dataset.PageRow{{Cells: []any{"Évreux", int64(77), 12.5}}}}, nil
}

func (p *places) Export(_ context.Context, _ grid.Table, _ grid.Look, format dataset.Format, w io.Writer) error {
	_, err := io.WriteString(w, "as "+string(format))
	return err
}

func (p *places) Findings(_ context.Context, _ grid.Table, lines []int64) (out []finding.Finding, err error) {
	for _, l := range lines {
		if l == 3 {
			out = append(out, finding.Finding{Row: 3, Column: 1, Value: "#N/A", Reason: "dataset.missing_mark", Severity: finding.Warning, Args: []string{"#N/A"}},
				finding.Finding{Row: 3, Column: 0, Value: "x", Reason: "dataset.missing_mark", Severity: finding.Info})
		}
	}
	return out, nil
}

type somebody struct{ organisation string }

func (s somebody) Identify(context.Context, string) (actor.Actor, error) {
	return actor.Actor{ID: "a", Organisation: s.organisation}, nil
}

func ask(t *testing.T, from *places, organisation, path string) *httptest.ResponseRecorder {
	t.Helper()
	words, err := i18n.Load(web.Text, ui.Text, schema.Text, dataset.Text, gridweb.Text)
	if err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(words); err != nil {
		t.Fatal(err)
	}
	s := &web.Site{Catalogue: words, Identify: somebody{organisation}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: time.Now, BaseURL: "http://x",
		Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "V", BaseURL: "http://x"} }}
	gridweb.Routes(s, gridweb.Desk{Reader: from, Table: from.table, Tabs: func(*http.Request, string, string) ui.Tabs {
		return ui.Tabs{Label: "Lieux", Items: []ui.Tab{{Label: "x", Href: "/x", Current: true}}}
	}})
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", "fr")
	r.AddCookie(&http.Cookie{Name: "session", Value: "x"})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	for _, tc := range []struct {
		name, path  string
		status      int
		has, hasNot []string
	}{
		{"the first rows", "/datasets/d/grid", 200, []string{"120 lignes", "&lt;Lieu 1&gt;", "1\u202f234,5", "#N/A", "/datasets/d/rows?around=3&amp;column=1#cell", "/datasets/d/grid?page=2", "modifiée", "?sort=prix"}, []string{"<Lieu", "lignes sur"}},
		{"sorted", "/datasets/d/grid?sort=-prix", 200, []string{`aria-sort="descending"`, "puis par celle-ci", "sort=-prix%2Cnom"}, nil},
		{"a page beyond the last", "/datasets/d/grid?page=99", 200, []string{"&lt;Lieu 120&gt;"}, nil},
		{"filtered", "/datasets/d/grid?filter=prix:gt:12,5&search=a", 200, []string{"120 lignes sur 120", "Prix\u00a0: plus grande que «\u00a012,5\u00a0»", "Retirer le filtre"}, nil},
		{"a filter that is wrong", "/datasets/d/grid?column=prix&op=gt&value=cher", 422, []string{"ne convient pas à la colonne", `value="cher"`, "&lt;Lieu 1&gt;"}, nil},
		{"a cell asked for", "/datasets/d/grid?page=2&row=61&column_at=1", 200, []string{`id="cell"`, "next?after=61"}, nil},
		{"no more findings", "/datasets/d/grid?done=1", 200, []string{"plus d’anomalie", "place=-1"}, nil},
		{"totals", "/datasets/d/grid/totals?by=nom&of=prix", 200, []string{"5\u202f432,1", "Évreux", "77", "Somme de «\u00a0Prix\u00a0»"}, nil},
		{"somebody else’s", "/datasets/e/grid", 404, nil, nil},
		{"somebody else’s totals", "/datasets/e/grid/totals", 404, nil, nil},
		{"no such format", "/datasets/d/grid/export?format=exe", 404, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := ask(t, &places{}, "o", tc.path)
			if w.Code != tc.status {
				t.Fatalf("got status %d, want %d: %s", w.Code, tc.status, w.Body)
			}
			body := w.Body.String()
			for _, want := range tc.has {
				if !strings.Contains(body, want) {
					t.Errorf("%q is not on the page", want)
				}
			}
			if tc.status == http.StatusNotFound {
				return // the page that says so is not ours
			}
			for _, no := range append(tc.hasNot, "⟦", "{0}", "ZgotmplZ") {
				if strings.Contains(body, no) {
					t.Errorf("%q is on the page", no)
				}
			}
		})
	}
}

func TestEveryAddressRefusesAnotherOrganisation(t *testing.T) {
	for _, path := range []string{"", "/rows?start=0&end=10", "/next", "/totals", "/export?format=csv"} {
		if w := ask(t, &places{}, "other", "/datasets/d/grid"+path); w.Code != http.StatusNotFound {
			t.Errorf("%s: got status %d, want 404", path, w.Code)
		}
	}
}

func TestTheFilterFormBecomesAnAddress(t *testing.T) {
	w := ask(t, &places{}, "o", "/datasets/d/grid?search=a&filter=nom:filled&column=prix&op=ge&value=1+000")
	if got, want := w.Header().Get("Location"), "/datasets/d/grid?filter=nom%3Afilled&filter=prix%3Age%3A1+000&search=a"; w.Code != http.StatusSeeOther || got != want {
		t.Errorf("got %d %q, want %q", w.Code, got, want)
	}
}

func TestRowsForPrograms(t *testing.T) {
	from := &places{}
	w := ask(t, from, "o", "/datasets/d/grid/rows?start=1&end=3&sort=-prix&search=x")
	if got, want := strings.TrimSpace(w.Body.String()), `{"seq":7,"base":3,"total":120,"rows":[{"row":2,"line":3,"cells":["\u003cLieu 2\u003e","#N/A"],"found":{"1":"Mots à la place d’une valeur absente"}},`+
		`{"row":3,"line":4,"cells":["\u003cLieu 3\u003e","1234.5"],"edited":[0]}]}`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(from.look.Order) != 1 || !from.look.Order[0].Descending || from.look.Search != "x" {
		t.Errorf("got the look %+v", from.look)
	}
	for _, bad := range []string{"", "?start=5&end=5", "?start=0&end=100000", "?start=0&end=5&filter=x"} {
		if w := ask(t, from, "o", "/datasets/d/grid/rows"+bad); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d, want 422", bad, w.Code)
		}
	}
}

func TestTheNextFinding(t *testing.T) {
	w := ask(t, &places{}, "o", "/datasets/d/grid/next?sort=prix&place=-1")
	if got, want := w.Header().Get("Location"), "/datasets/d/grid?column_at=1&page=2&row=61&sort=prix#cell"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w = ask(t, &places{}, "o", "/datasets/d/grid/next?place=90&as=json")
	if got, want := strings.TrimSpace(w.Body.String()), `{"found":false,"place":0,"row":0,"column":0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnExportIsAFile(t *testing.T) {
	w := ask(t, &places{}, "o", "/datasets/d/grid/export?format=xlsx")
	if got := w.Header().Get("Content-Disposition"); !strings.Contains(got, "lieux.xlsx") || w.Body.String() != "as xlsx" {
		t.Errorf("got %q, %q", got, w.Body)
	}
}
