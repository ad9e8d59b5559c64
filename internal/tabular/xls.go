package tabular

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"

	"cultured/internal/fault"
)

// The records of a workbook that are read. Source: [MS-XLS] § 2.3 and 2.4; for BIFF5, OpenOffice.org's Documentation of
// the Microsoft Excel File Format.
const (
	biffFormula    = 0x0006
	biffEOF        = 0x000A
	biff1904       = 0x0022
	biffFilePass   = 0x002F
	biffContinue   = 0x003C
	biffCodePage   = 0x0042
	biffColInfo    = 0x007D
	biffBoundSheet = 0x0085
	biffMulRK      = 0x00BD
	biffRString    = 0x00D6
	biffXF         = 0x00E0
	biffMerged     = 0x00E5
	biffSST        = 0x00FC
	biffLabelSST   = 0x00FD
	biffNumber     = 0x0203
	biffLabel      = 0x0204
	biffBoolErr    = 0x0205
	biffString     = 0x0207
	biffRow        = 0x0208
	biffRK         = 0x027E
	biffFormat     = 0x041E
	biffBOF        = 0x0809
)

var errXLS = errors.New("XLS")

// biffReader reads the records of a stream.
type biffReader struct {
	r    *bufio.Reader
	at   int64 // of the next record
	buf  []byte
	kind int
	data []byte // of the last record; valid until the next
}

// newBIFF reads the records of a stream from a place.
func newBIFF(stream *io.SectionReader, at int64) *biffReader {
	return &biffReader{r: bufio.NewReaderSize(io.NewSectionReader(stream, at, stream.Size()-at), 64<<10), at: at}
}

// next reads a record. At the end of the stream it gives io.ErrUnexpectedEOF: an EOF record comes first.
func (b *biffReader) next() error {
	var head [4]byte
	if _, err := io.ReadFull(b.r, head[:]); err != nil {
		return io.ErrUnexpectedEOF
	}
	b.kind = int(binary.LittleEndian.Uint16(head[:]))
	n := int(binary.LittleEndian.Uint16(head[2:]))
	b.buf = slices.Grow(b.buf[:0], n)[:n]
	if _, err := io.ReadFull(b.r, b.buf); err != nil {
		return io.ErrUnexpectedEOF
	}
	b.data = b.buf
	b.at += int64(4 + n)
	return nil
}

// peekKind is the kind of the next record, -1 at the end.
func (b *biffReader) peekKind() int {
	head, err := b.r.Peek(2)
	if err != nil {
		return -1
	}
	return int(binary.LittleEndian.Uint16(head))
}

// take gives the next n bytes of the record, going on in the records that continue it; crossed says that it did. An empty
// result is the end.
func (b *biffReader) more() bool {
	return b.peekKind() == biffContinue && b.next() == nil
}

// skip passes over n bytes of the record and of those that continue it.
func (b *biffReader) skip(n int) bool {
	for n > len(b.data) {
		n -= len(b.data)
		if !b.more() {
			return false
		}
	}
	b.data = b.data[n:]
	return true
}

// small reads n bytes, at most 8, that may straddle two records.
func (b *biffReader) small(n int) ([]byte, bool) {
	if len(b.data) >= n {
		out := b.data[:n]
		b.data = b.data[n:]
		return out, true
	}
	out := slices.Clone(b.data)
	for len(out) < n {
		if !b.more() {
			return nil, false
		}
		k := min(n-len(out), len(b.data))
		out = append(out, b.data[:k]...)
		b.data = b.data[k:]
	}
	return out, true
}

// text8 reads a string of BIFF8, whose length was read: characters of one or two bytes, which may change where a record
// continues, then formatting that is passed over.
func (b *biffReader) text8(n int) (string, bool) {
	flags, ok := b.small(1)
	if !ok {
		return "", false
	}
	wide, rich, far := flags[0]&1 != 0, flags[0]&8 != 0, flags[0]&4 != 0
	tail := 0
	if rich {
		v, ok := b.small(2)
		if !ok {
			return "", false
		}
		tail += 4 * int(binary.LittleEndian.Uint16(v))
	}
	if far {
		v, ok := b.small(4)
		if !ok {
			return "", false
		}
		size := int(binary.LittleEndian.Uint32(v))
		if size < 0 || size > 1<<28 {
			return "", false
		}
		tail += size
	}
	units := make([]byte, 0, min(2*n, 64<<10))
	for n > 0 {
		if len(b.data) == 0 {
			if !b.more() || len(b.data) == 0 {
				return "", false
			}
			wide = b.data[0]&1 != 0
			b.data = b.data[1:]
			continue
		}
		if wide {
			k := min(n, len(b.data)/2)
			if k == 0 {
				return "", false
			}
			units = append(units, b.data[:2*k]...)
			b.data = b.data[2*k:]
			n -= k
			continue
		}
		k := min(n, len(b.data))
		for _, c := range b.data[:k] {
			units = append(units, c, 0)
		}
		b.data = b.data[k:]
		n -= k
	}
	return utf16Text(units), b.skip(tail)
}

// utf16Text decodes UTF-16 LE.
func utf16Text(b []byte) string {
	return string(asciiHead(b, "utf-16le"))
}

// xlsBook is what the sheets of a workbook share.
type xlsBook struct {
	stream    *io.SectionReader
	size      int64 // of the file as received
	limits    Limits
	old       bool // BIFF5
	set       *[128]rune
	shared    []string
	formats   map[int]string
	styles    []numberStyle
	styleIDs  []int
	epoch1904 bool
	sheets    []sheetFile
}

// openXLS opens a workbook of Excel 5 to 2003.
func openXLS(stream *io.SectionReader, size int64, reading Reading, opt Options) (Table, error) {
	b := &xlsBook{stream: stream, size: size, limits: opt.Limits, set: &windows1252, formats: map[int]string{}}
	if err := b.globals(); err != nil {
		return nil, broken("XLS", err)
	}
	if len(b.sheets) == 0 {
		return nil, fault.New(fault.Invalid, "tabular.broken", "XLS")
	}
	for _, id := range b.styleIDs {
		b.styles = append(b.styles, styleOf(id, b.formats[id]))
	}
	if b.epoch1904 {
		reading.note("tabular.note_date_1904")
	}
	return openSheets(b.sheets, reading, opt)
}

// globals reads what comes before the sheets.
func (b *xlsBook) globals() error {
	r := newBIFF(b.stream, 0)
	if err := r.next(); err != nil || r.kind != biffBOF || len(r.data) < 4 {
		return errXLS
	}
	switch version := binary.LittleEndian.Uint16(r.data); version {
	case 0x0600:
	case 0x0500:
		b.old = true
	default:
		return fault.New(fault.Invalid, "tabular.unsupported", "Excel 4 (.xls)")
	}
	for {
		err := r.next()
		if err != nil {
			return err
		}
		d := r.data
		switch {
		case r.kind == biffEOF:
			return nil
		case r.kind == biffFilePass:
			return fault.New(fault.Invalid, "tabular.password")
		case r.kind == biffSST && len(d) >= 8:
			err = b.readShared(r)
		case r.kind == biff1904 && len(d) >= 2:
			b.epoch1904 = d[0] == 1
		case r.kind == biffCodePage && len(d) >= 2:
			b.set = codePage(binary.LittleEndian.Uint16(d))
		case r.kind == biffXF && len(d) >= 4:
			b.styleIDs = append(b.styleIDs, int(binary.LittleEndian.Uint16(d[2:])))
		case r.kind == biffFormat && len(d) >= 3:
			id := int(binary.LittleEndian.Uint16(d))
			b.formats[id] = b.shortText(r, 2, !b.old)
		case r.kind == biffBoundSheet && len(d) >= 8:
			b.addSheet(r)
		}
		if err != nil {
			return err
		}
	}
}

// addSheet notes a sheet that has cells.
func (b *xlsBook) addSheet(r *biffReader) {
	at, state, kind := int64(binary.LittleEndian.Uint32(r.data)), r.data[4]&3, r.data[5]
	if kind != 0 || len(b.sheets) >= 1<<14 {
		return
	}
	name := b.shortText(r, 6, false)
	b.sheets = append(b.sheets, sheetFile{Sheet: Sheet{Name: name, Hidden: state != 0},
		open: func() (rowSource, error) { return b.openSheet(at) }})
}

// shortText reads a string of the record at a place: its length in one byte, or two when long, then the characters.
func (b *xlsBook) shortText(r *biffReader, at int, long bool) string {
	r.data = r.data[min(at, len(r.data)):]
	size := 1
	if long {
		size = 2
	}
	v, ok := r.small(size)
	if !ok {
		return ""
	}
	n := int(v[0])
	if long {
		n = int(binary.LittleEndian.Uint16(v))
	}
	if b.old {
		return b.narrow(r.data[:min(n, len(r.data))])
	}
	s, _ := r.text8(n)
	return s
}

// narrow decodes a string of BIFF5.
func (b *xlsBook) narrow(p []byte) string { return string(decodeText(nil, p, b.set, false)) }

// readShared reads the table of shared strings.
func (b *xlsBook) readShared(r *biffReader) error {
	want := int(binary.LittleEndian.Uint32(r.data[4:]))
	r.data = r.data[8:]
	size := 0
	for i := 0; i < want; i++ {
		v, ok := r.small(2)
		if !ok {
			return nil // the count lies: what there is has been read
		}
		s, ok := r.text8(int(binary.LittleEndian.Uint16(v)))
		if !ok {
			return errXLS
		}
		if size += len(s) + 16; size > sharedBytes {
			return fault.New(fault.TooLarge, "tabular.expands_too_much", sharedBytes)
		}
		b.shared = append(b.shared, oneNewline(s))
	}
	return nil
}

// codePage is the charset a CODEPAGE record names, windows-1252 for those agents do not have.
func codePage(n uint16) *[128]rune {
	switch n {
	case 10000, 0x8000:
		return &macRoman
	case 850:
		return &ibm850
	}
	return &windows1252
}

// oneNewline writes the lines of a cell as other workbooks do.
func oneNewline(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
