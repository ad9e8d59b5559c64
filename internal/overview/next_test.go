package overview

import (
	"testing"
	"time"

	"cultured/internal/catalogue"
	"cultured/internal/dataset"
)

// answered is a record with an answer to every question.
func answered() catalogue.Record {
	return catalogue.Record{Purpose: "Suivre les prêts", Limits: "Hors réseau", Origin: "Logiciel de prêt", Owner: "Hugo Tessier", Contact: "culture@demo.example",
		Frequency: "ANNUAL", Confidentiality: catalogue.Confidentialities()[0], Licence: "lov2", LastUpdate: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
}

func described() dataset.Dataset {
	return dataset.Dataset{ID: "d1", Dictionary: []dataset.Entry{{Name: "titre", Description: "Titre du document"}}}
}

func TestNext(t *testing.T) {
	half := described()
	half.Dictionary = append(half.Dictionary, dataset.Entry{Name: "cote"})
	in := func(r catalogue.Record, s catalogue.State) catalogue.Record { r.State = s; return r }
	silent := answered()
	silent.Purpose, silent.Licence = "", ""
	for _, tc := range []struct {
		name    string
		dataset dataset.Dataset
		record  catalogue.Record
		fixable int
		want    Step
		open    int
		path    string
	}{
		{"a fresh dataset with safe fixes is repaired first", half, catalogue.Record{}, 3, Repair, 6, "/datasets/d1/quality"},
		{"without a fix the questions come first", half, silent, 0, Document, 2, "/datasets/d1/record"},
		{"then the columns nobody described", half, answered(), 0, Describe, 0, "/datasets/d1/dictionary"},
		{"then the review", described(), answered(), 0, Submit, 0, "/datasets/d1/record"},
		{"a record in review waits, even with fixes", half, in(silent, catalogue.StateInReview), 3, Wait, 2, "/datasets/d1/record"},
		{"a published one is kept, fixes or not", half, in(answered(), catalogue.StatePublished), 3, Keep, 0, "/datasets/d1"},
		{"a published one with a question open asks it", half, in(silent, catalogue.StatePublished), 3, Document, 2, "/datasets/d1/record"},
		{"a record shown inside may be submitted", described(), in(answered(), catalogue.StateInternal), 0, Submit, 0, "/datasets/d1/record"},
		{"a withdrawn one may come back", described(), in(answered(), catalogue.StateWithdrawn), 0, Submit, 0, "/datasets/d1/record"},
		{"a dataset without columns has none to describe", dataset.Dataset{ID: "d1"}, answered(), 0, Submit, 0, "/datasets/d1/record"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Next(tc.dataset, tc.record, tc.fixable)
			if got.Step != tc.want || got.Open != tc.open || got.Path() != tc.path {
				t.Errorf("got %s, %d open, %s; want %s, %d open, %s", got.Step, got.Open, got.Path(), tc.want, tc.open, tc.path)
			}
		})
	}
}

func TestPick(t *testing.T) {
	for _, tc := range []struct {
		name  string
		steps []Step
		first int // index, -1 for none
		then  []int
	}{
		{"nothing at all", nil, -1, nil},
		{"nothing due", []Step{Wait, Keep}, -1, nil},
		{"the latest due comes first", []Step{Wait, Describe, Keep, Repair}, 1, []int{3}},
		{"no more than asked for", []Step{Submit, Repair, Document, Describe}, 0, []int{1, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var all []Proposal
			for i, s := range tc.steps {
				all = append(all, Proposal{Step: s, Open: i})
			}
			first, then := Pick(all, 2)
			if got := first != nil; got != (tc.first >= 0) || got && first.Open != tc.first {
				t.Fatalf("got first %+v, want %d", first, tc.first)
			}
			if len(then) != len(tc.then) {
				t.Fatalf("got %d then, want %d", len(then), len(tc.then))
			}
			for i, p := range then {
				if p.Open != tc.then[i] {
					t.Errorf("then %d: got %d, want %d", i, p.Open, tc.then[i])
				}
			}
		})
	}
}
