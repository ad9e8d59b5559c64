package schema

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// A Dialect says how a table is written: CSV Dialect version 1, Table Dialect version 2. What it does not say is detected.
type Dialect struct {
	Delimiter        string // "" to detect
	QuoteChar        string // "" to detect
	NullSequence     string // a text that stands for an absent value; "" for none
	CommentChar      string // rows that start with it are no data; "" for none
	EscapeChar       string // makes the next sign stand for itself; "" for none
	PlainQuotes      bool   // doubleQuote is false: two quotes in a quoted text are no quote
	CommentRows      []int  // rows that are no data, from 1
	SkipInitialSpace bool   // spaces after the separator are not part of the value
	NoHeader         bool   // the first row is data
	HeaderRow        int    // 1-based, the last one when there are several; 0 to detect
	HeaderRows       int    // how many; 0 when HeaderRow is 0
	SheetName        string
	Unread           []string // properties that say something the reader does not follow
}

// ParseDialect reads a dialect that stands in a file of its own.
// Faults, Invalid: "schema.not_json", "schema.not_dialect" (no object, or one without a property of dialects);
// TooLarge "schema.too_large".
func ParseDialect(raw []byte) (d Dialect, err error) {
	defer fault.Wrap(&err, "schema.ParseDialect")
	if len(raw) > maxDescriptor {
		return d, fault.New(fault.TooLarge, "schema.too_large", maxDescriptor>>20)
	}
	v, err := decode(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if err != nil {
		return d, fault.New(fault.Invalid, "schema.not_json").Because(err)
	}
	o := dialectObject(asObject(v))
	if !slices.ContainsFunc(dialectProperties, func(key string) bool { return o[key] != nil }) {
		return d, fault.New(fault.Invalid, "schema.not_dialect")
	}
	return parseDialect(o), nil
}

// dialectProperties are those of both versions.
var dialectProperties = []string{"delimiter", "lineTerminator", "quoteChar", "doubleQuote", "escapeChar", "nullSequence", "skipInitialSpace",
	"header", "headerRows", "headerJoin", "commentRows", "commentChar", "caseSensitiveHeader", "csvddfVersion", "property", "itemType", "itemKeys",
	"sheetNumber", "sheetName", "table"}

// dialectObject finds the dialect, which some tools put under "csv".
func dialectObject(o object) object {
	if inner := o.object("csv"); inner != nil {
		return inner
	}
	return o
}

func parseDialect(o object) Dialect {
	o = dialectObject(o)
	d := Dialect{SheetName: o.text("sheetName", "table"), SkipInitialSpace: o.truth("skipInitialSpace", false), NoHeader: !o.truth("header", true)}
	for key, to := range map[string]*string{"delimiter": &d.Delimiter, "quoteChar": &d.QuoteChar, "nullSequence": &d.NullSequence, "commentChar": &d.CommentChar,
		"escapeChar": &d.EscapeChar} {
		*to, _ = o[key].(string) // a tab is a value, so nothing is trimmed
	}
	d.headerRows(o)
	unread := func(key string, told bool) {
		if told {
			d.Unread = append(d.Unread, key)
		}
	}
	unread("delimiter", d.Delimiter != "" && !tabular.Separates(d.Delimiter))
	unread("quoteChar", d.QuoteChar != "" && d.QuoteChar != `"` && d.QuoteChar != "'")
	d.PlainQuotes = !o.truth("doubleQuote", true)
	d.escapes(unread)
	d.commentRows(o, unread)
	unread("sheetNumber", d.SheetName == "" && o["sheetNumber"] != nil && plainText(o["sheetNumber"]) != "1")
	unread("property", o.text("property") != "")
	unread("itemKeys", o["itemKeys"] != nil)
	return d
}

// escapes follows the sign that escapes where the reader can: one that is the quote says that quotes are doubled.
func (d *Dialect) escapes(unread func(key string, told bool)) {
	sign := d.EscapeChar
	if sign == "" {
		return
	}
	if sign == cmp.Or(d.QuoteChar, `"`) {
		d.EscapeChar, d.PlainQuotes = "", false
		return
	}
	if !tabular.Escapes(sign) || sign == d.Delimiter {
		d.EscapeChar = ""
		unread("escapeChar", true)
	}
}

// mostCommentRows bounds the rows that are said to be comments.
const mostCommentRows = 1000

// commentRows reads which rows are comments; those that are no numbers of rows are not followed, and told.
func (d *Dialect) commentRows(o object, unread func(key string, told bool)) {
	rows := o.texts("commentRows")
	for _, text := range rows[:min(len(rows), mostCommentRows)] {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			d.CommentRows = nil
			unread("commentRows", true)
			return
		}
		d.CommentRows = append(d.CommentRows, n)
	}
	unread("commentRows", len(rows) > mostCommentRows)
}

// headerRows reads which rows the header has. Rows that do not follow each other are not followed here either.
func (d *Dialect) headerRows(o object) {
	rows := o.texts("headerRows")
	if list, ok := o["headerRows"].([]any); ok && len(list) == 0 { // as version 2 also says it
		d.NoHeader = true
	}
	for i, text := range rows {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || i > 0 && n != d.HeaderRow+1 || i >= tabular.MostHeaderRows {
			d.HeaderRow, d.HeaderRows = 0, 0
			d.Unread = append(d.Unread, "headerRows")
			return
		}
		d.HeaderRow, d.HeaderRows = n, i+1
	}
}

// Options are the reader's for a file written so, in the encoding declared; names are those of the columns when the file
// does not name them. What is not said, or cannot be followed, is detected.
func (d Dialect) Options(encoding string, names []string) tabular.Options {
	o := tabular.Options{Sheet: d.SheetName, HeaderRow: d.HeaderRow, HeaderRows: d.HeaderRows, Comment: d.CommentChar, Null: d.NullSequence, TrimStart: d.SkipInitialSpace,
		Escape: d.EscapeChar, PlainQuotes: d.PlainQuotes, CommentRows: d.CommentRows}
	if d.NoHeader {
		o.HeaderRow, o.HeaderRows, o.Names = tabular.NoHeader, 0, names
	}
	if tabular.Separates(d.Delimiter) {
		o.Separator = d.Delimiter
	}
	if d.QuoteChar == `"` || d.QuoteChar == "'" {
		o.Quote = d.QuoteChar
	}
	o.Encoding, _ = tabular.EncodingNamed(encoding)
	return o
}

// Notes say what of the dialect, and of the encoding declared with it, is not followed.
func (d Dialect) Notes(encoding string) []tabular.Note {
	var list []tabular.Note
	if _, ok := tabular.EncodingNamed(encoding); !ok {
		list = append(list, tabular.Note{Key: "schema.note_encoding", Args: []string{cut(encoding)}})
	}
	for _, key := range d.Unread {
		list = append(list, tabular.Note{Key: "schema.note_dialect", Args: []string{key}})
	}
	return list
}
