package i18n

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Number formats a whole number or a float: « 1 234 567 » with narrow no-break spaces, "1,234,567" in English.
// Floats keep up to six significant decimals.
func (p *Printer) Number(v any) string {
	if n, ok := whole(v); ok {
		return p.group(strconv.FormatInt(n, 10))
	}
	if f, ok := v.(float64); ok {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return "–"
		}
		return p.point(strconv.FormatFloat(f, 'f', -1, 64), 6)
	}
	return p.Say(v)
}

// Decimal formats a float with at most digits decimals, trailing zeros dropped.
func (p *Printer) Decimal(v float64, digits int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return p.point(s, digits)
}

// Percent formats a share in [0, 1]: « 12,5 % ».
func (p *Printer) Percent(share float64) string {
	if p.lang == English {
		return p.Decimal(share*100, 1) + "%"
	}
	return p.Decimal(share*100, 1) + "\u00a0%"
}

// Bytes formats a size in bytes with decimal units: « 1,2 Mo », "1.2 MB".
func (p *Printer) Bytes(n int64) string {
	units := []string{"o", "ko", "Mo", "Go", "To"}
	if p.lang == English {
		units = []string{"B", "kB", "MB", "GB", "TB"}
	}
	v, u := float64(n), 0
	for v >= 1000 && u < len(units)-1 {
		v, u = v/1000, u+1
	}
	return p.Decimal(v, 1) + "\u00a0" + units[u]
}

var englishMonths = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// Date formats a day in the time's own zone: « 23/11/2026 », "23 Nov 2026". The zero time gives "–".
func (p *Printer) Date(t time.Time) string {
	switch {
	case t.IsZero():
		return "–"
	case p.lang == English:
		return strconv.Itoa(t.Day()) + " " + englishMonths[t.Month()-1] + " " + strconv.Itoa(t.Year())
	}
	return t.Format("02/01/2006")
}

// DateTime formats a day and a time of day in French civil time: « 23/11/2026 à 14 h 05 », "23 Nov 2026, 14:05".
func (p *Printer) DateTime(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.In(paris)
	if p.lang == English {
		return p.Date(t) + ", " + t.Format("15:04")
	}
	return p.Date(t) + " à " + t.Format("15") + "\u00a0h\u00a0" + t.Format("04")
}

// point puts the language's decimal sign and groups the whole part; the fraction is cut at digits.
func (p *Printer) point(s string, digits int) string {
	entire, frac, has := strings.Cut(s, ".")
	if !has || digits == 0 {
		return p.group(entire)
	}
	if len(frac) > digits {
		frac = frac[:digits]
	}
	sign := ","
	if p.lang == English {
		sign = "."
	}
	return p.group(entire) + sign + frac
}

// group puts a separator each three digits; French leaves four digits whole only in years, so numbers are always cut.
func (p *Printer) group(digits string) string {
	sep, minus := "\u202f", ""
	if p.lang == English {
		sep = ","
	}
	if strings.HasPrefix(digits, "-") {
		minus, digits = "-", digits[1:]
	}
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteByte(digits[i])
	}
	return minus + b.String()
}
