package mission

import (
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/french"
)

// rowsPlanted are the rows of the variant that hold an anomaly, as a spreadsheet shows them.
func (v Variant) rowsPlanted() []int {
	var rows []int
	for _, a := range v.Anomalies {
		rows = append(rows, v.Table.Number(a.Row))
		if a.Pair >= 0 { // either of the two is right
			rows = append(rows, v.Table.Number(a.Pair))
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// judgeFlagged says how much of what was planted is named, and in which columns the rest is.
func judgeFlagged(c *answered, check Check) (Result, error) {
	found := 0
	var left []string
	for _, a := range c.Anomalies {
		hit := slices.Contains(c.answer.Rows, c.Table.Number(a.Row))
		if a.Pair >= 0 {
			hit = hit || slices.Contains(c.answer.Rows, c.Table.Number(a.Pair))
		}
		if hit {
			found++
		} else if a.Column != "" && !slices.Contains(left, a.Column) {
			left = append(left, a.Column)
		}
	}
	slices.Sort(left)
	return Result{Passed: float64(found) >= check.Least*float64(len(c.Anomalies)), Args: []any{found, len(c.Anomalies), strings.Join(left, ", ")}}, nil
}

// judgeWrong says how many of the rows named hold an anomaly.
func judgeWrong(c *answered, check Check) (Result, error) {
	planted := c.rowsPlanted()
	right := 0
	for _, n := range c.answer.Rows {
		if slices.Contains(planted, n) {
			right++
		}
	}
	return Result{Passed: float64(right) >= check.Least*float64(len(c.answer.Rows)), Args: []any{len(c.answer.Rows) - right, len(c.answer.Rows)}}, nil
}

// judgeFormat says which values of a column are not written as the others must be.
func judgeFormat(c *answered, check Check) (r Result, _ error) {
	t := *c.answer.Table
	at := t.Column(check.Column)
	layouts := map[string]int{}
	for i, row := range t.Rows {
		if at < 0 {
			break
		}
		cell := row[at]
		if strings.TrimSpace(cell) == "" {
			continue
		}
		ok := cell == strings.TrimSpace(cell)
		switch check.Is {
		case "date":
			_, layout, isDate := french.Date(cell)
			ok = ok && isDate
			layouts[layout]++
		case "integer", "number":
			n, isNumber := french.Number(cell)
			ok = ok && isNumber && (check.Is == "number" || n == float64(int64(n)))
		case "point":
			_, isNumber := french.Number(cell)
			ok = ok && isNumber && !strings.Contains(cell, ",")
		case "code":
			ok = ok && (len(cell) == check.Length || strings.Trim(cell, "0123456789") != "") // letters make a code of another family
		}
		if !ok {
			r.Findings = append(r.Findings, c.lead(i, check.Column, "mission.lead_format"))
		}
	}
	if len(layouts) > 1 { // several writings: the rarer are pointed at
		r.Findings = append(r.Findings, c.otherWritings(check.Column, at, layouts)...)
	}
	r.Passed, r.Args = at >= 0 && len(t.Rows) > 0 && len(r.Findings) == 0, []any{check.Column, len(r.Findings)}
	return r, nil
}

func (c *answered) otherWritings(column string, at int, layouts map[string]int) (out []finding.Finding) {
	most := ""
	for layout, n := range layouts {
		if n > layouts[most] || n == layouts[most] && layout < most {
			most = layout
		}
	}
	for i, row := range c.answer.Table.Rows {
		if _, layout, ok := french.Date(row[at]); ok && layout != most {
			out = append(out, c.lead(i, column, "mission.lead_date"))
		}
	}
	return out
}

// Rows reads numbers of rows as people write them: "3, 7 et 12-14". Fault: Invalid "mission.rows_unreadable".
func Rows(s string) ([]int, error) {
	var rows []int
	for _, part := range strings.FieldsFunc(strings.NewReplacer("et", " ", "and", " ", "–", "-").Replace(s), func(r rune) bool {
		return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' || r == '\u00a0'
	}) {
		from, to, span := strings.Cut(part, "-")
		a, err := strconv.Atoi(from)
		b := a
		if err == nil && span {
			b, err = strconv.Atoi(to)
		}
		if err != nil || a < 1 || b < a || b-a > MostRows || len(rows)+b-a >= MostRows {
			return nil, fault.Field("answer", "mission.rows_unreadable", part)
		}
		for i := a; i <= b; i++ {
			rows = append(rows, i)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows), nil
}

// judgeChoices says which cases are wrong: Row of a finding is the case's place in the mission, from 1.
func judgeChoices(c *answered, check Check) (r Result, _ error) {
	for i, at := range c.Variant.Cases {
		if c.answer.Choices[i] != c.Right(c.Variant, at) {
			r.Findings = append(r.Findings, finding.Finding{Row: at + 1, Column: -1, Value: c.answer.Choices[i], Reason: "mission.lead_case", Severity: finding.Error})
		}
	}
	right := len(c.Variant.Cases) - len(r.Findings)
	r.Passed, r.Args = float64(right) >= check.Least*float64(len(c.Variant.Cases)), []any{right, len(c.Variant.Cases)}
	return r, nil
}
