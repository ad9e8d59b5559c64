package missionweb

import (
	"net/http"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// queryPrefix begins the names of the fields questions are written in.
const queryPrefix = "query-"

// askQueries makes one field of each question, with what was last written in it, and says how the data are called.
func (page *benchPage) askQueries(p *i18n.Printer, work mission.Desk, r *http.Request, errs ui.FormErrors) {
	if work.Mission.Answer != mission.AnswerQuery {
		return
	}
	types, _ := work.Table.Typed()
	var columns []string
	for i, c := range work.Table.Columns {
		columns = append(columns, p.T("missionweb.query_column", c, p.T("missionweb.type_"+types[i])))
	}
	page.Named = p.T("missionweb.query_named", mission.SheetName, strings.Join(columns, ", "))
	given, _ := lastGiven(work)
	for i, q := range work.Mission.Queries {
		f := ui.Textarea{Name: queryPrefix + q.Name, Label: q.Ask.In(string(p.Lang())), MaxLength: mission.QueryMost, Rows: 4, Fixed: true, Autocomplete: "off"}
		if i < len(given.Queries) {
			f.Value = given.Queries[i]
		}
		if r.Method == http.MethodPost {
			f.Value = r.PostFormValue(f.Name)
		}
		if i == 0 {
			f.Error = errs.For(f.Name)
		}
		page.Fields = append(page.Fields, formField{Text: &f})
	}
}

// queriesOf are the questions that were written, in the mission's order.
func queriesOf(r *http.Request, m mission.Mission) (out []string) {
	for _, q := range m.Queries {
		text := r.PostFormValue(queryPrefix + q.Name)
		if chars := []rune(text); len(chars) > mission.QueryMost {
			text = string(chars[:mission.QueryMost])
		}
		out = append(out, text)
	}
	return out
}

// sample is what a question gave: its first rows, or what the engine said.
func (one *result) sample(p *i18n.Printer, res mission.Result) {
	if res.Refused != "" {
		one.Refused = p.T(res.Refused, res.Reasons...)
	}
	if res.Sample == nil {
		return
	}
	one.Said = res.Sample.Said
	if len(res.Sample.Rows) == 0 {
		return
	}
	t := ui.Table{Caption: p.T("missionweb.query_gives", res.Sample.All), Compact: true}
	for _, c := range res.Sample.Columns {
		t.Columns = append(t.Columns, ui.Column{Label: c})
	}
	for _, row := range res.Sample.Rows {
		var cells []ui.Cell
		for _, c := range row {
			cells = append(cells, ui.Cell{Text: c, Missing: c == ""})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	one.Where = &t
}
