package workshopweb_test

import (
	"context"
	"regexp"
	"sync"
	"testing"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/workshop"
)

// attended keeps attendances by person.
type attended struct {
	mu   sync.Mutex
	kept map[string]workshop.Attendance
}

func (a *attended) Keep(_ context.Context, by actor.Actor, t workshop.Attendance) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.kept == nil {
		a.kept = map[string]workshop.Attendance{}
	}
	a.kept[by.ID+string(t.Session)] = t
	return nil
}

func (a *attended) Find(_ context.Context, by actor.Actor, session workshop.ID) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.kept[by.ID+string(session)]; ok {
		return "/learning/evidence/mine", nil
	}
	return "", nil
}

// Who took part ties it to an account, from the device or with its code; nobody else does, nor twice, nor once the names are erased.
func TestClaim(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		boss := open(t, s, "grace")
		console, code := begin(boss, "simple")
		claim := "/join/" + code + "/claim"
		join := func(name string) (*browser, string) {
			t.Helper()
			b := open(t, s, "")
			b.get("/join/" + code)
			b.do("/join/"+code, "text", name)
			b.sees(200, "Garder une trace de ma participation")
			b.get(claim)
			b.sees(200, "quand l’atelier sera terminé")
			return b, regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(b.page)
		}
		ada, adas := join("Ada")
		_, bobs := join("Bob")
		if adas == "" || adas == bobs {
			t.Fatalf("got codes %q and %q", adas, bobs)
		}
		agent := open(t, s, "agent") // at a desk, with an account, without the telephone
		agent.do(claim, "code", adas)
		agent.seesNot("parmi vos preuves")
		advance(boss, console, "", "accueil")
		boss.do(console, "kind", "close")

		ada.get(claim)
		ada.sees(200, "/sign-in?next=", adas)
		ada.do(claim, "code", adas)
		if ada.status == 200 && ada.at == claim {
			t.Error("a claim without an account")
		}
		agent.get(claim)
		agent.sees(200, "Code personnel")
		agent.do(claim, "code", "")
		agent.sees(422, "Aucune participation")
		agent.do(claim, "code", "AAAA-AAAA-AAAA")
		agent.sees(422, "Aucune participation", "AAAA-AAAA-AAAA")
		agent.do(claim, "code", " "+adas+" ")
		agent.sees(200, "parmi vos preuves", "/learning/evidence/mine")
		agent.do(claim, "code", adas) // a double click
		agent.sees(200, "parmi vos preuves")

		other := open(t, s, "other")
		other.cookies["seat"] = ada.cookies["seat"]
		other.get(claim)
		other.sees(200, "Rattacher à mon compte")
		other.do(claim)
		other.sees(422, "déjà rattachée à un compte")
		other.cookies["seat"] = ""
		other.do(claim, "code", bobs)
		other.sees(200, "parmi vos preuves")

		boss.get(console)
		boss.do(console, "kind", "forget")
		boss.get(claim)
		boss.sees(200, "Les noms de cet atelier sont effacés")
		boss.do(claim, "code", adas)
		boss.seesNot("parmi vos preuves")
		agent.get(claim) // what is kept is the person's own
		agent.sees(200, "parmi vos preuves")
	})
}
