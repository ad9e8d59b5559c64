package catalogueweb

import (
	"net/http"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type reviewsPage struct {
	Head  ui.PageHead
	Table ui.Table
	Empty *ui.Empty
}

var reviewsTemplate = ui.Page[reviewsPage](pages, "pages/reviews.tmpl")

// reviews lists what waits for a steward.
func reviews(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := web.VisitOf(r)
		switch {
		case !v.Actor.Known():
			return fault.New(fault.SignIn, "catalogue.sign_in_first")
		case !v.Actor.Is(actor.Steward):
			return fault.New(fault.Denied, "catalogue.steward_only")
		}
		res, err := d.Catalogue.Search(r.Context(), v.Actor, catalogue.Query{Organisation: v.Actor.Organisation, Sort: catalogue.SortUpdated,
			Facets: map[string][]string{catalogue.FacetState: {string(catalogue.StateInReview)}}, Page: 1, PerPage: catalogue.PerPageMost})
		if err != nil {
			return err
		}
		page := reviewsPage{Head: ui.PageHead{Title: v.P.T("catalogueweb.reviews"), Lead: v.P.T("catalogueweb.reviews_lead")}, Table: reviewTable(v.P, res.Hits)}
		if len(res.Hits) == 0 {
			page.Empty = &ui.Empty{Icon: "circle-check", Title: v.P.T("catalogueweb.reviews_none"), Text: v.P.T("catalogueweb.reviews_none_text"),
				Action: &ui.LinkButton{Label: v.P.T("ui.nav_catalogue"), Href: "/catalogue", Look: ui.Primary}}
		}
		return reviewsTemplate.Render(w, r, http.StatusOK, ui.Head{Title: v.P.T("catalogueweb.reviews")}, page)
	}
}

func reviewTable(p *i18n.Printer, hits []catalogue.Hit) ui.Table {
	t := ui.Table{Caption: p.T("catalogueweb.reviews"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{
		{Label: p.T("catalogue.field_title")}, {Label: p.T("catalogueweb.service")}, {Label: p.T("catalogue.field_owner")},
		{Label: p.T("catalogueweb.score"), Numeric: true}, {Label: p.T("catalogueweb.asked")}}}
	for _, h := range hits {
		rec := h.Record
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: rec.Title, Href: "/datasets/" + rec.Dataset + "/record"}, {Text: rec.ServiceName, Missing: rec.ServiceName == ""},
			{Text: rec.Owner, Missing: rec.Owner == ""}, {Text: p.T("catalogueweb.points", h.Score.Met, h.Score.Total)}, {Text: p.DateTime(rec.Modified)}}})
	}
	return t
}
