package schema

import (
	"strings"
	"time"

	"cultured/internal/french"
)

// A moment is a point in the calendar as a cell gives it; absent parts are zero, or 1 for month and day.
type moment struct {
	year, month, day  int
	hour, minute, sec int
	frac              float64 // of a second
	zone              int     // minutes east of UTC
}

// order places the moment on a line, in seconds.
func (m moment) order() float64 {
	// Days since 0000-03-01 (Howard Hinnant's civil-day algorithm): exact, without building a time.Time.
	y, mo := m.year, m.month
	if mo <= 2 {
		y--
		mo += 12
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	doy := (153*(mo-3)+2)/5 + m.day - 1
	days := era*146_097 + yoe*365 + yoe/4 - yoe/100 + doy
	return float64(days)*86_400 + float64(m.hour*3600+m.minute*60+m.sec-m.zone*60) + m.frac
}

// real says whether the moment exists.
func (m moment) real() bool {
	return m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= daysIn(m.year, m.month) && m.hour <= 23 &&
		m.minute <= 59 && m.sec <= 60 && m.zone >= -14*60 && m.zone <= 14*60
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// fixed reads exactly n digits at the start of v.
func fixed(v string, n int) (value int, ok bool) {
	if len(v) < n {
		return 0, false
	}
	for i := range n {
		c := v[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		value = value*10 + int(c-'0')
	}
	return value, true
}

// isoDate reads YYYY-MM-DD at the start of v and returns the rest.
func isoDate(v string) (m moment, rest string, ok bool) {
	if len(v) < 10 || v[4] != '-' || v[7] != '-' {
		return m, "", false
	}
	y, ok1 := fixed(v, 4)
	mo, ok2 := fixed(v[5:], 2)
	d, ok3 := fixed(v[8:], 2)
	m = moment{year: y, month: mo, day: d}
	return m, v[10:], ok1 && ok2 && ok3 && m.real()
}

// isoTime reads hh:mm:ss with a fraction and a zone at the start of v into m. The zone may be Z, ±hh:mm, ±hhmm or ±hh.
func (m *moment) isoTime(v string) bool {
	if len(v) < 8 || v[2] != ':' || v[5] != ':' {
		return false
	}
	h, ok1 := fixed(v, 2)
	mi, ok2 := fixed(v[3:], 2)
	s, ok3 := fixed(v[6:], 2)
	if !ok1 || !ok2 || !ok3 {
		return false
	}
	m.hour, m.minute, m.sec = h, mi, s
	v = v[8:]
	if len(v) > 1 && (v[0] == '.' || v[0] == ',') {
		n := 1
		for scale := 0.1; n < len(v) && '0' <= v[n] && v[n] <= '9'; n++ {
			m.frac += float64(v[n]-'0') * scale
			scale /= 10
		}
		if n == 1 {
			return false
		}
		v = v[n:]
	}
	zone, ok := zoneOf(v)
	m.zone = zone
	return ok && m.real()
}

// zoneOf reads a whole text as a zone, in minutes east of UTC; none is UTC.
func zoneOf(v string) (minutes int, ok bool) {
	if v == "" || v == "Z" || v == "z" {
		return 0, true
	}
	if v[0] != '+' && v[0] != '-' || len(v) < 3 {
		return 0, false
	}
	h, ok := fixed(v[1:], 2)
	if !ok {
		return 0, false
	}
	minutes = h * 60
	if rest := strings.TrimPrefix(v[3:], ":"); rest != "" {
		mi, ok := fixed(rest, 2)
		if !ok || len(rest) != 2 || mi > 59 {
			return 0, false
		}
		minutes += mi
	}
	if v[0] == '-' {
		minutes = -minutes
	}
	return minutes, true
}

func readDate(v string) (moment, bool) {
	m, rest, ok := isoDate(v)
	return m, ok && rest == ""
}

func readTime(v string) (moment, bool) {
	m := moment{month: 1, day: 1}
	return m, m.isoTime(v)
}

func readDatetime(v string) (moment, bool) {
	m, rest, ok := isoDate(v)
	if !ok || len(rest) < 2 || rest[0] != 'T' && rest[0] != 't' {
		return m, false
	}
	return m, m.isoTime(rest[1:])
}

func readYear(v string) (moment, bool) {
	y, ok := fixed(v, 4)
	return moment{year: y, month: 1, day: 1}, ok && len(v) == 4
}

func readYearmonth(v string) (moment, bool) {
	if len(v) != 7 || v[4] != '-' {
		return moment{}, false
	}
	y, ok1 := fixed(v, 4)
	mo, ok2 := fixed(v[5:], 2)
	m := moment{year: y, month: mo, day: 1}
	return m, ok1 && ok2 && m.real()
}

// readAny reads any date or time a French reader would understand.
func readAny(kind string) func(string) (moment, bool) {
	return func(v string) (moment, bool) {
		if kind == "time" {
			if m, ok := readTime(v); ok {
				return m, true
			}
			return layoutOf("%H:%M").read(strings.Replace(v, "h", ":", 1))
		}
		t, layout, ok := french.Date(v)
		withHour, whole := strings.Contains(layout, "15"), strings.Contains(layout, "2") && layout != "2006" &&
			layout != "2006-01" && layout != "01/2006" && layout != "January 2006"
		if !ok || !whole || kind == "date" && withHour {
			return moment{}, false
		}
		return momentOf(t), true
	}
}

func momentOf(t time.Time) moment {
	return moment{year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), sec: t.Second()}
}

// dateReader returns the reader of a field that holds a moment; nil for other types.
func dateReader(f Field) func(string) (moment, bool) {
	switch f.Type {
	case "year":
		return readYear
	case "yearmonth":
		return readYearmonth
	case "date", "time", "datetime":
	default:
		return nil
	}
	switch f.Format {
	case "", "default":
		return map[string]func(string) (moment, bool){"date": readDate, "time": readTime, "datetime": readDatetime}[f.Type]
	case "any":
		return readAny(f.Type)
	}
	l := layoutOf(f.Format)
	if l.iso {
		return readDateLoose
	}
	return l.read
}

// readDateLoose is %Y-%m-%d as strptime reads it: month and day may have one digit. The strict form costs less.
func readDateLoose(v string) (moment, bool) {
	if m, ok := readDate(v); ok {
		return m, true
	}
	return looseISO.read(v)
}

// orderOf returns the reader that orders the values of a field, nil when its type has no order.
func orderOf(f Field) func(string) (float64, bool) {
	switch f.Type {
	case "integer", "number":
		return numberOrder(f)
	case "duration":
		return readDuration
	}
	read := dateReader(f)
	if read == nil {
		return nil
	}
	return func(v string) (float64, bool) {
		m, ok := read(v)
		return m.order(), ok
	}
}
