package tabular

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// communes is a table whose first column is merged: Ain over rows 2 to 4, Aisne over 5 and 6; the last row is on its own.
// Written once, as XLSX, XLS and ODS.
func communes(t *testing.T) map[string][]byte {
	rows := [][]string{{"commune", "classe", "places"}, {"Ain", "a", "1"}, {"", "b", "2"}, {"", "", "3"}, {"Aisne", "c", "4"}, {"", "d", "5"}, {"", "e", "6"}}
	var xlsx, ods strings.Builder
	var xls [][]byte
	spans := map[string]int{"Ain": 3, "Aisne": 2}
	for i, row := range rows {
		fmt.Fprintf(&xlsx, `<row r="%d">`, i+1)
		ods.WriteString(`<table:table-row>`)
		for j, v := range row {
			if v == "" {
				ods.WriteString(`<table:covered-table-cell/>`)
				continue
			}
			fmt.Fprintf(&xlsx, `<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, letterName(j), i+1, v)
			fmt.Fprintf(&ods, `<table:table-cell table:number-rows-spanned="%d"><text:p>%s</text:p></table:table-cell>`, max(1, spans[v]), v)
			xls = append(xls, labelRecord(i, j, v))
		}
		xlsx.WriteString(`</row>`)
		ods.WriteString(`</table:table-row>`)
	}
	xls = append(xls, record(biffMerged, 2, 1, 3, 0, 0, 4, 5, 0, 0))
	parts := sheetParts(xlsx.String())
	parts["xl/worksheets/s.xml"] = strings.Replace(parts["xl/worksheets/s.xml"], `<mergeCell ref="A1:B1"/>`, `<mergeCell ref="A5:A6"/><mergeCell ref="A2:A4"/>`, 1)
	return map[string][]byte{
		"f.xlsx": zipped(t, parts),
		"f.xls":  compoundOf("Workbook", workbookXLS(0x600, nil, xls)),
		"f.ods": zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": `<office:document-content>` +
			`<table:table table:name="Avant"><table:table-row table:number-rows-repeated="7"><table:table-cell table:number-rows-spanned="9"/></table:table-row></table:table>` +
			`<table:table table:name="S">` + ods.String() + `</table:table></office:document-content>`}),
	}
}

func TestMerged_aValueIsKnownInEachRowItCovers(t *testing.T) {
	for name, data := range communes(t) {
		t.Run(name, func(t *testing.T) {
			r, columns, rows, err := readAll(t, data, name, Options{})
			want := []string{"Ain|a|1", "Ain|b|2", "Ain||3", "Aisne|c|4", "Aisne|d|5", "|e|6"}
			if err != nil || strings.Join(columns, "|") != "commune|classe|places" || !slices.Equal(rows, want) {
				t.Errorf("got %q %q, %v, want %q", columns, rows, err, want)
			}
			if !noted(r, "tabular.note_merged", "2", "A2:A4, A5:A6") || r.Merged != 2 {
				t.Errorf("got %d merged cells, %+v", r.Merged, r.Notes)
			}
			r, _, rows, err = readAll(t, data, name, Options{AsStored: true})
			want = []string{"Ain|a|1", "|b|2", "||3", "Aisne|c|4", "|d|5", "|e|6"}
			if err != nil || !slices.Equal(rows, want) || !noted(r, "tabular.note_merged_stored", "2", "A2:A4, A5:A6") || r.Merged != 2 {
				t.Errorf("as stored: got %q, %v, %+v, want %q", rows, err, r, want)
			}
		})
	}
}

// mergedXLSX is a sheet of rows written "a;b;c" with merged cells.
func mergedXLSX(t *testing.T, rows string, refs ...string) []byte {
	var b strings.Builder
	for i, row := range strings.Split(rows, "\n") {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, v := range strings.Split(row, ";") {
			if v != "" {
				fmt.Fprintf(&b, `<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, letterName(j), i+1, v)
			}
		}
		b.WriteString("</row>")
	}
	parts := sheetParts(b.String())
	parts["xl/worksheets/s.xml"] = strings.Replace(parts["xl/worksheets/s.xml"], `<mergeCell ref="A1:B1"/>`, `<mergeCell ref="`+strings.Join(refs, `"/><mergeCell ref="`)+`"/>`, 1)
	return zipped(t, parts)
}

func TestMerged_whatIsNotGivenToOtherRows(t *testing.T) {
	for _, c := range []struct {
		name, rows string
		refs       []string
		want       string
		merged     int
	}{
		{"cells of the header", "a;b\n;\n1;2\n3;4", []string{"A1:A2", "B1:B2"}, "1|2 3|4", 0},
		{"a header's cell that reaches into the body", "a;b\n;2\n3;4", []string{"A1:A2"}, "|2 3|4", 0},
		{"a text over several columns stays in its first one", "a;b;c\nx;;1\n;;2\ny;z;3", []string{"A2:B3"}, "x||1 x||2 y|z|3", 1},
		{"cells within one row", "a;b;c\nx;;1\ny;z;2", []string{"A2:B2"}, "x||1 y|z|2", 0},
		{"a blank cell, merged for its looks", "a;b\n;1\n;2\nx;3", []string{"A2:A3"}, "|1 |2 x|3", 0},
		{"a row of double height is one row", "a;b\nx;1\n;\ny;2", []string{"A2:A3", "B2:B3"}, "x|1 y|2", 0},
		{"a value of its own under a merged cell is kept", "a;b\nx;1\nw;2\n;3\ny;4", []string{"A2:A4"}, "x|1 w|2 x|3 y|4", 1},
		{"cells that overlap, as broken files have", "a;b\nx;1\ny;2\n;3\n;4\n;5", []string{"A2:A6", "A3:A4"}, "x|1 y|2 y|3 |4 |5", 2},
		{"the last column", "a;b;c\n1;2;x\n3;4;\n5;6;", []string{"C2:C3"}, "1|2|x 3|4|x 5|6|", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _, rows, err := readAll(t, mergedXLSX(t, c.rows, c.refs...), "f.xlsx", Options{})
			if got := strings.Join(rows, " "); err != nil || got != c.want || r.Merged != c.merged {
				t.Errorf("got %q and %d merged, %v, want %q and %d", got, r.Merged, err, c.want, c.merged)
			}
		})
	}
}

func TestMerged_reachBeyondTheRowsTheHeaderIsLookedForIn(t *testing.T) {
	rows := []string{"a;b"}
	var refs []string
	for i := range 3000 {
		first := ""
		if i%30 == 0 {
			first = fmt.Sprint("g", i/30)
			refs = append(refs, fmt.Sprintf("A%d:A%d", i+2, i+31))
		}
		rows = append(rows, fmt.Sprintf("%s;%d", first, i))
	}
	r, _, got, err := readAll(t, mergedXLSX(t, strings.Join(rows, "\n"), refs...), "f.xlsx", Options{})
	if err != nil || len(got) != 3000 {
		t.Fatalf("got %d rows, %v", len(got), err)
	}
	for i, row := range got {
		if want := fmt.Sprintf("g%d|%d", i/30, i); row != want {
			t.Fatalf("row %d: got %q, want %q", i, row, want)
		}
	}
	if !noted(r, "tabular.note_merged", "100", "A2:A31, A32:A61, A62:A91, A92:A121, A122:A151, A152:A181, A182:A211, A212:A241, …") {
		t.Errorf("got %+v", r.Notes)
	}
}

func TestMerged_areBounded(t *testing.T) {
	var spans []span
	for i := range maxSpans + 10 {
		spans = withSpan(spans, span{i, i, 0, 1})
	}
	if len(spans) != maxSpans/2 {
		t.Errorf("within one row: got %d, want %d", len(spans), maxSpans/2)
	}
	for i := range maxSpans + 10 {
		spans = withSpan(spans, span{i, i + 1, 0, 0})
	}
	if len(spans) != maxSpans {
		t.Errorf("over several: got %d, want %d", len(spans), maxSpans)
	}
}

// The real files: subsidies of a department whose beneficiaries are written once over their rows, and a waste survey whose
// kinds of waste are. What is gained was blank, and is what stands in the row above.
func TestMerged_realFiles(t *testing.T) {
	for _, c := range []struct {
		file, sheet  string
		ranges, gain int
	}{
		{"messy/subventions/pyrenees_orientales.ods", "", 162, 182},
		{"messy/tableurs/ademe_pesee_gaspillage.xlsx", "Tableau mesure", 16, 110},
	} {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(shared, c.file))
			if err != nil {
				t.Skip("shared data not here")
			}
			r, _, spread, err := readAll(t, data, c.file, Options{Sheet: c.sheet})
			if err != nil {
				t.Fatal(err)
			}
			_, _, stored, err := readAll(t, data, c.file, Options{Sheet: c.sheet, AsStored: true})
			if err != nil || len(stored) != len(spread) {
				t.Fatalf("got %d rows and %d as stored, %v", len(spread), len(stored), err)
			}
			gain := 0
			for i := range spread {
				was, is := strings.Split(stored[i], "|"), strings.Split(spread[i], "|")
				for j := range is {
					if was[j] == is[j] {
						continue
					}
					gain++
					if above := strings.Split(spread[i-1], "|"); was[j] != "" || is[j] != above[j] {
						t.Errorf("row %d, column %d: %q became %q under %q", i, j, was[j], is[j], above[j])
					}
				}
			}
			if gain != c.gain || r.Merged != c.ranges {
				t.Errorf("got %d values more from %d merged cells, want %d from %d", gain, r.Merged, c.gain, c.ranges)
			}
		})
	}
}
