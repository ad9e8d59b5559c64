package tabular

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
)

func TestKML_readsWhatGDALWrites(t *testing.T) {
	r, got := records(t, fixture(t, "carte.kml"), "carte.kml", Options{})
	if r.Format != "kml" || !r.Typed || len(r.Sheets) != 0 || len(got) != 2 || len(r.Notes) != 0 {
		t.Fatalf("got %+v, %d rows", r, len(got))
	}
	const isle = `{"type":"MultiPolygon","coordinates":[[[[2,48],[3,48],[3,49],[2,49],[2,48]],[[2.2,48.2],[2.2,48.4],[2.4,48.4],[2.4,48.2],[2.2,48.2]]],[[[4,48],[5,48],[5,49],[4,48]]]]}`
	for i, want := range []map[string]string{
		{"folder": "Équipements", "name": "École", "capacité": "120", "date": "2024-09-02", "latitude": "48.8566", "longitude": "2.3522", "geometry": `{"type":"Point","coordinates":[2.3522,48.8566]}`},
		{"folder": "Équipements", "name": "Étang & île", "capacité": "", "date": "", "latitude": "", "longitude": "", "geometry": isle},
	} {
		for name, v := range want {
			if got[i][name] != v {
				t.Errorf("row %d, %s: got %q, want %q", i+1, name, got[i][name], v)
			}
		}
	}
	if r, got := records(t, zipped(t, map[string]string{"doc.kml": string(fixture(t, "carte.kml")), "images/icone.png": "\x89PNG"}), "carte.kmz", Options{}); r.Format != "kml" || r.Member != "doc.kml" || len(got) != 2 {
		t.Errorf("KMZ: got %+v", r)
	}
}

// placemarks is a document that holds some elements.
func placemarks(inside string) string {
	return `<?xml version="1.0"?><!-- carte --><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>Carte</name>` + inside + `</Document></kml>`
}

func TestKML_readsEachShape(t *testing.T) {
	for _, c := range []struct{ name, shape, want string }{
		{"spaces around commas", `<Point><coordinates> 2.5 , 48.5 , 12 </coordinates></Point>`, `{"type":"Point","coordinates":[2.5,48.5]}`},
		{"a line", `<LineString><coordinates>1,2 3,4,5</coordinates></LineString>`, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`},
		{"a hole before its outline, rings not closed", `<Polygon><innerBoundaryIs><LinearRing><coordinates>1,1 2,1 2,2</coordinates></LinearRing></innerBoundaryIs>` +
			`<outerBoundaryIs><LinearRing><coordinates>0,0 9,0 9,9</coordinates></LinearRing></outerBoundaryIs></Polygon>`,
			`{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,2],[2,1],[1,1]]]}`},
		{"points", `<MultiGeometry><Point><coordinates>1,2</coordinates></Point><Point><coordinates>3,4</coordinates></Point></MultiGeometry>`,
			`{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`},
		{"lines", `<MultiGeometry><LineString><coordinates>1,2 3,4</coordinates></LineString><LineString><coordinates>5,6 7,8</coordinates></LineString></MultiGeometry>`,
			`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}`},
		{"shapes of several kinds", `<MultiGeometry><Point><coordinates>1,2</coordinates></Point><LineString><coordinates>1,2 3,4</coordinates></LineString></MultiGeometry>`,
			`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}`},
		{"a track", `<gx:Track><when>2024-01-01T00:00:00Z</when><gx:coord>1 2 3</gx:coord><gx:coord>4 5 6</gx:coord></gx:Track>`, `{"type":"LineString","coordinates":[[1,2],[4,5]]}`},
		{"a place that is none on the Earth", `<Point><coordinates>652469,6862035</coordinates></Point>`, ""},
		{"no position", `<Point><coordinates/></Point>`, ""},
	} {
		doc := placemarks(`<Placemark><name>a</name>` + c.shape + `</Placemark><Placemark><name>b</name></Placemark>`)
		_, got := records(t, []byte(doc), "a.kml", Options{})
		if got[0]["geometry"] != c.want || got[0]["name"] != "a" || got[1]["geometry"] != "" {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}
}

func TestKML_readsFields(t *testing.T) {
	doc := placemarks(`<Folder><name>Parcs</name><Folder><name>Nord</name><Placemark><name>Parc &amp; bois</name><description><![CDATA[<b>grand</b>]]></description>` +
		`<TimeSpan><begin>2024</begin></TimeSpan><Style><name>non</name></Style><ExtendedData><Data name="name"><displayName>Nom</displayName><value>officiel</value></Data>` +
		`<Data name="surface"><value>12,5</value></Data><autre:code xmlns:autre="x">A1</autre:code></ExtendedData><Point><coordinates>2,48,35</coordinates></Point></Placemark></Folder></Folder>` +
		`<Placemark><ExtendedData><Data name="surface"><value> 3 </value></Data></ExtendedData><LineString><coordinates>2,48 3,49</coordinates></LineString></Placemark>`)
	r, columns, rows, err := readAll(t, []byte(doc), "a.kml", Options{})
	wantColumns := "folder|name|description|begin|name_2|surface|code|geometry|latitude|longitude"
	want := []string{`Parcs / Nord|Parc & bois|<b>grand</b>|2024|officiel|12,5|A1|{"type":"Point","coordinates":[2,48]}|48|2`,
		`|||||3||{"type":"LineString","coordinates":[[2,48],[3,49]]}||`}
	if err != nil || strings.Join(columns, "|") != wantColumns || !slices.Equal(rows, want) || !noted(r, "tabular.note_flat") {
		t.Errorf("got %+v\n%q\n%q\n%v", r, columns, rows, err)
	}
}

func TestGPX_offersItsLayers(t *testing.T) {
	r, got := records(t, fixture(t, "tour.gpx"), "tour.gpx", Options{})
	const lines = `{"type":"MultiLineString","coordinates":[[[6.1,45.1],[6.11,45.11],[6.12,45.1]],[[6.2,45.2],[6.21,45.21]]]}`
	if r.Format != "gpx" || r.Sheet != "tracks" || len(r.Sheets) != 2 || !noted(r, "tabular.note_layer", "tracks", "2") || len(got) != 1 || got[0]["geometry"] != lines {
		t.Fatalf("got %+v, %v", r, got)
	}
	if _, got := records(t, fixture(t, "tour.gpx"), "tour.gpx", Options{Sheet: "track_points"}); len(got) != 5 || got[3]["track"] != "Tour du lac" || got[3]["segment"] != "2" || got[3]["latitude"] != "45.2" {
		t.Errorf("points: got %v", got)
	}
	doc := `<?xml version="1.0" encoding="ISO-8859-1"?><gpx version="1.1"><metadata><name>non</name></metadata>` +
		`<wpt lat="45.1" lon="6.1"><ele>250.5</ele><name>D` + "\xE9" + `part</name><link href="https://exemple.fr/a"><text>non</text></link><extensions><g:x><g:temp>12</g:temp></g:x></extensions></wpt>` +
		`<rte><name>Ronde</name><rtept lat="45" lon="6"><name>un</name></rtept><rtept lat="46" lon="7"/></rte><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>`
	for sheet, want := range map[string]map[string]string{
		"":             {"name": "Départ", "ele": "250.5", "link": "https://exemple.fr/a", "temp": "12", "latitude": "45.1", "longitude": "6.1"},
		"routes":       {"name": "Ronde", "geometry": `{"type":"LineString","coordinates":[[6,45],[7,46]]}`},
		"route_points": {"route": "Ronde", "name": "un", "geometry": `{"type":"Point","coordinates":[6,45]}`},
		"tracks":       {"geometry": `{"type":"Point","coordinates":[2,1]}`},
		"track_points": {"track": "1", "segment": "1", "latitude": "1"},
	} {
		_, got := records(t, []byte(doc), "a.gpx", Options{Sheet: sheet})
		for name, v := range want {
			if got[0][name] != v {
				t.Errorf("%s, %s: got %q, want %q", sheet, name, got[0][name], v)
			}
		}
	}
}

func TestMarkup_refusesPlainly(t *testing.T) {
	long := placemarks(`<Placemark><name>` + strings.Repeat("a", 5000) + `</name></Placemark>`)
	small := Options{Limits: Limits{CellBytes: 4096, Columns: 3}}
	for _, c := range []struct {
		name, doc, want string
		opt             Options
	}{
		{"cut in a placemark", placemarks(`<Placemark><name>a`)[:150] + `<Placemark><name>a`, "tabular.broken", Options{}},
		{"cut between two", strings.TrimSuffix(placemarks(`<Placemark><name>a</name></Placemark>`), "</Document></kml>"), "tabular.broken", Options{}},
		{"no placemark", placemarks(""), "tabular.nothing_to_read", Options{}},
		{"only a link", placemarks(`<NetworkLink><Link><href>https://exemple.fr/a.kmz</href></Link></NetworkLink>`), "tabular.kml_link", Options{}},
		{"no number", placemarks(`<Placemark><Point><coordinates>a,b</coordinates></Point></Placemark>`), "tabular.broken_shape", Options{}},
		{"one coordinate", placemarks(`<Placemark><Point><coordinates>12</coordinates></Point></Placemark>`), "tabular.broken_shape", Options{}},
		{"too deep", placemarks(`<Placemark>` + strings.Repeat("<MultiGeometry>", 500)), "tabular.broken", Options{}},
		{"a long cell", long, "tabular.cell_too_large", small},
		{"a long shape", placemarks(`<Placemark><LineString><coordinates>` + strings.Repeat("1,2 ", 20_000) + `</coordinates></LineString></Placemark>`), "tabular.too_large_element", small},
		{"many columns", placemarks(`<Placemark><ExtendedData><a>1</a><b>2</b><c>3</c><d>4</d></ExtendedData></Placemark>`), "tabular.too_many_columns", small},
		{"a point that is nowhere", `<gpx><wpt lat="45"/></gpx>`, "tabular.broken_shape", Options{}},
		{"a long track", `<gpx><trk><trkseg>` + strings.Repeat(`<trkpt lat="1" lon="2"/>`, 5000) + `</trkseg></trk></gpx>`, "tabular.row_too_large", small},
		{"no layer of that name", `<gpx><wpt lat="45" lon="2"/></gpx>`, "tabular.no_layer", Options{Sheet: "tracks"}},
		{"an empty file of places", `<gpx/>`, "tabular.nothing_to_read", Options{}},
		{"another XML", `<?xml version="1.0"?><note/>`, "tabular.unsupported", Options{}},
	} {
		if _, _, _, err := readAll(t, []byte(c.doc), "a.xml", c.opt); !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// TestMarkup_isNotHeldInMemory reads 60 MB of points.
func TestMarkup_isNotHeldInMemory(t *testing.T) {
	point := fmt.Sprintf(`<trkpt lat="45.123456" lon="6.123456"><ele>1000</ele><desc>%s</desc></trkpt>`, strings.Repeat("x", 900))
	var b bytes.Buffer
	b.WriteString(`<gpx><trk><name>long</name><trkseg>`)
	const n = 60_000
	for range n {
		b.WriteString(point)
	}
	b.WriteString(`</trkseg></trk></gpx>`)
	table, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()), "a.gpx", Options{Sheet: "track_points"})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	rows := 0
	for ; ; rows++ {
		if rows == n/2 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
				t.Errorf("half way, %d bytes more are held", grown)
			}
			if p := table.Position(); p < int64(b.Len())/3 || p > int64(b.Len())*2/3 {
				t.Errorf("half way, position %d of %d", p, b.Len())
			}
		}
		if _, err := table.Next(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if rows != n {
		t.Errorf("got %d rows, want %d", rows, n)
	}
}

func FuzzKML(f *testing.F) {
	fuzzed(f, "a.kml", fixture(f, "carte.kml"), []byte(placemarks(`<Placemark><gx:Track><gx:coord>1 2 3</gx:coord></gx:Track></Placemark>`)))
}

func FuzzGPX(f *testing.F) {
	fuzzed(f, "a.gpx", fixture(f, "tour.gpx"), []byte(`<gpx><wpt lat="1" lon="2"><link href="a"/></wpt><rte><rtept lat="1" lon="2"/></rte></gpx>`))
}
