package learningweb_test

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"cultured/internal/learning"
)

// added is work Ada adds through the form; the address of its page.
func (h *house) added(t *testing.T, change url.Values) string {
	t.Helper()
	form := url.Values{"kind": {"work"}, "title": {"=Fiabiliser la liste"}, "competence": {"D4.1"}, "level": {"2"}, "address": {"https://data.example/liste"}, "note": {"J’ai repris la liste."}}
	for k, v := range change {
		form[k] = v
	}
	return h.send(t, "ada", "/learning/new", form, 303).Header().Get("Location")
}

func TestReview_fromTheRequestToTheLevel(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var told []learning.News
		h.Tell = tell(&told)
		at := h.added(t, nil)
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"ada@valmoret.example"}, "as": {"peer"}}, 422, "on ne relit pas son propre travail", `value="ada@valmoret.example"`)
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"personne@valmoret.example"}, "as": {"manager"}}, 422, "Personne de votre organisation", `value="manager" checked`)
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"bob@valmoret.example"}, "as": {"boss"}}, 422, "votre responsable")
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"bob@valmoret.example"}, "as": {"attendance"}}, 422, "votre responsable")
		h.page(t, "bob", at, 404)
		h.page(t, "bob", "/learning/shown", 200, "Personne ne vous montre")
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"bob@valmoret.example"}, "as": {"peer"}}, 303)
		h.page(t, "ada", at, 200, "Bob, collègue", "En attente")
		h.page(t, "bob", "/learning", 200, "1 travail à relire")
		h.page(t, "bob", "/learning/shown", 200, "Ada", "À relire, demandé le 02/03/2026")
		body := h.page(t, "bob", at, 200, "Ada vous demande, le 02/03/2026, de relire ce travail", "Chaque correction laisse une trace", "Le niveau annoncé est le bon : N2 Applique.")
		if strings.Contains(body, at+"/share") || strings.Contains(body, at+"/withdraw") {
			t.Error("a reviewer may share or withdraw it")
		}
		h.page(t, "helen", at, 404)
		h.send(t, "bob", at+"/review", url.Values{"decision": {"accept"}, "met": {"about", "right"}, "words": {"Presque <b>"}}, 422, "chaque critère doit être coché", `value="right" checked`, "Presque &lt;b&gt;")
		h.send(t, "bob", at+"/review", url.Values{"decision": {"back"}}, 422, "Dites ce qui manque")
		h.send(t, "bob", at+"/review", url.Values{"decision": {"back"}, "words": {"Il manque la <b>trace</b>."}}, 303)
		h.page(t, "bob", at, 404)
		h.page(t, "ada", at, 200, "À reprendre", "Il manque la &lt;b&gt;trace&lt;/b&gt;.", "personne ne l’a vérifiée")
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"bob@valmoret.example"}, "as": {"manager"}}, 303)
		h.page(t, "bob", at, 200, "de vérifier ce travail comme responsable")
		h.send(t, "helen", at+"/review", url.Values{"decision": {"accept"}, "met": {"about", "opened", "right", "level", "D4"}}, 404)
		h.send(t, "bob", at+"/review", url.Values{"decision": {"accept"}, "met": {"about", "opened", "right", "level", "D4"}, "words": {"Très bien."}}, 303)
		h.page(t, "ada", at, 200, "Regardée par un collègue", "Bob, responsable", "Critères remplis : 5/5")
		h.page(t, "ada", "/learning", 200, "Niveau atteint : N2 Applique", "par un responsable, 5/5")
		var saying []string
		for _, n := range told {
			saying = append(saying, n.To+" "+string(n.State))
		}
		if got := strings.Join(saying, ", "); got != "bob asked, ada sent_back, bob asked, ada accepted" {
			t.Errorf("told %s", got)
		}
	})
}

func TestReview_mayBeDeclined(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.added(t, nil)
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"bob@valmoret.example"}, "as": {"peer"}}, 303)
		h.send(t, "helen", at+"/decline", url.Values{}, 404)
		h.send(t, "bob", at+"/decline", url.Values{"words": {"Je ne connais pas ce fichier."}}, 303)
		h.page(t, "bob", at, 404)
		h.page(t, "ada", at, 200, "Déclinée", "Je ne connais pas ce fichier.", "Demander une relecture")
	})
}

func TestAParticipation_isConfirmedByWhoWasThere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.added(t, url.Values{"kind": {"event"}, "title": {"Atelier du 3 mars"}, "level": {"1"}, "address": {""}})
		if body := h.page(t, "ada", at, 200, "Participation", "à qui tenait la séance"); strings.Contains(body, `name="as"`) {
			t.Error("asks whether who was there is a manager")
		}
		h.send(t, "ada", at+"/reviews", url.Values{"reviewer": {"bob@valmoret.example"}}, 303)
		h.page(t, "bob", at, 200, "de confirmer sa participation", "l’essentiel de la séance")
		h.send(t, "bob", at+"/review", url.Values{"decision": {"accept"}, "met": {"present", "part"}}, 303)
		h.page(t, "ada", at, 200, "Bob, sur place", "Critères remplis : 2/2")
		h.page(t, "ada", "/learning", 200, "Niveau atteint : N1 Découvre")
	})
}

func TestShare_lastsAsLongAsWasSaid(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := h.added(t, nil)
		h.send(t, "bob", at+"/share", url.Values{"with": {"hr"}}, 404)
		h.send(t, "ada", at+"/share", url.Values{"with": {"person"}, "email": {"personne@valmoret.example"}, "until": {"2026-03-10"}}, 422, `value="personne@valmoret.example"`, `id="email-error"`, `value="2026-03-10"`)
		h.send(t, "ada", at+"/share", url.Values{"with": {"person"}, "email": {"bob@valmoret.example"}, "until": {"2026-03-01"}}, 422, `id="until-error"`)
		h.send(t, "ada", at+"/share", url.Values{"with": {"person"}, "email": {"bob@valmoret.example"}, "until": {"2026-03-02"}}, 303)
		h.send(t, "ada", at+"/share", url.Values{"with": {"hr"}}, 303)
		h.page(t, "ada", at, 200, "Bob, du 02/03/2026 au 02/03/2026", "Les ressources humaines, depuis le 02/03/2026")
		h.page(t, "bob", at, 200, "J’ai repris la liste.")
		h.page(t, "helen", "/learning/shown", 200, "Montrées par des collègues", "=Fiabiliser la liste")
		h.page(t, "eve", at, 404)
		h.now = noon.Add(24 * time.Hour)
		h.page(t, "bob", at, 404)
		h.page(t, "helen", at, 200)
		h.send(t, "ada", at+"/unshare", url.Values{"with": {"hr"}}, 303)
		h.page(t, "helen", at, 404)
		h.page(t, "ada", at, 200, "Vous seul, pour l’instant.")
	})
}

func TestExport_isOnlyOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.added(t, nil)
		ok(t, h.Store.Add(t.Context(), passed("ada", "M01", 2)))
		rows, err := csv.NewReader(strings.NewReader(h.page(t, "ada", "/learning/export/evidence.csv", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 3 || rows[1][3]+rows[2][3] != "Mission <M01>'=Fiabiliser la liste" && rows[1][3]+rows[2][3] != "'=Fiabiliser la listeMission <M01>" {
			t.Errorf("got %q", rows)
		}
		var list []learning.Evidence
		ok(t, json.Unmarshal([]byte(h.page(t, "ada", "/learning/export/evidence.json", 200)), &list))
		if len(list) != 2 {
			t.Errorf("got %+v", list)
		}
		if body := h.page(t, "bob", "/learning/export/evidence.json", 200); strings.TrimSpace(body) != "[]" {
			t.Errorf("Bob gets %s", body)
		}
		h.page(t, "ada", "/learning/export/evidence.exe", 404)
	})
}
