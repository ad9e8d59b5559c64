package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cultured/content/schemas"
	"cultured/internal/fault"
	"cultured/internal/finding"
)

func document(t testing.TB, raw string) *Document {
	t.Helper()
	d, err := ParseDocument([]byte(raw), "Essai")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// told checks a JSON text and writes findings as "row field reason".
func told(t testing.TB, d *Document, data string) (out []string, list []finding.Finding) {
	t.Helper()
	_, err := d.Check([]byte(data), func(f finding.Finding) {
		out = append(out, fmt.Sprintf("%d %s %s", f.Row, f.Field, strings.TrimPrefix(f.Reason, "schema.")))
		list = append(list, f)
	})
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return out, list
}

func TestDocument_eachRuleIsToldWhereItIsBroken(t *testing.T) {
	for _, c := range []struct{ name, schema, data, want string }{
		{"a record of a list", `{"type": "array", "items": {"properties": {"a": {"type": "integer"}}}}`, `[{"a": 1}, {"a": "x"}]`, "2 a json_type_integer"},
		{"a list under a name", `{"properties": {"r": {"items": {"required": ["id"]}}}}`, `{"r": [{"id": 1}, {}]}`, "2 r.id json_required"},
		{"a list in a record", `{"items": {"properties": {"who": {"items": {"properties": {"id": {"type": "string"}}}}}}}`, `[{"who": [{"id": "a"}, {"id": 2}]}]`, "1 who[2].id json_type_string"},
		{"no list", `{"properties": {"a": {"enum": ["x", "y"]}}}`, `{"a": "z"}`, "0 a enum"},
		{"an unknown property", `{"additionalProperties": false, "properties": {"a": {}}}`, `{"a": 1, "b": 2}`, "0 b json_extra"},
		{"a fixed value", `{"properties": {"a": {"const": "Marché"}}}`, `{"a": "x"}`, "0 a json_const"},
		{"a pattern may hold for a part", `{"properties": {"a": {"pattern": "\\d{4}"}}}`, `{"a": "an 2024"}`, ""},
		{"a pattern", `{"properties": {"a": {"pattern": "^\\d{14}$"}}}`, `{"a": "12"}`, "0 a pattern_bare"},
		{"a date", `{"properties": {"a": {"format": "date"}}}`, `{"a": "12/03/2024"}`, "0 a type_date"},
		{"an address of mail", `{"properties": {"a": {"format": "email"}}}`, `{"a": "x"}`, "0 a format_email"},
		{"another format", `{"properties": {"a": {"format": "ipv4"}}}`, `{"a": "x"}`, "0 a json_format"},
		{"formats of 2020-12 hold too", `{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"a": {"format": "uuid"}}}`, `{"a": "x"}`, "0 a format_uuid"},
		{"bounds", `{"properties": {"a": {"minimum": 3}, "b": {"exclusiveMaximum": 3}, "c": {"multipleOf": 0.5}}}`, `{"a": 2, "b": 3, "c": 0.3}`,
			"0 a minimum,0 b exclusive_maximum,0 c json_multiple"},
		{"lengths", `{"properties": {"a": {"minLength": 3}, "b": {"maxItems": 1}, "c": {"minItems": 1}, "d": {"uniqueItems": true}}}`,
			`{"a": "é", "b": [1, 2], "c": [], "d": [1, 1]}`, "0 a min_length,0 b json_max_items,0 c json_min_items,0 d json_unique"},
		{"the closest form of several", `{"oneOf": [{"required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}, {"type": "string"}]}`, `{"a": "x", "b": 1}`, "0 b json_type_string"},
		{"two forms at once", `{"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}`, `{"a": 1, "b": 1}`, "0  json_one_of"},
		{"what must not be", `{"not": {"required": ["a"]}}`, `{"a": 1}`, "0  json_no_form"},
		{"one record a line", `{"required": ["a"]}`, "{\"a\": 1}\n{\"b\": 1}\n", "2 a json_required"},
		{"GeoJSON is known without fetching", `{"allOf": [{"$ref": "https://geojson.org/schema/FeatureCollection.json"}]}`,
			`{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": ["a", 2]}}]}`,
			"1 features.geometry.coordinates[1] json_type_number"},
		{"draft 4 bounds", `{"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"a": {"minimum": 3, "exclusiveMinimum": true}}}`, `{"a": 3}`, "0 a exclusive_minimum"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, list := told(t, document(t, c.schema), c.data)
			slices.Sort(got)
			if strings.Join(got, ",") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			for _, f := range list {
				if f.Severity != finding.Error || !strings.Contains(f.Rule, "(Essai)") || len(f.Args) == 0 {
					t.Errorf("got %+v", f)
				}
			}
		})
	}
}

func TestParseDocument_refusesWhatIsNoSchema(t *testing.T) {
	for raw, want := range map[string]string{
		"{": "schema.not_json", "[]": "schema.not_object", `{"a": 1}`: "schema.not_document",
		`{"fields": [{"name": "a"}]}`: "schema.not_document", `{"type": 3, "properties": {}}`: "schema.not_document",
		`{"$ref": "https://elsewhere.example/x.json"}`: "schema.not_document", `{"$ref": "file:///etc/passwd"}`: "schema.not_document",
		`{"properties": {"a": {"pattern": "("}}}`: "schema.not_document",
	} {
		if _, err := ParseDocument([]byte(raw), ""); !fault.Is(err, want) {
			t.Errorf("%s: got %v, want %s", raw, err, want)
		}
	}
	d := document(t, `{"properties": {}}`)
	for data, line := range map[string]any{"": 1, "{\n\"a\": ,\n}": 2, "{} x": 1} {
		_, err := d.Check([]byte(data), func(finding.Finding) {})
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || f.Key != "schema.data_not_json" || f.Args[0] != line {
			t.Errorf("%q: got %v, want line %v", data, err, line)
		}
	}
}

// The examples of public procurement: valid as published; each mistake is found at its place.
func TestDocument_publicProcurement(t *testing.T) {
	raw, err := fs.ReadFile(schemas.Files, "139bercy/format-commande-publique/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := ParseDocument(raw, "DECP")
	if err != nil {
		t.Fatal(err)
	}
	data := bytesOf(t, filepath.Join("testdata", "decp-marches-concessions.json"))
	if got, _ := told(t, d, string(data)); len(got) > 0 {
		t.Errorf("got %q for the published example, want nothing", got)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"dureeMois": 12,`, `"dureeMois": "douze",`, "1 marches.contrat-concession.dureeMois json_type_integer"},
		{`"id": "12345678901234"`, `"id": "1234"`, "1 marches.contrat-concession.autoriteConcedante.id pattern_bare"},
		{`"nature": "Concession de travaux"`, `"nature": "Travaux"`, "1 marches.contrat-concession.nature enum"},
		{`"objet": "Objet de la consultation 1",`, ``, "1 marches.contrat-concession.objet json_required"},
	} {
		if !bytes.Contains(data, []byte(c.old)) {
			t.Fatalf("%s is not in the example", c.old)
		}
		got, _ := told(t, d, strings.Replace(string(data), c.old, c.new, 1))
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %s", c.new, got, c.want)
		}
	}
}

func TestSharedDocuments_areValid(t *testing.T) {
	dir := shared(t)
	files, err := filepath.Glob(filepath.Join(dir, "exemples", "decp", "json", "*.json"))
	if err != nil || len(files) < 4 {
		t.Fatalf("got %d files (%v)", len(files), err)
	}
	for _, descriptor := range []string{"latest/139bercy/format-commande-publique/schema_decp_v2.0.2.json", "exemples/decp/schema_decp_v2.0.3.json"} {
		d := document(t, string(bytesOf(t, filepath.Join(dir, descriptor))))
		for _, file := range files {
			if got, _ := told(t, d, string(bytesOf(t, file))); len(got) > 0 {
				t.Errorf("%s: got %q", filepath.Base(file), got)
			}
		}
	}
}

func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"properties": {"a": {"type": ["string", "null"], "pattern": "^(a+)\\1$"}}, "oneOf": [{"required": ["a"]}, {"type": "array"}]}`), []byte(`{"a": "aaaa"}`))
	f.Add([]byte(`{"$ref": "#/definitions/x", "definitions": {"x": {"items": {"$ref": "#/definitions/x"}, "maxItems": 2}}}`), []byte(`[[[1]], 2, 3]`))
	f.Add([]byte(`{"allOf": [{"$ref": "https://geojson.org/schema/Point.json"}]}`), []byte(`{"type": "Point", "coordinates": [1]}`))
	f.Fuzz(func(t *testing.T, raw, data []byte) {
		if len(raw)+len(data) > 4096 {
			return
		}
		d, err := ParseDocument(raw, "")
		if err != nil {
			return
		}
		_, _ = d.Check(data, func(f finding.Finding) {
			if f.Reason == "" || f.Column != -1 || len(f.Args) == 0 {
				t.Errorf("got %+v", f)
			}
		})
	})
}
