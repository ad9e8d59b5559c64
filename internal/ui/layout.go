package ui

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"cultured/internal/i18n"
	"cultured/internal/web"
)

// Head is what a page tells the layout. Only Title is required.
type Head struct {
	Title       string      // translated; the window's title, before the organisation's name
	Crumbs      []Crumb     // from the home page's child to the page's parent; Accueil and the page itself are added
	Errors      FormErrors  // of a failed form: shown above the page with focus, and said in the window's title
	Description string      // for search engines and shared links
	Section     string      // path of the navigation item to mark, when the page's own path does not tell it
	Scripts     []string    // the room's own islands, by asset name: "check-board.js"
	Alternates  []Alternate // the same thing in other formats
	Refresh     int         // seconds after which a browser without JavaScript loads the page again; 0 is never
	Wide        bool        // use the whole width: tables, grids
	Compact     bool        // small letters and rows, for data people
	Bare        bool        // no navigation nor search: sign-in, projection
	Manifest    string      // address of the web app manifest of a page that may be installed
	NoIndex     bool        // ask search engines to pass
}

// A Crumb is one step of the way to a page.
type Crumb struct{ Label, Href string }

// An Alternate is the page's content in another format, for machines.
type Alternate struct{ Type, Title, Href string }

type layout struct {
	Visit   *web.Visit
	Head    Head
	Nav     []NavItem
	Other   i18n.Lang // the language to switch to
	Themes  []Option
	Branded bool
	Home    bool
	Initial string
}

var layouts struct {
	sync.Mutex
	sets map[i18n.Lang]*template.Template
}

func newLayout(v *web.Visit, r *http.Request, head Head) layout {
	l := layout{Visit: v, Head: head, Nav: navigation(v, r, head), Other: i18n.English,
		Branded: validAccent(v.Site.Accent), Home: r.URL.Path == "/", Initial: initials(v.Actor.Name)}
	if v.Lang == i18n.English {
		l.Other = i18n.French
	}
	for _, theme := range Options("light", "ui.theme_light", "dark", "ui.theme_dark", "", "ui.theme_auto") {
		theme.Label, theme.Selected = v.P.T(theme.Label), theme.Value == v.Theme
		l.Themes = append(l.Themes, theme)
	}
	return l
}

// initials gives up to two letters for the account button.
func initials(name string) string {
	var out []rune
	for _, word := range strings.Fields(name) {
		if len(out) < 2 {
			out = append(out, []rune(word)[0])
		}
	}
	return strings.ToUpper(string(out))
}

func layoutIn(p *i18n.Printer) (*template.Template, error) {
	layouts.Lock()
	defer layouts.Unlock()
	if set, ok := layouts.sets[p.Lang()]; ok {
		return set, nil
	}
	set, err := parseFiles(p, files, "layout/layout.tmpl", "layout/header.tmpl", "layout/footer.tmpl")
	if err != nil {
		return nil, err
	}
	if layouts.sets == nil {
		layouts.sets = map[i18n.Lang]*template.Template{}
	}
	layouts.sets[p.Lang()] = set
	return set, nil
}

// writeLayout answers with the page whose body is given. The body stands between two templates rather than in one: a template would copy
// it three times.
func writeLayout(w http.ResponseWriter, status int, l layout, body []byte) error {
	set, err := layoutIn(l.Visit.P)
	if err != nil {
		return fmt.Errorf("ui: layout: %w", err)
	}
	buf := pages.Get().(*bytes.Buffer)
	defer giveBack(buf)
	if err := set.ExecuteTemplate(buf, "layout.tmpl", l); err != nil {
		return fmt.Errorf("ui: layout: %w", err)
	}
	buf.Write(body)
	if err := set.ExecuteTemplate(buf, "end", l); err != nil {
		return fmt.Errorf("ui: layout: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err = buf.WriteTo(w)
	return err
}

// errorPage is the body of a page that could not be shown.
type errorPage struct {
	Status         int
	Title, Message string
}

var errorTemplate = Page[errorPage](files, "layout/error.tmpl")

// RenderError answers with a page that says what happened and where to go; title and message are translated.
func RenderError(w http.ResponseWriter, r *http.Request, status int, title, message string) error {
	return errorTemplate.Render(w, r, status, Head{Title: title, NoIndex: true}, errorPage{Status: status, Title: title, Message: message})
}

// ShowError is [web.Site.ShowError]: it answers with the error page, in plain text if even that fails.
func ShowError(w http.ResponseWriter, r *http.Request, p web.Problem) {
	if err := RenderError(w, r, p.Status, p.Title, p.Text); err != nil {
		http.Error(w, p.Title+"\n\n"+p.Text, p.Status)
	}
}
