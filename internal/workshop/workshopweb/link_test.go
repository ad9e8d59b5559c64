package workshopweb_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	frameworkfiles "cultured/content/framework"
	"cultured/internal/competency"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/workshop"
)

// shipped are the competences of the framework that comes with the program.
type shipped struct{}

func (shipped) Competences(_ context.Context, _, lang string) (all []workshop.Competence, err error) {
	raw, err := frameworkfiles.Files.ReadFile("framework.json")
	if err != nil {
		return nil, err
	}
	var f competency.Framework
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, err
	}
	for _, it := range f.Items {
		if it.Kind == competency.Competence {
			family, _ := f.FamilyOf(it.ID)
			all = append(all, workshop.Competence{ID: string(it.ID), Code: it.Code, Label: it.Label.In(lang), Family: family.Code, About: it.Description.In(lang)})
		}
	}
	return all, nil
}

func (s shipped) id(t *testing.T, code string) string {
	t.Helper()
	all, err := s.Competences(t.Context(), "", "fr")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Code == code {
			return c.ID
		}
	}
	t.Fatalf("no competence %s", code)
	return ""
}

// Cards are linked to competences by participants and by the facilitator, without scripts, and the synthesis says so.
func TestLinks(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada := open(t, s, "grace"), open(t, s, "")
		console, code := begin(grace, "metiers-donnees")
		step := func(from, to string) {
			t.Helper()
			grace.get(console)
			grace.do(console, "kind", "phase", "phase", from, "to", to)
			grace.sees(200)
		}
		step("", "competences")
		ada.get("/join/" + code)
		ada.do(ada.at, "text", "Ada")
		seat := "/join/" + code + "/seat"
		ada.do(seat, "kind", "card", "phase", "competences", "text", "Lire et produire une carte du territoire")
		card := ada.card("Lire et produire une carte")
		page := seat + "/cards/" + card
		ada.get(page)
		ada.sees(404)
		map1 := shipped{}.id(t, "D8.3")
		ada.get(seat)
		ada.do(seat, "kind", "link", "phase", "liens", "card", card, "item", map1, "value", "1")
		ada.sees(422, "ne se relient pas pendant cette étape")
		grace.do(console, "kind", "reveal", "phase", "competences", "value", "1")
		step("competences", "liens")
		ada.get(seat)
		ada.sees(200, "Relier à une compétence", page)
		ada.get(page)
		ada.sees(200, "Proches de la carte", "Comment l’avez-vous acquise")
		if near := ada.page[strings.Index(ada.page, "Proches de la carte"):]; strings.Index(near, "D8.3") > strings.Index(near, "</optgroup>") {
			t.Error("D8.3 is not suggested for a card with its very words")
		}
		ada.do(seat, "kind", "link", "phase", "liens", "card", card, "item", "", "value", "1")
		ada.sees(422, "Choisissez une compétence de la liste")
		ada.do(seat, "kind", "link", "phase", "liens", "card", card, "item", "made-up", "value", "1")
		ada.sees(422, "Choisissez une compétence de la liste")
		ada.do(seat, "kind", "link", "phase", "liens", "card", card, "item", map1, "value", "1", "how", "peers")
		ada.sees(200, "sont à jour", "D8.3", "Avec des collègues")
		grace.get(console + "/cards/" + card)
		grace.sees(200, "D8.3", "Retirer")
		grace.do(console, "kind", "link", "phase", "liens", "card", card, "item", shipped{}.id(t, "D1.1"), "value", "1")
		grace.sees(200, "D1.1", "D8.3")
		grace.do(console, "kind", "link", "phase", "liens", "card", card, "item", shipped{}.id(t, "D1.1"), "value", "0")
		grace.sees(200, "D8.3")
		grace.get(console + "/wall?part=board")
		grace.sees(200, "D8.3 Lire et produire une carte")
		stranger := open(t, s, "")
		stranger.get(page)
		stranger.sees(200, "Votre prénom")
		grace.get(console)
		grace.do(console, "kind", "close")
		grace.sees(200, "L’atelier est terminé")
		grace.sees(200, "Effacer les noms", "<li>Ada</li>")
		grace.do(console, "kind", "forget")
		grace.sees(200, "Les noms sont effacés")
		grace.seesNot("<li>Ada</li>", "Effacer les noms")
		ada.get(seat)
		ada.sees(200, "D8.3 Lire")
		grace.get(console + "/results")
		grace.sees(200, "D8.3 Lire et produire une carte")
		grace.seesNot("D1.1 ")
		grace.get(console + "/results/results.md")
		grace.sees(200, "D8.3 Lire et produire une carte (Avec des collègues)")
		grace.get(console + "/results/results.csv")
		grace.sees(200, "competences", ",D8.3")
	})
}
