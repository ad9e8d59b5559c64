package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/privacy"
	"cultured/internal/recipe"
)

// A table is protected by steps, k and l are claimed, the table leaves as a file, and whoever received it counts again.
func TestTheClaimedKIsThatOfTheFile(t *testing.T) {
	h, ctx := built(t), t.Context()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ada := actor.Actor{ID: "ada", Organisation: "o", Name: "Ada"}
	r := rand.New(rand.NewPCG(21, 22))
	var file strings.Builder
	file.WriteString("nom;naissance;commune;revenu;aide\n")
	for i := range 3000 {
		fmt.Fprintf(&file, "Personne %d;%d-%02d-%02d;%05d;%d;%s\n", i, 1960+r.IntN(3), 1+r.IntN(12), 1+r.IntN(28), 35001+r.IntN(2)*4000+r.IntN(300), 900+r.IntN(1800), []string{"logement", "cantine", "transport", ""}[r.IntN(4)])
	}
	c, err := h.dataset.Submit(ctx, ada, dataset.SubmitForm{Body: strings.NewReader(file.String()), Name: "aides.csv"})
	ok(err)
	ok(h.dataset.Run(ctx, c.ID, func(int64, int64, string) {}))
	d, err := h.dataset.Keep(ctx, ada, c.ID)
	ok(err)
	known := []string{"naissance", "commune", "revenu"}
	if before := claim(t, h, ada, d.ID, known); before.K != 1 || before.Under(5) != before.Rows {
		t.Errorf("before: k %d, %d of %d rows alone", before.K, before.Under(5), before.Rows)
	}
	c, err = h.dataset.Revise(ctx, ada, d.ID, dataset.WhyCleaned, func(s *dataset.Source) error {
		s.Plan = append(s.Plan, dataset.RecipeFix(recipe.Recipe{&recipe.Drop{Columns: []string{"nom"}}, &recipe.Generalise{Columns: []string{"naissance"}, To: "year"},
			&recipe.Generalise{Columns: []string{"commune"}, To: "department"}, &recipe.Generalise{Columns: []string{"revenu"}, To: "thousands"}}))
		return nil
	})
	ok(err)
	ok(h.dataset.Run(ctx, c.ID, func(int64, int64, string) {}))
	after := claim(t, h, ada, d.ID, known)
	if after.K < 5 || after.L < 2 || after.Under(5) != 0 {
		t.Errorf("after: k %d, l %d", after.K, after.L)
	}
}

// claim measures a dataset as its page does, and counts the file of it again: it fails where they differ.
func claim(t *testing.T, h *house, by actor.Actor, id dataset.ID, known []string) privacy.Measure {
	t.Helper()
	_, v, err := h.dataset.Current(t.Context(), by, id)
	if err != nil {
		t.Fatal(err)
	}
	crowds, err := h.dataset.Crowds(t.Context(), v.Outcome, dataset.CrowdAsk{Alike: known, Of: "aide", Most: privacy.MostValues})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []privacy.Kind
	for _, c := range crowds {
		kinds = append(kinds, privacy.Kind{Rows: c.Rows, Values: c.Values, Classes: c.Groups})
	}
	m := privacy.Measured(kinds)
	var file bytes.Buffer
	if err := h.dataset.Export(t.Context(), v.Outcome, dataset.CSV, &file); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(row []string, column string) string { return row[slices.Index(rows[0], column)] }
	crowd, secrets := map[string]int{}, map[string]map[string]bool{}
	for _, row := range rows[1:] {
		key := ""
		for _, column := range known {
			key += at(row, column) + "|"
		}
		if crowd[key]++; secrets[key] == nil {
			secrets[key] = map[string]bool{}
		}
		secrets[key][at(row, "aide")] = true
	}
	k, l, told := slices.Min(slices.Collect(maps.Values(crowd))), len(rows), 0
	for key, values := range secrets {
		l = min(l, len(values))
		if len(values) == 1 {
			told += crowd[key]
		}
	}
	if m.K != int64(k) || m.L != int64(l) || m.Told != int64(told) || m.Classes != int64(len(crowd)) || m.Rows != int64(len(rows)-1) {
		t.Errorf("claimed k %d, l %d, %d told, %d classes; counted in the file: %d, %d, %d, %d", m.K, m.L, m.Told, m.Classes, k, l, told, len(crowd))
	}
	return m
}
