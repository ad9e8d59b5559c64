package mission

import (
	"fmt"
	"math"
	"strings"

	"cultured/internal/french"
)

func judgeNumber(c *answered, check Check) (Result, error) {
	want, err := c.Question.answer(c.Truth)
	if err != nil {
		return Result{}, err
	}
	got, ok := french.Number(c.answer.Number)
	return Result{Passed: ok && math.Abs(got-want) <= max(1e-9, (1-check.Least)*math.Abs(want)), Args: []any{c.answer.Number}}, nil
}

// answer reckons the number asked for.
func (q *Question) answer(t Table) (float64, error) {
	if q == nil {
		return 0, fmt.Errorf("a check of a number without a question")
	}
	where, at := t.Column(q.Where), t.Column(q.Column)
	if q.Where != "" && where < 0 || q.Column != "" && at < 0 || q.Column == "" && q.Of != "count" {
		return 0, fmt.Errorf("the question names a column that is not there")
	}
	rows, numbers, total := 0, 0, 0.0
	values := map[string]bool{}
	for _, r := range t.Rows {
		if where >= 0 && !same(r[where], q.Is) {
			continue
		}
		rows++
		if at >= 0 {
			if n, ok := french.Number(r[at]); ok { // what is missing counts for nothing, not for zero
				numbers++
				total += n
			}
			values[strings.TrimSpace(r[at])] = true
		}
	}
	switch q.Of {
	case "count":
		return float64(rows), nil
	case "sum":
		return total, nil
	case "mean":
		return total / float64(max(1, numbers)), nil
	case "distinct":
		return float64(len(values)), nil
	}
	return 0, fmt.Errorf("a question of %q", q.Of)
}
