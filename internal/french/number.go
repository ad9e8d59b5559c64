package french

import (
	"math"
	"strconv"
	"strings"
)

// Number reads a number written the French way or the plain way: "1 234,50", "1234.5", "-12 %", "40 000,00 €",
// "8,911819e+01". Groups of thousands are separated by a space, U+00A0, U+202F or an apostrophe and hold three digits;
// with two different signs the last one is the decimal mark ("1.234,56" and "1,234.56" are 1234.56); a lone comma or
// point is the decimal mark ("1,234" is 1.234). A currency or percent sign at the end is dropped and nothing is
// divided: "12 %" is 12. Infinities, NaN, hexadecimal, ranges and any other letter are not numbers. Leading zeros are
// accepted: whether "01004" is a code is for the caller to say.
func Number(s string) (float64, bool) {
	var buf [64]byte
	p, ok := plain(buf[:0], s)
	if !ok {
		return 0, false
	}
	return p.float()
}

// Decimal returns the plain text of what [Number] reads, in digits with a decimal point and a minus sign if any
// ("1 234,50 €" → "1234.50"): the same value without rounding, exponent kept.
func Decimal(s string) (string, bool) {
	var buf [64]byte
	p, ok := plain(buf[:0], s)
	if !ok {
		return "", false
	}
	return string(p.text), true
}

// parsed is a number in plain text, with its value in small pieces where they suffice.
type parsed struct {
	text     []byte
	mantissa uint64
	places   int // decimals in mantissa
	exact    bool
}

// float gives the value. A mantissa under 2^53 divided by a power of ten up to 10^22 is correctly rounded (Clinger).
func (p parsed) float() (float64, bool) {
	if p.exact && p.mantissa < 1<<53 && p.places <= 22 {
		f := float64(p.mantissa) / powers[p.places]
		if p.text[0] == '-' {
			f = -f
		}
		return f, true
	}
	f, err := strconv.ParseFloat(string(p.text), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

var powers = [23]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
	1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// plain normalises s into dst.
func plain(dst []byte, s string) (parsed, bool) {
	s, minus := sign(unit(trim(s)))
	if s == "" || len(s) > 60 || !('0' <= s[0] && s[0] <= '9' || s[0] == ',' || s[0] == '.') {
		return parsed{}, false
	}
	if minus {
		dst = append(dst, '-')
	}
	body, exponent := s, ""
	if i := strings.IndexAny(s, "eE"); i > 0 {
		body, exponent = s[:i], s[i+1:]
		if !isExponent(exponent) {
			return parsed{}, false
		}
	}
	mark, thousands, ok := marks(body)
	if !ok {
		return parsed{}, false
	}
	p, ok := digits(dst, body, mark, thousands)
	if ok && exponent != "" {
		p.text = append(append(p.text, 'e'), exponent...)
		p.exact = false
	}
	return p, ok
}

// unit drops a currency or percent sign at the end.
func unit(s string) string {
	for _, u := range [...]string{"%", "€", "$", "£", "EUR", "euros", "Euros", "euro"} {
		if len(s) > len(u) && strings.HasSuffix(s, u) {
			return trim(s[:len(s)-len(u)])
		}
	}
	return s
}

// sign drops the sign of s and says whether it is a minus, hyphen or U+2212.
func sign(s string) (string, bool) {
	switch {
	case s == "":
		return s, false
	case s[0] == '-':
		return trim(s[1:]), true
	case s[0] == '+':
		return trim(s[1:]), false
	case strings.HasPrefix(s, "\u2212"):
		return trim(s[len("\u2212"):]), true
	}
	return s, false
}

func isExponent(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	if s == "" || len(s) > 3 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// marks says which byte is the decimal mark of body and which, if any, groups thousands; 0 means none.
func marks(body string) (mark, thousands byte, ok bool) {
	comma, point := strings.LastIndexByte(body, ','), strings.LastIndexByte(body, '.')
	switch {
	case comma < 0 && point < 0:
		return 0, 0, true
	case point < 0:
		mark = ','
	case comma < 0:
		mark = '.'
	case comma > point:
		mark, thousands = ',', '.'
	default:
		mark, thousands = '.', ','
	}
	if strings.Count(body, string(rune(mark))) == 1 {
		return mark, thousands, true
	}
	if thousands != 0 {
		return 0, 0, false
	}
	return 0, mark, true // "1,234,567": the only sign, several times, groups thousands
}

// digits appends body in plain form and checks its groups of three.
func digits(dst []byte, body string, mark, thousands byte) (parsed, bool) {
	p := parsed{text: dst, exact: true}
	var run, count int // digits since the last separator; digits in all
	grouped, decimal := false, false
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case '0' <= c && c <= '9':
			p.text = append(p.text, c)
			run, count = run+1, count+1
			if p.exact = p.exact && count <= 18; p.exact {
				p.mantissa = p.mantissa*10 + uint64(c-'0')
			}
			if decimal {
				p.places++
			}
		case c == mark && !decimal:
			if grouped && run != 3 {
				return p, false
			}
			if run == 0 {
				p.text = append(p.text, '0')
			}
			p.text = append(p.text, '.')
			decimal, run = true, 0
		default:
			n := group(body[i:], thousands)
			if n == 0 || decimal || run == 0 || run > 3 || grouped && run != 3 {
				return p, false
			}
			grouped, run = true, 0
			i += n - 1
		}
	}
	if count == 0 || grouped && !decimal && run != 3 {
		return p, false
	}
	if decimal && run == 0 {
		p.text = p.text[:len(p.text)-1] // "12," is 12
	}
	return p, true
}

// group returns the size of the thousands separator at the start of s, 0 if there is none.
func group(s string, thousands byte) int {
	switch {
	case s[0] == ' ' || s[0] == '\'' || thousands != 0 && s[0] == thousands:
		return 1
	case strings.HasPrefix(s, "\u00A0"):
		return 2
	case strings.HasPrefix(s, "\u202F"), strings.HasPrefix(s, "\u2009"), strings.HasPrefix(s, "\u2019"):
		return 3
	}
	return 0
}
