package sqlite

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// Magic is how every SQLite file begins.
const Magic = "SQLite format 3\x00"

// The errors of this package; reading errors of the source come as they are.
var (
	ErrBroken   = errors.New("sqlite: cut or broken file")
	ErrTooLarge = errors.New("sqlite: a row is larger than allowed")
)

// What a schema may hold; real ones have tens of tables.
const (
	maxTables   = 10_000
	maxSchema   = 1 << 20 // bytes of one statement
	maxColumns  = 32_767  // SQLite's own
	headerBytes = 100
)

// A File is an SQLite file, open to be read. It may be read by several at once.
type File struct {
	// Tables are the tables rows may be read from, in the order they were made, those of SQLite itself (sqlite_…) left out.
	Tables []Table
	// Pending says that the file was written in WAL mode: its last changes may still be in a file beside it, *-wal, which
	// is not read.
	Pending bool

	src      io.ReaderAt
	size     int64
	page     int // bytes of a page
	usable   int // of them, those that are used
	encoding byte
}

// A Table is one table of a file.
type Table struct {
	Name     string
	Columns  []Column
	Computed []string // names of columns that are computed when asked for, which are not in the file

	root    uint32
	order   []int // WITHOUT ROWID: the column of each stored value; else nil
	keyed   bool  // WITHOUT ROWID
	rowidAt int   // the column that is the rowid, -1 for none
}

// A Column is one column of a table. Type is what was declared, in capitals, "" for none; SQLite does not hold to it.
type Column struct {
	Name, Type string

	absent Value // of rows that are older than the column
}

// Open reads the header and the schema of a file of size bytes. Errors: ErrBroken, ErrTooLarge.
func Open(src io.ReaderAt, size int64) (*File, error) {
	head := make([]byte, headerBytes)
	if size < headerBytes {
		return nil, ErrBroken
	}
	if _, err := src.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	f := &File{src: src, size: size, page: int(binary.BigEndian.Uint16(head[16:])), encoding: head[59]}
	if f.page == 1 {
		f.page = 65536
	}
	f.usable = f.page - int(head[20])
	f.Pending = head[18] == 2 || head[19] == 2
	if string(head[:16]) != Magic || f.page < 512 || f.page&(f.page-1) != 0 || f.usable < 480 || head[59] > 3 {
		return nil, ErrBroken
	}
	return f, f.readSchema()
}

// readSchema reads the table of tables, whose root is the first page.
func (f *File) readSchema() error {
	schema := Table{root: 1, rowidAt: -1, Columns: make([]Column, 5)}
	rows := f.Rows(&schema, maxSchema)
	for n := 0; ; n++ {
		v, err := rows.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n >= maxTables {
			return ErrTooLarge
		}
		name, root := string(v[1].Bytes), v[3].Int
		if string(v[0].Bytes) != "table" || root <= 0 || root > 1<<32-2 || strings.HasPrefix(strings.ToLower(name), "sqlite_") {
			continue // indexes, views, triggers, virtual tables
		}
		t, ok := parseTable(string(v[4].Bytes))
		if !ok {
			return ErrBroken
		}
		t.Name, t.root = name, uint32(root)
		f.Tables = append(f.Tables, t)
	}
}

// Table finds a table by its name, whatever its case.
func (f *File) Table(name string) (*Table, bool) {
	for i := range f.Tables {
		if strings.EqualFold(f.Tables[i].Name, name) {
			return &f.Tables[i], true
		}
	}
	return nil, false
}

// Column is the place of a column, whatever its case, -1 for none.
func (t *Table) Column(name string) int {
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Name, name) {
			return i
		}
	}
	return -1
}

// readPage reads a page, the first being 1, into buf.
func (f *File) readPage(number uint32, buf []byte) ([]byte, error) {
	at := (int64(number) - 1) * int64(f.page)
	if number == 0 || at+int64(f.page) > f.size {
		return nil, ErrBroken
	}
	if cap(buf) < f.page {
		buf = make([]byte, f.page)
	}
	buf = buf[:f.page]
	if n, err := f.src.ReadAt(buf, at); n < len(buf) {
		if err == io.EOF || err == nil {
			err = ErrBroken
		}
		return nil, err
	}
	return buf, nil
}
