package datasetweb_test

import (
	"net/http"
	"strings"
	"testing"

	"cultured/internal/fault"
)

func TestImportFromAnAddress(t *testing.T) {
	b := open(t).browser("ada")
	has(t, b.page("/check"), "Ou donnez son adresse", `name="address"`)
	w := b.post("/check/address", "address", "n’importe quoi")
	if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
		t.Errorf("got %d", w.Code)
	}
	has(t, w.Body.String(), "n’importe quoi", `aria-invalid="true"`)

	b.away.fault = fault.New(fault.Invalid, "dataset.no_file")
	at := b.follow("/check/address", "address", "https://exemple.fr/parkings")
	has(t, b.page(at), "https://exemple.fr/parkings", "Réessayer")
	b.away.fault, b.away.file, b.away.etag = nil, parkings, `"1"`
	if to := b.follow(at+"/retry", "x", "y"); to != at {
		t.Errorf("got %q", to)
	}
	has(t, b.page(at), "parkings.csv", "Parking du Marché")

	to := b.follow(at + "/keep")
	history := b.page(to + "/history")
	has(t, history, "https://exemple.fr/parkings", "Inchangé depuis le", "Chaque semaine")
	if back := b.follow(to + "/refresh"); !strings.HasPrefix(back, to+"/history") {
		t.Errorf("unchanged: got %q", back)
	}
	has(t, b.page(to+"/history"), "pas de nouvelle version")
	b.away.file, b.away.etag = parkings+"Parking Neuf;10;21310555400017;2025-01-01\n", `"2"`
	if back := b.follow(to + "/refresh"); back != to+"/quality" {
		t.Errorf("changed: got %q", back)
	}
	has(t, b.page(to+"/history"), "Version 2", "Fichier actualisé depuis son adresse", "1 ligne de plus")
	b.follow(to+"/address", "address", "https://exemple.fr/autre", "every", "weekly")
	has(t, b.page(to+"/history"), "https://exemple.fr/autre", "Prochaine fois")
	has(t, b.post(to+"/address", "address", "https://exemple.fr/autre", "every", "hourly").Body.String(), "Choisissez un rythme")
}
