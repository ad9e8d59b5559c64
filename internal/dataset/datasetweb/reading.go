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
	Encoding  *ui.Choice // text files only
	Separator *ui.Choice // text files only
	Sheet     *ui.Choice // workbooks only
	Header    ui.Field
}

func newReading(p *i18n.Printer, s subject, errs ui.FormErrors) readingView {
	d, o := s.outcome.Report.Reading, s.source.Options
	fact := func(key, value string) ui.Fact { return ui.Fact{Label: p.T("datasetweb.reading_" + key), Value: value} }
	v := readingView{Facts: ui.Facts{Aside: true, Items: []ui.Fact{fact("name", s.source.Name), fact("size", p.Bytes(s.source.Bytes)), fact("format", strings.ToUpper(d.Format))}}}
	if d.Encoding != "" {
		v.Facts.Items = append(v.Facts.Items, fact("encoding", encodingName(p, d.Encoding)))
	}
	if d.Separator != "" {
		v.Facts.Items = append(v.Facts.Items, fact("separator", separatorName(p, d.Separator)))
	}
	if d.Sheet != "" {
		v.Facts.Items = append(v.Facts.Items, fact("sheet", d.Sheet))
	}
	header := p.T("datasetweb.reading_no_header")
	if d.HeaderRow > 0 {
		header = p.T("datasetweb.row", d.HeaderRow)
	}
	v.Facts.Items = append(v.Facts.Items, fact("header", header))
	for _, n := range d.Notes {
		v.Notes = append(v.Notes, p.T(n.Key, noteWords(n.Args)...))
	}
	if !s.mayChange {
		return v
	}
	v.Action, v.Open = s.base+"/reading", len(errs) > 0
	v.Header = ui.Field{Name: "header", Label: p.T("datasetweb.reading_header"), Hint: p.T("datasetweb.reading_header_hint"), Mode: "numeric", Size: "short",
		Error: errs.For("header")}
	if o.HeaderRow > 0 {
		v.Header.Value = strconv.Itoa(o.HeaderRow)
	}
	if len(d.Sheets) > 0 {
		v.Sheet = &ui.Choice{Name: "sheet", Label: p.T("datasetweb.reading_sheet"), Error: errs.For("sheet")}
		for _, sheet := range d.Sheets {
			v.Sheet.Options = append(v.Sheet.Options, ui.Option{Value: sheet.Name, Label: sheet.Name, Selected: sheet.Name == d.Sheet})
		}
		return v
	}
	v.Encoding, v.Separator = encodingChoice(p, o, errs), separatorChoice(p, o, errs)
	return v
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
