package codelist

import (
	"compress/gzip"
	"embed"
	"io"
	"slices"
	"strings"
	"sync"

	"cultured/internal/french"
)

//go:embed data/*.txt.gz
var data embed.FS

// lines opens a list. It panics when the list is damaged, which a test would have seen.
func lines(name string) []string {
	f, err := data.Open("data/" + name + ".txt.gz")
	if err != nil {
		panic("codelist: " + err.Error())
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		panic("codelist: " + err.Error())
	}
	b, err := io.ReadAll(z)
	if err != nil {
		panic("codelist: " + err.Error())
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

// Key is what two spellings of a place's name share: case, accents, hyphens and articles do not count, "st" is "saint".
func Key(name string) string {
	words := french.Words(name)
	out := words[:0]
	for i, w := range words {
		switch w {
		case "st":
			w = "saint"
		case "ste":
			w = "sainte"
		case "le", "la", "les", "l":
			if i == 0 || i == len(words)-1 {
				continue // "Le Mans", "MANS (LE)"
			}
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

var activities = sync.OnceValue(func() []string { return lines("naf") })

// IsActivity says whether code is one of the 732 activities (APE) of NAF rev. 2, with or without its point: 84.11Z, 8411Z.
// Source: INSEE, Nomenclature d'activités française, rev. 2 (2008).
func IsActivity(code string) bool {
	if len(code) == 6 && code[2] == '.' {
		code = code[:2] + code[3:]
	}
	if len(code) != 5 {
		return false
	}
	_, ok := slices.BinarySearch(activities(), code)
	return ok
}

var firstNames = sync.OnceValue(func() []string { return lines("names") })

// IsGivenName says whether name, or the first part of a compound one, is a first name that at least 200 people born in
// France since 1900 bear. Case and accents do not count. Many are family names too.
// Source: INSEE, Fichier des prénoms, 1900–2021.
func IsGivenName(name string) bool {
	var buf [4]string
	words := french.AppendWords(buf[:0], name)
	if len(words) == 0 || len(words) > 3 {
		return false
	}
	if _, ok := slices.BinarySearch(firstNames(), strings.Join(words, " ")); ok {
		return true
	}
	for _, w := range words {
		if _, ok := slices.BinarySearch(firstNames(), w); !ok {
			return false
		}
	}
	return true
}

// socialCategories are the 42 categories of PCS 2003.
const socialCategories = "11 12 13 21 22 23 31 33 34 35 37 38 42 43 44 45 46 47 48 52 53 54 55 56 62 63 64 65 67 68 69 71 72 74 75 77 78 81 83 84 85 86"

// IsProfession says whether code may be a profession of PCS 2003 (CSP): a category that exists, a digit, then a small letter or 0:
// 372f, 7100. Whether the profession itself exists is not checked.
// Source: INSEE, Professions et catégories socioprofessionnelles 2003, level 3.
func IsProfession(code string) bool {
	if len(code) != 4 || code[2] < '0' || code[2] > '9' || !strings.Contains(socialCategories, code[:2]) || code[0] == ' ' || code[1] == ' ' {
		return false
	}
	return code[3] >= 'a' && code[3] <= 'k' || code[0] >= '7' && code[2:] == "00"
}

type countryLists struct {
	alpha2, alpha3 map[string]bool
	names          map[string]bool
}

var countries = sync.OnceValue(func() countryLists {
	c := countryLists{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, line := range lines("countries") {
		parts := strings.Split(line, "\t")
		c.alpha2[parts[0]], c.alpha3[parts[1]] = true, true
		for _, n := range parts[2:] {
			c.names[Key(n)] = true
		}
	}
	return c
})

// IsCountry says whether code is a country of ISO 3166-1 in two capitals.
func IsCountry(code string) bool { return countries().alpha2[code] }

// IsCountry3 says whether code is a country of ISO 3166-1 in three capitals.
func IsCountry3(code string) bool { return countries().alpha3[code] }

// IsCountryName says whether name is the French name of a country; case, accents and a leading article do not count.
func IsCountryName(name string) bool { return countries().names[Key(name)] }
