package schema

import (
	"slices"
	"strconv"
	"strings"

	"cultured/internal/tabular"
)

// A Dialect says how a table is written: CSV Dialect version 1, Table Dialect version 2.
type Dialect struct {
	Delimiter        string // "" to detect
	QuoteChar        string // "" to detect
	NullSequence     string // a text that stands for an absent value; "" for none
	CommentChar      string // lines that start with it are no data; "" for none
	SkipInitialSpace bool   // spaces after the separator are not part of the value
	HeaderRow        int    // 1-based; 0 to detect
	SheetName        string
	Unread           []string // properties that say something this room does not follow
}

func parseDialect(m map[string]any) Dialect {
	o := object(m)
	if inner := o.object("csv"); inner != nil { // as some tools nest it
		o = inner
	}
	d := Dialect{SheetName: o.text("sheetName", "table"), SkipInitialSpace: o.truth("skipInitialSpace", false)}
	for key, to := range map[string]*string{"delimiter": &d.Delimiter, "quoteChar": &d.QuoteChar, "nullSequence": &d.NullSequence, "commentChar": &d.CommentChar} {
		*to, _ = o[key].(string) // a tab is a value, so nothing is trimmed
	}
	if rows := o.texts("headerRows"); len(rows) > 0 {
		if n, err := strconv.Atoi(rows[len(rows)-1]); err == nil && n > 0 {
			d.HeaderRow = n
		}
	}
	if !o.truth("header", true) {
		d.Unread = append(d.Unread, "header")
	}
	if e, _ := o["escapeChar"].(string); e != "" {
		d.Unread = append(d.Unread, "escapeChar")
	}
	for _, key := range [...]string{"property", "itemKeys", "commentRows"} {
		if o[key] != nil {
			d.Unread = append(d.Unread, key)
		}
	}
	return d
}

// Options are the reader's for a file written so, in the encoding declared; what is not said is detected.
func (d Dialect) Options(encoding string) tabular.Options {
	o := tabular.Options{Sheet: d.SheetName, HeaderRow: d.HeaderRow}
	if slices.Contains([]string{",", ";", "\t", "|"}, d.Delimiter) {
		o.Separator = d.Delimiter
	}
	if d.QuoteChar == `"` || d.QuoteChar == "'" {
		o.Quote = d.QuoteChar
	}
	for _, known := range tabular.Encodings {
		if strings.EqualFold(strings.ReplaceAll(known, "_", "-"), encoding) {
			o.Encoding = known
		}
	}
	return o
}

// Plain says whether rows need no rewriting before they are checked.
func (d Dialect) Plain() bool {
	return d.NullSequence == "" && d.CommentChar == "" && !d.SkipInitialSpace
}

// Apply rewrites the cells of a row in place as the dialect says, and says whether the row is data.
func (d Dialect) Apply(cells []string) bool {
	if d.CommentChar != "" && len(cells) > 0 && strings.HasPrefix(cells[0], d.CommentChar) {
		return false
	}
	for i, v := range cells {
		if d.SkipInitialSpace {
			v = strings.TrimLeft(v, " ")
		}
		if d.NullSequence != "" && v == d.NullSequence {
			v = ""
		}
		cells[i] = v
	}
	return true
}
