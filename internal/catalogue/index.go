package catalogue

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cultured/internal/actor"
	"cultured/internal/french"
)

// An Index answers searches over a set of records. It is immutable: [Index.With] gives another, and any number of
// goroutines may search one. It keeps a large base segment and a small recent one, so that a change to one record costs
// the recent segment only; the two are joined when the recent one grows.
type Index struct {
	now    time.Time
	base   *segment
	recent *segment
	gone   []bool // documents of base that the recent segment replaces, or that were removed
	length int64  // words of the living documents, weighted
	living int
}

// recentMost is how many records the recent segment may hold before it is joined to the base.
const recentMost = 256

// Weights of a word by the field it stands in.
const (
	weightTitle       = 5
	weightKeyword     = 3
	weightColumn      = 2
	weightDescription = 1
)

// A document is one view of a record: what its organisation sees, what the public sees, or both when they are the same.
type document struct {
	serial   uint64 // of all documents this program indexed
	id       ID
	record   Record
	public   bool // everybody sees it
	working  bool // colleagues see it
	shadowed bool // a snapshot right behind the working document of its record: who sees that one does not see this one
	title    string
	titleKey int64 // first letters of title, in its order
	updated  int64 // Unix seconds
	met      int
	terms    []termCount
	length   int32
	facets   [facetCount][]string
}

type termCount struct {
	word, stem string
	weight     int32
}

type posting struct {
	doc    int32
	weight int32
}

// segment is an inverted index over some documents.
type segment struct {
	docs   []*document
	words  []string // folded, sorted
	masks  []uint64 // letters of each word
	term   []int32  // of each word: its stem
	stems  map[string]int32
	stem   []string    // name of each stem
	lists  [][]posting // by stem, by ascending document
	values [facetCount][]string
	facets [facetCount]places
	// Of each document, side by side: searches read these of every document.
	public  []bool
	updated []int64
	order   []int32 // its place by byRank
}

// places are the facet values of each document: those of document i are of[from[i]:from[i+1]].
type places struct {
	of   []int32
	from []int32
}

func (p *places) at(i int32) []int32 { return p.of[p.from[i]:p.from[i+1]] }

// NewIndex indexes the records. now is when it is made: quality (is the update late?) is reckoned at that instant, so
// make a new index at least once a day. The records must not be changed afterwards.
func NewIndex(records []Record, now time.Time) *Index {
	var docs []*document
	p := pool{}
	for _, r := range records {
		docs = append(docs, p.terms(documents(p.lean(r), now))...)
	}
	x := &Index{now: now, base: newSegment(docs), recent: newSegment(nil)}
	x.count()
	return x
}

// With returns an index where changed records replace those of the same ID, new ones are added and removed ones are
// gone. The receiver still answers as before.
func (x *Index) With(changed []Record, removed []ID) *Index {
	out := map[ID]bool{}
	for _, id := range removed {
		out[id] = true
	}
	for _, r := range changed {
		out[r.ID] = true
	}
	gone := make([]bool, len(x.base.docs))
	copy(gone, x.gone)
	for i, d := range x.base.docs {
		if out[d.id] {
			gone[i] = true
		}
	}
	recent := slices.DeleteFunc(slices.Clone(x.recent.docs), func(d *document) bool { return out[d.id] })
	p := pool{}
	for _, r := range changed {
		if !slices.Contains(removed, r.ID) {
			recent = append(recent, p.terms(documents(p.lean(r), x.now))...)
		}
	}
	next := &Index{now: x.now, base: x.base, gone: gone}
	if len(recent) > recentMost {
		var docs []*document
		for i, d := range x.base.docs {
			if !gone[i] {
				docs = append(docs, d)
			}
		}
		next.base, next.gone, recent = newSegment(append(docs, recent...)), nil, nil
	}
	next.recent = newSegment(recent)
	next.count()
	return next
}

// Len is the number of documents: a record that was edited since its publication counts twice.
func (x *Index) Len() int { return x.living }

func (x *Index) count() {
	for s, seg := range x.segments() {
		for i, d := range seg.docs {
			if !x.dead(s, i) {
				x.living++
				x.length += int64(d.length)
			}
		}
	}
}

func (x *Index) segments() [2]*segment { return [2]*segment{x.base, x.recent} }

func (x *Index) dead(seg, doc int) bool { return seg == 0 && doc < len(x.gone) && x.gone[doc] }

// goneIn tells which documents of the segment are gone; it may be shorter than the segment.
func (x *Index) goneIn(seg int) []bool {
	if seg == 0 {
		return x.gone
	}
	return nil
}

// documents makes the one or two views of a record.
func documents(r Record, now time.Time) []*document {
	public, ok := r.Public()
	if !ok {
		return []*document{newDocument(r, now, false, true)}
	}
	if r.State == StatePublished {
		d := newDocument(public, now, true, true)
		d.record = r
		return []*document{d}
	}
	p := newDocument(public, now, true, false)
	p.shadowed = true
	return []*document{newDocument(r, now, false, true), p}
}

var serials atomic.Uint64

func newDocument(r Record, now time.Time, public, working bool) *document {
	score := ScoreOf(r, now)
	d := &document{serial: serials.Add(1), id: r.ID, record: r, public: public, working: working, title: french.Fold(r.Title),
		updated: r.Updated().Unix(), met: score.Met}
	d.titleKey = letterKey(d.title)
	d.facets = facetsOf(r, score)
	counts := map[string]int32{}
	var words []string
	add := func(s string, weight int32) {
		words = french.AppendWords(words[:0], s)
		for _, w := range words {
			if !french.Stop(w) {
				counts[w] += weight
			}
		}
	}
	add(r.Title, weightTitle)
	for _, k := range r.Keywords {
		add(k, weightKeyword)
	}
	for _, c := range r.Columns {
		add(c.Name+" "+c.Title, weightColumn)
	}
	for _, s := range []string{r.Description, r.Purpose, r.Limits, r.Origin, r.ServiceName, r.Spatial.Name,
		r.Spatial.Code, r.Schema.Name, r.Schema.Title} {
		add(s, weightDescription)
	}
	for _, t := range r.Themes {
		add(label("fr", t.Key()), weightDescription)
	}
	for _, w := range slices.Sorted(maps.Keys(counts)) {
		d.terms = append(d.terms, termCount{w, french.Stem(w), counts[w]})
		d.length += counts[w]
	}
	return d
}

func newSegment(docs []*document) *segment {
	s := &segment{docs: docs, stems: map[string]int32{}}
	words := map[string]int32{}
	for i, d := range docs {
		s.public, s.updated = append(s.public, d.public), append(s.updated, d.updated)
		for _, t := range d.terms {
			stem, ok := s.stems[t.stem]
			if !ok {
				stem = int32(len(s.lists))
				s.stems[t.stem] = stem
				s.lists, s.stem = append(s.lists, nil), append(s.stem, t.stem)
			}
			words[t.word] = stem
			list := s.lists[stem]
			if n := len(list); n > 0 && list[n-1].doc == int32(i) {
				list[n-1].weight += t.weight // two forms of one word in one document
				continue
			}
			s.lists[stem] = append(list, posting{int32(i), t.weight})
		}
	}
	s.words = slices.Sorted(maps.Keys(words))
	s.masks, s.term = make([]uint64, len(s.words)), make([]int32, len(s.words))
	for i, w := range s.words {
		s.masks[i], s.term[i] = letters(w), words[w]
	}
	s.indexFacets()
	s.indexOrder()
	return s
}

func (s *segment) indexOrder() {
	sorted := make([]int32, len(s.docs))
	for i := range sorted {
		sorted[i] = int32(i)
	}
	slices.SortFunc(sorted, func(a, b int32) int { return byRank(s.docs[a], s.docs[b]) })
	s.order = make([]int32, len(s.docs))
	for place, i := range sorted {
		s.order[i] = int32(place)
	}
}

// letters is the set of the letters of a word, as bits: two words one typo apart differ by at most two of them.
func letters(w string) uint64 {
	var m uint64
	for i := 0; i < len(w); i++ {
		m |= 1 << (w[i] & 63)
	}
	return m
}

// prefixed lists the stems of the words that start with prefix.
func (s *segment) prefixed(prefix string) []int32 {
	i, _ := slices.BinarySearch(s.words, prefix)
	var stems []int32
	for ; i < len(s.words) && strings.HasPrefix(s.words[i], prefix); i++ {
		if !slices.Contains(stems[max(0, len(stems)-64):], s.term[i]) {
			stems = append(stems, s.term[i])
		}
	}
	return stems
}

// seenBy is [Record.MaySee] for the public part too, without copying a record per question.
func (d *document) seenBy(by actor.Actor, steward bool) bool {
	if d.public {
		return true
	}
	r := &d.record
	if !by.Known() || by.Organisation != r.Organisation {
		return false
	}
	return steward || r.Shared || by.ID == r.Author || r.Service != "" && by.Service == r.Service
}

// near calls found with each word one typo away from w: a letter more, less or other, or two neighbours swapped.
func (s *segment) near(w string, found func(word string, stem int32)) {
	mask := letters(w)
	for i, m := range s.masks {
		if bits.OnesCount64(m^mask) <= 2 {
			if word := s.words[i]; abs(len(word)-len(w)) <= 1 && french.Distance(w, word, 1) == 1 {
				found(word, s.term[i])
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

// letterKey packs the first seven bytes of s into a positive number that sorts as they do.
func letterKey(s string) int64 {
	var k int64
	for i := range 7 {
		k <<= 8
		if i < len(s) {
			k |= int64(s[i])
		}
	}
	return k
}

// byRank orders documents that are otherwise equal: the most recent first, then by ID, so that pages never shuffle.
func byRank(a, b *document) int {
	if c := cmp.Compare(b.updated, a.updated); c != 0 {
		return c
	}
	return strings.Compare(string(a.id), string(b.id))
}
