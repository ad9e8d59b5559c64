package workshopweb

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// export gives the report as a file: results.md to be edited, results.csv with a row a card, results.json with everything.
func (d desk) export(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	var report workshop.Report
	competences, err := d.competences(r.Context(), web.VisitOf(r).P, sess)
	if err != nil {
		return err
	}
	if err := d.Read(r.Context(), sess, func(s *workshop.State) { report = s.Report(sess, competences) }); err != nil {
		return err
	}
	switch file := r.PathValue("file"); file {
	case "results.md":
		web.Attachment(w, "text/markdown; charset=utf-8", file)
		return writeMarkdown(w, web.VisitOf(r).P, report)
	case "results.csv":
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeTable(w, report)
	case "results.json":
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, report)
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// writeTable writes one row a card, in the order of the report. Formulas are neutralised.
func writeTable(w io.Writer, report workshop.Report) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"phase", "phase_title", "theme", "card", "text", "dots", "author", "competences"}); err != nil {
		return err
	}
	for _, p := range report.Phases {
		for _, t := range p.Themes {
			for _, c := range t.Cards {
				line := []string{p.Name, p.Title, t.Name, strconv.FormatInt(c.ID, 10), c.Text, strconv.Itoa(c.Dots), c.Author, codes(c.Links)}
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

// writeMarkdown writes the report as a document people go on with.
func writeMarkdown(w io.Writer, p *i18n.Printer, report workshop.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", plain(report.Title), p.Date(report.Held))
	if report.People > 0 {
		fmt.Fprintf(&b, "\n%s\n", p.T("workshopweb.people", report.People))
	}
	for _, one := range report.Phases {
		fmt.Fprintf(&b, "\n## %s\n", plain(one.Title))
		for _, t := range one.Themes {
			name := t.Name
			if name == "" {
				name = p.T("workshopweb.no_theme")
			}
			fmt.Fprintf(&b, "\n### %s (%s)\n\n", plain(name), p.T("workshopweb.cards", len(t.Cards)))
			for _, c := range t.Cards {
				b.WriteString("- " + plain(c.Text))
				if c.Author != "" {
					b.WriteString(", " + plain(c.Author))
				}
				if c.Dots > 0 {
					b.WriteString(" (" + p.T("workshopweb.dots", c.Dots) + ")")
				}
				b.WriteByte('\n')
				for _, l := range c.Links {
					b.WriteString("  - " + plain(linked(p, l)) + "\n")
				}
			}
		}
		if len(one.Options) > 0 {
			b.WriteByte('\n')
		}
		for _, o := range one.Options {
			fmt.Fprintf(&b, "- %s: %s\n", plain(o.Label), p.T("workshopweb.picks", o.Count))
		}
	}
	if len(report.Minutes) > 0 {
		fmt.Fprintf(&b, "\n## %s\n", p.T("workshopweb.notes"))
	}
	for _, m := range report.Minutes {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n", plain(m.Phase), plain(m.Text))
	}
	_, err := io.WriteString(w, b.String())
	return err
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

// special are the characters Markdown gives a meaning to, and HTML.
var special = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "\n", " ")

// plain is a text as Markdown shows it: nothing in it is markup.
func plain(text string) string { return special.Replace(text) }
