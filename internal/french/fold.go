package french

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold returns s in lower case without accents: ligatures are opened (œ → oe, ß → ss), combining marks are dropped,
// typographic apostrophes and dashes become ' and -, and no-break spaces become spaces. Letters of other alphabets are
// lower-cased only. A string already folded is returned as it is, without allocation.
func Fold(s string) string {
	plain, folded := scan(s)
	if folded {
		return s
	}
	if plain {
		return strings.ToLower(s)
	}
	return string(appendFold(make([]byte, 0, len(s)+4), s))
}

// scan says whether s is pure ASCII, and whether folding would change nothing.
func scan(s string) (plain, folded bool) {
	folded = true
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return false, false
		}
		if 'A' <= c && c <= 'Z' {
			folded = false
		}
	}
	return true, folded
}

// AppendFold appends what [Fold] returns for s to dst.
func AppendFold(dst []byte, s string) []byte { return appendFold(dst, s) }

// appendFold appends the folded form of s to dst.
func appendFold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		a, b := foldRune(r)
		if a != 0 {
			dst = utf8.AppendRune(dst, a)
		}
		if b != 0 {
			dst = utf8.AppendRune(dst, b)
		}
	}
	return dst
}

// foldRune returns the one or two runes r folds to; 0 means nothing there.
func foldRune(r rune) (rune, rune) {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r, 0
	case r == 0xA0:
		return ' ', 0
	case r >= 0xC0 && r <= 0x24F:
		if c := latin[r-0xC0]; c != '.' {
			return rune(c), 0
		}
		return foldPair(r)
	case r >= 0x300 && r <= 0x36F:
		return 0, 0
	case r >= 0x1E00 && r <= 0x1EFF:
		if c := latinMore[r-0x1E00]; c != '.' {
			return rune(c), 0
		}
		return foldPair(r)
	}
	return foldSign(r)
}

// foldPair opens the Latin ligatures.
func foldPair(r rune) (rune, rune) {
	switch r {
	case 'æ', 'Æ', 'ǽ', 'Ǽ', 'ǣ', 'Ǣ':
		return 'a', 'e'
	case 'œ', 'Œ':
		return 'o', 'e'
	case 'ß', 'ẞ':
		return 's', 's'
	case 'þ', 'Þ':
		return 't', 'h'
	case 'ĳ', 'Ĳ':
		return 'i', 'j'
	case 'ǆ', 'Ǆ', 'ǅ':
		return 'd', 'z'
	case 'ǉ', 'Ǉ', 'ǈ':
		return 'l', 'j'
	case 'ǌ', 'Ǌ', 'ǋ':
		return 'n', 'j'
	}
	return unicode.ToLower(r), 0
}

// foldSign folds typographic signs; other runes are lower-cased.
func foldSign(r rune) (rune, rune) {
	switch r {
	case '\u2018', '\u2019', '\u02BC', '\u2032':
		return '\'', 0
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212':
		return '-', 0
	case '\u2009', '\u202F', '\u2007', '\u2002', '\u2003', '\u205F', '\u3000':
		return ' ', 0
	case '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', '\u00AD':
		return 0, 0
	case 'ﬀ':
		return 'f', 'f'
	case 'ﬁ':
		return 'f', 'i'
	case 'ﬂ':
		return 'f', 'l'
	}
	return unicode.ToLower(r), 0
}

// foldShort folds s into buf for a lookup; ok is false when the result would not fit.
func foldShort(buf []byte, s string) ([]byte, bool) {
	if len(s) > cap(buf) {
		return nil, false
	}
	out := appendFold(buf[:0], s)
	return out, len(out) <= cap(buf)
}

// trim removes spaces of every kind around s, no-break ones included.
func trim(s string) string {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	if len(s) > 0 && (s[0] >= utf8.RuneSelf || s[len(s)-1] >= utf8.RuneSelf) {
		return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' })
	}
	return s
}
