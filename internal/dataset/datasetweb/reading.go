package datasetweb

import (
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
)

// A readingView says how a file was understood, and lets a person correct it.
type readingView struct {
	Facts     ui.Facts
	Notes     []string
	Action    string // address of the POST; "" for who may not
	Open      bool
	Member    *ui.Choice   // archives of several files only
	Encoding  *ui.Choice   // texts, and tables of shapefiles
	Separator *ui.Choice   // text files only
	Sheet     *ui.Choice   // files with several sheets, layers or tables only
	Quote     *ui.Choice   // text files only
	Header    *ui.Field    // nil when the format names the columns itself
	Rows      *ui.Field    // how many rows the header has; nil with Header
	Skip      *ui.Field    // how many rows under the header are no data; nil with Header
	Totals    *ui.Checkbox // whether the total rows at the end are no data
	Ways      []wayView
}

// A wayView is a button that has one thing read the other way, all else as it was.
type wayView struct{ Name, Value, Label string }

// The ways to read merged cells, and rows that may be no data, by the words of the form.
const (
	mergedStored = "stored" // see [tabular.Options.AsStored]
	mergedSpread = "spread"
	rowsAside    = "aside"
	rowsKept     = "kept"
)

func newReading(p *i18n.Printer, s subject, errs ui.FormErrors) readingView {
	d := s.outcome.Report.Reading
	fact := func(key, value string) ui.Fact { return ui.Fact{Label: p.T("datasetweb.reading_" + key), Value: value} }
	v := readingView{Facts: ui.Facts{Aside: true, Items: []ui.Fact{fact("name", s.source.Name), fact("size", p.Bytes(s.source.Bytes)), fact("format", strings.ToUpper(d.Format))}}}
	if d.Encoding != "" {
		v.Facts.Items = append(v.Facts.Items, fact("encoding", encodingName(p, d.Encoding)))
	}
	if d.Separator != "" {
		v.Facts.Items = append(v.Facts.Items, fact("separator", separatorName(p, d.Separator)))
	}
	if d.Member != "" && len(d.Pieces) == 0 { // else a note names them all
		v.Facts.Items = append(v.Facts.Items, fact("member", d.Member))
	}
	if d.Sheet != "" {
		v.Facts.Items = append(v.Facts.Items, fact(tabular.Part(d.Format), d.Sheet))
	}
	if !d.Typed {
		header := p.T("datasetweb.reading_no_header")
		if d.HeaderRow > 0 {
			header = p.T("datasetweb.row", d.HeaderRow)
		}
		if d.HeaderRows > 1 {
			header = p.T("datasetweb.rows_between", d.HeaderRow-d.HeaderRows+1, d.HeaderRow)
		}
		v.Facts.Items = append(v.Facts.Items, fact("header", header))
	}
	for _, n := range d.Notes {
		v.Notes = append(v.Notes, p.T(n.Key, noteWords(n.Args)...))
	}
	if s.mayChange {
		v.correct(p, s, errs)
	}
	return v
}

// correct adds the form, with what there is to correct in such a file.
func (v *readingView) correct(p *i18n.Printer, s subject, errs ui.FormErrors) {
	d, o := s.outcome.Report.Reading, s.source.Options
	if len(d.Members) > 1 && (s.check == nil || s.check.Package == "") { // else each has a check of its own
		v.Member = &ui.Choice{Name: "member", Label: p.T("datasetweb.reading_member"), Error: errs.For("member")}
		for _, m := range d.Members {
			v.Member.Options = append(v.Member.Options, ui.Option{Value: m.Name, Label: m.Name, Selected: m.Name == d.Member})
		}
	}
	if len(d.Sheets) > 1 {
		v.Sheet = &ui.Choice{Name: "sheet", Label: p.T("datasetweb.reading_" + tabular.Part(d.Format)), Error: errs.For("sheet")}
		for _, sheet := range d.Sheets {
			v.Sheet.Options = append(v.Sheet.Options, ui.Option{Value: sheet.Name, Label: sheet.Name, Selected: sheet.Name == d.Sheet})
		}
	}
	if d.Encoding != "" {
		v.Encoding = encodingChoice(p, o, errs)
	}
	if !d.Typed {
		if len(d.Sheets) == 0 {
			v.Separator, v.Quote = separatorChoice(p, o, errs), quoteChoice(p, o)
		}
		v.Rows = &ui.Field{Name: "header_rows", Label: p.T("datasetweb.reading_header_rows"), Hint: p.T("datasetweb.reading_header_rows_hint"), Mode: "numeric", Size: "short",
			Error: errs.For("header_rows")}
		if o.HeaderRows > 0 {
			v.Rows.Value = strconv.Itoa(o.HeaderRows)
		}
		v.Skip = &ui.Field{Name: "skip_rows", Label: p.T("datasetweb.reading_skip_rows"), Hint: p.T("datasetweb.reading_skip_rows_hint"), Mode: "numeric", Size: "short",
			Error: errs.For("skip_rows")}
		if o.SkipRows > 0 {
			v.Skip.Value = strconv.Itoa(o.SkipRows)
		}
		v.Header = &ui.Field{Name: "header", Label: p.T("datasetweb.reading_header"), Hint: p.T("datasetweb.reading_header_hint"), Mode: "numeric", Size: "short",
			Error: errs.For("header")}
		if o.HeaderRow > 0 {
			v.Header.Value = strconv.Itoa(o.HeaderRow)
		}
	}
	v.Totals = &ui.Checkbox{Name: "drop_totals", Label: p.T("datasetweb.reading_drop_totals"), Hint: p.T("datasetweb.reading_drop_totals_hint"), Checked: o.DropTotals}
	if d.Typed && !o.DropTotals && d.Totals == 0 {
		v.Totals = nil
	}
	v.Ways = ways(p, d, o)
	if v.Member != nil || v.Sheet != nil || v.Encoding != nil || v.Header != nil || v.Totals != nil {
		v.Action, v.Open = s.base+"/reading", len(errs) > 0 || s.check != nil && (v.Member != nil || v.Sheet != nil)
	}
}

// ways are the buttons for what such a file has.
func ways(p *i18n.Printer, d tabular.Reading, o tabular.Options) (out []wayView) {
	switch {
	case d.Merged == 0:
	case o.AsStored:
		out = append(out, wayView{"merged", mergedSpread, p.T("datasetweb.merged_spread")})
	default:
		out = append(out, wayView{"merged", mergedStored, p.T("datasetweb.merged_stored")})
	}
	switch {
	case d.Units > 0:
		out = append(out, wayView{"units", rowsAside, p.T("datasetweb.skip_units", d.Units)})
	case o.SkipRows > 0 && !d.Typed:
		out = append(out, wayView{"units", rowsKept, p.T("datasetweb.keep_skipped")})
	}
	switch {
	case o.DropTotals:
		out = append(out, wayView{"totals", rowsKept, p.T("datasetweb.keep_totals")})
	case d.Totals > 0:
		out = append(out, wayView{"totals", rowsAside, p.T("datasetweb.skip_totals", d.Totals)})
	}
	return out
}

func encodingChoice(p *i18n.Printer, o tabular.Options, errs ui.FormErrors) *ui.Choice {
	c := &ui.Choice{Name: "encoding", Label: p.T("datasetweb.reading_encoding"), Empty: p.T("datasetweb.reading_detect"), Hint: p.T("datasetweb.reading_encoding_hint"), Error: errs.For("encoding")}
	for _, e := range tabular.Encodings {
		c.Options = append(c.Options, ui.Option{Value: e, Label: encodingName(p, e), Selected: e == o.Encoding})
	}
	return c
}

func separatorChoice(p *i18n.Printer, o tabular.Options, errs ui.FormErrors) *ui.Choice {
	c := &ui.Choice{Name: "separator", Label: p.T("datasetweb.reading_separator"), Empty: p.T("datasetweb.reading_detect"), Error: errs.For("separator")}
	for _, sep := range separators {
		c.Options = append(c.Options, ui.Option{Value: sep.name, Label: p.T("datasetweb.separator_" + sep.name), Selected: sep.sign == o.Separator})
	}
	return c
}

// quotes are the signs texts may stand between.
var quotes = []struct{ name, sign string }{{"double", `"`}, {"single", "'"}}

func quoteChoice(p *i18n.Printer, o tabular.Options) *ui.Choice {
	c := &ui.Choice{Name: "quote", Label: p.T("datasetweb.reading_quote"), Empty: p.T("datasetweb.reading_detect"), Hint: p.T("datasetweb.reading_quote_hint")}
	for _, q := range quotes {
		c.Options = append(c.Options, ui.Option{Value: q.name, Label: p.T("datasetweb.quote_" + q.name), Selected: q.sign == o.Quote})
	}
	return c
}

func encodingName(p *i18n.Printer, e string) string {
	key := "datasetweb.encoding_" + strings.ReplaceAll(strings.ToLower(e), "-", "_")
	if p.Has(key) {
		return p.T(key)
	}
	return e
}

func separatorName(p *i18n.Printer, sign string) string {
	for _, sep := range separators {
		if sep.sign == sign {
			return p.T("datasetweb.separator_" + sep.name)
		}
	}
	return sign
}

// noteWords gives the arguments of a note, whole numbers as such so that plurals work.
func noteWords(args []string) []any {
	out := make([]any, len(args))
	for i, a := range args {
		if n, err := strconv.ParseInt(a, 10, 64); err == nil {
			out[i] = n
		} else {
			out[i] = a
		}
	}
	return out
}
