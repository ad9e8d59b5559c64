package trainingweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/training"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// perPage is how many resources a page shows.
const perPage = 20

type listPage struct {
	Head    ui.PageHead
	Tabs    *ui.Tabs
	Query   ui.Field
	Hidden  []ui.Pair
	Facets  ui.Facets
	Summary string
	Cards   []ui.Card
	Empty   *ui.Empty
	Pages   ui.Pagination
	Exports []ui.LinkButton
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

func isFamily(code string) bool { return !strings.Contains(code, ".") }

// readFilter reads the filter of an address.
func readFilter(form url.Values) training.Filter {
	f := training.Filter{Words: strings.TrimSpace(form.Get("q")), State: training.State(form.Get("state")), Chosen: map[string][]string{}}
	for _, facet := range training.Facets() {
		if len(form[facet]) > 0 {
			f.Chosen[facet] = form[facet]
		}
	}
	return f
}

// values writes a filter for an address.
func values(f training.Filter) url.Values {
	v := url.Values{}
	for facet, chosen := range f.Chosen {
		v[facet] = chosen
	}
	if f.Words != "" {
		v.Set("q", f.Words)
	}
	if f.State != "" {
		v.Set("state", string(f.State))
	}
	return v
}

func address(v url.Values, base string) string {
	if s := v.Encode(); s != "" {
		return base + "?" + s
	}
	return base
}

// list shows the inventory, narrowed as the address says.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p := v.P
	all, err := d.Training.Inventory(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return err
	}
	f := readFilter(r.URL.Query())
	kept := f.Keep(all, french.Fold)
	page := listPage{Head: ui.PageHead{Title: p.T("trainingweb.title"), Lead: p.T("trainingweb.lead"),
		Actions: []ui.LinkButton{{Label: p.T("trainingweb.propose"), Href: home + "/new", Icon: "plus", Look: ui.Primary}}}}
	page.Tabs = states(p, all, f.State, v.Actor)
	page.Query = ui.Field{Name: "q", Type: "search", Label: p.T("trainingweb.search"), Value: f.Words, Autocomplete: "off"}
	page.Facets, page.Hidden = facets(p, all, f, known)
	page.Summary = p.T("trainingweb.found", len(kept))
	at, _ := strconv.Atoi(r.URL.Query().Get("page")) // anything else is the first
	last := max(1, (len(kept)+perPage-1)/perPage)
	at = min(max(1, at), last)
	page.Pages = ui.Pages(at, last, func(n int) string {
		to := values(f)
		to.Set("page", strconv.Itoa(n))
		return address(to, home)
	})
	for _, e := range kept[(at-1)*perPage : min(at*perPage, len(kept))] {
		page.Cards = append(page.Cards, card(p, e, known))
	}
	page.finish(p, f, len(kept))
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title}, page)
}

// finish says what is there when nothing is, or how to take it away.
func (page *listPage) finish(p *i18n.Printer, f training.Filter, kept int) {
	if kept == 0 {
		page.Empty = &ui.Empty{Icon: "search", Title: p.T("trainingweb.none"), Text: p.T("trainingweb.none_text"), Action: &ui.LinkButton{Label: p.T("trainingweb.show_all"), Href: home}}
		if f.State != "" && f.State != training.Accepted {
			page.Empty.Text, page.Empty.Icon = p.T("trainingweb.none_"+string(f.State)), "book-open"
		}
		return
	}
	for _, one := range []struct{ file, label string }{{"resources.csv", "CSV"}, {"resources.json", "JSON"}} {
		page.Exports = append(page.Exports, ui.LinkButton{Label: one.label, Context: p.T("trainingweb.of_list"), Href: address(values(f), home+"/export/"+one.file), Icon: "download", Download: true})
	}
}

// states leads to what waits, was refused or is retired, for who may see any.
func states(p *i18n.Printer, all []training.Entry, now training.State, by actor.Actor) *ui.Tabs {
	t := &ui.Tabs{Label: p.T("trainingweb.state")}
	for _, s := range []training.State{training.Accepted, training.Proposed, training.Refused, training.Retired} {
		n := len(training.Filter{State: s}.Keep(all, french.Fold))
		current := now == s || now == "" && s == training.Accepted
		if n == 0 && !current && (s != training.Proposed || !training.MayReview(by)) {
			continue
		}
		to := home
		if s != training.Accepted {
			to += "?state=" + string(s)
		}
		t.Items = append(t.Items, ui.Tab{Label: p.T("trainingweb.tab_" + string(s)), Href: to, Count: p.Number(n), Current: current})
	}
	if len(t.Items) < 2 {
		return nil
	}
	return t
}

// facets makes the form that narrows, and what the search form must keep of it.
func facets(p *i18n.Printer, all []training.Entry, f training.Filter, known map[string]Competence) (ui.Facets, []ui.Pair) {
	out := ui.Facets{Action: home, Label: p.T("trainingweb.narrow")}
	var keep []ui.Pair
	if f.Words != "" {
		out.Hidden = append(out.Hidden, ui.Pair{Name: "q", Value: f.Words})
	}
	if f.State != "" {
		out.Hidden = append(out.Hidden, ui.Pair{Name: "state", Value: string(f.State)})
		keep = append(keep, ui.Pair{Name: "state", Value: string(f.State)})
	}
	for _, facet := range training.Facets() {
		g := ui.FacetGroup{Name: facet, Label: p.T("trainingweb.facet_" + facet), Open: len(out.Groups) < 2}
		count, chosen := f.Count(all, french.Fold, facet), f.Chosen[facet]
		for _, value := range ordered(facet, count, chosen) {
			on := slices.Contains(chosen, value)
			g.Options = append(g.Options, ui.FacetOption{Value: value, Label: label(p, facet, value, known), Count: count[value], Checked: on})
			if on {
				keep = append(keep, ui.Pair{Name: facet, Value: value})
			}
		}
		if len(g.Options) > 1 || g.Chosen() > 0 { // one value narrows nothing
			out.Groups = append(out.Groups, g)
		}
	}
	if len(f.Chosen) > 0 {
		clear := f
		clear.Chosen = nil
		out.Clear = address(values(clear), home)
	}
	return out, keep
}

// ordered lists the values of a facet in the order people expect: as its list says, else as in a dictionary.
func ordered(facet string, count map[string]int, chosen []string) (out []string) {
	for value := range count {
		out = append(out, value)
	}
	for _, value := range chosen {
		if !slices.Contains(out, value) {
			out = append(out, value)
		}
	}
	list := map[string][]string{"kind": training.Kinds(), "format": training.Formats(), "time": training.Times(), "audience": training.Audiences(), "licence": training.Licences(),
		"language": training.Languages(), "link": {"reached", "unsure", "dead", "unchecked"}, "followed": {"yes", "no"}}[facet]
	rank := func(v string) int {
		if i := slices.Index(list, v); i >= 0 {
			return i
		}
		return len(list)
	}
	slices.SortFunc(out, func(a, b string) int {
		if rank(a) != rank(b) {
			return rank(a) - rank(b)
		}
		return french.Compare(a, b)
	})
	return out
}

// label says a value of a facet; what an address makes up is said as it is.
func label(p *i18n.Printer, facet, value string, known map[string]Competence) string {
	switch key := "training." + facet + "_" + value; {
	case facet == "family" || facet == "competence":
		return known[value].named(value)
	case p.Has(key):
		return p.T(key)
	}
	return value
}

// card is a resource one can judge in three seconds.
func card(p *i18n.Printer, e training.Entry, known map[string]Competence) ui.Card {
	lang := string(p.Lang())
	c := ui.Card{Eyebrow: p.T("training.kind_" + e.Kind), Title: e.Title.In(lang), Href: path(e.ID), Text: e.Summary.In(lang), Level: 2, Icon: icons[e.Kind]}
	c.Facts = append(c.Facts, ui.Fact{Label: p.T("trainingweb.publisher"), Value: e.Publisher, Icon: "landmark"}, ui.Fact{Label: p.T("trainingweb.level"), Value: p.T("training.level_" + strconv.Itoa(e.Level)), Icon: "chart-column"})
	if e.Minutes > 0 {
		c.Facts = append(c.Facts, ui.Fact{Label: p.T("trainingweb.duration"), Value: duration(p, e.Minutes), Icon: "clock"})
	}
	c.Facts = append(c.Facts, ui.Fact{Label: p.T("trainingweb.language"), Value: languages(p, e.Languages), Icon: "globe"})
	for _, code := range e.Competences {
		c.Badges = append(c.Badges, ui.Badge{Label: known[code].named(code), Family: known[code].Mark})
	}
	if e.Mine != nil {
		c.Badges = append(c.Badges, ui.Badge{Label: p.T("trainingweb.followed"), Kind: ui.Success, Icon: "check"})
	}
	if e.Link.Outcome == training.Dead {
		c.Badges = append(c.Badges, ui.Badge{Label: p.T("training.link_dead"), Kind: ui.Warning})
	}
	return c
}

// icons draw each kind.
var icons = map[string]string{"guide": "book-open", "kit": "files", "video": "monitor", "game": "sparkles", "course": "users", "reference": "library", "tool": "settings"}

// duration says minutes as people do: over two hours, whole hours.
func duration(p *i18n.Printer, minutes int) string {
	if minutes < 120 {
		return p.T("trainingweb.minutes", minutes)
	}
	return p.T("trainingweb.hours", (minutes+30)/60)
}

func languages(p *i18n.Printer, list []string) string {
	var out []string
	for _, l := range list {
		out = append(out, p.T("training.language_"+l))
	}
	return strings.Join(out, ", ")
}
