package datasetweb_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"cultured/internal/dataset"
)

// keep checks a file and keeps it; it returns the address of the dataset.
func (b *browser) keep(name, content string) string {
	b.t.Helper()
	return b.follow(b.check(name, content) + "/keep")
}

func TestADatasetsPages(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	has(t, b.page("/datasets"), "Vous n’avez pas encore de jeu de données", "Vérifier mon fichier")
	at := b.keep("parkings.csv", parkings)
	for path, wants := range map[string][]string{
		"":                        {"parkings", "Ada Morel", "6 lignes, 4 colonnes", "Parking Nord", `aria-current="page"`, "Remplir la fiche", at + "/record", "Voir les anomalies"},
		"/columns":                {"Colonnes", "Médiane"},
		"/quality":                {"avec 3 anomalies", "Tout réparer en un clic", at + "/quality/findings?reason="},
		"/quality/findings":       {"Ligne 4", at + "/rows?around=4"},
		"/schema":                 {"Aucun schéma n’est choisi", "Tous les schémas"},
		"/dictionary":             {`name="description-1"`, "0 colonne décrite sur 4", `name="revision"`},
		"/history":                {"Version 1", "Fichier gardé après vérification", "Version actuelle", "Supprimer ce jeu de données", "Envoyer un nouveau fichier"},
		"/use":                    {"PARQUET", "/versions/1/data?format=xlsx", "/versions/1/original", "/catalogue/parkings", "http://d.test/api/v1/datasets/parkings/rows"},
		"/rows?around=4&column=2": {`<td id="cell"`, "21310555400018"},
	} {
		body := b.page(at + path)
		has(t, body, wants...)
		if n := strings.Count(body, `aria-current="page"`); n < 2 {
			t.Errorf("%s: got %d current links, want the section and the tab", path, n)
		}
		b.cookies["lang"] = "en"
		hasNot(t, b.page(at+path), "Fichier gardé", "Historique")
		delete(b.cookies, "lang")
	}
	has(t, b.page("/datasets?sort=-rows"), "parkings", "3 anomalies", `aria-sort="descending"`)
	has(t, b.get("/datasets.csv").Body.String(), "id,title,rows", ",parkings,6,4,3,2,1,")
	has(t, b.get(at+"/quality/findings.csv").Body.String(), "21310555400018")
	if got := b.get(at + "/versions/1/original").Body.String(); got != parkings {
		t.Errorf("the original: got %q", got)
	}
	has(t, b.get(at+"/versions/1/data?format=csv").Body.String(), "nom,capacite")
	for _, path := range []string{"/versions/9/original", "/versions/x/data", "/versions/1/data?format=exe"} {
		if w := b.get(at + path); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, w.Code)
		}
	}
}

func TestMendingADatasetMakesAVersion(t *testing.T) {
	b := open(t).browser("ada")
	at := b.keep("parkings.csv", parkings)
	if to := b.follow(at+"/mend", "fix", "all"); to != at+"/quality" {
		t.Errorf("got %s, want the quality page", to)
	}
	has(t, b.page(at+"/quality"), "C’est réparé", at+"/undo", `name="to" value="1"`, "avec 1 anomalie")
	has(t, b.page(at+"/history"), "Version 2", "Réparations appliquées", at+"/grid/compare?from=1&to=2")
	b.follow(at+"/undo", "to", "1")
	has(t, b.page(at+"/quality"), "C’est annulé", "avec 3 anomalies")
	has(t, b.page(at+"/history"), "Version 3", "Version antérieure reprise")
	b.follow(at+"/restore", "number", "2")
	has(t, b.page(at+"/history"), "Version 4", "La version 2 est reprise", at+"/undo")
	b.follow(at+"/schema", "schema", "scdl/equipements")
	has(t, b.page(at+"/schema"), "Équipements", "par rapport au schéma", "Colonne obligatoire absente")
	b.follow(at+"/reading", "header", "1")
	has(t, b.page(at+"/history"), "Version 6", "Lecture du fichier corrigée")
}

func TestAChangeOnItsWay(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	at := b.keep("parkings.csv", parkings)
	h.queue.hold = true
	b.follow(at+"/mend", "fix", "all")
	body := b.page(at + "/quality")
	has(t, body, "Une modification est en cours", at+"/progress", at+"/cancel", "42 %")
	hasNot(t, body, "C’est réparé", "Tout réparer")
	has(t, b.page(at+"/dictionary"), "Vous voyez la version d’avant")
	if w := b.post(at+"/mend", "fix", "all"); w.Code != http.StatusConflict {
		t.Errorf("a second change: got %d, want 409", w.Code)
	}
	has(t, b.get(at+"/progress").Body.String(), `"state":"running"`)
	b.follow(at + "/cancel")
	has(t, b.page(at), "La modification est abandonnée")
	has(t, b.get(at+"/progress").Body.String(), `"state":"done"`)
}

func TestANewFileForADataset(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	at := b.keep("parkings.csv", parkings)
	if w := b.send(at+"/upload", "", ""); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no file: got %d, want 422", w.Code)
	} else {
		has(t, plain(w.Body.String()), `id="file-error"`)
	}
	w := b.send(at+"/upload", "2025.csv", parkings+"Parking Ouest;10;21310555400017;2025-01-01\n")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("got %d, want 303", w.Code)
	}
	has(t, b.page(at), "Le nouveau fichier est maintenant la version actuelle", "7 lignes")
	b.send(at+"/upload", "vide.csv", "")
	has(t, b.page(at), "La dernière modification n’a pas abouti", "Ce fichier est vide", "Abandonner cette modification", "7 lignes")
	b.follow(at + "/cancel")
	hasNot(t, b.page(at), "n’a pas abouti")
}

func TestTheDictionary(t *testing.T) {
	h := open(t)
	ada, elie := h.browser("ada"), h.browser("elie")
	at := ada.keep("parkings.csv", parkings)
	revision := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(ada.page(at + "/dictionary"))[1]
	form := func(description string) []string {
		return []string{"revision", revision, "name-0", "nom", "label-0", "Nom", "description-0", "Nom du parking", "unit-0", "",
			"name-1", "capacite", "label-1", "Capacité", "description-1", description, "unit-1", "places"}
	}
	ada.follow(at+"/dictionary", form("Nombre de places")...)
	has(t, ada.page(at+"/dictionary"), "Le dictionnaire est enregistré", "Nombre de places", "2 colonnes décrites sur 4")
	has(t, ada.get(at+"/dictionary.csv").Body.String(), "capacite,Capacité,Nombre de places,integer,places")
	w := elie.post(at+"/dictionary", form("Places pour voitures")...)
	if w.Code != http.StatusConflict {
		t.Fatalf("the second person: got %d, want 409", w.Code)
	}
	body := plain(w.Body.String())
	has(t, body, "Deux personnes ont écrit en même temps", "Nombre de places", "\nPlaces pour voitures</textarea>")
	revision = regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(body)[1]
	elie.follow(at+"/dictionary", form("Places pour voitures")...)
	has(t, elie.page(at+"/dictionary"), "Places pour voitures")
	revision = regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(elie.page(at + "/dictionary"))[1]
	if w := elie.post(at+"/dictionary", form(strings.Repeat("a", 2001))...); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("too long: got %d, want 422", w.Code)
	}
}

func TestTheDictionaryProposesWhatTheSchemaSays(t *testing.T) {
	ada := open(t).browser("ada")
	at := ada.keep("delib.csv", votes)
	hasNot(t, ada.page(at+"/dictionary"), "Le schéma propose")
	ada.follow(at+"/schema", "schema", "scdl/deliberations")
	has(t, ada.page(at+"/dictionary"), "Le schéma propose un texte", "0 colonne décrite sur", "relisez-les, puis enregistrez")
}

func TestThePreviewIsSortedAndPaged(t *testing.T) {
	b := open(t).browser("ada")
	at := b.keep("longue.csv", long())
	body := b.page(at)
	has(t, body, "180 lignes", ">v1000<", at+"?sort=numero")
	next := regexp.MustCompile(`href="(/datasets/[^"]+\?after=[^"]+)"`)
	m := next.FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no next page")
	}
	second := b.page(m[1])
	hasNot(t, second, ">v1000<")
	has(t, second, ">v950<", "Précédent")
	third := ""
	for _, link := range next.FindAllStringSubmatch(second, -1) {
		if strings.Contains(link[1], "trail=") {
			third = link[1]
		}
	}
	if third == "" {
		t.Fatal("no third page")
	}
	has(t, b.page(third), ">v900<", m[1])
	sorted := b.page(at + "?sort=-numero")
	has(t, sorted, ">v821<", `aria-sort="descending"`, "Revenir à l’ordre du fichier")
	has(t, b.page(at+"/rows?from=100"), `<th scope="row" class="u-numeric">100</th>`, "/rows?from=125", "/rows?from=75")
	has(t, b.page(at+"/rows?around=500&column=0"), `id="cell"`, "La ligne 500 n’est pas dans le tableau")
}

func TestDeletingAsksForTheTitle(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	at := b.keep("parkings.csv", parkings)
	w := b.post(at+"/delete", "title", "parking")
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong title: got %d, want 422", w.Code)
	}
	has(t, plain(w.Body.String()), "Ce que vous avez écrit n’est pas le titre", `id="title-error"`)
	if to := b.follow(at+"/delete", "title", "parkings"); to != "/datasets" {
		t.Errorf("got %s, want /datasets", to)
	}
	has(t, b.page("/datasets"), "Le jeu de données est supprimé")
	if w := b.get(at); w.Code != http.StatusNotFound {
		t.Errorf("a deleted dataset: got %d, want 404", w.Code)
	}
	if n := len(h.shelf.files); n != 0 {
		t.Errorf("got %d files left, want none", n)
	}
}

// Nobody of another organisation, and nobody without an account, sees or changes a dataset.
func TestADatasetIsItsOrganisations(t *testing.T) {
	h := open(t)
	at := h.browser("ada").keep("parkings.csv", parkings)
	gets := []string{"", "/columns", "/columns.csv", "/quality", "/quality/findings", "/quality/findings.csv", "/quality/findings.json", "/rows", "/schema", "/dictionary",
		"/dictionary.csv", "/history", "/use", "/progress", "/versions/1/original", "/versions/1/data"}
	posts := []string{"/mend", "/reading", "/schema", "/undo", "/restore", "/delete", "/cancel", "/dictionary"}
	zoe, visitor := h.browser("zoe"), h.browser("")
	for _, path := range gets {
		if w := zoe.get(at + path); w.Code != http.StatusNotFound {
			t.Errorf("another organisation, GET %s: got %d, want 404", path, w.Code)
		}
		if w := visitor.get(at + path); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
			t.Errorf("a visitor, GET %s: got %d, want the sign-in page", path, w.Code)
		}
	}
	for _, path := range posts {
		if w := zoe.post(at+path, "fix", "all", "title", "parkings", "number", "1", "to", "1"); w.Code != http.StatusNotFound {
			t.Errorf("another organisation, POST %s: got %d, want 404", path, w.Code)
		}
	}
	if w := zoe.send(at+"/upload", "a.csv", "a;b\n1;2\n"); w.Code != http.StatusNotFound {
		t.Errorf("another organisation, upload: got %d, want 404", w.Code)
	}
	if w := visitor.get("/datasets"); w.Code != http.StatusSeeOther {
		t.Errorf("a visitor's list: got %d, want 303", w.Code)
	}
}

// A table with more columns than a page can show is cut into windows.
func TestAWideTable(t *testing.T) {
	b := open(t).browser("ada")
	var head, row []string
	for i := range 130 {
		head, row = append(head, "c"+string(rune('a'+i/26))+string(rune('a'+i%26))), append(row, "valeur "+string(rune('a'+i%26)))
	}
	content := strings.Join(head, ";") + "\n" + strings.Join(row, ";") + "\n" + strings.Join(row, ";") + "\n"
	at := b.keep("large.csv", content)
	has(t, b.page(at), "Colonnes 1 à 40, sur 130", "from_column=41")
	has(t, b.page(at+"?from_column=121"), "Colonnes 121 à 130, sur 130")
	has(t, b.page(at+"/columns?page=3"), `id="column-130"`)
	has(t, b.page(at+"/rows?around=2&column=125"), `id="cell"`, "Colonnes 91 à 130")
}

// Exercises are told apart in the list, listed alone, and cleaned away without anything else.
func TestExercises_areListedApartAndCleanedAway(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	at := b.keep("parkings.csv", parkings)
	hasNot(t, b.page("/datasets"), "Données réelles")
	exercise := func(who string) string {
		c, err := h.service.Submit(t.Context(), people[who], dataset.SubmitForm{Body: strings.NewReader(parkings), Name: "La ligne qui ment.csv", Lesson: "/missions/M01"})
		if err != nil {
			t.Fatal(err)
		}
		b := h.browser(who)
		b.page("/check/" + string(c.ID))
		return b.follow("/check/" + string(c.ID) + "/keep")
	}
	mine, colleague := exercise("ada"), exercise("elie")
	has(t, b.page("/datasets"), "Données réelles", "Exercices", at, mine, colleague)
	hasNot(t, b.page("/datasets?kind=data"), mine, colleague)
	body := b.page("/datasets?kind=exercise")
	has(t, body, mine, colleague, "Supprimer mon exercice", `sort=rows&kind=exercise"`, "/datasets.csv?kind=exercise")
	hasNot(t, body, `"`+at+`"`)
	has(t, b.get("/datasets.csv?kind=exercise").Body.String(), "/missions/M01")
	has(t, b.page(mine), `href="/missions/M01"`, "Exercice")
	hasNot(t, b.page(at), "/missions/M01")
	b.follow(mine+"/mend", "fix", "all")
	has(t, b.page(mine), `href="/missions/M01"`)
	if to := b.follow("/datasets/exercises/delete"); to != "/datasets" {
		t.Errorf("sent to %s", to)
	}
	body = b.page("/datasets")
	has(t, body, at, colleague)
	hasNot(t, body, mine)
}
