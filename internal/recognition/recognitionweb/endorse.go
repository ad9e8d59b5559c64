package recognitionweb

import (
	"bytes"
	"net/http"

	"cultured/internal/recognition"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// An endorsed is one colleague who stands behind the badge; Unsay is the address that takes it away, "" for who may not.
type endorsed struct{ ID, Name, On, Word, Unsay string }

// An endorseForm has a colleague stand behind the badge.
type endorseForm struct {
	Action string
	Word   ui.Textarea
}

// endorsements shows who stands behind a badge, and lets a colleague do so.
func (d Desk) endorsements(r *http.Request, b recognition.Issued, f draft) (list []endorsed, form *endorseForm, err error) {
	v := web.VisitOf(r)
	all, err := d.Endorsements.Endorsements(r.Context(), b.ID)
	if err != nil {
		return nil, nil, err
	}
	may := d.MayEndorse(v.Actor, b)
	for _, e := range all {
		one := endorsed{ID: e.ID, Name: e.Name, On: v.P.Date(e.At), Word: e.Word}
		if v.Actor.Known() && v.Actor.Organisation == e.Organisation && (v.Actor.ID == e.Person || v.Actor.ID == b.Person) {
			one.Unsay = credentialPath(b.ID, "endorsements", e.ID)
		}
		may = may && v.Actor.ID != e.Person
		list = append(list, one)
	}
	if may {
		form = &endorseForm{credentialPath(b.ID, "endorsements"), ui.Textarea{Name: "word", Label: v.P.T("recognitionweb.word"), Hint: v.P.T("recognitionweb.word_hint"), Value: f.word, Error: f.errs.For("word"), Rows: 3, MaxLength: recognition.WordMost, Required: true}}
	}
	return list, form, nil
}

// endorse has the visitor stand behind a badge.
func (d Desk) endorse(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	f := draft{word: r.PostForm.Get("word")}
	err := d.Endorse(r.Context(), web.Actor(r), r.PathValue("id"), f.word)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		f.status, f.errs = http.StatusUnprocessableEntity, errs
		return d.showCredential(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, credentialPath(r.PathValue("id")), web.Said{Kind: "success", Key: "recognitionweb.endorsed"})
}

// unsay takes away that somebody stands behind a badge.
func (d Desk) unsay(w http.ResponseWriter, r *http.Request) error {
	badge := r.PathValue("id")
	if err := d.Unsay(r.Context(), web.Actor(r), badge, r.PathValue("endorsement")); err != nil {
		return err
	}
	return web.Redirect(w, r, credentialPath(badge), web.Said{Kind: "success", Key: "recognitionweb.unsaid"})
}

// signedEndorsements is the list of endorsements as machines read it, each signed.
func (d Desk) signedEndorsements(r *http.Request, b recognition.Issued) ([]byte, error) {
	all, err := d.Endorsements.Endorsements(r.Context(), b.ID)
	var parts [][]byte
	for _, e := range all {
		parts = append(parts, e.Credential)
	}
	return append(append([]byte("["), bytes.Join(parts, []byte(","))...), ']'), err
}
