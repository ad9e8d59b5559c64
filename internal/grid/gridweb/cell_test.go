package gridweb_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cultured/internal/grid"
)

// hidden are the hidden fields of the first form of a page that goes to an address.
func hidden(t *testing.T, page *httptest.ResponseRecorder, action string) url.Values {
	t.Helper()
	_, form, ok := strings.Cut(page.Body.String(), `action="`+action+`"`)
	if !ok {
		t.Fatalf("no form goes to %s: %d %s", action, page.Code, page.Body)
	}
	form, _, _ = strings.Cut(form, "</form>")
	out := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(form, -1) {
		out.Add(m[1], html.UnescapeString(m[2]))
	}
	return out
}

// says fails unless a page answers with a status and holds some texts.
func says(t *testing.T, page *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if page.Code != status {
		t.Fatalf("got status %d, want %d: %s", page.Code, status, main(page))
	}
	for _, text := range texts {
		if !strings.Contains(page.Body.String(), text) {
			t.Errorf("%q is not on the page: %s", text, main(page))
		}
	}
	for _, no := range []string{"⟦", "{0}", "ZgotmplZ"} {
		if _, after, found := strings.Cut(page.Body.String(), no); found {
			t.Errorf("%q is on the page, before %.60q", no, after)
		}
	}
}

// main is what a page says between its frame.
func main(page *httptest.ResponseRecorder) string {
	_, body, _ := strings.Cut(page.Body.String(), "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return body
}

// goes fails unless an answer leads to an address.
func goes(t *testing.T, page *httptest.ResponseRecorder, to string) {
	t.Helper()
	if got := page.Header().Get("Location"); page.Code != http.StatusSeeOther || got != to {
		t.Errorf("got %d %q, want %q: %s", page.Code, got, to, main(page))
	}
}

func TestACellIsOpenedAndChanged(t *testing.T) {
	at := newWorld(t)
	page := at.ask(t, "ada", "/datasets/d/grid/cell?row=5&column=prix&search=x&page=2", "")
	says(t, page, 200, "Prix, ligne 6", `value="1234,5"`, "Personne n’a modifié cette cellule", "/datasets/d/grid/cell?column=nom&amp;page=2&amp;row=5&amp;search=x", "Enregistrer")
	form := hidden(t, page, "/datasets/d/grid/cell")
	form.Set("value", "1 200,75")
	form.Set("do", "edit")
	goes(t, at.ask(t, "ada", "/datasets/d/grid/cell", form.Encode()), "/datasets/d/grid?column_at=1&page=2&row=5&search=x#cell")
	if c := at.log.ops[1].Changes[0]; c != (grid.Change{Row: 5, Column: "Prix", Before: "1234.5", After: "1200.75"}) {
		t.Errorf("got %+v", c)
	}
	at.ask(t, "ada", "/datasets/d/grid/cell", form.Encode()) // a second click
	if len(at.log.ops) != 2 {
		t.Errorf("got %d operations after a second click, want 2", len(at.log.ops))
	}
	page = at.ask(t, "lin", "/datasets/d/grid/cell?row=5&column=prix", "")
	says(t, page, 200, "Modification", "1234,5</del>", "1200,75</ins>", "Ada, ", "modifiée")
	goes(t, at.ask(t, "lin", "/datasets/d/grid/undo", "of=2"), "/datasets/d/grid")
	if op := at.log.ops[2]; op.Kind != grid.Undo || op.Changes[0].After != "1234.5" {
		t.Errorf("undone: got %+v", op)
	}
}

func TestACellThatAnotherChangedShowsBothValues(t *testing.T) {
	at := newWorld(t)
	form := hidden(t, at.ask(t, "ada", "/datasets/d/grid/cell?row=5&column=nom", ""), "/datasets/d/grid/cell")
	at.do(t, "lin", edit(5, "Nom", "<Lieu 5>", "Halle"))
	form.Set("value", "Marché")
	page := at.ask(t, "ada", "/datasets/d/grid/cell", form.Encode())
	says(t, page, 409, "Cette cellule a changé", "&lt;Lieu 5&gt;", "Halle", "Marché", "Lin, ", `href="#conflict"`, "Écrire ma valeur", "Garder la valeur actuelle")
	if len(at.log.ops) != 2 {
		t.Fatalf("got %+v", at.log.ops)
	}
	form = hidden(t, page, "/datasets/d/grid/cell") // the choice
	if form.Get("value") != "Marché" {
		t.Fatalf("got %v", form)
	}
	at.ask(t, "ada", "/datasets/d/grid/cell", form.Encode())
	if c := at.log.ops[2].Changes[0]; c.Before != "Halle" || c.After != "Marché" {
		t.Errorf("got %+v", c)
	}
}

func TestAValueOfSeveralLinesIsKeptAsItWas(t *testing.T) {
	at := newWorld(t)
	at.do(t, "lin", edit(5, "Nom", "<Lieu 5>", "Halle\nMarché"))
	page := at.ask(t, "ada", "/datasets/d/grid/cell?row=5&column=nom", "")
	says(t, page, 200, "<textarea")
	form := hidden(t, page, "/datasets/d/grid/cell")
	form.Set("value", "Halle\r\nMarché") // as browsers send it
	at.ask(t, "ada", "/datasets/d/grid/cell", form.Encode())
	if len(at.log.ops) != 2 {
		t.Errorf("got %+v", at.log.ops[2:])
	}
}

func TestWhoMayNotChangeACellProposes(t *testing.T) {
	for _, who := range []string{"eve", "bob"} {
		at := newWorld(t)
		page := at.ask(t, who, "/datasets/d/grid/cell?row=2&column=prix", "")
		says(t, page, 200, "est proposé", "le fichier contient «\u00a0#N/A\u00a0»")
		if strings.Contains(page.Body.String(), "Enregistrer") || strings.Contains(page.Body.String(), "Histoire") == (who == "bob") {
			t.Errorf("%s: got %s", who, page.Body)
		}
		form := hidden(t, page, "/datasets/d/grid/cell")
		form.Set("value", "12")
		form.Set("text", "Je l’ai compté")
		if w := at.ask(t, who, "/datasets/d/grid/cell", form.Encode()); w.Code != http.StatusForbidden {
			t.Errorf("%s edits: got status %d, want 403", who, w.Code)
		}
		form.Set("do", "propose")
		goes(t, at.ask(t, who, "/datasets/d/grid/cell", form.Encode()), "/datasets/d/grid?column_at=1&row=2#cell")
		if op := at.log.ops[len(at.log.ops)-1]; op.Kind != grid.Propose || op.Text != "Je l’ai compté" || op.Changes[0].After != "12" {
			t.Errorf("%s: got %+v", who, op)
		}
	}
}

func TestWhatACellCannotHoldIsSaidBesideIt(t *testing.T) {
	at := newWorld(t)
	form := hidden(t, at.ask(t, "ada", "/datasets/d/grid/cell?row=5&column=nom", ""), "/datasets/d/grid/cell")
	form.Set("value", strings.Repeat("x", grid.CellMost+1))
	says(t, at.ask(t, "ada", "/datasets/d/grid/cell", form.Encode()), 422, "Raccourcissez la valeur", `href="#value"`)
	form.Set("was", "not quoted")
	says(t, at.ask(t, "ada", "/datasets/d/grid/cell", form.Encode()), 422)
	for _, path := range []string{"?row=0", "?row=121", "?row=x", ""} {
		if w := at.ask(t, "ada", "/datasets/d/grid/cell"+path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: got status %d, want 404", path, w.Code)
		}
	}
}

func TestRowsAreAddedAndTakenAway(t *testing.T) {
	at := newWorld(t)
	form := hidden(t, at.ask(t, "ada", "/datasets/d/grid/add", ""), "/datasets/d/grid/add")
	says(t, at.ask(t, "ada", "/datasets/d/grid/add", form.Encode()), 422, "au moins une cellule", `href="#cell-nom"`)
	form.Set("cell-nom", "Halle")
	form.Set("cell-prix", "1 000")
	goes(t, at.ask(t, "ada", "/datasets/d/grid/add", form.Encode()), "/datasets/d/grid?page=3")
	at.ask(t, "ada", "/datasets/d/grid/add", form.Encode()) // a second click
	says(t, at.ask(t, "ada", "/datasets/d/grid?page=3", ""), 200, "121 lignes", "Halle", "ajoutée")
	page := at.ask(t, "ada", "/datasets/d/grid/cell?row=121", "")
	says(t, page, 200, "ligne ajoutée n° 121")
	goes(t, at.ask(t, "ada", "/datasets/d/grid/remove", hidden(t, page, "/datasets/d/grid/remove").Encode()+"&do=edit"), "/datasets/d/grid")
	says(t, at.ask(t, "ada", "/datasets/d/grid", ""), 200, "120 lignes")
	page = at.ask(t, "ada", "/datasets/d/grid/cell?row=121", "")
	says(t, page, 200, "Cette ligne a été retirée", "Remettre la ligne")
	goes(t, at.ask(t, "ada", "/datasets/d/grid/undo", hidden(t, page, "/datasets/d/grid/undo").Encode()), "/datasets/d/grid")
	says(t, at.ask(t, "ada", "/datasets/d/grid", ""), 200, "121 lignes")
}

func TestNobodyElseChangesAnything(t *testing.T) {
	at := newWorld(t)
	at.do(t, "ada", edit(5, "Nom", "<Lieu 5>", "Halle"))
	for _, path := range []string{"/cell", "/add", "/remove", "/undo"} {
		body := `row=5&column=nom&was="Halle"&value=x&of=2&cell-nom=x&do=edit`
		for who, want := range map[string]int{"stranger": 404, "eve": 403, "bob": 403} {
			if w := at.ask(t, who, "/datasets/d/grid"+path, body); w.Code != want && !(w.Code == 409 && who == "bob") {
				t.Errorf("%s %s: got status %d, want %d", who, path, w.Code, want)
			}
		}
	}
	if len(at.log.ops) != 2 {
		t.Errorf("got %+v", at.log.ops[2:])
	}
}
