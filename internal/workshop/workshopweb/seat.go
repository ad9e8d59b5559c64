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

// askPage asks for a code.
type askPage struct {
	Head ui.PageHead
	Code ui.Field
}

var askTemplate = ui.Page[askPage](pages, "pages/ask.tmpl")

// ask is where people type the code they see in the room.
func (d desk) ask(w http.ResponseWriter, r *http.Request) error {
	p := web.VisitOf(r).P
	typed := r.URL.Query().Get("code")
	page := askPage{Head: ui.PageHead{Title: p.T("workshopweb.join"), Lead: p.T("workshopweb.join_lead")},
		Code: ui.Field{Name: "code", Label: p.T("workshopweb.code"), Hint: p.T("workshopweb.code_hint"), Value: typed, Autocomplete: "off", Size: "medium", Required: true}}
	head, status := ui.Head{Title: page.Head.Title}, http.StatusOK
	if r.URL.Query().Has("code") {
		sess, err := d.Enter(r.Context(), typed, d.origin(r))
		if err == nil {
			return web.Redirect(w, r, ui.Link("/join", sess.Code), web.Said{})
		}
		errs, ok := ui.FormErrorsOf(p, err)
		if !ok {
			return err
		}
		head.Errors, page.Code.Error, status = errs, errs.For("code"), http.StatusUnprocessableEntity
	}
	return askTemplate.Render(w, r, status, head, page)
}

// session finds the session of the address's code.
func (d desk) session(r *http.Request) (workshop.Session, error) {
	sess, err := d.Enter(r.Context(), r.PathValue("code"), d.origin(r))
	if f := fault.KindOf(err); err != nil && f == fault.Invalid {
		return sess, fault.New(fault.NotFound, "workshop.no_such_code")
	}
	return sess, err
}

// doorPage asks for a first name.
type doorPage struct {
	Head      ui.PageHead
	Action    string
	Key       string
	Alias     ui.Field
	Anonymous bool
}

var doorTemplate = ui.Page[doorPage](pages, "pages/door.tmpl")

func (d desk) door(w http.ResponseWriter, r *http.Request) error {
	sess, err := d.session(r)
	if err != nil {
		return err
	}
	seated, closed := false, false
	if err := d.Read(r.Context(), sess, func(s *workshop.State) { seated, closed = s.Seated(hand(r, sess)) != 0, s.Closed }); err != nil {
		return err
	}
	if closed && !seated { // nobody enters any more; what was said can be read
		return web.Redirect(w, r, ui.Link("/join", sess.Code, "wall"), web.Said{})
	}
	if seated {
		return web.Redirect(w, r, seatOf(sess), web.Said{})
	}
	return d.showDoor(w, r, sess, nil)
}

func (d desk) showDoor(w http.ResponseWriter, r *http.Request, sess workshop.Session, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	page := doorPage{Head: ui.PageHead{Eyebrow: p.T("workshopweb.workshop"), Title: sess.Title, Lead: p.T("workshopweb.door_lead")}, Action: ui.Link("/join", sess.Code),
		Key: id.New(d.now()), Anonymous: sess.Template.Anonymous,
		Alias: ui.Field{Name: "text", Label: p.T("workshopweb.alias"), Hint: p.T("workshopweb.alias_hint"), Value: r.PostFormValue("text"), Error: errs.For("alias"),
			Autocomplete: "nickname", MaxLength: workshop.AliasMost, Size: "medium", Required: true}}
	status := http.StatusOK
	for i := range errs {
		status, errs[i].Field = http.StatusUnprocessableEntity, "text"
	}
	return doorTemplate.Render(w, r, status, ui.Head{Title: sess.Title, Errors: errs, NoIndex: true}, page)
}

func seatOf(sess workshop.Session) string { return ui.Link("/join", sess.Code, "seat") }

// enter seats the visitor.
func (d desk) enter(w http.ResponseWriter, r *http.Request) error {
	sess, err := d.session(r)
	if err != nil {
		return err
	}
	op := operation(r)
	op.Kind = workshop.Join
	if _, err := d.Do(r.Context(), sess, d.keep(w, hand(r, sess)), op); err != nil {
		errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
		if !ok {
			return err
		}
		return d.showDoor(w, r, sess, errs)
	}
	return web.Redirect(w, r, seatOf(sess), web.Said{})
}

// seatPage is what a participant sees: the phase that runs, what to do in it, and the board.
type seatPage struct {
	Head    ui.PageHead
	Watch   watch
	Wall    string
	Claim   string // where participation is claimed, "" where nobody can
	Waiting string // why there is nothing to do yet, or any more
	Write   *writeForm
	Profile *profileForm
	Kept    *ui.Textarea // what was written for a phase that takes no cards any more
	Board   boardView
}

type writeForm struct {
	Action, Phase, Key string
	Text               ui.Textarea
	Theme              ui.Choice
}

var (
	seatTemplate  = ui.Page[seatPage](pages, "pages/seat.tmpl", "pages/board.tmpl", "pages/tables.tmpl", "pages/rank.tmpl", "pages/crowd.tmpl", "pages/card.tmpl", "pages/timer.tmpl")
	boardTemplate = ui.Page[boardView](pages, "pages/board.tmpl", "pages/tables.tmpl", "pages/rank.tmpl", "pages/crowd.tmpl", "pages/card.tmpl")
)

func (d desk) seat(w http.ResponseWriter, r *http.Request) error {
	sess, err := d.session(r)
	if err != nil {
		return err
	}
	return d.showSeat(w, r, sess, nil)
}

func (d desk) showSeat(w http.ResponseWriter, r *http.Request, sess workshop.Session, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	h := hand(r, sess)
	v := viewer{p: p, hand: h, action: seatOf(sess), key: id.New(d.now())}
	page := seatPage{Head: ui.PageHead{Eyebrow: sess.Title}, Wall: ui.Link("/join", sess.Code, "wall")}
	var err error
	if v.competences, err = d.competences(r.Context(), p, sess); err != nil {
		return err
	}
	if d.Attended != nil {
		page.Claim = ui.Link("/join", sess.Code, "claim")
	}
	seated := false
	err = d.Read(r.Context(), sess, func(s *workshop.State) {
		phase, running := s.Phase()
		seated = s.Seated(h) != 0
		page.Board, page.Watch = v.board(s), newWatch(p, sess, s, d.now())
		page.Head.Title, page.Head.Lead = phase.Title, phase.Prompt
		switch {
		case s.Closed:
			page.Head.Title, page.Waiting = sess.Title, p.T("workshopweb.over")
		case !running:
			page.Head.Title, page.Waiting = sess.Title, p.T("workshopweb.not_begun")
		case s.Frozen:
			page.Waiting = p.T("workshop.frozen")
		}
		if running && phase.Kind == workshop.Ask {
			page.Profile = newProfileForm(v, s, phase, r, errs)
		}
		if running && phase.Kind == workshop.Write {
			page.Write = newWriteForm(v, s, phase, r, errs)
		}
	})
	if err != nil {
		return err
	}
	if !seated {
		return web.Redirect(w, r, ui.Link("/join", sess.Code), web.Said{})
	}
	if r.URL.Query().Get("part") == "board" {
		return boardTemplate.Fragment(w, r, http.StatusOK, page.Board)
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
		if text := r.PostFormValue("text"); page.Write == nil && text != "" {
			page.Kept = &ui.Textarea{Name: "kept", Label: p.T("workshopweb.kept"), Hint: p.T("workshopweb.kept_hint"), Value: text}
		}
	}
	return seatTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Errors: errs, Bare: true, NoIndex: true, Scripts: []string{"workshop-board.js", "workshop-drag.js"}}, page)
}

func newWriteForm(v viewer, s *workshop.State, phase workshop.Phase, r *http.Request, errs ui.FormErrors) *writeForm {
	f := &writeForm{Action: v.action, Phase: phase.Name, Key: v.key,
		Text:  ui.Textarea{Name: "text", Label: v.p.T("workshopweb.your_card"), Hint: v.p.T("workshopweb.card_hint", workshop.CardMost), Rows: 3, Required: true, Error: errs.For("text")},
		Theme: ui.Choice{Name: "theme", Label: v.p.T("workshopweb.theme"), Empty: v.p.T("workshopweb.no_theme"), Optional: true}}
	if len(errs) > 0 && r.PostFormValue("kind") == string(workshop.AddCard) { // what was written is not lost
		f.Text.Value = r.PostFormValue("text")
	}
	for _, t := range s.ThemesFor(phase.Name, v.hand) {
		f.Theme.Options = append(f.Theme.Options, ui.Option{Value: t, Label: t, Selected: t == r.PostFormValue("theme")})
	}
	return f
}

// A profileForm asks for a service and a trade, with consent.
type profileForm struct {
	Action, Phase, Key string
	Service, Trade     ui.Field
	Consent            ui.Checkbox
	Told               bool
}

func newProfileForm(v viewer, s *workshop.State, phase workshop.Phase, r *http.Request, errs ui.FormErrors) *profileForm {
	told, has := s.OwnProfile(phase.Name, v.hand)
	f := &profileForm{Action: v.action, Phase: phase.Name, Key: v.key, Told: has,
		Service: ui.Field{Name: "text", Label: v.p.T("workshopweb.service"), Value: told.Service, Suggestions: phase.Options, MaxLength: 120, Optional: true, Autocomplete: "off", Error: errs.For("text")},
		Trade:   ui.Field{Name: "item", Label: v.p.T("workshopweb.trade"), Hint: v.p.T("workshopweb.trade_hint"), Value: told.Trade, MaxLength: 120, Optional: true, Autocomplete: "off", Error: errs.For("item")},
		Consent: ui.Checkbox{Name: "value", ID: "consent", Value: "1", Label: v.p.T("workshopweb.consent"), Hint: v.p.T("workshopweb.consent_hint"), Checked: has, Required: true, Error: errs.For("consent")}}
	if len(errs) > 0 && r.PostFormValue("kind") == string(workshop.Tell) { // what was typed is not lost
		f.Service.Value, f.Trade.Value, f.Consent.Checked = r.PostFormValue("text"), r.PostFormValue("item"), r.PostFormValue("value") == "1"
	}
	return f
}

// said is what the page says after an operation.
var said = map[workshop.Kind]string{
	workshop.AddCard: "workshopweb.said_card", workshop.EditCard: "workshopweb.said_edit", workshop.DropCard: "workshopweb.said_remove",
	workshop.Tell:     "workshopweb.said_profile",
	workshop.MoveCard: "workshopweb.said_move", workshop.Pick: "workshopweb.said_pick",
	workshop.Tie: "workshopweb.said_link",
}

// act does what a participant asks.
func (d desk) act(w http.ResponseWriter, r *http.Request) error {
	sess, err := d.session(r)
	if err != nil {
		return err
	}
	op := operation(r)
	if _, err := d.Do(r.Context(), sess, hand(r, sess), op); err != nil {
		errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
		if f := fault.KindOf(err); !ok && f == fault.Busy {
			errs, ok = ui.FormErrors{{Text: web.Explain(r, err).Text}}, true
		}
		if !ok {
			return err
		}
		if op.Kind == workshop.Tie && errs.For("item") != "" {
			return d.showLink(w, r, sess, viewer{hand: hand(r, sess), action: seatOf(sess), card: op.Card}, errs)
		}
		if op.Kind != workshop.AddCard && op.Kind != workshop.Tell {
			for i := range errs {
				errs[i].Field = ""
			}
		}
		return d.showSeat(w, r, sess, errs)
	}
	to := seatOf(sess)
	if op.Card > 0 && op.Kind != workshop.DropCard {
		to += "#card-" + strconv.FormatInt(op.Card, 10)
	}
	if op.Kind == workshop.Tie {
		to = linkOf(seatOf(sess), op.Card)
	}
	if key := said[op.Kind]; key != "" {
		return web.Redirect(w, r, to, web.Said{Kind: "success", Key: key})
	}
	return web.Redirect(w, r, to, web.Said{})
}
