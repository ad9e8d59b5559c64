package personal

import "strings"

// A topic is how a kind of article 9 or 10 is recognised: sure words say it of somebody by themselves; the others only in a text about a
// person. Phrases are folded and separated by "|".
type topic struct {
	kind        Kind
	sure, maybe string
}

// A phrase is one of them.
type phrase struct {
	kind  Kind
	sure  bool
	words []string
}

// index holds the phrases by their first word.
var index = func() map[string][]phrase {
	out := map[string][]phrase{}
	for _, t := range topics {
		for _, list := range []string{t.sure, t.maybe} {
			for p := range strings.SplitSeq(list, "|") {
				words := strings.Fields(p)
				out[words[0]] = append(out[words[0]], phrase{t.kind, list == t.sure, words})
			}
		}
	}
	return out
}()

var topics = []topic{
	{Health, "diabetique|seropositif|seropositive|depressif|depressive|alcoolique|toxicomane|autiste|schizophrene|bipolaire|epileptique|asthmatique|malvoyant|malvoyante|malentendant|malentendante|" +
		"rqth|en arret maladie|est enceinte|atteint d|atteinte d|souffre d|souffre de|souffrant de|sous traitement|en chimiotherapie|a fait une depression|trisomique|tetraplegique|paraplegique|" +
		"hospitalise|hospitalisee|invalidite|burn out|fausse couche|tentative de suicide|personne handicapee|travailleur handicape|travailleuse handicapee|aah|mdph",
		"invalidite|cancer|diabete|depression|handicap|handicape|handicapee|maladie|grossesse|sida|vih|addiction|alcool|drogue|psychiatre|psychiatrique|psychologue|chimiotherapie|epilepsie|autisme|allergie|allergique|" +
			"traitement medical|fauteuil roulant|alzheimer|parkinson|medecin|medicament|medicaments|certificat medical|conge maternite|ald|suicide"},
	{Religion, "musulman|musulmane|juif|juive|temoin de jehovah|est catholique|est protestant|est protestante|bouddhiste|de confession|porte le voile|pratique le ramadan|converti|convertie",
		"catholique|protestant|protestante|halal|casher|kippa|voile|ramadan|mosquee|synagogue|religion|priere|chretien|chretienne|islam"},
	{Union, "syndique|syndiquee|delegue syndical|deleguee syndicale|adherent cgt|adherente cgt|adherent cfdt|adherente cfdt|carte cgt|membre de la cgt|membre de la cfdt|representant syndical|representante syndicale",
		"cgt|cfdt|fsu|unsa|greviste|decharge syndicale|mandat syndical"},
	{Origin, "d origine algerienne|d origine marocaine|d origine tunisienne|d origine africaine|d origine etrangere|d origine maghrebine|d origine turque|d origine portugaise|d origine espagnole|d origine italienne|d origine polonaise|d origine roumaine|d origine senegalaise|d origine malienne|d origine comorienne|d origine asiatique|d origine chinoise|d origine kurde|d origine afghane|d origine syrienne|d origine congolaise|d origine guineenne|maghrebin|maghrebine|" +
		"gitan|gitane|sans papiers|demandeur d asile|demandeuse d asile|titre de sejour|de nationalite|primo arrivant|primo arrivante|roms",
		"rom|gens du voyage|arabe|africain|africaine|noir|noire|etranger|etrangere|refugie|refugiee|asile|naturalisation"},
	{Opinion, "militant|militante|encarte au|encartee au|vote a gauche|vote a droite|vote rn|sympathisant|sympathisante|d extreme droite|d extreme gauche|adherent du parti",
		"extreme droite|extreme gauche|parti politique|opinions politiques|candidat aux elections"},
	{Orientation, "homosexuel|homosexuelle|lesbienne|transgenre|bisexuel|bisexuelle|en couple homosexuel|son transition de genre|personne trans",
		"gay|homosexualite|transition de genre"},
	{Justice, "incarcere|incarceree|condamne a|condamnee a|casier judiciaire|garde a vue|bracelet electronique|sortant de prison|sortante de prison|mis en examen|mise en examen|violences conjugales|en detention|sous controle judiciaire|detenu|detenue",
		"prison|condamnation|condamne|condamnee|plainte|tribunal correctionnel|delit|violences|agression|vol|gendarmerie|ordonnance de protection|signalement"},
}

// likely and unlikely are how sure a word is: about somebody for certain, in a text about a person, or alone.
const (
	sureTopic   = .8
	likelyTopic = .65
	aloneTopic  = .3
)

// topics finds the words of articles 9 and 10, one sentence after the other: a person in another one says nothing of this one.
func (f *finder) topics(words []word) {
	if f.has(NIR) || len(words) < shortText {
		f.sentence(words, f.about(words))
		return
	}
	for start := 0; start < len(words); {
		end := start + 1
		for end < len(words) && !words[end].breaks {
			end++
		}
		f.sentence(words[start:end], f.about(words[start:end]))
		start = end
	}
}

// shortText is how many words a text has, at most, to be about one matter.
const shortText = 40

// sentence finds the words of articles 9 and 10 in one sentence.
func (f *finder) sentence(words []word, about bool) {
	for i, w := range words {
		for _, p := range index[w.folded] {
			switch {
			case !startsWith(words[i:], p.words):
			case p.sure:
				f.add(p.kind, sureTopic)
			case about:
				f.add(p.kind, likelyTopic)
			default:
				f.add(p.kind, aloneTopic)
			}
		}
	}
}

// about says whether the text is about a person.
func (f *finder) about(words []word) bool {
	if len(words) < shortText && (f.sure(Name) || f.has(Birth) || f.has(NIR)) {
		return true
	}
	for i, w := range words {
		if persons[w.folded] {
			return true
		}
		if (w.folded == "il" || w.folded == "elle") && i+1 < len(words) {
			switch words[i+1].folded {
			case "est", "a", "souffre", "vit", "etait", "n", "ne", "se", "demande", "refuse", "dit":
				return w.folded == "elle" || words[i+1].folded != "est" || i+2 >= len(words) || !impersonal[words[i+2].folded]
			}
		}
	}
	return false
}

// impersonal follow « il est » in a text about nobody.
var impersonal = list("possible necessaire interdit recommande prevu conseille important obligatoire demande impossible utile preferable rappele precise")

// startsWith says whether the words begin with a phrase.
func startsWith(words []word, p []string) bool {
	if len(words) < len(p) {
		return false
	}
	for k, w := range p {
		if words[k].folded != w {
			return false
		}
	}
	return true
}
