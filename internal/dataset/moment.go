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

// impossibleDay says whether t is written as a day, the year first or last, that the calendar does not have: 31/02/2024,
// 2024-13-01, 00/00/2024.
func impossibleDay(t string) bool {
	sep := strings.IndexAny(t, "/-.")
	if sep < 1 {
		return false
	}
	parts := strings.Split(t, t[sep:sep+1])
	if len(parts) != 3 {
		return false
	}
	for _, p := range parts {
		if p == "" || classesOf(p) != isDigitByte {
			return false
		}
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	day, okD := smallNumber(parts[0])
	month, okM := smallNumber(parts[1])
	if !okD || !okM || len(parts[2]) != 4 {
		return false
	}
	year := int(parts[2][0]-'0')*1000 + int(parts[2][1]-'0')*100 + int(parts[2][2]-'0')*10 + int(parts[2][3]-'0')
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return at.Day() != day || int(at.Month()) != month
}

// isPeriod says whether t is two days or moments with a slash between them, which is how a period is written.
// Source: ISO 8601-1:2019, 5.5.2.
func isPeriod(t string) bool {
	from, to, ok := strings.Cut(t, "/")
	if !ok || !strings.Contains(from, "-") || !strings.Contains(to, "-") {
		return false
	}
	a, b := describeCell(from).kind, describeCell(to).kind
	return (a == kindDate || a == kindDateTime) && (b == kindDate || b == kindDateTime)
}

// dayOf writes a moment, in seconds since 1970, as its day.
func dayOf(seconds float64) string { return time.Unix(int64(seconds), 0).UTC().Format(time.DateOnly) }
