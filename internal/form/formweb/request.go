package formweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type requestPage struct {
	Head     ui.PageHead
	Parts    []part
	Action   string
	Revision int
	Track    bool
	State    ui.Choice
	Assignee ui.Choice
	Due      ui.Field
	Message  ui.Textarea
	Note     ui.Textarea
	Past     []pastStep
	Delete   ui.Confirm
	Link     string // page of the author
}

// A part is the answers under one heading.
type part struct {
	Title string
	Facts ui.Facts
}

// A pastStep is one line of what happened to a request.
type pastStep struct {
	At, Who, What, Text string
	Message             bool
	Mine                bool // said by who reads
}

var requestTemplate = ui.Page[requestPage](pages, "pages/request.tmpl", "pages/past.tmpl")

// A treating is a treatment in its form.
type treating struct {
	form.Treatment
	status int
	errs   ui.FormErrors
}

func answerOf(r *http.Request) form.AnswerID { return form.AnswerID(r.PathValue("answer")) }

// request is one answer, and where it stands.
func (d Desk) request(w http.ResponseWriter, r *http.Request) error {
	req, err := d.Form.Request(r.Context(), web.Actor(r), idOf(r), answerOf(r))
	if err != nil {
		return err
	}
	a := req.Answer
	return d.showRequest(w, r, req, treating{form.Treatment{Revision: a.Revision, State: a.State, Assignee: a.Assignee, Due: a.Due}, http.StatusOK, nil})
}

func (d Desk) showRequest(w http.ResponseWriter, r *http.Request, req form.Request, t treating) error {
	p, f, a := web.VisitOf(r).P, req.Form, req.Answer
	at := path(f.ID, "answers", string(a.ID))
	page := requestPage{Head: ui.PageHead{Title: p.T("formweb.answer_number", a.Reference), Eyebrow: f.Title, Facts: []ui.Fact{{Label: p.T("formweb.came"), Value: p.DateTime(a.At)}, {Label: p.T("formweb.version"), Value: p.Number(a.Version)}}},
		Parts: parts(p, req), Action: at, Revision: t.Revision, Track: f.Track,
		Delete: ui.Confirm{Title: p.T("formweb.delete"), Text: p.T("formweb.delete_text"), Action: at + "/delete", Submit: p.T("formweb.delete"), Expected: a.Reference, Errors: t.errs}}
	var err error
	if f.Track {
		page.Link = d.BaseURL + public(f.ID, "sent", a.Reference)
		page.Head.Badges = []ui.Badge{requestBadge(p, a.State)}
		if a.Late(d.Form.Now()) {
			page.Head.Badges = append(page.Head.Badges, ui.Badge{Label: p.T("formweb.late", dayText(p, a.Due)), Kind: ui.Warning, Icon: "clock"})
		}
		if err = d.treatment(r, f, t, &page); err != nil {
			return err
		}
	}
	if page.Past, err = d.past(r, req.Steps); err != nil {
		return err
	}
	way := append(crumbsOf(p, f), ui.Crumb{Label: p.T("formweb.answers"), Href: path(f.ID, "answers")})
	return requestTemplate.Render(w, r, t.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: way, Errors: t.errs}, page)
}

func (d Desk) treatment(r *http.Request, f form.Form, t treating, page *requestPage) error {
	p := web.VisitOf(r).P
	page.State = ui.Choice{Name: "state", Label: p.T("formweb.request_state"), Error: t.errs.For("state")}
	for _, one := range form.States() {
		page.State.Options = append(page.State.Options, ui.Option{Value: string(one), Label: p.T(one.Word()), Selected: one == t.State})
	}
	people, err := d.Colleagues(r.Context(), f)
	if err != nil {
		return err
	}
	page.Assignee = ui.Choice{Name: "assignee", Label: p.T("formweb.treated_by"), Empty: p.T("formweb.nobody")}
	known := t.Assignee == ""
	for _, one := range people {
		known = known || one.ID == t.Assignee
		page.Assignee.Options = append(page.Assignee.Options, ui.Option{Value: one.ID, Label: one.Name, Selected: one.ID == t.Assignee})
	}
	if !known {
		page.Assignee.Options = append(page.Assignee.Options, ui.Option{Value: t.Assignee, Label: p.T("formweb.somebody_gone"), Selected: true})
	}
	page.Due = ui.Field{Name: "due", Type: "date", Label: p.T("formweb.due"), Value: t.Due, Error: t.errs.For("due"), Size: "short", Optional: true}
	page.Message = ui.Textarea{Name: "message", Label: p.T("formweb.message_to"), Hint: p.T("formweb.message_to_hint"), Value: t.Message, Error: t.errs.For("message"), Rows: 4, MaxLength: form.WordsMost, Optional: true}
	page.Note = ui.Textarea{Name: "note", Label: p.T("formweb.note"), Hint: p.T("formweb.note_hint"), Value: t.Note, Error: t.errs.For("note"), Rows: 2, MaxLength: form.WordsMost, Optional: true}
	return nil
}

// parts are the answers under the headings they were given under, each row of a group under its own. What was not asked is left out;
// what was erased says so.
func parts(p *i18n.Printer, req form.Request) (out []part) {
	out = []part{{}}
	shown, row := map[string]bool{}, ""
	for _, b := range req.Form.Shown(req.Answer.Values) {
		shown[b.Name] = true
	}
	title := map[string]string{}
	for _, b := range req.Form.Expand(req.Answer.Values) {
		values := req.Answer.Values[b.Name]
		if at := strings.TrimSuffix(b.Name, "."+base(b.Name)); at != row && (at != b.Name || row != "") {
			row = ""
			next := part{}
			if at != b.Name {
				group, number, _ := strings.Cut(at, ".")
				n, _ := strconv.Atoi(number) // the form wrote it
				row, next.Title = at, p.T("formweb.row", title[group], n)
			}
			out = append(out, next)
		}
		last := &out[len(out)-1]
		switch {
		case b.Kind == form.Heading:
			out = append(out, part{Title: b.Label})
		case b.Kind == form.Repeat:
			title[b.Name] = b.Label
		case b.Kind.Attaches() && len(values) > 0:
			last.Facts.Items = append(last.Facts.Items, fileFacts(p, req, b)...)
		case b.Kind.Asks() && (shown[b.Name] || len(values) > 0):
			last.Facts.Items = append(last.Facts.Items, ui.Fact{Label: b.Label, Value: valueText(p, b.Kind, values)})
		}
	}
	return slices.DeleteFunc(out, func(one part) bool { return len(one.Facts.Items) == 0 })
}

// past says what happened, the latest first.
func (d Desk) past(r *http.Request, steps []form.Step) (out []pastStep, err error) {
	p, people := web.VisitOf(r).P, []string{}
	for _, one := range steps {
		people = append(people, one.Person)
		if one.Kind == form.StepAssign {
			people = append(people, one.Text)
		}
	}
	names := map[string]string{}
	if web.Actor(r).Known() {
		if names, err = d.Names(r.Context(), web.Actor(r), people...); err != nil {
			return nil, err
		}
	}
	for i := len(steps) - 1; i >= 0; i-- {
		one := steps[i]
		step := pastStep{At: p.DateTime(one.At), Who: names[one.Person], Message: one.Kind == form.StepMessage || one.Kind == form.StepNote, Text: one.Text}
		if one.Person == "" {
			step.Who = p.T("formweb.the_author")
		}
		step.What = stepText(p, one, names)
		if step.Message && one.Text == "" {
			step.Text = p.T("formweb.erased")
		}
		out = append(out, step)
	}
	return out, nil
}

func stepText(p *i18n.Printer, one form.Step, names map[string]string) string {
	switch one.Kind {
	case form.StepState:
		return p.T("formweb.step_state", p.T(form.State(one.Text).Word()))
	case form.StepNote:
		return p.T("formweb.step_note")
	case form.StepDue:
		if one.Text == "" {
			return p.T("formweb.step_no_due")
		}
		return p.T("formweb.step_due", dayText(p, one.Text))
	case form.StepAssign:
		if names[one.Text] == "" {
			return p.T("formweb.step_unassigned")
		}
		return p.T("formweb.step_assigned", names[one.Text])
	}
	return p.T("formweb.step_message")
}

// treat changes a request. When somebody else did meanwhile, what was typed stays, over the latest state.
func (d Desk) treat(w http.ResponseWriter, r *http.Request) error {
	get := r.PostFormValue
	n, _ := strconv.Atoi(get("revision")) // no number is no revision: the rule says so
	t := treating{form.Treatment{Revision: n, State: form.State(get("state")), Assignee: get("assignee"), Due: get("due"), Message: get("message"), Note: get("note")}, http.StatusUnprocessableEntity, nil}
	err := d.mayAssign(r.Context(), r, t.Assignee)
	if err == nil {
		err = d.Form.Treat(r.Context(), web.Actor(r), idOf(r), answerOf(r), t.Treatment)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		req, err := d.Form.Request(r.Context(), web.Actor(r), idOf(r), answerOf(r))
		if err != nil {
			return err
		}
		t.errs, t.Revision = errs, req.Answer.Revision
		return d.showRequest(w, r, req, t)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(idOf(r), "answers", string(answerOf(r))), web.Said{Kind: "success", Key: "formweb.treated"})
}

// mayAssign refuses somebody who may not open the form, unless they already treat the request.
func (d Desk) mayAssign(ctx context.Context, r *http.Request, person string) error {
	if person == "" {
		return nil
	}
	req, err := d.Form.Request(ctx, web.Actor(r), idOf(r), answerOf(r))
	if err != nil || req.Answer.Assignee == person {
		return err
	}
	people, err := d.Colleagues(ctx, req.Form)
	for _, one := range people {
		if one.ID == person {
			return nil
		}
	}
	if err == nil {
		err = fault.Field("assignee", "formweb.not_colleague")
	}
	return err
}

// erase takes an answer away for good.
func (d Desk) erase(w http.ResponseWriter, r *http.Request) error {
	err := d.Form.Delete(r.Context(), web.Actor(r), idOf(r), answerOf(r), r.PostFormValue("confirm"))
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		req, err := d.Form.Request(r.Context(), web.Actor(r), idOf(r), answerOf(r))
		if err != nil {
			return err
		}
		a := req.Answer
		return d.showRequest(w, r, req, treating{form.Treatment{Revision: a.Revision, State: a.State, Assignee: a.Assignee, Due: a.Due}, http.StatusUnprocessableEntity, errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(idOf(r), "answers"), web.Said{Kind: "success", Key: "formweb.deleted"})
}
