package schema

import (
	"maps"
	"slices"
	"strings"
)

// constraintNames are the constraints this room applies.
var constraintNames = []string{"required", "unique", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum",
	"exclusiveMaximum", "minLength", "maxLength", "jsonSchema"}

// constraints reads the rules of a field, and drops those that make no sense, with a warning.
func (p *parser) constraints(i int, f *Field, o object) {
	for _, wrong := range [...]string{"contraints", "constraint", "contraintes"} {
		if o[wrong] != nil {
			p.warn(i, f.Name, "schema.warn_property", wrong, "constraints")
		}
	}
	for _, outside := range [...]string{"required", "unique", "enum", "pattern", "minimum", "maximum"} {
		if o[outside] != nil && f.Type != "array" {
			p.warn(i, f.Name, "schema.warn_outside", outside)
		}
	}
	c := o.object("constraints")
	for _, k := range slices.Sorted(maps.Keys(c)) {
		if !slices.Contains(constraintNames, k) {
			p.warn(i, f.Name, "schema.warn_constraint", k)
		}
	}
	f.Constraints = Constraints{Required: c.truth("required", false), Unique: c.truth("unique", false),
		Enum: c.texts("enum"), MinLength: c.count("minLength"), MaxLength: c.count("maxLength")}
	if len(f.Constraints.Enum) == 0 {
		f.Constraints.Enum = o.texts("categories") // version 2: a closed list, with or without labels
	}
	f.Constraints.Pattern, _ = c["pattern"].(string)
	if f.Constraints.Pattern != "" {
		if _, err := compilePattern(f.Constraints.Pattern); err != nil {
			p.warn(i, f.Name, "schema.warn_pattern", f.Constraints.Pattern)
			f.Constraints.Pattern = ""
		}
	}
	p.structure(i, f, c)
	p.bound(i, f, c, "minimum", &f.Constraints.Minimum)
	p.bound(i, f, c, "maximum", &f.Constraints.Maximum)
	p.bound(i, f, c, "exclusiveMinimum", &f.Constraints.ExclusiveMinimum)
	p.bound(i, f, c, "exclusiveMaximum", &f.Constraints.ExclusiveMaximum)
}

// structure reads the JSON Schema of an object or array.
func (p *parser) structure(i int, f *Field, c object) {
	m := c.object("jsonSchema")
	if m == nil {
		return
	}
	rules, err := compileDocument(m)
	if err != nil || f.Type != "object" && f.Type != "array" && f.Type != "geojson" && f.Type != "any" {
		p.warn(i, f.Name, "schema.warn_constraint", "jsonSchema")
		return
	}
	f.Constraints.JSONSchema = &Document{Description: cut(plainText(map[string]any(m))), rules: rules}
}

// bound reads one limit; it must be a value of the field's type.
func (p *parser) bound(i int, f *Field, c object, key string, to *string) {
	text := strings.TrimSpace(plainText(c[key]))
	if text == "" {
		return
	}
	if order := orderOf(*f); order != nil {
		if _, ok := order(text); ok {
			*to = text
			return
		}
	}
	p.warn(i, f.Name, "schema.warn_bound", key, text, f.Type)
}

// keys reads primary, unique and foreign keys, keeping only those whose columns exist.
func (p *parser) keys() {
	p.s.PrimaryKey = p.known("primaryKey", p.o.texts("primaryKey"))
	if list, ok := p.o["uniqueKeys"].([]any); ok {
		for _, e := range list {
			if key := p.known("uniqueKeys", textList(e)); len(key) > 0 {
				p.s.UniqueKeys = append(p.s.UniqueKeys, key)
			}
		}
	}
	list, _ := p.o["foreignKeys"].([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		o, ref := object(m), object(m).object("reference")
		k := ForeignKey{Fields: p.known("foreignKeys", o.texts("fields")), Resource: ref.text("resource"),
			ReferenceFields: ref.texts("fields")}
		if k.Resource == "self" {
			k.Resource = ""
		}
		if k.Resource == "" {
			k.ReferenceFields = p.known("foreignKeys", k.ReferenceFields)
		}
		if len(k.Fields) > 0 && len(k.Fields) == len(k.ReferenceFields) {
			p.s.ForeignKeys = append(p.s.ForeignKeys, k)
		} else if len(m) > 0 {
			p.warn(-1, strings.Join(o.texts("fields"), ", "), "schema.warn_key", "foreignKeys")
		}
	}
}

// known returns the columns of a key if all exist, else warns.
func (p *parser) known(key string, columns []string) []string {
	columns = slices.DeleteFunc(columns, func(c string) bool { return c == "" })
	for _, c := range columns {
		if _, ok := p.s.Field(c); !ok {
			p.warn(-1, c, "schema.warn_key", key)
			return nil
		}
	}
	return columns
}

// checks reads the custom checks of the schema and the French formats of its fields.
func (p *parser) checks() {
	for _, key := range [...]string{"custom_checks", "customChecks", "custom-checks"} {
		list, _ := p.o[key].([]any)
		for _, e := range list {
			m, _ := e.(map[string]any)
			o := object(m)
			params := o.object("params")
			if params == nil {
				params = o // some write the parameters beside the name
			}
			p.check(CustomCheck{Name: o.text("name"), Column: params.text("column", "column1"),
				OtherColumns: otherColumns(params), Op: params.text("op"),
				YearOnly: params.truth("allow-year-only", params.truth("allow_year_only", false))})
		}
	}
	fields, _ := p.o["fields"].([]any)
	for _, e := range fields {
		m, _ := e.(map[string]any)
		o := object(m)
		format := o.text("frFormat")
		if format == "" {
			format = o.object("frFormat").text("name")
		}
		if format != "" {
			options := o.object("frFormat").object("options")
			p.check(CustomCheck{Name: format + "-value", Column: o.text("name"), YearOnly: options.truth("allow-year-only", true)})
		}
	}
}

// aliases are other names under which the checks were published.
var aliases = map[string]string{"siret-value": "french-siret-value", "siren-value": "french-siren-value",
	"telephone-value": "phone-number-value", "phone-value": "phone-number-value",
	"nomenclature-acte-value": "nomenclature-actes-value", "annee-value": "year-interval-value",
	"sum-columns": "sum-columns-value", "compare-columns": "compare-columns-value",
	"cohesive-columns": "cohesive-columns-value", "one-of-required-value": "one-of-required"}

func (p *parser) check(c CustomCheck) {
	if same, ok := aliases[c.Name]; ok {
		c.Name = same
	}
	if !slices.Contains(CheckNames(), c.Name) {
		p.warn(-1, c.Column, "schema.warn_check", c.Name)
		return
	}
	columns := c.Columns()
	pair := c.Name == "compare-columns-value" || c.Name == "sum-columns-value" ||
		c.Name == "cohesive-columns-value" || c.Name == "one-of-required"
	if c.Column == "" || pair && len(columns) < 2 || c.Name == "compare-columns-value" && !slices.Contains(operators, c.Op) {
		p.warn(-1, c.Column, "schema.warn_check_params", c.Name)
		return
	}
	for _, name := range columns {
		if _, ok := p.s.Field(name); !ok {
			p.warn(-1, name, "schema.warn_check_column", c.Name)
			return
		}
	}
	p.s.CustomChecks = append(p.s.CustomChecks, c)
}

func otherColumns(o object) []string {
	for _, key := range [...]string{"column2", "othercolumns", "otherColumns", "columns"} {
		if list := o.texts(key); len(list) > 0 {
			return list
		}
	}
	return nil
}
