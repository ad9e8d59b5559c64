package schema

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/finding"
)

// MostDescriptorBytes bounds a schema file or another descriptor; the largest national one is under 200 kB.
const MostDescriptorBytes = 8 << 20

const maxDescriptor = MostDescriptorBytes

// maxFields bounds the fields of a schema, as tabular bounds columns.
const maxFields = 16_384

// Parse reads a Table Schema, version 1 or 2, tolerantly: what it can understand it keeps, the rest is a warning
// (severity Warning, Column the position of the field or -1). A resource or a package that carries one schema is
// accepted in its place.
// Faults, all Invalid: "schema.not_json", "schema.not_object", "schema.not_table" (a JSON Schema or something else),
// "schema.no_fields"; TooLarge "schema.too_large".
func Parse(raw []byte) (s Schema, warnings []finding.Finding, err error) {
	defer fault.Wrap(&err, "schema.Parse")
	if len(raw) > maxDescriptor {
		return s, nil, fault.New(fault.TooLarge, "schema.too_large", maxDescriptor>>20)
	}
	v, err := decode(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if err != nil {
		return s, nil, fault.New(fault.Invalid, "schema.not_json").Because(err)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return s, nil, fault.New(fault.Invalid, "schema.not_object")
	}
	o := unwrap(m)
	list, ok := o["fields"].([]any)
	switch {
	case !ok:
		return s, nil, fault.New(fault.Invalid, "schema.not_table")
	case len(list) == 0:
		return s, nil, fault.New(fault.Invalid, "schema.no_fields")
	case len(list) > maxFields:
		return s, nil, fault.New(fault.TooLarge, "schema.too_large", maxDescriptor>>20)
	}
	p := &parser{o: o}
	p.head()
	p.fields(list)
	if len(p.s.Fields) == 0 {
		return s, nil, fault.New(fault.Invalid, "schema.no_fields")
	}
	p.keys()
	p.checks()
	return p.s, p.warnings, nil
}

// versionTwo starts the address of the profile of a schema that says it is of version 2; there, a header is exact unless
// fieldsMatch says otherwise.
const versionTwo = "https://datapackage.org/profiles/2.0/"

// unwrap finds the schema inside a resource or a package of one table.
func unwrap(o object) object {
	if _, ok := o["fields"]; ok {
		return o
	}
	if inner := o.object("schema"); inner["fields"] != nil {
		return inner
	}
	if list, ok := o["resources"].([]any); ok && len(list) == 1 {
		if r, ok := list[0].(map[string]any); ok {
			if inner := object(r).object("schema"); inner["fields"] != nil {
				return inner
			}
		}
	}
	return o
}

// parser gathers a schema and what is odd about it.
type parser struct {
	o        object
	s        Schema
	warnings []finding.Finding
}

func (p *parser) warn(column int, field, reason string, args ...string) {
	for i, a := range args {
		args[i] = cut(a)
	}
	p.warnings = append(p.warnings, finding.Finding{Column: column, Field: field, Reason: reason,
		Args: append([]string{field}, args...), Severity: finding.Warning, Rule: "Table Schema"})
}

func (p *parser) head() {
	o := p.o
	p.s = Schema{
		Name: o.text("name"), Title: o.text("title"), Description: o.text("description"), Version: o.text("version"),
		Path: o.text("path", "uri"), Homepage: o.text("homepage"), Created: o.text("created"),
		LastModified: o.text("lastModified", "updated"), Keywords: o.texts("keywords"),
		MissingValues: []string{""}, FieldsMatch: fieldsMatch(o["fieldsMatch"]),
	}
	if p.s.FieldsMatch == "" && strings.HasPrefix(o.text("$schema"), versionTwo) {
		p.s.FieldsMatch = MatchExact
	}
	if list, ok := o["licenses"].([]any); ok && len(list) > 0 {
		if l, ok := list[0].(map[string]any); ok {
			p.s.License = object(l).text("name", "title", "path")
		}
	}
	if o["missingValues"] != nil {
		p.s.MissingValues = withEmpty(o.texts("missingValues"))
	}
	if list, ok := o["resources"].([]any); ok {
		for _, e := range list {
			if r, ok := e.(map[string]any); ok && object(r).text("path") != "" {
				p.s.Samples = append(p.s.Samples, Sample{Title: object(r).text("title", "name"), Path: object(r).text("path")})
			}
		}
	}
}

// fieldsMatch reads the property; the standard shows it as a text, its JSON profile as a list of one.
func fieldsMatch(v any) FieldsMatch {
	for _, t := range textList(v) {
		switch m := FieldsMatch(strings.ToLower(t)); m {
		case MatchExact, MatchEqual, MatchSubset, MatchSuperset, MatchPartial:
			return m
		}
	}
	return ""
}

// withEmpty makes sure that an empty cell is a missing value: no agent means anything else by it.
func withEmpty(list []string) []string {
	if !slices.Contains(list, "") {
		list = append([]string{""}, list...)
	}
	return list
}

func (p *parser) fields(list []any) {
	for i, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			if name, isText := e.(string); isText && name != "" {
				m, ok = map[string]any{"name": name}, true
			}
		}
		o := object(m)
		name, _ := o["name"].(string)
		if !ok || name == "" {
			p.warn(i, "", "schema.warn_no_name", plainText(e))
			continue
		}
		if _, twice := p.s.Field(name); twice {
			p.warn(i, name, "schema.warn_twice")
			continue
		}
		p.s.Fields = append(p.s.Fields, p.field(i, name, o))
	}
}

func (p *parser) field(i int, name string, o object) Field {
	f := Field{Name: name, Title: o.text("title"), Description: o.text("description"), Example: p.example(i, name, o),
		Type: p.typeOf(i, name, o), DecimalChar: ".", BareNumber: o.truth("bareNumber", true), Delimiter: ","}
	f.Format = cmp.Or(o.text("format"), "default")
	if !knownFormat(f.Type, f.Format) {
		p.warn(i, name, "schema.warn_format", f.Format, f.Type)
		f.Format = "default"
	}
	if d, ok := o["decimalChar"].(string); ok && d != "" {
		f.DecimalChar = d
	}
	f.GroupChar, _ = o["groupChar"].(string)
	if d, ok := o["delimiter"].(string); ok && d != "" {
		f.Delimiter = d
	}
	if f.Type == "boolean" {
		f.TrueValues, f.FalseValues = o.texts("trueValues"), o.texts("falseValues")
		if len(f.TrueValues) == 0 {
			f.TrueValues = []string{"true", "True", "TRUE", "1"}
		}
		if len(f.FalseValues) == 0 {
			f.FalseValues = []string{"false", "False", "FALSE", "0"}
		}
	}
	if o["missingValues"] != nil {
		f.MissingValues = withEmpty(o.texts("missingValues"))
	}
	f.ArrayItem = p.item(i, name, f.Type, o)
	p.constraints(i, &f, o)
	return f
}

// typeOf reads the type. Absent, it is "string" (version 1), which accepts what "any" (version 2) accepts.
func (p *parser) typeOf(i int, name string, o object) string {
	raw, present := o["type"]
	t, _ := raw.(string)
	t = strings.ToLower(strings.TrimSpace(t))
	switch {
	case !present:
		return "string"
	case slices.Contains(Types(), t):
		return t
	}
	if same, ok := map[string]string{"text": "string", "int": "integer", "float": "number", "decimal": "number",
		"double": "number", "bool": "boolean", "timestamp": "datetime", "gyear": "year", "gyearmonth": "yearmonth"}[t]; ok {
		p.warn(i, name, "schema.warn_type_name", t, same)
		return same
	}
	p.warn(i, name, "schema.warn_type", plainText(raw))
	return "any"
}

func (p *parser) example(i int, name string, o object) string {
	v, key := o["example"], "example"
	if v == nil {
		v, key = o["examples"], "examples"
	}
	if v == nil {
		if v, key = o["exemple"], "exemple"; v == nil {
			return ""
		}
		p.warn(i, name, "schema.warn_property", key, "example")
	}
	if list, ok := v.([]any); ok && key == "examples" && len(list) > 0 {
		return plainText(list[0])
	}
	if _, ok := v.(string); !ok {
		p.warn(i, name, "schema.warn_example", plainText(v))
	}
	return strings.TrimSpace(plainText(v))
}

// item reads what the items of an array or list must be.
func (p *parser) item(i int, name, kind string, o object) *Field {
	switch kind {
	case "array":
		m := o.object("arrayItem")
		if m == nil {
			return nil
		}
		if m["enum"] != nil && m["constraints"] == nil { // as acceslibre writes it
			m = object{"type": m["type"], "format": m["format"], "constraints": map[string]any{"enum": m["enum"]}}
		}
		f := p.field(i, name, m)
		return &f
	case "list":
		t := o.text("itemType")
		if t == "" {
			return nil
		}
		f := p.field(i, name, object{"type": t})
		return &f
	}
	return nil
}
