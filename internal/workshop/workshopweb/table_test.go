package workshopweb_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
)

// advance goes on from one phase to another.
func advance(b *browser, console, from, to string) {
	b.get(console)
	b.do(console, "kind", "phase", "phase", from, "to", to)
}

// tabled is the form of the plan of the simplest template, with tables in the step where people write.
func tabled(anonymous string) url.Values {
	return url.Values{"count": {"3"}, "title": {"Par tables"}, "anonymous": {anonymous},
		"name-0": {"accueil"}, "kind-0": {"welcome"}, "title-0": {"Bienvenue"}, "order-0": {"1"},
		"name-1": {"idees"}, "kind-1": {"write"}, "title-1": {"Vos idées"}, "order-1": {"2"}, "tables-1": {"2"},
		"name-2": {"ensemble"}, "kind-2": {"restitution"}, "title-2": {"Ensemble"}, "order-2": {"3"}}
}

var option = regexp.MustCompile(`<option value="(\d+)"[^>]*>([^<]+)</option>`)

// A workshop by tables, without JavaScript: the draw, each table's board, a change of tables, the synthesis.
func TestTables(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		boss := open(t, s, "grace")
		console, code := begin(boss, "simple")
		boss.send("POST", console+"/plan", tabled(""))
		boss.sees(200, "Le déroulé est à jour")
		var guests []*browser
		for i := range 4 {
			g := open(t, s, "")
			g.get("/join/" + code)
			g.do("/join/"+code, "text", fmt.Sprint("Guest", i))
			guests = append(guests, g)
		}
		advance(boss, console, "", "accueil")
		boss.sees(200, "Répartir en tables")
		advance(boss, console, "accueil", "idees")
		boss.sees(200, "Les tables travaillent séparément", "Réunir les tables", "Table 1", "Table 2")
		seat := "/join/" + code + "/seat"
		mates := map[string][]*browser{}
		for i, g := range guests {
			g.get(seat)
			at := regexp.MustCompile(`Votre table\x{a0}: (Table \d)`).FindStringSubmatch(g.page)
			if at == nil {
				t.Fatalf("guest %d is told of no table: %s", i, g.page)
			}
			g.seesNot("Votre carte dira de quelle table")
			mates[at[1]] = append(mates[at[1]], g)
			g.do(seat, "kind", "card", "phase", "idees", "text", fmt.Sprint("Card of guest ", i))
			g.sees(200, fmt.Sprint("Card of guest ", i))
		}
		if len(mates["Table 1"]) != 2 || len(mates["Table 2"]) != 2 {
			t.Fatalf("got tables %v", mates)
		}
		seen := func(g *browser) int {
			g.get(seat)
			return strings.Count(g.page, `<p class="p-shop__text">Card of guest`)
		}
		for i, g := range guests {
			if n := seen(g); n != 2 {
				t.Errorf("guest %d sees %d cards, want those of a table", i, n)
			}
		}
		wall := open(t, s, "")
		wall.get("/join/" + code + "/wall")
		wall.sees(200, "Table 1", "2 personnes, 2 cartes")
		wall.seesNot("Card of guest", "Guest")
		boss.get(console)
		boss.sees(200, "Card of guest 0", "Card of guest 3", "Guest0")

		boss.do(console, "kind", "label", "table", "2", "text", "Table 1")
		boss.sees(422, "Une autre table porte déjà ce nom")
		boss.do(console, "kind", "label", "table", "2", "text", "Voirie")
		boss.sees(200, "Voirie")
		mover := option.FindAllStringSubmatch(boss.page[strings.Index(boss.page, `id="seat-who"`):], 1)[0]
		boss.do(console, "kind", "seat", "who", mover[1], "table", "2")
		boss.sees(200, "3 personnes")
		n := 0
		for _, g := range guests {
			g.get(seat)
			if strings.Contains(g.page, "Votre table\u00a0: Voirie") {
				n++
			}
		}
		if n != 3 {
			t.Errorf("%d sit at the table somebody was moved to, want 3", n)
		}
		boss.do(console, "kind", "split", "phase", "idees", "table", "0", "value", "2")
		if boss.status == 200 {
			t.Error("tables were drawn from a page that knew of none")
		}
		boss.get(console)
		boss.do(console, "kind", "unite")
		boss.sees(200, "Reprendre les mêmes tables")
		for i, g := range guests {
			if n := seen(g); n != 4 {
				t.Errorf("all together, guest %d sees %d cards, want 4", i, n)
			}
			g.sees(200, "Voirie")
		}
		boss.do(console, "kind", "close")
		for _, file := range []string{"", "/results.md", "/results.csv", "/results.json"} {
			boss.get(console + "/results" + file)
			boss.sees(200, "Voirie", "Table 1")
		}
	})
}

// In an anonymous workshop no table is so small that it says who wrote a card, and people are told what their cards say.
func TestTables_anonymous(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		boss := open(t, s, "grace")
		console, code := begin(boss, "simple")
		boss.send("POST", console+"/plan", tabled("1"))
		var last *browser
		for i := range 10 {
			last = open(t, s, "")
			last.get("/join/" + code)
			last.do("/join/"+code, "text", fmt.Sprint("Guest", i))
		}
		advance(boss, console, "", "accueil")
		advance(boss, console, "accueil", "idees")
		boss.sees(200, "5 personnes")
		last.get("/join/" + code + "/seat")
		last.sees(200, "Votre carte dira de quelle table elle vient, jamais de qui")
		mover := option.FindAllStringSubmatch(boss.page[strings.Index(boss.page, `id="seat-who"`):], 1)[0]
		boss.do(console, "kind", "seat", "who", mover[1], "table", "2")
		boss.sees(422, "une table garde au moins 5 personnes")
		boss.send("POST", console+"/plan", tabled(""))
		boss.seesNot("Le déroulé est à jour") // too late to give names
		bad := tabled("1")
		bad.Set("tables-1", "1")
		fresh, _ := begin(boss, "simple")
		boss.send("POST", fresh+"/plan", bad)
		boss.sees(422, "de 2 à 20")
	})
}
