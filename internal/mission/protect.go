package mission

import (
	"fmt"
	"strings"

	"cultured/internal/identifier"
)

// judgeResult compares the answer with what the mission's work makes of the truth, whatever the order of rows and columns.
func judgeResult(c *answered, _ Check) (r Result, _ error) {
	want, err := c.made(c.Truth)
	if err != nil {
		return r, err
	}
	got := *c.answer.Table
	var there, here []int
	for i, name := range want.Columns {
		at := got.Column(name)
		if at < 0 {
			return Result{Args: []any{len(want.Rows), 0, len(want.Rows)}}, nil // the check of columns cannot know these
		}
		there, here = append(there, i), append(here, at)
	}
	missing, more := unpaired(want.Rows, got.Rows, there, here)
	for _, i := range more {
		r.Findings = append(r.Findings, c.lead(i, want.Columns[len(want.Columns)-1], "mission.lead_result"))
	}
	r.Passed, r.Args = missing == 0 && len(r.Findings) == 0, []any{len(want.Rows), len(want.Rows) - missing, len(r.Findings)}
	return r, nil
}

// unpaired pairs rows that say the same in their columns: how many wanted are missing, and which of those got are too many. Rows written alike go first:
// reading every cell as a number or a day takes longer than all the rest.
func unpaired(want, got [][]string, there, here []int) (missing int, more []int) {
	asWritten := func(s string) string { return s }
	left := map[string]int{}
	for _, row := range want {
		left[joined(row, there, asWritten)]++
	}
	var rest []int
	for i, row := range got {
		if k := joined(row, here, asWritten); left[k] > 0 {
			left[k]--
		} else {
			rest = append(rest, i)
		}
	}
	plain := map[string]int{}
	for _, row := range want {
		if k := joined(row, there, asWritten); left[k] > 0 {
			left[k]--
			plain[joined(row, there, plainCell)]++
			missing++
		}
	}
	for _, i := range rest {
		if k := joined(got[i], here, plainCell); plain[k] > 0 {
			plain[k]--
			missing--
		} else {
			more = append(more, i)
		}
	}
	return missing, more
}

// leastTelling is how many characters a value has that tells somebody apart wherever it stands: a shorter one is in many cells by chance.
const leastTelling = 6

// judgeIdentifiers finds what names a person: the values of the mission's identifying columns wherever they stand, and any e-mail, telephone or social
// security number.
func judgeIdentifiers(c *answered, check Check) (r Result, _ error) {
	known := map[string]bool{}
	for _, name := range check.Columns {
		at := c.Truth.Column(name)
		if at < 0 {
			return r, fmt.Errorf("no column %q that identifies", name)
		}
		for _, row := range c.Truth.Rows {
			if v := plainCell(row[at]); len(v) >= leastTelling {
				known[v] = true
			}
		}
	}
	t := *c.answer.Table
	for j, name := range t.Columns {
		for i, row := range t.Rows {
			cell := strings.TrimSpace(row[j])
			if len(cell) >= leastTelling && (known[plainCell(cell)] || identifier.IsEmail(cell) || identifier.IsPhone(cell) || identifier.IsNIR(cell)) {
				r.Findings = append(r.Findings, c.lead(i, name, "mission.lead_identifier"))
			}
		}
	}
	r.Passed, r.Args = len(t.Rows) > 0 && len(r.Findings) == 0, []any{len(r.Findings)}
	return r, nil
}

// judgeK finds rows that too few others resemble: in the columns the check names, those that are still there.
func judgeK(c *answered, check Check) (r Result, _ error) {
	t := *c.answer.Table
	var there []string
	for _, name := range check.Columns {
		if t.Column(name) >= 0 {
			there = append(there, name)
		}
	}
	sizes, of, err := groups(t, there)
	if err != nil {
		return r, err
	}
	shown := c.Key // when nothing is left to tell rows apart by
	if len(there) > 0 {
		shown = there[0]
	}
	for i := range t.Rows {
		if n := sizes[of[i]]; n < check.Points {
			r.Findings = append(r.Findings, c.lead(i, shown, "mission.lead_k", fmt.Sprint(n)))
		}
	}
	r.Passed, r.Args = len(t.Rows) > 0 && len(r.Findings) == 0, []any{check.Points, len(r.Findings)}
	return r, nil
}

// judgeKept says how much is left: a share of the rows, and in each column named at least two different values.
func judgeKept(c *answered, check Check) (r Result, _ error) {
	t := *c.answer.Table
	var lost []string
	for _, name := range check.Columns {
		at, values := t.Column(name), map[string]bool{}
		for _, row := range t.Rows {
			if at >= 0 {
				values[plainCell(row[at])] = true
			}
		}
		if len(values) < 2 {
			lost = append(lost, name)
		}
	}
	r.Passed = len(lost) == 0 && float64(len(t.Rows)) >= check.Least*float64(len(c.Truth.Rows))
	r.Args = []any{len(t.Rows), len(c.Truth.Rows), len(lost), strings.Join(lost, ", ")}
	return r, nil
}
