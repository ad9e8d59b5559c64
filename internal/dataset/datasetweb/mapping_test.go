package datasetweb_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

const aides = "COLL_NOM;COLL_SIRET;ACTE_DATE;ATTRIB_NOM;ATTRIB_SIRET;SUB_OBJET;SUB_MONTANT;SUB_NATURE;SUB_VERSEMENT;Période de versement;NOTIF_UE;Dossier\n" +
	"Valmoret;22800001400016;12/03/2024;AGORA;380 475 558 00058;Fonctionnement;40 000,50;Numéraire;unique;2024-01-01_2024-12-31;NON;A1\n" +
	"Valmoret;22800001400016;13/03/2024;AGORA;380 475 558 00058;Festival;1 000;argent;unique;2024-03-13;NON;A2\n"

var (
	controls = regexp.MustCompile(`(?s)<input[^>]*>|<select[^>]* name="([^"]+)".*?</select>`)
	named    = regexp.MustCompile(` name="([^"]+)"`)
	valued   = regexp.MustCompile(` value="([^"]*)"`)
	selected = regexp.MustCompile(`<option value="([^"]*)" selected`)
)

// formOf reads the values of the form that is posted to the address, as a browser would send them.
func formOf(t *testing.T, body, action string) url.Values {
	t.Helper()
	_, form, ok := strings.Cut(body, `action="`+action+`"`)
	if !ok {
		t.Fatalf("no form to %s in %s", action, main(body))
	}
	form, _, _ = strings.Cut(form, "</form>")
	out := url.Values{}
	for _, c := range controls.FindAllStringSubmatch(form, -1) {
		if c[1] != "" {
			if m := selected.FindStringSubmatch(c[0]); m != nil {
				out.Add(c[1], html.UnescapeString(m[1]))
			} else {
				out.Add(c[1], "")
			}
			continue
		}
		name, value := named.FindStringSubmatch(c[0]), valued.FindStringSubmatch(c[0])
		unchecked := (strings.Contains(c[0], `type="checkbox"`) || strings.Contains(c[0], `type="radio"`)) && !strings.Contains(c[0], " checked")
		if name == nil || unchecked {
			continue
		}
		v := ""
		if value != nil {
			v = html.UnescapeString(value[1])
		}
		out.Add(name[1], v)
	}
	return out
}

func (b *browser) form(path string, form url.Values) (to string, body string) {
	b.t.Helper()
	var pairs []string
	for k, vs := range form {
		for _, v := range vs {
			pairs = append(pairs, k, v)
		}
	}
	w := b.post(path, pairs...)
	return w.Header().Get("Location"), plain(w.Body.String())
}

func TestMapping_fromTheFileToTheSchema(t *testing.T) {
	b := open(t).browser("ada")
	at := b.check("aides.csv", aides)
	has(t, b.page(at), "Rapprocher les colonnes")
	page := at + "/mapping"
	if to := b.follow(page, "do", "open", "schema", "scdl/subventions"); to != page+"?schema=scdl%2Fsubventions" {
		t.Errorf("the schema chosen leads to %q", to)
	}
	has(t, plain(b.post(page, "do", "open", "schema", "").Body.String()), "Choisissez d’abord un schéma")
	body := b.page(page + "?schema=scdl/subventions")
	has(t, body, "Il manque 1 champ obligatoire : pourcentageSubvention", "40 000,50", "40000.50", "« argent » devient", "1 colonne sans champ", "Dossier", "Retenir ces choix")
	form := formOf(t, b.get(page+"?schema=scdl/subventions").Body.String(), page)
	if form.Get("field-1") != "COLL_SIRET" || form.Get("field-8") != "SUB_MONTANT" {
		t.Fatalf("proposed: got %v", form)
	}

	// One looks at the effect of a choice; nothing changes.
	form.Set("constant-14", "1")
	form.Set("to-9-0", "=aide en numéraire")
	form.Set("to-9-1", "=aide en numéraire")
	form.Set("do", "preview")
	_, shown := b.form(page, form)
	has(t, shown, "Rien n’est encore changé", "Chaque champ obligatoire a une colonne ou une valeur")
	hasNot(t, b.page(at), "Rapprocher les colonnes du schéma")

	// A column given to two fields is refused, at the field, with what was chosen.
	wrong := url.Values{}
	for k, v := range form {
		wrong[k] = v
	}
	wrong.Set("do", "apply")
	wrong.Set("field-4", "COLL_NOM")
	_, shown = b.form(page, wrong)
	has(t, shown, "est choisie deux fois", `aria-invalid="true"`)

	form.Set("do", "apply")
	form.Set("others", "drop")
	to, shown := b.form(page, form)
	if to != at {
		t.Fatalf("applied: got %q\n%s", to, main(shown))
	}
	done := b.page(at)
	has(t, done, "Votre fichier est conforme au schéma", "Rapprocher les colonnes du schéma", "Annuler")
	csv := b.get(at + "/download?format=csv").Body.String()
	has(t, csv, "nomAttribuant,idAttribuant,dateConvention", "Valmoret,22800001400016,2024-03-12")
	hasNot(t, csv, "Dossier", "A1")
	has(t, b.page(b.check("rendu.csv", csv, "schema", "scdl/subventions")), "Votre fichier est conforme au schéma") // what is given out still follows the schema

	// The mapping made is shown again, and taken back.
	again := formOf(t, b.get(page).Body.String(), page)
	if again.Get("constant-14") != "1" || again.Get("to-9-0") != "=aide en numéraire" || again.Get("others") != "drop" {
		t.Errorf("shown again: got %v", again)
	}
	b.follow(at+"/undo", "to", "before")
	hasNot(t, b.page(at), "conforme au schéma")
}

func TestMapping_nextMonthInOneClick(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	at := b.check("mars.csv", aides)
	form := formOf(t, b.get(at+"/mapping?schema=scdl/subventions").Body.String(), at+"/mapping")
	form.Set("constant-14", "1")
	form.Set("to-9-0", "=aide en numéraire")
	form.Set("to-9-1", "=aide en numéraire")
	form.Set("others", "drop")
	b.form(at+"/mapping", form)

	april := strings.NewReplacer("2024-03", "2024-04", "/03/", "/04/", "Dossier", "dossier").Replace(aides)
	next := b.check("avril.csv", april)
	has(t, b.page(next), "Votre organisation a déjà rapproché ces colonnes", "Rapprocher de même")
	if to := b.follow(next+"/mapping", "do", "replay"); to != next {
		t.Errorf("got %q", to)
	}
	has(t, b.page(next), "Votre fichier est conforme au schéma")
	hasNot(t, b.page(next), "Rapprocher de même")

	// Other columns, other people, nobody: nothing is offered.
	other := b.check("autre.csv", parkings)
	hasNot(t, b.page(other), "Rapprocher de même")
	if w := b.post(other+"/mapping", "do", "replay"); w.Code != http.StatusConflict {
		t.Errorf("nothing to replay: got %d", w.Code)
	}
	visitor := h.browser("")
	theirs := visitor.check("avril.csv", april)
	hasNot(t, visitor.page(theirs), "Rapprocher de même")
	hasNot(t, visitor.page(theirs+"/mapping?schema=scdl/subventions"), "Retenir ces choix", "Votre organisation a déjà fait ce choix")

	// A dataset is mapped as a version, with a way back.
	kept := b.follow(b.check("mai.csv", april) + "/keep")
	kept, _, _ = strings.Cut(kept, "?")
	mapping := kept + "/schema/mapping"
	has(t, b.page(kept+"/schema"), "Rapprocher de même")
	has(t, b.page(mapping+"?schema=scdl/subventions"), "Votre organisation a déjà fait ce choix")
	if to := b.follow(mapping, "do", "replay"); to != kept+"/schema" {
		t.Errorf("got %q", to)
	}
	has(t, b.page(kept+"/history"), "Version 2", "Colonnes rapprochées d’un schéma")
	b.follow(kept+"/undo", "to", "1")
	has(t, b.page(kept+"/history"), "Version 3")
}

func TestMapping_refusesWhatIsNoSchemaOfColumns(t *testing.T) {
	b := open(t).browser("ada")
	at := b.check("aides.csv", aides)
	if to := b.get(at + "/mapping").Header().Get("Location"); to != at+"#schema-title" {
		t.Errorf("without a schema: got %q", to)
	}
	if w := b.get(at + "/mapping?schema=inconnu"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown schema: got %d", w.Code)
	}
	if w := b.post(at+"/mapping", "schema", "scdl/subventions", "do", "apply"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: got %d", w.Code)
	}
}

func TestMappingsAreListedRenamedAndForgotten(t *testing.T) {
	h := open(t)
	b := h.browser("ada")
	has(t, b.page("/mappings"), "Aucune correspondance n’est encore retenue", "Vérifier", "cochez « Retenir ces choix")
	has(t, b.page("/datasets"), "Vérifier")
	at := b.check("mars.csv", aides)
	form := formOf(t, b.get(at+"/mapping?schema=scdl/subventions").Body.String(), at+"/mapping")
	form.Set("constant-14", "1")
	form.Set("others", "drop")
	b.form(at+"/mapping", form)
	has(t, b.page(at), "Colonnes rapprochées : 11", "Valeurs données à toutes les lignes : 1. Colonnes laissées de côté : 1")

	list := b.page("/mappings")
	has(t, list, "Subventions", "11 colonnes rapprochées", "les autres colonnes sont laissées de côté", "COLL_SIRET", "idAttribuant", "« 1 »")
	of := formOf(t, b.get("/mappings").Body.String(), "/mappings/forget").Get("of")
	b.follow("/mappings/name", "of", of, "name", "  Logiciel  <b>Astre</b> ")
	has(t, b.get("/mappings").Body.String(), "Logiciel &lt;b&gt;Astre&lt;/b&gt;</h2>")
	w := b.post("/mappings/name", "of", of, "name", strings.Repeat("é", 121))
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a long name: got %d", w.Code)
	}
	has(t, plain(w.Body.String()), "120 caractères au plus", `aria-invalid="true"`)

	// A new file with these columns: it is said what is known, and what was decided can be looked at first.
	next := b.check("avril.csv", strings.ReplaceAll(aides, "2024-03", "2024-04"))
	has(t, b.page(next), "Logiciel", "Rapprocher de même", next+"/mapping?schema=scdl%2Fsubventions")

	// Colleagues see it, and only who decided it or a steward changes it; other organisations and visitors see nothing.
	visitor := h.browser("")
	if w := visitor.get("/mappings"); w.Code == http.StatusOK {
		t.Errorf("a visitor: got %d", w.Code)
	}
	elie := h.browser("elie")
	seen := elie.page("/mappings")
	has(t, seen, "Logiciel", "COLL_SIRET")
	hasNot(t, seen, "/mappings/forget", "/mappings/name")
	if w := elie.post("/mappings/forget", "of", of); w.Code != http.StatusForbidden || !strings.Contains(plain(w.Body.String()), "Seules la personne qui a décidé") {
		t.Errorf("a colleague forgets: got %d", w.Code)
	}
	if zoe := h.browser("zoe"); zoe.post("/mappings/forget", "of", of).Code != http.StatusNotFound || strings.Contains(zoe.page("/mappings"), "Logiciel") {
		t.Error("another organisation sees or forgets the mapping")
	}
	if w := b.post("/mappings/forget", "of", "nothing:scdl/subventions"); w.Code != http.StatusNotFound {
		t.Errorf("what nobody decided: got %d", w.Code)
	}
	b.follow("/mappings/forget", "of", of)
	has(t, b.page("/mappings"), "La correspondance est oubliée", "/mappings/recall", "Aucune correspondance")
	hasNot(t, b.page(next), "Rapprocher de même")
	b.follow("/mappings/recall", "of", of)
	has(t, b.page("/mappings"), "C’est annulé", "Logiciel")
	has(t, b.page(next), "Rapprocher de même")
}

func TestANewFileOfADatasetIsOfferedWhatIsRemembered(t *testing.T) {
	b := open(t).browser("ada")
	at := b.check("mars.csv", aides)
	form := formOf(t, b.get(at+"/mapping?schema=scdl/subventions").Body.String(), at+"/mapping")
	form.Set("constant-14", "1")
	b.form(at+"/mapping", form)
	ds := b.follow(at + "/keep")
	to := b.send(ds+"/upload", "avril.csv", strings.ReplaceAll(aides, "2024-03", "2024-04")).Header().Get("Location")
	if to != ds+"/schema" {
		t.Errorf("a file with known columns leads to %s", to)
	}
	has(t, b.page(ds+"/schema"), "Votre organisation a déjà rapproché ces colonnes d’un schéma", "Rapprocher de même")
	b.follow(ds+"/schema/mapping", "do", "replay")
	has(t, b.page(ds+"/schema"), "Colonnes rapprochées : 11", "/undo")
	if to := b.send(ds+"/upload", "parkings.csv", parkings).Header().Get("Location"); to != ds {
		t.Errorf("a file with other columns leads to %s", to)
	}
}
