package dataset

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/french"
)

// nameRunes is how long a column name may be, in runes: longer ones are cut.
const nameRunes = 120

// UniqueNames makes a header safe to store: spaces around and line breaks removed, unnamed columns called "colonne_3"
// (their 1-based position), repeated names numbered ("nom", "nom_2"). Names that differ by case only are taken as
// repeated, since databases ignore case. A header already safe is returned as it is.
func UniqueNames(header []string) []string {
	out := make([]string, len(header))
	taken := make(map[string]bool, len(header))
	for i, h := range header {
		out[i] = plainName(h)
		if out[i] != "" && taken[strings.ToLower(out[i])] {
			out[i] = numbered(out[i], taken)
		}
		if out[i] != "" {
			taken[strings.ToLower(out[i])] = true
		}
	}
	for i := range out {
		if out[i] != "" {
			continue
		}
		out[i] = "colonne_" + strconv.Itoa(i+1)
		if taken[out[i]] {
			out[i] = numbered(out[i], taken)
		}
		taken[out[i]] = true
	}
	return out
}

func numbered(name string, taken map[string]bool) string {
	for n := 2; ; n++ {
		candidate := name + "_" + strconv.Itoa(n)
		if !taken[strings.ToLower(candidate)] {
			return candidate
		}
	}
}

// plainName removes what cannot stand in a column name.
func plainName(h string) string {
	h = strings.ToValidUTF8(h, "\uFFFD")
	h = strings.Join(strings.FieldsFunc(h, func(r rune) bool { return isBlank(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(h) > nameRunes {
		h = string([]rune(h)[:nameRunes])
	}
	return h
}

// slugs turns names into words for addresses: folded, letters and digits, joined by "_", unique.
func slugs(names []string) []string {
	out := make([]string, len(names))
	taken := make(map[string]bool, len(names))
	for i, n := range names {
		out[i] = strings.Map(func(r rune) rune {
			if r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
				return r
			}
			return '_'
		}, french.Fold(n))
		out[i] = strings.Join(strings.FieldsFunc(out[i], func(r rune) bool { return r == '_' }), "_")
		if out[i] == "" {
			out[i] = "colonne_" + strconv.Itoa(i+1)
		}
		if taken[out[i]] {
			out[i] = numbered(out[i], taken)
		}
		taken[out[i]] = true
	}
	return out
}

// acronyms keep their capitals in labels.
var acronyms = map[string]string{"siret": "SIRET", "siren": "SIREN", "insee": "INSEE", "epci": "EPCI", "id": "ID", "url": "URL",
	"uai": "UAI", "rna": "RNA", "tva": "TVA", "iban": "IBAN", "naf": "NAF", "ape": "APE", "gps": "GPS", "wgs84": "WGS84",
	"cp": "CP", "pmr": "PMR", "uuid": "UUID", "finess": "FINESS", "nir": "NIR", "bal": "BAL", "irve": "IRVE"}

// Label makes a column name readable: "code_insee" → "Code INSEE", "dateMaj" → "Date maj". A name already written in
// words stays.
func Label(name string) string {
	name = strings.TrimSpace(name)
	if strings.ContainsRune(name, ' ') && !strings.ContainsRune(name, '_') {
		return name
	}
	words := strings.FieldsFunc(camel(name), func(r rune) bool { return r == '_' || r == ' ' || r == '-' || r == '.' })
	for i, w := range words {
		lower := strings.ToLower(w)
		switch {
		case acronyms[lower] != "":
			words[i] = acronyms[lower]
		case i == 0:
			r, n := utf8.DecodeRuneInString(lower)
			words[i] = string(unicode.ToUpper(r)) + lower[n:]
		default:
			words[i] = lower
		}
	}
	if len(words) == 0 {
		return name
	}
	return strings.Join(words, " ")
}

// camel puts a space before a capital that follows a lower-case letter.
func camel(name string) string {
	var b strings.Builder
	before := ' '
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}
