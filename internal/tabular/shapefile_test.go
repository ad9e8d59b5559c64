package tabular

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

// layerFiles are the files of the layers of testdata/shapes.zip, by their names in lower case without folders.
func layerFiles(t testing.TB) map[string][]byte {
	t.Helper()
	data := fixture(t, "shapes.zip")
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[strings.ToLower(filepath.Base(f.Name))], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// zippedLayer packs some files of a layer.
func zippedLayer(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	parts := map[string]string{}
	for name, b := range files {
		parts["cartes/"+name] = string(b)
	}
	return zipped(t, parts)
}

// TestShapefile_readsTheLayersOfAnArchive holds places against those GDAL and PROJ give.
func TestShapefile_readsTheLayersOfAnArchive(t *testing.T) {
	data := fixture(t, "shapes.zip")
	r, got := records(t, data, "shapes.zip", Options{Member: "cartes/Écoles.shp"})
	if r.Format != "shp" || r.Encoding != "utf-8" || !r.Typed || len(r.Members) != 2 || len(got) != 3 || !noted(r, "tabular.note_projection", "Lambert-93") {
		t.Fatalf("got %+v, %d rows", r, len(got))
	}
	for i, want := range []map[string]string{
		{"nom": "École Jules-Ferry", "eleves": "120", "taux": "12.5", "ouverture": "2024-09-02", "public": "true", "latitude": "48.8566", "longitude": "2.3522"},
		{"nom": "Œuvre de l’enfance", "eleves": "0", "taux": "3", "ouverture": "1999-01-31", "public": "false", "latitude": "47.2184", "longitude": "-1.5536"},
		{"nom": "", "eleves": "35", "taux": "0.0000001", "ouverture": "", "public": "true", "latitude": "", "longitude": "", "geometry": ""},
	} {
		for name, v := range want {
			if got[i][name] != v {
				t.Errorf("row %d, %s: got %q, want %q", i+1, name, got[i][name], v)
			}
		}
	}
	r, got = records(t, data, "shapes.zip", Options{})
	if r.Member != "cartes/zones.SHP" || r.Encoding != "iso-8859-1" || !noted(r, "tabular.note_projection", "CC49") || got[1]["libelle"] != "Étang, île" {
		t.Fatalf("got %+v, %v", r, got)
	}
	const zone = `{"type":"MultiPolygon","coordinates":[[[[2.3190883,48.8181252],[2.3327058,48.8182051],[2.3325861,48.8271977],[2.3189662,48.8271179],[2.3190883,48.8181252]],` +
		`[[2.3204379,48.8190325],[2.3203403,48.8262267],[2.3312361,48.8262905],[2.3313321,48.8190964],[2.3204379,48.8190325]]],` +
		`[[[2.3231371,48.8208471],[2.3272226,48.8208711],[2.3271864,48.8235689],[2.3231007,48.8235449],[2.3231371,48.8208471]]],` +
		`[[[2.4552654,48.8188512],[2.4620744,48.8188832],[2.4620261,48.8233796],[2.4552165,48.8233475],[2.4552654,48.8188512]]]]}`
	if d := samePlaces(t, got[1]["geometry"], zone); d > 1.5e-7 || strings.Count(got[1]["geometry"], "]]]") != strings.Count(zone, "]]]") {
		t.Errorf("%g degrees apart: %s", d, got[1]["geometry"])
	}
}

func TestShapefile_holdsTogether(t *testing.T) {
	all := layerFiles(t)
	shp, dbf, prj := all["écoles.shp"], all["écoles.dbf"], all["écoles.prj"]
	longer := bytes.Clone(dbf)
	longer[4]++
	short := bytes.Clone(dbf)
	short[4]--
	for _, c := range []struct {
		name  string
		files map[string][]byte
		want  string // a fault, a note, or columns
	}{
		{"whole", map[string][]byte{"a.shp": shp, "a.dbf": dbf, "a.prj": prj}, "tabular.note_projection"},
		{"names in other cases", map[string][]byte{"A.SHP": shp, "a.Dbf": dbf, "a.PRJ": prj}, "tabular.note_projection"},
		{"no projection", map[string][]byte{"a.shp": shp, "a.dbf": dbf}, "tabular.note_projection_guessed"},
		{"an unknown projection", map[string][]byte{"a.shp": shp, "a.dbf": dbf, "a.prj": []byte(`PROJCS["Bonne",GEOGCS["x",DATUM["y",SPHEROID["z",6378000,300]]]]`)}, "tabular.note_projection_unknown"},
		{"degrees that are metres", map[string][]byte{"a.shp": shp, "a.dbf": dbf, "a.prj": []byte(`GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],AUTHORITY["EPSG","4326"]]`)}, "tabular.note_not_degrees"},
		{"shapes alone", map[string][]byte{"a.shp": shp}, "tabular.note_shape_alone"},
		{"attributes alone", map[string][]byte{"a.dbf": dbf}, "nom"},
		{"a row too many", map[string][]byte{"a.shp": shp, "a.dbf": append(longer[:len(longer)-1], make([]byte, 200)...)}, "tabular.shape_mismatch"},
		{"a shape too many", map[string][]byte{"a.shp": shp, "a.dbf": short}, "tabular.shape_mismatch"},
		{"cut shapes", map[string][]byte{"a.shp": shp[:len(shp)-9], "a.dbf": dbf}, "tabular.cut_bytes"},
		{"shapes cut between two", map[string][]byte{"a.shp": shp[:len(shp)-12], "a.dbf": dbf}, "tabular.cut_bytes"},
		{"cut attributes", map[string][]byte{"a.shp": shp, "a.dbf": dbf[:len(dbf)-40]}, "tabular.cut"},
		{"broken attributes", map[string][]byte{"a.shp": shp, "a.dbf": dbf[:40]}, "tabular.broken"},
		{"a broken shape", map[string][]byte{"a.shp": append(bytes.Clone(shp[:108]), append([]byte{9}, shp[109:]...)...), "a.dbf": dbf}, "tabular.broken_shape"},
	} {
		data := zippedLayer(t, c.files)
		r, columns, _, err := readAll(t, data, "a.zip", Options{})
		if !fault.Is(err, c.want) && (err != nil || !slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Key == c.want }) && columns[0] != c.want) {
			t.Errorf("%s: got %v, %q, %v, want %s", c.name, r.Notes, columns, err, c.want)
		}
	}
	if _, _, rows, err := readAll(t, shp, "a.shp", Options{}); err != nil || len(rows) != 2 {
		t.Errorf("alone: got %q, %v", rows, err) // the shape that is nowhere is a blank row
	}
	if _, _, _, err := readAll(t, all["écoles.shx"], "a.shx", Options{}); !fault.Is(err, "tabular.shape_index") {
		t.Errorf("index: got %v", err)
	}
	huge := bytes.Clone(shp)
	binary.BigEndian.PutUint32(huge[104:], 0x7FFFFFFF)
	if _, _, _, err := readAll(t, huge, "a.shp", Options{}); !fault.Is(err, "tabular.row_too_large") {
		t.Errorf("huge: got %v", err)
	}
}

// TestShapefile_realDepartments holds the outlines of a real file against the centres its attributes give, in hectometres.
func TestShapefile_realDepartments(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(shared, "geo/lambert93/departements_geofla_l93.zip"))
	if err != nil {
		t.Skip("shared data not here")
	}
	r, got := records(t, data, "departements_geofla_l93.zip", Options{})
	if r.Format != "shp" || len(got) != 96 || !noted(r, "tabular.note_projection", "Lambert-93") {
		t.Fatalf("got %+v, %d rows", r, len(got))
	}
	for i, rec := range got {
		x, errX := strconv.ParseFloat(rec["X_CENTROID"], 64)
		y, errY := strconv.ParseFloat(rec["Y_CENTROID"], 64)
		box, ok := geo.BoxOf(rec["geometry"])
		if errX != nil || errY != nil || !ok || !geo.InFrance(geo.Position{box.West, box.South}) || !box.Holds(geo.Lambert93.Degrees(geo.Position{x * 100, y * 100})) {
			t.Errorf("row %d, %s: centre %s, %s, box %+v", i+1, rec["NOM_DEPT"], rec["X_CENTROID"], rec["Y_CENTROID"], box)
		}
	}
}

func TestDBF_readsEachKindOfColumn(t *testing.T) {
	data := fixture(t, "fox.dbf")
	r, columns, rows, err := readAll(t, data, "fox.dbf", Options{})
	want := []string{
		"Élodie|12.50|0.1|-7|2024-02-29|2024-03-01T08:30:00|1234.5|true|",
		"Zoé||0.000000001|2000000000|||0|false|",
		"Jérôme|-3.00|2|0|1970-01-01|1969-12-31T23:59:59|-1||",
	}
	if err != nil || r.Format != "dbf" || r.Encoding != "windows-1252" || !noted(r, "tabular.note_memo") || !slices.Equal(rows, want) {
		t.Fatalf("got %+v, %q, %q, %v", r, columns, rows, err)
	}
	if _, _, rows, err := readAll(t, data, "fox.dbf", Options{Encoding: "macroman"}); err != nil || strings.HasPrefix(rows[0], "É") {
		t.Errorf("macroman: got %q, %v", rows, err)
	}
	if _, _, _, err := readAll(t, data, "fox.dbf", Options{Encoding: "utf-16le"}); !fault.Is(err, "tabular.encoding_unknown") {
		t.Errorf("utf-16: got %v", err)
	}
	if _, _, rows, err := readAll(t, gzipped(string(data)), "fox.dbf.gz", Options{}); err != nil || len(rows) != 3 {
		t.Errorf("gzip: got %q, %v", rows, err)
	}
}

// dbfOf makes a table of one text column as wide as width.
func dbfOf(language byte, width int, cells ...string) []byte {
	h := make([]byte, 65)
	h[0], h[1], h[2], h[3], h[29] = 3, 124, 1, 1, language
	binary.LittleEndian.PutUint32(h[4:], uint32(len(cells)))
	binary.LittleEndian.PutUint16(h[8:], 65)
	binary.LittleEndian.PutUint16(h[10:], uint16(width+1))
	copy(h[32:], "NOM")
	h[43], h[48], h[64] = 'C', byte(width), '\r'
	for _, c := range cells {
		h = append(h, ' ')
		h = append(h, (c + strings.Repeat(" ", width))[:width]...)
	}
	return append(h, 0x1A)
}

func TestDBF_encodings(t *testing.T) {
	for _, c := range []struct {
		name     string
		language byte
		cpg      string
		cell     string
		encoding string
		want     string
		note     string
	}{
		{"as the page beside says", 0, "ISO 8859-15", "c\xBDur", "iso-8859-15", "cœur", ""},
		{"as the mark says", 0x02, "", "\x82t\x82", "ibm850", "été", ""},
		{"UTF-8, although the mark says Windows", 0x03, "", "été", "utf-8", "été", "tabular.note_false_charset"},
		{"Latin 1, although the page says UTF-8", 0, "UTF-8", "\xE9t\xE9", "iso-8859-1", "été", "tabular.note_false_charset"},
		{"nothing said", 0, "", "\xE9t\xE9", "iso-8859-1", "été", "tabular.note_encoding_guessed"},
		{"a page that is not known", 0, "BIG5", "été", "utf-8", "été", ""},
		{"a letter cut by the width", 0, "UTF-8", "dix été à l’été, là-bas é", "utf-8", "dix été à l’été, là-bas", ""},
		{"no accent at all", 0x03, "", "Ain", "windows-1252", "Ain", ""},
	} {
		cell := c.cell
		width := 20
		if c.name == "a letter cut by the width" {
			cell, width = strings.TrimSuffix(c.cell, "\xA9"), len(c.cell)-1
		}
		files := map[string][]byte{"a.dbf": dbfOf(c.language, width, cell)}
		if c.cpg != "" {
			files["a.cpg"] = []byte(c.cpg + "\r\n")
		}
		r, _, rows, err := readAll(t, zippedLayer(t, files), "a.zip", Options{})
		if err != nil || r.Encoding != c.encoding || strings.TrimSpace(rows[0]) != c.want || c.note != "" && !slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Key == c.note }) {
			t.Errorf("%s: got %+v, %q, %v, want %s, %q", c.name, r, rows, err, c.encoding, c.want)
		}
	}
}

func FuzzDBF(f *testing.F) { fuzzed(f, "a.dbf", fixture(f, "fox.dbf"), dbfOf(3, 10, "été")) }

func FuzzShapefile(f *testing.F) {
	all := layerFiles(f)
	shp, dbf := all["zones.shp"], all["zones.dbf"]
	f.Add(shp, dbf, all["zones.prj"])
	f.Fuzz(func(t *testing.T, shp, dbf, prj []byte) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, part := range map[string][]byte{"a.shp": shp, "a.dbf": dbf, "a.prj": prj} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name}) // stored: packing would be most of the work
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		limits := Limits{CellBytes: 4 << 10, Cells: 10_000, Expanded: 8 << 20, Columns: 100}
		table, err := Open(bytes.NewReader(data), int64(len(data)), "a.zip", Options{Limits: limits})
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
		}
	})
}
