package dataset

import (
	"strings"

	"cultured/internal/codelist"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// A Semantic says what the values of a column stand for. Its text is stable: it is stored, and is part of the key
// "dataset.semantic_…" that names it. Those of identifiers are the kinds of internal/identifier.
type Semantic string

// The meanings beside identifiers.
const (
	SemanticNone           Semantic = ""
	SemanticGeoJSON        Semantic = "geojson"
	SemanticPoint          Semantic = "point"
	SemanticLatitude       Semantic = "latitude"
	SemanticLongitude      Semantic = "longitude"
	SemanticLambertX       Semantic = "lambert_x"
	SemanticLambertY       Semantic = "lambert_y"
	SemanticActivity       Semantic = "naf"
	SemanticCountry        Semantic = "pays"
	SemanticColour         Semantic = "couleur"
	SemanticHour           Semantic = "heure"
	SemanticYear           Semantic = "annee"
	SemanticMonth          Semantic = "mois"
	SemanticBirth          Semantic = "naissance"
	SemanticDay            Semantic = "date"
	SemanticMoney          Semantic = "montant"
	SemanticPercent        Semantic = "pourcentage"
	SemanticSex            Semantic = "sexe"
	SemanticTitle          Semantic = "civilite"
	SemanticFamilyName     Semantic = "nom"
	SemanticGivenName      Semantic = "prenom"
	SemanticFullName       Semantic = "nom_complet"
	SemanticAddress        Semantic = "adresse"
	SemanticCommuneName    Semantic = "nom_commune"
	SemanticDepartmentName Semantic = "nom_departement"
	SemanticRegionName     Semantic = "nom_region"
	SemanticEPCIName       Semantic = "nom_epci"
	SemanticCountry3       Semantic = "pays_iso3"
	SemanticCountryName    Semantic = "nom_pays"
	SemanticProfession     Semantic = "pcs"
	SemanticWeekday        Semantic = "jour"
	SemanticOpening        Semantic = "horaires"
	SemanticConicX         Semantic = "cc_x"
	SemanticConicY         Semantic = "cc_y"
)

// Privacy says whether a column tells about persons.
type Privacy string

// The levels of privacy. Suspicions, from names and shapes: people confirm them.
const (
	PrivacyNone      Privacy = ""
	PrivacyPersonal  Privacy = "personal"  // identifies a person, alone or with the columns beside it
	PrivacySensitive Privacy = "sensitive" // GDPR article 9 or 87: health, opinions, social security number…
)

// A meaning is how a Semantic is recognised. A column is named when its header holds one of the names as whole words.
type meaning struct {
	is    Semantic
	check func(v string) bool // of a value without spaces around; nil: see columnMeaning
	sizes [2]int              // least and most bytes of a value, before check is asked
	names string              // separated by "|", folded
	alone float64             // confidence without a name, when all values pass
	named float64             // confidence with a name, when all values pass
	code  bool                // stays text
}

func kindCheck(k identifier.Kind) func(string) bool {
	return func(v string) bool { return identifier.Check(k, v) || identifier.Check(k, identifier.Normalise(k, v)) }
}

// meanings lists what values can tell, from the most to the least telling.
var meanings = []meaning{
	{"siret", kindCheck(identifier.SIRET), [2]int{13, 22}, "siret", .97, .99, true},
	{"nir", kindCheck(identifier.NIR), [2]int{13, 24}, "nir|numero securite sociale|num secu|nss", .97, .99, true},
	{"iban", kindCheck(identifier.IBAN), [2]int{14, 42}, "iban", .98, .99, true},
	{"tva", kindCheck(identifier.VAT), [2]int{13, 18}, "tva|tva intracommunautaire|num tva", .97, .99, true},
	{"uuid", kindCheck(identifier.UUID), [2]int{36, 38}, "uuid|guid", .98, .99, true},
	{"mongo", kindCheck(identifier.ObjectID), [2]int{24, 24}, "mongo|object id|objectid|mongo id", .93, .98, true},
	{"parcelle", kindCheck(identifier.Parcel), [2]int{14, 20}, "parcelle|idu|id parcelle|idu parcelle|parcelle cadastrale|idpar", .95, .99, true},
	{"rna", kindCheck(identifier.RNA), [2]int{10, 14}, "rna|waldec", .95, .99, true},
	{"uai", kindCheck(identifier.UAI), [2]int{8, 10}, "uai|rne", .94, .99, true},
	{"epci", kindCheck(identifier.EPCI), [2]int{8, 12}, "epci|code epci|siren epci|num epci", .4, .98, true},
	{"siren", kindCheck(identifier.SIREN), [2]int{8, 12}, "siren|sirene|siret", .9, .99, true}, // many a column named after the SIRET holds the SIREN
	{"finess", kindCheck(identifier.FINESS), [2]int{8, 12}, "finess|nofinesset|nofinessej", .3, .98, true},
	{"courriel", kindCheck(identifier.Email), [2]int{6, 254}, "courriel|email|e mail|mail|mel|courriels", .98, .99, true},
	{"url", kindCheck(identifier.URL), [2]int{8, 2048}, "url|lien|site|site web|site internet|uri", .97, .99, true},
	{"telephone", kindCheck(identifier.Phone), [2]int{9, 24}, "telephone|tel|portable|mobile|fax|phone|telephones", .86, .97, true},
	{"rnb", kindCheck(identifier.RNB), [2]int{12, 14}, "rnb|id rnb|rnb id|identifiant rnb", .85, .98, true},
	{"fantoir", kindCheck(identifier.FANTOIR), [2]int{5, 11}, "fantoir|rivoli|code rivoli|code fantoir|code rivol|id fantoir|code voie fantoir", 0, .96, true},
	{"commune", kindCheck(identifier.Commune), [2]int{4, 5}, "insee|code insee|code commune|num com|code geographique|code geo|codgeo|depcom|insee com|com insee|code com|codecommune|citycode|code insee commune|codeinsee|com", .35, .96, true},
	{"commune", codelist.IsCommune, [2]int{5, 5}, "", .65, 0, true}, // nearly all values on the list: no chance, and no postal codes
	{"code_postal", kindCheck(identifier.PostalCode), [2]int{4, 6}, "code postal|cp|postal|codepostal|postcode|zip|code post", .35, .96, true},
	{"departement", kindCheck(identifier.Department), [2]int{1, 3}, "departement|dep|dept|code departement|code dep|insee dep|num dep|department|codedepartement|numero departement", .3, .95, true},
	{"region", kindCheck(identifier.Region), [2]int{1, 3}, "region|reg|code region|code reg|insee reg|coderegion", .1, .94, true},
	{SemanticGeoJSON, isGeoJSON, [2]int{20, 1 << 20}, "geojson|geometry|geom|geo shape", .97, .99, true},
	{SemanticPoint, isFrenchPoint, [2]int{5, 64}, "coordonnees|geo point|geo point 2d|gps|latlon|lat lon|position|point geo|coord", .85, .97, true},
	{SemanticActivity, codelist.IsActivity, [2]int{5, 6}, "ape|naf|code ape|code naf|activite principale", .92, .98, true},
	{SemanticProfession, codelist.IsProfession, [2]int{4, 4}, "pcs|csp|code pcs|code csp|pcs ese", .9, .98, true},
	{SemanticColour, isColour, [2]int{4, 9}, "couleur|color|colour|couleur hexa", .9, .98, true},
	{SemanticHour, isHour, [2]int{2, 8}, "heure|horaire|hour|time", .9, .98, false},
	{SemanticOpening, isOpening, [2]int{9, 200}, "horaires|horaires ouverture|h lundi|h mardi|h mercredi|h jeudi|h vendredi|h samedi|h dimanche", .93, .97, false},
	{SemanticWeekday, isWeekday, [2]int{3, 9}, "jour|jour semaine|jour de la semaine|day|jours", .95, .98, false},
	{SemanticMonth, isMonth, [2]int{3, 24}, "mois|nom mois|month|periode", .93, .97, false},
	{SemanticSex, isSex, [2]int{1, 8}, "sexe|genre|sex|gender", .3, .97, false},
	{SemanticTitle, isTitle, [2]int{1, 12}, "civilite|titre civilite|civ", .8, .98, false},
	{SemanticCountryName, codelist.IsCountryName, [2]int{3, 50}, "pays|nom pays|country|libelle pays|lib pays|nom du pays", .9, .96, false},
	{SemanticCountry3, codelist.IsCountry3, [2]int{3, 3}, "pays|code pays|country|iso3|iso alpha 3|code iso3|pays iso3", .8, .95, true},
	{SemanticCountry, codelist.IsCountry, [2]int{2, 2}, "pays|code pays|country|nationalite|iso|pays iso", .3, .95, true},
	{SemanticYear, isYear, [2]int{4, 4}, "annee|an|year|millesime|exercice|annais", .62, .97, false},
	{SemanticLatitude, nil, [2]int{}, "latitude|lat|y wgs84|ylat|consolidated latitude", 0, .97, false},
	{SemanticLongitude, nil, [2]int{}, "longitude|lon|long|lng|x wgs84|xlong|consolidated longitude", 0, .97, false},
	{SemanticLambertX, nil, [2]int{}, "x|coord x|lambert x|x lambert93|x l93|coordonnee x|lambx|x lambert|coordonneex", 0, .95, false},
	{SemanticLambertY, nil, [2]int{}, "y|coord y|lambert y|y lambert93|y l93|coordonnee y|lamby|y lambert|coordonneey", 0, .95, false},
	{SemanticConicX, nil, [2]int{}, "x|coord x|coordonnee x|coordonneex|x cc|xcc", 0, .9, false},
	{SemanticConicY, nil, [2]int{}, "y|coord y|coordonnee y|coordonneey|y cc|ycc", 0, .9, false},
	{SemanticBirth, nil, [2]int{}, "naissance|date naissance|date de naissance|ne le|nee le|datenaissance|birthdate", 0, .97, false},
	{SemanticMoney, nil, [2]int{}, "montant|prix|cout|budget|depense|depenses|recette|recettes|tarif|subvention|euros|eur|credit|credits|loyer|salaire", .95, .86, false},
	{SemanticPercent, nil, [2]int{}, "taux|pourcentage|pct|percent|part|pourcent", .95, .8, false},
	{SemanticFamilyName, nil, [2]int{}, "nom|nom famille|nom de famille|nom usage|nom d usage|nom naissance|nom de naissance|nom patronymique|lastname|last name|patronyme|nomusage", 0, .85, false},
	{SemanticGivenName, isListedGivenName, [2]int{2, 40}, "prenom|prenoms|firstname|first name|prenom usuel|preusuel", .66, .97, false},
	{SemanticFullName, isPersonName, [2]int{5, 60}, roleNames, 0, .9, false},
	{SemanticFullName, nil, [2]int{}, "nom prenom|prenom nom|nom et prenom|nom complet|responsable|contact nom|nom contact|referent|titulaire|beneficiaire nom", 0, .7, false},
	{SemanticAddress, isAddress, [2]int{4, 200}, "adresse|address|adresse postale|adr|rue|nom voie|voie|adresse complete", .85, .93, false},
	{SemanticCommuneName, isListedCommuneName, [2]int{2, 60}, "commune|ville|nom commune|lib commune|lib com|libelle commune|nom com|libcom|nom de la commune|commune nom|localite|city name", .72, .97, false},
	{SemanticDepartmentName, isListedDepartment, [2]int{3, 50}, "departement|nom departement|lib departement|libelle departement|nom dep|lib dep|libelle du departement|department lib|nom dept", .93, .98, false},
	{SemanticRegionName, isListedRegion, [2]int{5, 40}, "region|nom region|lib region|libelle region|nom reg|lib reg", .95, .98, false},
	{SemanticEPCIName, codelist.IsEPCIName, [2]int{4, 90}, "epci|nom epci|lib epci|libelle epci|epci lib|intercommunalite|nom intercommunalite", .9, .97, false},
}

// A header is a column name made ready for comparison with names.
type header struct{ spaced, joined string }

func newHeader(name string) header {
	words := french.Words(camel(name))
	return header{" " + strings.Join(words, " ") + " ", strings.Join(words, "")}
}

// holds says whether one of the names is in the header as whole words, or is all of it written together. Names of one
// letter must be the whole header.
func (h header) holds(names string) bool {
	if h.joined == "" {
		return false
	}
	for n := range strings.SplitSeq(names, "|") {
		if len(n) == 1 {
			if h.joined == n {
				return true
			}
			continue
		}
		if strings.Contains(h.spaced, " "+n+" ") || strings.ContainsRune(n, ' ') && strings.ReplaceAll(n, " ", "") == h.joined {
			return true
		}
	}
	return false
}

// isCodeName says whether a header announces a code or a number that is not a quantity.
func (h header) isCodeName() bool {
	return h.holds("code|codes|cod|num|numero|no|ref|reference|identifiant|matricule|immatriculation|id")
}

// promises are whole column names, written together, that leave no doubt about the code below them.
var promises = map[string]identifier.Kind{"siret": identifier.SIRET, "numsiret": identifier.SIRET, "numerosiret": identifier.SIRET, "codesiret": identifier.SIRET,
	"siren": identifier.SIREN, "numsiren": identifier.SIREN, "numerosiren": identifier.SIREN, "codesiren": identifier.SIREN,
	"uai": identifier.UAI, "codeuai": identifier.UAI, "numerouai": identifier.UAI, "rna": identifier.RNA, "numerorna": identifier.RNA,
	"codecommune": identifier.Commune, "codeinsee": identifier.Commune, "codeinseecommune": identifier.Commune, "codecommuneinsee": identifier.Commune,
	"codepostal": identifier.PostalCode}

// promised is the code that the name of a column announces though most of its values are none: a few rows, or all of them wrong.
// INSEE has longer codes than those of communes, so that longest, in bytes, decides there; "" for none.
func (h header) promised(longest int) identifier.Kind {
	kind := promises[h.joined]
	if kind == identifier.Commune && longest > 5 {
		return ""
	}
	return kind
}

func isGeoJSON(v string) bool {
	return v[0] == '{' && strings.Contains(v, `"coordinates"`) && strings.Contains(v, `"type"`)
}

func isFrenchPoint(v string) bool {
	lat, lon, ok := readPoint(v)
	return ok && inFrance(lat, lon)
}

func isColour(v string) bool {
	if v[0] != '#' || len(v) != 4 && len(v) != 7 && len(v) != 9 {
		return false
	}
	return strings.Trim(v[1:], "0123456789abcdefABCDEF") == ""
}

func isYear(v string) bool {
	return len(v) == 4 && classesOf(v) == isDigitByte && (v[:2] == "18" || v[:2] == "19" || v[:2] == "20")
}

func isSex(v string) bool {
	switch french.Fold(v) {
	case "m", "f", "h", "homme", "femme", "masculin", "feminin", "1", "2", "hommes", "femmes", "male", "female":
		return true
	}
	return false
}

func isTitle(v string) bool {
	switch strings.TrimSuffix(french.Fold(v), ".") {
	case "m", "mme", "mlle", "mr", "monsieur", "madame", "mademoiselle":
		return true
	}
	return false
}

// isAddress says whether v looks like a street address: a number, then a kind of way.
func isAddress(v string) bool {
	if v[0] < '0' || v[0] > '9' {
		return false
	}
	words := " " + strings.Join(french.Words(v), " ") + " "
	for _, w := range [...]string{" rue ", " avenue ", " av ", " boulevard ", " bd ", " place ", " pl ", " chemin ", " allee ", " allees ",
		" route ", " rte ", " impasse ", " quai ", " cours ", " square ", " esplanade ", " passage ", " lieu dit ", " voie ", " ruelle ",
		" faubourg ", " sentier ", " promenade ", " hameau ", " montee ", " rond point ", " residence "} {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}

// withZero gives back the zero a spreadsheet took from the front of a code, if the result is then a code of that meaning.
func withZero(s Semantic, v string) (string, bool) {
	size := 0
	switch s {
	case "commune", "code_postal":
		size = 5
	case "siret":
		size = 14
	case "siren":
		size = 9
	case "departement":
		size = 2
	case "telephone":
		size = 10
	}
	if size == 0 || len(v) != size-1 || v[0] == '0' || classesOf(v) != isDigitByte {
		return v, false
	}
	after := "0" + v
	return after, identifier.Check(identifier.Kind(s), after)
}
