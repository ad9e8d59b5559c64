package missionweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// mostBytes is the largest file taken as an answer: what missions give out is far smaller.
const mostBytes = 20_000_000

// mostRecipe is the largest file of steps taken.
const mostRecipe = 200_000

// mostCases is the most situations one mission asks to decide.
const mostCases = 40

// previewRows is how many rows of the data the bench shows.
const previewRows = 8

type benchPage struct {
	Head     ui.PageHead
	Verdict  *ui.Notice
	Results  []result
	Keep     *ui.LinkButton
	Evidence string
	Proof    *ui.LinkButton
	Lead     string
	Download ui.LinkButton
	Preview  ui.Table
	Expected string
	Action   string
	Renew    string
	Number   string
	File     *ui.FileDrop
	Text     *ui.Field
	Choices  []decision
	Subject  string
	Named    string // how the data are called in a question
	Fields   []formField
	How      []string
	Facts    ui.Facts
	Proves   []ui.LinkButton // an address or none, and what is proved
	Tries    []ui.Fact
	Practice *practicePart
	Chart    *chartForm
	Drawing  *drawing
	Here     *herePart
	Crumbs   []ui.Crumb     // below the list of missions
	Sitting  *ui.Notice     // of who tries a draft: nothing is kept
	Other    *ui.LinkButton // other data of a draft
}

// A decision is one case to decide, and what is written beside it: one of its last two parts, or none.
type decision struct {
	ui.Group
	Why    *ui.Textarea
	Figure *ui.Field
}

// A result is one check's answer, as shown.
type result struct {
	Passed        bool
	Text          string
	Hint          string
	Where         *ui.Table
	Points        []string  // what a record lacks
	Cases         []ui.Fact // situations decided wrongly, with what to think of
	More          string
	Refused, Said string // why a question gave nothing, and what the engine said of it
}

var benchTemplate = ui.Page[benchPage](pages, "pages/bench.tmpl", "pages/chart-form.tmpl", "pages/drawing.tmpl")

// bench shows a mission and where the person stands with it.
func (d Desk) bench(w http.ResponseWriter, r *http.Request) error {
	return d.showBench(w, r, nil)
}

func (d Desk) showBench(w http.ResponseWriter, r *http.Request, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	work, err := d.Open(r.Context(), v.Actor, mission.ID(r.PathValue("mission")))
	if err != nil {
		return err
	}
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return err
	}
	fitting, err := d.Fitting(r.Context(), v.Actor, work.ID)
	if err != nil {
		return err
	}
	handable, err := d.Handable(r.Context(), v.Actor, work)
	if err != nil {
		return err
	}
	saved, err := d.Saved(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	forms, err := d.Buildable(r.Context(), v.Actor, work.Mission)
	if err != nil {
		return err
	}
	page := newBench(v.P, ui.Link("/missions", string(work.ID)), work, known)
	page.Here = newHere(v.P, work, handable, saved, forms)
	page.Practice = newPractice(v.P, work.Mission, fitting)
	return page.show(w, r, work, errs)
}

// show asks for the answer, says what the last try was worth unless the form is refused, and writes the page.
func (page *benchPage) show(w http.ResponseWriter, r *http.Request, work mission.Desk, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	page.ask(p, work, r, errs)
	page.askFields(p, work, r, errs)
	page.askQueries(p, work, r, errs)
	page.askChart(p, work, r, errs)
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	} else if len(work.Tries) > 0 {
		page.say(p, work, work.Tries[0])
	}
	return benchTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Errors: errs, NoIndex: true, Section: "/missions",
		Crumbs: append([]ui.Crumb{{Label: p.T("missionweb.missions"), Href: "/missions"}}, page.Crumbs...)}, *page)
}

// newBench makes the page of a mission whose addresses begin with base.
func newBench(p *i18n.Printer, base string, work mission.Desk, known map[string]Competence) benchPage {
	lang := string(p.Lang())
	page := benchPage{Head: ui.PageHead{Eyebrow: p.T("missionweb.mission"), Title: work.Title.In(lang), Lead: work.Story.In(lang)},
		Expected: work.Expected.In(lang), Action: base + "/answer", Renew: base + "/renew", Number: work.Number}
	if len(work.Table.Rows) > 0 {
		page.Lead = p.T("missionweb.data_lead", len(work.Table.Rows))
		page.Download = ui.LinkButton{Label: p.T("missionweb.download"), Href: base + "/data/" + fileName(work), Icon: "download", Download: true, Look: ui.Primary}
	}
	page.Preview = ui.Table{ID: "preview", Caption: p.T("missionweb.preview"), CaptionHidden: true, Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("missionweb.row")}}}
	for _, c := range work.Table.Columns {
		page.Preview.Columns = append(page.Preview.Columns, ui.Column{Label: c})
	}
	for i, row := range work.Table.Rows[:min(previewRows, len(work.Table.Rows))] {
		cells := []ui.Cell{{Text: strconv.Itoa(work.Table.Number(i))}}
		for _, c := range row {
			cells = append(cells, ui.Cell{Text: c, Missing: c == ""})
		}
		page.Preview.Rows = append(page.Preview.Rows, ui.Row{Cells: cells})
	}
	for _, c := range work.Checks {
		key, args := c.Ask()
		how := p.T(key, args...)
		if (work.Answer == mission.AnswerFields || work.Answer == mission.AnswerQuery) && c.Column != "" {
			how = p.T("missionweb.of_field", labelOf(p, work, c.Column), how)
		}
		if !slices.Contains(page.How, how) { // several checks may look at one text
			page.How = append(page.How, how)
		}
	}
	page.Facts.Items = []ui.Fact{{Label: p.T("missionweb.duration"), Value: p.T("missionweb.minutes", work.Minutes), Icon: "clock"}}
	for _, c := range work.Competences {
		page.Proves = append(page.Proves, ui.LinkButton{Label: p.T("missionweb.level", known[c.Code].named(c.Code), c.Level), Href: known[c.Code].Href})
	}
	page.Facts.Items = append(page.Facts.Items, ui.Fact{Label: p.T("missionweb.source"), Value: work.Source.Title.In(lang), Hint: work.Source.Producer, Href: work.Source.URL, Icon: "landmark"},
		ui.Fact{Label: p.T("missionweb.licence"), Value: work.Source.Licence, Icon: "scale"})
	for _, t := range work.Tries {
		said := "missionweb.try_failed"
		if t.Verdict.Passed {
			said = "missionweb.try_passed"
		}
		page.Tries = append(page.Tries, ui.Fact{Label: p.DateTime(t.At), Value: p.T(said)})
	}
	return page
}

// ask makes the field the answer is given in.
func (page *benchPage) ask(p *i18n.Printer, work mission.Desk, r *http.Request, errs ui.FormErrors) {
	if work.Answer == mission.AnswerFields || work.Answer == mission.AnswerQuery || work.Answer == mission.AnswerChart {
		return
	}
	if work.Answer == mission.AnswerForm {
		page.Subject = work.Case(work.Mission).Text.In(string(p.Lang()))
		if page.Here.Held != nil {
			page.Here.Held.Error = errs.For("dataset")
		}
		return
	}
	if work.Answer == mission.AnswerChoices {
		page.askChoices(p, work, r, errs)
		return
	}
	if work.Answer == mission.AnswerTable {
		page.File = &ui.FileDrop{Name: "answer", Label: p.T("missionweb.answer_file"), Hint: p.T("missionweb.answer_file_hint"), Limit: mostBytes, Submit: p.T("missionweb.send"), Error: errs.For("answer")}
		return
	}
	if work.Answer == mission.AnswerRecipe {
		page.File = &ui.FileDrop{Name: "answer", Label: p.T("missionweb.answer_recipe"), Hint: p.T("missionweb.answer_recipe_hint"), Limit: mostRecipe, Accept: ".json", Submit: p.T("missionweb.send"), Error: errs.For("answer")}
		return
	}
	page.Text = &ui.Field{Name: "answer", Label: p.T("missionweb.answer_" + string(work.Answer)), Hint: p.T("missionweb.answer_" + string(work.Answer) + "_hint"),
		Value: r.PostFormValue("answer"), Error: errs.For("answer"), Autocomplete: "off", Required: true}
}

// askChoices makes one question of each case. A case without a choice is pointed at, once something was sent.
func (page *benchPage) askChoices(p *i18n.Printer, work mission.Desk, r *http.Request, errs ui.FormErrors) {
	lang := string(p.Lang())
	for i, at := range work.Variant.Cases {
		g := ui.Group{Name: caseName(i), Label: work.Text(work.Variant, at, lang, p.Number), Inline: true, Required: true}
		for _, o := range work.Options {
			g.Options = append(g.Options, ui.Option{Value: o.Value, Label: o.Label.In(lang), Selected: chosen(r, work, i) == o.Value})
		}
		if len(errs) > 0 && r.PostFormValue(g.Name) == "" {
			g.Error = p.T("mission.answer_missing_choices")
		}
		page.Choices = append(page.Choices, newDecision(p, work, r, i, g))
	}
}

// newDecision puts beside a case what is to be written of it.
func newDecision(p *i18n.Printer, work mission.Desk, r *http.Request, i int, g ui.Group) decision {
	d, b := decision{Group: g}, work.Because
	if b == nil {
		return d
	}
	name, lang := reasonName(i), string(p.Lang())
	value := r.PostFormValue(name)
	if given, ok := lastGiven(work); r.Method == http.MethodGet && ok && i < len(given.Reasons) {
		value = given.Reasons[i]
	}
	label := p.T("missionweb.because", i+1, b.Label.In(lang))
	if b.Figure {
		d.Figure = &ui.Field{Name: name, Label: label, Hint: b.Hint.In(lang), Value: value, Autocomplete: "off", MaxLength: 40, Size: "short", Mode: "decimal"}
	} else {
		d.Why = &ui.Textarea{Name: name, Label: label, Hint: b.Hint.In(lang), Value: value, Rows: 2, MaxLength: mission.MostWritten}
	}
	return d
}

// reasonName is the field of what is written beside the case at a place of the variant.
func reasonName(i int) string { return "reason-" + strconv.Itoa(i+1) }

// chosen is what was answered to a case: in the form just sent, else in the last try with the same data.
func chosen(r *http.Request, work mission.Desk, i int) string {
	if given, ok := lastGiven(work); r.Method == http.MethodGet && ok && i < len(given.Choices) {
		return given.Choices[i]
	}
	return r.PostFormValue(caseName(i))
}

// caseName is the field of the case at a place of the variant.
func caseName(i int) string { return "case-" + strconv.Itoa(i+1) }

// firstMissing is the field of the first case without a choice.
func firstMissing(choices []string) string { return caseName(max(0, slices.Index(choices, ""))) }

// say shows what the last try was worth.
func (page *benchPage) say(p *i18n.Printer, work mission.Desk, t mission.Try) {
	lang := string(p.Lang())
	page.Verdict = &ui.Notice{Kind: ui.Warning, Title: p.T("missionweb.failed_title")}
	if t.Verdict.Passed {
		page.Verdict = &ui.Notice{Kind: ui.Success, Title: p.T("missionweb.passed_title"), Text: work.Gain.In(lang)}
		if t.ID != "" { // of a draft nothing is kept
			page.Proof = &ui.LinkButton{Label: p.T("missionweb.to_evidence"), Href: ui.Link("/learning/evidence", string(t.ID)), Icon: "clipboard-check"}
			page.Evidence = p.T("missionweb.evidence_text", p.DateTime(t.At), t.Version, t.Hash[:16])
		}
		if t.Check != "" {
			label := p.T("missionweb.keep")
			if work.Because != nil {
				label = p.T("missionweb.keep_sheet")
			}
			page.Keep = &ui.LinkButton{Label: label, Href: ui.Link("/check", t.Check), Icon: "database", Look: ui.Primary}
		}
	} else {
		page.Verdict.Text = work.Expected.In(lang)
	}
	if of := heldAs(p, t.Given); of != "" && t.Verdict.Passed {
		page.Verdict.Text = p.T("missionweb.gain_with", work.Gain.In(lang), of)
	} else if of != "" {
		page.Verdict.Text = of
	}
	for _, res := range t.Verdict.Results {
		one := result{Passed: res.Passed, Text: p.T(res.Key, res.Args...), Hint: res.Hint.In(lang)}
		if res.Field != "" {
			one.Text = p.T("missionweb.of_field", labelOf(p, work, res.Field), one.Text)
		}
		one.sample(p, res)
		if res.Kind == "score" {
			one.Points = points(p, res.Findings)
		} else if work.Answer == mission.AnswerForm {
			one.Cases = asked(p, work, res.Findings)
		} else if res.Kind == "choices" || res.Kind == "reasons" {
			one.Cases = leads(p, work, res.Findings)
		} else if len(res.Findings) > 0 {
			table := where(p, one.Text, res.Findings)
			one.Where = &table
		}
		if one.Where != nil {
			one.Where.ID = "where-" + strconv.Itoa(len(page.Results))
		}
		if res.More > 0 {
			one.More = p.T("missionweb.more", res.More)
		}
		page.Results = append(page.Results, one)
	}
}

// heldAs names what was handed in from this product; "" for anything else.
func heldAs(p *i18n.Printer, given mission.Answer) string {
	switch {
	case strings.HasPrefix(given.Held, mission.FormHeld):
		return p.T("missionweb.form_of", given.Title)
	case strings.HasPrefix(given.Held, mission.SavedSteps):
		return p.T("missionweb.recipe_of", given.Title, given.Edition)
	case given.Dataset != "" || given.Held != "":
		return p.T("missionweb.practice_of", given.Title, given.Edition)
	}
	return ""
}

// leads are the situations to decide again, with what to think of.
func leads(p *i18n.Printer, work mission.Desk, found []finding.Finding) (out []ui.Fact) {
	for _, f := range found {
		if at := f.Row - 1; at >= 0 && at < len(work.Mission.Cases) { // another edition may have fewer
			lead := work.Mission.Cases[at].Lead.In(string(p.Lang()))
			if f.Reason != "mission.lead_case" {
				lead = p.T(f.Reason, lead)
			}
			out = append(out, ui.Fact{Label: work.Text(work.Variant, at, string(p.Lang()), p.Number), Value: lead})
		}
	}
	return out
}

// where lists the places a check points at; said is what it says, just above.
func where(p *i18n.Printer, said string, found []finding.Finding) ui.Table {
	t := ui.Table{Caption: said, CaptionHidden: true, Compact: true, Stacks: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("missionweb.row")}, {Label: p.T("missionweb.column")}, {Label: p.T("missionweb.value")}, {Label: p.T("missionweb.why")}}}
	for _, f := range found {
		args := make([]any, len(f.Args))
		for i, a := range f.Args {
			args[i] = a
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{rowCell(f.Row), {Text: f.Field, Fixed: true}, {Text: f.Value, Missing: f.Value == ""}, {Text: p.T(f.Reason, args...)}}})
	}
	return t
}

// rowCell shows the number of a row; none for a row of a table the person does not have.
func rowCell(n int) ui.Cell {
	if n == 0 {
		return ui.Cell{Missing: true}
	}
	return ui.Cell{Text: strconv.Itoa(n)}
}

func fileName(work mission.Desk) string { return string(work.ID) + "-" + work.Number + ".csv" }

// data gives the person's variant as a file.
func (d Desk) data(w http.ResponseWriter, r *http.Request) error {
	work, err := d.Open(r.Context(), web.Actor(r), mission.ID(r.PathValue("mission")))
	if err != nil {
		return err
	}
	return give(w, r, work)
}

// give writes the data of a variant, if the address names it.
func give(w http.ResponseWriter, r *http.Request, work mission.Desk) error {
	if r.PathValue("file") != fileName(work) {
		return fault.New(fault.NotFound, "web.not_found")
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Attachment(w, "text/csv; charset=utf-8", fileName(work))
	_, err := w.Write(work.File())
	return err
}
