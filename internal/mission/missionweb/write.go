package missionweb

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// How many lines of each kind the form has.
const (
	competenceLines = 3
	disturbLines    = 6
	checkLines      = 10
)

type writePage struct {
	Head                    ui.PageHead
	Own                     string // its name; "" for a new one
	Revision                int
	Title, TitleEN          ui.Field
	Story, Expected, Gain   ui.Textarea
	StoryEN, WantEN, GainEN ui.Textarea
	Minutes                 ui.Field
	Competences             [][2]ui.Choice
	Drop                    ui.FileDrop
	File                    string // what the table there is looks like, "" for none
	Source                  []ui.Field
	Key, Rows               ui.Field
	Answer                  ui.Choice
	Question                ui.Choice
	Asked                   []ui.Field    // column, where, is
	Disturb, MoreDisturb    []disturbLine // the others are folded until they are needed
	Checks, MoreChecks      []checkLine
	Work                    []workLine
	Queries                 []queryLine
	Recipe                  recipePart
	Chart                   *chartForm
	Charted                 bool // a good chart is there
	Form                    formPart
	Cases                   casesPart
	Fields                  fieldsPart
	Practice                []practiceLine
	Needs                   []ui.Choice
	Practised               bool
	Doubts                  []string
	Proved, Tried           bool
	Sample                  *ui.Table
	Sit                     *ui.LinkButton // to the draft as colleagues will meet it; nil where it cannot be tried so
}

type disturbLine struct {
	Kind, Column ui.Choice
	Count        ui.Field
}

type checkLine struct {
	Kind, Column, Is ui.Choice
	Least            ui.Field
	Hint, HintEN     ui.Field
	Schema           ui.Choice
	Columns, Number  ui.Field
}

var writeTemplate = ui.Page[writePage](pages, "pages/write.tmpl", "pages/disturb.tmpl", "pages/check.tmpl", "pages/work-line.tmpl", "pages/chart-form.tmpl", "pages/case.tmpl")

// blank opens the form of a new mission.
func (d Desk) blank(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Mine(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	return d.showWrite(w, r, http.StatusOK, mission.Own{Mission: mission.Mission{Minutes: 15, Answer: mission.AnswerTable, Rows: 100}}, nil)
}

// edit opens the form of a mission that is being written, with what its proof says.
func (d Desk) edit(w http.ResponseWriter, r *http.Request) error {
	o, err := d.Draft(r.Context(), web.Actor(r), mission.ID(r.PathValue("own")))
	if err == nil && !writable(o.Mission, d.Needs) {
		err = fault.New(fault.NotFound, "web.not_found") // what the form does not hold would be lost
	}
	if err != nil {
		return err
	}
	return d.showWrite(w, r, http.StatusOK, o, nil)
}

// write keeps what was written, and shows what it proves.
func (d Desk) write(w http.ResponseWriter, r *http.Request) error {
	web.LimitBody(w, r, mission.PackBytes+(1<<20))
	sheet, err := sheetOf(r)
	of := mission.ID(r.PostFormValue("own"))
	m := readMission(r, d.Needs)
	if err == nil {
		m.Recipe, err = d.recipeOf(r, of, m.Answer)
	}
	if err == nil {
		m.Forms, err = d.formsOf(r, of, m.Answer)
	}
	revision, _ := strconv.Atoi(r.PostFormValue("revision")) // an old one is a conflict
	var id mission.ID
	if err == nil {
		id, err = d.Write(r.Context(), web.Actor(r), mission.Writing{Of: of, Opened: revision, Mission: m, Sheet: sheet})
	}
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if ok || fault.Is(err, "mission.moved") {
		return d.showWrite(w, r, web.StatusOf(err), mission.Own{ID: of, Revision: revision, Mission: m}, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, ui.Link(ownHome, "edit", string(id))+"#proof", web.Said{Kind: "success", Key: "missionweb.write_saved"})
}

// sheetOf reads the table of the form; nil when none was handed in.
func sheetOf(r *http.Request) (*mission.Table, error) {
	file, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || err == nil && header.Size == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // read only
	raw, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	t, err := mission.ReadSheet(raw, header.Filename)
	return &t, err
}

func lineName(kind string, i int, part string) string { return fmt.Sprintf("%s-%d-%s", kind, i, part) }

// readMission reads the form. What is not on it, an author cannot write here.
func readMission(r *http.Request, needs []mission.NamedNeed) mission.Mission {
	v := r.PostFormValue
	number := func(name string) int {
		n, _ := strconv.Atoi(strings.TrimSpace(v(name))) // no number is none: the proof says what it lacks
		return n
	}
	words := func(name string) mission.Words {
		return mission.Words{FR: cut(v(name + "_fr")), EN: cut(v(name + "_en"))}
	}
	m := mission.Mission{Title: words("title"), Story: words("story"), Expected: words("expected"), Gain: words("gain"), Minutes: number("minutes"), Key: v("key"), Rows: max(0, number("rows")), Answer: mission.AnswerKind(v("answer")),
		Source: mission.Source{Title: mission.Words{FR: v("source_title"), EN: v("source_title")}, Producer: v("producer"), Licence: v("licence"), URL: v("url")}}
	if m.Answer == mission.AnswerNumber {
		m.Question = &mission.Question{Of: v("question"), Column: strings.TrimSpace(v("question_column")), Where: strings.TrimSpace(v("question_where")), Is: strings.TrimSpace(v("question_is"))}
	}
	for i := range competenceLines {
		level, _ := strconv.Atoi(v(lineName("competence", i, "level")))
		m.Competences = append(m.Competences, mission.Competence{Code: v(lineName("competence", i, "code")), Level: level})
	}
	for i := range disturbLines {
		d := mission.Disturbance{Kind: v(lineName("disturb", i, "kind")), Column: v(lineName("disturb", i, "column")), Count: number(lineName("disturb", i, "count"))}
		m.Disturb = append(m.Disturb, d)
	}
	if m.Answer == mission.AnswerChart {
		m.Chart = chartOf(r)
	}
	m.Practice = readPractice(r, m.Competences, needs)
	readWork(r, &m)
	if m.Answer == mission.AnswerQuery {
		readQueries(r, &m)
		return m
	}
	for i := range checkLines {
		c := mission.Check{Kind: v(lineName("check", i, "kind")), Column: v(lineName("check", i, "column")), Is: v(lineName("check", i, "is")), Hint: words(lineName("check", i, "hint"))}
		if c.Least = float64(number(lineName("check", i, "least"))) / 100; c.Least <= 0 || c.Least > 1 {
			c.Least = 0.9
		}
		readSettings(r, i, &c)
		m.Checks = append(m.Checks, c)
	}
	switch m.Answer {
	case mission.AnswerChoices:
		readCases(r, &m)
	case mission.AnswerFields:
		readFields(r, &m)
	}
	return m
}

func options(values []string, label func(string) string, chosen string) (out []ui.Option) {
	out = []ui.Option{{}}
	if chosen != "" && !slices.Contains(values, chosen) {
		values = append(slices.Clone(values), chosen)
	}
	for _, v := range values {
		out = append(out, ui.Option{Value: v, Label: label(v), Selected: v == chosen})
	}
	return out
}

func same(s string) string { return s }

func said(p *i18n.Printer, prefix string) func(string) string {
	return func(s string) string { return p.T(prefix + strings.ReplaceAll(s, " ", "_")) }
}

// showWrite shows the form filled with a mission, and what its proof says once it is kept.
func (d Desk) showWrite(w http.ResponseWriter, r *http.Request, status int, o mission.Own, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	p, m := v.P, o.Mission
	page := writePage{Head: ui.PageHead{Title: p.T("missionweb.write_new"), Lead: p.T("missionweb.write_lead")}, Revision: o.Revision}
	var columns []string
	if o.ID != "" {
		page.Head.Title, page.Own = m.Title.In(string(v.Lang)), string(o.ID)
		proof, err := d.Prove(r.Context(), v.Actor, o.ID)
		if err != nil {
			return err
		}
		columns = page.prove(p, proof)
		if m.Answer != mission.AnswerForm {
			page.Sit = &ui.LinkButton{Label: p.T("missionweb.sit"), Href: ui.Link(ownHome, "draft", page.Own, "sit"), Icon: "eye"}
		}
	}
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return err
	}
	page.words(p, m, errs)
	page.data(p, m, errs)
	page.competences(p, m, known)
	page.lines(p, m, columns)
	var schemas []ui.Option
	if d.Schemas != nil {
		schemas = d.Schemas()
	}
	page.settings(p, m, schemas)
	page.work(p, m, columns)
	page.queries(p, m)
	page.practice(p, m, d.Needs)
	saved, err := d.Saved(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page.Recipe = newRecipePart(p, m, saved)
	mine, err := d.Buildable(r.Context(), v.Actor, mission.Mission{Answer: mission.AnswerForm})
	if err != nil {
		return err
	}
	page.Form = newFormPart(p, m, mine, errs)
	page.Cases, page.Fields = newCasesPart(p, m), newFieldsPart(p, m)
	ch := mission.Chart{}
	if page.Charted = m.Chart != nil; page.Charted {
		ch = *m.Chart
	}
	page.Chart = newChartForm(p, ch, columns, errs)
	if status == http.StatusConflict {
		page.Doubts = append([]string{p.T("mission.moved")}, page.Doubts...)
	}
	return writeTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, NoIndex: true, Section: "/missions", Errors: errs,
		Crumbs: []ui.Crumb{{Label: p.T("missionweb.missions"), Href: "/missions"}, {Label: p.T("missionweb.own"), Href: ownHome}}}, page)
}

func (page *writePage) words(p *i18n.Printer, m mission.Mission, errs ui.FormErrors) {
	line := func(name, label, value string, optional bool) ui.Field {
		return ui.Field{Name: name, Label: p.T("missionweb.write_" + label), Value: value, Error: errs.For(name), MaxLength: 300, Optional: optional, Autocomplete: "off"}
	}
	text := func(name, label, value string) ui.Textarea {
		return ui.Textarea{Name: name, Label: p.T("missionweb.write_" + label), Value: value, Error: errs.For(name), MaxLength: mission.MostWritten}
	}
	page.Title, page.TitleEN = line("title_fr", "title", m.Title.FR, false), line("title_en", "title_en", m.Title.EN, true)
	page.Story, page.StoryEN = text("story_fr", "story", m.Story.FR), text("story_en", "story_en", m.Story.EN)
	page.Expected, page.WantEN = text("expected_fr", "expected", m.Expected.FR), text("expected_en", "expected_en", m.Expected.EN)
	page.Gain, page.GainEN = text("gain_fr", "gain", m.Gain.FR), text("gain_en", "gain_en", m.Gain.EN)
	page.Minutes = line("minutes", "minutes", strconv.Itoa(m.Minutes), false)
	page.Minutes.Size, page.Minutes.Mode = "short", "numeric"
	page.Source = []ui.Field{line("source_title", "source_title", m.Source.Title.FR, false), line("producer", "producer", m.Source.Producer, false),
		line("licence", "licence", m.Source.Licence, false), line("url", "url", m.Source.URL, true)}
	page.Key = line("key", "key", m.Key, false)
	page.Rows = line("rows", "rows", strconv.Itoa(m.Rows), false)
	page.Rows.Size, page.Rows.Mode = "short", "numeric"
}

func (page *writePage) data(p *i18n.Printer, m mission.Mission, errs ui.FormErrors) {
	page.Drop = ui.FileDrop{Name: "file", Label: p.T("missionweb.write_file"), Hint: p.T("missionweb.write_file_hint", mission.SheetRows), Error: errs.For("file"), Accept: ".csv,.xlsx,.ods", Limit: mission.PackBytes}
	page.Answer = ui.Choice{Name: "answer", Label: p.T("missionweb.write_answer")}
	for _, kind := range []mission.AnswerKind{mission.AnswerTable, mission.AnswerRows, mission.AnswerNumber, mission.AnswerQuery, mission.AnswerRecipe, mission.AnswerChart, mission.AnswerForm, mission.AnswerFields, mission.AnswerChoices} {
		page.Answer.Options = append(page.Answer.Options, ui.Option{Value: string(kind), Label: p.T("missionweb.write_answer_" + string(kind)), Selected: kind == m.Answer})
	}
	q := mission.Question{}
	if m.Question != nil {
		q = *m.Question
	}
	page.Question = ui.Choice{Name: "question", Label: p.T("missionweb.write_question"), Options: options([]string{"count", "sum", "mean", "distinct"}, said(p, "missionweb.write_question_"), q.Of)}
	for _, one := range [][2]string{{"question_column", q.Column}, {"question_where", q.Where}, {"question_is", q.Is}} {
		page.Asked = append(page.Asked, ui.Field{Name: one[0], Label: p.T("missionweb.write_" + one[0]), Value: one[1], Optional: true, MaxLength: 300, Autocomplete: "off"})
	}
}

func (page *writePage) competences(p *i18n.Printer, m mission.Mission, known map[string]Competence) {
	var codes []string
	for code := range known {
		if strings.Contains(code, ".") {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	for i := range competenceLines {
		var c mission.Competence
		if i < len(m.Competences) {
			c = m.Competences[i]
		}
		level := ""
		if c.Level > 0 {
			level = strconv.Itoa(c.Level)
		}
		page.Competences = append(page.Competences, [2]ui.Choice{
			{Name: lineName("competence", i, "code"), Label: p.T("missionweb.write_competence", i+1), Options: options(codes, func(code string) string { return known[code].named(code) }, c.Code)},
			{Name: lineName("competence", i, "level"), Label: p.T("missionweb.write_level", i+1), Options: options([]string{"1", "2", "3", "4"}, same, level)}})
	}
}

// lines are what is planted and what is checked: lines left blank count for nothing.
func (page *writePage) lines(p *i18n.Printer, m mission.Mission, columns []string) {
	whole := p.T("missionweb.write_whole")
	column := func(name string, i int, chosen string) ui.Choice {
		c := ui.Choice{Name: name, Label: p.T("missionweb.write_column", i+1), Options: options(columns, same, chosen)}
		c.Options[0].Label = whole
		return c
	}
	for i := range disturbLines {
		var one mission.Disturbance
		if i < len(m.Disturb) {
			one = m.Disturb[i]
		}
		count := ""
		if one.Count > 0 {
			count = strconv.Itoa(one.Count)
		}
		page.Disturb = append(page.Disturb, disturbLine{
			Kind:   ui.Choice{Name: lineName("disturb", i, "kind"), Label: p.T("missionweb.write_disturb", i+1), Options: options(mission.DisturbanceKinds(), said(p, "missionweb.disturb_"), one.Kind)},
			Column: column(lineName("disturb", i, "column"), i, one.Column),
			Count:  ui.Field{Name: lineName("disturb", i, "count"), Label: p.T("missionweb.write_count", i+1), Value: count, Size: "short", Mode: "numeric", Optional: true, Autocomplete: "off"}})
	}
	for i := range checkLines {
		var one mission.Check
		if i < len(m.Checks) {
			one = m.Checks[i]
		}
		least := ""
		if one.Kind != "" && one.Least > 0 {
			least = strconv.Itoa(int(one.Least*100 + 0.5))
		}
		hint := func(part, label, value string) ui.Field {
			return ui.Field{Name: lineName("check", i, part), Label: p.T("missionweb."+label, i+1), Value: value, Optional: true, MaxLength: 300, Autocomplete: "off"}
		}
		page.Checks = append(page.Checks, checkLine{
			Kind:   ui.Choice{Name: lineName("check", i, "kind"), Label: p.T("missionweb.write_check", i+1), Options: options(mission.WrittenKinds(m.Answer), said(p, "missionweb.check_"), one.Kind)},
			Column: column(lineName("check", i, "column"), i, one.Column),
			Is:     ui.Choice{Name: lineName("check", i, "is"), Label: p.T("missionweb.write_is", i+1), Options: options([]string{"date", "integer", "number", "point", "code"}, said(p, "missionweb.is_"), one.Is)},
			Least:  ui.Field{Name: lineName("check", i, "least"), Label: p.T("missionweb.write_least", i+1), Value: least, Size: "short", Mode: "numeric", Optional: true, Autocomplete: "off"},
			Hint:   hint("hint_fr", "write_hint", one.Hint.FR), HintEN: hint("hint_en", "write_hint_en", one.Hint.EN)})
	}
	shown := func(used, all int) int { return min(max(used+1, 2), all) } // one blank line at hand
	page.ofFields(p, m)
	d, c := shown(len(m.Disturb), disturbLines), shown(len(m.Checks), checkLines)
	page.Disturb, page.MoreDisturb = page.Disturb[:d], page.Disturb[d:]
	page.Checks, page.MoreChecks = page.Checks[:c], page.Checks[c:]
}
