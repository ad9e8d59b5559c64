package french

import (
	"strings"
	"time"
)

// Date reads a date as French files write it, and returns it in UTC with the Go layout it has. Accepted: 2024-03-01,
// 2024/03/01, 01/03/2024, 1/3/24, 01-03-2024, 01.03.2024 (day first, always), each with an hour 10:30, 10h30, 10:30:05
// or, for ISO dates, T10:30:05.123+01:00; « 1er mars 2024 », « vendredi 1 mars 2024 »; a month: 2024-03, 03/2024,
// « mars 2024 »; a year: 2024. The layout of a French month is "2 January 2006" or "January 2006"; that of a month or
// year alone has no day, and the time returned is its first instant. Two-digit years 69 to 99 are of the 1900s, others
// of the 2000s (POSIX). Years go from 1000 to 2999. Dates that do not exist (31/02) are refused. Eight digits are a
// number, not a date: see [CompactDate].
func Date(s string) (t time.Time, layout string, ok bool) {
	s = trim(s)
	if len(s) < 4 || len(s) > 48 {
		return t, "", false
	}
	if s[0] < '0' || s[0] > '9' {
		return monthDate(s)
	}
	a, n := digitsAt(s)
	if n == len(s) {
		if n == 4 && a >= 1000 && a <= 2999 {
			return made(a, 1, 1, "2006")
		}
		return t, "", false
	}
	switch sep := s[n]; {
	case n == 4 && (sep == '-' || sep == '/'):
		return yearFirst(s, a, sep)
	case n <= 2 && (sep == '/' || sep == '-' || sep == '.'):
		return dayFirst(s, a, n, sep)
	}
	return monthDate(s)
}

// CompactDate reads eight digits as a year, month and day: 20240301.
func CompactDate(s string) (time.Time, bool) {
	v, n := digitsAt(s)
	if n != 8 || len(s) != 8 {
		return time.Time{}, false
	}
	t, _, ok := made(v/10000, v/100%100, v%100, "20060102")
	return t, ok
}

// made returns the date if it exists.
func made(year, month, day int, layout string) (time.Time, string, bool) {
	if year < 1000 || year > 2999 || month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, "", false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return time.Time{}, "", false
	}
	return t, layout, true
}

// digitsAt reads the number at the start of s and how many digits it has, at most nine.
func digitsAt(s string) (value, n int) {
	for n < len(s) && n < 9 && '0' <= s[n] && s[n] <= '9' {
		value = value*10 + int(s[n]-'0')
		n++
	}
	return value, n
}

func yearFirst(s string, year int, sep byte) (time.Time, string, bool) {
	month, n := digitsAt(s[5:])
	rest := s[5+n:]
	if n == 2 && rest == "" && sep == '-' {
		return made(year, month, 1, "2006-01")
	}
	if n == 0 || n > 2 || rest == "" || rest[0] != sep {
		return time.Time{}, "", false
	}
	day, m := digitsAt(rest[1:])
	if m == 0 || m > 2 {
		return time.Time{}, "", false
	}
	layout := "2006-01-02"
	if sep == '/' {
		layout = "2006/01/02"
	}
	if n == 1 || m == 1 {
		layout = "2006" + string(rune(sep)) + "1" + string(rune(sep)) + "2"
	}
	t, layout, ok := made(year, month, day, layout)
	return hour(t, layout, rest[1+m:], ok)
}

// dayLayouts are the layouts of day-first dates, by separator and by size: 0 full, 1 short day or month, 2 short year,
// 3 both.
var dayLayouts = map[byte][4]string{
	'/': {"02/01/2006", "2/1/2006", "02/01/06", "2/1/06"},
	'-': {"02-01-2006", "2-1-2006", "02-01-06", "2-1-06"},
	'.': {"02.01.2006", "2.1.2006", "02.01.06", "2.1.06"},
}

func dayFirst(s string, day, n int, sep byte) (time.Time, string, bool) {
	month, m := digitsAt(s[n+1:])
	rest := s[n+1+m:]
	if m == 4 && n == 2 && rest == "" && sep == '/' {
		return made(month, day, 1, "01/2006")
	}
	if m == 0 || m > 2 || rest == "" || rest[0] != sep {
		return time.Time{}, "", false
	}
	year, y := digitsAt(rest[1:])
	size := 0
	if n == 1 || m == 1 {
		size = 1
	}
	switch y {
	case 4:
	case 2:
		size += 2
		if year += 2000; year >= 2069 {
			year -= 100
		}
	default:
		return time.Time{}, "", false
	}
	t, layout, ok := made(year, month, day, dayLayouts[sep][size])
	return hour(t, layout, rest[1+y:], ok)
}

// hour adds the hour in rest to t, if there is one.
func hour(t time.Time, layout, rest string, ok bool) (time.Time, string, bool) {
	if !ok || rest == "" {
		return t, layout, ok
	}
	between := rest[:1]
	if between != " " && between != "T" && between != "t" || between != " " && layout != "2006-01-02" {
		return time.Time{}, "", false
	}
	rest = strings.TrimLeft(rest[1:], " ")
	h, n := digitsAt(rest)
	if n == 0 || n > 2 || n == len(rest) || h > 23 {
		return time.Time{}, "", false
	}
	colon := rest[n : n+1]
	if colon != ":" && colon != "h" && colon != "H" {
		return time.Time{}, "", false
	}
	rest = rest[n+1:]
	layout += between + "15" + colon + "04"
	m, n := digitsAt(rest)
	if n != 2 || m > 59 {
		return time.Time{}, "", false
	}
	rest = rest[n:]
	t = t.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)
	if rest == "" {
		return t, layout, true
	}
	return second(t, layout, rest)
}

// second adds the seconds, their fraction and the zone in rest to t.
func second(t time.Time, layout, rest string) (time.Time, string, bool) {
	if rest[0] == ':' {
		sec, n := digitsAt(rest[1:])
		if n != 2 || sec > 59 {
			return time.Time{}, "", false
		}
		t, layout, rest = t.Add(time.Duration(sec)*time.Second), layout+":05", rest[1+n:]
		if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
			frac, n := digitsAt(rest[1:])
			if n == 0 {
				return time.Time{}, "", false
			}
			t = t.Add(time.Duration(float64(frac) / powers[n] * float64(time.Second)))
			layout, rest = layout+"."+strings.Repeat("0", n), rest[1+n:]
		}
	}
	switch {
	case rest == "":
		return t, layout, true
	case rest == "Z" || rest == "z":
		return t, layout + "Z07:00", true
	case rest[0] != '+' && rest[0] != '-':
		return time.Time{}, "", false
	}
	h, n := digitsAt(rest[1:])
	if n == 4 {
		h, n = h/100*60+h%100, len(rest)-1
	} else if n == 2 {
		h *= 60
		if len(rest) == 6 && rest[3] == ':' {
			m, k := digitsAt(rest[4:])
			h, n = h+m, n+1+k
		}
	}
	if n != len(rest)-1 || n < 2 || h > 14*60 {
		return time.Time{}, "", false
	}
	if rest[0] == '-' {
		h = -h
	}
	return t.Add(-time.Duration(h) * time.Minute), layout + "Z07:00", true
}

// monthDate reads dates whose month is a word.
func monthDate(s string) (time.Time, string, bool) {
	var none time.Time
	var buf [64]byte
	w, ok := foldShort(buf[:], s)
	if !ok {
		return none, "", false
	}
	var parts [5][]byte
	n := 0
	for i := 0; i < len(w); {
		for i < len(w) && (w[i] == ' ' || w[i] == ',' || w[i] == '.' || w[i] == '-') {
			i++
		}
		start := i
		for i < len(w) && w[i] != ' ' && w[i] != ',' && w[i] != '.' && w[i] != '-' {
			i++
		}
		if i > start {
			if n == len(parts) {
				return none, "", false
			}
			parts[n] = w[start:i]
			n++
		}
	}
	fields := parts[:n]
	if n > 0 && weekday(fields[0]) {
		fields = fields[1:]
	}
	switch len(fields) {
	case 2:
		return wordy(nil, fields[0], fields[1])
	case 3:
		return wordy(fields[0], fields[1], fields[2])
	}
	return none, "", false
}

// wordy puts together day, month and year; day may be nil.
func wordy(day, month, year []byte) (time.Time, string, bool) {
	m := monthNumber(month)
	y, n := digitsBytes(year)
	if m == 0 || n != 4 || n != len(year) {
		return time.Time{}, "", false
	}
	if day == nil {
		return made(y, m, 1, "January 2006")
	}
	d, n := digitsBytes(day)
	if rest := string(day[n:]); n == 0 || n > 2 || rest != "" && (rest != "er" || d != 1) {
		return time.Time{}, "", false
	}
	return made(y, m, d, "2 January 2006")
}

func digitsBytes(b []byte) (value, n int) {
	for n < len(b) && n < 9 && '0' <= b[n] && b[n] <= '9' {
		value = value*10 + int(b[n]-'0')
		n++
	}
	return value, n
}

func weekday(w []byte) bool {
	switch string(w) {
	case "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mar", "mer", "jeu", "ven",
		"sam", "dim":
		return true
	}
	return false
}

// monthNumber reads a folded French month, whole or abbreviated; 0 if it is none.
func monthNumber(w []byte) int {
	switch string(w) {
	case "janvier", "janv", "jan":
		return 1
	case "fevrier", "fevr", "fev":
		return 2
	case "mars":
		return 3
	case "avril", "avr":
		return 4
	case "mai":
		return 5
	case "juin":
		return 6
	case "juillet", "juil":
		return 7
	case "aout":
		return 8
	case "septembre", "sept", "sep":
		return 9
	case "octobre", "oct":
		return 10
	case "novembre", "nov":
		return 11
	case "decembre", "dec":
		return 12
	}
	return 0
}
