package schema

import (
	"cmp"
	"strconv"
	"strings"
)

// isInteger says whether v is an optional sign and digits.
func isInteger[T ~string | ~[]byte](v T) bool {
	i := 0
	if len(v) > 0 && (v[0] == '-' || v[0] == '+') {
		i = 1
	}
	if i == len(v) {
		return false
	}
	for ; i < len(v); i++ {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return true
}

// isNumber says whether v is a decimal number with a point, with an exponent or not, or NaN, INF, -INF.
func isNumber[T ~string | ~[]byte](v T) bool {
	i, n := 0, len(v)
	if n > 0 && (v[0] == '-' || v[0] == '+') {
		i = 1
	}
	digits := 0
	for ; i < n && '0' <= v[i] && v[i] <= '9'; i++ {
		digits++
	}
	if i < n && v[i] == '.' {
		for i++; i < n && '0' <= v[i] && v[i] <= '9'; i++ {
			digits++
		}
	}
	if digits == 0 {
		return isSpecial(v)
	}
	if i == n {
		return true
	}
	if v[i]|0x20 != 'e' {
		return false
	}
	return isInteger(v[i+1:])
}

// isSpecial says whether v is one of the words Table Schema allows for numbers.
func isSpecial[T ~string | ~[]byte](v T) bool {
	switch strings.ToUpper(string(v[:min(len(v), 4)])) {
	case "NAN", "INF":
		return len(v) == 3
	case "-INF":
		return len(v) == 4
	}
	return false
}

// plainNumber says whether the field writes its numbers with a point, without groups or signs around.
func plainNumber(f Field) bool {
	return f.BareNumber && f.GroupChar == "" && (f.Type == "integer" || f.DecimalChar == "" || f.DecimalChar == ".")
}

// bare appends v to dst in plain form: without groups, with a point, without what surrounds the digits if the field
// allows it. The text is not checked.
func bare(dst []byte, v string, f Field) []byte {
	if !f.BareNumber {
		start, end := strings.IndexAny(v, "0123456789"), strings.LastIndexAny(v, "0123456789")
		if start < 0 {
			return append(dst, v...)
		}
		for start > 0 && (v[start-1] == '-' || v[start-1] == '+' || v[start-1] == '.') {
			start--
		}
		v = v[start : end+1]
	}
	point := cmp.Or(f.DecimalChar, ".") // a field made by hand may not say
	for i := 0; i < len(v); {
		switch {
		case f.GroupChar != "" && strings.HasPrefix(v[i:], f.GroupChar):
			i += len(f.GroupChar)
		case f.Type == "number" && point != "." && strings.HasPrefix(v[i:], point):
			dst = append(dst, '.')
			i += len(point)
		case v[i] == '.' && f.Type == "number" && point != ".":
			dst = append(dst, '?') // a point means nothing here
			i++
		default:
			dst = append(dst, v[i])
			i++
		}
	}
	return dst
}

// numberTest returns the test of the type of a number or integer field.
func numberTest(f Field) func(string) bool {
	plain := plainNumber(f)
	switch {
	case f.Type == "integer" && plain:
		return isInteger[string]
	case f.Type == "integer":
		return func(v string) bool { var b [64]byte; return isInteger(bare(b[:0], v, f)) }
	case plain:
		return isNumber[string]
	}
	return func(v string) bool { var b [64]byte; return isNumber(bare(b[:0], v, f)) }
}

// numberOrder returns the reader of the values of a number or integer field. Integers beyond 2^53 are rounded.
func numberOrder(f Field) func(string) (float64, bool) {
	if plainNumber(f) {
		return plainValue
	}
	return func(v string) (float64, bool) {
		var b [64]byte
		return plainValue(string(bare(b[:0], v, f)))
	}
}

// plainValue reads what isNumber accepts.
func plainValue(v string) (float64, bool) {
	if len(v) < 16 && isInteger(v) { // the usual case, without the price of the general one
		n, i := int64(0), 0
		if v[0] == '-' || v[0] == '+' {
			i = 1
		}
		for ; i < len(v); i++ {
			n = n*10 + int64(v[i]-'0')
		}
		if v[0] == '-' {
			n = -n
		}
		return float64(n), true
	}
	if !isNumber(v) {
		return 0, false
	}
	x, err := strconv.ParseFloat(v, 64)
	return x, err == nil
}
