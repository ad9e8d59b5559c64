package dataset

import (
	"strings"
	"unicode/utf8"

	"cultured/internal/french"
)

// looseKey is what two spellings share when case, accents, apostrophes, hyphens, points and spaces do not count. Beside
// digits they do: "-200" is not "200", nor "1.12" "11.2".
func looseKey(v string) string {
	folded := french.Fold(v)
	if !strings.ContainsAny(folded, "0123456789") {
		return strings.Map(func(r rune) rune {
			if isLooseMark(r) {
				return -1
			}
			return r
		}, folded)
	}
	out := make([]byte, 0, len(folded))
	held := rune(0) // a mark, dropped unless a digit follows what is no letter
	for _, r := range folded {
		switch {
		case isLooseMark(r):
			if held == 0 || isBlank(held) {
				held = r
			}
			continue
		case held != 0 && r >= '0' && r <= '9' && weighs(held, out):
			if isBlank(held) {
				held = ' '
			}
			out = utf8.AppendRune(out, held)
		}
		out, held = utf8.AppendRune(out, r), 0
	}
	return string(out)
}

// weighs says whether a mark before a digit tells something, after what is written: a sign, a decimal point, a part of a
// number. After a letter it only sets apart.
func weighs(mark rune, before []byte) bool {
	if len(before) == 0 {
		return !isBlank(mark)
	}
	b := before[len(before)-1]
	return b >= '0' && b <= '9' || (b < 'a' || b > 'z') && b < utf8.RuneSelf && !isBlank(mark)
}

func isLooseMark(r rune) bool {
	return r == '\'' || r == '-' || r == '_' || r == '.' || isBlank(r)
}
