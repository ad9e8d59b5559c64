package formweb_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"cultured/internal/form"
)

func TestAModel_isAdoptedInThePages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		f := form.New("Subvention")
		for _, b := range []form.Block{{Kind: form.One, Label: "Statut", Options: []string{"Association", "Autre"}}, {Kind: form.Number, Label: "Montant"}} {
			_, err := f.Put(b)
			ok(t, err)
		}
		f, err := h.Create(t.Context(), people["ada"], f)
		ok(t, err)
		f, err = h.Publish(t.Context(), people["ada"], f.ID, f.Revision)
		ok(t, err)
		at := "/forms/" + string(f.ID)
		h.send(t, "ada", at+"/model", url.Values{"do": {"offer"}}, 303)
		h.page(t, "eve", "/forms/models", 200, "Subvention", "Montant")
		h.send(t, "eve", "/forms/models", url.Values{"model": {string(f.ID)}}, 303)
		mine, err := h.List(t.Context(), people["eve"])
		ok(t, err)
		if len(mine) != 1 || mine[0].Model == nil {
			t.Fatalf("got %+v", mine)
		}
		own := "/forms/" + string(mine[0].ID)
		h.send(t, "eve", own+"/blocks/statut", url.Values{"revision": {"1"}, "kind": {"line"}, "label": {"Autre chose"}, "column": {"FORME"}, "codes": {"Association = 9220\r\nAutre ="}, "after": {"-"}}, 303)
		mine, err = h.List(t.Context(), people["eve"])
		ok(t, err)
		if b := mine[0].Blocks[0]; b.Label != "Statut" || b.Column != "FORME" || b.Codes["Association"] != "9220" || len(b.Codes) != 1 || !b.Common {
			t.Errorf("got %+v", b)
		}
		for path, says := range map[string]string{own: "Dans vos fichiers", own + "/blocks/statut": "Question commune", own + "/model": "Ce formulaire suit", own + "/compare?by=houses": "Rien à comparer", at + "/model.json": `"format": "cultured-form/1"`} {
			who := "eve"
			if strings.HasPrefix(path, at) {
				who = "ada"
			}
			h.page(t, who, path, 200, says)
		}
		h.now = h.now.Add(time.Minute)
		h.send(t, "eve", own+"/renew", url.Values{"edition": {"2027"}}, 303)
		if mine, err = h.List(t.Context(), people["eve"]); err != nil || len(mine) != 2 || mine[1].Edition != "2027" || mine[1].Model == nil {
			t.Errorf("got %+v, %v", mine, err)
		}
	})
}
