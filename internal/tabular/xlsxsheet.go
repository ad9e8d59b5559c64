package tabular

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// xlsxRows are the rows of one sheet of a workbook.
type xlsxRows struct {
	book *xlsxBook
	part *part
	x    xmlReader
	row  cellRow

	col                       int
	kind                      byte // of the cell: n number, s shared, t text, b boolean, e error, d date
	style                     int
	value                     []byte
	in                        bool // inside <v>, or <t> of <is>
	inline                    bool
	phonetic                  bool
	hiddenRows, hiddenColumns bool
}

// openSheet opens one sheet of the book.
func (b *xlsxBook) openSheet(name string, l Limits) (rowSource, error) {
	p, err := b.open(name)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, broken("XLSX", errors.New(name))
	}
	return &xlsxRows{book: b, part: p, x: xmlReader{r: p}, row: cellRow{limits: l}}, nil
}

func (r *xlsxRows) position() int64             { return r.part.position() }
func (r *xlsxRows) close() error                { return r.part.Close() }
func (r *xlsxRows) hides() (rows, columns bool) { return r.hiddenRows, r.hiddenColumns }

// merged reads the merged cells, which come after the rows: it goes through the sheet again.
func (r *xlsxRows) merged() ([]span, error) {
	in, out := r.book.in, r.book.out // what is read twice counts once
	defer func() { r.book.in, r.book.out = in, out }()
	p, err := r.book.open(r.part.file.Name)
	if err != nil || p == nil {
		return nil, err
	}
	defer p.Close()
	rest, err := skipCells(p)
	if err != nil {
		return nil, broken("XLSX", err)
	}
	var spans []span
	x := &xmlReader{r: io.MultiReader(bytes.NewReader(rest), p)}
	for len(spans) < maxSpans {
		kind, err := x.next()
		if err != nil || kind == xmlEnd && x.is("mergeCells") { // a sheet cut there has no merged cells
			break
		}
		if kind == xmlStart && x.is("mergeCell") {
			if s, ok := spanOf(x.attr("ref")); ok {
				spans = withSpan(spans, s)
			}
		}
	}
	return spans, nil
}

// skipCells reads up to the end of the cells, </sheetData> with or without a prefix, or to the end, and gives what it read
// beyond. Cells hold most of the bytes: they are looked through for one mark only, once.
func skipCells(r io.Reader) ([]byte, error) {
	mark := []byte("sheetData>")
	const keep = 32 // more than a mark and what stands before it
	buf := make([]byte, 64<<10)
	for n, from := 0, 0; ; {
		got, err := r.Read(buf[n:])
		n += got
		for {
			i := bytes.Index(buf[from:n], mark)
			if i < 0 {
				break
			}
			from += i + len(mark)
			tag := buf[max(0, from-keep) : from-len(mark)]
			if open := bytes.LastIndexByte(tag, '<'); open >= 0 && open+1 < len(tag) && tag[open+1] == '/' {
				return buf[from:n], nil
			}
		}
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if n > 2*keep {
			n = copy(buf, buf[n-2*keep:n])
			from = 0
		}
		from = max(from, n-keep)
	}
}

// spanOf reads a reference to merged cells, "A1:C2".
func spanOf(ref []byte) (span, bool) {
	from, to, ok := bytes.Cut(ref, []byte(":"))
	s := span{rowOf(from), rowOf(to), columnOf(from), columnOf(to)}
	return s, ok && s.top > 0 && s.bottom >= s.top && s.left >= 0 && s.right >= s.left
}

// rowOf reads the row of a reference, 0 if there is none.
func rowOf(ref []byte) int {
	n, err := strconv.Atoi(string(bytes.TrimLeft(ref, "$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")))
	if err != nil {
		return 0
	}
	return n
}

// next returns the next row that holds a value; formatted blank rows cost nothing but their reading.
func (r *xlsxRows) next() (rawRow, error) {
	for {
		kind, err := r.x.next()
		if err == io.EOF { // </sheetData> comes first
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return rawRow{}, broken("XLSX", err)
		}
		if kind == xmlEnd && r.x.is("sheetData") {
			return rawRow{}, io.EOF
		}
		switch kind {
		case xmlText:
			if r.in && !r.phonetic && len(r.value) <= r.row.limits.CellBytes {
				r.value = append(r.value, r.x.text...)
			}
		case xmlStart:
			r.start()
		case xmlEnd:
			done, err := r.finish()
			if err != nil {
				return rawRow{}, err
			}
			if done {
				return rawRow{number: r.row.number, cells: r.row.cells}, nil
			}
		}
	}
}

// start opens an element.
func (r *xlsxRows) start() {
	switch string(r.x.name) {
	case "sheetPr":
		r.hiddenRows = truth(r.x.attr("filterMode"))
	case "col":
		r.hiddenColumns = r.hiddenColumns || truth(r.x.attr("hidden"))
	case "row":
		r.hiddenRows = r.hiddenRows || truth(r.x.attr("hidden"))
		r.row.cells, r.col = r.row.cells[:0], -1
		if n, err := strconv.Atoi(string(r.x.attr("r"))); err == nil && n > r.row.number {
			r.row.number = n
		} else {
			r.row.number++
		}
	case "c":
		r.cell()
	case "v":
		r.in = true
	case "is":
		r.inline = true
	case "t":
		r.in = r.inline
	case "rPh":
		r.phonetic = true
	}
}

// cell opens a cell: its place, kind and style.
func (r *xlsxRows) cell() {
	r.value, r.kind, r.style = r.value[:0], 'n', 0
	if col := columnOf(r.x.attr("r")); col >= 0 {
		r.col = col
	} else {
		r.col++
	}
	switch string(r.x.attr("t")) {
	case "s":
		r.kind = 's'
	case "str", "inlineStr":
		r.kind = 't'
	case "b":
		r.kind = 'b'
	case "e":
		r.kind = 'e'
	case "d":
		r.kind = 'd'
	}
	if s := r.x.attr("s"); s != nil {
		r.style, _ = strconv.Atoi(string(s))
	}
}

// finish closes an element; done says that a row with values is complete.
func (r *xlsxRows) finish() (done bool, err error) {
	switch string(r.x.name) {
	case "v":
		r.in = false
	case "t":
		r.in = false
	case "is":
		r.inline = false
	case "rPh":
		r.phonetic = false
	case "c":
		err = r.row.put(r.col, r.text())
		r.value = r.value[:0]
		return false, err
	case "row":
		return len(r.row.cells) > 0, nil
	}
	return false, nil
}

// text gives the cell as text.
func (r *xlsxRows) text() string {
	v := r.value
	if len(v) == 0 {
		return ""
	}
	switch r.kind {
	case 's':
		if i, err := strconv.Atoi(string(v)); err == nil && i >= 0 && i < len(r.book.shared) {
			return r.book.shared[i]
		}
		return ""
	case 'b':
		if string(v) == "1" || string(v) == "true" {
			return "true"
		}
		return "false"
	case 't':
		return officeText(v)
	case 'e':
		return string(v)
	case 'd':
		return isoText(string(v))
	}
	style := numberStyle{}
	if r.style >= 0 && r.style < len(r.book.styles) {
		style = r.book.styles[r.style]
	}
	return style.text(v, r.book.epoch1904)
}

// columnOf reads the column of a reference, 0-based: "AB12" is 27; -1 if there is none.
func columnOf(ref []byte) int {
	col := 0
	for _, c := range ref {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			break
		}
		if col = col*26 + int(c|0x20-'a') + 1; col > 1<<20 {
			return 1 << 20
		}
	}
	return col - 1
}
