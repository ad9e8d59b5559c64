package recipe

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"cultured/internal/fault"
)

// ops of OpenRefine as its "Extract" writes them, cut to what matters.
func TestFromOpenRefine(t *testing.T) {
	facet := func(column, expression, selection string) string {
		return fmt.Sprintf(`{"op":"core/row-removal","engineConfig":{"facets":[{"type":"list","columnName":%q,"expression":%q,"invert":false,"selection":[%s],"selectBlank":false}],"mode":"row-based"}}`, column, expression, selection)
	}
	for _, tc := range []struct{ name, op, steps, told string }{
		{"mass edit", `{"op":"core/mass-edit","engineConfig":{"facets":[],"mode":"row-based"},"columnName":"b","expression":"value","edits":[{"from":["x","X"],"fromBlank":false,"fromError":false,"to":"Xx"}]}`, `[{"do":"cluster","column":"b","values":{"X":"Xx","x":"Xx"}}]`, ""},
		{"mass edit of a filter", `{"op":"core/mass-edit","engineConfig":{"facets":[{"type":"text"}]},"columnName":"b","expression":"value","edits":[{"from":["x"],"to":"y"}]}`, `null`, "1 recipe.told_faceted"},
		{"trim, then capitals", `{"op":"core/text-transform","columnName":"b","expression":"value.trim().toUppercase()","onError":"keep-original"}`, `[{"do":"replace","columns":["b"],"find":"\\A[\\s\\p{Z}]+|[\\s\\p{Z}]+\\z","with":"","regexp":true},{"do":"case","columns":["b"],"to":"upper"}]`, ""},
		{"replace a text", `{"op":"core/text-transform","columnName":"b","expression":"grel:value.replace(\"a\\\"\", 'b')","onError":"keep-original"}`, `[{"do":"replace","columns":["b"],"find":"a\"","with":"b"}]`, ""},
		{"replace what an expression finds", `{"op":"core/text-transform","columnName":"b","expression":"value.replace(/(\\d+)x/,'$1y')","onError":"keep-original"}`, `[{"do":"replace","columns":["b"],"find":"(\\d+)x","with":"${1}y","regexp":true}]`, ""},
		{"an expression of Java alone", `{"op":"core/text-transform","columnName":"b","expression":"value.replace(/(?<=a)b/,'')"}`, `null`, "1 recipe.told_expression"},
		{"numbers are read in French too", `{"op":"core/text-transform","columnName":"b","expression":"value.toNumber()","onError":"keep-original"}`, `[{"do":"number","columns":["b"]}]`, "1 recipe.told_otherwise"},
		{"another language", `{"op":"core/text-transform","columnName":"b","expression":"jython:return value"}`, `null`, "1 recipe.told_expression"},
		{"rename", `{"op":"core/column-rename","oldColumnName":"b","newColumnName":"z"}`, `[{"do":"rename","columns":["b"],"to":["z"]}]`, ""},
		{"remove", `{"op":"core/column-removal","columnName":"b"}`, `[{"do":"drop","columns":["b"]}]`, ""},
		{"reorder leaves the others out", `{"op":"core/column-reorder","columnNames":["c","a"]}`, `[{"do":"keep","columns":["c","a"]},{"do":"order","columns":["c","a"]}]`, ""},
		{"move", `{"op":"core/column-move","columnName":"c","index":1}`, `[{"do":"order","columns":["a","c"]}]`, ""},
		{"split into as many as set", `{"op":"core/column-split","columnName":"b","mode":"separator","separator":",","regex":false,"maxColumns":2,"removeOriginalColumn":true}`, `[{"do":"split","column":"b","by":",","into":["b 1","b 2"]}]`, ""},
		{"split into as many as there are", `{"op":"core/column-split","columnName":"b","mode":"separator","separator":",","maxColumns":0}`, `null`, "1 recipe.told_columns"},
		{"addition of cells", `{"op":"core/column-addition","baseColumnName":"a","newColumnName":"n","expression":"value + \" \" + cells[\"b\"].value"}`, `[{"do":"derive","into":"n","formula":"[a]\u0026\" \"\u0026[b]"},{"do":"order","columns":["a","n"]}]`, ""},
		{"addition of a changed copy", `{"op":"core/column-addition","baseColumnName":"c","newColumnName":"n","expression":"value.toLowercase()"}`, `[{"do":"derive","into":"n","formula":"[c]"},{"do":"case","columns":["n"],"to":"lower"}]`, ""},
		{"fill down", `{"op":"core/fill-down","columnName":"a"}`, `[{"do":"fill","columns":["a"]}]`, ""},
		{"rows that are blank", facet("a", "isBlank(value)", `{"v":{"v":true,"l":"true"}}`), `[{"do":"filter","column":"a","is":"empty","drop":true}]`, ""},
		{"rows of two values", facet("a", "value", `{"v":{"v":"x","l":"x"}},{"v":{"v":"y","l":"y"}}`), `[{"do":"filter","column":"a","is":"equal","value":"x","drop":true},{"do":"filter","column":"a","is":"equal","value":"y","drop":true}]`, ""},
		{"rows with a star", facet("a", "row.starred", `{"v":{"v":true}}`), `null`, "1 recipe.told_faceted"},
		{"columns into rows", `{"op":"core/transpose-columns-into-rows","startColumnName":"b","columnCount":2,"keyColumnName":"k","valueColumnName":"v","ignoreBlankCells":true,"fillDown":true}`, `[{"do":"unpivot","columns":["b","c"],"name":"k","value":"v"}]`, ""},
		{"several columns removed", `{"op":"core/column-multi-removal","columnNames":["a","b"]}`, `[{"do":"drop","columns":["a","b"]}]`, ""},
		{"values of a cell into rows", `{"op":"core/multivalued-cell-split","columnName":"b","keyColumnName":"a","mode":"separator","separator":", ","regex":false}`, `[{"do":"explode","column":"b","by":", "}]`, "1 recipe.told_otherwise"},
		{"rows in order", `{"op":"core/row-reorder","mode":"row-based","sorting":{"criteria":[{"valueType":"number","column":"b","blankPos":2,"errorPos":1,"reverse":true},{"valueType":"string","column":"a","reverse":true}]}}`, `[{"do":"sort","columns":["b","a"],"down":true}]`, "1 recipe.told_otherwise"},
		{"rows up and down at once", `{"op":"core/row-reorder","sorting":{"criteria":[{"column":"b","reverse":true},{"column":"a"}]}}`, `null`, "1 recipe.told_columns"},
		{"a part of each cell", `{"op":"core/text-transform","columnName":"b","expression":"value.substring(0, 2)","onError":"keep-original"}`, `[{"do":"replace","columns":["b"],"find":"\\A(?s)(.{0,2}).*\\z","with":"${1}","regexp":true}]`, ""},
		{"the first part", `{"op":"core/text-transform","columnName":"b","expression":"grel:value.split(\",\")[0].trim()"}`, `[{"do":"replace","columns":["b"],"find":"(?s)\\A(.*?),.*\\z","with":"${1}","regexp":true},{"do":"replace","columns":["b"],"find":"\\A[\\s\\p{Z}]+|[\\s\\p{Z}]+\\z","with":"","regexp":true}]`, ""},
		{"spaces that are doubled", `{"op":"core/text-transform","columnName":"b","expression":"value.replace(/\\s+/,' ')"}`, `[{"do":"replace","columns":["b"],"find":"\\s+","with":" ","regexp":true}]`, ""},
		{"null to nothing", `{"op":"core/text-transform","columnName":"b","expression":"null"}`, `[{"do":"replace","columns":["b"],"find":"(?s)\\A.*\\z","with":"","regexp":true}]`, ""},
		{"a part in the middle", `{"op":"core/text-transform","columnName":"b","expression":"value.substring(2, 5)","onError":"keep-original"}`, `[{"do":"replace","columns":["b"],"find":"\\A(?s).{0,2}(.{0,3}).*\\z","with":"${1}","regexp":true}]`, ""},
		{"the third part", `{"op":"core/text-transform","columnName":"b","expression":"value.split(\"-\")[2]"}`, `[{"do":"replace","columns":["b"],"find":"(?s)\\A(?:.*?-){2}(.*?)(?:-.*)?\\z","with":"${1}","regexp":true}]`, ""},
		{"the end taken off", `{"op":"core/text-transform","columnName":"b","expression":"value.chomp(' €')"}`, `[{"do":"replace","columns":["b"],"find":" €\\z","with":"","regexp":true}]`, ""},
		{"texts around", `{"op":"core/text-transform","columnName":"b","expression":"\"$ \" + value + ' HT'"}`, `[{"do":"replace","columns":["b"],"find":"(?s)\\A(.+)\\z","with":"$$ ${1} HT","regexp":true}]`, "1 recipe.told_otherwise"},
		{"value twice", `{"op":"core/text-transform","columnName":"b","expression":"value + value"}`, `null`, "1 recipe.told_expression"},
		{"dates of a format", `{"op":"core/text-transform","columnName":"b","expression":"value.toDate('dd/MM/yyyy', true)"}`, `[{"do":"date","columns":["b"]}]`, "1 recipe.told_otherwise"},
		{"rows of a text filter", `{"op":"core/row-removal","engineConfig":{"facets":[{"type":"text","columnName":"b","mode":"text","caseSensitive":false,"invert":false,"query":"a.b"}]}}`, `[{"do":"filter","column":"b","is":"matches","value":"(?i)a\\.b","drop":true}]`, ""},
		{"all but the rows of a pattern", `{"op":"core/row-removal","engineConfig":{"facets":[{"type":"text","columnName":"b","mode":"regex","caseSensitive":true,"invert":true,"query":"^a"}]}}`, `[{"do":"filter","column":"b","is":"matches","value":"^a"}]`, ""},
		{"repeated values emptied", `{"op":"core/blank-down","columnName":"a"}`, `null`, "1 recipe.told_blank_down"},
		{"repeated values emptied, then their rows away", `{"op":"core/blank-down","columnName":"a"},` + facet("a", "isBlank(value)", `{"v":{"v":true,"l":"true"}}`), `[{"do":"deduplicate","columns":["a"],"keep":"first"}]`, "2 recipe.told_otherwise"},
		{"a web service", `{"op":"core/column-addition-by-fetching-urls","baseColumnName":"a"}`, `null`, "1 recipe.told_unknown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, told, err := FromOpenRefine([]byte("["+tc.op+"]"), []string{"a", "b", "c"})
			if err != nil {
				t.Fatal(err)
			}
			got := "null"
			if r != nil {
				raw, err := json.Marshal(r)
				if err != nil {
					t.Fatal(err)
				}
				got = string(raw)
			}
			var said []string
			for _, one := range told {
				said = append(said, fmt.Sprintf("%d %s", one.Place, one.Key))
			}
			if got != tc.steps || strings.Join(said, ", ") != tc.told {
				t.Errorf("got  %s %v\nwant %s %s", got, said, tc.steps, tc.told)
			}
			if _, err := Fits([]string{"a", "b", "c"}, r, Kitchen{}); err != nil {
				t.Errorf("what it became does not fit: %v", err)
			}
		})
	}
}

// The columns that names in rows become are learned when the history is taken.
func TestFromOpenRefine_keysBecomeColumns(t *testing.T) {
	r, told, err := FromOpenRefine([]byte(`[{"op":"core/key-value-columnize","keyColumnName":"b","valueColumnName":"c","noteColumnName":""}]`), []string{"a", "b", "c"})
	if err != nil || len(r) != 1 || !Unlearned(r[0]) || fmt.Sprint(told) != "[{1 core/key-value-columnize recipe.told_otherwise}]" {
		t.Fatal(r, told, err)
	}
	rows := table("a;b;c|1;x;2|1;y;3|2;x;4")
	if err := Learn(&lines{rows: rows}, r[0], 1, Kitchen{}); err != nil {
		t.Fatal(err)
	}
	got, _, err := cook(rows, r, Kitchen{})
	if want := table("a;x;y|1;2;3|2;4;"); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// What rewrites a cell gives what OpenRefine gives.
func TestFromOpenRefine_partsOfACell(t *testing.T) {
	for _, tc := range []struct{ expression, from, to string }{
		{"value.substring(2,5)", "abcdefg", "cde"}, {"value.substring(2,5)", "abc", "c"}, {"value.substring(2)", "abc", "c"}, {"value.split('-')[1]", "a-b-c", "b"},
		{"value.split('-')[2]", "a-b-c", "c"}, {"value.split('-')[2]", "a-b", "a-b"}, {"value.chomp('x')", "axx", "ax"}, {"'0'+value", "7", "07"},
	} {
		r, _, err := FromOpenRefine([]byte(fmt.Sprintf(`[{"op":"core/text-transform","columnName":"a","expression":%q}]`, tc.expression)), []string{"a"})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := cook(table("a|"+tc.from), r, Kitchen{}); err != nil || got[1][0] != tc.to {
			t.Errorf("%s of %q: got %q, %v, want %q", tc.expression, tc.from, got, err, tc.to)
		}
	}
}

func TestFromOpenRefine_followsTheColumnsOfItsOperations(t *testing.T) {
	r, told, err := FromOpenRefine([]byte(`[{"op":"core/column-rename","oldColumnName":"b","newColumnName":"x"},{"op":"core/transpose-columns-into-rows","startColumnName":"x","columnCount":-1,"keyColumnName":"k","valueColumnName":"v","ignoreBlankCells":true,"fillDown":true},{"op":"core/column-move","columnName":"v","index":0}]`), []string{"a", "b", "c"})
	if err != nil || len(told) > 0 {
		t.Fatal(err, told)
	}
	got, _, err := cook(table("a;b;c|1;2;3"), r, Kitchen{})
	if want := table("v;a;k|2;1;x|3;1;c"); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestFromOpenRefine_refusesWhatIsNone(t *testing.T) {
	for _, raw := range []string{"", "{}", "[]", `[{"do":"trim"}]`, `[1]`, `[{"op":3}]`} {
		if _, _, err := FromOpenRefine([]byte(raw), nil); !fault.Is(err, "recipe.not_a_history") {
			t.Errorf("%q: got %v", raw, err)
		}
	}
}

func FuzzFromOpenRefine(f *testing.F) {
	f.Add([]byte(`[{"op":"core/text-transform","columnName":"a","expression":"value.replace(/a/,\"$1\").trim()"}]`))
	f.Add([]byte(`[{"op":"core/column-addition","baseColumnName":"a","newColumnName":"n","expression":"cells.b.value+'x'"}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, _, err := FromOpenRefine(raw, []string{"a", "b"})
		if err != nil {
			return
		}
		written, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again Recipe
		if err := json.Unmarshal(written, &again); err != nil && !fault.Is(err, "recipe.too_many_steps") {
			t.Errorf("%s is written as %s, which does not read: %v", raw, written, err)
		}
	})
}
