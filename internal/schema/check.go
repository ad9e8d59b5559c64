package schema

import (
	"slices"
	"strings"

	"cultured/internal/finding"
)

// A Checker holds a schema compiled for one table. It reads each row once, in memory that grows only with the keys it
// must remember (about 20 bytes a row for each unique column or key).
//
// A row is checked in two parts. Cells looks at the row alone, remembers nothing, and may run for several rows at once.
// Keys remembers the values that must not come twice and the references: one row after the other, in their order. Row
// does both.
type Checker struct {
	schema  Schema
	columns []column
	unique  []*column // those of columns whose values must not come twice
	keys    []*key
	refs    []*reference
	rows    []rowCheck
	label   string            // what findings quote as the source of the rule
	rules   map[string]string // of the properties the columns use, written out; not changed once the checker is made
}

// A column is a field found in the header, compiled.
type column struct {
	field    Field
	at       int // 0-based position in the row
	required bool
	string   bool // any text is valid: no type test
	missing  []string
	tests    []test
	unique   *seen
}

// NewChecker compiles s for a table with the header, and says what is wrong with the header itself. s is not changed.
// targets are the columns of other tables that foreign keys refer to; without one, a foreign key to another table is
// told and not checked.
func NewChecker(s Schema, header []string, targets ...*Target) (*Checker, []finding.Finding) {
	c := &Checker{schema: s, label: s.Label()}
	h := match(&c.schema, header)
	findings := h.findings(c)
	for i, f := range s.Fields {
		at := h.position[i]
		if at < 0 {
			continue
		}
		missing := f.MissingValues
		if missing == nil {
			missing = s.MissingValues
		}
		col := column{field: f, at: at, required: f.Constraints.Required, tests: testsOf(f),
			missing: slices.DeleteFunc(slices.Clone(missing), func(m string) bool { return m == "" })}
		col.string = len(typeTests(f, "")) == 0
		if f.Constraints.Unique {
			col.unique = newSeen()
		}
		c.columns = append(c.columns, col)
	}
	c.rules = map[string]string{}
	for i := range c.columns {
		col := &c.columns[i]
		if col.unique != nil {
			c.unique = append(c.unique, col)
		}
		c.rules[typeRule(col.field)] = c.ruleText(typeRule(col.field))
		for _, t := range col.tests {
			c.rules[t.rule] = c.ruleText(t.rule)
		}
	}
	for _, name := range append(CheckNames(), "constraints.required", "constraints.unique") {
		c.rules[name] = c.ruleText(name)
	}
	findings = append(findings, c.addKeys(h, targets)...)
	findings = append(findings, c.addChecks(h)...)
	return c, findings
}

// Schema returns the schema the checker was made from.
func (c *Checker) Schema() Schema { return c.schema }

// Row checks one row and sends what it finds to sink. row is its number as a spreadsheet shows it; cells are in the
// order of the header, fewer cells mean empty ones. Cells are not kept after the call.
func (c *Checker) Row(row int, cells []string, sink finding.Sink) {
	c.Cells(row, cells, sink)
	c.Keys(row, cells, sink)
}

// Cells checks what a row says by itself: types, constraints, checks between its columns. It may be called at the same
// time for different rows.
func (c *Checker) Cells(row int, cells []string, sink finding.Sink) {
	for i := range c.columns {
		col := &c.columns[i]
		v := cell(cells, col.at)
		if v == "" || col.isMissing(v) {
			if col.required {
				sink(c.finding(row, col, v, test{reason: "schema.required", rule: "constraints.required",
					args: []string{exampleOf(col.field)}}))
			}
			continue
		}
		if !col.valid(v) {
			c.explain(row, col, v, sink)
			continue
		}
		if col.required && col.string && isWhite(v) {
			sink(c.finding(row, col, v, test{reason: "schema.blank", rule: "constraints.required", severity: finding.Warning,
				args: []string{exampleOf(col.field)}}))
		}
	}
	for _, check := range c.rows {
		check(row, cells, sink)
	}
}

// Keyed says whether some rule compares rows with each other: without one, Keys and Finish have nothing to do.
func (c *Checker) Keyed() bool { return len(c.unique)+len(c.keys)+len(c.refs) > 0 }

// Keys checks what a row says beside the others: unique values, primary, unique and foreign keys. Rows come in their
// order, one at a time.
func (c *Checker) Keys(row int, cells []string, sink finding.Sink) {
	for _, col := range c.unique {
		v := cell(cells, col.at)
		if v == "" || col.isMissing(v) || !col.valid(v) {
			continue // what is wrong by itself is told, and is enough
		}
		if before, again := col.unique.add(hash(v), row); again {
			sink(c.finding(row, col, v, test{reason: "schema.unique", rule: "constraints.unique", args: []string{number(before)}}))
		}
	}
	for _, k := range c.keys {
		k.check(c, row, cells, sink)
	}
	for _, r := range c.refs {
		r.check(c, row, cells, sink)
	}
}

// Finish sends what only the whole table shows: references without a target.
func (c *Checker) Finish(sink finding.Sink) {
	for _, r := range c.refs {
		r.finish(c, sink)
	}
}

func (col *column) isMissing(v string) bool {
	for _, m := range col.missing {
		if m == v {
			return true
		}
	}
	return false
}

// valid says whether a non-empty cell passes every test. It does not allocate for the usual types.
func (col *column) valid(v string) bool {
	for i := range col.tests {
		if !col.tests[i].ok(v) {
			return false
		}
	}
	return true
}

// explain sends one finding for each rule the cell breaks. When the type is wrong, the other rules say nothing more.
func (c *Checker) explain(row int, col *column, v string, sink finding.Sink) {
	if !col.string && isWhite(v) {
		f := c.finding(row, col, v, test{reason: "schema.blank", rule: typeRule(col.field), args: []string{exampleOf(col.field)}})
		f.Fix, f.After = "trim", ""
		sink(f)
		return
	}
	for i := range col.tests {
		t := col.tests[i]
		if t.ok(v) {
			continue
		}
		kind, after := col.fix(t, v)
		if kind == "trim" {
			t.reason = "schema.spaces_around"
		}
		f := c.finding(row, col, v, t)
		f.Fix, f.After = kind, after
		sink(f)
		if kind != "" || t.kind && t.severity == "" {
			return // one fix mends them all; a wrong type makes the other rules meaningless
		}
	}
}

// fix tries the fixes of the test and returns the first whose result passes every test of the column.
func (col *column) fix(t test, v string) (kind, after string) {
	for _, kind := range t.fixes {
		if after, ok := Mend(kind, v, col.field); ok && col.valid(after) {
			return kind, strings.Clone(after)
		}
	}
	return "", ""
}

// finding dresses a broken test as a finding.
func (c *Checker) finding(row int, col *column, v string, t test) finding.Finding {
	severity := t.severity
	if severity == "" {
		severity = finding.Error
	}
	v = strings.Clone(cut(v)) // cells are not ours to keep
	return finding.Finding{Row: row, Column: col.at, Field: col.field.Name, Value: v, Reason: t.reason,
		Args: append([]string{v}, t.args...), Severity: severity, Rule: c.rule(t.rule)}
}

// rule names a rule and its source.
func (c *Checker) rule(property string) string {
	if r, ok := c.rules[property]; ok {
		return r
	}
	return c.ruleText(property)
}

func (c *Checker) ruleText(property string) string {
	r := "Table Schema: " + property
	if slices.Contains(checkNames, property) {
		r = "Validata: " + property
	}
	if c.label != "" {
		r += " (" + c.label + ")"
	}
	return r
}

func isWhite(v string) bool {
	if v[0] > ' ' && v[0] < 0x80 {
		return false
	}
	return strings.TrimFunc(v, isBlank) == ""
}
