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
			want[i].ByName = "Ada"
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
