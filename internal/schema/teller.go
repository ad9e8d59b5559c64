package schema

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"cultured/internal/finding"
)

// A teller says the errors of one JSON value as findings.
type teller struct {
	document *Document
	root     any
	line     int
	sink     finding.Sink
}

// tell goes down to the rules that are broken. Where one of several forms is enough, it tells what keeps the value from
// the form it comes closest to.
func (t *teller) tell(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *kind.OneOf:
		if len(k.Subschemas) > 1 {
			t.say(e, "schema.json_one_of", "oneOf")
			return
		}
		t.closest(e)
		return
	case *kind.AnyOf:
		t.closest(e)
		return
	}
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			t.tell(cause)
		}
		return
	}
	t.leaf(e)
}

// closest tells the form with the fewest errors, those about the kind of the value counting most.
func (t *teller) closest(e *jsonschema.ValidationError) {
	if len(e.Causes) == 0 {
		t.say(e, "schema.json_no_form", "anyOf")
		return
	}
	t.tell(slices.MinFunc(e.Causes, func(a, b *jsonschema.ValidationError) int { return cmp.Compare(weigh(a), weigh(b)) }))
}

// weigh is how far a value is from a form.
func weigh(e *jsonschema.ValidationError) int {
	const kindOfValue = 100
	switch e.ErrorKind.(type) {
	case *kind.Type, *kind.Const, *kind.Enum, *kind.FalseSchema:
		return kindOfValue / max(1, len(e.InstanceLocation))
	}
	if len(e.Causes) == 0 {
		return 1
	}
	_, one := e.ErrorKind.(*kind.OneOf)
	_, some := e.ErrorKind.(*kind.AnyOf)
	n, least := 0, 0
	for i, cause := range e.Causes {
		w := weigh(cause)
		if n += w; i == 0 || w < least {
			least = w
		}
	}
	if one || some {
		return least
	}
	return n
}

// leaf says one broken rule.
func (t *teller) leaf(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		t.absent(e, k.Missing, "required")
	case *kind.DependentRequired:
		t.absent(e, k.Missing, "dependentRequired")
	case *kind.Dependency:
		t.absent(e, k.Missing, "dependencies")
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			t.sayAt(append(slices.Clone(e.InstanceLocation), name), "schema.json_extra", "additionalProperties", name)
		}
	case *kind.Type:
		t.wrongType(e, k)
	case *kind.Enum:
		t.say(e, "schema.enum", "enum", quoteList(textList(k.Want)), strconv.Itoa(len(k.Want)))
	case *kind.Const:
		t.say(e, "schema.json_const", "const", cut(plainText(k.Want)))
	case *kind.Pattern:
		t.say(e, "schema.pattern_bare", "pattern", cut(k.Want))
	case *kind.Format:
		t.wrongFormat(e, k)
	default:
		t.size(e)
	}
}

// size says the rules about how much there is.
func (t *teller) size(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *kind.MinLength:
		t.say(e, "schema.min_length", "minLength", strconv.Itoa(k.Want))
	case *kind.MaxLength:
		t.say(e, "schema.max_length", "maxLength", strconv.Itoa(k.Want))
	case *kind.Minimum:
		t.say(e, "schema.minimum", "minimum", decimal(k.Want))
	case *kind.Maximum:
		t.say(e, "schema.maximum", "maximum", decimal(k.Want))
	case *kind.ExclusiveMinimum:
		t.say(e, "schema.exclusive_minimum", "exclusiveMinimum", decimal(k.Want))
	case *kind.ExclusiveMaximum:
		t.say(e, "schema.exclusive_maximum", "exclusiveMaximum", decimal(k.Want))
	case *kind.MultipleOf:
		t.say(e, "schema.json_multiple", "multipleOf", decimal(k.Want))
	case *kind.MinItems:
		t.say(e, "schema.json_min_items", "minItems", strconv.Itoa(k.Want))
	case *kind.MaxItems:
		t.say(e, "schema.json_max_items", "maxItems", strconv.Itoa(k.Want))
	case *kind.MinProperties:
		t.say(e, "schema.json_min_properties", "minProperties", strconv.Itoa(k.Want))
	case *kind.MaxProperties:
		t.say(e, "schema.json_max_properties", "maxProperties", strconv.Itoa(k.Want))
	case *kind.UniqueItems:
		t.say(e, "schema.json_unique", "uniqueItems", strconv.Itoa(k.Duplicates[0]+1), strconv.Itoa(k.Duplicates[1]+1))
	default:
		t.say(e, "schema.json_no_form", strings.Join(e.ErrorKind.KeywordPath(), "/"))
	}
}

func decimal(r *big.Rat) string {
	return strings.TrimSuffix(strings.TrimRight(r.FloatString(10), "0"), ".")
}

// absent tells each property that is not there, at the place where it should be.
func (t *teller) absent(e *jsonschema.ValidationError, names []string, keyword string) {
	for _, name := range names {
		t.sayAt(append(slices.Clone(e.InstanceLocation), name), "schema.json_required", keyword, name)
	}
}

func (t *teller) wrongType(e *jsonschema.ValidationError, k *kind.Type) {
	reason := "schema.json_type"
	if len(k.Want) == 1 {
		reason = map[string]string{"string": "schema.json_type_string", "number": "schema.json_type_number", "integer": "schema.json_type_integer",
			"boolean": "schema.json_type_boolean", "array": "schema.json_type_array", "object": "schema.json_type_object"}[k.Want[0]]
	}
	t.say(e, cmp.Or(reason, "schema.json_type"), "type", strings.Join(k.Want, ", "))
}

func (t *teller) wrongFormat(e *jsonschema.ValidationError, k *kind.Format) {
	f := map[string]Field{"email": {Type: "string", Format: "email"}, "uri": {Type: "string", Format: "uri"}, "iri": {Type: "string", Format: "uri"},
		"uuid": {Type: "string", Format: "uuid"}, "date": {Type: "date", Format: "default"}, "time": {Type: "time", Format: "default"},
		"date-time": {Type: "datetime", Format: "default"}, "duration": {Type: "duration"}}[k.Want]
	reason := "schema.json_format"
	switch f.Type {
	case "":
		t.say(e, reason, "format", k.Want)
		return
	case "string":
		reason = "schema.format_" + f.Format
	default:
		reason = "schema.type_" + f.Type
	}
	t.say(e, reason, "format", typicalOf(f))
}

func (t *teller) say(e *jsonschema.ValidationError, reason, keyword string, args ...string) {
	t.sayAt(e.InstanceLocation, reason, keyword, args...)
}

// sayAt sends one finding about the value at the path.
func (t *teller) sayAt(path []string, reason, keyword string, args ...string) {
	row, field := place(path, t.root, t.line)
	v := cut(plainText(valueAt(path, t.root)))
	rule := "JSON Schema: " + keyword
	if t.document.label != "" {
		rule += " (" + t.document.label + ")"
	}
	t.sink(finding.Finding{Row: row, Column: -1, Field: field, Value: v, Reason: reason, Args: append([]string{v}, args...),
		Severity: finding.Error, Rule: rule})
}
