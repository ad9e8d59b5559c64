package workshopweb

import (
	"context"
	"net/http"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// linkPage links one card to competences.
type linkPage struct {
	Head   ui.PageHead
	Action string
	Key    string
	Phase  string
	Card   int64
	Back   string
	Links  []linkView
	Item   ui.Choice
	How    ui.Group
}

// linkView is a competence a card is linked to.
type linkView struct{ ID, Name, How string }

var linkTemplate = ui.Page[linkPage](pages, "pages/link.tmpl")

// suggested is how many competences are proposed after the words of a card.
const suggested = 5

// competences lists what the cards of a session may be linked to; nothing when no step of it links, which costs nothing.
func (d desk) competences(ctx context.Context, p *i18n.Printer, sess workshop.Session) ([]workshop.Competence, error) {
	for _, one := range sess.Template.Phases {
		if one.Kind == workshop.Connect {
			return d.Competences(ctx, sess, string(p.Lang()))
		}
	}
	return nil, nil
}

// seatCard is a card's page for a participant.
func (d desk) seatCard(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	return d.showLink(w, r, sess, viewer{hand: hand(r, sess), action: seatOf(sess), card: cardOf(r)}, nil)
}

// consoleCard is a card's page for the facilitator.
func (d desk) consoleCard(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	v := viewer{hand: workshop.Hand{Facilitator: true, Session: sess.ID}, action: ui.Link("/workshops", string(sess.ID)), card: cardOf(r)}
	return d.showLink(w, r, sess, v, nil)
}

func cardOf(r *http.Request) int64 { return integer(r.PathValue("card")) }

// linkOf is the page of a card beside that of a hand's board.
func linkOf(action string, card int64) string {
	return ui.Link(action, "cards", strconv.FormatInt(card, 10))
}

func (d desk) showLink(w http.ResponseWriter, r *http.Request, sess workshop.Session, v viewer, errs ui.FormErrors) error {
	number := v.card
	v.p = web.VisitOf(r).P
	all, err := d.competences(r.Context(), v.p, sess)
	if err != nil {
		return err
	}
	page := linkPage{Action: v.action, Key: id.New(d.now()), Card: number, Back: v.action + "#card-" + strconv.FormatInt(number, 10)}
	seated, found := false, false
	if err := d.Read(r.Context(), sess, func(s *workshop.State) {
		seated = v.hand.Facilitator || s.Seated(v.hand) != 0
		found = v.fillLink(&page, s, all)
	}); err != nil {
		return err
	}
	switch {
	case !seated:
		return web.Redirect(w, r, ui.Link("/join", sess.Code), web.Said{})
	case !found:
		return fault.New(fault.NotFound, "workshop.no_card")
	}
	page.Item.Error = errs.For("item")
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return linkTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Errors: errs, Bare: !v.hand.Facilitator, NoIndex: true}, page)
}

// fillLink fills the page of a card; false when the hand does not see it, or no step has linked it yet.
func (v viewer) fillLink(page *linkPage, s *workshop.State, all []workshop.Competence) bool {
	card, phase, ok := s.Linked(page.Card, v.hand)
	if !ok {
		return false
	}
	page.Phase = phase
	page.Head = ui.PageHead{Eyebrow: v.p.T("workshopweb.link_title"), Title: card.Text}
	taken := map[string]bool{}
	for _, l := range s.Links(card.ID) {
		one := linkView{ID: l.Competence, Name: nameOf(all, l.Competence)}
		if l.How != "" {
			one.How = v.p.T("workshop.way_" + l.How)
		}
		taken[l.Competence] = true
		page.Links = append(page.Links, one)
	}
	page.Item = ui.Choice{Name: "item", Label: v.p.T("workshopweb.competence"), Hint: v.p.T("workshopweb.competence_hint"), Empty: v.p.T("workshopweb.choose"), Required: true}
	offer := func(c workshop.Competence, group string) {
		if !taken[c.ID] && !c.Retired {
			page.Item.Options = append(page.Item.Options, ui.Option{Value: c.ID, Label: c.Name(), Group: group})
		}
	}
	for _, c := range workshop.Suggest(card.Text, all, suggested) {
		offer(c, v.p.T("workshopweb.suggested"))
	}
	for _, c := range all {
		offer(c, c.Family)
	}
	page.How = ui.Group{Name: "how", Label: v.p.T("workshopweb.how"), Hint: v.p.T("workshopweb.how_hint")}
	page.How.Options = append(page.How.Options, ui.Option{Label: v.p.T("workshopweb.how_unsaid"), Selected: true})
	for _, way := range workshop.Ways() {
		page.How.Options = append(page.How.Options, ui.Option{Value: way, Label: v.p.T("workshop.way_" + way)})
	}
	return true
}

// nameOf is how a competence is called now; its identifier when nobody knows it any more.
func nameOf(all []workshop.Competence, id string) string {
	for _, c := range all {
		if c.ID == id {
			return c.Name()
		}
	}
	return id
}
