package tabular

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// A dbfSurvey is what is learnt of a dBASE table before it is read.
type dbfSurvey struct {
	*census
	language byte
	texts    *memo // nil when there is none
	lost     int   // texts that are not where the table says, among the rows looked at
}

// surveyDBF counts the texts of the table and of its memos, and reads the mark of its language.
func (s *source) surveyDBF() (*dbfSurvey, error) {
	stream, _, err := s.from()
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	in := bufio.NewReaderSize(stream, 64<<10)
	f, err := readDBF(in)
	if err != nil {
		return nil, err
	}
	c := &dbfSurvey{census: &census{head: make([]byte, headBytes)}, language: f.language} // nobody looks at the head
	if f.memo {
		if c.texts, err = s.memo(f); err != nil {
			return nil, err
		}
	}
	for _, field := range f.fields {
		c.take(append(bytes.Clone(field.name), '\n'))
	}
	buf := make([]byte, f.record)
	for n := int64(0); n < f.count && c.total < s.survey; n++ {
		if _, err := io.ReadFull(in, buf); err == io.EOF || err == io.ErrUnexpectedEOF {
			break // said when rows are read
		} else if err != nil {
			return nil, err
		}
		for _, field := range f.fields {
			c.cell(field, buf[field.at:field.at+field.size], buf[0] == '*')
		}
	}
	c.end()
	return c, nil
}

// cell counts a text.
func (c *dbfSurvey) cell(field dbfField, b []byte, deleted bool) {
	switch {
	case field.kind == 'C':
		full := len(bytes.TrimRight(b, " \x00")) == field.size
		b = bytes.TrimRight(b, " \x00")
		if whole := wholeLetters(b); full && utf8.Valid(whole) && ascii(whole) < len(whole) {
			b = whole
		}
	case field.kind == 'M' && c.texts != nil && !deleted:
		text, err := c.texts.text(b, memoMost)
		if errors.Is(err, errMemo) {
			c.lost++
		}
		b = text
	default:
		return
	}
	if len(b) > 0 {
		c.take(b)
		c.take([]byte{'\n'})
	}
}
