package recipe

import (
	"bytes"
	"encoding/json"
	"slices"

	"cultured/internal/fault"
)

// mostSteps is how many steps a recipe has at most; mostBytes, how long its JSON may be.
const (
	mostSteps = 100
	mostBytes = 1 << 20
)

// A Step is one change to a whole table. Its JSON is an object whose "do" is its kind, beside its own fields.
type Step interface {
	// Kind is the word of the step in JSON, one of Kinds.
	Kind() string
	// Say is the step in words.
	Say() Sentence
	// fit sees whether the step can be done at a place, and how.
	fit(at *site) (worker, error)
}

// A Sentence is a key of the catalogue and what it is filled with: texts, or whole numbers.
type Sentence struct {
	Key  string
	Args []any
}

// makers make an empty step of each kind.
var makers = map[string]func() Step{
	"trim":        func() Step { return &Trim{} },
	"case":        func() Step { return &Case{} },
	"replace":     func() Step { return &Replace{} },
	"split":       func() Step { return &Split{} },
	"merge":       func() Step { return &Merge{} },
	"date":        func() Step { return &Date{} },
	"number":      func() Step { return &Number{} },
	"fill":        func() Step { return &Fill{} },
	"unpivot":     func() Step { return &Unpivot{} },
	"pivot":       func() Step { return &Pivot{} },
	"header":      func() Step { return &Header{} },
	"totals":      func() Step { return &Totals{} },
	"filter":      func() Step { return &Filter{} },
	"deduplicate": func() Step { return &Deduplicate{} },
	"cluster":     func() Step { return &Cluster{} },
	"join":        func() Step { return &Join{} },
	"derive":      func() Step { return &Derive{} },
	"aggregate":   func() Step { return &Aggregate{} },
	"rename":      func() Step { return &Rename{} },
	"keep":        func() Step { return &Keep{} },
	"drop":        func() Step { return &Drop{} },
	"order":       func() Step { return &Order{} },
	"generalise":  func() Step { return &Generalise{} },
	"mask":        func() Step { return &Mask{} },
	"pseudonym":   func() Step { return &Pseudonym{} },
	"shuffle":     func() Step { return &Shuffle{} },
	"commune":     func() Step { return &Commune{} },
	"address":     func() Step { return &Address{} },
	"map":         func() Step { return &Map{} },
	"sql":         func() Step { return &SQL{} },
	"sort":        func() Step { return &Sort{} },
	"explode":     func() Step { return &Explode{} },
}

// Kinds lists the kinds of step, in the order people look for them. Their titles are "recipe.kind_" + kind.
func Kinds() []string {
	return []string{"trim", "case", "replace", "date", "number", "cluster", "fill", "split", "merge", "derive", "filter", "totals", "deduplicate", "sort",
		"rename", "keep", "drop", "order", "header", "explode", "unpivot", "pivot", "aggregate", "join", "commune", "address", "map", "sql", "generalise", "mask", "pseudonym", "shuffle"}
}

// A Recipe is an ordered list of steps.
type Recipe []Step

// MarshalJSON writes the recipe as a list of objects; the same recipe gives the same bytes.
func (r Recipe) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	for i, s := range r {
		fields, err := json.Marshal(s)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"do":"`+s.Kind()+`"`...)
		if !bytes.Equal(fields, []byte("{}")) {
			out = append(out, ',')
		}
		out = append(out, fields[1:]...)
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads a recipe. An unknown kind or field is refused: a step half understood would clean something else.
// Faults: Invalid "recipe.not_json", "recipe.unknown_kind" with the place of the step; TooLarge "recipe.too_many_steps".
func (r *Recipe) UnmarshalJSON(b []byte) error {
	var raw []map[string]json.RawMessage
	if len(b) > mostBytes {
		return fault.New(fault.TooLarge, "recipe.too_many_steps", mostSteps)
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return fault.New(fault.Invalid, "recipe.not_json").Because(err)
	}
	if len(raw) > mostSteps {
		return fault.New(fault.TooLarge, "recipe.too_many_steps", mostSteps)
	}
	steps := make(Recipe, 0, len(raw))
	for i, fields := range raw {
		var kind string
		_ = json.Unmarshal(fields["do"], &kind) // no word is an unknown word
		step, err := NewStep(kind)
		if err != nil {
			return fault.New(fault.Invalid, "recipe.unknown_kind", i+1, kind)
		}
		delete(fields, "do")
		rest, err := json.Marshal(fields)
		if err != nil {
			return err
		}
		dec := json.NewDecoder(bytes.NewReader(rest))
		dec.DisallowUnknownFields()
		if err := dec.Decode(step); err != nil {
			return fault.New(fault.Invalid, "recipe.not_json").Because(err)
		}
		steps = append(steps, step)
	}
	*r = steps
	return nil
}

// NewStep returns an empty step of a kind. Faults: NotFound "recipe.no_kind".
func NewStep(kind string) (Step, error) {
	make, ok := makers[kind]
	if !ok {
		return nil, fault.New(fault.NotFound, "recipe.no_kind", kind)
	}
	return make(), nil
}

// Without returns the recipe without the step at a place, counted from 0; another place changes nothing.
func (r Recipe) Without(at int) Recipe {
	if at < 0 || at >= len(r) {
		return r
	}
	return slices.Delete(slices.Clone(r), at, at+1)
}

// Moved returns the recipe with the step at a place moved by a number of places; beyond the ends changes nothing.
func (r Recipe) Moved(at, by int) Recipe {
	to := at + by
	if at < 0 || at >= len(r) || to < 0 || to >= len(r) {
		return r
	}
	step := r[at]
	return slices.Insert(r.Without(at), to, step)
}
