package missionweb

import (
	"bytes"
	"net/http"
	"strconv"

	"cultured/internal/mission"
	"cultured/internal/web"
)

// readChoices reads what was chosen for each case, and what was written beside it.
func readChoices(r *http.Request, m mission.Mission, a *mission.Answer) {
	asked, _ := strconv.Atoi(r.PostFormValue("cases")) // judging says that nothing was chosen
	for i := range min(mostCases, max(0, asked)) {
		a.Choices = append(a.Choices, r.PostFormValue(caseName(i)))
		if m.Because != nil {
			a.Reasons = append(a.Reasons, cut(r.PostFormValue(reasonName(i))))
		}
	}
}

// keepDecisions has the sheet of what was decided, and why, examined like any file, so that it may be kept as a dataset. It returns the name of the examination.
func (d Desk) keepDecisions(r *http.Request, m mission.Mission, a mission.Answer) (string, error) {
	v := web.VisitOf(r)
	work, err := d.Open(r.Context(), v.Actor, m.ID)
	if err != nil {
		return "", err
	}
	p, lang := v.P, string(v.Lang)
	sheet := mission.Table{Columns: []string{p.T("missionweb.sheet_number"), p.T("missionweb.sheet_case"), p.T("missionweb.sheet_choice"), p.T("missionweb.sheet_reason")}}
	for i, one := range m.Decisions(work.Variant, a, lang, p.Number) {
		sheet.Rows = append(sheet.Rows, []string{strconv.Itoa(i + 1), one.Case, one.Choice, one.Reason})
	}
	return d.Submit(r.Context(), v.Actor, m.ID, m.Title.In(lang)+".csv", bytes.NewReader(sheet.CSV()))
}
