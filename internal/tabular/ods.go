package tabular

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// openODS opens an OpenDocument spreadsheet. Source: OASIS OpenDocument 1.3, part 3, § 9.
func openODS(c *container, reading Reading, opt Options) (Table, error) {
	if err := c.odsFormat(); err != nil {
		return nil, err
	}
	hidden := map[string]bool{} // styles that hide a sheet
	var sheets []sheetFile
	style, depth := "", 0
	var seen odsSpans
	err := c.each("content.xml", func(x *xmlReader, kind xmlKind) error {
		switch {
		case kind == xmlStart && seen.see(x):
		case kind == xmlEnd && x.is("table"):
			depth--
		case kind != xmlStart:
		case x.is("style"):
			style = string(x.attr("name"))
		case x.is("table-properties"):
			hidden[style] = string(x.attr("display")) == "false"
		case x.is("table"):
			if depth++; depth > 1 {
				return nil
			}
			n := len(sheets)
			seen.sheet()
			sheets = append(sheets, sheetFile{
				Sheet: Sheet{Name: string(x.attr("name")), Hidden: hidden[string(x.attr("style-name"))]},
				open:  func() (rowSource, error) { return openODSSheet(c, n, seen.of(n), opt.Limits) },
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(sheets) == 0 {
		return nil, fault.New(fault.Invalid, "tabular.broken", "ODS")
	}
	c.in, c.out = 0, 0
	return openSheets(sheets, reading, opt)
}

// odsFormat refuses encrypted documents and those that are not spreadsheets.
func (c *container) odsFormat() error {
	encrypted := false
	err := c.each("META-INF/manifest.xml", func(x *xmlReader, kind xmlKind) error {
		encrypted = encrypted || kind == xmlStart && x.is("encryption-data")
		return nil
	})
	if err != nil {
		return err
	}
	if encrypted {
		return fault.New(fault.Invalid, "tabular.password")
	}
	p, err := c.open("mimetype")
	if err != nil || p == nil {
		return err
	}
	defer p.Close()
	kind, err := io.ReadAll(io.LimitReader(p, 100))
	if err != nil {
		return broken("ODS", err)
	}
	if s := string(kind); strings.HasSuffix(s, ".text") {
		return fault.New(fault.Invalid, "tabular.unsupported", "Writer (.odt)")
	} else if strings.HasSuffix(s, ".presentation") {
		return fault.New(fault.Invalid, "tabular.unsupported", "Impress (.odp)")
	}
	return nil
}

// odsRows are the rows of one sheet of an OpenDocument spreadsheet.
type odsRows struct {
	part *part
	x    xmlReader
	row  cellRow

	repeat                    int // times the row is still to be given
	rowReps                   int
	nested                    int // tables inside cells
	skip                      int // depth inside an annotation, whose text is not the cell's
	col                       int
	colReps                   int
	kind                      string
	value                     string
	text                      []byte
	paras                     int
	inText                    int
	inCell                    bool
	hiddenRows, hiddenColumns bool
	spans                     []span // merged cells, as the pass over the sheets before this one saw them
}

// openODSSheet opens the sheet at position index.
func openODSSheet(c *container, index int, spans []span, l Limits) (rowSource, error) {
	p, err := c.open("content.xml")
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, broken("ODS", errors.New("content.xml"))
	}
	r := &odsRows{part: p, x: xmlReader{r: p}, row: cellRow{limits: l}, spans: spans}
	for depth, seen := 0, -1; seen < index; {
		kind, err := r.x.next()
		if err != nil {
			p.Close()
			return nil, broken("ODS", err)
		}
		if kind == xmlText || !r.x.is("table") {
			continue
		}
		if kind == xmlEnd {
			depth--
		} else if depth++; depth == 1 {
			seen++
		}
	}
	return r, nil
}

func (r *odsRows) position() int64             { return r.part.position() }
func (r *odsRows) close() error                { return r.part.Close() }
func (r *odsRows) merged() ([]span, error)     { return r.spans, nil }
func (r *odsRows) hides() (rows, columns bool) { return r.hiddenRows, r.hiddenColumns }

// next returns the next row that holds a value; a row said to repeat is given as often.
func (r *odsRows) next() (rawRow, error) {
	if r.repeat > 0 {
		r.repeat--
		r.row.number++
		return rawRow{number: r.row.number, cells: r.row.cells}, nil
	}
	for {
		kind, err := r.x.next()
		if err == io.EOF { // </table:table> comes first
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return rawRow{}, broken("ODS", err)
		}
		switch kind {
		case xmlText:
			if r.inText > 0 && r.skip == 0 && len(r.text) <= r.row.limits.CellBytes {
				r.text = append(r.text, collapse(r.x.text)...)
			}
		case xmlStart:
			r.start()
		case xmlEnd:
			ended, rowDone, err := r.finish()
			if err != nil {
				return rawRow{}, err
			}
			if ended {
				return rawRow{}, io.EOF
			}
			if rowDone && len(r.row.cells) > 0 {
				r.repeat = r.rowReps - 1
				return rawRow{number: r.row.number, cells: r.row.cells}, nil
			}
			if rowDone {
				r.row.number += r.rowReps - 1
			}
		}
	}
}

// start opens an element.
func (r *odsRows) start() {
	switch name := string(r.x.name); name {
	case "table":
		r.nested++
	case "annotation":
		r.skip++
	case "table-column":
		r.hiddenColumns = r.hiddenColumns || r.unseen()
	case "table-row":
		r.hiddenRows = r.hiddenRows || r.unseen()
		r.row.cells, r.col = r.row.cells[:0], 0
		r.row.number++
		r.rowReps = r.x.times("number-rows-repeated")
	case "table-cell", "covered-table-cell":
		r.inCell = true
		r.colReps = r.x.times("number-columns-repeated")
		r.text, r.paras = r.text[:0], 0
		r.kind, r.value = string(r.x.attr("value-type")), ""
		switch r.kind {
		case "float", "percentage", "currency":
			r.value = numberText(r.x.attr("value"))
			switch string(r.x.attr("formula")) { // what LibreOffice makes of a truth that came in a workbook
			case "of:=TRUE()":
				r.value = "true"
			case "of:=FALSE()":
				r.value = "false"
			}
		case "date":
			r.value = isoText(string(r.x.attr("date-value")))
		case "time":
			r.value = durationText(string(r.x.attr("time-value")))
		case "boolean":
			r.value = string(r.x.attr("boolean-value"))
		case "string":
			r.value = string(r.x.attr("string-value"))
		}
	case "p", "h":
		if r.inCell && r.skip == 0 {
			if r.paras++; r.paras > 1 {
				r.text = append(r.text, '\n')
			}
		}
		r.inText++
	case "s":
		r.spaces()
	case "tab":
		r.text = append(r.text, '\t')
	case "line-break":
		r.text = append(r.text, '\n')
	}
}

// unseen says whether the row or the column is hidden, by hand or by a filter.
func (r *odsRows) unseen() bool {
	v := r.x.attr("visibility")
	return len(v) > 0 && string(v) != "visible"
}

// spaces adds the spaces <text:s> stands for.
func (r *odsRows) spaces() {
	if r.skip == 0 {
		n, err := strconv.Atoi(string(r.x.attr("c")))
		if err != nil {
			n = 1
		}
		r.text = append(r.text, strings.Repeat(" ", min(max(n, 0), 1000))...)
	}
}

// finish closes an element; ended says that the sheet is over.
func (r *odsRows) finish() (ended, rowDone bool, err error) {
	switch string(r.x.name) {
	case "table":
		r.nested--
		return r.nested < 0, false, nil
	case "annotation":
		r.skip--
	case "p", "h":
		r.inText--
	case "table-cell", "covered-table-cell":
		r.inCell = false
		value := r.value
		if value == "" {
			value = string(r.text)
		}
		if value != "" {
			for i := range r.colReps {
				if err := r.row.put(r.col+i, value); err != nil {
					return false, false, err
				}
			}
		}
		r.col += r.colReps
	case "table-row":
		return false, r.nested == 0, nil
	}
	return false, false, nil
}

// collapse turns runs of white space that hold a line break into one space, as OpenDocument asks: they lay the file out. Runs of spaces and tabs alone
// stay, as in LibreOffice, which writes them so in cells of several lines. It writes over b.
func collapse(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); {
		run, laid := i, false
		for ; run < len(b) && strings.IndexByte(" \n\t\r", b[run]) >= 0; run++ {
			laid = laid || b[run] == '\n' || b[run] == '\r'
		}
		if laid {
			out = append(out, ' ')
		} else {
			run = max(run, i+1)
			out = append(out, b[i:run]...)
		}
		i = run
	}
	return out
}

// durationText turns an XML duration, PT10H30M00S, into 10:30:00; others stay as they are.
func durationText(s string) string {
	rest, ok := strings.CutPrefix(s, "PT")
	if !ok {
		return s
	}
	var total float64
	for rest != "" {
		i := strings.IndexAny(rest, "HMS")
		if i <= 0 {
			return s
		}
		v, err := strconv.ParseFloat(strings.Replace(rest[:i], ",", ".", 1), 64)
		if err != nil || v < 0 || v > 1e7 {
			return s
		}
		switch rest[i] {
		case 'H':
			v *= 3600
		case 'M':
			v *= 60
		}
		total += v
		rest = rest[i+1:]
	}
	return clock(int64(total + 0.5))
}
