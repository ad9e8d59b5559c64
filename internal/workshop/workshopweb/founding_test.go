package workshopweb_test

import (
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	workshops "cultured/content/workshops"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopdb"
)

// The founding workshop, replayed, gives each of its contributions under its own phase and theme. UPDATE=1 accepts a change
// of the document; the loop below does not.
func TestFoundingWorkshop(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		store := &workshopdb.Store{DB: d}
		day := time.Date(2023, 5, 11, 12, 0, 0, 0, time.UTC)
		service := &workshop.Service{Sessions: store, Log: store, Frameworks: shipped{}, Now: func() time.Time { return day }}
		files, err := fs.Sub(workshops.Founding, "founding")
		if err != nil {
			t.Fatal(err)
		}
		grace := actor.Actor{ID: "grace", Organisation: "valmoret", Roles: []actor.Role{actor.Facilitator}}
		sess, err := service.Replay(t.Context(), grace, files)
		if err != nil {
			t.Fatal(err)
		}
		b := open(t, s, "grace")
		results := "/workshops/" + string(sess.ID) + "/results"
		b.get(results)
		b.sees(200, results+"/results.md", "Situations où les agents mobilisent des données")
		b.get(results + "/other.md")
		b.sees(404)
		b.get(results + "/results.md")
		const golden = "testdata/founding.golden.md"
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(golden, []byte(b.page), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if b.page != string(want) {
			t.Errorf("the synthesis is\n%s", b.page)
		}
		for _, one := range []struct{ format, starts string }{{"odt", "PK\x03\x04"}, {"docx", "PK\x03\x04"}, {"html", "<!DOCTYPE html>\n<html lang=\"fr\">"}} {
			b.get(results + "/results." + one.format)
			if b.status != 200 || !strings.HasPrefix(b.page, one.starts) {
				t.Errorf("%s: got status %d, %.40q", one.format, b.status, b.page)
			}
		}
		b.sees(200, "<li>Création de formulaires.\n<ul>\n<li>D2.1 ")
		b.get(results + "/results.schema.json")
		var dictionary struct {
			Fields []struct{ Name, Description string }
		}
		if err := json.Unmarshal([]byte(b.page), &dictionary); err != nil {
			t.Fatal(err)
		}
		b.get(results + "/results.csv")
		rows, err := csv.NewReader(strings.NewReader(b.page)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(dictionary.Fields) != len(rows[0]) {
			t.Fatalf("the dictionary has %d columns, the table %d", len(dictionary.Fields), len(rows[0]))
		}
		for i, f := range dictionary.Fields {
			if f.Name != rows[0][i] || f.Description == "" {
				t.Errorf("column %d: got %+v, want %s", i, f, rows[0][i])
			}
		}
		b.get(results + "/results.json")
		var report workshop.Report
		if err := json.Unmarshal([]byte(b.page), &report); err != nil || !report.Closed {
			t.Errorf("got %v, closed %v", err, report.Closed)
		}
		checkFounding(t, rows[1:], report)
	})
}

func checkFounding(t *testing.T, rows [][]string, report workshop.Report) {
	t.Helper()
	raw, err := workshops.Founding.ReadFile("founding/contributions.json")
	if err != nil {
		t.Fatal(err)
	}
	var held struct {
		Cards []struct{ Phase, Theme, Text string }
	}
	if err := json.Unmarshal(raw, &held); err != nil {
		t.Fatal(err)
	}
	found, linked := map[string]int{}, 0
	for _, p := range report.Phases {
		for _, theme := range p.Themes {
			for _, c := range theme.Cards {
				found[p.Name+"|"+theme.Name+"|"+c.Text]++
				if len(c.Links) > 0 && c.Links[0].Label != "" {
					linked++
				}
			}
		}
	}
	formats := 0
	for _, c := range held.Cards {
		if c.Phase == "learning_format" {
			formats++
		}
		if n := found[strings.ReplaceAll(c.Phase, "_", "-")+"|"+c.Theme+"|"+strings.TrimSpace(c.Text)]; n != 1 {
			t.Errorf("%s: got it %d times under %s, %s, want once", c.Text, n, c.Phase, c.Theme)
		}
	}
	if linked != 82 {
		t.Errorf("%d contributions are linked to a competence, want all 82", linked)
	}
	if len(held.Cards) != 87 || formats != 5 || len(found) != 87 || len(rows) != 87 {
		t.Errorf("got %d contributions with %d formats, %d in the report, %d rows; want 82 and 5", len(held.Cards), formats, len(found), len(rows))
	}
}

// The templates that ship come in the order people choose from, and last what their summaries say; each is there in English, phase by phase.
func TestTemplates(t *testing.T) {
	shipped, err := workshop.LoadTemplates(workshops.Files)
	if err != nil {
		t.Fatal(err)
	}
	var all, english []workshop.Template
	for _, one := range shipped {
		if one.In("en") {
			english = append(english, one)
		} else {
			all = append(all, one)
		}
	}
	want := []struct {
		name    string
		minutes int
	}{{"metiers-donnees", 155}, {"elus", 60}, {"mediateurs", 120}, {"citoyens", 120}, {"simple", 45}, {"vide", 25}}
	if len(all) != len(want) {
		t.Fatalf("got %d templates, want %d", len(all), len(want))
	}
	for i, w := range want {
		if got := int(all[i].Length() / time.Minute); all[i].Name != w.name || got != w.minutes {
			t.Errorf("template %d is %s of %d minutes, want %s of %d", i+1, all[i].Name, got, w.name, w.minutes)
		}
		if len(english) != len(want) || english[i].Name != w.name+"-en" || !reflect.DeepEqual(bones(english[i]), bones(all[i])) {
			t.Errorf("%s is not the same in English:\n%+v\n%+v", w.name, bones(all[i]), bones(english[i]))
		}
	}
}

// bones is a template without its words: how many there are is kept.
func bones(t workshop.Template) workshop.Template {
	t.Name, t.Lang, t.Title, t.Summary = "", "", "", ""
	t.Phases = slices.Clone(t.Phases)
	for i, p := range t.Phases {
		for _, list := range []*[]string{&p.Themes, &p.Options, &p.Axes} {
			*list = make([]string, len(*list))
		}
		p.Title = ""
		if p.Prompt != "" {
			p.Prompt = "said"
		}
		t.Phases[i] = p
	}
	return t
}
