package recipe

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// A Way is how people give one thing a step asks for.
type Way string

// The ways.
const (
	TakeColumns  Way = "columns"  // some columns of the table
	TakeColumn   Way = "column"   // one of them
	TakeText     Way = "text"     // a line; spaces count
	TakeLines    Way = "lines"    // texts, one a line
	TakeQuery    Way = "query"    // a question in SQL, of several lines
	TakeChoice   Way = "choice"   // one word of Choices
	TakeYes      Way = "yes"      // yes or no
	TakeCount    Way = "count"    // a whole number
	TakeTable    Way = "table"    // another table, as the kitchen names it
	TakeMeasures Way = "measures" // figures: Name + ".fn", ".column" and ".into", side by side
	TakeSchema   Way = "schema"   // a schema, as the pack names it
	TakeFields   Way = "fields"   // what holds each field of a schema: Name + ".field", ".column", ".constant", ".convert" and ".values", side by side; none: they are learned
	TakeValues   Way = "values"   // values met and written: Name + ".from" and ".to", side by side
)

// An Input is one thing a step asks for. Its label is "recipe.input_" + Name, or "recipe.input_" + kind + "_" + Name where Own; a
// choice is called "recipe.choice_" + its word.
type Input struct {
	Name     string // of its JSON
	Way      Way
	Choices  []string // of TakeChoice, the usual one first
	Own      bool     // its label is that of this kind alone
	Optional bool     // the step goes without
	List     bool     // the JSON holds a list of one: a step made by hand changes one column at a time
}

// A Purpose is a group of kinds that serve the same end. Its title is "recipe.purpose_" + Name.
type Purpose struct {
	Name  string
	Kinds []string
}

// Purposes groups all kinds of step by what people want. The title of a kind is "recipe.kind_" + kind, what it is good for that +
// "_why".
func Purposes() []Purpose {
	return []Purpose{
		{"values", []string{"trim", "case", "replace", "date", "number", "cluster", "fill"}},
		{"columns", []string{"rename", "split", "merge", "derive", "keep", "drop", "order"}},
		{"rows", []string{"filter", "totals", "deduplicate", "sort"}},
		{"shape", []string{"header", "explode", "unpivot", "pivot", "aggregate", "join", "commune", "address", "map", "sql"}},
		{"protect", []string{"generalise", "mask", "pseudonym", "shuffle"}},
	}
}

// Fns lists what a measure may be, the usual one first. Their titles are "recipe.fn_" + name.
func Fns() []string { return []string{"sum", "count", "mean", "min", "max", "first"} }

// Tests lists what a filter may ask of a value. Their titles are "recipe.choice_" + name.
func Tests() []string {
	return []string{"equal", "contains", "starts", "empty", "filled", "less", "more", "matches"}
}

var columns = Input{Name: "columns", Way: TakeColumns}

var inputs = map[string][]Input{
	"trim":    {columns},
	"case":    {columns, {Name: "to", Way: TakeChoice, Choices: []string{"title", "upper", "lower", "sentence"}}},
	"replace": {columns, {Name: "find", Way: TakeText}, {Name: "with", Way: TakeText, Optional: true}, {Name: "whole", Way: TakeYes}, {Name: "regexp", Way: TakeYes}},
	"date":    {columns},
	"number":  {columns},
	"fill":    {columns},
	"cluster": {{Name: "column", Way: TakeColumn}, {Name: "values", Way: TakeValues}},
	"rename":  {{Name: "columns", Way: TakeColumn, List: true, Own: true}, {Name: "to", Way: TakeText, List: true, Own: true}},
	"split":   {{Name: "column", Way: TakeColumn}, {Name: "by", Way: TakeText, Own: true}, {Name: "into", Way: TakeLines, Own: true}, {Name: "keep", Way: TakeYes, Own: true}},
	"merge":   {columns, {Name: "by", Way: TakeText, Own: true, Optional: true}, {Name: "into", Way: TakeText}, {Name: "keep", Way: TakeYes, Own: true}},
	"derive":  {{Name: "into", Way: TakeText}, {Name: "formula", Way: TakeText}},
	"keep":    {columns},
	"drop":    {columns},
	"order":   {{Name: "columns", Way: TakeColumn, List: true, Own: true}},
	"filter":  {{Name: "column", Way: TakeColumn}, {Name: "is", Way: TakeChoice, Choices: Tests()}, {Name: "value", Way: TakeText, Optional: true}, {Name: "drop", Way: TakeYes, Own: true}},
	"totals":  {},
	"deduplicate": {{Name: "columns", Way: TakeColumns, Own: true, Optional: true}, {Name: "keep", Way: TakeChoice, Own: true, Choices: []string{"first", "last", "fullest"}},
		{Name: "loose", Way: TakeYes}},
	"header":     {{Name: "rows", Way: TakeCount}},
	"generalise": {columns, {Name: "to", Way: TakeChoice, Own: true, Choices: Roughly()}},
	"mask":       {columns, {Name: "keep", Way: TakeCount, Own: true}},
	"pseudonym":  {columns},
	"shuffle":    {columns},
	"unpivot":    {columns, {Name: "name", Way: TakeText, Own: true}, {Name: "value", Way: TakeText, Own: true}, {Name: "empty", Way: TakeYes}},
	"pivot":      {{Name: "name", Way: TakeColumn, Own: true}, {Name: "value", Way: TakeColumn, Own: true}},
	"aggregate":  {{Name: "by", Way: TakeColumns, Own: true}, {Name: "measures", Way: TakeMeasures}},
	"join": {{Name: "with", Way: TakeTable, Own: true}, {Name: "on", Way: TakeColumn}, {Name: "their", Way: TakeText, Optional: true}, {Name: "take", Way: TakeLines},
		{Name: "loose", Way: TakeYes}, {Name: "only", Way: TakeYes}},
	"commune": {{Name: "column", Way: TakeColumn, Own: true}, {Name: "within", Way: TakeColumn, Optional: true}},
	"address": {{Name: "columns", Way: TakeColumns, Own: true}},
	"map":     {{Name: "schema", Way: TakeSchema}, {Name: "fields", Way: TakeFields, Optional: true}, {Name: "drop", Way: TakeYes, Own: true}},
	"sort":    {{Name: "columns", Way: TakeColumns, Own: true}, {Name: "down", Way: TakeYes}},
	"explode": {{Name: "column", Way: TakeColumn}, {Name: "by", Way: TakeText, Own: true}},
	"sql":     {{Name: "query", Way: TakeQuery}},
}

// Inputs lists what a kind of step asks for; what the rows of a table say ("names" of header, "into" of pivot) is not asked, see
// [Learn]. An unknown kind asks for nothing.
func Inputs(kind string) []Input { return slices.Clone(inputs[kind]) }

// Read makes a step of what people gave, by name of input. Names of columns and texts stay as they are; empty lines are left out.
// Faults: those of [NewStep]; of the fields, all of them together: Invalid "recipe.need_column", "recipe.need_text",
// "recipe.need_count", "recipe.need_measure", "recipe.need_values".
func Read(kind string, given map[string][]string) (Step, error) {
	step, err := NewStep(kind)
	if err != nil {
		return nil, err
	}
	var wrong fault.List
	made := map[string]any{}
	for _, in := range inputs[kind] {
		in.read(given, made, &wrong)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(made)
	if err != nil {
		return nil, err
	}
	return step, json.Unmarshal(raw, step)
}

func (in Input) read(given map[string][]string, made map[string]any, wrong *fault.List) {
	one := ""
	if all := given[in.Name]; len(all) > 0 {
		one = all[0]
	}
	missing := func(key string) {
		if !in.Optional {
			wrong.Add(in.Name, key)
		}
	}
	switch in.Way {
	case TakeColumns, TakeLines:
		list := in.list(given[in.Name])
		if made[in.Name] = list; len(list) == 0 {
			missing(map[Way]string{TakeColumns: "recipe.need_column", TakeLines: "recipe.need_text"}[in.Way])
		}
	case TakeColumn, TakeTable, TakeText, TakeQuery, TakeSchema:
		if in.Way == TakeQuery {
			one = strings.TrimSpace(strings.ReplaceAll(one, "\r\n", "\n"))
		}
		if made[in.Name] = any(one); in.List {
			made[in.Name] = []string{one}
		}
		if one == "" && (in.Way == TakeText || in.Way == TakeQuery) {
			missing("recipe.need_text")
		} else if one == "" {
			missing("recipe.need_column")
		}
	case TakeChoice:
		if one == "" {
			one = in.Choices[0]
		}
		made[in.Name] = one
	case TakeYes:
		made[in.Name] = one != ""
	case TakeCount:
		n, err := strconv.Atoi(strings.TrimSpace(one))
		if made[in.Name] = n; err != nil {
			wrong.Add(in.Name, "recipe.need_count")
		}
	case TakeMeasures:
		in.measures(given, made, wrong)
	case TakeValues:
		in.values(given, made, wrong)
	case TakeFields:
		made[in.Name] = in.fields(given)
	}
}

// list are the texts given; those of a text of several lines are its lines.
func (in Input) list(given []string) []string {
	out := []string{}
	for _, text := range given {
		lines := []string{text}
		if in.Way == TakeLines {
			lines = strings.Split(text, "\n")
		}
		for _, l := range lines {
			if in.Way == TakeLines {
				l = strings.TrimSpace(l)
			}
			if l != "" {
				out = append(out, l)
			}
		}
	}
	return out
}

// at is the i-th of a list, "" beyond its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// measures reads figures side by side; one without a name, nor a column, is none.
func (in Input) measures(given map[string][]string, made map[string]any, wrong *fault.List) {
	list := []Measure{}
	for i, fn := range given[in.Name+".fn"] {
		m := Measure{Fn: fn, Column: at(given[in.Name+".column"], i), Into: strings.TrimSpace(at(given[in.Name+".into"], i))}
		switch {
		case m.Into == "" && m.Column == "":
			continue
		case m.Fn == "count":
			m.Column = ""
		case m.Column == "":
			wrong.Add(in.Name, "recipe.need_measure", m.Into)
		}
		if m.Into == "" {
			m.Into = m.Fn + "_" + m.Column
		}
		list = append(list, m)
	}
	if made[in.Name] = list; len(list) == 0 && len(*wrong) == 0 {
		wrong.Add(in.Name, "recipe.need_measure", "")
	}
}

// values reads what is written for what; one that stays is left out.
func (in Input) values(given map[string][]string, made map[string]any, wrong *fault.List) {
	list := map[string]string{}
	for i, from := range given[in.Name+".from"] {
		if to := at(given[in.Name+".to"], i); to != from {
			list[from] = to
		}
	}
	if made[in.Name] = list; len(list) == 0 {
		wrong.Add(in.Name, "recipe.need_values")
	}
}

// Given is what people would give to make a step: Read of it is the step again, but for what the rows of a table say.
func Given(step Step) map[string][]string {
	var fields map[string]json.RawMessage
	raw, err := json.Marshal(step)
	if err != nil || json.Unmarshal(raw, &fields) != nil {
		return nil // a step is plain data
	}
	out := map[string][]string{}
	for _, in := range inputs[step.Kind()] {
		in.give(fields[in.Name], out)
	}
	return out
}

func (in Input) give(raw json.RawMessage, out map[string][]string) {
	var text string
	var list []string
	switch in.Way {
	case TakeMeasures:
		var ms []Measure
		_ = json.Unmarshal(raw, &ms) // absent is none
		for _, m := range ms {
			out[in.Name+".fn"] = append(out[in.Name+".fn"], m.Fn)
			out[in.Name+".column"] = append(out[in.Name+".column"], m.Column)
			out[in.Name+".into"] = append(out[in.Name+".into"], m.Into)
		}
	case TakeValues:
		var values map[string]string
		_ = json.Unmarshal(raw, &values) // absent is none
		for from := range values {
			out[in.Name+".from"] = append(out[in.Name+".from"], from)
		}
		slices.Sort(out[in.Name+".from"])
		for _, from := range out[in.Name+".from"] {
			out[in.Name+".to"] = append(out[in.Name+".to"], values[from])
		}
	case TakeFields:
		in.giveFields(raw, out)
	case TakeCount:
		out[in.Name] = []string{string(raw)}
	case TakeYes:
		if string(raw) == "true" {
			out[in.Name] = []string{"on"}
		}
	default:
		if json.Unmarshal(raw, &list) == nil {
			out[in.Name] = list
		} else if json.Unmarshal(raw, &text) == nil {
			out[in.Name] = []string{text}
		}
		if in.Way == TakeLines && len(list) > 0 {
			out[in.Name] = []string{strings.Join(list, "\n")}
		}
	}
}

// Alone says whether a form of the step's inputs holds all of it: a rename of several columns at once, read from a file, is not made
// by a form and is only moved or taken out.
func Alone(step Step) bool {
	for _, in := range inputs[step.Kind()] {
		if in.List && len(Given(step)[in.Name]) > 1 {
			return false
		}
	}
	return true
}
