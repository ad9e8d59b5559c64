package workshopweb

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/document"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// export gives the report as a file: a document to be edited, printed or sent, results.csv with a row a card and
// results.schema.json that says what its columns are, results.json with everything.
func (d desk) export(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	p := web.VisitOf(r).P
	report, err := d.report(r, sess)
	if err != nil {
		return err
	}
	file := r.PathValue("file")
	switch file {
	case "results.csv":
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeTable(w, report)
	case "results.schema.json":
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, dictionary(p))
	case "results-json.schema.json":
		web.Attachment(w, "application/schema+json", file)
		return web.WriteJSON(w, http.StatusOK, reportSchema(p))
	case "results.json":
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, report)
	}
	format, ok := strings.CutPrefix(file, "results.")
	if !ok || !slices.Contains(document.Formats(), format) {
		return fault.New(fault.NotFound, "web.not_found")
	}
	web.Attachment(w, document.MediaType(format), file)
	return synthesis(p, report).Write(w, format)
}

// report is that of a session as it is now, in the visitor's language.
func (d desk) report(r *http.Request, sess workshop.Session) (report workshop.Report, err error) {
	competences, err := d.competences(r.Context(), web.VisitOf(r).P, sess)
	if err != nil {
		return report, err
	}
	err = d.Read(r.Context(), sess, func(s *workshop.State) { report = s.Report(sess, competences) })
	return report, err
}

// tableColumns are those of results.csv, with their types in Table Schema.
var tableColumns = [][2]string{{"phase", "string"}, {"phase_title", "string"}, {"theme", "string"}, {"card", "integer"}, {"text", "string"}, {"dots", "integer"}, {"author", "string"}, {"competences", "string"}, {"table", "string"}}

// A tableSchema says what the columns of a table are. Source: Table Schema (Frictionless Data), 2021.
type tableSchema struct {
	Schema     string        `json:"$schema"`
	Fields     []schemaField `json:"fields"`
	PrimaryKey []string      `json:"primaryKey,omitempty"`
}

type schemaField struct {
	Name        string          `json:"name"`
	Type        string          `json:"type"`
	Description string          `json:"description"`
	Constraints map[string]bool `json:"constraints,omitempty"`
}

// dictionary is that of results.csv, in the visitor's language.
func dictionary(p *i18n.Printer) tableSchema {
	out := tableSchema{Schema: "https://frictionlessdata.io/schemas/table-schema.json", PrimaryKey: []string{"card"}}
	said := map[string]string{"phase": p.T("workshopweb.column_phase"), "phase_title": p.T("workshopweb.column_phase_title"), "theme": p.T("workshopweb.column_theme"),
		"card": p.T("workshopweb.column_card"), "text": p.T("workshopweb.column_text"), "dots": p.T("workshopweb.column_dots"),
		"author": p.T("workshopweb.column_author"), "competences": p.T("workshopweb.column_competences"), "table": p.T("workshopweb.column_table")}
	for _, c := range tableColumns {
		f := schemaField{Name: c[0], Type: c[1], Description: said[c[0]]}
		if c[0] != "theme" && c[0] != "author" && c[0] != "competences" && c[0] != "table" {
			f.Constraints = map[string]bool{"required": true}
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

// writeTable writes one row a card, in the order of the report. Formulas are neutralised.
func writeTable(w io.Writer, report workshop.Report) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := make([]string, len(tableColumns))
	for i, c := range tableColumns {
		header[i] = c[0]
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, p := range report.Phases {
		for _, t := range p.Themes {
			for _, c := range t.Cards {
				line := []string{p.Name, p.Title, t.Name, strconv.FormatInt(c.ID, 10), c.Text, strconv.Itoa(c.Dots), c.Author, codes(c.Links), c.Table}
				for i := range line {
					line[i] = tabular.CSVCell(line[i])
				}
				if err := out.Write(line); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// cardTable is the cards of a report as a dataset. Who wrote a card is left out: a dataset outlives the names of a session.
func cardTable(p *i18n.Printer, report workshop.Report) Table {
	t := Table{Name: strings.ReplaceAll(report.Title, "/", "-") + ".csv"}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	var header []string
	tables := anyTable(report)
	for _, f := range dictionary(p).Fields {
		if f.Name != "author" && (f.Name != "table" || tables) {
			header = append(header, f.Name)
			t.Columns = append(t.Columns, Column{f.Name, f.Description})
		}
	}
	rows := [][]string{header}
	for _, one := range report.Phases {
		for _, theme := range one.Themes {
			for _, c := range theme.Cards {
				row := []string{one.Name, one.Title, theme.Name, strconv.FormatInt(c.ID, 10), c.Text, strconv.Itoa(c.Dots), codes(c.Links), c.Table}
				rows = append(rows, row[:len(header)])
			}
		}
	}
	_ = out.WriteAll(rows) // into memory
	t.CSV = b.Bytes()
	return t
}

// anyTable reports whether some card was written at a table: a column that is always empty says nothing.
func anyTable(report workshop.Report) bool {
	for _, p := range report.Phases {
		for _, t := range p.Themes {
			if slices.ContainsFunc(t.Cards, func(c workshop.ReportCard) bool { return c.Table != "" }) {
				return true
			}
		}
	}
	return false
}

// codes are what the competences of a card are cited by, separated by spaces.
func codes(links []workshop.ReportLink) string {
	var all []string
	for _, l := range links {
		all = append(all, cmp.Or(l.Code, l.ID))
	}
	return strings.Join(all, " ")
}

// linked says a competence of a card, and how it was acquired.
func linked(p *i18n.Printer, l workshop.ReportLink) string {
	name := cmp.Or(strings.TrimSpace(l.Code+" "+l.Label), l.ID)
	if l.How != "" {
		name += " (" + p.T("workshop.way_"+l.How) + ")"
	}
	return name
}
