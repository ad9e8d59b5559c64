package schema

import "slices"

// A Schema says what the columns of a table must be. Build it with [Parse]; treat it as read-only afterwards.
type Schema struct {
	Name          string // identifier, for example "deliberations"; may be empty
	Title         string
	Description   string // Markdown
	Version       string // as declared; never a key: two schemas share "2.1.1"
	Path          string // address of this version
	Homepage      string
	Created       string // ISO date as declared
	LastModified  string // ISO date as declared
	License       string // name of the first licence declared, for example "etalab-2.0"
	Keywords      []string
	Fields        []Field
	PrimaryKey    []string
	UniqueKeys    [][]string
	ForeignKeys   []ForeignKey
	MissingValues []string // texts that stand for an absent value; never nil, {""} unless declared
	CustomChecks  []CustomCheck
	FieldsMatch   FieldsMatch // "" when not declared
	Samples       []Sample    // example files the schema publishes
	Document      *Document   `json:"-"` // the rules, when they are a JSON Schema: there are no fields then
}

// FieldsMatch says how the columns of a table relate to the fields (Table Schema 2).
type FieldsMatch string

// The values of fieldsMatch. Not declared, this house does what French practice does: any order, extra columns warned
// about, only required columns required.
const (
	MatchExact    FieldsMatch = "exact"    // same columns in the same order
	MatchEqual    FieldsMatch = "equal"    // same columns in any order
	MatchSubset   FieldsMatch = "subset"   // all fields are in the table, which may have more columns
	MatchSuperset FieldsMatch = "superset" // all columns are in the schema, which may have more fields
	MatchPartial  FieldsMatch = "partial"  // at least one in common
)

// A Field describes one column.
type Field struct {
	Name          string
	Title         string
	Description   string // Markdown
	Type          string // one of Types
	Format        string // "default" unless declared
	Example       string // as text; the first one when several are declared
	Constraints   Constraints
	TrueValues    []string // boolean; never nil for booleans
	FalseValues   []string
	DecimalChar   string   // number; "." unless declared
	GroupChar     string   // number and integer; "" unless declared
	BareNumber    bool     // false: signs such as "%" or "€" may surround the digits
	ArrayItem     *Field   // of arrays and lists; nil accepts any item
	Delimiter     string   // list; "," unless declared
	MissingValues []string // nil: those of the schema
}

// Constraints are the rules beside the type. Nil pointers and empty values mean no rule.
type Constraints struct {
	Required         bool
	Unique           bool
	Enum             []string // as text
	Pattern          string   // as written in the schema; it holds for the whole cell
	Minimum          string   // as text, read with the field's type
	Maximum          string
	ExclusiveMinimum string
	ExclusiveMaximum string
	MinLength        *int // characters, or items
	MaxLength        *int
	JSONSchema       *Document // what the JSON of an object or array must be; nil for no rule
}

// A ForeignKey says that the values of Fields are found in the columns ReferenceFields of another table.
type ForeignKey struct {
	Fields          []string
	Resource        string // "" is the table itself
	ReferenceFields []string
}

// A CustomCheck is a rule beyond Table Schema, with the parameters the national schemas give it.
type CustomCheck struct {
	Name         string // for example "compare-columns-value"
	Column       string
	OtherColumns []string // the other columns, in order
	Op           string   // compare-columns-value: > >= == <= <
	YearOnly     bool     // year-interval-value: a single year is accepted too
}

// Columns lists the columns the check reads, the main one first.
func (c CustomCheck) Columns() []string {
	if c.Column == "" {
		return slices.Clone(c.OtherColumns)
	}
	return append([]string{c.Column}, c.OtherColumns...)
}

// A Sample is an example file published with a schema.
type Sample struct {
	Title string
	Path  string // address
}

// Types lists the field types of Table Schema 1 and 2.
func Types() []string {
	return []string{"string", "number", "integer", "boolean", "object", "array", "list", "date", "time", "datetime",
		"year", "yearmonth", "duration", "geopoint", "geojson", "any"}
}

// Field returns the field with the name, exactly written.
func (s *Schema) Field(name string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// Required says whether a value is asked for in every row: by the field itself or as part of the primary key.
func (s *Schema) Required(name string) bool {
	f, ok := s.Field(name)
	return ok && (f.Constraints.Required || slices.Contains(s.PrimaryKey, name))
}

// Label is how a finding quotes the schema: its title or name, then its version.
func (s *Schema) Label() string {
	label := s.Title
	if label == "" {
		label = s.Name
	}
	if s.Version != "" && label != "" {
		label += " " + s.Version
	}
	return label
}
