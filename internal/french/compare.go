package french

import (
	"cmp"
	"unicode"
	"unicode/utf8"
)

// Compare orders a and b as a French list does: letters first whatever their accents and case (é sorts with e), then
// accents from the left (cote before coté before côté), then lower case before upper case, then bytes. Spaces and
// punctuation come before digits, digits before letters. It returns -1, 0 or 1, and 0 only for identical strings; it
// does not allocate.
// Source: the order of the CLDR root collation for Latin letters, French included; other alphabets sort by code point.
func Compare(a, b string) int {
	ra, rb := runes{s: a}, runes{s: b}
	for {
		x, okA := ra.next()
		y, okB := rb.next()
		if !okA || !okB {
			if okA != okB {
				return cmp.Compare(yes(okA), yes(okB))
			}
			break
		}
		if c := cmp.Compare(weight(x), weight(y)); c != 0 {
			return c
		}
	}
	if c := compareAccents(a, b); c != 0 {
		return c
	}
	if c := compareCase(a, b); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}

// runes walks over the folded runes of s.
type runes struct {
	s    string
	wait rune
}

func (r *runes) next() (rune, bool) {
	if r.wait != 0 {
		x := r.wait
		r.wait = 0
		return x, true
	}
	for r.s != "" {
		x, n := utf8.DecodeRuneInString(r.s)
		r.s = r.s[n:]
		a, b := foldRune(x)
		if a != 0 {
			r.wait = b
			return a, true
		}
	}
	return 0, false
}

// weight places spaces, then signs, then digits, then letters.
func weight(r rune) int32 {
	switch {
	case 'a' <= r && r <= 'z':
		return r + 0x300000
	case '0' <= r && r <= '9':
		return r + 0x200000
	case r == ' ':
		return 0
	case r < utf8.RuneSelf || !unicode.IsLetter(r):
		return r
	}
	return r + 0x400000
}

// compareAccents orders two strings that have the same letters by their accents, from the left.
func compareAccents(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		a, b = a[n:], b[m:]
		if c := cmp.Compare(unicode.ToLower(x), unicode.ToLower(y)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// compareCase puts lower case first.
func compareCase(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		a, b = a[n:], b[m:]
		if x != y {
			return cmp.Compare(yes(unicode.IsUpper(x)), yes(unicode.IsUpper(y)))
		}
	}
	return 0
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Distance returns how many insertions, deletions, substitutions or swaps of neighbours turn a into b (optimal string
// alignment, in runes, case and accents counted: fold first), or most+1 as soon as it is sure to exceed most.
// It does not allocate for strings up to 64 runes. most < 0 is taken as 0.
// Source: F. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7 (1964).
func Distance(a, b string, most int) int {
	if a == b {
		return 0
	}
	most = max(most, 0)
	var ba, bb [64]rune
	x, y := appendRunes(ba[:0], a), appendRunes(bb[:0], b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > most {
		return most + 1
	}
	var r0, r1, r2 [65]int
	before, last, row := r0[:], r1[:], r2[:]
	if len(x) > 64 {
		before, last, row = make([]int, len(x)+1), make([]int, len(x)+1), make([]int, len(x)+1)
	}
	for i := range len(x) + 1 {
		last[i] = i
	}
	for j := 1; j <= len(y); j++ {
		row[0] = j
		least := j
		for i := 1; i <= len(x); i++ {
			cost := yes(x[i-1] != y[j-1])
			d := min(last[i]+1, row[i-1]+1, last[i-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, before[i-2]+1)
			}
			row[i] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(x)], most+1)
}

func appendRunes(dst []rune, s string) []rune {
	for _, r := range s {
		dst = append(dst, r)
	}
	return dst
}
