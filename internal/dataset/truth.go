package dataset

import (
	"slices"

	"cultured/internal/french"
)

// TopWords gives the i-th of the most frequent values as the reader writes it: a truth in their language, true and false as
// such, all others as yes and no. Where the column writes the same truth in several ways, each is told.
func (c ColumnProfile) TopWords(i int, say Say) string {
	v := c.Top[i].Value
	truth, ok := french.Bool(v)
	if c.Type != TypeBoolean || !ok {
		return v
	}
	key := "dataset.no"
	switch french.Fold(v) {
	case "true", "vrai":
		key = "dataset.true"
	case "false", "faux":
		key = "dataset.false"
	default:
		if truth {
			key = "dataset.yes"
		}
	}
	word := say(key)
	same := func(other ValueCount) bool {
		t, ok := french.Bool(other.Value)
		return ok && t == truth && other.Value != v
	}
	if slices.ContainsFunc(c.Top, same) && word != v {
		return say("dataset.boolean_written", word, v)
	}
	return word
}
