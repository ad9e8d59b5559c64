package workshopweb

import (
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
		if text != "" {
			add(document.Paragraph(text))
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
		if len(one.Options) > 0 {
			add(optionTable(p, one.Options))
		}
	}
	if len(report.Minutes) > 0 {
		add(document.Heading{Level: 2, Text: p.T("workshopweb.notes")})
	}
	for _, m := range report.Minutes {
		add(document.Heading{Level: 3, Text: m.Phase})
		add(document.Paragraph(m.Text))
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
		if c.Dots > 0 {
			said += " (" + p.T("workshopweb.dots", c.Dots) + ")"
		}
		out = append(out, document.Item{Text: said})
		for _, l := range c.Links {
			out = append(out, document.Item{Depth: 1, Text: linked(p, l)})
		}
	}
	return out
}

// optionTable says how many chose each option.
func optionTable(p *i18n.Printer, options []workshop.ReportOption) document.Table {
	t := document.Table{Header: []string{p.T("workshopweb.option"), p.T("workshopweb.times")}}
	for _, o := range options {
		t.Rows = append(t.Rows, []string{o.Label, p.Number(o.Count)})
	}
	return t
}
