package formweb_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/internal/form"
)

// A sentFile is a file chosen in a field.
type sentFile struct{ field, name, body string }

// sendFiles sends a page back as a browser does a form with files.
func (h *house) sendFiles(t *testing.T, name, path string, fields url.Values, files ...sentFile) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for key, values := range fields {
		for _, v := range values {
			ok(t, m.WriteField(key, v))
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile(f.field, f.name)
		ok(t, err)
		_, err = part.Write([]byte(f.body))
		ok(t, err)
	}
	ok(t, m.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// filed makes a form that asks for a name and a file, published.
func (h *house) filed(t *testing.T) (at, public string) {
	t.Helper()
	at = h.send(t, "ada", "/forms/new", url.Values{"from": {"blank"}, "title": {"Dossier"}}, http.StatusSeeOther)
	h.add(t, at, "line", "label", "Association", "required", "on")
	h.add(t, at, "file", "label", "Statuts", "required", "on", "max", "2", "purpose", "instruire", "retention", "6", "after", "association")
	h.send(t, "ada", at+"/publish", with(h.page(t, "ada", at, http.StatusOK)), http.StatusSeeOther)
	return at, "/f/" + strings.TrimPrefix(at, "/forms/")
}

var heldBox = regexp.MustCompile(`name="held-statuts" type="checkbox" value="([^"]+)" checked`)

func TestAFile_isKeptWhileTheRestIsMended(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, public := h.filed(t)
		page := h.page(t, "", public, http.StatusOK, `enctype="multipart/form-data"`, `type="file"`, "2 fichiers au plus", "20")
		h.now = h.now.Add(time.Minute)
		lying := sentFile{"q-statuts", "statuts.pdf", "PK\x03\x04 zip"}
		good := sentFile{"q-statuts", "statuts.pdf", "%PDF-1.7 les statuts"}
		read(t, h.sendFiles(t, "", public, with(page, "q-association", "Les Dahus"), lying), public, http.StatusUnprocessableEntity, "n’est pas d’un type accepté", `href="#q-statuts"`, `value="Les Dahus"`)
		read(t, h.sendFiles(t, "", public, with(page, "q-association", "Les Dahus"), sentFile{"q-statuts", "photo.jpg", "%PDF-1.7"}), public, http.StatusUnprocessableEntity, "dit une chose et son contenu une autre : c’est un PDF")
		read(t, h.sendFiles(t, "", public, with(page, "q-association", "Les Dahus"), sentFile{"q-statuts", "", ""}), public, http.StatusUnprocessableEntity, "attend un fichier")
		read(t, h.sendFiles(t, "", public, with(page, "website", "x"), good), public, http.StatusUnprocessableEntity, "venu trop vite", "choisissez de nouveau « statuts.pdf »", "!held-statuts")

		page = read(t, h.sendFiles(t, "", public, with(page), good), public, http.StatusUnprocessableEntity, "« Association » attend une réponse", "Garder statuts.pdf (20 o)")
		m := heldBox.FindStringSubmatch(page)
		if m == nil {
			t.Fatal("the file is not offered again")
		}
		h.send(t, "", public, with(page, "q-association", "Les Dahus", "held-statuts", "another"), http.StatusUnprocessableEntity, "n’est plus là")
		to := h.send(t, "", public, with(page, "q-association", "Les Dahus", "held-statuts", m[1]), http.StatusSeeOther)
		h.page(t, "", to, http.StatusOK, "Votre réponse est enregistrée", "!statuts.pdf")

		list := h.page(t, "ada", at+"/answers", http.StatusOK, "statuts.pdf", "!application/pdf")
		answer := regexp.MustCompile(at + `/answers/([0-9A-Za-z]+)"`).FindStringSubmatch(list)
		one := h.page(t, "ada", at+"/answers/"+answer[1], http.StatusOK, "statuts.pdf (20 o)")
		file := at + "/answers/" + answer[1] + "/files/" + m[1]
		if !strings.Contains(one, `href="`+file+`"`) {
			t.Fatalf("no way to %s", file)
		}
		w := h.as(t, "ada", "GET", file, nil)
		head := w.Header()
		if w.Code != http.StatusOK || w.Body.String() != good.body || head.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") ||
			head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(head.Get("Content-Security-Policy"), "sandbox") || head.Get("Cache-Control") != "private, no-store" {
			t.Errorf("got %d, %q, %v", w.Code, w.Body, head)
		}
		for _, who := range []string{"bob", "eve"} {
			h.page(t, who, file, http.StatusNotFound)
		}
		h.page(t, "", file, http.StatusSeeOther)
		for _, export := range []string{"csv", "json"} {
			h.page(t, "ada", at+"/answers/export/answers."+export, http.StatusOK, "statuts.pdf", "!application/pdf")
		}
	})
}

func TestAFile_tooLargeOrTooLateLosesNothingElse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, public := h.filed(t)
		page := h.page(t, "", public, http.StatusOK)
		h.now = h.now.Add(time.Minute)
		large := sentFile{"q-statuts", "plan.pdf", "%PDF-1.7" + strings.Repeat("x", form.FileMost)}
		read(t, h.sendFiles(t, "", public, with(page, "q-association", "Les Dahus"), large), public, http.StatusUnprocessableEntity, "« plan.pdf » est trop volumineux, 20 Mo au plus", `value="Les Dahus"`)
		small := sentFile{"q-statuts", "a.pdf", "%PDF-1.7"}
		read(t, h.sendFiles(t, "", public, with(page, "q-association", "Les Dahus"), small, small, small), public, http.StatusUnprocessableEntity, "2 fichiers au plus. Décochez")
		h.send(t, "ada", at+"/stop", url.Values{}, http.StatusSeeOther)
		read(t, h.sendFiles(t, "", public, with(page, "q-association", "Les Dahus"), small), public, http.StatusUnprocessableEntity, "Ce formulaire est fermé", "choisissez de nouveau « a.pdf »", `value="Les Dahus"`)
		read(t, h.sendFiles(t, "ada", at+"/preview", url.Values{"q-association": {"x"}}, large), at, http.StatusUnprocessableEntity, "trop volumineux")
		read(t, h.sendFiles(t, "ada", at+"/preview", url.Values{"q-association": {"x"}}, small), at, http.StatusOK, "seraient acceptées", "!held-statuts")
		_, survey := h.survey(t)
		if w := h.sendFiles(t, "", survey, url.Values{}, large); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("a form that asks for no file took one: %d", w.Code)
		}
	})
}
