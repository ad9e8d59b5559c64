package missiondb_test

import (
	"context"
	"io/fs"
	"strconv"
	"testing"

	"cultured/content/demo"
	"cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/outbox"
)

// written is what an author fills in: the codes of a table lost their zeros.
func written() mission.Mission {
	hint := mission.Words{FR: "Regardez la première colonne."}
	return mission.Mission{Title: mission.Words{FR: " Nos codes "}, Story: mission.Words{FR: "Les codes ont perdu leurs zéros."}, Expected: mission.Words{FR: "Le même fichier, corrigé."}, Minutes: 10,
		Competences: []mission.Competence{{Code: "D4.1", Level: 2}, {}}, Source: mission.Source{Title: mission.Words{FR: "Stations"}, Producer: "Agences de l’eau", Licence: "Licence Ouverte 2.0"},
		Key: "code_station", Rows: 60, Answer: mission.AnswerTable, Disturb: []mission.Disturbance{{Kind: "spaces", Column: "libelle_station", Count: 5}, {Kind: "twin", Count: 2}, {}},
		Checks: []mission.Check{{Kind: "rows", Hint: hint}, {Kind: "mended", Least: 0.9, Hint: hint}, {Kind: "untouched", Hint: hint}, {Kind: "columns", Hint: hint}, {}}}
}

func TestWrite_keepsWhatIsUnfinishedAndPublishesWhatProvesItself(t *testing.T) {
	raw, err := fs.ReadFile(demo.Files, "files/stations_qualite_cote_dor.csv")
	ok(t, err)
	sheet, err := mission.ReadSheet(raw, "stations.csv")
	ok(t, err)
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		want := func(err error, key string) {
			t.Helper()
			if !fault.Is(err, key) {
				t.Errorf("%v, want %s", err, key)
			}
		}
		_, err := s.Write(ctx, actor.Actor{}, mission.Writing{Of: "", Opened: 0, Mission: written(), Sheet: &sheet})
		want(err, "mission.sign_in")
		hers, err := s.Write(ctx, ada, mission.Writing{Of: "", Opened: 0, Mission: written(), Sheet: &sheet})
		ok(t, err) // any agent writes
		bob := actor.Actor{ID: "bob", Organisation: ada.Organisation}
		_, err = s.Draft(ctx, bob, hers)
		want(err, "mission.not_found")
		_, err = s.Write(ctx, bob, mission.Writing{Of: hers, Opened: 1, Mission: written()})
		want(err, "mission.not_found")
		want(s.Ask(ctx, bob, hers, true), "mission.not_found")
		want(s.Publish(ctx, ada, hers), "mission.publishers_only")
		ok(t, s.Ask(ctx, ada, hers, true))
		if list, err := s.Mine(ctx, bob); err != nil || len(list) != 0 {
			t.Errorf("a colleague sees %d drafts, %v", len(list), err)
		}
		if list, err := s.Mine(ctx, leads); err != nil || len(list) != 1 || !list[0].Asked {
			t.Errorf("who publishes sees %+v, %v", list, err)
		}
		ok(t, s.Publish(ctx, leads, hers))
		if list, err := s.Mine(ctx, ada); err != nil || len(list) != 1 || list[0].Asked || list[0].Published() == nil {
			t.Errorf("published, its author sees %+v, %v", list, err)
		}
		_, err = s.Open(ctx, bob, hers)
		ok(t, err)
		ok(t, s.Withdraw(ctx, leads, hers))
		_, err = s.Write(ctx, leads, mission.Writing{Of: "", Opened: 0, Mission: mission.Mission{}, Sheet: nil})
		want(err, "mission.title_missing")

		id, err := s.Write(ctx, leads, mission.Writing{Of: "", Opened: 0, Mission: mission.Mission{Title: mission.Words{FR: "Une idée"}, Answer: mission.AnswerTable}, Sheet: nil})
		ok(t, err) // a title is enough to keep it
		proof, err := s.Prove(ctx, leads, id)
		ok(t, err)
		if len(proof.Doubts) == 0 {
			t.Error("an idea proves itself")
		}
		want(s.Publish(ctx, leads, id), "mission.lacks_story")

		_, err = s.Write(ctx, leads, mission.Writing{Of: id, Opened: 1, Mission: written(), Sheet: &sheet})
		ok(t, err)
		_, err = s.Write(ctx, leads, mission.Writing{Of: id, Opened: 1, Mission: written(), Sheet: nil})
		want(err, "mission.moved") // two windows
		_, err = s.Write(ctx, actor.Actor{ID: "x", Organisation: "elsewhere", Roles: leads.Roles}, mission.Writing{Of: id, Opened: 2, Mission: written(), Sheet: nil})
		want(err, "mission.not_found")
		own, err := s.Draft(ctx, leads, id)
		ok(t, err)
		if own.Mission.Title.FR != "Nos codes" || len(own.Mission.Checks) != 4 || len(own.Mission.Disturb) != 2 || len(own.Mission.Competences) != 1 {
			t.Errorf("blank lines were kept: %+v", own.Mission)
		}
		if proof, err = s.Prove(ctx, leads, id); err != nil || len(proof.Doubts) != 0 || len(proof.Variant.Table.Rows) != 62 {
			t.Fatalf("the proof: %v, %d rows, %v", proof.Doubts, len(proof.Variant.Table.Rows), err)
		}
		ok(t, s.Publish(ctx, leads, id))
		work, err := s.Open(ctx, ada, id)
		ok(t, err)
		good, err := work.Good(work.Variant)
		ok(t, err)
		if try, err := s.Answer(ctx, ada, id, mission.Handed{Answer: good, Variant: work.Number}, nil); err != nil || !try.Verdict.Passed {
			t.Errorf("the good answer: %+v, %v", try.Verdict, err)
		}

		m := written() // a check nothing fails: there is no total to lose, every column is text
		m.Checks = append(m.Checks, mission.Check{Kind: "total", Column: "libelle_station", Hint: m.Checks[0].Hint})
		own, err = s.Draft(ctx, leads, id)
		ok(t, err)
		_, err = s.Write(ctx, leads, mission.Writing{Of: id, Opened: own.Revision, Mission: m, Sheet: nil})
		ok(t, err)
		want(s.Publish(ctx, leads, id), "mission.unproved")
		if work, err = s.Open(ctx, ada, id); err != nil || work.Version != 1 || len(work.Checks) != 4 {
			t.Errorf("what is being written is met by colleagues: edition %d, %v", work.Version, err)
		}
	})
}

// What the form composes proves itself whatever its checks are: a table made anew, one that protects people, questions in SQL.
func TestWrite_composesEveryCheckOfTheForm(t *testing.T) {
	raw, err := fs.ReadFile(missions.Files, "files/questionnaire_SYNTHETIQUE.csv")
	ok(t, err)
	sheet, err := mission.ReadSheet(raw, "questionnaire.csv")
	ok(t, err)
	hint := mission.Words{FR: "Regardez bien."}
	base := mission.Mission{Title: mission.Words{FR: "Nos réponses"}, Story: mission.Words{FR: "Une enquête."}, Expected: mission.Words{FR: "Une table."}, Minutes: 10, Key: "numero", Answer: mission.AnswerTable,
		Competences: []mission.Competence{{Code: "D5.3", Level: 2}}, Source: mission.Source{Title: mission.Words{FR: "Enquête"}, Producer: "Culture D", Licence: "CC0"}}
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		s.Bench.Query = func(_ context.Context, t mission.Table, _ string, questions []string) (out []mission.Reply, _ error) {
			for _, q := range questions { // an engine that knows one question
				r := mission.Reply{Table: mission.Table{Columns: []string{"n"}}}
				if q == "SELECT count(*) FROM donnees" {
					r.Table.Rows = [][]string{{strconv.Itoa(len(t.Rows))}}
				}
				out = append(out, r)
			}
			return out, nil
		}
		for name, change := range map[string]func(m *mission.Mission){
			"protected": func(m *mission.Mission) {
				m.Work = []mission.Step{{Kind: "drop", Column: "horodateur"}, {Kind: "few", Columns: []string{"direction", "categorie", "anciennete"}, N: 2}}
				m.Checks = []mission.Check{{Kind: "identifiers", Columns: []string{"horodateur"}, Hint: hint}, {Kind: "k", Columns: []string{"direction", "categorie", "anciennete"}, Points: 2, Hint: hint},
					{Kind: "kept", Columns: []string{"direction", "note"}, Least: 0.1, Hint: hint}}
			},
			"added up": func(m *mission.Mission) {
				m.Work = []mission.Step{{Kind: "total", Columns: []string{"direction"}, Column: "note", As: "total"}}
				m.Checks = []mission.Check{{Kind: "result", Hint: hint}}
			},
			"asked": func(m *mission.Mission) {
				m.Answer, m.Rows = mission.AnswerQuery, 50
				m.Queries = []mission.Query{{Name: "q1", Ask: hint, SQL: "SELECT count(*) FROM donnees"}}
				m.Checks = []mission.Check{{Kind: "query", Column: "q1", Hint: hint}}
			},
		} {
			m := base
			change(&m)
			id, err := s.Write(ctx, leads, mission.Writing{Mission: m, Sheet: &sheet})
			ok(t, err)
			if proof, err := s.Prove(ctx, leads, id); err != nil || len(proof.Doubts) != 0 {
				t.Errorf("%s: %v, %v", name, proof.Doubts, err)
			}
			if err := s.Publish(ctx, leads, id); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
