package dataset

import (
	"strings"
	"unicode/utf8"

	"cultured/internal/french"
)

// looseKey is what two spellings share when case, accents, apostrophes, hyphens, points and spaces do not count. Beside
// digits they do: "-200" is not "200", nor "1.12" "11.2".
func looseKey(v string) string { return string(loosen(french.AppendFold(nil, v))) }

// looseHash is the hash of the loose key, or that of the value itself when it has no letter and no space; 0 for blanks.
func looseHash(v string, exact uint64) uint64 {
	seen := classesOf(v)
	if seen&(isLetterByte|isSpaceByte|isHighByte) == 0 {
		return exact
	}
	var buf [128]byte
	var key []byte
	if seen&isHighByte == 0 && len(v) <= len(buf) {
		key = buf[:len(v)]
		for i := range len(v) {
			key[i] = lowerByte[v[i]]
		}
		if seen&(isSpaceByte|isMarkByte|isOtherByte) != 0 {
			key = loosen(key)
		}
	} else {
		key = loosen(french.AppendFold(buf[:0], v))
	}
	switch {
	case len(key) > 0:
	case strings.TrimFunc(v, isBlank) == "":
		return 0
	default:
		return exact // marks only
	}
	return hashText(string(key))
}

// lowerByte is the small letter of each ASCII byte.
var lowerByte = func() (c [256]byte) {
	for i := range c {
		c[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			c[i] += 'a' - 'A'
		}
	}
	return c
}()

// loosen removes from a folded text what does not count, in place.
func loosen(folded []byte) []byte {
	out := folded[:0]
	held := byte(0) // a mark, dropped unless a digit follows what is no letter
	for _, b := range folded {
		if isLooseMark(b) {
			if held == 0 || held == ' ' {
				held = b
				if isSpace(b) {
					held = ' '
				}
			}
			continue
		}
		if held != 0 && b >= '0' && b <= '9' && weighs(held, out) {
			out = append(out, held)
		}
		out, held = append(out, b), 0
	}
	return out
}

// weighs says whether a mark before a digit tells something, after what is written: a sign, a decimal point, a part of a
// number. After a letter it only sets apart.
func weighs(mark byte, before []byte) bool {
	if len(before) == 0 {
		return mark != ' '
	}
	b := before[len(before)-1]
	return b >= '0' && b <= '9' || (b < 'a' || b > 'z') && b < utf8.RuneSelf && mark != ' '
}

func isLooseMark(b byte) bool { return looseMark[b] }

var looseMark = [256]bool{'\'': true, '-': true, '_': true, '.': true, ' ': true, '\t': true, '\n': true, '\v': true, '\f': true, '\r': true}

func isSpace(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' }
