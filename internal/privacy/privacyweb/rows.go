package privacyweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/privacy"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// Bounds of the smallest group somebody may ask for, and what is proposed.
const (
	leastK   = 2
	mostK    = 1000
	proposed = 5
)

type rowsPage struct {
	Tabs, Parts ui.Tabs
	Head        ui.PageHead
	Direct      *ui.Notice // columns that name people
	Found       *ui.Table  // what was recognised, where
	FoundFile   string     // address of the findings, with their rows
	Action      string
	Known       ui.Group
	Secret      ui.Choice
	K           ui.Field
	Empty       *ui.Empty
	Progress    *ui.Progress // a measure under way
	Verdict     *ui.Notice
	Facts       ui.Facts
	Sizes       *ui.Table
	Without     *ui.Table
	Clean       []ui.LinkButton // what one may do about it
	Report      string          // address of the report with this measure
}

var rowsTemplate = ui.Page[rowsPage](pages, "pages/rows.tmpl")

// A wish is what the form of the page asks.
type wish struct {
	privacy.Question
	k     int64
	typed string // k as written
}

func readWish(q url.Values) (w wish, asked bool) {
	w = wish{Question: privacy.Question{Known: q["known"], Secret: q.Get("secret")}, typed: strings.TrimSpace(q.Get("k")), k: proposed}
	slices.Sort(w.Known)
	w.Known = slices.Compact(w.Known)
	if w.typed == "" {
		w.typed = strconv.Itoa(proposed)
	}
	n, err := strconv.ParseInt(w.typed, 10, 64)
	if err != nil || n < leastK || n > mostK {
		n = 0
	}
	w.k = n
	return w, q.Has("k")
}

// query is what an address says of a wish.
func (w wish) query() string {
	return url.Values{"known": w.Known, "secret": {w.Secret}, "k": {w.typed}}.Encode()
}

// rows measures a table row by row.
func (d Desk) rows(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	asked, any := readWish(r.URL.Query())
	page := rowsPage{Tabs: d.Tabs(r, string(s.dataset.ID), s.dataset.Title), Parts: Parts(p, s.base, "rows"), Head: s.head(p), Action: s.base, Direct: direct(p, s),
		Found: foundTable(p, s), FoundFile: ui.Link("/datasets", string(s.dataset.ID), "quality")}
	var errs ui.FormErrors
	status := http.StatusOK
	if any {
		if asked.k == 0 {
			errs = append(errs, ui.FormError{Field: "k", Text: p.T("privacyweb.k_bad")})
		} else if err := d.measure(r, s, asked, &page); err != nil {
			found, ok := ui.FormErrorsOf(p, err)
			if !ok {
				return err
			}
			for i := range found {
				found[i].Field = "known"
			}
			errs = found
		}
		if len(errs) > 0 {
			status = http.StatusUnprocessableEntity
		}
	} else {
		page.Empty = &ui.Empty{Icon: "users", Title: p.T("privacyweb.none"), Text: p.T("privacyweb.none_text")}
	}
	page.Known, page.Secret, page.K = form(p, s, asked, errs)
	head := s.layout(p, errs)
	if page.Progress != nil {
		head.Refresh = refresh
	}
	return rowsTemplate.Render(w, r, status, head, page)
}

// direct warns of the columns that name people; nil when none does.
func direct(p *i18n.Printer, s subject) *ui.Notice {
	var names []string
	for _, c := range s.columns() {
		if c.Privacy != dataset.PrivacyNone {
			names = append(names, p.T("privacyweb.quoted", c.Source))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &ui.Notice{Kind: ui.Warning, Text: p.T("privacyweb.direct", strings.Join(names, ", "))}
}

// foundTable says which columns tell about persons, what was recognised in each and how sure that is; never what stands there. nil when none does.
func foundTable(p *i18n.Printer, s subject) *ui.Table {
	t := ui.Table{ID: "found", Caption: p.T("privacyweb.found"), FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("privacyweb.found_column")},
		{Label: p.T("privacyweb.found_level")}, {Label: p.T("privacyweb.found_what")}, {Label: p.T("privacyweb.found_cells"), Numeric: true}, {Label: p.T("privacyweb.found_sure"), Numeric: true}}}
	for _, c := range s.columns() {
		if c.Privacy == dataset.PrivacyNone {
			continue
		}
		level := ui.Cell{Badge: &ui.Badge{Kind: ui.Warning, Icon: "lock", Label: p.T("dataset.privacy_" + string(c.Privacy))}}
		if c.Semantic != dataset.SemanticNone {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Source}, level, {Text: p.T("dataset.semantic_" + string(c.Semantic))},
				{Text: p.Number(s.outcome.Report.Profile.Rows - c.Missing)}, {Text: p.Percent(c.Confidence)}}})
		} else if !slices.ContainsFunc(c.Traces, dataset.Trace.Likely) {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Source}, level, {Text: p.T("privacyweb.found_name")},
				{Text: p.Number(s.outcome.Report.Profile.Rows - c.Missing)}, {Text: "–"}}})
		}
		for _, trace := range c.Traces {
			if trace.Likely() {
				t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Source}, level, {Text: p.T("dataset.trace_kind_" + string(trace.Kind))},
					{Text: p.Number(trace.Cells)}, {Text: p.Percent(trace.Confidence)}}})
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return &t
}

func form(p *i18n.Printer, s subject, asked wish, errs ui.FormErrors) (ui.Group, ui.Choice, ui.Field) {
	known := ui.Group{Name: "known", Label: p.T("privacyweb.known"), Hint: p.T("privacyweb.known_hint"), Many: true, Error: errs.For("known"), Required: true}
	secret := ui.Choice{Name: "secret", Label: p.T("privacyweb.secret"), Empty: p.T("privacyweb.secret_none"), Options: nil}
	for _, c := range s.columns() {
		known.Options = append(known.Options, ui.Option{Value: c.Name, Label: c.Source, Selected: slices.Contains(asked.Known, c.Name)})
		secret.Options = append(secret.Options, ui.Option{Value: c.Name, Label: c.Source, Selected: c.Name == asked.Secret})
	}
	k := ui.Field{Name: "k", Label: p.T("privacyweb.k"), Hint: p.T("privacyweb.k_hint"), Value: asked.typed, Mode: "numeric", Size: "medium", Error: errs.For("k"), Autocomplete: "off", Required: true}
	return known, secret, k
}

// measure measures the table and fills the page with what it found, or with how far the measure is.
func (d Desk) measure(r *http.Request, s subject, asked wish, page *rowsPage) error {
	p := web.VisitOf(r).P
	if err := asked.Validate(s.names()); err != nil {
		return err
	}
	one := d.surveys.of(r.Context(), d, s, asked.Question)
	if !one.over(r.Context(), patience) {
		page.Progress = one.bar(p, s, asked)
		return nil
	}
	d.surveys.read(s, asked.Question)
	if one.err != nil {
		return one.err
	}
	m, without := one.m, slices.Clone(one.without) // others may be reading the same survey
	privacy.Rank(without, asked.k)
	under := m.Under(asked.k)
	page.Verdict = &ui.Notice{Kind: ui.Success, Text: p.T("privacyweb.ok", m.K)}
	if under > 0 {
		page.Verdict = &ui.Notice{Kind: ui.Error, Text: p.T("privacyweb.not_ok", under, m.Rows, asked.k)}
	}
	page.Facts.Items = []ui.Fact{{Label: p.T("privacyweb.fact_k"), Value: p.Number(m.K)}, {Label: p.T("privacyweb.fact_alone"), Value: p.Number(m.Under(2))},
		{Label: p.T("privacyweb.fact_classes"), Value: p.Number(m.Classes)}}
	if asked.Secret != "" {
		l := p.Number(m.L)
		if m.L == privacy.MostValues {
			l = p.T("privacyweb.l_more", l)
		}
		page.Facts.Items = append(page.Facts.Items, ui.Fact{Label: p.T("privacyweb.fact_l"), Value: l}, ui.Fact{Label: p.T("privacyweb.fact_told"), Value: p.Number(m.Told)})
		if m.Told > 0 {
			page.Verdict.Kind = ui.Error
			page.Verdict.Items = append(page.Verdict.Items, p.T("privacyweb.told_text", asked.Secret))
		}
	}
	for _, step := range []string{"generalise", "mask", "pseudonym", "shuffle", "drop"} {
		to, err := ui.Query(ui.Link("/datasets", string(s.dataset.ID), "clean"), "add", step)
		if err != nil {
			return err
		}
		page.Clean = append(page.Clean, ui.LinkButton{Label: p.T("privacyweb.do_" + step), Href: to, Look: ui.Secondary, Small: true})
	}
	page.Report = s.base + "/report?" + asked.query()
	page.Sizes, page.Without = sizeTable(p, m), withoutTable(p, without, asked.k)
	return nil
}

// names lists the columns of the table by name.
func (s subject) names() (out []string) {
	for _, c := range s.columns() {
		out = append(out, c.Name)
	}
	return out
}

// study measures a table, and, when asked for, the table without each of the columns others may know; it calls answered after each answer. The
// engine groups the rows, and remembers what it answered about a version.
func (d Desk) study(ctx context.Context, s subject, q privacy.Question, whatIf bool, answered func()) (m privacy.Measure, without []privacy.WhatIf, err error) {
	if err := q.Validate(s.names()); err != nil {
		return m, nil, err
	}
	m, err = d.measured(ctx, s, q)
	answered()
	if err != nil || !whatIf || len(q.Known) == 1 {
		return m, nil, err
	}
	for _, column := range q.Known {
		one, err := d.measured(ctx, s, q.Without(column))
		if err != nil {
			return m, nil, err
		}
		answered()
		without = append(without, privacy.WhatIf{Column: column, Measure: one})
	}
	return m, without, nil
}

func (d Desk) measured(ctx context.Context, s subject, q privacy.Question) (privacy.Measure, error) {
	crowds, err := d.Data.Crowds(ctx, s.outcome, dataset.CrowdAsk{Alike: q.Known, Of: q.Secret, Most: privacy.MostValues})
	kinds := make([]privacy.Kind, len(crowds))
	for i, c := range crowds {
		kinds[i] = privacy.Kind{Rows: c.Rows, Values: c.Values, Classes: c.Groups}
	}
	return privacy.Measured(kinds), err
}

// spans are the sizes that are told together: from each to before the next.
var spans = []int64{1, 2, 3, 5, 11, 51}

func sizeTable(p *i18n.Printer, m privacy.Measure) *ui.Table {
	t := ui.Table{ID: "sizes", Caption: p.T("privacyweb.sizes"), FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("privacyweb.size")},
		{Label: p.T("privacyweb.groups"), Numeric: true}, {Label: p.T("privacyweb.rows"), Numeric: true}}}
	for i, from := range spans {
		label, to := p.T("privacyweb.size_more", from), int64(1<<62)
		if i < len(spans)-1 {
			to = spans[i+1]
			label = p.T("privacyweb.size_span", from, to-1)
		}
		switch {
		case from == 1:
			label = p.T("privacyweb.size_one")
		case to == from+1:
			label = p.Number(from)
		}
		var classes, rows int64
		for _, s := range m.Sizes {
			if s.Rows >= from && s.Rows < to {
				classes, rows = classes+s.Classes, rows+s.Rows*s.Classes
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: label}, {Text: p.Number(classes)}, {Text: p.Number(rows)}}})
	}
	return &t
}

// withoutTable says what leaving out each column would gain; nil for one column.
func withoutTable(p *i18n.Printer, all []privacy.WhatIf, k int64) *ui.Table {
	if len(all) == 0 {
		return nil
	}
	t := ui.Table{ID: "without", Caption: p.T("privacyweb.without"), FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("privacyweb.without_column")},
		{Label: p.T("privacyweb.fact_k"), Numeric: true}, {Label: p.T("privacyweb.without_under", k), Numeric: true}}}
	for _, one := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Column}, {Text: p.Number(one.Measure.K)}, {Text: p.Number(one.Measure.Under(k))}}})
	}
	return &t
}
