package datasetweb_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestAVisitorChecksAFile(t *testing.T) {
	h := open(t)
	b := h.browser("")
	has(t, b.page("/check"), "Vérifier mon fichier", "enctype=\"multipart/form-data\"", "24 heures", "200 ko au plus")
	at := b.check(`C:\Users\ada\parkings.csv`, parkings)
	body := b.page(at)
	has(t, body, "parkings.csv", "avec 3 anomalies à corriger", "Comment le fichier a été lu", "Point-virgule", "Effacer maintenant", "Ce que vous pouvez faire ensuite",
		"Espaces en trop", "devient <code>Parking du Marché</code>", "Tout réparer en un clic (2 anomalies)", at+"/mend")
	columns := b.page(at + "/columns")
	has(t, columns, "capacite", "Médiane", "SIRET", "Remplie à 100 %", `id="column-4"`,
		"Plus de détails", "Écart-type", "Trois quarts sont sous", "Caractères en moyenne", "Formes des valeurs de siret", "99999999999999")
	has(t, b.page(at+"/findings"), "Ligne 4", "21310555400018", "3 fois")
	has(t, b.page(at+"/findings?reason=dataset.spaces&field=nom"), "Espaces en trop", "Parking des Halles", "2 fois, dans la colonne nom")
	cell := regexp.MustCompile(`href="(/check/[^"]+/rows\?around=4[^"]*column=2)#cell"`).FindStringSubmatch(body)
	if cell == nil {
		t.Fatal("no link to the cell of row 4")
	}
	rows := b.page(cell[1])
	has(t, rows, `<td id="cell"`, "21310555400018", "Autour de la ligne 4", "SIRET invalides", "n’est pas un SIRET valide")
	if n := strings.Count(rows, `id="cell"`); n != 1 {
		t.Errorf("got %d cells marked, want 1", n)
	}
}

// TestAColumnAboutPersonsShowsNobodysValue looks for what is somebody's: a value, the least, the greatest.
func TestAColumnAboutPersonsShowsNobodysValue(t *testing.T) {
	b := open(t).browser("")
	at := b.check("agents.csv", "nom;prénom;date de naissance;courriel\nMARTIN;Zoé;1950-03-02;zoe@exemple.fr\nPETIT;Léa;1966-03-02;lea@exemple.fr\nGRAND;Tom;1979-05-06;tom@exemple.fr\n")
	columns := b.page(at + "/columns")
	has(t, columns, "date de naissance (confiance", "donnée personnelle", "a@a.a", "02/03/1966")
	for _, secret := range []string{"MARTIN", "Zoé", "zoe@", "1950", "1979"} {
		if strings.Contains(columns, secret) || strings.Contains(b.get(at+"/columns.csv").Body.String(), secret) {
			t.Errorf("%s is shown", secret)
		}
	}
}

func TestTheSamePagesInEnglish(t *testing.T) {
	b := open(t).browser("")
	b.cookies["lang"] = "en"
	has(t, b.page("/check"), "Drop your file here", "24 hours")
	at := b.check("parkings.csv", parkings)
	has(t, b.page(at), "Mend everything in one click (2 anomalies)", "How the file was read", "Semicolon")
	has(t, b.page(at+"/columns"), "Median", "Empty cells")
	has(t, b.page(at+"/findings"), "What is wrong")
	has(t, b.page(at+"/rows?around=4&column=2"), "Around row 4")
}

func TestMendingAndUndoing(t *testing.T) {
	b := open(t).browser("")
	at := b.check("parkings.csv", parkings)
	if got := b.follow(at+"/mend", "fix", "all"); got != at {
		t.Fatalf("after mending: got %s, want %s", got, at)
	}
	body := b.page(at)
	has(t, body, "C’est réparé. Anomalies réparées : 2.", at+"/undo", "avec 1 anomalie à corriger", "1 réparation appliquée", "Annuler la dernière modification")
	hasNot(t, body, "Espaces en trop</h3>")
	has(t, b.get(at+"/download?format=csv").Body.String(), "\nParking du Marché,120")
	b.follow(at+"/undo", "to", "before")
	has(t, b.page(at), "C’est annulé", "avec 3 anomalies", "Espaces en trop</h3>")
	b.follow(at+"/mend", "reason", "dataset.spaces", "field", "nom")
	has(t, b.page(at), "avec 1 anomalie")
	b.follow(at+"/mend", "drop", "0")
	has(t, b.page(at), "La réparation est retirée", "avec 3 anomalies")
	if w := b.post(at+"/mend", "reason", "dataset.invalid_siret"); w.Code != http.StatusConflict {
		t.Errorf("mending what nothing mends: got %d, want 409", w.Code)
	}
}

func TestReadingAFileAnotherWay(t *testing.T) {
	b := open(t).browser("")
	at := b.check("parkings.csv", parkings)
	b.follow(at+"/reading", "separator", "comma", "encoding", "", "header", "")
	body := b.page(at)
	has(t, body, "Le fichier est relu", `<option value="comma" selected>`)
	for _, tc := range []struct{ name, field, value string }{
		{"an encoding nobody offered", "encoding", "klingon"},
		{"a row that is no number", "header", "deux"},
		{"row zero", "header", "0"},
		{"too many rows of a header", "header_rows", "11"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := b.post(at+"/reading", tc.field, tc.value)
			if w.Code != http.StatusUnprocessableEntity {
				t.Fatalf("got %d, want 422", w.Code)
			}
			has(t, plain(w.Body.String()), `id="`+tc.field+`-error"`, "<details class=\"c-details\" open><summary>Corriger la lecture")
		})
	}
	b.follow(at+"/reading", "header", "100000")
	body = b.page(at)
	has(t, body, "Ce fichier n’a pas pu être lu", "Annuler la dernière modification", "Choisir un autre fichier")
	b.follow(at + "/undo")
	has(t, b.page(at), `<option value="comma" selected>`)
}

func TestReadingAHeaderOfSeveralRowsAndOtherQuotes(t *testing.T) {
	b := open(t).browser("")
	at := b.check("ecoles.csv", "Maternelles;;Primaires;\nclasses;places;classes;places\n3;75;8;200\n2;50;5;120\n")
	b.follow(at+"/reading", "header_rows", "2")
	has(t, b.page(at), "Lignes 1 à 2", `name="header_rows" type="text" value="2"`)
	has(t, b.page(at+"/columns"), "Maternelles / places", "Primaires / classes")
	b.follow(at+"/reading", "header", "2", "header_rows", "1")
	hasNot(t, b.page(at+"/columns"), "Maternelles / places")

	at = b.check("noms.csv", "nom;ville\n\"l'eau; vive\";Lyon\n'a';Nice\n")
	b.follow(at+"/reading", "quote", "single")
	has(t, b.page(at), `<option value="single" selected>`)
	has(t, b.page(at), "trop longue")
}

func TestUploadsThatCannotBeTaken(t *testing.T) {
	for _, tc := range []struct {
		name, file, content string
		status              int
		want                string
	}{
		{"no file chosen", "", "", 422, "Aucun fichier n’a été choisi"},
		{"over the limit", "gros.csv", "a;b\n" + strings.Repeat("1;2\n", limit/4+10), 413, "dépasse la taille acceptée"},
		{"far over the limit", "gros.csv", strings.Repeat("1;2\n", (limit+2<<20)/4), 413, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := open(t)
			w := h.browser("").send("/check", tc.file, tc.content, "schema", "scdl/deliberations")
			if w.Code != tc.status {
				t.Fatalf("got %d, want %d\n%s", w.Code, tc.status, h.log)
			}
			has(t, plain(w.Body.String()), `id="file-error"`, tc.want, `role="alert"`, `name="schema" value="scdl/deliberations"`)
			if n := len(h.shelf.files); n != 0 {
				t.Errorf("got %d files kept, want none", n)
			}
		})
	}
}

func TestACutUploadLeavesNothing(t *testing.T) {
	h := open(t)
	body := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na;b\n1;2\n"
	r := httptest.NewRequest("POST", "/check", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	w := h.browser("").do(r)
	if w.Code != http.StatusUnprocessableEntity || len(h.shelf.files) != 0 {
		t.Errorf("got %d and %d files, want 422 and none", w.Code, len(h.shelf.files))
	}
	has(t, plain(w.Body.String()), "L’envoi s’est interrompu avant la fin")
}

func TestAFileThatCannotBeRead(t *testing.T) {
	b := open(t).browser("")
	for name, want := range map[string]string{"vide.csv": "Ce fichier est vide (0 octet)", "photo.csv": "PNG"} {
		content := ""
		if name == "photo.csv" {
			content = "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01", 200)
		}
		at := b.check(name, content)
		has(t, b.page(at), "Ce fichier n’a pas pu être lu", want, "Choisir un autre fichier")
		if w := b.get(at + "/columns"); w.Code != http.StatusSeeOther {
			t.Errorf("columns of %s: got %d, want 303", name, w.Code)
		}
	}
}

func TestALongReading(t *testing.T) {
	h := open(t)
	b := h.browser("")
	h.queue.hold = true
	at := b.check("parkings.csv", parkings)
	has(t, b.page(at), "Nous lisons votre fichier", at+"/progress", at+"/cancel", "42 %", "Vous pouvez quitter cette page", `http-equiv="refresh"`)
	got := strings.TrimSpace(b.get(at + "/progress").Body.String())
	if want := `{"state":"running","percent":42,"text":"Lecture et vérification des lignes","url":"` + at + `"}`; got != want {
		t.Errorf("progress: got %s, want %s", got, want)
	}
	b.follow(at + "/cancel")
	has(t, b.page(at), "Vous avez annulé la lecture")
	h.queue.hold = false
	at = b.check("parkings.csv", parkings)
	has(t, b.get(at+"/progress").Body.String(), `"state":"done"`)
}

func TestForgetting(t *testing.T) {
	h := open(t)
	b := h.browser("")
	at := b.check("parkings.csv", parkings)
	if to := b.follow(at + "/forget"); to != "/check" {
		t.Errorf("got %s, want /check", to)
	}
	has(t, b.page("/check"), "Votre fichier est effacé")
	if w := b.get(at); w.Code != http.StatusNotFound {
		t.Errorf("a forgotten check: got %d, want 404", w.Code)
	}
	if n := len(h.shelf.files); n != 0 {
		t.Errorf("got %d files left, want none", n)
	}
	b.follow(at + "/forget") // twice is no error
}

func TestKeepingAsksToSignInAndComesBack(t *testing.T) {
	h := open(t)
	b := h.browser("")
	at := b.check("parkings.csv", parkings)
	want := "/sign-in?next=" + url.QueryEscape(at+"/keep")
	if got := b.follow(at + "/keep"); got != want {
		t.Errorf("keep without an account: got %s, want %s", got, want)
	}
	if got := b.get(at + "/keep").Header().Get("Location"); got != want {
		t.Errorf("the page without an account: got %s, want %s", got, want)
	}
	b.cookies["session"] = "ada"
	has(t, b.page(at+"/keep"), "Garder comme jeu de données", "parkings.csv")
	to := b.follow(at + "/keep")
	has(t, b.page(to), "« parkings » est gardé")
	if again := b.follow(at + "/keep"); again != "/datasets" {
		t.Errorf("a double click: got %s, want /datasets", again)
	}
}

func TestSomebodysCheckIsTheirs(t *testing.T) {
	h := open(t)
	at := h.browser("ada").check("parkings.csv", parkings)
	for _, who := range []string{"", "elie", "zoe"} {
		b := h.browser(who)
		for _, path := range []string{"", "/columns", "/findings", "/findings.csv", "/rows", "/download", "/progress"} {
			if w := b.get(at + path); w.Code != http.StatusNotFound {
				t.Errorf("%q on %s: got %d, want 404", who, path, w.Code)
			}
		}
		if w := b.post(at+"/mend", "fix", "all"); w.Code != http.StatusNotFound {
			t.Errorf("%q mends: got %d, want 404", who, w.Code)
		}
	}
}

const votes = "COLL_NOM;COLL_SIRET;DELIB_ID;DELIB_DATE;DELIB_MATIERE_CODE;DELIB_MATIERE_NOM;DELIB_OBJET\n" +
	"Valbourg;21310555400017;2024_01;2024-02-03;1.1;Marchés;Travaux\nValbourg;21310555400017;2024_02;03/02/2024;1.1;Marchés;Toiture\n"

func TestASchemaIsProposedAndChosen(t *testing.T) {
	b := open(t).browser("")
	at := b.check("delib.csv", votes)
	has(t, b.page(at), "Ce fichier ressemble à", "Délibérations", "de ressemblance", "Pourquoi ce schéma ?")
	b.follow(at+"/schema", "schema", "scdl/deliberations")
	body := b.page(at)
	has(t, body, "Le fichier est vérifié avec le schéma « Délibérations »", `<option value="scdl/deliberations" selected>`, "par rapport au schéma")
	b.follow(at+"/schema", "schema", "")
	has(t, b.page(at), "Le fichier n’est plus comparé à un schéma")
	if w := b.post(at+"/schema", "schema", "personne/rien"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown schema: got %d, want 422", w.Code)
	}
	has(t, b.page("/check?schema=scdl/deliberations"), "Votre fichier sera comparé au schéma « Délibérations »")
	jobs := len(b.queue.ended)
	at = b.check("delib.csv", votes, "schema", "deliberations")
	has(t, b.page(at), `<option value="scdl/deliberations" selected>`)
	hasNot(t, b.page(at), "Annuler la dernière modification") // nothing was changed: it was read with its schema at once
	if got := len(b.queue.ended) - jobs; got != 1 {
		t.Errorf("got %d examinations, want one", got)
	}
	files := len(b.shelf.files)
	w := b.send("/check", "delib.csv", votes, "schema", "personne/rien")
	if w.Code != http.StatusUnprocessableEntity || len(b.shelf.files) != files {
		t.Errorf("an unknown schema with the file: got %d and %d files more, want 422 and none", w.Code, len(b.shelf.files)-files)
	}
	has(t, plain(w.Body.String()), "Aucun schéma ne s’appelle « personne/rien »")
}

func TestFindingsAsFiles(t *testing.T) {
	b := open(t).browser("")
	at := b.check("parkings.csv", strings.Replace(parkings, " Parking du Marché ", " =1+1 ", 1))
	w := b.get(at + "/findings.csv")
	has(t, w.Body.String(), "row,column,field,severity", "21310555400018")
	hasNot(t, w.Body.String(), ",=1+1")
	if got := w.Header().Get("Content-Disposition"); !strings.Contains(got, "attachment") {
		t.Errorf("got %q, want an attachment", got)
	}
	has(t, b.get(at+"/findings.json").Body.String(), `"findings":[`, `"report":`)
	sarif := b.get(at + "/findings.sarif")
	has(t, sarif.Body.String(), `"version":"2.1.0"`, `"uri":"parkings.csv"`, "21310555400018")
	if got := sarif.Header().Get("Content-Type"); got != "application/sarif+json" {
		t.Errorf("SARIF: got %q", got)
	}
	has(t, b.get(at+"/columns.csv").Body.String(), "name,type,meaning", "capacite,integer")
}

// A value written once over several rows is known in each of them; one click has them read as they are stored, and another back.
func TestReadingMergedCellsAsTheyAreStored(t *testing.T) {
	b := open(t).browser("")
	at := b.check("ecoles.xlsx", mergedWorkbook(t))
	const spread, stored = "1 cellule fusionnée couvre plusieurs lignes (A2:A3) : sa valeur est donnée", "Elle est lue telle quelle, comme demandé"
	has(t, b.page(at), spread, `name="merged" value="stored"`, "Lire les cellules fusionnées telles quelles")
	has(t, b.get(at+"/download?format=csv").Body.String(), "Lyon,a\nLyon,b\n")
	b.follow(at+"/reading", "merged", "stored")
	has(t, b.page(at), "Le fichier est relu", stored, "Donner la valeur des cellules fusionnées à chaque ligne")
	has(t, b.get(at+"/download?format=csv").Body.String(), "Lyon,a\n,b\n")
	b.follow(at+"/reading", "skip_rows", "1") // what else is corrected leaves them so
	has(t, b.page(at), stored)
	b.follow(at+"/reading", "merged", "spread")
	has(t, b.page(at), `name="skip_rows" type="text" value="1"`, "sa valeur est donnée")
}

// mergedWorkbook is a workbook whose first column is written once over two rows.
func mergedWorkbook(t *testing.T) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	text := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	for name, part := range map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>`,
		"xl/worksheets/s.xml": `<worksheet><sheetData><row>` + text("ville") + text("classe") + `</row><row>` + text("Lyon") + text("a") + `</row><row><c/>` + text("b") +
			`</row><row>` + text("Nice") + text("c") + `</row></sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(part))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
