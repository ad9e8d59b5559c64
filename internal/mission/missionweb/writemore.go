package missionweb

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// How many steps of the good answer, and questions in SQL, the form has.
const (
	workLines  = 4
	queryLines = 3
)

// A workLine is one step that makes the good answer of the data.
type workLine struct {
	Kind, Column        ui.Choice
	Columns, As, Number ui.Field
}

// A queryLine is one question in SQL.
type queryLine struct {
	Ask, AskEN, SQL ui.Textarea
	Hint, HintEN    ui.Field
}

// queryName is what the question of a line is called in the mission.
func queryName(i int) string { return fmt.Sprintf("q%d", i+1) }

// listed are the names of columns written one after the other.
func listed(s string) (out []string) {
	for _, name := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if name = strings.TrimSpace(name); name != "" && len(out) < mission.MostColumns {
			out = append(out, name)
		}
	}
	return out
}

// readSettings reads what only some checks have: a schema, several columns, a number.
func readSettings(r *http.Request, i int, c *mission.Check) {
	v := func(part string) string { return strings.TrimSpace(r.PostFormValue(lineName("check", i, part))) }
	n, _ := strconv.Atoi(v("number")) // no number is none: the proof says what it lacks
	switch c.Kind {
	case "schema":
		c.Schema = v("schema")
	case "k":
		c.Points, c.Columns = min(max(0, n), mission.SheetRows), listed(v("columns"))
	case "identifiers", "kept":
		c.Columns = listed(v("columns"))
	case "chart_most":
		c.Points = min(max(0, n), mission.SheetRows)
	case "chart_title", "chart_unit", "chart_source", "chart_alt":
		c.Length = min(max(0, n), mission.MostWritten)
	case "form_parts":
		c.Points = min(max(0, n), form.BlocksMost)
	case "form_purpose":
		c.Points = min(max(0, n), form.MonthsMost)
	case "form_told":
		c.Length = min(max(0, n), mission.MostWritten)
	case "record", "score":
		c.Points = min(max(0, n), 9)
	case "filled":
		c.Length = min(max(0, n), mission.MostWritten)
	case "tells":
		c.Columns = listed(v("columns"))
	case "described":
		c.Length = min(max(0, n), mission.MostWritten)
	case "format":
		if c.Is == "code" {
			c.Length = min(max(0, n), mission.MostColumns)
		}
	}
}

// readWork reads the steps that make the good answer; lines left blank count for nothing.
func readWork(r *http.Request, m *mission.Mission) {
	for i := range workLines {
		v := func(part string) string { return strings.TrimSpace(r.PostFormValue(lineName("work", i, part))) }
		n, _ := strconv.Atoi(v("number")) // no number is none
		if kind := v("kind"); kind != "" && m.Answer == mission.AnswerTable {
			m.Work = append(m.Work, mission.Step{Kind: kind, Column: v("column"), Columns: listed(v("columns")), As: v("as"), N: max(0, n)})
		}
	}
}

// readQueries reads the questions in SQL, each with the check of its result.
func readQueries(r *http.Request, m *mission.Mission) {
	for i := range queryLines {
		v := func(part string) string { return strings.TrimSpace(cut(r.PostFormValue(lineName("query", i, part)))) }
		if v("ask_fr") == "" && v("sql") == "" {
			continue
		}
		name := queryName(i)
		m.Queries = append(m.Queries, mission.Query{Name: name, Ask: mission.Words{FR: v("ask_fr"), EN: v("ask_en")}, SQL: v("sql")})
		m.Checks = append(m.Checks, mission.Check{Kind: "query", Column: name, Hint: mission.Words{FR: v("hint_fr"), EN: v("hint_en")}})
	}
}

// settings fills in what only some checks have.
func (page *writePage) settings(p *i18n.Printer, m mission.Mission, schemas []ui.Option) {
	fill := func(list []checkLine, from int) {
		for i := range list {
			at, one := from+i, mission.Check{}
			if at < len(m.Checks) {
				one = m.Checks[at]
			}
			list[i].Schema = ui.Choice{Name: lineName("check", at, "schema"), Label: p.T("missionweb.write_schema", at+1), Options: chosenOf(schemas, one.Schema)}
			list[i].Columns = ui.Field{Name: lineName("check", at, "columns"), Label: p.T("missionweb.write_columns", at+1), Value: strings.Join(one.Columns, ", "), Optional: true, MaxLength: 300, Autocomplete: "off"}
			list[i].Number = ui.Field{Name: lineName("check", at, "number"), Label: p.T("missionweb.write_least_rows", at+1), Value: positive(max(one.Points, one.Length)), Size: "short", Mode: "numeric", Optional: true, Autocomplete: "off"}
		}
	}
	fill(page.Checks, 0)
	fill(page.MoreChecks, len(page.Checks))
}

// positive writes a number, none for 0.
func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// chosenOf is a list to choose from, one of them chosen, after a blank line.
func chosenOf(list []ui.Option, chosen string) []ui.Option {
	out := []ui.Option{{}}
	for _, o := range list {
		o.Selected = o.Value == chosen
		out = append(out, o)
	}
	if chosen != "" && !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == chosen }) {
		out = append(out, ui.Option{Value: chosen, Label: chosen, Selected: true})
	}
	return out
}

// work are the steps that make the good answer of the data.
func (page *writePage) work(p *i18n.Printer, m mission.Mission, columns []string) {
	for i := range workLines {
		var one mission.Step
		if i < len(m.Work) {
			one = m.Work[i]
		}
		text := func(part, label, value string) ui.Field {
			return ui.Field{Name: lineName("work", i, part), Label: p.T("missionweb."+label, i+1), Value: value, Optional: true, MaxLength: 300, Autocomplete: "off"}
		}
		line := workLine{
			Kind:    ui.Choice{Name: lineName("work", i, "kind"), Label: p.T("missionweb.write_work", i+1), Options: options(mission.StepKinds(), said(p, "missionweb.work_"), one.Kind)},
			Column:  ui.Choice{Name: lineName("work", i, "column"), Label: p.T("missionweb.write_work_column", i+1), Options: options(columns, same, one.Column)},
			Columns: text("columns", "write_work_columns", strings.Join(one.Columns, ", ")), As: text("as", "write_work_as", one.As), Number: text("number", "write_work_number", positive(one.N))}
		line.Number.Mode = "numeric"
		page.Work = append(page.Work, line)
	}
}

// queries are the questions in SQL, with what somebody who knows writes.
func (page *writePage) queries(p *i18n.Printer, m mission.Mission) {
	for i := range queryLines {
		var one mission.Query
		var hint mission.Words
		for at, q := range m.Queries {
			if q.Name == queryName(i) {
				one = q
				if at < len(m.Checks) {
					hint = m.Checks[at].Hint
				}
			}
		}
		text := func(part, label, value string) ui.Textarea {
			return ui.Textarea{Name: lineName("query", i, part), Label: p.T("missionweb."+label, i+1), Value: value, Rows: 2, MaxLength: mission.MostWritten, Optional: true}
		}
		line := func(part, label, value string) ui.Field {
			return ui.Field{Name: lineName("query", i, part), Label: p.T("missionweb."+label, i+1), Value: value, Optional: true, MaxLength: 300, Autocomplete: "off"}
		}
		q := queryLine{Ask: text("ask_fr", "write_query_ask", one.Ask.FR), AskEN: text("ask_en", "write_query_ask_en", one.Ask.EN), SQL: text("sql", "write_query_sql", one.SQL),
			Hint: line("hint_fr", "write_query_hint", hint.FR), HintEN: line("hint_en", "write_query_hint_en", hint.EN)}
		q.SQL.Rows, q.SQL.Fixed = 4, true
		page.Queries = append(page.Queries, q)
	}
}

// writable reports whether the form holds all there is of a mission: what it does not hold would be lost.
func writable(m mission.Mission, needs []mission.NamedNeed) bool {
	if m.Answer == mission.AnswerQuery {
		return len(m.Queries) <= queryLines && len(m.Checks) == len(m.Queries) && !slices.ContainsFunc(m.Queries, func(q mission.Query) bool {
			return !slices.Contains([]string{"q1", "q2", "q3"}, q.Name) || len(q.SQL) > mission.MostWritten
		}) && fits(m, needs)
	}
	kinds := mission.WrittenKinds(m.Answer)
	switch m.Answer {
	case mission.AnswerChoices:
		if !casesFit(m) {
			return false
		}
	case mission.AnswerFields:
		if !fieldsFit(m) {
			return false
		}
	}
	return slices.Contains([]mission.AnswerKind{mission.AnswerChoices, mission.AnswerFields, mission.AnswerTable, mission.AnswerRows, mission.AnswerNumber, mission.AnswerRecipe, mission.AnswerChart, mission.AnswerForm}, m.Answer) && len(m.Queries) == 0 && len(m.Forms) <= 1 && fits(m, needs) &&
		!slices.ContainsFunc(m.Checks, func(c mission.Check) bool {
			return !slices.Contains(kinds, c.Kind) || c.Is == "code" && c.Kind != "format"
		})
}

// fits reports whether what every mission has fits the lines of the form.
func fits(m mission.Mission, needs []mission.NamedNeed) bool {
	return len(m.Keep) == 0 && len(m.Competences) <= competenceLines && len(m.Disturb) <= disturbLines && len(m.Checks) <= checkLines && len(m.Work) <= workLines &&
		practiceFits(m, needs) && m.Source.Title.EN == m.Source.Title.FR && !slices.ContainsFunc(m.Disturb, func(d mission.Disturbance) bool { return d.Text != "" })
}
