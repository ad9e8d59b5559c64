package dataset

import (
	"slices"
	"strings"

	"cultured/internal/french"
	"cultured/internal/identifier"
	"cultured/internal/tabular"
)

// Bounds of what is followed to find which columns depend on others. A group is a value of the column they depend on:
// 24 bytes for each column that does.
const (
	pairLimit  = 24
	rulerLimit = 12
	groupLimit = 1 << 16
)

// A relations follows, while rows go by, which columns are told by another: a code and its label, a commune and its
// department. Pairs that do not hold are let go of early, so that following costs little.
type relations struct {
	rulers []*ruler
}

// A ruler is a column that may tell others.
type ruler struct {
	column int
	groups hashIndex
	told   []*telling
	rows   int64 // with a value
	last   uint64
	at     int32
}

// A telling is a column that another may tell.
type telling struct {
	column int
	kind   RelationKind
	named  bool // the two names say that they go together
	groups []toldGroup
	bad    int64 // rows that do not hold what most rows of their group hold
}

// A toldGroup counts what the rows of a group hold: its two first different values, the others together, none.
type toldGroup struct {
	first, second            uint32 // of their loose hashes
	most, other, rest, blank uint32
}

// add counts a row of the group, and says whether it goes against most others.
func (g *toldGroup) add(loose uint64) (against bool) {
	v := told(loose)
	switch {
	case loose == 0:
		g.blank++
	case g.most == 0 || v == g.first:
		g.first = v
		g.most++
	case g.other == 0 || v == g.second:
		g.second = v
		g.other++
		if g.other > g.most {
			g.first, g.second, g.most, g.other = g.second, g.first, g.other, g.most
			return false
		}
		return true
	default:
		g.rest++
		return true
	}
	return false
}

// prune lets go of what does not hold.
func (r *relations) prune() {
	r.rulers = slices.DeleteFunc(r.rulers, func(u *ruler) bool { return !u.prune() })
}

// add takes the n rows that the columns hold.
func (u *ruler) add(n int, columns []*gatherer) {
	keys := columns[u.column].loose[:n]
	for i, key := range keys {
		if key == 0 {
			continue
		}
		if key != u.last || u.rows == 0 {
			u.last, u.at = key, u.groups.find(key)
			for int(u.at) >= len(u.told[0].groups) {
				for _, t := range u.told {
					t.groups = append(t.groups, toldGroup{})
				}
			}
		}
		u.rows++
		for _, t := range u.told {
			if t.groups[u.at].add(columns[t.column].loose[i]) {
				t.bad++
			}
		}
	}
}

// prune lets go of the columns that are not told after all. It says whether there are some left.
func (u *ruler) prune() bool {
	if len(u.told) == 0 || len(u.told[0].groups) > groupLimit {
		return false
	}
	again := u.rows - int64(len(u.told[0].groups))
	if again < 100 {
		return true
	}
	u.told = slices.DeleteFunc(u.told, func(t *telling) bool { return t.bad*50 > again })
	return len(u.told) > 0
}

// choose picks the columns to follow by their names and their first values.
func (r *relations) choose(rows []tabular.Row, columns []*gatherer) {
	traits := make([]trait, len(columns))
	for i, g := range columns {
		traits[i] = newTrait(g.head, rows, i)
	}
	left := pairLimit
	for i := range traits {
		if !traits[i].code || len(r.rulers) >= rulerLimit {
			continue
		}
		u := &ruler{column: i}
		for _, named := range [...]bool{true, false} { // those whose names go together first
			for j := range traits {
				kind, ok := traits[i].tells(&traits[j])
				if j != i && ok && left > 0 && traits[i].named(&traits[j]) == named {
					u.told = append(u.told, &telling{column: j, kind: kind, named: named})
					left--
				}
			}
		}
		if len(u.told) > 0 {
			r.rulers = append(r.rulers, u)
		}
	}
	for _, u := range r.rulers { // a label tells its code back
		for _, t := range u.told {
			if t.named && t.kind == RelationLabel {
				r.rulers = append(r.rulers, &ruler{column: t.column, told: []*telling{{column: u.column, kind: RelationCode, named: true}}})
			}
		}
	}
}

// A trait is what the name and the first values of a column say of its part.
type trait struct {
	code, label, official bool   // official: a code of a public list
	stem                  string // what is left of the name without the words for codes and labels
}

// traitRows is how many rows make a trait.
const traitRows = 512

func newTrait(h header, rows []tabular.Row, column int) trait {
	var t trait
	filled, spaced, lettered, digits, mixed, official, size, fields := 0, 0, 0, 0, 0, 0, 0, 0
	for _, r := range rows[:min(len(rows), traitRows)] {
		if column >= len(r.Cells) || r.Cells[column] == "" {
			continue
		}
		v := strings.TrimFunc(r.Cells[column], isBlank)
		filled++
		size += len(v)
		seen := classesOf(v)
		letter, digit := seen&(isLetterByte|isHighByte) != 0, seen&isDigitByte != 0
		count := func(n *int, yes bool) {
			if yes {
				*n++
			}
		}
		count(&spaced, seen&isSpaceByte != 0)
		count(&lettered, letter)
		count(&digits, digit)
		count(&mixed, letter && digit && seen&(isSpaceByte|isHighByte) == 0)
		count(&fields, strings.ContainsAny(v, ",;/:@"))
		count(&official, h.holds(officialNames) && isOfficial(v))
	}
	most := func(n int) bool { return n*20 >= filled*19 }
	short := filled > 0 && size <= 24*filled && spaced*20 <= filled && fields*20 <= filled
	t.official = filled > 0 && most(official)
	t.code = short && (t.official || h.isCodeName() && most(digits) || size >= 3*filled && most(mixed))
	t.label = filled > 0 && !t.code && lettered*5 >= filled*4 && size <= 120*filled && size > 2*filled
	t.stem = stem(h)
	return t
}

// officialNames are names of columns that may hold codes of public lists.
const officialNames = "siret|siren|rna|uai|finess|epci|insee|codgeo|depcom|com|commune|departement|dep|dept|region|reg|code"

func isOfficial(v string) bool {
	for _, k := range [...]identifier.Kind{identifier.Commune, identifier.Department, identifier.Region, identifier.SIREN, identifier.SIRET, identifier.UAI,
		identifier.RNA, identifier.FINESS} {
		if identifier.Check(k, v) {
			return true
		}
	}
	return false
}

// tells says whether a column may tell another, and as what.
func (t *trait) tells(other *trait) (RelationKind, bool) {
	switch {
	case other.label:
		return RelationLabel, true
	case other.code && t.official && other.official:
		return RelationParent, true
	}
	return "", false
}

// named says whether two names only differ by the words for codes and labels.
func (t *trait) named(other *trait) bool { return t.stem == other.stem }

// stem is what is left of a name without the words for codes and labels.
func stem(h header) string {
	var out []string
	for w := range strings.FieldsSeq(h.spaced) {
		if stemWords[w] || french.Stop(w) {
			continue
		}
		for _, p := range [...]string{"libelle", "lib", "nom", "code", "cod"} {
			if rest, ok := strings.CutPrefix(w, p); ok && len(rest) >= 3 {
				w = rest
				break
			}
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

var stemWords = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq("code codes cod cd num numero no ref reference id identifiant insee libelle libelles lib nom noms label intitule " +
		"designation denomination name desc description affiche siren siret") {
		out[w] = true
	}
	return out
}()
