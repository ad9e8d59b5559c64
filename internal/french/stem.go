package french

import "strings"

// sameStem are words that end like a plural or a feminine and are not.
var sameStem = set(`acces autobus avis bois bras bus campus cas choix colis concours congres corps cours croix deces
devis discours dos engrais exces fois fonds frais gaz gras gros jus laps legs logis mais mepris mois noix paix
palais paris parcours pays permis plus poids pres prix proces progres propos puis puits rebus recours refus repas
rhinoceros sens secours succes surplus sursis tapis taux temps tiers travers univers velours vers virus voix
faux toux houx doux roux jaloux epoux`)

// irregular gives the stem of words whose plural follows no rule.
var irregular = map[string]string{
	"travaux": "travail", "baux": "bail", "coraux": "corail", "vitraux": "vitrail", "emaux": "email", "yeux": "oeil",
	"soupiraux": "soupirail", "vantaux": "vantail", "cieux": "ciel",
	"jeux": "jeu", "lieux": "lieu", "feux": "feu", "enjeux": "enjeu", "cheveux": "cheveu", "neveux": "neveu",
	"voeux": "voeu", "milieux": "milieu", "moyeux": "moyeu", "essieux": "essieu", "adieux": "adieu", "pneus": "pneu",
	"messieurs": "monsieur", "mesdames": "madam",
}

// Stem returns the stem shared by the plural and feminine forms of a word: "communes" and "commune" → "commun",
// "régionales" and "régionaux" → "regional". It is conservative: it removes number and gender, never a meaning-bearing
// suffix (-tion, -ment stay), and leaves words of three letters or fewer alone. The result is for comparing, not for
// showing. The word is folded first. Rules, in order: known irregular words; -eaux → -eau, -yaux → -yau, -aux → -al;
// -oux → -ou; -s dropped; then -euse → -eux, -trice → -teur, -elle → -el, -ienne → -ien, -ette → -et, -ive → -if,
// -ere → -er, and final -e or -ee dropped.
// Source: after J. Savoy, "Light stemming approaches for the French, Portuguese, German and Hungarian languages",
// SAC 2006, keeping its number and gender rules only.
func Stem(word string) string {
	w := Fold(word)
	if len(w) <= 3 || hasDigit(w) {
		return w
	}
	if s, ok := irregular[w]; ok {
		return s
	}
	if _, ok := sameStem[w]; ok {
		return w
	}
	return feminine(plural(w))
}

// plural removes the mark of the plural.
func plural(w string) string {
	n := len(w)
	switch {
	case strings.HasSuffix(w, "eaux"), strings.HasSuffix(w, "yaux"), strings.HasSuffix(w, "oux") && n > 4:
		return w[:n-1]
	case strings.HasSuffix(w, "aux") && n > 4:
		return w[:n-3] + "al"
	case w[n-1] == 's' && w[n-2] != 's':
		return w[:n-1]
	}
	return w
}

// endings turn a feminine into its masculine; the first that fits is used.
var endings = []struct {
	from, to string
	least    int // letters that must stay before the ending
}{
	{"euse", "eux", 2}, {"trice", "teur", 2}, {"elle", "el", 3}, {"ienne", "ien", 2}, {"ette", "et", 3},
	{"ive", "if", 2}, {"iere", "ier", 3},
}

// feminine removes the mark of the feminine.
func feminine(w string) string {
	for _, e := range endings {
		if strings.HasSuffix(w, e.from) && len(w)-len(e.from) >= e.least {
			return w[:len(w)-len(e.from)] + e.to
		}
	}
	for range 2 {
		if len(w) > 3 && w[len(w)-1] == 'e' {
			w = w[:len(w)-1]
		}
	}
	return w
}

func hasDigit(w string) bool { return strings.ContainsAny(w, "0123456789") }
