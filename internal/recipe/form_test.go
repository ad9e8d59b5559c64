package recipe_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/recipe"
)

func TestPurposes_groupEveryKindOnce(t *testing.T) {
	var all []string
	for _, p := range recipe.Purposes() {
		all = append(all, p.Kinds...)
	}
	slices.Sort(all)
	want := recipe.Kinds()
	slices.Sort(want)
	if !slices.Equal(all, want) {
		t.Errorf("got %v\nwant %v", all, want)
	}
}

// whole is a step of every kind, with all that people may give.
var whole = []string{
	`{"do":"trim","columns":["a","b"]}`,
	`{"do":"case","columns":["a"],"to":"upper"}`,
	`{"do":"replace","columns":["a"],"find":" x ","with":"","regexp":true,"whole":true}`,
	`{"do":"split","column":"a","by":" - ","into":["x","y z"],"keep":true}`,
	`{"do":"merge","columns":["a","b"],"by":" ","into":"c","keep":true}`,
	`{"do":"date","columns":["a"]}`,
	`{"do":"number","columns":["a"]}`,
	`{"do":"fill","columns":["a"]}`,
	`{"do":"unpivot","columns":["a","b"],"name":"n","value":"v","empty":true}`,
	`{"do":"totals"}`,
	`{"do":"filter","column":"a","is":"less","value":" 3","drop":true}`,
	`{"do":"deduplicate","columns":["a"],"keep":"fullest","loose":true}`,
	`{"do":"deduplicate","columns":[],"keep":"first"}`,
	`{"do":"cluster","column":"a","values":{"x":"y","z":"y"}}`,
	`{"do":"join","with":"d","on":"a","their":"k","take":["x"],"loose":true,"only":true}`,
	`{"do":"derive","into":"c","formula":"[a]*2"}`,
	`{"do":"aggregate","by":["a"],"measures":[{"fn":"count","into":"n"},{"fn":"sum","column":"b","into":"s"}]}`,
	`{"do":"rename","columns":["a"],"to":["z"]}`,
	`{"do":"keep","columns":["a"]}`,
	`{"do":"drop","columns":["a"]}`,
	`{"do":"order","columns":["b"]}`,
	`{"do":"generalise","columns":["a"],"to":"department"}`,
	`{"do":"mask","columns":["a","b"],"keep":2}`,
	`{"do":"pseudonym","columns":["a"]}`,
	`{"do":"sort","columns":["b","a"],"down":true}`,
	`{"do":"commune","column":"a","within":"b"}`,
	`{"do":"address","columns":["a","b"]}`,
	`{"do":"explode","column":"a","by":" ; "}`,
	`{"do":"shuffle","columns":["a","b"]}`,
}

func TestGiven_andReadAreEachOtherBack(t *testing.T) {
	kinds := map[string]bool{"header": true, "pivot": true, "sql": true, "map": true} // learned from rows, below
	for _, raw := range whole {
		var r recipe.Recipe
		if err := json.Unmarshal([]byte("["+raw+"]"), &r); err != nil {
			t.Fatal(err)
		}
		kinds[r[0].Kind()] = true
		if !recipe.Alone(r[0]) {
			t.Errorf("%s: no form holds it", raw)
		}
		again, err := recipe.Read(r[0].Kind(), recipe.Given(r[0]))
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		got, err := json.Marshal(recipe.Recipe{again})
		if err != nil || string(got) != "["+raw+"]" {
			t.Errorf("got  %s, %v\nwant [%s]", got, err, raw)
		}
	}
	for _, k := range recipe.Kinds() {
		if !kinds[k] {
			t.Errorf("no step of kind %s was tried", k)
		}
	}
}

func TestGiven_ofAMappingIsReadBackButForItsRules(t *testing.T) {
	step := &recipe.Map{Schema: "s", Drop: true, Fields: []recipe.Mapped{{Field: "a", Column: "x", Convert: true, Values: map[string]string{"oui": "true"}}, {Field: "b", Constant: "FR"}}}
	again, err := recipe.Read("map", recipe.Given(step))
	if err != nil || !reflect.DeepEqual(again, step) {
		t.Errorf("got %+v, %v, want %+v", again, err, step)
	}
}

func TestRead_saysWhatIsMissingOfEachField(t *testing.T) {
	for kind, want := range map[string]string{"trim": "columns recipe.need_column", "split": "column recipe.need_column, by recipe.need_text, into recipe.need_text",
		"header": "rows recipe.need_count", "aggregate": "by recipe.need_column", "cluster": "column recipe.need_column, values recipe.need_values"} {
		_, err := recipe.Read(kind, nil)
		list, _ := errors.AsType[fault.List](err)
		var got []string
		for _, f := range list {
			got = append(got, f.Field+" "+f.Key)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: got %v, want %s", kind, got, want)
		}
	}
	_, err := recipe.Read("aggregate", map[string][]string{"by": {"a"}, "measures.fn": {"sum"}, "measures.column": {""}, "measures.into": {"total"}})
	if list, _ := errors.AsType[fault.List](err); len(list) != 1 || list[0].Key != "recipe.need_measure" {
		t.Errorf("a sum of nothing: got %v", err)
	}
	if _, err := recipe.Read("nothing", nil); !fault.Is(err, "recipe.no_kind") {
		t.Errorf("got %v", err)
	}
	if _, err := recipe.Read("totals", nil); err != nil {
		t.Errorf("a step that asks for nothing: %v", err)
	}
}

func TestAlone_leavesARenameOfSeveralToItsFile(t *testing.T) {
	if recipe.Alone(&recipe.Rename{Columns: []string{"a", "b"}, To: []string{"b", "a"}}) {
		t.Error("a form of one column would lose the other")
	}
}
