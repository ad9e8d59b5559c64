package cleaningweb

import (
	"slices"
	"strconv"

	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
)

// A fieldsView asks what holds each field of a schema. Before the step is there nothing is asked: Later says why.
type fieldsView struct {
	Label, Later string
	Of           string // the schema they are of
	Rows         []fieldView
	Others       string // what the fields below are: not required, and held by nothing yet
	Spare        []fieldView
}

type fieldView struct {
	Field, Values string
	Title         string // of the field, with what is asked of it
	Column        ui.Choice
	Constant      ui.Field
	Convert       ui.Choice
}

// newSchema asks for a schema of tables; one chosen before that the pack no longer has stays.
func (d Desk) newSchema(p *i18n.Printer, f asked, errs ui.FormErrors) *ui.Choice {
	chosen := first(f.given["schema"])
	c := &ui.Choice{Name: "schema", Label: p.T("recipe.input_schema"), Empty: p.T("cleaningweb.choose"), Error: errs.For("schema")}
	known := chosen == ""
	for _, e := range d.Schemas.All() {
		if e.Kind == "" || e.Kind == schema.KindTable {
			known = known || e.Name == chosen
			c.Options = append(c.Options, ui.Option{Value: e.Name, Label: e.Title, Selected: e.Name == chosen})
		}
	}
	if !known {
		c.Options = append(c.Options, ui.Option{Value: chosen, Label: chosen, Selected: true})
	}
	return c
}

// newFields asks for the fields of the schema of a step that is there already. Fault: those of [schema.Pack.Find].
func (d Desk) newFields(p *i18n.Printer, f asked, columns []string) (*fieldsView, error) {
	out := &fieldsView{Label: p.T("recipe.input_fields")}
	if f.at < 0 {
		out.Later = p.T("cleaningweb.fields_later")
		return out, nil
	}
	out.Of = first(f.given["schema"])
	entry, err := d.Schemas.Find(out.Of)
	if err != nil {
		return nil, err
	}
	rules, _, err := entry.Schema()
	if err != nil {
		return nil, err
	}
	for i, field := range rules.Fields {
		n := strconv.Itoa(i + 1)
		v := fieldView{Field: field.Name, Title: field.Name}
		if field.Title != "" && field.Title != field.Name {
			v.Title += " – " + field.Title
		}
		if field.Constraints.Required {
			v.Title += " (" + p.T("cleaningweb.field_required") + ")"
		}
		at := slices.Index(f.given["fields.field"], field.Name)
		given := func(name string) string {
			if list := f.given["fields."+name]; at >= 0 && at < len(list) {
				return list[at]
			}
			return ""
		}
		v.Values = given("values")
		v.Column = ui.Choice{Name: "fields.column", ID: "field-column-" + n, Label: p.T("cleaningweb.field_column"), Empty: p.T("cleaningweb.field_none"), Options: options(columns, []string{given("column")})}
		if c := given("column"); c != "" && !slices.Contains(columns, c) { // found by another writing of its name
			v.Column.Options = append(v.Column.Options, ui.Option{Value: c, Label: c, Selected: true})
		}
		v.Constant = ui.Field{Name: "fields.constant", ID: "field-constant-" + n, Label: p.T("cleaningweb.field_constant"), Value: given("constant"), Autocomplete: "off"}
		converts := at < 0 || given("convert") != ""
		v.Convert = ui.Choice{Name: "fields.convert", ID: "field-convert-" + n, Label: p.T("cleaningweb.field_convert"), Options: []ui.Option{{Value: "on", Label: p.T("cleaningweb.convert_yes"), Selected: converts}, {Value: "", Label: p.T("cleaningweb.convert_no"), Selected: !converts}}}
		if at < 0 && !field.Constraints.Required {
			out.Spare = append(out.Spare, v)
			continue
		}
		out.Rows = append(out.Rows, v)
	}
	if len(out.Spare) > 0 {
		out.Others = p.T("cleaningweb.fields_spare", len(out.Spare))
	}
	return out, nil
}
