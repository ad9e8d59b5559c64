package workshopweb

import (
	"strings"

	"cultured/internal/document"
	"cultured/internal/i18n"
	"cultured/internal/workshop"
)

// synthesis is the report as a document people go on with: phase by phase, theme by theme, with what was counted.
func synthesis(p *i18n.Printer, report workshop.Report) document.Document {
	d := document.Document{Lang: string(p.Lang()), Title: report.Title, Made: report.Held, Blocks: []document.Block{document.Paragraph(p.Date(report.Held))}}
	add := func(b document.Block) { d.Blocks = append(d.Blocks, b) }
	if report.People > 0 {
		add(document.Paragraph(p.T("workshopweb.people", report.People)))
	}
	say := func(text string) {
		for one := range strings.SplitSeq(text, "\n\n") { // as it was typed: a blank line between two paragraphs
			if one = strings.TrimSpace(one); one != "" {
				add(document.Paragraph(one))
			}
		}
	}
	say(report.Introduction)
	for _, one := range report.Phases {
		add(document.Heading{Level: 2, Text: one.Title})
		say(one.Text)
		for _, t := range one.Themes {
			name := t.Name
			if name == "" {
				name = p.T("workshopweb.no_theme")
			}
			add(document.Heading{Level: 3, Text: name + " (" + p.T("workshopweb.cards", len(t.Cards)) + ")"})
			say(t.Text)
			d.Blocks = append(d.Blocks, cardItems(p, t.Cards)...)
		}
		for _, t := range countTables(p, one) {
			add(t)
		}
	}
	if len(report.Minutes) > 0 {
		add(document.Heading{Level: 2, Text: p.T("workshopweb.notes")})
	}
	for _, m := range report.Minutes {
		add(document.Heading{Level: 3, Text: m.Phase})
		say(m.Text)
	}
	if report.Conclusion != "" {
		add(document.Heading{Level: 2, Text: p.T("workshopweb.conclusion")})
		say(report.Conclusion)
	}
	return d
}

// cardItems are the cards of a theme, each with its competences under it.
func cardItems(p *i18n.Printer, cards []workshop.ReportCard) (out []document.Block) {
	for _, c := range cards {
		said := c.Text
		if c.Author != "" {
			said += ", " + c.Author
		}
		var more []string
		if c.Table != "" {
			more = append(more, c.Table)
		}
		if c.Dots > 0 {
			more = append(more, p.T("workshopweb.dots", c.Dots))
		}
		if len(more) > 0 {
			said += " (" + strings.Join(more, ", ") + ")"
		}
		out = append(out, document.Item{Text: said})
		for _, l := range c.Links {
			out = append(out, document.Item{Depth: 1, Text: linked(p, l)})
		}
	}
	return out
}

// countTables are what was counted in a phase.
func countTables(p *i18n.Printer, one workshop.ReportPhase) (out []document.Table) {
	if len(one.Options) > 0 {
		out = append(out, optionTable(p, one.Options))
	}
	for _, told := range []struct {
		key  string
		list []workshop.ReportOption
	}{{"service", one.Services}, {"trade", one.Trades}} {
		t := document.Table{Header: []string{p.T("workshopweb." + told.key), p.T("workshopweb.persons")}}
		for _, o := range told.list {
			t.Rows = append(t.Rows, []string{nonEmpty(o.Label, p.T("workshopweb.too_few_apart")), p.Number(o.Count)})
		}
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	if len(one.Ranking) == 0 {
		return out
	}
	t := document.Table{Header: []string{p.T("workshopweb.rank"), p.T("workshopweb.card"), p.T("workshopweb.points")}}
	if len(one.Axes) == 2 {
		t.Header = append(t.Header[:2], one.Axes...)
	}
	for _, r := range one.Ranking {
		row := []string{p.Number(r.Rank), r.Text, p.Number(r.Dots)}
		if len(one.Axes) == 2 {
			row = append(row, p.Number(r.Second))
		}
		t.Rows = append(t.Rows, row)
	}
	return append(out, t)
}

// optionTable says how many chose each option.
func optionTable(p *i18n.Printer, options []workshop.ReportOption) document.Table {
	t := document.Table{Header: []string{p.T("workshopweb.option"), p.T("workshopweb.times")}}
	for _, o := range options {
		t.Rows = append(t.Rows, []string{o.Label, p.Number(o.Count)})
	}
	return t
}
