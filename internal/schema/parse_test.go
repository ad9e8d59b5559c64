package schema

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
)

func TestParse_readsBothVersions(t *testing.T) {
	s := parse(t, "\ufeff"+`{"name": "n", "title": "T", "version": "1", "homepage": "h", "licenses": [{"name": "etalab-2.0"}],
		"resources": [{"title": "Exemple", "path": "https://a.example/x.csv"}],
		"missingValues": ["NA"], "primaryKey": "a", "fieldsMatch": ["subset"],
		"fields": [{"name": "a", "type": "number", "decimalChar": ",", "groupChar": " ", "bareNumber": false,
			"constraints": {"required": "true", "minimum": 1, "maxLength": "5"}}, {"name": "b", "type": "boolean", "trueValues": ["oui"]},
			{"name": "c", "example": 12}, "d"]}`)
	a, _ := s.Field("a")
	b, _ := s.Field("b")
	c, _ := s.Field("c")
	for what, ok := range map[string]bool{
		"head":            s.Name == "n" && s.Title == "T" && s.Version == "1" && s.License == "etalab-2.0" && s.Label() == "T 1",
		"samples":         len(s.Samples) == 1 && s.Samples[0].Title == "Exemple",
		"missing values":  slices.Equal(s.MissingValues, []string{"", "NA"}),
		"key":             slices.Equal(s.PrimaryKey, []string{"a"}) && s.Required("a") && !s.Required("b"),
		"fieldsMatch":     s.FieldsMatch == MatchSubset,
		"number":          a.DecimalChar == "," && a.GroupChar == " " && !a.BareNumber,
		"constraints":     a.Constraints.Required && a.Constraints.Minimum == "1" && *a.Constraints.MaxLength == 5,
		"boolean":         slices.Equal(b.TrueValues, []string{"oui"}) && slices.Contains(b.FalseValues, "false"),
		"example as text": c.Example == "12" && c.Type == "string",
		"name alone":      len(s.Fields) == 4 && s.Fields[3].Name == "d",
	} {
		if !ok {
			t.Errorf("%s: got %+v", what, s)
		}
	}
}

func TestParse_warnsRatherThanRefuses(t *testing.T) {
	for _, c := range []struct{ name, more, field, want string }{
		{"example that is not a text", "", `"example": 12`, "warn_example"},
		{"unknown type", "", `"type": "monnaie"`, "warn_type"},
		{"type of another language", "", `"type": "float"`, "warn_type_name"},
		{"unknown format", "", `"type": "string", "format": "siret"`, "warn_format"},
		{"unreadable pattern", "", `"constraints": {"pattern": "(a"}`, "warn_pattern"},
		{"misspelt constraints", "", `"contraints": {"minimum": 1}`, "warn_property"},
		{"rule outside constraints", "", `"enum": ["a"]`, "warn_outside"},
		{"unknown rule", "", `"constraints": {"enum_multiple": ["a"]}`, "warn_constraint"},
		{"bound of a text", "", `"constraints": {"minimum": 1}`, "warn_bound"},
		{"bound of another type", "", `"type": "date", "constraints": {"minimum": "hier"}`, "warn_bound"},
		{"key without a column", `"primaryKey": ["z"],`, `"type": "string"`, "warn_key"},
		{"foreign key without a column", `"foreignKeys": [{"fields": "z", "reference": {"resource": "", "fields": "a"}}],`, `"type": "string"`, "warn_key"},
		{"unknown check", `"custom_checks": [{"name": "x", "params": {"column": "a"}}],`, `"type": "string"`, "warn_check"},
		{"check of an absent column", `"custom_checks": [{"name": "french-siret-value", "params": {"column": "z"}}],`, `"type": "string"`, "warn_check_column"},
		{"check without parameters", `"custom_checks": [{"name": "compare-columns-value", "params": {"column": "a", "column2": "a", "op": "~"}}],`, `"type": "string"`, "warn_check_params"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, warnings, err := Parse([]byte(`{` + c.more + `"fields": [{"name": "a", ` + c.field + `}]}`))
			if err != nil {
				t.Fatal(err)
			}
			if len(warnings) == 0 || warnings[0].Reason != "schema."+c.want {
				t.Errorf("got %v, want %s", warnings, c.want)
			}
			if len(s.Fields) != 1 || len(s.CustomChecks) != 0 {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestParse_refusesWhatIsNoSchema(t *testing.T) {
	for raw, want := range map[string]string{
		"": "schema.not_json", "{": "schema.not_json", `{"fields": [{"name": "a"}]} {}`: "schema.not_json",
		"[]": "schema.not_object", `"x"`: "schema.not_object",
		"{}": "schema.not_table", `{"type": "object", "properties": {}}`: "schema.not_table",
		`{"fields": []}`: "schema.no_fields", `{"fields": [{}]}`: "schema.no_fields",
		strings.Repeat(" ", maxDescriptor+1): "schema.too_large",
	} {
		if _, _, err := Parse([]byte(raw)); !fault.Is(err, want) {
			t.Errorf("%.40q: got %v, want %s", raw, err, want)
		}
	}
}

func TestParse_findsTheSchemaInsideAResourceOrAPackage(t *testing.T) {
	for _, raw := range []string{`{"schema": {"fields": [{"name": "a"}]}}`, `{"resources": [{"schema": {"fields": [{"name": "a"}]}}]}`} {
		if s := parse(t, raw); len(s.Fields) != 1 {
			t.Errorf("%s: got %+v", raw, s)
		}
	}
}

func TestParse_readsCategoriesAsAClosedList(t *testing.T) {
	s := parse(t, `{"fields": [{"name": "a", "categories": [{"value": "F", "label": "femme"}, "M"]}]}`)
	if got := s.Fields[0].Constraints.Enum; !slices.Equal(got, []string{"F", "M"}) {
		t.Errorf("got %v", got)
	}
}

func TestParse_readsFrenchFormatsOfFields(t *testing.T) {
	s := parse(t, `{"fields": [{"name": "a", "frFormat": "siret"}, {"name": "b", "frFormat": {"name": "annee", "options": {"allow-year-only": false}}}]}`)
	if len(s.CustomChecks) != 2 || s.CustomChecks[0].Name != "french-siret-value" || s.CustomChecks[1].YearOnly {
		t.Errorf("got %+v", s.CustomChecks)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"fields": [{"name": "a", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/01/2020"}}]}`), "12/03/2024")
	f.Add([]byte(`{"fields": [{"name": "a", "type": "number", "groupChar": " ", "bareNumber": false, "constraints": {"pattern": "[^\\]]\\u00e9"}}], "primaryKey": "a"}`), "1 2 €")
	f.Add([]byte(`{"fields": [{"name": "a", "type": "array", "arrayItem": {"enum": ["x"]}}], "custom_checks": [{"name": "opening-hours-value", "params": {"column": "a"}}]}`), "Mo[1,2] (sunrise+01:00)-24:00")
	f.Add([]byte(`{"fields": [{"name": "a", "type": "duration"}, {"name": "b", "type": "geojson"}, {"name": "c", "type": "boolean", "trueValues": [null]}]}`), "P1Y2.5M")
	f.Fuzz(func(t *testing.T, raw []byte, value string) {
		s, _, err := Parse(raw)
		if err != nil || len(s.Fields) > 50 {
			return
		}
		header := make([]string, len(s.Fields))
		cells := make([]string, len(s.Fields))
		for i, f := range s.Fields {
			header[i], cells[i] = f.Name, value
			f.TypeWords()
			f.RuleWords()
		}
		for _, list := range [][][]string{{header, cells, cells[:len(cells)/2]}, {{value, value, ""}, cells}} {
			for _, found := range checkRows(s, list) {
				if found.Reason == "" || found.Severity == "" {
					t.Errorf("got a finding without a reason or severity: %+v", found)
				}
			}
		}
	})
}
