package main

import (
	"context"
	"encoding/csv"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/situation/situationweb"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// alone is everybody being one person.
type alone struct{ who actor.Actor }

func (a alone) Identify(context.Context, string) (actor.Actor, error) { return a.who, nil }

// Each of the 82 contributions is on the map, linked to a competence at least.
func TestTheMapLinksEveryContributionOfTheFoundingWorkshop(t *testing.T) {
	h := built(t)
	who := actor.Actor{ID: "ada", Organisation: "o", Roles: []actor.Role{actor.Facilitator}}
	if err := h.competency.Plant(t.Context(), "o", h.framework); err != nil {
		t.Fatal(err)
	}
	if err := h.demonstrateWorkshop(t.Context(), map[string]actor.Actor{"ada": who}); err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(h.words); err != nil {
		t.Fatal(err)
	}
	site := &web.Site{Catalogue: h.words, Identify: alone{who}, ShowError: ui.ShowError, Log: slog.New(slog.DiscardHandler), Now: time.Now, BaseURL: "https://donnees.example",
		Brand: func(context.Context, actor.Actor) web.Brand { return web.Brand{Name: "Valmoret"} }}
	situationweb.Routes(site, situationweb.Desk{Situation: h.situation, Frameworks: h.competency.All, Report: h.workshopReport, Names: h.account.Names})
	read := func(path string) string {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Language", "fr")
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: "ada"})
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		return w.Body.String()
	}
	rows, err := csv.NewReader(strings.NewReader(read("/situations/map/map.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	linked := map[string]bool{}
	for _, row := range rows[1:] {
		if row[8] == "" {
			t.Errorf("%q is linked to no competence of the framework", row[2])
			continue
		}
		linked[row[0]] = true
		lines = append(lines, strings.Join([]string{row[1], row[4], row[2], row[10], row[8], row[9]}, " | "))
	}
	if len(linked) != 82 {
		t.Errorf("%d contributions are on the map, want 82", len(linked))
	}
	body := read("/situations/map")
	for id := range linked {
		if !strings.Contains(body, `class="p-needmap__node" href="/situations/items/`+id+`"`) {
			t.Errorf("%s is not in the picture of links", id)
		}
	}
	slices.Sort(lines)
	golden(t, "testdata/situationmap.golden", strings.Join(lines, "\n")+"\n")
}
