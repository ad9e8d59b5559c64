package learningweb_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cultured/internal/learning"
)

// sendFile posts a form with a file, as a page sends it.
func (h *house) sendFile(t *testing.T, name string, form url.Values, file string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	var sent bytes.Buffer
	m := multipart.NewWriter(&sent)
	for field := range form {
		ok(t, m.WriteField(field, form.Get(field)))
	}
	part, err := m.CreateFormFile("file", file)
	ok(t, err)
	_, err = part.Write(body)
	ok(t, err)
	ok(t, m.Close())
	r := httptest.NewRequest("POST", "https://donnees.example/learning/new", &sent)
	r.Header.Set("Accept-Language", "fr")
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: name})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var pdf = []byte("%PDF-1.7 compte rendu")

func TestFile_isAddedReadAndRefusedInPlainWords(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/learning/new", 200, `enctype="multipart/form-data"`, `type="file"`, "Une des trois suffit", "20 Mo", "Vous seul et ceux à qui vous montrez")
		form := url.Values{"kind": {"work"}, "title": {"Compte rendu"}, "competence": {"D4.1"}, "level": {"2"}, "note": {"Ma part."}}
		says(t, "no work at all", h.as(t, "ada", "fr", "POST", "/learning/new", form), 422, []string{"joignez un fichier, choisissez un jeu de données, ou donnez une adresse", "Ma part."})
		says(t, "a program", h.sendFile(t, "ada", form, "a.pdf", []byte("MZ\x90\x00")), 422, []string{"n’est pas d’un type accepté", "Ma part.", "Compte rendu"})
		says(t, "a name that lies", h.sendFile(t, "ada", form, "a.png", pdf), 422, []string{"c’est un PDF"})
		says(t, "a little too large", h.sendFile(t, "ada", form, "a.pdf", append(pdf, make([]byte, learning.FileMost)...)), 422, []string{"20 Mo au plus", "Ma part."})
		says(t, "far too large", h.sendFile(t, "ada", form, "a.pdf", make([]byte, 3*learning.FileMost+1)), 422, []string{"bien trop volumineux"})
		form.Set("note", "")
		says(t, "something else is wrong", h.sendFile(t, "ada", form, "a.pdf", pdf), 422, []string{"Choisissez de nouveau « a.pdf »"})
		if all, err := h.Mine(t.Context(), people["ada"]); err != nil || len(all) != 0 {
			t.Fatalf("something was kept: %v, %v", all, err)
		}
		form.Set("note", "Ma part.")
		w := h.sendFile(t, "ada", form, "compte <rendu>.pdf", pdf)
		says(t, "a good file", w, 303, nil)
		at := w.Header().Get("Location")
		h.page(t, "ada", at, 200, "compte &lt;rendu&gt;.pdf (21 o)", `href="`+at+`/file"`, "Empreinte (SHA-256)")
		got := h.as(t, "ada", "fr", "GET", at+"/file", nil)
		if got.Code != 200 || !bytes.Equal(got.Body.Bytes(), pdf) || !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") ||
			got.Header().Get("Content-Type") != "application/pdf" || !strings.Contains(got.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("got %d, %v", got.Code, got.Header())
		}
		for _, name := range []string{"bob", "helen", "eve"} {
			h.page(t, name, at+"/file", 404)
		}
		id := learning.ID(at[strings.LastIndexByte(at, '/')+1:])
		ok(t, h.AskReview(t.Context(), people["ada"], id, learning.Request{Email: "bob@valmoret.example", As: learning.Peer}))
		h.page(t, "bob", at, 200, "Ouvrir compte &lt;rendu&gt;.pdf", `href="`+at+`/file"`)
		ok(t, h.Decline(t.Context(), people["bob"], id, ""))
		ok(t, h.Share(t.Context(), people["ada"], id, learning.HR, time.Time{}))
		h.page(t, "helen", at+"/file", 200)
		secret, err := h.MakeLink(t.Context(), people["ada"], learning.LinkDraft{Parts: learning.Parts(), Pieces: []learning.ID{id}, Until: h.now.AddDate(0, 1, 0)})
		ok(t, err)
		if body := h.page(t, "", "/passport/"+secret, 200); strings.Contains(body, at) {
			t.Error("a stranger's page leads to the file")
		}
		if w := h.as(t, "", "fr", "GET", at+"/file", nil); w.Code == 200 {
			t.Error("a stranger reads the file")
		}
		if raw := h.page(t, "ada", "/learning/export/evidence.csv", 200, "compte <rendu>.pdf"); strings.Contains(raw, "stored") {
			t.Error("the export tells where the file lies")
		}
	})
}

func TestDelete_asksForTheTitleAndLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.Store.Add(t.Context(), passed("ada", "M01", 2)))
		const at = "/learning/evidence/adaM01"
		h.page(t, "ada", at, 200, "Supprimer définitivement", "Mission &lt;M01&gt;", "Un badge déjà donné reste valable")
		h.send(t, "bob", at+"/delete", url.Values{"confirm": {"Mission <M01>"}}, 404)
		h.send(t, "ada", at+"/delete", url.Values{"confirm": {"M01"}}, 422, "Recopiez le titre", `aria-invalid="true"`)
		h.page(t, "ada", "/learning", 200, "Niveau atteint : N2 Applique")
		if to := h.send(t, "ada", at+"/delete", url.Values{"confirm": {"Mission in English <M01>"}}, 303).Header().Get("Location"); to != "/learning" {
			t.Errorf("sent to %s", to)
		}
		h.page(t, "ada", at, 404)
		if body := h.page(t, "ada", "/learning", 200, "Vous n’avez pas encore de preuve"); strings.Contains(body, "Niveau atteint") {
			t.Error("what is deleted still counts")
		}
	})
}
