package datasetweb_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func readersFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "tabular", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestChoosingAmongTablesAndLayers(t *testing.T) {
	b := open(t).browser("")
	has(t, b.page("/check"), ".shp", ".gpkg", ".kml", ".gpx", ".sqlite", "shapefile dans un .zip")

	at := b.check("agents.sqlite", readersFile(t, "agents.sqlite"))
	has(t, b.page(at), "SQLITE", `for="sheet">Table`, `<option value="agents" selected>`, `<option value="services">`)
	b.follow(at+"/reading", "sheet", "services")
	has(t, b.page(at), `<option value="services" selected>`, "Le fichier est relu")

	at = b.check("cartes.zip", readersFile(t, "shapes.zip"))
	has(t, b.page(at), "Cette archive contient", "cartes/zones.SHP", "cartes/Écoles.shp")
	at = b.check("cartes.zip", readersFile(t, "shapes.zip"), "member", "cartes/zones.SHP")
	body := b.page(at)
	has(t, body, "Fichier de l’archive", `<option value="cartes/zones.SHP" selected>`, "Les coordonnées sont en CC49", `name="encoding"`)
	hasNot(t, body, `name="header"`, `name="separator"`, `name="sheet"`)
	b.follow(at+"/reading", "member", "cartes/Écoles.shp", "encoding", "")
	has(t, b.page(at), `<option value="cartes/Écoles.shp" selected>`, "Les coordonnées sont en Lambert-93")
	has(t, b.page(at+"/columns"), "latitude", "longitude", "geometry")
	if w := b.post(at+"/reading", "member", "ailleurs.shp"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a file nobody offered: got %d, want 422", w.Code)
	}

	at = b.check("tour.gpx", readersFile(t, "tour.gpx"))
	has(t, b.page(at), `for="sheet">Couche`, `<option value="tracks" selected>`, `<option value="track_points">`)
	at = b.check("carte.kml", readersFile(t, "carte.kml"))
	hasNot(t, b.page(at), "Corriger la lecture")
}

func TestRowsUnderTheHeaderAreSetAside(t *testing.T) {
	b := open(t).browser("")
	at := b.check("pluie.csv", "mois;pluie;vent\n;(mm);(km)\njanvier;12;3\nfévrier;14;5\nmars;9;8\n")
	has(t, b.page(at), `name="skip_rows"`, "donner des unités")
	b.follow(at+"/reading", "skip_rows", "1")
	body := b.page(at)
	has(t, body, `name="skip_rows"`, `value="1"`, "1 ligne sous l’en-tête est laissée de côté")
	hasNot(t, body, "donner des unités")
	if w := b.post(at+"/reading", "skip_rows", "1000"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a thousand rows: got %d, want 422", w.Code)
	}
	at = b.check("pluie.json", `[{"mois":"janvier","pluie":12},{"mois":"février","pluie":14}]`)
	has(t, b.page(at), "Le fichier est une liste d’enregistrements")
}

// One click leaves out what is no data, and one takes it back.
func TestUnitsAndTotalsAreSetAsideInOneClick(t *testing.T) {
	b := open(t).browser("")
	at := b.check("pluie.csv", "mois;pluie;vent\n;(mm);(km)\njanvier;12;3\nfévrier;14;5\nmars;9;8\nTotal;35;16\n")
	has(t, b.page(at), "Laisser de côté la ligne 2 (unités)", "Laisser de côté les lignes de total à la fin (dès la ligne 6)", `name="drop_totals"`)
	b.follow(at+"/reading", "units", "aside")
	b.follow(at+"/reading", "totals", "aside")
	body := b.page(at)
	has(t, body, "1 ligne sous l’en-tête est laissée de côté", "1 ligne de total, à la fin du tableau (ligne 6), est laissée de côté", "Garder les lignes de total", "Garder les lignes sous l’en-tête")
	hasNot(t, body, "Ligne de total", "donner des unités")
	b.follow(at+"/reading", "totals", "kept")
	b.follow(at+"/reading", "units", "kept")
	has(t, b.page(at), "Laisser de côté la ligne 2 (unités)", "Laisser de côté les lignes de total à la fin (dès la ligne 6)")
	b.follow(at+"/reading", "drop_totals", "on", "skip_rows", "1")
	has(t, b.page(at), "1 ligne de total", "1 ligne sous l’en-tête est laissée de côté", "checked")
}

// What of a file is not read stands under the verdict, whatever the verdict; the first rows show that the rest is.
func TestACheckSaysWhatIsLostAndShowsItsFirstRows(t *testing.T) {
	b := open(t).browser("")
	at := b.check("fox.dbf", readersFile(t, "fox.dbf"))
	body := b.page(at)
	has(t, body, "qui n’a pas été envoyé", "c-notice--warning", "Les premières lignes", "Jérôme", at+"/rows", "Télécharger en CSV")
	hasNot(t, body, "Télécharger le fichier réparé")
	at = b.check("tour.gpx", readersFile(t, "tour.gpx"))
	has(t, b.page(at), "Choisir un autre tableau du fichier", `href="#reading-title"`)
	at = b.check("villes.csv", "ville;habitants\nBrest;139926\n")
	hasNot(t, b.page(at), "c-notice--warning", "c-notice--info")
}

// A table with many columns without a name says so of five, and of the others when asked.
func TestWhatIsSaidOfManyColumnsIsFolded(t *testing.T) {
	b := open(t).browser("")
	wide := func(unnamed int) string {
		return strings.Repeat("nom;", 14) + strings.Repeat(";", unnamed-1) + strings.Repeat("\n"+strings.Repeat("mot;", 13+unnamed)+"mot", 3) + "\n"
	}
	at := b.check("large.csv", wide(9))
	has(t, b.page(at), "La colonne 19 n’a pas de nom", "Voir les 4 autres", "La colonne 23 n’a pas de nom")
	at = b.check("petite.csv", wide(6))
	hasNot(t, b.page(at), "Voir les 1 autres", "Voir les 6 autres")
}
