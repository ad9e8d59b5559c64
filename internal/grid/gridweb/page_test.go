package gridweb_test

import (
	"net/http"
	"strings"
	"testing"

	"cultured/internal/grid"
)

func TestPages(t *testing.T) {
	for _, tc := range []struct {
		name, path  string
		status      int
		has, hasNot []string
	}{
		{"the first rows", "/datasets/d/grid", 200, []string{"120 lignes", "&lt;Lieu 1&gt;", "1\u202f234,5", "#N/A", "/datasets/d/rows?around=3&amp;column=1#cell", "/datasets/d/grid?page=2", "modifiée", "?sort=prix"}, []string{"<Lieu", "lignes sur"}},
		{"the way to the sheet", "/datasets/d/grid?sort=prix", 200, []string{"data-library=\"/assets/grid-ag-grid-", `&#34;slug&#34;:&#34;prix&#34;`, `data-total="120"`, "Ouvrir en tableur", "view=sheet", "F8", "%1, ligne %2"}, nil},
		{"the plain table asked for", "/datasets/d/grid?view=table&page=2", 200, []string{`name="view" value="table"`, "page=3&amp;view=table"}, nil},
		{"sorted", "/datasets/d/grid?sort=-prix", 200, []string{`aria-sort="descending"`, "puis par celle-ci", "sort=-prix%2Cnom"}, nil},
		{"a page beyond the last", "/datasets/d/grid?page=99", 200, []string{"&lt;Lieu 120&gt;"}, nil},
		{"filtered", "/datasets/d/grid?filter=prix:gt:12,5&search=a", 200, []string{"120 lignes sur 120", "Prix\u00a0: plus grande que «\u00a012,5\u00a0»", "Retirer le filtre"}, nil},
		{"rows in error", "/datasets/d/grid?found=error&sort=prix", 200, []string{"120 lignes en erreur sur 120", `aria-current="true">Lignes en erreur`, `href="/datasets/d/grid?sort=prix" data-found=""`, `name="found" value="error"`}, nil},
		{"a choice that is none", "/datasets/d/grid?found=info", 200, []string{"120 lignes"}, []string{"sur 120"}},
		{"the row one was on", "/datasets/d/grid?row=61&column_at=1", 200, []string{"&lt;Lieu 61&gt;", `data-place="60"`}, nil},
		{"a filter that is wrong", "/datasets/d/grid?column=prix&op=gt&value=cher", 422, []string{"ne convient pas à la colonne", `value="cher"`, "&lt;Lieu 1&gt;"}, nil},
		{"a cell asked for", "/datasets/d/grid?page=2&row=61&column_at=1", 200, []string{`id="cell"`, "next?after=61"}, nil},
		{"no more findings", "/datasets/d/grid?done=1", 200, []string{"plus d’anomalie", "place=-1"}, nil},
		{"totals", "/datasets/d/grid/totals?by=nom&of=prix", 200, []string{"5\u202f432,1", "Évreux", "77", "Somme de «\u00a0Prix\u00a0»"}, nil},
		{"somebody else’s", "/datasets/e/grid", 404, nil, nil},
		{"somebody else’s totals", "/datasets/e/grid/totals", 404, nil, nil},
		{"no such format", "/datasets/d/grid/export?format=exe", 404, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			at := newWorld(t)
			at.do(t, "ada", edit(3, "Nom", "<Lieu 3>", "Mairie"))
			w := at.ask(t, "ada", tc.path, "")
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
	for _, path := range []string{"", "/rows?start=0&end=10", "/next", "/totals", "/export?format=csv", "/ops", "/events"} {
		if w := newWorld(t).ask(t, "stranger", "/datasets/d/grid"+path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: got status %d, want 404", path, w.Code)
		}
	}
}

func TestTheFilterFormBecomesAnAddress(t *testing.T) {
	w := newWorld(t).ask(t, "ada", "/datasets/d/grid?search=a&filter=nom:filled&column=prix&op=ge&value=1+000", "")
	if got, want := w.Header().Get("Location"), "/datasets/d/grid?filter=nom%3Afilled&filter=prix%3Age%3A1+000&search=a"; w.Code != http.StatusSeeOther || got != want {
		t.Errorf("got %d %q, want %q", w.Code, got, want)
	}
}

func edit(row int64, column, was, value string) grid.Op {
	return grid.Op{Kind: grid.Edit, Changes: []grid.Change{{Row: row, Column: column, Before: was, After: value}}}
}

func TestRowsForPrograms(t *testing.T) {
	at := newWorld(t)
	at.do(t, "ada", edit(3, "Prix", "1234.5", "12.50"))
	at.do(t, "ada", edit(4, "Prix", "1234.5", "cher"))
	at.do(t, "eve", grid.Op{Kind: grid.Propose, Changes: []grid.Change{{Row: 3, Column: "Nom", Before: "<Lieu 3>", After: "Mairie"}}})
	w := at.ask(t, "ada", "/datasets/d/grid/rows?start=1&end=4&sort=-prix&search=x", "")
	want := `{"seq":4,"base":3,"total":120,"rows":[{"row":2,"line":3,"cells":["\u003cLieu 2\u003e",null],"written":{"1":"#N/A"},"found":{"1":"Mots à la place d’une valeur absente"}},` +
		`{"row":3,"line":4,"cells":["\u003cLieu 3\u003e","12.50"],"edited":[1],"proposed":[0]},{"row":4,"line":5,"cells":["\u003cLieu 4\u003e","cher"],"edited":[1],"found":{"1":"Ce n’est pas un nombre"}}]}`
	if got := strings.TrimSpace(w.Body.String()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(at.look.Order) != 1 || !at.look.Order[0].Descending || at.look.Search != "x" {
		t.Errorf("got the look %+v", at.look)
	}
	w = at.ask(t, "bob", "/datasets/d/grid/rows?start=2&end=3", "") // the log is not for whom the catalogue shows the dataset
	if got, want := strings.TrimSpace(w.Body.String()), `{"seq":0,"base":3,"total":120,"rows":[{"row":3,"line":4,"cells":["\u003cLieu 3\u003e","1234.5"]}]}`; got != want {
		t.Errorf("through the catalogue: got %s\nwant %s", got, want)
	}
	for _, bad := range []string{"", "?start=5&end=5", "?start=0&end=100000", "?start=0&end=5&filter=x"} {
		if w := at.ask(t, "ada", "/datasets/d/grid/rows"+bad, ""); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: got status %d, want 422", bad, w.Code)
		}
	}
}

func TestTheNextFinding(t *testing.T) {
	w := newWorld(t).ask(t, "ada", "/datasets/d/grid/next?sort=prix&place=-1", "")
	if got, want := w.Header().Get("Location"), "/datasets/d/grid?column_at=1&page=2&row=61&sort=prix#cell"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w = newWorld(t).ask(t, "ada", "/datasets/d/grid/next?place=90&back=1&as=json", "")
	if got, want := strings.TrimSpace(w.Body.String()), `{"found":true,"place":60,"row":61,"column":1}`; got != want {
		t.Errorf("back: got %s, want %s", got, want)
	}
	w = newWorld(t).ask(t, "ada", "/datasets/d/grid/next?place=90&as=json", "")
	if got, want := strings.TrimSpace(w.Body.String()), `{"found":false,"place":0,"row":0,"column":0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnExportIsAFile(t *testing.T) {
	w := newWorld(t).ask(t, "ada", "/datasets/d/grid/export?format=xlsx", "")
	if got := w.Header().Get("Content-Disposition"); !strings.Contains(got, "lieux.xlsx") || w.Body.String() != "as xlsx" {
		t.Errorf("got %q, %q", got, w.Body)
	}
}
