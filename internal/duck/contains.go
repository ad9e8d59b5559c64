package duck

import (
	"regexp"
	"strings"
	"sync"

	"cultured/internal/french"
)

// patternMost is the longest text, in bytes, looked for by a pattern: longer ones would make patterns the engine refuses.
const patternMost = 100

// marks are the combining accents that may follow a letter.
const marks = `[\x{0300}-\x{036F}]*`

// variants gives, for each folded text of one or two letters, the characters that fold to it.
var variants = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, span := range [][2]rune{{0xA0, 0x24F}, {0x1E00, 0x1EFF}, {0x2002, 0x2015}, {0x2018, 0x2019}, {0x202F, 0x2032}, {0x2212, 0x2212}, {0xFB00, 0xFB02}} {
		for r := span[0]; r <= span[1]; r++ {
			if folded := french.Fold(string(r)); folded != "" && folded != string(r) {
				all[folded] = append(all[folded], string(r))
			}
		}
	}
	return all
})

// forgiving writes the pattern of the texts that hold one, case and accents aside. Folding every cell would take the engine six times
// as long: here the text looked for carries its variants, and the cells are read as they are.
func forgiving(text string) string {
	folded := []rune(french.Fold(text))
	var b strings.Builder
	b.WriteString("(?is)")
	for i := 0; i < len(folded); i++ {
		one := spelt(string(folded[i]))
		if i+1 < len(folded) {
			if both := variants()[string(folded[i:i+2])]; both != nil { // œ for "oe"
				one = "(?:" + one + spelt(string(folded[i+1])) + "|" + alternatives(both) + ")"
				i++
			}
		}
		b.WriteString(one)
	}
	return b.String()
}

// spelt is the pattern of one folded letter, whatever its accents.
func spelt(letter string) string {
	if len(variants()[letter]) == 0 {
		return regexp.QuoteMeta(letter)
	}
	return "(?:" + alternatives(append([]string{letter}, variants()[letter]...)) + ")" + marks
}

func alternatives(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = regexp.QuoteMeta(text)
	}
	return strings.Join(quoted, "|")
}

// bare reports whether a text is written in one way only: figures and what stands between them.
func bare(text string) bool { return strings.Trim(text, "0123456789.,:/") == "" }

// holds writes that an expression contains the text of a filter, which is bound as value already, or starts with it.
func (s *statement) holds(expression, value string, filter Filter) string {
	if text := filter.Values[0]; len(text) <= patternMost && text != "" {
		s.args[len(s.args)-1] = map[Op]string{StartsWith: "^"}[filter.Op] + forgiving(text)
		return "regexp_matches(" + expression + ", " + value + ")"
	}
	function := map[Op]string{Contains: "contains", StartsWith: "starts_with"}[filter.Op]
	return function + "(" + folded(expression) + ", " + folded("CAST("+value+" AS VARCHAR)") + ")"
}

// folded forgets case and accents.
func folded(expression string) string { return "strip_accents(lower(" + expression + "))" }
