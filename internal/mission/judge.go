package mission

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/form"
	"cultured/internal/french"
	"cultured/internal/recipe"
	"cultured/internal/schema"
)

// An Answer is what a person hands in: the one of the mission's kind.
type Answer struct {
	Table  *Table `json:",omitempty"`
	Rows   []int  `json:",omitempty"` // as the spreadsheet shows them, header included
	Number string `json:",omitempty"`
	// Choices are the values of the options, one for each case of the variant, "" where none was chosen.
	Choices []string          `json:",omitempty"`
	Reasons []string          `json:",omitempty"` // written beside each of them, "" for none
	Fields  map[string]string `json:",omitempty"` // by the name of the mission's field
	Queries []string          `json:",omitempty"` // in SQL, one for each of the mission's, "" where none was written
	Recipe  recipe.Recipe     `json:",omitempty"` // steps, to be done again on other tables
	Chart   *Chart            `json:",omitempty"`
	Form    *form.Form        `json:",omitempty"` // as it was when it was handed in
	// Holding is what the house knows of the dataset the table was handed in from, nil for a file.
	Holding *Holding `json:"-"`
	// Held is the dataset the table or the steps were read from, "" for a file or a saved recipe.
	Held string `json:",omitempty"`
	// Dataset is one of the person's own the mission was done on, Edition its version and Title how it was called; "" for an answer about a variant.
	Dataset string `json:",omitempty"`
	Edition int    `json:",omitempty"`
	Title   string `json:",omitempty"`
}

// MostLeads is how many places one check points at: enough to go on, not a list to copy.
const MostLeads = 5

// A Bench is what judging stands on.
type Bench struct {
	Schema func(name string) (schema.Schema, error) // of the pack
	// Query runs questions written in SQL on a table of that name, and replies to each; an error is of the machine.
	Query func(ctx context.Context, t Table, name string, questions []string) ([]Reply, error)
	// Ask runs a step in SQL apart; nil where there is no such thing: the step refuses.
	Ask func(q recipe.Question) (recipe.Inquiry, error)
}

// answered is one answer being judged.
type answered struct {
	Mission
	Variant
	answer Answer
	bench  Bench
	byKey  map[string]int // row of the truth by key
	asked  []Reply        // to the mission's questions, then to those of the answer
	played []play         // the answer's steps, on each table they are tried on
	of     []int          // of each row of the answer: its row in the truth; -1 when its key is not there
}

// judges are the checks by kind. An error is ours: the mission is broken.
var judges = map[string]func(*answered, Check) (Result, error){
	"columns":     judgeColumns,
	"rows":        judgeRows,
	"mended":      judgeMended,
	"untouched":   judgeUntouched,
	"total":       judgeTotal,
	"unique":      judgeUnique,
	"format":      judgeFormat,
	"schema":      judgeSchema,
	"flagged":     judgeFlagged,
	"wrong":       judgeWrong,
	"number":      judgeNumber,
	"choices":     judgeChoices,
	"reasons":     judgeReasons,
	"plain":       judgePlain,
	"filled":      judgeFilled,
	"differs":     judgeDiffers,
	"fact":        judgeFact,
	"duration":    judgeDuration,
	"tells":       judgeTells,
	"score":       judgeScore,
	"result":      judgeResult,
	"identifiers": judgeIdentifiers,
	"k":           judgeK,
	"kept":        judgeKept,
	"query":       judgeQuery,

	"described": judgeDescribed,
	"record":    judgeRecord,

	"chart_kind":     judgeChartKind,
	"chart_shows":    judgeChartShows,
	"chart_zero":     judgeChartZero,
	"chart_most":     judgeChartMost,
	"chart_order":    judgeChartOrder,
	"chart_contrast": judgeChartContrast,
	"chart_title":    said(func(ch Chart) string { return ch.Title }),
	"chart_unit":     said(func(ch Chart) string { return ch.Unit }),
	"chart_source":   said(func(ch Chart) string { return ch.Source }),
	"chart_alt":      judgeChartAlt,

	"form_asks":     judgeFormAsks,
	"form_few":      judgeFormFew,
	"form_purpose":  judgeFormPurpose,
	"form_kinds":    judgeFormKinds,
	"form_required": judgeFormRequired,
	"form_told":     judgeFormTold,
	"form_labels":   judgeFormLabels,
	"form_hints":    judgeFormHints,
	"form_parts":    judgeFormParts,

	"replay":         judgeReplay,
	"replay_columns": judgeReplayColumns,
	"replay_rows":    judgeReplayRows,
	"replay_total":   judgeReplayTotal,
	"refuses":        judgeRefuses,
}

// CheckKinds lists the checks: "plain" (the header is the first row, no blank row), "columns" (all are there), "rows" (none lost, none too many), "mended" (of what was planted, in one column or all, a share at Least),
// "untouched" (nothing else changed), "total" (of a column), "unique" (values of a column), "format" (of a column's values), "schema" (no
// error), "flagged" (of what was planted, a share at Least is named), "wrong" (of the rows named, a share at Least holds an anomaly), "number", "choices" (a
// share at Least is right), "reasons" (a share at Least of what is written beside them holds); of a form, one field each: "filled" (with at least Length characters), "differs" (says more than another field), "fact"
// (what is true of the subject), "duration" (a length of time), "tells" (holds one of Columns: words, or parts of words), "score" (the record earns at least Points of the nine of data.gouv.fr);
// "described" (each column says what it is, in at least Length characters, in the dictionary of the dataset handed in), "record" (its record meets at least Points of the nine criteria);
// of tables made anew: "result" (the rows the mission's work makes, in any order), "identifiers" (none is left), "k" (each row resembles at least Points−1 others in Columns),
// "kept" (a share of the rows at Least, and Columns still tell rows apart); of questions in SQL, one each: "query" (its result is that of the good one, in any order);
// of steps done again on the person's table and on [Unseen] others: "replay" (the rows expected, in any order), "replay_columns" (the columns expected, no other), "replay_rows" (as many rows),
// "replay_total" (of a column), "refuses" (a table without Column is refused, with a sentence that says why);
// of a chart, compared with the good one: "chart_kind" (its form), "chart_shows" (what is compared, what is measured, how rows are put together), "chart_order"; by itself: "chart_zero" (the
// scale of bars starts at zero), "chart_most" (no more than Points values are drawn), "chart_contrast" (its colour stands out), "chart_title", "chart_unit", "chart_source" (written, in at least
// Length characters), "chart_alt" (words for who does not see it, that name what stands out);
// of a form put right: "form_asks" (what nobody can do without is asked), "form_few" (nothing needless is, and a share of the questions at Least is gone), "form_purpose" (each personal question has a
// purpose, and a retention of Points months at most), "form_kinds" (each expects its kind of answer), "form_required" (what nobody can do without is compulsory, nothing else), "form_told" (its
// introduction has Length characters, and there is somebody to write to), "form_labels" (labels are read well), "form_hints" (what is written in one way only says how), "form_parts" (no
// more than Points questions without a heading).
func CheckKinds() []string {
	var kinds []string
	for k := range judges {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Judge checks an answer. Faults: Invalid "mission.answer_missing" when nothing of the mission's kind was handed in. Other errors are the
// mission's own.
func (m Mission) Judge(v Variant, a Answer, b Bench) (Verdict, error) {
	c := &answered{Mission: m, Variant: v, answer: a, bench: b}
	switch {
	case m.Answer == AnswerTable && (a.Table == nil || len(a.Table.Columns) == 0),
		m.Answer == AnswerRows && len(a.Rows) == 0,
		m.Answer == AnswerNumber && strings.TrimSpace(a.Number) == "",
		m.Answer == AnswerFields && a.blank(),
		m.Answer == AnswerQuery && (len(a.Queries) != len(m.Queries) || !slices.ContainsFunc(a.Queries, func(q string) bool { return strings.TrimSpace(q) != "" })),
		m.Answer == AnswerRecipe && len(a.Recipe) == 0,
		m.Answer == AnswerChart && a.Chart.blank(),
		m.Answer == AnswerForm && (a.Form == nil || len(a.Form.Blocks) == 0),
		m.Answer == AnswerChoices && (len(a.Choices) != len(v.Cases) || slices.Contains(a.Choices, "")):
		return Verdict{}, fault.Field("answer", "mission.answer_missing_"+string(m.Answer))
	}
	if m.Answer == AnswerTable {
		c.match()
	}
	verdict := Verdict{Passed: true}
	for _, check := range m.Checks {
		judge, ok := judges[check.Kind]
		if !ok {
			return Verdict{}, fmt.Errorf("mission %s: no check %q", m.ID, check.Kind)
		}
		result, err := judge(c, check)
		if err != nil {
			return Verdict{}, fmt.Errorf("mission %s: %w", m.ID, err)
		}
		result.Kind = check.Kind
		if m.Answer == AnswerFields || m.Answer == AnswerQuery {
			result.Field = check.Column
		}
		result.Key = "mission.failed_" + check.Kind
		if result.Passed {
			result.Key = "mission.passed_" + check.Kind
		} else {
			result.Key += result.where
			result.Hint = check.Hint
			verdict.Passed = false
		}
		result.cut()
		verdict.Results = append(verdict.Results, result)
	}
	return verdict, nil
}

// cut leaves the first [MostLeads] places, in the order of rows, and counts the others.
func (r *Result) cut() {
	slices.SortStableFunc(r.Findings, func(a, b finding.Finding) int { return a.Row - b.Row })
	if len(r.Findings) > MostLeads {
		r.More = len(r.Findings) - MostLeads
		r.Findings = r.Findings[:MostLeads]
	}
}

// match finds which row of the truth each row of the answer is, by the key.
func (c *answered) match() {
	c.byKey = map[string]int{}
	k := c.Truth.Column(c.Key)
	for i, r := range c.Truth.Rows {
		c.byKey[plainKey(r[k])] = i
	}
	c.of = make([]int, len(c.answer.Table.Rows))
	k = c.answer.Table.Column(c.Key)
	for i, r := range c.answer.Table.Rows {
		c.of[i] = -1
		if k < 0 {
			continue
		}
		if row, ok := c.byKey[plainKey(r[k])]; ok {
			c.of[i] = row
		}
	}
}

// plainKey is a key as it is compared: a spreadsheet drops the zeros a number begins with, and may write "12.0".
func plainKey(s string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), ".0")
	if t := strings.TrimLeft(s, "0"); t != "" && strings.Trim(s, "0123456789") == "" {
		return t
	}
	return french.Fold(s)
}

// lead is a place in what was handed in.
func (c *answered) lead(row int, column, reason string, args ...string) finding.Finding {
	t := *c.answer.Table
	at := t.Column(column)
	f := finding.Finding{Row: t.Number(row), Column: at, Field: column, Reason: reason, Args: args, Severity: finding.Error}
	if at >= 0 {
		f.Value = t.Rows[row][at]
	}
	return f
}

func judgePlain(c *answered, _ Check) (Result, error) {
	return Result{Passed: c.answer.Table.Header <= 1 && c.answer.Table.Blank == 0, Args: []any{c.answer.Table.Header, c.answer.Table.Blank}}, nil
}

func judgeColumns(c *answered, _ Check) (r Result, _ error) {
	var lost []string
	for _, name := range c.Truth.Columns {
		if c.answer.Table.Column(name) < 0 {
			lost = append(lost, name)
		}
	}
	return Result{Passed: len(lost) == 0, Args: []any{len(lost), strings.Join(lost, ", ")}}, nil
}

func judgeRows(c *answered, _ Check) (r Result, _ error) {
	times := make([]int, len(c.Truth.Rows))
	unknown, repeated := 0, 0
	for i, of := range c.of {
		switch {
		case of < 0:
			unknown++
			r.Findings = append(r.Findings, c.lead(i, c.Key, "mission.lead_unknown"))
		case times[of] > 0:
			repeated++
			r.Findings = append(r.Findings, c.lead(i, c.Key, "mission.lead_repeated"))
			times[of]++
		default:
			times[of]++
		}
	}
	lost := 0
	for _, n := range times {
		if n == 0 {
			lost++
		}
	}
	r.Passed, r.Args = lost+unknown+repeated == 0, []any{len(c.Truth.Rows), lost, repeated, unknown}
	return r, nil
}

// otherwise says which anomalies "mended" leaves to other checks: those that change a value's writing only, which a spreadsheet does for
// every value of a column alike, and repeated rows.
var otherwise = map[string]bool{"date": true, "comma": true, rowPlanted: true, nearPlanted: true}

func judgeMended(c *answered, check Check) (r Result, _ error) {
	rowOf := map[int]int{}
	for i, of := range c.of {
		if _, known := rowOf[of]; of >= 0 && !known {
			rowOf[of] = i
		}
	}
	all, mended := 0, 0
	for _, a := range c.Anomalies {
		if otherwise[a.Kind] || check.Column != "" && a.Column != check.Column {
			continue
		}
		all++
		row, ok := rowOf[c.Variant.rows[a.Row]]
		at := c.answer.Table.Column(a.Column)
		if !ok || at < 0 {
			continue // the checks of rows and columns say so
		}
		got := c.answer.Table.Rows[row][at]
		if got != a.Is && got == strings.TrimSpace(got) && same(got, a.Was) {
			mended++
			continue
		}
		r.Findings = append(r.Findings, c.lead(row, a.Column, "mission.lead_"+a.Kind))
	}
	r.Passed = float64(mended) >= check.Least*float64(all)
	r.Args = []any{mended, all}
	return r, nil
}

func judgeUntouched(c *answered, _ Check) (r Result, _ error) {
	planted := map[[2]int]bool{}
	for _, a := range c.Anomalies {
		if a.Column != "" {
			planted[[2]int{c.Variant.rows[a.Row], c.Truth.Column(a.Column)}] = true
		}
	}
	for j, name := range c.Truth.Columns {
		at := c.answer.Table.Column(name)
		if at < 0 {
			continue
		}
		for i, of := range c.of {
			if of >= 0 && !planted[[2]int{of, j}] && !same(c.answer.Table.Rows[i][at], c.Truth.Rows[of][j]) {
				r.Findings = append(r.Findings, c.lead(i, name, "mission.lead_changed"))
			}
		}
	}
	r.Passed, r.Args = len(r.Findings) == 0, []any{len(r.Findings)}
	return r, nil
}

// sum adds the numbers of a column; others count for nothing.
func sum(t Table, column string) (total float64) {
	if at := t.Column(column); at >= 0 {
		for _, row := range t.Rows {
			if n, ok := french.Number(row[at]); ok {
				total += n
			}
		}
	}
	return total
}

func judgeTotal(c *answered, check Check) (Result, error) {
	want, got := sum(c.Truth, check.Column), sum(*c.answer.Table, check.Column)
	return Result{Passed: math.Abs(want-got) <= 1e-6*max(1, math.Abs(want)), Args: []any{check.Column, got}}, nil
}

func judgeUnique(c *answered, check Check) (r Result, _ error) {
	seen := map[string]bool{}
	at := c.answer.Table.Column(check.Column)
	for i, row := range c.answer.Table.Rows {
		if at < 0 {
			break
		}
		k := plainKey(row[at])
		if seen[k] {
			r.Findings = append(r.Findings, c.lead(i, check.Column, "mission.lead_repeated"))
		}
		seen[k] = true
	}
	r.Passed, r.Args = at >= 0 && len(c.answer.Table.Rows) > 0 && len(r.Findings) == 0, []any{check.Column, len(r.Findings)}
	return r, nil
}

func judgeSchema(c *answered, check Check) (r Result, _ error) {
	s, err := c.bench.Schema(check.Schema)
	if err != nil {
		return r, err
	}
	checker, found := schema.NewChecker(s, c.answer.Table.Columns)
	for _, f := range found {
		if f.Severity == finding.Error {
			r.Findings = append(r.Findings, f)
		}
	}
	sink := func(f finding.Finding) {
		if f.Severity == finding.Error {
			r.Findings = append(r.Findings, f)
		}
	}
	for i, row := range c.answer.Table.Rows {
		checker.Row(c.answer.Table.Number(i), row, sink)
	}
	r.Passed, r.Args = len(r.Findings) == 0 && len(c.answer.Table.Rows) > 0, []any{s.Label(), len(r.Findings)}
	return r, nil
}
