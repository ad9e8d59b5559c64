package tabular

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
)

type jsonCase struct {
	name, data string
	file       string // f.json when empty
	sheet      string
	format     string
	columns    string
	rows       []string
	sheets     string
	note       string
}

func jsonCases() []jsonCase {
	const point = `{"type":"Point","coordinates":[1.44,43.6]}`
	return []jsonCase{
		{name: "a list of records", data: `[{"a": 1, "b": "é"}, {"a": 2.50, "c": true}, {"b": null}]`, format: "json", columns: "a|b|c",
			rows: []string{"1|é|", "2.50||true"}},
		{name: "nested objects", data: `[{"nom":"x","adresse":{"rue":"a","ville":{"code":"01004"}}},{"adresse":"inconnue"}]`, format: "json",
			columns: "nom|adresse.rue|adresse.ville.code|adresse", rows: []string{"x|a|01004|", "|||inconnue"}},
		{name: "lists in records", data: `[{"l":["a","b"],"m":["a, b","c"],"n":[{"x": 1}, {"x": 2}],"o":[],"p":{}}]`, format: "json",
			columns: "l|m|n|o|p", rows: []string{`a, b|["a, b","c"]|[{"x":1},{"x":2}]||`}},
		{name: "the answer of an API", data: `{"total": 2, "results": [{"a":1},{"a":2}], "facets": [{"f":1},{"f":2},{"f":3}]}`, format: "json",
			columns: "a", rows: []string{"1", "2"}, sheets: "results|facets", note: "tabular.note_table"},
		{name: "another of its tables", data: `{"results": [{"a":1}], "facets": [{"f":1},{"f":2}]}`, sheet: "facets", format: "json",
			columns: "f", rows: []string{"1", "2"}, sheets: "results|facets"},
		{name: "a deep wrapper", data: `{"marches": {"marche": [{"id":"1"},{"id":"2"}]}}`, format: "json", columns: "id", rows: []string{"1", "2"}},
		{name: "the largest list, when none is called as records are", data: `{"x":[{"a":1}],"y":[{"b":"long enough to win"},{"b":"2"}]}`, format: "json",
			columns: "b", rows: []string{"long enough to win", "2"}, sheets: "y|x"},
		{name: "records with names", data: `{"01":{"nom":"Ain","n":1},"02":{"nom":"Aisne","n":2}}`, format: "json", columns: "key|nom|n",
			rows: []string{"01|Ain|1", "02|Aisne|2"}},
		{name: "columns", data: `{"nom":["a","b"],"n":[1,2]}`, format: "json", columns: "nom|n", rows: []string{"a|1", "b|2"}},
		{name: "columns of pandas", data: `{"nom":{"0":"a","1":"b"},"n":{"0":1,"1":null}}`, format: "json", columns: "nom|n", rows: []string{"a|1", "b|"}},
		{name: "a matrix", data: `[["nom","n"],["a",1],["b",2]]`, format: "json", columns: "nom|n", rows: []string{"a|1", "b|2"}},
		{name: "a matrix named beside", data: `{"columns":["nom","n"],"index":[0,1],"data":[["a",1],["b",2]]}`, format: "json", columns: "nom|n", rows: []string{"a|1", "b|2"}},
		{name: "plain values", data: `["a","b"]`, format: "json", columns: "value", rows: []string{"a", "b"}},
		{name: "one record", data: `{"a":1,"b":{"c":2}}`, format: "json", columns: "a|b.c", rows: []string{"1|2"}},
		{name: "a record a line", data: "{\"a\":1}\n{\"a\":2,\"b\":[1,2]}\r\n\n{\"b\":3}\n", file: "f.ndjson", format: "ndjson", columns: "a|b", rows: []string{"1|", "2|1, 2", "|3"}},
		{name: "a record a line, with no name to tell it", data: "{\"a\":1}\n{\"a\":2}", file: "f", format: "ndjson", columns: "a", rows: []string{"1", "2"}},
		{name: "escapes", data: `[{"a":"\u00e9\n\t\"\\\/\ud83d\ude00 \ud800 \uZZ"}]`, format: "json", columns: "a", rows: []string{"é\n\t\"\\/😀 \uFFFD " + `\uZZ`}},
		{name: "numbers as written", data: `[{"a":1.0,"b":12345678901234567890,"c":1.5E+3,"d":-0.10,"e":NaN,"f":0}]`, format: "json", columns: "a|b|c|d|e|f",
			rows: []string{"1.0|12345678901234567890|1500|-0.10||0"}},
		{name: "a comma too many", data: `[{"a":1,},]`, format: "json", columns: "a", rows: []string{"1"}},
		{name: "windows-1252", data: "[{\"nom\":\"\xE9t\xE9 \x9Cuvre\"}]", format: "json", columns: "nom", rows: []string{"été œuvre"}, note: "tabular.note_encoding_guessed"},
		{name: "UTF-8 with a mark", data: "\uFEFF[{\"nom\":\"été\"}]", format: "json", columns: "nom", rows: []string{"été"}, note: "tabular.note_bom"},
		{name: "UTF-16", data: "\xFF\xFE" + wideText(`[{"nom":"été"}]`, false), format: "json", columns: "nom", rows: []string{"été"}},
		{name: "UTF-16 without a mark", data: wideText(`[{"nom":"été"}]`, true), format: "json", columns: "nom", rows: []string{"été"}},
		{name: "gzip", data: string(gzipped(`[{"a":1}]`)), file: "f.json.gz", format: "json", columns: "a", rows: []string{"1"}},
		{name: "GeoJSON", data: `{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":{"nom":"x"},"geometry":` + point + `},` +
			`{"type":"Feature","properties":{"nom":"y"},"geometry":{"type": "LineString", "coordinates": [[0, 1], [2, 3]]}},{"type":"Feature","properties":{"nom":"z"},"geometry":null}]}`,
			format: "geojson", columns: "nom|id|geometry|latitude|longitude",
			rows: []string{"x|7|" + point + "|43.6|1.44", `y||{"type":"LineString","coordinates":[[0,1],[2,3]]}||`, "z||||"}},
		{name: "GeoJSON in another system", data: `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}},"features":[{"type":"Feature","properties":{},"geometry":` + point + `}]}`,
			format: "geojson", columns: "geometry", rows: []string{point}, note: "tabular.note_crs"},
		{name: "one feature", data: `{"type":"Feature","properties":{"a":1},"geometry":` + point + `}`, format: "geojson", columns: "a|geometry|latitude|longitude",
			rows: []string{"1|" + point + "|43.6|1.44"}},
		{name: "a bare geometry", data: point, format: "geojson", columns: "geometry|latitude|longitude", rows: []string{point + "|43.6|1.44"}},
		{name: "a geometry in a record", data: `[{"a":1,"lieu":` + point + `}]`, format: "json", columns: "a|lieu", rows: []string{"1|" + point}},
		{name: "TopoJSON", data: `{"type":"Topology","objects":{"communes":{"type":"GeometryCollection","geometries":[{"type":"Polygon","id":"01","arcs":[[0]],"properties":{"nom":"x"}}]},` +
			`"regions":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]],"properties":{"code":"84"}}]}},"arcs":[[[0,0],[1,1]]],"transform":{"scale":[1,1],"translate":[0,0]}}`,
			format: "topojson", columns: "nom|id", rows: []string{"x|01"}, sheets: "communes|regions", note: "tabular.note_topojson"},
	}
}

func TestJSON_findsTheTable(t *testing.T) {
	for _, c := range jsonCases() {
		t.Run(c.name, func(t *testing.T) {
			if c.file == "" {
				c.file = "f.json"
			}
			r, columns, rows, err := readAll(t, []byte(c.data), c.file, Options{Sheet: c.sheet})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(columns, "|"); got != c.columns || r.Format != c.format {
				t.Errorf("got %s with columns %q, want %s with %q", r.Format, got, c.format, c.columns)
			}
			if !slices.Equal(rows, c.rows) {
				t.Errorf("got rows %q, want %q", rows, c.rows)
			}
			var sheets []string
			for _, s := range r.Sheets {
				sheets = append(sheets, s.Name)
			}
			if got := strings.Join(sheets, "|"); got != c.sheets {
				t.Errorf("got tables %q, want %q", got, c.sheets)
			}
			if c.note != "" && !slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Key == c.note }) {
				t.Errorf("got notes %v, want %s", r.Notes, c.note)
			}
		})
	}
}

func TestJSON_keepsObjectsWholeWhenTheyWouldBeTooManyColumns(t *testing.T) {
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, `{"ville":"v%d","mesures":{"j%d":{"v":1},"j%d":{"v":2}}}`+"\n", i, 2*i, 2*i+1)
	}
	_, columns, rows, err := readAll(t, []byte(b.String()), "f.ndjson", Options{Limits: Limits{Columns: 40}})
	if err != nil || strings.Join(columns, "|") != "ville|mesures" || rows[0] != `v0|{"j0":{"v":1},"j1":{"v":2}}` {
		t.Errorf("got %q %q, %v", columns, rows[:min(1, len(rows))], err)
	}
}

func TestJSON_refusesInPlainWords(t *testing.T) {
	small := Limits{CellBytes: 100, Columns: 5}
	for name, c := range map[string]struct {
		data, want string
	}{
		"an empty list":       {`[]`, "tabular.no_records"},
		"an empty object":     {`{}`, "tabular.no_records"},
		"nothing in records":  {`[{},{}]`, "tabular.no_records"},
		"no feature":          {`{"type":"FeatureCollection","features":[]}`, "tabular.no_records"},
		"cut in a record":     {`[{"a":1},{"a":`, "tabular.broken"},
		"cut between records": {`[{"a":1},`, "tabular.broken"},
		"brackets that cross": {`[{"a":[1}]]`, "tabular.broken"},
		"no colon":            {`{"a" 1}`, "tabular.broken"},
		"two texts":           {`{"a":1} x`, "tabular.broken"},
		"nested without end":  {strings.Repeat("[", 5000), "tabular.broken"},
		"a huge value":        {`[{"a":"` + strings.Repeat("x", 500) + `"}]`, "tabular.value_too_large"},
		"a huge record":       {`[{"a":"` + strings.Repeat("x", 5000) + `"}]`, "tabular.record_too_large"},
		"a huge list":         {`[["` + strings.Repeat("x", 5000) + `"]]`, "tabular.record_too_large"},
		"too many columns":    {`[{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}]`, "tabular.too_many_columns"},
		"an absent table":     {`{"data":[{"a":1}]}`, "tabular.no_table"},
	} {
		opt := Options{Limits: small}
		if c.want == "tabular.no_table" {
			opt.Sheet = "absente"
		}
		if _, _, _, err := readAll(t, []byte(c.data), "f.json", opt); !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

func TestJSON_readsWhatIsLargerThanItsWindow(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"meta":{"long":"` + strings.Repeat(`é\"`, 100_000) + `"},"data":[`)
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&b, `{"id":%d,"nom":"commune n° %d","geo":{"lat":43.%d,"lon":1.44}},`, i, i, i)
	}
	b.WriteString(`{"id":"fin"}]}`)
	for name, data := range map[string][]byte{"f.json": b.Bytes(), "f.json.gz": gzipped(b.String()), "f16.json": []byte("\xFE\xFF" + wideText(b.String(), true))} {
		_, columns, rows, err := readAll(t, data, name, Options{})
		if err != nil || len(rows) != n+1 || strings.Join(columns, "|") != "id|nom|geo.lat|geo.lon" || rows[n-1] != fmt.Sprintf("%d|commune n° %d|43.%d|1.44", n-1, n-1, n-1) {
			t.Errorf("%s: got %d rows, %q, %v", name, len(rows), columns, err)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, c := range jsonCases() {
		f.Add([]byte(c.data))
	}
	f.Fuzz(func(t *testing.T, data []byte) { exhaust(t, append([]byte(`{"`), data...)); exhaust(t, data) })
}

func BenchmarkJSON_aHundredThousandRecordsOfTen(b *testing.B) {
	var out bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&out, `{"id":%d,"nom":"Jean","commune":"Toulouse","code":"31555","date":"2024-03-01","montant":%d.5,"x":1.44,"y":43.6,"actif":true,"note":"n%d"}`+"\n", i, i%1000, i%97)
	}
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if got := drain(b, out.Bytes(), "a.ndjson"); got != 100_000 {
			b.Fatalf("got %d rows", got)
		}
	}
}
