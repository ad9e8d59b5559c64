package tabular

import (
	"archive/zip"
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
)

// The bounds of a sheet. Source: ECMA-376 as Excel implements it, "Excel specifications and limits".
const (
	SheetRows    = 1_048_576
	SheetColumns = 16_384
	sheetCell    = 32_767 // characters of one cell
)

// A Cell is one typed value to write. Its zero value is a blank cell.
type Cell struct {
	kind byte
	text string
	num  float64
}

// TextCell is a text, written as such whatever it starts with: never a formula. Over 32,767 characters it is cut.
func TextCell(s string) Cell { return Cell{kind: 't', text: s} }

// NumberCell is a number; infinities and NaN are written as blank.
func NumberCell(f float64) Cell { return Cell{kind: 'n', num: f} }

// BoolCell is a truth.
func BoolCell(b bool) Cell {
	c := Cell{kind: 'b'}
	if b {
		c.num = 1
	}
	return c
}

// DateCell is a day, without its hour; days before 1 March 1900 are written as ISO text, which spreadsheets cannot count.
func DateCell(t time.Time) Cell { return timeCell('d', t, "2006-01-02") }

// TimeCell is a day and hour, to the second, on the clock t shows.
func TimeCell(t time.Time) Cell { return timeCell('h', t, "2006-01-02T15:04:05") }

func timeCell(kind byte, t time.Time, layout string) Cell {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	serial := float64(day.Unix()-time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Unix()) / 86400
	if serial < 61 {
		return TextCell(t.Format(layout))
	}
	if kind == 'h' {
		serial += float64(t.Hour()*3600+t.Minute()*60+t.Second()) / 86400
	}
	return Cell{kind: kind, num: serial}
}

// XLSXWriter streams sheets to a workbook: each a bold header, frozen and filtered, then rows. It holds one row in memory.
type XLSXWriter struct {
	zip    *zip.Writer
	out    *bufio.Writer
	sheets []writtenSheet
	err    error
}

type writtenSheet struct {
	name          string
	columns, rows int
}

func (x *XLSXWriter) last() *writtenSheet { return &x.sheets[len(x.sheets)-1] }

// NewXLSXWriter starts a workbook whose first sheet has that name (made fit: 31 characters, none of []:*?/\) and that
// header. widths are in characters, one per column at most; missing ones are guessed from the header.
// Faults: TooLarge "tabular.too_many_columns"; errors of w.
func NewXLSXWriter(w io.Writer, sheet string, header []string, widths []float64) (*XLSXWriter, error) {
	if len(header) > SheetColumns {
		return nil, fault.New(fault.TooLarge, "tabular.too_many_columns", 1, len(header), SheetColumns)
	}
	x := &XLSXWriter{zip: zip.NewWriter(w)}
	for _, p := range xlsxParts {
		f, err := x.zip.Create(p.name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(f, xmlHead+p.body); err != nil {
			return nil, err
		}
	}
	x.out = bufio.NewWriterSize(nil, 64<<10)
	return x, x.open(sheet, header, widths)
}

// Next ends the sheet and starts another one, under a name that the workbook lacks. Faults: those of [NewXLSXWriter].
func (x *XLSXWriter) Next(sheet string, header []string, widths []float64) error {
	if len(header) > SheetColumns {
		return fault.New(fault.TooLarge, "tabular.too_many_columns", 1, len(header), SheetColumns)
	}
	x.end()
	if x.err == nil {
		x.err = x.open(sheet, header, widths)
	}
	return x.err
}

func (x *XLSXWriter) open(sheet string, header []string, widths []float64) error {
	f, err := x.zip.Create("xl/worksheets/sheet" + strconv.Itoa(len(x.sheets)+1) + ".xml")
	if err != nil {
		return err
	}
	selected := ""
	if len(x.sheets) == 0 {
		selected = `tabSelected="1" `
	}
	x.sheets = append(x.sheets, writtenSheet{name: sheetName(sheet), columns: len(header)})
	x.out.Reset(f)
	x.print(xmlHead, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>`,
		`<sheetView `, selected, `workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`,
		`</sheetView></sheetViews>`)
	x.widths(header, widths)
	x.print("<sheetData>")
	cells := make([]Cell, len(header))
	for i, h := range header {
		cells[i] = TextCell(h)
	}
	x.row(cells, 1)
	return x.err
}

func (x *XLSXWriter) widths(header []string, widths []float64) {
	if len(header) == 0 {
		return
	}
	x.print("<cols>")
	for i, h := range header {
		n := strconv.Itoa(i + 1)
		x.print(`<col min="`, n, `" max="`, n, `" width="`, strconv.FormatFloat(widthOf(i, h, widths), 'f', 2, 64), `" customWidth="1"/>`)
	}
	x.print("</cols>")
}

// Row writes the next row. Faults: TooLarge "tabular.sheet_full" past row 1,048,576; "tabular.too_many_columns".
func (x *XLSXWriter) Row(cells []Cell) error {
	switch {
	case x.err != nil:
		return x.err
	case x.last().rows >= SheetRows:
		return fault.New(fault.TooLarge, "tabular.sheet_full", SheetRows)
	case len(cells) > SheetColumns:
		return fault.New(fault.TooLarge, "tabular.too_many_columns", x.last().rows+1, len(cells), SheetColumns)
	}
	x.row(cells, 0)
	return x.err
}

// row writes cells; style is that of their texts.
func (x *XLSXWriter) row(cells []Cell, style int) {
	x.last().rows++
	number := strconv.Itoa(x.last().rows)
	x.print(`<row r="`, number, `">`)
	for i, c := range cells {
		if c.kind == 0 || c.kind == 't' && c.text == "" {
			continue
		}
		x.print(`<c r="`, letterName(i), number, `"`)
		x.cell(c, style)
	}
	x.print("</row>")
}

// cell writes what follows the reference of a cell.
func (x *XLSXWriter) cell(c Cell, style int) {
	switch c.kind {
	case 't':
		if style > 0 {
			x.print(` s="`, strconv.Itoa(style), `"`)
		}
		x.print(` t="inlineStr"><is><t xml:space="preserve">`)
		x.text(c.text)
		x.print("</t></is></c>")
		return
	case 'b':
		x.print(` t="b"`)
	case 'd':
		x.print(` s="2"`)
	case 'h':
		x.print(` s="3"`)
	}
	if math.IsInf(c.num, 0) || math.IsNaN(c.num) {
		x.print("/>")
		return
	}
	x.print("><v>", strconv.FormatFloat(c.num, 'g', -1, 64), "</v></c>")
}

// text writes s escaped for XML, without the controls XML forbids, cut to what a cell holds. A text that looks like an
// office escape (_x000D_) has its first underscore escaped, so that it reads back as it is.
func (x *XLSXWriter) text(s string) {
	n := 0
	for i, r := range s {
		if n++; n > sheetCell {
			return
		}
		switch {
		case r == '&':
			x.print("&amp;")
		case r == '<':
			x.print("&lt;")
		case r == '>':
			x.print("&gt;")
		case r == '\r':
			if !strings.HasPrefix(s[i+1:], "\n") {
				x.print("\n")
			}
		case r == '_' && officeEscape(s[i:]):
			x.print("_x005F_")
		case r < 0x20 && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
		default:
			if x.err == nil {
				_, x.err = x.out.WriteRune(r)
			}
		}
	}
}

// officeEscape says whether s starts like _xHHHH_.
func officeEscape(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

// end writes what follows the rows of a sheet.
func (x *XLSXWriter) end() {
	sheet := x.last()
	x.print("</sheetData>")
	if sheet.columns > 0 {
		x.print(`<autoFilter ref="A1:`, letterName(sheet.columns-1), strconv.Itoa(max(sheet.rows, 1)), `"/>`)
	}
	x.print("</worksheet>")
	if x.err == nil {
		x.err = x.out.Flush()
	}
}

// Close ends the workbook; w stays open.
func (x *XLSXWriter) Close() error {
	if x.err != nil {
		return x.err
	}
	x.end()
	for _, part := range []struct {
		name  string
		write func()
	}{{"[Content_Types].xml", x.contentTypes}, {"xl/_rels/workbook.xml.rels", x.relations}, {"xl/workbook.xml", x.workbook}} {
		f, err := x.zip.Create(part.name)
		if err != nil {
			return err
		}
		x.out.Reset(f)
		x.print(xmlHead)
		part.write()
		if x.err == nil {
			x.err = x.out.Flush()
		}
	}
	if x.err == nil {
		x.err = x.zip.Close()
	}
	return x.err
}

func (x *XLSXWriter) workbook() {
	x.print(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" `,
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`)
	filtered := false
	for i, s := range x.sheets {
		n := strconv.Itoa(i + 1)
		x.print(`<sheet name="`)
		x.text(s.name)
		x.print(`" sheetId="`, n, `" r:id="rId`, n, `"/>`)
		filtered = filtered || s.columns > 0
	}
	x.print("</sheets>")
	if filtered {
		x.print("<definedNames>")
		for i, s := range x.sheets {
			if s.columns > 0 {
				x.print(`<definedName name="_xlnm._FilterDatabase" localSheetId="`, strconv.Itoa(i), `" hidden="1">'`)
				x.text(strings.ReplaceAll(s.name, "'", "''"))
				x.print(`'!$A$1:$`, letterName(s.columns-1), "$", strconv.Itoa(s.rows), "</definedName>")
			}
		}
		x.print("</definedNames>")
	}
	x.print("</workbook>")
}

func (x *XLSXWriter) contentTypes() {
	x.print(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`,
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
		`<Default Extension="xml" ContentType="application/xml"/>`,
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>`)
	for i := range x.sheets {
		x.print(`<Override PartName="/xl/worksheets/sheet`, strconv.Itoa(i+1), `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`)
	}
	x.print(`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`)
}

func (x *XLSXWriter) relations() {
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	x.print(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := range x.sheets {
		n := strconv.Itoa(i + 1)
		x.print(`<Relationship Id="rId`, n, `" Type="`, kind, `worksheet" Target="worksheets/sheet`, n, `.xml"/>`)
	}
	x.print(`<Relationship Id="rId`, strconv.Itoa(len(x.sheets)+1), `" Type="`, kind, `styles" Target="styles.xml"/></Relationships>`)
}

func (x *XLSXWriter) print(parts ...string) {
	for _, p := range parts {
		if x.err == nil {
			_, x.err = x.out.WriteString(p)
		}
	}
}

// sheetName makes a name Excel accepts.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || strings.ContainsRune(`[]:*?/\"`, r) {
			return ' '
		}
		return r
	}, s)
	runes := []rune(strings.Trim(strings.TrimSpace(s), "'"))
	s = strings.TrimSpace(string(runes[:min(len(runes), 31)]))
	if s == "" {
		return "1"
	}
	return s
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// xlsxParts are the parts that never change.
var xlsxParts = []struct{ name, body string }{
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
}
