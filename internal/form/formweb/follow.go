package formweb

import (
	"net/http"

	"cultured/internal/form"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type sentPage struct {
	Head      ui.PageHead
	Notice    *ui.Notice // right after sending
	Reference string
	Thanks    string
	Contact   string
	Draft     string // of the form, which the browser may forget
	Again     string
	Track     bool
	State     ui.Badge
	Due       string
	Past      []pastStep
	Write     string // path to post to
	Message   ui.Textarea
}

var sentTemplate = ui.Page[sentPage](pages, "pages/sent.tmpl", "pages/past.tmpl")

// sent says that an answer was taken, under which number, and where it stands.
func (d Desk) sent(w http.ResponseWriter, r *http.Request) error {
	return d.showSent(w, r, http.StatusOK, "", nil)
}

func (d Desk) showSent(w http.ResponseWriter, r *http.Request, status int, typed string, errs ui.FormErrors) error {
	req, err := d.Form.Follow(r.Context(), web.Actor(r), idOf(r), r.PathValue("reference"))
	if err != nil {
		return err
	}
	p, f, a := web.VisitOf(r).P, req.Form, req.Answer
	page := sentPage{Head: ui.PageHead{Title: p.T("formweb.sent"), Eyebrow: f.Title}, Reference: a.Reference, Thanks: f.Thanks, Contact: f.Contact, Draft: draftKey(f), Again: public(f.ID), Track: f.Track,
		Notice: &ui.Notice{Kind: ui.Success, Title: p.T("formweb.sent_title"), Text: p.T("formweb.sent_at", p.DateTime(a.At))}}
	if f.Track {
		page.Head.Title, page.State, page.Due = p.T("formweb.your_request", a.Reference), requestBadge(p, a.State), dayText(p, a.Due)
		page.Write = public(f.ID, "sent", a.Reference)
		page.Message = ui.Textarea{Name: "message", Label: p.T("formweb.your_message"), Hint: p.T("formweb.your_message_hint"), Value: typed, Error: errs.For("message"), Rows: 4, MaxLength: form.WordsMost, Required: true}
		if page.Past, err = d.past(r, req.Steps); err != nil {
			return err
		}
		for i, step := range req.Steps { // the author reads of the service and of themselves, not of names
			one := &page.Past[len(page.Past)-1-i]
			if one.Who = p.T("formweb.the_service"); step.Person == "" {
				one.Who, one.Mine = p.T("formweb.you"), true
			}
		}
	}
	return sentTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Bare: true, NoIndex: true, Errors: errs, Scripts: []string{"form-fill.js"}}, page)
}

// write adds a message of the author.
func (d Desk) write(w http.ResponseWriter, r *http.Request) error {
	text := r.PostFormValue("message")
	err := d.Form.Write(r.Context(), web.Actor(r), idOf(r), r.PathValue("reference"), text)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showSent(w, r, http.StatusUnprocessableEntity, text, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, public(idOf(r), "sent", r.PathValue("reference")), web.Said{Kind: "success", Key: "formweb.message_sent"})
}
