package workshopweb_test

import (
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
)

// A comparison leaves as a table whose columns the dictionary names, for those who run both sessions.
func TestAComparisonIsExported(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, other := open(t, s, "grace"), open(t, s, "other")
		var names []string
		for _, cards := range [][]string{{"Compter les vélos du pont", "=1+1"}, {"Compter les vélos sur le pont", "Publier les arbres"}} {
			console, _ := begin(grace, "simple")
			names = append(names, regexp.MustCompile(`/workshops/([0-9a-z]+)`).FindStringSubmatch(console)[1])
			advance(grace, console, "", "accueil")
			advance(grace, console, "accueil", "cartes")
			for _, text := range cards {
				grace.get(console)
				grace.do(console, "kind", "card", "phase", "cartes", "text", text)
			}
			grace.get(console)
			grace.do(console, "kind", "reveal", "phase", "cartes", "value", "1")
		}
		query := "?before=" + names[0] + "&after=" + names[1]
		grace.get("/workshops/compare" + query)
		grace.sees(200, "/workshops/compare.csv?", "/workshops/compare.schema.json?")
		grace.get("/workshops/compare.csv" + query)
		rows, err := csv.NewReader(strings.NewReader(grace.page)).ReadAll()
		if err != nil || len(rows) != 4 {
			t.Fatalf("got %q, %v", grace.page, err)
		}
		if got := rows[1]; got[0] != "recurs" || got[1] != "Compter les vélos du pont" || got[4] != "Compter les vélos sur le pont" || got[7] == "" {
			t.Errorf("got %q", got)
		}
		if rows[2][0] != "new" || rows[2][4] != "Publier les arbres" || rows[3][0] != "gone" || rows[3][1] != "'=1+1" {
			t.Errorf("got %q and %q", rows[2], rows[3])
		}
		grace.get("/workshops/compare.schema.json")
		var dictionary struct {
			Fields []struct{ Name, Description string }
		}
		if err := json.Unmarshal([]byte(grace.page), &dictionary); err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, f := range dictionary.Fields {
			if f.Description == "" {
				t.Errorf("%s is not described", f.Name)
			}
			fields = append(fields, f.Name)
		}
		if !slices.Equal(fields, rows[0]) {
			t.Errorf("the dictionary has %v, the table %v", fields, rows[0])
		}
		other.get("/workshops/compare.csv" + query)
		other.sees(404)
		open(t, s, "").get("/workshops/compare.csv" + query)
		agent := open(t, s, "agent")
		agent.get("/workshops/compare.schema.json")
		agent.sees(403)
	})
}
