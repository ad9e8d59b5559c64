package learningweb

import (
	"cmp"
	"net/http"
	"slices"

	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// An askForm asks a colleague for a review.
type askForm struct {
	Action string
	Lead   string
	Email  ui.Field
	As     *ui.Group // nil for an event: whoever was there says so
}

// A reviewForm is what a reviewer answers.
type reviewForm struct {
	Action, Decline string
	Lead            string
	Open            *ui.LinkButton // to the work itself, nil when it is nowhere to be seen
	Met             ui.Group
	Words           ui.Textarea
}

// askReviews adds the reviews there are, and the form for one more.
func (page *evidencePage) askReviews(p *i18n.Printer, e learning.Evidence, names map[string]string, in typed) {
	if len(e.Reviews) > 0 {
		t := &ui.Table{ID: "reviews", Stacks: true, Caption: p.T("learningweb.reviews"), CaptionHidden: true, FirstIsHeader: true,
			Columns: []ui.Column{{Label: p.T("learningweb.colleague")}, {Label: p.T("learningweb.asked_on")}, {Label: p.T("learningweb.answer")}, {Label: p.T("learningweb.words")}}}
		for _, r := range slices.Backward(e.Reviews) {
			tag := reviewTag(p, r)
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.T("learningweb.by_"+string(cmp.Or(r.As, learning.Peer)), nameOf(p, names, r.Reviewer))}, {Text: p.Date(r.Asked)}, {Badge: &tag}, {Text: r.Words}}})
		}
		page.Reviews = t
	}
	if !e.Withdrawn.IsZero() || len(e.Reviews) >= learning.ReviewsMost {
		return
	}
	kind := e.Artefact.Kind
	page.Ask = &askForm{Action: path(e.ID, "reviews"), Lead: p.T("learningweb.ask_lead"),
		Email: ui.Field{Name: "reviewer", Type: "email", Label: p.T("learningweb.reviewer"), Hint: p.T("learningweb.reviewer_hint"), Value: in.form.Get("reviewer"), Error: in.errs.For("reviewer"), Required: true, Autocomplete: "off"}}
	if kind == learning.Event {
		page.Ask.Lead = p.T("learningweb.ask_event")
		return
	}
	chosen := cmp.Or(in.form.Get("as"), string(learning.Peer))
	page.Ask.As = &ui.Group{Name: "as", Label: p.T("learningweb.capacity"), Error: in.errs.For("as"), Inline: true}
	for _, as := range []learning.How{learning.Peer, learning.Manager} {
		page.Ask.As.Options = append(page.Ask.As.Options, ui.Option{Value: string(as), Label: p.T("learningweb.as_" + string(as)), Selected: chosen == string(as)})
	}
}

// reviewTag says how far a review is.
func reviewTag(p *i18n.Printer, r learning.Review) ui.Badge {
	tag := ui.Badge{Label: p.T("learningweb.review_" + string(r.State))}
	switch r.State {
	case learning.Asked:
		tag.Kind, tag.Icon = ui.Info, "clock"
	case learning.Accepted:
		tag.Kind, tag.Icon = ui.Success, "check"
	case learning.SentBack:
		tag.Kind, tag.Icon = ui.Warning, "undo-2"
	}
	return tag
}

// newReview is the grid of a reviewer.
func newReview(p *i18n.Printer, f Framework, e learning.Evidence, asked learning.Review, in typed) *reviewForm {
	open := ui.LinkButton{Label: p.T("learningweb.open_work"), Href: e.Artefact.Address, Icon: "eye"}
	if e.Artefact.Attached() {
		open = ui.LinkButton{Label: p.T("learningweb.open_file", e.Artefact.Name), Href: path(e.ID, "file"), Icon: "download"}
	}
	form := &reviewForm{Action: path(e.ID, "review"), Decline: path(e.ID, "decline"),
		Met:   ui.Group{Name: "met", Label: p.T("learningweb.grid"), Hint: p.T("learningweb.grid_hint"), Many: true, Error: in.errs.For("met")},
		Words: ui.Textarea{Name: "words", Label: p.T("learningweb.review_words"), Hint: p.T("learningweb.review_words_hint"), Value: in.form.Get("words"), Error: in.errs.For("words"), Rows: 4, MaxLength: learning.NoteMost, Optional: true}}
	if open.Href != "" {
		form.Open = &open
	}
	for _, c := range e.Grid() {
		label := p.T("learning.grid_" + c)
		if c == "level" && len(e.Shows) > 0 {
			label = p.T("learning.grid_level", f.level(e.Shows[0].Level))
		}
		form.Met.Options = append(form.Met.Options, ui.Option{Value: c, Label: label, Selected: slices.Contains(in.form["met"], c)})
	}
	return form
}

// askReview asks a colleague.
func (d Desk) askReview(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	id, form := learning.ID(r.PathValue("id")), r.PostForm
	err := d.AskReview(r.Context(), web.Actor(r), id, learning.Request{Email: form.Get("reviewer"), As: learning.How(form.Get("as"))})
	return d.after(w, r, err, outcome{path(id) + "#reviews-title", "learningweb.review_sent"})
}

// review answers with the grid.
func (d Desk) review(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	form := r.PostForm
	accept := form.Get("decision") == "accept"
	err := d.Review(r.Context(), web.Actor(r), learning.ID(r.PathValue("id")), learning.Verdict{Accept: accept, Met: form["met"], Words: form.Get("words")})
	saying := "learningweb.sent_back_done"
	if accept {
		saying = "learningweb.accepted_done"
	}
	return d.after(w, r, err, outcome{shownHome, saying})
}

// decline says that the visitor will not review.
func (d Desk) decline(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	err := d.Decline(r.Context(), web.Actor(r), learning.ID(r.PathValue("id")), r.PostForm.Get("words"))
	return d.after(w, r, err, outcome{shownHome, "learningweb.declined_done"})
}

// An outcome is where to go when a form was right, and what to say there.
type outcome struct{ to, saying string }

// after shows the piece of evidence again with what is wrong, or goes on.
func (d Desk) after(w http.ResponseWriter, r *http.Request, err error, o outcome) error {
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showEvidence(w, r, typed{r.PostForm, errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, o.to, web.Said{Kind: "success", Key: o.saying})
}
