package tabular

import (
	"bytes"
	"io"
	"strings"

	"cultured/internal/fault"
)

// separators in the order of preference when two fit as well: a comma may be a decimal mark, the others are not.
var separators = []byte{'\t', ';', '|', ','}

// sampleRecords is how many records a separator is judged on.
const sampleRecords = 300

// Separates says whether a text may be [Options.Separator]: one sign of ASCII that no value needs.
func Separates(s string) bool {
	return len(s) == 1 && strings.Contains(",;\t|:!#$%&*/<=>?@\\^_`~ ", s)
}

// Escapes says whether a text may be [Options.Escape]: one sign of ASCII, neither a letter, a figure nor a space.
func Escapes(s string) bool {
	return len(s) == 1 && strings.Contains("!#$%&*/<=>?@\\^_`~|;:+-'\"", s)
}

// newlines counts the line ends of a head and names them.
func newlines(head []byte) (name string, loneCR bool) {
	var lf, crlf, cr int
	for i, c := range head {
		switch {
		case c == '\n' && i > 0 && head[i-1] == '\r':
			crlf++
		case c == '\n':
			lf++
		case c == '\r' && i+1 < len(head) && head[i+1] != '\n':
			cr++
		}
	}
	loneCR = cr > lf+crlf
	switch {
	case crlf+lf+cr == 0:
		return "", false
	case crlf > 0 && lf == 0 && !loneCR:
		return "crlf", false
	case lf > 0 && crlf == 0 && !loneCR:
		return "lf", false
	case cr > 0 && lf+crlf == 0:
		return "cr", true
	}
	return "mixed", loneCR
}

// detectDialect finds the separator and the quote of a head (UTF-8 or any ASCII-compatible bytes), honouring what a
// person chose. whole says that head is the whole text.
func detectDialect(head []byte, whole bool, opt Options, reading *Reading) (dialect, error) {
	d := dialect{quote: '"', plain: opt.PlainQuotes}
	if opt.Escape != "" {
		if !Escapes(opt.Escape) || opt.Escape == opt.Separator || opt.Escape == opt.Quote {
			return d, fault.Field("escape", "tabular.option_escape", opt.Escape)
		}
		d.escape = opt.Escape[0]
	}
	reading.Newline, d.loneCR = newlines(head)
	if reading.Newline == "mixed" {
		reading.note("tabular.note_mixed_newlines")
	}
	switch opt.Quote {
	case `"`, `'`:
		d.quote = opt.Quote[0]
	case "":
		if bytes.IndexByte(head, '"') < 0 && singleQuoted(head) {
			d.quote = '\''
			reading.note("tabular.note_quote", "'")
		}
	default:
		return d, fault.Field("quote", "tabular.option_quote", opt.Quote)
	}
	reading.Quote = string(rune(d.quote))
	if opt.Separator != "" {
		if !Separates(opt.Separator) || opt.Separator[0] == d.quote {
			return d, fault.Field("separator", "tabular.option_separator", opt.Separator)
		}
		d.sep, reading.Separator = opt.Separator[0], opt.Separator
		return d, nil
	}
	best := 0.0
	for _, sep := range separators {
		if sep == d.escape || bytes.IndexByte(head, sep) < 0 {
			continue
		}
		try := d
		try.sep = sep
		if score := consistency(head, whole, try); score > best*1.02 {
			best, d.sep = score, sep
		}
	}
	if d.sep == 0 {
		reading.note("tabular.note_single_column")
		return d, nil
	}
	reading.Separator = string(rune(d.sep))
	if d.sep == '\t' {
		reading.note("tabular.note_separator_tab")
	} else {
		reading.note("tabular.note_separator", reading.Separator)
	}
	return d, nil
}

// consistency scores a dialect from 0 to about 3: the share of records that have the most common width, weighed by
// that width, with a bonus when the widest and first of them agree.
func consistency(head []byte, whole bool, d dialect) float64 {
	limits := DefaultLimits
	limits.Columns = len(head) // too many columns is for the reading to say; here they only tell which separator it is
	r := recordReader{dialect: d, src: bytes.NewReader(head), set: &windows1252, loose: true, limits: limits}
	widths, total := map[int]int{}, 0
	first, last := 0, 0
	for total < sampleRecords {
		row, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0
		}
		if len(row.cells) == 1 && strings.TrimSpace(row.cells[0]) == "" {
			continue
		}
		last = len(row.cells)
		if total == 0 {
			first = last
		}
		widths[last]++
		total++
	}
	if !whole && total > 1 && total < sampleRecords { // the head cuts the last record
		widths[last]--
		total--
	}
	mode, count := 0, 0
	for w, n := range widths {
		if n > count || n == count && w > mode {
			mode, count = w, n
		}
	}
	if mode < 2 {
		if first < 2 || widths[1]*2 > total {
			return 0
		}
		mode = first
	}
	share := float64(count) / float64(total)
	score := share * (1 + min(float64(mode), 40)/40)
	if first == mode {
		score += 0.5
	}
	if share < 0.3 {
		score /= 2
	}
	return score
}

// singleQuoted says whether cells of a head are regularly enclosed in single quotes.
func singleQuoted(head []byte) bool {
	opened, closed := 0, 0
	for i, c := range head {
		if c != '\'' {
			continue
		}
		if i == 0 || bytes.IndexByte([]byte(",;\t|\n\r"), head[i-1]) >= 0 {
			opened++
		}
		if i+1 == len(head) || bytes.IndexByte([]byte(",;\t|\n\r"), head[i+1]) >= 0 {
			closed++
		}
	}
	return opened >= 2 && closed >= 2 && opened*10 >= closed*8 && closed*10 >= opened*8
}
