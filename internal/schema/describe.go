package schema

import (
	"slices"
	"strconv"
)

// A Phrase is a catalogue key and its arguments: what a page says about a field, translated by the page.
type Phrase struct {
	Key  string
	Args []string
}

// TypeWords says in words what a field holds: its type, and its format when it has one.
func (f Field) TypeWords() []Phrase {
	list := []Phrase{{Key: "schema.say_type_" + f.Type}}
	switch {
	case f.Format == "" || f.Format == "default" || f.Format == "any":
	case f.Type == "string":
		list = append(list, Phrase{Key: "schema.say_format_" + f.Format})
	case f.Type == "date" || f.Type == "time" || f.Type == "datetime":
		list = append(list, Phrase{Key: "schema.say_written", Args: []string{exampleOf(f)}})
	}
	if f.Type == "boolean" {
		list = append(list, Phrase{Key: "schema.say_boolean", Args: []string{first(f.TrueValues), first(f.FalseValues)}})
	}
	return list
}

// RuleWords says in words what a cell of the field must respect beside its type, the most important rule first.
func (f Field) RuleWords() []Phrase {
	c := f.Constraints
	var list []Phrase
	add := func(when bool, key string, args ...string) {
		if when {
			list = append(list, Phrase{Key: "schema.say_" + key, Args: args})
		}
	}
	add(c.Required, "required")
	add(!c.Required, "optional")
	add(c.Unique, "unique")
	add(len(c.Enum) > 0, "enum", quoteList(c.Enum))
	add(c.Minimum != "", "minimum", c.Minimum)
	add(c.Maximum != "", "maximum", c.Maximum)
	add(c.ExclusiveMinimum != "", "exclusive_minimum", c.ExclusiveMinimum)
	add(c.ExclusiveMaximum != "", "exclusive_maximum", c.ExclusiveMaximum)
	if c.MinLength != nil {
		add(true, "min_length", strconv.Itoa(*c.MinLength))
	}
	if c.MaxLength != nil {
		add(true, "max_length", strconv.Itoa(*c.MaxLength))
	}
	if n, ok := digitsOnly(c.Pattern); ok {
		add(true, "digits", strconv.Itoa(n))
	} else {
		add(c.Pattern != "", "pattern", c.Pattern)
	}
	return list
}

// Checks returns the custom checks that read the named field.
func (s *Schema) Checks(name string) []CustomCheck {
	var list []CustomCheck
	for _, c := range s.CustomChecks {
		if slices.Contains(c.Columns(), name) {
			list = append(list, c)
		}
	}
	return list
}

// Words says in words what the check asks.
func (c CustomCheck) Words() Phrase {
	key := map[string]string{"french-siret-value": "siret", "french-siren-value": "siren", "phone-number-value": "phone",
		"year-interval-value": "years", "nomenclature-actes-value": "nomenclature", "opening-hours-value": "hours",
		"compare-columns-value": "compare", "sum-columns-value": "sum", "cohesive-columns-value": "cohesive",
		"one-of-required": "one_of"}[c.Name]
	p := Phrase{Key: "schema.say_check_" + key}
	switch c.Name {
	case "compare-columns-value":
		p.Args = []string{c.Column, sign[c.Op], first(c.OtherColumns)}
	case "sum-columns-value":
		p.Args = []string{c.Column, quoteList(c.OtherColumns)}
	case "cohesive-columns-value", "one-of-required":
		p.Args = []string{quoteList(c.Columns())}
	}
	return p
}

// ExampleOf returns a value the field accepts, to show people: the schema's own example when it is valid, else one
// made for the type, or "" when none is sure to be valid (a pattern without example).
func ExampleOf(f Field) string { return exampleOf(f) }

func exampleOf(f Field) string {
	if f.Example != "" && exampleHolds(f, f.Example) {
		return cut(f.Example)
	}
	if len(f.Constraints.Enum) > 0 {
		return cut(f.Constraints.Enum[0])
	}
	for _, e := range [...]string{typicalOf(f), f.Constraints.Minimum, f.Constraints.Maximum} {
		if e != "" && exampleHolds(f, e) {
			return e
		}
	}
	return ""
}

// exampleHolds says whether v respects the type and the pattern of f, without asking testsOf, which asks for examples.
func exampleHolds(f Field, v string) bool {
	f.Constraints.Required = false
	for _, t := range typeTests(f, v) {
		if t.severity == "" && !t.ok(v) {
			return false
		}
	}
	for _, t := range append(enumTest(f), boundTests(f)...) {
		if !t.ok(v) {
			return false
		}
	}
	if f.Constraints.Pattern != "" {
		ok, err := compilePattern(f.Constraints.Pattern)
		return err == nil && ok(v)
	}
	return true
}

// typicalOf is a usual value of the type, "" for a free text.
func typicalOf(f Field) string {
	switch f.Type {
	case "integer":
		return "42"
	case "number":
		if f.DecimalChar != "" && f.DecimalChar != "." {
			return "1234" + f.DecimalChar + "5"
		}
		return "1234.5"
	case "boolean":
		return first(f.TrueValues)
	case "string":
		return map[string]string{"email": "accueil@mairie.example", "uri": "https://mairie.example/page",
			"uuid": "123e4567-e89b-12d3-a456-426614174000", "binary": "TWFpcmll"}[f.Format]
	case "date", "time", "datetime":
		if f.Format != "default" && f.Format != "any" && f.Format != "" {
			e, _ := layoutOf(f.Format).write(moment{year: 2024, month: 3, day: 15, hour: 14, minute: 30})
			return e
		}
		return map[string]string{"date": "2024-03-15", "time": "14:30:00", "datetime": "2024-03-15T14:30:00Z"}[f.Type]
	case "geopoint":
		return map[string]string{"array": "[2.3522, 48.8566]", "object": `{"lon": 2.3522, "lat": 48.8566}`,
			"default": "2.3522, 48.8566"}[f.Format]
	}
	return map[string]string{"year": "2024", "yearmonth": "2024-03", "duration": "P1Y2M", "array": `["a", "b"]`,
		"object": `{"a": 1}`, "list": "a" + f.Delimiter + "b", "geojson": `{"type": "Point", "coordinates": [2.35, 48.86]}`}[f.Type]
}
