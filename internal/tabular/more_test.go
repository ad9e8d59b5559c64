package tabular

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestXLSXWriter_isReadBackAsWritten(t *testing.T) {
	var b bytes.Buffer
	w, err := NewXLSXWriter(&b, "Été: 'a/b'", []string{"nom", "n", "ok", "jour", "heure", "code"}, []float64{20})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 3, 1, 10, 30, 15, 0, time.FixedZone("x", 7200))
	for _, row := range [][]Cell{
		{TextCell("=1+1 <é> & \"_x000D_\"\n\x01"), NumberCell(0.1), BoolCell(true), DateCell(at), TimeCell(at), TextCell("01004")},
		{TextCell("vieux"), NumberCell(math.NaN()), BoolCell(false), DateCell(time.Date(1789, 7, 14, 0, 0, 0, 0, time.UTC))},
		{{}, NumberCell(12345678901234)},
	} {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, columns, rows, err := readAll(t, b.Bytes(), "f.xlsx", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Sheet != "Été  'a b" || strings.Join(columns, "|") != "nom|n|ok|jour|heure|code" {
		t.Errorf("got sheet %q, columns %q", r.Sheet, columns)
	}
	want := []string{"=1+1 <é> & \"_x000D_\"\n|0.1|true|2024-03-01|2024-03-01T10:30:15|01004",
		"vieux||false|1789-07-14||", "|12345678901234||||"}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	if bytes.Contains(b.Bytes(), []byte("<f>")) {
		t.Error("a formula was written")
	}
}

func TestCSVCell_neutralisesFormulasOnly(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a", "=1+1": "'=1+1", "@x": "'@x", "+33 1": "'+33 1", "-12,5": "-12,5", "+3": "+3", "-": "'-",
		"-cmd": "'-cmd", "\tx": "'\tx", "\rx": "'\rx", "a=b": "a=b",
	} {
		if got := CSVCell(in); got != want {
			t.Errorf("CSVCell(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestText_hasEveryKeyInBothLanguages(t *testing.T) {
	catalogues := map[string]map[string]any{}
	for _, lang := range []string{"fr", "en"} {
		b, err := Text.ReadFile("text/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]any{}
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		catalogues[lang] = m
	}
	fr, en := catalogues["fr"], catalogues["en"]
	holes := regexp.MustCompile(`\{\d\}`)
	list := func(v any) []string {
		b, _ := json.Marshal(v)
		l := holes.FindAllString(string(b), -1)
		slices.Sort(l)
		return slices.Compact(l)
	}
	for key := range fr {
		if !slices.Equal(list(fr[key]), list(en[key])) {
			t.Errorf("%s: placeholders differ", key)
		}
	}
	if len(fr) != len(en) {
		t.Errorf("got %d French and %d English keys", len(fr), len(en))
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		b, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(tabular\.[a-z_0-9]+)"`).FindAllSubmatch(b, -1) {
			used[string(m[1])] = true
			if fr[string(m[1])] == nil {
				t.Errorf("%s: %s has no sentence", f.Name(), m[1])
			}
		}
	}
	for key := range fr {
		if !used[key] {
			t.Errorf("%s is never used", key)
		}
	}
}

func TestLetterName(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := letterName(i); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := columnOf([]byte(want + "12")); got != i {
			t.Errorf("columnOf(%s): got %d, want %d", want, got, i)
		}
	}
}

// small limits keep fuzzing quick.
var fuzzLimits = Limits{Bytes: 1 << 20, Expanded: 4 << 20, Cells: 100_000, Columns: 200, CellBytes: 1 << 14}

// exhaust reads whatever data is and checks what a Table promises.
func exhaust(t *testing.T, data []byte) {
	table, err := Open(bytes.NewReader(data), int64(len(data)), "f", Options{Limits: fuzzLimits})
	if err != nil {
		return
	}
	defer table.Close()
	n, last := len(table.Columns()), table.Reading().HeaderRow
	for {
		row, err := table.Next()
		if err != nil {
			if _, again := table.Next(); again == nil {
				t.Fatal("a row after the end")
			}
			return
		}
		if len(row.Cells) != n {
			t.Fatalf("got %d cells, want %d", len(row.Cells), n)
		}
		if row.Number <= last {
			t.Fatalf("row %d after row %d", row.Number, last)
		}
		last = row.Number
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a;b\n1;2\n", "\uFEFFa,b\r\n\"x\ny\",\"\"\"\"\r\n", "\xFF\xFEa\x00;\x00b\x00", "a\rb\r", "\"", "é\xE9;\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { exhaust(t, data) })
}

func FuzzXLSX(f *testing.F) {
	for _, s := range []string{`<row><c><v>1</v></c></row>`, `<row r="3"><c r="B3" t="s"><v>0</v></c></row><row r="2"/>`,
		`<row><c t="inlineStr"><is><t>a&lt;<![CDATA[x]]></t></is></c></row>`, `<row><c s="4"><v>1e99</v></c>`, `<!-- x --><?y?>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rows string) { exhaust(t, sheetXLSX(t, rows)) })
}

// FuzzXLSXParts hands over what a sheet refers to: styles, and texts shared by its cells.
func FuzzXLSXParts(f *testing.F) {
	parts := sheetParts("")
	f.Add(parts["xl/styles.xml"], parts["xl/ss.xml"])
	f.Add(`<styleSheet><cellXfs count="9999999"><xf numFmtId="-1"/><xf numFmtId="99999999999"/><xf/></cellXfs></styleSheet>`, `<sst count="4294967295"><si/><si><t>a</t>`)
	f.Add(`<styleSheet><numFmts><numFmt numFmtId="14" formatCode="[$-40C]d mmmm yyyy;@"/><numFmt formatCode="&quot;"/></numFmts></styleSheet>`, `<sst><si><r/></si><si><si><t>b</t></si></si></sst>`)
	var rows strings.Builder
	for i := range 9 {
		fmt.Fprintf(&rows, `<row><c t="s"><v>%d</v></c><c s="%d"><v>45000.5</v></c><c t="s" s="%d"><v>-1</v></c></row>`, i, i, i*1000)
	}
	f.Fuzz(func(t *testing.T, styles, shared string) {
		parts := sheetParts(rows.String())
		parts["xl/styles.xml"], parts["xl/ss.xml"] = styles, shared
		exhaust(t, zipped(t, parts))
	})
}

// workbookOf writes a workbook of n rows of ten cells.
func workbookOf(b testing.TB, n int) []byte {
	var out bytes.Buffer
	w, err := NewXLSXWriter(&out, "S", []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	day := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		f := float64(i)
		err := w.Row([]Cell{NumberCell(f), TextCell("Toulouse"), TextCell("31555"), DateCell(day), NumberCell(f / 7),
			BoolCell(i%2 == 0), TextCell("ligne " + strconv.Itoa(i)), NumberCell(f * 3), TextCell("oui"), NumberCell(1)})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkXLSX_aHundredThousandRowsOfTen(b *testing.B) {
	data := workbookOf(b, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		if got := drain(b, data, "a.xlsx"); got != 100_000 {
			b.Fatalf("got %d rows", got)
		}
	}
}

func BenchmarkXLSXWriter_aHundredThousandRowsOfTen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		workbookOf(b, 100_000)
	}
}

func TestXLSXWriter_severalSheets(t *testing.T) {
	var b bytes.Buffer
	w, err := NewXLSXWriter(&b, "survey", []string{"type", "name"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{w.Row([]Cell{TextCell("text"), TextCell("nom")}), w.Next("choices", []string{"list"}, nil), w.Row([]Cell{TextCell("oui")}), w.Next("settings", []string{"form_title"}, nil), w.Row([]Cell{TextCell("Été")}), w.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for sheet, want := range map[string]string{"survey": "text", "choices": "oui", "settings": "Été"} {
		table, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()), "f.xlsx", Options{Sheet: sheet, HeaderRow: 1})
		if err != nil {
			t.Fatal(err)
		}
		row, err := table.Next()
		if err != nil || row.Cells[0] != want || row.Number != 2 {
			t.Errorf("%s: got %+v, %v", sheet, row, err)
		}
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	}
}
