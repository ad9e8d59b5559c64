package competencyweb

import (
	"net/http"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head    ui.PageHead
	Query   ui.Field
	Summary string
	Near    bool
	Found   []foundIn
	Cards   []ui.Card
	Empty   *ui.Empty
}

// foundIn are the competences of one framework that answer a question.
type foundIn struct {
	Title words
	Rows  []row
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl", "pages/row.tmpl", "pages/words.tmpl")

// list shows every framework the visitor may read, and searches all of them at once. Where there is one, it leads to it.
func list(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		all, err := d.Competency.All(r.Context(), web.Actor(r))
		if err != nil {
			return err
		}
		form := r.URL.Query()
		q := strings.TrimSpace(form.Get("q"))
		if len(all) == 1 && form.Get("all") == "" {
			to, err := ui.Query(frameworkPath(all[0].Framework.ID), "q", q)
			if err != nil {
				return err
			}
			http.Redirect(w, r, to, http.StatusFound)
			return nil
		}
		p := web.VisitOf(r).P
		var actions []ui.LinkButton
		if len(all) > 1 {
			actions = append(actions, ui.LinkButton{Label: p.T("competencyweb.beside"), Href: besidePath, Icon: "columns-3"})
		}
		if mayEdit(r) == nil {
			actions = append(actions, []ui.LinkButton{{Label: p.T("competencyweb.import"), Href: "/competencies/import", Icon: "upload"},
				{Label: p.T("competencyweb.new_framework"), Href: "/competencies/new", Icon: "plus"}}...)
		}
		return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("competencyweb.title")}, newListPage(p, all, q, actions))
	}
}

func newListPage(p *i18n.Printer, all []competency.View, q string, actions []ui.LinkButton) listPage {
	page := listPage{Head: ui.PageHead{Title: p.T("competencyweb.title"), Lead: p.T("competencyweb.lead"), Actions: actions}, Query: queryField(p, q)}
	if q == "" {
		for _, v := range all {
			page.Cards = append(page.Cards, card(p, v))
		}
		if len(all) == 0 {
			page.Empty = &ui.Empty{Icon: "library", Title: p.T("competencyweb.none"), Text: p.T("competencyweb.none_text")}
		}
		return page
	}
	n := 0
	for _, v := range all {
		hits, near := v.Framework.Search(q)
		if len(hits) == 0 {
			continue
		}
		n += len(hits)
		page.Near = page.Near || near
		page.Found = append(page.Found, foundIn{Title: say(p, v.Framework, v.Framework.Title), Rows: hitRows(p, v.Framework, hits)})
	}
	page.Summary = p.T("competencyweb.found", n, q)
	if n == 0 {
		page.Empty = nothingFound(p, "/competencies?all=1")
	}
	return page
}

func nothingFound(p *i18n.Printer, all string) *ui.Empty {
	return &ui.Empty{Icon: "search", Title: p.T("competencyweb.nothing_found"), Text: p.T("competencyweb.nothing_found_text"), Example: p.T("competencyweb.nothing_found_example"),
		Action: &ui.LinkButton{Label: p.T("competencyweb.show_all"), Href: all, Look: ui.Primary}}
}

func queryField(p *i18n.Printer, q string) ui.Field {
	return ui.Field{Name: "q", Type: "search", Label: p.T("competencyweb.search_label"), Hint: p.T("competencyweb.search_hint"), Value: q, Autocomplete: "off"}
}

// card is a framework one can judge in three seconds.
func card(p *i18n.Printer, v competency.View) ui.Card {
	f := v.Framework
	return ui.Card{Eyebrow: f.Creator, Icon: "library", Level: 2, Title: say(p, f, f.Title).Text, Href: frameworkPath(f.ID), Text: say(p, f, f.Description).Text,
		Badges: []ui.Badge{standing(p, v)},
		Facts: []ui.Fact{{Label: p.T("competencyweb.families"), Value: p.Number(f.Count(competency.Family))},
			{Label: p.T("competencyweb.competences"), Value: p.Number(f.Count(competency.Competence))}, {Label: p.T("competencyweb.levels"), Value: p.Number(len(f.Levels))}}}
}
