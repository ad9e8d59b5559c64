package tabular

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"cultured/internal/fault"
)

// rings are the positions of a geometry, flat, in an order that does not depend on where a ring starts nor how it turns.
func positions(t testing.TB, geometry string) [][2]float64 {
	t.Helper()
	var g struct{ Coordinates any }
	if err := json.Unmarshal([]byte(geometry), &g); err != nil {
		t.Fatalf("%.100s: %v", geometry, err)
	}
	var out [][2]float64
	var walk func(v any)
	walk = func(v any) {
		list, _ := v.([]any)
		if len(list) >= 2 {
			if x, ok := list[0].(float64); ok {
				out = append(out, [2]float64{x, list[1].(float64)})
				return
			}
		}
		for _, each := range list {
			walk(each)
		}
	}
	walk(g.Coordinates)
	slices.SortFunc(out, func(a, b [2]float64) int {
		return int(math.Copysign(1, (a[0]-b[0])*1e6+(a[1]-b[1])))
	})
	return out
}

// samePlaces says how far apart two geometries are at most, in degrees; infinitely when they have not as many positions.
func samePlaces(t testing.TB, a, b string) float64 {
	t.Helper()
	p, q := positions(t, a), positions(t, b)
	if len(p) != len(q) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range p {
		near := math.Inf(1)
		for j := max(0, i-3); j < min(len(q), i+4); j++ { // ties in the order
			near = min(near, max(math.Abs(p[i][0]-q[j][0]), math.Abs(p[i][1]-q[j][1])))
		}
		worst = max(worst, near)
	}
	return worst
}

// features reads a real GeoJSON file: the geometry and the properties of each feature.
func features(t *testing.T, name string) (out []struct {
	Geometry   json.RawMessage
	Properties map[string]any
}) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		t.Skip("shared data not here")
	}
	var all struct {
		Features []struct {
			Geometry   json.RawMessage
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all.Features
}

// records reads a table by the names of its columns.
func records(t *testing.T, data []byte, name string, opt Options) (Reading, []map[string]string) {
	t.Helper()
	table, err := Open(bytes.NewReader(data), int64(len(data)), name, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	var out []map[string]string
	for {
		row, err := table.Next()
		if err == io.EOF {
			return table.Reading(), out
		}
		if err != nil {
			t.Fatal(err)
		}
		rec := map[string]string{}
		for i, c := range table.Columns() {
			rec[c] = row.Cells[i]
		}
		out = append(out, rec)
	}
}

func noted(r Reading, key string, args ...string) bool {
	return slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Key == key && slices.Equal(n.Args, args) })
}

// TestGeoPackage_isTheGeoJSONItWasMadeFrom compares a real GeoPackage in Lambert-93 with the files in degrees it was made from.
func TestGeoPackage_isTheGeoJSONItWasMadeFrom(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(shared, "geo/gpkg/val_doise_l93.gpkg"))
	if err != nil {
		t.Skip("shared data not here")
	}
	for layer, file := range map[string]string{"": "communes_95.geojson", "communes": "communes_95.geojson", "Forets_publiques": "forets-publiques.geojson"} {
		want := features(t, "geo/val_doise/"+file)
		r, got := records(t, data, "val_doise_l93.gpkg", Options{Sheet: layer})
		if r.Format != "gpkg" || len(r.Sheets) != 3 || len(got) != len(want) || !noted(r, "tabular.note_projection", "Lambert-93") {
			t.Fatalf("%q: got %+v and %d rows, want %d", layer, r, len(got), len(want))
		}
		if (layer == "") != noted(r, "tabular.note_layer", "communes", "3") {
			t.Errorf("%q: got %v", layer, r.Notes)
		}
		for i, rec := range got {
			if d := samePlaces(t, rec["geometry"], string(want[i].Geometry)); d > 1e-6 {
				t.Errorf("%s, row %d: %g degrees apart", layer, i+1, d)
			}
			for name, v := range want[i].Properties {
				if s, ok := v.(string); ok && rec[strings.ToLower(name)] != s && !strings.HasPrefix(name, "date") {
					t.Errorf("%s, row %d, %s: got %q, want %q", layer, i+1, name, rec[strings.ToLower(name)], s)
				}
			}
		}
	}
}

func TestGeoPackage_readsPointsLinesAndNothing(t *testing.T) {
	data := fixture(t, "points.gpkg.gz")
	r, got := records(t, data, "points.gpkg.gz", Options{})
	if r.Format != "gpkg" || r.Sheet != "équipements" || !r.Typed || len(got) != 3 || !noted(r, "tabular.note_projection", "Lambert-93") {
		t.Fatalf("got %+v, %d rows", r, len(got))
	}
	for i, want := range []map[string]string{
		{"fid": "1", "nom": "Mairie", "capacité": "12", "ouvert": "true", "taux": "0.3", "latitude": "48.8566", "longitude": "2.3522", "geometry": `{"type":"Point","coordinates":[2.3522,48.8566]}`},
		{"fid": "2", "nom": "École", "capacité": "", "ouvert": "false", "taux": "", "latitude": "47.2184", "longitude": "-1.5536", "geometry": `{"type":"Point","coordinates":[-1.5536,47.2184]}`},
		{"fid": "3", "nom": "Gymnase", "capacité": "300", "ouvert": "true", "taux": "0.0000001", "latitude": "", "longitude": "", "geometry": ""},
	} {
		for name, v := range want {
			if got[i][name] != v {
				t.Errorf("row %d, %s: got %q, want %q", i+1, name, got[i][name], v)
			}
		}
	}
	r, got = records(t, data, "points.gpkg.gz", Options{Sheet: "lignes"})
	if want := `{"type":"MultiLineString","coordinates":[[[2,48],[2.1,48.1]],[[3,49],[3.1,49.1]]]}`; got[0]["geometry"] != want || !noted(r, "tabular.note_flat") {
		t.Errorf("got %q, %v", got[0]["geometry"], r.Notes)
	}
}

func TestSQLite_offersItsTables(t *testing.T) {
	data := fixture(t, "agents.sqlite")
	r, got := records(t, data, "agents.db", Options{})
	if r.Format != "sqlite" || r.Sheet != "agents" || len(r.Sheets) != 3 || !noted(r, "tabular.note_table", "agents", "3") {
		t.Fatalf("got %+v", r)
	}
	long := strings.Repeat("00", blobShown) + "…"
	for i, want := range []map[string]string{
		{"id": "1", "nom": "Élodie", "salaire": "2150.5", "photo": "ffd8ff", "actif": "1"},
		{"id": "2", "nom": "Zoé", "salaire": "", "photo": "", "actif": "0"},
		{"id": "3", "nom": "Jérôme", "salaire": "0.0000001", "photo": long, "actif": ""},
	} {
		for name, v := range want {
			if got[i][name] != v {
				t.Errorf("row %d, %s: got %q, want %q", i+1, name, got[i][name], v)
			}
		}
	}
	if _, got := records(t, data, "a", Options{Sheet: "SERVICES"}); got[0]["libelle"] != "Ressources humaines" {
		t.Errorf("without rowid: got %v", got)
	}
	for sheet, key := range map[string]string{"vide": "tabular.empty_table", "absente": "tabular.no_table"} {
		if _, err := Open(bytes.NewReader(data), int64(len(data)), "a", Options{Sheet: sheet}); !fault.Is(err, key) {
			t.Errorf("%s: got %v, want %s", sheet, err, key)
		}
	}
	if _, err := Open(bytes.NewReader(data[:2048]), 2048, "a", Options{}); !fault.Is(err, "tabular.broken") {
		t.Errorf("cut: got %v", err)
	}
}

// fuzzed opens and reads whatever comes, with small limits.
func fuzzed(f *testing.F, name string, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{CellBytes: 4 << 10, Cells: 10_000, Expanded: 8 << 20, Columns: 100}
		table, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{Limits: limits})
		if err != nil {
			return
		}
		defer table.Close()
		for range 1000 {
			row, err := table.Next()
			if err != nil {
				return
			}
			if len(row.Cells) != len(table.Columns()) {
				t.Fatalf("%d cells for %d columns", len(row.Cells), len(table.Columns()))
			}
			for i, c := range row.Cells {
				if !utf8.ValidString(c) {
					t.Fatalf("cell %q is not UTF-8", c)
				}
				if table.Columns()[i] == "geometry" && strings.HasPrefix(c, `{"type"`) && !json.Valid([]byte(c)) {
					t.Fatalf("geometry %q is not JSON", c)
				}
			}
		}
	})
}

func FuzzSQLite(f *testing.F) { fuzzed(f, "a.sqlite", fixture(f, "agents.sqlite")) }

func FuzzGeoPackage(f *testing.F) {
	gz, err := gzip.NewReader(bytes.NewReader(fixture(f, "points.gpkg.gz")))
	if err != nil {
		f.Fatal(err)
	}
	data, err := io.ReadAll(gz)
	if err != nil {
		f.Fatal(err)
	}
	fuzzed(f, "a.gpkg", data)
}
