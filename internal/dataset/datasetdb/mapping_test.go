package datasetdb_test

import (
	"reflect"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/fault"
)

func decided(schema, header, column string, at time.Time) dataset.Remembered {
	return dataset.Remembered{Header: header, At: at, Mapping: dataset.Mapping{Schema: schema, Drop: true,
		Fields: []dataset.Mapped{{Field: "a", Column: column, Convert: true, Values: map[string]string{"é": "e"}}, {Field: "b", Constant: "x"}}}}
}

func TestRemember_keepsTheLastMappingOfAHeaderForItsOrganisationAlone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		m := datasetdb.Mappings{Store: h.Store}
		ok(t, m.Remember(t.Context(), ada, decided("scdl/x", "h1", "one", noon)))
		ok(t, m.Remember(t.Context(), ada, decided("scdl/x", "h2", "two", noon.Add(time.Minute))))
		ok(t, m.Remember(t.Context(), ada, decided("scdl/x", "h1", "three", noon.Add(time.Hour))))
		ok(t, m.Remember(t.Context(), eve, decided("scdl/x", "h1", "hers", noon.Add(2*time.Hour))))
		got, err := m.Known(t.Context(), "o", 10)
		ok(t, err)
		want := []dataset.Remembered{decided("scdl/x", "h1", "three", noon.Add(time.Hour)), decided("scdl/x", "h2", "two", noon.Add(time.Minute))}
		for i := range want {
			want[i].By, want[i].ByName = ada.ID, "Ada"
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%+v\nwant\n%+v", got, want)
		}
		if last, err := m.Known(t.Context(), "o", 1); err != nil || len(last) != 1 || last[0].Mapping.Fields[0].Column != "three" {
			t.Errorf("the last one: got %+v, %v", last, err)
		}
		if none, err := m.Known(t.Context(), "", 10); err != nil || len(none) != 0 {
			t.Errorf("of nobody: got %+v, %v", none, err)
		}
		if err := m.Remember(t.Context(), actor.Actor{}, decided("scdl/x", "h", "c", noon)); !fault.Is(err, "dataset.sign_in_first") {
			t.Errorf("a visitor: got %v", err)
		}
		if verbs := h.verbs(t); len(verbs) != 4 || verbs[0] != "dataset.mapping_kept" {
			t.Errorf("said %v", verbs)
		}
	})
}

func TestAmend_renamesForgetsAndTakesBackWithinTheOrganisation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		m := datasetdb.Mappings{Store: h.Store}
		of := dataset.MappingKey{Schema: "scdl/x", Header: "h1"}
		ok(t, m.Remember(t.Context(), ada, decided("scdl/x", "h1", "one", noon)))
		ok(t, m.Remember(t.Context(), eve, decided("scdl/x", "h1", "hers", noon)))
		amend := func(by actor.Actor, gone time.Time, change func(*dataset.Remembered)) error {
			return m.Amend(t.Context(), by, dataset.Amendment{Of: of, Verb: "dataset.mapping_named", Gone: gone}, func(r *dataset.Remembered) error { change(r); return nil })
		}
		names := func(organisation string) (out []string) {
			all, err := m.Known(t.Context(), organisation, 10)
			ok(t, err)
			for _, r := range all {
				out = append(out, r.Name+"/"+r.Mapping.Fields[0].Column)
			}
			return out
		}
		ok(t, amend(ada, noon, func(r *dataset.Remembered) { r.Name = "Grants" }))
		if mine, hers := names("o"), names(eve.Organisation); !reflect.DeepEqual(mine, []string{"Grants/one"}) || !reflect.DeepEqual(hers, []string{"/hers"}) {
			t.Errorf("renamed: got %v, and elsewhere %v", mine, hers)
		}
		ok(t, amend(ada, noon, func(r *dataset.Remembered) { r.Forgotten = noon }))
		if mine, hers := names("o"), names(eve.Organisation); len(mine) != 0 || len(hers) != 1 {
			t.Errorf("forgotten: got %v, and elsewhere %v", mine, hers)
		}
		ok(t, amend(ada, noon, func(r *dataset.Remembered) { // not before noon: it can be taken back
			if !r.Forgotten.Equal(noon) {
				t.Errorf("forgotten at %v", r.Forgotten)
			}
			r.Forgotten = time.Time{}
		}))
		if got := names("o"); !reflect.DeepEqual(got, []string{"Grants/one"}) {
			t.Errorf("taken back: got %v", got)
		}
		ok(t, amend(ada, noon, func(r *dataset.Remembered) { r.Forgotten = noon }))
		ok(t, m.Remember(t.Context(), ada, decided("scdl/x", "h1", "two", noon)))
		if got := names("o"); !reflect.DeepEqual(got, []string{"Grants/two"}) {
			t.Errorf("decided again: got %v", got)
		}
		ok(t, amend(ada, noon, func(r *dataset.Remembered) { r.Forgotten = noon }))
		if err := amend(ada, noon.Add(time.Second), func(*dataset.Remembered) {}); !fault.Is(err, "dataset.mapping_gone") {
			t.Errorf("a day later: got %v", err)
		}
		if hers := names(eve.Organisation); len(hers) != 1 {
			t.Errorf("the other organisation's is gone: %v", hers)
		}
	})
}
