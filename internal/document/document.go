package document

import (
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// A Document is a text in one language. Its Title is its only heading of level 1.
type Document struct {
	Lang   string // BCP 47, as "fr"
	Title  string
	Made   time.Time // written into the file; the zero time writes none
	Blocks []Block
}

// A Block is one of [Heading], [Paragraph], [Quote], [Item] and [Table].
type Block interface{ block() }

// A Heading begins a part. Level is in [2, 6]; others are brought into it.
type Heading struct {
	Level int
	Text  string
}

// A Paragraph is plain text; its line ends are kept.
type Paragraph string

// A Quote is what somebody said, set apart.
type Quote string

// An Item is one point of a bulleted list: items that follow each other are one list. Depth 0 is the list itself, 1 a list in
// the item before; deeper ones are brought to 1, and 1 without an item before it to 0.
type Item struct {
	Depth int
	Text  string
}

// A Table has a row that names its columns. Short rows are filled with empty cells, what is beyond the header is left out; without
// a header there is no table.
type Table struct {
	Header []string
	Rows   [][]string
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Quote) block()     {}
func (Item) block()      {}
func (Table) block()     {}

// Formats are the names of what [Document.Write] writes, also the endings of their files.
func Formats() []string { return []string{"odt", "docx", "html", "md"} }

// MediaType is that of a format, "" for one that is not written.
func MediaType(format string) string {
	return map[string]string{"odt": odtType, "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8"}[format]
}

// Write writes the document in a format of [Formats]; one of another name is a Markdown. Faults: those of w.
func (d Document) Write(w io.Writer, format string) error {
	switch format {
	case "odt":
		return d.writeODT(w)
	case "docx":
		return d.writeDOCX(w)
	case "html":
		return d.writeHTML(w)
	}
	return d.writeMarkdown(w)
}

// A writer says each block its way. Lists come whole, a nested list inside its item.
type writer interface {
	heading(level int, text string)
	paragraph(text string)
	quote(text string)
	list(points []point)
	table(t Table)
}

// A point is an item with those under it.
type point struct {
	text  string
	under []string
}

// walk gives each block to a writer.
func (d Document) walk(w writer) {
	var points []point
	for i, b := range d.Blocks {
		switch b := b.(type) {
		case Heading:
			w.heading(min(max(b.Level, 2), 6), b.Text)
		case Paragraph:
			w.paragraph(string(b))
		case Quote:
			w.quote(string(b))
		case Table:
			if len(b.Header) > 0 {
				w.table(b.square())
			}
		case Item:
			if last := len(points) - 1; b.Depth > 0 && last >= 0 {
				points[last].under = append(points[last].under, b.Text)
			} else {
				points = append(points, point{text: b.Text})
			}
			if i+1 < len(d.Blocks) {
				if _, more := d.Blocks[i+1].(Item); more {
					continue
				}
			}
			w.list(points)
			points = nil
		}
	}
}

// square is the table with as many cells in each row as it has columns.
func (t Table) square() Table {
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make([]string, len(t.Header))
		copy(rows[i], row)
	}
	return Table{t.Header, rows}
}

// widths shares a width out between the columns, by their longest cell: between a narrow column, which a number and its heading fill, and one of a
// few lines.
func (t Table) widths(total int) []int {
	const narrow, wide = 8, 48 // characters
	longest, all := make([]int, len(t.Header)), 0
	for i := range longest {
		longest[i] = utf8.RuneCountInString(t.Header[i])
		for _, row := range t.Rows {
			longest[i] = max(longest[i], utf8.RuneCountInString(row[i]))
		}
		longest[i] = min(max(longest[i], narrow), wide)
		all += longest[i]
	}
	for i := range longest {
		longest[i] = total * longest[i] / all
	}
	return longest
}

// escaped is a text for XML and HTML: what XML 1.0 cannot hold is left out, each line is for line to end.
func escaped(text, line string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.ReplaceAll(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text), "\n", line)
}
