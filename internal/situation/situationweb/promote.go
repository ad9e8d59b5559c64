package situationweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

type cardsPage struct {
	Head    ui.PageHead
	Action  string
	Back    string
	Kind    ui.Group
	Title   ui.Field
	Service ui.Field
	Error   string
	Phases  []cardPhase
	Empty   *ui.Empty
}

// A cardPhase is the cards of one phase, by theme.
type cardPhase struct {
	ID, Title string
	Themes    []ui.Group
}

var cardsTemplate = ui.Page[cardsPage](pages, "pages/cards.tmpl")

// report is what the session of the address left. Faults: those of reading it; Conflict "situationweb.session_open".
func (d Desk) report(r *http.Request) (workshop.Report, error) {
	if err := d.Situation.May(web.Actor(r)); err != nil {
		return workshop.Report{}, err
	}
	report, err := d.Report(r.Context(), web.Actor(r), r.PathValue("session"))
	if err == nil && !report.Closed {
		err = fault.New(fault.Conflict, "situationweb.session_open")
	}
	return report, err
}

// cards shows the cards of a finished session, to be chosen.
func (d Desk) cards(w http.ResponseWriter, r *http.Request) error {
	return d.showCards(w, r, http.StatusOK, nil)
}

func (d Desk) showCards(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	report, err := d.report(r)
	if err != nil {
		return err
	}
	all, err := d.Situation.All(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	p, session, form := web.VisitOf(r).P, r.PathValue("session"), r.PostForm
	back := ui.Link("/workshops", session, "results")
	page := cardsPage{Head: ui.PageHead{Eyebrow: report.Title, Title: p.T("situationweb.cards_title"), Lead: p.T("situationweb.cards_lead")}, Action: ui.Link(home, "promote", session), Back: back,
		Kind: kindGroup(p, situation.Kind(first(form.Get("kind"), string(situation.Usage))), errs), Error: errs.For("card"),
		Title:   ui.Field{Name: "title", Label: p.T("situationweb.group_title"), Hint: p.T("situationweb.group_title_hint"), Value: form.Get("title"), Error: errs.For("title"), MaxLength: situation.TitleMost, Optional: true, Autocomplete: "off"},
		Service: ui.Field{Name: "service", Label: p.T("situationweb.service"), Hint: p.T("situationweb.service_hint"), Value: form.Get("service"), Error: errs.For("service"), MaxLength: situation.NameMost, Optional: true, Autocomplete: "off", Suggestions: distinct(all, func(s situation.Situation) string { return s.Service })}}
	taken := map[int64]string{}
	for _, s := range all {
		for _, c := range s.Origin.Cards {
			if s.Origin.Session == session && !s.Retired {
				taken[c.Number] = s.Title
			}
		}
	}
	for i, phase := range report.Phases {
		one := cardPhase{ID: "phase-" + strconv.Itoa(i+1), Title: phase.Title}
		for j, theme := range phase.Themes {
			g := ui.Group{Name: "card", ID: one.ID + "-" + strconv.Itoa(j+1), Label: first(theme.Name, p.T("situationweb.no_theme")), Many: true}
			if len(page.Phases) == 0 && j == 0 {
				g.ID = "card" // where the error summary leads
			}
			for _, c := range theme.Cards {
				value := strconv.FormatInt(c.ID, 10)
				o := ui.Option{Value: value, Label: c.Text, Selected: slices.Contains(form["card"], value)}
				switch title := taken[c.ID]; title {
				case "":
				case short(c.Text):
					o.Hint = p.T("situationweb.taken_same")
				default:
					o.Hint = p.T("situationweb.taken", title)
				}
				g.Options = append(g.Options, o)
			}
			one.Themes = append(one.Themes, g)
		}
		if len(one.Themes) > 0 {
			page.Phases = append(page.Phases, one)
		}
	}
	if len(page.Phases) == 0 {
		page.Empty = &ui.Empty{Icon: "lightbulb", Text: p.T("situationweb.no_cards"), Action: &ui.LinkButton{Label: p.T("situationweb.back_results"), Href: back}}
	}
	return cardsTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: home, Errors: errs, Crumbs: append(crumbs(p), ui.Crumb{Label: report.Title, Href: back})}, page)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// undoMost is how many records one click takes back: more would not fit where the offer is kept.
const undoMost = 20

// promote makes records of the cards chosen: one of them all under the title given, else one of each. Cards that say the same word
// for word are one.
func (d Desk) promote(w http.ResponseWriter, r *http.Request) error {
	report, err := d.report(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return err
	}
	list := takeUp(report, r.PathValue("session"), r.PostForm)
	if len(list) == 0 {
		return d.showCards(w, r, http.StatusUnprocessableEntity, ui.FormErrors{{Field: "card", Text: web.VisitOf(r).P.T("situationweb.choose_cards")}})
	}
	ids, err := d.Situation.Create(r.Context(), web.Actor(r), list...)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showCards(w, r, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	said := web.Said{Kind: "success", Key: "situationweb.promoted", Args: []string{strconv.Itoa(len(ids))}}
	if len(ids) <= undoMost {
		var value []string
		for _, id := range ids {
			value = append(value, string(id))
		}
		said.Undo = &web.SaidUndo{Key: "situationweb.undo", Action: home + "/withdraw", Name: "ids", Value: strings.Join(value, " ")}
	}
	to, err := ui.Query(home, "session", r.PathValue("session"))
	if err != nil {
		return err
	}
	return web.Redirect(w, r, to, said)
}

// takeUp makes records of the cards a form names.
func takeUp(report workshop.Report, session string, form url.Values) (out []situation.Situation) {
	title := strings.TrimSpace(form.Get("title"))
	at := map[string]int{} // where the record of a text is
	for _, phase := range report.Phases {
		for _, theme := range phase.Themes {
			for _, c := range theme.Cards {
				if !slices.Contains(form["card"], strconv.FormatInt(c.ID, 10)) {
					continue
				}
				key, name := c.Text, c.Text
				if title != "" {
					key, name = "", title
				}
				i, known := at[key]
				if !known {
					i = len(out)
					at[key] = i
					one := situation.Situation{Kind: situation.Kind(form.Get("kind")), Title: short(name), Service: form.Get("service"),
						Origin: situation.Origin{Session: session, Title: report.Title, Phase: phase.Title, Theme: theme.Name}}
					if one.Title != name {
						one.Text = name
					}
					out = append(out, one)
				}
				out[i].Origin.Cards = append(out[i].Origin.Cards, situation.Card{Number: c.ID, Text: c.Text})
				out[i].Links = append(out[i].Links, linked(out[i].Kind, c)...)
			}
		}
	}
	return out
}

// linked carries a card's competences over: one whose card says how it was acquired is held, others are what a situation needs, or
// what people who have a need want to learn. Which it is can be corrected in the form.
func linked(kind situation.Kind, c workshop.ReportCard) (out []situation.Link) {
	for _, l := range c.Links {
		one := situation.Link{Competence: competency.ItemID(l.ID), Standing: situation.Needed}
		switch {
		case l.How != "":
			one.Standing = situation.Held
		case kind == situation.Need:
			one.Standing = situation.Develop
		}
		out = append(out, one)
	}
	return out
}

// short cuts a card that is longer than a title may be; the card keeps the whole.
func short(text string) string {
	runes := []rune(text)
	if len(runes) <= situation.TitleMost {
		return text
	}
	return strings.TrimSpace(string(runes[:situation.TitleMost-1])) + "…"
}
