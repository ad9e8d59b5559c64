package missionweb_test

import (
	"context"
	"encoding/csv"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cultured/content/demo"
	"cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/mission/missionweb"
	"cultured/internal/outbox"
	"cultured/internal/tabular"
	"cultured/internal/ui/uitest"
)

// An author sits at a draft as a colleague will: data, an answer, what it is worth. Nothing is kept, and nobody else gets there.
func TestADraftIsTriedAsAColleagueWould(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		now := func() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }
		store := &missiondb.Store{DB: d}
		service := &mission.Service{Works: store, Owns: store, Now: now}
		author := uitest.People{"ada": people["ada"], "bob": {ID: "bob", Organisation: "o", Name: "Bob"}}
		h := uitest.House{Site: uitest.NewSite(t, author, now, mission.Text, missionweb.Text, tabular.Text)}
		missionweb.Routes(h.Site, missionweb.Desk{Service: service,
			Competences: func(context.Context, actor.Actor, string) (map[string]missionweb.Competence, error) { return nil, nil }})
		all, err := mission.Load(missions.Files)
		ok(t, err)
		var of mission.ID
		for _, m := range all {
			if m.ID == "M05" {
				raw, err := fs.ReadFile(demo.Files, "files/"+m.Source.File)
				ok(t, err)
				sheet, err := mission.ReadSheet(raw, m.Source.File)
				ok(t, err)
				of, err = service.Write(t.Context(), people["ada"], mission.Writing{Mission: m, Sheet: &sheet})
				ok(t, err)
			}
		}
		at := "/missions/own/draft/" + string(of) + "/sit"
		h.Page(t, "ada", "/missions/own", 200, at)
		h.Page(t, "bob", at, 404)
		page := h.Page(t, "ada", at, 200, "Vous essayez un brouillon")
		file := regexp.MustCompile(`href="(/missions/own/draft/[^"]+/data/[^"]+)"`).FindStringSubmatch(page)
		if file == nil {
			t.Fatal("no data to work on")
		}
		given := h.Page(t, "ada", strings.ReplaceAll(file[1], "&amp;", "&"), 200)
		variant := regexp.MustCompile(`name="variant" value="([^"]+)"`).FindStringSubmatch(page)[1]
		send := func(content string) string {
			w := uitest.Send(h, "ada", uitest.Upload(t, at, url.Values{"variant": {variant}}, uitest.File{Field: "answer", Name: "a.csv", Content: content}))
			return uitest.Says(t, w, http.StatusOK, "Vous essayez un brouillon")
		}
		if said := send(given); !strings.Contains(said, "Pas encore") || strings.Contains(said, "/learning/evidence") {
			t.Error("data as they were given are taken for an answer")
		}
		desk, err := service.Sit(t.Context(), people["ada"], of, variant)
		ok(t, err)
		good, err := desk.Good(desk.Variant)
		ok(t, err)
		var text strings.Builder
		out := csv.NewWriter(&text)
		ok(t, out.WriteAll(append([][]string{good.Table.Columns}, good.Table.Rows...)))
		if said := send(text.String()); !strings.Contains(said, "Réussi") || strings.Contains(said, "/learning/evidence") {
			t.Errorf("the good answer: %s", uitest.Words(said))
		}
		uitest.Says(t, uitest.Send(h, "ada", uitest.Upload(t, at, url.Values{"variant": {variant}})), 422, "fichier")
		other := regexp.MustCompile(`\?variant=([0-9a-z]+)"`).FindAllStringSubmatch(page, -1)
		if last := other[len(other)-1][1]; last == variant {
			t.Error("there are no other data")
		} else {
			h.Page(t, "ada", at+"?variant="+last, 200, `value="`+last+`"`)
		}
		h.Page(t, "ada", at+"?variant=%C3%A9", 404)
		if _, err := store.Find(t.Context(), people["ada"], of); !fault.Is(err, "mission.not_begun") {
			t.Errorf("something of a trial is kept: %v", err)
		}
		blank, err := service.Write(t.Context(), people["ada"], mission.Writing{Mission: mission.Mission{Title: mission.Words{FR: "Rien encore"}, Answer: mission.AnswerTable}})
		ok(t, err)
		h.Page(t, "ada", "/missions/own/draft/"+string(blank)+"/sit", 409, "pas encore assez écrite")
	})
}
