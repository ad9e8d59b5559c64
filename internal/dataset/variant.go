package dataset

import (
	"strings"

	"cultured/internal/finding"
	"cultured/internal/french"
)

// variantLimit is how many different values a column may have to be looked at as a list of categories.
const variantLimit = 3000

// typoLimit is how many different values are compared two by two.
const typoLimit = 400

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

func (o *opinion) findTypos(leaders []ValueCount, out map[string]variant) {
	if len(leaders) > typoLimit {
		return
	}
	for i := len(leaders) - 1; i > 0; i-- {
		rare := leaders[i]
		if rare.Count > 3 || runesOf(rare.Value) < 6 || strings.ContainsAny(rare.Value, "0123456789") {
			continue
		}
		key := french.Fold(rare.Value)
		for _, lead := range leaders[:i] {
			if lead.Count < 10*rare.Count {
				break
			}
			if french.Distance(key, french.Fold(lead.Value), 1) == 1 {
				out[rare.Value] = variant{lead.Value, "dataset.near_value", finding.Info, false}
				break
			}
		}
	}
}

// looseKey is what two spellings share when case, accents, apostrophes, hyphens and spaces do not count.
func looseKey(v string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) || r == '\'' || r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, french.Fold(v))
}

// sameLetters says whether two spellings differ by case and spaces only: accents are the same.
func sameLetters(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), ""), strings.Join(strings.Fields(b), ""))
}
