package dataset

import (
	"strings"
	"sync"

	"cultured/internal/codelist"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// leastDistinct is how many different values a column needs to be given a meaning from a list when its name does not announce it:
// one value of a list among a few proves nothing.
var leastDistinct = map[Semantic]int{"siren": 4, "epci": 4, "finess": 4, "rnb": 8, "commune": 10, SemanticProfession: 4, SemanticActivity: 2, SemanticCountry3: 5,
	SemanticCountryName: 4, SemanticWeekday: 3, SemanticMonth: 3, SemanticGivenName: 12, SemanticCommuneName: 10, SemanticDepartmentName: 4,
	SemanticRegionName: 4, SemanticEPCIName: 4, SemanticTitle: 2}

// letterFirst says whether v starts like a word: what keeps numbers and codes from being looked up.
func letterFirst(v string) bool {
	b := v[0]
	return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= 0x80
}

func isListedCommuneName(v string) bool { return letterFirst(v) && codelist.IsCommuneName(v) }

func isListedGivenName(v string) bool { return letterFirst(v) && codelist.IsGivenName(v) }

var departmentKeys = sync.OnceValue(func() map[string]bool { return keysOf(identifier.DepartmentNames()) })

var regionKeys = sync.OnceValue(func() map[string]bool { return keysOf(identifier.RegionNames()) })

func keysOf(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[codelist.Key(n)] = true
	}
	return out
}

func isListedDepartment(v string) bool { return letterFirst(v) && departmentKeys()[codelist.Key(v)] }

func isListedRegion(v string) bool { return letterFirst(v) && regionKeys()[codelist.Key(v)] }

func isWeekday(v string) bool {
	switch french.Fold(v) {
	case "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mer", "jeu", "ven", "sam", "dim":
		return true
	}
	return false
}

// isMonth says whether v is a month, with its year or without: mars, mars 2024, 2024-03, 03/2024.
func isMonth(v string) bool {
	switch strings.TrimSuffix(french.Fold(v), ".") {
	case "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
		"janv", "fevr", "avr", "juil", "sept", "oct", "nov", "dec":
		return true
	}
	return len(v) >= 7 && describeCell(v).kind == kindMonth
}

// isOpening says whether v lists hours during which a place is open: 09:00 - 12:00 / 13:30 - 17:00.
func isOpening(v string) bool {
	if v[0] < '0' || v[0] > '9' {
		return false
	}
	hours := 0
	for part := range strings.FieldsFuncSeq(v, func(r rune) bool {
		return r == '-' || r == '/' || r == ' ' || r == ',' || r == ';' || r == '\u2013' || r == 'à'
	}) {
		if !isHour(part) {
			return false
		}
		hours++
	}
	return hours >= 2 && hours%2 == 0
}

// isConicX and isConicY say whether v may be, in metres, a coordinate in one of the nine conic projections of France (CC42 to CC50): the
// easting of their origin is 1 700 km, its northing 1 200 km for CC42 and 1 000 km more for each zone.
// Source: IGN, "Projections coniques conformes 9 zones" (RGF93 CC42–CC50).
func isConicX(v float64) bool { return v >= 1_275_000 && v <= 2_250_000 }

func isConicY(v float64) bool {
	zone := int(v+800_000) / 1_000_000 // 1 for CC42's northings
	middle := float64(zone)*1_000_000 + 200_000
	return zone >= 1 && zone <= 9 && v >= middle-170_000 && v <= middle+170_000
}

// settleConic tells the northings of CC47 and CC48, which are also those of Lambert-93, by the eastings beside them.
func settleConic(columns []ColumnProfile) {
	lambert, conic := false, false
	for _, c := range columns {
		lambert, conic = lambert || c.Semantic == SemanticLambertX, conic || c.Semantic == SemanticConicX
	}
	for i := range columns {
		if columns[i].Semantic == SemanticLambertY && conic && !lambert {
			columns[i].Semantic = SemanticConicY
		}
	}
}
