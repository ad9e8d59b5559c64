package dataset

import (
	"strings"
	"time"
)

// isHolderDay lists the days programs write when they know none.
func isHolderDay(y int, m time.Month, d int) bool {
	switch y {
	case 1000, 1900, 1901:
		return m == 1 && d == 1
	case 1899:
		return m == 12 && d >= 30
	case 2099, 2999:
		return m == 12 && d == 31
	}
	return false
}

// isHour says whether t is an hour of the day: 9:30, 09:30:15, 9h30, 9h.
func isHour(t string) bool {
	i := strings.IndexAny(t, ":hH")
	if i < 1 || i > 2 || len(t) > 8 {
		return false
	}
	hour, ok := smallNumber(t[:i])
	if !ok || hour > 24 {
		return false
	}
	rest := t[i+1:]
	if rest == "" {
		return t[i] != ':'
	}
	for part := range strings.SplitSeq(rest, ":") {
		if n, ok := smallNumber(part); !ok || n > 59 || len(part) != 2 {
			return false
		}
	}
	return strings.Count(rest, ":") < 2
}

// smallNumber reads one or two digits.
func smallNumber(s string) (int, bool) {
	if s == "" || len(s) > 2 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// monthFirst says whether t is a date that only exists with the month first: 12/25/2024.
func monthFirst(t string) bool {
	for _, sep := range [...]string{"/", "-"} {
		month, rest, ok := strings.Cut(t, sep)
		if !ok {
			continue
		}
		day, year, ok := strings.Cut(rest, sep)
		m, okM := smallNumber(month)
		d, okD := smallNumber(day)
		if ok && okM && okD && m >= 1 && m <= 12 && d > 12 && d <= 31 && (len(year) == 4 || len(year) == 2) && classesOf(year) == isDigitByte {
			return true
		}
	}
	return false
}
