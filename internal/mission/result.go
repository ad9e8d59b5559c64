package mission

import (
	"encoding/json"
	"math"
	"strings"

	"cultured/internal/finding"
)

// A Result is what one check says of an answer. Key is a sentence of the catalogue.
type Result struct {
	Kind     string            `json:"kind"`
	Field    string            `json:"field,omitempty"` // of the form, that the check is of
	Passed   bool              `json:"passed"`
	Key      string            `json:"key"`
	Args     []any             `json:"args,omitempty"`
	Findings []finding.Finding `json:"findings,omitempty"` // the first [MostLeads]: where to look in what was handed in
	More     int               `json:"more,omitempty"`     // findings besides
	Hint     Words             `json:"hint,omitzero"`      // when it failed
	Refused  string            `json:"refused,omitempty"`  // why a question gave nothing: a sentence of the catalogue
	Sample   *Sample           `json:"sample,omitempty"`   // what a question gave
}

// UnmarshalJSON reads a result kept as JSON, whose whole numbers stay whole: sentences count by them.
func (r *Result) UnmarshalJSON(raw []byte) error {
	type plain Result
	if err := json.Unmarshal(raw, (*plain)(r)); err != nil {
		return err
	}
	for i, a := range r.Args {
		if f, ok := a.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			r.Args[i] = int64(f)
		}
	}
	return nil
}

// Ask is the sentence that says beforehand what the check looks at, and its arguments.
func (c Check) Ask() (key string, args []any) {
	key = "mission.ask_" + c.Kind
	switch c.Kind {
	case "format":
		return key + "_" + c.Is, []any{c.Column, c.Length}
	case "mended", "flagged", "wrong", "choices":
		return key, []any{int(math.Round(c.Least * 100))}
	case "k":
		return key, []any{c.Points, strings.Join(c.Columns, ", ")}
	case "kept":
		return key, []any{int(math.Round(c.Least * 100)), strings.Join(c.Columns, ", ")}
	case "identifiers":
		return key, []any{strings.Join(c.Columns, ", ")}
	case "filled":
		return key, []any{max(1, c.Length)}
	case "score":
		return key, []any{c.Points}
	case "query":
		return key, nil
	case "schema":
		return key, []any{c.Schema}
	}
	return key, []any{c.Column}
}

// A Verdict is what all checks say. It passes when each does.
type Verdict struct {
	Passed  bool     `json:"passed"`
	Results []Result `json:"results"`
}
