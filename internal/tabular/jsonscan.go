package tabular

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonScanner goes through a JSON text of any size, value by value, holding one value at a time. It is lenient: a comma too
// many, NaN and line ends inside strings are let through; brackets that do not match and a text that is cut are not.
// Source: RFC 8259.
type jsonScanner struct {
	src      io.Reader
	buf      []byte
	pos, end int
	ended    bool
	passed   int64 // bytes before buf
}

// maxNested bounds how deep values lie in each other.
const maxNested = 512

var (
	errJSON     = errors.New("JSON")
	errJSONLong = errors.New("JSON value too long")
)

// at is the place in the text.
func (s *jsonScanner) at() int64 { return s.passed + int64(s.pos) }

// fill reads more, keeping what is not yet used.
func (s *jsonScanner) fill() error {
	if s.pos > 0 {
		s.passed += int64(s.pos)
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if s.end == len(s.buf) {
		s.buf = slices.Grow(s.buf, max(64<<10, len(s.buf)))
		s.buf = s.buf[:cap(s.buf)]
	}
	for range 100 {
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.ended = true
			return nil
		}
		if err != nil {
			return err
		}
		if n > 0 {
			return nil
		}
	}
	return io.ErrNoProgress
}

// peek is the next byte that is not white space, io.EOF at the end. The record separator of RFC 7464 is white space too.
func (s *jsonScanner) peek() (byte, error) {
	for {
		for ; s.pos < s.end; s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\n', '\r', 0x1E:
			default:
				return c, nil
			}
		}
		if s.ended {
			return 0, io.EOF
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// expect reads one sign.
func (s *jsonScanner) expect(c byte) error {
	got, err := s.peek()
	if err == nil && got != c {
		err = errJSON
	}
	if err == nil {
		s.pos++
	}
	return err
}

// more says whether another element follows before the bracket that closes, and reads that bracket.
func (s *jsonScanner) more(closing byte) (bool, error) {
	for {
		c, err := s.peek()
		switch {
		case err == io.EOF:
			return false, io.ErrUnexpectedEOF
		case err != nil:
			return false, err
		case c == closing:
			s.pos++
			return false, nil
		case c != ',':
			return true, nil
		}
		s.pos++
	}
}

// key reads the name of a member and its colon.
func (s *jsonScanner) key() (string, error) {
	if c, err := s.peek(); err != nil || c != '"' {
		return "", errors.Join(errJSON, err)
	}
	raw, err := s.value(maxKey)
	if err != nil {
		return "", err
	}
	name := jsonString(raw)
	return name, s.expect(':')
}

// maxKey bounds a name.
const maxKey = 64 << 10

// value reads the next value whole, as it is written; it is valid until the next reading. A value over most bytes is
// errJSONLong.
func (s *jsonScanner) value(most int) ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, unexpected(err)
	}
	var state jsonState
	for n := 0; ; {
		k, done, err := state.run(s.buf[s.pos+n : s.end])
		n += k
		switch {
		case err != nil:
			return nil, err
		case n > most:
			return nil, errJSONLong
		case done || s.ended && state.bare():
			raw := s.buf[s.pos : s.pos+n]
			s.pos += n
			return raw, nil
		case s.ended:
			return nil, io.ErrUnexpectedEOF
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
}

// skip passes over the next value, of any size.
func (s *jsonScanner) skip() error {
	if _, err := s.peek(); err != nil {
		return unexpected(err)
	}
	var state jsonState
	for {
		n, done, err := state.run(s.buf[s.pos:s.end])
		s.pos += n
		switch {
		case err != nil:
			return err
		case done || s.ended && state.bare():
			return nil
		case s.ended:
			return io.ErrUnexpectedEOF
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// jsonState finds the end of one value in a text that comes in pieces.
type jsonState struct {
	word    bool // a number, true, false, null
	quoted  bool // inside a string
	escaped bool
	open    []byte // brackets not yet closed
}

// bare says that the value may end where the text does.
func (j *jsonState) bare() bool { return j.word && len(j.open) == 0 }

// run reads on; done says that the value ends after n bytes.
func (j *jsonState) run(b []byte) (n int, done bool, err error) {
	for i := 0; i < len(b); {
		if j.quoted {
			k, closed := j.string(b[i:])
			if i += k; closed && len(j.open) == 0 {
				return i, true, nil
			}
			continue
		}
		c := b[i]
		if j.word {
			if !delimits(c) {
				i++
				continue
			}
			if j.word = false; len(j.open) == 0 {
				return i, true, nil
			}
		}
		switch c {
		case '"':
			j.quoted = true
		case '{', '[':
			if len(j.open) == maxNested {
				return i, false, errJSON
			}
			j.open = append(j.open, c+2) // what closes it: '{'+2 is '}', '['+2 is ']'
		case '}', ']':
			last := len(j.open) - 1
			if last < 0 || j.open[last] != c {
				return i, false, errJSON
			}
			if j.open = j.open[:last]; last == 0 {
				return i + 1, true, nil
			}
		case ' ', '\t', '\n', '\r':
		case ',', ':':
			if len(j.open) == 0 {
				return i, false, errJSON
			}
		default:
			j.word = true
		}
		i++
	}
	return len(b), false, nil
}

// string reads on inside a string; closed says that it ends after n bytes.
func (j *jsonState) string(b []byte) (n int, closed bool) {
	for n < len(b) {
		if j.escaped {
			j.escaped = false
			n++
			continue
		}
		i := bytes.IndexByte(b[n:], '"')
		k := bytes.IndexByte(b[n:max(n, n+i)], '\\')
		if i < 0 {
			k = bytes.IndexByte(b[n:], '\\')
		}
		switch {
		case k >= 0:
			n += k + 1
			j.escaped = true
		case i < 0:
			return len(b), false
		default:
			j.quoted = false
			return n + i + 1, true
		}
	}
	return n, false
}

func delimits(c byte) bool {
	switch c {
	case ' ', '\t', '\n', '\r', ',', ':', '}', ']', '{', '[', '"', 0x1E:
		return true
	}
	return false
}

// jsonString is the text of a string with its quotes.
func jsonString(raw []byte) string { return string(appendString(nil, raw)) }

// appendString writes the text of a string with its quotes. What is not an escape stays as it is.
func appendString(dst, raw []byte) []byte {
	if len(raw) >= 2 && raw[0] == '"' && raw[len(raw)-1] == '"' {
		raw = raw[1 : len(raw)-1]
	}
	for len(raw) > 0 {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 || i+1 == len(raw) {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		if raw[1] != 'u' {
			dst = append(dst, escapedByte(raw[1]))
			raw = raw[2:]
			continue
		}
		r, n := escapedRune(raw)
		if n == 0 {
			dst = append(dst, '\\')
			raw = raw[1:]
			continue
		}
		dst = utf8.AppendRune(dst, r)
		raw = raw[n:]
	}
	return dst
}

func escapedByte(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	}
	return c
}

// escapedRune reads \uXXXX, or two of them that make one rune, and the bytes they take; 0 bytes when it is neither.
func escapedRune(b []byte) (rune, int) {
	unit := func(b []byte) (rune, bool) {
		if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
			return 0, false
		}
		v, err := strconv.ParseUint(string(b[2:6]), 16, 16)
		return rune(v), err == nil
	}
	r, ok := unit(b)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := unit(b[6:]); ok {
			if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
				return full, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}
