package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cultured/content/schemas"
)

// A judged is one table put before the other implementation; columns are those both know.
type judged struct {
	name    string
	parsed  Schema
	Schema  json.RawMessage `json:"schema"`
	Header  []string        `json:"header"`
	Rows    [][]string      `json:"rows"`
	columns []int           // of the table, for each of Header
}

// A verdict is what the other implementation says: cells from 0, the column -1 when it names none.
type verdict struct {
	Refused string `json:"refused"`
	Cells   [][]any
	Rows    int
}

// judges asks the npm package tableschema about all tables at once. Without it the test is skipped, except where the
// whole suite runs, which installs it.
func judges(t *testing.T, list []judged) []verdict {
	t.Helper()
	dir := filepath.Join("testdata", "judge")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "tableschema")); err != nil {
		if os.Getenv("CI") != "" || os.Getenv("CULTURED_TEST_JUDGE") != "" {
			t.Fatal("npm ci was not run in testdata/judge")
		}
		t.Skip("npm packages of testdata/judge not installed")
	}
	in, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "judge.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []verdict
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(list) {
		t.Fatalf("got %d answers for %d tables (%v)", len(answers), len(list), err)
	}
	return answers
}

// put prepares a table: the columns whose names are exactly fields, and a schema of those fields only, since the two
// implementations do not ask the same of a header.
func put(t *testing.T, name string, raw []byte, rows [][]string) judged {
	t.Helper()
	s := parse(t, string(raw))
	v, err := decode(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if err != nil {
		t.Fatal(err)
	}
	o := unwrap(v.(map[string]any))
	known := map[string]any{}
	for _, f := range o["fields"].([]any) {
		if m, ok := f.(map[string]any); ok {
			known[fmt.Sprint(m["name"])] = f
		}
	}
	j := judged{name: name, parsed: s, Header: []string{}, Rows: [][]string{}}
	var fields []any
	for at, column := range rows[0] {
		if known[column] != nil && !slices.Contains(j.Header, column) {
			j.Header, j.columns, fields = append(j.Header, column), append(j.columns, at), append(fields, known[column])
		}
	}
	for _, row := range rows[1:] {
		cells := make([]string, len(j.columns))
		for i, at := range j.columns {
			cells[i] = cell(row, at)
		}
		j.Rows = append(j.Rows, cells)
	}
	short := map[string]any{"fields": fields}
	for _, key := range [...]string{"missingValues", "primaryKey"} {
		if o[key] != nil {
			short[key] = o[key]
		}
	}
	if j.Schema, err = json.Marshal(short); err != nil {
		t.Fatal(err)
	}
	return j
}

// ours are the cells this room finds wrong by the rules both implementations know.
func (j judged) ours() map[[2]int]string {
	s, _, _ := Parse(j.Schema)
	cells := map[[2]int]string{}
	for _, f := range errorsOf(checkRows(s, append([][]string{j.Header}, j.Rows...))) {
		if f.Row > 0 {
			cells[[2]int{f.Row - 2, f.Column}] = f.Reason
		}
	}
	return cells
}

// cells are the cells the other implementation finds wrong. It names the row and the column of a repeated value in its
// sentence only, the row with the header counted.
func (v verdict) cells(j judged) map[[2]int]string {
	cells := map[[2]int]string{}
	for _, c := range v.Cells {
		at, message := [2]int{int(c[0].(float64)), int(c[1].(float64))}, fmt.Sprint(c[2])
		if m := repeatedValue.FindStringSubmatch(message); m != nil {
			at[1] = slices.Index(j.Header, m[1])
		}
		cells[at] = message
	}
	return cells
}

var repeatedValue = regexp.MustCompile(`unique constraint violation in column "(.*)"`)

// A difference is a kind of cell the two implementations judge otherwise, and why this room stays with its own.
type difference struct {
	kind   string // type of the field, "" for any
	format string // "" for any
	values string // pattern of the cells, "" for any
	ours   bool   // true: wrong here only; false: wrong there only
	reason string
}

var differences = []difference{
	{"datetime", "", `T.*([+-]\d\d:?\d\d|\.\d+Z|:\d\d)$`, false, "they only read Z; ISO 8601 knows offsets and fractions, and frictionless reads them"},
	{"datetime", "any", ``, false, "they read any date as JavaScript does; we read those of French files"},
	{"geojson", "", ``, false, "their copy of the GeoJSON profile refuses every geometry"},
	{"geojson", "topojson", ``, true, "they take any object for a topology"},
	{"string", "uri", `^(mailto|urn):`, false, "they only know addresses of the web; RFC 3986 knows other schemes"},
	{"integer", "", `^(\+\d+|0\d+|\d{17,}|\d+ \d+)$`, false, "xsd:integer has signs, zeros in front, any length; groupChar of integers came with version 2"},
	{"number", "", `[ .]`, true, "they remove the spaces of any number, and points where the decimal mark is a comma"},
	{"number", "", `^douze$`, true, "they read no digit as zero when bareNumber is false"},
	{"number", "", `^-inf$`, false, "the standard leaves the case of INF free"},
	{"date", "", ``, false, "strptime reads days and months of one digit, and French names; date any is day first"},
	{"date", "any", `^(mars )?2024$`, true, "a year or a month is no date"},
	{"time", "", `^24:00:00$`, true, "24:00 is no hour in the standard"},
	{"time", "", `^(8:30|8h30|23:59:59\.5|08:30:00Z)$`, false, "strptime reads hours of one digit; ISO 8601 has fractions and Z"},
	{"year", "", `^0999$`, false, "xsd:gYear has zeros in front"},
	{"duration", "", `^-P`, false, "xsd:duration may be negative"},
	{"geopoint", "", `,.*,`, true, "a point of the standard has two coordinates, written with a point"},
	{"array", "", ``, true, "they do not know arrayItem"},
	{"list", "", ``, true, "they do not know lists, which came with version 2"},
	{"list", "", ``, false, "they do not know lists, which came with version 2"},
	{"string", "", `^ERR002,PEDESTRIAN$`, true, "their patterns may hold for a part of the cell; those of XML Schema hold for the whole, as the author of this example expects"},
	{"", "", `^$`, false, "they do not skip the empty values of a unique column"},
}

// explains says whether the difference is about this cell.
func (d difference) explains(f Field, value string, ours bool) bool {
	ok, err := regexp.MatchString(d.values, value)
	return err == nil && ok && d.ours == ours && (d.kind == "" || d.kind == f.Type) && (d.format == "" || d.format == f.Format)
}

// compared counts what two implementations agree on.
type compared struct{ tables, verdicts, same, cells, explained int }

// compare puts all tables before the other implementation. A difference that no reason explains is an error.
func compare(t *testing.T, list []judged) (n compared) {
	t.Helper()
	for i, v := range judges(t, list) {
		j := list[i]
		if v.Refused != "" {
			t.Errorf("%s: refused: %s", j.name, v.Refused)
			continue
		}
		n.tables++
		ours, theirs := j.ours(), v.cells(j)
		left := false // some difference of verdict that is not explained
		check := func(at [2]int, mine bool, what string) {
			value, f := cell(j.Rows[at[0]], at[1]), Field{}
			if at[1] >= 0 && at[1] < len(j.Header) {
				f, _ = j.parsed.Field(j.Header[at[1]])
			}
			n.cells++
			// They tell of cells or of a repeated key, never of both in one row, and forget the keys of a row with an error.
			known := what == "schema.unique" || mine && slices.ContainsFunc(slices.Collect(maps.Keys(theirs)), func(other [2]int) bool { return other[0] == at[0] })
			if known || slices.ContainsFunc(differences, func(d difference) bool { return d.explains(f, value, mine) }) {
				n.explained++
				return
			}
			left = true
			t.Errorf("%s: row %d, %q %q: %s, wrong only here = %v", j.name, at[0], f.Name, value, what, mine)
		}
		for at, reason := range ours {
			if _, ok := theirs[at]; ok {
				n.same++
				n.cells++
			} else {
				check(at, true, reason)
			}
		}
		for at, message := range theirs {
			if _, ok := ours[at]; !ok {
				check(at, false, message)
			}
		}
		if (len(ours) == 0) == (len(theirs) == 0) {
			n.verdicts++
		} else if left {
			t.Errorf("%s: %d cells wrong here, %d there", j.name, len(ours), len(theirs))
		}
	}
	t.Logf("%d tables, same verdict for %d, cells wrong for both %d of %d, %d differences explained", n.tables, n.verdicts, n.same, n.cells, n.explained)
	return n
}

// Every value of the tests of types, before a second implementation.
func TestJudge_types(t *testing.T) {
	var list []judged
	for _, c := range typeCases {
		rows := [][]string{{"c"}}
		for _, v := range slices.Concat(c.good, c.bad) {
			rows = append(rows, []string{v})
		}
		f := field(t, c.kind, c.more)
		list = append(list, put(t, f, []byte(`{"fields": [`+f+`]}`), rows))
	}
	compare(t, list)
}

// The examples shipped with the tests, then every example and import of the shared data with every schema it may have.
func TestJudge_examples(t *testing.T) {
	list := []judged{}
	add := func(path, descriptor string, raw []byte) {
		rows := readTable(t, path)
		if j := put(t, filepath.Base(path)+", "+filepath.Base(descriptor), raw, rows); len(j.Header) > 2 {
			list = append(list, j)
		}
	}
	for file, name := range shippedExamples {
		raw, err := fs.ReadFile(schemas.Files, name+"/schema.json")
		if err != nil {
			raw = bytesOf(t, filepath.Join("testdata", name))
		}
		add(filepath.Join("testdata", file), name, raw)
	}
	dir := filepath.Join("..", "..", "..", "shared", "data", "schemas", "exemples")
	if _, err := os.Stat(dir); err == nil {
		for path, descriptors := range examplesOf(t, dir) {
			for _, d := range descriptors {
				add(path, d, bytesOf(t, d))
			}
		}
	}
	n := compare(t, list)
	if 100*n.same < 95*n.cells {
		t.Errorf("got %d cells wrong for both of %d, want at least 95 %%", n.same, n.cells)
	}
}

// shippedExamples are the example files of testdata and their schemas, in the pack or in testdata.
var shippedExamples = map[string]string{"subventions-valide.csv": "scdl/subventions", "subventions-invalide.csv": "scdl/subventions",
	"stationnement-valide.csv": "etalab/schema-stationnement", "stationnement-invalide.csv": "etalab/schema-stationnement",
	"irve-dynamique-valide.csv": "etalab/schema-irve-dynamique", "achats-valide.csv": "achats-siret.json"}

// examplesOf pairs each table of the folder with the schemas beside it.
func examplesOf(t *testing.T, dir string) map[string][]string {
	t.Helper()
	list := map[string][]string{}
	imports, err := filepath.Glob(filepath.Join(dir, "ma-cantine", "schemas", "imports", "*.json"))
	if err != nil || len(imports) == 0 {
		t.Fatalf("got no schema of imports (%v)", err)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".csv", ".tsv", ".xlsx", ".ods"}, filepath.Ext(path)) {
			return err
		}
		descriptors, err := filepath.Glob(filepath.Join(filepath.Dir(path), "schema*.json"))
		switch {
		case strings.HasSuffix(path, "diagnostics_bad_file_format.ods"):
			return nil // an empty sheet, which the reader refuses
		case strings.Contains(path, "ma-cantine"):
			descriptors = imports
		case strings.Contains(path, "scdl-subventions"):
			descriptors = append(descriptors, filepath.Join(dir, "..", "latest", "scdl", "subventions", "schema.json"))
		}
		list[path] = descriptors
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
