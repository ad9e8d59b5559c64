package dataset

import (
	"cmp"
	"slices"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// A Report is what an examination says of a table. It is stored and shown: its JSON names are stable. The findings
// themselves are elsewhere, complete.
type Report struct {
	Reading  tabular.Reading `json:"reading"`
	Columns  []string        `json:"columns"` // unique names
	Profile  Profile         `json:"profile"`
	Rows     int64           `json:"rows"`             // after the plan
	Dropped  int64           `json:"dropped"`          // rows the plan removed
	Checked  bool            `json:"checked"`          // against a schema
	Schema   string          `json:"schema,omitempty"` // label of that schema, which may have none
	Rules    int             `json:"rules,omitempty"`  // of the organisation that were asked besides
	Valid    bool            `json:"valid"`            // no error
	Errors   int             `json:"errors"`
	Ruled    int             `json:"ruled,omitempty"` // of the errors, those of rules of the organisation
	Warnings int             `json:"warnings"`
	Infos    int             `json:"infos"`
	Fixable  int             `json:"fixable"` // errors and warnings that a safe fix mends
	Groups   []Group         `json:"groups,omitempty"`
	Verdict  Verdict         `json:"verdict"`
}

// Conforms says whether the table keeps the schema it was held against, whatever an organisation asks besides.
func (r *Report) Conforms() bool { return r.Checked && r.Errors == r.Ruled }

// Problems counts the errors and the warnings.
func (r *Report) Problems() int { return r.Errors + r.Warnings }

// A Group is all findings of one reason in one column.
type Group struct {
	Reason   string           `json:"reason"` // its title is Reason + "_title", how to mend it Reason + "_mend"
	Args     []string         `json:"args,omitempty"`
	Severity finding.Severity `json:"severity"`
	Rule     string           `json:"rule,omitempty"`  // the rule and its source, as the first finding names it
	Field    string           `json:"field,omitempty"` // "" for rows and the table
	Column   int              `json:"column"`          // 0-based, -1 for rows and the table
	Count    int              `json:"count"`
	Fixable  int              `json:"fixable"`            // of which a fix mends
	Fix      Fix              `json:"fix,omitzero"`       // ready to be put in a plan; Kind "" for none
	Safe     bool             `json:"safe"`               // the fix belongs to "mend everything"
	Examples []Example        `json:"examples,omitempty"` // the first ones
}

// An Example is one finding of a group.
type Example struct {
	Row    int      `json:"row"`
	Column int      `json:"column"`
	Value  string   `json:"value,omitempty"`
	After  string   `json:"after,omitempty"`
	Fixed  bool     `json:"fixed,omitempty"` // After is what a fix gives
	Args   []string `json:"args,omitempty"`
}

// examplesKept is how many findings a group shows.
const examplesKept = 5

// A Level is how a verdict is coloured.
type Level string

// The levels of a verdict.
const (
	LevelOK    Level = "ok"    // nothing to mend
	LevelWarn  Level = "warn"  // anomalies, the file is valid
	LevelError Level = "error" // the file breaks its schema
)

// A Verdict is one sentence: a catalogue key and its arguments, all whole numbers. {0} decides the plural.
type Verdict struct {
	Key   string  `json:"key"`
	Args  []int64 `json:"args,omitempty"`
	Level Level   `json:"level"`
}

// Words gives the arguments as a translator takes them.
func (v Verdict) Words() []any {
	out := make([]any, len(v.Args))
	for i, a := range v.Args {
		out[i] = a
	}
	return out
}

// FixOf returns the fix of a group. ok is false when there is no such group, or nothing certain to do.
func (r *Report) FixOf(reason, field string) (Fix, bool) {
	for _, g := range r.Groups {
		if g.Reason == reason && g.Field == field && g.Fix.Kind != "" {
			return g.Fix, true
		}
	}
	return Fix{}, false
}

// SafeFixes lists what "mend everything" does: the fixes of all groups that nobody can contest, in the best order, infos
// aside (they ask for nothing).
func (r *Report) SafeFixes() Plan {
	var plan Plan
	order := FixKinds()
	rank := func(kind string) int { return slices.IndexFunc(order, func(k FixKind) bool { return k.Kind == kind }) }
	type id struct{ kind, column string }
	seen := map[id]bool{}
	for _, g := range r.Groups {
		if !g.Safe || g.Severity == finding.Info {
			continue
		}
		key := id{g.Fix.Kind, g.Fix.Column}
		if seen[key] && g.Fix.Values == nil {
			continue
		}
		seen[key] = true
		plan = append(plan, g.Fix)
	}
	slices.SortStableFunc(plan, func(a, b Fix) int { return cmp.Compare(rank(a.Kind), rank(b.Kind)) })
	return plan
}

// A ledger groups findings while they are made, in memory bounded by reasons × columns.
type ledger struct {
	groups                  map[groupID]*Group
	next                    finding.Sink
	schema                  *schema.Schema
	names                   []string // unique, of the columns
	judge                   *judge   // nil where the schema alone is asked
	errors, warnings, infos int
	ruled                   int // of the errors, those of rules of the organisation
}

type groupID struct {
	reason string
	field  string
	column int
	rule   string // of an organisation; "" where the reason says all
}

func (l *ledger) add(f finding.Finding) {
	if l.next != nil {
		l.next(f)
	}
	switch f.Severity {
	case finding.Error:
		l.errors++
		if OfRule(f.Reason) {
			l.ruled++
		}
	case finding.Warning:
		l.warnings++
	default:
		l.infos++
	}
	id := groupID{f.Reason, f.Field, f.Column, ""}
	if OfRule(f.Reason) {
		id.rule = f.Rule + "\n" + f.Args[1]
	}
	g := l.groups[id]
	if g == nil {
		g = &Group{Reason: f.Reason, Args: f.Args, Severity: f.Severity, Rule: f.Rule, Field: f.Field, Column: f.Column}
		l.groups[id] = g
	}
	g.Count++
	if severityRank(f.Severity) < severityRank(g.Severity) {
		g.Severity = f.Severity
	}
	if len(g.Examples) < examplesKept {
		g.Examples = append(g.Examples, Example{f.Row, f.Column, f.Value, f.After, f.Fix != "", f.Args})
	}
	if f.Fix == "" {
		return
	}
	g.Fixable++
	if g.Fix.Kind == "" {
		g.Fix = l.fix(f)
	}
	if f.Fix == "case_variant" {
		g.Fix.Values[f.Value], g.Fix.Values[trimAll(f.Value)] = f.After, f.After
	} else if f.Fix == "fill_label" {
		g.Fix.Values[looseKey(f.Args[1])] = f.After
	}
}

// fix makes the fix of a finding's group.
func (l *ledger) fix(f finding.Finding) Fix {
	fix := Fix{Kind: f.Fix, Column: f.Field}
	if kind, ok := FindFix(f.Fix); ok && kind.Rows {
		fix.Column = ""
	}
	switch f.Fix {
	case "case_variant":
		fix.Values = map[string]string{}
	case "fill_label":
		fix.Values, fix.By = map[string]string{}, f.Args[4]
	case "leading_zero", "code_form":
		fix.Semantic = l.semantic(f)
	case "column_name":
		fix.Name = f.After
	default:
		if l.schema != nil && strings.HasPrefix(f.Reason, "schema.") {
			fix.Rule = ruleOf(l.schema, f.Field)
		} else if f.Fix == "decimal_zero" {
			fix.Semantic = l.semantic(f)
		}
	}
	if l.schema != nil && f.Column >= 0 && f.Column < len(l.names) {
		fix.Column = l.names[f.Column]
	}
	return fix
}

// semantic is what the column of a finding stands for.
func (l *ledger) semantic(f finding.Finding) Semantic {
	if l.judge == nil {
		return SemanticNone
	}
	return l.judge.columns[f.Column].profile.Semantic
}

// OfRule says whether a reason is that of a rule an organisation wrote.
func OfRule(reason string) bool { return strings.HasPrefix(reason, "rule.") }

func severityRank(s finding.Severity) int {
	return slices.Index([]finding.Severity{finding.Error, finding.Warning, finding.Info}, s)
}

// close writes the groups and the verdict into the report.
func (l *ledger) close(r *Report) {
	r.Errors, r.Warnings, r.Infos, r.Ruled, r.Valid = l.errors, l.warnings, l.infos, l.ruled, l.errors == 0
	for _, g := range l.groups {
		kind, _ := FindFix(g.Fix.Kind)
		g.Safe = kind.Safe
		if g.Safe && g.Severity != finding.Info {
			r.Fixable += g.Fixable
		}
		r.Groups = append(r.Groups, *g)
	}
	slices.SortFunc(r.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(severityRank(a.Severity), severityRank(b.Severity)), cmp.Compare(b.Count, a.Count),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Rule, b.Rule))
	})
	r.Verdict = r.verdict()
}

// verdict puts the report in one sentence.
func (r *Report) verdict() Verdict {
	rows, columns := r.Rows, int64(len(r.Columns))
	problems := int64(r.Problems())
	switch {
	case rows == 0:
		return Verdict{"dataset.verdict_no_rows", []int64{columns}, LevelWarn}
	case problems == 0 && r.Checked && columns == 0:
		return Verdict{"dataset.verdict_valid_records", []int64{rows}, LevelOK}
	case problems == 0 && r.Checked:
		return Verdict{"dataset.verdict_valid", []int64{rows, columns}, LevelOK}
	case problems == 0 && columns == 1:
		return Verdict{"dataset.verdict_clean_one", []int64{rows}, LevelOK}
	case problems == 0:
		return Verdict{"dataset.verdict_clean", []int64{rows, columns}, LevelOK}
	}
	touched := map[int]bool{}
	for _, g := range r.Groups {
		if g.Severity != finding.Info && g.Column >= 0 {
			touched[g.Column] = true
		}
	}
	v := Verdict{Level: LevelWarn}
	if r.Errors > 0 {
		v.Level = LevelError
	}
	in, args := "", []int64{problems}
	switch n := int64(len(touched)); {
	case n == 1:
		in = "_column"
	case n > 1:
		in, args = "_columns", append(args, n)
	}
	if r.Fixable > 0 {
		v.Key, v.Args = "dataset.verdict_"+"mendable"+in, append(args, int64(r.Fixable))
		return v
	}
	v.Key, v.Args = "dataset.verdict_"+"problems"+in, args
	return v
}
