package dataset

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/tabular"
)

// Say translates: a catalogue key and its arguments become a sentence.
type Say func(key string, args ...any) string

// The formats a report is printed in.
const (
	PrintText  = "text"
	PrintJSON  = "json"
	PrintCSV   = "csv"
	PrintSARIF = "sarif"
)

// PrintFormats lists the formats of a report, the default first.
func PrintFormats() []string { return []string{PrintText, PrintJSON, PrintCSV, PrintSARIF} }

// A Printer writes the findings of an examination as they come, then its report: text for people, JSON for programs (one
// object: "findings", then "report"), CSV for tables (one line per finding), SARIF 2.1.0 for pipelines. Every finding is
// written, whatever their number. Call About before the first finding, give Add as the sink, and end with Close.
type Printer struct {
	w      *bufio.Writer
	csv    *csv.Writer
	format string
	say    Say
	n      int
	err    error
	file   string // as its owner calls it
	places Places
	rules  sarifRules
	total  Totals // of a package, so far
}

// printedColumns are those of the CSV report.
var printedColumns = []string{"row", "column", "field", "severity", "reason", "value", "message", "mend", "why", "rule", "fix", "after", "file", "sheet"}

// NewPrinter returns a printer; an unknown format is text.
func NewPrinter(w io.Writer, format string, say Say) *Printer {
	p := &Printer{w: bufio.NewWriter(w), format: format, say: say, places: Places{Say: say}}
	switch format {
	case PrintCSV:
		p.csv = csv.NewWriter(p.w)
		p.keep(p.csv.Write(printedColumns))
	case PrintSARIF:
		p.write(sarifStart + sarifRun)
	case PrintJSON:
		p.write(`{"findings":[`)
	}
	return p
}

func (p *Printer) write(s string) {
	_, err := p.w.WriteString(s)
	p.keep(err)
}

// About says which file the findings are about, and how it was read.
func (p *Printer) About(file string, r tabular.Reading) { p.file, p.places.Reading = file, r }

func (p *Printer) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

// A printed finding, as JSON.
type printed struct {
	Row      int              `json:"row"`    // 0: the column or the table
	Column   int              `json:"column"` // 1-based; 0: the row or the table
	Field    string           `json:"field,omitempty"`
	Severity finding.Severity `json:"severity"`
	Reason   string           `json:"reason"`
	Value    string           `json:"value,omitempty"`
	Message  string           `json:"message"`
	Mend     string           `json:"mend"`
	Why      string           `json:"why,omitempty"` // how the rule recognises it, and after whom
	Rule     string           `json:"rule,omitempty"`
	Fix      string           `json:"fix,omitempty"`
	After    *string          `json:"after,omitempty"`
	File     string           `json:"file,omitempty"`
	Sheet    string           `json:"sheet,omitempty"`
}

// Add writes one finding.
func (p *Printer) Add(f finding.Finding) {
	if p.err != nil || p.csv == nil && p.format != PrintJSON && p.format != PrintSARIF {
		return
	}
	at := p.places.Reading.PieceOf(f.Row)
	f, file := p.places.found(f)
	if file == "" {
		file = p.file
	}
	args, sheet := anys(f.Args), p.places.Reading.Sheet
	message, mend := p.say(f.Reason, args...), p.say(f.Reason+"_mend", args...)
	p.n++
	if p.format == PrintSARIF {
		if at >= 0 { // of what is in no row too: a place is one file
			file = p.places.Reading.Pieces[at].Name
		}
		p.object(p.sarifResult(f, sarifFile{file, max(at, 0)}, message, mend))
		return
	}
	if p.csv != nil {
		p.keep(p.csv.Write([]string{number(f.Row), number(f.Column + 1), harmless(f.Field), string(f.Severity), f.Reason, harmless(f.Value),
			harmless(message), mend, p.why(f.Reason), f.Rule, f.Fix, harmless(f.After), harmless(file), harmless(sheet)}))
		return
	}
	out := printed{f.Row, f.Column + 1, f.Field, f.Severity, f.Reason, f.Value, message, mend, p.why(f.Reason), f.Rule, f.Fix, nil, file, sheet}
	if f.Fix != "" {
		out.After = &f.After
	}
	p.object(out)
}

// object writes one element of a list, on a line of its own.
func (p *Printer) object(v any) {
	b, err := json.Marshal(v)
	if p.n > 1 {
		p.keep(p.w.WriteByte(','))
	}
	p.keep(p.w.WriteByte('\n'))
	_, werr := p.w.Write(b)
	p.keep(err)
	p.keep(werr)
}

// why says how a reason is recognised, and after whom; "" where the name of the rule says it all.
func (p *Printer) why(reason string) string {
	if key := Explanation(reason); key != "" {
		return p.say(key)
	}
	return ""
}

// number writes a position, "" for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// harmless keeps a spreadsheet from running a cell as a formula. Source: OWASP, "CSV Injection".
func harmless(v string) string {
	if v == "" || !strings.ContainsRune("=+-@\t\r", rune(v[0])) {
		return v
	}
	if c := describeCell(v); c.kind == kindInteger || c.kind == kindNumber {
		return v
	}
	return "'" + v
}

func anys(args []string) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
	}
	return out
}

// Close writes the report and what is pending, and returns the first error.
func (p *Printer) Close(r Report) error {
	p.report(r)
	if p.format == PrintSARIF {
		p.write("]}")
	}
	return p.flush()
}

// report writes the report of one table.
func (p *Printer) report(r Report) {
	switch p.format {
	case PrintCSV:
	case PrintSARIF:
		p.sarifEnd(r)
	case PrintJSON:
		b, err := json.Marshal(r.printed(Places{r.Reading, p.say}))
		p.keep(err)
		_, err = fmt.Fprintf(p.w, "\n],\"verdict\":%s,\"report\":%s}", quoteJSON(p.say(r.Verdict.Key, r.Verdict.Words()...)), b)
		p.keep(err)
	default:
		p.text(r)
	}
}

// flush writes what is pending, and returns the first error.
func (p *Printer) flush() error {
	switch p.format {
	case PrintCSV:
		p.csv.Flush()
		p.keep(p.csv.Error())
	case PrintSARIF, PrintJSON:
		p.write("\n")
	}
	p.keep(p.w.Flush())
	return p.err
}

func quoteJSON(s string) []byte {
	b, _ := json.Marshal(s) // a string always marshals
	return b
}

func (p *Printer) line(format string, args ...any) {
	_, err := fmt.Fprintf(p.w, format+"\n", args...)
	p.keep(err)
}

// text writes the report for people.
func (p *Printer) text(r Report) {
	p.line("%s", p.say(r.Verdict.Key, r.Verdict.Words()...))
	p.line("%s", p.say("dataset.print_reading", readingWords(r, p.say)))
	p.notes(r)
	places := Places{r.Reading, p.say}
	for _, g := range r.Groups {
		p.line("")
		where := ""
		if g.Field != "" {
			where = " · " + p.say("dataset.print_column", g.Field)
		}
		p.line("[%s] %s%s · %s", p.say("dataset.print_"+string(g.Severity)), p.say(g.Reason+"_title", anys(g.Args)...), where,
			p.say("dataset.print_group", g.Count))
		for _, e := range g.Examples {
			what := p.say(g.Reason, places.Words(g.Reason, e.Args)...)
			if e.Fixed && e.After != "" {
				what += " → " + e.After
			}
			switch file, row := r.Reading.Place(e.Row); {
			case file != "":
				what = p.say("dataset.print_row_in", file, row, what)
			case row > 0:
				what = p.say("dataset.print_row", row, what)
			}
			p.line("  %s", oneLine(what))
		}
		if rest := g.Count - len(g.Examples); rest > 0 {
			p.line("  %s", p.say("dataset.print_more", rest))
		}
		p.line("  %s", p.say("dataset.print_mend", p.say(g.Reason+"_mend", anys(g.Args)...)))
		if why := p.why(g.Reason); why != "" {
			p.line("  %s", p.say("dataset.print_why", why))
		}
		if g.Safe {
			p.line("  %s", p.say("dataset.print_fix", p.say("dataset.fix_"+g.Fix.Kind)))
		}
	}
}

func oneLine(s string) string {
	return strings.NewReplacer("\r\n", "⏎", "\n", "⏎", "\r", "⏎").Replace(s)
}

// readingWords sums up how the source was read, in the words of formats.
func readingWords(r Report, say Say) string {
	d := r.Reading
	var parts []string
	for _, s := range [...]string{strings.ToUpper(d.Format), tabular.EncodingTitle(d.Encoding), d.Sheet} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	switch d.Separator {
	case "":
	case "\t":
		parts = append(parts, "TAB")
	default:
		parts = append(parts, say("dataset.print_quoted", d.Separator))
	}
	return strings.Join(parts, ", ")
}
