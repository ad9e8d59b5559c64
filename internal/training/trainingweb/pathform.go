package trainingweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/training"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type pathFormPage struct {
	Head      ui.PageHead
	Action    string
	Back      string
	Revision  int
	Title     ui.Field
	Summary   ui.Textarea
	Steps     []stepForm
	Count     int
	TitleEN   ui.Field
	SummaryEN ui.Textarea
}

// A stepForm is one step in the form; the last ones are empty, to be filled.
type stepForm struct {
	Legend string
	Order  ui.Field
	What   ui.Choice
	Event  ui.Field
	Note   ui.Field
	When   ui.Choice
	Code   ui.Choice
	Level  ui.Choice
	Hidden []ui.Pair // what the form does not show: an event's name, words in English
}

var pathFormTemplate = ui.Page[pathFormPage](pages, "pages/pathform.tmpl")

// spareSteps is how many empty steps the form offers.
const spareSteps = 3

// meeting is what one chooses for an event that is no workshop session.
const meeting = "event:"

// A pathDraft is a path in its form.
type pathDraft struct {
	one    training.Path
	opened int
	status int
	errs   ui.FormErrors
}

func (d Desk) showPathForm(w http.ResponseWriter, r *http.Request, f pathDraft) error {
	v := web.VisitOf(r)
	p, one := v.P, f.one
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return err
	}
	all, err := d.everything(r)
	if err != nil {
		return err
	}
	page := pathFormPage{Head: ui.PageHead{Title: p.T("trainingweb.make_path"), Lead: p.T("trainingweb.make_path_lead")}, Action: pathsHome + "/new", Back: pathsHome, Revision: f.opened}
	way := []ui.Crumb{{Label: p.T("trainingweb.paths"), Href: pathsHome}}
	if one.ID != "" {
		page.Head, page.Action, page.Back = ui.PageHead{Title: p.T("trainingweb.edit_path")}, pathOf(one.ID, "edit"), pathOf(one.ID)
		way = append(way, ui.Crumb{Label: one.Title.In(string(v.Lang)), Href: page.Back})
	}
	page.Title = ui.Field{Name: "title", Label: p.T("trainingweb.path_name"), Value: one.Title.FR, Error: f.errs.For("title"), Required: true, MaxLength: training.TitleMost, Autocomplete: "off"}
	page.Summary = ui.Textarea{Name: "summary", Label: p.T("trainingweb.path_summary"), Hint: p.T("trainingweb.path_summary_hint"), Value: one.Summary.FR, Error: f.errs.For("summary"), Required: true, Rows: 3, MaxLength: training.SummaryMost}
	page.TitleEN = ui.Field{Name: "title_en", Label: p.T("trainingweb.name_en"), Value: one.Title.EN, Error: f.errs.For("title_en"), Optional: true, MaxLength: training.TitleMost, Autocomplete: "off"}
	page.SummaryEN = ui.Textarea{Name: "summary_en", Label: p.T("trainingweb.path_summary_en"), Value: one.Summary.EN, Error: f.errs.For("summary_en"), Optional: true, Rows: 3, MaxLength: training.SummaryMost}
	page.Count = min(len(one.Steps)+spareSteps, training.StepsMost)
	for i := range page.Count {
		var s training.Step
		if i < len(one.Steps) {
			s = one.Steps[i]
		}
		page.Steps = append(page.Steps, newStepForm(p, i, s, stepChoices{all, known, f.errs.For(training.StepField(i))}))
	}
	return pathFormTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: pathsHome, Crumbs: way, Errors: f.errs}, page)
}

// stepChoices is what a step is chosen from.
type stepChoices struct {
	all   []Thing
	known map[string]Competence
	wrong string
}

func newStepForm(p *i18n.Printer, i int, s training.Step, from stepChoices) stepForm {
	n := strconv.Itoa(i + 1)
	chosen := s.Key()
	f := stepForm{Legend: p.T("trainingweb.step_number", i+1),
		Order: ui.Field{Name: "order-" + n, Label: p.T("trainingweb.order"), Mode: "numeric", Size: "short", Value: n, Autocomplete: "off"},
		What:  ui.Choice{Name: training.StepField(i), Label: p.T("trainingweb.step_what"), Empty: p.T("trainingweb.step_none"), Error: from.wrong},
		Event: ui.Field{Name: "event-" + n, Label: p.T("trainingweb.step_event_title"), Hint: p.T("trainingweb.step_event_hint"), Value: s.Title.FR, MaxLength: training.TitleMost, Optional: true, Autocomplete: "off"},
		Note:  ui.Field{Name: "note-" + n, Label: p.T("trainingweb.step_note"), Value: s.Note.FR, MaxLength: training.NoteMost, Optional: true, Autocomplete: "off"},
		When:  ui.Choice{Name: "when-" + n, Label: p.T("trainingweb.step_when"), Empty: p.T("trainingweb.when_always")},
		Code:  ui.Choice{Name: "code-" + n, Label: p.T("trainingweb.step_code"), Empty: p.T("trainingweb.no_competence"), Optional: true},
		Level: ui.Choice{Name: "level-" + n, Label: p.T("trainingweb.level"), Empty: p.T("trainingweb.choose"), Optional: true}}
	found := false
	for _, t := range from.all {
		kind, _, _ := strings.Cut(t.Key, ":")
		f.What.Options = append(f.What.Options, ui.Option{Value: t.Key, Label: t.Title, Group: p.T("trainingweb.steps_" + kind), Selected: t.Key == chosen})
		found = found || t.Key == chosen
	}
	other := ui.Option{Value: meeting, Label: p.T("trainingweb.step_meeting"), Group: p.T("trainingweb.steps_event")}
	if !found && s.Kind == training.EventStep {
		other.Selected = true
		f.Hidden = append(f.Hidden, ui.Pair{Name: "ref-" + n, Value: s.Ref})
	} else if !found && s.Ref != "" {
		f.What.Options = append(f.What.Options, ui.Option{Value: chosen, Label: p.T("trainingweb.step_gone"), Selected: true})
	}
	f.What.Options = append(f.What.Options, other)
	for _, when := range []string{training.AfterPrevious, training.AtLevel} {
		f.When.Options = append(f.When.Options, ui.Option{Value: when, Label: p.T("trainingweb.when_" + when), Selected: when == s.When})
	}
	for _, code := range codes(from.known, false) {
		family, _, _ := strings.Cut(code, ".")
		f.Code.Options = append(f.Code.Options, ui.Option{Value: code, Label: from.known[code].named(code), Group: from.known[family].named(family), Selected: code == s.Code})
	}
	for level := 1; level <= training.LevelMost; level++ {
		v := strconv.Itoa(level)
		f.Level.Options = append(f.Level.Options, ui.Option{Value: v, Label: p.T("training.level_" + v), Selected: level == s.Level})
	}
	f.Hidden = append(f.Hidden, ui.Pair{Name: "note_en-" + n, Value: s.Note.EN}, ui.Pair{Name: "event_en-" + n, Value: s.Title.EN}, ui.Pair{Name: "was-" + n, Value: s.Note.FR}, ui.Pair{Name: "event_was-" + n, Value: s.Title.FR})
	return f
}

// readPathForm reads what was typed. Steps stand in the order of their numbers; those left empty go. Words in English go with the French they said.
func readPathForm(form url.Values) (one training.Path, opened int) {
	one = training.Path{Title: training.Words{FR: form.Get("title"), EN: form.Get("title_en")}, Summary: training.Words{FR: form.Get("summary"), EN: form.Get("summary_en")}}
	opened, _ = strconv.Atoi(form.Get("revision")) // none is that of what ships
	count, _ := strconv.Atoi(form.Get("count"))
	type placed struct {
		training.Step
		at float64
	}
	var steps []placed
	for i := range min(max(count, 0), training.StepsMost) {
		n := strconv.Itoa(i + 1)
		kind, ref, ok := strings.Cut(form.Get(training.StepField(i)), ":")
		if !ok {
			continue
		}
		s := training.Step{Kind: kind, Ref: ref, Note: training.Words{FR: form.Get("note-" + n)}, When: form.Get("when-" + n), Code: form.Get("code-" + n)}
		s.Level, _ = strconv.Atoi(form.Get("level-" + n)) // no number is no level: the rule says so
		if s.Note.FR == form.Get("was-"+n) {
			s.Note.EN = form.Get("note_en-" + n)
		}
		if kind == training.EventStep {
			s.Title.FR = form.Get("event-" + n)
			if s.Title.FR == form.Get("event_was-"+n) {
				s.Title.EN = form.Get("event_en-" + n)
			}
			if ref == "" {
				s.Ref = cmp.Or(form.Get("ref-"+n), "meeting-"+strconv.Itoa(opened)+"-"+n)
			}
		}
		at, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(form.Get("order-"+n)), ",", ".", 1), 64)
		if err != nil {
			at = float64(i + 1)
		}
		steps = append(steps, placed{s, at})
	}
	slices.SortStableFunc(steps, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	for _, s := range steps {
		one.Steps = append(one.Steps, s.Step)
	}
	return one, opened
}

// entitle gives the events that are workshop sessions, and were given no title, that of the session: not everybody may read it there.
func (d Desk) entitle(r *http.Request, one *training.Path) error {
	things, err := d.things(r)
	for i := range one.Steps {
		if s := &one.Steps[i]; s.Kind == training.EventStep && strings.TrimSpace(s.Title.FR) == "" {
			s.Title.FR = things[s.Key()].Title
		}
	}
	return err
}

// blankPath shows an empty form.
func (d Desk) blankPath(w http.ResponseWriter, r *http.Request) error {
	if !training.MayMake(web.Actor(r)) {
		return fault.New(fault.Denied, "training.makers_only")
	}
	return d.showPathForm(w, r, pathDraft{status: http.StatusOK})
}

// makePath adds what was typed.
func (d Desk) makePath(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	one, _ := readPathForm(r.PostForm)
	if err := d.entitle(r, &one); err != nil {
		return err
	}
	id, err := d.Training.MakePath(r.Context(), web.Actor(r), one)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showPathForm(w, r, pathDraft{one: one, status: http.StatusUnprocessableEntity, errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, pathOf(id), web.Said{Kind: "success", Key: "trainingweb.path_made"})
}

// editPath shows a path in its form.
func (d Desk) editPath(w http.ResponseWriter, r *http.Request) error {
	way, err := d.Training.Way(r.Context(), web.Actor(r), training.PathID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !training.MayMake(web.Actor(r)) {
		return fault.New(fault.Denied, "training.makers_only")
	}
	return d.showPathForm(w, r, pathDraft{one: way.Path, opened: way.Revision, status: http.StatusOK})
}

// savePath keeps what was written. When somebody else saved meanwhile, what was typed stays in the form, over the latest state.
func (d Desk) savePath(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	one, opened := readPathForm(r.PostForm)
	one.ID = training.PathID(r.PathValue("id"))
	if err := d.entitle(r, &one); err != nil {
		return err
	}
	err := d.Training.EditPath(r.Context(), web.Actor(r), one, opened)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		if fault.Is(err, "training.path_moved") {
			saved, err := d.Training.Way(r.Context(), web.Actor(r), one.ID)
			if err != nil {
				return err
			}
			opened, errs[0].Field = saved.Revision, "title"
		}
		return d.showPathForm(w, r, pathDraft{one, opened, http.StatusUnprocessableEntity, errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, pathOf(one.ID), web.Said{Kind: "success", Key: "trainingweb.saved"})
}
