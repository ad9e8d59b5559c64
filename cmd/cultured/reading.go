package main

import (
	"flag"
	"os"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// readingFlags are those that say how a file is to be read: the same choices as on the page.
func (l *look) readingFlags(fs *flag.FlagSet) {
	o := &l.options
	fs.StringVar(&o.Sheet, "sheet", "", "sheet, layer or table of a file that has several")
	fs.StringVar(&o.Member, "member", "", "file of an archive that has several, or table of a Data Package")
	fs.StringVar(&o.Encoding, "encoding", "", "encoding of the texts")
	fs.StringVar(&o.Separator, "separator", "", "sign between the columns, or tab")
	fs.StringVar(&o.Quote, "quote", "", "sign around texts")
	fs.IntVar(&o.HeaderRow, "header-row", 0, "row of the header, its last one; -1 when there is none")
	fs.IntVar(&o.HeaderRows, "header-rows", 0, "how many rows the header has")
	fs.BoolVar(&o.AsStored, "as-stored", false, "leave merged cells as the workbook stores them: their value in their first row only")
	fs.BoolVar(&o.DropTotals, "drop-totals", false, "total rows at the end of the table are no data")
	fs.IntVar(&o.SkipRows, "skip-rows", 0, "rows under the header that are no data")
}

// tidy turns what was given into the names the reader knows.
func (l *look) tidy() error {
	name, ok := tabular.EncodingNamed(l.options.Encoding)
	if !ok {
		return fault.New(fault.Invalid, "tabular.encoding_unknown", l.options.Encoding, strings.Join(tabular.Encodings, ", "))
	}
	l.options.Encoding = name
	if s := strings.ToLower(l.options.Separator); s == "tab" || s == `\t` {
		l.options.Separator = "\t"
	}
	return nil
}

// follow adds what the file of the dialect says to what was asked, and tells what of it is not followed. of is the schema
// that names the columns of a table without a header; nil for none.
func (l *look) follow(of *schema.Schema) ([]tabular.Note, error) {
	if l.dialect == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(l.dialect)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cultured.no_file", l.dialect).Because(err)
	}
	d, err := schema.ParseDialect(raw)
	if err != nil {
		return nil, err
	}
	r := schema.Resource{Dialect: d, Schema: of}
	l.options = l.options.Or(r.Options())
	return d.Notes(""), nil
}
