package identifier

import (
	"maps"
	"slices"
)

// IsCommune says whether s may be the INSEE code of a commune: five characters, a known department or overseas
// territory (01 to 95 with 2A and 2B, 971 to 989), and a number that is not zero. Whether the commune exists is not
// checked: a code list does that. Municipal districts (75101) are accepted.
// Source: INSEE, Code officiel géographique 2026.
func IsCommune(s string) bool {
	if len(s) != 5 || !digits(s[2:], 3) {
		return false
	}
	if s[:2] == "97" || s[:2] == "98" {
		return departments[s[:3]].name != "" && s[3:] != "00"
	}
	return departments[s[:2]].name != "" && s[2:] != "000"
}

// IsPostalCode says whether s may be a French postal code: five digits, from 01000 to 98999, 00 excluded.
// Source: La Poste, base officielle des codes postaux; AFNOR XP Z 10-011.
func IsPostalCode(s string) bool {
	if !digits(s, 5) || s[:2] == "00" || s[:2] == "96" || s[:2] == "99" {
		return false
	}
	if s[:2] == "97" || s[:2] == "98" {
		return s[:3] == "980" || departments[s[:3]].name != "" // 980 is Monaco
	}
	return true
}

// DepartmentName returns the name of a department or overseas territory from its code, "" if there is none.
// Source: INSEE, Code officiel géographique 2026.
func DepartmentName(code string) string { return departments[code].name }

// DepartmentRegion returns the code of the region of a department, "" if it has none.
func DepartmentRegion(code string) string { return departments[code].region }

// RegionName returns the name of a region from its code, "" if there is none. Overseas territories outside every region
// (975, 977, 978, 984 to 989) have no other code: files that give a region to each place write theirs, so does the State's
// address book of places, geo.api.gouv.fr.
// Source: INSEE, Code officiel géographique 2026, regions and overseas territories.
func RegionName(code string) string {
	if name := regions[code]; name != "" {
		return name
	}
	if d := departments[code]; d.region == "" {
		return d.name
	}
	return ""
}

// DepartmentNames lists the names of the departments and overseas territories, in no order.
func DepartmentNames() []string {
	var out []string
	for _, d := range departments {
		out = append(out, d.name)
	}
	return out
}

// RegionNames lists the names of the regions, in no order.
func RegionNames() []string { return slices.Collect(maps.Values(regions)) }

type department struct{ name, region string }

var departments = map[string]department{
	"01": {"Ain", "84"}, "02": {"Aisne", "32"}, "03": {"Allier", "84"}, "04": {"Alpes-de-Haute-Provence", "93"},
	"05": {"Hautes-Alpes", "93"}, "06": {"Alpes-Maritimes", "93"}, "07": {"Ardèche", "84"},
	"08": {"Ardennes", "44"}, "09": {"Ariège", "76"}, "10": {"Aube", "44"}, "11": {"Aude", "76"},
	"12": {"Aveyron", "76"}, "13": {"Bouches-du-Rhône", "93"}, "14": {"Calvados", "28"}, "15": {"Cantal", "84"},
	"16": {"Charente", "75"}, "17": {"Charente-Maritime", "75"}, "18": {"Cher", "24"}, "19": {"Corrèze", "75"},
	"21": {"Côte-d'Or", "27"}, "22": {"Côtes-d'Armor", "53"}, "23": {"Creuse", "75"}, "24": {"Dordogne", "75"},
	"25": {"Doubs", "27"}, "26": {"Drôme", "84"}, "27": {"Eure", "28"}, "28": {"Eure-et-Loir", "24"},
	"29": {"Finistère", "53"}, "2A": {"Corse-du-Sud", "94"}, "2B": {"Haute-Corse", "94"}, "30": {"Gard", "76"},
	"31": {"Haute-Garonne", "76"}, "32": {"Gers", "76"}, "33": {"Gironde", "75"}, "34": {"Hérault", "76"},
	"35": {"Ille-et-Vilaine", "53"}, "36": {"Indre", "24"}, "37": {"Indre-et-Loire", "24"}, "38": {"Isère", "84"},
	"39": {"Jura", "27"}, "40": {"Landes", "75"}, "41": {"Loir-et-Cher", "24"}, "42": {"Loire", "84"},
	"43": {"Haute-Loire", "84"}, "44": {"Loire-Atlantique", "52"}, "45": {"Loiret", "24"}, "46": {"Lot", "76"},
	"47": {"Lot-et-Garonne", "75"}, "48": {"Lozère", "76"}, "49": {"Maine-et-Loire", "52"}, "50": {"Manche", "28"},
	"51": {"Marne", "44"}, "52": {"Haute-Marne", "44"}, "53": {"Mayenne", "52"},
	"54": {"Meurthe-et-Moselle", "44"}, "55": {"Meuse", "44"}, "56": {"Morbihan", "53"}, "57": {"Moselle", "44"},
	"58": {"Nièvre", "27"}, "59": {"Nord", "32"}, "60": {"Oise", "32"}, "61": {"Orne", "28"},
	"62": {"Pas-de-Calais", "32"}, "63": {"Puy-de-Dôme", "84"}, "64": {"Pyrénées-Atlantiques", "75"},
	"65": {"Hautes-Pyrénées", "76"}, "66": {"Pyrénées-Orientales", "76"}, "67": {"Bas-Rhin", "44"},
	"68": {"Haut-Rhin", "44"}, "69": {"Rhône", "84"}, "70": {"Haute-Saône", "27"}, "71": {"Saône-et-Loire", "27"},
	"72": {"Sarthe", "52"}, "73": {"Savoie", "84"}, "74": {"Haute-Savoie", "84"}, "75": {"Paris", "11"},
	"76": {"Seine-Maritime", "28"}, "77": {"Seine-et-Marne", "11"}, "78": {"Yvelines", "11"},
	"79": {"Deux-Sèvres", "75"}, "80": {"Somme", "32"}, "81": {"Tarn", "76"}, "82": {"Tarn-et-Garonne", "76"},
	"83": {"Var", "93"}, "84": {"Vaucluse", "93"}, "85": {"Vendée", "52"}, "86": {"Vienne", "75"},
	"87": {"Haute-Vienne", "75"}, "88": {"Vosges", "44"}, "89": {"Yonne", "27"},
	"90": {"Territoire de Belfort", "27"}, "91": {"Essonne", "11"}, "92": {"Hauts-de-Seine", "11"},
	"93": {"Seine-Saint-Denis", "11"}, "94": {"Val-de-Marne", "11"}, "95": {"Val-d'Oise", "11"},
	"971": {"Guadeloupe", "01"}, "972": {"Martinique", "02"}, "973": {"Guyane", "03"}, "974": {"La Réunion", "04"},
	"975": {"Saint-Pierre-et-Miquelon", ""}, "976": {"Mayotte", "06"}, "977": {"Saint-Barthélemy", ""},
	"978": {"Saint-Martin", ""}, "984": {"Terres australes et antarctiques françaises", ""},
	"986": {"Wallis et Futuna", ""}, "987": {"Polynésie française", ""},
	"988": {"Nouvelle-Calédonie", ""}, "989": {"Île de Clipperton", ""},
}

var regions = map[string]string{
	"01": "Guadeloupe", "02": "Martinique", "03": "Guyane", "04": "La Réunion", "06": "Mayotte",
	"11": "Île-de-France", "24": "Centre-Val de Loire", "27": "Bourgogne-Franche-Comté", "28": "Normandie",
	"32": "Hauts-de-France", "44": "Grand Est", "52": "Pays de la Loire", "53": "Bretagne",
	"75": "Nouvelle-Aquitaine", "76": "Occitanie", "84": "Auvergne-Rhône-Alpes",
	"93": "Provence-Alpes-Côte d'Azur", "94": "Corse",
}
