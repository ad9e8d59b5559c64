package recipe

import (
	"maps"
	"slices"
	"strings"

	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// Map brings the columns of a table to those of a schema: their names, their order, their values written as the schema asks where that is
// certain. Every column it names must be there: next month's file without one is refused, not half mapped.
type Map struct {
	Schema string         `json:"schema"`           // as the pack names it
	Titled string         `json:"titled,omitempty"` // as people call it; "" for Schema
	Fields []Mapped       `json:"fields"`           // those that have a column or a value, in the order the columns take
	Drop   bool           `json:"drop,omitempty"`   // leave out the columns of no field; else they follow
	Rule   *schema.Schema `json:"rule"`             // what the schema asked of these fields when the step was written
}

// A Mapped field is held by a column, or has one value for every row.
type Mapped struct {
	Field    string            `json:"field"`
	Column   string            `json:"column,omitempty"`   // its name in the table, unique there
	Constant string            `json:"constant,omitempty"` // where there is no column
	Convert  bool              `json:"convert,omitempty"`  // write the values as the field asks, where that is certain
	Values   map[string]string `json:"values,omitempty"`   // spelling met → value written, before any conversion
}

// Writer is what writes the values of a mapped column by a rule; nil when they stay. It gives a value back that it cannot bring to the rule.
func (m Mapped) Writer(rule *schema.Schema) func(string) string {
	field, ok := rule.Field(m.Field)
	switch {
	case !ok || !m.Convert && len(m.Values) == 0:
		return nil
	case !m.Convert:
		values := maps.Clone(m.Values)
		return func(v string) string {
			if after, ok := values[v]; ok {
				return after
			}
			return v
		}
	}
	c := schema.NewConverter(rule, field).Choosing(m.Values)
	return remembered(func(v string) string {
		after, _, _ := c.Convert(v)
		return after
	})
}

// rememberedValues is how many different values of a column are converted once only; longValue is too long to be met again, in bytes.
const (
	rememberedValues = 4096
	longValue        = 256
)

// remembered keeps what fn gives: the values of a column come again and again.
func remembered(fn func(string) string) func(string) string {
	known := map[string]string{}
	return func(v string) string {
		if after, ok := known[v]; ok {
			return after
		}
		after := fn(v)
		if len(known) < rememberedValues && len(v) <= longValue {
			v = strings.Clone(v) // cells are not ours to keep
			known[v] = strings.Clone(after)
		}
		return after
	}
}

// Kind implements [Step].
func (*Map) Kind() string { return "map" }

// Say implements [Step].
func (m *Map) Say() Sentence {
	var pairs []string
	for _, f := range m.Fields {
		from := "= " + f.Constant
		if f.Column != "" {
			from = f.Column
		}
		pairs = append(pairs, from+" → "+f.Field)
	}
	title := m.Titled
	if title == "" {
		title = m.Schema
	}
	if m.Drop {
		return Sentence{"recipe.say_map_only", []any{title, listed(pairs)}}
	}
	return Sentence{"recipe.say_map", []any{title, listed(pairs)}}
}

func (m *Map) fit(at *site) (worker, error) {
	if len(m.Fields) == 0 || m.Rule == nil {
		return worker{}, at.bad("recipe.map_nothing", m.Schema)
	}
	var header []string
	var places, taken []int // -1 for a constant
	for _, f := range m.Fields {
		place := -1
		if f.Column != "" {
			var err error
			if place, err = at.column(f.Column); err != nil {
				return worker{}, err
			}
			if slices.Contains(taken, place) {
				return worker{}, at.bad("recipe.map_twice", f.Column)
			}
			taken = append(taken, place)
		}
		if err := at.fresh(header, f.Field); err != nil {
			return worker{}, err
		}
		header, places = append(header, f.Field), append(places, place)
	}
	if !m.Drop {
		for _, i := range at.others(taken) {
			header, places = append(header, free(header, at.header[i])), append(places, i)
		}
	}
	return m.worker(at, header, places), nil
}

func (m *Map) worker(at *site, header []string, places []int) worker {
	writers := make([]func(string) string, len(m.Fields))
	for i, f := range m.Fields {
		writers[i] = f.Writer(m.Rule)
	}
	w := picked(header, places)
	pick := w.each
	w.each = func(r row, out emit) error {
		return pick(r, func(made row) error {
			for i, f := range m.Fields {
				v := &made.cells[i]
				switch {
				case places[i] < 0 && slices.ContainsFunc(r.cells, func(c string) bool { return c != "" }): // a blank row stays one
					*v = f.Constant
				case places[i] < 0:
				case writers[i] != nil && *v != "":
					if after := writers[i](*v); after != *v {
						at.tally.changed(r.number, f.Field, *v, after)
						*v = after
					}
				}
			}
			return out(made)
		})
	}
	return w
}

// learn asks the kitchen for the rules of the schema and, where no field was chosen yet, which column is likely to hold each.
func (m *Map) learn(table tabular.Table, at *site) error {
	if at.kitchen.Map == nil {
		return at.bad("recipe.map_nothing", m.Schema)
	}
	if err := at.kitchen.Map(table, m); err != nil {
		return err
	}
	if len(m.Fields) == 0 {
		return at.bad("recipe.map_nothing", m.Schema)
	}
	return nil
}
