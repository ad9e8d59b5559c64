package catalogueweb

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/catalogue"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type searchPage struct {
	Head    ui.PageHead
	Text    ui.Field
	Sort    ui.Choice
	Hidden  []ui.Pair
	Facets  ui.Facets
	Summary string
	Notices []ui.Notice
	Cards   []shownHit
	Pages   ui.Pagination
	Empty   *ui.Empty
	Export  string
}

var searchTemplate = ui.Page[searchPage](pages, "pages/search.tmpl")

// search shows the catalogue, or what of it answers the address.
func search(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		q := catalogue.ParseQuery(r.URL.Query())
		res, err := d.Catalogue.Search(r.Context(), web.Actor(r), q)
		if err != nil {
			return err
		}
		v := web.VisitOf(r)
		head := ui.Head{Title: v.P.T("catalogueweb.title"), Description: v.P.T("catalogueweb.lead"),
			Alternates: []ui.Alternate{{Type: catalogue.TurtleType, Title: "DCAT", Href: "/dcat.ttl"}, {Type: catalogue.RDFXMLType, Title: "DCAT", Href: "/dcat.rdf"}}}
		if q.Text != "" {
			head.Title = v.P.T("catalogueweb.title_results", q.Text)
		}
		return searchTemplate.Render(w, r, http.StatusOK, head, newSearchPage(v, q, res))
	}
}

func newSearchPage(v *web.Visit, q catalogue.Query, res catalogue.Result) searchPage {
	p := v.P
	page := searchPage{Head: ui.PageHead{Title: p.T("catalogueweb.title"), Lead: p.T("catalogueweb.lead")},
		Summary: p.T("catalogueweb.results", res.Total), Export: "/catalogue.csv" + query(q)}
	page.Text = ui.Field{Name: "q", Label: p.T("catalogueweb.search_field"), Type: "search", Value: q.Text, Hint: p.T("catalogueweb.search_example")}
	for _, c := range res.Corrected {
		page.Notices = append(page.Notices, ui.Notice{Kind: ui.Info, Text: p.T("catalogueweb.corrected", c.From, c.To)})
	}
	if res.Relaxed {
		page.Notices = append(page.Notices, ui.Notice{Kind: ui.Info, Text: p.T("catalogueweb.relaxed")})
	}
	var sorts []ui.Option
	for _, s := range catalogue.Sorts() {
		sorts = append(sorts, ui.Option{Value: s, Label: p.T("catalogueweb.sort_" + s), Selected: s == q.Sort})
	}
	page.Sort = ui.Choice{Name: "sort", Label: p.T("catalogueweb.sort"), Options: sorts}
	page.Facets, page.Hidden = facets(p, q, res)
	for i := range res.Hits {
		page.Cards = append(page.Cards, shownHit{p, &res.Hits[i]})
	}
	page.Pages = ui.Pages(res.Page, res.Pages, func(n int) string { return "/catalogue" + query(q.OnPage(n)) })
	if res.Total == 0 {
		page.Empty = &ui.Empty{Icon: "search", Title: p.T("catalogueweb.none"), Text: p.T("catalogueweb.none_text"), Example: p.T("catalogueweb.none_example"),
			Action: &ui.LinkButton{Label: p.T("catalogueweb.show_all"), Href: "/catalogue", Look: ui.Primary}}
	}
	return page
}

// query writes a query for the end of an address.
func query(q catalogue.Query) string {
	if s := q.Values().Encode(); s != "" {
		return "?" + s
	}
	return ""
}

// facets makes the form that narrows, and what the search form must keep of it.
func facets(p *i18n.Printer, q catalogue.Query, res catalogue.Result) (ui.Facets, []ui.Pair) {
	f := ui.Facets{Action: "/catalogue", Label: p.T("catalogueweb.narrow")}
	var keep []ui.Pair
	if q.Text != "" {
		f.Hidden = append(f.Hidden, ui.Pair{Name: "q", Value: q.Text})
	}
	if q.Sort != "" {
		f.Hidden = append(f.Hidden, ui.Pair{Name: "sort", Value: q.Sort})
	}
	for _, facet := range res.Facets {
		g := ui.FacetGroup{Name: facet.Name, Label: p.T(facet.Label()), Open: len(f.Groups) < 3}
		for _, val := range facet.Values {
			label := val.Text
			if val.Key != "" {
				label = p.T(val.Key)
			}
			g.Options = append(g.Options, ui.FacetOption{Value: val.Value, Label: label, Count: val.Count, Checked: val.Chosen})
			if val.Chosen {
				keep = append(keep, ui.Pair{Name: facet.Name, Value: val.Value})
			}
		}
		if len(g.Options) > 1 || g.Chosen() > 0 { // one value narrows nothing
			f.Groups = append(f.Groups, g)
		}
	}
	if len(keep) > 0 {
		clear := q
		clear.Facets = nil
		f.Clear = "/catalogue" + query(clear)
	}
	return f, keep
}

// A shownHit is a hit as a card, made only if it was not shown lately.
type shownHit struct {
	p   *i18n.Printer
	hit *catalogue.Hit
}

// Same names the state of the record.
func (h shownHit) Same() string { return strconv.FormatUint(h.hit.Mark, 36) }

// Value is the [ui.Card].
func (h shownHit) Value() any { return card(h.p, *h.hit) }

// card is a record one can judge in three seconds.
func card(p *i18n.Printer, h catalogue.Hit) ui.Card {
	r := h.Record
	c := ui.Card{Title: r.Title, Href: "/datasets/" + r.Dataset, Text: shorten(r.Description, 220), Eyebrow: r.ServiceName, Level: 2,
		Score: &ui.Score{Value: h.Score.Met, Max: h.Score.Total, Label: p.T("catalogueweb.score"), Small: true}}
	if h.Public {
		c.Href = "/catalogue/" + r.Slug
	} else {
		c.Badges = append(c.Badges, ui.Badge{Label: p.T(r.State.Key()), Kind: ui.Neutral, Icon: "lock"})
	}
	for _, t := range r.Themes {
		c.Badges = append(c.Badges, ui.Badge{Label: p.T(t.Key()), Kind: ui.Info})
	}
	c.Facts = append(c.Facts, ui.Fact{Label: p.T("catalogueweb.updated"), Value: p.Date(r.Updated()), Icon: "calendar"})
	if rows := rowsOf(r); rows >= 0 {
		c.Facts = append(c.Facts, ui.Fact{Label: p.T("catalogueweb.size"), Value: p.T("catalogueweb.rows", rows), Icon: "table"})
	}
	if l, ok := catalogue.LicenceOf(r.Licence); ok {
		c.Facts = append(c.Facts, ui.Fact{Label: p.T("catalogueweb.licence"), Value: l.Title, Icon: "scale"})
	}
	if r.Spatial.Name != "" {
		c.Facts = append(c.Facts, ui.Fact{Label: p.T("catalogueweb.territory"), Value: r.Spatial.Name, Icon: "map-pin"})
	}
	return c
}

// rowsOf is the number of rows of a record's main table, -1 when it is not known.
func rowsOf(r catalogue.Record) int64 {
	for _, res := range r.Resources {
		if res.Rows > 0 {
			return res.Rows
		}
	}
	return -1
}

// shorten cuts a text at a word, at most so many characters.
func shorten(s string, most int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= most {
		return string(runes)
	}
	cut := string(runes[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// searchTable gives the whole answer of a search as a table.
func searchTable(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		q := catalogue.ParseQuery(r.URL.Query())
		q.PerPage = catalogue.PerPageMost
		who, p := web.Actor(r), web.VisitOf(r).P
		web.Attachment(w, "text/csv; charset=utf-8", "catalogue.csv")
		out := csv.NewWriter(w)
		if err := out.Write([]string{"title", "address", "service", "description", "licence", "frequency", "updated", "territory", "rows", "score", "state", "keywords"}); err != nil {
			return err
		}
		for n := 1; ; n++ {
			res, err := d.Catalogue.Search(r.Context(), who, q.OnPage(n))
			if err != nil {
				return err
			}
			for _, h := range res.Hits {
				rec := h.Record
				line := []string{rec.Title, web.VisitOf(r).Site.BaseURL + card(p, h).Href, rec.ServiceName, rec.Description, rec.Licence, rec.Frequency,
					rec.Updated().Format("2006-01-02"), rec.Spatial.Name, strconv.FormatInt(max(rowsOf(rec), 0), 10), strconv.Itoa(h.Score.Met), string(rec.State), strings.Join(rec.Keywords, ", ")}
				for i := range line {
					line[i] = tabular.CSVCell(line[i])
				}
				if err := out.Write(line); err != nil {
					return err
				}
			}
			if n >= res.Pages {
				out.Flush()
				return out.Error()
			}
		}
	}
}
