package learningweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type minePage struct {
	Head      ui.PageHead
	Empty     *ui.Empty
	Standings []standing
	Rule      ui.Table
	Evidence  []ui.Card
	Withdrawn []ui.Card
	Links     []ui.LinkButton
	Exports   []ui.LinkButton
}

// A standing is where the visitor is with a competence.
type standing struct {
	Label, Href string
	Family      ui.Badge
	Steps       []step
	Reached     string
	Missing     string
	Rests       string
}

// A step is one level of the four.
type step struct {
	Label   string
	Reached bool
}

var mineTemplate = ui.Page[minePage](pages, "pages/mine.tmpl")

// mine shows the visitor's competences, with the level reached and what the next one asks for, and all their evidence.
func (d Desk) mine(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p := v.P
	all, err := d.Mine(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	f, err := d.framework(r)
	if err != nil {
		return err
	}
	now := d.Now()
	page := minePage{Head: ui.PageHead{Title: p.T("learningweb.title"), Lead: p.T("learningweb.lead"),
		Actions: []ui.LinkButton{{Label: p.T("learningweb.add"), Href: home + "/new", Icon: "plus", Look: ui.Primary}}}, Rule: rule(p, f)}
	for code, st := range learning.Levels(all, now) {
		if len(st.Counts) > 0 {
			page.Standings = append(page.Standings, standingOf(p, f, code, st))
		}
	}
	slices.SortFunc(page.Standings, func(a, b standing) int { return strings.Compare(a.Label, b.Label) })
	for _, e := range all {
		card := evidenceCard(p, f, e, now)
		if e.Withdrawn.IsZero() {
			page.Evidence = append(page.Evidence, card)
		} else {
			page.Withdrawn = append(page.Withdrawn, card)
		}
	}
	if page.Links, err = d.links(r); err != nil {
		return err
	}
	if len(all) > 0 {
		page.Exports = []ui.LinkButton{{Label: p.T("learningweb.export_csv"), Href: home + "/export/evidence.csv", Icon: "download", Download: true, Small: true},
			{Label: p.T("learningweb.export_json"), Href: home + "/export/evidence.json", Icon: "download", Download: true, Small: true}}
	} else {
		page.Empty = &ui.Empty{Icon: "clipboard-check", Title: p.T("learningweb.none"), Text: p.T("learningweb.none_text"),
			Action: &ui.LinkButton{Label: p.T("learningweb.to_missions"), Href: "/missions", Look: ui.Secondary}}
	}
	return mineTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
}

// links lead to what colleagues show the visitor.
func (d Desk) links(r *http.Request) ([]ui.LinkButton, error) {
	v := web.VisitOf(r)
	shown, err := d.Shown(r.Context(), v.Actor)
	if err != nil {
		return nil, err
	}
	waiting := 0
	for _, e := range shown {
		if e.Waiting(v.Actor.ID) != nil {
			waiting++
		}
	}
	link := ui.LinkButton{Label: v.P.T("learningweb.shown"), Href: shownHome, Icon: "users"}
	if waiting > 0 {
		link.Label = v.P.T("learningweb.waiting_count", waiting)
	}
	return []ui.LinkButton{{Label: v.P.T("learningweb.passport"), Href: passportHome, Icon: "book-open"}, link}, nil
}

// rule states what each level asks for.
func rule(p *i18n.Printer, f Framework) ui.Table {
	t := ui.Table{ID: "rule", Stacks: true, Caption: p.T("learningweb.rule"), CaptionHidden: true, FirstIsHeader: true, Compact: true,
		Columns: []ui.Column{{Label: p.T("learningweb.level")}, {Label: p.T("learningweb.works"), Numeric: true}, {Label: p.T("learningweb.seen"), Numeric: true}}}
	for _, bar := range learning.Rule() {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: f.level(bar.Level)}, {Text: p.Number(bar.Pieces)}, {Text: p.Number(bar.Seen)}}})
	}
	return t
}

func standingOf(p *i18n.Printer, f Framework, code string, st learning.Standing) standing {
	c := f.find(code)
	s := standing{Label: c.named(), Href: c.Href, Family: ui.Badge{Label: c.Family, Family: c.Mark}, Reached: p.T("learningweb.at_none"), Rests: p.T("learningweb.rests", len(st.Counts))}
	if st.Level > 0 {
		s.Reached = p.T("learningweb.at", f.level(st.Level))
	}
	for n := 1; n <= learning.Highest; n++ {
		s.Steps = append(s.Steps, step{f.level(n), n <= st.Level})
	}
	s.Missing = missing(p, f, st.Next)
	return s
}

// missing says in words what the next level still asks for.
func missing(p *i18n.Printer, f Framework, next *learning.Missing) string {
	if next == nil {
		return p.T("learningweb.highest")
	}
	level := f.level(next.Level)
	switch {
	case next.MoreSeen == 0:
		return p.T("learningweb.next_works", next.MorePieces, level)
	case next.MorePieces == 0:
		return p.T("learningweb.next_seen", next.MoreSeen, level)
	}
	return p.T("learningweb.next_both", next.MorePieces, level, next.MoreSeen)
}

// evidenceCard is a piece of evidence in a list.
func evidenceCard(p *i18n.Printer, f Framework, e learning.Evidence, now time.Time) ui.Card {
	card := ui.Card{Eyebrow: p.T("learningweb.kind_" + e.Artefact.Kind), Icon: kindIcon(e), Title: e.Artefact.Title.In(string(p.Lang())), Href: path(e.ID), Badges: []ui.Badge{stateTag(p, e, now)},
		Facts: []ui.Fact{{Label: p.T("learningweb.shows"), Value: cmp.Or(strings.Join(f.shows(e), ", "), p.T("learningweb.shows_none"))}, {Label: p.T("learningweb.date"), Value: p.Date(e.At)}}}
	if how := how(p, e); how != "" {
		card.Facts = append(card.Facts, ui.Fact{Label: p.T("learningweb.how"), Value: how})
	}
	if e.Artefact.Attached() {
		card.Facts = append(card.Facts, ui.Fact{Label: p.T("learningweb.attached"), Value: e.Artefact.Name})
	}
	return card
}

func kindIcon(e learning.Evidence) string {
	switch e.Artefact.Kind {
	case learning.File:
		return "file-check"
	case learning.Answer:
		return "clipboard-check"
	}
	return "pen-line"
}

// stateTag says what a piece of evidence is worth.
func stateTag(p *i18n.Printer, e learning.Evidence, now time.Time) ui.Badge {
	switch {
	case !e.Withdrawn.IsZero():
		return ui.Badge{Label: p.T("learningweb.state_withdrawn")}
	case !e.Until.IsZero() && !now.Before(e.Until):
		return ui.Badge{Label: p.T("learningweb.state_over"), Kind: ui.Warning}
	case e.Seen():
		return ui.Badge{Label: p.T("learningweb.state_seen"), Kind: ui.Success, Icon: "users"}
	case e.Verified():
		return ui.Badge{Label: p.T("learningweb.state_checked"), Kind: ui.Success, Icon: "check"}
	case slices.ContainsFunc(e.Reviews, func(r learning.Review) bool { return r.State == learning.Asked }):
		return ui.Badge{Label: p.T("learningweb.state_asked"), Kind: ui.Info, Icon: "clock"}
	}
	return ui.Badge{Label: p.T("learningweb.state_said"), Kind: ui.Warning, Icon: "circle-dashed"}
}

// how says on one line who or what verified, "" when nothing did.
func how(p *i18n.Printer, e learning.Evidence) string {
	var parts []string
	for _, c := range e.Checks {
		parts = append(parts, p.T("learningweb.how_"+string(c.How), c.Result))
	}
	return strings.Join(parts, " ; ")
}

// trace is how an artefact is told from any other: its version, and the first letters of its hash.
func trace(p *i18n.Printer, a learning.Artefact) string {
	var parts []string
	switch {
	case a.Version != "" && a.Kind == learning.Work:
		parts = append(parts, p.T("learningweb.version_of", a.Version))
	case a.Version != "":
		parts = append(parts, p.T("learningweb.drawn_of", a.Version))
	}
	if len(a.Hash) >= 12 {
		parts = append(parts, p.T("learningweb.hash_of", a.Hash[:12]))
	}
	return strings.Join(parts, ", ")
}
