package tabular

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// repeated writes n pieces one after the other, between a beginning and an end.
func repeated(before string, n int, piece func(i int) string, after string) []byte {
	var b bytes.Buffer
	b.WriteString(before)
	for i := range n {
		b.WriteString(piece(i))
	}
	b.WriteString(after)
	return b.Bytes()
}

// TestOpen_holdsNoFormatInMemory reads, in each format that can be of any length, a table many times larger than what may be
// held at once, whatever the row. Every cell differs, so that no list of texts met stands for them. The bytes handed in are not counted.
func TestOpen_holdsNoFormatInMemory(t *testing.T) {
	const n = 60_000
	text := func(i int) string { return fmt.Sprintf("%08d %s", i, strings.Repeat("x", 400)) }
	for _, c := range []struct {
		name string
		rows int
		held int64 // bytes
		data func() []byte
	}{
		{"a.csv", n, 2 << 20, func() []byte {
			return repeated("id;texte\n", n, func(i int) string { return fmt.Sprintf("%d;%s\n", i, text(i)) }, "")
		}},
		{"a.ndjson", n, 2 << 20, func() []byte {
			return repeated("", n, func(i int) string { return fmt.Sprintf(`{"id":%d,"texte":"%s"}`+"\n", i, text(i)) }, "")
		}},
		{"a.json", n, 2 << 20, func() []byte {
			return repeated("[", n, func(i int) string { return fmt.Sprintf(`%s{"id":%d,"texte":"%s"}`, ","[:min(i, 1)], i, text(i)) }, "]")
		}},
		{"a.xlsx", n, 2 << 20, func() []byte {
			return sheetXLSX(t, string(repeated(`<row><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>texte</t></is></c></row>`, n, func(i int) string {
				return fmt.Sprintf(`<row><c><v>%d</v></c><c t="inlineStr"><is><t>%s</t></is></c></row>`, i, text(i))
			}, "")))
		}},
		{"a.ods", n, 2 << 20, func() []byte {
			row := func(id, text string) string {
				return `<table:table-row><table:table-cell><text:p>` + id + `</text:p></table:table-cell><table:table-cell><text:p>` + text + `</text:p></table:table-cell></table:table-row>`
			}
			content := repeated(`<d><table:table table:name="S">`+row("id", "texte"), n, func(i int) string { return row(fmt.Sprint(i), text(i)) }, `</table:table></d>`)
			return zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": string(content)})
		}},
		{"a.xls", 15_000, 1 << 20, func() []byte { // a sheet of Excel 97 has 65,536 rows at most, and this writer 7 MB
			sheet := [][]byte{labelRecord(0, 0, "id"), labelRecord(0, 1, "texte")}
			for i := range 15_000 {
				sheet = append(sheet, numberRecord(i+1, 0, 0, float64(i)), labelRecord(i+1, 1, text(i)))
			}
			return compoundOf("Workbook", workbookXLS(0x600, nil, sheet))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := c.data()
			rows, grown := heldWhileRead(t, data, c.name, c.rows/4)
			if rows != c.rows {
				t.Errorf("got %d rows, want %d", rows, c.rows)
			}
			if most := slices.Max(grown); most > c.held {
				t.Errorf("%d bytes are held, want at most %d (each quarter: %d)", most, c.held, grown)
			}
			t.Logf("held: %d", grown)
		})
	}
}

// heldWhileRead reads a table to its end and says how many rows it has, and how many bytes more than before it was opened are held
// then, and every so many rows.
func heldWhileRead(t *testing.T, data []byte, name string, every int) (rows int, grown []int64) {
	t.Helper()
	var m runtime.MemStats
	held := func() int64 {
		runtime.GC()
		runtime.GC() // what pools kept goes at the second
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := held()
	table, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	for {
		if rows%every == 0 {
			grown = append(grown, held()-before)
		}
		if _, err := table.Next(); err != nil {
			break
		}
		rows++
	}
	runtime.KeepAlive(data)
	return rows, append(grown, held()-before)
}
