package tabular

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strconv"

	"cultured/internal/fault"
)

// A memo is the file that holds the long texts of a dBASE table, in blocks. Sources: dBASE, "Memo File Structure"; Microsoft,
// "Memo File Structure (.fpt)".
type memo struct {
	at     io.ReaderAt
	size   int64
	block  int64 // bytes of one
	fox    bool  // .fpt: each text starts with its kind and its size
	sized  bool  // .dbt of dBASE IV: each text starts with a mark and its size; those of dBASE III end with a mark
	buffer []byte
}

// The sizes of the blocks of a .dbt file without one of its own, and the most a block may be.
const (
	memoBlock = 512
	memoMost  = 64 << 10
)

var errMemo = errors.New("memo")

// memo opens the file of long texts beside a table; nil when it is not there, or is no such file.
func (s *source) memo(f *dbf) (*memo, error) {
	if s.beside == nil {
		return nil, nil
	}
	kinds := []string{".dbt", ".fpt"}
	if f.isFox() {
		kinds = []string{".fpt", ".dbt"}
	}
	for _, ext := range kinds {
		file, err := s.beside(ext)
		if fault.Is(err, "tabular.empty") || err == nil && file == nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		before := s.session.unpacked // progress is that of the table
		at, size, err := file.whole()
		s.session.unpacked = before
		if err != nil {
			return nil, err
		}
		return newMemo(at, size, ext == ".fpt", f.version), nil
	}
	return nil, nil
}

// isFox says whether the table is FoxPro's.
func (f *dbf) isFox() bool { return f.version >= foxPro && f.version < 0x40 || f.version >= 0xF5 }

// newMemo reads the head of a file of long texts, nil for what is none.
func newMemo(at io.ReaderAt, size int64, fox bool, version byte) *memo {
	var h [24]byte
	if n, err := at.ReadAt(h[:], 0); n < 8 || err != nil && err != io.EOF {
		return nil
	}
	m := &memo{at: at, size: size, fox: fox, block: memoBlock, sized: version != 0x83}
	switch {
	case fox:
		m.block = max(1, int64(binary.BigEndian.Uint16(h[6:])))
	case m.sized:
		if n := int64(binary.LittleEndian.Uint16(h[20:])); n >= 64 && n%64 == 0 {
			m.block = n
		}
	}
	return m
}

// find is where a text starts: the cell of its table names its block, in digits or as a number of four bytes. It is 0 for none.
func (m *memo) find(cell []byte) (at int64, err error) {
	n := int64(0)
	if len(cell) == 4 {
		n = int64(binary.LittleEndian.Uint32(cell))
	} else if cell = bytes.Trim(cell, " \x00"); len(cell) > 0 {
		if n, err = strconv.ParseInt(string(cell), 10, 64); err != nil || n < 0 || n > m.size {
			return 0, errMemo
		}
	}
	if at = n * m.block; at >= m.size {
		return 0, errMemo
	}
	return at, nil
}

// text reads the bytes of a text, nil for none, valid until the next call. What is no text, such as a picture, is none. Errors: errMemo where the
// table and the file do not go together; TooLarge "tabular.cell_too_large" with 0 for the row and the column.
func (m *memo) text(cell []byte, most int) ([]byte, error) {
	at, err := m.find(cell)
	if err != nil || at == 0 {
		return nil, err
	}
	var h [8]byte
	if _, err := m.at.ReadAt(h[:], at); err != nil && err != io.EOF {
		return nil, err
	}
	size := int64(0)
	switch {
	case m.fox && binary.BigEndian.Uint32(h[:]) != 1:
		if kind := binary.BigEndian.Uint32(h[:]); kind > 2 {
			return nil, errMemo
		}
		return nil, nil
	case m.fox:
		size = int64(binary.BigEndian.Uint32(h[4:]))
	case m.sized && bytes.Equal(h[:4], []byte{0xFF, 0xFF, 0x08, 0}):
		size = int64(binary.LittleEndian.Uint32(h[4:])) - int64(len(h))
	default:
		return m.until(at, most)
	}
	at += int64(len(h))
	switch {
	case size < 0 || at+size > m.size:
		return nil, errMemo
	case size > int64(most):
		return nil, memoTooLarge(most)
	}
	m.buffer = append(m.buffer[:0], make([]byte, size)...)
	_, err = m.at.ReadAt(m.buffer, at)
	if err == io.EOF {
		err = nil
	}
	return m.buffer, err
}

func memoTooLarge(most int) error {
	return fault.New(fault.TooLarge, "tabular.cell_too_large", 0, 0, most)
}

// until reads a text up to its mark, or to the end of the file.
func (m *memo) until(at int64, most int) ([]byte, error) {
	m.buffer = m.buffer[:0]
	for ; at < m.size; at += memoBlock {
		var block [memoBlock]byte
		n, err := m.at.ReadAt(block[:], at)
		if err != nil && err != io.EOF {
			return nil, err
		}
		if end := bytes.IndexByte(block[:n], 0x1A); end >= 0 {
			return append(m.buffer, block[:end]...), nil
		}
		if m.buffer = append(m.buffer, block[:n]...); len(m.buffer) > most {
			return nil, memoTooLarge(most)
		}
	}
	return m.buffer, nil
}
