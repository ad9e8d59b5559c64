package personal

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/codelist"
	"cultured/internal/french"
)

// A word of a text: as written, folded, and what stands before it.
type word struct {
	written, folded string
	capital         bool // starts with a capital
	breaks          bool // a sentence ends before it
	joined          bool // a hyphen alone stands before it
	glued           bool // another sign alone stands between it and the word before: « S.I.V.O.M »
	plain           bool // spaces, points or a hyphen alone stand before it
	after           rune // sign after it, 0 at the end
}

// split cuts a text into words, as [french.Words] does, keeping how they are written.
func split(v string) (out []word) {
	breaks, end := true, 0
	for i := 0; i < len(v); {
		r, n := utf8.DecodeRuneInString(v[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			initial := r == '.' && len(out) > 0 && len(out[len(out)-1].written) == 1
			breaks = breaks || strings.ContainsRune(".!?;:\n(", r) && !initial
			i += n
			continue
		}
		start, joined := i, i > 0 && (v[end:i] == "-" || v[end:i] == "\u2011")
		for i < len(v) {
			r, n = utf8.DecodeRuneInString(v[i:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			i += n
		}
		w := v[start:i]
		first, _ := utf8.DecodeRuneInString(w)
		glued := start > 0 && start-end == 1 && v[end] != ' ' && !joined
		plain := strings.Trim(v[end:start], " .-\u00a0\u202f\u2011") == ""
		after := rune(0)
		if i < len(v) {
			after = r
		}
		out = append(out, word{w, french.Fold(w), unicode.IsUpper(first), breaks, joined, glued, plain, after})
		breaks, end = false, i
	}
	return out
}

func list(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.SplitSeq(words, " ") {
		out[w] = true
	}
	return out
}

var (
	titles = list("m mr mme mlle monsieur madame mademoiselle mesdames messieurs dr docteur maitre veuve epoux epouse")
	// small are words of a family name that take no capital: « M. de La Tour ».
	doctors = list("dr docteur maitre")
	small   = list("de du des la le l d van von el ben")
	// functions follow a title without naming anybody: « M. le préfet ».
	functions = list("maire president presidente prefet prefete directeur directrice ministre depute deputee senateur senatrice adjoint adjointe conseiller conseillere dgs")
	ways      = list("rue avenue av boulevard bd bld place pl chemin ch allee allees route rte impasse imp quai cours square passage ruelle faubourg fg sentier promenade hameau montee residence lotissement villa venelle esplanade")
	// places come before the name of somebody to whom they are dedicated.
	places = list("rue avenue av boulevard bd bld place pl chemin allee allees route impasse quai cours square passage rond point pont parc jardin ecole ecoles groupe scolaire college " +
		"lycee universite creche maternelle elementaire primaire stade gymnase salle piscine complexe sportif bibliotheque mediatheque ludotheque theatre cinema musee centre espace maison foyer " +
		"residence ehpad hopital clinique institut fondation association fonds prix hotel esplanade ruelle faubourg quartier cite tour batiment immeuble amphitheatre " +
		"auditorium halle marche port gare station metro arret monument statue eglise chapelle cathedrale tombe fort caserne batiments ensemble sculpture buste oeuvre amicale cooperative")
	// persons are words that say a text is about somebody.
	persons = list("mme mr monsieur madame mademoiselle mlle fils fille mari epouse epoux mere pere conjoint conjointe compagne compagnon patient patiente patients locataire allocataire demandeur " +
		"demandeuse usager usagere resident residente eleve enfant agent agente salarie salariee beneficiaire adherent adherente voisin voisine fratrie bebe nourrisson tuteur tutrice curateur")
)

// IsOffice says whether the part of an e-mail address before the @ is that of an office, not of a person.
func IsOffice(local string) bool {
	for _, w := range french.Words(strings.NewReplacer(".", " ", "_", " ").Replace(local)) {
		if offices[w] {
			return true
		}
	}
	return false
}

var offices = list("mairie contact accueil info infos secretariat commune ville communication cc ccas bibliotheque mediatheque tourisme direction service services donnees opendata data " +
	"webmaster dpo rgpd cabinet culture sport sports etatcivil urbanisme technique dsi sig noreply presse recrutement rh support aide ecole college lycee asso association web archives archive musee action culturelle patrimoine festival billetterie reservation administration gestion")

// text finds names, addresses, dates of birth and words.
func (f *finder) text(v string) {
	words := split(v)
	for i, w := range words {
		if titles[w.folded] && f.titled(words, i) {
			if doctors[w.folded] || w.folded == "m" && w.after != '.' {
				f.add(Name, .65) // streets and schools are named after them; « M » may be an initial
			} else {
				f.add(Name, .85)
			}
		} else if w.capital && f.given(words, i) {
			f.add(Name, .65)
		}
		if ways[w.folded] && i > 0 && i+1 < len(words) && numbered(words[:i]) {
			f.add(Address, .7)
		}
		if (w.folded == "ne" || w.folded == "nee") && born(words[i+1:]) {
			f.add(Birth, .9)
		}
	}
	f.topics(words)
}

// titled says whether a family name follows the title at i.
func (f *finder) titled(words []word, i int) bool {
	short := words[i].folded == "m" || words[i].folded == "dr"
	if short && (words[i].written == "m" || words[i].glued || words[i].after != '.' && words[i].after != ' ' && words[i].after != '\u00a0') {
		return false // metres, initials, millions of euros
	}
	if short && i+1 < len(words) && (!words[i+1].plain || words[i].after != '.' && small[words[i+1].folded]) {
		return false // « Elliott M & Ptrs », « R M du Gard »
	}
	if words[i].folded == "m" && i > 0 && isDigit(words[i-1].written[0]) && !words[i].breaks || dedicated(words[:i]) || followedByPlace(words[i+1:]) {
		return false
	}
	for _, w := range words[i+1 : min(len(words), i+4)] {
		switch {
		case titles[w.folded], functions[w.folded], w.folded == "et":
			return false
		case small[w.folded] && !w.capital:
			continue
		case w.capital && len(w.written) > 1 && !isDigit(w.written[0]):
			return true
		}
		return !w.capital && words[i].folded != "m" && len(w.folded) > 2 && !unicode.IsDigit(rune(w.folded[0])) && codelist.IsGivenName(w.folded)
	}
	return false
}

// given says whether a first name stands at i with a family name next to it, and no place is named after them.
func (f *finder) given(words []word, i int) bool {
	w := words[i]
	if len(w.written) < 3 || !codelist.IsGivenName(w.folded) || mistaken[w.folded] || dedicated(words[:i]) || followedByPlace(words[i+1:]) {
		return false
	}
	next := i + 1
	if next < len(words) && words[next].joined && !codelist.IsGivenName(words[next].folded) {
		return false // Jean-Monnet is a place
	}
	if next < len(words) && !words[next].breaks && words[next].capital && codelist.IsGivenName(words[next].folded) && next+1 < len(words) && words[next+1].capital {
		next++ // Jean-Pierre Martin
	}
	for next < len(words) && small[words[next].folded] && !words[next].breaks {
		next++
	}
	if next < len(words) && !words[next].breaks && words[next].plain && family(words[next]) {
		return true
	}
	return i > 0 && !w.breaks && w.plain && allCapitals(words[i-1].written) && family(words[i-1]) && !allCapitals(w.written) && !ways[words[i-1].folded]
}

// family says whether a word may be a family name.
func family(w word) bool {
	return w.capital && !strings.ContainsAny(w.written, "0123456789") && utf8.RuneCountInString(w.written) >= 3 && !mistaken[w.folded] && !places[w.folded] && !months[w.folded] &&
		!(allCapitals(w.written) && len(w.written) <= 4)
}

func allCapitals(s string) bool { return strings.ToUpper(s) == s && strings.ToLower(s) != s }

var (
	months = list("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche")
	// mistaken are first names that are common words, towns or saints too.
	mistaken = list("saint sainte st ste notre dame france paris lyon marseille nice lille lorraine alsace bretagne provence savoie ville val mont la le les des une pour avec bon grand petit blanc rose " +
		"marine aime espace prime eve aurore ange victoire juste reine noel pascal modeste constant mars avril octobre ocean soleil cerise prune violette")
)

// dedicated says whether the words that come before a name say that it is that of a place.
func dedicated(before []word) bool {
	for k := len(before) - 1; k >= 0 && k >= len(before)-4; k-- {
		if places[before[k].folded] {
			return true
		}
		if k+1 < len(before) && before[k+1].breaks {
			return false
		}
	}
	return false
}

// followedByPlace says whether a place is named by the words: « Alphonse Braud primaire ».
func followedByPlace(after []word) bool {
	for _, w := range after[:min(len(after), 3)] {
		if w.breaks {
			return false
		}
		if kinds[w.folded] {
			return true
		}
	}
	return false
}

// kinds of places come after the name they bear, in lists.
var kinds = list("elementaire maternelle primaire ecole college lycee gymnase stade creche cantine mairie collectivites collectivite restauration")

// numbered says whether a house number ends the words: « 12 », « 12 bis ».
func numbered(words []word) bool {
	at := len(words) - 1
	if at > 0 && slices.Contains([]string{"bis", "ter", "quater", "b", "a", "c"}, words[at].folded) {
		at--
	}
	last := words[at].folded
	if at > 0 && roads[words[at-1].folded] {
		return false
	}
	if len(last) > 5 || last == "" {
		return false
	}
	return isDigit(last[0]) && strings.Trim(last, "0123456789abc") == ""
}

// roads come before the number of a road, or of anything but a house.
var roads = list("departementale nationale rd rn d n lot no numero article tranche secteur ligne bus")

// born says whether a day of birth follows « né » or « née »: « (e) le 3 mars 1980 », « le 03/03/1980 », « en 1980 ».
func born(after []word) bool {
	for k, w := range after[:min(len(after), 3)] {
		if w.folded != "le" && w.folded != "en" {
			continue
		}
		for _, d := range after[k+1 : min(len(after), k+4)] {
			if len(d.folded) == 4 && (strings.HasPrefix(d.folded, "19") || strings.HasPrefix(d.folded, "20")) && strings.Trim(d.folded, "0123456789") == "" {
				return true
			}
		}
	}
	return false
}
