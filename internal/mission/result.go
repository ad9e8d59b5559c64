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
	Refused  string            `json:"refused,omitempty"`  // why a question or a step gave nothing: a sentence of the catalogue
	Reasons  []any             `json:"reasons,omitempty"`  // what that sentence is filled with
	Sample   *Sample           `json:"sample,omitempty"`   // what a question gave

	where string // ends the key of what failed: "_own" when it did on the person's own table
}

// UnmarshalJSON reads a result kept as JSON, whose whole numbers stay whole: sentences count by them.
func (r *Result) UnmarshalJSON(raw []byte) error {
	type plain Result
	if err := json.Unmarshal(raw, (*plain)(r)); err != nil {
		return err
	}
	whole(r.Args)
	whole(r.Reasons)
	return nil
}

func whole(args []any) {
	for i, a := range args {
		if f, ok := a.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			args[i] = int64(f)
		}
	}
}

// Ask is the sentence that says beforehand what the check looks at, and its arguments.
func (c Check) Ask() (key string, args []any) {
	key = "mission.ask_" + c.Kind
	switch c.Kind {
	case "format":
		return key + "_" + c.Is, []any{c.Column, c.Length}
	case "mended", "flagged", "wrong", "choices", "reasons":
		return key, []any{int(math.Round(c.Least * 100))}
	case "k":
		return key, []any{c.Points, strings.Join(c.Columns, ", ")}
	case "kept":
		return key, []any{int(math.Round(c.Least * 100)), strings.Join(c.Columns, ", ")}
	case "identifiers":
		return key, []any{strings.Join(c.Columns, ", ")}
	case "filled":
		return key, []any{max(1, c.Length)}
	case "described":
		if c.Length > 0 {
			key += "_words"
		}
		return key, []any{c.Length}
	case "score", "record":
		return key, []any{c.Points}
	case "query", "chart_kind", "chart_shows", "chart_zero", "chart_order", "form_asks", "form_kinds", "form_required", "form_labels", "form_hints":
		return key, nil
	case "form_few":
		return key, []any{int(math.Round(c.Least * 100))}
	case "form_purpose":
		return key, []any{c.Points}
	case "form_told":
		return key, []any{max(1, c.Length)}
	case "chart_most", "form_parts":
		return key, []any{c.Points}
	case "chart_title", "chart_unit", "chart_source", "chart_alt":
		return key, []any{max(1, c.Length)}
	case "chart_contrast":
		return key, []any{contrastLeast}
	case "replay", "replay_columns", "replay_rows":
		return key, []any{Unseen}
	case "replay_total":
		return key, []any{c.Column, Unseen}
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
