package training

import (
	"slices"
	"strconv"
	"strings"
)

// An Entry is a resource with what is known of it, for one reader.
type Entry struct {
	Resource
	Link      Link
	Mine      *Follow  // of the reader, nil when they did not follow it
	Shared    []Follow // sentences others let be read, the newest first
	Followers int      // [Crowd] of those who followed it
}

// Facets lists the ways to narrow the inventory, in the order pages show them: also the names of their parameters in an address.
func Facets() []string {
	return []string{"family", "kind", "level", "time", "language", "audience", "format", "competence", "licence", "link", "followed"}
}

// Times lists the spans of time, in minutes at most; "more" is longer, "any" is not said.
func Times() []string { return []string{"15", "60", "240", "more", "any"} }

// Values lists the values of an entry for a facet.
func (e Entry) Values(facet string) []string {
	switch facet {
	case "family":
		var out []string
		for _, c := range e.Competences {
			family, _, _ := strings.Cut(c, ".")
			out = append(out, family)
		}
		return once(out)
	case "competence":
		return e.Competences
	case "kind":
		return []string{e.Kind}
	case "level":
		return []string{strconv.Itoa(e.Level)}
	case "time":
		return []string{span(e.Minutes)}
	case "language":
		return e.Languages
	case "audience":
		return []string{e.Audience}
	case "format":
		return []string{e.Format}
	case "licence":
		if e.Licence == "" {
			return []string{"unknown"}
		}
		return []string{e.Licence}
	case "link":
		if e.Link.Address != e.Address {
			return []string{"unchecked"}
		}
		return []string{string(e.Link.Outcome)}
	case "followed":
		if e.Mine != nil {
			return []string{"yes"}
		}
		return []string{"no"}
	}
	return nil
}

func span(minutes int) string {
	if minutes == 0 {
		return "any"
	}
	for _, most := range Times()[:3] {
		if n, _ := strconv.Atoi(most); minutes <= n { // written above
			return most
		}
	}
	return "more"
}

// A Filter narrows the inventory; what is empty narrows nothing.
type Filter struct {
	Words  string
	State  State               // [Accepted] when empty
	Chosen map[string][]string // by facet: an entry has one of the values of each
}

// Keep lists those the filter lets through, in their order. Words are looked for in all texts, in both languages, by fold's spelling.
func (f Filter) Keep(all []Entry, fold func(string) string) (out []Entry) {
	return f.keep(all, fold, "")
}

func (f Filter) keep(all []Entry, fold func(string) string, but string) (out []Entry) {
	words, state := strings.Fields(fold(f.Words)), f.State
	if state == "" {
		state = Accepted
	}
	for _, e := range all {
		if e.State != state || !f.fits(e, but) {
			continue
		}
		text := fold(strings.Join([]string{e.Title.FR, e.Title.EN, e.Summary.FR, e.Summary.EN, e.Publisher, e.Address}, " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			out = append(out, e)
		}
	}
	return out
}

func (f Filter) fits(e Entry, but string) bool {
	for facet, chosen := range f.Chosen {
		has := e.Values(facet)
		if facet != but && len(chosen) > 0 && !slices.ContainsFunc(chosen, func(v string) bool { return slices.Contains(has, v) }) {
			return false
		}
	}
	return true
}

// Count says how many entries each value of a facet would give, the rest of the filter holding.
func (f Filter) Count(all []Entry, fold func(string) string, facet string) map[string]int {
	count := map[string]int{}
	for _, e := range f.keep(all, fold, facet) {
		for _, v := range e.Values(facet) {
			count[v]++
		}
	}
	return count
}
