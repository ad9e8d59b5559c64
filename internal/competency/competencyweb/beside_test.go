package competencyweb_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"cultured/internal/competency"
)

func TestBeside(t *testing.T) {
	h := open(t)
	w := h.as(t, "bob", "fr", http.MethodGet, "/competencies/compare", nil)
	judge(t, w, 200, []string{"Il faut deux référentiels"}, []string{"Importer"})
	judge(t, h.as(t, "ada", "fr", http.MethodGet, "/competencies/compare", nil), 200, []string{"/competencies/import"}, nil)

	ada := people["ada"]
	other, err := h.service.Create(t.Context(), ada, competency.Framework{Title: competency.Text{"fr": "Métiers de demain"}, Languages: []string{"fr"}})
	ok(t, err)
	for _, it := range []competency.Item{
		{Kind: competency.Competence, Code: "A", Label: competency.Text{"fr": "Distinguer donnée, métadonnée, information et document"},
			Alignments: []competency.Alignment{{Scheme: "Culture D", Code: "D1.2", Match: competency.Broad}}},
		{Kind: competency.Competence, Code: "B", Label: h.coded(t, "D4.2").Label},
		{Kind: competency.Competence, Code: "C", Label: competency.Text{"fr": "Souder à l’arc"}},
	} {
		_, err = h.service.AddItem(t.Context(), ada, other, it)
		ok(t, err)
	}
	_, err = h.service.Publish(t.Context(), ada, other, 4, "prête")
	ok(t, err)
	at := "/competencies/compare?left=" + string(h.id) + "&right=" + string(other)
	judge(t, h.as(t, "bob", "fr", http.MethodGet, at, nil), 200,
		[]string{"Culture D et Métiers de demain, côte à côte", "L’autre est plus étroit", "Mots proches (100\u00a0%)", "Souder à l’arc", "Rien ne lui répond"}, []string{"Établir le lien"})
	judge(t, h.as(t, "bob", "en", http.MethodGet, at, nil), 200, []string{`<span lang="fr">Souder à l’arc</span>`, "Nothing answers it"}, nil)
	w = h.as(t, "ada", "fr", http.MethodGet, at, nil)
	judge(t, w, 200, []string{"Établir le lien"}, nil)
	_, link, _ := strings.Cut(w.Body.String(), `/alignments?`)
	link, _, _ = strings.Cut(link, `"`)
	judge(t, h.as(t, "ada", "fr", http.MethodGet, "/competencies/F/items/C:D4.2/alignments?"+html.UnescapeString(link), nil), 200,
		[]string{`value="Métiers de demain"`, `value="B"`, `value="close" checked`}, nil)
	judge(t, h.as(t, "bob", "fr", http.MethodGet, "/competencies/compare?left=F&right=nothing", nil), 404, []string{"Ce référentiel"}, nil)

	file := h.as(t, "bob", "fr", http.MethodGet, strings.Replace(at, "compare", "compare.csv", 1), nil).Body.String()
	lines := strings.Split(strings.TrimSpace(file), "\n")
	if len(lines) != 1+45+1 || lines[0] != "left_code,left_label,match,common_words,checked,right_code,right_label" || !strings.Contains(file, ",words,1.00,,B,") || !strings.HasSuffix(strings.TrimSpace(file), ",C,Souder à l’arc") {
		t.Errorf("%d lines: %s", len(lines), file)
	}
}
