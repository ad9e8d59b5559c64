package tabular

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"cultured/internal/fault"
)

// A Reader opens files. The zero value reads what this package can read alone, in memory; its fields lend it what needs
// more than the standard library. It may be used by several at once.
type Reader struct {
	// Parquet reads a Parquet file; nil says that the format is not read here. Its faults are those of [Open].
	Parquet func(src io.ReaderAt, size int64, opt Options) (Table, error)
	// Spool gives a temporary file, for a packed file that must be unpacked to be read, such as a workbook in a zip. With
	// nil, one larger than 32 MiB unpacked is refused.
	Spool func() (Spool, error)
}

// A Spool is written once from its start, then read anywhere. Close deletes it.
type Spool interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// spoolFree is how many unpacked bytes of one file are held in memory rather than in a spool.
const spoolFree = 32 << 20

// maxDepth bounds how many containers may be around a file: a zip in a gzip in a zip is the deepest read.
const maxDepth = 3

// A source is a file to open: as it came, or inside another that packs it. Formats are recognised by it and read from it.
type source struct {
	*session
	name   string // its own, without folders
	head   []byte // its first bytes, at most 4096
	from   opener // gives it from its start, as often as asked
	survey int64  // most bytes of it read to judge an encoding
	at     io.ReaderAt
	size   int64 // of at; at is nil while the file is packed
	// beside finds the file of the same name with another extension, such as ".dbf", in the same archive; nil when there is none.
	beside  func(ext string) (*source, error)
	depth   int     // containers around it
	reading Reading // what is known so far, notes of its containers included
	plain   []byte  // head as UTF-8
}

// A session is one call of [Reader.Open].
type session struct {
	Reader
	limits   Limits
	spools   []io.Closer
	unpacked int64 // bytes of the last file that was unpacked to be read in place, 0 for none
}

// close deletes the spools.
func (s *session) close() error {
	var all []error
	for _, spool := range s.spools {
		all = append(all, spool.Close())
	}
	return errors.Join(all...)
}

// ext is the extension of the name, in lower case with its point.
func (s *source) ext() string { return strings.ToLower(path.Ext(s.name)) }

// text is the head as UTF-8 without its mark: for formats that are texts, whatever their encoding.
func (s *source) text() []byte {
	if s.plain == nil {
		mark, skip := bom(s.head)
		if mark == "" {
			mark = guessWide(s.head)
		}
		s.plain = bytes.TrimLeft(asciiHead(s.head[skip:], mark), " \t\r\n")
	}
	return s.plain
}

// whole gives the bytes of the file in place: those that came, or unpacked to memory or to a spool.
// Faults: TooLarge "tabular.expands_too_much" and those of the unpacking.
func (s *source) whole() (io.ReaderAt, int64, error) {
	if s.at != nil {
		return s.at, s.size, nil
	}
	stream, _, err := s.from()
	if err != nil {
		return nil, 0, err
	}
	defer stream.Close()
	var held bytes.Buffer
	switch _, err = io.CopyN(&held, stream, spoolFree+1); {
	case err == io.EOF:
		s.at, s.size = bytes.NewReader(held.Bytes()), int64(held.Len())
	case err != nil:
		return nil, 0, broken("ZIP", err)
	case s.Spool == nil:
		return nil, 0, fault.New(fault.TooLarge, "tabular.expands_too_much", spoolFree)
	default:
		if err := s.spool(io.MultiReader(&held, stream)); err != nil {
			return nil, 0, err
		}
	}
	s.unpacked = s.size
	return s.at, s.size, nil
}

// spool unpacks stream to a spool.
func (s *source) spool(stream io.Reader) error {
	spool, err := s.Spool()
	if err != nil {
		return err
	}
	s.spools = append(s.spools, spool)
	s.size, err = io.CopyN(spool, stream, s.limits.Bytes)
	if err == nil {
		return fault.New(fault.TooLarge, "tabular.expands_too_much", s.limits.Bytes)
	}
	if err != io.EOF {
		return broken("ZIP", err)
	}
	s.at = spool
	return nil
}

// format is what the file is, by its first bytes and its name.
func (s *source) format() format {
	all := formats()
	for _, f := range all {
		if f.fits(s) {
			return f
		}
	}
	return all[len(all)-1]
}

// open finds out what the file is and opens it.
func (s *source) open(opt Options) (Table, error) {
	f := s.format()
	if f.open == nil {
		return nil, fault.New(fault.Invalid, "tabular.unsupported", f.title)
	}
	s.reading.Format = f.name
	return f.open(s, opt)
}

// peekHead reads the head through from.
func (s *source) peekHead() error {
	stream, _, err := s.from()
	if err != nil {
		return err
	}
	defer stream.Close()
	s.head = make([]byte, headSize)
	n, err := io.ReadFull(stream, s.head)
	s.head = s.head[:n]
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	if n == 0 {
		return fault.New(fault.Invalid, "tabular.empty")
	}
	return nil
}

// headSize is how many bytes a format is recognised by.
const headSize = 4096

// unpacked is a table of a file that was unpacked first: closing it deletes the spools, and its position is that in the
// file as it came.
type unpacked struct {
	Table
	*session
	size int64 // of the file as it came
}

// Position implements [Table].
func (u unpacked) Position() int64 {
	if u.session.unpacked == 0 { // what was unpacked goes with the table
		return u.Table.Position()
	}
	return min(u.size, int64(float64(u.Table.Position())/float64(u.session.unpacked)*float64(u.size)))
}

// Close implements [Table].
func (u unpacked) Close() error { return errors.Join(u.Table.Close(), u.session.close()) }

// Blank implements [Trailer].
func (u unpacked) Blank() (row, n int) { return blankOf(u.Table) }
