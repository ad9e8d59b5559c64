package recognitionweb

import (
	"net/http"
	"strings"

	"cultured/internal/recognition"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type issuerPage struct {
	Head  ui.PageHead
	Facts ui.Facts
	Local bool // other machines do not find this server
	Keys  ui.Table
	Turn  *turnForm
}

// A turnForm changes the key in use.
type turnForm struct{ Action, Shown string }

var issuerTemplate = ui.Page[issuerPage](pages, "pages/issuer.tmpl")

func issuerPath(organisation string, more ...string) string {
	return ui.Link("/issuers", append([]string{organisation}, more...)...)
}

// issuer shows who gives badges here, and since when each of its keys has signed.
func (d Desk) issuer(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	p := v.P
	i, err := d.Issuer(r.Context(), r.PathValue("organisation"))
	if err != nil {
		return err
	}
	page := issuerPage{Head: ui.PageHead{Eyebrow: p.T("recognitionweb.issuer"), Title: i.Name, Lead: p.T("recognitionweb.issuer_lead")},
		Local: !strings.HasPrefix(d.Address, "https://"),
		Facts: ui.Facts{Aside: true, Items: []ui.Fact{{Label: p.T("recognitionweb.issuer_id"), Value: i.ID()},
			{Label: p.T("recognitionweb.issuer_document"), Value: "did.json", Href: issuerPath(i.Organisation, "did.json")},
			{Label: p.T("recognitionweb.issuer_profile"), Value: "profile.json", Href: issuerPath(i.Organisation, "profile.json")}}},
		Keys: ui.Table{Caption: p.T("recognitionweb.keys"), Columns: []ui.Column{{Label: p.T("recognitionweb.key")}, {Label: p.T("recognitionweb.key_since")}, {Label: p.T("recognitionweb.key_until")}}}}
	for _, k := range i.Keys {
		until := p.T("recognitionweb.key_signs")
		if !k.Signs() {
			until = p.DateTime(k.Until)
		}
		page.Keys.Rows = append(page.Keys.Rows, ui.Row{Cells: []ui.Cell{{Text: k.Public}, {Text: p.DateTime(k.Since)}, {Text: until}}})
	}
	if v.Actor.Organisation == i.Organisation && recognition.MayTurn(v.Actor) == nil {
		page.Turn = &turnForm{issuerPath(i.Organisation, "key"), i.Keys[0].Public}
	}
	return issuerTemplate.Render(w, r, http.StatusOK, ui.Head{Title: i.Name, NoIndex: true}, page)
}

// turn changes the key in use.
func (d Desk) turn(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	by := web.Actor(r)
	if err := d.Turn(r.Context(), by, r.PostForm.Get("shown")); err != nil {
		return err
	}
	return web.Redirect(w, r, issuerPath(by.Organisation), web.Said{Kind: "success", Key: "recognitionweb.key_turned"})
}

// A maker makes a document of an issuer.
type maker func(recognition.Issuer) ([]byte, error)

// published answers a document that machines read, from any site.
func (d Desk) published(mediaType string, make maker) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		i, err := d.Issuer(r.Context(), r.PathValue("organisation"))
		if err != nil {
			return err
		}
		raw, err := make(i)
		if err != nil {
			return err
		}
		return answer(w, mediaType, raw)
	}
}

// answer gives a document to whoever asks, whatever page they ask from.
func answer(w http.ResponseWriter, mediaType string, raw []byte) error {
	web.Public(w)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Type", mediaType)
	_, err := w.Write(raw)
	return err
}

// didType is the media type of a DID document.
const didType = "application/did+json"
