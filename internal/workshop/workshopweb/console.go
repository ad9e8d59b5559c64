package workshopweb

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// listPage is /workshops.
type listPage struct {
	Head  ui.PageHead
	Title ui.Field
	Plans ui.Group
	Words string        // language of the templates
	Other ui.LinkButton // the templates in the other language
	Cards []ui.Card
	Empty *ui.Empty
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

func (d desk) list(w http.ResponseWriter, r *http.Request) error { return d.showList(w, r, nil) }

func (d desk) showList(w http.ResponseWriter, r *http.Request, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	sessions, err := d.List(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	page := listPage{Head: ui.PageHead{Title: p.T("workshopweb.workshops"), Lead: p.T("workshopweb.workshops_lead")},
		Title: ui.Field{Name: "title", Label: p.T("workshopweb.title"), Hint: p.T("workshopweb.title_hint"), Value: r.PostFormValue("title"), Error: errs.For("title"), Optional: true, MaxLength: 120, Autocomplete: "off"},
		Plans: ui.Group{Name: "template", Label: p.T("workshopweb.template")}}
	d.offer(r, &page)
	for _, s := range sessions {
		page.Cards = append(page.Cards, ui.Card{Title: s.Title, Href: ui.Link("/workshops", string(s.ID)), Level: 3, Icon: "users", Text: s.Template.Title,
			Facts: []ui.Fact{{Label: p.T("workshopweb.created"), Value: p.DateTime(s.Created), Icon: "calendar"}, {Label: p.T("workshopweb.code"), Value: workshop.WriteCode(s.Code), Icon: "key"}}})
	}
	if len(sessions) > 1 {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("workshopweb.compare"), Href: "/workshops/compare", Icon: "columns-3"}}
	}
	if len(sessions) == 0 {
		page.Empty = &ui.Empty{Icon: "users", Title: p.T("workshopweb.none"), Text: p.T("workshopweb.none_text"), Example: p.T("workshopweb.none_example")}
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return listTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Errors: errs, NoIndex: true}, page)
}

// offer lists the templates in one language: that of the reader, or the one they ask for, since people may meet in another.
func (d desk) offer(r *http.Request, page *listPage) {
	p, chosen := web.VisitOf(r).P, r.PostFormValue("template")
	lang, other := string(i18n.French), string(i18n.English)
	asked := cmp.Or(r.FormValue("words"), string(p.Lang()))
	if asked == other {
		lang, other = other, lang
	}
	for _, t := range d.Templates {
		if t.In(lang) {
			page.Plans.Options = append(page.Plans.Options, ui.Option{Value: t.Name, Label: t.Title, Hint: t.Summary, Selected: t.Name == chosen || chosen == "" && len(page.Plans.Options) == 0})
		}
	}
	page.Words = lang
	page.Other = ui.LinkButton{Label: p.T("workshopweb.templates_" + other), Href: "/workshops?words=" + other, Icon: "globe", Look: ui.Quiet, Small: true}
}

func (d desk) create(w http.ResponseWriter, r *http.Request) error {
	sess, err := d.Create(r.Context(), web.Actor(r), r.PostFormValue("template"), r.PostFormValue("title"))
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showList(w, r, errs)
	}
	if err != nil {
		return err
	}
	to := ui.Link("/workshops", string(sess.ID))
	if r.PostFormValue("then") == "plan" {
		to += "/plan"
	}
	return web.Redirect(w, r, to, web.Said{Kind: "success", Key: "workshopweb.said_created"})
}

// consolePage is where a session is run from.
type consolePage struct {
	Head         ui.PageHead
	Watch        watch
	Action, Key  string
	Code, Join   string
	QR           ui.QR
	Now          string // title of the phase that runs
	Prompt       string
	Phase        string // its name, "" before the first
	Previous     string
	Next         string
	NextTitle    string
	Private      []hidden // write phases of this moment that can be revealed or hidden
	Plan         string   // where the plan is adapted, "" once something happened
	Closed       bool
	Named        bool   // names can be erased
	Forgets      string // when they go by themselves
	Frozen       bool
	Minutes      ui.Field
	Note         ui.Textarea
	Merge        *mergeForm
	Bundles      []bundleLink
	Seating      *seating
	Steps        []stepView
	Board        boardView
	Wall, Sheet  string
	Results      string
	PhaseMinutes int
}

type hidden struct {
	Phase, Title string
	Shown        bool
}

type stepView struct {
	Name, Title, Kind, Length string
	Current                   bool
}

// A bundleLink leads to the groups proposed for the cards of a phase.
type bundleLink struct {
	Phase, Title, Href string
	Sorted             bool // the last grouping can be taken back
}

// seating is the panel of tables, and where its forms go.
type seating struct {
	Action, Key, Phase string
	Panel              *tablesPanel
}

type mergeForm struct {
	Phase      string
	From, Into ui.Choice
}

var consoleTemplate = ui.Page[consolePage](pages, "pages/console.tmpl", "pages/seating.tmpl", "pages/board.tmpl", "pages/tables.tmpl", "pages/rank.tmpl", "pages/crowd.tmpl", "pages/card.tmpl", "pages/timer.tmpl")

func (d desk) console(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	return d.showConsole(w, r, sess, nil)
}

func (d desk) showConsole(w http.ResponseWriter, r *http.Request, sess workshop.Session, errs ui.FormErrors) error {
	visit := web.VisitOf(r)
	at := ui.Link("/workshops", string(sess.ID))
	v := viewer{p: visit.P, hand: workshop.Hand{Facilitator: true, Session: sess.ID}, action: at, key: id.New(d.now())}
	page := consolePage{Action: at, Key: v.key, Code: workshop.WriteCode(sess.Code), Join: visit.Site.BaseURL + "/join", Wall: at + "/wall", Sheet: at + "/sheet", Results: at + "/results"}
	var err error
	if page.QR, err = joinQR(visit.P, visit.Site.BaseURL, sess); err != nil {
		return err
	}
	if v.competences, err = d.competences(r.Context(), visit.P, sess); err != nil {
		return err
	}
	if err := d.Read(r.Context(), sess, func(s *workshop.State) { d.fillConsole(&page, v, sess, s, errs) }); err != nil {
		return err
	}
	if r.URL.Query().Get("part") == "board" {
		return boardTemplate.Fragment(w, r, http.StatusOK, page.Board)
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
		page.Note.Value = r.PostFormValue("text")
	}
	return consoleTemplate.Render(w, r, status, ui.Head{Title: sess.Title, Errors: errs, NoIndex: true, Wide: true, Crumbs: crumbs(visit.P), Scripts: []string{"workshop-board.js", "workshop-drag.js"}}, page)
}

func crumbs(p *i18n.Printer) []ui.Crumb {
	return []ui.Crumb{{Label: p.T("workshopweb.workshops"), Href: "/workshops"}}
}

func (d desk) fillConsole(page *consolePage, v viewer, sess workshop.Session, s *workshop.State, errs ui.FormErrors) {
	p := v.p
	phase, running := s.Phase()
	page.Watch = newWatch(p, sess, s, d.now())
	page.Watch.First = true
	page.Head = ui.PageHead{Eyebrow: p.T("workshopweb.workshop"), Title: sess.Title}
	page.Closed, page.Frozen, page.Board = s.Closed, s.Frozen, v.board(s)
	page.Named = len(page.Board.Names) > 0
	if s.Seq == 0 {
		page.Plan = page.Action + "/plan"
	}
	if at := d.Forgets(sess, s); !at.IsZero() {
		page.Forgets = p.T("workshopweb.forgets", p.Date(at))
	}
	page.Now, page.Prompt, page.Phase, page.PhaseMinutes = phase.Title, phase.Prompt, phase.Name, phase.Minutes
	page.Minutes = ui.Field{Name: "minutes", Label: p.T("workshopweb.minutes"), Type: "number", Min: "0", Max: "240", Value: strconv.Itoa(max(phase.Minutes, 5)), Size: "short", Error: errs.For("minutes"), Autocomplete: "off"}
	page.Note = ui.Textarea{Name: "text", Label: p.T("workshopweb.note"), Hint: p.T("workshopweb.note_hint"), Rows: 3, Error: errs.For("text")}
	for i, one := range s.Template.Phases {
		step := stepView{Name: one.Name, Title: one.Title, Kind: p.T(one.Kind.Key()), Current: running && i == s.At}
		if one.Minutes > 0 {
			step.Length = p.T("workshopweb.length", one.Minutes)
		}
		page.Steps = append(page.Steps, step)
		if v.wants(s, phase, running, one) && one.Private {
			page.Private = append(page.Private, hidden{one.Name, one.Title, s.Shown(one.Name)})
		}
		if phase.Kind == workshop.Group && v.wants(s, phase, running, one) && s.Shown(one.Name) {
			page.Bundles = append(page.Bundles, bundleLink{one.Name, one.Title, page.Action + "/bundles?phase=" + one.Name, s.Sorted(one.Name)})
		}
		if themes := s.Themes(one.Name); page.Merge == nil && phase.Kind == workshop.Group && v.wants(s, phase, running, one) && len(themes) > 1 {
			page.Merge = newMergeForm(p, one.Name, themes, errs)
		}
	}
	if running {
		page.Seating = &seating{page.Action, page.Key, phase.Name, newTablesPanel(v, s, phase, errs)}
	}
	if i := s.At + 1; i < len(s.Template.Phases) {
		page.Next, page.NextTitle = s.Template.Phases[i].Name, s.Template.Phases[i].Title
	}
	if s.At > 0 {
		page.Previous = s.Template.Phases[s.At-1].Name
	}
}

func newMergeForm(p *i18n.Printer, phase string, themes []string, errs ui.FormErrors) *mergeForm {
	f := &mergeForm{Phase: phase, From: ui.Choice{Name: "theme", ID: "merge-from", Label: p.T("workshopweb.merge_from")},
		Into: ui.Choice{Name: "into", ID: "merge-into", Label: p.T("workshopweb.merge_into"), Error: errs.For("into")}}
	for _, t := range themes {
		f.From.Options = append(f.From.Options, ui.Option{Value: t, Label: t})
		f.Into.Options = append(f.Into.Options, ui.Option{Value: t, Label: t})
	}
	return f
}

// conduct does what the facilitator asks.
func (d desk) conduct(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	h, op, at := workshop.Hand{Facilitator: true, Session: sess.ID, Person: web.Actor(r).ID}, operation(r), ui.Link("/workshops", string(sess.ID))
	if _, err := d.Do(r.Context(), sess, h, op); err != nil {
		errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
		if !ok {
			return err
		}
		if errs.For("item") != "" {
			return d.showLink(w, r, sess, viewer{hand: h, action: at, card: op.Card}, errs)
		}
		return d.showConsole(w, r, sess, errs)
	}
	if op.Kind == workshop.Forget {
		return web.Redirect(w, r, at, web.Said{Kind: "success", Key: "workshopweb.said_forgotten"})
	}
	if op.Kind == workshop.Tie {
		return web.Redirect(w, r, linkOf(at, op.Card), web.Said{Kind: "success", Key: said[op.Kind]})
	}
	return web.Redirect(w, r, at, web.Said{})
}

// sheetPage is printed and hung on the door.
type sheetPage struct {
	Head       ui.PageHead
	Code, Join string
	QR         ui.QR
	Length     string
	Steps      []stepView
	Anonymous  bool
}

var sheetTemplate = ui.Page[sheetPage](pages, "pages/sheet.tmpl")

func (d desk) sheet(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	visit := web.VisitOf(r)
	p := visit.P
	page := sheetPage{Head: ui.PageHead{Eyebrow: p.T("workshopweb.workshop"), Title: sess.Title}, Code: workshop.WriteCode(sess.Code), Join: visit.Site.BaseURL + "/join",
		Length: p.T("workshopweb.length", int(sess.Template.Length()/time.Minute)), Anonymous: sess.Template.Anonymous}
	var err error
	if page.QR, err = joinQR(p, visit.Site.BaseURL, sess); err != nil {
		return err
	}
	for _, one := range sess.Template.Phases {
		step := stepView{Name: one.Name, Title: one.Title, Kind: p.T(one.Kind.Key())}
		if one.Minutes > 0 {
			step.Length = p.T("workshopweb.length", one.Minutes)
		}
		page.Steps = append(page.Steps, step)
	}
	return sheetTemplate.Render(w, r, http.StatusOK, ui.Head{Title: sess.Title, NoIndex: true, Crumbs: crumbs(p)}, page)
}
