package competencyweb_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/competency"
	"cultured/internal/ui/uitest"
)

// form is what an item's page would send, with some fields changed.
func (h house) form(t *testing.T, code string, changes ...string) url.Values {
	t.Helper()
	v, err := h.service.Look(t.Context(), people["ada"], h.id)
	ok(t, err)
	it := h.coded(t, code)
	form := url.Values{"code": {it.Code}, "parent": {string(it.Parent)}, "mark": {strconv.Itoa(it.Mark)}, "revision": {strconv.Itoa(v.Revision)}}
	for _, lang := range v.Framework.Languages {
		form.Set(competency.FieldOf("label", lang), it.Label[lang])
		form.Set(competency.FieldOf("description", lang), it.Description[lang])
		for level, text := range it.Levels {
			form.Set(competency.LevelField(level, lang), text[lang])
		}
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func (h house) get(t *testing.T, who, path string, has ...string) string {
	t.Helper()
	w := h.as(t, who, "fr", http.MethodGet, path, nil)
	judge(t, w, http.StatusOK, has, nil)
	return w.Body.String()
}

func (h house) post(t *testing.T, who, path string, form url.Values, status int, has ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := h.as(t, who, "fr", http.MethodPost, path, form)
	judge(t, w, status, has, nil)
	return w
}

// What a steward writes is his colleagues' only once it is published, with a reason; each version stays as it was.
func TestEdit_fromDraftToVersion(t *testing.T) {
	h := open(t)
	h.get(t, "ada", "/competencies/F/items/C:D8.3/edit", "Lire et produire une carte", "Textes en anglais", "N4 Transmet")
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", h.form(t, "D8.3", "label-fr", "Lire une carte", "levels-N2-fr", "", "levels-N2-en", ""), 303)
	h.get(t, "ada", "/competencies/F/items/C:D8.3", "Lire une carte", "pas encore décrit")
	h.get(t, "bob", "/competencies/F/items/C:D8.3", "Lire et produire une carte")
	h.get(t, "ada", "/competencies/F", "1 modification à publier", "Publier")
	h.get(t, "ada", "/competencies/F/publish", "Lire une carte", "Lire et produire une carte")
	h.post(t, "ada", "/competencies/F/publish", url.Values{"revision": {"2"}}, 422, "quelques mots")
	h.post(t, "ada", "/competencies/F/publish", url.Values{"revision": {"1"}, "note": {"Plus court"}}, 409, "Le brouillon a changé")
	h.post(t, "ada", "/competencies/F/publish", url.Values{"revision": {"2"}, "note": {"Plus court"}}, 303)
	h.get(t, "bob", "/competencies/F/items/C:D8.3", "Lire une carte")
	h.get(t, "bob", "/competencies/F/versions", "Version 2", "Plus court", "Ada", "Version 1")
	h.get(t, "bob", "/competencies/F/versions/1", "Lire et produire une carte")
	h.get(t, "bob", "/competencies/F/versions/2", "Lire une carte", "Plus court", "Modification")
	h.post(t, "ada", "/competencies/F/restore", url.Values{"number": {"1"}}, 303)
	h.get(t, "ada", "/competencies/F/items/C:D8.3", "Lire et produire une carte")
	h.get(t, "ada", "/competencies/F/history", "Retour à une version précédente", "Version publiée", "Plus court", "Référentiel livré avec le logiciel")
}

func TestEdit_whatIsWrongIsSaidAndWhatWasTypedIsKept(t *testing.T) {
	h := open(t)
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", h.form(t, "D8.3", "label-fr", " ", "label-en", "", "description-fr", "gardé"), 422, "en commençant par un verbe", "gardé")
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", h.form(t, "D8.3", "code", "d1.1"), 422, "déjà celui d’une autre")
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", h.form(t, "D8.3", "parent", "nothing"), 422, "n’existe pas")
	h.post(t, "ada", "/competencies/F/items/C:D1/edit", h.form(t, "D1", "mark", "violet"), 422, "repère de 1 à 9")
	h.post(t, "ada", "/competencies/F/items", url.Values{"kind": {"competence"}, "label-fr": {""}, "code": {"X1"}}, 422, "X1", "en commençant par un verbe")
	h.get(t, "ada", "/competencies/F/items/new?kind=family", "Ajouter une famille", "Repère visuel")
	h.post(t, "ada", "/competencies/F/items", url.Values{"kind": {"competence"}, "label-fr": {"Ranger <b>ses</b> données"}, "code": {"X1"}, "parent": {string(h.coded(t, "D1").ID)}}, 303)
	h.get(t, "ada", "/competencies/F/items/C:X1", "Ranger &lt;b&gt;ses&lt;/b&gt; données")
}

// Two people who save at once see both texts and choose; nobody's text is lost in silence.
func TestEdit_twoPeopleAtOnce(t *testing.T) {
	h := open(t)
	first, second := h.form(t, "D8.3", "label-fr", "La première"), h.form(t, "D8.3", "label-fr", "La seconde", "description-fr", "et sa description")
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", first, 303)
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", second, 409, "La première", "La seconde", "Garder le mien")
	second.Set("keep-label.fr", "mine")
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", second, 303)
	h.get(t, "ada", "/competencies/F/items/C:D8.3", "La seconde", "et sa description")
}

func TestEdit_undo(t *testing.T) {
	h := open(t)
	h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", h.form(t, "D8.3", "label-fr", "Lire une carte"), 303)
	h.get(t, "ada", "/competencies/F/history", "Lire une carte", "Annuler")
	h.post(t, "ada", "/competencies/F/undo", url.Values{"revision": {"2"}}, 303)
	h.get(t, "ada", "/competencies/F/items/C:D8.3", "Lire et produire une carte")
	h.post(t, "ada", "/competencies/F/undo", url.Values{"revision": {"99"}}, 409)
	before, second := h.coded(t, "D1.1"), h.coded(t, "D1.2")
	h.post(t, "ada", "/competencies/F/items/C:D1.2/move", url.Values{"to": {"up"}}, 303)
	page := h.get(t, "ada", "/competencies/F")
	if strings.Index(page, string(second.ID)) > strings.Index(page, string(before.ID)) {
		t.Error("D1.2 did not move before D1.1")
	}
}

func TestTurn(t *testing.T) {
	h := open(t)
	old := h.coded(t, "D8.3")
	at := "/competencies/F/items/" + string(old.ID)
	h.get(t, "ada", at+"/turn", "Fusionner", "Scinder", "Retirer")
	h.post(t, "ada", at+"/turn", url.Values{"kind": {"merge"}, "into": {""}}, 422, "Choisissez la compétence qui reprend celle-ci")
	h.post(t, "ada", at+"/turn", url.Values{"kind": {"split"}, "parts": {"Une seule"}}, 422, "au moins deux libellés", "Une seule")
	h.post(t, "ada", at+"/turn", url.Values{"kind": {"nonsense"}}, 422, "Choisissez ce que devient")
	h.post(t, "ada", at+"/turn", url.Values{"kind": {"split"}, "parts": {"Lire une carte\r\nProduire une carte\r\n"}, "note": {"deux métiers"}}, 303)
	h.get(t, "ada", at, "N’est plus en vigueur", "Lire une carte", "Produire une carte", "Remplacée par")
	if got, err := h.service.Successors(t.Context(), "o", old.ID); err != nil || len(got) != 1 || got[0] != old.ID {
		t.Errorf("before it is published, got successors %v, %v; want itself", got, err)
	}
	h.post(t, "ada", "/competencies/F/publish", url.Values{"revision": {"2"}, "note": {"Scindée"}}, 303)
	if got, err := h.service.Successors(t.Context(), "o", old.ID); err != nil || len(got) != 2 {
		t.Errorf("got successors %v, %v; want the two parts", got, err)
	}
	h.get(t, "bob", at, "N’est plus en vigueur", "Lire une carte")
	h.post(t, "ada", at+"/turn", url.Values{"kind": {"revive"}}, 303)
	h.post(t, "ada", "/competencies/F/items/C:D1.1/turn", url.Values{"kind": {"merge"}, "into": {string(h.coded(t, "D1.2").ID)}, "into-2": {""}, "into-3": {string(h.coded(t, "D1.3").ID)}}, 303)
}

func TestAlignments(t *testing.T) {
	h := open(t)
	at := "/competencies/F/items/C:D8.3/alignments"
	h.get(t, "ada", at, "Ajouter une correspondance", "À vérifier")
	typed := url.Values{"scheme": {"digcomp"}, "code": {"9.9"}, "label": {"Cartes"}, "match": {"close"}, "checked": {"hier"}, "uri": {"joint"}}
	h.post(t, "ada", at, typed, 422, "n’est pas une date", "n’est pas une adresse", "hier")
	typed.Set("checked", "2/3/2026")
	typed.Set("uri", "https://example.org/9.9")
	h.post(t, "ada", at, typed, 303)
	h.post(t, "ada", at, typed, 422, "existe déjà")
	h.get(t, "ada", at, "DigComp 9.9 Cartes", "02/03/2026")
	it := h.coded(t, "D8.3")
	was := len(it.Alignments)
	page := h.get(t, "ada", at)
	_, key, _ := strings.Cut(page, `name="confirm" value="`)
	key, _, _ = strings.Cut(key, `"`)
	h.post(t, "ada", at, url.Values{"confirm": {key}}, 303)
	h.post(t, "ada", at, url.Values{"remove": {key}}, 303)
	h.post(t, "ada", at, url.Values{"confirm": {key}}, 404)
	if got := len(h.coded(t, "D8.3").Alignments); got != was-1 {
		t.Errorf("got %d alignments, want %d", got, was-1)
	}
}

// headForm is what a framework's own page would send, with some fields changed.
func (h house) headForm(t *testing.T, changes ...string) url.Values {
	t.Helper()
	v, err := h.service.Look(t.Context(), people["ada"], h.id)
	ok(t, err)
	f := v.Framework
	form := url.Values{"revision": {strconv.Itoa(v.Revision)}, "languages": {strings.Join(f.Languages, ", ")}, "creator": {f.Creator}, "edition": {f.Edition}}
	for _, lang := range f.Languages {
		form.Set(competency.FieldOf("title", lang), f.Title[lang])
		form.Set(competency.FieldOf("description", lang), f.Description[lang])
		for i, l := range f.Levels {
			n := "level-" + strconv.Itoa(i+1)
			form.Set(n+"-was", l.Code)
			form.Set(n+"-code", l.Code)
			form.Set(competency.FieldOf(n+"-label", lang), l.Label[lang])
			form.Set(competency.FieldOf(n+"-description", lang), l.Description[lang])
		}
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func TestHead(t *testing.T) {
	h := open(t)
	h.get(t, "ada", "/competencies/F/edit", "Découvre", "N4", "Niveau n° 6", "Culture D")
	h.post(t, "ada", "/competencies/F/edit", h.headForm(t), 303)
	h.get(t, "ada", "/competencies/F", "Version 1 du") // saved as it was
	h.post(t, "ada", "/competencies/F/edit", h.headForm(t, "languages", "français"), 422, "au moins une langue")
	h.post(t, "ada", "/competencies/F/edit", h.headForm(t, "level-2-code", "N1"), 422, "déjà celui d’un autre niveau")
	stale := h.headForm(t, "edition", "0.2")
	h.post(t, "ada", "/competencies/F/edit", h.headForm(t, "level-1-code", "A1", "level-1-label-fr", "Débute", "languages", "fr, en, br"), 303)
	h.post(t, "ada", "/competencies/F/edit", stale, 409, "pendant que vous écriviez")
	h.get(t, "ada", "/competencies/F/items/C:D1.1", "A1", "Débute", "Nomme ligne, colonne, valeur")
	h.get(t, "ada", "/competencies/F/items/C:D1.1/edit", "Textes dans la langue « br »")
	h.post(t, "ada", "/competencies/F/discard", url.Values{"typed": {"Culture D"}}, 409)
}

func TestHead_aNewFramework(t *testing.T) {
	h := open(t)
	h.get(t, "ada", "/competencies/new", "Créer un référentiel")
	h.post(t, "ada", "/competencies/new", url.Values{"languages": {"fr"}}, 422, "Donnez un titre")
	w := h.post(t, "ada", "/competencies/new", url.Values{"languages": {"fr"}, "title-fr": {"Greffe"}, "level-1-code": {"N1"}, "level-1-label-fr": {"Découvre"}}, 303)
	at := w.Header().Get("Location")
	h.get(t, "ada", at, "Greffe", "Ce référentiel est vide", "Brouillon jamais publié")
	h.post(t, "ada", at+"/discard", url.Values{"typed": {"x"}}, 422, "Écrivez « Greffe »")
	h.post(t, "ada", at+"/discard", url.Values{"typed": {"Greffe"}}, 303)
	judge(t, h.as(t, "ada", "fr", http.MethodGet, at, nil), 404, nil, nil)
}

// Nobody but stewards and administrators may open or post what edits.
func TestEdit_isForStewards(t *testing.T) {
	h := open(t)
	for _, route := range h.Routes() {
		method, path, _ := strings.Cut(route, " ")
		editing := method == http.MethodPost || strings.HasSuffix(path, "/edit") || strings.HasSuffix(path, "/new") || strings.HasSuffix(path, "/alignments") ||
			strings.HasSuffix(path, "/turn") || strings.HasSuffix(path, "/publish") || strings.HasSuffix(path, "/history") || strings.HasSuffix(path, "/import") || strings.HasSuffix(path, "/arrival")
		path = strings.NewReplacer("{framework}", "F", "{item}", string(h.coded(t, "D8.3").ID), "{number}", "1", "{file}", "case.json").Replace(path)
		want := map[bool][]int{true: {403}, false: {200, 302}}[editing]
		if w := h.as(t, "bob", "fr", method, path, url.Values{}); !strings.Contains(fmt.Sprint(want), strconv.Itoa(w.Code)) {
			t.Errorf("%s: got %d, want one of %v", route, w.Code, want)
		}
		if strings.Contains(path, "F") {
			if w := h.as(t, "eve", "fr", method, path, url.Values{}); w.Code != 404 {
				t.Errorf("%s from another organisation: got %d, want 404", route, w.Code)
			}
		}
	}
}

// hand posts a file as a browser does.
func (h house) hand(t *testing.T, who, name string, raw []byte) *httptest.ResponseRecorder {
	t.Helper()
	return uitest.Send(h, who, uitest.Upload(t, "/competencies/import", nil, uitest.File{Field: "file", Name: name, Content: string(raw)}))
}

// Each format that leaves comes back as it left: the working copy says the same, and the page says so.
func TestTravel_whatLeavesComesBack(t *testing.T) {
	for _, file := range []string{"framework.zip", "items.csv", "case.json", "skos.jsonld"} {
		t.Run(file, func(t *testing.T) {
			h := open(t)
			w := h.as(t, "bob", "fr", http.MethodGet, "/competencies/F/export/"+file, nil)
			if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
				t.Fatalf("got %d, %s", w.Code, w.Header().Get("Content-Disposition"))
			}
			raw := w.Body.Bytes()
			judge(t, h.hand(t, "ada", file, raw), 422, []string{"dit exactement ce que dit déjà le brouillon"}, nil)
			h.post(t, "ada", "/competencies/F/items/C:D8.3/edit", h.form(t, "D8.3", "label-fr", "Lire une carte"), 303)
			judge(t, h.hand(t, "ada", file, raw), 303, nil, nil)
			h.get(t, "ada", "/competencies/F/items/C:D8.3", "Lire et produire une carte")
			h.get(t, "ada", "/competencies/F/arrival", file, "45")
		})
	}
	h := open(t)
	judge(t, h.as(t, "bob", "fr", http.MethodGet, "/competencies/F/export/else.pdf", nil), 404, []string{"items.csv"}, nil)
}

func TestTravel_aTableBecomesAFrameworkOfItsOwn(t *testing.T) {
	h := open(t)
	w := h.hand(t, "ada", "Métiers du greffe.csv", []byte("famille;compétence;N1;couleur\nAccueil;Accueillir;Dit bonjour;bleu\n;Orienter;;\n"))
	judge(t, w, 303, nil, nil)
	h.get(t, "ada", w.Header().Get("Location"), "Métiers du greffe", "couleur", "relire")
	h.get(t, "ada", "/competencies", "Culture D", "Métiers du greffe", "Brouillon jamais publié")
	if page := h.as(t, "bob", "fr", http.MethodGet, "/competencies?all=1", nil).Body.String(); strings.Contains(page, "greffe") {
		t.Error("a colleague sees a draft")
	}
	h.get(t, "ada", "/competencies?all=1&q=orienter", "Orienter")
}

// A file that is no framework, or too large, gets a plain sentence; nothing is kept of it.
func TestTravel_badFiles(t *testing.T) {
	h := open(t)
	loop, err := json.Marshal(map[string]any{"@graph": []any{
		map[string]any{"@id": "urn:a", "@type": "http://www.w3.org/2004/02/skos/core#Concept", "http://www.w3.org/2004/02/skos/core#prefLabel": "A", "http://www.w3.org/2004/02/skos/core#broader": map[string]string{"@id": "urn:b"}},
		map[string]any{"@id": "urn:b", "@type": "http://www.w3.org/2004/02/skos/core#Concept", "http://www.w3.org/2004/02/skos/core#prefLabel": "B", "http://www.w3.org/2004/02/skos/core#broader": map[string]string{"@id": "urn:a"}}}})
	ok(t, err)
	for _, tc := range []struct {
		name, file string
		raw        []byte
		status     int
		has        string
	}{
		{"an empty file", "a.csv", nil, 422, "Ce fichier est vide"},
		{"a table without names", "a.csv", []byte("ville;habitants\nValmoret;12\n"), 422, "Aucune colonne ne dit le nom des compétences"},
		{"a table with its header alone", "a.csv", []byte("famille;compétence\n"), 422, "ne contient aucune compétence"},
		{"JSON that is no framework", "a.json", []byte(`{"ville": "Valmoret"}`), 422, "ne contient aucun concept"},
		{"JSON that is cut", "a.json", []byte("{\n\"a\": "), 422, "n’est pas du JSON valide"},
		{"a CASE package without items", "a.json", []byte(`{"CFDocument": {"title": "x"}, "CFItems": []}`), 422, "CFItems est vide"},
		{"a picture", "a.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01"), 422, ""},
		{"10 MB of one cell", "a.csv", append([]byte("compétence\n"), bytes.Repeat([]byte("a"), 10<<20)...), 413, "cellule"},
		{"more than may be", "a.csv", bytes.Repeat([]byte("a\n"), 11<<20), 413, "dépasse 20\u00a0Mo"},
		{"parents in a circle", "a.jsonld", loop, 303, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := h.hand(t, "ada", tc.file, tc.raw)
			if body := w.Body.String(); w.Code != tc.status || !strings.Contains(body, tc.has) || strings.Contains(body, "⟦") {
				t.Errorf("got %d, want %d with %q: %s", w.Code, tc.status, tc.has, said(body))
			}
		})
	}
	judge(t, h.as(t, "ada", "fr", http.MethodPost, "/competencies/import", url.Values{"file": {"x"}}), 422, []string{"Choisissez un fichier"}, nil)
}
