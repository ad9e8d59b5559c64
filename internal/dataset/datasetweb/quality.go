package datasetweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A qualityView is what was found in a table, and what can be done about it.
type qualityView struct {
	Name     string // of the file, above a verdict that is the title of its page; "" where the page has a title
	Verdict  string
	Level    string      // of ui's kinds
	Told     []ui.Notice // of the reading, what nobody must miss
	Figures  ui.Figures
	Action   string // address of the POST that mends; "" for who may not
	MendAll  string // label of the button that mends everything, "" when there is nothing to
	Undo     string // address of the POST that goes back, "" when there is nowhere to
	Sections []reasonSection
	Applied  []appliedFix
	Reports  reportLinks
	Reading  readingView
	Rules    *ui.LinkButton // to those of the organisation; nil for who has none
	Ruled    string         // how many of them were asked
}

// A reasonSection is what was found of one severity.
type reasonSection struct {
	Kind, Title, Text string
	Closed            bool
	Reasons           []reasonView
	More              ui.Table // what is beyond the first ones
}

// A reasonView is all findings of one reason.
type reasonView struct {
	ID, Reason, Title string
	Badge             ui.Badge
	Sum               string // how many, in which columns
	Mend              string
	Why               []string // how it is recognised, and the name of the rule
	Href              string
	Fix               *fixView   // for all its columns at once
	Whole             []string   // what is said of columns as a whole, or of the table: the first ones
	WholeMore         []string   // the others
	Parts             []partView // columns with cells to show
	count             int
}

// A fixView offers a repair.
type fixView struct {
	Label, Why string
	Action     string
	Reason     string
	Field      string
	One        bool // only that field
	Safe       bool
	Context    string
}

// A partView is the findings of a reason in one column.
type partView struct {
	Column, Sum, Href string
	Mend              string // where columns need different words
	Examples          []exampleView
	Files             bool // rows are told with their file
	Fix               *fixView
}

// An exampleView is one finding.
type exampleView struct {
	Row, Href, Value, After, What string
	Fixed                         bool
}

// An appliedFix is a repair that the table went through.
type appliedFix struct {
	Label, Column string
	At            string
}

var qualityTemplate = ui.Page[qualityPage](pages, "pages/quality.tmpl", "pages/frame.tmpl", "pages/quality-body.tmpl", "pages/reason.tmpl", "pages/part.tmpl", "pages/reading.tmpl")

// qualityPage is the tab of a dataset.
type qualityPage struct {
	Frame   frame
	Quality qualityView
}

// quality shows what was found in a dataset.
func (d Desk) quality(w http.ResponseWriter, r *http.Request, s subject) error {
	return d.showQuality(w, r, s, http.StatusOK, nil)
}

func (d Desk) showQuality(w http.ResponseWriter, r *http.Request, s subject, status int, errs ui.FormErrors) error {
	head := headOf(r, s, "datasetweb.tab_quality")
	head.Errors = errs
	page := qualityPage{Frame: d.frameOf(r, s, "datasetweb.tab_quality", true)}
	if page.Frame.Progress != nil {
		head.Refresh, s.mayChange = refresh, false // one change at a time
	}
	page.Quality = d.newQuality(r, s, errs)
	return qualityTemplate.Render(w, r, status, head, page)
}

func (d Desk) newQuality(r *http.Request, s subject, errs ui.FormErrors) qualityView {
	p, report := web.VisitOf(r).P, s.outcome.Report
	q := qualityView{Verdict: p.T(report.Verdict.Key, report.Verdict.Words()...), Level: levelKind(report.Verdict.Level),
		Reports: reportsOf(s), Reading: newReading(p, s, errs),
		Figures: ui.Figures{{Label: p.T("datasetweb.rows"), Value: p.Number(report.Rows)}, {Label: p.T("datasetweb.columns"), Value: p.Number(len(report.Columns))},
			{Label: p.T("datasetweb.problems"), Value: p.Number(report.Problems())}, {Label: p.T("datasetweb.fixable"), Value: p.Number(report.Fixable)}}}
	q.Rules, q.Ruled = rulesOf(web.VisitOf(r), s)
	if s.mayChange {
		q.Action = s.base + "/mend"
		if report.Fixable > 0 {
			q.MendAll = p.T("datasetweb.mend_all", report.Fixable)
		}
	}
	if s.check != nil {
		q.Name = s.title
		if len(s.check.Previous) > 0 {
			q.Undo = s.base + "/undo"
		}
	}
	for _, n := range report.Reading.Notes {
		switch words := p.T(n.Key, noteWords(n.Args)...); {
		case n.Loses():
			q.Told = append(q.Told, ui.Notice{Kind: ui.Warning, Text: words})
		case n.Chooses() && s.check != nil:
			q.Told = append(q.Told, ui.Notice{Kind: ui.Info, Text: words, Action: &ui.LinkButton{Label: p.T("datasetweb.other_part"), Href: "#reading-title"}})
		}
	}
	for i, f := range s.source.Plan {
		q.Applied = append(q.Applied, appliedFix{Label: p.T("dataset.fix_" + f.Kind), Column: f.Column, At: strconv.Itoa(i)})
	}
	for _, severity := range []finding.Severity{finding.Error, finding.Warning, finding.Info} {
		if sec, ok := newSection(p, s, severity); ok {
			q.Sections = append(q.Sections, sec)
		}
	}
	return q
}

func levelKind(l dataset.Level) string {
	switch l {
	case dataset.LevelOK:
		return ui.Success
	case dataset.LevelWarn:
		return ui.Warning
	}
	return ui.Error
}

func severityKind(s finding.Severity) string {
	switch s {
	case finding.Error:
		return ui.Error
	case finding.Warning:
		return ui.Warning
	}
	return ui.Info
}

// reasonsShown is how many reasons of one severity are shown in full; the others stand in a table.
const reasonsShown = 30

// newSection gathers the groups of one severity by reason. ok is false when there are none.
func newSection(p *i18n.Printer, s subject, severity finding.Severity) (_ reasonSection, ok bool) {
	type id struct{ reason, title string }
	var reasons []reasonView
	at := map[id]int{}
	groups := map[id][]dataset.Group{}
	for _, g := range s.outcome.Report.Groups {
		if g.Severity != severity {
			continue
		}
		key := id{g.Reason, p.T(g.Reason+"_title", words(g.Args)...)}
		if _, known := at[key]; !known {
			at[key] = len(reasons)
			reasons = append(reasons, reasonView{Reason: g.Reason, Title: key.title})
		}
		groups[key] = append(groups[key], g)
		reasons[at[key]].count += g.Count
	}
	for key, i := range at {
		reasons[i] = newReason(p, s, reasons[i], groups[key])
		reasons[i].ID = string(severity) + "-" + strconv.Itoa(i+1)
	}
	slices.SortStableFunc(reasons, func(a, b reasonView) int { return b.count - a.count })
	sec := reasonSection{Kind: severityKind(severity), Title: p.T("datasetweb.severity_"+string(severity), len(reasons)),
		Text: p.T("datasetweb.severity_" + string(severity) + "_text"), Closed: severity == finding.Info}
	sec.Reasons = reasons[:min(len(reasons), reasonsShown)]
	if more := reasons[len(sec.Reasons):]; len(more) > 0 {
		sec.More = ui.Table{ID: "more-" + string(severity), Caption: p.T("datasetweb.more_reasons"), FirstIsHeader: true,
			Columns: []ui.Column{{Label: p.T("datasetweb.reason")}, {Label: p.T("datasetweb.how_many")}}}
		for _, m := range more {
			sec.More.Rows = append(sec.More.Rows, ui.Row{Cells: []ui.Cell{{Text: m.Title, Href: m.Href}, {Text: m.Sum}}})
		}
	}
	return sec, len(reasons) > 0
}

// wholeShown is how many sentences about columns as a whole are shown; the others are one click away.
const wholeShown = 5

// newReason fills a reason with its groups, one for each column.
func newReason(p *i18n.Printer, s subject, v reasonView, groups []dataset.Group) reasonView {
	v.Badge = ui.Badge{Kind: severityKind(groups[0].Severity), Label: p.T("dataset.print_" + string(groups[0].Severity)), Icon: severityIcon(groups[0].Severity)}
	v.Href, _ = ui.Query(s.quality+"/findings", "reason", v.Reason, "rule", ruleOf(groups[0])) // pairs: cannot fail
	v.Mend = p.T(v.Reason+"_mend", words(groups[0].Args)...)
	v.Why = why(p, groups[0])
	var names []string
	fixes := 0
	for _, g := range groups {
		if g.Field != "" {
			names = append(names, g.Field)
		}
		if g.Fix.Kind != "" {
			fixes++
		}
	}
	for _, g := range groups {
		if ofCells(g) {
			part := newPart(p, s, g, len(groups) > 1)
			if part.Mend == v.Mend {
				part.Mend = ""
			}
			if fixes > 1 && s.mayChange && g.Fix.Kind != "" {
				part.Fix = newFix(p, s, g, true)
			}
			v.Parts = append(v.Parts, part)
		} else if len(g.Examples) > 0 {
			v.Whole = append(v.Whole, p.T(g.Reason, words(g.Examples[0].Args)...))
		}
	}
	if len(v.Whole) > wholeShown+1 {
		v.Whole, v.WholeMore = v.Whole[:wholeShown], v.Whole[wholeShown:]
	}
	v.Sum = sum(p, v.count, names, len(v.Parts) > 0)
	if len(v.Parts) == 0 {
		v.Href = ""
	}
	if fixes > 0 && s.mayChange {
		g := groups[slices.IndexFunc(groups, func(g dataset.Group) bool { return g.Fix.Kind != "" })]
		v.Fix = newFix(p, s, g, false)
		v.Fix.Context = v.Title
	}
	return v
}

// why says how a reason is recognised, and names the rule where that is not ours.
func why(p *i18n.Printer, g dataset.Group) (out []string) {
	if key := dataset.Explanation(g.Reason); key != "" {
		out = append(out, p.T(key))
	}
	if g.Rule != "" && !strings.HasPrefix(g.Rule, "Culture D: ") {
		out = append(out, p.T("datasetweb.rule", g.Rule))
	}
	return out
}

// ofCells says whether the findings of a group are about cells or rows, not about a column or the table as a whole.
func ofCells(g dataset.Group) bool {
	return slices.ContainsFunc(g.Examples, func(e dataset.Example) bool { return e.Row > 0 })
}

// namesShown is how many columns a sum names.
const namesShown = 6

// sum says how often a reason was met, and in which columns.
func sum(p *i18n.Printer, count int, names []string, cells bool) string {
	more := len(names) - namesShown
	list := strings.Join(names[:min(len(names), namesShown)], ", ")
	switch {
	case len(names) == 0:
		return p.T("datasetweb.times", count)
	case more > 0 && cells:
		return p.T("datasetweb.times_in_many", count, list, more)
	case more > 0:
		return p.T("datasetweb.columns_named_many", len(names), list, more)
	case cells:
		return p.T("datasetweb.times_in", count, list)
	}
	return p.T("datasetweb.columns_named", len(names), list)
}

func severityIcon(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "circle-x"
	case finding.Warning:
		return "triangle-alert"
	}
	return "info"
}

func newFix(p *i18n.Printer, s subject, g dataset.Group, one bool) *fixView {
	return &fixView{Action: s.base + "/mend", Label: p.T("dataset.fix_" + g.Fix.Kind), Why: p.T("dataset.fix_" + g.Fix.Kind + "_why"), Reason: g.Reason, Field: g.Field, One: one,
		Safe: g.Safe, Context: g.Field}
}

// examplesShown is how many findings of a column are shown before the full list.
const examplesShown = 3

func newPart(p *i18n.Printer, s subject, g dataset.Group, several bool) partView {
	part := partView{Column: g.Field, Files: len(s.outcome.Report.Reading.Pieces) > 0, Mend: p.T(g.Reason+"_mend", words(g.Args)...)}
	if several {
		part.Sum = p.T("datasetweb.times", g.Count)
	}
	part.Href, _ = ui.Query(s.quality+"/findings", "reason", g.Reason, "field", g.Field, "rule", ruleOf(g)) // pairs: cannot fail
	kind, _ := dataset.FindFix(g.Fix.Kind)
	for _, e := range g.Examples[:min(len(g.Examples), examplesShown)] {
		if e.Row == 0 {
			continue
		}
		part.Examples = append(part.Examples, exampleView{Row: s.rowWords(p, e.Row), Href: cellPath(s, e.Row, e.Column), Value: shorten(e.Value, 80),
			After: shorten(e.After, 80), Fixed: e.Fixed && !kind.Rows, What: p.T(g.Reason, s.places(p).Words(g.Reason, e.Args)...)})
	}
	return part
}

// cellPath is where a cell is shown among its neighbours.
func cellPath(s subject, row, column int) string {
	col := ""
	if column >= 0 {
		col = strconv.Itoa(column)
	}
	path, _ := ui.Query(s.base+"/rows", "around", strconv.Itoa(row), "column", col) // pairs: cannot fail
	return path + "#cell"
}

// words gives the arguments of a finding as a printer takes them.
func words(args []string) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
	}
	return out
}

// shorten cuts a text at a number of characters.
func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
