package tabular

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cultured/internal/fault"
)

// A dbfField is one column of a dBASE table.
type dbfField struct {
	name     []byte
	kind     byte
	at, size int // in the record, after the mark of deletion
}

// A dbf is the header of a dBASE table: III to V, FoxPro, and what goes with a shapefile. Sources: dBASE, "Table File Structure";
// Microsoft, "Table File Structure (.dbc, .dbf, .frx, .lbx, .mnx, .pjx, .scx, .vcx)".
type dbf struct {
	version, language byte
	count             int64 // of records, deleted ones included
	record            int   // bytes of one
	fields            []dbfField
	memo              bool // some texts are in another file: see [memo]
}

// dbfVersions are the first bytes of the files that are read; foxPro is where those of FoxPro start.
const (
	dbfVersions = "\x02\x03\x30\x31\x32\x43\x63\x83\x8B\x8E\xCB\xF5\xFB"
	foxPro      = 0x30
)

var errDBF = errors.New("DBF")

// isDBF recognises a table by its version, its date, its sizes and its first column.
func isDBF(s *source) bool {
	h := s.head
	if len(h) < 65 || strings.IndexByte(dbfVersions, h[0]) < 0 || h[2] > 12 || h[3] > 31 {
		return false
	}
	header, record := int(binary.LittleEndian.Uint16(h[8:])), int(binary.LittleEndian.Uint16(h[10:]))
	name, _, _ := bytes.Cut(h[32:43], []byte{0})
	return header >= 65 && record >= 2 && len(name) > 0 && binaryAt(name) < 0 && strings.IndexByte(dbfKinds, h[43]) >= 0
}

// dbfKinds are the kinds of columns there are.
const dbfKinds = "CNFDLMIBTY0GPVQWO+@"

// readDBF reads the header and leaves r at the first record.
func readDBF(r io.Reader) (*dbf, error) {
	var h [32]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, errors.Join(errDBF, err)
	}
	f := &dbf{version: h[0], language: h[29], count: int64(binary.LittleEndian.Uint32(h[4:])), record: int(binary.LittleEndian.Uint16(h[10:]))}
	header := int(binary.LittleEndian.Uint16(h[8:]))
	if header < 33 || f.record < 1 || strings.IndexByte(dbfVersions, f.version) < 0 {
		return nil, errDBF
	}
	rest := make([]byte, header-32)
	if _, err := io.ReadFull(r, rest); err != nil {
		return nil, errors.Join(errDBF, err)
	}
	at := 1
	for ; len(rest) >= 32 && rest[0] != '\r'; rest = rest[32:] {
		name, _, _ := bytes.Cut(rest[:11], []byte{0})
		c := dbfField{name: bytes.TrimSpace(name), kind: rest[11], at: at, size: int(rest[16])}
		if c.kind == 'C' && f.version >= foxPro && f.version < 0x40 {
			c.size |= int(rest[17]) << 8
		}
		if at += c.size; at > f.record {
			return nil, errDBF
		}
		if system := c.kind == '0' || f.version >= foxPro && f.version < 0x40 && rest[18]&1 != 0; system {
			continue
		}
		f.memo = f.memo || c.kind == 'M'
		f.fields = append(f.fields, c)
	}
	if len(f.fields) == 0 {
		return nil, errDBF
	}
	return f, nil
}

// openDBF opens a table alone.
func openDBF(s *source, opt Options) (Table, error) {
	rows, err := s.attributes(opt, &s.reading)
	if err != nil {
		return nil, err
	}
	t, err := newTyped(rows, s.reading, opt.Limits)
	if err != nil {
		return nil, errors.Join(err, rows.close())
	}
	return t, nil
}

// dbfRows are the records of a dBASE table.
type dbfRows struct {
	*dbf
	lettering
	stream io.Closer
	in     *bufio.Reader
	at     func() int64
	limits Limits
	buf    []byte
	texts  *memo // nil when they are not there
	read   int64 // records, deleted ones included
	number int
	cells  []string
}

// A lettering is how bytes are read.
type lettering struct {
	set  *[128]rune
	wide bool // UTF-8
}

func letteringOf(name string) lettering { return lettering{charset(name), name == "utf-8"} }

// text reads a text whose end may be cut inside a letter, for columns have a width in bytes.
func (c lettering) text(b []byte) string {
	if ascii(b) == len(b) {
		return string(b)
	}
	if c.wide {
		b = wholeLetters(b)
	}
	return string(decodeText(nil, b, c.set, c.wide))
}

// wholeLetters drops a sequence of UTF-8 that is cut by the end of b.
func wholeLetters(b []byte) []byte {
	for back := 1; back < utf8.UTFMax && back <= len(b); back++ {
		if tail := b[len(b)-back:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return b[:len(b)-back]
			}
			break
		}
	}
	return b
}

// attributes starts to read the table of a source, whose encoding is decided first.
func (s *source) attributes(opt Options, reading *Reading) (*dbfRows, error) {
	seen, err := s.surveyDBF()
	if err != nil {
		return nil, broken("DBF", err)
	}
	encoding, err := s.dbfEncoding(seen, opt, reading)
	if err != nil {
		return nil, err
	}
	reading.Encoding = encoding
	stream, at, err := s.from()
	if err != nil {
		return nil, broken("DBF", err)
	}
	in := bufio.NewReaderSize(stream, 64<<10)
	f, err := readDBF(in)
	if err != nil {
		return nil, errors.Join(broken("DBF", err), stream.Close())
	}
	switch {
	case !f.memo:
	case seen.texts == nil:
		reading.note("tabular.note_memo")
	case seen.lost > 0:
		reading.note("tabular.note_memo_broken", strconv.Itoa(seen.lost))
	}
	return &dbfRows{dbf: f, lettering: letteringOf(encoding), stream: stream, in: in, at: at, limits: opt.Limits, buf: make([]byte, f.record), texts: seen.texts}, nil
}

func (r *dbfRows) names() []string {
	var out []string
	for _, f := range r.fields {
		out = append(out, strings.TrimSpace(r.text(f.name)))
	}
	return out
}

func (r *dbfRows) position() int64 { return r.at() }
func (r *dbfRows) close() error    { return r.stream.Close() }

// advance reads the next record. io.EOF comes after as many as the header says; sooner is a fault.
func (r *dbfRows) advance() (deleted bool, err error) {
	if r.read == r.count {
		return false, io.EOF
	}
	_, err = io.ReadFull(r.in, r.buf)
	switch {
	case err == io.EOF, err == io.ErrUnexpectedEOF, err == nil && r.buf[0] == 0x1A && r.in.Buffered() == 0:
		return false, fault.New(fault.Invalid, "tabular.cut", "DBF", r.read, r.count)
	case err != nil:
		return false, broken("DBF", err)
	}
	r.read++
	return r.buf[0] == '*', nil
}

func (r *dbfRows) next() (rawRow, error) {
	for {
		deleted, err := r.advance()
		if err != nil {
			return rawRow{}, err
		}
		if !deleted {
			r.number++
			return rawRow{number: r.number, cells: r.cells}, r.take()
		}
	}
}

// take makes the cells of the record. Faults: TooLarge "tabular.cell_too_large".
func (r *dbfRows) take() error {
	r.cells = r.cells[:0]
	for i, f := range r.fields {
		b := r.buf[f.at : f.at+f.size]
		if f.kind != 'M' || r.texts == nil {
			r.cells = append(r.cells, r.cell(f, b))
			continue
		}
		text, err := r.texts.text(b, r.limits.CellBytes)
		if err != nil && !errors.Is(err, errMemo) { // what is lost is told before
			if fault.Is(err, "tabular.cell_too_large") {
				return fault.New(fault.TooLarge, "tabular.cell_too_large", r.number, i+1, r.limits.CellBytes)
			}
			return broken("DBT", err)
		}
		r.cells = append(r.cells, r.text(bytes.TrimRight(text, " \x00\r\n")))
	}
	return nil
}

// cell writes a value as text. What is not of its column's kind stays as it is written.
func (r *dbfRows) cell(f dbfField, b []byte) string {
	fox := r.version >= foxPro && r.version < 0x40
	switch {
	case f.kind == 'I' && len(b) == 4, f.kind == '+' && len(b) == 4:
		return strconv.Itoa(int(int32(binary.LittleEndian.Uint32(b))))
	case f.kind == 'B' && len(b) == 8 && fox:
		return floatText(realOf(b))
	case f.kind == 'Y' && len(b) == 8:
		return floatText(float64(int64(binary.LittleEndian.Uint64(b))) / 1e4)
	case f.kind == 'T' && len(b) == 8:
		return julianText(b)
	case strings.IndexByte("MGPBQWO@", f.kind) >= 0:
		return ""
	}
	b = bytes.TrimRight(b, " \x00")
	if f.kind == 'C' || f.kind == 'V' {
		return r.text(b)
	}
	s := strings.TrimSpace(r.text(b))
	switch f.kind {
	case 'N', 'F':
		return dbfNumber(s)
	case 'D':
		if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
			if s == "00000000" {
				return ""
			}
			return s[:4] + "-" + s[4:6] + "-" + s[6:]
		}
	case 'L':
		switch s {
		case "T", "t", "Y", "y":
			return "true"
		case "F", "f", "N", "n":
			return "false"
		case "?":
			return ""
		}
	}
	return s
}

// dbfNumber tidies a number: stars stand for one too wide for its column, and programs fill wide columns with zeros.
func dbfNumber(s string) string {
	if strings.HasPrefix(s, "*") {
		return ""
	}
	if strings.ContainsAny(s, "eE") {
		if v, err := strconv.ParseFloat(s, 64); err == nil {
			return floatText(v)
		}
		return s
	}
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i > 7 {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// dbfEncoding decides how the texts are read: as asked for, as a .cpg file beside the table or its header says, or by looking at
// them; what is said is held against what they are.
func (s *source) dbfEncoding(seen *dbfSurvey, opt Options, reading *Reading) (string, error) {
	if want := strings.ToLower(opt.Encoding); want != "" {
		narrow := Encodings[:slices.Index(Encodings, "utf-16le")]
		if !slices.Contains(narrow, want) {
			return "", fault.New(fault.Invalid, "tabular.encoding_unknown", opt.Encoding, strings.Join(narrow, ", "))
		}
		return want, nil
	}
	said := ""
	if s.beside != nil {
		if page, err := s.beside(".cpg"); err == nil && page != nil {
			said = namedPage(string(page.head))
		}
	}
	if said == "" {
		said = dbfLanguages[seen.language]
	}
	like8 := seen.multi > 0 && seen.multi > 10*seen.stray
	switch {
	case seen.multi+seen.stray == 0:
		if said == "" {
			said = "utf-8"
		}
		return said, nil
	case said == "utf-8" && !like8:
		reading.note("tabular.note_false_charset", EncodingTitle(said), EncodingTitle(seen.guess()))
		return seen.guess(), nil
	case said != "" && said != "utf-8" && like8 && seen.stray == 0:
		reading.note("tabular.note_false_charset", EncodingTitle(said), EncodingTitle("utf-8"))
		return "utf-8", nil
	case said != "":
		return said, nil
	case like8:
		return "utf-8", nil
	}
	reading.note("tabular.note_encoding_guessed", EncodingTitle(seen.guess()))
	return seen.guess(), nil
}
