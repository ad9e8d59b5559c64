package recipe

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/french"
)

// mapped makes the worker of a step that rewrites cells one by one. write says whether it could read the cell.
func (s *site) mapped(names []string, write func(v string) (after string, ok bool)) (worker, error) {
	at, err := s.columns(names)
	if err != nil {
		return worker{}, err
	}
	header, tally := s.header, s.tally
	return worker{header: header, each: func(r row, out emit) error {
		for _, i := range at {
			before := r.cells[i]
			if before == "" {
				continue
			}
			after, ok := write(before)
			switch {
			case !ok:
				tally.Left++
			case after != before:
				tally.changed(r.number, header[i], before, after)
				r.cells[i] = after
			}
		}
		return out(r)
	}}, nil
}

// Trim removes spaces around and doubled inside.
type Trim struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Trim) Kind() string { return "trim" }

// Say implements [Step].
func (t *Trim) Say() Sentence { return Sentence{"recipe.say_trim", []any{listed(t.Columns)}} }

func (t *Trim) fit(at *site) (worker, error) {
	return at.mapped(t.Columns, func(v string) (string, bool) { return trimmed(v), true })
}

// trimmed leaves line breaks alone.
func trimmed(v string) string {
	wide := func(r rune) bool { return r != '\n' && unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }
	if strings.IndexFunc(v, wide) < 0 {
		return strings.Trim(v, "\n")
	}
	var b strings.Builder
	gap := false
	for _, r := range strings.TrimSpace(v) {
		if wide(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

// Case writes texts in capitals, in small letters, with a capital for each word, or one for the text.
type Case struct {
	Columns []string `json:"columns"`
	To      string   `json:"to"` // "upper", "lower", "title", "sentence"
}

// Kind implements [Step].
func (*Case) Kind() string { return "case" }

// Say implements [Step].
func (c *Case) Say() Sentence { return Sentence{"recipe.say_case_" + c.To, []any{listed(c.Columns)}} }

func (c *Case) fit(at *site) (worker, error) {
	write := map[string]func(string) string{"upper": strings.ToUpper, "lower": strings.ToLower, "title": titled, "sentence": sentence}[c.To]
	if write == nil {
		return worker{}, at.bad("recipe.bad_choice", c.To)
	}
	return at.mapped(c.Columns, func(v string) (string, bool) { return write(v), true })
}

// titled gives each word a capital but for the small words of French names, unless they come first: "Le Mans", "Bourg-en-Bresse".
func titled(v string) string {
	var b strings.Builder
	lower := strings.ToLower(v)
	for i := 0; i < len(lower); {
		end := i
		for end < len(lower) {
			r, n := utf8.DecodeRuneInString(lower[end:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			end += n
		}
		if end == i {
			_, n := utf8.DecodeRuneInString(lower[i:])
			b.WriteString(lower[i : i+n])
			i += n
			continue
		}
		word := lower[i:end]
		elided := (word == "l" || word == "d") && end < len(lower) && (lower[end] == '\'' || strings.HasPrefix(lower[end:], "’"))
		if i > 0 && (elided || smallWords[word]) {
			b.WriteString(word)
		} else {
			b.WriteString(sentence(word))
		}
		i = end
	}
	return b.String()
}

var smallWords = map[string]bool{"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "et": true, "en": true,
	"sur": true, "sous": true, "à": true, "au": true, "aux": true, "lès": true, "lez": true, "un": true, "une": true}

func sentence(v string) string {
	lower := strings.ToLower(v)
	r, n := utf8.DecodeRuneInString(lower)
	return string(unicode.ToUpper(r)) + lower[n:]
}

// Replace replaces a text, or what a regular expression finds, by another text.
type Replace struct {
	Columns []string `json:"columns"`
	Find    string   `json:"find"`
	With    string   `json:"with"`             // of an expression: $1 is its first group
	Regexp  bool     `json:"regexp,omitempty"` // RE2: no expression takes more time than the text is long
	Whole   bool     `json:"whole,omitempty"`  // only when it is all the cell holds
}

// Kind implements [Step].
func (*Replace) Kind() string { return "replace" }

// Say implements [Step].
func (s *Replace) Say() Sentence {
	key := "recipe.say_replace"
	switch {
	case s.Regexp:
		key = "recipe.say_replace_regexp"
	case s.Whole:
		key = "recipe.say_replace_whole"
	}
	return Sentence{key, []any{listed(s.Columns), s.Find, s.With}}
}

// mostPattern bounds an expression, in bytes.
const mostPattern = 1000

func (s *Replace) fit(at *site) (worker, error) {
	switch {
	case s.Find == "":
		return worker{}, at.bad("recipe.nothing_to_find")
	case !s.Regexp && s.Whole:
		return at.mapped(s.Columns, func(v string) (string, bool) {
			if v == s.Find {
				return s.With, true
			}
			return v, true
		})
	case !s.Regexp:
		return at.mapped(s.Columns, func(v string) (string, bool) { return strings.ReplaceAll(v, s.Find, s.With), true })
	}
	re, err := expression(s.Find, s.Whole)
	if err != nil {
		return worker{}, at.bad("recipe.bad_pattern", s.Find)
	}
	return at.mapped(s.Columns, func(v string) (string, bool) { return re.ReplaceAllString(v, s.With), true })
}

func expression(pattern string, whole bool) (*regexp.Regexp, error) {
	if len(pattern) > mostPattern {
		return nil, &syntax.Error{Code: syntax.ErrLarge}
	}
	if whole {
		pattern = `\A(?:` + pattern + `)\z`
	}
	return regexp.Compile(pattern)
}

// Date writes the dates people write in France as ISO 8601 says: days, months and years, and days with an hour.
type Date struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Date) Kind() string { return "date" }

// Say implements [Step].
func (d *Date) Say() Sentence { return Sentence{"recipe.say_date", []any{listed(d.Columns)}} }

func (d *Date) fit(at *site) (worker, error) { return at.mapped(d.Columns, isoDate) }

func isoDate(v string) (string, bool) {
	at, layout, ok := french.Date(strings.TrimSpace(v))
	switch {
	case !ok || strings.Contains(layout, "Z07"):
		return v, false
	case strings.Contains(layout, "05.0"):
		return v, true // a moment to the fraction, ISO as it stands
	case strings.Contains(layout, "15"):
		return at.Format("2006-01-02T15:04:05"), true
	case strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(layout, "2006", ""), "06", ""), "2_"):
		return at.Format("2006-01-02"), true
	case strings.Contains(layout, "1") || strings.Contains(layout, "Jan"):
		return at.Format("2006-01"), true
	}
	return at.Format("2006"), true
}

// Number writes French numbers plainly: a point, no space between thousands, no unit. "12 %" becomes 12.
type Number struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Number) Kind() string { return "number" }

// Say implements [Step].
func (n *Number) Say() Sentence { return Sentence{"recipe.say_number", []any{listed(n.Columns)}} }

func (n *Number) fit(at *site) (worker, error) {
	return at.mapped(n.Columns, func(v string) (string, bool) { return french.Decimal(strings.TrimSpace(v)) })
}
