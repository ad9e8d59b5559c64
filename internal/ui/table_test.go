package ui

import (
	"strings"
	"testing"

	"cultured/internal/i18n"
)

// cellByTemplate is what a cell is, whichever way it was made.
const cellByTemplate = `{{template "c-cell" .}}`

func TestTable_aCellIsItsComponent(t *testing.T) {
	p := words(t).For(i18n.French)
	cells := []Cell{{Text: `O'Brien <script>alert("1")</script> & fils`}, {Text: "éà\u00a0€ 'x' \x00"}, {}, {Missing: true}, {Text: "12", Fixed: true}, {Text: "lien", Href: "/a?b=1&c=2"},
		{Text: "x", Icon: "lock"}, {Text: "x", Badge: &Badge{Label: "neuf"}}, {Text: "x", Action: &LinkButton{Label: "ouvrir", Href: "/y"}},
		{Text: "31/02", Fault: "Date <impossible>"}}
	for _, c := range cells {
		table := Table{Caption: "Essai", Columns: []Column{{Label: "a"}, {Label: "b", Numeric: true}, {Label: "c"}}, FirstIsHeader: true, Rows: []Row{{Cells: []Cell{c, c, c}}}}
		inside := shown(t, p, cellByTemplate, c)
		numeric, other := `<td class="u-numeric">`, `<td>`
		if c.Fault != "" {
			numeric, other = `<td class="u-numeric c-table__fault">`, `<td class="c-table__fault">`
		}
		want := `<tr><th scope="row">` + inside + `</th>` + numeric + inside + `</td>` + other + inside + `</td></tr>`
		if got := shown(t, p, `{{template "c-table" .}}`, table); !strings.Contains(got, want) {
			t.Errorf("%+v: got\n%s\nwhich has no\n%s", c, got, want)
		}
	}
}

func TestTable_aStackedRowNamesItsCells(t *testing.T) {
	p := words(t).For(i18n.French)
	table := Table{Caption: "Essai", Columns: []Column{{Label: "Nom"}, {Label: "Âge <ans>"}}, FirstIsHeader: true, Stacks: true, Rows: []Row{{Cells: []Cell{{Text: "Ada"}, {Text: "36"}}}}}
	want := `<th scope="row">Ada</th><td><span class="c-table__label" aria-hidden="true">Âge &lt;ans&gt;</span>36</td>`
	if got := shown(t, p, `{{template "c-table" .}}`, table); !strings.Contains(got, want) || !strings.Contains(got, "c-table--stacks") {
		t.Errorf("got\n%s\nwhich has no\n%s", got, want)
	}
}

func TestTable_saysWhatFailsInACell(t *testing.T) {
	p := words(t).For(i18n.French)
	if _, err := cells(p)(Table{}, Row{Cells: []Cell{{Icon: "no such icon"}}}); err == nil {
		t.Error("an unknown icon is passed over in silence")
	}
}
