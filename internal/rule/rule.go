package rule

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/recipe"
)

// Bounds of a book.
const (
	MostRules = 100 // of one subject
	SaysMost  = 300 // characters of a sentence
)

// A Rule is what an organisation asks of each row. Its JSON is stable: it is stored, and a file people share.
type Rule struct {
	ID       string           `json:"id,omitempty"`
	Says     string           `json:"says"`              // what is wrong where it does not hold
	Mend     string           `json:"mend"`              // how to mend that
	Column   string           `json:"column,omitempty"`  // the cell that is shown, "" for the row
	Formula  string           `json:"formula,omitempty"` // true where the row is good
	Unique   []string         `json:"unique,omitempty"`  // in the place of a formula: columns that together never hold the same twice
	Empty    bool             `json:"empty,omitempty"`   // a formula is asked where one of its columns is empty too
	Severity finding.Severity `json:"severity"`          // error or warning
	By       string           `json:"by,omitempty"`      // person who wrote it last
	At       time.Time        `json:"at,omitzero"`
}

// asksEmpty says whether the condition is asked where one of its columns is empty: when it was said so, and when the formula is about that,
// since it compares with "" or counts with NBVAL.
func (r Rule) asksEmpty() bool {
	return r.Empty || strings.Contains(r.Formula, `""`) || strings.Contains(strings.ToUpper(r.Formula), "NBVAL") || strings.Contains(strings.ToUpper(r.Formula), "COUNTA")
}

// Text is what the rule asks, in one line: its formula, or UNIQUE with its columns.
func (r Rule) Text() string {
	if len(r.Unique) > 0 {
		return "UNIQUE([" + strings.Join(r.Unique, "];[") + "])"
	}
	return r.Formula
}

// Valid says what a rule lacks. header is that of a table it is for, nil when none is known. Faults, of the fields "says", "mend", "formula",
// "unique", "column" and "severity": Invalid "rule.say_something", "rule.too_long", "rule.no_condition", "rule.two_conditions",
// "rule.bad_severity"; with a header, those of [NewChecker]'s reading of the condition.
func (r Rule) Valid(header []string) error {
	var wrong fault.List
	for _, f := range []struct{ name, text string }{{"says", r.Says}, {"mend", r.Mend}} {
		switch n := utf8.RuneCountInString(f.text); {
		case strings.TrimSpace(f.text) == "":
			wrong.Add(f.name, "rule.say_something")
		case n > SaysMost:
			wrong.Add(f.name, "rule.too_long", SaysMost)
		}
	}
	formula := strings.TrimSpace(r.Formula) != ""
	switch {
	case !formula && len(r.Unique) == 0:
		wrong.Add("formula", "rule.no_condition")
	case formula && len(r.Unique) > 0:
		wrong.Add("formula", "rule.two_conditions")
	}
	if r.Severity != finding.Error && r.Severity != finding.Warning {
		wrong.Add("severity", "rule.bad_severity")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return r.reads(header)
}

// reads tries the condition on a header; without one, on the columns it names itself.
func (r Rule) reads(header []string) error {
	if header == nil {
		header = named(r.Formula, r.Unique, r.Column)
	}
	if r.Column != "" && at(header, r.Column) < 0 {
		return fault.Field("column", "rule.no_column", r.Column, strings.Join(header, ", "))
	}
	for _, c := range r.Unique {
		if at(header, c) < 0 {
			return fault.Field("unique", "rule.no_column", c, strings.Join(header, ", "))
		}
	}
	if len(r.Unique) > 0 {
		return nil
	}
	_, err := recipe.NewCondition(header, r.Formula)
	return ofFormula(err)
}

// ofFormula makes a fault of a recipe's formula one of the field: there is no step it could be of.
func ofFormula(err error) error {
	for _, key := range []string{"bad_formula", "no_function", "bad_arguments", "no_column", "no_column_near", "two_columns"} {
		if fault.Is(err, "recipe."+key) {
			_, args := sentence(err)
			return fault.Field("formula", "rule."+key, args[1:]...)
		}
	}
	if t, ok := recipe.OfFormula(err); ok {
		return fault.Field("formula", t.Key, t.Args...)
	}
	return err
}

// named lists the columns between brackets in a formula, then the others.
func named(formula string, others []string, last string) []string {
	var out []string
	quoted := false
	for i := 0; i < len(formula); i++ {
		switch c := formula[i]; {
		case c == '"':
			quoted = !quoted
		case c == '[' && !quoted:
			end := strings.IndexByte(formula[i:], ']')
			if end < 0 {
				return append(out, others...)
			}
			out = append(out, strings.TrimSpace(formula[i+1:i+end]))
			i += end
		}
	}
	out = append(out, others...)
	if last != "" {
		out = append(out, last)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Columns are the names of the columns the rule looks at, in alphabetical order.
func (r Rule) Columns() []string { return named(r.Formula, r.Unique, "") }
