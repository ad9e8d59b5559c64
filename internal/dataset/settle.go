package dataset

import (
	"slices"
	"strings"

	"cultured/internal/personal"
)

// sensitiveNames are header words that announce data of GDPR article 9, or as grave.
const sensitiveNames = "sante|handicap|maladie|pathologie|allergie|allergies|religion|confession|opinion politique|syndicat|syndicale|orientation sexuelle|" +
	"origine ethnique|groupe sanguin|addiction|condamnation|condamnations|infraction|numero securite sociale|regime alimentaire medical|rqth|taux invalidite|taux d invalidite|invalidite|" +
	"grossesse|traitement medical|casier judiciaire"

// personalNames are header words that, in a table about persons, tell something others may know or should not.
const personalNames = "age|lieu naissance|lieu de naissance|nationalite|situation familiale|situation matrimoniale|quotient familial|revenu|revenus|revenu fiscal|salaire|photo|signature|" +
	"plaque|immatriculation|tranche age|matricule"

// numberNames number persons: the table is about them.
const numberNames = "matricule agent|numero allocataire|num allocataire|numero agent|id agent|numero usager|num usager|id usager|identifiant usager|identifiant agent|numero patient|id patient|numero eleve|id eleve|ine|" +
	"numero adherent|id adherent|numero licence|login|nom utilisateur"

// roleNames are what a person may be in a table; the values then say whether they are names.
const roleNames = "agent|usager|demandeur|beneficiaire|locataire|proprietaire|interlocuteur|eleve|enfant|auteur|signataire|elu|president|presidente|maire|directeur|directrice|gestionnaire|animateur|" +
	"intervenant|stagiaire|participant|responsable|referent|contact|titulaire|adherent|tuteur|medecin|patient|candidat|personne|salarie|redacteur|instructeur"

// legalNames announce the legal category of a business, INSEE's 1000 for one person's.
const legalNames = "categorie juridique|nature juridique|forme juridique|statut juridique|catjur|cj"

// personalSemantics identify a person by themselves.
var personalSemantics = map[Semantic]Privacy{"nir": PrivacySensitive, "iban": PrivacyPersonal, "courriel": PrivacyPersonal,
	"telephone": PrivacyPersonal, SemanticFullName: PrivacyPersonal, SemanticBirth: PrivacyPersonal}

// settlePrivacy says which columns tell about persons, once all columns are known: a name alone may be that of a place,
// a first name without a family name is a statistic.
func settlePrivacy(columns []ColumnProfile, gathered []*gatherer) {
	settleConic(columns)
	about, sole := false, false
	var given, families []int
	for i, c := range columns {
		g := gathered[i]
		switch c.Semantic {
		case SemanticGivenName:
			given = append(given, i)
		case SemanticFamilyName:
			families = append(families, i)
		case SemanticTitle, SemanticBirth, "nir":
			about = true
		}
		about = about || g.head.holds(numberNames)
		sole = sole || g.sole > 0 || g.head.holds(legalNames) && g.has("1000")
	}
	if len(given) == 0 && !about {
		for _, i := range families {
			columns[i].Semantic, columns[i].Confidence = SemanticNone, 0
		}
	}
	pair := len(given) > 0 && len(families) > 0
	about = about || pair
	for i := range columns {
		c, g := &columns[i], gathered[i]
		g.keepTraces(c, about)
		c.Privacy = personalSemantics[c.Semantic]
		switch {
		case g.head.holds(sensitiveNames) && about:
			c.Privacy = PrivacySensitive
		case pair && (slices.Contains(given, i) || slices.Contains(families, i)):
			c.Privacy = PrivacyPersonal
		case about && (c.Semantic == SemanticAddress || c.Semantic == SemanticSex || c.Semantic == SemanticTitle || c.Semantic == SemanticFamilyName):
			c.Privacy = PrivacyPersonal
		case about && (g.head.holds(personalNames) || g.head.holds(numberNames)):
			c.Privacy = PrivacyPersonal
		case (sole || pair) && (c.Semantic == "siret" || c.Semantic == "siren"):
			c.Privacy = PrivacyPersonal
		case c.Semantic == "courriel" && g.officeMail():
			c.Privacy = PrivacyNone
		}
		if found := g.tracePrivacy(*c, about); c.Privacy == PrivacyNone || found == PrivacySensitive {
			c.Privacy = found
		}
	}
}

// has says whether a value is among those kept.
func (g *gatherer) has(v string) bool {
	return slices.ContainsFunc(g.tally.values(), func(c ValueCount) bool { return c.Value == v })
}

// officeMail says whether the addresses are those of offices (mairie@, contact@), not of persons.
func (g *gatherer) officeMail() bool {
	office, all := 0, 0
	for _, v := range g.tally.values() {
		local, _, ok := strings.Cut(v.Value, "@")
		if !ok {
			continue
		}
		all++
		if personal.IsOffice(local) {
			office++
		}
	}
	return all > 0 && office*10 >= all*9
}
