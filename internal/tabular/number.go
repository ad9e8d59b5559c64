package tabular

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// numberText writes a stored number as people do: digits, a point, no exponent, and no more than 15 significant digits,
// which is what spreadsheets show and where 0.1+0.2 is 0.3. Whole numbers of any length stay as they are. What is not
// a number stays as it is too.
func numberText(raw []byte) string {
	if wholeNumber(raw) {
		return string(raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return string(raw)
	}
	return floatText(f)
}

// floatText writes f with at most 15 significant digits and no exponent.
func floatText(f float64) string {
	var buf [32]byte
	short := strconv.AppendFloat(buf[:0], f, 'g', 15, 64)
	rounded, err := strconv.ParseFloat(string(short), 64)
	if err != nil || rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

func wholeNumber(raw []byte) bool {
	i := 0
	if len(raw) > 1 && raw[0] == '-' {
		i = 1
	}
	if i == len(raw) {
		return false
	}
	for _, c := range raw[i:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// numberStyle is what the number format of a cell means for its text.
type numberStyle struct {
	date, time, elapsed bool
	pad                 int // whole numbers are shown with so many digits: "00000"
}

// text writes a stored number as the style shows it: dates and times in ISO 8601, codes with their zeros.
func (s numberStyle) text(raw []byte, epoch1904 bool) string {
	if !s.date && !s.time {
		if n := len(raw); s.pad > n && wholeNumber(raw) && raw[0] != '-' {
			return strings.Repeat("0", s.pad-n) + string(raw)
		}
		return numberText(raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f < 0 || f >= 2958466 { // 9999-12-31 is the last day
		return numberText(raw)
	}
	return s.moment(f, epoch1904)
}

// number is text for a number that is not written in digits.
func (s numberStyle) number(f float64, epoch1904 bool) string {
	if (s.date || s.time) && f >= 0 && f < 2958466 {
		return s.moment(f, epoch1904)
	}
	text := floatText(f)
	if n := len(text); s.pad > n && wholeNumber([]byte(text)) && text[0] != '-' {
		return strings.Repeat("0", s.pad-n) + text
	}
	return text
}

// moment writes a serial date, time or duration.
func (s numberStyle) moment(f float64, epoch1904 bool) string {
	seconds := int64(math.Round(f * 86400))
	if s.elapsed || s.time && !s.date && f >= 1 {
		return clock(seconds)
	}
	day := seconds / 86400
	if !s.time {
		day = int64(f)
	}
	switch {
	case !s.date:
		return clock(seconds % 86400)
	case !s.time:
		return dayText(day, epoch1904)
	}
	return dayText(day, epoch1904) + "T" + clock(seconds%86400)
}

func clock(seconds int64) string {
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// dayText writes a serial day. Day 60 of the 1900 system is 29 February 1900, which never was: Lotus 1-2-3 thought
// 1900 a leap year, and Excel kept it; the days before it are one day off. It is written as the spreadsheet shows it.
func dayText(day int64, epoch1904 bool) string {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case epoch1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return "1900-02-29"
	case day < 60:
		first = first.AddDate(0, 0, 1)
	}
	return first.AddDate(0, 0, int(day)).Format("2006-01-02")
}

// isoText tidies an ISO 8601 date or time: no fraction of zeros, no trailing Z.
func isoText(s string) string {
	if i := strings.IndexByte(s, '.'); i > 0 && strings.Trim(s[i+1:], "0Z") == "" {
		s = s[:i]
	}
	return strings.TrimSuffix(s, "Z")
}

// styleOf reads a number format. Source: ECMA-376-1:2016 § 18.8.30 (identifiers) and 18.8.31 (codes).
func styleOf(id int, code string) numberStyle {
	if code == "" {
		switch {
		case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
			return numberStyle{date: true}
		case id >= 18 && id <= 21, id == 32, id == 33, id == 34, id == 35, id == 45, id == 47, id == 55, id == 56:
			return numberStyle{time: true}
		case id == 22:
			return numberStyle{date: true, time: true}
		case id == 46:
			return numberStyle{time: true, elapsed: true}
		}
		return numberStyle{}
	}
	if i := strings.IndexByte(code, ';'); i > 0 {
		code = code[:i]
	}
	if n := len(code); n >= 2 && strings.Trim(code, "0") == "" {
		return numberStyle{pad: n}
	}
	return codeStyle(code)
}

// codeStyle looks for the letters of dates and times outside quotes, escapes and brackets.
func codeStyle(code string) numberStyle {
	var s numberStyle
	minutes := false
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			j := strings.IndexByte(code[i+1:], '"')
			if j < 0 {
				return s
			}
			i += j + 1
		case code[i] == '\\' || code[i] == '_' || code[i] == '*':
			i++
		case code[i] == '[':
			j := strings.IndexByte(code[i:], ']')
			if j < 0 {
				return s
			}
			if inner := strings.ToLower(code[i+1 : i+j]); inner != "" && strings.Trim(inner, "hms") == "" {
				s.time, s.elapsed = true, true
			}
			i += j
		case c == 'y', c == 'd', c == 'a' && i+2 < len(code) && strings.EqualFold(code[i:i+3], "aaa"):
			s.date = true
		case c == 'j' && i+1 < len(code) && code[i+1]|0x20 == 'j': // a French code written as it is shown
			s.date = true
		case c == 'h', c == 's':
			s.time = true
		case c == 'm':
			minutes = true
		case code[i] == 'E' || code[i] == 'G' && strings.HasPrefix(code[i:], "General"):
			return s
		}
	}
	if minutes && !s.time {
		s.date = true
	}
	return s
}

// readStyles reads the number format of each cell style.
func (b *xlsxBook) readStyles(name string) error {
	if name == "" {
		return nil
	}
	codes := map[int]string{}
	inCells := false
	return b.each(name, func(x *xmlReader, kind xmlKind) error {
		switch {
		case kind == xmlText:
		case x.is("cellXfs"):
			inCells = kind == xmlStart
		case kind == xmlEnd:
		case x.is("numFmt"):
			if id, err := strconv.Atoi(string(x.attr("numFmtId"))); err == nil {
				codes[id] = string(x.attr("formatCode"))
			}
		case inCells && x.is("xf"):
			id, _ := strconv.Atoi(string(x.attr("numFmtId")))
			b.styles = append(b.styles, styleOf(id, codes[id]))
		}
		return nil
	})
}
