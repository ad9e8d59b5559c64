package dataset

import (
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/recipe"
	"cultured/internal/schema"
)

// A Mapping says which column of a table holds which field of a schema, and how its values become what the field asks.
// It names columns, not places: it replays on next month's file. Its JSON is stable: it is stored, and a file of the
// command line.
type Mapping struct {
	Schema string   `json:"schema"`         // as the pack names it
	Fields []Mapped `json:"fields"`         // those that have a column or a value, in the order the columns take
	Drop   bool     `json:"drop,omitempty"` // leave out the columns of no field; else they follow
}

// A Mapped field is held by a column, or has one value for every row.
type Mapped = recipe.Mapped

// fixMap is the kind of the step that applies a mapping.
const fixMap = "map"

// Of returns the mapping of a field.
func (m Mapping) Of(field string) (Mapped, bool) {
	i := slices.IndexFunc(m.Fields, func(f Mapped) bool { return f.Field == field })
	if i < 0 {
		return Mapped{}, false
	}
	return m.Fields[i], true
}

// Step makes the mapping a step of a plan, with the rules of s it needs, so that it gives the same table each time.
// Faults, of the field called "field-" and its place in the schema, from 0: Invalid "dataset.map_twice" for a column or a
// field taken twice, "dataset.map_field" for one the schema does not have; Invalid "dataset.map_nothing" when nothing is
// mapped.
func (m Mapping) Step(s *schema.Schema) (Fix, error) {
	if len(m.Fields) == 0 {
		return Fix{}, fault.New(fault.Invalid, "dataset.map_nothing")
	}
	var wrong fault.List
	rule := &schema.Schema{MissingValues: s.MissingValues}
	fields, columns := map[string]bool{}, map[string]bool{}
	for _, f := range m.Fields {
		at := slices.IndexFunc(s.Fields, func(field schema.Field) bool { return field.Name == f.Field })
		key, form := strings.ToLower(f.Column), "field-"+strconv.Itoa(max(at, 0))
		switch {
		case at < 0:
			wrong.Add(form, "dataset.map_field", f.Field)
			continue
		case fields[f.Field] || f.Column != "" && columns[key]:
			wrong.Add(form, "dataset.map_twice", f.Column)
		}
		fields[f.Field], columns[key] = true, true
		field := s.Fields[at]
		field.Description = "" // long, and of no use to a rule
		rule.Fields = append(rule.Fields, field)
		for _, c := range s.CustomChecks {
			if c.Column == f.Field && len(c.OtherColumns) == 0 {
				rule.CustomChecks = append(rule.CustomChecks, c)
			}
		}
	}
	return Fix{Kind: fixMap, Map: &m, Rule: rule}, wrong.Err()
}

// MapStep returns the mapping of a plan and where its step stands, -1 when there is none. The last one counts.
func (p Plan) MapStep() (Mapping, int) {
	for i, f := range slices.Backward(p) {
		if f.Kind == fixMap && f.Map != nil {
			return *f.Map, i
		}
	}
	return Mapping{}, -1
}

// WithMap returns the plan with the step in the place of the mapping it has, else at its end.
func (p Plan) WithMap(step Fix) Plan {
	p = slices.Clone(p)
	if _, at := p.MapStep(); at >= 0 {
		p[at] = step
		return p
	}
	return append(p, step)
}

// Fits says whether a table with these columns can be mapped as a table was before: every column of the mapping is there.
func (m Mapping) Fits(columns []string) bool {
	some := false
	for _, f := range m.Fields {
		if f.Column == "" {
			continue
		}
		some = true
		if columnAt(columns, f.Column) < 0 {
			return false
		}
	}
	return some
}

// columnAt finds a column by its name, else by its name without case and accents; -1 for none.
func columnAt(columns []string, name string) int {
	if i := slices.Index(columns, name); i >= 0 {
		return i
	}
	key := french.Fold(name)
	return slices.IndexFunc(columns, func(c string) bool { return french.Fold(c) == key })
}

// A shaped column is a column of a table after the steps so far.
type shaped struct {
	from     int    // column of the source, -1 for a constant
	constant string // in every row but blank ones and totals
	changes  []change
}

// A change rewrites what a column holds or, with a column to go by, writes what is missing in it.
type change struct {
	mend   func(string) string
	by     *shaped           // nil for none
	labels map[string]string // by the loose key of what stands in by
}

// value is what the column holds in a row of the source.
func (c *shaped) value(cells []string) string {
	v := c.constant
	if c.from >= 0 && c.from < len(cells) {
		v = cells[c.from]
	}
	for i := range c.changes {
		switch ch := &c.changes[i]; {
		case ch.by == nil && v != "":
			v = ch.mend(v)
		case ch.by != nil && strings.TrimFunc(v, isBlank) == "":
			if label, ok := ch.labels[looseKey(ch.by.value(cells))]; ok {
				v = label
			}
		}
	}
	return v
}

// reshape applies a mapping to the columns: those of its fields first, in its order, then the others unless they are left
// out. One whose column is not there is left out, and the check says so.
func (f *fixer) reshape(step Fix) {
	if step.Map == nil || step.Rule == nil {
		return
	}
	names := UniqueNames(f.header)
	var header []string
	var columns []shaped
	taken := make([]bool, len(names))
	for _, m := range step.Map.Fields {
		at := -1
		if m.Column != "" {
			at = columnAt(names, m.Column)
		}
		switch {
		case at >= 0 && !taken[at]:
			taken[at] = true
			columns = append(columns, f.columns[at].with(m.Writer(step.Rule)))
		case m.Column == "" && m.Constant != "":
			columns = append(columns, shaped{from: -1, constant: m.Constant})
		default:
			continue
		}
		header = append(header, m.Field)
	}
	if len(header) == 0 {
		return // another table than the one it was made for
	}
	used := map[string]bool{}
	for _, h := range header {
		used[strings.ToLower(h)] = true
	}
	for i, n := range names {
		if taken[i] || step.Map.Drop {
			continue
		}
		if n = f.header[i]; used[strings.ToLower(n)] {
			n = numbered(n, used)
		}
		header, columns = append(header, n), append(columns, f.columns[i])
	}
	f.header, f.columns, f.moved = header, columns, true
}

// with adds a change to the values of the column; nil for none.
func (c shaped) with(mend func(string) string) shaped {
	if mend != nil {
		c.changes = append(slices.Clone(c.changes), change{mend: mend})
	}
	return c
}

// filled adds the labels of another column, as it is after the steps so far, where the column holds nothing.
func (c shaped) filled(by shaped, labels map[string]string) shaped {
	c.changes = append(slices.Clone(c.changes), change{by: &by, labels: labels})
	return c
}
