package privacyweb

import (
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/document"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/privacy"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A Dossier is what other rooms know of a dataset that a report says.
type Dossier struct {
	Published time.Time       // zero when the public sees nothing
	Blocked   []string        // columns that stop its publication without a reason
	Reason    string          // why it was published all the same, "" when nothing asked for one
	Entries   []ui.LinkButton // of the register of processing activities that cover it
	Enter     string          // where an entry is made of it, "" for who may not
	Until     string          // last day it is kept, AAAA-MM-JJ; "" when none was set
	Why       string          // the rule that day follows
}

// protective are the steps of a recipe that hide people. Their sentences name columns, no values.
var protective = []string{"generalise", "mask", "pseudonym", "shuffle", "drop"}

// A report is everything the page says, in words.
type report struct {
	title   string
	facts   []ui.Fact
	found   *ui.Table
	measure []ui.Fact
	verdict *ui.Notice
	steps   []string
	loss    *ui.Table
	public  []ui.Fact
	dossier Dossier
}

type reportPage struct {
	Tabs, Parts ui.Tabs
	Head        ui.PageHead
	Facts       ui.Facts
	Found       *ui.Table
	Verdict     *ui.Notice
	Measure     ui.Facts
	Action      string // where something is measured
	Steps       []string
	Loss        *ui.Table
	Public      ui.Facts
	Entries     []ui.LinkButton
	Enter       string
	Keep        string // where a day is set
	Kept        ui.Facts
	Files       []ui.LinkButton
}

var reportTemplate = ui.Page[reportPage](pages, "pages/report.tmpl")

// report is one page about the dataset for the data protection officer: what was found, measured, done, published, and how long it is kept.
func (d Desk) report(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	rep, err := d.compile(r, s)
	if err != nil {
		return err
	}
	page := reportPage{Tabs: d.Tabs(r, string(s.dataset.ID), s.dataset.Title), Parts: Parts(p, s.base, "report"), Head: ui.PageHead{Eyebrow: p.T("privacyweb.report"), Title: s.dataset.Title, Lead: p.T("privacyweb.report_lead")},
		Facts: ui.Facts{Items: rep.facts}, Found: rep.found, Verdict: rep.verdict, Measure: ui.Facts{Items: rep.measure}, Action: s.base, Steps: rep.steps, Loss: rep.loss, Public: ui.Facts{Items: rep.public},
		Entries: rep.dossier.Entries, Enter: rep.dossier.Enter, Keep: s.base + "/retention", Kept: ui.Facts{Items: kept(p, rep.dossier)}}
	for _, format := range []string{"odt", "csv"} {
		to := s.base + "/report/export/report." + format
		if q := r.URL.RawQuery; q != "" {
			to += "?" + q
		}
		page.Files = append(page.Files, ui.LinkButton{Label: strings.ToUpper(format), Context: p.T("privacyweb.report"), Href: to, Icon: "download", Download: true})
	}
	head := s.layout(p, nil)
	head.Title = p.T("privacyweb.report") + " – " + s.dataset.Title
	return reportTemplate.Render(w, r, http.StatusOK, head, page)
}

// compile gathers what the report says. It measures only what the address asks, as the page of measures does.
func (d Desk) compile(r *http.Request, s subject) (rep report, err error) {
	ctx, by, p := r.Context(), web.Actor(r), web.VisitOf(r).P
	if rep.dossier, err = d.Dossier(ctx, by, s.dataset.ID); err != nil {
		return rep, err
	}
	ds, versions, err := d.Data.Versions(ctx, by, s.dataset.ID)
	if err != nil || len(versions) == 0 {
		return rep, err
	}
	rep.title = p.T("privacyweb.report") + " – " + ds.Title
	now := versions[0]
	profile := s.outcome.Report.Profile
	rep.facts = []ui.Fact{{Label: p.T("privacyweb.report_made"), Value: p.Date(i18n.Civil(d.Now()))}, {Label: p.T("privacyweb.report_version"), Value: p.T("privacyweb.version_of", now.Number, p.Date(i18n.Civil(now.At)))},
		{Label: p.T("privacyweb.report_owner"), Value: ds.OwnerName}, {Label: p.T("privacyweb.rows"), Value: p.Number(profile.Rows)}}
	if rep.found = foundTable(p, s); rep.found != nil {
		rep.found.CaptionHidden = true // the heading says the same
	}
	if err := d.assess(ctx, p, s, r, &rep); err != nil {
		return rep, err
	}
	for _, fix := range now.Source.Plan {
		for _, step := range fix.Recipe {
			if slices.Contains(protective, step.Kind()) {
				said := step.Say()
				rep.steps = append(rep.steps, p.T(said.Key, said.Args...))
			}
		}
	}
	if len(rep.steps) > 0 {
		rep.loss = lossTable(p, versions[len(versions)-1].Outcome.Report.Profile, profile)
	}
	rep.public = publication(p, rep.dossier)
	return rep, nil
}

// assess adds k and l, when the address says what others may know.
func (d Desk) assess(ctx context.Context, p *i18n.Printer, s subject, r *http.Request, rep *report) error {
	asked, any := readWish(r.URL.Query())
	if !any || asked.k == 0 || len(asked.Known) == 0 {
		return nil
	}
	m, _, err := d.study(ctx, s, asked.Question, false, func() {})
	if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.TooLarge { // a column of another version, perhaps: the rest of the report stands
		if said, ok := ui.FormErrorsOf(p, err); ok {
			rep.verdict = &ui.Notice{Kind: ui.Warning, Text: said[0].Text}
			return nil
		}
	}
	if err != nil {
		return err
	}
	rep.verdict = &ui.Notice{Kind: ui.Success, Text: p.T("privacyweb.ok", m.K)}
	if under := m.Under(asked.k); under > 0 {
		rep.verdict = &ui.Notice{Kind: ui.Error, Text: p.T("privacyweb.not_ok", under, m.Rows, asked.k)}
	}
	rep.measure = []ui.Fact{{Label: p.T("privacyweb.known"), Value: strings.Join(asked.Known, ", ")}, {Label: p.T("privacyweb.k"), Value: p.Number(asked.k)}, {Label: p.T("privacyweb.fact_k"), Value: p.Number(m.K)},
		{Label: p.T("privacyweb.fact_alone"), Value: p.Number(m.Under(2))}}
	if asked.Secret != "" {
		l := p.Number(m.L)
		if m.L == privacy.MostValues {
			l = p.T("privacyweb.l_more", l)
		}
		rep.measure = append(rep.measure, ui.Fact{Label: p.T("privacyweb.secret"), Value: asked.Secret}, ui.Fact{Label: p.T("privacyweb.fact_l"), Value: l}, ui.Fact{Label: p.T("privacyweb.fact_told"), Value: p.Number(m.Told)})
	}
	return nil
}

// lossTable says what hiding people cost: each column that lost values, or went, between two profiles, and the rows. nil when nothing did.
func lossTable(p *i18n.Printer, before, now dataset.Profile) *ui.Table {
	t := ui.Table{ID: "loss", Caption: p.T("privacyweb.loss"), FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("privacyweb.found_column")}, {Label: p.T("privacyweb.loss_before"), Numeric: true},
		{Label: p.T("privacyweb.loss_now"), Numeric: true}, {Label: p.T("privacyweb.loss_share"), Numeric: true}}}
	for _, c := range before.Columns {
		after, there := now.Column(c.Name)
		if there && after.Distinct >= c.Distinct {
			continue
		}
		row := []ui.Cell{{Text: c.Source}, {Text: p.Number(c.Distinct)}, {Text: p.Number(after.Distinct)}, {Text: "–"}}
		if !there {
			row[2].Text = p.T("privacyweb.loss_gone")
		}
		if c.Distinct > 0 {
			row[3].Text = p.Percent(1 - float64(after.Distinct)/float64(c.Distinct))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	if lost := before.Rows - now.Rows; lost > 0 {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.T("privacyweb.rows")}, {Text: p.Number(before.Rows)}, {Text: p.Number(now.Rows)}, {Text: p.Percent(float64(lost) / float64(before.Rows))}}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return &t
}

// publication says where the dataset stands before the public.
func publication(p *i18n.Printer, d Dossier) []ui.Fact {
	state := ui.Fact{Label: p.T("privacyweb.public"), Value: p.T("privacyweb.public_no")}
	if !d.Published.IsZero() {
		state.Value = p.T("privacyweb.public_since", p.Date(i18n.Civil(d.Published)))
	}
	out := []ui.Fact{state}
	if len(d.Blocked) > 0 {
		out = append(out, ui.Fact{Label: p.T("privacyweb.public_blocked"), Value: strings.Join(d.Blocked, ", ")})
	}
	if d.Reason != "" {
		out = append(out, ui.Fact{Label: p.T("privacyweb.public_reason"), Value: d.Reason})
	}
	return out
}

// kept says until when the dataset is kept.
func kept(p *i18n.Printer, d Dossier) []ui.Fact {
	if d.Until == "" {
		return []ui.Fact{{Label: p.T("privacyweb.kept_until"), Value: p.T("privacyweb.kept_no")}}
	}
	text := d.Until
	if at, err := time.Parse(time.DateOnly, d.Until); err == nil {
		text = p.Date(at)
	}
	return []ui.Fact{{Label: p.T("privacyweb.kept_until"), Value: text}, {Label: p.T("privacyweb.kept_why"), Value: d.Why}}
}

// reportFile gives the report as a text, or its facts as a table of three columns.
func (d Desk) reportFile(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	rep, err := d.compile(r, s)
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	parts := rep.parts(p)
	switch r.PathValue("file") {
	case "report.csv":
		web.Attachment(w, "text/csv; charset=utf-8; header=present", rep.title+".csv")
		return writeReport(w, parts)
	case "report.odt":
		return d.writeText(w, p, rep.title, parts)
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// writeText writes a report as a text.
func (d Desk) writeText(w http.ResponseWriter, p *i18n.Printer, title string, parts []reportPart) error {
	doc := document.Document{Lang: string(p.Lang()), Title: title, Made: d.Now()}
	for _, one := range parts {
		doc.Blocks = append(doc.Blocks, document.Heading{Level: 2, Text: one.title})
		if one.text != "" {
			doc.Blocks = append(doc.Blocks, document.Paragraph(one.text))
		}
		if len(one.rows) > 0 {
			doc.Blocks = append(doc.Blocks, document.Table{Header: one.header, Rows: one.rows})
		}
	}
	doc.Blocks = append(doc.Blocks, document.Paragraph(p.T("privacyweb.mind")))
	web.Attachment(w, document.MediaType("odt"), title+".odt")
	return doc.Write(w, "odt")
}

// A reportPart is one matter of a report, as a text and a table.
type reportPart struct {
	title, text string
	header      []string
	rows        [][]string
}

func (rep report) parts(p *i18n.Printer) []reportPart {
	facts := func(title, none string, list []ui.Fact) reportPart {
		out := reportPart{title: title, header: []string{p.T("privacyweb.part_what"), p.T("privacyweb.part_value")}}
		for _, f := range list {
			out.rows = append(out.rows, []string{f.Label, f.Value})
		}
		if len(list) == 0 {
			out.text = none
		}
		return out
	}
	table := func(title, none string, t *ui.Table) reportPart {
		out := reportPart{title: title, text: none}
		if t == nil {
			return out
		}
		out.text = ""
		for _, c := range t.Columns {
			out.header = append(out.header, c.Label)
		}
		for _, row := range t.Rows {
			var line []string
			for _, c := range row.Cells {
				text := c.Text
				if c.Badge != nil {
					text = c.Badge.Label
				}
				line = append(line, text)
			}
			out.rows = append(out.rows, line)
		}
		return out
	}
	measure := facts(p.T("privacyweb.report_measure"), p.T("privacyweb.not_measured"), rep.measure)
	if rep.verdict != nil {
		measure.text = rep.verdict.Text
	}
	steps := reportPart{title: p.T("privacyweb.report_done"), text: p.T("privacyweb.nothing_done"), header: []string{p.T("privacyweb.step")}}
	for _, step := range rep.steps {
		steps.text, steps.rows = "", append(steps.rows, []string{step})
	}
	var entries []ui.Fact
	for _, e := range rep.dossier.Entries {
		entries = append(entries, ui.Fact{Label: p.T("privacyweb.entry"), Value: e.Label})
	}
	return []reportPart{facts(p.T("privacyweb.report"), "", rep.facts), table(p.T("privacyweb.found"), p.T("privacyweb.found_nothing"), rep.found), measure, steps,
		table(p.T("privacyweb.loss"), p.T("privacyweb.loss_none"), rep.loss), facts(p.T("privacyweb.report_public"), "", rep.public), facts(p.T("privacyweb.report_register"), p.T("privacyweb.no_entry"), entries),
		facts(p.T("privacyweb.report_kept"), "", kept(p, rep.dossier))}
}

func writeReport(w http.ResponseWriter, parts []reportPart) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, one := range parts {
		lines := one.rows
		if one.text != "" {
			lines = append([][]string{{one.text}}, lines...)
		}
		for _, line := range lines {
			line = append([]string{one.title}, line...)
			for i := range line {
				line[i] = tabular.CSVCell(line[i])
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// Parts are the pages about protecting people, the one named marked: "rows", "table", "report" or "retention". base is their common address.
func Parts(p *i18n.Printer, base, current string) ui.Tabs {
	t := ui.Tabs{Label: p.T("privacyweb.title")}
	for _, one := range []struct{ name, path, icon string }{{"rows", "", "list"}, {"table", "/table", "table"}, {"report", "/report", "file-text"}, {"retention", "/retention", "clock"}} {
		t.Items = append(t.Items, ui.Tab{Label: p.T("privacyweb.part_" + one.name), Href: base + one.path, Icon: one.icon, Current: one.name == current})
	}
	return t
}
