// Package ui decides how Culture D looks: the layout of every page, the components and their words, the tokens (colours, sizes), and the
// small scripts ("islands") that make pages livelier. It knows no room. README.md beside this file shows how a room uses it; the page /ui
// ([GalleryHandler]) shows each component in each state, from the same .md files that document them.
//
// A room declares a page once, with the type of its data, and renders it:
//
//	//go:embed pages
//	var pages embed.FS
//
//	var checkPage = ui.Page[CheckPage](pages, "pages/check.tmpl", "pages/verdict.tmpl")
//
//	return checkPage.Render(w, r, http.StatusOK, ui.Head{Title: p.T("check.title")}, CheckPage{…})
//
// In the template the dot is the CheckPage, already translated and formatted as far as it can be; components are templates that take a
// value of their Go type, given by the page or made on the spot:
//
//	{{template "c-page-head" (pageHead (t "check.title") (t "check.lead"))}}
//	{{template "c-field" (((field "email" (t "account.email")).WithValue .Email).From .Errors).Must}}
//	{{template "c-table" .Issues}}
//
// A component without its name or label fails when it is rendered: our bug, found by the page's test. Templates are parsed once per
// language, each with the components it calls and no others, and are checked against their types through [Registered].
//
// Rules: no inline style or script (the content security policy forbids both; drawings are SVG attributes); no colour alone; every control
// labelled; everything works without JavaScript. Tokens are tested for contrast in both themes.
package ui
