package recipe

import (
	"math/bits"
	"strconv"
	"strings"
)

// A quick number is mantissa / 10^scale: most numbers of tables fit, and are reckoned with far faster than as fractions.
type quick struct {
	mantissa int64
	scale    int // 0 to quickDigits
}

// quickDigits is how many digits fit without a thought.
const quickDigits = 17

// quickOf reads a number as programs write it, spaces around aside: "-12.50". Others, and longer ones, are read by [exact].
func quickOf(v string) (q quick, ok bool) {
	v = strings.TrimSpace(v)
	digits, minus := v, false
	if digits, minus = strings.CutPrefix(v, "-"); len(digits) == 0 || len(digits) > quickDigits+1 {
		return q, false
	}
	seen, point := 0, -1
	for i := range len(digits) {
		switch c := digits[i]; {
		case c >= '0' && c <= '9':
			q.mantissa = 10*q.mantissa + int64(c-'0')
			seen++
		case c == '.' && point < 0 && seen > 0 && i < len(digits)-1:
			point = i
		default:
			return quick{}, false
		}
	}
	if seen > quickDigits {
		return quick{}, false
	}
	if point >= 0 {
		q.scale = len(digits) - point - 1
	}
	if minus {
		q.mantissa = -q.mantissa
	}
	return q, true
}

var powers = [quickDigits + 1]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17}

// times is a product; ok is false where it does not fit.
func times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > 1<<62 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

// plus is a sum; ok is false where it does not fit.
func (q quick) plus(o quick) (_ quick, ok bool) {
	if q.scale < o.scale {
		q, o = o, q
	}
	raised, ok := times(o.mantissa, powers[q.scale-o.scale])
	if !ok || magnitude(q.mantissa) > 1<<62 {
		return quick{}, false
	}
	sum := q.mantissa + raised // each at most 2⁶²
	return quick{sum, q.scale}, magnitude(sum) <= 1<<62
}

// by is a product; ok is false where it does not fit.
func (q quick) by(o quick) (_ quick, ok bool) {
	product, ok := times(q.mantissa, o.mantissa)
	return quick{product, q.scale + o.scale}, ok && q.scale+o.scale <= quickDigits
}

// String writes the number as [decimal] does.
func (q quick) String() string {
	s := strconv.FormatUint(magnitude(q.mantissa), 10)
	if q.scale > 0 {
		if len(s) <= q.scale {
			s = strings.Repeat("0", q.scale-len(s)+1) + s
		}
		s = strings.TrimRight(s[:len(s)-q.scale]+"."+s[len(s)-q.scale:], "0")
		s = strings.TrimSuffix(s, ".")
	}
	if q.mantissa < 0 {
		return "-" + s
	}
	return s
}

// reckonQuickly does an operation on two numbers that are plain enough.
func reckonQuickly(sign, v, w string) (string, bool) {
	if sign == "/" {
		return "", false
	}
	x, ok := quickOf(v)
	y, ok2 := quickOf(w)
	if !ok || !ok2 {
		return "", false
	}
	var out quick
	switch sign {
	case "+":
		out, ok = x.plus(y)
	case "-":
		out, ok = x.plus(quick{-y.mantissa, y.scale})
	default:
		out, ok = x.by(y)
	}
	return out.String(), ok
}
