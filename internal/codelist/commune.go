package codelist

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// A Commune is a line of the Code officiel géographique.
type Commune struct {
	Code string
	Name string // "" for some communes that no longer exist
	EPCI string // SIREN of its intercommunal body, "" for none
	Into string // code of the commune it is now a part of, or a district of; "" for a commune of today
}

type communeList struct {
	lines []string // sorted by code
	named []namedLine
}

// A namedLine leads from the hash of a name's key to a line.
type namedLine struct {
	key  uint64
	line int32
}

var communes = sync.OnceValue(func() *communeList {
	l := &communeList{lines: lines("communes")}
	l.named = make([]namedLine, 0, len(l.lines))
	for i := range l.lines {
		if c := l.at(i); c.Name != "" {
			l.named = append(l.named, namedLine{hash(Key(c.Name)), int32(i)})
		}
	}
	slices.SortFunc(l.named, func(a, b namedLine) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.line, b.line)) })
	return l
})

// hash spreads a key over 64 bits (FNV-1a): forty thousand names do not meet by chance.
func hash(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return h
}

func (l *communeList) at(i int) Commune {
	code, rest, _ := strings.Cut(l.lines[i], "\t")
	name, rest, _ := strings.Cut(rest, "\t")
	epci, into, _ := strings.Cut(rest, "\t")
	return Commune{code, name, epci, into}
}

// Communes returns what bears the code, today or in the past: none when the code never was one, several when a commune and the part of
// it that keeps its name share the code; the commune of today comes first. Districts of Paris, Lyon and Marseille are parts.
// Source: INSEE, Code officiel géographique 2026, with the codes of communes merged since 1943.
func Communes(code string) []Commune {
	l := communes()
	i, _ := slices.BinarySearchFunc(l.lines, code, func(line, code string) int { return cmp.Compare(line[:min(len(line), 5)], code) })
	var out []Commune
	for ; i < len(l.lines) && strings.HasPrefix(l.lines[i], code+"\t"); i++ {
		out = append(out, l.at(i))
	}
	slices.SortStableFunc(out, func(a, b Commune) int { return cmp.Compare(len(a.Into), len(b.Into)) })
	return out
}

// IsCommune says whether the code is or was that of a commune.
func IsCommune(code string) bool { return len(code) == 5 && len(Communes(code)) > 0 }

// CommunesNamed returns what bears the name; see [Key] for what does not count. At most 32.
func CommunesNamed(name string) []Commune {
	l := communes()
	h := hash(Key(cityName(name)))
	i, _ := slices.BinarySearchFunc(l.named, h, func(n namedLine, h uint64) int { return cmp.Compare(n.key, h) })
	var out []Commune
	for ; i < len(l.named) && l.named[i].key == h && len(out) < 32; i++ {
		out = append(out, l.at(int(l.named[i].line)))
	}
	return out
}

// IsCommuneName says whether some commune bears the name, or did.
func IsCommuneName(name string) bool {
	l := communes()
	h := hash(Key(cityName(name)))
	_, ok := slices.BinarySearchFunc(l.named, h, func(n namedLine, h uint64) int { return cmp.Compare(n.key, h) })
	return ok && strings.TrimSpace(name) != ""
}

// cityName drops what the post adds to a name: "LYON 03", "Nantes CEDEX 2".
func cityName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if i > 0 && (strings.EqualFold(w, "cedex") || w[0] >= '0' && w[0] <= '9') {
			return strings.Join(words[:i], " ")
		}
	}
	return name
}

// Agree says whether the code and the name may speak of the same place: true when either is unknown to the list, or when one of the places with
// the name is, contains or is contained in one of those with the code. It errs on the side of agreement.
func Agree(code, name string) bool {
	coded, named := Communes(code), CommunesNamed(name)
	if len(coded) == 0 || len(named) == 0 {
		return true
	}
	for _, a := range coded {
		if a.Name == "" {
			return true // the name it had is not known
		}
		for _, b := range named {
			if a.Code == b.Code || a.Code == b.Into || a.Into == b.Code || a.Into != "" && a.Into == b.Into {
				return true
			}
		}
	}
	return false
}

var epcis = sync.OnceValue(func() [][2]string {
	all := lines("epci")
	out := make([][2]string, len(all))
	for i, line := range all {
		out[i][0], out[i][1], _ = strings.Cut(line, "\t")
	}
	return out
})

// EPCIName returns the name of an intercommunal body with own taxation from its SIREN, "" when there is none today.
// Source: INSEE and DGCL, Code officiel géographique 2026.
func EPCIName(siren string) string {
	i, ok := slices.BinarySearchFunc(epcis(), siren, func(e [2]string, s string) int { return cmp.Compare(e[0], s) })
	if !ok {
		return ""
	}
	return epcis()[i][1]
}

var epciNames = sync.OnceValue(func() map[string]bool {
	out := make(map[string]bool, 2*len(epcis()))
	for _, e := range epcis() {
		out[bodyKey(e[1])] = true
	}
	return out
})

// bodyKey is the key of a name without its kind: "CC du Pays de Nay", "Communauté de communes du Pays de Nay", "Pays de Nay".
func bodyKey(name string) string {
	key := " " + Key(name) + " "
	for _, kind := range [...]string{" communaute de communes ", " communaute d agglomeration ", " communaute agglomeration ", " communaute urbaine ", " cc ", " ca ", " cu "} {
		if rest, ok := strings.CutPrefix(key, kind); ok {
			key = " " + rest
			break
		}
	}
	for _, link := range [...]string{" du ", " de ", " des ", " d "} {
		if rest, ok := strings.CutPrefix(key, link); ok {
			key = " " + rest
			break
		}
	}
	return strings.TrimSpace(Key(key))
}

// IsEPCIName says whether an intercommunal body of today bears the name, its kind aside.
func IsEPCIName(name string) bool {
	key := bodyKey(name)
	return key != "" && epciNames()[key]
}
