package tabular

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/opendocument/officetest"
)

// oneODS is a spreadsheet with every kind of cell.
func oneODS(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewODSWriter(&b, "Été: 'a/b'", []string{"nom", "n", "ok", "jour", "heure", "code"}, []float64{20})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 3, 1, 10, 30, 15, 0, time.FixedZone("x", 7200))
	for _, row := range [][]Cell{
		{TextCell("=1+1 <é> & \"a\"\n\x01fin"), NumberCell(0.1), BoolCell(true), DateCell(at), TimeCell(at), TextCell("01004")},
		{TextCell("vieux"), NumberCell(math.NaN()), BoolCell(false), DateCell(time.Date(1789, 7, 14, 0, 0, 0, 0, time.UTC))},
		{{}, NumberCell(12345678901234), {}, {}, {}, TextCell("x  y\tz  é")},
	} {
		if err := w.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Next("Autre", []string{"seule"}, nil), w.Row([]Cell{TextCell("ici")}), w.Row(nil), w.Row([]Cell{TextCell("là")}), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestODSWriter_isReadBackAsWritten(t *testing.T) {
	data := oneODS(t)
	r, columns, rows, err := readAll(t, data, "f.ods", Options{Sheet: "Été  'a b"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Format != "ods" || strings.Join(columns, "|") != "nom|n|ok|jour|heure|code" {
		t.Errorf("got %q, columns %q", r.Format, columns)
	}
	want := []string{"=1+1 <é> & \"a\"\nfin|0.1|true|2024-03-01|2024-03-01T10:30:15|01004",
		"vieux||false|1789-07-14||", "|12345678901234||||x  y\tz  é"}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
	if _, _, rows, err = readAll(t, data, "f.ods", Options{Sheet: "Autre"}); err != nil || !slices.Equal(rows, []string{"ici", "là"}) {
		t.Errorf("the second sheet: got %q, %v", rows, err)
	}
}

func TestODSWriter_packsWhatOpenDocumentAsksFor(t *testing.T) {
	data := oneODS(t)
	if want := "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"; string(data[30:30+len(want)]) != want {
		t.Errorf("got %q at byte 30, want %q", data[30:30+len(want)], want)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(b)
		if f.Name == "mimetype" {
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(b))
		for {
			if _, err = d.Token(); err != nil {
				break
			}
		}
		if err != io.EOF {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.Name != "META-INF/manifest.xml" && !strings.Contains(string(b), `office:version="1.3"`) {
			t.Errorf("%s does not say its version", f.Name)
		}
	}
	for _, name := range []string{"content.xml", "styles.xml", "settings.xml"} {
		if !strings.Contains(parts["META-INF/manifest.xml"], `full-path="`+name+`"`) || parts[name] == "" {
			t.Errorf("%s is not in the package, or not in its list", name)
		}
	}
	for _, want := range []string{`<table:table-header-rows><table:table-row><table:table-cell table:style-name="head"`, `office:date-value="2024-03-01"`, `'.F4" table:display-filter-buttons="true"`,
		`<table:table-column table:style-name="w20"`, `x<text:s text:c="2"/>y<text:tab/>z<text:s text:c="2"/>é`} {
		if !strings.Contains(parts["content.xml"], want) {
			t.Errorf("content.xml lacks %s", want)
		}
	}
}

// TestODSWriter_libreOfficeKeepsZerosAndDates has a spreadsheet with every kind of cell read by it; internal/dataset/datasetfile sends real tables through.
func TestODSWriter_libreOfficeKeepsZerosAndDates(t *testing.T) {
	office, dir := officetest.Open(t, "libsclo.so"), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f.ods"), oneODS(t), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(office.Convert(t, officetest.CSV, dir, filepath.Join(dir, "f.ods"))[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2024-03-01,2024-03-01 10:30:15,\"01004\"\n", `"1789-07-14"`, "12345678901234,,,,\"x  y\tz  é\""} {
		if !strings.Contains(string(got), want) {
			t.Errorf("got\n%s\nwant %s", got, want)
		}
	}
}

// What LibreOffice 7.4 writes: spaces as they are in cells of several lines, a truth of a workbook as a formula, blanks in the last column.
func TestODS_isReadAsLibreOfficeWritesIt(t *testing.T) {
	text := func(inside string) string {
		return `<table:table-cell office:value-type="string">` + inside + `</table:table-cell>`
	}
	data := zipped(t, map[string]string{"content.xml": `<d><table:table table:name="S"><table:table-row>` + text(`<text:p>a</text:p>`) + text(`<text:p>b</text:p>`) + text(`<text:p>c</text:p>`) + `</table:table-row>` +
		`<table:table-row>` + text(`<text:p>x <text:s/>y</text:p><text:p>  l2	z </text:p>`) + `<table:table-cell table:formula="of:=TRUE()" office:value-type="float" office:value="1"/>` + text(`<text:p><text:s text:c="3"/></text:p>`) + `</table:table-row>` +
		`<table:table-row>` + text("<text:p>laid\n   \tout</text:p>") + `<table:table-cell table:formula="of:=FALSE()" office:value-type="float" office:value="0"/></table:table-row></table:table></d>`})
	_, _, rows, err := readAll(t, data, "f.ods", Options{HeaderRow: 1})
	if want := []string{"x  y\n  l2\tz |true|   ", "laid out|false|"}; err != nil || !slices.Equal(rows, want) {
		t.Errorf("got %q, %v, want %q", rows, err, want)
	}
}

func TestODSWriter_refusesWhatASheetCannotHold(t *testing.T) {
	if _, err := NewODSWriter(io.Discard, "a", make([]string, SheetColumns+1), nil); err == nil {
		t.Error("a header too wide was taken")
	}
	w, err := NewODSWriter(io.Discard, "a", []string{"a"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row(make([]Cell, SheetColumns+1)); err == nil {
		t.Error("a row too wide was taken")
	}
	for range SheetRows - 1 {
		if err := w.Row([]Cell{NumberCell(1)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Row([]Cell{NumberCell(1)}); err == nil {
		t.Error("a row past the last was taken")
	}
}

func FuzzODSWriter(f *testing.F) {
	for _, s := range []string{"", " a ", "a\nb", "\t\t", "  ", "é<&>\"", "\x00\xff", "a \t b", "\r\n\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		w, err := NewODSWriter(&b, s, []string{"a", "b"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Row([]Cell{TextCell("|" + s + "|"), TextCell("fin")}), w.Close()); err != nil {
			t.Fatal(err)
		}
		table, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()), "f.ods", Options{HeaderRow: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		row, err := table.Next()
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
				return -1
			}
			return r
		}, strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"), "\r", "\n"))
		if err != nil || row.Cells[0] != "|"+want+"|" || row.Cells[1] != "fin" {
			t.Errorf("%q: got %q, %v", s, row.Cells, err)
		}
	})
}
