package ruleweb_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/rule"
	"cultured/internal/rule/ruledb"
	"cultured/internal/rule/ruleweb"
	"cultured/internal/tabular"
	"cultured/internal/ui/uitest"
)

var people = uitest.People{
	"ada": {ID: "ada", Organisation: "o", Name: "Ada"},
	"sue": {ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}},
}

const table = "nom;montant;total\nA;1;2\nB;5;4\nC;;4\n"

// each runs a test with the pages on both engines: a dataset, d, that Ada may change, and a schema.
func each(t *testing.T, test func(t *testing.T, h http.Handler)) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "rule", Files: ruledb.Migrations}}, func(t *testing.T, d *db.DB) {
		service := &rule.Service{Books: &ruledb.Store{DB: d, Now: time.Now}, Now: time.Now, May: func(_ context.Context, by actor.Actor, _ string) bool { return by.ID == "ada" },
			Header: func(_ context.Context, _ actor.Actor, of rule.Subject) (string, []string, error) {
				if of != rule.OfDataset("d") && of != rule.OfSchema("scdl/aides") {
					return "", nil, fault.New(fault.NotFound, "rule.no_subject")
				}
				return "Aides de l’année", []string{"nom", "montant", "total"}, nil
			}}
		site := uitest.NewSite(t, people, time.Now, rule.Text, ruleweb.Text)
		ruleweb.Routes(site, ruleweb.Desk{Rule: service, Schemas: func() []ruleweb.Named { return []ruleweb.Named{{ID: "scdl/aides", Title: "Aides"}} },
			Datasets: func(context.Context, actor.Actor) ([]ruleweb.Named, error) {
				return []ruleweb.Named{{ID: "d", Title: "Aides de l’année"}}, nil
			},
			Table: func(context.Context, actor.Actor, string) (tabular.Table, error) {
				return tabular.Open(strings.NewReader(table), int64(len(table)), "d.csv", tabular.Options{})
			}})
		test(t, site)
	})
}

func good() url.Values {
	return url.Values{"kind": {"formula"}, "formula": {"=[montant]<=[total]"}, "says": {"le montant dépasse le total"}, "mend": {"Vérifiez le total."}, "column": {"montant"}, "severity": {"error"}}
}

func TestARuleIsWrittenTriedKeptAndTakenAway(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		const book = "/rules/dataset:d"
		uitest.Says(t, uitest.Ask(h, "ada", "GET", "/rules", nil), 200, "Aucune règle pour le moment", "Aides de l’année")
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book, nil), 200, "Aucune règle ici", "Nouvelle règle")
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book+"/new", nil), 200, "[nom] [montant] [total]", "VALIDE")
		bad := good()
		bad.Set("formula", "[montants]<=[total]")
		if page := uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/new", bad), 422, "Vouliez-vous dire « montant »"); !strings.Contains(page, "le montant dépasse le total") {
			t.Error("what was written is lost")
		}
		trial := good()
		trial.Set("do", "try")
		uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/new", trial), 200, "1 ligne sur 3 ne respecte pas la règle", "« 5 » : le montant dépasse le total")
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book, nil), 200, "Aucune règle ici")
		uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/new", good()), 303)
		page := uitest.Says(t, uitest.Ask(h, "ada", "GET", book, nil), 200, "le montant dépasse le total", "[montant]<=[total]", "Montre la colonne montant", "Erreur")
		id := regexp.MustCompile(`name="rule" value="([^"]+)"`).FindStringSubmatch(page)[1]
		opened := uitest.Says(t, uitest.Ask(h, "ada", "GET", book+"/edit/"+id, nil), 200, "Modifier la règle")
		seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(opened)[1]
		key := url.Values{"kind": {"unique"}, "unique": {"[nom]; total"}, "says": {"deux fois"}, "mend": {"Gardez-en une."}, "severity": {"warning"}}
		key.Set("seen", html.UnescapeString(seen))
		uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/edit/"+id, key), 303)
		late := good() // from another window, opened before
		late.Set("seen", html.UnescapeString(seen))
		late.Set("mend", "Ce que la seconde fenêtre dit.")
		if page := uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/edit/"+id, late), 422, "Quelqu’un a modifié cette règle entre-temps : « deux fois »"); !strings.Contains(page, "Ce que la seconde fenêtre dit.") {
			t.Error("what the second window wrote is lost")
		}
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book, nil), 200, "UNIQUE([nom];[total])", "À vérifier", "!le montant dépasse")
		uitest.Says(t, uitest.Ask(h, "ada", "GET", "/rules", nil), 200, "1 règle")
		uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/drop", url.Values{"rule": {id}}), 303)
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book, nil), 200, "Aucune règle ici")
		uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/recall", url.Values{"rule": {id}}), 303)
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book, nil), 200, "deux fois")
	})
}

func TestWhoMayNotWriteReads(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		book := "/rules/" + url.PathEscape("schema:scdl/aides")
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book, nil), 200, "!Nouvelle règle", "!Reprendre les règles")
		uitest.Says(t, uitest.Ask(h, "ada", "GET", book+"/new", nil), 403)
		uitest.Says(t, uitest.Ask(h, "ada", "POST", book+"/new", good()), 403)
		uitest.Says(t, uitest.Ask(h, "nobody", "GET", book, nil), 303) // to sign in
		uitest.Says(t, uitest.Ask(h, "sue", "GET", "/rules/schema:rien", nil), 404)
		uitest.Says(t, uitest.Ask(h, "sue", "GET", "/rules/autre:rien", nil), 404)
		trial := good()
		trial.Set("do", "try")
		uitest.Says(t, uitest.Ask(h, "sue", "POST", book+"/new", trial), 422, "Choisissez un jeu de données pour essayer")
		trial.Set("on", "d")
		trial.Set("formula", "NBCAR([nom])=1")
		uitest.Says(t, uitest.Ask(h, "sue", "POST", book+"/new", trial), 200, "3 lignes lues : toutes respectent la règle")
		uitest.Says(t, uitest.Ask(h, "sue", "GET", "/rules/open?subject=schema:scdl/aides", nil), 303)
		uitest.Says(t, uitest.Ask(h, "sue", "GET", "/rules/open", nil), 303)
	})
}

func TestAFileOfRulesTravels(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		uitest.Says(t, uitest.Ask(h, "ada", "POST", "/rules/dataset:d/new", good()), 303)
		raw := uitest.Ask(h, "ada", "GET", "/rules/dataset:d/rules.json", nil)
		if raw.Code != 200 || !strings.Contains(raw.Header().Get("Content-Disposition"), "attachment") {
			t.Fatalf("got %d, %v", raw.Code, raw.Header())
		}
		send := func(content string) *httptest.ResponseRecorder {
			var files []uitest.File
			if content != "" {
				files = append(files, uitest.File{Field: "file", Name: "rules.json", Content: content})
			}
			return uitest.Send(h, "sue", uitest.Upload(t, "/rules/"+url.PathEscape("schema:scdl/aides")+"/import", nil, files...))
		}
		uitest.Says(t, send(raw.Body.String()), 303)
		uitest.Says(t, uitest.Ask(h, "sue", "GET", "/rules/"+url.PathEscape("schema:scdl/aides"), nil), 200, "le montant dépasse le total")
		uitest.Says(t, send(""), 422, "Choisissez un fichier de règles")
		uitest.Says(t, send("nom;montant"), 422, "n’est pas une liste de règles")
		uitest.Says(t, send(`{"rules":[{"says":"a","mend":"b","formula":"1+","severity":"error"}]}`), 422, "La règle 1 du fichier n’est pas bonne")
	})
}
