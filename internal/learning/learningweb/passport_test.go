package learningweb_test

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

var secretIn = regexp.MustCompile(`https://donnees\.example(/passport/[A-Z2-7]+)`)

func TestPassport_showsTheChosenParts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/learning/passport", 200, "Aucun niveau atteint", "Premiers pas", "Communauté de Valmoret. Au 02/03/2026.")
		ok(t, h.Store.Add(t.Context(), passed("ada", "M01", 2)))
		h.added(t, nil) // nobody verified it
		body := h.page(t, "ada", "/learning/passport", 200, "D4.1 Diagnostiquer", "N2 Applique", "Mission &lt;M01&gt;", `href="/credentials/b1"`, "https://donnees.example/credentials/b1")
		if _, body, _ = strings.Cut(body, "<main"); strings.Contains(body, "Fiabiliser") {
			t.Error("a passport tells what nobody verified")
		}
		if body := h.page(t, "ada", "/learning/passport?part=levels", 200, "D4.1 Diagnostiquer", "passport.csv?part=levels"); strings.Contains(body, "/credentials/b1") || strings.Contains(body, `id="p-evidence"`) {
			t.Error("parts that were not chosen are shown")
		}
		if w := h.as(t, "", "fr", "GET", "/learning/passport", nil); w.Code != 303 {
			t.Errorf("a visitor got %d", w.Code)
		}
	})
}

func TestPassportFiles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.Store.Add(t.Context(), passed("ada", "M01", 2)))
		rows, err := csv.NewReader(strings.NewReader(h.page(t, "ada", "/learning/passport/passport.csv", 200))).ReadAll()
		ok(t, err)
		if len(rows) != 4 || rows[1][0] != "level" || rows[1][3] != "2" || rows[2][7] != strings.Repeat("cd", 32) || rows[3][1] != "Premiers pas" {
			t.Errorf("got %q", rows)
		}
		var linked struct {
			Type          string `json:"@type"`
			HasCredential []struct {
				EducationalLevel, URL string
				CompetencyRequired    struct{ TermCode string }
			}
			SubjectOf []struct{ Identifier struct{ Value string } }
		}
		ok(t, json.Unmarshal(h.as(t, "ada", "en", "GET", "/learning/passport/passport.json", nil).Body.Bytes(), &linked))
		if linked.Type != "Person" || len(linked.HasCredential) != 2 || linked.HasCredential[0].CompetencyRequired.TermCode != "D4.1" || linked.HasCredential[0].EducationalLevel != "N2 Applies" ||
			linked.HasCredential[1].URL != "https://donnees.example/credentials/b1" || len(linked.SubjectOf) != 1 || linked.SubjectOf[0].Identifier.Value != strings.Repeat("cd", 32) {
			t.Errorf("got %+v", linked)
		}
		var europass struct {
			SkillsPassport struct {
				DocumentInfo struct{ DocumentType, XSDVersion string }
				LearnerInfo  struct {
					Identification struct {
						PersonName struct{ FirstName, Surname string }
					}
					Skills      struct{ JobRelated struct{ Description string } }
					Achievement []struct {
						Title       struct{ Label string }
						Description string
					}
				}
			}
		}
		ok(t, json.Unmarshal([]byte(h.page(t, "ada", "/learning/passport/europass.json?part=levels&part=evidence", 200)), &europass))
		e := europass.SkillsPassport
		if e.DocumentInfo.DocumentType != "ESP" || e.LearnerInfo.Identification.PersonName.Surname != "Lovelace" || e.LearnerInfo.Skills.JobRelated.Description != "D4.1 Diagnostiquer, N2 Applique" || len(e.LearnerInfo.Achievement) != 1 {
			t.Errorf("got %+v", e)
		}
		var raw map[string]any
		ok(t, json.Unmarshal([]byte(h.page(t, "ada", "/learning/passport/europass.json", 200)), &raw))
		for _, wrong := range europassModel.refuses("", raw) {
			t.Error(wrong)
		}
		h.page(t, "ada", "/learning/passport/passport.exe", 404)
	})
}

func TestLink_showsWhatWasChosenUntilItEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ok(t, h.Store.Add(t.Context(), passed("ada", "M01", 2)))
		ok(t, h.Store.Add(t.Context(), passed("ada", "M02", 2)))
		ok(t, h.Store.Add(t.Context(), passed("bob", "M03", 2)))
		for _, bad := range []url.Values{{"until": {"2026-04-01"}}, {"part": {"evidence"}, "until": {"2026-04-01"}}, {"part": {"levels"}}, {"part": {"levels"}, "until": {"2026-03-01"}}, {"part": {"levels"}, "until": {"2028-01-01"}},
			{"part": {"evidence"}, "piece": {"bobM03"}, "until": {"2026-04-01"}}} {
			bad.Set("label", "Entretien <annuel>")
			h.send(t, "ada", "/learning/passport/links", bad, 422, "Entretien &lt;annuel&gt;", "<details class=\"c-details\" open")
		}
		form := url.Values{"part": {"levels", "evidence"}, "piece": {"adaM01", "bobM03"}, "until": {"2026-04-01"}, "label": {"Entretien <annuel>"}}
		made := secretIn.FindStringSubmatch(h.send(t, "ada", "/learning/passport/links", form, 200, "Copiez-le maintenant").Body.String())
		if made == nil {
			t.Fatal("the address is not shown")
		}
		if strings.Contains(h.page(t, "ada", "/learning/passport", 200, "Entretien &lt;annuel&gt;"), made[1]) {
			t.Error("the address is shown again")
		}
		body := h.page(t, "", made[1], 200, "Ada Lovelace", "D4.1 Diagnostiquer", "Mission &lt;M01&gt;", "jusqu’au 01/04/2026")
		for _, not := range []string{"M02", "M03", "/credentials/", "Entretien", `href="/competences/`} {
			if strings.Contains(body, not) {
				t.Errorf("a stranger reads %s", not)
			}
		}
		w := h.as(t, "", "fr", "GET", made[1], nil)
		if w.Header().Get("X-Robots-Tag") != "noindex, nofollow" || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("got %v", w.Header())
		}
		h.page(t, "", made[1]+"X", 404, "Ce lien n’existe pas")
		h.send(t, "ada", "/learning/evidence/adaM01/withdraw", url.Values{"withdrawn": {"yes"}}, 303)
		if strings.Contains(h.page(t, "", made[1], 200), "M01") {
			t.Error("what was withdrawn is still shown")
		}
		end := regexp.MustCompile(`action="(/learning/passport/links/[^"]+)"`).FindStringSubmatch(h.page(t, "ada", "/learning/passport", 200))
		h.now = time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC)
		h.page(t, "", made[1], 410, "Il valait jusqu’au 01/04/2026")
		h.now = noon
		h.send(t, "bob", end[1], url.Values{}, 404)
		h.send(t, "ada", end[1], url.Values{}, 303)
		h.page(t, "", made[1], 410, "y a mis fin le 02/03/2026")
		h.page(t, "ada", "/learning/passport", 200, "arrêté le 02/03/2026")
		ok(t, h.Store.Forget(t.Context(), "o", "ada"))
		h.page(t, "", made[1], 404)
	})
}
