package tabular

import (
	"bytes"
	"encoding/binary"
	"io"

	"cultured/internal/fault"
)

// How much of a text is read to judge its encoding: all of it, unless it must be unpacked twice for that.
const (
	maxSurvey    = 1 << 62
	packedSurvey = 64 << 20
)

// An opener gives a text from its start, and says how many bytes of the source were read.
type opener func() (stream io.ReadCloser, position func() int64, err error)

// textRows are the rows of a CSV file.
type textRows struct {
	recordReader
	at     func() int64
	stream io.Closer
}

func (t *textRows) next() (rawRow, error) {
	row, err := t.recordReader.next()
	if err != nil && err != io.EOF {
		err = broken("CSV", err)
	}
	return row, err
}
func (t *textRows) position() int64 { return t.at() }
func (t *textRows) close() error    { return t.stream.Close() }

// openText reads a text table.
func openText(s *source, opt Options) (Table, error) {
	reading := s.reading
	counted, err := surveyOf(s.from, s.survey)
	if err != nil {
		return nil, err
	}
	skip, err := counted.decide(opt.Encoding, &reading)
	if err != nil {
		return nil, err
	}
	d, err := detectDialect(asciiHead(counted.head[skip:], reading.Encoding), counted.total <= headBytes, opt, &reading)
	if err != nil {
		return nil, err
	}
	if d.sep == '\t' {
		reading.Format = "tsv"
	}
	stream, at, err := s.from()
	if err != nil {
		return nil, broken("CSV", err)
	}
	rows := &textRows{at: at, stream: stream, recordReader: recordReader{dialect: d, src: wide(stream, reading.Encoding),
		set: charset(reading.Encoding), loose: reading.Encoding[:3] == "utf", dropNul: counted.nul > 0, limits: opt.Limits}}
	if _, err = io.CopyN(io.Discard, stream, int64(skip)); err == nil {
		var t *table
		if t, err = newTable(rows, reading, opt, false); err == nil {
			return t, nil
		}
	}
	stream.Close()
	return nil, broken("CSV", err)
}

// surveyOf counts the text open gives. Faults: Invalid "tabular.empty".
func surveyOf(open opener, most int64) (*census, error) {
	stream, _, err := open()
	if err != nil {
		return nil, broken("CSV", err)
	}
	defer stream.Close()
	counted, err := survey(stream, most)
	if err != nil {
		return nil, broken("CSV", err)
	}
	if counted.total == 0 {
		return nil, fault.New(fault.Invalid, "tabular.empty")
	}
	return counted, nil
}

// openPlain opens src as it is.
func openPlain(src io.ReaderAt, size int64) opener {
	return func() (io.ReadCloser, func() int64, error) {
		raw := &counter{io.NewSectionReader(src, 0, size), new(int64)}
		return io.NopCloser(raw), func() int64 { return *raw.n }, nil
	}
}

// guarded reads through a guard and closes what is behind it.
type guarded struct {
	io.Reader
	io.Closer
}

// wide puts a UTF-16 decoder before r when the encoding asks for it.
func wide(r io.Reader, encoding string) io.Reader {
	switch encoding {
	case "utf-16le":
		return &wideReader{src: r, order: binary.LittleEndian}
	case "utf-16be":
		return &wideReader{src: r, order: binary.BigEndian}
	}
	return r
}

// asciiHead returns head in an encoding where separators are single bytes.
func asciiHead(head []byte, encoding string) []byte {
	out, err := io.ReadAll(wide(bytes.NewReader(head), encoding))
	if err != nil {
		return head
	}
	return out
}

// counter counts the bytes read.
type counter struct {
	r io.Reader
	n *int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += int64(n)
	return n, err
}
