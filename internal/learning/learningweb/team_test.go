package learningweb_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/internal/learning"
	"cultured/internal/learning/learningweb"
)

// staff adds the pages about services to a house of twelve people in one service and three in another, of whom six reached level 2 and the last shares it.
func (h *house) staff(t *testing.T) {
	t.Helper()
	census := learning.Census{Services: map[string]string{"f": "Finances", "v": "Voirie <&>"}}
	for i := range 15 {
		one := learning.Colleague{ID: fmt.Sprint("p", i), Name: fmt.Sprint("Personne ", i), Service: "f"}
		if i >= 12 {
			one.Service = "v"
		}
		census.People = append(census.People, one)
		if i < 6 || i == 14 {
			e := passed(one.ID, "M05", 2)
			if i == 14 {
				e.Shares = []learning.Share{{With: learning.HR, Since: noon}}
			}
			ok(t, h.Store.Add(t.Context(), e))
		}
	}
	for i := range 8 {
		ask := learning.Ask{Key: fmt.Sprint("s#", i), Code: "D4.2", Service: "Finances"}
		if i >= 5 {
			ask = learning.Ask{Key: fmt.Sprint("s#", i), Code: "D4.1", Service: "Cimetières"}
		}
		census.Asks = append(census.Asks, ask)
	}
	census.Decisions = []learning.Decision{{Code: "D4.2", Title: "Nettoyer les tiers", Path: "/situations/1", Action: "=Former deux agents", Owner: "Mme Morvan", Due: "2026-06-30"}}
	editions := h.Store.(learning.Editions)
	learningweb.TeamRoutes(h.Site, learningweb.TeamDesk{Team: &learning.Team{Store: editions, Now: func() time.Time { return h.now },
		Census: func(_ context.Context, organisation string) (learning.Census, error) {
			if organisation != "o" {
				return learning.Census{}, nil
			}
			return census, nil
		}}, Framework: h.desk().Framework})
}

func TestTeam_saysTheSameOnThePageAndInEveryFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.staff(t)
		for _, name := range []string{"", "ada", "eve"} {
			for _, path := range []string{"/learning/team", "/learning/team/export/levels.csv", "/learning/team/export/team.json"} {
				if w := h.as(t, name, "fr", "GET", path, nil); w.Code == http.StatusOK || strings.Contains(w.Body.String(), "Finances") {
					t.Errorf("%q reads %s: %d", name, path, w.Code)
				}
			}
		}
		page := func(lang string, parts ...string) string {
			t.Helper()
			w := h.as(t, "helen", lang, "GET", "/learning/team", nil)
			for _, part := range parts {
				if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), part) {
					t.Errorf("%s: %d without %q", lang, w.Code, part)
				}
			}
			return w.Body.String()
		}
		text := page("fr", "D4.1 Diagnostiquer", "12 personnes", "N2 Applique ou plus", "Personne 14", "Voirie &lt;&amp;&gt;", "=Former deux agents", "Mme Morvan", "30/06/2026")
		page("en", "12 people", "N2 Applies or above", "Training plan")
		for _, never := range []string{"Personne 3", "Cimetières", "p14", ">3<", "people_"} {
			if strings.Contains(text, never) {
				t.Errorf("the page says %q", never)
			}
		}
		file := func(name string) [][]string {
			t.Helper()
			w := h.as(t, "helen", "fr", "GET", "/learning/team/export/"+name, nil)
			rows, err := csv.NewReader(w.Body).ReadAll()
			if err != nil || w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Disposition"), name) {
				t.Fatalf("%s: %d, %v", name, w.Code, err)
			}
			return rows[1:]
		}
		for name, want := range map[string]string{
			"levels.csv": "[[D4.1 Diagnostiquer Finances 0 1 6 2026-03-02] [D4.1 Diagnostiquer Finances 2 4 6 2026-03-02]]",
			"needs.csv":  "[[D4.2 Nettoyer Finances 5 2026-03-02]]",
			"plan.csv":   "[[D4.2 Nettoyer 5  Nettoyer les tiers '=Former deux agents Mme Morvan 2026-06-30]]",
			"shared.csv": "[[Personne 14 Voirie <&> D4.1 Diagnostiquer 2]]",
		} {
			if got := fmt.Sprint(file(name)); got != want {
				t.Errorf("%s says %s, want %s", name, got, want)
			}
		}
		var all map[string]any
		w := h.as(t, "helen", "fr", "GET", "/learning/team/export/team.json", nil)
		if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || len(all) != 5 || all["edition"] != "2026-03" || len(all["levels"].([]any)) != 2 {
			t.Errorf("team.json: %v, %v", all, err)
		}
		if small := regexp.MustCompile(`"(people|mentions)":"[1-4]"`).FindString(w.Body.String()); small != "" {
			t.Errorf("a small group: %s", small)
		}
		if w := h.as(t, "helen", "fr", "GET", "/learning/team/export/people.csv", nil); w.Code != http.StatusNotFound {
			t.Errorf("a file there is not: %d", w.Code)
		}
	})
}
