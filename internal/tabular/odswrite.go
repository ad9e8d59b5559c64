package tabular

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/opendocument"
)

// An ODSWriter streams sheets to an OpenDocument spreadsheet: each a bold header, which stays in sight, is filtered and repeated on paper, then
// rows. It holds one row in memory. Source: OASIS OpenDocument 1.3, part 3.
type ODSWriter struct {
	zip    *zip.Writer
	out    *bufio.Writer
	sheets []writtenSheet
	err    error
}

// NewODSWriter starts a spreadsheet whose first sheet has that name (made fit as for [NewXLSXWriter]) and that header. widths are in characters,
// one per column at most; missing ones are guessed from the header. Faults: TooLarge "tabular.too_many_columns"; errors of w.
func NewODSWriter(w io.Writer, sheet string, header []string, widths []float64) (*ODSWriter, error) {
	out, err := opendocument.Start(w, opendocument.Spreadsheet)
	if err != nil {
		return nil, err
	}
	o := &ODSWriter{zip: out, out: bufio.NewWriterSize(nil, 64<<10)}
	o.part("styles.xml", func() { o.print(`<office:document-styles`, odsSpaces, `>`, odsStyles, `</office:document-styles>`) })
	content, err := out.Create("content.xml")
	if o.err != nil || err != nil {
		return nil, firstOf(o.err, err)
	}
	o.out.Reset(content)
	o.print(xmlHead, `<office:document-content`, odsSpaces, `><office:automatic-styles>`, odsCells)
	for _, width := range odsWidths {
		o.print(`<style:style style:name="w`, strconv.Itoa(width), `" style:family="table-column"><style:table-column-properties style:column-width="`,
			strconv.FormatFloat(float64(width)*centimetres, 'f', 2, 64), `cm"/></style:style>`)
	}
	o.print(`</office:automatic-styles><office:body><office:spreadsheet>`)
	return o, o.open(sheet, header, widths)
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// part writes one whole part of the package.
func (o *ODSWriter) part(name string, write func()) {
	if o.err != nil {
		return
	}
	f, err := o.zip.Create(name)
	if err != nil {
		o.err = err
		return
	}
	o.out.Reset(f)
	o.print(xmlHead)
	write()
	if o.err == nil {
		o.err = o.out.Flush()
	}
}

func (o *ODSWriter) last() *writtenSheet { return &o.sheets[len(o.sheets)-1] }

// Next ends the sheet and starts another one, under a name that the file lacks. Faults: those of [NewODSWriter].
func (o *ODSWriter) Next(sheet string, header []string, widths []float64) error {
	o.print(`</table:table>`)
	return o.open(sheet, header, widths)
}

func (o *ODSWriter) open(sheet string, header []string, widths []float64) error {
	if len(header) > SheetColumns {
		return fault.New(fault.TooLarge, "tabular.too_many_columns", 1, len(header), SheetColumns)
	}
	o.sheets = append(o.sheets, writtenSheet{name: sheetName(sheet), columns: len(header)})
	o.print(`<table:table table:name="`)
	o.text(o.last().name)
	o.print(`" table:style-name="sheet">`)
	for i, h := range header {
		o.print(`<table:table-column table:style-name="w`, strconv.Itoa(odsWidth(widthOf(i, h, widths))), `" table:default-cell-style-name="Default"/>`)
	}
	if len(header) == 0 {
		o.print(`<table:table-column/>`)
	}
	cells := make([]Cell, len(header))
	for i, h := range header {
		cells[i] = TextCell(h)
	}
	o.print(`<table:table-header-rows>`)
	o.row(cells, ` table:style-name="head"`)
	o.print(`</table:table-header-rows>`)
	return o.err
}

// Row writes the next row. Faults: TooLarge "tabular.sheet_full" past row 1,048,576; "tabular.too_many_columns".
func (o *ODSWriter) Row(cells []Cell) error {
	switch {
	case o.err != nil:
		return o.err
	case o.last().rows >= SheetRows:
		return fault.New(fault.TooLarge, "tabular.sheet_full", SheetRows)
	case len(cells) > SheetColumns:
		return fault.New(fault.TooLarge, "tabular.too_many_columns", o.last().rows+1, len(cells), SheetColumns)
	}
	o.row(cells, "")
	return o.err
}

// row writes cells; style is the attribute of its texts.
func (o *ODSWriter) row(cells []Cell, style string) {
	o.last().rows++
	o.print(`<table:table-row>`)
	blank := 0
	for _, c := range cells {
		if c.blank() {
			blank++
			continue
		}
		o.blanks(blank)
		blank = 0
		o.cell(c, style)
	}
	if blank == len(cells) {
		o.blanks(max(blank, 1)) // a row has a cell
	}
	o.print(`</table:table-row>`)
}

// blank reports whether nothing is written for the cell.
func (c Cell) blank() bool {
	return c.kind == 0 || c.kind == 't' && c.text == "" || math.IsInf(c.num, 0) || math.IsNaN(c.num)
}

func (o *ODSWriter) blanks(n int) {
	switch {
	case n == 1:
		o.print(`<table:table-cell/>`)
	case n > 1:
		o.print(`<table:table-cell table:number-columns-repeated="`, strconv.Itoa(n), `"/>`)
	}
}

func (o *ODSWriter) cell(c Cell, style string) {
	o.print(`<table:table-cell`)
	shown := c.text
	switch c.kind {
	case 't':
		o.print(style, ` office:value-type="string"`)
		if strings.Contains(c.text, "\t") || len(c.text) > longParagraph { // LibreOffice 7 passes over the tabs of paragraphs and cuts long ones in two, not the value
			o.print(` office:string-value="`)
			o.attribute(c.text)
			o.print(`"`)
		}
		o.print(`>`)
		o.paragraphs(shown)
		o.print(`</table:table-cell>`)
		return
	case 'b':
		shown = strconv.FormatBool(c.num != 0)
		o.print(` table:style-name="truth" office:value-type="boolean" office:boolean-value="`, shown)
	case 'd':
		shown = c.moment().Format(time.DateOnly)
		o.print(` table:style-name="day" office:value-type="date" office:date-value="`, shown)
	case 'h':
		shown = c.moment().Format("2006-01-02T15:04:05")
		o.print(` table:style-name="moment" office:value-type="date" office:date-value="`, shown)
	default:
		shown = strconv.FormatFloat(c.num, 'g', -1, 64)
		o.print(` office:value-type="float" office:value="`, shown)
	}
	o.print(`"><text:p>`, shown, `</text:p></table:table-cell>`)
}

// longParagraph is how many bytes of text LibreOffice 7 is given in a paragraph alone.
const longParagraph = 10_000

// moment is the day and hour that a cell of the kind counts, to the second.
func (c Cell) moment() time.Time {
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(math.Round(c.num*86400)) * time.Second)
}

// paragraphs writes a text, a paragraph a line. Spaces that OpenDocument would take for one, or drop at an end, are counted.
func (o *ODSWriter) paragraphs(s string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	for line := range strings.SplitSeq(s, "\n") {
		o.print(`<text:p>`)
		for line != "" {
			spaces := len(line) - len(strings.TrimLeft(line, " "))
			if spaces > 0 {
				o.print(`<text:s text:c="`, strconv.Itoa(spaces), `"/>`)
				line = line[spaces:]
				continue
			}
			end := loneSpaces(line)
			o.text(line[:end])
			line = line[end:]
		}
		o.print(`</text:p>`)
	}
}

// loneSpaces is how much of a line that starts without a space holds each space alone, between characters.
func loneSpaces(line string) int {
	for at := 0; ; {
		i := strings.IndexByte(line[at:], ' ')
		if i < 0 {
			return len(line)
		}
		at += i
		if at+1 == len(line) || line[at+1] == ' ' || line[at+1] == '\t' {
			return at
		}
		at++
	}
}

// text writes s escaped for XML, without the controls XML forbids.
func (o *ODSWriter) text(s string) {
	s = strings.ToValidUTF8(s, "\uFFFD")
	from := 0
	for i, r := range s {
		to := ""
		switch {
		case r == '&':
			to = "&amp;"
		case r == '<':
			to = "&lt;"
		case r == '>':
			to = "&gt;"
		case r == '"':
			to = "&quot;"
		case r == '\t':
			to = "<text:tab/>"
		case r >= 0x20 && r != 0xFFFE && r != 0xFFFF:
			continue
		}
		o.print(s[from:i], to)
		from = i + utf8.RuneLen(r)
	}
	o.print(s[from:])
}

// attribute writes s as the value of an attribute, where only named tabs and ends of lines stay what they are.
func (o *ODSWriter) attribute(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			o.print("&#10;")
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				o.print("&#9;")
			}
			o.text(part)
		}
	}
}

// Close ends the file; w stays open.
func (o *ODSWriter) Close() error {
	o.print(`</table:table><table:database-ranges>`)
	for i, s := range o.sheets {
		if s.columns > 0 {
			o.print(`<table:database-range table:name="__Anonymous_Sheet_DB__`, strconv.Itoa(i), `" table:target-range-address="'`)
			o.text(strings.ReplaceAll(s.name, "'", "''"))
			o.print(`'.A1:'`)
			o.text(strings.ReplaceAll(s.name, "'", "''"))
			o.print(`'.`, letterName(s.columns-1), strconv.Itoa(s.rows), `" table:display-filter-buttons="true"/>`)
		}
	}
	o.print(`</table:database-ranges></office:spreadsheet></office:body></office:document-content>`)
	if o.err == nil {
		o.err = o.out.Flush()
	}
	o.part("settings.xml", o.settings)
	o.part(opendocument.ManifestPart, func() {
		o.print(opendocument.Manifest(opendocument.Spreadsheet, "content.xml", "styles.xml", "settings.xml"))
	})
	if o.err == nil {
		o.err = o.zip.Close()
	}
	return o.err
}

// settings keep each header in sight. Source: what LibreOffice writes; other programs leave it aside.
func (o *ODSWriter) settings() {
	o.print(`<office:document-settings`, odsSpaces, `><office:settings><config:config-item-set config:name="ooo:view-settings">`,
		`<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry><config:config-item-map-named config:name="Tables">`)
	for _, s := range o.sheets {
		o.print(`<config:config-item-map-entry config:name="`)
		o.text(s.name)
		o.print(`">`)
		for _, item := range [][3]string{{"VerticalSplitMode", "short", "2"}, {"VerticalSplitPosition", "int", "1"}, {"ActiveSplitRange", "short", "2"}, {"PositionBottom", "int", "1"}} {
			o.print(`<config:config-item config:name="`, item[0], `" config:type="`, item[1], `">`, item[2], `</config:config-item>`)
		}
		o.print(`</config:config-item-map-entry>`)
	}
	o.print(`</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>`)
}

func (o *ODSWriter) print(parts ...string) {
	for _, p := range parts {
		if o.err == nil {
			_, o.err = o.out.WriteString(p)
		}
	}
}

// centimetres is how wide a character is, about: of the sans-serif of 10 points that spreadsheets show.
const centimetres = 0.2

// odsWidths are the widths of columns there are, in characters: styles come before the sheets, whose headers are not known then.
var odsWidths = []int{4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 35, 40, 45, 50, 60, 80, 100, 150, 255}

// odsWidth is the least of them that is as wide.
func odsWidth(width float64) int {
	i := slices.IndexFunc(odsWidths, func(w int) bool { return float64(w) >= width })
	if i < 0 {
		i = len(odsWidths) - 1
	}
	return odsWidths[i]
}

var odsSpaces = fmt.Sprintf(` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" office:version="%s"`, opendocument.Version)

// odsStyles are those people may change for the whole file.
const odsStyles = `<office:styles><style:default-style style:family="table-cell"><style:text-properties fo:font-family="sans-serif" fo:font-size="10pt"/></style:default-style>` +
	`<style:style style:name="Default" style:family="table-cell"/></office:styles>`

// odsCells are the styles of cells: the header, truths, days and moments, written as ISO 8601.
const odsCells = `<style:style style:name="sheet" style:family="table"><style:table-properties table:display="true"/></style:style>` +
	`<number:boolean-style style:name="N1"><number:boolean/></number:boolean-style>` +
	`<number:date-style style:name="N2"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>` +
	`<number:date-style style:name="N3"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/><number:text> </number:text>` +
	`<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/></number:date-style>` +
	`<style:style style:name="head" style:family="table-cell" style:parent-style-name="Default"><style:text-properties fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="truth" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N1"/>` +
	`<style:style style:name="day" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N2"/>` +
	`<style:style style:name="moment" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N3"/>`
