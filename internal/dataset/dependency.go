package dataset

import (
	"cmp"
	"slices"
)

// A RelationKind says what one column tells of another.
type RelationKind string

// The kinds of relations.
const (
	RelationLabel  RelationKind = "label"  // a code tells its label
	RelationParent RelationKind = "parent" // a code tells another: a commune its department
	RelationCode   RelationKind = "code"   // a label tells its code: not kept in profiles
)

// A Relation is a functional dependency: rows with one value of From hold one value of To, but for few. It is stored and
// shown: its JSON names are stable.
type Relation struct {
	From       string       `json:"from"`
	To         string       `json:"to"`
	Kind       RelationKind `json:"kind"`
	Values     int64        `json:"values"`     // different values of From
	Rows       int64        `json:"rows"`       // that prove it: those beyond the first of their value
	Exceptions int64        `json:"exceptions"` // rows that say otherwise than most rows of their value
	Missing    int64        `json:"missing"`    // rows without To, though all others with their value say the same
}

// Bounds of a relation worth telling, and of an exception worth looking at.
const (
	relationValues  = 3   // of From that come twice
	relationRows    = 20  // that prove it
	relationErrors  = 100 // one exception in so many rows, at most
	relationGain    = 10  // times fewer errors than by saying the most frequent value each time
	relationsKept   = 20
	exceptionRows   = 3   // so many exceptions, or
	exceptionShare  = 200 // one in so many rows, are pointed out
	exceptionWeight = 5   // rows that say otherwise, for each exception; fewer where the names go together
)

// A link is a relation, and the groups of rows there is something to say about.
type link struct {
	Relation
	from, to int
	named    bool
	watched  map[uint64]watch // loose hash of From
}

// A watch is what is told about the rows of a group.
type watch struct {
	usual     uint32 // what most rows hold, as groups keep it
	words     string // the same, in its most frequent spelling
	rows      uint32 // that hold it
	conflicts bool   // what other rows hold is told
	missing   bool   // rows without a value are
	fills     bool   // and may be filled
	orphan    bool   // no row has a value, and that is told
}

// links sums up what was followed: the relations worth telling, those by name first.
func (r *relations) links(profile *Profile, columns []*gatherer) []*link {
	var out []*link
	for _, u := range r.rulers {
		for _, t := range u.told {
			if l := u.link(t, profile, columns); l != nil {
				out = append(out, l)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *link) int {
		first := func(l *link) int {
			if l.named {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	return out[:min(len(out), relationsKept)]
}

// A census counts the groups of a telling.
type census struct{ values, orphans, twice, rows, filled, blank, bad, missing int64 }

func (t *telling) census() (c census) {
	for i := range t.groups {
		g := &t.groups[i]
		n := int64(g.most + g.other + g.rest)
		c.filled, c.blank = c.filled+n, c.blank+int64(g.blank)
		if n == 0 {
			c.orphans++
			continue
		}
		c.values++
		c.rows += n - 1
		c.bad += int64(g.other + g.rest)
		if n > 1 {
			c.twice++
		}
		if g.sure() {
			c.missing += int64(g.blank)
		}
	}
	return c
}

// sure says whether all rows of a group that say something say the same, twice at least.
func (g *toldGroup) sure() bool { return g.most > 1 && g.other+g.rest == 0 }

// link is the relation that a telling proves; nil for none.
func (u *ruler) link(t *telling, profile *Profile, columns []*gatherer) *link {
	c := t.census()
	to := &profile.Columns[t.column]
	likely := t.named || t.kind == RelationParent // two exceptions in few rows prove nothing against it
	if c.twice < relationValues || c.rows < relationRows || c.bad*relationErrors > c.rows && (!likely || c.bad > 2) || len(to.Top) == 0 ||
		c.filled-to.Top[0].Count < relationGain*(c.bad+1) {
		return nil
	}
	if t.kind == RelationParent && !depends(profile.Columns[u.column].Semantic, to.Semantic) {
		return nil
	}
	if t.kind == RelationLabel && !t.named && to.Distinct*10 < c.values*6 {
		return nil // rows of many codes share it: no label of theirs
	}
	l := &link{from: u.column, to: t.column, named: t.named, watched: map[uint64]watch{}, Relation: Relation{From: profile.Columns[u.column].Name,
		To: to.Name, Kind: t.kind, Values: c.values, Rows: c.rows, Exceptions: c.bad, Missing: c.missing}}
	l.watch(u, t, c, columns)
	return l
}

// depends says whether one thing lies in only one other: an intercommunality may lie in two departments.
func depends(from, to Semantic) bool {
	switch from {
	case "commune", "siret", "uai", "finess":
		return to == "commune" && from != "commune" || to == "departement" || to == "region" || to == "epci" && from == "commune"
	case "departement":
		return to == "region"
	}
	return false
}

// watch notes the groups there is something to say about.
func (l *link) watch(u *ruler, t *telling, c census, columns []*gatherer) {
	conflicts := c.bad > 0 && c.bad <= max(exceptionRows, c.rows/exceptionShare)
	missing := l.named && l.Kind != RelationParent && c.missing > 0 && c.blank*9 <= c.filled
	orphans := l.named && l.Kind == RelationLabel && c.values >= 10 && c.blank*20 <= c.filled && c.orphans <= max(exceptionRows, c.values/50)
	if !conflicts && !missing && !orphans {
		return
	}
	words := columns[t.column].spellings()
	for i, key := range u.groups.keys {
		if key == 0 {
			continue
		}
		g := &t.groups[u.groups.at[i]]
		w := watch{usual: g.first, rows: g.most, words: words[g.first]}
		w.conflicts = conflicts && w.words != "" && g.against(l.named) && (l.Kind != RelationCode || oneAway(w.words, words[g.second]))
		w.missing = missing && w.words != "" && g.blank > 0 && g.sure()
		w.fills = w.missing && l.Kind == RelationLabel && g.most > 2
		w.orphan = orphans && g.blank > 0 && g.most == 0
		if w.conflicts || w.missing || w.orphan {
			l.watched[key] = w
		}
	}
}

// against says whether a row or two of the group go against many.
func (g *toldGroup) against(named bool) bool {
	switch {
	case g.other == 0 || g.other > 2 || g.rest > 0:
		return false
	case named && g.other == 1:
		return g.most >= 3
	}
	return g.most >= exceptionWeight*g.other
}

// spellings gives the most frequent spelling of each value kept, by what groups keep of its loose hash.
func (g *gatherer) spellings() map[uint32]string {
	out := make(map[uint32]string, len(g.tally.entries))
	counts := make(map[uint32]uint32, len(g.tally.entries))
	whole := string(g.tally.arena)
	for _, e := range g.tally.entries {
		v := told(e.loose)
		if e.size == isLong || e.count <= counts[v] {
			continue
		}
		out[v], counts[v] = trimAll(whole[e.at:e.at+uint32(e.size)]), e.count
	}
	return out
}
