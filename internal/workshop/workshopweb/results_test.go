package workshopweb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopweb"
)

// shelf keeps tables, and takes its time; it has those it kept.
type shelf struct{ kept atomic.Int64 }

func (s *shelf) Keep(_ context.Context, _ actor.Actor, t workshopweb.Table) (string, error) {
	switch {
	case strings.Contains(string(t.CSV), "author") || strings.Contains(string(t.CSV), "Ada"):
		return "", errors.New("the dataset tells who wrote a card")
	case len(t.Columns) != 7 || !strings.HasPrefix(string(t.CSV), "phase,phase_title,theme,card,text,dots,competences\ncartes,Vos idées,,"):
		return "", errors.New(string(t.CSV))
	}
	time.Sleep(100 * time.Millisecond)
	return fmt.Sprint("d", s.kept.Add(1)), nil
}

func (s *shelf) Look(_ context.Context, by actor.Actor, of string) (workshopweb.Standing, error) {
	for n := range s.kept.Load() {
		if of == fmt.Sprint("d", n+1) {
			return workshopweb.Standing{There: true, Seen: by.ID == "grace", Owner: "Grace Hopper"}, nil
		}
	}
	return workshopweb.Standing{}, nil
}

// finished is a workshop that is over, with one card.
func finished(t *testing.T, grace, ada *browser) (results string) {
	t.Helper()
	console, code := begin(grace, "simple")
	ada.get("/join/" + code)
	ada.do(ada.at, "text", "Ada")
	seat := ada.at
	for _, step := range [][2]string{{"", "accueil"}, {"accueil", "cartes"}} {
		grace.get(console)
		grace.do(console, "kind", "phase", "phase", step[0], "to", step[1])
	}
	ada.get(seat)
	ada.do(seat, "kind", "card", "phase", "cartes", "text", "Compter les vélos")
	results = console + "/results"
	grace.get(results)
	grace.seesNot("Écrire ici", "Garder comme jeu de données")
	grace.do(results, "part", "intro", "text", "Trop tôt", "value", "0")
	if grace.status != 422 && grace.status != 409 {
		t.Errorf("somebody wrote before the end: %d", grace.status)
	}
	grace.get(console)
	grace.do(console, "kind", "close")
	return results
}

func TestTheSynthesisIsWrittenOnItsPage(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada, other := open(t, s, "grace"), open(t, s, ""), open(t, s, "other")
		results := finished(t, grace, ada)
		other.do(results, "part", "intro", "text", "x")
		other.sees(404)
		grace.get(results + "?part=intro")
		grace.sees(200, `<textarea`, `name="value" value="0"`)
		grace.do(results, "part", "intro", "text", "Un mardi <script>", "value", "0")
		grace.sees(200, "Un mardi <script>", "Écrit par Grace le", "La synthèse est à jour")
		for _, place := range [][]string{{"part", "phase", "phase", "cartes"}, {"part", "theme", "phase", "cartes", "theme", ""}, {"part", "conclusion"}} {
			grace.do(results, append(place, "text", "Texte de "+strings.Join(place, "-"), "value", "0")...)
			grace.sees(200, "Texte de "+strings.Join(place, "-"))
		}
		grace.do(results, "part", "theme", "phase", "cartes", "theme", "Nulle part", "text", "x", "value", "0")
		grace.sees(404)
		grace.get(results)
		grace.do(results, "part", "intro", "text", "Sur une page ancienne", "value", "0")
		grace.sees(422, "Quelqu’un a écrit ici", "Sur une page ancienne", `name="value" value="1"`)
		grace.do(results, "part", "intro", "text", strings.Repeat("é", 5001), "value", "1")
		grace.sees(422, "trop long")
		grace.get(results)
		grace.do(results, "part", "intro", "text", "Un mercredi", "value", "1")
		grace.sees(200, "Un mercredi")
		grace.seesNot("Un mardi <script></p>")
		grace.do(results, "part", "intro", "text", "Un mardi <script>", "value", "2") // what the button of the version before sends
		grace.sees(200, "Un mardi <script>")
		grace.seesNot("Un mercredi</p>")
		grace.get(results + "/results.md")
		grace.sees(200, "Texte de part-phase-phase-cartes", "## Conclusion")
		grace.get(results)
		grace.do(results, "part", "conclusion", "text", "Un.\r\nDeux.\r\n\r\nTrois.", "value", "1")
		grace.get(results + "/results.md")
		grace.sees(200, "\nUn.\\\nDeux.\n\nTrois.\n")
		grace.get(results + "/results.html")
		grace.sees(200, "<p>Un.<br>Deux.</p>\n<p>Trois.</p>")
		grace.get(results + "/results.json")
		var report workshop.Report
		if err := json.Unmarshal([]byte(grace.page), &report); err != nil || report.Introduction != "Un mardi <script>" || report.Phases[0].Themes[0].Text == "" {
			t.Errorf("got %+v, %v", report, err)
		}
	})
}

func TestASessionIsKeptAsADataset(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada, other := open(t, s, "grace"), open(t, s, ""), open(t, s, "other")
		results := finished(t, grace, ada)
		keep := strings.TrimSuffix(results, "results") + "dataset"
		other.do(keep)
		other.sees(404)
		grace.get(results)
		grace.sees(200, "Garder comme jeu de données")
		grace.do(keep)
		if grace.at != "/datasets/d1" {
			t.Errorf("leads to %s: %s", grace.at, grace.page)
		}
		grace.get(results)
		grace.sees(200, "Voir le jeu de données de cet atelier")
		grace.seesNot("Garder comme jeu de données")
		colleague := open(t, s, "colleague") // who runs workshops too, and to whom Grace's dataset is not shown
		colleague.get(results)
		colleague.do(keep) // from a page that stood open
		colleague.sees(200, "demandez à Grace Hopper")
		colleague.seesNot("Garder comme jeu de données", "/datasets/d", "Voir le jeu de données")
	})
}

// A double click, two tabs and a colleague at the same time make one dataset, and all of them lead to it.
func TestASessionIsKeptOnce(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada := open(t, s, "grace"), open(t, s, "")
		results := finished(t, grace, ada)
		keep := strings.TrimSuffix(results, "results") + "dataset"
		var all sync.WaitGroup
		for range 4 {
			tab := open(t, s, "grace")
			all.Go(func() {
				tab.do(keep)
				if tab.at != "/datasets/d1" {
					t.Errorf("leads to %s, status %d", tab.at, tab.status)
				}
			})
		}
		all.Wait()
		grace.do(keep) // later, from a page that stood open
		if grace.at != "/datasets/d1" {
			t.Errorf("later: leads to %s", grace.at)
		}
	})
}

// Every member of the report is described, and the dictionary has what the report has.
func TestTheDictionaryOfTheReportDescribesEveryMember(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada := open(t, s, "grace"), open(t, s, "")
		results := finished(t, grace, ada)
		grace.get(results + "/results-json.schema.json")
		type schema struct {
			Type, Description string
			Properties        map[string]json.RawMessage
			Required          []string
			Items             json.RawMessage
		}
		members := 0
		var check func(at string, raw json.RawMessage)
		check = func(at string, raw json.RawMessage) {
			var one schema
			if err := json.Unmarshal(raw, &one); err != nil {
				t.Fatal(err)
			}
			if len(one.Items) > 0 {
				check(at+"[]", one.Items)
			}
			for name, property := range one.Properties {
				members++
				var said schema
				if err := json.Unmarshal(property, &said); err != nil || said.Description == "" || said.Type == "" {
					t.Errorf("%s.%s: %s, %v", at, name, property, err)
				}
				check(at+"."+name, property)
			}
		}
		check("report", json.RawMessage(grace.page))
		if members < 25 {
			t.Errorf("only %d members are described", members)
		}
	})
}
