package dataset

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"

	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// NewBundlePrinter returns a printer for the tables of a package: text table after table, one JSON object with "tables", one
// CSV file, a SARIF log with a run for each table. Between Table and the next one it is used as for a lone file, but for
// Close: EndTable, or Refuse, ends a table, and End the whole.
func NewBundlePrinter(w io.Writer, format string, say Say, about schema.Package) *Printer {
	p := &Printer{w: bufio.NewWriter(w), format: format, say: say, places: Places{Say: say}}
	switch format {
	case PrintCSV:
		p.csv = csv.NewWriter(p.w)
		p.keep(p.csv.Write(printedColumns))
	case PrintSARIF:
		p.write(sarifStart)
	case PrintJSON:
		notes := []string{}
		for _, n := range about.Notes {
			notes = append(notes, say(n.Key, noteArgs(n.Args)...))
		}
		b, err := json.Marshal(struct {
			Package string   `json:"package"`
			Title   string   `json:"title,omitempty"`
			Notes   []string `json:"notes"`
		}{about.Name, about.Title, notes})
		p.keep(err)
		if err == nil {
			p.write(string(b[:len(b)-1]) + `,"tables":[`)
		}
	default:
		p.line("%s", say("dataset.print_package", len(about.Resources), about.Label()))
		for _, n := range about.Notes {
			p.line("  %s", say(n.Key, noteArgs(n.Args)...))
		}
	}
	return p
}

// Table starts the report of a table: the name of its resource, and its file, "" for none.
func (p *Printer) Table(name, file string) {
	p.n, p.file, p.places.Reading, p.rules = 0, file, tabular.Reading{}, sarifRules{}
	p.tables++
	between := ""
	if p.tables > 1 {
		between = ",\n"
	}
	switch p.format {
	case PrintCSV:
	case PrintSARIF:
		p.write(between + sarifRun)
	case PrintJSON:
		p.write(between + `{"name":` + string(quoteJSON(name)) + `,"file":` + string(quoteJSON(file)) + `,"findings":[`)
	default:
		p.line("")
		if file == "" {
			file = name
		}
		p.line("%s", p.say("dataset.print_table", name, file))
	}
}

// EndTable writes the report of the table.
func (p *Printer) EndTable(r Report) { p.report(r) }

// Refuse ends a table that could not be read: key says which fault, why is its sentence.
func (p *Printer) Refuse(key, why string) {
	switch p.format {
	case PrintCSV:
		line := make([]string, len(printedColumns))
		for i, name := range printedColumns {
			switch name {
			case "severity":
				line[i] = "error"
			case "reason":
				line[i] = key
			case "message":
				line[i] = harmless(why)
			case "file":
				line[i] = harmless(p.file)
			}
		}
		p.keep(p.csv.Write(line))
	case PrintSARIF:
		p.sarifRefused(why)
	case PrintJSON:
		p.write(`],"fault":` + string(quoteJSON(why)) + `}`)
	default:
		p.line("%s", p.say("dataset.print_refused", why))
	}
}

// End writes what is pending, and returns the first error.
func (p *Printer) End() error {
	if p.format == PrintSARIF || p.format == PrintJSON {
		p.write("]}")
	}
	return p.flush()
}
