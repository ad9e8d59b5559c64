package catalogue

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"cultured/internal/french"
)

// spot is a document found. It holds no pointer: thousands are made per search, few are looked at twice.
type spot struct {
	seg   int32
	doc   int32
	key   int64 // the smaller the earlier; documents with the same key are compared in full
	score float64
}

// best keeps the first n spots of any number, in an order: sorting ten thousand records to show twenty would be most of
// a search.
type best struct {
	n       int
	seen    int
	kept    []spot
	full    bool // kept[n-1] is a bar that newcomers must pass
	compare func(a, b spot) int
}

func (b *best) add(h spot) {
	b.seen++
	if b.full {
		if bar := b.kept[b.n-1]; h.key > bar.key || h.key == bar.key && b.compare(h, bar) >= 0 {
			return
		}
	}
	if b.kept = append(b.kept, h); len(b.kept) >= 2*b.n+64 {
		b.cut()
	}
}

func (b *best) cut() {
	slices.SortFunc(b.kept, b.compare)
	if len(b.kept) >= b.n {
		b.kept, b.full = b.kept[:b.n], true
	}
}

func (b *best) sorted() []spot {
	b.cut()
	return b.kept
}

func (s *search) document(h spot) *document { return s.x.segments()[h.seg].docs[h.doc] }

func (s *search) hit(h spot) Hit {
	d := s.document(h)
	r, mark := d.record, d.serial<<1
	if p, ok := r.Public(); ok && d.public && !r.MaySee(s.viewer) {
		r, mark = p, mark|1
	}
	return Hit{Record: r, Rank: h.score, Score: ScoreOf(r, s.x.now), Public: d.public, Mark: mark}
}

// collect gathers the first n visible documents with at least that many words and in the chosen facets, counts them all,
// and counts the facets.
func (s *search) collect(least uint16, n int) (*best, []*tally) {
	found := &best{n: n, compare: s.compare}
	var tallies []*tally
	for i, seg := range s.x.segments() {
		t := newTally(seg, s.query.Facets)
		tallies = append(tallies, t)
		for j, visible := range s.visible[i] {
			if !visible || least > 0 && s.matched[i][j] < least || !t.admit(int32(j)) {
				continue
			}
			h := spot{seg: int32(i), doc: int32(j)}
			if least > 0 {
				// Rounded, so that adding in another order cannot shuffle a page.
				h.score = math.Round(s.score[i][j]*1e6) / 1e6 * float64(s.matched[i][j])
			}
			h.key = s.key(h)
			found.add(h)
		}
	}
	return found, tallies
}

// key is the first thing the order looks at.
func (s *search) key(h spot) int64 {
	switch s.query.Sort {
	case SortTitle:
		return s.document(h).titleKey
	case SortQuality:
		return -int64(s.document(h).met)
	case SortUpdated:
		return -s.x.segments()[h.seg].updated[h.doc]
	}
	if s.score[0] == nil {
		return -s.x.segments()[h.seg].updated[h.doc]
	}
	return -int64(h.score * 1e6)
}

// compare never says that two documents are equal: pages never shuffle.
func (s *search) compare(a, b spot) int {
	if c := cmp.Compare(a.key, b.key); c != 0 {
		return c
	}
	x, y := s.document(a), s.document(b)
	if s.query.Sort != SortTitle && a.seg == b.seg {
		order := s.x.segments()[a.seg].order
		return cmp.Compare(order[a.doc], order[b.doc])
	}
	if s.query.Sort == SortTitle {
		if c := strings.Compare(x.title, y.title); c != 0 {
			return c
		}
		if c := french.Compare(x.record.Title, y.record.Title); c != 0 {
			return c
		}
	}
	return byRank(x, y)
}
