package catalogue

import (
	"math"
	"slices"
	"strings"
	"sync"

	"cultured/internal/actor"
	"cultured/internal/french"
)

// A Hit is one record found, as the viewer may see it: the working copy for colleagues, the snapshot for the public.
// Its slices belong to the index and must not be changed.
type Hit struct {
	Record Record
	Rank   float64 // the higher the better; 0 without words; only comparable within one result
	Score  Score
	Public bool   // the record is what everybody sees
	Mark   uint64 // another whenever anything above but Rank is another, for the life of the program: what is made of a hit may be kept by it
}

// A Correction says that a word nobody wrote was taken for another.
type Correction struct {
	From string
	To   string
}

// A Result answers a [Query].
type Result struct {
	Total     int
	Hits      []Hit
	Facets    []Facet // the nine, in the order of [FacetNames]
	Corrected []Correction
	Relaxed   bool // no record has all the words: those with some of them are shown
	Page      int  // as asked, but not beyond the last
	Pages     int  // at least 1
	PerPage   int
}

// BM25's usual constants.
const (
	bm25K = 1.2
	bm25B = 0.6
)

// Factors of a word that is not exactly the one asked for.
const (
	factorPrefix = 0.6
	factorTypo   = 0.5
)

// search is one question being answered.
type search struct {
	x       *Index
	viewer  actor.Actor
	query   Query
	visible [2][]bool
	score   [2][]float64 // nil without words
	matched [2][]uint16  // how many words each document has
	best    [2][]float64
	paper   [2]*paper
}

// paper is what a search notes of every document of a segment. It is used again: two hundred kilobytes for each search
// of ten thousand records would be most of what the collector has to do.
type paper struct {
	visible     []bool
	score, best []float64
	matched     []uint16
}

var papers = sync.Pool{New: func() any { return new(paper) }}

// blank is a list of n zeroes, in the place of old if it fits.
func blank[T any](old []T, n int) []T {
	if old == nil || cap(old) < n { // never nil: nil says that nothing was noted
		return make([]T, n)
	}
	old = old[:n]
	clear(old)
	return old
}

// Search answers q for the viewer, who sees nothing else: not in hits, not in counts, not in corrections.
// The zero viewer is the public.
func (x *Index) Search(q Query, viewer actor.Actor) Result {
	s := &search{x: x, viewer: viewer, query: q.bounded()}
	for i := range s.paper {
		s.paper[i] = papers.Get().(*paper)
		defer papers.Put(s.paper[i])
	}
	s.see()
	words, last := queryWords(q.Text)
	var result Result
	if len(words) > 0 {
		for i := range 2 {
			n, p := len(x.segments()[i].docs), s.paper[i]
			p.score, p.best, p.matched = blank(p.score, n), blank(p.best, n), blank(p.matched, n)
			s.score[i], s.best[i], s.matched[i] = p.score, p.best, p.matched
		}
		for i, w := range words {
			if c, ok := s.word(w, i == last); ok {
				result.Corrected = append(result.Corrected, c)
			}
		}
	}
	least := uint16(len(words))
	if least > 1 && !s.any(least) {
		least, result.Relaxed = 1, true
	}
	result.PerPage, result.Page = s.query.PerPage, s.query.Page
	for {
		found, tallies := s.collect(least, result.Page*result.PerPage)
		result.Total = found.seen
		result.Pages = max(1, (result.Total+result.PerPage-1)/result.PerPage)
		if result.Page > result.Pages {
			result.Page = result.Pages
			continue
		}
		result.Facets = facets(tallies, s.query.Facets)
		spots := found.sorted()
		spots = spots[min(len(spots), (result.Page-1)*result.PerPage):]
		result.Hits = make([]Hit, 0, len(spots))
		for _, h := range spots {
			result.Hits = append(result.Hits, s.hit(h))
		}
		break
	}
	result.Relaxed = result.Relaxed && result.Total > 0
	return result
}

// see marks what the viewer may see.
func (s *search) see() {
	steward := s.viewer.Is(actor.Steward) || s.viewer.Is(actor.DPO)
	for i, seg := range s.x.segments() {
		seen := blank(s.paper[i].visible, len(seg.docs))
		s.paper[i].visible = seen
		if !s.viewer.Known() && s.query.Organisation == "" {
			copy(seen, seg.public)
			for j, gone := range s.x.goneIn(i) {
				seen[j] = seen[j] && !gone
			}
			s.visible[i] = seen
			continue
		}
		for j, d := range seg.docs {
			if s.x.dead(i, j) || s.query.Organisation != "" && d.record.Organisation != s.query.Organisation {
				continue
			}
			seen[j] = d.seenBy(s.viewer, steward) && !(d.shadowed && seen[j-1])
		}
		s.visible[i] = seen
	}
}

// queryWords cuts the text. last is the place of the word still being typed, -1 if the text ends otherwise.
func queryWords(text string) (words []string, last int) {
	all := french.Words(clip(text, queryLongest))
	open := text != "" && strings.TrimRight(text, " \t\n\u00a0") == text
	for i, w := range all {
		if len(words) == wordsMost {
			break
		}
		typing := open && i == len(all)-1
		if (!french.Stop(w) || typing && len(all) == 1) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	if open && len(words) > 0 && len(all) > 0 && words[len(words)-1] == all[len(all)-1] {
		return words, len(words) - 1
	}
	return words, -1
}

// list is the documents of one stem of one segment, taken for a word of the query with a factor.
type list struct {
	seg    int
	stem   int32
	factor float64
}

// word adds one word of the query: as it is, as the beginning of others if it is being typed, else one typo away.
func (s *search) word(w string, typing bool) (Correction, bool) {
	var lists []list
	exact := false
	for i, seg := range s.x.segments() {
		if stem, ok := seg.stems[french.Stem(w)]; ok && s.seen(i, stem) {
			lists = append(lists, list{i, stem, 1})
			exact = true
		}
		if typing && len(w) >= 2 {
			for _, stem := range seg.prefixed(w) {
				if s.seen(i, stem) {
					lists = append(lists, list{i, stem, factorPrefix})
				}
			}
		}
	}
	var correction Correction
	if len(lists) == 0 && len(w) >= 4 && !strings.ContainsAny(w, "0123456789") {
		lists, correction = s.corrected(w)
	}
	s.add(lists)
	return correction, !exact && correction.To != ""
}

// corrected takes every visible word one typo away; the correction named is the one most records have.
func (s *search) corrected(w string) ([]list, Correction) {
	var lists []list
	counts := map[string]int{}
	for i, seg := range s.x.segments() {
		seg.near(w, func(word string, stem int32) {
			n := s.countSeen(i, stem)
			if n == 0 {
				return
			}
			counts[word] += n
			lists = append(lists, list{i, stem, factorTypo})
		})
	}
	c := Correction{From: w}
	for word, n := range counts {
		if c.To == "" || n > counts[c.To] || n == counts[c.To] && word < c.To {
			c.To = word
		}
	}
	return lists, c
}

func (s *search) seen(seg int, stem int32) bool {
	for _, p := range s.x.segments()[seg].lists[stem] {
		if s.visible[seg][p.doc] {
			return true
		}
	}
	return false
}

func (s *search) countSeen(seg int, stem int32) (n int) {
	for _, p := range s.x.segments()[seg].lists[stem] {
		if s.visible[seg][p.doc] {
			n++
		}
	}
	return n
}

// add scores a word: each document takes its best list, and each stem is as rare as it is in both segments together.
func (s *search) add(lists []list) {
	segments := s.x.segments()
	stemOf := func(l list) string { return segments[l.seg].stem[l.stem] }
	rare := map[string]int{}
	for _, l := range lists {
		rare[stemOf(l)] = 0
	}
	for stem := range rare {
		for i, seg := range segments {
			if t, ok := seg.stems[stem]; ok {
				rare[stem] += s.countSeen(i, t)
			}
		}
	}
	average := float64(s.x.length) / float64(max(1, s.x.living))
	var touched [2][]int32
	for _, l := range lists {
		df := float64(rare[stemOf(l)])
		idf := math.Log(1 + (float64(s.x.living)-df+0.5)/(df+0.5))
		for _, p := range segments[l.seg].lists[l.stem] {
			if !s.visible[l.seg][p.doc] {
				continue
			}
			tf := float64(p.weight)
			long := 1 - bm25B + bm25B*float64(segments[l.seg].docs[p.doc].length)/average
			score := l.factor * idf * tf * (bm25K + 1) / (tf + bm25K*long)
			if s.best[l.seg][p.doc] == 0 {
				touched[l.seg] = append(touched[l.seg], p.doc)
			}
			s.best[l.seg][p.doc] = max(s.best[l.seg][p.doc], score)
		}
	}
	for i := range 2 {
		for _, d := range touched[i] {
			s.score[i][d] += s.best[i][d]
			s.matched[i][d]++
			s.best[i][d] = 0
		}
	}
}

func (s *search) any(least uint16) bool {
	return slices.ContainsFunc(s.matched[0], func(m uint16) bool { return m >= least }) ||
		slices.ContainsFunc(s.matched[1], func(m uint16) bool { return m >= least })
}
