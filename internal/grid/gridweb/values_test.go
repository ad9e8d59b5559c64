package gridweb_test

import (
	"net/http"
	"strings"
	"testing"

	"cultured/internal/dataset"
)

func TestTheValuesOfAColumn(t *testing.T) {
	at := newWorld(t)
	rec := at.ask(t, "ada", "/datasets/d/grid/values?column=nom&filter=nom:eq:x&filter=prix:gt:3", "")
	if body := rec.Body.String(); rec.Code != http.StatusOK || !strings.Contains(body, `{"values":[{"value":"Évreux","shown":"Évreux","count":77}],"more":false}`) {
		t.Fatalf("got %d %s", rec.Code, body)
	}
	if w := at.grouped.Where; len(w) != 1 || w[0].Column != "Prix" || w[0].Op != dataset.Greater {
		t.Errorf("what the others filter counts, not what the column does: got %+v", w)
	}
	for who, path := range map[string]string{"ada": "/datasets/d/grid/values?column=no", "stranger": "/datasets/d/grid/values?column=nom"} {
		if rec := at.ask(t, who, path, ""); rec.Code != http.StatusNotFound {
			t.Errorf("%s: got %d", path, rec.Code)
		}
	}
}
