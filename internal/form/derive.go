package form

import (
	"cmp"

	"cultured/internal/dataset"
	"cultured/internal/identifier"
	"cultured/internal/schema"
)

// FromSchema makes a form that asks for the fields of a Table Schema: one block a field, its name the field's slug. A required field
// is required; an enumeration is a choice. A personal block still lacks its purpose and its retention: the form cannot be published
// before somebody says them. Fields beyond [BlocksMost] are left out, and counted.
func FromSchema(s *schema.Schema) (f Form, left int) {
	f = New(cmp.Or(s.Title, s.Name))
	for _, field := range s.Fields {
		b := Block{Label: cmp.Or(field.Title, field.Name), Hint: field.Description, Kind: kindOf(field), Required: s.Required(field.Name)}
		c := field.Constraints
		switch b.Kind {
		case One, Many:
			b.Options = c.Enum
		case Number, Date:
			b.Min, b.Max = c.Minimum, c.Maximum
		}
		left += f.derive(field.Name, b)
	}
	return f, left
}

// FromDictionary makes a form that asks for the columns of a dataset, as [FromSchema] does for fields. A column about persons makes a
// personal block.
func FromDictionary(title string, entries []dataset.Entry) (f Form, left int) {
	f = New(title)
	for _, e := range entries {
		b := Block{Label: cmp.Or(e.Label, e.Name), Hint: e.Description, Kind: columnKind(e), Required: e.Required, About: e.Personal != ""}
		if b.Kind == One {
			b.Options = []string{yes, no}
		}
		left += f.derive(e.Name, b)
	}
	return f, left
}

// yes and no are what boolean columns say in French data.
const yes, no = "oui", "non"

// derive adds a block as it is, whole or not, and returns 1 when there is no room.
func (f *Form) derive(name string, b Block) (left int) {
	if len(f.Blocks) >= BlocksMost {
		return 1
	}
	b.Label, b.Hint = cut(b.Label, LabelMost), cut(b.Hint, HintMost)
	b.Tidy()
	if b.Validate(nil).Err() != nil && !b.Kind.Chooses() { // a limit written for machines: what it means is for a person to say
		for _, one := range b.Validate(nil) {
			if one.Field == "min" || one.Field == "max" {
				b.Min, b.Max = "", ""
			}
		}
	}
	b.Name = f.free(name)
	f.Blocks = append(f.Blocks, b)
	return 0
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// kindOf is the kind that asks for a field.
func kindOf(field schema.Field) Kind {
	switch {
	case len(field.Constraints.Enum) > 1 && len(field.Constraints.Enum) <= OptionsMost:
		if field.Type == "array" || field.Type == "list" {
			return Many
		}
		return One
	case field.Format == "email":
		return Email
	}
	switch field.Type {
	case "number", "integer":
		return Number
	case "date":
		return Date
	case "geopoint":
		return Point
	}
	return Line
}

// columnKind is the kind that asks for a column.
func columnKind(e dataset.Entry) Kind {
	switch e.Semantic {
	case dataset.Semantic(identifier.Email):
		return Email
	case dataset.Semantic(identifier.Phone):
		return Phone
	case dataset.Semantic(identifier.Commune), dataset.SemanticCommuneName:
		return Commune
	case dataset.SemanticAddress:
		return Address
	case dataset.SemanticPoint:
		return Point
	}
	switch e.Type {
	case dataset.TypeInteger, dataset.TypeNumber:
		return Number
	case dataset.TypeDate:
		return Date
	case dataset.TypeBoolean:
		return One
	}
	return Line
}
