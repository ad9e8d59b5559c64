package recognitionweb

import (
	"net/http"

	"cultured/internal/recognition"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type requestsPage struct {
	Head     ui.PageHead
	Requests []requestItem
	Empty    *ui.Empty
	Given    *ui.Table
}

// A requestItem is one request that waits, with the evidence it rests on and the two answers.
type requestItem struct {
	ID, Title, Picture, Who, Note string
	Proofs                        []string
	Action                        string
	Answer                        ui.Textarea
}

var requestsTemplate = ui.Page[requestsPage](pages, "pages/requests.tmpl")

// requests shows those who give badges what waits for them, and what was given.
func (d Desk) requests(w http.ResponseWriter, r *http.Request) error {
	return d.showRequests(w, r, http.StatusOK, nil)
}

func (d Desk) showRequests(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	p, lang := v.P, string(v.Lang)
	list, err := d.Waiting(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := requestsPage{Head: ui.PageHead{Title: p.T("recognitionweb.requests"), Lead: p.T("recognitionweb.requests_lead")}}
	for _, one := range list {
		names, err := d.names(r, one.Person)
		if err != nil {
			return err
		}
		o, err := d.Offer(one.Offer)
		if err != nil {
			return err
		}
		item := requestItem{ID: one.ID, Title: o.Name.In(lang), Picture: offerPath(o.ID, "picture.svg"), Who: p.T("recognitionweb.asked_by", names[one.Person], p.Date(one.At)), Note: one.Note, Action: requestsHome + "/" + one.ID,
			Answer: ui.Textarea{Name: "answer", ID: "answer-" + one.ID, Label: p.T("recognitionweb.answer"), Hint: p.T("recognitionweb.answer_hint"), Rows: 2, MaxLength: recognition.NoteMost, Optional: true}}
		if r.PathValue("request") == one.ID {
			item.Answer.Error, item.Answer.Value = errs.For(item.Answer.ID), r.PostForm.Get("answer")
		}
		for _, e := range one.Evidence {
			item.Proofs = append(item.Proofs, said(e))
		}
		page.Requests = append(page.Requests, item)
	}
	if len(list) == 0 {
		page.Empty = &ui.Empty{Icon: "clipboard-check", Title: p.T("recognitionweb.no_requests"), Text: p.T("recognitionweb.no_requests_text"), Action: &ui.LinkButton{Label: p.T("recognitionweb.badges"), Href: home}}
	}
	if page.Given, err = d.given(r); err != nil {
		return err
	}
	return requestsTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: errs}, page)
}

// given is the table of what was given in the organisation, nil when nothing was.
func (d Desk) given(r *http.Request) (*ui.Table, error) {
	v := web.VisitOf(r)
	p := v.P
	list, err := d.Badges.List(r.Context(), v.Actor.Organisation, "")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var people []string
	for _, b := range list {
		people = append(people, b.Person)
	}
	names, err := d.names(r, people...)
	if err != nil {
		return nil, err
	}
	t := &ui.Table{ID: "given", Stacks: true, Caption: p.T("recognitionweb.given_list"), Columns: []ui.Column{{Label: p.T("recognitionweb.badge")}, {Label: p.T("recognitionweb.holder")}, {Label: p.T("recognitionweb.given_on")}, {Label: p.T("recognitionweb.state")}}}
	for _, b := range list {
		tag := verdictTag(p, b.Verdict(d.Now()))
		title := b.Offer
		if o, err := d.Offer(b.Offer); err == nil {
			title = o.Name.In(string(v.Lang))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: title, Href: credentialPath(b.ID)}, {Text: names[b.Person]}, {Text: p.Date(b.At)}, {Badge: &tag}}})
	}
	return t, nil
}

// decide answers a request.
func (d Desk) decide(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	grant := r.PostForm.Get("decision") == "grant"
	badge, err := d.Answer(r.Context(), web.Actor(r), r.PathValue("request"), recognition.Answer{Grant: grant, Text: r.PostForm.Get("answer")})
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		for i := range errs {
			errs[i].Field = "answer-" + r.PathValue("request")
		}
		return d.showRequests(w, r, http.StatusUnprocessableEntity, errs)
	}
	switch {
	case err != nil:
		return err
	case grant:
		return web.Redirect(w, r, credentialPath(badge), web.Said{Kind: "success", Key: "recognitionweb.given"})
	}
	return web.Redirect(w, r, home+"/requests", web.Said{Kind: "success", Key: "recognitionweb.declined_done"})
}

// withdraw takes the visitor's own request back.
func (d Desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := d.Withdraw(r.Context(), web.Actor(r), r.PathValue("request")); err != nil {
		return err
	}
	return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "recognitionweb.withdrawn"})
}
