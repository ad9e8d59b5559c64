package sqlite

import (
	"encoding/binary"
	"math"
	"unicode/utf16"
	"unicode/utf8"
)

// A Kind is what a value is, whatever was declared for its column.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Integer
	Real
	Text
	Blob
)

// A Value is one cell.
type Value struct {
	Kind  Kind
	Int   int64
	Real  float64
	Bytes []byte // of a Text, in UTF-8 as far as the file keeps its word, or of a Blob; valid until the next row
}

// varint reads a number of 1 to 9 bytes; n is 0 when it is cut.
func varint(b []byte) (v uint64, n int) {
	for n < 8 {
		if n >= len(b) {
			return 0, 0
		}
		c := b[n]
		n++
		v = v<<7 | uint64(c&0x7F)
		if c < 0x80 {
			return v, n
		}
	}
	if n >= len(b) {
		return 0, 0
	}
	return v<<8 | uint64(b[n]), n + 1
}

// decode cuts a record into stored values.
func (r *Rows) decode(b []byte) error {
	size, n := varint(b)
	if n == 0 || size < uint64(n) || size > uint64(len(b)) {
		return ErrBroken
	}
	head, body := b[n:size], b[size:]
	r.stored, r.text = r.stored[:0], r.text[:0]
	for len(head) > 0 {
		serial, n := varint(head)
		if n == 0 || len(r.stored) >= maxColumns {
			return ErrBroken
		}
		head = head[n:]
		v, n, ok := r.value(serial, body)
		if !ok {
			return ErrBroken
		}
		body = body[n:]
		r.stored = append(r.stored, v)
	}
	return nil
}

// value reads the value of a serial type at the start of b, and its size.
func (r *Rows) value(serial uint64, b []byte) (v Value, size int, ok bool) {
	sizes := [...]int{0, 1, 2, 3, 4, 6, 8, 8, 0, 0}
	if serial < uint64(len(sizes)) {
		if size = sizes[serial]; size > len(b) {
			return v, 0, false
		}
		switch serial {
		case 0:
			return Value{}, 0, true
		case 7:
			return Value{Kind: Real, Real: math.Float64frombits(binary.BigEndian.Uint64(b))}, 8, true
		case 8, 9:
			return Value{Kind: Integer, Int: int64(serial - 8)}, 0, true
		}
		n := int64(int8(b[0]))
		for _, c := range b[1:size] {
			n = n<<8 | int64(c)
		}
		return Value{Kind: Integer, Int: n}, size, true
	}
	if serial < 12 || (serial-12)/2 > uint64(len(b)) {
		return v, 0, false
	}
	size = int((serial - 12) / 2)
	v = Value{Kind: Blob, Bytes: b[:size:size]}
	if serial%2 == 1 {
		v = Value{Kind: Text, Bytes: r.plain(b[:size:size])}
	}
	return v, size, true
}

// plain turns a text of the file into UTF-8.
func (r *Rows) plain(b []byte) []byte {
	var order binary.ByteOrder = binary.LittleEndian
	switch r.f.encoding {
	case 3:
		order = binary.BigEndian
	case 2:
	default:
		return b
	}
	start := len(r.text)
	for i := 0; i+2 <= len(b); i += 2 {
		c := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(c) && i+4 <= len(b) {
			if pair := utf16.DecodeRune(c, rune(order.Uint16(b[i+2:]))); pair != utf8.RuneError {
				c = pair
				i += 2
			}
		}
		r.text = utf8.AppendRune(r.text, c)
	}
	return r.text[start:len(r.text):len(r.text)]
}
