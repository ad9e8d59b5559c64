package schema

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"cultured/internal/french"
)

// A layout is a compiled strptime pattern, as Table Schema formats use them.
type layout struct {
	parts []layoutPart
	iso   bool // %Y-%m-%d
}

// A layoutPart is a directive letter, or a literal when directive is 0.
type layoutPart struct {
	directive byte
	literal   string
}

// directives are the strptime letters this room reads; compound ones are written out first.
const directives = "YmdHMSfyjbBaApIzZe"

var looseISO = layout{parts: split("%Y-%m-%d")}

// layoutOf compiles a format that knownFormat accepts.
func layoutOf(format string) layout {
	format = strings.TrimPrefix(format, "fmt:")
	if !strings.Contains(format, "%") {
		format = lettersToDirectives(format)
	}
	parts := split(format)
	return layout{parts: parts, iso: format == "%Y-%m-%d"}
}

func split(format string) []layoutPart {
	format = strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S", "%R", "%H:%M", "%D", "%m/%d/%y", "%-", "%").Replace(format)
	var parts []layoutPart
	for format != "" {
		i := strings.IndexByte(format, '%')
		switch {
		case i < 0 || i+1 == len(format):
			return append(parts, layoutPart{literal: format})
		case i > 0:
			parts = append(parts, layoutPart{literal: format[:i]})
		}
		if c := format[i+1]; c == '%' {
			parts = append(parts, layoutPart{literal: "%"})
		} else {
			parts = append(parts, layoutPart{directive: c})
		}
		format = format[i+2:]
	}
	return parts
}

// lettersToDirectives reads formats written with letters, "YYYY-MM-DD", "JJ/MM/AAAA", "HH:mm", which are not strptime
// but occur.
func lettersToDirectives(format string) string {
	return strings.NewReplacer("YYYY", "%Y", "yyyy", "%Y", "AAAA", "%Y", "aaaa", "%Y", "DD", "%d", "dd", "%d", "JJ", "%d",
		"jj", "%d", "HH", "%H", "hh", "%H", "mm", "%M", "SS", "%S", "ss", "%S", "MM", "%m").Replace(format)
}

// knownFormat says whether the format means something for the type.
func knownFormat(kind, format string) bool {
	if format == "default" {
		return true
	}
	switch kind {
	case "string":
		return format == "email" || format == "uri" || format == "uuid" || format == "binary"
	case "geopoint":
		return format == "array" || format == "object"
	case "geojson":
		return format == "topojson"
	case "date", "time", "datetime":
		if format == "any" {
			return true
		}
		n := 0
		for _, p := range layoutOf(format).parts {
			if p.directive != 0 {
				if n++; strings.IndexByte(directives, p.directive) < 0 {
					return false
				}
			}
		}
		return n > 0
	}
	return false
}

// read reads a whole cell with the layout.
func (l layout) read(v string) (moment, bool) {
	m := moment{month: 1, day: 1}
	s := scan{rest: v, month: &m}
	for _, p := range l.parts {
		if p.directive == 0 {
			rest, ok := strings.CutPrefix(s.rest, p.literal)
			if !ok {
				return m, false
			}
			s.rest = rest
			continue
		}
		if !s.directive(p.directive) {
			return m, false
		}
	}
	if s.afternoon != "" {
		m.hour %= 12
		if s.afternoon == "pm" {
			m.hour += 12
		}
	}
	if s.yearDay > 0 {
		m.month, m.day = 1, s.yearDay
		for m.day > daysIn(m.year, m.month) && m.month < 12 {
			m.day -= daysIn(m.year, m.month)
			m.month++
		}
	}
	return m, s.rest == "" && m.real()
}

// scan is the state of a reading.
type scan struct {
	rest      string
	month     *moment
	afternoon string
	yearDay   int
}

func (s *scan) directive(d byte) (ok bool) {
	m := s.month
	switch d {
	case 'Y':
		m.year, ok = s.number(4, 4)
	case 'y':
		if m.year, ok = s.number(2, 2); m.year < 69 {
			m.year += 2000
		} else {
			m.year += 1900
		}
	case 'm':
		m.month, ok = s.number(1, 2)
	case 'd', 'e':
		m.day, ok = s.number(1, 2)
	case 'H':
		m.hour, ok = s.number(1, 2)
	case 'I':
		m.hour, ok = s.number(1, 2)
		ok = ok && m.hour >= 1 && m.hour <= 12
	case 'M':
		m.minute, ok = s.number(1, 2)
	case 'S':
		m.sec, ok = s.number(1, 2)
	case 'j':
		s.yearDay, ok = s.number(1, 3)
		ok = ok && s.yearDay >= 1 && s.yearDay <= 366
	case 'f':
		_, ok = s.number(1, 6)
	case 'p':
		s.afternoon = strings.ToLower(s.word())
		ok = s.afternoon == "am" || s.afternoon == "pm"
	case 'b', 'B':
		m.month = monthNames[french.Fold(s.word())]
		ok = m.month > 0
	case 'a', 'A':
		ok = s.word() != ""
	case 'z', 'Z':
		ok = s.zone()
	}
	return ok
}

// number reads the most digits it can, between low and high of them.
func (s *scan) number(low, high int) (value int, ok bool) {
	n := 0
	for n < high && n < len(s.rest) && '0' <= s.rest[n] && s.rest[n] <= '9' {
		value = value*10 + int(s.rest[n]-'0')
		n++
	}
	s.rest = s.rest[n:]
	return value, n >= low
}

// word reads letters and a closing point.
func (s *scan) word() string {
	n := 0
	for n < len(s.rest) && (s.rest[n]|0x20 >= 'a' && s.rest[n]|0x20 <= 'z' || s.rest[n] >= utf8.RuneSelf) {
		n++
	}
	w := s.rest[:n]
	s.rest = strings.TrimPrefix(s.rest[n:], ".")
	return w
}

func (s *scan) zone() bool {
	for _, name := range [...]string{"UTC", "GMT", "Z", "z"} {
		if rest, ok := strings.CutPrefix(s.rest, name); ok {
			s.rest = rest
			return true
		}
	}
	for n := min(len(s.rest), 6); n >= 3; n-- {
		if minutes, ok := zoneOf(s.rest[:n]); ok {
			s.month.zone, s.rest = minutes, s.rest[n:]
			return true
		}
	}
	return false
}

// monthNames are the months in French and English, folded, whole and abbreviated.
var monthNames = map[string]int{
	"janvier": 1, "janv": 1, "jan": 1, "january": 1, "fevrier": 2, "fevr": 2, "fev": 2, "feb": 2, "february": 2,
	"mars": 3, "mar": 3, "march": 3, "avril": 4, "avr": 4, "apr": 4, "april": 4, "mai": 5, "may": 5,
	"juin": 6, "jun": 6, "june": 6, "juillet": 7, "juil": 7, "jul": 7, "july": 7, "aout": 8, "aug": 8, "august": 8,
	"septembre": 9, "sept": 9, "sep": 9, "september": 9, "octobre": 10, "oct": 10, "october": 10,
	"novembre": 11, "nov": 11, "november": 11, "decembre": 12, "dec": 12, "december": 12,
}

// write writes a moment with the layout; ok is false when the layout has parts this room does not write.
func (l layout) write(m moment) (string, bool) {
	var b strings.Builder
	for _, p := range l.parts {
		switch p.directive {
		case 0:
			b.WriteString(p.literal)
		case 'Y':
			fmt.Fprintf(&b, "%04d", m.year)
		case 'y':
			fmt.Fprintf(&b, "%02d", m.year%100)
		case 'm':
			fmt.Fprintf(&b, "%02d", m.month)
		case 'd':
			fmt.Fprintf(&b, "%02d", m.day)
		case 'e':
			b.WriteString(strconv.Itoa(m.day))
		case 'H':
			fmt.Fprintf(&b, "%02d", m.hour)
		case 'M':
			fmt.Fprintf(&b, "%02d", m.minute)
		case 'S':
			fmt.Fprintf(&b, "%02d", m.sec)
		default:
			return "", false
		}
	}
	return b.String(), true
}
