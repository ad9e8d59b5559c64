package learningweb

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A linkDraft is what was sent to make a link, with what is wrong in it, or the secret of the one that was made.
type linkDraft struct {
	form   url.Values
	errs   ui.FormErrors
	secret string
}

// A madeLink is the address of a link, which is shown once.
type madeLink struct{ Address ui.Code }

type linkForm struct {
	Open   bool
	Action string
	Parts  ui.Group
	Pieces *ui.Group
	Label  ui.Field
	Until  ui.Field
}

// A linkLine is a link that was made.
type linkLine struct{ Text, Name, State, End string }

// proposedLife is how long a link holds unless its person says otherwise.
const proposedLife = 30 * 24 * time.Hour

func newLinkForm(p *i18n.Printer, now time.Time, all []learning.Evidence, in linkDraft) linkForm {
	chosen, pieces, until := in.form["part"], in.form["piece"], in.form.Get("until")
	if in.form == nil {
		chosen, until = learning.Parts(), now.Add(proposedLife).Format(time.DateOnly)
	}
	f := linkForm{Open: len(in.errs) > 0, Action: passportHome + "/links", Parts: partGroup(p, chosen),
		Label: ui.Field{Name: "label", Label: p.T("learningweb.link_label"), Hint: p.T("learningweb.link_label_hint"), Value: in.form.Get("label"), Error: in.errs.For("label"), MaxLength: learning.TitleMost, Optional: true, Autocomplete: "off"},
		Until: ui.Field{Name: "until", Type: "date", Label: p.T("learningweb.link_until"), Value: until, Error: in.errs.For("until"), Size: "short", Required: true}}
	f.Parts.ID, f.Parts.Label, f.Parts.Error, f.Parts.Inline = "part", p.T("learningweb.link_parts"), in.errs.For("part"), false
	g := &ui.Group{Name: "piece", Label: p.T("learningweb.link_pieces"), Hint: p.T("learningweb.link_pieces_hint"), Many: true, Error: in.errs.For("piece")}
	for _, e := range all {
		if e.Counts(now) {
			g.Options = append(g.Options, ui.Option{Value: string(e.ID), Label: e.Artefact.Title.In(string(p.Lang())), Hint: p.Date(e.At), Selected: in.form == nil || slices.Contains(pieces, string(e.ID))})
		}
	}
	if len(g.Options) > 0 {
		f.Pieces = g
	}
	return f
}

func linkLines(p *i18n.Printer, links []learning.Link, now time.Time) (out []linkLine) {
	for _, l := range links {
		name := l.Label
		if name == "" {
			name = p.T("learningweb.link_unnamed", p.Date(l.Created))
		}
		line := linkLine{Name: name, Text: p.T("learningweb.link_from_to", p.Date(l.Created), p.Date(l.Until.AddDate(0, 0, -1)))}
		switch {
		case !l.Ended.IsZero():
			line.State = p.T("learningweb.link_ended_on", p.Date(l.Ended))
		case !l.Holds(now):
			line.State = p.T("learningweb.link_past")
		default:
			line.End = ui.Link(passportHome+"/links", l.ID)
		}
		out = append(out, line)
	}
	return out
}

// makeLink makes a link and shows its address, once: only its hash is kept.
func (d Desk) makeLink(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	form := r.PostForm
	draft := learning.LinkDraft{Label: form.Get("label"), Parts: form["part"], Until: untilOf(form.Get("until"))}
	for _, piece := range form["piece"] {
		draft.Pieces = append(draft.Pieces, learning.ID(piece))
	}
	secret, err := d.MakeLink(r.Context(), web.Actor(r), draft)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showPassport(w, r, linkDraft{form: form, errs: errs})
	}
	if err != nil {
		return err
	}
	return d.showPassport(w, r, linkDraft{secret: secret})
}

// endLink ends a link at once.
func (d Desk) endLink(w http.ResponseWriter, r *http.Request) error {
	if err := d.EndLink(r.Context(), web.Actor(r), r.PathValue("link")); err != nil {
		return err
	}
	return web.Redirect(w, r, passportHome+"#links", web.Said{Kind: "success", Key: "learningweb.link_ended"})
}
