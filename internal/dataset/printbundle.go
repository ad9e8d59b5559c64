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
		key := "dataset.print_package"
		if about.Undescribed {
			key = "dataset.print_archive"
		}
		p.line("%s", say(key, len(about.Resources), about.Label()))
		for _, n := range about.Notes {
			p.line("  %s", say(n.Key, noteArgs(n.Args)...))
		}
	}
	return p
}

// Table starts the report of a table: the name of its resource, and its file, "" for none.
func (p *Printer) Table(name, file string) {
	p.n, p.file, p.places.Reading, p.rules = 0, file, tabular.Reading{}, sarifRules{}
	p.total.Tables++
	between := ""
	if p.total.Tables > 1 {
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
func (p *Printer) EndTable(r Report) {
	p.total.add(r)
	p.report(r)
}

// Refuse ends a table that could not be read: key says which fault, why is its sentence.
func (p *Printer) Refuse(key, why string) {
	p.total.Refused++
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

// End writes the totals and what is pending, and returns the first error.
func (p *Printer) End() error {
	switch p.format {
	case PrintCSV:
	case PrintSARIF:
		p.write("]}")
	case PrintJSON:
		b, err := json.Marshal(p.total)
		p.keep(err)
		p.write("],\"totals\":" + string(b) + "}")
	default:
		p.line("")
		for _, sentence := range p.total.Sentences(p.say) {
			p.line("%s", sentence)
		}
	}
	return p.flush()
}

// Totals are what the tables of a package come to.
type Totals struct {
	Tables   int   `json:"tables"`
	Faulty   int   `json:"faulty"`  // with errors or warnings
	Refused  int   `json:"refused"` // that could not be read
	Rows     int64 `json:"rows"`
	Errors   int   `json:"errors"`
	Warnings int   `json:"warnings"`
	Infos    int   `json:"infos"`
	Fixable  int   `json:"fixable"`
}

func (t *Totals) add(r Report) {
	t.Rows, t.Errors, t.Warnings, t.Infos, t.Fixable = t.Rows+r.Rows, t.Errors+r.Errors, t.Warnings+r.Warnings, t.Infos+r.Infos, t.Fixable+r.Fixable
	if r.Problems() > 0 {
		t.Faulty++
	}
}

// TotalsOf sums up the checks of a package that have ended.
func TotalsOf(all []Check) Totals {
	t := Totals{Tables: len(all)}
	for _, c := range all {
		switch c.State {
		case Done:
			t.add(c.Outcome.Report)
		case Failed:
			t.Refused++
		}
	}
	return t
}

// Level is how the whole is coloured.
func (t Totals) Level() Level {
	switch {
	case t.Errors+t.Refused > 0:
		return LevelError
	case t.Warnings > 0:
		return LevelWarn
	}
	return LevelOK
}

// Sentences say the totals: what was found, then what could not be read.
func (t Totals) Sentences(say Say) []string {
	var out []string
	read := t.Tables - t.Refused
	switch problems := t.Errors + t.Warnings; {
	case problems > 0 && t.Faulty == 1:
		out = append(out, say("dataset.total_problems_one", problems, t.Tables))
	case problems > 0:
		out = append(out, say("dataset.total_problems", problems, t.Faulty, t.Tables))
	case read > 0:
		out = append(out, say("dataset.total_clean", read))
	}
	if t.Refused > 0 {
		out = append(out, say("dataset.total_refused", t.Refused))
	}
	return out
}
