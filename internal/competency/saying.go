package competency

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Text is the same words in several languages, by BCP 47 code ("fr", "en"). A language that is absent is not written yet. A
// Text is never changed in place: [Text.With] makes another.
type Text map[string]string

// In gives the words in the first of the languages that has some, else in French, in English, in any language (the first
// of the alphabet); "" when nothing is written.
func (t Text) In(langs ...string) string {
	_, s := t.Best(langs...)
	return s
}

// Best is [Text.In] with the language the words are in, for the lang attribute of a page.
func (t Text) Best(langs ...string) (lang, words string) {
	for _, l := range append(slices.Clone(langs), "fr", "en") {
		if s := t[l]; s != "" {
			return l, s
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if t[l] != "" {
			return l, t[l]
		}
	}
	return "", ""
}

// With returns a copy that says s in a language; "" takes the language away.
func (t Text) With(lang, s string) Text {
	out := maps.Clone(t)
	if out == nil {
		out = Text{}
	}
	if s == "" {
		delete(out, lang)
	} else {
		out[lang] = s
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Clean returns the text without empty languages, with each words trimmed and on Unix lines; nil when nothing is left.
func (t Text) Clean() Text {
	var out Text
	for lang, s := range t {
		if s = clean(s); s != "" && lang != "" {
			out = out.With(lang, s)
		}
	}
	return out
}

// clean trims, keeps line feeds of the three kinds as one, and drops what no page can show.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r == '\uFEFF' || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// line is clean on one line.
func line(s string) string { return strings.Join(strings.FieldsFunc(clean(s), breaks), " ") }

// breaks are spaces that carry no meaning; no-break ones stay.
func breaks(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }
