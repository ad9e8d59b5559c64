package competencyweb

import (
	"net/http"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type browsePage struct {
	Head     ui.PageHead
	Action   string // of the search
	Query    ui.Field
	Search   bool // the visitor asked for words
	Summary  string
	Near     bool
	Rows     []row // found
	Families []family
	Levels   []level
	Empty    *ui.Empty
	Files    []ui.LinkButton
	Versions string // address
	Add      string // address of the form of a new competence, "" for those who may not
}

// A row is a competence in a list.
type row struct {
	Code  string
	Label words
	Href  string
	Mark  int    // of its family, 0 for none
	Group string // its family, where the list mixes several
	Depth int    // below the family
	Level string // the level whose description answers, with Why
	Why   words
}

// A family is a part of the list.
type family struct {
	ID, Code           string
	Item               string // "" for what stands in none
	Mark               int
	Label, Description words
	Href               string
	Rows               []row
	Count              string
}

// A level is a step of mastery, with what somebody at it does.
type level struct {
	Code        string
	Label       words
	Description words
	Does        words // of one competence; empty when nobody wrote it
}

var browseTemplate = ui.Page[browsePage](pages, "pages/browse.tmpl", "pages/row.tmpl", "pages/words.tmpl")

// browse shows a framework, or the competences that answer a question.
func browse(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := look(r, d)
		if err != nil {
			return err
		}
		p, f := web.VisitOf(r).P, v.Framework
		q := strings.TrimSpace(r.URL.Query().Get("q"))
		title := say(p, f, f.Title).Text
		page := browsePage{Action: frameworkPath(f.ID), Query: queryField(p, q), Head: head(p, v)}
		if q != "" {
			hits, near := f.Search(q)
			page.Search, page.Near, page.Rows, page.Summary = true, near, hitRows(p, f, hits), p.T("competencyweb.found", len(hits), q)
			if len(hits) == 0 {
				page.Empty = nothingFound(p, frameworkPath(f.ID))
			}
			title = p.T("competencyweb.title_results", q)
		} else {
			page.Files, page.Versions = downloads(p, f), frameworkPath(f.ID, "versions")
			if v.MayEdit {
				page.Add, page.Head.Actions = frameworkPath(f.ID, "items", "new"), tools(p, v)
			}
			page.Families, page.Levels = families(p, f), levels(p, f, nil)
			if f.Count(competency.Competence) == 0 {
				page.Empty = &ui.Empty{Icon: "library", Title: p.T("competencyweb.no_competence"), Text: p.T("competencyweb.no_competence_text")}
			}
		}
		return browseTemplate.Render(w, r, http.StatusOK, ui.Head{Title: title, Section: "/competencies", Crumbs: crumbs(p, f)[:1]}, page)
	}
}

// tools are what those who edit may do with the whole framework.
func tools(p *i18n.Printer, v competency.View) []ui.LinkButton {
	of := v.Framework.ID
	out := []ui.LinkButton{{Label: p.T("competencyweb.history"), Href: frameworkPath(of, "history"), Icon: "history"},
		{Label: p.T("competencyweb.edit_head"), Href: frameworkPath(of, "edit"), Icon: "pencil"},
		{Label: p.T("competencyweb.new_family"), Href: frameworkPath(of, "items", "new") + "?kind=family", Icon: "plus"}}
	if v.Waiting > 0 {
		out = append(out, ui.LinkButton{Label: p.T("competencyweb.publish"), Href: frameworkPath(of, "publish"), Icon: "globe", Look: ui.Primary})
	}
	return out
}

func downloads(p *i18n.Printer, f competency.Framework) []ui.LinkButton {
	var out []ui.LinkButton
	for _, one := range []struct{ label, file string }{{"competencyweb.download_csv", "items.csv"}, {"competencyweb.download_zip", "framework.zip"},
		{"competencyweb.download_case", "case.json"}, {"competencyweb.download_skos", "skos.jsonld"}} {
		out = append(out, ui.LinkButton{Label: p.T(one.label), Href: frameworkPath(f.ID, "export", one.file), Icon: "download", Download: true})
	}
	return out
}

func head(p *i18n.Printer, v competency.View) ui.PageHead {
	f := v.Framework
	return ui.PageHead{Eyebrow: p.T("competencyweb.framework"), Title: say(p, f, f.Title).Text, Lead: say(p, f, f.Description).Text, Badges: []ui.Badge{standing(p, v)}}
}

// families cuts the list at its families; what stands in none comes first.
func families(p *i18n.Printer, f competency.Framework) []family {
	byID := map[competency.ItemID]int{} // of the family a competence stands in
	out := []family{{Label: words{Text: p.T("competencyweb.no_family")}, ID: "none"}}
	depth := map[competency.ItemID]int{}
	for _, it := range f.Items {
		if it.Retired {
			continue
		}
		if it.Kind == competency.Family {
			byID[it.ID] = len(out)
			out = append(out, family{ID: "family-" + string(it.ID), Item: string(it.ID), Code: it.Code, Mark: f.MarkOf(it.ID), Label: say(p, f, it.Label),
				Description: say(p, f, it.Description), Href: itemPath(f.ID, it.ID)})
			continue
		}
		at := byID[it.Parent]
		byID[it.ID] = at
		if parent, ok := f.Item(it.Parent); ok && parent.Kind == competency.Competence {
			depth[it.ID] = depth[it.Parent] + 1
		}
		out[at].Rows = append(out[at].Rows, row{Code: it.Code, Label: say(p, f, it.Label), Href: itemPath(f.ID, it.ID), Mark: out[at].Mark, Depth: min(depth[it.ID], deepest)})
	}
	for i := range out {
		out[i].Count = p.T("competencyweb.count", len(out[i].Rows))
	}
	if len(out[0].Rows) == 0 {
		return out[1:]
	}
	return out
}

// deepest is how far a list moves a row to the right.
const deepest = 3

func hitRows(p *i18n.Printer, f competency.Framework, hits []competency.Hit) []row {
	var out []row
	for _, h := range hits {
		r := row{Code: h.Item.Code, Label: say(p, f, h.Item.Label), Href: itemPath(f.ID, h.Item.ID), Mark: f.MarkOf(h.Item.ID), Level: h.Level}
		if fam, ok := f.FamilyOf(h.Item.ID); ok {
			r.Group = say(p, f, fam.Label).Text
		}
		if h.Level != "" {
			r.Why = say(p, f, h.Item.Levels[h.Level])
		}
		out = append(out, r)
	}
	return out
}

// levels lists the steps; does says what somebody at each of them does, nil for the framework's own words.
func levels(p *i18n.Printer, f competency.Framework, does map[string]competency.Text) []level {
	var out []level
	for _, l := range f.Levels {
		out = append(out, level{Code: l.Code, Label: say(p, f, l.Label), Description: say(p, f, l.Description), Does: say(p, f, does[l.Code])})
	}
	return out
}
