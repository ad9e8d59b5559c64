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

// The reasons for which a whole table is valid here and not there, or the other way round.
const (
	offsets     = "they only read Z; ISO 8601 knows offsets and fractions, and frictionless reads them"
	anyGeometry = "their copy of the GeoJSON profile names its parts by an address it cannot reach, and refuses every object"
	topologies  = "they take a geometry for a topology"
	signs       = "they remove the spaces of any number, and points where the decimal mark is a comma"
	noDigit     = "they read no digit as zero when bareNumber is false"
	arrayItems  = "they do not know arrayItem"
)

// otherVerdicts are all the tables that one implementation takes and the other refuses, each with the reasons of every one
// of its cells. Any other table must have the same verdict, and these must still differ.
var otherVerdicts = map[string][]string{
	`{"decimalChar":",","groupChar":".","name":"c","type":"number"}`:                                     {signs},
	`{"bareNumber":false,"decimalChar":",","groupChar":" ","name":"c","type":"number"}`:                  {noDigit},
	`{"format":"topojson","name":"c","type":"geojson"}`:                                                  {topologies},
	`{"arrayItem":{"constraints":{"enum":["a","b"]},"type":"string"},"name":"c","type":"array"}`:         {arrayItems},
	`{"arrayItem":{"enum":["a"],"type":"string"},"name":"c","type":"array"}`:                             {arrayItems},
	"irve-dynamique-valide.csv, schema-irve-dynamique":                                                   {offsets},
	"irve/exemple-valide-dynamique.csv, irve/schema-dynamique.json":                                      {offsets},
	"comptage-mobilites-channel/exemple-valide-eco-compteur.csv, comptage-mobilites-channel/schema.json": {offsets},
	"futurocite-travaux-voirie/exemple-valide.csv, futurocite-travaux-voirie/schema.json":                {anyGeometry},
	"futurocite-equipements/exemple-valide.csv, futurocite-equipements/schema.json":                      {anyGeometry},
	"futurocite-defibrillateurs/exemple-valide.csv, futurocite-defibrillateurs/schema.json":              {anyGeometry, offsets},
	"futurocite-marches/exemple-valide.csv, futurocite-marches/schema.json":                              {anyGeometry, offsets},
}

var differences = []difference{
	{"datetime", "", `T.*([+-]\d\d:?\d\d|\.\d+Z|:\d\d)$`, false, offsets},
	{"datetime", "any", ``, false, "they read any date as JavaScript does; we read those of French files"},
	{"geojson", "", ``, false, anyGeometry},
	{"geojson", "topojson", ``, true, topologies},
	{"string", "uri", `^(mailto|urn):`, false, "they only know addresses of the web; RFC 3986 knows other schemes"},
	{"integer", "", `^(\+\d+|0\d+|\d{17,}|\d+ \d+)$`, false, "xsd:integer has signs, zeros in front, any length; groupChar of integers came with version 2"},
	{"number", "", `[ .]`, true, signs},
	{"number", "", `^douze$`, true, noDigit},
	{"number", "", `^-inf$`, false, "the standard leaves the case of INF free"},
	{"date", "", ``, false, "strptime reads days and months of one digit, and French names; date any is day first"},
	{"date", "any", `^(mars )?2024$`, true, "a year or a month is no date"},
	{"time", "", `^24:00:00$`, true, "24:00 is no hour in the standard"},
	{"time", "", `^(8:30|8h30|23:59:59\.5|08:30:00Z)$`, false, "strptime reads hours of one digit; ISO 8601 has fractions and Z"},
	{"year", "", `^0999$`, false, "xsd:gYear has zeros in front"},
	{"duration", "", `^-P`, false, "xsd:duration may be negative"},
	{"geopoint", "", `,.*,`, true, "a point of the standard has two coordinates, written with a point"},
	{"array", "", ``, true, arrayItems},
	{"list", "", ``, true, "they do not know lists, which came with version 2"},
	{"list", "", ``, false, "they do not know lists, which came with version 2"},
	{"string", "", `^ERR002,PEDESTRIAN$`, true, "their patterns may hold for a part of the cell; those of XML Schema hold for the whole, as the author of this example expects"},
	{"", "", `^$`, false, "they do not skip the empty values of a unique column"},
}

// reasonOf is why the two implementations differ about a cell, "" when nothing explains it.
func reasonOf(f Field, value string, ours bool) string {
	i := slices.IndexFunc(differences, func(d difference) bool { return d.explains(f, value, ours) })
	if i < 0 {
		return ""
	}
	return differences[i].reason
}

// explains says whether the difference is about this cell.
func (d difference) explains(f Field, value string, ours bool) bool {
	ok, err := regexp.MatchString(d.values, value)
	return err == nil && ok && d.ours == ours && (d.kind == "" || d.kind == f.Type) && (d.format == "" || d.format == f.Format)
}

// compared counts what two implementations agree on.
type compared struct {
	tables, verdicts, same, cells, explained int
	apart                                    map[string]bool // names of the tables with another verdict
	used                                     map[string]bool // reasons that explained some cell
}

// compare puts all tables before the other implementation. A difference of a cell that no reason explains is an error, and so
// is one of verdict that is not listed.
func compare(t *testing.T, list []judged) (n compared) {
	t.Helper()
	n.apart, n.used = map[string]bool{}, map[string]bool{}
	for i, v := range judges(t, list) {
		j := list[i]
		if v.Refused != "" {
			t.Errorf("%s: refused: %s", j.name, v.Refused)
			continue
		}
		n.tables++
		ours, theirs := j.ours(), v.cells(j)
		reasons := map[string]bool{} // of the differences of this table
		check := func(at [2]int, mine bool, what string) {
			value, f := cell(j.Rows[at[0]], at[1]), Field{}
			if at[1] >= 0 && at[1] < len(j.Header) {
				f, _ = j.parsed.Field(j.Header[at[1]])
			}
			n.cells++
			// They tell of cells or of a repeated key, never of both in one row, and forget the keys of a row with an error.
			known := what == "schema.unique" || mine && slices.ContainsFunc(slices.Collect(maps.Keys(theirs)), func(other [2]int) bool { return other[0] == at[0] })
			reason := reasonOf(f, value, mine)
			if known || reason != "" {
				n.explained++
				n.used[reason] = true
				reasons[reason] = true
				return
			}
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
			continue
		}
		n.apart[j.name] = true
		if listed := otherVerdicts[j.name]; !maps.Equal(reasons, setOf(listed)) {
			t.Errorf("%s: %d cells wrong here, %d there, for %q; listed for %q", j.name, len(ours), len(theirs), slices.Sorted(maps.Keys(reasons)), listed)
		}
	}
	if n.verdicts+len(n.apart) != n.tables {
		t.Errorf("got %d tables with the same verdict and %d others, of %d: two tables have one name", n.verdicts, len(n.apart), n.tables)
	}
	t.Logf("%d tables, same verdict for %d, cells wrong for both %d of %d, %d differences explained", n.tables, n.verdicts, n.same, n.cells, n.explained)
	return n
}

func setOf(list []string) map[string]bool {
	set := map[string]bool{}
	for _, e := range list {
		set[e] = true
	}
	return set
}

// A second implementation gives the same verdict on every table but those of otherVerdicts, and finds the same cells but for
// the differences. What is listed and no longer differs is an error too, where all tables are at hand.
func TestJudge_sameVerdicts(t *testing.T) {
	apart, used := map[string]bool{}, map[string]bool{}
	kinds, whole := map[string]func(*testing.T) ([]judged, bool){"types": judgedTypes, "examples": judgedExamples}, 0
	for name, tables := range kinds {
		t.Run(name, func(t *testing.T) {
			list, all := tables(t)
			n := compare(t, list)
			if name == "examples" && 100*n.same < 95*n.cells {
				t.Errorf("got %d cells wrong for both of %d, want at least 95 %%", n.same, n.cells)
			}
			if all && n.tables > 0 { // not reached where it is skipped
				whole++
			}
			maps.Copy(apart, n.apart)
			maps.Copy(used, n.used)
		})
	}
	if whole < len(kinds) {
		t.Skip("the judge or the shared examples are not at hand: whether every listed difference is still one is not checked")
	}
	for name := range otherVerdicts {
		if !apart[name] {
			t.Errorf("%s: listed, and the verdict is the same or the table is gone", name)
		}
	}
	for _, d := range differences {
		if !used[d.reason] {
			t.Errorf("no cell differs any more for %q", d.reason)
		}
	}
}

// The reasons of otherVerdicts are what they say: the other implementation takes the first values, and refuses the others.
func TestJudge_reasonsHold(t *testing.T) {
	point, line := `{"type": "Point", "coordinates": [2.35, 48.85]}`, `{"type": "LineString", "coordinates": [[0, 1], [2, 3]]}`
	cases := []struct {
		reason, kind   string
		more           map[string]any
		takes, refuses []string
	}{
		{offsets, "datetime", nil, []string{"2022-10-18T12:35:49Z"}, []string{"2022-10-18T12:35:49+0200", "2022-10-18T12:35:49+02:00", "2022-10-18T12:35:49.5Z"}},
		{anyGeometry, "geojson", nil, nil, []string{point, line, `{"type": "FeatureCollection", "features": []}`}},
		{topologies, "geojson", map[string]any{"format": "topojson"}, []string{point}, []string{`{"type": "Point"}`}},
		{signs, "number", map[string]any{"decimalChar": ",", "groupChar": "."}, []string{"1 000,5", "1.2.3,5"}, []string{"douze"}},
		{noDigit, "number", map[string]any{"bareNumber": false}, []string{"douze"}, nil},
		{arrayItems, "array", map[string]any{"arrayItem": map[string]any{"type": "integer"}}, []string{`["a"]`}, []string{"a"}},
	}
	var list []judged
	for _, c := range cases {
		rows := [][]string{{"c"}}
		for _, v := range slices.Concat(c.takes, c.refuses) {
			rows = append(rows, []string{v})
		}
		list = append(list, put(t, c.reason, []byte(`{"fields": [`+field(t, c.kind, c.more)+`]}`), rows))
	}
	for i, v := range judges(t, list) {
		wrong := v.cells(list[i])
		for row := range list[i].Rows {
			if _, refused := wrong[[2]int{row, 0}]; refused != (row >= len(cases[i].takes)) {
				t.Errorf("%s: %s: refused %v", cases[i].reason, list[i].Rows[row][0], refused)
			}
		}
	}
}

// judgedTypes are the values of the tests of types.
func judgedTypes(t *testing.T) (list []judged, whole bool) {
	t.Helper()
	for _, c := range typeCases {
		rows := [][]string{{"c"}}
		for _, v := range slices.Concat(c.good, c.bad) {
			rows = append(rows, []string{v})
		}
		f := field(t, c.kind, c.more)
		list = append(list, put(t, f, []byte(`{"fields": [`+f+`]}`), rows))
	}
	return list, true
}

// judgedExamples are the examples shipped with the tests, then every example and import of the shared data with every schema
// it may have.
func judgedExamples(t *testing.T) (list []judged, whole bool) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "schemas", "exemples")
	add := func(path, descriptor string, raw []byte) {
		rows := readTable(t, path)
		if j := put(t, shortName(dir, path)+", "+shortName(dir, descriptor), raw, rows); len(j.Header) > 2 {
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
	if _, err := os.Stat(dir); err == nil {
		whole = true
		for path, descriptors := range examplesOf(t, dir) {
			for _, d := range descriptors {
				add(path, d, bytesOf(t, d))
			}
		}
	}
	return list, whole
}

// shortName is a path below dir, or the last part of another.
func shortName(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.Base(path)
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
