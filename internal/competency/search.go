package competency

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"cultured/internal/french"
)

// A Hit is an item found: where its words stand decides its weight.
type Hit struct {
	Item   Item
	Weight int    // the higher the better
	Level  string // code of the level whose description has the words, when nothing else of the item does; else ""
}

// How much a word weighs by where it stands.
const (
	inCode    = 80
	inLabel   = 60
	inText    = 30
	inLevel   = 20
	inOther   = 10 // alignments and the family's name
	veryWords = 1  // more for the very form that was asked for
)

// wordsMost bounds a question.
const wordsMost = 12

// Search lists the competences in force where every word of text stands, the best first, in any language: accents, case and
// plurals are forgiven, and the end of a word being typed. When none has the very words, near is true and each longer word may
// have one slip of the keyboard. An empty text finds nothing.
func (f Framework) Search(text string) (hits []Hit, near bool) {
	asked := askedWords(text)
	if len(asked) == 0 {
		return nil, false
	}
	if hits = f.search(asked, 0); len(hits) == 0 {
		hits = f.search(asked, 1)
		near = len(hits) > 0
	}
	cited := french.Fold(strings.TrimSpace(text)) // a code comes first, whatever else has its letters
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Compare(truth(french.Fold(b.Item.Code) == cited), truth(french.Fold(a.Item.Code) == cited))
	})
	return hits, near
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func askedWords(text string) []string {
	var asked, all []string
	for _, w := range french.Words(text) {
		if all = append(all, w); !french.Stop(w) && !slices.Contains(asked, w) {
			asked = append(asked, w)
		}
	}
	if len(asked) == 0 { // nothing but small words: they are what is meant
		asked = all
	}
	return asked[:min(len(asked), wordsMost)]
}

func (f Framework) search(asked []string, slip int) []Hit {
	var hits []Hit
	for _, it := range f.Items {
		if it.Kind != Competence || it.Retired {
			continue
		}
		family, _ := f.FamilyOf(it.ID)
		if h, ok := weigh(it, family, asked, slip); ok {
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Weight, a.Weight) }) // reading order among equals
	return hits
}

// weigh adds up the best place of each word; false when one stands nowhere.
func weigh(it, family Item, asked []string, slip int) (Hit, bool) {
	h := Hit{Item: it}
	onlyLevel := true
	for _, a := range asked {
		place, level := 0, ""
		try := func(weight int, s string) bool {
			if place < weight && holds(s, a, slip) {
				place = weight
				return true
			}
			return false
		}
		if french.Fold(it.Code) == a || strings.HasPrefix(french.Fold(strings.ReplaceAll(it.Code, ".", " ")), a) || slices.Contains(french.Words(it.Code), a) {
			place = inCode
		}
		for _, s := range it.Label {
			try(inLabel, s)
		}
		for _, s := range it.Description {
			try(inText, s)
		}
		for code, t := range it.Levels {
			for _, s := range t {
				if try(inLevel, s) || place == inLevel && level > code && holds(s, a, slip) {
					level = code
				}
			}
		}
		for _, s := range family.Label {
			try(inOther, s)
		}
		for _, al := range it.Alignments {
			try(inOther, SchemeName(al.Scheme)+" "+al.Code+" "+al.Label.In("fr")+" "+al.Label.In("en"))
		}
		if place == 0 {
			return Hit{}, false
		}
		if onlyLevel = onlyLevel && level != ""; onlyLevel {
			h.Level = level
		}
		h.Weight += place
		if slices.ContainsFunc(slices.Collect(maps.Values(it.Label)), func(s string) bool { return slices.Contains(french.Words(s), a) }) {
			h.Weight += veryWords
		}
	}
	if !onlyLevel {
		h.Level = ""
	}
	return h, true
}

// shortest is how long a word must be, in bytes, for a slip of the keyboard to be forgiven.
const shortest = 4

// holds reports whether a text has the word asked for, its plural, or a word that begins with it; with slip letters changed.
func holds(text, asked string, slip int) bool {
	return slices.ContainsFunc(french.Words(text), func(w string) bool {
		return strings.HasPrefix(w, asked) || french.Stem(w) == french.Stem(asked) ||
			slip > 0 && len(asked) >= shortest && (french.Distance(w, asked, slip) <= slip || french.Distance(french.Stem(w), french.Stem(asked), slip) <= slip)
	})
}
