package document

import (
	"fmt"
	"io"
	"strings"
)

func (d Document) writeHTML(w io.Writer) error {
	h := &page{}
	title := escaped(d.Title, " ")
	fmt.Fprintf(&h.b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>%s</h1>\n", escaped(d.Lang, ""), title, pageStyle, title)
	d.walk(h)
	h.b.WriteString("</main>\n</body>\n</html>\n")
	_, err := io.WriteString(w, h.b.String())
	return err
}

// pageStyle makes a page that reads well on a screen, in the dark and on paper.
const pageStyle = `:root{color-scheme:light dark}body{font:1rem/1.5 sans-serif;margin:0 auto;padding:1rem;max-width:46rem;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}th,td{border:1px solid;padding:.25rem .5rem;text-align:start;vertical-align:top}blockquote{margin:1rem 2rem;font-style:italic}h1,h2,h3{break-after:avoid}li,tr{break-inside:avoid}@page{size:A4;margin:2cm}`

// A page writes the body of an HTML page.
type page struct{ b strings.Builder }

func (h *page) tag(name, text string) {
	fmt.Fprintf(&h.b, "<%s>%s</%s>\n", name, escaped(text, "<br>"), name)
}

func (h *page) heading(level int, text string) { h.tag(fmt.Sprintf("h%d", level), text) }
func (h *page) paragraph(text string)          { h.tag("p", text) }

func (h *page) quote(text string) {
	h.b.WriteString("<blockquote>")
	h.tag("p", text)
	h.b.WriteString("</blockquote>\n")
}

func (h *page) list(points []point) {
	h.b.WriteString("<ul>\n")
	for _, p := range points {
		h.b.WriteString("<li>" + escaped(p.text, "<br>"))
		if len(p.under) > 0 {
			h.b.WriteString("\n<ul>\n")
			for _, u := range p.under {
				h.tag("li", u)
			}
			h.b.WriteString("</ul>\n")
		}
		h.b.WriteString("</li>\n")
	}
	h.b.WriteString("</ul>\n")
}

func (h *page) table(t Table) {
	row := func(cells []string, tag string) {
		h.b.WriteString("<tr>")
		for _, c := range cells {
			name, _, _ := strings.Cut(tag, " ")
			fmt.Fprintf(&h.b, "<%s>%s</%s>", tag, escaped(c, "<br>"), name)
		}
		h.b.WriteString("</tr>\n")
	}
	h.b.WriteString("<table>\n<thead>\n")
	row(t.Header, `th scope="col"`)
	h.b.WriteString("</thead>\n<tbody>\n")
	for _, r := range t.Rows {
		row(r, "td")
	}
	h.b.WriteString("</tbody>\n</table>\n")
}

func (d Document) writeMarkdown(w io.Writer) error {
	m := &markdown{}
	m.b.WriteString("# " + plain(d.Title) + "\n")
	d.walk(m)
	_, err := io.WriteString(w, m.b.String())
	return err
}

// A markdown writes what follows the title: each block after an empty line.
type markdown struct{ b strings.Builder }

func (m *markdown) heading(level int, text string) {
	fmt.Fprintf(&m.b, "\n%s %s\n", strings.Repeat("#", level), plain(text))
}

func (m *markdown) paragraph(text string) {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	m.b.WriteString("\n" + strings.Join(lines, "\\\n") + "\n") // the line ends there
}

func (m *markdown) quote(text string) { m.b.WriteString("\n> " + plain(text) + "\n") }

func (m *markdown) list(points []point) {
	m.b.WriteByte('\n')
	for _, p := range points {
		m.b.WriteString("- " + plain(p.text) + "\n")
		for _, u := range p.under {
			m.b.WriteString("  - " + plain(u) + "\n")
		}
	}
}

func (m *markdown) table(t Table) {
	row := func(cells []string) {
		for _, c := range cells {
			m.b.WriteString("| " + plain(c) + " ")
		}
		m.b.WriteString("|\n")
	}
	m.b.WriteByte('\n')
	row(t.Header)
	m.b.WriteString(strings.Repeat("| --- ", len(t.Header)) + "|\n")
	for _, r := range t.Rows {
		row(r)
	}
}

// special are the characters Markdown gives a meaning to, and HTML.
var special = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "\n", " ")

// plain is a text as Markdown shows it: nothing in it is markup.
func plain(text string) string { return special.Replace(text) }
