package recipe

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"

	"cultured/internal/fault"
)

// A Told is what an operation of another tool became, where it is not the same: not taken, or taken in this room's own way.
type Told struct {
	Place int    // of the operation, from 1
	Op    string // as the tool calls it
	Key   string // of the catalogue, why: filled with Place and Op
}

// A history is what OpenRefine extracts: https://openrefine.org/docs/manual/running#reusing-operations. The names of its fields are
// those of the operations' JSON as OpenRefine 3 writes it.
type history []operation

type operation struct {
	Op            string   `json:"op"`
	Engine        engine   `json:"engineConfig"`
	Column        string   `json:"columnName"`
	Expression    string   `json:"expression"`
	OnError       string   `json:"onError"`
	Edits         []edit   `json:"edits"`
	Old           string   `json:"oldColumnName"`
	New           string   `json:"newColumnName"`
	Base          string   `json:"baseColumnName"`
	Names         []string `json:"columnNames"`
	Index         int      `json:"index"`
	Separator     string   `json:"separator"`
	Regex         bool     `json:"regex"`
	Most          int      `json:"maxColumns"`
	Remove        bool     `json:"removeOriginalColumn"`
	Start         string   `json:"startColumnName"`
	Count         int      `json:"columnCount"`
	Key           string   `json:"keyColumnName"`
	Value         string   `json:"valueColumnName"`
	IgnoreBlank   bool     `json:"ignoreBlankCells"`
	Mode          string   `json:"mode"`
	TransposeFill bool     `json:"fillDown"`
	Note          string   `json:"noteColumnName"`
	Sorting       struct {
		Criteria []criterion `json:"criteria"`
	} `json:"sorting"`
}

type criterion struct {
	Column  string `json:"column"`
	Reverse bool   `json:"reverse"`
}

type engine struct {
	Facets []facet `json:"facets"`
}

type facet struct {
	Type       string     `json:"type"`
	Column     string     `json:"columnName"`
	Expression string     `json:"expression"`
	Invert     bool       `json:"invert"`
	Blank      bool       `json:"selectBlank"`
	Selection  []selected `json:"selection"`
	Mode       string     `json:"mode"`          // of a text facet: "text" or "regex"
	Query      string     `json:"query"`         // of a text facet
	Sensitive  bool       `json:"caseSensitive"` // of a text facet
}

type selected struct {
	V struct {
		V any `json:"v"`
	} `json:"v"`
}

type edit struct {
	From  []string `json:"from"`
	Blank bool     `json:"fromBlank"`
	Error bool     `json:"fromError"`
	To    any      `json:"to"`
}

// FromOpenRefine turns a history of OpenRefine into steps for a table with a header, and tells what could not be taken or is done in
// another way. Faults: Invalid "recipe.not_a_history"; TooLarge "recipe.too_many_steps".
func FromOpenRefine(raw []byte, header []string) (Recipe, []Told, error) {
	var ops history
	if len(raw) > mostBytes {
		return nil, nil, fault.New(fault.TooLarge, "recipe.too_many_steps", mostSteps)
	}
	if err := json.Unmarshal(raw, &ops); err != nil {
		return nil, nil, fault.New(fault.Invalid, "recipe.not_a_history").Because(err)
	}
	if !slices.ContainsFunc(ops, func(o operation) bool { return o.Op != "" }) {
		return nil, nil, fault.New(fault.Invalid, "recipe.not_a_history")
	}
	var out Recipe
	var told []Told
	for i, op := range ops {
		steps, why := op.steps(header)
		if i > 0 && op.ofRepeated(ops[i-1]) {
			steps, why = Recipe{&Deduplicate{Columns: []string{ops[i-1].Column}, Keep: "first"}}, toldOther
			told = told[:len(told)-1] // of the operation before: both are this step
		}
		if why != "" {
			told = append(told, Told{i + 1, op.Op, why})
		}
		if after, err := Fits(header, steps, Kitchen{}); err == nil {
			header = after // the operations after speak of these columns
		}
		if out = append(out, steps...); len(out) > mostSteps {
			return nil, nil, fault.New(fault.TooLarge, "recipe.too_many_steps", mostSteps)
		}
	}
	return out, told, nil
}

// Why an operation is not taken, or not as it was.
const (
	toldUnknown    = "recipe.told_unknown"
	toldFaceted    = "recipe.told_faceted"
	toldExpression = "recipe.told_expression"
	toldOther      = "recipe.told_otherwise"
	toldColumns    = "recipe.told_columns"
	toldBlankDown  = "recipe.told_blank_down"
)

// steps are those of one operation; why is "" when they do all of it.
func (o operation) steps(header []string) (Recipe, string) {
	if o.Op == "core/row-removal" {
		return o.removal()
	}
	if len(o.Engine.Facets) > 0 {
		return nil, toldFaceted
	}
	switch o.Op {
	case "core/mass-edit":
		return o.massEdit()
	case "core/text-transform":
		steps, why := grel(o.Column, o.Expression)
		if why == "" && o.OnError != "" && o.OnError != "keep-original" {
			why = toldOther
		}
		return steps, why
	case "core/column-rename":
		return Recipe{&Rename{Columns: []string{o.Old}, To: []string{o.New}}}, ""
	case "core/column-removal":
		return Recipe{&Drop{Columns: []string{o.Column}}}, ""
	case "core/column-reorder":
		return Recipe{&Keep{Columns: o.Names}, &Order{Columns: o.Names}}, ""
	case "core/column-move":
		return o.move(header)
	case "core/column-split":
		return o.split(header)
	case "core/column-addition":
		return o.addition(header)
	case "core/fill-down":
		return Recipe{&Fill{Columns: []string{o.Column}}}, ""
	case "core/blank-down":
		return nil, toldBlankDown
	case "core/key-value-columnize":
		return o.columnize()
	case "core/transpose-columns-into-rows":
		return o.transpose(header)
	case "core/column-multi-removal":
		return Recipe{&Drop{Columns: o.Names}}, ""
	case "core/multivalued-cell-split":
		return o.explode()
	case "core/row-reorder":
		return o.sort()
	}
	return nil, toldUnknown
}

func (o operation) massEdit() (Recipe, string) {
	if o.Expression != "value" && o.Expression != "grel:value" {
		return nil, toldExpression
	}
	step, why := &Cluster{Column: o.Column, Values: map[string]string{}}, ""
	for _, e := range o.Edits {
		to, text := e.To.(string)
		if e.Blank || e.Error || !text {
			why = toldOther
			continue
		}
		for _, from := range e.From {
			step.Values[from] = to
		}
	}
	if len(step.Values) == 0 {
		return nil, toldExpression
	}
	return Recipe{step}, why
}

// explode makes rows of the values of a cell. OpenRefine leaves the other cells of the rows it adds empty.
func (o operation) explode() (Recipe, string) {
	if o.Mode != "separator" && o.Mode != "" || o.Regex || o.Separator == "" {
		return nil, toldColumns
	}
	return Recipe{&Explode{Column: o.Column, By: o.Separator}}, toldOther
}

// sort orders rows; both tools have their own way with texts, so that it may differ a little.
func (o operation) sort() (Recipe, string) {
	step := &Sort{}
	for _, c := range o.Sorting.Criteria {
		if c.Reverse != o.Sorting.Criteria[0].Reverse {
			return nil, toldColumns
		}
		step.Columns, step.Down = append(step.Columns, c.Column), c.Reverse
	}
	if len(step.Columns) == 0 { // sorting was only seen, not kept
		return nil, toldColumns
	}
	return Recipe{step}, toldOther
}

// move puts a column at a place: the columns that stand before it are named too.
func (o operation) move(header []string) (Recipe, string) {
	at := slices.Index(header, o.Column)
	if at < 0 || o.Index < 0 || o.Index >= len(header) {
		return nil, toldColumns
	}
	first := slices.Delete(slices.Clone(header), at, at+1)[:o.Index]
	return Recipe{&Order{Columns: append(slices.Clone(first), o.Column)}}, ""
}

// split needs to know how many columns it makes: OpenRefine counts them in the rows unless a most is set.
func (o operation) split(header []string) (Recipe, string) {
	if o.Mode != "separator" && o.Mode != "" || o.Regex || o.Most < 2 || o.Separator == "" {
		return nil, toldColumns
	}
	var into []string
	for i, n := 0, 1; i < o.Most; n++ { // a name that stands already is passed over
		if name := o.Column + " " + strconv.Itoa(n); !slices.Contains(header, name) {
			into, i = append(into, name), i+1
		}
	}
	return Recipe{&Split{Column: o.Column, By: o.Separator, Into: into, Keep: !o.Remove}}, ""
}

func (o operation) addition(header []string) (Recipe, string) {
	formula, rest, ok := joined(o.Base, o.Expression)
	if !ok {
		return nil, toldExpression
	}
	steps := Recipe{&Derive{Into: o.New, Formula: formula}}
	more, why := calls(o.New, rest)
	if why == toldExpression {
		return nil, why
	}
	if at := slices.Index(header, o.Base); at >= 0 && at+1 < len(header) { // OpenRefine puts it beside its base
		steps = append(steps, &Order{Columns: append(slices.Clone(header[:at+1]), o.New)})
	}
	return append(steps, more...), why
}

// transpose takes a run of columns by name; those of a table are known here.
func (o operation) transpose(header []string) (Recipe, string) {
	at := slices.Index(header, o.Start)
	if at < 0 || o.Key == "" || o.Value == "" {
		return nil, toldColumns
	}
	end := len(header)
	if o.Count > 0 {
		end = min(end, at+o.Count)
	}
	step := &Unpivot{Columns: slices.Clone(header[at:end]), Name: o.Key, Value: o.Value, Empty: !o.IgnoreBlank}
	if !o.TransposeFill { // OpenRefine leaves the other columns empty below the first row of each
		return Recipe{step}, toldOther
	}
	return Recipe{step}, ""
}

// columnize makes columns of the names in a column; rows say which when the step is tried. OpenRefine keeps rows apart that follow each other where
// this room makes one of those that are alike in all other columns.
func (o operation) columnize() (Recipe, string) {
	if o.Key == "" || o.Value == "" || o.Note != "" {
		return nil, toldColumns
	}
	return Recipe{&Pivot{Name: o.Key, Value: o.Value}}, toldOther
}

// ofRepeated says whether the operation takes away the rows that the one before emptied: together they leave out what is repeated. Rows that do not follow
// each other are left out too.
func (o operation) ofRepeated(before operation) bool {
	if before.Op != "core/blank-down" || len(before.Engine.Facets) > 0 || o.Op != "core/row-removal" {
		return false
	}
	steps, why := o.removal()
	if why != "" || len(steps) != 1 {
		return false
	}
	f, is := steps[0].(*Filter)
	return is && f.Is == "empty" && f.Drop && f.Column == before.Column
}

// removal takes away the rows that one facet chose: blank ones, those of listed values, those whose text holds something.
func (o operation) removal() (Recipe, string) {
	if len(o.Engine.Facets) != 1 {
		return nil, toldFaceted
	}
	f := o.Engine.Facets[0]
	if f.Type == "text" {
		return f.found()
	}
	if f.Type != "list" || f.Invert {
		return nil, toldFaceted
	}
	var out Recipe
	switch f.Expression {
	case "isBlank(value)", "grel:isBlank(value)":
		if len(f.Selection) != 1 || f.Blank {
			return nil, toldFaceted
		}
		blank, is := f.Selection[0].V.V.(bool)
		switch {
		case !is:
			return nil, toldFaceted
		case blank:
			return Recipe{&Filter{Column: f.Column, Is: "empty", Drop: true}}, ""
		}
		return Recipe{&Filter{Column: f.Column, Is: "filled", Drop: true}}, ""
	case "value", "grel:value":
		for _, s := range f.Selection {
			v, text := s.V.V.(string)
			if !text {
				return nil, toldFaceted
			}
			out = append(out, &Filter{Column: f.Column, Is: "equal", Value: v, Drop: true})
		}
		if f.Blank {
			out = append(out, &Filter{Column: f.Column, Is: "empty", Drop: true})
		}
	}
	if len(out) == 0 {
		return nil, toldFaceted
	}
	return out, ""
}

// found takes away the rows whose text holds a word or a pattern, or all others.
func (f facet) found() (Recipe, string) {
	pattern := f.Query
	if f.Mode != "regex" {
		pattern = regexp.QuoteMeta(f.Query)
	}
	if !f.Sensitive {
		pattern = "(?i)" + pattern
	}
	if _, err := expression(pattern, false); err != nil || f.Query == "" { // Java knows more than RE2
		return nil, toldFaceted
	}
	return Recipe{&Filter{Column: f.Column, Is: "matches", Value: pattern, Drop: !f.Invert}}, ""
}
