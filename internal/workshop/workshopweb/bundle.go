package workshopweb

import (
	"net/http"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// bundlesPage proposes groups of cards, to be named, kept or left.
type bundlesPage struct {
	Head   ui.PageHead
	Action string
	Back   string
	Key    string
	Phase  string
	Each   []bundleView
	Empty  *ui.Empty
}

type bundleView struct {
	Number int
	Take   ui.Checkbox
	Name   ui.Field
	Title  string
	Cards  []workshop.Card
}

var bundlesTemplate = ui.Page[bundlesPage](pages, "pages/bundles.tmpl")

// bundles proposes how to group the cards of the address's phase.
func (d desk) bundles(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	return d.showBundles(w, r, sess, nil)
}

func (d desk) showBundles(w http.ResponseWriter, r *http.Request, sess workshop.Session, errs ui.FormErrors) error {
	p, at, phase := web.VisitOf(r).P, ui.Link("/workshops", string(sess.ID)), r.FormValue("phase")
	page := bundlesPage{Head: ui.PageHead{Eyebrow: sess.Title, Title: p.T("workshopweb.bundles"), Lead: p.T("workshopweb.bundles_lead")}, Action: at + "/bundles", Back: at, Key: id.New(d.now()), Phase: phase}
	var found []workshop.Bundle
	if err := d.Read(r.Context(), sess, func(s *workshop.State) { found = s.Bundles(phase) }); err != nil {
		return err
	}
	if len(found) == 0 {
		page.Empty = &ui.Empty{Icon: "sparkles", Title: p.T("workshopweb.no_bundles"), Text: p.T("workshopweb.no_bundles_text"), Action: &ui.LinkButton{Label: p.T("workshopweb.back_console"), Href: at}}
	}
	status := http.StatusOK
	for i, b := range found {
		n := strconv.Itoa(i + 1)
		one := bundleView{Number: i + 1, Title: p.T("workshopweb.bundle", i+1), Cards: b.Cards,
			Take: ui.Checkbox{Name: "take", ID: "take-" + n, Value: n, Label: p.T("workshopweb.bundle_take", p.T("workshopweb.cards", len(b.Cards))), Checked: true},
			Name: ui.Field{Name: "name-" + n, Label: p.T("workshopweb.bundle_name"), Value: b.Name, MaxLength: 120, Autocomplete: "off"}}
		if len(errs) > 0 { // what was typed stays
			one.Name.Value, one.Name.Error = r.PostFormValue("name-"+n), errs.For("name-"+n)
		}
		page.Each = append(page.Each, one)
	}
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return bundlesTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, NoIndex: true, Errors: errs, Crumbs: append(crumbs(p), ui.Crumb{Label: sess.Title, Href: at})}, page)
}

// sortBundles puts the cards of the groups that were kept under their names, at once.
func (d desk) sortBundles(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	p, op := web.VisitOf(r).P, operation(r)
	op.Kind = workshop.Sort
	op.Key = keyOf(r, op)
	var errs ui.FormErrors
	for _, n := range r.PostForm["take"] {
		name := r.PostFormValue("name-" + n)
		if name == "" {
			errs = append(errs, ui.FormError{Field: "name-" + n, Text: p.T("workshop.theme_empty")})
		}
		for _, card := range r.PostForm["cards-"+n] {
			op.Moves = append(op.Moves, workshop.Move{Card: integer(card), Theme: name})
		}
	}
	at := ui.Link("/workshops", string(sess.ID))
	switch {
	case len(errs) > 0:
		return d.showBundles(w, r, sess, errs)
	case len(op.Moves) == 0:
		return web.Redirect(w, r, at, web.Said{Kind: "info", Key: "workshopweb.none_taken"})
	}
	if _, err := d.Do(r.Context(), sess, workshop.Hand{Facilitator: true, Session: sess.ID}, op); err != nil {
		if errs, ok := ui.FormErrorsOf(p, err); ok {
			return d.showBundles(w, r, sess, errs)
		}
		return err
	}
	return web.Redirect(w, r, at, web.Said{Kind: "success", Key: "workshopweb.said_sorted", Undo: &web.SaidUndo{Key: "workshopweb.undo", Action: at + "/bundles/undo", Name: "phase", Value: op.Phase}})
}

// unsort takes the last grouping of many cards back.
func (d desk) unsort(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	op := workshop.Op{Kind: workshop.Sort, Phase: r.PostFormValue("phase"), Key: id.New(d.now())}
	if _, err := d.Do(r.Context(), sess, workshop.Hand{Facilitator: true, Session: sess.ID}, op); err != nil && !fault.Is(err, "workshop.nothing_sorted") {
		return err
	}
	return web.Redirect(w, r, ui.Link("/workshops", string(sess.ID)), web.Said{Kind: "success", Key: "workshopweb.said_unsorted"})
}
