package schemaweb

import (
	"cmp"
	"slices"
	"strings"

	"cultured/internal/french"
	"cultured/internal/schema"
)

// find lists the schemas where every word asked for stands, in the order of a French list. When none has the very words,
// near is true and a letter of each longer word may differ.
func (q question) find(pack *schema.Pack) (found []*schema.Entry, near bool) {
	var asked []string
	for _, word := range french.Words(q.text) {
		if !french.Stop(word) {
			asked = append(asked, word)
		}
	}
	search := func(slip int) []*schema.Entry {
		var list []*schema.Entry
		for _, e := range pack.All() {
			if (!q.scdl || e.SCDL) && (len(asked) == 0 || holdsAll(wordsOf(e), asked, slip)) {
				list = append(list, e)
			}
		}
		return list
	}
	if found = search(0); len(found) == 0 && len(asked) > 0 {
		found = search(1)
		near = len(found) > 0
	}
	slices.SortStableFunc(found, func(a, b *schema.Entry) int {
		return cmp.Or(french.Compare(title(a), title(b)), cmp.Compare(a.Name, b.Name))
	})
	return found, near
}

// wordsOf cuts everything a card says, and the names of the columns, into folded words.
func wordsOf(e *schema.Entry) []string {
	words := french.Words(e.Title)
	for _, s := range []string{e.Name, plainText(e.Description)} {
		words = french.AppendWords(words, s)
	}
	for _, c := range e.Columns {
		words = append(french.AppendWords(words, c), french.Fold(c))
	}
	return words
}

func holdsAll(words, asked []string, slip int) bool {
	for _, a := range asked {
		if !slices.ContainsFunc(words, func(w string) bool { return sameWord(w, a, slip) }) {
			return false
		}
	}
	return true
}

// shortest is how long a word must be, in bytes, for a slip of the keyboard to be forgiven.
const shortest = 4

// sameWord forgives the end of a word being typed, its plural and, for slip letters, a mistake.
func sameWord(word, asked string, slip int) bool {
	if strings.HasPrefix(word, asked) || french.Stem(word) == french.Stem(asked) {
		return true
	}
	return slip > 0 && len(asked) >= shortest && french.Distance(word, asked, slip) <= slip
}

func title(e *schema.Entry) string { return strings.TrimSpace(e.Title) }

func shortName(e *schema.Entry) string { return strings.TrimPrefix(e.Name, e.Owner+"/") }
