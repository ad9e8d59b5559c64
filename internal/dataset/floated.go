package dataset

import (
	"strings"

	"cultured/internal/identifier"
)

// bareCode returns the digits of a code that a program took for a number with decimals: "75056" of "75056.0". Where ok is
// false, v is something else.
func bareCode(v string) (bare string, ok bool) {
	bare, tail := v, ""
	if at := strings.IndexAny(v, ".,"); at > 0 {
		bare, tail = v[:at], v[at+1:]
	}
	ok = tail != "" && strings.Trim(tail, "0") == "" && classesOf(bare) == isDigitByte
	return bare, ok
}

// withoutDecimals gives a code back its writing, with the zero it lost at the same time if need be. ok is false where
// what remains is no code of that meaning: then digits were rounded away too. Of no meaning, it is any whole number.
func withoutDecimals(s Semantic, v string) (after string, ok bool) {
	bare, ok := bareCode(v)
	switch {
	case !ok:
		return v, false
	case s == SemanticNone || identifier.Check(identifier.Kind(s), bare):
		return bare, true
	}
	if after, ok = withZero(s, bare); ok {
		return after, true
	}
	return v, false
}
