package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cultured/content/demo"
	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/contact"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/tabular"
	"cultured/internal/ui"
)

// one is whoever asks, always the same.
type one struct{ actor.Actor }

func (o one) Identify(context.Context, string) (actor.Actor, error) { return o.Actor, nil }

// Who refused is in no file of a list, whichever way it leaves; the whole of it, refusals marked, takes a reason that is kept.
func TestWhoRefusedLeavesInNoFile(t *testing.T) {
	h, ctx := built(t), t.Context()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ada := actor.Actor{ID: "ada", Organisation: "o", Name: "Ada"}
	c, err := h.dataset.Submit(ctx, ada, dataset.SubmitForm{Body: strings.NewReader("nom;courriel;autre;note\nAna;ana@exemple.fr;;01\nBéa;bea@exemple.fr;06 39 98 12 54;02\nCarl;carl@exemple.fr;;03\n"), Name: "abonnes.csv"})
	ok(err)
	ok(h.dataset.Run(ctx, c.ID, func(int64, int64, string) {}))
	d, err := h.dataset.Keep(ctx, ada, c.ID)
	ok(err)
	ok(h.contact.Mark(ctx, ada, string(d.ID), contact.List{Email: "courriel", Name: "nom"}))
	site, err := h.site(nil)
	ok(err)
	site.Identify = one{ada}
	ask := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "session", Value: "x"})
		r.AddCookie(&http.Cookie{Name: "__Host-session", Value: "x"})
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		return w
	}
	base := ui.Link("/datasets", string(d.ID))
	if w := ask("GET", base+"/versions/1/original", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "bea@") {
		t.Fatalf("nobody refused: got %d %s", w.Code, w.Body)
	}
	_, err = h.contact.Object(ctx, ada, "+33 6 39 98 12 54\nANA@exemple.fr", "appel")
	ok(err)
	for _, format := range dataset.Formats() {
		w := ask("GET", base+"/versions/1/data?format="+string(format), nil)
		if w.Code != 200 {
			t.Fatalf("%s: got %d %s", format, w.Code, w.Body)
		}
		var text string
		switch format {
		case dataset.XLSX, dataset.ODS:
			table, err := tabular.Open(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()), "x."+string(format), tabular.Options{})
			ok(err)
			for row, err := table.Next(); err == nil; row, err = table.Next() {
				text += strings.Join(row.Cells, ",") + "\n"
			}
			ok(table.Close())
		default:
			text = w.Body.String()
		}
		if strings.Contains(text, "ana@") || strings.Contains(text, "bea@") || !strings.Contains(text, "carl@exemple.fr") {
			t.Errorf("%s: got %q", format, text)
		}
	}
	if w := ask("GET", base+"/versions/1/original", nil); w.Code != 403 {
		t.Errorf("the original: got %d", w.Code)
	}
	if w := ask("GET", base+"/grid/export?format=csv", nil); w.Code != 403 {
		t.Errorf("the grid: got %d", w.Code)
	}
	if w := ask("GET", base+"/use", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "/contacts/lists/"+string(d.ID)) || strings.Contains(w.Body.String(), "/original") {
		t.Errorf("the page of downloads: got %d", w.Code)
	}
	all, err := demo.Load()
	ok(err)
	rec, err := h.catalogue.Record(ctx, ada, string(d.ID))
	ok(err)
	opened := rec.Version
	ok(json.Unmarshal(all.Datasets[0].Record, &rec))
	rec.Version = opened
	_, err = h.catalogue.Save(ctx, ada, rec, nil)
	ok(err)
	_, err = h.catalogue.Act(ctx, ada, string(d.ID), catalogue.Submit, "")
	ok(err)
	rec, err = h.catalogue.Act(ctx, actor.Actor{ID: "sue", Organisation: "o", Roles: []actor.Role{actor.Steward}}, string(d.ID), catalogue.Publish, "Liste de partenaires qui l’ont demandé.")
	ok(err)
	for path, want := range map[string]int{"/api/v1/datasets/" + rec.Slug + "/rows": 403, "/api/v1/datasets/" + rec.Slug + "/aggregate?group=courriel&count=": 403, "/catalogue/" + rec.Slug: 200, "/catalogue/" + rec.Slug + "/data/x.csv": 200} {
		if w := ask("GET", path, nil); w.Code != want || strings.Contains(w.Body.String(), "ana@") {
			t.Errorf("%s: got %d %s", path, w.Code, w.Body)
		}
	}
	whole := ui.Link("/contacts/lists", string(d.ID), "whole")
	if w := ask("POST", whole, url.Values{"why": {"il le faut"}, "format": {"csv"}}); w.Code != 422 || !strings.Contains(w.Body.String(), "il le faut") {
		t.Errorf("a short reason: got %d", w.Code)
	}
	w := ask("POST", whole, url.Values{"why": {"Corriger les adresses avec le prestataire."}, "format": {"csv"}})
	if want := "nom,courriel,autre,note,refuse_contact\nAna,ana@exemple.fr,,01,true\nBéa,bea@exemple.fr,06 39 98 12 54,02,true\nCarl,carl@exemple.fr,,03,false\n"; w.Code != 200 || w.Body.String() != want {
		t.Errorf("got %d %q, want %q", w.Code, w.Body, want)
	}
	var kept int
	ok(h.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM outbox_event WHERE verb = 'contact.log_given_whole' AND detail LIKE '%prestataire%'`).Scan(&kept))
	if kept != 1 {
		t.Errorf("the reason is kept %d times", kept)
	}
	ok(h.contact.Turn(ctx, ada, string(d.ID), true))
	if w := ask("GET", "/api/v1/datasets/"+rec.Slug+"/rows", nil); w.Code != 200 {
		t.Errorf("rows of what is no list any more: got %d", w.Code)
	}
	if w := ask("GET", base+"/versions/1/original", nil); w.Code != 200 {
		t.Errorf("it is no list any more: got %d", w.Code)
	}
	if err := h.leaves(ctx, "elsewhere", d.ID); err != nil {
		t.Errorf("got %v", err)
	}
	if _, err := h.contact.Whole(ctx, actor.Actor{ID: "eve", Organisation: "elsewhere"}, string(d.ID), strings.Repeat("x", 30)); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: got %v", err)
	}
}
