package recipe

import (
	"reflect"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

const mapStep = `[{"do":"map","schema":"s","fields":[{"field":"date","column":"Jour","convert":true},{"field":"type","column":"genre","values":{"asso":"association"}},{"field":"pays","constant":"FR"}],"rule":{"fields":[{"name":"date","type":"date","format":"default"},{"name":"type","type":"string"},{"name":"pays","type":"string"}]}}]`

func TestMap_givesTheColumnsOfTheSchema(t *testing.T) {
	got, tallies, err := cook(table("genre;type;jour;n|asso;1;25/12/2024;2|autre;;hier;3|;;;"), read(t, mapStep), Kitchen{})
	if want := table("date;type;pays;type_2;n|2024-12-25;association;FR;1;2|hier;autre;FR;;3|;;;;"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
	if tallies[0].Changed != 2 {
		t.Errorf("got %+v", tallies[0])
	}
	only := read(t, mapStep)
	only[0].(*Map).Drop = true
	if got, _, err := cook(table("genre;type;jour;n|asso;1;25/12/2024;2"), only, Kitchen{}); err != nil || !reflect.DeepEqual(got, table("date;type;pays|2024-12-25;association;FR")) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestMap_refusesAFileWithoutAColumn(t *testing.T) {
	for _, tc := range []struct{ header, step, want string }{
		{"genre;n", mapStep, "recipe.no_column"},
		{"Jour;genre", `[{"do":"map","schema":"s","fields":[]}]`, "recipe.map_nothing"},
		{"Jour;genre", `[{"do":"map","schema":"s","fields":[{"field":"a","column":"Jour"},{"field":"b","column":"Jour"}],"rule":{"fields":[]}}]`, "recipe.map_twice"},
		{"Jour;genre", `[{"do":"map","schema":"s","fields":[{"field":"a","column":"Jour"},{"field":"a","column":"genre"}],"rule":{"fields":[]}}]`, "recipe.name_taken"},
	} {
		if _, _, err := cook(table(tc.header), read(t, tc.step), Kitchen{}); !fault.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %s", tc.step, err, tc.want)
		}
	}
}

func TestMap_learnsFromTheKitchen(t *testing.T) {
	k := Kitchen{Map: func(table tabular.Table, m *Map) error {
		m.Fields, m.Rule = []Mapped{{Field: "a", Column: table.Columns()[1]}}, &schema.Schema{}
		return nil
	}}
	m := &Map{Schema: "s"}
	if err := Learn(&lines{rows: table("x;y|1;2")}, m, 1, k); err != nil || len(m.Fields) != 1 || m.Fields[0].Column != "y" || Unlearned(m) {
		t.Errorf("got %+v, %v", m, err)
	}
	if err := Learn(&lines{rows: table("x|1")}, &Map{Schema: "s"}, 1, Kitchen{}); !fault.Is(err, "recipe.map_nothing") {
		t.Errorf("got %v", err)
	}
}
