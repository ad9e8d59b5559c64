package schema

import (
	"encoding/json"
	"testing"

	"cultured/internal/finding"
)

// one returns the reasons found for one cell of a one-column table described by the field.
func one(t *testing.T, field, value string) []finding.Finding {
	t.Helper()
	s, _, err := Parse([]byte(`{"fields": [` + field + `]}`))
	if err != nil {
		t.Fatalf("%s: %v", field, err)
	}
	return checkRows(s, [][]string{{s.Fields[0].Name}, {value}})
}

// field writes the descriptor of a column called "c".
func field(t *testing.T, kind string, more map[string]any) string {
	t.Helper()
	m := map[string]any{"name": "c", "type": kind}
	for k, v := range more {
		m[k] = v
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

type more = map[string]any

var typeCases = []struct {
	kind      string
	more      more
	good, bad []string
}{
	{"string", nil, []string{"a", " a ", "été", "1", "   "}, nil},
	{"any", nil, []string{"a", "1"}, nil},
	{"string", more{"format": "email"}, []string{"a@b.fr", "a.b+c@mairie-x.fr"}, []string{"a", "a@b", "a b@c.fr", "a@b.fr;c@d.fr", "@b.fr"}},
	{"string", more{"format": "uri"}, []string{"https://a.fr", "https://a.fr/é?x=1", "mailto:a@b.fr", "urn:isbn:1", "ftp://a.fr"},
		[]string{"www.a.fr", "a.fr", "https://", "http:a", "https://a b.fr", "//a.fr"}},
	{"string", more{"format": "uuid"}, []string{"123e4567-e89b-12d3-a456-426614174000"}, []string{"123e4567e89b12d3a456426614174000", "x"}},
	{"string", more{"format": "binary"}, []string{"TWFpcmll", "TWE=", "TQ=="}, []string{"TQ=", "é", "a b="}},
	{"integer", nil, []string{"0", "-1", "+12", "007", "123456789012345678901"}, []string{"1.0", "1,0", "1 000", " 1", "1e3", "-", "a", "12\u00a0000"}},
	{"integer", more{"groupChar": " "}, []string{"1 000"}, []string{"1,000"}},
	{"integer", more{"bareNumber": false}, []string{"12 %", "€ 12", "-3€"}, []string{"a", "1.5 €"}},
	{"number", nil, []string{"1", "1.5", ".5", "5.", "-1.5e-3", "NaN", "INF", "-inf"}, []string{"1,5", "1 000.5", "a", "1e", "--1", "1.2.3", "12 %", "infinity"}},
	{"number", more{"decimalChar": ","}, []string{"1,5", "1"}, []string{"1.5", "1,2,3"}},
	{"number", more{"decimalChar": ",", "groupChar": "."}, []string{"1.234,5"}, []string{"1 234,5"}},
	{"number", more{"bareNumber": false, "decimalChar": ",", "groupChar": " "}, []string{"1 234,50 €", "12 %"}, []string{"douze"}},
	{"boolean", nil, []string{"true", "False", "1", "0", "TRUE"}, []string{"oui", "yes", "vrai", "2", "tRUE"}},
	{"boolean", more{"trueValues": []string{"oui"}, "falseValues": []string{"non"}}, []string{"oui", "non"}, []string{"true", "Oui", "1"}},
	{"date", nil, []string{"2024-02-29", "0001-01-01"}, []string{"2023-02-29", "2024-2-1", "01/02/2024", "2024-13-01", "2024-01-01T00:00:00", "20240101"}},
	{"date", more{"format": "%d/%m/%Y"}, []string{"31/12/2024", "1/2/2024"}, []string{"2024-12-31", "31/02/2024", "31/12/24"}},
	{"date", more{"format": "%Y-%m-%d"}, []string{"2024-12-31", "2024-1-2"}, []string{"31/12/2024"}},
	{"date", more{"format": "%Y"}, []string{"2024"}, []string{"24", "2024-01-01", "20245"}},
	{"date", more{"format": "%d %B %Y"}, []string{"3 août 2024", "3 August 2024"}, []string{"3 foo 2024"}},
	{"date", more{"format": "%y-%j"}, []string{"24-366"}, []string{"24-367", "24-0"}},
	{"date", more{"format": "DD/MM/YYYY"}, []string{"31/12/2024"}, []string{"2024-12-31"}},
	{"date", more{"format": "any"}, []string{"2024-12-31", "31/12/2024", "1er mars 2024"}, []string{"2024", "mars 2024", "x"}},
	{"time", nil, []string{"08:30:00", "23:59:59.5", "08:30:00Z"}, []string{"8:30:00", "08:30", "24:00:00", "8h30"}},
	{"time", more{"format": "%H:%M"}, []string{"08:30", "8:30"}, []string{"08:30:00", "25:00"}},
	{"time", more{"format": "%I:%M %p"}, []string{"08:30 PM", "12:00 am"}, []string{"13:00 PM", "08:30"}},
	{"time", more{"format": "any"}, []string{"8h30", "08:30"}, []string{"midi"}},
	{"datetime", nil, []string{"2022-10-18T12:35:49Z", "2022-10-18T12:35:49+0000", "2022-10-18T12:35:49+02:00", "2022-10-18T12:35:49.123Z", "2022-10-18T12:35:49"},
		[]string{"2022-10-18", "2022-10-18 12:35:49", "2022-10-18T12:35", "2022-10-18T25:00:00Z", "2022-02-30T00:00:00Z"}},
	{"datetime", more{"format": "%d/%m/%Y %H:%M"}, []string{"18/10/2022 12:35"}, []string{"18/10/2022"}},
	{"datetime", more{"format": "%Y-%m-%dT%H:%M:%S%z"}, []string{"2022-10-18T12:35:49+0200"}, []string{"2022-10-18T12:35:49"}},
	{"datetime", more{"format": "any"}, []string{"18/10/2022 12:35", "2022-10-18"}, []string{"x"}},
	{"year", nil, []string{"2024", "0999"}, []string{"24", "20244", "-2024", "2024.0"}},
	{"yearmonth", nil, []string{"2024-03"}, []string{"2024-13", "2024", "03/2024"}},
	{"duration", nil, []string{"P1Y", "P1Y2M3DT4H5M6S", "PT0.5S", "-P1W"}, []string{"P", "PT", "1Y", "P1S", "P1M1Y", "PT1H1H", "deux ans"}},
	{"geopoint", nil, []string{"2.35,48.85", "2.35, 48.85", "-61.5,16.2"}, []string{"2.35", "200,48", "2.35;48.85", "[2.35,48.85]", "2,35,48,85"}},
	{"geopoint", more{"format": "array"}, []string{"[2.35,48.85]", "[2.35, 48.85]"}, []string{"2.35,48.85", "[2.35]", `["a",1]`}},
	{"geopoint", more{"format": "object"}, []string{`{"lon": 2.35, "lat": 48.85}`}, []string{`{"lon": 2.35}`, "2,3", `{"lon": 2, "lat": 3, "z": 1}`}},
	{"geojson", nil, []string{`{"type":"Point","coordinates":[1,2]}`, `{"type":"Feature","geometry":null,"properties":{}}`,
		`{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}`, `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2,3]}]}`},
		[]string{"{}", `{"type":"Point"}`, `{"type":"Foo","coordinates":[]}`, "POINT(1 2)", `{"type":"Point","coordinates":[[1,2]]}`}},
	{"geojson", more{"format": "topojson"}, []string{`{"type":"Topology","objects":{},"arcs":[]}`}, []string{`{"type":"Point","coordinates":[1,2]}`}},
	{"object", nil, []string{`{"a": 1}`, `{}`}, []string{`[1]`, "a", `{"a"`}},
	{"array", nil, []string{`["a"]`, `[]`}, []string{`{"a":1}`, "a,b", `["a"`}},
	{"array", more{"arrayItem": more{"type": "string", "constraints": more{"enum": []string{"a", "b"}}}}, []string{`["a","b"]`, `[]`}, []string{`["c"]`, `["a","c"]`}},
	{"array", more{"arrayItem": more{"type": "string", "enum": []string{"a"}}}, []string{`["a"]`}, []string{`["b"]`}},
	{"list", more{"itemType": "integer"}, []string{"1,2,3", "1"}, []string{"1,a", "1;2"}},
	{"list", more{"itemType": "date", "delimiter": ";"}, []string{"2024-01-01;2024-01-02"}, []string{"2024-01-01,2024-01-02"}},
}

func TestTypes(t *testing.T) {
	for _, c := range typeCases {
		f := field(t, c.kind, c.more)
		for _, v := range c.good {
			if got := errorsOf(one(t, f, v)); len(got) > 0 {
				t.Errorf("%s: %q: got %s, want valid", f, v, got[0].Reason)
			}
		}
		for _, v := range c.bad {
			if got := errorsOf(one(t, f, v)); len(got) == 0 {
				t.Errorf("%s: %q: got valid, want an error", f, v)
			}
		}
	}
}

func TestConstraints(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  string
		rules more
		value string
		want  string // reason, "" when valid
	}{
		{"an empty cell only breaks required", "integer", more{"minimum": 3, "pattern": "a", "enum": []string{"4"}}, "", ""},
		{"required", "string", more{"required": true}, "", "schema.required"},
		{"required, spaces only", "string", more{"required": true}, " \u00a0", "schema.blank"},
		{"spaces only in a typed column", "integer", nil, "  ", "schema.blank"},
		{"enum as written", "string", more{"enum": []string{"a", "b"}}, "b", ""},
		{"enum outside", "string", more{"enum": []string{"a", "b"}}, "c", "schema.enum"},
		{"enum of numbers compares values", "number", more{"enum": []any{80, 100}}, "80.0", ""},
		{"enum of a truth compares values", "boolean", more{"enum": []bool{true}}, "1", ""},
		{"enum of a truth outside", "boolean", more{"enum": []bool{true}}, "False", "schema.enum"},
		{"enum of lists compares values", "array", more{"enum": []any{[]int{1, 2}}}, "[1, 2]", ""},
		{"enum of lists outside", "array", more{"enum": []any{[]int{1, 2}}}, "[2, 1]", "schema.enum"},
		{"enum of points compares values", "geopoint", more{"enum": []string{"2.5,48"}}, "2.50, 48.0", ""},
		{"JSON of the structure asked for", "object", more{"jsonSchema": more{"required": []string{"a"}, "properties": more{"a": more{"type": "integer"}}}}, `{"a": 1}`, ""},
		{"JSON of another structure", "object", more{"jsonSchema": more{"required": []string{"a"}}}, `{"b": 1}`, "schema.json_schema"},
		{"JSON of another structure, in a list", "array", more{"jsonSchema": more{"items": more{"type": "string"}}}, `[1]`, "schema.json_schema"},
		{"enum of numbers outside", "number", more{"enum": []any{80, 100}}, "90", "schema.enum"},
		{"minimum holds", "integer", more{"minimum": 3}, "3", ""},
		{"minimum broken", "integer", more{"minimum": 3}, "2", "schema.minimum"},
		{"minimum written as text", "number", more{"minimum": "-90"}, "-90.5", "schema.minimum"},
		{"maximum of a date", "date", more{"maximum": "2024-12-31"}, "2025-01-01", "schema.maximum"},
		{"maximum of a date holds", "date", more{"maximum": "2024-12-31"}, "2024-12-31", ""},
		{"minimum of a year", "year", more{"minimum": 1900}, "1899", "schema.minimum"},
		{"minimum across zones", "datetime", more{"minimum": "2024-01-01T00:00:00Z"}, "2024-01-01T01:00:00+02:00", "schema.minimum"},
		{"minimum of a duration", "duration", more{"minimum": "P1Y"}, "P11M", "schema.minimum"},
		{"exclusive minimum", "integer", more{"exclusiveMinimum": 3}, "3", "schema.exclusive_minimum"},
		{"exclusive maximum", "integer", more{"exclusiveMaximum": 3}, "3", "schema.exclusive_maximum"},
		{"NaN breaks no bound", "number", more{"minimum": 3}, "NaN", ""},
		{"lengths count characters, not bytes", "string", more{"maxLength": 3}, "été", ""},
		{"too long", "string", more{"maxLength": 3}, "étés", "schema.max_length"},
		{"too short", "string", more{"minLength": 3}, "é", "schema.min_length"},
		{"items of an array are counted", "array", more{"minLength": 2}, `["a"]`, "schema.min_length"},
		{"a pattern holds for the whole cell", "string", more{"pattern": `\d{2}`}, "123", "schema.pattern_bare"},
		{"an alternative is anchored on both sides", "string", more{"pattern": `a|b`}, "ab", "schema.pattern_bare"},
		{"anchors already there do not hurt", "string", more{"pattern": `^\d{14}$`}, "21860194600013", ""},
		{"escapes of JavaScript", "string", more{"pattern": `^https?:\/\/[\u00C0-\u00FF\w\-]+$`}, "http://é-a", ""},
		{"escaped letters that are not ASCII", "string", more{"pattern": `^[\–\’\«a]+$`}, "–’«a", ""},
		{"\\w reads accents, as Python", "string", more{"pattern": `^\w{5}$`}, "étéàç", ""},
		{"back-reference holds", "string", more{"pattern": `^(a|b)\1$`}, "aa", ""},
		{"back-reference broken", "string", more{"pattern": `^(a|b)\1$`}, "ab", "schema.pattern_bare"},
		{"look-ahead", "string", more{"pattern": `^(?!0)\d+$`}, "012", "schema.pattern_bare"},
		{"a pattern that would backtrack for ever gives up", "string", more{"pattern": `^((a+)+)\1$`}, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "schema.pattern_bare"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := one(t, field(t, c.kind, more{"constraints": c.rules}), c.value)
			reason := ""
			if len(got) > 0 {
				reason = got[0].Reason
			}
			if reason != c.want {
				t.Errorf("got %q, want %q", reason, c.want)
			}
		})
	}
}

var yesNo = more{"trueValues": []string{"oui"}, "falseValues": []string{"non"}}

var fixCases = []struct {
	name, kind string
	more       more
	value      string
	kindOfFix  string
	after      string
}{
	{"spaces around a number", "integer", nil, " 12 ", "trim", "12"},
	{"no-break space around", "date", nil, "2024-01-02\u00a0", "trim", "2024-01-02"},
	{"thousands", "integer", nil, "1\u202f234", "spaces", "1234"},
	{"thousands with decimals", "number", nil, "1 234.5", "spaces", "1234.5"},
	{"French number", "number", nil, "1 234,50", "decimal_comma", "1234.50"},
	{"short decimals", "number", nil, "0,125", "decimal_comma", "0.125"},
	{"one comma and three decimals may be English", "number", nil, "1,234", "", ""},
	{"a unit is not lost", "number", nil, "12 %", "", ""},
	{"whole number as exported by a spreadsheet", "integer", nil, "12.0", "decimal_zero", "12"},
	{"a real decimal is not a whole number", "integer", nil, "12.5", "", ""},
	{"year as exported by a spreadsheet", "year", nil, "2024.0", "decimal_zero", "2024"},
	{"French date", "date", nil, "31/12/2024", "iso_date", "2024-12-31"},
	{"French date in words", "date", nil, "1er mars 2024", "iso_date", "2024-03-01"},
	{"date with midnight", "date", nil, "2024-12-31 00:00:00", "iso_date", "2024-12-31"},
	{"date with an hour is not only a date", "date", nil, "2024-12-31 10:00:00", "", ""},
	{"two-digit years are not certain", "date", nil, "31/12/24", "", ""},
	{"a month is not a day", "date", nil, "12/2024", "", ""},
	{"to the format asked for", "date", more{"format": "%d/%m/%Y"}, "2024-12-31", "iso_date", "31/12/2024"},
	{"a year does not swallow a date", "date", more{"format": "%Y"}, "2024-12-31", "", ""},
	{"space for T", "datetime", nil, "2024-12-31 10:00:00", "iso_date", "2024-12-31T10:00:00"},
	{"yes", "boolean", nil, "Oui", "boolean", "true"},
	{"closest spelling", "boolean", yesNo, "OUI", "boolean", "oui"},
	{"not a truth", "boolean", yesNo, "peut-être", "", ""},
	{"case and accents of a list", "string", more{"constraints": more{"enum": []string{"Numéraire", "Nature"}}}, "NUMERAIRE", "case_enum", "Numéraire"},
	{"two listed values look alike", "string", more{"constraints": more{"enum": []string{"Nature", "nature"}}}, "NATURE", "", ""},
	{"spaces in an identifier", "string", more{"constraints": more{"pattern": `^\d{14}$`}}, "218 601 946 00013", "spaces", "21860194600013"},
	{"identifier as exported by a spreadsheet", "string", more{"constraints": more{"pattern": `^\d{14}$`}}, "21860194600013.0", "decimal_zero", "21860194600013"},
	{"words keep their spaces", "string", more{"constraints": more{"pattern": `^[a-z]+$`}}, "a b", "", ""},
	{"phone as the example is", "string", more{"example": "+33123456789", "constraints": more{"pattern": `^\+33\d{9}$`}}, "01 23 45 67 89", "phone", "+33123456789"},
	{"two faults at once", "number", nil, " 1 234,5 ", "decimal_comma", "1234.5"},
}

func TestFixes(t *testing.T) {
	for _, c := range fixCases {
		t.Run(c.name, func(t *testing.T) {
			got := one(t, field(t, c.kind, c.more), c.value)
			if len(got) == 0 {
				t.Fatal("got no finding")
			}
			if got[0].Fix != c.kindOfFix || got[0].After != c.after {
				t.Errorf("got %q %q, want %q %q", got[0].Fix, got[0].After, c.kindOfFix, c.after)
			}
			if c.kindOfFix == "" {
				return
			}
			s, _, _ := Parse([]byte(`{"fields": [` + field(t, c.kind, c.more) + `]}`))
			if after, ok := Mend(c.kindOfFix, c.value, s.Fields[0]); !ok || after != c.after {
				t.Errorf("Mend: got %q %v, want %q", after, ok, c.after)
			}
			if left := one(t, field(t, c.kind, c.more), c.after); len(left) > 0 {
				t.Errorf("after the fix: got %v", left)
			}
		})
	}
}

// A field may be made without [Parse], which gives every number its decimal mark.
func TestNumber_readsAFieldWithoutADecimalMark(t *testing.T) {
	for _, kind := range []string{"number", "integer"} {
		for _, f := range []Field{{Type: kind}, {Type: kind, GroupChar: " "}, {Type: kind, BareNumber: true}, {Type: kind, BareNumber: true, GroupChar: " "}} {
			for v, want := range map[string]bool{"12": true, "1.5": kind == "number", "1 000": f.GroupChar == " ", "12 %": !f.BareNumber, "douze": false, "1,5": false} {
				if got := numberTest(f)(v); got != want {
					t.Errorf("%+v, %q: got %v, want %v", f, v, got, want)
				}
				numberOrder(f)(v)
			}
		}
	}
}
