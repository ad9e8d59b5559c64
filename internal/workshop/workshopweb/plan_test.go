package workshopweb_test

import (
	"net/url"
	"regexp"
	"testing"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
)

var planField = regexp.MustCompile(`(?s)<(?:input|textarea|select)[^>]*name="([a-z]+(?:-\d+)?)"[^>]*>`)

// A facilitator makes a plan of her own from a blank one before anybody comes in, and no more afterwards.
func TestThePlanIsAdaptedBeforeAnybodyComesIn(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		grace, ada, other := open(t, s, "grace"), open(t, s, ""), open(t, s, "other")
		grace.get("/workshops")
		grace.do("/workshops", "template", "vide", "title", "Le mien", "then", "plan")
		grace.sees(200, "Adapter le déroulé", "Ajouter une étape")
		if got := len(planField.FindAllString(grace.page, -1)); got < 20 {
			t.Fatalf("the form has %d fields", got)
		}
		plan := grace.at
		grace.get("/workshops/compare")
		grace.sees(200, "Choisissez deux ateliers")
		grace.do("/workshops", "template", "simple", "title", "Le second")
		second := regexp.MustCompile(`/workshops/([0-9a-z]+)`).FindStringSubmatch(grace.at)[1]
		first := regexp.MustCompile(`/workshops/([0-9a-z]+)`).FindStringSubmatch(plan)[1]
		grace.get("/workshops/compare?before=" + first + "&after=" + second)
		grace.sees(200, "Nouveau", "Le second")
		other.get("/workshops/compare?before=" + first + "&after=" + second)
		other.sees(404)
		other.get(plan)
		other.sees(404)
		form := func() url.Values {
			return url.Values{"count": {"3"}, "title": {"Le mien"}, "anonymous": {"1"},
				"name-0": {"accueil"}, "title-0": {"Bonjour <b>"}, "kind-0": {"welcome"}, "minutes-0": {"3"}, "order-0": {"1"},
				"name-1": {"cartes"}, "title-1": {"Vos cartes"}, "kind-1": {"write"}, "minutes-1": {"10"}, "order-1": {"2"}, "themes-1": {"Un\r\n\r\nDeux\r\nUn"}, "private-1": {"1"},
				"name-2": {"restitution"}, "title-2": {"Fin"}, "kind-2": {"restitution"}, "minutes-2": {"5"}, "order-2": {"9"}}
		}
		bad := form()
		bad.Set("title-3", "Votons")
		bad.Set("kind-3", "vote")
		bad.Set("order-3", "3")
		bad.Set("minutes-1", "9999")
		grace.send("POST", plan, bad)
		grace.sees(422, "Cochez au moins une étape où l’on écrit", "Donnez une durée de 0 à 480", "Bonjour <b>")
		good := form()
		good.Set("name-3", "etape-4")
		good.Set("title-3", "Votons")
		good.Set("kind-3", "vote")
		good.Set("order-3", "3")
		good.Set("budget-3", "4")
		good.Set("axes-3", "Valeur\nDifficulté")
		good.Add("about-3", "cartes")
		grace.send("POST", plan, good)
		grace.sees(200, "Le déroulé est à jour", "Bonjour <b>", "Votons")
		console := grace.at
		grace.get(plan)
		grace.sees(200, "Étape 3\u00a0: Votons", "Un\nDeux</textarea>")
		gone := form()
		gone.Set("remove-0", "1")
		grace.send("POST", plan, gone)
		grace.seesNot("Bonjour <b>")
		grace.send("POST", plan, url.Values{"do": {"reset"}})
		grace.sees(200, "Bienvenue")
		code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`)
		grace.get(console)
		ada.get("/join/" + code.FindString(grace.page))
		ada.do(ada.at, "text", "Ada")
		grace.send("POST", plan, form())
		grace.sees(422, "son déroulé ne change plus")
		grace.get(console)
		grace.seesNot("Adapter le déroulé")
	})
}
