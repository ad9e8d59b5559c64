package workshopweb_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
)

// People tell where they come from, group what says the same with help, vote on two axes, and read what it came to.
func TestProfileGroupsAndAxes(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace := open(t, s, "grace")
		console, code := begin(grace, "metiers-donnees")
		at := ""
		step := func(to string) {
			t.Helper()
			grace.get(console)
			grace.do(console, "kind", "phase", "phase", at, "to", to)
			grace.sees(200)
			at = to
		}
		var people []*browser
		seat := "/join/" + code + "/seat"
		for i := range 6 {
			b := open(t, s, "")
			b.get("/join/" + code)
			b.do(b.at, "text", fmt.Sprint("P", i))
			people = append(people, b)
		}
		step("qui-sommes-nous")
		for i, b := range people {
			b.get(seat)
			b.sees(200, "Votre réponse est gardée à part")
			if i == 0 {
				b.do(seat, "kind", "profile", "phase", at, "text", "Voirie <b>", "item", "Cantonnier")
				b.sees(422, "Cochez la case", `value="Voirie <b>"`, `value="Cantonnier"`)
			}
			b.do(seat, "kind", "profile", "phase", at, "text", "Voirie <b>", "item", "Cantonnier", "value", "1")
			b.sees(200, "Votre réponse est à jour", "Retirer ma réponse")
		}
		people[5].do(seat, "kind", "profile", "phase", at, "value", "0")
		people[5].seesNot("Retirer ma réponse")
		grace.get(console)
		grace.seesNot("Cantonnier")

		step("souhaits")
		for i, text := range []string{"Fichier des abonnés de la médiathèque", "Les abonnés de la médiathèque dans un fichier", "Menus de la cantine"} {
			people[i].get(seat)
			people[i].do(seat, "kind", "card", "phase", at, "text", text)
		}
		step("besoins-themes")
		grace.get(console + "/bundles?phase=souhaits")
		grace.sees(200, "Aucun regroupement à proposer") // nothing is revealed
		grace.get(console)
		grace.do(console, "kind", "reveal", "phase", "souhaits", "value", "1")
		grace.get(console + "/bundles?phase=souhaits")
		grace.sees(200, "Abonnés, fichier", "Reprendre ce groupe (2 cartes)")
		ids := regexp.MustCompile(`name="cards-1" value="(\d+)"`).FindAllStringSubmatch(grace.page, -1)
		if len(ids) != 2 {
			t.Fatalf("got %d cards in the group", len(ids))
		}
		form := []string{"phase", "souhaits", "take", "1", "cards-1", ids[0][1], "cards-1", ids[1][1]}
		grace.do(console+"/bundles", append(form, "name-1", "")...)
		grace.sees(422, "Donnez un nom à ce thème")
		grace.do(console+"/bundles", append(form, "name-1", "La médiathèque")...)
		grace.sees(200, "La médiathèque", "Les cartes sont rangées", "Annuler le dernier regroupement")
		grace.do(console+"/bundles/undo", "phase", "souhaits")
		grace.sees(200, "Le dernier regroupement est annulé")
		grace.seesNot("La médiathèque", "Annuler le dernier regroupement")
		people[0].do(console+"/bundles", append(form, "name-1", "x")...)
		if people[0].status == 200 && !strings.Contains(people[0].at, "sign-in") {
			t.Errorf("a participant sorts: %d at %s", people[0].status, people[0].at)
		}

		step("priorites")
		for i, b := range people[:3] {
			b.get(seat)
			b.sees(200, "Valeur : Il vous reste 5 points", "Difficulté : Il vous reste 5 points")
			menus := b.card("Menus de la cantine")
			b.do(seat, "kind", "dots", "phase", at, "card", menus, "value", fmt.Sprint(i+1))
			b.do(seat, "kind", "dots", "phase", at, "card", menus, "axis", "1", "value", "1")
			b.sees(200, fmt.Sprintf("Valeur : Il vous reste %d point", 4-i), "Difficulté : Il vous reste 4 points")
		}
		step("restitution")
		for _, b := range []*browser{people[0], grace} {
			b.get(map[bool]string{true: console, false: seat}[b == grace])
			b.sees(200, `class="p-plot__picture"`, "Classement : Par quoi commencer", "À valeur égale", "Voirie <b>", "Cantonnier")
		}
		grace.do(console, "kind", "close")
		grace.get(console + "/results")
		grace.sees(200, `class="p-plot__picture"`, "Cantonnier")
		grace.get(console + "/results/results.md")
		grace.sees(200, "| Rang | Carte | Valeur | Difficulté |", "| 1 | Menus de la cantine | 6 | 3 |", "Cantonnier")
	})
}
