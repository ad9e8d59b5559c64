package mission

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/french"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// Bounds of steps handed in.
const (
	// Unseen is how many tables steps are tried on that nobody saw: other draws of the same source, with the same kinds of anomalies.
	Unseen      = 3
	recipeMost  = 50_000   // bytes of the steps as JSON
	replayBytes = 64 << 20 // what they may hold in memory
)

// A play is steps at work on one table: what they gave, or why they refused.
type play struct {
	of      Variant
	want    Table
	got     Table
	refused *fault.Error
}

// cooked is what steps make of a file. Faults: those of reading it and of the steps.
func (b Bench) cooked(raw []byte, r recipe.Recipe) (Table, error) {
	in, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), "replay.csv", tabular.Options{})
	if err != nil {
		return Table{}, err
	}
	run, err := recipe.Cook(in, r, recipe.Kitchen{Bytes: replayBytes, Ask: b.Ask})
	if err != nil {
		return Table{}, errors.Join(err, in.Close())
	}
	t, err := Read(run)
	return t, errors.Join(err, run.Close())
}

// plays tries the answer's steps on the person's table, then on those nobody saw, once a verdict. An error is the mission's own.
func (c *answered) plays() ([]play, error) {
	if c.played != nil {
		return c.played, nil
	}
	for _, v := range append([]Variant{c.Variant}, c.Variant.unseen...) {
		want, err := c.made(v.Truth)
		if err != nil {
			return nil, err
		}
		p := play{of: v, want: want}
		p.got, err = c.bench.cooked(v.File(), c.answer.Recipe)
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Busy { // a busy engine is no fault of the steps
			p.refused = f
		} else if err != nil {
			return nil, err
		}
		c.played = append(c.played, p)
	}
	return c.played, nil
}

// replayed judges each play until one fails. judge says what is wrong with one; a play that was refused is wrong.
func (c *answered) replayed(judge func(p play) Result) (r Result, _ error) {
	plays, err := c.plays()
	if err != nil {
		return r, err
	}
	for i, p := range plays {
		if r = judge(p); p.refused != nil {
			r.Passed, r.Refused, r.Reasons, r.Findings = false, p.refused.Key, p.refused.Args, nil
		}
		if !r.Passed {
			if i == 0 {
				r.where = "_own"
				return r, nil
			}
			for j := range r.Findings {
				r.Findings[j].Row = 0 // of a table nobody sees
			}
			return r, nil
		}
	}
	return r, nil
}

func judgeReplayColumns(c *answered, _ Check) (Result, error) {
	return c.replayed(func(p play) Result {
		lost, more := absent(p.want, p.got), absent(p.got, p.want)
		return Result{Passed: len(lost)+len(more) == 0, Args: []any{len(lost), cmp.Or(strings.Join(lost, ", "), "–"), len(more), cmp.Or(strings.Join(more, ", "), "–")}}
	})
}

// absent lists the columns of one table another lacks.
func absent(of, in Table) (out []string) {
	for _, name := range of.Columns {
		if in.Column(name) < 0 {
			out = append(out, name)
		}
	}
	return out
}

func judgeReplayRows(c *answered, _ Check) (Result, error) {
	return c.replayed(func(p play) Result {
		return Result{Passed: len(p.got.Rows) == len(p.want.Rows), Args: []any{len(p.want.Rows), len(p.got.Rows)}}
	})
}

func judgeReplayTotal(c *answered, check Check) (Result, error) {
	return c.replayed(func(p play) Result {
		want, got := sum(p.want, check.Column), sum(p.got, check.Column)
		return Result{Passed: p.got.Column(check.Column) >= 0 && math.Abs(want-got) <= 1e-6*max(1, math.Abs(want)), Args: []any{check.Column, got}}
	})
}

// judgeReplay compares what the steps made with what is expected, whatever the order of rows and columns, and how values are written.
func judgeReplay(c *answered, _ Check) (Result, error) {
	return c.replayed(func(p play) (r Result) {
		var there, here []int
		for i, name := range p.want.Columns {
			if at := p.got.Column(name); at >= 0 {
				there, here = append(there, i), append(here, at)
			}
		}
		left := map[string]int{}
		for _, row := range p.want.Rows {
			left[joined(row, there, exactCell)]++
		}
		right := 0
		for i, row := range p.got.Rows {
			if k := joined(row, here, exactCell); left[k] > 0 {
				left[k]--
				right++
			} else {
				r.Findings = append(r.Findings, c.replayLead(p, i))
			}
		}
		r.Passed = right == len(p.want.Rows) && len(r.Findings) == 0 && len(there) == len(p.want.Columns)
		r.Args = []any{right, len(p.want.Rows), len(p.got.Rows) - right}
		return r
	})
}

// exactCell is one writing for the cells a program takes as the same: 2400.00 and 2400 are, 2 400 and 2400,00 are not; two writings of a day are not.
func exactCell(s string) string {
	if strings.ContainsAny(s, ", \u00a0\u202f\t") || coded(s) {
		return s
	}
	if _, layout, ok := french.Date(s); ok {
		return layout + " " + s
	}
	return plainCell(s)
}

// replayLead says what is wrong with a row the steps made: the first cell that is not as expected of the row of its key, and what was planted there.
func (c *answered) replayLead(p play, row int) finding.Finding {
	f := finding.Finding{Row: p.got.Number(row), Column: -1, Reason: "mission.lead_result", Severity: finding.Error}
	k, at := p.want.Column(c.Key), p.got.Column(c.Key)
	if k < 0 || at < 0 {
		if len(p.got.Columns) > 0 {
			f.Column, f.Field, f.Value = 0, p.got.Columns[0], p.got.Rows[row][0]
		}
		return f
	}
	f.Column, f.Field, f.Value, f.Reason = at, p.got.Columns[at], p.got.Rows[row][at], "mission.lead_unknown"
	of := slices.IndexFunc(p.want.Rows, func(w []string) bool { return plainKey(w[k]) == plainKey(f.Value) })
	if of < 0 {
		return f
	}
	f.Reason = "mission.lead_repeated"
	for j, name := range p.want.Columns {
		here := p.got.Column(name)
		if here < 0 || exactCell(p.want.Rows[of][j]) == exactCell(p.got.Rows[row][here]) {
			continue
		}
		f.Column, f.Field, f.Value, f.Reason = here, name, p.got.Rows[row][here], "mission.lead_changed"
		for _, a := range p.of.Anomalies {
			if french.Fold(a.Column) == french.Fold(name) && a.Is == f.Value {
				f.Reason = "mission.lead_" + a.Kind
			}
		}
		return f
	}
	return f
}

// judgeRefuses takes a column away from the person's table: steps that do not notice would let a broken file through.
func judgeRefuses(c *answered, check Check) (r Result, _ error) {
	if c.Table.Column(check.Column) < 0 {
		return r, fmt.Errorf("no column %q to take away", check.Column)
	}
	r.Args = []any{check.Column}
	plays, err := c.plays()
	if err != nil {
		return r, err
	}
	if plays[0].refused != nil { // what refuses everything refuses nothing in particular
		r.where = "_own"
		return r, nil
	}
	_, err = c.bench.cooked(lostColumn(c.Table.Clone(), check.Column).CSV(), c.answer.Recipe)
	f, ok := errors.AsType[*fault.Error](err)
	if err != nil && !ok {
		return r, err
	}
	if ok {
		r.Passed, r.Refused, r.Reasons = true, f.Key, f.Args
	}
	return r, nil
}

// idle is steps that change nothing: what an untouched table is to a table.
func idle(t Table) recipe.Recipe { return recipe.Recipe{&recipe.Keep{Columns: t.Columns}} }

// badRecipe is the good steps without those of a kind, or with what somebody who only looked at their own table would write in their place.
func (m Mission) badRecipe(v Variant, good Answer, b Bad) (Answer, error) {
	var steps recipe.Recipe
	for _, s := range good.Recipe {
		if s.Kind() != b.Text {
			steps = append(steps, s)
			continue
		}
		if b.Mistake != "by hand" {
			continue
		}
		for _, a := range v.Anomalies {
			if a.Column == b.Column {
				steps = append(steps, &recipe.Replace{Columns: []string{a.Column}, Find: a.Is, With: a.Was, Whole: true})
			}
		}
	}
	if len(steps) == 0 {
		steps = idle(v.Table)
	}
	if b.Mistake != "without step" && b.Mistake != "by hand" || b.Mistake == "by hand" && v.Table.Column(b.Column) < 0 {
		return good, fmt.Errorf("no mistake %q (%q) of steps", b.Mistake, b.Column)
	}
	good.Recipe = steps
	return good, nil
}

// recipeCandidates are the mistakes of steps that may fail a check: one kind of step left out, or done by hand.
func (m Mission) recipeCandidates(v Variant, check Check) (list []Bad) {
	var columns []string
	for _, a := range v.Anomalies {
		if a.Column != "" && !slices.Contains(columns, a.Column) {
			columns = append(columns, a.Column)
		}
	}
	for _, s := range m.Recipe {
		list = append(list, Bad{Mistake: "without step", Text: s.Kind(), Fails: check.Kind})
		for _, name := range columns {
			list = append(list, Bad{Mistake: "by hand", Column: name, Text: s.Kind(), Fails: check.Kind})
		}
	}
	return list
}

// ReadRecipe reads steps somebody hands in as a file. Faults, on field "answer": TooLarge "mission.recipe_long", those of [recipe.Recipe.UnmarshalJSON].
func ReadRecipe(raw []byte) (r recipe.Recipe, err error) {
	if len(raw) > recipeMost {
		return nil, fault.Field("answer", "mission.recipe_long", recipeMost/1000)
	}
	if err = json.Unmarshal(raw, &r); err == nil {
		return r, nil
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return nil, fault.Field("answer", f.Key, f.Args...).Because(err)
	}
	return nil, fault.Field("answer", "recipe.not_json").Because(err) // no JSON at all never reaches the recipe
}
