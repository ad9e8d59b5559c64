package form

import (
	"regexp"
	"slices"
	"strings"
)

// xlsInitial writes the initial values as a workbook says them: words of choices, numbers with a point, today().
func (b Block) xlsInitial() string {
	if len(b.Initial) == 0 {
		return ""
	}
	switch b.Kind {
	case One, Many:
		var words []string
		for i, o := range b.Options {
			if slices.Contains(b.Initial, o) {
				words = append(words, choiceName(b, i))
			}
		}
		return strings.Join(words, " ")
	case Number:
		return point(b.Initial[0])
	case Date:
		if b.Initial[0] == Today {
			return "today()"
		}
	}
	return b.Initial[0]
}

// An expression is what a default says when it is no value: a reference, or a call of a function.
var expression = regexp.MustCompile(`\$\{[^}]*\}|[a-z-]+\(`)

// today matches the one expression that has a word here.
var today = regexp.MustCompile(`^(?:date\(\s*)?today\(\s*\)(?:\s*\))?$`)

// initial reads a default; false of one that is computed, or that the block would refuse.
func (r *surveyReader) initial(b *Block, text string) bool {
	switch {
	case b.Kind == Date && today.MatchString(text):
		b.Initial = []string{Today}
	case !b.Kind.Proposes() || expression.MatchString(text):
		return false
	case b.Kind == One:
		b.Initial = []string{r.labelled(*b, text)}
	case b.Kind == Many:
		b.Initial = nil
		for _, word := range strings.Fields(text) {
			b.Initial = append(b.Initial, r.labelled(*b, word))
		}
	default:
		b.Initial = []string{text}
	}
	return true
}
