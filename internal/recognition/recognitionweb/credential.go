package recognitionweb

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/recognition"
	"cultured/internal/ui"
	"cultured/internal/web"
)

func credentialPath(id string, more ...string) string {
	return ui.Link("/credentials", append([]string{id}, more...)...)
}

type credentialPage struct {
	Head      ui.PageHead
	Picture   string
	Notice    ui.Notice
	Gone      *ui.Notice // some of what it rests on is no longer there
	Facts     ui.Facts
	Downloads []ui.LinkButton
	Private   string // what only those who have to do with it read
	Stand     *standForm
	GiveBack  string // address, for its holder
	Endorsed  []endorsed
	Signed    string // address of the endorsements as machines read them
	Endorse   *endorseForm
}

// A standForm takes a badge back, or for a time, or lets it hold again.
type standForm struct {
	Action string
	Why    ui.Choice
	Note   ui.Textarea
	Paused bool
}

var credentialTemplate = ui.Page[credentialPage](pages, "pages/credential.tmpl")

// badge finds a badge that is still there. Fault: NotFound "recognition.no_badge".
func (d Desk) badge(r *http.Request) (recognition.Issued, error) {
	b, err := d.Badges.Badge(r.Context(), r.PathValue("id"))
	if err == nil && b.Credential == nil {
		err = fault.New(fault.NotFound, "recognition.no_badge")
	}
	return b, err
}

// credential shows a badge that was given to whoever has its address: what it says and whether it holds. Software that asks for JSON gets the
// badge itself.
func (d Desk) credential(w http.ResponseWriter, r *http.Request) error {
	return d.showCredential(w, r, draft{status: http.StatusOK})
}

func (d Desk) showCredential(w http.ResponseWriter, r *http.Request, f draft) error {
	b, err := d.badge(r)
	if err != nil {
		return err
	}
	if accept := r.Header.Get("Accept"); strings.Contains(accept, "json") && !strings.Contains(accept, "text/html") || strings.Contains(accept, "application/vc") {
		return answer(w, "application/vc+ld+json", b.Credential)
	}
	v := web.VisitOf(r)
	p := v.P
	report, err := recognition.Verify(r.Context(), b.Credential, recognition.Asking{Source: d.Service, Now: d.Now()})
	if err != nil {
		return err
	}
	found := told(p, report)
	found.Notice.Urgent = false
	page := credentialPage{Head: ui.PageHead{Eyebrow: p.T("recognitionweb.badge"), Title: report.Badge.Name, Lead: report.Badge.Description}, Picture: offerPath(b.Offer, "picture.svg"), Notice: found.Notice, Facts: found.Facts}
	gone, err := d.Gone(r.Context(), b.Organisation, b.Person, b.Works)
	if err != nil {
		return err
	}
	if gone > 0 {
		page.Gone = &ui.Notice{Kind: ui.Info, Text: p.T("recognitionweb.works_gone", gone)}
	}
	for _, one := range []struct{ file, key string }{{"badge.png", "recognitionweb.get_png"}, {"badge.svg", "recognitionweb.get_svg"}, {"badge.json", "recognitionweb.get_json"}, {"badge.jwt", "recognitionweb.get_jwt"}} {
		page.Downloads = append(page.Downloads, ui.LinkButton{Label: p.T(one.key), Href: credentialPath(b.ID, one.file), Icon: "download", Download: true})
	}
	validator, holder := d.MayStand(v.Actor, b)
	if validator || holder {
		names, err := d.names(r, b.Person, b.By)
		if err != nil {
			return err
		}
		page.Private = p.T("recognitionweb.given_to", names[b.Person], names[b.By])
		if b.Note != "" {
			page.Private += " " + b.Note
		}
	}
	open := b.Standing == recognition.Holds || b.Standing == recognition.Paused
	if validator && open {
		page.Stand = stand(p, b)
	}
	if holder && open {
		page.GiveBack = credentialPath(b.ID, "standing")
	}
	if page.Endorsed, page.Endorse, err = d.endorsements(r, b, f); err != nil {
		return err
	}
	page.Signed = credentialPath(b.ID, "endorsements.json")
	return credentialTemplate.Render(w, r, f.status, ui.Head{Title: page.Head.Title, NoIndex: true, Errors: f.errs}, page)
}

func stand(p *i18n.Printer, b recognition.Issued) *standForm {
	f := &standForm{Action: credentialPath(b.ID, "standing"), Paused: b.Standing == recognition.Paused,
		Why:  ui.Choice{Name: "why", Label: p.T("recognitionweb.why"), Empty: p.T("recognitionweb.why_empty"), Required: true},
		Note: ui.Textarea{Name: "note", Label: p.T("recognitionweb.stand_note"), Hint: p.T("recognitionweb.stand_note_hint"), Rows: 2, MaxLength: recognition.NoteMost, Optional: true}}
	for _, one := range recognition.Reasons() {
		f.Why.Options = append(f.Why.Options, ui.Option{Value: strconv.Itoa(int(one.Reason)), Label: p.T(one.Key)})
	}
	if !f.Paused {
		f.Why.Options = append(f.Why.Options, ui.Option{Value: strconv.Itoa(int(recognition.Paused)), Label: p.T("recognitionweb.why_paused")})
	}
	return f
}

// restand changes how a badge stands.
func (d Desk) restand(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	why, err := strconv.Atoi(r.PostForm.Get("why"))
	if err != nil {
		return fault.Field("why", "recognition.bad_reason")
	}
	id := r.PathValue("id")
	if err := d.Stand(r.Context(), web.Actor(r), id, recognition.Reason(why), r.PostForm.Get("note")); err != nil {
		return err
	}
	return web.Redirect(w, r, credentialPath(id), web.Said{Kind: "success", Key: "recognitionweb.restood"})
}

// file gives a badge as a file to keep.
func (d Desk) file(w http.ResponseWriter, r *http.Request) error {
	b, err := d.badge(r)
	if err != nil {
		return err
	}
	o, err := d.Offer(b.Offer)
	if err != nil {
		return err
	}
	name := r.PathValue("file")
	var raw []byte
	mediaType := ""
	switch name {
	case "badge.json":
		raw, mediaType = b.Credential, "application/vc+ld+json"
	case "badge.jwt":
		raw, mediaType = []byte(b.Token), "application/vc+jwt"
	case "badge.svg":
		mediaType = "image/svg+xml"
		raw, err = recognition.BakeSVG(o.Picture.SVG(o.Name.In(b.Lang)), b.Credential)
	case "badge.png":
		mediaType = "image/png"
		if raw, err = o.Picture.PNG(); err == nil {
			raw, err = recognition.BakePNG(raw, b.Credential)
		}
	case "endorsements.json":
		if raw, err = d.signedEndorsements(r, b); err == nil {
			return answer(w, "application/json", raw)
		}
	default:
		err = fault.New(fault.NotFound, "recognition.no_document")
	}
	if err != nil {
		return err
	}
	web.Attachment(w, mediaType, o.ID+strings.TrimPrefix(name, "badge"))
	w.Header().Set("Access-Control-Allow-Origin", "*")
	_, err = w.Write(raw)
	return err
}

// statusList publishes which badges do not hold, or why.
func (d Desk) statusList(reasons bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		n, err := strconv.Atoi(r.PathValue("list"))
		if err != nil {
			return errors.Join(fault.New(fault.NotFound, "recognition.no_list"), err)
		}
		raw, err := d.StatusList(r.Context(), r.PathValue("organisation"), n, reasons)
		if err != nil {
			return err
		}
		return answer(w, "application/vc+ld+json", raw)
	}
}
