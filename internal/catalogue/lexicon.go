package catalogue

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"

	"cultured/internal/french"
)

//go:embed lexicon/fr.json
var lexiconRaw []byte

// lexicon is what is known of the French of file names: words to spell with their accents, abbreviations, noise, themes,
// and the sentences of a draft. It is content, written in the language of the records it helps to write.
type lexicon struct {
	spelling     map[string]string // folded word → as written
	expand       map[string]string // abbreviation → words
	upper        map[string]string
	small        map[string]bool
	noise        map[string]bool
	months       []string
	themes       map[string][]Theme // stem → themes that speak of it
	departements map[string]string  // code → name
	sentences    map[string]string
}

// words reads the lexicon once. A malformed one is our bug, found by the first test.
var words = sync.OnceValue(func() lexicon {
	var raw struct {
		Spelling, Upper, Small, Noise, Months, Departements string
		Expand, Themes, Sentences                           map[string]string
	}
	if err := json.Unmarshal(lexiconRaw, &raw); err != nil {
		panic("catalogue: lexicon/fr.json: " + err.Error())
	}
	l := lexicon{spelling: map[string]string{}, expand: raw.Expand, upper: map[string]string{}, small: map[string]bool{},
		noise: map[string]bool{}, months: strings.Fields(raw.Months), themes: map[string][]Theme{},
		departements: map[string]string{}, sentences: raw.Sentences}
	for _, theme := range Themes() {
		for _, w := range strings.Fields(raw.Themes[string(theme)]) {
			stem := french.Stem(w)
			l.themes[stem] = append(l.themes[stem], theme)
			l.spelling[french.Fold(w)] = w
		}
	}
	for _, w := range append(strings.Fields(raw.Spelling), l.months...) {
		l.spelling[french.Fold(w)] = w
	}
	for _, w := range strings.Fields(raw.Upper) {
		l.upper[french.Fold(w)] = w
	}
	for _, w := range strings.Fields(raw.Small) {
		l.small[w] = true
	}
	for _, w := range strings.Fields(raw.Noise) {
		l.noise[w] = true
	}
	for _, d := range strings.Split(raw.Departements, "|") {
		code, name, _ := strings.Cut(d, " ")
		l.departements[code] = name
	}
	return l
})

// sentence fills {0} and {1} of one of the lexicon's sentences.
func sentence(key string, args ...string) string {
	s := words().sentences[key]
	for i, a := range args {
		s = strings.ReplaceAll(s, "{"+string(rune('0'+i))+"}", a)
	}
	return s
}
