package ui

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
