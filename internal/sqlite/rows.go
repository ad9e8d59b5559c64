package sqlite

import (
	"encoding/binary"
	"io"
)

// maxDepth bounds a tree, as SQLite does.
const maxDepth = 20

// Kinds of pages.
const (
	indexInterior = 2
	tableInterior = 5
	indexLeaf     = 10
	tableLeaf     = 13
)

// Rows are the rows of a table, read once, in the order of the file: that of the rowid, or of the primary key.
type Rows struct {
	f       *File
	t       *Table
	most    int // bytes of a row
	stack   []place
	visited int64 // pages
	payload []byte
	spare   []byte // an overflow page
	stored  []Value
	values  []Value
	text    []byte // texts that were in UTF-16
	started bool
}

// A place is how far the walk went on one page.
type place struct {
	page  []byte
	head  int // where the page's header begins
	kind  byte
	cells int
	next  int  // cell to look at
	below bool // the child before cell next was walked
}

// Rows starts to read a table; most is the largest row in bytes.
func (f *File) Rows(t *Table, most int) *Rows {
	return &Rows{f: f, t: t, most: most}
}

// Position is how far the reading went, in bytes of the file.
func (r *Rows) Position() int64 { return min(r.visited*int64(r.f.page), r.f.size) }

// Next returns the values of the next row, one per column, valid until the next call; io.EOF after the last. Errors:
// ErrBroken, ErrTooLarge.
func (r *Rows) Next() ([]Value, error) {
	if !r.started {
		r.started = true
		if err := r.push(r.t.root); err != nil {
			return nil, err
		}
	}
	for len(r.stack) > 0 {
		p := &r.stack[len(r.stack)-1]
		interior := p.kind == tableInterior || p.kind == indexInterior
		if interior && !p.below {
			child, err := p.child(p.next)
			if err != nil {
				return nil, err
			}
			p.below = true
			if err := r.push(child); err != nil {
				return nil, err
			}
			continue
		}
		if p.next >= p.cells {
			r.stack = r.stack[:len(r.stack)-1]
			continue
		}
		cell, err := p.cell(p.next)
		if err != nil {
			return nil, err
		}
		p.next++
		p.below = false
		if p.kind == tableInterior {
			continue // only a key
		}
		return r.row(cell, p.kind)
	}
	return nil, io.EOF
}

// visit counts a page; a file whose pages are met more often than it has some goes round in circles.
func (r *Rows) visit() error {
	if r.visited++; r.visited > r.f.size/int64(r.f.page) {
		return ErrBroken
	}
	return nil
}

// push goes down to a page.
func (r *Rows) push(number uint32) error {
	if len(r.stack) >= maxDepth {
		return ErrBroken
	}
	if err := r.visit(); err != nil {
		return err
	}
	var buf []byte
	if n := len(r.stack); n < cap(r.stack) {
		buf = r.stack[:n+1][n].page // of the page that was here before
	}
	page, err := r.f.readPage(number, buf)
	if err != nil {
		return err
	}
	p := place{page: page}
	if number == 1 {
		p.head = headerBytes
	}
	p.kind, p.cells = page[p.head], int(binary.BigEndian.Uint16(page[p.head+3:]))
	keyed := p.kind == indexInterior || p.kind == indexLeaf
	if p.kind != tableInterior && p.kind != tableLeaf && !keyed || keyed != r.t.keyed {
		return ErrBroken
	}
	r.stack = append(r.stack, p)
	return nil
}

// cell is the bytes of a page from the start of its cell at position i.
func (p *place) cell(i int) ([]byte, error) {
	at := p.head + 8 + 2*i
	if p.kind == tableInterior || p.kind == indexInterior {
		at += 4
	}
	if at+2 > len(p.page) {
		return nil, ErrBroken
	}
	start := int(binary.BigEndian.Uint16(p.page[at:]))
	if start < p.head+8 || start >= len(p.page) {
		return nil, ErrBroken
	}
	return p.page[start:], nil
}

// child is the page left of the cell at position i; after the last cell, the rightmost one.
func (p *place) child(i int) (uint32, error) {
	if i >= p.cells {
		return binary.BigEndian.Uint32(p.page[p.head+8:]), nil
	}
	cell, err := p.cell(i)
	if err != nil || len(cell) < 4 {
		return 0, ErrBroken
	}
	return binary.BigEndian.Uint32(cell), nil
}

// row reads the row of a cell.
func (r *Rows) row(cell []byte, kind byte) ([]Value, error) {
	if kind == indexInterior {
		if len(cell) < 4 {
			return nil, ErrBroken
		}
		cell = cell[4:]
	}
	size, n := varint(cell)
	cell = cell[n:]
	var rowid uint64
	ok := n > 0
	if kind == tableLeaf {
		var m int
		rowid, m = varint(cell)
		ok = ok && m > 0
		cell = cell[m:]
	}
	if !ok || size > 1<<31 {
		return nil, ErrBroken
	}
	if size > uint64(r.most) {
		return nil, ErrTooLarge
	}
	payload, err := r.gather(cell, int(size), kind)
	if err != nil {
		return nil, err
	}
	if err := r.decode(payload); err != nil {
		return nil, err
	}
	return r.arrange(int64(rowid)), nil
}

// gather brings the parts of a payload together: what is on the page, then what overflowed.
func (r *Rows) gather(cell []byte, size int, kind byte) ([]byte, error) {
	u := r.f.usable
	most, least := u-35, (u-12)*32/255-23
	if kind != tableLeaf {
		most = (u-12)*64/255 - 23
	}
	if size <= most {
		if size > len(cell) {
			return nil, ErrBroken
		}
		return cell[:size], nil
	}
	local := least + (size-least)%(u-4)
	if local > most {
		local = least
	}
	if local+4 > len(cell) {
		return nil, ErrBroken
	}
	r.payload = append(r.payload[:0], cell[:local]...)
	next := binary.BigEndian.Uint32(cell[local:])
	for len(r.payload) < size {
		if err := r.visit(); err != nil {
			return nil, err
		}
		page, err := r.f.readPage(next, r.spare)
		if err != nil {
			return nil, err
		}
		r.spare = page
		next = binary.BigEndian.Uint32(page)
		r.payload = append(r.payload, page[4:min(u, 4+size-len(r.payload))]...)
	}
	return r.payload, nil
}

// arrange puts the stored values in the order of the columns.
func (r *Rows) arrange(rowid int64) []Value {
	r.values = r.values[:0]
	for i := range r.t.Columns {
		at := i
		if r.t.order != nil {
			at = r.t.order[i]
		}
		v := r.t.Columns[i].absent
		if at < len(r.stored) {
			v = r.stored[at]
		}
		if i == r.t.rowidAt {
			v = Value{Kind: Integer, Int: rowid}
		}
		r.values = append(r.values, v)
	}
	return r.values
}
