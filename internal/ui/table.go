package ui

import (
	"bytes"
	"html/template"

	"cultured/internal/i18n"
)

// Table is a table of data. Caption is required; hide it only when the heading just above says the same.
type Table struct {
	ID            string // of the region, "table" when empty: set it when a page has two
	Caption       string
	CaptionHidden bool
	Columns       []Column
	Rows          []Row
	Compact       bool // small letters and rows, for data people
	Tall          bool // scrolls inside a limited height under a header that stays
	FirstIsHeader bool // the first cell of each row names it
	Stacks        bool // on a narrow screen each row is a card, its cells one under the other with the name of their column: for few columns, and none to sort by
}

// Column is the head of a column. Label is required. Sort is the address that sorts by it; Sorted is "ascending" or "descending".
type Column struct {
	Label, Hint  string
	Numeric      bool
	Sort, Sorted string
	LabelHidden  bool
}

// Row is one line of a [Table].
type Row struct {
	ID    string // to be linked to
	Cells []Cell
	Kind  string // Error or Warning marks the row
}

// Cell is one cell. Fault says what is wrong with it and marks it; Missing shows « vide ».
type Cell struct {
	Text, Href string
	Icon       string
	Badge      *Badge
	Action     *LinkButton
	Fault      string
	Missing    bool
	Fixed      bool // fixed-width letters: codes, raw values
}

// plain reports whether the cell is its text and nothing else.
func (c Cell) plain() bool {
	return !c.Missing && c.Href == "" && c.Icon == "" && c.Badge == nil && c.Action == nil && c.Fault == "" && !c.Fixed
}

// cells is {{cells table row}}: the cells of a row, each the component c-cell in its td, or th for one that names the row. It is no
// template because pages that show data are mostly cells, and a template makes some fifteen reflected calls for each.
func cells(p *i18n.Printer) func(t Table, r Row) (template.HTML, error) {
	return func(t Table, r Row) (template.HTML, error) {
		var b bytes.Buffer
		for i, c := range r.Cells {
			tag, class := "td", ""
			switch {
			case i == 0 && t.FirstIsHeader:
				tag = "th"
				class = ` scope="row"`
			case t.Numeric(i) && c.Fault != "":
				class = ` class="u-numeric c-table__fault"`
			case t.Numeric(i):
				class = ` class="u-numeric"`
			case c.Fault != "":
				class = ` class="c-table__fault"`
			}
			b.WriteString("<" + tag + class + ">")
			if t.Stacks && i < len(t.Columns) && tag == "td" && !(c.plain() && c.Text == "") { // the header says it to who hears the table; nothing is said of an empty cell
				b.WriteString(`<span class="c-table__label" aria-hidden="true">`)
				template.HTMLEscape(&b, []byte(t.Columns[i].Label))
				b.WriteString("</span>")
			}
			if c.plain() {
				template.HTMLEscape(&b, []byte(c.Text))
			} else if err := execute(p, &b, "c-cell", c); err != nil {
				return "", err
			}
			b.WriteString("</" + tag + ">")
		}
		return template.HTML(b.String()), nil // plain text is escaped above, the rest by the component
	}
}

// Key is the id of the table's region.
func (t Table) Key() string { return key(t.ID, "table") }

// Numeric reports whether the cells of column i align right.
func (t Table) Numeric(i int) bool { return i < len(t.Columns) && t.Columns[i].Numeric }

// Facets is the form that narrows a list. Action is required; it is sent by GET, so that the address says everything.
type Facets struct {
	Action string
	Label  string // read aloud; « Filtrer » when empty
	Hidden []Pair // what the form keeps: the search, the order
	Groups []FacetGroup
	Clear  string // address without any facet, "" when none is set
}

// FacetGroup is one question of [Facets]: Name is the field, Label its legend.
type FacetGroup struct {
	Name, Label string
	Options     []FacetOption
	Open        bool
}

// Chosen is the number of options set.
func (g FacetGroup) Chosen() int {
	n := 0
	for _, o := range g.Options {
		if o.Checked {
			n++
		}
	}
	return n
}

// Unfolded reports whether the group shows its options: when asked, or when one is set.
func (g FacetGroup) Unfolded() bool { return g.Open || g.Chosen() > 0 }

// A FacetBox is an option as it stands in its group: Key is its id, Name its field.
type FacetBox struct {
	Key, Name string
	FacetOption
}

// Boxes are the options with what they need of their group.
func (g FacetGroup) Boxes() []FacetBox {
	boxes := make([]FacetBox, len(g.Options))
	for i, o := range g.Options {
		boxes[i] = FacetBox{"facet-" + g.Name + "-" + itoa(i+1), g.Name, o}
	}
	return boxes
}

// FacetOption is one box of a [FacetGroup] and how many results it would give.
type FacetOption struct {
	Value, Label string
	Count        int
	Checked      bool
}

// Progress shows a long work. Label is required. With Poll, the island asks that address each half second for
// {"state": "running"|"done"|"failed", "percent": 0–100, "text": "…", "url": "/where/to/go"} and follows url (or reloads) at the end;
// without JavaScript set [Head.Refresh].
type Progress struct {
	Label, Text string
	Percent     int // 0 to 100; below 0 is unknown
	Poll        string
	Cancel      string // address to POST to, "" when it cannot be cancelled
	Steps       []Stage
}

// Known reports whether the share done is known.
func (p Progress) Known() bool { return p.Percent >= 0 }
