package tabular

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// xmlReader is a small fast pull parser, for the XML of workbooks: UTF-8, names without their prefix, no DTD (its
// entities are never expanded, so they cannot multiply), no validation. It is lenient: it reads what office programs
// write, and stops with an error on a cut or unbalanced tag.
type xmlReader struct {
	r        io.Reader
	buf      []byte
	pos, end int
	ended    bool
	closing  bool // the last start was <x/>: its end comes next

	name []byte // local name of the element
	tag  []byte // what follows the name, up to the end of the tag
	text []byte // of a text token, unescaped
	hold []byte
}

type xmlKind int

const (
	xmlStart xmlKind = iota
	xmlEnd
	xmlText
)

// maxTag bounds one tag with its attributes.
const maxTag = 4 << 20

var errXML = errors.New("XML")

// next returns the next token, io.EOF at the end. name, tag and text last until the next call. A text may come in pieces.
func (x *xmlReader) next() (xmlKind, error) {
	if x.closing {
		x.closing = false
		return xmlEnd, nil
	}
	for {
		if x.pos == x.end {
			if err := x.fill(); err != nil {
				return 0, err
			}
			if x.pos == x.end {
				return 0, io.EOF
			}
		}
		data := x.buf[x.pos:x.end]
		if data[0] != '<' {
			n, err := x.textSize(data)
			if err != nil {
				return 0, err
			}
			if n == 0 {
				continue
			}
			x.text = unescape(&x.hold, data[:n])
			x.pos += n
			return xmlText, nil
		}
		n, err := x.tagSize()
		if err != nil {
			return 0, err
		}
		data = x.buf[x.pos : x.pos+n]
		x.pos += n
		if kind, ok := x.token(data); ok {
			return kind, nil
		}
	}
}

// token reads a whole tag; ok is false for what is passed over: comments, instructions, declarations.
func (x *xmlReader) token(data []byte) (xmlKind, bool) {
	switch {
	case data[1] == '?':
		return 0, false
	case data[1] == '!':
		if inner, ok := bytes.CutPrefix(data, []byte("<![CDATA[")); ok {
			x.text = inner[:len(inner)-3]
			return xmlText, true
		}
		return 0, false
	case data[1] == '/':
		x.name, x.tag = local(bytes.TrimRight(data[2:len(data)-1], " \t\r\n")), nil
		return xmlEnd, true
	}
	inner := data[1 : len(data)-1]
	if inner[len(inner)-1] == '/' {
		inner, x.closing = inner[:len(inner)-1], true
	}
	i := 0
	for i < len(inner) && inner[i] > ' ' {
		i++
	}
	x.name, x.tag = local(inner[:i]), inner[i:]
	return xmlStart, true
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// textSize returns how much of data is text that can be given now; 0 asks for another look.
func (x *xmlReader) textSize(data []byte) (int, error) {
	if n := bytes.IndexByte(data, '<'); n >= 0 {
		return n, nil
	}
	if !x.ended {
		if len(data) < 4096 {
			return 0, x.fill()
		}
		for cut := len(data); cut > len(data)-16; cut-- { // never inside an entity or a rune
			if data[cut-1] == '&' {
				return cut - 1, nil
			}
		}
		n := len(data) - 16
		for n > 0 && !utf8.RuneStart(data[n]) {
			n--
		}
		return n, nil
	}
	return len(data), nil
}

// tagSize returns the size of the tag at pos, reading on until it is whole.
func (x *xmlReader) tagSize() (int, error) {
	for {
		n := wholeTag(x.buf[x.pos:x.end])
		if n > 0 {
			return n, nil
		}
		if n < 0 || x.ended || x.end-x.pos > maxTag {
			return 0, errXML
		}
		if err := x.fill(); err != nil {
			return 0, err
		}
	}
}

// wholeTag returns the size of the tag at the start of data, 0 if its end is not there, -1 if it cannot be a tag.
func wholeTag(data []byte) int {
	if len(data) < 3 {
		return 0
	}
	until := func(mark string) int {
		if i := bytes.Index(data, []byte(mark)); i >= 0 {
			return i + len(mark)
		}
		return 0
	}
	if data[1] == '!' {
		switch {
		case bytes.HasPrefix(data, []byte("<!--")):
			return until("-->")
		case bytes.HasPrefix(data, []byte("<![CDATA[")):
			return until("]]>")
		case len(data) < 9:
			return 0
		}
	} else if data[1] == '?' {
		return until("?>")
	}
	for i := 1; i < len(data); i++ {
		switch c := data[i]; c {
		case '>':
			if i == 1 {
				return -1
			}
			return i + 1
		case '<':
			return -1
		case '"', '\'':
			j := bytes.IndexByte(data[i+1:], c)
			if j < 0 {
				return 0
			}
			i += j + 1
		}
	}
	return 0
}

// fill reads more, keeping what is not yet used.
func (x *xmlReader) fill() error {
	if x.pos > 0 {
		x.end = copy(x.buf, x.buf[x.pos:x.end])
		x.pos = 0
	}
	if x.end == len(x.buf) {
		x.buf = slices.Grow(x.buf, max(64<<10, len(x.buf)))
		x.buf = x.buf[:cap(x.buf)]
	}
	for range 100 {
		n, err := x.r.Read(x.buf[x.end:])
		x.end += n
		if err == io.EOF {
			x.ended = true
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

// attr returns an attribute of the last start by its local name, nil when it is absent.
func (x *xmlReader) attr(name string) []byte {
	tag := x.tag
	for {
		tag = afterSpace(tag)
		eq := bytes.IndexByte(tag, '=')
		if eq < 0 {
			return nil
		}
		key := tag[:eq]
		for len(key) > 0 && xmlSpace(key[len(key)-1]) {
			key = key[:len(key)-1]
		}
		tag = afterSpace(tag[eq+1:])
		if len(tag) == 0 || tag[0] != '"' && tag[0] != '\'' {
			return nil
		}
		close := bytes.IndexByte(tag[1:], tag[0])
		if close < 0 {
			return nil
		}
		value := tag[1 : close+1]
		if string(local(key)) == name {
			var hold []byte
			return unescape(&hold, value)
		}
		tag = tag[close+2:]
	}
}

// afterSpace passes over white space, and the slash that closes a tag. Written out, for it runs three times for each attribute.
func afterSpace(b []byte) []byte {
	for len(b) > 0 && (xmlSpace(b[0]) || b[0] == '/') {
		b = b[1:]
	}
	return b
}

func xmlSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// is says whether the element has the local name.
func (x *xmlReader) is(name string) bool { return string(x.name) == name }

// unescape resolves the entities of b, into hold when there are any.
func unescape(hold *[]byte, b []byte) []byte {
	if bytes.IndexByte(b, '&') < 0 {
		return b
	}
	out := (*hold)[:0]
	for len(b) > 0 {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			break
		}
		out = append(out, b[:i]...)
		b = b[i:]
		end := bytes.IndexByte(b[:min(len(b), 12)], ';')
		r := rune(0)
		if end > 0 {
			r = entity(string(b[1:end]))
		}
		if r == 0 {
			out = append(out, '&')
			b = b[1:]
			continue
		}
		out = utf8.AppendRune(out, r)
		b = b[end+1:]
	}
	*hold = append(out, b...)
	return *hold
}

// entity returns the rune of a predefined or numeric entity, 0 if there is none.
func entity(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	if len(name) > 1 && name[0] == '#' {
		base, digits := 10, name[1:]
		if digits[0] == 'x' || digits[0] == 'X' {
			base, digits = 16, digits[1:]
		}
		if v, err := strconv.ParseUint(digits, base, 21); err == nil && v > 0 {
			return rune(v)
		}
	}
	return 0
}
