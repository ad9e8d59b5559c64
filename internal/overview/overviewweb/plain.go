package overviewweb

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"cultured/internal/ui"
	"cultured/internal/web"
)

// A textPage is a page of sections to read.
type textPage struct {
	Head     ui.PageHead
	Sections []textSection
}

type textSection struct {
	ID, Title string
	Blocks    []textBlock
	Link      *ui.Crumb
}

// A textBlock is a paragraph, or a list when it has items.
type textBlock struct {
	Text  string
	Items []string
}

type mailPage struct {
	Head  ui.PageHead
	Mails []mailView
}

type mailView struct {
	Subject, To string
	At          time.Time
	Lines       [][]mailPiece
}

// A mailPiece is a piece of a line; an address is a link.
type mailPiece struct{ Text, Href string }

var (
	textTemplate = ui.Page[textPage](pages, "pages/text.tmpl")
	mailTemplate = ui.Page[mailPage](pages, "pages/mails.tmpl")
)

// write shows the page whose words start with prefix: "title", "lead", then for each section its text and its "_heading".
// Texts may say the organisation ({0}), the version ({1}) and how long a file that is checked stays ({2}).
func write(w http.ResponseWriter, r *http.Request, d Desk, prefix string, sections ...string) error {
	v := web.VisitOf(r)
	page := textPage{Head: ui.PageHead{Title: v.P.T(prefix + "title"), Lead: v.P.T(prefix + "lead")}}
	for _, s := range sections {
		one := textSection{ID: s, Title: v.P.T(prefix + s + "_heading"), Blocks: textBlocks(v.P.T(prefix+s, v.Site.Name, d.Version, ui.Span(v.P, d.KeepFor)))}
		if href := linkOf[prefix+s]; href != "" {
			one.Link = &ui.Crumb{Label: v.P.T(prefix + s + "_link"), Href: href}
		}
		page.Sections = append(page.Sections, one)
	}
	return textTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Description: page.Head.Lead}, page)
}

// linkOf is where a section sends whoever wants more.
var linkOf = map[string]string{
	"overview.accessibility_rights": "https://formulaire.defenseurdesdroits.fr/",
	"overview.legal_rights":         "https://www.cnil.fr/fr/plaintes",
	"overview.legal_credit":         "https://www.opendatafrance.fr/",
}

// textBlocks cuts a sentence of the catalogue at its blank lines; lines that start with "- " make a list.
func textBlocks(s string) []textBlock {
	var out []textBlock
	for _, part := range strings.Split(s, "\n\n") {
		items, isList := strings.CutPrefix(part, "- ")
		if isList {
			out = append(out, textBlock{Items: strings.Split(items, "\n- ")})
		} else {
			out = append(out, textBlock{Text: part})
		}
	}
	return out
}

// accessibility declares the truth about the product's accessibility.
func accessibility(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return write(w, r, d, "overview.accessibility_", "state", "tests", "limits", "plan", "contact", "rights")
	}
}

// legal says who publishes, what is kept, and what the software is. The footer leads to "source".
func legal(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return write(w, r, d, "overview.legal_", "publisher", "data", "rights", "cookies", "files", "reuse", "source", "credit")
	}
}

// mails shows what would have been sent, in development.
func mails(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p := web.VisitOf(r).P
		page := mailPage{Head: ui.PageHead{Title: p.T("overview.mails"), Lead: p.T("overview.mails_lead")}}
		for _, m := range d.Mails() {
			page.Mails = append(page.Mails, mailView{Subject: m.Message.Subject, To: strings.Trim(m.Message.To, "<>"), At: m.At, Lines: mailLines(m.Message.Body)})
		}
		return mailTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, NoIndex: true}, page)
	}
}

var mailAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// mailLines cuts a body into lines and lines at their addresses; blank lines are left out.
func mailLines(body string) [][]mailPiece {
	var out [][]mailPiece
	for line := range strings.Lines(body) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		var pieces []mailPiece
		at := 0
		for _, m := range mailAddress.FindAllStringIndex(line, -1) {
			if m[0] > at {
				pieces = append(pieces, mailPiece{Text: line[at:m[0]]})
			}
			at = m[1]
			pieces = append(pieces, mailPiece{Text: line[m[0]:m[1]], Href: line[m[0]:m[1]]})
		}
		if at < len(line) {
			pieces = append(pieces, mailPiece{Text: line[at:]})
		}
		out = append(out, pieces)
	}
	return out
}
