package datasetfile_test

import (
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/schema"
)

// grantsSchema is a schema of three columns.
func (h *house) grantsSchema(t *testing.T) {
	t.Helper()
	s, err := schema.Read([]byte(`{"title": "Aides", "fields": [{"name": "donneur", "type": "string", "constraints": {"required": true}},
		{"name": "jour", "type": "date", "constraints": {"required": true}}, {"name": "montant", "type": "number"}]}`), "x.json")
	ok(t, err)
	h.Schema = func(ref string) (*schema.Schema, error) {
		if ref != "aides" {
			return nil, fault.New(fault.NotFound, "schema.unknown")
		}
		return s, nil
	}
}

const march, april = "Jour;Montants;x\n12/03/2024;1 200,5;a\n13/03/2024;30;b\n", "MONTANTS;jour;y\n7;01/04/2024;c\n"

func TestDraft_isMadeOnceRememberedAndReplayed(t *testing.T) {
	h := build(t)
	h.grantsSchema(t)
	c := h.examined(t, ada, march, "mars.csv")
	d, err := h.Draft(t.Context(), ada, c.Source, "aides")
	ok(t, err)
	if day, _ := d.Mapping.Of("jour"); day.Column != "Jour" || d.Matches == nil {
		t.Fatalf("got %+v", d.Mapping)
	}
	d.Mapping.Fields = append([]dataset.Mapped{{Field: "donneur", Constant: "Valmoret"}}, d.Mapping.Fields...)
	step, err := d.Mapping.Step(d.Schema)
	ok(t, err)
	ok(t, h.Remember(t.Context(), ada, d.Mapping, d.Seen.Names()))
	_, err = h.Change(t.Context(), ada, c.ID, func(src *dataset.Source) error {
		src.Plan, src.Schema = src.Plan.WithMap(step), "aides"
		return nil
	})
	ok(t, err)
	c = h.ran(t, ada, c.ID)
	if rows := h.rows(t, c.Outcome); c.Outcome.Report.Errors > 0 || rows[0][1] != "Valmoret" || rows[0][3] != 1200.5 {
		t.Errorf("got %v, %+v", rows, c.Outcome.Report.Groups)
	}
	// Opened again, the mapping is the one made; another is made from the file, not from what it became.
	again, err := h.Draft(t.Context(), ada, c.Source, "aides")
	ok(t, err)
	if again.Matches != nil || len(again.Mapping.Fields) != 3 || len(again.Seen.Names()) != 3 || again.Seen.Names()[0] != "Jour" {
		t.Errorf("got %+v, %v", again.Mapping, again.Seen.Names())
	}

	h.now = h.now.Add(time.Hour)
	next := h.examined(t, ada, april, "avril.csv")
	known, found, err := h.Recall(t.Context(), ada, next.Outcome.Report.Columns)
	if err != nil || !found || known.ByName != "Ada" || known.Mapping.Schema != "aides" {
		t.Errorf("got %+v, %v, %v", known, found, err)
	}
	for who, by := range map[string]actor.Actor{"a visitor": nobody, "another organisation": {ID: "eve", Organisation: "elsewhere"}} {
		if _, found, err := h.Recall(t.Context(), by, next.Outcome.Report.Columns); found || err != nil {
			t.Errorf("%s: got %v, %v", who, found, err)
		}
	}
	if _, found, _ := h.Recall(t.Context(), ada, []string{"jour", "autre"}); found {
		t.Error("a header that lacks a column is offered its mapping")
	}
	if err := h.Remember(t.Context(), nobody, d.Mapping, nil); err != nil || h.count(t, "dataset_mapping") != 1 {
		t.Errorf("a visitor’s: got %v", err)
	}
	if _, err := h.Draft(t.Context(), ada, next.Source, "inconnu"); !fault.Is(err, "schema.unknown") {
		t.Errorf("got %v", err)
	}
	if dataset.HeaderKey([]string{"É", "b"}) != dataset.HeaderKey([]string{"B", "e"}) || dataset.HeaderKey([]string{"a"}) == dataset.HeaderKey([]string{"b"}) {
		t.Error("a header is its columns in any order, case and accents aside")
	}
}
