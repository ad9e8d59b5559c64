package duck

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

// foreignRows reads a whole file.
func foreignRows(t testing.TB, e *Engine, path string) ([]string, [][]string, error) {
	t.Helper()
	f, err := e.Foreign(t.Context(), path)
	if err != nil {
		return nil, nil, err
	}
	var out [][]string
	for {
		cells, more, err := f.Next(t.Context())
		if err != nil || !more {
			return f.Columns(), out, err
		}
		if out = append(out, slices.Clone(cells)); f.Read() != int64(len(out)) {
			t.Fatalf("says %d rows read after %d", f.Read(), len(out))
		}
	}
}

// place copies a fixture to where the engine may read.
func place(t testing.TB, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestForeign_writesEachTypeAsText(t *testing.T) {
	e, dir := engine(t)
	columns, rows, err := foreignRows(t, e, place(t, dir, "types.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][3]string{
		"texte":     {"Élodie", "", ""},
		"entier":    {"1", "-2", ""},
		"petit":     {"1", "255", ""},
		"grand":     {"18446744073709551615", "0", ""},
		"reel":      {"0.1", "1e-09", ""},
		"court":     {"0.1", "1.5", ""},
		"vrai":      {"true", "false", ""},
		"jour":      {"2024-02-29", "1857-05-01", ""},
		"moment":    {"2024-03-01T08:30:00.5", "1969-12-31T23:59:59", ""},
		"fuseau":    {"2024-03-01T08:30:00Z", "", ""},
		"heure":     {"08:30:00", "", ""},
		"prix":      {"12.50", "-0.05", ""},
		"liste":     {`["a","b"]`, "[]", ""},
		"objet":     {`{"x":1,"y":"é"}`, "", ""},
		"octets":    {"ffd800", "abc", ""},
		"categorie": {"a", "b", "a"},
	}
	if len(columns) != len(want) || len(rows) != 3 {
		t.Fatalf("got %q, %d rows", columns, len(rows))
	}
	for i, c := range columns {
		for n, w := range want[c] {
			if rows[n][i] != w {
				t.Errorf("%s, row %d: got %q, want %q", c, n+1, rows[n][i], w)
			}
		}
	}
}

// TestForeign_writesLogicalTypes reads a file of Arrow's with the logical types of Parquet, and the older form of moments.
func TestForeign_writesLogicalTypes(t *testing.T) {
	e, dir := engine(t)
	for name, want := range map[string]map[string][3]string{
		"logical.parquet": {
			"dec9": {"12.50", "-0.05", ""}, "dec18": {"1234567890123.4567", "0.0000", ""}, "dec38": {"12345678901234567890123456789012345.678", "-1.000", ""},
			"ts_s": {"2024-03-01T08:30:00", "1969-12-31T23:59:59", ""}, "ts_ms": {"2024-03-01T08:30:00.123", "1969-12-31T23:59:59.999", ""},
			"ts_us": {"2024-03-01T08:30:00.123456", "1969-12-31T23:59:59.999999", ""}, "ts_ns": {"2024-03-01T08:30:00.123456789", "1969-12-31T23:59:59.999999999", ""},
			"tz_ms": {"2024-03-01T08:30:00.123Z", "1969-12-31T23:59:59.999Z", ""}, "tz_us": {"2024-03-01T08:30:00.123456Z", "1969-12-31T23:59:59.999999Z", ""},
			"tz_ns": {"2024-03-01T08:30:00.123456Z", "1970-01-01T00:00:00Z", ""}, // the engine keeps microseconds
			"date":  {"2024-02-29", "0001-01-01", ""}, "time_ms": {"08:30:00.123", "00:00:00", ""}, "time_us": {"08:30:00.123456", "23:59:59", ""},
			"time_ns": {"08:30:00.123456789", "00:00:00", ""}, "uuid": {"01234567-89ab-cdef-0123-456789abcdef", "00000000-0000-0000-0000-000000000000", ""},
			"half": {"0.5", "-2", ""}, "liste": {"[1,2,null]", "[]", ""}, "dates": {`["2024-01-31"]`, "[]", ""}, "struct": {`{"x":1,"y":{"z":["é"]}}`, `{"x":null,"y":null}`, ""},
			"map": {`{"a":1,"b":null}`, "{}", ""}, "dict": {"rouge", "vert", ""}, "json": {`{"a": 1}`, "[]", ""}, "fixed": {"00010203", "abcd", ""},
			"u64": {"18446744073709551615", "0", ""}, "i8": {"-128", "127", ""}, "u16": {"65535", "0", ""}, "null": {"", "", ""}, "decl": {"[1.1]", "[]", ""},
			"tsl": {`["2024-03-01 08:30:00.123456+00"]`, "[]", ""},
		},
		"int96.parquet":  {"t96": {"2024-03-01T08:30:00.123456", "1969-12-31T23:59:59.999999", ""}},
		"nested.parquet": {"nanl": {"[1.5,null,null]", ""}, "blobs": {`["\\x00\\xFF","a"]`, ""}, "times": {`["08:30:00"]`, ""}, "imap": {`{"1":"a"}`, ""}, "big": {"[18446744073709551615]", ""}},
	} {
		columns, rows, err := foreignRows(t, e, place(t, dir, name))
		if err != nil {
			t.Fatal(name, err)
		}
		seen := 0
		for i, c := range columns {
			w, ok := want[c]
			if !ok {
				continue
			}
			seen++
			for n := range rows {
				if rows[n][i] != w[n] {
					t.Errorf("%s, %s, row %d: got %q, want %q", name, c, n+1, rows[n][i], w[n])
				}
			}
		}
		if seen != len(want) {
			t.Errorf("%s: %d columns of %d", name, seen, len(want))
		}
	}
}

func TestWithoutNaN_leavesTextsAlone(t *testing.T) {
	for in, want := range map[string]string{`[NaN,-Infinity,1]`: `[null,null,1]`, `{"NaN":"Infinity","b":Infinity}`: `{"NaN":"Infinity","b":null}`,
		`["a\"NaN",NaN]`: `["a\"NaN",null]`, `["\\",NaN,"\`: `["\\",null,"\`, "": ""} {
		if got := withoutNaN(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// TestForeign_givesShapesOfTheirOwnType reads the type Parquet itself has for shapes, and pages of few rows where these are heavy.
func TestForeign_givesShapesOfTheirOwnType(t *testing.T) {
	e, dir := engine(t)
	path := filepath.Join(dir, "shapes.parquet")
	conn, done, err := e.conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.ExecContext(t.Context(), "COPY (SELECT i AS n, CASE WHEN i <> 2 THEN ('POINT(' || i || ' 48)')::GEOMETRY END AS g, repeat(md5(i::VARCHAR), 60000) AS lourd FROM range(30) t(i)) TO "+
		quoteText(path)+" (FORMAT parquet, GEOPARQUET_VERSION 'NONE')")
	done()
	if err != nil {
		t.Fatal(err)
	}
	f, err := e.Foreign(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if crs, ok := f.Shapes().Typed["g"]; !ok || crs != "" || f.size > 20 || f.size < 2 {
		t.Errorf("got %+v, pages of %d rows", f.Shapes(), f.size)
	}
	_, rows, err := foreignRows(t, e, path)
	if err != nil || len(rows) != 30 || rows[2][1] != "" {
		t.Fatalf("got %d rows, %v", len(rows), err)
	}
	if g, _, err := geo.WKB([]byte(rows[29][1])); err != nil || string(g.AppendGeoJSON(nil)) != `{"type":"Point","coordinates":[29,48]}` {
		t.Errorf("got %v, %v", g, err)
	}
}

// TestForeign_turnsPages reads a file of several pages and row groups in its own order, whatever its folder is called.
func TestForeign_turnsPages(t *testing.T) {
	e, dir := engine(t)
	path := filepath.Join(dir, "long.parquet")
	const n = 250_000
	_, err := e.Write(t.Context(), path, []Column{{"n", Integer}, {"mot", Text}}, func(yield func(Row, error) bool) {
		for i := range n {
			if !yield(Row{Number: int64(i + 1), Cells: []string{strconv.Itoa(n - i), "mot " + strconv.Itoa(i%7)}}, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := e.Foreign(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if f.Rows() != n || !slices.Equal(f.Columns(), []string{"_row", "n", "mot"}) {
		t.Fatalf("got %d rows, %q", f.Rows(), f.Columns())
	}
	for i := range n {
		cells, more, err := f.Next(t.Context())
		if err != nil || !more || cells[0] != strconv.Itoa(i+1) || cells[1] != strconv.Itoa(n-i) {
			t.Fatalf("row %d: got %q, %v, %v", i, cells, more, err)
		}
	}
	if _, more, err := f.Next(t.Context()); more || err != nil {
		t.Errorf("after the last: %v, %v", more, err)
	}
}

func TestForeign_refusesDamage(t *testing.T) {
	e, dir := engine(t)
	whole, err := os.ReadFile(filepath.Join("testdata", "types.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	scribbled := slices.Clone(whole)
	for i := 4; i < 200; i++ {
		scribbled[i] = 0xFF
	}
	for name, data := range map[string][]byte{"cut": whole[:len(whole)/2], "no end": whole[:len(whole)-4], "pages of noise": scribbled, "mark alone": []byte("PAR1"),
		"noise": []byte("PAR1 rien de tel PAR1")} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := foreignRows(t, e, path); !fault.Is(err, "duck.bad_file") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := e.Foreign(t.Context(), filepath.Join(dir, "absent")); !fault.Is(err, "duck.missing_file") {
		t.Errorf("absent: got %v", err)
	}
	if _, _, err := foreignRows(t, e, filepath.Join("testdata", "types.parquet")); err == nil {
		t.Error("a file outside the folders of the engine was read")
	}
	if s := plainFloat(math.Inf(1), 64); s != "+Inf" {
		t.Errorf("infinite: got %q", s)
	}
}

// TestForeign_survivesAnHourThatIsNone changes three bytes of a good file: a time of day lies outside the day.
func TestForeign_survivesAnHourThatIsNone(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "types.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	data[891], data[2586], data[3486] = 0o66, 4, 2
	e, dir := engine(t)
	path := filepath.Join(dir, "hour.parquet")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := foreignRows(t, e, path); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v, want a bad file", err)
	}
}

func FuzzForeign(f *testing.F) {
	for _, name := range []string{"types.parquet", "logical.parquet", "int96.parquet", "nested.parquet"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	e, dir := engine(f)
	path := filepath.Join(dir, "fuzz.parquet")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := e.Foreign(t.Context(), path)
		for n := 0; err == nil && n < 1000; n++ {
			more := false
			if _, more, err = file.Next(t.Context()); !more {
				break
			}
		}
		if err != nil && fault.KindOf(err) == fault.Internal && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a bad file is no fault of ours: %v", err)
		}
	})
}
