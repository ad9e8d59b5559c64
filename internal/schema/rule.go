package schema

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cultured/internal/finding"
	"cultured/internal/identifier"
)

// A test is one rule of one field, compiled.
type test struct {
	ok       func(string) bool
	reason   string
	rule     string   // the property of Table Schema, for example "constraints.pattern"
	args     []string // {1} and following
	fixes    []string // kinds of fix worth trying, in order
	kind     bool     // a test of the type: when it fails, the constraints say nothing more
	severity finding.Severity
}

// testsOf compiles the rules of a field on one non-empty cell, types first.
func testsOf(f Field) []test {
	example := exampleOf(f)
	tests := typeTests(f, example)
	for i := range tests {
		tests[i].kind, tests[i].rule = true, typeRule(f)
	}
	return append(append(tests, enumTest(f)...), append(boundTests(f), textTests(f, example)...)...)
}

func typeRule(f Field) string {
	if f.Format != "" && f.Format != "default" {
		return "type " + f.Type + ", format " + f.Format
	}
	return "type " + f.Type
}

// typeTests are the tests of type and format.
func typeTests(f Field, example string) []test {
	if example == "" {
		example = typicalOf(f)
	}
	one := func(ok func(string) bool, reason string, fixes ...string) []test {
		return []test{{ok: ok, reason: reason, args: []string{example}, fixes: fixes}}
	}
	switch f.Type {
	case "integer":
		return one(numberTest(f), "schema.type_integer", "trim", "spaces", "decimal_zero")
	case "number":
		return one(numberTest(f), "schema.type_number", "trim", "spaces", "decimal_comma")
	case "boolean":
		yes, no := f.TrueValues, f.FalseValues
		ok := func(v string) bool { return slices.Contains(yes, v) || slices.Contains(no, v) }
		return []test{{ok: ok, reason: "schema.type_boolean", fixes: []string{"trim", "boolean"},
			args: []string{first(yes), first(no)}}}
	case "date", "time", "datetime", "year", "yearmonth":
		read := dateReader(f)
		return one(func(v string) bool { _, ok := read(v); return ok }, "schema.type_"+f.Type, "trim", "iso_date", "decimal_zero")
	case "duration":
		return one(func(v string) bool { _, ok := readDuration(v); return ok }, "schema.type_duration", "trim")
	case "geopoint":
		return pointTests(f, example)
	case "geojson":
		if f.Format == "topojson" {
			return one(isTopoJSON, "schema.type_geojson", "trim")
		}
		return one(isGeoJSON, "schema.type_geojson", "trim")
	case "object":
		return one(isObject, "schema.type_object")
	case "array":
		return append(one(isArray, "schema.type_array"), itemTests(f)...)
	case "list":
		return itemTests(f)
	}
	return stringTests(f, example)
}

func stringTests(f Field, example string) []test {
	ok := map[string]func(string) bool{"email": identifier.IsEmail, "uri": isURI, "uuid": identifier.IsUUID,
		"binary": isBase64}[f.Format]
	if f.Type != "string" || ok == nil {
		return nil
	}
	return []test{{ok: ok, reason: "schema.format_" + f.Format, args: []string{example}, fixes: []string{"trim"}}}
}

func pointTests(f Field, example string) []test {
	read := readPoint(f.Format)
	return []test{
		{ok: func(v string) bool { _, ok := read(v); return ok }, reason: "schema.type_geopoint", args: []string{example},
			fixes: []string{"trim"}},
		{ok: func(v string) bool { p, ok := read(v); return !ok || !p.swapped() }, reason: "schema.geopoint_swapped",
			args: []string{example}, severity: finding.Warning},
	}
}

// itemTests test each item of an array or list with the rules of its items.
func itemTests(f Field) []test {
	if f.ArrayItem == nil {
		return nil
	}
	inner, list, missing := testsOf(*f.ArrayItem), items(f), f.ArrayItem.Constraints.Required
	return []test{{reason: "schema.item", args: []string{itemWords(*f.ArrayItem)}, ok: func(v string) bool {
		for _, item := range list(v) {
			if item == "" {
				if missing {
					return false
				}
				continue
			}
			for _, t := range inner {
				if t.severity == "" && !t.ok(item) {
					return false
				}
			}
		}
		return true
	}}}
}

func itemWords(f Field) string {
	if len(f.Constraints.Enum) > 0 {
		return quoteList(f.Constraints.Enum)
	}
	return exampleOf(f)
}

// enumTest accepts the values listed: numbers, dates, truths and JSON by value ("80" is "80.0"), other types as written.
func enumTest(f Field) []test {
	enum := f.Constraints.Enum
	if len(enum) == 0 {
		return nil
	}
	set := make(map[string]struct{}, len(enum))
	for _, e := range enum {
		set[e] = struct{}{}
	}
	exact := func(v string) bool { _, found := set[v]; return found }
	ok := exact
	if order := orderOf(f); order != nil {
		ok = sameValue(enum, order, exact)
	} else if value := valueOf(f); value != nil {
		ok = sameValue(enum, value, exact)
	}
	return []test{{ok: ok, reason: "schema.enum", rule: "constraints.enum", args: []string{quoteList(enum), strconv.Itoa(len(enum))},
		fixes: []string{"trim", "case_enum"}}}
}

// sameValue accepts the cells whose value is one of those of the list, or that are written as one of them.
func sameValue[T comparable](enum []string, value func(string) (T, bool), exact func(string) bool) func(string) bool {
	values := map[T]struct{}{}
	for _, e := range enum {
		if x, ok := value(e); ok {
			values[x] = struct{}{}
		}
	}
	return func(v string) bool {
		x, ok := value(v)
		if ok {
			_, ok = values[x]
		}
		return ok || exact(v)
	}
}

// valueOf returns the reader of the value of a cell where two texts may mean the same, nil for other types. Values
// compare with ==.
func valueOf(f Field) func(string) (any, bool) {
	switch f.Type {
	case "boolean":
		return func(v string) (any, bool) {
			yes := slices.Contains(f.TrueValues, v) || v == "true"
			return yes, yes || slices.Contains(f.FalseValues, v) || v == "false"
		}
	case "geopoint":
		read := readPoint(f.Format)
		return func(v string) (any, bool) { p, ok := read(v); return p, ok }
	case "object", "array", "geojson":
		return func(v string) (any, bool) { x, err := decode([]byte(v)); return plainText(x), err == nil }
	}
	return nil
}

// boundTests compare with minimum and maximum.
func boundTests(f Field) []test {
	order := orderOf(f)
	if order == nil {
		return nil
	}
	var tests []test
	add := func(name, reason, text string, ok func(x, bound float64) bool) {
		bound, isValue := order(text)
		if text == "" || !isValue {
			return
		}
		tests = append(tests, test{reason: reason, rule: "constraints." + name, args: []string{text},
			ok: func(v string) bool { x, isValue := order(v); return !isValue || math.IsNaN(x) || ok(x, bound) }})
	}
	c := f.Constraints
	add("minimum", "schema.minimum", c.Minimum, func(x, bound float64) bool { return x >= bound })
	add("maximum", "schema.maximum", c.Maximum, func(x, bound float64) bool { return x <= bound })
	add("exclusiveMinimum", "schema.exclusive_minimum", c.ExclusiveMinimum, func(x, bound float64) bool { return x > bound })
	add("exclusiveMaximum", "schema.exclusive_maximum", c.ExclusiveMaximum, func(x, bound float64) bool { return x < bound })
	return tests
}

// textTests are the tests of length and pattern.
func textTests(f Field, example string) []test {
	var tests []test
	c := f.Constraints
	size := sizeOf(f)
	if n := c.MinLength; n != nil {
		tests = append(tests, test{ok: func(v string) bool { return size(v) >= *n }, reason: "schema.min_length",
			rule: "constraints.minLength", args: []string{strconv.Itoa(*n)}})
	}
	if n := c.MaxLength; n != nil {
		tests = append(tests, test{ok: func(v string) bool { return len(v) <= *n || size(v) <= *n }, reason: "schema.max_length",
			rule: "constraints.maxLength", args: []string{strconv.Itoa(*n)}, fixes: []string{"trim"}})
	}
	if d := c.JSONSchema; d != nil {
		tests = append(tests, test{ok: d.holds, reason: "schema.json_schema", rule: "constraints.jsonSchema", args: []string{d.Description}})
	}
	if c.Pattern != "" {
		if ok, err := compilePattern(c.Pattern); err == nil {
			t := test{ok: ok, reason: "schema.pattern", rule: "constraints.pattern",
				args: []string{example, cut(c.Pattern)}, fixes: patternFixes(example)}
			if example == "" {
				t.reason, t.args = "schema.pattern_bare", t.args[1:]
			}
			tests = append(tests, t)
		}
	}
	return tests
}

// patternFixes are the fixes that may make a value match: those of the kind of value the example is.
func patternFixes(example string) []string {
	fixes := []string{"trim", "spaces", "decimal_zero"}
	if len(example) > 8 && identifier.IsPhone(example) {
		fixes = append(fixes, "phone")
	}
	if _, ok := readDate(example); ok {
		fixes = append(fixes, "iso_date")
	}
	return fixes
}

// sizeOf counts what minLength and maxLength limit: items of arrays and lists, members of objects, characters.
func sizeOf(f Field) func(string) int {
	switch f.Type {
	case "array", "list":
		list := items(f)
		return func(v string) int { return len(list(v)) }
	case "object":
		return func(v string) int {
			x, _ := decode([]byte(v))
			m, _ := x.(map[string]any)
			return len(m)
		}
	}
	return utf8.RuneCountInString
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// quoteList quotes the first values of a list, as many as a sentence can bear.
func quoteList(list []string) string {
	var b strings.Builder
	for i, e := range list {
		if i > 0 && b.Len()+len(e) > 160 {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(cut(e))
	}
	return b.String()
}
