package tabular

import (
	"slices"
	"strings"
	"testing"
)

func TestOpen_saysThatRowsOrColumnsAreHidden(t *testing.T) {
	const rows = `<row><c t="inlineStr"><is><t>nom</t></is></c></row><row><c><v>1</v></c></row>`
	ods := func(column, row string) []byte {
		return zipped(t, map[string]string{"content.xml": `<d><table:table table:name="S"><table:table-column ` + column + `/><table:table-row><table:table-cell><text:p>nom</text:p></table:table-cell></table:table-row>` +
			`<table:table-row ` + row + `><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table></d>`})
	}
	sheet := func(old, new string) []byte {
		parts := sheetParts(rows)
		parts["xl/worksheets/s.xml"] = strings.Replace(parts["xl/worksheets/s.xml"], old, new, 1)
		return zipped(t, parts)
	}
	for name, c := range map[string]struct {
		data []byte
		want []string
	}{
		"nothing":        {sheet("", ""), nil},
		"a filter":       {sheet("<dimension", `<sheetPr filterMode="1"/><dimension`), []string{"tabular.note_hidden_rows"}},
		"a row":          {sheet("<row><c><v>", `<row hidden="1"><c><v>`), []string{"tabular.note_hidden_rows"}},
		"a column":       {sheet("<sheetData>", `<cols><col min="1" max="1" hidden="1"/></cols><sheetData>`), []string{"tabular.note_hidden_columns"}},
		"ODS, nothing":   {ods("", `table:visibility="visible"`), nil},
		"ODS, a filter":  {ods("", `table:visibility="filter"`), []string{"tabular.note_hidden_rows"}},
		"ODS, a column":  {ods(`table:visibility="collapse"`, ""), []string{"tabular.note_hidden_columns"}},
		"XLS, a row":     {compoundOf("Workbook", workbookXLS(0x600, nil, [][]byte{record(biffRow, 0, 0, 1, 255, 0, 0, 0x20, 0), labelRecord(0, 0, "a"), numberRecord(1, 0, 0, 1)})), []string{"tabular.note_hidden_rows"}},
		"XLS, a column":  {compoundOf("Workbook", workbookXLS(0x600, nil, [][]byte{record(biffColInfo, 0, 0, 10, 0, 1, 0), labelRecord(0, 0, "a"), numberRecord(1, 0, 0, 1)})), []string{"tabular.note_hidden_columns"}},
		"XLS, from xlwt": {fixture(t, "xlwt.xls"), []string{"tabular.note_hidden_rows"}},
	} {
		r, _, rows, err := readAll(t, c.data, "f", Options{})
		if err != nil || len(rows) == 0 {
			t.Errorf("%s: got %d rows, %v", name, len(rows), err)
		}
		var got []string
		for _, n := range r.Notes {
			if strings.HasPrefix(n.Key, "tabular.note_hidden_") {
				got = append(got, n.Key)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
