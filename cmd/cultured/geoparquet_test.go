package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cultured/internal/tabular"
)

// mapRead reads a map of testdata: its columns and its rows.
func mapRead(t *testing.T, name string) (tabular.Reading, []string, [][]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	table, err := reader("").Open(bytes.NewReader(data), int64(len(data)), name, tabular.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	var rows [][]string
	for {
		row, err := table.Next()
		if err == io.EOF {
			return table.Reading(), table.Columns(), rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, slices.Clone(row.Cells))
	}
}

// TestGeoParquet_showsShapesAsOtherMaps reads files that GeoPandas wrote, in WKB and as GeoArrow, in Lambert-93 and in degrees.
func TestGeoParquet_showsShapesAsOtherMaps(t *testing.T) {
	const (
		here   = `{"type":"Point","coordinates":[2.3522,48.8566]}`
		nantes = `{"type":"Point","coordinates":[-1.5536,47.2184]}`
		holed  = `[[[2,48],[3,48],[3,49],[2,48]],[[2.2,48.05],[2.8,48.4],[2.8,48.1],[2.2,48.05]]]`
	)
	for _, c := range []struct {
		name, note string
		columns    []string
		rows       [][]string
	}{
		{"points.parquet", "tabular.note_projection", []string{"nom", "places", "geometry", "latitude", "longitude"},
			[][]string{{"Mairie", "12", here, "48.8566", "2.3522"}, {"École", "", nantes, "47.2184", "-1.5536"}, {"Gymnase", "300", "", "", ""}}},
		{"arrow-points.parquet", "tabular.note_projection", []string{"nom", "places", "geometry", "latitude", "longitude"},
			[][]string{{"Mairie", "12", here, "48.8566", "2.3522"}, {"École", "", nantes, "47.2184", "-1.5536"}}},
		{"arrow-zones.parquet", "", []string{"code", "geometry"},
			[][]string{{"1", `{"type":"MultiPolygon","coordinates":[` + holed + `]}`}, {"2", `{"type":"MultiPolygon","coordinates":[[[[0,45],[1,46],[0,46],[0,45]]]]}`}}},
		{"zones.parquet", "tabular.note_flat", []string{"code", "centre", "bbox", "geometry"}, [][]string{
			{"01", `{"type":"Point","coordinates":[2.5,48.5]}`, `{"xmin":2.0,"ymin":48.0,"xmax":3.0,"ymax":49.0}`, `{"type":"Polygon","coordinates":` + holed + `}`},
			{"02", `{"type":"Point","coordinates":[0.5,45.5]}`, `{"xmin":0.0,"ymin":45.0,"xmax":1.0,"ymax":46.0}`, `{"type":"MultiPolygon","coordinates":[[[[0,45],[1,46],[0,46],[0,45]]]]}`},
			{"03", `{"type":"Point","coordinates":[3,50]}`, `{"xmin":0.0,"ymin":0.0,"xmax":1.0,"ymax":2.0}`,
				`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[0,0],[1,1]]}]}`}}},
	} {
		reading, columns, rows := mapRead(t, c.name)
		if !slices.Equal(columns, c.columns) || len(rows) != len(c.rows) || reading.Format != "parquet" {
			t.Fatalf("%s: got %q, %d rows, %+v", c.name, columns, len(rows), reading)
		}
		for i := range rows {
			for j, want := range c.rows[i] {
				if rows[i][j] != want {
					t.Errorf("%s, row %d, %s: got %q, want %q", c.name, i+1, columns[j], rows[i][j], want)
				}
			}
		}
		if said := slices.ContainsFunc(reading.Notes, func(n tabular.Note) bool { return n.Key == c.note }); c.note != "" && !said {
			t.Errorf("%s: got %v, want %s", c.name, reading.Notes, c.note)
		}
	}
}
