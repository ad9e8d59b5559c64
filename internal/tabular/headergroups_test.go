package tabular

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
)

func TestOpen_readsHeadersOfSeveralRows(t *testing.T) {
	cell := func(s string) string {
		if s == "" {
			return `<c/>`
		}
		return `<c t="inlineStr"><is><t>` + s + `</t></is></c>`
	}
	sheet := func(merges string, rows ...string) string {
		var b strings.Builder
		for _, row := range rows {
			b.WriteString("<row>")
			for _, c := range strings.Split(row, ";") {
				b.WriteString(cell(c))
			}
			b.WriteString("</row>")
		}
		parts := sheetParts(b.String())
		parts["xl/worksheets/s.xml"] = strings.Replace(parts["xl/worksheets/s.xml"], `<mergeCell ref="A1:B1"/>`, merges, 1)
		return string(zipped(t, parts))
	}
	ref := func(refs ...string) string {
		return `<mergeCell ref="` + strings.Join(refs, `"/><mergeCell ref="`) + `"/>`
	}
	const groups, names, data, more = ";Population;;Emploi;", "Commune;H;F;H;F", "Ain;1;2;3;4", "Aisne;5;6;7;8"
	for _, c := range []struct {
		name, data string
		opt        Options
		columns    string
		last, rows int // HeaderRow, HeaderRows
		note       string
	}{
		{"groups over repeated names", strings.Join([]string{groups, names, data, more}, "\n"), Options{},
			"Commune|Population / H|Population / F|Emploi / H|Emploi / F", 2, 2, "tabular.note_header_rows"},
		{"a title, then groups", strings.Join([]string{"Recensement;;;;", groups, names, data, more}, "\n"), Options{},
			"Commune|Population / H|Population / F|Emploi / H|Emploi / F", 3, 2, "tabular.note_preamble"},
		{"groups written over each name", "Commune;Population;Population;Emploi;Emploi\n;H;F;H;F\nAin;1;2;3;4\nAisne;5;6;7;8\n", Options{},
			"Commune|Population / H|Population / F|Emploi / H|Emploi / F", 2, 2, "tabular.note_header_rows"},
		{"years under groups", ";Population;;Emploi;\nCommune;2019;2020;2019;2020\nAin;1;2;3;4\nAisne;5;6;7;8\n", Options{},
			"Commune|Population / 2019|Population / 2020|Emploi / 2019|Emploi / 2020", 2, 2, ""},
		{"groups that names do without", ";Identité;;Adresse;\nid;nom;prenom;rue;ville\n1;a;b;c;d\n2;a;b;c;d\n", Options{},
			"id|nom|prenom|rue|ville", 2, 0, "tabular.note_groups"},
		{"those groups, when a person asks for them", ";Identité;;Adresse;\nid;nom;prenom;rue;ville\n1;a;b;c;d\n2;a;b;c;d\n", Options{HeaderRows: 2},
			"id|Identité / nom|Identité / prenom|Adresse / rue|Adresse / ville", 2, 2, ""},
		{"the rows a person says", "x;y\na;b\nc;d\n1;2\n", Options{HeaderRow: 3, HeaderRows: 2}, "a / c|b / d", 3, 2, ""},
		{"one row, when a person says so", strings.Join([]string{groups, names, data, more}, "\n"), Options{HeaderRows: 1}, "Commune|H|F|H|F", 2, 0, ""},
		{"lines about the file are no groups", "Source;INSEE;;\nDate;12/01/2024;;\ncode;nom;h;f\n01;Ain;1;2\n02;Aisne;3;4\n", Options{}, "code|nom|h|f", 3, 0, ""},
		{"a hole in the header of a table of words", "nom;;ville\na;b;c\nd;e;f\n", Options{}, "nom||ville", 1, 0, ""},
		{"merged cells", sheet(ref("A1:A2", "B1:C1", "D1:E1"), "Commune;Population;;Emploi;", ";H;F;H;F", data, more), Options{},
			"Commune|Population / H|Population / F|Emploi / H|Emploi / F", 2, 2, ""},
		{"merged cells over words", sheet(ref("A1:A2", "B1:C1", "D1:E1"), "Commune;Maire;;Adjoint;", ";nom;prénom;nom;prénom", "a;b;c;d;e", "f;g;h;i;j"), Options{},
			"Commune|Maire / nom|Maire / prénom|Adjoint / nom|Adjoint / prénom", 2, 2, ""},
		{"a merged title is no group", sheet(ref("A1:E1"), "Recensement;;;;", names, data, more), Options{}, "Commune|H|F|H|F", 2, 0, "tabular.note_preamble"},
		{"a merged name stands over its columns", sheet(ref("B1:C1"), "Commune;Adresse;", "Ain;1;2", "Aisne;3;4"), Options{}, "Commune|Adresse|Adresse", 1, 0, ""},
		{"merged cells of XLS", string(compoundOf("Workbook", workbookXLS(0x600, nil, [][]byte{
			labelRecord(0, 1, "Pop"), labelRecord(0, 3, "Emp"), labelRecord(1, 0, "c"), labelRecord(1, 1, "H"), labelRecord(1, 2, "F"), labelRecord(1, 3, "H"), labelRecord(1, 4, "F"),
			numberRecord(2, 0, 0, 1), numberRecord(2, 1, 0, 1), numberRecord(2, 2, 0, 1), numberRecord(2, 3, 0, 1), numberRecord(2, 4, 0, 1),
			record(biffMerged, 2, 0, 0, 1, 2, 0, 0, 3, 4)}))), Options{}, "c|Pop / H|Pop / F|Emp / H|Emp / F", 2, 2, ""},
		{"merged cells of ODS", string(zipped(t, map[string]string{"content.xml": `<d><table:table table:name="S">` +
			`<table:table-row><table:table-cell/><table:table-cell table:number-columns-spanned="2"><text:p>Pop</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-spanned="2"><text:p>Emp</text:p></table:table-cell><table:covered-table-cell/></table:table-row>` +
			`<table:table-row><table:table-cell><text:p>c</text:p></table:table-cell>` + strings.Repeat(`<table:table-cell><text:p>H</text:p></table:table-cell><table:table-cell><text:p>F</text:p></table:table-cell>`, 2) + `</table:table-row>` +
			strings.Repeat(`<table:table-row>`+strings.Repeat(`<table:table-cell office:value-type="float" office:value="1"/>`, 5)+`</table:table-row>`, 2) + `</table:table></d>`})),
			Options{}, "c|Pop / H|Pop / F|Emp / H|Emp / F", 2, 2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, columns, rows, err := readAll(t, []byte(c.data), "f", c.opt)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(columns, "|"); got != c.columns || r.HeaderRow != c.last || r.HeaderRows != c.rows || len(rows) == 0 {
				t.Errorf("got %q, header %d of %d rows, %d rows", got, r.HeaderRow, r.HeaderRows, len(rows))
			}
			if c.note != "" && !slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Key == c.note }) {
				t.Errorf("got notes %v, want %s", r.Notes, c.note)
			}
		})
	}
	for _, n := range []int{-1, 11, 5} {
		if _, _, _, err := readAll(t, []byte("a;b\n1;2\n"), "f", Options{HeaderRows: n}); !fault.Is(err, "tabular.option_header_rows") {
			t.Errorf("%d header rows: got %v, want tabular.option_header_rows", n, err)
		}
	}
}
