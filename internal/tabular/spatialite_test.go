package tabular

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

// gunzipped is a fixture without its compression.
func gunzipped(t testing.TB, name string) []byte {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(fixture(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(gz)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSpatiaLite_showsItsLayersAndHidesItsOwnTables(t *testing.T) {
	data := gunzipped(t, "spatialite.sqlite.gz")
	r, got := records(t, data, "carte.sqlite", Options{})
	if r.Format != "sqlite" || len(r.Sheets) != 2 || r.Sheets[1].Name != "zones" || !noted(r, "tabular.note_projection", "Lambert-93") {
		t.Fatalf("got %+v", r)
	}
	for i, want := range []map[string]string{
		{"id": "1", "nom": "Mairie", "geometry": `{"type":"Point","coordinates":[2.3522,48.8566]}`, "latitude": "48.8566", "longitude": "2.3522"},
		{"id": "2", "nom": "École", "geometry": `{"type":"Point","coordinates":[-1.5536,47.2184]}`, "latitude": "47.2184", "longitude": "-1.5536"},
		{"id": "3", "nom": "Nulle part", "geometry": "", "latitude": "", "longitude": ""},
	} {
		for name, v := range want {
			if got[i][name] != v {
				t.Errorf("row %d, %s: got %q, want %q", i+1, name, got[i][name], v)
			}
		}
	}
	r, got = records(t, data, "carte.sqlite", Options{Sheet: "zones"})
	if !noted(r, "tabular.note_flat") || len(got) != 10 || got[9]["geometry"] != "" {
		t.Fatalf("got %+v, %d rows", r, len(got))
	}
	for i, want := range []string{`{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,49],[2,48]],[[2.2,48.05],[2.8,48.4],[2.8,48.1],[2.2,48.05]]]}`,
		`{"type":"MultiPoint","coordinates":[[1,2],[4,5]]}`, `{"type":"LineString","coordinates":[[0,0],[1.5,1.25],[2,3]]}`} {
		if got[i]["geometry"] != want {
			t.Errorf("zone %d: got %s, want %s", i+1, got[i]["geometry"], want)
		}
	}
	r, got = records(t, gunzipped(t, "gdal.sqlite.gz"), "gdal.sqlite", Options{})
	if r.Sheet != "ecoles" || len(r.Sheets) > 1 || !noted(r, "tabular.note_projection", "Lambert-93") || got[1]["nom"] != "École" || got[1]["geometry"] != `{"type":"Point","coordinates":[-1.5536,47.2184]}` {
		t.Errorf("shapes in WKB: got %+v, %v", r, got)
	}
}

// A damaged shape is told by its row, and no other file of SQLite is taken for a map.
func TestSpatiaLite_tellsWhichShapeIsDamaged(t *testing.T) {
	data := gunzipped(t, "spatialite.sqlite.gz")
	mark, _ := hex.DecodeString("7C010000002888A00B6AE92341")
	at := bytes.Index(data, mark)
	if at < 0 {
		t.Fatal("the first point is not found")
	}
	data[at+1] = 9
	_, _, _, err := readAll(t, data, "carte.sqlite", Options{Sheet: "ecoles"})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Key != "tabular.broken_shape" || len(f.Args) != 1 || f.Args[0] != 1 {
		t.Errorf("got %v", err)
	}
}

// rowsOf gives rows that are in memory.
type rowsOf [][]string

func (r *rowsOf) Next() ([]string, error) {
	if len(*r) == 0 {
		return nil, io.EOF
	}
	row := (*r)[0]
	*r = (*r)[1:]
	return row, nil
}
func (r *rowsOf) Position() int64 { return 0 }
func (r *rowsOf) Close() error    { return nil }

func TestNewMap_tellsWhichShapeIsDamaged(t *testing.T) {
	point, _ := hex.DecodeString("01010000000000000000000440" + "0000000000204840")
	shapes := geo.ParquetMap{Meta: `{"primary_column":"g","columns":{"g":{"encoding":"WKB","geometry_types":["Point"]},"h":{"encoding":"WKB","geometry_types":[]},"absente":{"encoding":"WKB"}}}`}
	rows := &rowsOf{{"a", string(point), string(point)}, {"b", "", string(point)}, {"c", string(point[:9]), ""}}
	table, err := NewMap([]string{"nom", "g", "h"}, rows, shapes, Reading{Format: "parquet"}, Limits{})
	if err != nil || !slices.Equal(table.Columns(), []string{"nom", "h", "geometry", "latitude", "longitude"}) {
		t.Fatalf("got %v, %v", table.Columns(), err)
	}
	const here = `{"type":"Point","coordinates":[2.5,48.25]}`
	for _, want := range [][]string{{"a", here, here, "48.25", "2.5"}, {"b", here, "", "", ""}} {
		if row, err := table.Next(); err != nil || !slices.Equal(row.Cells, want) {
			t.Errorf("got %q, %v, want %q", row.Cells, err, want)
		}
	}
	if _, err := table.Next(); !fault.Is(err, "tabular.broken_shape") {
		t.Errorf("got %v", err)
	}
	rows = &rowsOf{{"trop long", "", ""}}
	if table, err = NewMap([]string{"nom", "g", "h"}, rows, shapes, Reading{}, Limits{CellBytes: 4}); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Next(); !fault.Is(err, "tabular.cell_too_large") {
		t.Errorf("got %v", err)
	}
}

func FuzzSpatialTables(f *testing.F) {
	fuzzed(f, "a.sqlite", gunzipped(f, "gdal.sqlite.gz"))
}
