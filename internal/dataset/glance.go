package dataset

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// Bounds of a glance: the rows read, and the different values kept of a column.
const (
	glanceRows   = 3000
	glanceValues = 200
)

// A Glance is what the first rows of a table show of its columns, without waiting for an examination.
type Glance struct {
	Columns []schema.Sight // in the order of the table, under their unique names
	Rows    int            // read
}

// Names lists the columns.
func (g *Glance) Names() []string {
	out := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		out[i] = c.Name
	}
	return out
}

// Look reads the first 3,000 rows of a table through a plan. Faults: those of open and of the table; ctx's error.
func Look(ctx context.Context, open Opener, plan Plan) (_ *Glance, err error) {
	defer fault.Wrap(&err, "dataset.Look")
	table, err := open()
	if err != nil {
		return nil, err
	}
	defer table.Close()
	f := newFixer(table, plan)
	defer func() { _ = f.Release() }() // rows come no more
	var rows []tabular.Row
	for len(rows) < glanceRows && ctx.Err() == nil {
		r, err := f.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if isBlankRow(r.Cells) || tabular.TotalRow(r.Cells) {
			continue
		}
		r.Cells, r.Extra = cloneCells(r.Cells), nil
		rows = append(rows, r)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	profiler := NewProfiler(f.header)
	profiler.Add(rows)
	profile := profiler.Finish()
	g := &Glance{Rows: len(rows)}
	for i, c := range profile.Columns {
		g.Columns = append(g.Columns, schema.Sight{Name: c.Name, Values: differentValues(rows, i), Meaning: string(c.Semantic)})
	}
	return g, nil
}

// differentValues lists the values of a column, the most frequent first, then as they come.
func differentValues(rows []tabular.Row, column int) []string {
	count := map[string]int{}
	var values []string
	for _, r := range rows {
		if column >= len(r.Cells) || strings.TrimFunc(r.Cells[column], isBlank) == "" {
			continue
		}
		v := r.Cells[column]
		if count[v] == 0 {
			values = append(values, v)
		}
		count[v]++
	}
	slices.SortStableFunc(values, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	return values[:min(len(values), glanceValues)]
}

// meaningsOf says what the values of the fields are to stand for: what this house makes of their names and examples.
func meaningsOf(s *schema.Schema) map[string]string {
	header := make([]string, len(s.Fields))
	cells := make([]string, len(s.Fields))
	for i, f := range s.Fields {
		header[i], cells[i] = f.Name+" "+f.Title, f.Example
	}
	p := NewProfiler(header)
	p.Add([]tabular.Row{{Number: 2, Cells: cells, Width: len(cells)}})
	out := map[string]string{}
	for i, c := range p.Finish().Columns {
		if c.Semantic != SemanticNone {
			out[s.Fields[i].Name] = string(c.Semantic)
		}
	}
	return out
}

// Propose says which column of a table each field of a schema may be, and makes a mapping of it. known are the mappings
// people made for the schema, the last first: their choices come before everything else.
func Propose(s *schema.Schema, name string, g *Glance, known []Mapping) (Mapping, []schema.Match) {
	a := schema.Aligner{Schema: s, Meanings: meaningsOf(s), Known: map[string][]string{}}
	for _, k := range known {
		for _, f := range k.Fields {
			if f.Column != "" {
				a.Known[f.Field] = append(a.Known[f.Field], f.Column)
			}
		}
	}
	matches := a.Align(g.Columns)
	m := Mapping{Schema: name}
	for i, f := range s.Fields {
		at := matches[i].Column
		if at < 0 {
			if value := knownConstant(known, f.Name); value != "" {
				m.Fields = append(m.Fields, Mapped{Field: f.Name, Constant: value})
			}
			continue
		}
		mapped := Mapped{Field: f.Name, Column: g.Columns[at].Name, Convert: !schema.NewConverter(s, f).Free()}
		mapped.Values = choices(s, f, g.Columns[at].Values, known)
		for _, k := range slices.Backward(known) {
			if before, ok := k.Of(f.Name); ok && french.Fold(before.Column) == french.Fold(mapped.Column) {
				mapped.Convert = before.Convert
			}
		}
		m.Fields = append(m.Fields, mapped)
	}
	if len(known) > 0 {
		m.Drop = known[0].Drop
	}
	return m, matches
}

func knownConstant(known []Mapping, field string) string {
	for _, k := range known {
		if f, ok := k.Of(field); ok && f.Constant != "" {
			return f.Constant
		}
	}
	return ""
}

// choices proposes a listed value for each of those that are not in the list of the field and cannot be made to: what was
// chosen before, else the nearest.
func choices(s *schema.Schema, f schema.Field, values []string, known []Mapping) map[string]string {
	if len(f.Constraints.Enum) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, k := range slices.Backward(known) {
		if before, ok := k.Of(f.Name); ok {
			for from, to := range before.Values {
				out[from] = to
			}
		}
	}
	for _, v := range Unlisted(s, f, values) {
		if _, chosen := out[v]; chosen {
			continue
		}
		if to, ok := schema.Nearest(f, v); ok {
			out[v] = to
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Unlisted returns the values that are not in the list of a field, and that no conversion brings there.
func Unlisted(s *schema.Schema, f schema.Field, values []string) (out []string) {
	if len(f.Constraints.Enum) == 0 {
		return nil
	}
	c := schema.NewConverter(s, f)
	for _, v := range values {
		if _, _, ok := c.Convert(v); !ok {
			out = append(out, v)
		}
	}
	return out
}

// A Trial is what a mapping does to one field, on what a glance has seen.
type Trial struct {
	Field    string
	Mapped   *Mapped  // nil for a field without column or value
	Samples  []Sample // the values that change or stay wrong first
	Right    int      // different values that are as asked already
	Changed  int      // that become so
	Wrong    int      // that do not
	Unlisted []string // values not in the list of the field, whatever was chosen for them
}

// A Sample is a value before and after a mapping.
type Sample struct {
	Before, After string
	Kind          string // of conversion, "" when the value stays
	OK            bool   // After is as the field asks
}

// samplesShown is how many values of a column are shown before and after.
const samplesShown = 4

// Try shows what a mapping does to each field of a schema.
func (g *Glance) Try(s *schema.Schema, m Mapping) []Trial {
	out := make([]Trial, len(s.Fields))
	for i, f := range s.Fields {
		out[i] = Trial{Field: f.Name}
		mapped, ok := m.Of(f.Name)
		if !ok {
			continue
		}
		out[i].Mapped = &mapped
		var values []string
		if at := columnAt(g.Names(), mapped.Column); mapped.Column != "" && at >= 0 {
			values = g.Columns[at].Values
			out[i].Unlisted = Unlisted(s, f, values)
		} else if mapped.Constant != "" {
			values = []string{mapped.Constant}
		}
		out[i].try(schema.NewConverter(s, f).Choosing(mapped.Values), mapped.Convert, values)
	}
	return out
}

// try converts the values of a field, or only judges them.
func (t *Trial) try(c *schema.Converter, convert bool, values []string) {
	var changed, wrong, right []Sample
	for _, v := range values {
		after, kind, ok := c.Convert(v)
		switch {
		case !ok, kind != "" && kind != "choice" && !convert:
			wrong = append(wrong, Sample{v, v, "", false})
		case kind != "":
			changed = append(changed, Sample{v, after, kind, true})
		default:
			right = append(right, Sample{v, v, "", true})
		}
	}
	t.Right, t.Changed, t.Wrong = len(right), len(changed), len(wrong)
	for len(t.Samples) < samplesShown && len(changed)+len(wrong)+len(right) > 0 {
		for _, from := range []*[]Sample{&changed, &wrong, &right} {
			if len(*from) > 0 && len(t.Samples) < samplesShown && (from != &right || len(t.Samples) == 0 || len(changed)+len(wrong) == 0) {
				t.Samples, *from = append(t.Samples, (*from)[0]), (*from)[1:]
			}
		}
	}
}

// Left lists the columns of no field, in their order.
func (g *Glance) Left(m Mapping) (out []string) {
	taken := map[int]bool{}
	for _, f := range m.Fields {
		if f.Column != "" {
			taken[columnAt(g.Names(), f.Column)] = true
		}
	}
	for i, c := range g.Columns {
		if !taken[i] {
			out = append(out, c.Name)
		}
	}
	return out
}

// Absent lists the required fields that have neither a column of the table nor a value.
func (g *Glance) Absent(s *schema.Schema, m Mapping) (out []string) {
	for _, f := range s.Fields {
		mapped, ok := m.Of(f.Name)
		found := ok && (mapped.Constant != "" || columnAt(g.Names(), mapped.Column) >= 0)
		if !found && s.Required(f.Name) {
			out = append(out, f.Name)
		}
	}
	return out
}

// Rewrite reads a table through a plan and gives its header, then its rows, as texts; a cell is valid until the next row.
// Blank rows are left out. It stops at the first error. Faults: those of open, of the table and of write.
func Rewrite(ctx context.Context, open Opener, plan Plan, write func(cells []string) error) (err error) {
	defer fault.Wrap(&err, "dataset.Rewrite")
	table, err := open()
	if err != nil {
		return err
	}
	defer table.Close()
	f := newFixer(table, plan)
	defer func() { _ = f.Release() }() // rows come no more
	if err := write(UniqueNames(f.header)); err != nil {
		return err
	}
	line := make([]string, len(f.header))
	for n := 0; ; n++ {
		if n%strideRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r, err := f.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if isBlankRow(r.Cells) {
			continue
		}
		clear(line)
		copy(line, r.Cells)
		if err := write(line); err != nil {
			return err
		}
	}
}
