package tabular

import (
	"bytes"
	"slices"
	"testing"
	"unicode/utf8"
)

func FuzzODS(f *testing.F) {
	for _, s := range []string{`<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row>`,
		`<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`,
		`<table:table-row><table:table-cell office:value-type="date" office:date-value="2024-01-31"/><table:covered-table-cell/></table:table-row>`,
		`<table:table-row><table:table-cell office:value-type="float" office:value="1e999"><text:p>x<text:s text:c="999999999"/></text:p></table:table-cell>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		exhaust(t, zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
			"content.xml": `<d><table:table table:name="S">` + rows + `</table:table></d>`}))
	})
}

// FuzzArchive hands over whole archives, ZIP or gzip: their tables of contents lie too.
func FuzzArchive(f *testing.F) {
	f.Add(zipped(f, map[string]string{"a.csv": "a;b\n1;2\n", "b.csv": "x\n"}))
	f.Add(gzipped("a;b\n1;2\n"))
	f.Add(fixture(f, "table-with-ints-floats-dates.ods"))
	f.Add(fixture(f, "excel-1904-epoch.xlsx"))
	f.Fuzz(func(t *testing.T, data []byte) { exhaust(t, data) })
}

// FuzzDecode holds each encoding to UTF-8, whatever the bytes.
func FuzzEscapes(f *testing.F) {
	for _, s := range []string{"a;b\n1;x\\;y\n", "a;b\n\"\\\"\";\"\"\"\"\n", "a\\", "\"a\n\\", "a;b\r1;\\\r2"} {
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, plain bool) {
		opt := Options{Separator: ";", Quote: `"`, Limits: Limits{Cells: 1 << 16, CellBytes: 1 << 12}}
		_, columns, rows, err := readAll(t, data, "f.csv", opt)
		opt.Escape, opt.PlainQuotes = `\`, plain
		_, columns2, rows2, err2 := readAll(t, data, "f.csv", opt)
		if bytes.ContainsAny(data, `\"`) || bytes.IndexByte(data, 0) >= 0 { // a text without them says the same
			return
		}
		if (err == nil) != (err2 == nil) || !slices.Equal(columns, columns2) || !slices.Equal(rows, rows2) {
			t.Errorf("got %q %q, %v; with escapes %q %q, %v", columns, rows, err, columns2, rows2, err2)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xE9t\xE9;\x92\x9C\n"), 1)
	f.Add([]byte("\xFF\xFEa\x00;\xD8\x00"), 6)
	f.Fuzz(func(t *testing.T, data []byte, encoding int) {
		name := Encodings[uint(encoding)%uint(len(Encodings))]
		table, err := Open(bytes.NewReader(data), int64(len(data)), "f.csv", Options{Encoding: name, Limits: fuzzLimits})
		if err != nil {
			return
		}
		defer table.Close()
		for {
			row, err := table.Next()
			if err != nil {
				return
			}
			for _, c := range row.Cells {
				if !utf8.ValidString(c) {
					t.Fatalf("%s: cell %q is not UTF-8", name, c)
				}
			}
		}
	})
}
