package workshopweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"

	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// compareFile gives a comparison as a table.
func (d desk) compareFile(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	c, err := d.compared(r, q.Get("before"), q.Get("after"))
	if err != nil {
		return err
	}
	web.Attachment(w, "text/csv; charset=utf-8", "compare.csv")
	return writeComparison(w, c)
}

// compareDictionary says what the columns of compare.csv are.
func (d desk) compareDictionary(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.List(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	web.Attachment(w, "application/json", "compare.schema.json")
	return web.WriteJSON(w, http.StatusOK, comparisonDictionary(web.VisitOf(r).P))
}

// comparisonDictionary is that of compare.csv, in the visitor's language.
func comparisonDictionary(p *i18n.Printer) tableSchema {
	out := tableSchema{Schema: "https://frictionlessdata.io/schemas/table-schema.json"}
	for _, f := range []schemaField{{Name: "status", Description: p.T("workshopweb.column_status"), Constraints: map[string]bool{"required": true}},
		{Name: "text_before", Description: p.T("workshopweb.column_text_before")}, {Name: "phase_before", Description: p.T("workshopweb.column_phase_before")}, {Name: "theme_before", Description: p.T("workshopweb.column_theme_before")},
		{Name: "text_after", Description: p.T("workshopweb.column_text_after")}, {Name: "phase_after", Description: p.T("workshopweb.column_phase_after")}, {Name: "theme_after", Description: p.T("workshopweb.column_theme_after")},
		{Name: "near", Type: "number", Description: p.T("workshopweb.column_near")}} {
		if f.Type == "" {
			f.Type = "string"
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

// writeComparison writes one row a card, or a pair of cards, as the page has them. Formulas are neutralised.
func writeComparison(w io.Writer, c workshop.Comparison) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{{"status", "text_before", "phase_before", "theme_before", "text_after", "phase_after", "theme_after", "near"}}
	add := func(status string, before, after workshop.Said, near string) {
		row := []string{status, before.Text, before.Phase, before.Theme, after.Text, after.Phase, after.Theme, near}
		for i := range row {
			row[i] = tabular.CSVCell(row[i])
		}
		rows = append(rows, row)
	}
	for _, one := range c.Recur {
		add("recurs", one.Before, one.After, strconv.FormatFloat(one.Near, 'f', 2, 64))
	}
	for _, one := range c.New {
		add("new", workshop.Said{}, one, "")
	}
	for _, one := range c.Gone {
		add("gone", one, workshop.Said{}, "")
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return out.Error()
}
