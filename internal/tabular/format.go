package tabular

import (
	"bytes"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/sqlite"
)

// A format is one kind of file: how it is recognised and what opens it. Adding one is a file with its opener and a line in
// [formats].
type format struct {
	name       string                                    // Reading.Format
	title      string                                    // as a person is told; for those that are not read here
	part       string                                    // what Reading.Sheets are: PartSheet, PartLayer or PartTable
	extensions []string                                  // what a file of it is called; the first is offered first
	magic      []string                                  // its first bytes, any of them
	is         func(s *source) bool                      // recognises it otherwise; nil when magic is enough
	open       func(s *source, o Options) (Table, error) // nil when it is not read here
}

// The kinds of things a person chooses from inside one file. See [Part].
const (
	PartSheet = "sheet"
	PartLayer = "layer"
	PartTable = "table"
)

// formats are those people send, in the order they are tried; the last takes any text.
func formats() []format {
	return []format{
		{name: "gzip", extensions: []string{".gz"}, magic: []string{"\x1F\x8B"}, open: openGzip},
		{name: "zip", extensions: []string{".zip", ".kmz"}, magic: []string{"PK\x03\x04", "PK\x05\x06"}, open: openZip},
		{name: "xls", part: PartSheet, extensions: []string{".xls"}, magic: []string{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"}, open: openOLE},
		{name: "parquet", extensions: []string{".parquet"}, magic: []string{"PAR1"}, open: openParquet},
		{name: "gpkg", part: PartLayer, extensions: []string{".gpkg"}, is: isGeoPackage, open: openGeoPackage},
		{name: "sqlite", part: PartTable, extensions: []string{".sqlite", ".sqlite3", ".db3"}, magic: []string{sqlite.Magic}, open: openSQLite},
		{name: "shp", extensions: []string{".shp"}, is: isShapefile, open: openShapefile},
		{name: "dbf", extensions: []string{".dbf"}, is: isDBF, open: openDBF},
		{title: "PDF", magic: []string{"%PDF-"}},
		{title: "Zstandard (.zst)", magic: []string{"\x28\xB5\x2F\xFD"}},
		{title: "bzip2 (.bz2)", magic: []string{"BZh"}},
		{title: "xz", magic: []string{"\xFD7zXZ\x00"}},
		{title: "7z", magic: []string{"7z\xBC\xAF\x27\x1C"}},
		{title: "RAR", magic: []string{"Rar!\x1A\x07"}},
		{title: "Snappy (.sz)", magic: []string{"\xFF\x06\x00\x00sNaPpY"}},
		{title: "PNG", magic: []string{"\x89PNG\r\n"}},
		{title: "JPEG", magic: []string{"\xFF\xD8\xFF"}},
		{title: "GIF", magic: []string{"GIF8"}},
		{title: "RTF", magic: []string{"{\\rtf"}},
		{title: "Arrow", magic: []string{"ARROW1"}},
		{title: "Excel 5 (.xls)", magic: []string{"\x09\x08"}},
		{title: "Excel 4 (.xls)", magic: []string{"\x09\x04"}},
		{title: "ELF", magic: []string{"\x7FELF"}},
		{title: "EXE", magic: []string{"MZ\x90\x00"}},
		{title: "HTML", is: isHTML},
		{name: "kml", extensions: []string{".kml"}, is: isKML, open: openKML},
		{name: "gpx", part: PartLayer, extensions: []string{".gpx"}, is: isGPX, open: openGPX},
		{title: "XML", is: isXML},
		{name: "json", part: PartTable, extensions: []string{".json", ".geojson", ".ndjson", ".jsonl", ".topojson"}, is: isJSON, open: openJSON},
		{name: "csv", extensions: []string{".csv", ".tsv", ".txt", ".tab"}, is: func(*source) bool { return true }, open: openText},
	}
}

// A document is a zip that is one file to whoever made it.
type document struct {
	format
	parts []string // names of parts that tell it, any of them, in lower case; one that starts or ends with * is the end or the start of a name
	open  func(c *container, reading Reading, o Options) (Table, error)
}

// documents are tried in order on a zip. A zip that is none of them is an archive, whose files are looked at.
func documents() []document {
	return []document{
		{format: format{title: "Excel (.xlsb)"}, parts: []string{"xl/workbook.bin"}},
		{format: format{name: "xlsx", part: PartSheet, extensions: []string{".xlsx", ".xlsm"}}, parts: []string{"xl/workbook.xml"}, open: openXLSX},
		{format: format{name: "ods", part: PartSheet, extensions: []string{".ods"}}, parts: []string{"content.xml"}, open: openODS},
		{format: format{title: "Word (.docx)"}, parts: []string{"word/document.xml"}},
		{format: format{title: "PowerPoint (.pptx)"}, parts: []string{"ppt/presentation.xml"}},
		{format: format{title: "Numbers (.numbers)"}, parts: []string{"*.iwa"}},
	}
}

// fits says whether s is of the format.
func (f format) fits(s *source) bool {
	if f.is != nil {
		return f.is(s)
	}
	return slices.ContainsFunc(f.magic, func(m string) bool { return bytes.HasPrefix(s.head, []byte(m)) })
}

// fits says whether a zip is such a document.
func (d document) fits(c *container) bool {
	if d.name == "xlsx" && c.has("_rels/.rels") && c.workbookPath() != "" {
		return true
	}
	return slices.ContainsFunc(d.parts, func(p string) bool {
		end, wild := strings.CutPrefix(p, "*")
		if !wild {
			return c.has(p)
		}
		for name := range c.parts {
			if strings.HasSuffix(name, end) {
				return true
			}
		}
		return false
	})
}

// Extensions are the ends of the names of files that are read, with their points, those of the commonest first.
func (r Reader) Extensions() []string {
	var out []string
	add := func(f format, read bool) {
		if read && (f.name != "parquet" || r.Parquet != nil) {
			out = append(out, f.extensions...)
		}
	}
	all := formats()
	add(all[len(all)-1], true)
	for _, d := range documents() {
		add(d.format, d.open != nil)
	}
	for _, f := range all[:len(all)-1] {
		add(f, f.open != nil)
	}
	return out
}

// Part says what the Sheets of a reading of the format are: PartSheet, PartLayer, PartTable, or "" when it has none.
func Part(name string) string {
	if slices.Contains(jsonFormats, name) {
		return PartTable
	}
	for _, f := range formats() {
		if f.name == name {
			return f.part
		}
	}
	for _, d := range documents() {
		if d.name == name {
			return d.part
		}
	}
	return ""
}

// openParquet has a Parquet file read by whom the caller named.
func openParquet(s *source, opt Options) (Table, error) {
	if s.Parquet == nil {
		return nil, fault.New(fault.Invalid, "tabular.unsupported", "Parquet")
	}
	at, size, err := s.whole()
	if err != nil {
		return nil, err
	}
	t, err := s.Parquet(at, size, opt)
	if err != nil || len(s.reading.Notes) == 0 && s.reading.Member == "" {
		return t, err
	}
	return within{t, s.reading}, nil
}

// within is a table of a container, opened by others: what is known of the container goes with its reading.
type within struct {
	Table
	around Reading
}

// Reading implements [Table].
func (w within) Reading() Reading {
	r := w.Table.Reading()
	r.Member, r.Members = w.around.Member, w.around.Members
	r.Notes = slices.Concat(w.around.Notes, r.Notes)
	return r
}

// isHTML recognises a web page.
func isHTML(s *source) bool {
	head := strings.ToLower(string(s.text()[:min(len(s.text()), 100)]))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}

// isXML recognises an XML text that no format before it has recognised.
func isXML(s *source) bool {
	head := strings.ToLower(string(s.text()[:min(len(s.text()), 100)]))
	return strings.HasPrefix(head, "<?xml") || strings.HasPrefix(head, "<!doctype")
}
