package cleaningweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/cleaning"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A stepForm asks for one step.
type stepForm struct {
	Kind, Title, Why string
	At               int
	Action, Back     string
	Save             string
	Inputs           []inputView
}

// An inputView is one thing asked, in one of its ways.
type inputView struct {
	Columns  *ui.Group
	Choice   *ui.Choice
	Text     *ui.Field
	Lines    *ui.Textarea
	Yes      *ui.Checkbox
	Measures *measuresView
	Values   *valuesView
	Fields   *fieldsView
}

// A valuesView is what is written for each value met.
type valuesView struct {
	Label, Error string
	Rows         []valueView
}

type valueView struct {
	From string
	To   ui.Field
}

type measuresView struct {
	Label, Error string
	Rows         []measureView
}

type measureView struct {
	Fn, Column ui.Choice
	Into       ui.Field
}

// spareMeasures is how many figures a form offers beyond those there are.
const spareMeasures = 3

func (d Desk) newForm(r *http.Request, b cleaning.Bench, f asked, errs ui.FormErrors) (*stepForm, error) {
	p, upTo := web.VisitOf(r).P, f.at
	if upTo < 0 {
		upTo = len(b.Draft.Steps)
	}
	columns, err := d.Cleaning.Columns(b, upTo)
	if err != nil {
		return nil, err
	}
	out := &stepForm{Kind: f.kind, At: f.at, Title: p.T("recipe.kind_" + f.kind), Why: p.T("recipe.kind_" + f.kind + "_why"), Action: path(b.Dataset.ID) + "/step", Back: path(b.Dataset.ID), Save: p.T("cleaningweb.add_this")}
	if f.at >= 0 {
		out.Save = p.T("cleaningweb.change_this")
	}
	inputs := recipe.Inputs(f.kind)
	var theirs []string // columns of the table that a step joins with
	if other := first(f.given["with"]); f.kind == joins && other == "" {
		inputs, out.Save = inputs[:1], p.T("cleaningweb.continue")
	} else if f.kind == joins {
		if theirs, err = d.Cleaning.Beside(b, other); err != nil {
			return nil, err
		}
	}
	for _, in := range inputs {
		view := newInput(p, f, in, columns, errs)
		switch in.Way {
		case recipe.TakeTable:
			view.Choice, err = d.newTable(r, b, f, errs)
		case recipe.TakeSchema:
			view.Choice = d.newSchema(p, f, errs)
		case recipe.TakeFields:
			view.Fields, err = d.newFields(p, f, columns)
		}
		if err != nil {
			return nil, err
		}
		if theirs != nil {
			view.offer(p, in.Name, theirs)
		}
		out.Inputs = append(out.Inputs, view)
	}
	return out, nil
}

// joins is the kind of step that asks for another table first, so that its columns can be chosen from.
const joins = "join"

// offer replaces names to write by the columns of the other table.
func (v *inputView) offer(p *i18n.Printer, name string, theirs []string) {
	switch {
	case name == "their":
		v.Choice = &ui.Choice{Name: name, Label: v.Text.Label, Error: v.Text.Error, Empty: p.T("cleaningweb.same_name"), Optional: true, Options: options(theirs, []string{v.Text.Value})}
		v.Text = nil
	case v.Lines != nil:
		v.Columns = &ui.Group{Name: name, Label: p.T("recipe.input_take_listed"), Error: v.Lines.Error, Many: true, Options: options(theirs, strings.Split(v.Lines.Value, "\n"))}
		v.Lines = nil
	}
}

// newTable asks for another dataset; one chosen before that is no longer listed stays.
func (d Desk) newTable(r *http.Request, b cleaning.Bench, f asked, errs ui.FormErrors) (*ui.Choice, error) {
	p := web.VisitOf(r).P
	all, err := d.Datasets(r.Context(), web.Actor(r))
	if err != nil {
		return nil, err
	}
	c := &ui.Choice{Name: "with", Label: p.T("recipe.input_" + f.kind + "_with"), Empty: p.T("cleaningweb.choose"), Error: errs.For("with")}
	chosen := first(f.given["with"])
	if chosen == "" {
		c.Hint = p.T("cleaningweb.hint_with_table")
	}
	known := chosen == ""
	for _, ds := range all {
		if ds.ID != b.Dataset.ID {
			known = known || string(ds.ID) == chosen
			c.Options = append(c.Options, ui.Option{Value: string(ds.ID), Label: ds.Title, Selected: string(ds.ID) == chosen})
		}
	}
	if !known {
		c.Options = append(c.Options, ui.Option{Value: chosen, Label: chosen, Selected: true})
	}
	return c, nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// named gives a join the title of its other table, for its sentence.
func (d Desk) named(r *http.Request, step recipe.Step) error {
	join, ok := step.(*recipe.Join)
	if !ok {
		return nil
	}
	all, err := d.Datasets(r.Context(), web.Actor(r))
	for _, ds := range all {
		if string(ds.ID) == join.With {
			join.Named = ds.Title
		}
	}
	return err
}

func newInput(p *i18n.Printer, f asked, in recipe.Input, columns []string, errs ui.FormErrors) (v inputView) {
	label := p.T("recipe.input_" + in.Name)
	if in.Own {
		label = p.T("recipe.input_" + f.kind + "_" + in.Name)
	}
	given, hint := f.given[in.Name], hintOf(p, f.kind, in.Name)
	one := first(given)
	wrong := errs.For(in.Name)
	switch in.Way {
	case recipe.TakeColumns:
		v.Columns = &ui.Group{Name: in.Name, Label: label, Hint: hint, Error: wrong, Many: true, Options: options(columns, given)}
	case recipe.TakeColumn:
		v.Choice = &ui.Choice{Name: in.Name, Label: label, Hint: hint, Error: wrong, Empty: p.T("cleaningweb.choose"), Optional: in.Optional, Options: options(columns, given)}
	case recipe.TakeChoice:
		v.Choice = &ui.Choice{Name: in.Name, Label: label, Hint: hint, Error: wrong}
		for _, c := range in.Choices {
			v.Choice.Options = append(v.Choice.Options, ui.Option{Value: c, Label: p.T("recipe.choice_" + c), Selected: c == one})
		}
	case recipe.TakeText:
		v.Text = &ui.Field{Name: in.Name, Label: label, Hint: hint, Error: wrong, Value: one, Optional: in.Optional, Autocomplete: "off"}
	case recipe.TakeCount:
		if one == "" {
			one = "1"
		}
		v.Text = &ui.Field{Name: in.Name, Label: label, Hint: hint, Error: wrong, Value: one, Mode: "numeric", Size: "short", Autocomplete: "off"}
	case recipe.TakeLines:
		v.Lines = &ui.Textarea{Name: in.Name, Label: label, Hint: hint, Error: wrong, Value: one, Rows: 3, Optional: in.Optional}
	case recipe.TakeQuery:
		v.Lines = &ui.Textarea{Name: in.Name, Label: label, Hint: queryHint(p, columns), Error: wrong, Value: one, Rows: 6, Fixed: true}
	case recipe.TakeYes:
		v.Yes = &ui.Checkbox{Name: in.Name, Label: label, Hint: hint, Checked: one != ""}
	case recipe.TakeMeasures:
		v.Measures = newMeasures(p, f.given, columns, label, wrong)
	case recipe.TakeValues:
		v.Values = &valuesView{Label: label, Error: wrong}
		for i, from := range f.given["values.from"] {
			v.Values.Rows = append(v.Values.Rows, valueView{from, ui.Field{Name: "values.to", ID: "value-" + strconv.Itoa(i+1), Label: p.T("cleaningweb.write_for", from), Value: f.given["values.to"][i], Autocomplete: "off"}})
		}
	}
	return v
}

func newMeasures(p *i18n.Printer, given map[string][]string, columns []string, label, wrong string) *measuresView {
	out := &measuresView{Label: label, Error: wrong}
	at := func(name string, i int) string {
		if list := given["measures."+name]; i < len(list) {
			return list[i]
		}
		return ""
	}
	for i := range max(spareMeasures, len(given["measures.fn"])+1) {
		n := strconv.Itoa(i + 1)
		m := measureView{Fn: ui.Choice{Name: "measures.fn", ID: "fn-" + n, Label: p.T("cleaningweb.measure_fn", i+1)},
			Column: ui.Choice{Name: "measures.column", ID: "column-" + n, Label: p.T("cleaningweb.measure_column"), Empty: p.T("cleaningweb.choose"), Options: options(columns, []string{at("column", i)})},
			Into:   ui.Field{Name: "measures.into", ID: "into-" + n, Label: p.T("cleaningweb.measure_into"), Value: at("into", i), Autocomplete: "off"}}
		for _, fn := range recipe.Fns() {
			m.Fn.Options = append(m.Fn.Options, ui.Option{Value: fn, Label: p.T("recipe.fn_" + fn), Selected: fn == at("fn", i)})
		}
		out.Rows = append(out.Rows, m)
	}
	return out
}

func options(columns, chosen []string) (out []ui.Option) {
	for _, c := range columns {
		out = append(out, ui.Option{Value: c, Label: c, Selected: slices.Contains(chosen, c)})
	}
	return out
}

// hintColumns is how many columns the help of a question names.
const hintColumns = 30

// queryHint tells how a question in SQL calls the table and its columns.
func queryHint(p *i18n.Printer, columns []string) string {
	if len(columns) == 0 {
		return ""
	}
	names := make([]string, 0, len(columns))
	for _, c := range columns[:min(len(columns), hintColumns)] {
		names = append(names, `"`+strings.ReplaceAll(c, `"`, `""`)+`"`)
	}
	first := names[0]
	if len(columns) > hintColumns {
		names = append(names, "…")
	}
	return p.T("cleaningweb.hint_query", strings.Join(names, ", "), first)
}

// hintOf is the help beside an input, "" for those that need none.
func hintOf(p *i18n.Printer, kind, name string) string {
	switch kind + " " + name {
	case "derive formula":
		return p.T("cleaningweb.hint_formula")
	case "split by":
		return p.T("cleaningweb.hint_split")
	case "explode by":
		return p.T("cleaningweb.hint_explode")
	case "merge by":
		return p.T("cleaningweb.hint_merge")
	case "filter value":
		return p.T("cleaningweb.hint_value")
	case "replace with":
		return p.T("cleaningweb.hint_with")
	case "join take":
		return p.T("cleaningweb.hint_take")
	case "deduplicate columns":
		return p.T("cleaningweb.hint_duplicates")
	}
	return ""
}
