package learningweb

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const (
	passportHome = home + "/passport"
	openedHome   = "/passport"
)

// A passport is what is shown of somebody, on a page or in a file.
type passport struct {
	Holder
	Framework Framework
	Parts     []string
	Levels    []reached
	Evidence  []learning.Evidence
	Badges    []Badge
}

// reached is a level reached in a competence, 1 or more, and on how many pieces of evidence.
type reached struct {
	Competence
	Level, Pieces int
}

// draw makes a passport out of all somebody's evidence; pieces of which only those named are told, nil for all.
func (d Desk) draw(r *http.Request, organisation, person string, l learning.Link, all []learning.Evidence) (pass passport, err error) {
	lang := string(web.VisitOf(r).Lang)
	if pass.Holder, err = d.Holder(r.Context(), organisation, person); err != nil {
		return pass, err
	}
	// Any member of the organisation reads its framework: so does who holds a link one of them made.
	if pass.Framework, err = d.Framework(r.Context(), actor.Actor{ID: organisation, Organisation: organisation}, lang); err != nil {
		return pass, err
	}
	pass.Parts = l.Parts
	if l.Has(learning.PartLevels) {
		for code, st := range learning.Levels(all, d.Now()) {
			if st.Level > 0 {
				pass.Levels = append(pass.Levels, reached{pass.Framework.find(code), st.Level, len(st.Counts)})
			}
		}
		slices.SortFunc(pass.Levels, func(a, b reached) int { return strings.Compare(a.Code, b.Code) })
	}
	if l.Has(learning.PartEvidence) {
		for _, e := range all {
			if e.Counts(d.Now()) && (l.Pieces == nil || slices.Contains(l.Pieces, e.ID)) {
				pass.Evidence = append(pass.Evidence, e)
			}
		}
	}
	if l.Has(learning.PartBadges) {
		pass.Badges, err = d.Badges(r.Context(), organisation, person, lang)
	}
	return pass, err
}

// A passportView is a passport as a page shows it.
type passportView struct {
	HasLevels, HasEvidence, HasBadges bool
	Levels                            ui.Table
	Evidence                          ui.Table
	Badges                            []badgeLine
}

type badgeLine struct{ Name, Text, Href, Picture, At, Address string }

func (d Desk) view(p *i18n.Printer, pass passport) passportView {
	has := func(part string) bool { return slices.Contains(pass.Parts, part) }
	v := passportView{HasLevels: has(learning.PartLevels), HasEvidence: has(learning.PartEvidence), HasBadges: has(learning.PartBadges)}
	v.Levels = ui.Table{ID: "levels", Stacks: true, Caption: p.T("learningweb.levels"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("learningweb.competence")}, {Label: p.T("learningweb.level_reached")}, {Label: p.T("learningweb.works"), Numeric: true}}}
	for _, l := range pass.Levels {
		v.Levels.Rows = append(v.Levels.Rows, ui.Row{Cells: []ui.Cell{{Text: l.named()}, {Text: pass.Framework.level(l.Level)}, {Text: p.Number(l.Pieces)}}})
	}
	v.Evidence = ui.Table{ID: "evidence", Stacks: true, Caption: p.T("learningweb.evidence_part"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("learningweb.artefact")}, {Label: p.T("learningweb.shows")}, {Label: p.T("learningweb.how")}, {Label: p.T("learningweb.date")}, {Label: p.T("learningweb.trace")}}}
	for _, e := range pass.Evidence {
		what := ui.Cell{Text: e.Artefact.Title.In(string(p.Lang()))}
		if strings.HasPrefix(e.Artefact.Address, "http") {
			what.Href = e.Artefact.Address
		}
		v.Evidence.Rows = append(v.Evidence.Rows, ui.Row{Cells: []ui.Cell{what, {Text: strings.Join(pass.Framework.shows(e), ", ")}, {Text: how(p, e)}, {Text: p.Date(e.At)}, {Text: trace(p, e.Artefact)}}})
	}
	for _, b := range pass.Badges {
		v.Badges = append(v.Badges, badgeLine{b.Name, b.Text, b.Href, b.Picture, p.T("learningweb.badge_given", p.Date(b.At)), d.Address + b.Href})
	}
	return v
}

type passportPage struct {
	Head   ui.PageHead
	Body   passportView
	Choose ui.Group
	Files  []ui.LinkButton
	Made   *madeLink
	Links  []linkLine
	Form   linkForm
}

var passportTemplate = ui.Page[passportPage](pages, "pages/passport.tmpl", "pages/passport-body.tmpl")

// partsOf are the parts an address asks for; all of them when it says nothing.
func partsOf(q url.Values) (parts []string) {
	for _, part := range learning.Parts() {
		if len(q["part"]) == 0 || slices.Contains(q["part"], part) {
			parts = append(parts, part)
		}
	}
	return parts
}

// mineDrawn is the visitor's own passport, of the parts chosen.
func (d Desk) mineDrawn(r *http.Request, parts []string) (passport, []learning.Evidence, error) {
	by := web.Actor(r)
	all, err := d.Mine(r.Context(), by)
	if err != nil {
		return passport{}, nil, err
	}
	pass, err := d.draw(r, by.Organisation, by.ID, learning.Link{Parts: parts}, all)
	return pass, all, err
}

// passport shows the visitor's own, to be printed, downloaded, or shown by a link.
func (d Desk) passport(w http.ResponseWriter, r *http.Request) error {
	return d.showPassport(w, r, linkDraft{})
}

func (d Desk) showPassport(w http.ResponseWriter, r *http.Request, in linkDraft) error {
	v := web.VisitOf(r)
	p := v.P
	parts := partsOf(r.URL.Query())
	pass, all, err := d.mineDrawn(r, parts)
	if err != nil {
		return err
	}
	page := passportPage{Head: passportHead(p, pass, p.Date(d.Now())), Body: d.view(p, pass),
		Choose: partGroup(p, parts), Form: newLinkForm(p, d.Now(), all, in)}
	query := ""
	for _, part := range parts {
		query += "&part=" + part
	}
	for _, file := range []struct{ name, label string }{{"passport.csv", "learningweb.export_csv"}, {"passport.json", "learningweb.export_jsonld"}, {"europass.json", "learningweb.export_europass"}} {
		page.Files = append(page.Files, ui.LinkButton{Label: p.T(file.label), Href: passportHome + "/" + file.name + "?" + strings.TrimPrefix(query, "&"), Icon: "download", Download: true, Small: true})
	}
	if in.secret != "" {
		page.Made = &madeLink{ui.Code{Label: p.T("learningweb.link_address"), Text: d.Address + ui.Link(openedHome, in.secret)}}
	}
	links, err := d.MyLinks(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page.Links = linkLines(p, links, d.Now())
	return passportTemplate.Render(w, r, statusOf(in.errs), ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: in.errs, NoIndex: true}, page)
}

func passportHead(p *i18n.Printer, pass passport, day string) ui.PageHead {
	return ui.PageHead{Eyebrow: p.T("learningweb.passport"), Title: pass.Name, Lead: p.T("learningweb.passport_lead", pass.Organisation, day)}
}

func partGroup(p *i18n.Printer, chosen []string) ui.Group {
	g := ui.Group{Name: "part", ID: "show", Label: p.T("learningweb.parts"), Many: true, Inline: true}
	for _, part := range learning.Parts() {
		g.Options = append(g.Options, ui.Option{Value: part, Label: p.T("learningweb.part_" + part), Selected: slices.Contains(chosen, part)})
	}
	return g
}

type openedPage struct {
	Head ui.PageHead
	Over *ui.Notice // the link shows nothing any more
	Note string
	Body passportView
}

var openedTemplate = ui.Page[openedPage](pages, "pages/opened.tmpl", "pages/passport-body.tmpl")

// opened shows a passport to whoever holds its link, and says plainly when it no longer shows anything.
func (d Desk) opened(w http.ResponseWriter, r *http.Request) error {
	p := web.VisitOf(r).P
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	w.Header().Set("Referrer-Policy", "no-referrer")
	l, all, err := d.Opened(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	if !l.Holds(d.Now()) {
		text := p.T("learningweb.link_over", p.Date(l.Until.AddDate(0, 0, -1)))
		if !l.Ended.IsZero() {
			text = p.T("learningweb.link_was_ended", p.Date(l.Ended))
		}
		page := openedPage{Head: ui.PageHead{Title: p.T("learningweb.link_closed")}, Over: &ui.Notice{Kind: ui.Warning, Text: text}}
		return openedTemplate.Render(w, r, http.StatusGone, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
	}
	pass, err := d.draw(r, l.Organisation, l.Person, l, all)
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "learning.no_link") // who made it has left
	}
	if err != nil {
		return err
	}
	page := openedPage{Head: passportHead(p, pass, p.Date(d.Now())), Body: d.view(p, pass), Note: p.T("learningweb.link_note", pass.Name, p.Date(l.Until.AddDate(0, 0, -1)))}
	return openedTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
}
