package competencyweb

import (
	"strings"

	"cultured/internal/competency"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// Words are a text of the framework in the visitor's language, else in the nearest there is.
type words struct {
	Text string
	Lang string // of the text, when it is not the page's
}

// say picks the words for a visitor.
func say(p *i18n.Printer, f competency.Framework, t competency.Text) words {
	lang, s := t.Best(string(p.Lang()), f.Main())
	if lang == string(p.Lang()) {
		lang = ""
	}
	return words{Text: s, Lang: lang}
}

// cite is how an item is named in a line: its code, then its label.
func cite(p *i18n.Printer, f competency.Framework, it competency.Item) string {
	return strings.TrimSpace(it.Code + " " + say(p, f, it.Label).Text)
}

// crumbs lead from the frameworks to a page within one.
func crumbs(p *i18n.Printer, f competency.Framework, more ...ui.Crumb) []ui.Crumb {
	return append([]ui.Crumb{{Label: p.T("competencyweb.title"), Href: "/competencies?all=1"}, {Label: say(p, f, f.Title).Text, Href: frameworkPath(f.ID)}}, more...)
}

// standing says which version a reader sees, or that a steward sees the working copy.
func standing(p *i18n.Printer, v competency.View) ui.Badge {
	switch {
	case v.Number == 0:
		return ui.Badge{Label: p.T("competencyweb.never_published"), Kind: ui.Warning, Icon: "pencil"}
	case v.Waiting > 0:
		return ui.Badge{Label: p.T("competencyweb.waiting", v.Waiting), Kind: ui.Warning, Icon: "pencil"}
	}
	return ui.Badge{Label: p.T("competencyweb.version_of", v.Number, p.Date(v.PublishedAt)), Kind: ui.Success, Icon: "circle-check"}
}
