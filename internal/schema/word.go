package schema

import (
	"strings"
	"unicode"

	"cultured/internal/french"
)

// shorthand writes out what headers abbreviate in the files of French administrations: what a person reading them
// understands.
var shorthand = map[string]string{
	"abst": "abstention", "adr": "adresse", "add": "adresse", "address": "adresse", "arr": "arrondissement", "ape": "naf",
	"att": "attribuant", "attrib": "attributaire", "benef": "beneficiaire", "ben": "beneficiaire",
	"cat": "categorie", "cap": "capacite", "cd": "code", "cod": "code", "coll": "collectivite", "colter": "collectivite",
	"com": "commune", "comm": "commune", "city": "commune", "coord": "coordonnee", "cp": "postal",
	"codepostal": "postal", "zip": "postal", "postcode": "postal", "dat": "date", "deb": "debut", "dde": "demande", "dec": "decision",
	"delib": "deliberation", "dep": "departement", "dept": "departement", "dpt": "departement", "des": "description", "descr": "description", "desc": "description",
	"doc": "document", "eff": "effectif", "email": "courriel", "mail": "courriel", "mel": "courriel", "etab": "etablissement", "equip": "equipement",
	"ent": "entite", "expl": "explication", "fam": "famille", "firstname": "prenom", "genre": "sexe", "gender": "sexe", "hor": "horaire", "horaires": "horaire",
	"ident": "identifiant", "identification": "identifiant", "identifier": "identifiant", "id": "identifiant", "insee": "insee", "jour": "jour",
	"lat": "latitude", "lib": "libelle", "label": "libelle", "lon": "longitude", "long": "longitude", "lng": "longitude",
	"link": "lien", "url": "lien", "uri": "lien", "mat": "matiere", "maj": "modification", "mnt": "montant", "mont": "montant", "mtt": "montant", "amount": "montant",
	"mod": "modification", "nat": "nature", "nb": "nombre", "nbr": "nombre", "nbre": "nombre", "notif": "notification", "num": "numero", "no": "numero", "obj": "objet",
	"org": "organisme", "orga": "organisme", "pct": "pourcentage", "pourcent": "pourcentage", "ph": "telephone", "phone": "telephone", "tel": "telephone",
	"pref": "prefecture", "pren": "prenom", "ref": "reference", "reg": "region", "resp": "responsable", "sub": "subvention", "subv": "subvention", "surf": "surface",
	"superficie": "surface", "type": "type", "typ": "type", "ue": "europeen", "europeenne": "europeen", "voie": "voie", "vers": "versement", "year": "annee", "an": "annee",
}

// kin are words that may stand for each other, and how surely. They are stems.
var kin = stems([]kinship{
	{"beneficiaire attributaire allocataire titulaire", 0.85},
	{"attribuant collectivite financeur donneur", 0.85},
	{"commune ville localite", 0.9},
	{"pourcentage taux part", 0.8},
	{"annee exercice millesime", 0.8},
	{"telephone portable mobile", 0.8},
	{"montant somme cout prix", 0.7},
	{"libelle intitule titre nom denomination designation", 0.7},
	{"identifiant siret siren numero code", 0.7},
	{"objet motif description libelle", 0.6},
	{"acte decision deliberation convention", 0.6},
	{"versement paiement", 0.8},
	{"superficie surface", 0.9},
})

// A kinship is a group of words, and how surely one stands for another.
type kinship struct {
	words string
	sure  float64
}

// stems lists the kin of each stem.
func stems(groups []kinship) map[string]map[string]float64 {
	out := map[string]map[string]float64{}
	for _, g := range groups {
		words := strings.Fields(g.words)
		for _, a := range words {
			for _, b := range words {
				a, b := french.Stem(a), french.Stem(b)
				if out[a] == nil {
					out[a] = map[string]float64{}
				}
				out[a][b] = max(out[a][b], g.sure)
			}
		}
	}
	return out
}

// nameWords cuts the name of a column or a field into stems: without case, accents, plurals, joining words and
// abbreviations. "SUB_MNT" and "montant de la subvention" give the same ones.
func nameWords(name string) []string {
	var list []string
	for _, w := range french.Words(separate(name)) {
		if french.Stop(w) && len(w) < 5 || len(w) == 1 && (w[0] < '0' || w[0] > '9') {
			continue
		}
		if full, ok := shorthand[w]; ok {
			w = full
		} else if full, ok := shorthand[strings.TrimSuffix(w, "s")]; ok {
			w = full
		}
		list = append(list, french.Stem(w))
	}
	return list
}

// separate puts a space where a capital follows a small letter: "dateConvention" is two words.
func separate(name string) string {
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

// wordWeights says how much each word distinguishes: one that many names share, such as a prefix, says little.
func wordWeights(names [][]string) map[string]float64 {
	weights := map[string]float64{}
	for _, words := range names {
		seen := map[string]bool{}
		for _, w := range words {
			if !seen[w] {
				seen[w] = true
				weights[w]++
			}
		}
	}
	for w, n := range weights {
		weights[w] = 1 / n
	}
	return weights
}

// likeness compares two names by their words: 0 when they share none, 1 when they share all. weigh says how much a word
// counts.
func likeness(a, b []string, weigh func(string) float64) float64 {
	var shared, all float64
	used := make([]bool, len(b))
	for _, w := range a {
		weight := weigh(w)
		all += weight
		best, at := 0.0, -1
		for i, other := range b {
			if used[i] {
				continue
			}
			if s := sameWord(w, other); s > best {
				best, at = s, i
			}
		}
		if at >= 0 {
			used[at] = true
			shared += best * (weight + weigh(b[at]))
		}
	}
	for _, w := range b {
		all += weigh(w)
	}
	if all == 0 {
		return 0
	}
	return shared / all
}

// sameWord says how surely two stems are one word: the same, kin, the beginning of the other, alike for long, or a slip
// of the pen away.
func sameWord(a, b string) float64 {
	short := min(len(a), len(b))
	switch {
	case a == b:
		return 1
	case kin[a][b] > 0:
		return kin[a][b]
	case short >= 4 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)):
		return 0.8
	case short >= 6 && french.Distance(a, b, 1) <= 1:
		return 0.8
	case short >= 7 && a[:7] == b[:7]:
		return 0.6
	}
	return 0
}
