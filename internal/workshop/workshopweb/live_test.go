package workshopweb_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/workshop"
)

// begin makes a session, and returns its console and its code.
func begin(b *browser, template string) (console, code string) {
	b.t.Helper()
	b.get("/workshops")
	b.do("/workshops", "template", template)
	b.sees(200)
	return b.at, workshop.ReadCode(regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(b.page))
}

// told is what an island is told.
type told struct {
	Phase, People, Voters string
	Look, Ends, Crowd     int64
	Notes                 map[string]string
}

func TestLast_tellsTheIslandWhatChanged(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada := open(t, s, "grace"), open(t, s, "")
		console, code := begin(grace, "simple")
		ask := func() (last told) {
			t.Helper()
			ada.get("/join/" + code + "/last")
			if err := json.Unmarshal([]byte(ada.page), &last); err != nil {
				t.Fatal(err)
			}
			return last
		}
		if got := ask(); got.Look != 0 || got.Phase != "" || got.Ends != 0 || got.Crowd != 0 {
			t.Errorf("before: got %+v", got)
		}
		grace.do(console, "kind", "phase", "phase", "", "to", "cartes")
		grace.do(console, "kind", "timer", "minutes", "10")
		left := time.Until(time.UnixMilli(ask().Ends))
		if got := ask(); got.Look != 1 || got.Phase != "cartes" || left < 9*time.Minute || left > 10*time.Minute {
			t.Errorf("after: got %+v, %v left", got, left)
		}
		ada.get("/join/" + code)
		ada.do(ada.at, "text", "Ada")
		ada.do("/join/"+code+"/seat", "kind", "card", "phase", "cartes", "text", "Une idée")
		ada.get("/join/" + code + "/seat?part=board")
		ada.sees(200, "Une idée", "1 personne")
		ada.seesNot("<html", "Ajouter la carte")
		if got := ask(); got.Look != 1 || got.Notes["cartes"] != "1 carte, encore cachée" || got.People != "1 personne dans l’atelier" {
			t.Errorf("a card still hidden changes counts only: got %+v", got)
		}
		grace.do(console, "kind", "reveal", "phase", "cartes", "value", "1")
		if got := ask(); got.Look != 5 || got.Notes != nil {
			t.Errorf("revealed: got %+v", got)
		}
		grace.do(console, "kind", "phase", "phase", "cartes", "to", "vote")
		if got := ask(); got.Voters != "0 personne a répondu" {
			t.Errorf("a vote: got %+v", got)
		}
	})
}

// A projection screen is told what a participant wrote, as it happens, and nothing of who wrote it.
func TestEvents_tellTheWallOfTheRoom(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada := open(t, s, "grace"), open(t, s, "")
		console, code := begin(grace, "simple")
		server := httptest.NewServer(s)
		defer server.Close()
		answer, err := http.Get(server.URL + "/join/" + code + "/events?view=wall")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		if answer.StatusCode != 200 || answer.Header.Get("Content-Encoding") != "" || answer.Header.Get("X-Accel-Buffering") != "no" {
			t.Errorf("got %d, header %v", answer.StatusCode, answer.Header)
		}
		events := bufio.NewScanner(answer.Body)
		events.Buffer(nil, 1<<20)
		next := func(text string) {
			t.Helper()
			for events.Scan() {
				if strings.HasPrefix(events.Text(), "data: ") && strings.Contains(events.Text(), text) {
					return
				}
			}
			t.Fatalf("%q is not told: %v", text, events.Err())
		}
		cut := time.AfterFunc(20*time.Second, func() { _ = answer.Body.Close() })
		defer cut.Stop()
		next("Un tour de cartes") // the whole, at once
		grace.do(console, "kind", "phase", "phase", "", "to", "cartes")
		next("Écrivez en silence")
		grace.do(console, "kind", "reveal", "phase", "cartes", "value", "1")
		ada.get("/join/" + code)
		ada.do(ada.at, "text", "Ada")
		ada.do("/join/"+code+"/seat", "kind", "card", "phase", "cartes", "text", "Compter les vélos")
		next("Compter les vélos")
		ada.get("/join/" + code + "/wall")
		ada.sees(200, "Compter les vélos", `data-events="/join/`+code+`/events?view=wall"`)
		ada.seesNot("<form method=\"post\" action=\"/join")
		grace.do(console, "kind", "close")
		next(`"phase":"closed"`)
		ada.get("/join/" + code + "/wall")
		ada.sees(200, `data-events=""`)
		stranger := open(t, s, "")
		for _, path := range []string{"/wall", "/events", "/last"} {
			stranger.get("/join/zzzzzzzz" + path)
			stranger.sees(404)
		}
	})
}
