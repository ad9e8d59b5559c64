package dataset

import (
	"maps"
	"math/bits"
	"slices"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/french"
)

// variantLimit is how many different values a column may have to be looked at as a list of categories.
const variantLimit = 3000

// A variant is another spelling of a value.
type variant struct {
	to       string
	reason   string
	severity finding.Severity
	sure     bool
}

// findVariants finds the spellings that differ by case, accents, apostrophes, hyphens and spaces from a more frequent
// one, and those one typing mistake away from a much more frequent one. Columns of codes, addresses, free texts and
// person names are left alone.
func (o *opinion) findVariants(values int64) map[string]variant {
	g := o.gathered
	switch o.profile.Semantic {
	case SemanticNone, SemanticCommuneName, SemanticDepartmentName, SemanticRegionName, SemanticTitle, SemanticSex:
	default:
		return nil
	}
	if o.profile.Type != TypeText || g.tally.pruned || o.profile.Distinct < 2 || o.profile.Distinct > variantLimit ||
		o.profile.Distinct*3 > values*2 || o.profile.Lengths.Mean > 60 {
		return nil
	}
	out := map[string]variant{}
	all := g.tally.values()
	best := map[string]ValueCount{} // most frequent spelling of each key: values come in that order
	var leaders []ValueCount
	for _, v := range all {
		c := describeCell(v.Value)
		if c.kind != kindText && c.kind != kindBoolean || c.flags.has(flagMojibake) {
			continue
		}
		key := looseKey(c.text)
		if key == "" {
			continue
		}
		lead, ok := best[key]
		if !ok {
			if trimmed := trimAll(v.Value); trimmed != v.Value {
				v.Value = trimmed // the spelling kept has no spaces around
			}
			best[key] = v
			leaders = append(leaders, v)
			continue
		}
		if trimAll(v.Value) == lead.Value {
			continue // told as spaces
		}
		sure := lead.Count >= 2*v.Count && sameLetters(lead.Value, v.Value) || lead.Count >= 5*v.Count && lead.Count >= 10
		out[v.Value] = variant{lead.Value, "dataset.variant", finding.Warning, sure}
	}
	o.findTypos(leaders, out)
	return out
}

// findTypos finds, among the spellings that lead theirs, the most frequent first, those met once or twice and a typing
// mistake away from one that is much more frequent: ten times, and ten times at least. What differs by a digit is a code or
// a number, what differs by an ending may be a plural or a feminine; and when many values are that close to others, it is
// how the data is.
func (o *opinion) findTypos(leaders []ValueCount, out map[string]variant) {
	words := make([]foldedValue, len(leaders))
	for i, v := range leaders {
		words[i] = newFoldedValue(v.Value)
	}
	found := map[string]variant{}
	for i := len(leaders) - 1; i > 0 && leaders[i].Count <= 2; i-- {
		rare := &words[i]
		if rare.runes < 6 || rare.digits {
			continue
		}
		for k := range i {
			if leaders[k].Count < 10*max(leaders[i].Count, 1) {
				break
			}
			if rare.near(&words[k]) {
				found[leaders[i].Value] = variant{leaders[k].Value, "dataset.near_value", finding.Info, false}
				break
			}
		}
	}
	if len(found) <= max(2, len(leaders)/20) {
		maps.Copy(out, found)
	}
}

// A foldedValue is a value made ready to be compared with many.
type foldedValue struct {
	text   string
	runes  int
	digits bool
	has    uint32 // which letters it holds
}

func newFoldedValue(v string) foldedValue {
	f := foldedValue{text: french.Fold(v), digits: strings.ContainsAny(v, "0123456789")}
	for _, r := range f.text {
		f.runes++
		if r >= 'a' && r <= 'z' {
			f.has |= 1 << (r - 'a')
		}
	}
	return f
}

// near says whether f is one typing mistake away from other; two when it is long.
func (f *foldedValue) near(other *foldedValue) bool {
	most := 1
	if f.runes >= 14 {
		most = 2
	}
	if other.digits || abs(f.runes-other.runes) > most || bits.OnesCount32(f.has^other.has) > 2*most {
		return false
	}
	d := french.Distance(f.text, other.text, most)
	return d >= 1 && d <= most && !sameStems(f.text, other.text)
}

// sameStems says whether two texts differ by the endings of their words only.
func sameStems(a, b string) bool {
	x, y := french.Words(a), french.Words(b)
	return slices.EqualFunc(x, y, func(v, w string) bool {
		return v == w || ending(v, w) || ending(w, v)
	})
}

// ending says whether long is short in the plural, in the feminine, or in both.
func ending(long, short string) bool {
	rest, ok := strings.CutPrefix(long, short)
	return ok && (rest == "s" || rest == "x" || rest == "e" || rest == "es")
}

// sameLetters says whether two spellings differ by case and spaces only: accents are the same.
func sameLetters(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), ""), strings.Join(strings.Fields(b), ""))
}
