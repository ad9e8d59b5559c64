package catalogue

import (
	"cmp"
	"slices"
	"strings"
)

// Names of the facets: also the names of their parameters in the address bar.
const (
	FacetService   = "service"
	FacetTheme     = "theme"
	FacetLicence   = "licence"
	FacetFormat    = "format"
	FacetTerritory = "territory"
	FacetQuality   = "quality"
	FacetFrequency = "frequency"
	FacetState     = "state"
	FacetSchema    = "schema"
)

const facetCount = 9

var facetNames = [facetCount]string{FacetService, FacetTheme, FacetLicence, FacetFormat, FacetTerritory, FacetQuality,
	FacetFrequency, FacetState, FacetSchema}

// FacetNames lists the facets in the order pages show them.
func FacetNames() []string { return slices.Clone(facetNames[:]) }

// FacetValuesMost is how many values a facet lists, the chosen ones always among them.
const FacetValuesMost = 30

// A Facet is one way to narrow a search.
type Facet struct {
	Name   string
	Values []FacetValue // the most frequent first, then by value
}

// Label is the catalogue key of the facet's name.
func (f Facet) Label() string { return "catalogue.facet_" + f.Name }

// A FacetValue is one choice of a facet, with how many records it would leave given the other facets.
type FacetValue struct {
	Value  string
	Count  int
	Chosen bool
	Key    string // catalogue key of its label; "" when Text is what to show
	Text   string
}

// facetsOf lists the values of a record for each facet. A value that people read as it is carries its own text after a
// tab: "59009\tVilleneuve-d’Ascq".
func facetsOf(r Record, score Score) (f [facetCount][]string) {
	put := func(i int, values ...string) {
		for _, v := range values {
			if v != "" && !slices.Contains(f[i], v) {
				f[i] = append(f[i], v)
			}
		}
	}
	if r.Service != "" {
		put(0, r.Service+"\t"+orElse(r.ServiceName, r.Service))
	}
	for _, t := range r.Themes {
		put(1, string(t))
	}
	put(2, r.Licence)
	for _, res := range r.Resources {
		if res.Type != Documentation {
			put(3, FormatOf(res.Format).Name)
		}
	}
	if r.Spatial.Name != "" || r.Spatial.Code != "" {
		put(4, orElse(r.Spatial.Code, r.Spatial.Name)+"\t"+orElse(r.Spatial.Name, r.Spatial.Code))
	}
	put(5, string(score.Band()))
	put(6, r.Frequency)
	put(7, string(r.state()))
	if r.Schema.Name != "" {
		put(8, r.Schema.Name+"\t"+orElse(r.Schema.Title, r.Schema.Name))
	}
	return f
}

// facetKey gives the catalogue key or the text of a facet's value.
func facetKey(facet, value string) (key, text string) {
	switch facet {
	case FacetTheme:
		return Theme(value).Key(), ""
	case FacetQuality:
		return Band(value).Key(), ""
	case FacetState:
		return State(value).Key(), ""
	case FacetFrequency:
		if f, ok := FrequencyOf(value); ok {
			return f.Key(), ""
		}
	case FacetLicence:
		if l, ok := LicenceOf(value); ok {
			return "", l.Title
		}
	case FacetFormat:
		return "", strings.ToUpper(value)
	}
	return "", value
}

func (s *segment) indexFacets() {
	for f := range facetCount {
		known := map[string]int32{}
		at := &s.facets[f]
		at.from = append(at.from, 0)
		for _, d := range s.docs {
			for _, v := range d.facets[f] {
				p, ok := known[v]
				if !ok {
					p = int32(len(s.values[f]))
					known[v] = p
					s.values[f] = append(s.values[f], v)
				}
				at.of = append(at.of, p)
			}
			at.from = append(at.from, int32(len(at.of)))
		}
	}
}

// chosen marks, for each facet with a choice, which places of the segment's values are chosen; nil for no choice.
func (s *segment) chosen(choice map[string][]string) (marks [facetCount][]bool) {
	for f, name := range facetNames {
		wanted := choice[name]
		if len(wanted) == 0 {
			continue
		}
		marks[f] = make([]bool, len(s.values[f])+1) // never nil, even without values
		for i, v := range s.values[f] {
			value, _, _ := strings.Cut(v, "\t")
			marks[f][i] = slices.Contains(wanted, value)
		}
	}
	return marks
}

// tally counts facet values over the documents of one segment.
type tally struct {
	seg    *segment
	marks  [facetCount][]bool
	filter []int // facets with a choice
	counts [facetCount][]int32
}

func newTally(s *segment, choice map[string][]string) *tally {
	t := &tally{seg: s, marks: s.chosen(choice)}
	for f := range facetCount {
		t.counts[f] = make([]int32, len(s.values[f]))
		if t.marks[f] != nil {
			t.filter = append(t.filter, f)
		}
	}
	return t
}

// admit counts document i and reports whether it passes every facet. A facet counts what passes all the others, so that
// a second value of the same facet shows how much it would add.
func (t *tally) admit(i int32) bool {
	failed := -1
	for _, f := range t.filter {
		if !t.passes(f, i) {
			if failed >= 0 {
				return false
			}
			failed = f
		}
	}
	if failed >= 0 {
		t.add(failed, i)
		return false
	}
	for f := range facetCount {
		t.add(f, i)
	}
	return true
}

func (t *tally) passes(f int, i int32) bool {
	for _, p := range t.seg.facets[f].at(i) {
		if t.marks[f][p] {
			return true
		}
	}
	return false
}

func (t *tally) add(f int, i int32) {
	for _, p := range t.seg.facets[f].at(i) {
		t.counts[f][p]++
	}
}

// facets joins the tallies of both segments.
func facets(tallies []*tally, choice map[string][]string) []Facet {
	list := make([]Facet, 0, facetCount)
	for f, name := range facetNames {
		counts := map[string]int{}
		texts := map[string]string{}
		for _, t := range tallies {
			for i, v := range t.seg.values[f] {
				if t.counts[f][i] > 0 {
					value, text, _ := strings.Cut(v, "\t")
					counts[value] += int(t.counts[f][i])
					if old := texts[value]; old == "" || text < old {
						texts[value] = text
					}
				}
			}
		}
		for _, v := range choice[name] {
			counts[v] += 0 // a choice that leaves nothing stays visible, to be undone
		}
		facet := Facet{Name: name}
		for value, n := range counts {
			key, text := facetKey(name, value)
			if texts[value] != "" {
				text = texts[value]
			}
			facet.Values = append(facet.Values, FacetValue{value, n, slices.Contains(choice[name], value), key, text})
		}
		slices.SortFunc(facet.Values, func(a, b FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
		facet.Values = shortList(facet.Values)
		list = append(list, facet)
	}
	return list
}

// shortList keeps the first values and every chosen one.
func shortList(values []FacetValue) []FacetValue {
	kept := 0
	return slices.DeleteFunc(values, func(v FacetValue) bool {
		kept++
		return kept > FacetValuesMost && !v.Chosen
	})
}
