package recognitionweb

import (
	"fmt"
	"net/http"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/recognition"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const (
	home         = "/badges"
	requestsHome = "/badge-requests"
)

type listPage struct {
	Head    ui.PageHead
	Links   []ui.LinkButton
	Badges  []offerCard
	Held    []offerCard
	Signed  bool
	NotMine string
}

// An offerCard is a badge in a list, with its picture.
type offerCard struct {
	Picture, Alt, Title, Href, Text string
	Tags                            []ui.Badge
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

func offerPath(id string, more ...string) string {
	return ui.Link(home, append([]string{id}, more...)...)
}

// list shows the badges that may be earned, and first those that the visitor holds.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p, lang := v.P, string(v.Lang)
	all, err := d.Views(r.Context(), v.Actor, lang)
	if err != nil {
		return err
	}
	page := listPage{Head: ui.PageHead{Title: p.T("recognitionweb.badges"), Lead: p.T("recognitionweb.badges_lead")}, Signed: v.Actor.Known(),
		Links: []ui.LinkButton{{Label: p.T("recognitionweb.verify"), Href: "/verify", Icon: "shield-check"}}}
	if d.MayGiveAny(v.Actor) {
		waiting, err := d.Waiting(r.Context(), v.Actor)
		if err != nil {
			return err
		}
		page.Links = append(page.Links, ui.LinkButton{Label: p.T("recognitionweb.requests_count", len(waiting)), Href: requestsHome, Icon: "clipboard-check"})
	}
	if v.Actor.Known() {
		page.Links = append(page.Links, ui.LinkButton{Label: p.T("recognitionweb.issuer_link"), Href: issuerPath(v.Actor.Organisation), Icon: "key"})
	}
	for _, one := range all {
		card := offerCard{Picture: offerPath(one.ID, "picture.svg"), Title: one.Name.In(lang), Href: offerPath(one.ID), Text: one.Description.In(lang)}
		if v.Actor.Known() {
			card.Tags = d.tags(p, one)
		}
		if one.Held != nil {
			held := card
			held.Href = credentialPath(one.Held.ID)
			page.Held = append(page.Held, held)
		}
		page.Badges = append(page.Badges, card)
	}
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: home}, page)
}

// tags say where the visitor stands with a badge.
func (d Desk) tags(p *i18n.Printer, v recognition.View) (out []ui.Badge) {
	if v.Held != nil {
		out = append(out, verdictTag(p, v.Held.Verdict(d.Now())))
	}
	switch {
	case v.Asked != nil && v.Asked.State == recognition.Waiting:
		out = append(out, ui.Badge{Label: p.T("recognitionweb.asked"), Kind: ui.Info, Icon: "clock"})
	case v.MayAsk(d.Now()):
		out = append(out, ui.Badge{Label: p.T("recognitionweb.ready"), Kind: ui.Success, Icon: "sparkles"})
	case v.Held == nil:
		met := 0
		for _, n := range v.Progress.Needs {
			if n.Met() {
				met++
			}
		}
		out = append(out, ui.Badge{Label: p.T("recognitionweb.met", met, len(v.Progress.Needs))})
	}
	return out
}

func verdictTag(p *i18n.Printer, v recognition.Verdict) ui.Badge {
	kind := ui.Error
	switch v {
	case recognition.Valid:
		kind = ui.Success
	case recognition.Suspended, recognition.Expired:
		kind = ui.Warning
	}
	return ui.Badge{Label: p.T("recognitionweb.tag_" + string(v)), Kind: kind}
}

type offerPage struct {
	Head    ui.PageHead
	Picture string
	Name    string
	Text    string
	Facts   ui.Facts
	Needs   ui.Table
	Short   string
	Leads   []lead
	Proofs  []string
	Held    *ui.Notice
	Asked   *askedNotice
	Ask     *askForm
	Door    string // where to sign in
	Give    *giveForm
}

// An askedNotice says what became of the newest request.
type askedNotice struct {
	Notice   ui.Notice
	Withdraw string // address, "" when it is answered
}

type askForm struct {
	Action string
	Note   ui.Textarea
}

type giveForm struct {
	Action string
	Email  ui.Field
	Seen   ui.Textarea
	Link   ui.Field
}

var offerTemplate = ui.Page[offerPage](pages, "pages/offer.tmpl")

// A draft is what was typed in a form of an offer's page, with what is wrong in it.
type draft struct {
	status                        int
	note, email, seen, link, word string
	errs                          ui.FormErrors
}

// offer shows what a badge takes, and what the visitor still lacks.
func (d Desk) offer(w http.ResponseWriter, r *http.Request) error {
	return d.showOffer(w, r, draft{status: http.StatusOK})
}

func (d Desk) showOffer(w http.ResponseWriter, r *http.Request, f draft) error {
	visit := web.VisitOf(r)
	p, lang, by := visit.P, string(visit.Lang), visit.Actor
	v, err := d.Look(r.Context(), by, r.PathValue("offer"), lang)
	if err != nil {
		return err
	}
	organisation := by.Organisation
	if organisation == "" {
		if organisation, _, err = d.Name(r.Context(), ""); err != nil {
			return err
		}
	}
	items, err := d.Items(r.Context(), organisation, lang)
	if err != nil {
		return err
	}
	page := offerPage{Head: ui.PageHead{Eyebrow: p.T("recognitionweb.badge"), Title: v.Name.In(lang), Lead: v.Description.In(lang)}, Picture: offerPath(v.ID, "picture.svg"), Name: v.Name.In(lang), Text: v.Criteria.In(lang),
		Facts: offerFacts(p, v.Offer), Needs: needs(p, v, items, by.Known())}
	if !by.Known() {
		page.Door = "/sign-in"
		return offerTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: f.errs}, page)
	}
	if v.Progress.Short > 0 {
		page.Short = p.T("recognitionweb.short", v.Progress.Short)
	}
	for _, proof := range v.Progress.Proofs {
		page.Proofs = append(page.Proofs, said(proof.Evidence)+", "+p.Date(proof.At))
	}
	page.Leads = d.leads(p, v, items, lang)
	d.standing(p, v, &page)
	if v.MayAsk(d.Now()) {
		page.Ask = &askForm{offerPath(v.ID, "ask"), ui.Textarea{Name: "note", Label: p.T("recognitionweb.note"), Value: f.note, Error: f.errs.For("note"), Rows: 3, MaxLength: recognition.NoteMost, Optional: true}}
	}
	if v.MayGive(by) {
		page.Give = &giveForm{Action: offerPath(v.ID, "give"),
			Email: ui.Field{Name: "email", Label: p.T("recognitionweb.to"), Type: "email", Value: f.email, Error: f.errs.For("email"), Required: true, Autocomplete: "off"},
			Seen:  ui.Textarea{Name: "seen", Label: p.T("recognitionweb.seen"), Hint: p.T("recognitionweb.seen_hint"), Value: f.seen, Error: f.errs.For("seen"), Rows: 4, MaxLength: recognition.SeenMost, Required: true},
			Link:  ui.Field{Name: "link", Label: p.T("recognitionweb.link"), Hint: p.T("recognitionweb.link_hint"), Type: "url", Value: f.link, Error: f.errs.For("link"), MaxLength: recognition.LinkMost, Optional: true, Autocomplete: "off"}}
	}
	return offerTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: f.errs}, page)
}

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("recognitionweb.badges"), Href: home}}
}

// said is a piece of evidence on one line.
func said(e recognition.Evidence) string {
	switch {
	case e.Narrative == "":
		return e.Name
	case e.Name == "":
		return e.Narrative
	}
	return e.Name + " – " + e.Narrative
}

func offerFacts(p *i18n.Printer, o recognition.Offer) ui.Facts {
	lasts := p.T("recognitionweb.for_ever")
	if o.Months > 0 {
		lasts = p.T("recognitionweb.months", o.Months)
	}
	givers := ""
	for _, role := range o.Validators {
		if givers != "" {
			givers += ", "
		}
		givers += p.T("recognitionweb.role_" + string(role))
	}
	return ui.Facts{Items: []ui.Fact{{Label: p.T("recognitionweb.evidence_rule"), Value: p.T("recognitionweb.least", o.Least)}, {Label: p.T("recognitionweb.given_by"), Value: givers}, {Label: p.T("recognitionweb.lasts"), Value: lasts}}}
}

// needs is the table of competences, with how far the visitor is when they are known.
func needs(p *i18n.Printer, v recognition.View, items map[string]recognition.Item, known bool) ui.Table {
	t := ui.Table{Caption: p.T("recognitionweb.needs"), FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("recognitionweb.competence")}, {Label: p.T("recognitionweb.level")}}}
	if known {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("recognitionweb.reached")})
	}
	for i, c := range v.Competences {
		row := ui.Row{Cells: []ui.Cell{{Text: c.Code}, {Text: fmt.Sprintf("N%d", c.Level)}}}
		if it, ok := items[c.Code]; ok {
			row.Cells[0] = ui.Cell{Text: c.Code + " " + it.Name}
			if known {
				row.Cells[0].Href = it.URL
			}
		}
		if known {
			n := v.Progress.Needs[i]
			tag := ui.Badge{Label: p.T("recognitionweb.not_yet"), Icon: "circle-dashed"}
			switch {
			case n.Met():
				tag = ui.Badge{Label: p.T("recognitionweb.at_level", n.Reached), Kind: ui.Success, Icon: "check"}
			case n.Reached > 0:
				tag = ui.Badge{Label: p.T("recognitionweb.at_level", n.Reached), Kind: ui.Warning}
			}
			row.Cells = append(row.Cells, ui.Cell{Badge: &tag})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// standing says what was given or asked for.
func (d Desk) standing(p *i18n.Printer, v recognition.View, page *offerPage) {
	if v.Held != nil {
		n := ui.Notice{Kind: ui.Success, Text: p.T("recognitionweb.you_hold"), Action: &ui.LinkButton{Label: p.T("recognitionweb.see_badge"), Href: credentialPath(v.Held.ID)}}
		if verdict := v.Held.Verdict(d.Now()); verdict != recognition.Valid {
			n.Kind, n.Text = ui.Warning, p.T("recognitionweb.your_"+string(verdict))
		}
		page.Held = &n
	}
	if v.Asked == nil {
		return
	}
	switch v.Asked.State {
	case recognition.Waiting:
		page.Asked = &askedNotice{ui.Notice{Text: p.T("recognitionweb.asked_on", p.Date(v.Asked.At))}, requestsHome + "/" + v.Asked.ID + "/withdraw"}
	case recognition.Declined:
		page.Asked = &askedNotice{Notice: ui.Notice{Kind: ui.Warning, Title: p.T("recognitionweb.declined"), Text: v.Asked.Answer}}
	}
}

// picture draws a badge's picture.
func (d Desk) picture(w http.ResponseWriter, r *http.Request) error {
	o, err := d.Offer(r.PathValue("offer"))
	if err != nil {
		return err
	}
	switch r.PathValue("file") {
	case "picture.svg":
		return answer(w, "image/svg+xml", o.Picture.SVG(o.Name.In(string(web.VisitOf(r).Lang))))
	case "picture.png":
		raw, err := o.Picture.PNG()
		if err != nil {
			return err
		}
		return answer(w, "image/png", raw)
	}
	return fault.New(fault.NotFound, "recognition.no_document")
}

// ask asks for a badge.
func (d Desk) ask(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	v, offer := web.VisitOf(r), r.PathValue("offer")
	f := draft{note: r.PostForm.Get("note")}
	err := d.Ask(r.Context(), v.Actor, offer, string(v.Lang), f.note)
	return d.after(w, r, f, outcome{err, offerPath(offer), "recognitionweb.asked_done"})
}

// give gives a badge for what somebody saw.
func (d Desk) give(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	offer := r.PathValue("offer")
	f := draft{email: r.PostForm.Get("email"), seen: r.PostForm.Get("seen"), link: r.PostForm.Get("link")}
	badge, err := d.GiveSeen(r.Context(), web.Actor(r), offer, recognition.Sight{Email: f.email, Text: f.seen, Link: f.link})
	return d.after(w, r, f, outcome{err, credentialPath(badge), "recognitionweb.given"})
}

// An outcome is how a form ended: where to go and what to say, or why not.
type outcome struct {
	err        error
	to, saying string
}

// after shows the form again with what is wrong in it, or goes on.
func (d Desk) after(w http.ResponseWriter, r *http.Request, f draft, o outcome) error {
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, o.err); ok {
		f.status, f.errs = http.StatusUnprocessableEntity, errs
		return d.showOffer(w, r, f)
	}
	if o.err != nil {
		return o.err
	}
	return web.Redirect(w, r, o.to, web.Said{Kind: "success", Key: o.saying})
}

// names says how people are called, for who may know.
func (d Desk) names(r *http.Request, people ...string) (map[string]string, error) {
	by := web.Actor(r)
	if !by.Known() {
		return nil, nil
	}
	return d.Names(r.Context(), by, people...)
}
