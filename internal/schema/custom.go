package schema

import (
	"math/big"
	"slices"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// A rowCheck is a custom check compiled for a header.
type rowCheck func(row int, cells []string, sink finding.Sink)

// operators are those of compare-columns-value.
var operators = []string{">", ">=", "==", "<=", "<"}

// CheckNames lists the custom checks this room applies, under the names the national schemas use.
func CheckNames() []string { return slices.Clone(checkNames) }

var checkNames = []string{"french-siret-value", "french-siren-value", "phone-number-value", "year-interval-value",
	"nomenclature-actes-value", "opening-hours-value", "compare-columns-value", "sum-columns-value",
	"cohesive-columns-value", "one-of-required"}

// addChecks compiles the custom checks whose columns are there, and tells which are not applied.
func (c *Checker) addChecks(h *pairing) (findings []finding.Finding) {
	for _, check := range c.schema.CustomChecks {
		columns := check.Columns()
		absent := slices.IndexFunc(columns, func(name string) bool { return h.at(&c.schema, name) < 0 })
		if check.Name == "one-of-required" && slices.ContainsFunc(columns, func(n string) bool { return h.at(&c.schema, n) >= 0 }) {
			c.rows = append(c.rows, c.oneOf(check, h))
			continue
		}
		if absent >= 0 {
			f := finding.Finding{Column: -1, Field: columns[absent], Reason: "schema.check_skipped", Severity: finding.Info,
				Args: []string{columns[absent], strings.Join(columns, ", ")}, Rule: c.rule(check.Name)}
			if check.Name == "one-of-required" {
				f.Reason, f.Severity = "schema.one_of_columns", finding.Error
			}
			findings = append(findings, f)
			continue
		}
		c.rows = append(c.rows, c.compile(check, h))
	}
	return findings
}

func (c *Checker) compile(check CustomCheck, h *pairing) rowCheck {
	switch check.Name {
	case "compare-columns-value":
		return c.compare(check, h)
	case "sum-columns-value":
		return c.sum(check, h)
	case "cohesive-columns-value":
		return c.cohesive(check, h)
	}
	return c.single(check, h)
}

// single compiles a check of one column.
func (c *Checker) single(check CustomCheck, h *pairing) rowCheck {
	at, missing, _ := c.locate(h, []string{check.Column})
	f, _ := c.schema.Field(check.Column)
	t := singleTest(check, f)
	t.rule = check.Name
	rules := column{tests: testsOf(f)}
	col := &column{field: f, at: at[0], tests: append(slices.Clone(rules.tests), t)}
	return func(row int, cells []string, sink finding.Sink) {
		v := cell(cells, col.at)
		if slices.Contains(missing[0], v) || t.ok(v) || !rules.valid(v) {
			return // when its type or pattern is wrong, that is said, and is enough
		}
		broken := t
		if check.Name == "year-interval-value" {
			broken.reason = yearReason(v)
		}
		kind, after := col.fix(t, v)
		out := c.finding(row, col, v, broken)
		out.Fix, out.After = kind, after
		sink(out)
	}
}

// singleTest is the test of a check of one column.
func singleTest(check CustomCheck, f Field) test {
	spaces := []string{"trim", "spaces", "decimal_zero"}
	switch check.Name {
	case "french-siret-value":
		return test{ok: identifier.IsSIRET, reason: "schema.siret", args: []string{valid(f.Example, identifier.IsSIRET, "21860194600013")}, fixes: spaces}
	case "french-siren-value":
		return test{ok: identifier.IsSIREN, reason: "schema.siren", args: []string{valid(f.Example, identifier.IsSIREN, "218601946")}, fixes: spaces}
	case "phone-number-value":
		return test{ok: identifier.IsPhone, reason: "schema.phone", args: []string{valid(f.Example, identifier.IsPhone, "0123456789")},
			fixes: []string{"trim", "spaces", "phone"}}
	case "year-interval-value":
		return test{ok: func(v string) bool { return isYears(v, check.YearOnly) }, args: []string{"2024/2025"}, fixes: spaces}
	case "nomenclature-actes-value":
		return test{ok: isActe, reason: "schema.nomenclature", args: []string{"Finances locales/Subventions", quoteList(matters)}, fixes: []string{"trim"}}
	}
	return test{ok: isOpeningHours, reason: "schema.opening_hours", args: []string{valid(f.Example, isOpeningHours, "Mo-Fr 08:30-18:00; Sa 09:00-12:00")},
		fixes: []string{"trim"}}
}

// valid returns example if it passes, else the other.
func valid(example string, ok func(string) bool, otherwise string) string {
	if ok(example) {
		return example
	}
	return otherwise
}

// isYears says whether v is YYYY/YYYY, the first before the second, or one year if that is accepted.
func isYears(v string, yearOnly bool) bool {
	from, ok := fixed(v, 4)
	if len(v) == 4 {
		return ok && yearOnly
	}
	if !ok || len(v) != 9 || v[4] != '/' {
		return false
	}
	to, ok := fixed(v[5:], 4)
	return ok && from < to
}

func yearReason(v string) string {
	if len(v) == 9 && v[4] == '/' && allDigits(v[:4]) && allDigits(v[5:]) {
		return "schema.year_interval_order"
	}
	return "schema.year_interval"
}

// matters are the first levels of the nomenclature of acts sent to the prefecture.
// Source: nomenclature @CTES, ministère de l'Intérieur, as the schema scdl/deliberations refers to it.
var matters = []string{"Commande publique", "Urbanisme", "Domaine et patrimoine", "Fonction publique",
	"Institutions et vie politique", "Libertés publiques et pouvoirs de police", "Finances locales",
	"Domaines de compétences par thèmes", "Autres domaines de compétences"}

// isActe says whether v is a matter of the nomenclature, a slash without spaces around, and a second level. Case and
// accents do not count.
func isActe(v string) bool {
	matter, rest, ok := strings.Cut(v, "/")
	if !ok || rest == "" || strings.TrimSpace(matter) != matter || strings.TrimSpace(rest) != rest {
		return false
	}
	key := french.Fold(matter)
	return slices.ContainsFunc(matters, func(m string) bool { return french.Fold(m) == key })
}

// compare compiles compare-columns-value: by value for numbers, dates and times, else as text. Empty cells say nothing.
func (c *Checker) compare(check CustomCheck, h *pairing) rowCheck {
	at, missing, _ := c.locate(h, []string{check.Column, check.OtherColumns[0]})
	left, _ := c.schema.Field(check.Column)
	right, _ := c.schema.Field(check.OtherColumns[0])
	col := &column{field: left, at: at[0]}
	order := func(f Field) func(string) (float64, bool) {
		if o := orderOf(f); o != nil {
			return o
		}
		return plainValue
	}
	x, y := order(left), order(right)
	t := test{reason: "schema.compare", rule: check.Name, args: []string{left.Name, sign[check.Op], right.Name}}
	return func(row int, cells []string, sink finding.Sink) {
		a, b := cell(cells, at[0]), cell(cells, at[1])
		if slices.Contains(missing[0], a) || slices.Contains(missing[1], b) {
			return
		}
		va, ok1 := x(a)
		vb, ok2 := y(b)
		var holds bool
		switch {
		case ok1 && ok2:
			holds = holdsOrder(check.Op, order3(va, vb))
		case orderOf(left) != nil || orderOf(right) != nil:
			return // not of their type: told elsewhere
		default:
			holds = holdsOrder(check.Op, strings.Compare(a, b))
		}
		if !holds {
			f := c.finding(row, col, a, t)
			f.Args = append(f.Args, strings.Clone(cut(b)))
			sink(f)
		}
	}
}

// sign is how an operator is written to people.
var sign = map[string]string{">": ">", ">=": "≥", "==": "=", "<=": "≤", "<": "<"}

func order3(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func holdsOrder(op string, c int) bool {
	switch op {
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "==":
		return c == 0
	case "<=":
		return c <= 0
	}
	return c < 0
}

// sum compiles sum-columns-value: the column is the exact sum of the others. A row where the column or all the others
// are empty says nothing, as does a cell that is not a number; an empty cell among others counts for zero.
func (c *Checker) sum(check CustomCheck, h *pairing) rowCheck {
	at, missing, _ := c.locate(h, check.Columns())
	f, _ := c.schema.Field(check.Column)
	col := &column{field: f, at: at[0]}
	t := test{reason: "schema.sum", rule: check.Name, args: []string{f.Name, strings.Join(check.OtherColumns, " + ")}}
	return func(row int, cells []string, sink finding.Sink) {
		if slices.Contains(missing[0], cell(cells, at[0])) {
			return
		}
		total, exact, terms := 0.0, true, 0
		for i, p := range at[1:] {
			v := cell(cells, p)
			if slices.Contains(missing[i+1], v) {
				continue
			}
			x, ok := plainValue(v)
			if !ok {
				return
			}
			total, exact, terms = total+x, exact && isInteger(v), terms+1
		}
		wanted, ok := plainValue(cell(cells, at[0]))
		if !ok || terms == 0 || exact && total == wanted {
			return
		}
		sum := decimalSum(cells, at[1:])
		if value, ok := new(big.Rat).SetString(cell(cells, at[0])); !ok || value.Cmp(sum) == 0 {
			return
		}
		found := c.finding(row, col, cell(cells, at[0]), t)
		found.Args = append(found.Args, strings.TrimSuffix(strings.TrimRight(sum.FloatString(6), "0"), "."))
		sink(found)
	}
}

// decimalSum adds the cells exactly.
func decimalSum(cells []string, at []int) *big.Rat {
	sum := new(big.Rat)
	for _, p := range at {
		v := cell(cells, p)
		if x, ok := new(big.Rat).SetString(v); ok && len(v) < 64 && !strings.ContainsAny(v, "eE/") {
			sum.Add(sum, x)
		}
	}
	return sum
}

// cohesive compiles cohesive-columns-value: all the columns have a value, or none.
func (c *Checker) cohesive(check CustomCheck, h *pairing) rowCheck {
	at, missing, _ := c.locate(h, check.Columns())
	t := test{reason: "schema.cohesive", rule: check.Name, args: []string{strings.Join(check.Columns(), ", ")}}
	return func(row int, cells []string, sink finding.Sink) {
		full, firstEmpty := 0, -1
		for i, p := range at {
			if slices.Contains(missing[i], cell(cells, p)) {
				if firstEmpty < 0 {
					firstEmpty = i
				}
			} else {
				full++
			}
		}
		if full == 0 || firstEmpty < 0 {
			return
		}
		f, _ := c.schema.Field(check.Columns()[firstEmpty])
		found := c.finding(row, &column{field: f, at: at[firstEmpty]}, cell(cells, at[firstEmpty]), t)
		sink(found)
	}
}

// oneOf compiles one-of-required: at least one of the columns has a value. Columns the table lacks are empty.
func (c *Checker) oneOf(check CustomCheck, h *pairing) rowCheck {
	var present []string
	for _, name := range check.Columns() {
		if h.at(&c.schema, name) >= 0 {
			present = append(present, name)
		}
	}
	at, missing, _ := c.locate(h, present)
	f, _ := c.schema.Field(present[0])
	col := &column{field: f, at: at[0]}
	t := test{reason: "schema.one_of", rule: check.Name, args: []string{strings.Join(check.Columns(), ", ")}}
	return func(row int, cells []string, sink finding.Sink) {
		for i, p := range at {
			if !slices.Contains(missing[i], cell(cells, p)) {
				return
			}
		}
		sink(c.finding(row, col, cell(cells, at[0]), t))
	}
}
