package recipe

import (
	"cmp"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// Cluster writes values that mean the same in one way: those that people chose, never what a method merely found near.
type Cluster struct {
	Column string            `json:"column"`
	Values map[string]string `json:"values"` // value met → value written
}

// Kind implements [Step].
func (*Cluster) Kind() string { return "cluster" }

// Say implements [Step].
func (c *Cluster) Say() Sentence {
	return Sentence{"recipe.say_cluster", []any{c.Column, len(c.Values)}}
}

func (c *Cluster) fit(at *site) (worker, error) {
	if len(c.Values) == 0 {
		return worker{}, at.bad("recipe.nothing_to_find")
	}
	return at.mapped([]string{c.Column}, func(v string) (string, bool) {
		if to, ok := c.Values[v]; ok {
			return to, true
		}
		return v, true
	})
}

// Methods lists the ways to look for values that may be the same, the surest first. Their titles are "recipe.method_" + name.
func Methods() []string { return []string{"fingerprint", "ngram", "phonetic", "distance"} }

// A Counted is a value of a column and how many cells hold it.
type Counted struct {
	Value string
	Count int
}

// mostCompared is how many different values are compared two by two.
const mostCompared = 5000

// Near groups the values of a column that may be the same, the largest groups first; in each, the value most cells hold comes
// first, which is the one to propose. most is the distance allowed of "distance", in edits, 1 to 3.
// Faults: Invalid "recipe.no_method"; TooLarge "recipe.too_many_values" beyond 5,000 different ones for "distance".
func Near(values []Counted, method string, most int) ([][]Counted, error) {
	values = slices.Clone(values)
	slices.SortFunc(values, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), french.Compare(a.Value, b.Value))
	})
	key := map[string]func(string) string{"fingerprint": Fingerprint, "ngram": NGram, "phonetic": Phonetic}[method]
	var out [][]Counted
	switch {
	case key != nil:
		at := map[string]int{}
		for _, v := range values {
			k := key(v.Value)
			if k == "" {
				continue
			}
			i, known := at[k]
			if !known {
				i = len(out)
				at[k], out = i, append(out, nil)
			}
			out[i] = append(out[i], v)
		}
	case method != "distance":
		return nil, fault.New(fault.Invalid, "recipe.no_method", method)
	case len(values) > mostCompared:
		return nil, fault.New(fault.TooLarge, "recipe.too_many_values", mostCompared)
	default:
		out = neighbours(values, min(max(most, 1), 3))
	}
	out = slices.DeleteFunc(out, func(g []Counted) bool { return len(g) < 2 })
	slices.SortStableFunc(out, func(a, b []Counted) int { return cmp.Compare(len(b), len(a)) })
	return out, nil
}

// neighbours gathers around each value, from the most frequent, those that differ little. Values too short for the distance
// are not compared: "Pau" and "Pas" are two towns. Neither are values that differ by their digits.
func neighbours(values []Counted, most int) (out [][]Counted) {
	folded, taken := make([]string, len(values)), make([]bool, len(values))
	for i, v := range values {
		folded[i] = strings.Join(french.Words(v.Value), " ")
	}
	for i, v := range values {
		if taken[i] {
			continue
		}
		group := []Counted{v}
		for j := i + 1; j < len(values); j++ {
			shorter := min(len(folded[i]), len(folded[j]))
			if taken[j] || shorter < 4*most || max(len(folded[i]), len(folded[j]))-shorter > most || digitsOf(folded[i]) != digitsOf(folded[j]) {
				continue
			}
			if french.Distance(folded[i], folded[j], most) <= most {
				taken[j], group = true, append(group, values[j])
			}
		}
		out = append(out, group)
	}
	return out
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Fingerprint is the set of a value's words, folded and in order: "Saint-Denis (Ville)" and "ville saint denis" share it.
func Fingerprint(v string) string {
	words := french.Words(v)
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

// NGram is the set of the pairs of letters of a value, folded and without spaces: it forgives a cut or a swapped word.
func NGram(v string) string {
	letters := []rune(strings.Join(french.Words(v), ""))
	if len(letters) < 2 {
		return string(letters)
	}
	pairs := make([]string, 0, len(letters))
	for i := 1; i < len(letters); i++ {
		pairs = append(pairs, string(letters[i-1:i+1]))
	}
	slices.Sort(pairs)
	return strings.Join(slices.Compact(pairs), "")
}

// sounds are rewritten in order: groups of letters a French ear hears as one.
var sounds = strings.NewReplacer("eaux", "o", "eau", "o", "aux", "o", "au", "o", "ph", "f", "qu", "k", "ck", "k", "sch", "ch", "gn", "n",
	"ille", "y", "ain", "1", "ein", "1", "ean", "2", "aim", "1", "in", "1", "im", "1", "en", "2", "em", "2", "an", "2", "am", "2", "on", "3", "om", "3",
	"oeu", "e", "eu", "e", "ai", "e", "ei", "e", "oi", "4", "ou", "5", "ce", "se", "ci", "si", "cy", "si", "ge", "je", "gi", "ji", "gy", "ji",
	"ch", "6", "c", "k", "q", "k", "h", "", "y", "i", "z", "s")

// Phonetic is what a French ear may hear of a value: words that sound alike share it, "Dupond" and "Dupont", "Gauthier"
// and "Gautier". It is a proposal: words that differ may share it too.
func Phonetic(v string) string {
	words := french.Words(v)
	for i, w := range words {
		if digitsOf(w) != "" {
			continue
		}
		w = strings.TrimRight(w, "sxz")
		w = strings.TrimRight(w, "tdp")
		if len(w) > 2 {
			w = strings.TrimSuffix(w, "e")
		}
		w = sounds.Replace(w)
		words[i] = string(slices.Compact([]byte(w)))
	}
	return strings.Join(words, " ")
}
