package competencyweb

import (
	"net/http"
	"slices"
	"time"

	"cultured/internal/competency"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type itemPage struct {
	Head       ui.PageHead
	Mark       int
	Levels     []level
	Alignments *ui.Table
	Unchecked  bool
	Under      []row
	Retired    *ui.Notice
	Successors []row
	Before     []row // retired ones this one stands for
	Previous   *row
	Next       *row
	Facts      ui.Facts
	Tools      []ui.LinkButton // for those who edit
	Move       string          // address, "" where it cannot move
}

var itemTemplate = ui.Page[itemPage](pages, "pages/item.tmpl", "pages/row.tmpl", "pages/words.tmpl")

// item shows a competence, or a family with what is under it.
func item(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItem(r, d)
		if err != nil {
			return err
		}
		p, f := web.VisitOf(r).P, v.Framework
		way := crumbs(p, f)
		if fam, ok := f.FamilyOf(it.ID); ok && fam.ID != it.ID {
			way = crumbs(p, f, ui.Crumb{Label: cite(p, f, fam), Href: itemPath(f.ID, fam.ID)})
		}
		return itemTemplate.Render(w, r, http.StatusOK, ui.Head{Title: cite(p, f, it), Section: "/competencies", Crumbs: way}, newItemPage(p, v, it))
	}
}

func newItemPage(p *i18n.Printer, v competency.View, it competency.Item) itemPage {
	f := v.Framework
	page := itemPage{Mark: f.MarkOf(it.ID), Head: ui.PageHead{Title: say(p, f, it.Label).Text, Lead: say(p, f, it.Description).Text}, Facts: itemFacts(p, v, it)}
	page.Head.Eyebrow = p.T("competencyweb.kind_"+string(it.Kind), it.Code)
	if fam, ok := f.FamilyOf(it.ID); ok && fam.ID != it.ID {
		page.Head.Badges = append(page.Head.Badges, ui.Badge{Label: cite(p, f, fam), Family: page.Mark, Href: itemPath(f.ID, fam.ID)})
	}
	if it.Kind == competency.Competence {
		page.Levels = levels(p, f, it.Levels)
	}
	page.Under = itemRows(p, f, f.Under(it.ID))
	if it.Retired {
		page.retire(p, f, it)
	} else if it.Kind == competency.Competence {
		before, after, hasBefore, hasAfter := f.Neighbours(it.ID)
		page.Previous, page.Next = neighbour(p, f, before, hasBefore), neighbour(p, f, after, hasAfter)
	}
	page.Before = itemRows(p, f, f.Predecessors(it.ID))
	if v.MayEdit {
		page.tools(p, f, it)
	}
	page.Alignments, page.Unchecked = alignmentTable(p, it)
	return page
}

func (page *itemPage) retire(p *i18n.Printer, f competency.Framework, it competency.Item) {
	page.Head.Badges = append(page.Head.Badges, ui.Badge{Label: p.T("competencyweb.retired"), Kind: ui.Warning})
	page.Retired = &ui.Notice{Kind: ui.Warning, Title: p.T("competencyweb.retired"), Text: p.T("competencyweb.retired_text")}
	for _, id := range f.Successors(it.ID) {
		if s, ok := f.Item(id); ok {
			page.Successors = append(page.Successors, itemRow(p, f, s))
		}
	}
	if len(page.Successors) == 0 {
		page.Retired.Text = p.T("competencyweb.retired_alone")
	}
}

func (page *itemPage) tools(p *i18n.Printer, f competency.Framework, it competency.Item) {
	tool := func(label, file, icon string) {
		page.Tools = append(page.Tools, ui.LinkButton{Label: p.T(label), Href: itemPath(f.ID, it.ID, file), Icon: icon})
	}
	if !it.Retired {
		page.Move = itemPath(f.ID, it.ID, "move")
		tool("competencyweb.edit", "edit", "pencil")
		if it.Kind == competency.Competence {
			tool("competencyweb.edit_links", "alignments", "link-2")
		}
	}
	tool("competencyweb.edit_turn", "turn", "wand-sparkles")
}

func neighbour(p *i18n.Printer, f competency.Framework, it competency.Item, ok bool) *row {
	if !ok {
		return nil
	}
	r := itemRow(p, f, it)
	return &r
}

func itemRow(p *i18n.Printer, f competency.Framework, it competency.Item) row {
	return row{Code: it.Code, Label: say(p, f, it.Label), Href: itemPath(f.ID, it.ID), Mark: f.MarkOf(it.ID)}
}

func itemRows(p *i18n.Printer, f competency.Framework, items []competency.Item) []row {
	var out []row
	for _, it := range items {
		out = append(out, itemRow(p, f, it))
	}
	return out
}

func itemFacts(p *i18n.Printer, v competency.View, it competency.Item) ui.Facts {
	facts := ui.Facts{Items: []ui.Fact{{Label: p.T("competencyweb.identifier"), Value: string(it.ID)}}}
	if !it.Modified.IsZero() {
		facts.Items = append(facts.Items, ui.Fact{Label: p.T("competencyweb.modified"), Value: p.Date(it.Modified)})
	}
	if address := competency.WebAddress(it.URI); address != "" {
		facts.Items = append(facts.Items, ui.Fact{Label: p.T("competencyweb.address"), Value: address, Href: address})
	}
	if v.Number > 0 {
		facts.Items = append(facts.Items, ui.Fact{Label: p.T("competencyweb.version"), Value: p.T("competencyweb.version_of", v.Number, p.Date(v.PublishedAt))})
	}
	return facts
}

// elementName is how an element of another framework is called: its code and its name, else its address.
func elementName(p *i18n.Printer, a competency.Alignment) string {
	label := a.Label.In(string(p.Lang()))
	switch {
	case label == "" && a.Code == "":
		return a.URI
	case a.Code == "" || a.Code == label:
		return label
	case label == "":
		return a.Code
	}
	return p.T("competencyweb.element_named", a.Code, label)
}

// alignmentTable lists an item's alignments; nil when it has none. unchecked: the day somebody checked is missing for one at least.
func alignmentTable(p *i18n.Printer, it competency.Item) (_ *ui.Table, unchecked bool) {
	if len(it.Alignments) == 0 {
		return nil, false
	}
	t := ui.Table{ID: "alignments", Caption: p.T("competencyweb.alignments"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{
		{Label: p.T("competencyweb.scheme")}, {Label: p.T("competencyweb.element")}, {Label: p.T("competencyweb.match")}, {Label: p.T("competencyweb.source")}, {Label: p.T("competencyweb.checked")}}}
	for _, a := range slices.SortedFunc(slices.Values(it.Alignments), competency.CompareAlignments) {
		checked := ui.Cell{Badge: &ui.Badge{Label: p.T("competencyweb.to_check"), Kind: ui.Warning}}
		if day, err := time.Parse(time.DateOnly, a.Checked); err == nil {
			checked = ui.Cell{Text: p.Date(day)}
		} else {
			unchecked = true
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: competency.SchemeName(a.Scheme)}, {Text: elementName(p, a), Href: competency.WebAddress(a.URI)}, {Text: p.T(a.Match.Label())},
			{Text: a.Source, Missing: a.Source == "", Href: competency.WebAddress(a.Source)}, checked}})
	}
	return &t, unchecked
}
