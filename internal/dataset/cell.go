package dataset

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/french"
)

// A kind is what one cell looks like by itself, whatever its column.
type kind uint8

const (
	kindBlank    kind = iota
	kindToken         // "n/d", "NC", "-": a mark for a missing value
	kindInteger       // digits, perhaps grouped
	kindNumber        // decimals or exponent
	kindBoolean       // oui, faux…; 0 and 1 are integers
	kindDate          // a day
	kindDateTime      // a day and an hour
	kindMonth         // 2024-03, mars 2024
	kindHour          // 10:30
	kindText
	kinds
)

// A flag is something worth telling about a cell.
type flag uint8

const (
	flagEdge      flag = iota // spaces around
	flagDouble                // two spaces or more inside
	flagNoBreak               // no-break spaces inside a number or a code
	flagControl               // control or invisible characters
	flagMojibake              // "Ã©" for "é", mendable
	flagLost                  // U+FFFD or bytes that are not UTF-8: not mendable
	flagComma                 // decimal comma
	flagCommaSure             // decimal comma that cannot group thousands: "12,5", "0,125"
	flagGroup                 // thousands separated by spaces
	flagZero                  // digits with a leading zero
	flagScience               // 1,23457E+12
	flagPercent
	flagEuro
	flagHolder   // 1900-01-01, 9999-12-31
	flagDayFirst // 25/12/2024: proves that days come first
	flagUSDate   // 12/25/2024: months first
	flagSerial   // 45000: a day as spreadsheets count
	flags
)

type flagSet uint32

func (s flagSet) has(f flag) bool { return s&(1<<f) != 0 }

// A cell is what one value says of itself.
type cell struct {
	kind   kind
	flags  flagSet
	number float64 // of numbers; of dates, seconds since 1970
	layout string  // of dates, as french.Date gives it
	text   string  // without spaces around
}

// classes of bytes.
const (
	isDigitByte = 1 << iota
	isLetterByte
	isSpaceByte
	isMarkByte // . , + - and the like, found in numbers
	isOtherByte
	isControlByte
	isHighByte
	isQuietControl // tab, line feed, carriage return
)

var byteClass = func() (c [256]uint8) {
	for i := range c {
		switch b := byte(i); {
		case b >= '0' && b <= '9':
			c[i] = isDigitByte
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
			c[i] = isLetterByte
		case b == ' ':
			c[i] = isSpaceByte
		case b == '\t' || b == '\n' || b == '\r':
			c[i] = isSpaceByte | isQuietControl
		case b == '.' || b == ',' || b == '+' || b == '-':
			c[i] = isMarkByte
		case b < ' ' || b == 0x7F:
			c[i] = isControlByte
		case b >= utf8.RuneSelf:
			c[i] = isHighByte
		default:
			c[i] = isOtherByte
		}
	}
	return c
}()

func classesOf(v string) (seen uint8) {
	for i := range len(v) {
		seen |= byteClass[v[i]]
	}
	return seen
}

// describeCell reads one value. It does not allocate for the usual ones.
func describeCell(v string) cell {
	if v == "" {
		return cell{}
	}
	seen := classesOf(v)
	if seen == isDigitByte {
		return digitsCell(v)
	}
	c := cell{text: v, kind: kindText}
	if seen == isDigitByte|isMarkByte {
		if n, ok := plainDecimal(v); ok {
			c.kind, c.number = kindNumber, n
			if v[0] == '0' && len(v) > 1 && v[1] != '.' {
				c.flags |= 1 << flagZero
			}
			return c
		}
	}
	if seen&(isSpaceByte|isHighByte|isControlByte) != 0 {
		if c = textFlags(v, seen); c.text == "" {
			c.kind = kindBlank
			return c
		}
		if seen&(isLetterByte|isOtherByte) != 0 {
			c.flags &^= 1 << flagNoBreak // a no-break space is right in a sentence
		}
	}
	t := c.text
	if len(t) <= 24 && french.Missing(t) {
		c.kind = kindToken
		return c
	}
	if b := t[0]; b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == ',' || strings.HasPrefix(t, "\u2212") {
		numeric(&c, t)
		return c
	}
	if len(t) <= 5 {
		if _, ok := french.Bool(t); ok {
			c.kind = kindBoolean
			return c
		}
	}
	if n := len(t) - len(strings.TrimRight(t, "0123456789")); (n == 2 || n == 4) && len(t) <= 48 {
		dated(&c, t) // a year, or the minutes of an hour
	}
	return c
}

// digitsCell describes a value of digits only.
func digitsCell(v string) cell {
	c := cell{kind: kindInteger, text: v}
	if v[0] == '0' && len(v) > 1 {
		c.flags |= 1 << flagZero
	}
	if len(v) > 18 {
		c.kind = kindText
		return c
	}
	n := int64(0)
	for i := range len(v) {
		n = n*10 + int64(v[i]-'0')
	}
	if n >= 20000 && n <= 73000 && len(v) == 5 {
		c.flags |= 1 << flagSerial
	}
	c.number = float64(n)
	return c
}

var powersOfTen = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// plainDecimal reads digits, a point and digits, a minus sign before: what most numbers of large files are. Up to 15
// digits, so that the division is rounded right.
func plainDecimal(v string) (float64, bool) {
	i, mantissa, places := 0, int64(0), -1
	if v[0] == '-' {
		i = 1
	}
	if len(v)-i > 16 || i == len(v) || v[i] == '.' || v[len(v)-1] == '.' {
		return 0, false
	}
	for ; i < len(v); i++ {
		switch b := v[i]; {
		case b >= '0' && b <= '9':
			mantissa = mantissa*10 + int64(b-'0')
			if places >= 0 {
				places++
			}
		case b == '.' && places < 0:
			places = 0
		default:
			return 0, false
		}
	}
	if places < 0 {
		return 0, false // an integer with a sign: another path
	}
	n := float64(mantissa) / powersOfTen[places]
	if v[0] == '-' {
		n = -n
	}
	return n, true
}

// textFlags looks at spaces and characters, and removes the spaces around.
func textFlags(v string, seen uint8) cell {
	c := cell{kind: kindText, text: v}
	if a, b := v[0], v[len(v)-1]; a <= ' ' || a >= utf8.RuneSelf || b <= ' ' || b >= utf8.RuneSelf {
		c.text = strings.TrimFunc(v, isBlank)
	}
	if len(c.text) != len(v) {
		c.flags |= 1 << flagEdge
	}
	if strings.Contains(c.text, "  ") {
		c.flags |= 1 << flagDouble
	}
	if seen&isControlByte != 0 {
		c.flags |= 1 << flagControl
	}
	if seen&isHighByte == 0 {
		return c
	}
	for i, r := range c.text {
		switch {
		case r == utf8.RuneError:
			c.flags |= 1 << flagLost
		case r == '\u00A0' || r == '\u202F' || r == '\u2009' || r == '\u2007':
			if i > 0 && spacesDigits(c.text, i, r) {
				c.flags |= 1 << flagNoBreak
			}
		case r >= 0x80 && r < 0xA0, r == '\u200B', r == '\uFEFF', r == '\u2060', r == '\u00AD':
			c.flags |= 1 << flagControl
		case r == 'Ã' || r == 'Â' || r == 'â' || r == 'Å':
			if c.flags.has(flagMojibake) {
				continue
			}
			if _, ok := unmojibake(c.text); ok {
				c.flags |= 1 << flagMojibake
			}
		}
	}
	return c
}

// spacesDigits says whether the space r at i stands between two digits.
func spacesDigits(s string, i int, r rune) bool {
	after := i + utf8.RuneLen(r)
	return s[i-1] >= '0' && s[i-1] <= '9' && after < len(s) && s[after] >= '0' && s[after] <= '9'
}

func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' || r == '\u2060'
}

// numeric reads what starts like a number.
func numeric(c *cell, t string) {
	if f, ok := french.Number(t); ok {
		c.number, c.kind = f, kindInteger
		if strings.ContainsAny(t, ".,eE") || f >= 1e18 || f <= -1e18 {
			c.kind = kindNumber
		}
		numberFlags(c, t)
		return
	}
	if len(t) <= 48 {
		dated(c, t)
	}
}

func numberFlags(c *cell, t string) {
	if i := strings.IndexByte(t, ','); i >= 0 && strings.Count(t, ",") == 1 && strings.IndexByte(t[i:], '.') < 0 {
		c.flags |= 1 << flagComma
		if len(t)-i != 4 || i > 3 || t[0] == '0' {
			c.flags |= 1 << flagCommaSure
		}
	}
	if strings.IndexFunc(t, isBlank) > 0 {
		c.flags |= 1 << flagGroup
	}
	if i := strings.Index(t, "E+"); i > 0 && len(t)-i >= 4 {
		c.flags |= 1 << flagScience
	}
	if len(t) > 1 && t[0] == '0' && t[1] >= '0' && t[1] <= '9' {
		c.flags |= 1 << flagZero
	}
	switch {
	case strings.HasSuffix(t, "%"):
		c.flags |= 1 << flagPercent
	case strings.HasSuffix(t, "€"), strings.HasSuffix(t, "EUR"), strings.HasSuffix(strings.TrimSuffix(t, "s"), "euro"):
		c.flags |= 1 << flagEuro
	}
}

// dated reads dates, months and hours.
func dated(c *cell, t string) {
	at, layout, ok := french.Date(t)
	if !ok {
		switch {
		case isHour(t):
			c.kind = kindHour
		case monthFirst(t):
			c.flags |= 1 << flagUSDate
		case strings.HasPrefix(t, "9999-12-31"), strings.HasPrefix(t, "31/12/9999"):
			c.flags |= 1 << flagHolder
		}
		return
	}
	c.layout, c.number = layout, float64(at.Unix())
	switch {
	case layout == "2006":
		c.kind, c.number = kindInteger, float64(at.Year())
	case strings.Contains(layout, "15"):
		c.kind = kindDateTime
	case layout == "2006-01" || layout == "01/2006" || layout == "January 2006":
		c.kind = kindMonth
	default:
		c.kind = kindDate
	}
	if isHolderDay(at.Date()) {
		c.flags |= 1 << flagHolder
	}
	if layout[0] == '0' || layout[0] == '2' && !strings.HasPrefix(layout, "2006") {
		if at.Day() > 12 {
			c.flags |= 1 << flagDayFirst
		}
	}
}
