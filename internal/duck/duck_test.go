package duck

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/fault"
)

// engine opens an engine confined to the test's folder, whose name has the characters DuckDB would expand.
func engine(t testing.TB) (*Engine, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data [2] d'été *")
	temp := filepath.Join(t.TempDir(), "tmp")
	for _, each := range []string{dir, temp} {
		if err := os.MkdirAll(each, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Open(Settings{Threads: 2, MemoryMB: 256, TempDir: temp, Dirs: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, dir
}

func each(cells ...[]string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for i, row := range cells {
			if !yield(Row{Number: int64(i + 2), Cells: row}, nil) {
				return
			}
		}
	}
}

var venues = []Column{{"nom", Text}, {"Places \"assises\"", Integer}, {"prix", Number}, {"ouvert", Boolean},
	{"depuis", Date}, {"vu le", Timestamp}}

// write makes the little file the tests question.
func write(t testing.TB, e *Engine, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "lieux.parquet")
	n, err := e.Write(t.Context(), path, venues, each(
		[]string{"Évreux", "120", "4.5", "true", "1999-12-31", "2026-01-31T12:30:00"},
		[]string{"eau vive", "", "1e3", "false", "", "2026-01-31T12:30:00.250001+02:00"},
		[]string{"zèbre", "-7", "0.1"},
		[]string{"", "120", "", "true", "2001-02-28", ""},
		[]string{"École", "9223372036854775807", "-0.5", "", "2030-01-01", ""},
		[]string{"ecole", "9223372036854775807", "", "", "", ""},
	))
	if err != nil || n != 6 {
		t.Fatalf("got %d rows, %v, want 6", n, err)
	}
	return path
}

func TestATableIsReadBackWithItsTypes(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	columns, rows, err := e.Describe(t.Context(), path)
	if err != nil || rows != 6 || !slices.Equal(columns, venues) {
		t.Fatalf("got %v, %d, %v", columns, rows, err)
	}
	got, err := e.Query(t.Context(), path, Select{})
	if err != nil {
		t.Fatal(err)
	}
	want := []any{"eau vive", nil, 1000.0, false, nil, time.Date(2026, 1, 31, 10, 30, 0, 250001000, time.UTC)}
	if !slices.Equal(got.Rows[1], want) {
		t.Errorf("got %#v, want %#v", got.Rows[1], want)
	}
	if got.Rows[0][4] != time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC) || got.Next != nil {
		t.Errorf("got %v, next %v", got.Rows[0], got.Next)
	}
	if got.Rows[2][5] != nil || got.Rows[3][0] != nil {
		t.Errorf("missing cells: got %v and %v", got.Rows[2], got.Rows[3])
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want mode 0600", info.Mode(), err)
	}
}

func TestACellOfTheWrongTypeIsNamedAndNothingIsLeft(t *testing.T) {
	e, dir := engine(t)
	for _, test := range []struct {
		kind Type
		bad  []string
	}{
		{Integer, []string{"12a", "1.5", "9223372036854775808", " 1", "1e3"}},
		{Number, []string{"1,5", "inf", "NaN", "0x1p-2", "1_000", "1e999", "-"}},
		{Boolean, []string{"oui", "TRUE", "vrai"}},
		{Date, []string{"31/01/2026", "2026-02-30", "2026-1-1"}},
		{Timestamp, []string{"12:30", "2026-01-31T25:00:00"}},
		{Text, []string{"caf\xe9"}},
	} {
		for _, bad := range test.bad {
			path := filepath.Join(dir, "faux.parquet")
			_, err := e.Write(t.Context(), path, []Column{{"a", Text}, {"valeur", test.kind}}, each([]string{"x"}, []string{"y", bad}))
			f, ok := errors.AsType[*fault.Error](err)
			if !ok || f.Key != "duck.bad_cell" || f.Args[0] != "valeur" || f.Args[1] != int64(3) {
				t.Errorf("%s %q: got %v, want duck.bad_cell for column valeur, row 3", test.kind, bad, err)
			}
			if left, _ := filepath.Glob(strings.ReplaceAll(dir, "[", "\\[") + "/faux*"); len(left) > 0 {
				t.Errorf("%q left %v", bad, left)
			}
		}
	}
	write(t, e, dir) // the connections still work
}

func TestColumnsThatCannotBeAreRefused(t *testing.T) {
	e, dir := engine(t)
	for key, columns := range map[string][]Column{
		"duck.no_column":        {},
		"duck.bad_column":       {{"Nom", Text}, {"nom", Text}},
		"duck.too_many_columns": make([]Column, columnLimit+1),
	} {
		if _, err := e.Write(t.Context(), filepath.Join(dir, "x"), columns, each()); !fault.Is(err, key) {
			t.Errorf("got %v, want %s", err, key)
		}
	}
	for _, name := range []string{"", "_row", "_ROW", "a\x00b", "\xff"} {
		if _, err := e.Write(t.Context(), filepath.Join(dir, "x"), []Column{{name, Text}}, each()); !fault.Is(err, "duck.bad_column") {
			t.Errorf("%q: got %v, want duck.bad_column", name, err)
		}
	}
}

func TestAnyNameAndAnyTextComeBackAsTheyWere(t *testing.T) {
	e, dir := engine(t)
	names := []string{`a"b'c;--`, "é", " ", "select", "$1", "été\nhiver", "日本", "c0", "r", "{0}", "a.b", "file_row_number"}
	cells := []string{`"'`, "a\x00b", strings.Repeat("long", 5000), "\u00a0", "\r\n", "$1", "NULL", "\\N", "null", "0012", "'; DROP TABLE w", "%_"}
	columns := make([]Column, len(names))
	for i, name := range names {
		columns[i] = Column{name, Text}
	}
	path := filepath.Join(dir, "noms.parquet")
	if _, err := e.Write(t.Context(), path, columns, each(cells)); err != nil {
		t.Fatal(err)
	}
	got, err := e.Query(t.Context(), path, Select{Order: []Sort{{Column: names[0]}}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range cells {
		if got.Columns[i].Name != names[i] || got.Rows[0][i] != cells[i] {
			t.Errorf("got %q = %q, want %q = %q", got.Columns[i].Name, got.Rows[0][i], names[i], cells[i])
		}
	}
	for i, cell := range cells {
		if cell == "a\x00b" {
			continue
		}
		n, err := e.Count(t.Context(), path, []Filter{{names[i], Eq, []string{cell}}, {names[i], Contains, []string{cell}}})
		if err != nil || n != 1 {
			t.Errorf("%q = %q: got %d, %v", names[i], cell, n, err)
		}
	}
}

func TestAWideTableKeepsItsTypesAndTexts(t *testing.T) {
	e, dir := engine(t)
	path := filepath.Join(dir, "large.parquet")
	kinds := []Type{Text, Integer, Number, Boolean, Date, Timestamp}
	samples := []string{"a\x00'b", "-12", "1e-7", "0", "2026-01-31", "2026-01-31T12:30:00.25+02:00"}
	want := []any{"a\x00'b", int64(-12), 1e-7, false, time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 31, 10, 30, 0, 250e6, time.UTC)}
	columns, cells := make([]Column, 1000), make([]string, 1000)
	for i := range columns {
		columns[i], cells[i] = Column{fmt.Sprintf("colonne %d", i), kinds[i%6]}, samples[i%6]
	}
	if _, err := e.Write(t.Context(), path, columns, each(cells, cells[:7])); err != nil {
		t.Fatal(err)
	}
	got, err := e.Query(t.Context(), path, Select{})
	if err != nil || len(got.Rows) != 2 {
		t.Fatalf("got %d rows, %v", len(got.Rows), err)
	}
	for i := range columns {
		if got.Rows[0][i] != want[i%6] {
			t.Fatalf("column %d: got %#v, want %#v", i, got.Rows[0][i], want[i%6])
		}
	}
	if got.Rows[1][6] != want[0] || got.Rows[1][7] != nil || got.Rows[1][999] != nil {
		t.Errorf("short row: got %v", got.Rows[1][5:9])
	}
	wrong := slices.Clone(cells)
	wrong[997] = "x" // an integer column
	if _, err := e.Write(t.Context(), path, columns, each(wrong)); !fault.Is(err, "duck.bad_cell") {
		t.Errorf("got %v, want duck.bad_cell", err)
	}
}

func TestAnAnswerKeptIsNobodysToChange(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	for range 3 {
		got, err := e.Query(t.Context(), path, Select{})
		if err != nil || got.Rows[0][0] != "Évreux" || len(got.Rows[0]) != len(venues) {
			t.Fatalf("got %v, %v", got.Rows, err)
		}
		got.Rows[0][0] = "changed"
	}
	if _, err := e.Write(t.Context(), path, venues[:1], each([]string{"autre"})); err != nil {
		t.Fatal(err)
	}
	got, err := e.Query(t.Context(), path, Select{})
	if err != nil || len(got.Rows) != 1 || got.Rows[0][0] != "autre" {
		t.Errorf("got %v, %v", got.Rows, err)
	}
}

func TestFiltersKeepTheRightRows(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	seats := venues[1].Name
	for _, test := range []struct {
		filter Filter
		want   []int64
	}{
		{Filter{"nom", Eq, []string{"École"}}, []int64{6}},
		{Filter{"nom", Ne, []string{"École"}}, []int64{2, 3, 4, 5, 7}},
		{Filter{"nom", Contains, []string{"ECOLE"}}, []int64{6, 7}},
		{Filter{"nom", StartsWith, []string{"éC"}}, []int64{6, 7}},
		{Filter{"nom", IsNull, nil}, []int64{5}},
		{Filter{"nom", NotNull, nil}, []int64{2, 3, 4, 6, 7}},
		{Filter{"nom", In, []string{"zèbre", "Évreux"}}, []int64{2, 4}},
		{Filter{seats, Eq, []string{"120"}}, []int64{2, 5}},
		{Filter{seats, Contains, []string{"12"}}, []int64{2, 5}},
		{Filter{seats, Lt, []string{"0"}}, []int64{4}},
		{Filter{"prix", Ge, []string{"4.5"}}, []int64{2, 3}},
		{Filter{"prix", Eq, []string{"0.1"}}, []int64{4}},
		{Filter{"ouvert", Eq, []string{"1"}}, []int64{2, 5}},
		{Filter{"depuis", Gt, []string{"2000-01-01"}}, []int64{5, 6}},
		{Filter{"depuis", StartsWith, []string{"2030"}}, []int64{6}},
		{Filter{"vu le", Le, []string{"2026-01-31T10:30:00.250001"}}, []int64{3}},
		{Filter{"vu le", Eq, []string{"2026-01-31T14:30:00+02:00"}}, []int64{2}},
		{Filter{RowColumn, Le, []string{"3"}}, []int64{2, 3}},
	} {
		got, err := e.Query(t.Context(), path, Select{Columns: []string{RowColumn}, Where: []Filter{test.filter}})
		if err != nil {
			t.Errorf("%v: %v", test.filter, err)
			continue
		}
		var rows []int64
		for _, row := range got.Rows {
			rows = append(rows, row[0].(int64))
		}
		if !slices.Equal(rows, test.want) {
			t.Errorf("%v: got %v, want %v", test.filter, rows, test.want)
		}
		if n, err := e.Count(t.Context(), path, []Filter{test.filter}); err != nil || n != int64(len(test.want)) {
			t.Errorf("%v: counted %d, %v", test.filter, n, err)
		}
	}
}

func TestWrongQuestionsAreExplained(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	bad := filepath.Join(dir, "bad.parquet")
	if err := os.WriteFile(bad, []byte("PAR1 not really PAR1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path string
		ask  Select
		want string
	}{
		{path, Select{Columns: []string{`nom" FROM x; --`}}, "duck.unknown_column"},
		{path, Select{Columns: []string{"NOM"}}, "duck.unknown_column"},
		{path, Select{Order: []Sort{{Column: "x"}}}, "duck.unknown_column"},
		{path, Select{Where: []Filter{{"x", Eq, []string{"1"}}}}, "duck.unknown_column"},
		{path, Select{Where: []Filter{{"prix", Eq, []string{"1,5"}}}}, "duck.bad_value"},
		{path, Select{Where: []Filter{{"nom", Eq, []string{"a\x00"}}}}, "duck.bad_value"},
		{path, Select{Where: []Filter{{"nom", "like", []string{"a"}}}}, "duck.bad_filter"},
		{path, Select{Where: []Filter{{"nom", Eq, nil}}}, "duck.bad_filter"},
		{path, Select{Where: []Filter{{"nom", In, make([]string, valuesMost+1)}}}, "duck.bad_filter"},
		{path, Select{Limit: -1}, "duck.bad_limit"},
		{path, Select{Columns: slices.Repeat([]string{"nom"}, 50)}, "duck.asked_too_much"},
		{path, Select{Where: slices.Repeat([]Filter{{"nom", NotNull, nil}}, filtersMost+1)}, "duck.asked_too_much"},
		{path, Select{Order: slices.Repeat([]Sort{{Column: "nom"}}, ordersMost+1)}, "duck.asked_too_much"},
		{path, Select{After: []any{}}, "duck.bad_page"},
		{path, Select{After: []any{"x"}}, "duck.bad_page"},
		{path, Select{After: []any{nil}}, "duck.bad_page"},
		{path, Select{After: []any{3.5}}, "duck.bad_page"},
		{bad, Select{}, "duck.bad_file"},
		{bad + "x", Select{}, "duck.missing_file"},
	} {
		if _, err := e.Query(t.Context(), test.path, test.ask); !fault.Is(err, test.want) {
			t.Errorf("%+v: got %v, want %s", test.ask, err, test.want)
		}
	}
}

func TestPagesByKeyGiveEachRowOnceInOrder(t *testing.T) {
	e, dir := engine(t)
	path := filepath.Join(dir, "pages.parquet")
	names := []string{"Évreux", "eau", "École", "ecole", "abbé", "zèbre", ""}
	columns := []Column{{"nom", Text}, {"n", Integer}, {"d", Date}, {"x", Number}, {"b", Boolean}}
	const total = 500
	_, err := e.Write(t.Context(), path, columns, func(yield func(Row, error) bool) {
		for i := range total {
			cells := []string{names[i%7], fmt.Sprint(i % 5), fmt.Sprintf("20%02d-01-01", i%11), fmt.Sprint(float64(i%13) / 3), fmt.Sprint(i%2 == 0)}
			for j := 1; j < 5; j++ {
				if (i+j)%6 == 0 {
					cells[j] = ""
				}
			}
			if !yield(Row{int64(i + 1), cells}, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range [][]Sort{
		nil, {{"nom", false}}, {{"nom", true}}, {{"n", true}, {"nom", false}}, {{"d", false}, {"x", true}, {"b", true}},
		{{"b", true}, {RowColumn, true}}, {{RowColumn, true}}, {{"x", true}},
	} {
		whole, err := e.Query(t.Context(), path, Select{Columns: []string{RowColumn}, Order: order, Limit: total})
		if err != nil || len(whole.Rows) != total || whole.Next != nil {
			t.Fatalf("%v: got %d rows, %v", order, len(whole.Rows), err)
		}
		var paged [][]any
		ask := Select{Columns: []string{RowColumn}, Order: order, Limit: 37}
		for {
			page, err := e.Query(t.Context(), path, ask)
			if err != nil {
				t.Fatalf("%v after %v: %v", order, ask.After, err)
			}
			paged = append(paged, page.Rows...)
			if page.Next == nil {
				break
			}
			sent, err := json.Marshal(page.Next) // as a cursor travels
			if err != nil {
				t.Fatal(err)
			}
			ask.After = nil
			if err := json.Unmarshal(sent, &ask.After); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.EqualFunc(paged, whole.Rows, slices.Equal) {
			t.Errorf("%v: pages differ from the whole (%d rows, want %d)", order, len(paged), total)
		}
	}
}

func TestTextSortsAsAFrenchDictionary(t *testing.T) {
	e, dir := engine(t)
	got, err := e.Query(t.Context(), write(t, e, dir), Select{Columns: []string{"nom"}, Order: []Sort{{Column: "nom"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []any{"eau vive", "ecole", "École", "Évreux", "zèbre", nil}
	for i := range want {
		if got.Rows[i][0] != want[i] {
			t.Errorf("place %d: got %v, want %v", i, got.Rows[i][0], want[i])
		}
	}
}

func TestMeasuresByGroup(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	seats := venues[1].Name
	got, err := e.Aggregate(t.Context(), path, Group{By: []string{"ouvert"}, Measures: []Measure{
		{Fn: Count}, {Fn: Sum, Column: seats}, {Fn: Avg, Column: "prix", As: "moyenne"}, {Fn: Distinct, Column: "nom"},
		{Fn: Max, Column: "depuis"}, {Fn: Median, Column: seats}, {Fn: Count, Column: "prix"}},
		Order: []Sort{{"count", true}, {"moyenne", false}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 3 || got.Rows[0][0] != nil || got.Rows[0][1] != int64(3) || got.Rows[0][2] != 18446744073709551607.0 {
		t.Errorf("got %v", got.Rows)
	}
	if got.Rows[1][0] != true || got.Rows[1][2] != int64(240) || got.Rows[1][3] != 4.5 || got.Rows[1][6] != 120.0 {
		t.Errorf("got %v", got.Rows[1])
	}
	if got.Columns[2].Name != "sum_"+seats || got.Columns[3] != (Column{"moyenne", Number}) {
		t.Errorf("got columns %v", got.Columns)
	}
	for _, measure := range []Measure{{Fn: Sum, Column: "nom"}, {Fn: "mode", Column: "prix"}, {Fn: Avg, Column: "depuis"}} {
		if _, err := e.Aggregate(t.Context(), path, Group{Measures: []Measure{measure}}); !fault.Is(err, "duck.bad_measure") {
			t.Errorf("%v: got %v, want duck.bad_measure", measure, err)
		}
	}
	if _, err := e.Aggregate(t.Context(), path, Group{}); !fault.Is(err, "duck.bad_measure") {
		t.Errorf("got %v, want duck.bad_measure", err)
	}
}

func TestExportsReadBack(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	ask := Select{Where: []Filter{{"nom", Contains, []string{"e"}}}, Order: []Sort{{"nom", true}}, Limit: 4}
	out := func(format Format) []byte {
		var b bytes.Buffer
		if err := e.Export(t.Context(), path, ask, format, &b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	records, err := csv.NewReader(bytes.NewReader(out(CSV))).ReadAll()
	if err != nil || len(records) != 5 || records[0][1] != venues[1].Name || records[2][5] != "2026-01-31T12:30:00" || records[2][4] != "1999-12-31" {
		t.Errorf("csv: got %q, %v", records, err)
	}
	var list []map[string]any
	if err := json.Unmarshal(out(JSON), &list); err != nil || len(list) != 4 || list[0]["nom"] != "zèbre" || list[0]["ouvert"] != nil || list[1]["prix"] != 4.5 {
		t.Errorf("json: got %v, %v", list, err)
	}
	lines := bytes.Split(bytes.TrimSpace(out(NDJSON)), []byte("\n"))
	if len(lines) != 4 || json.Unmarshal(lines[3], &map[string]any{}) != nil {
		t.Errorf("ndjson: got %q", lines)
	}
	if parquet := out(Parquet); !bytes.HasPrefix(parquet, []byte("PAR1")) || !bytes.HasSuffix(parquet, []byte("PAR1")) {
		t.Error("parquet: no marks")
	}
	if err := e.Export(t.Context(), path, Select{}, "pdf", &bytes.Buffer{}); !fault.Is(err, "duck.bad_format") {
		t.Errorf("got %v, want duck.bad_format", err)
	}
	left, err := filepath.Glob(filepath.Join(e.settings.TempDir, "export-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("exports left %v, %v", left, err)
	}
}

func TestAWriteThatFailsOrIsCancelledLeavesNothing(t *testing.T) {
	e, dir := engine(t)
	path := filepath.Join(dir, "coupe.parquet")
	broken := errors.New("broken")
	_, err := e.Write(t.Context(), path, []Column{{"a", Text}}, func(yield func(Row, error) bool) {
		for i := range 5000 {
			yield(Row{int64(i + 1), []string{"x"}}, nil)
		}
		yield(Row{}, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = e.Write(ctx, path, []Column{{"a", Text}}, func(yield func(Row, error) bool) {
		for i := 0; yield(Row{int64(i + 1), []string{"x"}}, nil); i++ {
			if i == 10_000 {
				cancel()
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("left %v, %v", entries, err)
	}
	write(t, e, dir)
}

func TestTheEngineReadsOnlyItsFoldersAndStaysLocked(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	outside := filepath.Join(t.TempDir(), "dehors.parquet")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(outside, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Query(t.Context(), outside, Select{}); err == nil {
		t.Error("a file outside was read")
	}
	for _, statement := range []string{"SET threads = 1", "SET enable_external_access = true", "INSTALL httpfs", "ATTACH '" + outside + "2'"} {
		if _, err := e.db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%s was accepted", statement)
		}
	}
}

func TestFiftyClientsAreServed(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	var clients sync.WaitGroup
	for i := range 50 {
		clients.Go(func() {
			for range 4 {
				got, err := e.Query(t.Context(), path, Select{Order: []Sort{{"nom", i%2 == 0}}})
				if err != nil || len(got.Rows) != 6 {
					t.Errorf("got %d rows, %v", len(got.Rows), err)
				}
			}
		})
	}
	clients.Wait()
}

func FuzzCanonicalTextIsReadBack(f *testing.F) {
	for _, seed := range []string{"", "1", "-1.5e3", "true", "2026-01-31", "2026-01-31T12:30:00.5+02:00", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for kind := range sqlTypes {
			value, ok := parse(kind, s)
			if !ok {
				continue
			}
			text, _ := format(kind, value)
			again, ok := parse(kind, text)
			if !ok || again != value {
				t.Errorf("%s %q: got %v from %q, want %v", kind, s, again, text, value)
			}
		}
	})
}
