package formweb_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cultured/internal/form"
)

// tracked makes a survey whose answers are followed, with one of them, and says where it is read and followed.
func (h *house) tracked(t *testing.T) (at, request, follow string) {
	t.Helper()
	at, public := h.survey(t)
	h.send(t, "ada", at+"/settings", with(h.page(t, "ada", at+"/settings", http.StatusOK), "title", "Enquête", "door", "public", "track", "on", "days", "30", "tell", "courriel"), http.StatusSeeOther)
	h.page(t, "ada", at+"/settings", http.StatusOK, "Prévenir par courriel", `<option value="courriel" selected`)
	page := h.page(t, "", public, http.StatusOK)
	h.now = h.now.Add(time.Minute)
	follow = h.send(t, "", public, with(page, "q-venez_vous_en_velo", "Oui", "shown", "ou_le_garez_vous", "q-ou_le_garez_vous", "=Devant", "q-courriel", "ana@exemple.fr"), http.StatusSeeOther)
	list := h.page(t, "ada", at+"/answers", http.StatusOK, "1 réponse", follow[len(follow)-11:], "Reçue", "01/04/2026")
	_, rest, _ := strings.Cut(list, at+"/answers/0")
	id, _, _ := strings.Cut(rest, `"`)
	return at, at + "/answers/0" + id, follow
}

func TestARequest_isTreatedAndFollowed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, request, follow := h.tracked(t)
		page := h.page(t, "ada", request, http.StatusOK, "=Devant", "ana@exemple.fr", `value="2026-04-01"`, follow)
		for _, name := range []string{"bob", "eve"} {
			h.page(t, name, request, http.StatusNotFound)
			h.page(t, name, at+"/answers", http.StatusNotFound)
			h.page(t, name, at+"/answers/export/answers.csv", http.StatusNotFound)
			h.send(t, name, request, with(page, "state", "accepted"), http.StatusNotFound)
			h.send(t, name, request+"/delete", url.Values{"confirm": {follow[len(follow)-11:]}}, http.StatusNotFound)
		}
		h.send(t, "ada", request, with(page, "state", "lacking", "assignee", "ada", "due", "2026-04-01", "message", "Quel arceau ?", "note", "Déjà venue en 2024"), http.StatusSeeOther)
		h.send(t, "ada", request, with(page, "state", "refused", "message", "Trop tard"), http.StatusUnprocessableEntity, "traité cette demande entre-temps", "Trop tard")
		h.send(t, "ada", request, with(h.page(t, "ada", request, http.StatusOK), "state", "doing", "assignee", "eve"), http.StatusUnprocessableEntity, `href="#assignee"`)
		h.page(t, "", follow, http.StatusOK, "Complément demandé", "Quel arceau ?", "Le service", "!Déjà venue", "!Ada", "!ana@exemple.fr", "!=Devant")
		h.send(t, "", follow, url.Values{"message": {" "}}, http.StatusUnprocessableEntity, "Écrivez votre message")
		h.send(t, "", follow, url.Values{"message": {"Celui de gauche"}}, http.StatusSeeOther)
		h.page(t, "ada", request, http.StatusOK, "Celui de gauche", "La personne qui a répondu", "Déjà venue en 2024", "Confiée à Ada")
		h.page(t, "ada", at+"/answers?state=refused", http.StatusOK, "0 réponse", "!<table")
		h.page(t, "ada", at+"/answers?state=lacking&mine=on&q=devant", http.StatusOK, "1 réponse")
		h.now = h.now.AddDate(0, 1, 5)
		h.page(t, "ada", at+"/answers", http.StatusOK, "En retard depuis le 01/04/2026")
	})
}

func TestAnswers_areGivenAsFiles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at, _, follow := h.tracked(t)
		number := follow[len(follow)-11:]
		h.page(t, "ada", at+"/answers/export/answers.csv", http.StatusOK, "reference,received,state,due,venez_vous_en_velo,ou_le_garez_vous,courriel\n"+number+",2026-03-02T13:01:00,received,2026-04-01,Oui,'=Devant,ana@exemple.fr")
		h.page(t, "ada", at+"/answers/export/answers.json", http.StatusOK, `"reference":"`+number+`"`, `"ou_le_garez_vous":["=Devant"]`)
		book := h.as(t, "ada", "GET", at+"/answers/export/answers.xlsx", nil).Body.Bytes()
		if _, err := zip.NewReader(bytes.NewReader(book), int64(len(book))); err != nil {
			t.Error(err)
		}
		h.page(t, "ada", at+"/answers/export/answers.exe", http.StatusNotFound)
	})
}

func TestPersonalAnswers_areKeptAsLongAsPromised(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, request, follow := h.tracked(t)
		h.send(t, "", follow, url.Values{"message": {"Je suis Ana"}}, http.StatusSeeOther)
		h.now = h.now.AddDate(0, 11, 0)
		if n, err := h.Expire(t.Context()); n != 0 || err != nil {
			t.Errorf("a month early: got %d, %v", n, err)
		}
		if soon, err := h.Coming(t.Context(), "", 20); err != nil || len(soon) != 0 {
			t.Errorf("in twenty days: got %+v, %v", soon, err)
		}
		if soon, err := h.Coming(t.Context(), "o", 40); err != nil || len(soon) != 1 || soon[0].Answers != 1 || soon[0].Months != 12 || soon[0].First.Format("2006-01") != "2027-03" {
			t.Errorf("in forty days: got %+v, %v", soon, err)
		}
		if soon, err := h.Coming(t.Context(), "elsewhere", 40); err != nil || len(soon) != 0 {
			t.Errorf("another organisation: got %+v, %v", soon, err)
		}
		h.now = h.now.AddDate(0, 1, 1)
		if n, err := h.Expire(t.Context()); n != 1 || err != nil {
			t.Errorf("got %d, %v; want 1", n, err)
		}
		if n, err := h.Expire(t.Context()); n != 0 || err != nil {
			t.Errorf("again: got %d, %v", n, err)
		}
		h.page(t, "ada", request, http.StatusOK, "!ana@exemple.fr", "=Devant", "!Je suis Ana", "Effacé : sa durée")
	})
}

func TestAnAnswer_isErasedForGood(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, request, follow := h.tracked(t)
		h.send(t, "", follow, url.Values{"message": {"Un mot"}}, http.StatusSeeOther)
		h.send(t, "ada", request+"/delete", url.Values{"confirm": {"AAAAA"}}, http.StatusUnprocessableEntity, follow[len(follow)-11:]+" pour effacer")
		h.send(t, "ada", request+"/delete", url.Values{"confirm": {strings.ToLower(follow[len(follow)-11:])}}, http.StatusSeeOther)
		h.page(t, "ada", request, http.StatusNotFound)
		h.page(t, "", follow, http.StatusNotFound)
	})
}

func TestAMessage_isNotWrittenWithoutEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, _, follow := h.tracked(t)
		for range form.MessagesMost {
			h.send(t, "", follow, url.Values{"message": {"encore"}}, http.StatusSeeOther)
		}
		h.send(t, "", follow, url.Values{"message": {"encore un"}}, http.StatusUnprocessableEntity, "déjà écrit 30 messages", "encore un")
	})
}
