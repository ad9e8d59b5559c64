package dataset

import "strings"

// Explanation is the key of the sentence that says how a reason of this package is recognised, and after whom; "" where the
// name of the rule says it all, and for the reasons of schemas, whose rule is the schema's.
func Explanation(reason string) string {
	name, ours := strings.CutPrefix(reason, "dataset.")
	if !ours {
		return ""
	}
	if strings.HasPrefix(name, "invalid_") {
		name = "invalid"
	}
	if shared, ok := explanations[name]; ok {
		return "dataset.rule_" + shared
	}
	return ""
}

// explanations says which sentence explains a reason.
var explanations = map[string]string{
	"code_conflict": "code_conflict", "constant_column": "constant", "control": "control", "date_layout": "date_layout", "decimal_code": "decimal_code", "rounded_code": "rounded_code", "duplicate_row": "duplicate_row",
	"excel_date": "excel_date", "far_date": "far_date", "impossible_date": "impossible_date", "invalid": "invalid", "label_conflict": "relation",
	"leading_zero": "leading_zero", "lone_unit": "unit", "lost_characters": "lost_characters", "missing_code": "missing_code",
	"missing_label": "missing_label", "missing_mark": "missing_mark", "mojibake": "mojibake", "month_first": "month_first", "near_value": "near_value",
	"no_unit": "unit", "not_boolean": "type", "not_date": "type", "not_number": "type", "orphan_code": "orphan_code", "other_unit": "unit",
	"outlier": "outlier", "outside_france": "place", "parent_conflict": "relation", "personal": "personal", "placeholder_date": "placeholder_date",
	"repeated_row": "repeated_row", "science": "science", "secret_mark": "secret_mark", "sensitive": "personal", "similar_row": "similar_row",
	"swapped": "place", "swapped_point": "place", "total_row": "total_row", "trace_identifier": "trace", "trace_contact": "trace", "trace_person": "trace", "trace_sensitive": "trace", "unit_larger": "unit_size", "unit_smaller": "unit_size",
	"unsure_dates": "unsure_dates", "wrong_territory": "wrong_territory", "variant": "variant",
}

// ruleOfReason names the source of a rule, for those who want to check.
func ruleOfReason(reason string) string {
	if source, ok := ruleSources[strings.TrimPrefix(reason, "dataset.")]; ok {
		return source
	}
	return "Culture D: " + strings.TrimPrefix(reason, "dataset.")
}

var ruleSources = map[string]string{
	"invalid_siret": "Luhn (SIRET, INSEE)", "invalid_siren": "Luhn (SIREN, INSEE)", "invalid_epci": "Luhn (SIREN, INSEE)",
	"invalid_nir": "clé NIR (INSEE)", "trace_identifier": "clé NIR (INSEE), ISO 13616", "trace_sensitive": "RGPD, art. 9 et 10", "invalid_iban": "ISO 13616, modulo 97", "invalid_tva": "CGI annexe III art. 286 ter",
	"invalid_uai": "clé UAI (Éducation nationale)", "invalid_finess": "Luhn (FINESS, DREES)", "invalid_rna": "arrêté du 14 octobre 2009 (RNA)",
	"invalid_commune": "Code officiel géographique (INSEE)", "invalid_departement": "Code officiel géographique (INSEE)",
	"invalid_region": "Code officiel géographique (INSEE)", "invalid_code_postal": "AFNOR XP Z 10-011", "invalid_courriel": "RFC 5321",
	"invalid_telephone": "ARCEP 2018-0881", "invalid_url": "RFC 3986", "invalid_uuid": "RFC 9562", "invalid_mongo": "MongoDB ObjectId", "invalid_parcelle": "PCI, DGFiP", "invalid_rnb": "RNB", "invalid_fantoir": "FANTOIR, DGFiP", "local_dates": "ISO 8601",
	"date_layout": "ISO 8601", "mojibake": "UTF-8 / Windows-1252", "short_row": "RFC 4180", "long_row": "RFC 4180",
	"outlier": "Tukey (1977)", "far_date": "Tukey (1977)", "unit_larger": "Tukey (1977)", "unit_smaller": "Tukey (1977)",
	"impossible_date": "ISO 8601", "near_value": "Damerau (1964)",
	"wrong_territory": "Code officiel géographique (INSEE)", "label_conflict": "Codd (1971)", "parent_conflict": "Codd (1971)", "code_conflict": "Codd (1971)", "missing_label": "Codd (1971)",
	"missing_code": "Codd (1971)", "orphan_code": "Codd (1971)",
}
