package cleaningweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/cleaning"
	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A view is the page about to be shown.
type view struct {
	status int
	see    int    // how many steps the preview goes through
	form   *asked // the step being written, nil for none
	errs   ui.FormErrors
	typed  map[string]string // in the small forms beside it
	told   *ui.Notice        // what could not be taken from a file, nil for none
}

// An asked is a step in its form.
type asked struct {
	kind  string
	at    int // its place, counted from 0; -1 for a new one
	given map[string][]string
}

type cleanPage struct {
	Head     ui.PageHead
	Tabs     ui.Tabs
	Notices  []ui.Notice
	Dismiss  string // address that forgets a change that failed, "" for none
	Revision int
	Base     string
	May      bool
	Steps    []stepView
	Undo     bool
	Applies  bool // every step fits
	Purposes []purposeView
	Form     *stepForm
	Preview  previewView

	Suggestions []suggestionView
	Keep        keepView
}

// A stepView is one step of the draft.
type stepView struct {
	At, Number  int
	Says        string
	Did         []string // what it changed
	Samples     []recipe.Sample
	Wrong       string // why it does not fit, "" when it does
	Waits       bool   // a step before does not fit
	Edit, See   string // addresses; Edit is "" where no form holds the step
	Seen        bool   // the preview ends with it
	First, Last bool
}

type purposeView struct {
	Title string
	Open  bool
	Kinds []kindView
}

type kindView struct{ Title, Why, Href string }

var cleanTemplate = ui.Page[cleanPage](pages, "pages/clean.tmpl", "pages/step.tmpl", "pages/input.tmpl", "pages/field.tmpl", "pages/preview.tmpl", "pages/keep.tmpl")

func (d Desk) render(w http.ResponseWriter, r *http.Request, b cleaning.Bench, v view) error {
	p := web.VisitOf(r).P
	trial, err := d.Cleaning.Try(b, v.see)
	if err != nil {
		return err
	}
	id, steps := b.Dataset.ID, b.Draft.Steps
	page := cleanPage{Head: ui.PageHead{Title: b.Dataset.Title, Eyebrow: p.T("cleaningweb.title"), Lead: p.T("cleaningweb.lead")}, Tabs: d.Tabs(r, string(id), b.Dataset.Title),
		Base: path(id), Revision: b.Draft.Revision, May: b.May, Undo: len(b.Draft.Before) > 0, Purposes: purposes(p, path(id), len(steps) == 0 && v.form == nil)}
	page.Notices, page.Dismiss = notices(p, b)
	if v.told != nil {
		page.Notices = append(page.Notices, *v.told)
	}
	if page.Keep, err = d.newKeep(r, b, v); err != nil {
		return err
	}
	whole := trial
	if v.see < len(steps) { // the list says what every step did, whatever the preview shows
		if whole, err = d.Cleaning.Try(b, len(steps)); err != nil {
			return err
		}
	}
	page.Applies = whole.Wrong == nil && len(steps) > 0 && (b.Dataset.Pending == nil || b.Dataset.Pending.State != dataset.Running)
	for i, s := range steps {
		page.Steps = append(page.Steps, newStep(p, path(id), i, s, whole))
	}
	for i := range page.Steps {
		page.Steps[i].Last, page.Steps[i].Seen = i == len(steps)-1, i == v.see-1 && v.see < len(steps)
	}
	if v.form != nil {
		if page.Form, err = d.newForm(r, b, *v.form, v.errs); err != nil {
			return err
		}
	}
	if v.form == nil && whole.Wrong == nil {
		if page.Suggestions, err = d.suggestions(p, b); err != nil {
			return err
		}
	}
	page.Preview = newPreview(p, trial, v.see, len(steps))
	return cleanTemplate.Render(w, r, v.status, ui.Head{Title: p.T("cleaningweb.title") + " – " + b.Dataset.Title, Errors: v.errs, Section: "/datasets", Wide: true, NoIndex: true,
		Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}, {Label: b.Dataset.Title, Href: ui.Link("/datasets", string(id))}}}, page)
}

// notices say what stands in the way: a change on its way, one that failed, not being allowed.
func notices(p *i18n.Printer, b cleaning.Bench) (out []ui.Notice, dismiss string) {
	home := ui.Link("/datasets", string(b.Dataset.ID))
	if !b.May {
		out = append(out, ui.Notice{Text: p.T("cleaningweb.only_try", b.Dataset.OwnerName)})
	}
	pending := b.Dataset.Pending
	switch {
	case pending == nil:
	case pending.State == dataset.Running:
		out = append(out, ui.Notice{Text: p.T("cleaningweb.pending"), Action: &ui.LinkButton{Label: p.T("cleaningweb.pending_see"), Href: home}})
	case pending.Fault != nil:
		out = append(out, ui.Notice{Kind: ui.Error, Title: p.T("cleaningweb.failed"), Text: p.T(pending.Fault.Key, pending.Fault.Args...)})
		if b.May {
			dismiss = home + "/cancel"
		}
	}
	return out, dismiss
}

func newStep(p *i18n.Printer, base string, i int, s recipe.Step, t cleaning.Trial) stepView {
	said := s.Say()
	n := strconv.Itoa(i)
	v := stepView{At: i, Number: i + 1, Says: p.T(said.Key, said.Args...), First: i == 0, See: base + "?see=" + strconv.Itoa(i+1) + "#preview-title"}
	if recipe.Alone(s) {
		v.Edit = base + "?edit=" + n + "#step-title"
	}
	switch {
	case t.Wrong != nil && i == t.At:
		v.Wrong, v.See = p.T(t.Wrong.Key, t.Wrong.Args...), ""
		return v
	case i >= len(t.Tallies):
		v.Waits, v.See = true, ""
		return v
	}
	did := t.Tallies[i]
	v.Samples = did.Samples
	if gone := did.In - did.Out; remade[s.Kind()] {
		v.Did = append(v.Did, p.T("cleaningweb.rows_remade", p.T("cleaningweb.rows", int(did.In)), p.T("cleaningweb.rows", int(did.Out))))
	} else if gone > 0 {
		v.Did = append(v.Did, p.T("cleaningweb.rows_gone", int(gone)))
	} else if gone < 0 {
		v.Did = append(v.Did, p.T("cleaningweb.rows_more", int(-gone)))
	}
	if did.Changed > 0 {
		v.Did = append(v.Did, p.T("cleaningweb.cells_changed", int(did.Changed)))
	}
	if did.Left > 0 {
		v.Did = append(v.Did, p.T("cleaningweb.left_"+leftOf(s.Kind()), int(did.Left)))
	}
	if len(did.Unpaired) > 0 {
		v.Did = append(v.Did, p.T("cleaningweb.unpaired", strings.Join(did.Unpaired, ", ")))
	}
	if len(v.Did) == 0 && rewrites[s.Kind()] {
		v.Did = append(v.Did, p.T("cleaningweb.nothing_changed"))
	}
	return v
}

// rewrites are the kinds of step that change cells or rows; the others change columns alone.
var rewrites = map[string]bool{"trim": true, "case": true, "replace": true, "date": true, "number": true, "cluster": true, "fill": true, "filter": true, "totals": true, "deduplicate": true}

// remade are the kinds that make other rows of those that come, so that none is gone or added.
var remade = map[string]bool{"sql": true, "aggregate": true, "pivot": true}

// leftOf says what a step may leave: values it could not read, cells with nothing above, cells without the sign to split at, rows without
// a partner, rows without an answer.
func leftOf(kind string) string {
	switch kind {
	case "fill", "split", "join", "derive", "commune", "address":
		return kind
	}
	return "read"
}

func purposes(p *i18n.Printer, base string, open bool) (out []purposeView) {
	for i, g := range recipe.Purposes() {
		v := purposeView{Title: p.T("recipe.purpose_" + g.Name), Open: open && i == 0}
		for _, kind := range g.Kinds {
			href := base + "?add=" + kind + "#step-title"
			if kind == "cluster" { // people choose among the values there are
				href = base + "/values"
			}
			v.Kinds = append(v.Kinds, kindView{p.T("recipe.kind_" + kind), p.T("recipe.kind_" + kind + "_why"), href})
		}
		out = append(out, v)
	}
	return out
}
