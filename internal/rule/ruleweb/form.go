package ruleweb

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
	"cultured/internal/rule"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// kinds are the looks of the severities.
var kinds = map[finding.Severity]string{finding.Error: ui.Error, finding.Warning: ui.Warning}

type formPage struct {
	Head      ui.PageHead
	Action    string
	Back      string
	Seen      string // when the rule was written last; "" for a new one
	Kind      ui.Group
	Formula   ui.Textarea
	Empty     ui.Checkbox
	Unique    ui.Field
	Column    ui.Choice
	Says      ui.Field
	Mend      ui.Field
	Severity  ui.Group
	On        *ui.Choice // the dataset a rule of a schema is tried on; nil where there is none
	Names     string     // the columns, as formulas write them
	Examples  ui.Table
	Functions string
	Trial     *trialView
}

// A trialView is what a rule says of a table.
type trialView struct {
	Notice ui.Notice
	Table  *ui.Table
}

var formTemplate = ui.Page[formPage](pages, "pages/form.tmpl")

// The two kinds of conditions, in the form.
const (
	byFormula = "formula"
	byKey     = "unique"
)

// A draft is a rule in its form.
type draft struct {
	rule   rule.Rule
	kind   string
	on     string // dataset it is tried on
	trial  *trialView
	status int
	errs   ui.FormErrors
}

func (d Desk) newRule(w http.ResponseWriter, r *http.Request) error {
	return d.form(w, r, draft{rule: rule.Rule{Severity: finding.Error}, kind: byFormula, status: http.StatusOK})
}

func (d Desk) edit(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Rule.Open(r.Context(), web.Actor(r), subject(r))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(b.Book.Rules, func(one rule.Rule) bool { return one.ID == r.PathValue("rule") })
	if at < 0 {
		return fault.New(fault.NotFound, "rule.gone")
	}
	f := draft{rule: b.Book.Rules[at], kind: byFormula, status: http.StatusOK}
	if len(f.rule.Unique) > 0 {
		f.kind = byKey
	}
	return d.form(w, r, f)
}

// typed reads the form.
func typed(r *http.Request) draft {
	text := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	f := draft{kind: byFormula, on: r.PostFormValue("on"), rule: rule.Rule{ID: r.PathValue("rule"), Says: text("says"), Mend: text("mend"), Column: text("column"),
		Severity: finding.Severity(text("severity"))}}
	f.rule.At, _ = time.Parse(time.RFC3339Nano, r.PostFormValue("seen")) // anything else is no state of the rule, and refused
	if text("kind") == byKey {
		f.kind = byKey
		for name := range strings.SplitSeq(text("unique"), ";") {
			if name = strings.Trim(strings.TrimSpace(name), "[]"); name != "" {
				f.rule.Unique = append(f.rule.Unique, name)
			}
		}
		return f
	}
	f.rule.Formula, f.rule.Empty = strings.TrimPrefix(text("formula"), "="), r.PostFormValue("empty") != ""
	return f
}

// save keeps a rule, or tries it where that was asked.
func (d Desk) save(w http.ResponseWriter, r *http.Request) error {
	f, of, by := typed(r), subject(r), web.Actor(r)
	b, err := d.Rule.Open(r.Context(), by, of)
	if err != nil {
		return err
	}
	if r.PostFormValue("do") == "try" {
		if err = f.rule.Valid(b.Columns); err == nil {
			f.trial, err = d.try(r, f, of)
		}
		f.status = http.StatusOK
	} else {
		_, err = d.Rule.Save(r.Context(), by, of, f.rule)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		f.errs, f.status = errs, web.StatusOf(err)
		return d.form(w, r, f)
	}
	if err != nil {
		return err
	}
	if f.trial != nil {
		return d.form(w, r, f)
	}
	return web.Redirect(w, r, Path(of), web.Said{Kind: "success", Key: "ruleweb.saved"})
}

// Bounds of a trial.
const (
	rowsTried = 100_000
	shown     = 10
)

// try holds the first rows of a dataset against the rule.
func (d Desk) try(r *http.Request, f draft, of rule.Subject) (*trialView, error) {
	p, on := web.VisitOf(r).P, of.Dataset()
	if on == "" {
		on = f.on
	}
	if on == "" {
		return nil, fault.Field("on", "ruleweb.choose_dataset")
	}
	table, err := d.Table(r.Context(), web.Actor(r), on)
	if err != nil {
		return nil, err
	}
	defer func() { _ = table.Close() }() // read only
	c, skipped := rule.NewChecker(table.Columns(), []rule.Rule{f.rule})
	if len(skipped) > 0 {
		return &trialView{Notice: ui.Notice{Kind: ui.Warning, Text: p.T(skipped[0].Reason, words(skipped[0].Args)...)}}, nil
	}
	rows, broken := 0, 0
	list := ui.Table{ID: "trial", Caption: p.T("ruleweb.first_broken"), Columns: []ui.Column{{Label: p.T("ruleweb.row"), Numeric: true}, {Label: p.T("ruleweb.what")}}}
	sink := func(found finding.Finding) {
		if broken++; broken <= shown {
			list.Rows = append(list.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Number(found.Row)}, {Text: p.T(found.Reason, words(found.Args)...)}}})
		}
	}
	for ; rows < rowsTried; rows++ {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		c.Cells(row.Number, row.Cells, sink)
		c.Keys(row.Number, row.Cells, sink)
	}
	if broken == 0 {
		return &trialView{Notice: ui.Notice{Kind: ui.Success, Text: p.T("ruleweb.all_good", rows)}}, nil
	}
	return &trialView{Notice: ui.Notice{Kind: kinds[f.rule.Severity], Text: p.T("ruleweb.broken", broken, rows)}, Table: &list}, nil
}

func words(args []string) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
	}
	return out
}

func (d Desk) form(w http.ResponseWriter, r *http.Request, f draft) error {
	p, of := web.VisitOf(r).P, subject(r)
	b, err := d.Rule.Open(r.Context(), web.Actor(r), of)
	if err != nil {
		return err
	}
	if !b.May {
		return fault.New(fault.Denied, "rule.not_yours")
	}
	page := formPage{Head: ui.PageHead{Eyebrow: b.Title, Title: p.T("ruleweb.new_title"), Lead: p.T("ruleweb.form_lead")}, Action: r.URL.EscapedPath(), Back: Path(of), Trial: f.trial}
	if f.rule.ID != "" {
		page.Head.Title, page.Seen = p.T("ruleweb.edit_title"), f.rule.At.Format(time.RFC3339Nano)
	}
	page.condition(p, f)
	page.words(p, f, b.Columns)
	if of.Dataset() == "" {
		if page.On, err = d.tables(r, f); err != nil {
			return err
		}
	}
	page.help(p, b.Columns)
	return formTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: home, NoIndex: true, Errors: f.errs,
		Crumbs: []ui.Crumb{{Label: p.T("ruleweb.rules"), Href: home}, {Label: b.Title, Href: page.Back}}}, page)
}

// condition makes the fields of what must hold.
func (page *formPage) condition(p *i18n.Printer, f draft) {
	page.Kind = ui.Group{Name: "kind", Label: p.T("ruleweb.kind"), Required: true, Options: []ui.Option{
		{Value: byFormula, Label: p.T("ruleweb.kind_formula"), Hint: p.T("ruleweb.kind_formula_hint"), Selected: f.kind == byFormula},
		{Value: byKey, Label: p.T("ruleweb.kind_unique"), Hint: p.T("ruleweb.kind_unique_hint"), Selected: f.kind == byKey}}}
	page.Formula = ui.Textarea{Name: "formula", Label: p.T("ruleweb.formula"), Hint: p.T("ruleweb.formula_hint"), Value: f.rule.Formula, Error: f.errs.For("formula"), Rows: 2, Fixed: true}
	page.Empty = ui.Checkbox{Name: "empty", Label: p.T("ruleweb.empty"), Hint: p.T("ruleweb.empty_hint"), Checked: f.rule.Empty}
	page.Unique = ui.Field{Name: "unique", Label: p.T("ruleweb.unique"), Hint: p.T("ruleweb.unique_hint"), Value: strings.Join(f.rule.Unique, "; "), Error: f.errs.For("unique"), Autocomplete: "off"}
}

// words makes the fields of what is said.
func (page *formPage) words(p *i18n.Printer, f draft, columns []string) {
	page.Says = ui.Field{Name: "says", Label: p.T("ruleweb.says"), Hint: p.T("ruleweb.says_hint"), Value: f.rule.Says, Error: f.errs.For("says"), Required: true, MaxLength: rule.SaysMost, Autocomplete: "off"}
	page.Mend = ui.Field{Name: "mend", Label: p.T("ruleweb.mend"), Hint: p.T("ruleweb.mend_hint"), Value: f.rule.Mend, Error: f.errs.For("mend"), Required: true, MaxLength: rule.SaysMost, Autocomplete: "off"}
	page.Column = ui.Choice{Name: "column", Label: p.T("ruleweb.column"), Hint: p.T("ruleweb.column_hint"), Empty: p.T("ruleweb.whole_row"), Error: f.errs.For("column"), Optional: true}
	for _, c := range columns {
		page.Column.Options = append(page.Column.Options, ui.Option{Value: c, Label: c, Selected: c == f.rule.Column})
	}
	page.Severity = ui.Group{Name: "severity", Label: p.T("ruleweb.severity"), Required: true, Error: f.errs.For("severity"), Options: []ui.Option{
		{Value: string(finding.Error), Label: p.T("ruleweb.severity_error"), Hint: p.T("ruleweb.severity_error_hint"), Selected: f.rule.Severity == finding.Error},
		{Value: string(finding.Warning), Label: p.T("ruleweb.severity_warning"), Hint: p.T("ruleweb.severity_warning_hint"), Selected: f.rule.Severity == finding.Warning}}}
}

// tables offers the datasets a rule of a schema is tried on; nil when there is none.
func (d Desk) tables(r *http.Request, f draft) (*ui.Choice, error) {
	p := web.VisitOf(r).P
	sets, err := d.Datasets(r.Context(), web.Actor(r))
	if err != nil || len(sets) == 0 {
		return nil, err
	}
	c := &ui.Choice{Name: "on", Label: p.T("ruleweb.on"), Empty: p.T("ruleweb.choose"), Error: f.errs.For("on"), Optional: true}
	for _, s := range sets {
		c.Options = append(c.Options, ui.Option{Value: s.ID, Label: s.Title, Selected: s.ID == f.on})
	}
	return c, nil
}

// help is what one looks up while writing a formula.
func (page *formPage) help(p *i18n.Printer, columns []string) {
	if len(columns) > 0 {
		page.Names = "[" + strings.Join(columns, "] [") + "]"
	}
	page.Functions = strings.Join(recipe.Functions(), ", ")
	page.Examples = ui.Table{ID: "examples", Caption: p.T("ruleweb.examples"), Compact: true, Columns: []ui.Column{{Label: p.T("ruleweb.example_wish")}, {Label: p.T("ruleweb.formula")}}}
	for _, e := range []struct{ wish, formula string }{
		{"ruleweb.wish_order", `[date_fin]>=[date_debut]`},
		{"ruleweb.wish_sum", `SOMME([part_a];[part_b])<=[total]`},
		{"ruleweb.wish_needed", `OU([type]<>"association";[rna]<>"")`},
		{"ruleweb.wish_valid", `VALIDE([siret];"siret")`},
		{"ruleweb.wish_list", `VALIDE([adresses];"courriel";",")`},
		{"ruleweb.wish_length", `NBCAR([code])=5`},
		{"ruleweb.wish_count", `NBVAL([telephone];[courriel])>=1`},
	} {
		page.Examples.Rows = append(page.Examples.Rows, ui.Row{Cells: []ui.Cell{{Text: p.T(e.wish)}, {Text: e.formula, Fixed: true}}})
	}
}
