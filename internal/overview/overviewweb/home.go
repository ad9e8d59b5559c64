package overviewweb

import (
	"context"
	"net/http"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/i18n"
	"cultured/internal/overview"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type welcomePage struct {
	Drop   ui.FileDrop
	Kept   string // what becomes of the file
	Demo   *ui.Notice
	Can    []ui.Card
	Latest []ui.Card
	All    string
}

type workPage struct {
	Head     ui.PageHead
	Continue *ui.Card
	Fine     *ui.Notice
	Next     *ui.Steps
	Datasets ui.Table
	Empty    *ui.Empty
	Reviews  *ui.Notice
	Alerts   *ui.Notice
	Mission  *ui.Card
	Why      string // the mission is proposed
	Drop     ui.FileDrop
}

var (
	welcomeTemplate = ui.Page[welcomePage](pages, "pages/welcome.tmpl")
	workTemplate    = ui.Page[workPage](pages, "pages/work.tmpl")
)

// homeRows is how many datasets a person's home page lists, nextRows how many it proposes after the first, latestCards how
// many published datasets a visitor sees.
const (
	homeRows    = 8
	nextRows    = 3
	latestCards = 3
)

// home is the first page: what a visitor can do, or what somebody has to do.
func home(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if web.Actor(r).Known() {
			return work(w, r, d)
		}
		return welcome(w, r, d)
	}
}

func (d Desk) drop(p *i18n.Printer) ui.FileDrop {
	return ui.FileDrop{Name: "file", Label: p.T("overview.drop"), Hint: p.T("overview.drop_hint"), Accept: d.Accepted, Limit: d.Limit, Submit: p.T("overview.drop_submit"), Required: true}
}

func welcome(w http.ResponseWriter, r *http.Request, d Desk) error {
	v := web.VisitOf(r)
	p := v.P
	res, err := d.Catalogue.Search(r.Context(), v.Actor, catalogue.Query{Sort: catalogue.SortUpdated, Page: 1, PerPage: latestCards})
	if err != nil {
		return err
	}
	page := welcomePage{Drop: d.drop(p), Can: abilities(p), All: p.T("overview.all", res.Total),
		Kept: p.T("overview.not_kept", ui.Span(p, d.KeepFor))}
	for _, h := range res.Hits {
		page.Latest = append(page.Latest, ui.Card{Title: h.Record.Title, Href: ui.Link("/catalogue", h.Record.Slug), Eyebrow: h.Record.ServiceName, Icon: "database", Text: h.Record.Description,
			Facts: []ui.Fact{{Label: p.T("overview.updated"), Value: p.Date(h.Record.Updated()), Icon: "calendar"}}})
	}
	if d.Demo {
		page.Demo = demonstration(p)
	}
	return welcomeTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("overview.home"), Description: p.T("overview.lead")}, page)
}

// abilities are the things one can do here.
func abilities(p *i18n.Printer) []ui.Card {
	var out []ui.Card
	for _, s := range []struct{ key, icon, href string }{{"check", "file-check", "/check"}, {"document", "clipboard-check", "/sign-in?next=%2Fdatasets"}, {"find", "search", "/catalogue"},
		{"learn", "sparkles", "/sign-in?next=%2Fmissions"}, {"join", "users", "/join"}} {
		out = append(out, ui.Card{Eyebrow: p.T("overview.can_" + s.key + "_when"), Icon: s.icon, Title: p.T("overview.can_" + s.key), Text: p.T("overview.can_" + s.key + "_text"), Href: s.href})
	}
	return out
}

// demonstration says what is invented here and how to come in.
func demonstration(p *i18n.Printer) *ui.Notice {
	n := &ui.Notice{Kind: ui.Info, Title: p.T("overview.demo"), Text: p.T("overview.demo_text"), Action: &ui.LinkButton{Label: p.T("ui.sign_in"), Href: "/sign-in"}}
	for _, role := range actor.Roles() {
		n.Items = append(n.Items, p.T("overview.demo_"+string(role)))
	}
	n.Items = append(n.Items, p.T("overview.demo_password"))
	return n
}

func work(w http.ResponseWriter, r *http.Request, d Desk) error {
	v := web.VisitOf(r)
	p := v.P
	all, err := proposals(r.Context(), d, v.Actor)
	if err != nil {
		return err
	}
	page := workPage{Head: ui.PageHead{Title: p.T("overview.hello", v.Actor.Name)}, Drop: d.drop(p), Datasets: datasetTable(p, all)}
	first, then := overview.Pick(all, nextRows)
	switch {
	case first != nil:
		page.Continue = &ui.Card{Eyebrow: p.T("overview.continue"), Icon: "arrow-right", Title: p.T(first.Key(), first.Open), Href: first.Path(), Level: 2,
			Text: p.T(first.Why()), Facts: []ui.Fact{{Label: p.T("overview.dataset"), Value: first.Dataset.Title, Icon: "database"}, {Label: p.T("overview.modified"), Value: p.Date(first.Dataset.Modified), Icon: "calendar"}}}
	case len(all) > 0:
		page.Fine = &ui.Notice{Kind: ui.Success, Text: p.T("overview.fine")}
	default:
		page.Empty = &ui.Empty{Icon: "database", Title: p.T("overview.none"), Text: p.T("overview.none_text"), Example: p.T("overview.none_example"),
			Action: &ui.LinkButton{Label: p.T("ui.nav_check"), Href: "/check", Look: ui.Primary}}
	}
	if len(then) > 0 {
		page.Next = &ui.Steps{Title: p.T("overview.then")}
		for _, one := range then {
			page.Next.Items = append(page.Next.Items, ui.Step{Label: one.Dataset.Title, Href: one.Path(), Text: p.T(one.Key(), one.Open)})
		}
	}
	if page.Mission, page.Why, err = d.Mission(r); err != nil {
		return err
	}
	if v.Actor.Is(actor.Steward) {
		if page.Reviews, err = waiting(r.Context(), d, p, v.Actor); err != nil {
			return err
		}
	}
	alerts, err := d.Alerts(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	if alerts > 0 {
		page.Alerts = &ui.Notice{Kind: ui.Warning, Text: p.T("overview.alerts", alerts), Action: &ui.LinkButton{Label: p.T("ui.nav_register"), Href: "/register/alerts"}}
	}
	return workTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("overview.home")}, page)
}

// proposals says, for the latest datasets of somebody, what comes next.
func proposals(ctx context.Context, d Desk, by actor.Actor) ([]overview.Proposal, error) {
	mine, err := d.Dataset.List(ctx, by)
	if err != nil {
		return nil, err
	}
	var out []overview.Proposal
	for _, ds := range mine[:min(len(mine), homeRows)] {
		rec, err := d.Catalogue.Record(ctx, by, string(ds.ID))
		if err != nil {
			return nil, err
		}
		out = append(out, overview.Next(ds, rec, ds.Fixable))
	}
	return out, nil
}

// waiting tells a steward how many records ask for a review, nil for none.
func waiting(ctx context.Context, d Desk, p *i18n.Printer, by actor.Actor) (*ui.Notice, error) {
	res, err := d.Catalogue.Search(ctx, by, catalogue.Query{Organisation: by.Organisation, Page: 1, PerPage: 1,
		Facets: map[string][]string{catalogue.FacetState: {string(catalogue.StateInReview)}}})
	if err != nil || res.Total == 0 {
		return nil, err
	}
	return &ui.Notice{Kind: ui.Info, Text: p.T("overview.waiting", res.Total), Action: &ui.LinkButton{Label: p.T("ui.nav_reviews"), Href: "/reviews"}}, nil
}

func datasetTable(p *i18n.Printer, all []overview.Proposal) ui.Table {
	t := ui.Table{ID: "datasets", Caption: p.T("ui.nav_datasets"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{
		{Label: p.T("overview.dataset")}, {Label: p.T("overview.state")}, {Label: p.T("overview.rows"), Numeric: true}, {Label: p.T("overview.next")}, {Label: p.T("overview.modified")}}}
	for _, one := range all {
		ds, next := one.Dataset, ui.Cell{Text: p.T(one.Key(), one.Open)}
		if one.Step.Due() {
			next.Href = one.Path()
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ds.Title, Href: ui.Link("/datasets", string(ds.ID))}, {Badge: &ui.Badge{Label: p.T(one.Record.State.Key()), Kind: stateKind(one.Record.State)}},
			{Text: p.Number(ds.Rows)}, next, {Text: p.Date(ds.Modified)}}})
	}
	return t
}

func stateKind(s catalogue.State) string {
	switch s {
	case catalogue.StatePublished:
		return ui.Success
	case catalogue.StateInReview:
		return ui.Info
	}
	return ui.Neutral
}
