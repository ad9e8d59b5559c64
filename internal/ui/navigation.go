package ui

import (
	"net/http"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/web"
)

// A NavItem is one entry of the main navigation: a page, or a section with the pages of it.
type NavItem struct {
	Label, Href string
	Current     bool      // the visitor is on it, or on a page below it
	Items       []NavItem // the pages of a section; empty for a page
}

// sections is the whole navigation. A section leads to the first of its pages that the visitor may open.
var sections = []section{
	{label: "ui.nav_home", pages: []entry{{href: "/"}}},
	{label: "ui.nav_data", pages: []entry{
		{label: "ui.nav_datasets", href: "/datasets", may: known},
		{label: "ui.nav_check", href: "/check"},
		{label: "ui.nav_forms", href: "/forms", may: known},
		{label: "ui.nav_recipes", href: "/recipes", may: known},
		{label: "ui.nav_rules", href: "/rules", may: known},
		{label: "ui.nav_contacts", href: "/contacts", may: known},
		{label: "ui.nav_register", href: "/register", may: known},
		{label: "ui.nav_reviews", href: "/reviews", may: steward},
		{label: "ui.nav_catalogue", href: "/catalogue"},
		{label: "ui.nav_schemas", href: "/schemas"},
	}},
	{label: "ui.nav_learn", pages: []entry{
		{label: "ui.nav_missions", href: "/missions", may: known},
		{label: "ui.nav_paths", href: "/paths", may: known},
		{label: "ui.nav_resources", href: "/resources", may: known},
		{label: "ui.nav_evidence", href: "/learning", may: known},
		{label: "ui.nav_badges", href: "/badges", may: known},
		{label: "ui.nav_team", href: "/learning/team", may: hr},
	}},
	{label: "ui.nav_needs", pages: []entry{
		{label: "ui.nav_situations", href: "/situations", may: known},
		{label: "ui.nav_map", href: "/situations/map", may: known},
		{label: "ui.nav_workshops", href: "/workshops", may: leads},
		{label: "ui.nav_competencies", href: "/competencies", may: known},
	}},
	{label: "ui.nav_admin", pages: []entry{{href: "/admin", may: administers}}},
}

type section struct {
	label string
	pages []entry
}

type entry struct {
	label, href string
	may         func(actor.Actor) bool // nil: everybody
}

func known(a actor.Actor) bool       { return a.Known() }
func steward(a actor.Actor) bool     { return a.Is(actor.Steward) }
func hr(a actor.Actor) bool          { return a.Is(actor.HR) }
func administers(a actor.Actor) bool { return a.Is(actor.Admin) }
func leads(a actor.Actor) bool       { return a.Is(actor.Facilitator) || a.Is(actor.Admin) }

// navigation lists what this visitor may open, and marks where they are. Who is not signed in sees the few public pages in one row: sections
// of one or two pages would only hide them.
func navigation(v *web.Visit, r *http.Request, head Head) []NavItem {
	at := head.Section
	if at == "" {
		at = r.URL.Path
	}
	here := nearest(at)
	var items []NavItem
	for _, s := range sections {
		group := NavItem{Label: v.P.T(s.label)}
		for _, e := range s.pages {
			if e.may != nil && !e.may(v.Actor) {
				continue
			}
			item := NavItem{Href: e.href, Current: e.href == here}
			if e.label != "" {
				item.Label = v.P.T(e.label)
			}
			group.Items = append(group.Items, item)
			group.Current = group.Current || item.Current
		}
		switch {
		case len(group.Items) == 0:
		case len(s.pages) == 1:
			items = append(items, NavItem{Label: group.Label, Href: group.Items[0].Href, Current: group.Current})
		case !v.Actor.Known():
			items = append(items, group.Items...)
		default:
			group.Href = group.Items[0].Href
			items = append(items, group)
		}
	}
	return items
}

// nearest is the page of the navigation that an address stands below: the longest that begins it.
func nearest(at string) string {
	best := ""
	for _, s := range sections {
		for _, e := range s.pages {
			if (at == e.href || e.href != "/" && strings.HasPrefix(at, e.href+"/")) && len(e.href) > len(best) {
				best = e.href
			}
		}
	}
	return best
}
