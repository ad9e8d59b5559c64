package competency

import (
	"maps"
	"slices"
	"strings"

	"cultured/internal/french"
)

// A Pair is what stands on one line when two frameworks are put side by side: two competences that answer each other, or one alone.
type Pair struct {
	Left, Right Item      // the zero Item on the side that has nothing
	Link        Alignment // as the left side would say it; the zero Alignment when nobody drew one
	Near        float64   // share of the words they have in common, over 0 and up to 1, where only their words bring them together
}

// Both reports whether the line has a competence on each side.
func (p Pair) Both() bool { return p.Left.ID != "" && p.Right.ID != "" }

// nearEnough is the share of common words from which two competences are proposed as answering each other: about two in three.
const nearEnough = 0.6

// Beside puts the competences in force of two frameworks side by side: first the left ones in their order, each with those of the right
// that an alignment of either side links to it, else the one whose name has the most words in common (if they are each other's best, and
// enough), else nothing; then those of the right that no line has. A competence linked to several has several lines.
func (a Address) Beside(left, right Framework) []Pair {
	ours, theirs := inForce(left), inForce(right)
	linked := map[ItemID]bool{}
	pairs := map[ItemID][]Pair{}
	for _, l := range ours {
		for _, r := range theirs {
			link, ok := a.between(left, right, l, r)
			if ok {
				pairs[l.ID] = append(pairs[l.ID], Pair{Left: l, Right: r, Link: link})
				linked[l.ID], linked[r.ID] = true, true
			}
		}
	}
	for l, p := range alike(ours, theirs, linked) {
		pairs[l] = []Pair{p}
		linked[p.Right.ID] = true
	}
	var out []Pair
	for _, l := range ours {
		if found := pairs[l.ID]; len(found) > 0 {
			out = append(out, found...)
		} else {
			out = append(out, Pair{Left: l})
		}
	}
	for _, r := range theirs {
		if !linked[r.ID] {
			out = append(out, Pair{Right: r})
		}
	}
	return out
}

func inForce(f Framework) []Item {
	return slices.DeleteFunc(slices.Clone(f.Items), func(it Item) bool { return it.Kind != Competence || it.Retired })
}

// between finds the alignment that links two items, drawn on either side; false when there is none.
func (a Address) between(left, right Framework, l, r Item) (Alignment, bool) {
	if i := slices.IndexFunc(l.Alignments, func(al Alignment) bool { return a.names(al, right, r) }); i >= 0 {
		return l.Alignments[i], true
	}
	if i := slices.IndexFunc(r.Alignments, func(al Alignment) bool { return a.names(al, left, l) }); i >= 0 {
		link := r.Alignments[i]
		switch link.Match { // seen from the other side
		case Broad:
			link.Match = Narrow
		case Narrow:
			link.Match = Broad
		}
		return link, true
	}
	return Alignment{}, false
}

// names reports whether an alignment is with that item: by its address here or where it was made, else by its code in a scheme called like
// the framework.
func (a Address) names(al Alignment, f Framework, it Item) bool {
	if al.URI != "" && (al.URI == it.URI || al.URI == a.itemHere(f.ID, it.ID)) {
		return true
	}
	called := french.Fold(SchemeName(al.Scheme))
	return al.Code != "" && al.Code == it.Code && slices.ContainsFunc(slices.Collect(maps.Values(f.Title)), func(title string) bool {
		return french.Fold(title) == called
	})
}

// alike pairs by their words what no alignment links, by the left one's identifier.
func alike(ours, theirs []Item, linked map[ItemID]bool) map[ItemID]Pair {
	left, right := map[ItemID]Pair{}, map[ItemID]Pair{}
	for _, l := range ours {
		for _, r := range theirs {
			if linked[l.ID] || linked[r.ID] {
				continue
			}
			p := Pair{Left: l, Right: r, Near: likeness(l.Label, r.Label)}
			if p.Near < nearEnough {
				continue
			}
			if p.Near > left[l.ID].Near {
				left[l.ID] = p
			}
			if p.Near > right[r.ID].Near {
				right[r.ID] = p
			}
		}
	}
	maps.DeleteFunc(left, func(id ItemID, p Pair) bool { return right[p.Right.ID].Left.ID != id })
	return left
}

// likeness is the share of words two names have in common, 0 to 1 (Dice), in the language where it is greatest.
func likeness(a, b Text) float64 {
	best := 0.0
	for lang, one := range a {
		x, y := stems(one), stems(b[lang])
		if len(x) == 0 || len(y) == 0 {
			continue
		}
		common := 0
		for w := range x {
			if y[w] {
				common++
			}
		}
		best = max(best, 2*float64(common)/float64(len(x)+len(y)))
	}
	return best
}

func stems(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range french.Words(strings.TrimSpace(s)) {
		if !french.Stop(w) {
			out[french.Stem(w)] = true
		}
	}
	return out
}
