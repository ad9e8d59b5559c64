package trainingweb

import (
	"net/http"
	"strconv"

	"cultured/internal/i18n"
	"cultured/internal/training"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type showPage struct {
	Head        ui.PageHead
	Notice      *ui.Notice
	Summary     string
	Open        ui.LinkButton
	Link        string // what a check of it found
	Facts       ui.Facts
	Competences []ui.LinkButton // label, and address or none
	Follow      *followForm
	Crowd       string
	Shared      []said
	Review      *reviewForm
}

// A said is a sentence somebody shared.
type said struct{ Text, Who, When string }

type followForm struct {
	Action, Undo string // Undo is "" for who has not followed it
	Mine         string // when they did
	Changed      ui.Textarea
	Shared       ui.Checkbox
}

type reviewForm struct {
	Action   string
	Revision int
	Accept   string // label, "" when it cannot be
	Refuse   bool
	Retire   bool
	Reason   ui.Textarea
}

var showTemplate = ui.Page[showPage](pages, "pages/show.tmpl")

// show is one resource, with what the reader may do about it.
func (d Desk) show(w http.ResponseWriter, r *http.Request) error {
	return d.showOne(w, r, nil)
}

func (d Desk) showOne(w http.ResponseWriter, r *http.Request, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	p, lang := v.P, string(v.Lang)
	e, err := d.Training.Look(r.Context(), v.Actor, training.ResourceID(r.PathValue("id")))
	if err != nil {
		return err
	}
	known, err := d.Competences(r.Context(), v.Actor, lang)
	if err != nil {
		return err
	}
	people := []string{e.By, e.Reviewer}
	for _, f := range e.Shared {
		people = append(people, f.Person)
	}
	names, err := d.Names(r.Context(), v.Actor, people...)
	if err != nil {
		return err
	}
	page := showPage{Head: ui.PageHead{Eyebrow: p.T("training.kind_" + e.Kind), Title: e.Title.In(lang)}, Summary: e.Summary.In(lang),
		Open: ui.LinkButton{Label: p.T("trainingweb.open"), Href: e.Address, Icon: "external-link", Look: ui.Primary}, Link: d.linkSaid(p, e), Facts: facts(p, e, names)}
	page.Notice = standing(p, e)
	if training.MayEdit(v.Actor, e.Resource) {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("trainingweb.edit"), Href: path(e.ID, "edit"), Icon: "pencil"}}
	}
	for _, code := range e.Competences {
		page.Competences = append(page.Competences, ui.LinkButton{Label: known[code].named(code), Href: known[code].Href})
	}
	if e.State == training.Accepted || e.State == training.Retired {
		page.Follow = newFollowForm(p, e, r, errs)
		if e.Followers > 0 {
			page.Crowd = p.T("trainingweb.crowd", e.Followers)
		}
	}
	for _, f := range e.Shared {
		page.Shared = append(page.Shared, said{f.Changed, names[f.Person], p.Date(f.At)})
	}
	if training.MayReview(v.Actor) {
		page.Review = newReviewForm(p, e, r, errs)
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return showTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: errs}, page)
}

// standing says what is not plain about where a resource stands; nil when it is in the inventory.
func standing(p *i18n.Printer, e training.Entry) *ui.Notice {
	switch e.State {
	case training.Proposed:
		return &ui.Notice{Title: p.T("trainingweb.is_proposed"), Text: p.T("trainingweb.is_proposed_text")}
	case training.Refused:
		return &ui.Notice{Kind: ui.Warning, Title: p.T("trainingweb.is_refused"), Text: e.Reason}
	case training.Retired:
		return &ui.Notice{Kind: ui.Warning, Title: p.T("trainingweb.is_retired"), Text: e.Reason}
	}
	return nil
}

// linkSaid says what a check of the link last found.
func (d Desk) linkSaid(p *i18n.Printer, e training.Entry) string {
	switch {
	case e.Link.Outcome != "":
		return p.T("trainingweb.link_"+string(e.Link.Outcome), p.Date(e.Link.At))
	case d.Outgoing:
		return p.T("trainingweb.link_waits")
	}
	return p.T("trainingweb.link_never")
}

func facts(p *i18n.Printer, e training.Entry, names map[string]string) (out ui.Facts) {
	fact := func(key, value, icon string) {
		out.Items = append(out.Items, ui.Fact{Label: p.T("trainingweb." + key), Value: value, Icon: icon})
	}
	fact("publisher", e.Publisher, "landmark")
	fact("format", p.T("training.format_"+e.Format), "file-text")
	if e.Minutes > 0 {
		fact("duration", duration(p, e.Minutes), "clock")
	}
	fact("level", p.T("training.level_"+strconv.Itoa(e.Level)), "chart-column")
	fact("audience", p.T("training.audience_"+e.Audience), "users")
	fact("language", languages(p, e.Languages), "globe")
	licence := p.T("training.licence_unknown")
	if e.Licence != "" {
		licence = p.T("training.licence_" + e.Licence)
	}
	fact("licence", licence, "scale")
	switch who := names[e.Reviewer]; {
	case e.Reviewed.IsZero() && e.State == training.Accepted:
		fact("reviewed", p.T("trainingweb.not_reviewed"), "shield-check")
	case who != "":
		fact("reviewed", p.T("trainingweb.reviewed_by", p.Date(e.Reviewed), who), "shield-check")
	case !e.Reviewed.IsZero():
		fact("reviewed", p.Date(e.Reviewed), "shield-check")
	}
	if who := names[e.By]; who != "" {
		fact("proposed_by", who, "user")
	}
	return out
}

func newFollowForm(p *i18n.Printer, e training.Entry, r *http.Request, errs ui.FormErrors) *followForm {
	f := &followForm{Action: path(e.ID, "follow"),
		Changed: ui.Textarea{Name: "changed", Label: p.T("trainingweb.changed"), Hint: p.T("trainingweb.changed_hint"), Rows: 2, MaxLength: training.ChangedMost, Optional: true, Error: errs.For("changed")},
		Shared:  ui.Checkbox{Name: "shared", Label: p.T("trainingweb.share"), Hint: p.T("trainingweb.share_hint")}}
	if e.Mine != nil {
		f.Undo, f.Mine = path(e.ID, "unfollow"), p.T("trainingweb.followed_on", p.Date(e.Mine.At))
		f.Changed.Value, f.Shared.Checked = e.Mine.Changed, e.Mine.Shared
	}
	if r.Method == http.MethodPost && errs.For("changed") != "" {
		f.Changed.Value, f.Shared.Checked = r.PostFormValue("changed"), r.PostFormValue("shared") != ""
	}
	return f
}

func newReviewForm(p *i18n.Printer, e training.Entry, r *http.Request, errs ui.FormErrors) *reviewForm {
	f := &reviewForm{Action: path(e.ID, "decide"), Revision: e.Revision, Refuse: e.State == training.Proposed, Retire: e.State == training.Accepted, Accept: p.T("trainingweb.accept_" + string(e.State)),
		Reason: ui.Textarea{Name: "reason", Label: p.T("trainingweb.reason"), Hint: p.T("trainingweb.reason_hint"), Rows: 2, MaxLength: training.ReasonMost, Error: errs.For("reason")}}
	if r.Method == http.MethodPost && errs.For("reason") != "" {
		f.Reason.Value = r.PostFormValue("reason")
	}
	return f
}

// decide reviews a resource as the button says.
func (d Desk) decide(w http.ResponseWriter, r *http.Request) error {
	id := training.ResourceID(r.PathValue("id"))
	opened, err := strconv.Atoi(r.PostFormValue("revision"))
	if err != nil {
		opened = -1 // no revision: the rule says so
	}
	choice := training.Decision{State: training.State(r.PostFormValue("state")), Reason: r.PostFormValue("reason"), Opened: opened}
	err = d.Training.Decide(r.Context(), web.Actor(r), id, choice)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showOne(w, r, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "trainingweb.now_" + string(choice.State)})
}

// follow keeps what the reader says of having used it.
func (d Desk) follow(w http.ResponseWriter, r *http.Request) error {
	id := training.ResourceID(r.PathValue("id"))
	err := d.Training.Follow(r.Context(), web.Actor(r), id, r.PostFormValue("changed"), r.PostFormValue("shared") != "")
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showOne(w, r, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(id)+"#follow", web.Said{Kind: "success", Key: "trainingweb.follow_kept"})
}

// unfollow takes it back.
func (d Desk) unfollow(w http.ResponseWriter, r *http.Request) error {
	id := training.ResourceID(r.PathValue("id"))
	if err := d.Training.Unfollow(r.Context(), web.Actor(r), id); err != nil {
		return err
	}
	return web.Redirect(w, r, path(id)+"#follow", web.Said{Kind: "success", Key: "trainingweb.follow_gone"})
}
