package dataset

import (
	"slices"
	"strings"
	"time"

	"cultured/internal/finding"
	"cultured/internal/french"
	"cultured/internal/identifier"
	"cultured/internal/recipe"
	"cultured/internal/schema"
)

// A Fix is one change to every cell of a column, to all columns, or to rows. It holds all it needs, so that a plan gives
// the same table each time. A cell for which it is not certain stays as it is.
type Fix struct {
	Kind     string            `json:"kind"`               // one of FixKinds, or "map", "recipe" or "edit", which people ask for
	Column   string            `json:"column,omitempty"`   // name of the column; "" for all
	Values   map[string]string `json:"values,omitempty"`   // "case_variant": spelling met → spelling kept; "fill_label": loose key of a code → its label
	Semantic Semantic          `json:"semantic,omitempty"` // "leading_zero", "code_form", "decimal_zero": what the column stands for
	Name     string            `json:"name,omitempty"`     // "column_name": the name given
	By       string            `json:"by,omitempty"`       // "fill_label": the column of the codes
	Rule     *schema.Schema    `json:"rule,omitempty"`     // fixes asked by a schema: the field, and its checks; of "map", all its fields
	Map      *Mapping          `json:"map,omitempty"`      // "map": which column is which field of a schema
	Recipe   recipe.Recipe     `json:"recipe,omitempty"`   // "recipe": its steps
	Edits    *Edits            `json:"edits,omitempty"`    // "edit": what was edited in the grid

	kitchen recipe.Kitchen // what the recipe works with, given by the service that runs it
}

// A Plan is an ordered list of fixes. A version of a table is a source, how it is read, and a plan.
type Plan []Fix

// Without returns the plan without its fix at the position: undo.
func (p Plan) Without(at int) Plan {
	if at < 0 || at >= len(p) {
		return p
	}
	return slices.Delete(slices.Clone(p), at, at+1)
}

// A FixKind is one kind of fix. Its title is the sentence "dataset.fix_" + Kind, its explanation that + "_why".
type FixKind struct {
	Kind   string
	Rows   bool   // removes rows; else it rewrites cells or a column's name
	Safe   bool   // nobody can contest it: it belongs to "mend everything"
	Before string // example
	After  string
}

// FixKinds lists the kinds of fix, in the order they are best applied.
func FixKinds() []FixKind {
	return []FixKind{
		{"column_name", false, true, "Code Insee", "code_insee"},
		{"drop_empty_rows", true, true, "", ""},
		{"drop_total_rows", true, true, "Total;;312", ""},
		{"mojibake", false, true, "mÃ©diathÃ¨que", "médiathèque"},
		{"control", false, true, "Caen\u200B", "Caen"},
		{"trim", false, true, "\u00A0Caen  centre ", "Caen centre"},
		{"missing", false, true, "n/d", ""},
		{"leading_zero", false, true, "1004", "01004"},
		{"code_form", false, true, "213 105 554", "213105554"},
		{"spaces", false, true, "1\u202F234", "1234"},
		{"decimal_comma", false, true, "12,5", "12.5"},
		{"decimal_zero", false, true, "2024.0", "2024"},
		{"iso_date", false, true, "25/12/2024", "2024-12-25"},
		{"excel_date", false, true, "45651", "2024-12-25"},
		{"boolean", false, true, "OUI", "oui"},
		{"case_enum", false, true, "Hôtel", "hotel"},
		{"case_variant", false, true, "CAEN", "Caen"},
		{"fill_label", false, true, "", "Caen"},
		{"phone", false, true, "01 99 00 12 34", "+33199001234"},
		{"drop_duplicates", true, false, "", ""},
	}
}

// FindFix returns the kind with the name.
func FindFix(kind string) (FixKind, bool) {
	for _, k := range FixKinds() {
		if k.Kind == kind {
			return k, true
		}
	}
	return FixKind{}, false
}

// Apply returns a cell after the fix, and whether it changed. A kind that works on rows or names changes no cell.
func Apply(f Fix, value string) (after string, changed bool) {
	if value == "" {
		return value, false
	}
	after = value
	switch {
	case f.Kind == fixMap, f.Kind == fixRecipe, f.Kind == fixEdit:
	case f.Rule != nil && len(f.Rule.Fields) == 1:
		after = ruleMend(f)(value)
	case f.Kind == "case_variant":
		if v, ok := f.Values[value]; ok {
			after = v
		}
	default:
		if mend := mends[f.Kind]; mend != nil {
			if v, ok := mend(value, f.Semantic); ok {
				after = v
			}
		}
	}
	return after, after != value
}

// ruleMend asks the schema what it would propose: only a cell that breaks the rule, and would pass it mended, changes.
func ruleMend(f Fix) func(string) string {
	checker, _ := schema.NewChecker(*f.Rule, []string{f.Rule.Fields[0].Name})
	return func(value string) string {
		after := value
		checker.Row(1, []string{value}, func(found finding.Finding) {
			if found.Fix == f.Kind {
				after = found.After
			}
		})
		return after
	}
}

// ruleOf is the part of a schema that speaks of one column alone. nil when the schema does not know the column.
func ruleOf(s *schema.Schema, column string) *schema.Schema {
	if s == nil {
		return nil
	}
	field, ok := s.Field(column)
	if !ok {
		return nil
	}
	field.Constraints.Unique = false
	rule := &schema.Schema{Fields: []schema.Field{field}, MissingValues: s.MissingValues}
	for _, c := range s.CustomChecks {
		if c.Column == column && len(c.OtherColumns) == 0 {
			rule.CustomChecks = append(rule.CustomChecks, c)
		}
	}
	return rule
}

// mends rewrite one value without spaces around or with; ok is false where the fix does not apply.
var mends = map[string]func(v string, s Semantic) (string, bool){
	"trim":          func(v string, _ Semantic) (string, bool) { return trimAll(v), true },
	"control":       func(v string, _ Semantic) (string, bool) { return strings.Map(visible, v), true },
	"mojibake":      func(v string, _ Semantic) (string, bool) { return unmojibake(v) },
	"missing":       func(v string, _ Semantic) (string, bool) { return "", french.Missing(v) },
	"leading_zero":  func(v string, s Semantic) (string, bool) { return withZero(s, strings.TrimFunc(v, isBlank)) },
	"code_form":     codeForm,
	"decimal_zero":  func(v string, s Semantic) (string, bool) { return withoutDecimals(s, strings.TrimFunc(v, isBlank)) },
	"spaces":        func(v string, _ Semantic) (string, bool) { return withoutSpaces(v) },
	"decimal_comma": func(v string, _ Semantic) (string, bool) { return withPoint(v) },
	"iso_date":      func(v string, _ Semantic) (string, bool) { return isoDate(v) },
	"excel_date":    func(v string, _ Semantic) (string, bool) { return excelDate(v) },
}

// trimAll removes the spaces around and doubled inside; line breaks inside stay.
func trimAll(v string) string {
	v = strings.TrimFunc(v, isBlank)
	for strings.Contains(v, "  ") {
		v = strings.ReplaceAll(v, "  ", " ")
	}
	return v
}

// visible drops control and invisible characters, but for tabs and line breaks.
func visible(r rune) rune {
	if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x7F && r < 0xA0 || r == '\u200B' || r == '\uFEFF' || r == '\u2060' || r == '\u00AD' {
		return -1
	}
	return r
}

func codeForm(v string, s Semantic) (string, bool) {
	k := identifier.Kind(s)
	if identifier.Check(k, v) {
		return v, false
	}
	after := identifier.Normalise(k, v)
	return after, identifier.Check(k, after)
}

// withoutSpaces removes spaces between digits, in a number or a code; nothing else may be there than digits and marks.
func withoutSpaces(v string) (string, bool) {
	t := strings.TrimFunc(v, isBlank)
	for _, r := range t {
		if (r < '0' || r > '9') && !isBlank(r) && r != ',' && r != '.' && r != '-' && r != '+' {
			return v, false
		}
	}
	if strings.ContainsAny(t, "\r\n\t") {
		return v, false
	}
	return strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, t), true
}

// withPoint writes a French number without unit with a point, and without spaces between thousands.
func withPoint(v string) (string, bool) {
	c := describeCell(v)
	if c.kind != kindNumber || !c.flags.has(flagComma) || c.flags.has(flagPercent) || c.flags.has(flagEuro) ||
		strings.ContainsAny(c.text, "eE$£") || c.flags.has(flagZero) {
		return v, false
	}
	return french.Decimal(c.text)
}

// isoDate writes a day, or a day with an hour, as ISO 8601 says. Months, years and hours with a zone stay.
func isoDate(v string) (string, bool) {
	c := describeCell(v)
	at := time.Unix(int64(c.number), 0).UTC()
	switch {
	case strings.Contains(c.layout, "Z07") || strings.Contains(c.layout, "05.0"):
		return v, false
	case c.kind == kindDate:
		return at.Format("2006-01-02"), true
	case c.kind == kindDateTime:
		return at.Format("2006-01-02T15:04:05"), true
	}
	return v, false
}

// excelDate turns a count of days since the end of 1899 into a date. Source: ECMA-376 part 1, 18.17.4.1 (1900 system).
func excelDate(v string) (string, bool) {
	c := describeCell(v)
	if !c.flags.has(flagSerial) {
		return v, false
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(c.number)).Format("2006-01-02"), true
}
