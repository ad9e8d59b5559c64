package gridweb_test

import (
	"net/http"
	"strings"
	"testing"

	"cultured/internal/grid"
)

func TestWhatWaitsIsKeptAsAVersion(t *testing.T) {
	at := newWorld(t)
	says(t, at.ask(t, "ada", "/datasets/d/grid/keep", ""), 200, "Rien n’attend d’être gardé")
	says(t, at.ask(t, "ada", "/datasets/d/grid/keep", "do=keep"), 409, "il n’y a rien à garder")
	at.do(t, "ada", edit(5, "Prix", "1234.5", "12"))
	at.do(t, "lin", grid.Op{Kind: grid.Edit, Removed: []int64{7}})
	at.do(t, "lin", grid.Op{Kind: grid.Edit, Added: []int64{-1}, Changes: []grid.Change{{Row: -1, Column: "Nom", After: "Halle"}}})
	says(t, at.ask(t, "ada", "/datasets/d/grid", ""), 200, "3 modifications attendent", "/datasets/d/grid/keep")
	says(t, at.ask(t, "ada", "/datasets/d/grid/keep", ""), 200, "1 cellule modifiée, 1 ligne ajoutée, 1 ligne retirée", "Ada, Lin", "ligne 6", "1234,5", "Ligne retirée", "Ligne ajoutée", "Halle")
	if w := at.ask(t, "eve", "/datasets/d/grid/keep", ""); w.Code != 200 || strings.Contains(w.Body.String(), `value="keep"`) {
		t.Errorf("who may only see it: got %d with the button", w.Code)
	}
	for who, want := range map[string]int{"eve": 403, "bob": 403, "stranger": 404} {
		if w := at.ask(t, who, "/datasets/d/grid/keep", "do=keep"); w.Code != want {
			t.Errorf("%s keeps: got status %d, want %d", who, w.Code, want)
		}
	}
	if w := at.ask(t, "bob", "/datasets/d/grid/keep", ""); w.Code != http.StatusForbidden {
		t.Errorf("through the catalogue: got status %d, want 403", w.Code)
	}
	goes(t, at.ask(t, "ada", "/datasets/d/grid/keep", "do=keep"), "/datasets/d")
	if e := at.revised.Plan.EditsOf(); e == nil || len(e.Cells) != 1 || len(e.Removed) != 1 || len(e.Added) != 1 || e.From != 3 {
		t.Errorf("got %+v", e)
	}
}

func TestAVersionThatCameMeanwhileLeavesThreeChoices(t *testing.T) {
	stale := func(t *testing.T) *world {
		at := newWorld(t)
		at.do(t, "ada", edit(5, "Prix", "1234.5", "12"))
		at.current = 4
		return at
	}
	t.Run("said", func(t *testing.T) {
		at := stale(t)
		says(t, at.ask(t, "ada", "/datasets/d/grid", ""), 200, "Une autre version est arrivée pendant que 1 modification attendait")
		says(t, at.ask(t, "ada", "/datasets/d/grid/keep", ""), 200, "La version 4 (", "par Lin", "sur la version 3", `value="carry"`, `value="over"`, `value="aside"`)
		says(t, at.ask(t, "ada", "/datasets/d/grid/keep", "do=keep"), 409, "Choisissez ce que deviennent")
	})
	t.Run("carried over", func(t *testing.T) {
		at := stale(t)
		goes(t, at.ask(t, "ada", "/datasets/d/grid/keep", "do=carry"), "/datasets/d/grid/keep")
		says(t, at.ask(t, "ada", "/datasets/d/grid/keep", ""), 200, "1 cellule modifiée", `value="keep"`)
	})
	t.Run("set aside", func(t *testing.T) {
		at := stale(t)
		goes(t, at.ask(t, "ada", "/datasets/d/grid/keep", "do=aside"), "/datasets/d/grid/keep")
		says(t, at.ask(t, "ada", "/datasets/d/grid/keep", ""), 200, "Rien n’attend")
	})
	t.Run("the one before kept", func(t *testing.T) {
		at := stale(t)
		goes(t, at.ask(t, "ada", "/datasets/d/grid/keep", "do=over"), "/datasets/d")
		if at.revised.Blob != "file3" {
			t.Errorf("got the source %+v", at.revised)
		}
	})
	t.Run("what found no place is shown", func(t *testing.T) {
		at := stale(t)
		at.renamed = true // the new version has no column "Prix"
		at.ask(t, "ada", "/datasets/d/grid/keep", "do=carry")
		says(t, at.ask(t, "ada", "/datasets/d/grid/keep", ""), 200, "Ce qui n’a pas pu être reporté", "La colonne n’y est plus", "12")
	})
}

func TestProposalsAreDecided(t *testing.T) {
	at := newWorld(t)
	says(t, at.ask(t, "ada", "/datasets/d/grid/proposals", ""), 200, "Aucune proposition à décider")
	propose := func(who string, row int64) grid.Op {
		return at.do(t, who, grid.Op{Kind: grid.Propose, Text: "vu sur place", Changes: []grid.Change{{Row: row, Column: "Prix", Before: "1234.5", After: "7.5"}}})
	}
	propose("eve", 5) // 2
	propose("bob", 6) // 3
	propose("eve", 7) // 4
	at.do(t, "lin", edit(7, "Prix", "1234.5", "99"))
	says(t, at.ask(t, "ada", "/datasets/d/grid", ""), 200, "Propositions\u00a0: 3 à décider")
	says(t, at.ask(t, "ada", "/datasets/d/grid/proposals", ""), 200, "Eve, ", "Bob, ", "vu sur place", "ligne 6", "1234,5", "7,5", "Il y a maintenant\u00a0: 99", `value="accept"`)
	page := at.ask(t, "bob", "/datasets/d/grid/proposals", "") // sees what he proposed
	says(t, page, 200, "Bob, ", "Retirer ma proposition")
	if strings.Contains(page.Body.String(), "Eve") || strings.Contains(page.Body.String(), `value="accept"`) {
		t.Errorf("bob sees %s", main(page))
	}
	for who, want := range map[string]int{"eve": 403, "bob": 403, "stranger": 404} {
		if w := at.ask(t, who, "/datasets/d/grid/proposals", "do=accept&of=2"); w.Code != want {
			t.Errorf("%s accepts: got status %d, want %d", who, w.Code, want)
		}
	}
	goes(t, at.ask(t, "ada", "/datasets/d/grid/proposals", "do=accept&of=2&to=/proposals"), "/datasets/d/grid/proposals")
	if op := at.log.ops[5]; op.Kind != grid.Accept || op.Credit != "eve" || op.Changes[0].After != "7.5" {
		t.Errorf("got %+v", op)
	}
	goes(t, at.ask(t, "bob", "/datasets/d/grid/withdraw", "of=3&to=/proposals"), "/datasets/d/grid/proposals")
	goes(t, at.ask(t, "ada", "/datasets/d/grid/proposals", "do=refuse&of=4&text=Déjà+fait&to=/proposals"), "/datasets/d/grid/proposals")
	if w := at.ask(t, "ada", "/datasets/d/grid/proposals", "do=refuse&of=4"); w.Code != http.StatusConflict {
		t.Errorf("decided twice: got status %d, want 409", w.Code)
	}
	says(t, at.ask(t, "eve", "/datasets/d/grid/proposals?mine=1", ""), 200, "acceptée", "refusée", "Déjà fait", "Par Ada")
	says(t, at.ask(t, "ada", "/datasets/d/grid/cell?row=5&column=prix", ""), 200, "Proposition acceptée, proposée par Eve")
}

func TestTheHistoryLeadsBack(t *testing.T) {
	at := newWorld(t)
	says(t, at.ask(t, "ada", "/datasets/d/grid/history", ""), 200, "Rien n’a encore été modifié")
	at.do(t, "ada", edit(5, "Nom", "<Lieu 5>", "Halle"))   // 2
	at.do(t, "lin", edit(5, "Nom", "Halle", "Marché"))     // 3
	at.do(t, "lin", edit(6, "Nom", "<Lieu 6>", "Gymnase")) // 4
	says(t, at.ask(t, "ada", "/datasets/d/grid/history", ""), 200, "Modification", "Ada, ", "Lin, ", "1 cellule modifiée", "Début sur la version 3", "/datasets/d/grid?at=2")
	says(t, at.ask(t, "ada", "/datasets/d/grid/history?op=3&before=4", ""), 200, "Halle", "Marché", "ligne 6", "Plus récent")
	page := at.ask(t, "eve", "/datasets/d/grid?at=2", "")
	says(t, page, 200, "État à ce moment", "Halle", "Ada", "/datasets/d/grid/export?at=2&amp;format=csv")
	if body := main(page); strings.Contains(body, "Marché") || strings.Contains(body, "Gymnase") || strings.Contains(body, "grid/cell") || strings.Contains(body, "<c-grid") || strings.Contains(body, "Revenir à cet état") {
		t.Errorf("the table as it was: got %s", body)
	}
	for _, no := range []string{"?at=99", "/cell?row=5&at=99"} {
		if w := at.ask(t, "ada", "/datasets/d/grid"+no, ""); w.Code != http.StatusNotFound && !strings.Contains(no, "cell") {
			t.Errorf("%s: got status %d, want 404", no, w.Code)
		}
	}
	says(t, at.ask(t, "ada", "/datasets/d/grid?at=1", ""), 200, "après le n° 1 (Début sur la version 3, 02/03/2026")
	if w := at.ask(t, "bob", "/datasets/d/grid?at=2", ""); w.Code != http.StatusNotFound {
		t.Errorf("the past, through the catalogue: got status %d, want 404", w.Code)
	}
	if w := at.ask(t, "bob", "/datasets/d/grid/history", ""); w.Code != http.StatusForbidden {
		t.Errorf("the history, through the catalogue: got status %d, want 403", w.Code)
	}
	if w := at.ask(t, "eve", "/datasets/d/grid/restore", "of=2"); w.Code != http.StatusForbidden {
		t.Errorf("restored by who may only see: got status %d, want 403", w.Code)
	}
	goes(t, at.ask(t, "ada", "/datasets/d/grid/restore", "of=2&to=/history"), "/datasets/d/grid/history")
	page = at.ask(t, "ada", "/datasets/d/grid", "")
	if says(t, page, 200, "Halle"); strings.Contains(page.Body.String(), "Gymnase") {
		t.Errorf("restored: got %s", main(page))
	}
	for range 40 {
		at.do(t, "ada", edit(5, "Prix", "1234.5", "1"))
		at.do(t, "ada", edit(5, "Prix", "1", "1234.5"))
	}
	says(t, at.ask(t, "ada", "/datasets/d/grid/history", ""), 200, "n° 85", "n° 56", "history?before=56")
	says(t, at.ask(t, "ada", "/datasets/d/grid/history?before=26", ""), 200, "n° 25", "n° 1<")
}

func TestTwoVersionsAreCompared(t *testing.T) {
	at := newWorld(t)
	at.current = 4
	at.renamed = true
	says(t, at.ask(t, "ada", "/datasets/d/grid/compare", ""), 200, "Nouvelles colonnes\u00a0: Tarif", "Colonnes retirées\u00a0: Prix", "à leur rang")
	says(t, at.ask(t, "ada", "/datasets/d/grid/compare?from=2&to=3", ""), 200, "Les deux versions contiennent les mêmes")
	says(t, at.ask(t, "ada", "/datasets/d/grid/compare?from=3&to=3", ""), 200, "C’est la même version")
	if w := at.ask(t, "bob", "/datasets/d/grid/compare", ""); w.Code != http.StatusForbidden {
		t.Errorf("through the catalogue: got status %d, want 403", w.Code)
	}
}

func TestAGroupOfFindingsIsRepairedInOneOperation(t *testing.T) {
	at := newWorld(t)
	page := at.ask(t, "ada", "/datasets/d/grid/repair", "")
	if says(t, page, 200, "Espaces", "2 cellules à réparer", "Réparer dans la grille"); strings.Contains(page.Body.String(), "Prix") {
		t.Error("what the table stores as missing already is to be repaired")
	}
	says(t, at.ask(t, "ada", "/datasets/d/grid", ""), 200, "/datasets/d/grid/repair")
	for who, want := range map[string]int{"eve": 403, "bob": 403, "stranger": 404} {
		if w := at.ask(t, who, "/datasets/d/grid/repair", "reason=dataset.spaces&field=Nom"); w.Code != want {
			t.Errorf("%s repairs: got status %d, want %d", who, w.Code, want)
		}
	}
	at.do(t, "lin", edit(8, "Nom", "<Lieu 8>", " Halle  ")) // edited since: mended as it is now
	goes(t, at.ask(t, "ada", "/datasets/d/grid/repair", "reason=dataset.spaces&field=Nom"), "/datasets/d/grid")
	op := at.log.ops[len(at.log.ops)-1]
	if op.Kind != grid.Repair || len(op.Changes) != 1 || op.Changes[0] != (grid.Change{Row: 8, Column: "Nom", Before: " Halle  ", After: "Halle"}) {
		t.Errorf("got %+v", op)
	}
	says(t, at.ask(t, "ada", "/datasets/d/grid/repair", ""), 200, "Réparé dans la grille par Ada")
	says(t, at.ask(t, "ada", "/datasets/d/grid/history", ""), 200, "Espaces en trop, colonne")
	goes(t, at.ask(t, "ada", "/datasets/d/grid/undo", "of=3"), "/datasets/d/grid")
	says(t, at.ask(t, "ada", "/datasets/d/grid/repair", ""), 200, "Réparer dans la grille")
	if op := at.log.ops[len(at.log.ops)-1]; op.Kind != grid.Undo || op.Changes[0].After != " Halle  " {
		t.Errorf("undone: got %+v", op)
	}
	if w := at.ask(t, "ada", "/datasets/d/grid/repair", "reason=dataset.none&field=Nom"); w.Code != http.StatusNotFound {
		t.Errorf("a group that is none: got status %d, want 404", w.Code)
	}
}

func TestEveryPageIsInBothLanguages(t *testing.T) {
	at := newWorld(t)
	at.do(t, "ada", edit(5, "Nom", "<Lieu 5>", "Halle"))
	at.do(t, "lin", grid.Op{Kind: grid.Edit, Added: []int64{-1}, Removed: []int64{9}, Changes: []grid.Change{{Row: -1, Column: "Nom", After: "Halle"}}})
	at.do(t, "eve", grid.Op{Kind: grid.Propose, Added: []int64{-1}, Changes: []grid.Change{{Row: -1, Column: "Nom", After: "Halle"}, {Row: 3, Column: "Prix", Before: "1234.5", After: "cher"}}})
	for _, page := range []string{"", "?at=2", "/cell?row=5", "/cell?row=9", "/add", "/keep", "/proposals", "/history", "/history?op=3", "/compare?from=2&to=3", "/repair", "/totals"} {
		for lang, word := range map[string]string{"fr": "Grille", "en": "Grid"} {
			at.lang = lang
			says(t, at.ask(t, "ada", "/datasets/d/grid"+page, ""), 200, `<html lang="`+lang+`"`, word)
		}
	}
}
