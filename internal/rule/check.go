package rule

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/french"
	"cultured/internal/recipe"
	"cultured/internal/schema"
)

// A Checker holds rows against rules: as [schema.Checker] does, [Checker.Cells] for rows at the same time, [Checker.Keys] one after the other.
type Checker struct {
	conditions []condition
	keys       []key
	width      int
}

type condition struct {
	rule   Rule
	asks   recipe.Condition
	column int // -1 for the row
}

type key struct {
	rule   Rule
	at     []int
	column int
	seen   *schema.Seen
}

// NewChecker compiles rules for a header. Those that do not fit it are left out, each with a finding "rule.skipped" that names the column that
// is missing, or "rule.unreadable".
func NewChecker(header []string, rules []Rule) (*Checker, []finding.Finding) {
	c := &Checker{width: len(header)}
	var findings []finding.Finding
	for _, r := range rules {
		if f, fits := c.add(header, r); !fits {
			findings = append(findings, f)
		}
	}
	return c, findings
}

func (c *Checker) add(header []string, r Rule) (_ finding.Finding, fits bool) {
	for _, name := range append(r.Columns(), r.Column) {
		if name != "" && at(header, name) < 0 {
			return finding.Finding{Column: -1, Reason: "rule.skipped", Args: []string{name, r.Says}, Severity: finding.Info, Rule: r.Text()}, false
		}
	}
	column := -1
	if r.Column != "" {
		column = at(header, r.Column)
	}
	if len(r.Unique) > 0 {
		k := key{rule: r, column: column, seen: schema.NewSeen()}
		for _, name := range r.Unique {
			k.at = append(k.at, at(header, name))
		}
		if column < 0 {
			k.column = k.at[0]
		}
		c.keys = append(c.keys, k)
		return finding.Finding{}, true
	}
	asks, err := recipe.NewCondition(header, r.Formula)
	if err != nil {
		return finding.Finding{Column: -1, Reason: "rule.unreadable", Args: []string{r.Formula, r.Says}, Severity: finding.Warning, Rule: r.Text()}, false
	}
	c.conditions = append(c.conditions, condition{r, asks, column})
	return finding.Finding{}, true
}

// Len is how many rules are asked.
func (c *Checker) Len() int { return len(c.conditions) + len(c.keys) }

// Keyed says whether some rule compares rows.
func (c *Checker) Keyed() bool { return len(c.keys) > 0 }

// Cells sends what breaks a rule within a row. cells are its texts; a short row is read as if the rest were empty.
func (c *Checker) Cells(row int, cells []string, sink finding.Sink) {
	if len(c.conditions) == 0 {
		return
	}
	if len(cells) < c.width {
		cells = append(slices.Clone(cells), make([]string, c.width-len(cells))...)
	}
	for i := range c.conditions {
		r := &c.conditions[i]
		if !r.rule.asksEmpty() && slices.ContainsFunc(r.asks.Columns(), func(at int) bool { return blank(cells[at]) }) {
			continue
		}
		if holds, ok := r.asks.Holds(cells); holds || !ok {
			continue
		}
		sink(r.rule.broken(row, r.column, cells))
	}
}

// Keys sends what a row repeats of one before. A row with an empty cell in a key repeats nothing.
func (c *Checker) Keys(row int, cells []string, sink finding.Sink) {
	for _, k := range c.keys {
		var b strings.Builder
		some := true
		for _, at := range k.at {
			if at >= len(cells) || blank(cells[at]) {
				some = false
				break
			}
			b.WriteString(strconv.Itoa(len(cells[at])) + ":" + cells[at])
		}
		if !some {
			continue
		}
		if before, again := k.seen.Add(b.String(), row); again {
			f := k.rule.broken(row, k.column, cells)
			f.Reason, f.Args = "rule.twice", append(f.Args, strconv.Itoa(before))
			sink(f)
		}
	}
}

// broken is the finding of a rule: {0} is the cell, {1} what is wrong, {2} how to mend it.
func (r Rule) broken(row, column int, cells []string) finding.Finding {
	f := finding.Finding{Row: row, Column: column, Field: r.Column, Reason: "rule.broken", Severity: r.Severity, Rule: r.Text()}
	if column >= 0 {
		f.Value = strings.Clone(cut(cells[column]))
	} else {
		f.Reason = "rule.broken_row"
	}
	if f.Field == "" && len(r.Unique) > 0 {
		f.Field = r.Unique[0]
	}
	f.Args = []string{f.Value, r.Says, r.Mend}
	return f
}

// cut keeps the first 200 characters, as findings do.
func cut(v string) string {
	n := 0
	for i := range v {
		if n == 200 {
			return v[:i]
		}
		n++
	}
	return v
}

func blank(v string) bool { return strings.TrimSpace(v) == "" }

// at finds a column by its name, else by its name without case and accents; -1 for none.
func at(header []string, name string) int {
	if i := slices.Index(header, name); i >= 0 {
		return i
	}
	key := french.Fold(name)
	return slices.IndexFunc(header, func(h string) bool { return french.Fold(h) == key })
}

func sentence(err error) (string, []any) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return "", nil
	}
	return f.Sentence()
}
