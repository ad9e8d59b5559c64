package workshopweb

import (
	"cmp"
	"net/http"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// resultsPage is what a session left, to be read, completed and printed.
type resultsPage struct {
	Head       ui.PageHead
	Files      []ui.LinkButton
	Keep       string // where to post to keep the cards as a dataset, "" when they cannot be
	Dataset    string // page of the dataset they were kept as
	Unseen     string // says that they were kept as one that is not shown to who looks
	People     string
	Intro      passageView
	Phases     []resultPhase
	Minutes    []workshop.ReportNote
	Conclusion passageView
	Key        string
}

type resultPhase struct {
	Title, Count string
	Passage      passageView
	Themes       []resultTheme
	Bars         []barView
	Rank         *rankView
	Crowd        *crowdView
}

type resultTheme struct {
	Title, Count string
	Passage      passageView
	Cards        []resultCard
}

type resultCard struct {
	ID           int64
	Text, Author string
	Table        string
	Dots         string
	Links        []string
}

// A passageView is a text of the synthesis where it stands.
type passageView struct {
	Text, Said string // Said is who wrote it when
	Edit       string // address of the page with its form, "" when nobody may write
	About      string // what it is about, for who does not see where it stands
	Form       *passageForm
	Undo       *passageForm
}

type passageForm struct {
	Action, Key, Back string
	Place             workshop.Place
	Seen              int
	Before            string // the text the version before had
	Text              ui.Textarea
}

var resultsTemplate = ui.Page[resultsPage](pages, "pages/results.tmpl", "pages/passage.tmpl", "pages/rank.tmpl", "pages/crowd.tmpl")

// A scribe makes the results page.
type scribe struct {
	p     *i18n.Printer
	base  string
	key   string
	state map[workshop.Place][]workshop.Passage
	names map[string]string
	may   bool
	edit  *workshop.Place // the place whose form is shown
	typed *string         // what was typed there and refused
	errs  ui.FormErrors

	counts map[string]*counts
}

// counts are what a phase came to.
type counts struct {
	rank  *rankView
	crowd *crowdView
}

// count reads what the phases came to.
func (s *scribe) count(st *workshop.State) {
	s.counts = map[string]*counts{}
	for _, one := range st.Template.Phases {
		if !st.Counted(one.Name) {
			continue
		}
		switch one.Kind {
		case workshop.Vote:
			s.counts[one.Name] = &counts{rank: ranking(s.p, one, st.Ranking(one.Name))}
		case workshop.Ask:
			services, trades := st.Shares(one.Name)
			if len(services)+len(trades) > 0 {
				s.counts[one.Name] = &counts{crowd: crowd(s.p, one, services, trades)}
			}
		}
	}
}

// placeOf reads a place of an address or a form; nil for none.
func placeOf(r *http.Request) *workshop.Place {
	if !r.Form.Has("part") {
		return nil
	}
	return &workshop.Place{Part: r.Form.Get("part"), Phase: r.Form.Get("phase"), Theme: r.Form.Get("theme")}
}

func (d desk) results(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	return d.showResults(w, r, sess, nil)
}

func (d desk) showResults(w http.ResponseWriter, r *http.Request, sess workshop.Session, errs ui.FormErrors) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	p := web.VisitOf(r).P
	report, err := d.report(r, sess)
	if err != nil {
		return err
	}
	at := ui.Link("/workshops", string(sess.ID))
	s := scribe{p: p, base: at + "/results", key: id.New(d.now()), may: report.Closed, edit: placeOf(r), errs: errs}
	if len(errs) > 0 {
		typed := r.PostForm.Get("text")
		s.typed = &typed
	}
	dataset := ""
	if err := d.Read(r.Context(), sess, func(st *workshop.State) { s.state, dataset = st.Texts(), st.Dataset; s.count(st) }); err != nil {
		return err
	}
	if s.names, err = d.writers(r, s.state); err != nil {
		return err
	}
	page := s.page(report)
	page.Head = ui.PageHead{Eyebrow: p.T("workshopweb.results"), Title: sess.Title, Lead: p.DateTime(sess.Created)}
	if report.Closed {
		page.Head.Actions = append(page.Head.Actions, ui.LinkButton{Label: p.T("workshopweb.promote"), Href: ui.Link("/situations", "promote", string(sess.ID)), Icon: "lightbulb", Look: ui.Primary})
		if err := d.keeping(r, sess, dataset, &page); err != nil {
			return err
		}
	}
	for _, one := range []struct{ file, label string }{{"results.odt", "ODT"}, {"results.docx", "DOCX"}, {"results.html", "HTML"}, {"results.md", "Markdown"}, {"results.csv", "CSV"},
		{"results.schema.json", p.T("workshopweb.dictionary")}, {"results.json", "JSON"}, {"results-json.schema.json", p.T("workshopweb.json_dictionary")}} {
		page.Files = append(page.Files, ui.LinkButton{Label: one.label, Href: s.base + "/" + one.file, Icon: "download", Download: true, Small: true})
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return resultsTemplate.Render(w, r, status, ui.Head{Title: p.T("workshopweb.on_axis", p.T("workshopweb.results"), sess.Title), NoIndex: true, Errors: errs, Crumbs: append(crumbs(p), ui.Crumb{Label: sess.Title, Href: at})}, page)
}

// writers says how those who wrote in the synthesis are called.
func (d desk) writers(r *http.Request, texts map[workshop.Place][]workshop.Passage) (map[string]string, error) {
	var people []string
	for _, versions := range texts {
		for _, v := range versions {
			people = append(people, v.Person)
		}
	}
	if len(people) == 0 || d.names == nil {
		return nil, nil
	}
	return d.names(r.Context(), web.Actor(r), people...)
}

func (s scribe) page(report workshop.Report) resultsPage {
	p := s.p
	page := resultsPage{Key: s.key, Intro: s.passage(workshop.Place{}, p.T("workshopweb.intro")), Conclusion: s.passage(workshop.Place{Part: "conclusion"}, p.T("workshopweb.conclusion")), Minutes: report.Minutes}
	if report.People > 0 {
		page.People = p.T("workshopweb.people", report.People)
	}
	for _, one := range report.Phases {
		phase := resultPhase{Title: one.Title, Passage: s.passage(workshop.Place{Part: "phase", Phase: one.Name}, one.Title)}
		if one.Cards > 0 {
			phase.Count = p.T("workshopweb.cards", one.Cards)
		}
		for _, t := range one.Themes {
			theme := resultTheme{Title: cmp.Or(t.Name, p.T("workshopweb.no_theme")), Count: p.T("workshopweb.cards", len(t.Cards))}
			theme.Passage = s.passage(workshop.Place{Part: "theme", Phase: one.Name, Theme: t.Name}, one.Title+" – "+theme.Title)
			for _, c := range t.Cards {
				card := resultCard{ID: c.ID, Text: c.Text, Author: c.Author, Table: c.Table}
				if c.Dots > 0 {
					card.Dots = p.T("workshopweb.dots", c.Dots)
				}
				for _, l := range c.Links {
					card.Links = append(card.Links, linked(p, l))
				}
				theme.Cards = append(theme.Cards, card)
			}
			phase.Themes = append(phase.Themes, theme)
		}
		most := 1
		for _, o := range one.Options {
			most = max(most, o.Count)
		}
		for _, o := range one.Options {
			phase.Bars = append(phase.Bars, barView{Label: o.Label, Said: p.T("workshopweb.picks", o.Count), Count: o.Count, Most: most})
		}
		if c := s.counts[one.Name]; c != nil {
			phase.Rank, phase.Crowd = c.rank, c.crowd
			if c.rank != nil {
				c.rank.Title = "" // the phase says it
			}
			if c.crowd != nil {
				c.crowd.Title = ""
			}
		}
		page.Phases = append(page.Phases, phase)
	}
	return page
}

func (s scribe) passage(at workshop.Place, about string) passageView {
	versions := s.state[at]
	v := passageView{About: about}
	form := passageForm{Action: s.base, Key: s.key, Back: s.base, Place: at, Seen: len(versions)}
	if n := len(versions); n > 0 {
		last := versions[n-1]
		v.Text, v.Said = last.Text, s.p.T("workshopweb.written_at", s.p.DateTime(last.At))
		if name := s.names[last.Person]; name != "" {
			v.Said = s.p.T("workshopweb.written_by", name, s.p.DateTime(last.At))
		}
		undo := form
		if n > 1 {
			undo.Before = versions[n-2].Text
		}
		v.Undo = &undo
	}
	if !s.may {
		v.Undo = nil
		return v
	}
	to, err := ui.Query(s.base, "part", cmp.Or(at.Part, "intro"), "phase", at.Phase, "theme", at.Theme)
	if err != nil {
		return v
	}
	v.Edit = to + "#edit"
	if s.edit != nil && *s.edit == at || s.edit != nil && at.Part == "" && s.edit.Part == "intro" {
		form.Text = ui.Textarea{Name: "text", Label: about, Hint: s.p.T("workshopweb.passage_hint"), Value: v.Text, Rows: 6, Error: s.errs.For("text"), MaxLength: 5000}
		if s.typed != nil {
			form.Text.Value = *s.typed
		}
		v.Form, v.Undo = &form, nil
	}
	return v
}

// amend writes a text of the synthesis.
func (d desk) amend(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	op := operation(r)
	op.Kind, op.To = workshop.Amend, strings.TrimSuffix(r.PostFormValue("part"), "intro")
	h := workshop.Hand{Facilitator: true, Session: sess.ID, Person: web.Actor(r).ID}
	op.Key = keyOf(r, op)
	if _, err := d.Do(r.Context(), sess, h, op); err != nil {
		errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
		if !ok {
			return err
		}
		return d.showResults(w, r, sess, errs)
	}
	return web.Redirect(w, r, ui.Link("/workshops", string(sess.ID), "results"), web.Said{Kind: "success", Key: "workshopweb.said_text"})
}
