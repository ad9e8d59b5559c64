package dataset

import (
	"reflect"
	"testing"
)

func versionOf(t *testing.T, rows ...string) Version {
	t.Helper()
	r, _ := examine(t, csvOpener(rows...), nil)
	return Version{Outcome: Outcome{Report: r}}
}

func TestDiffer(t *testing.T) {
	first := versionOf(t, "nom|age", "Ada|36", "Grace|85", "Hedy|41")
	for _, tc := range []struct {
		name  string
		after Version
		want  Difference
	}{
		{"the same", versionOf(t, "nom|age", "Ada|36", "Grace|85", "Hedy|41"), Difference{}},
		{"more rows", versionOf(t, "nom|age", "Ada|36", "Grace|85", "Hedy|41", "Mary|57"), Difference{Rows: 1}},
		{"fewer rows", versionOf(t, "nom|age", "Ada|36"), Difference{Rows: -2}},
		{"another value", versionOf(t, "nom|age", "Ada|37", "Grace|85", "Hedy|41"), Difference{Values: []string{"age"}}},
		{"a column more and one less", versionOf(t, "nom|ville", "Ada|Caen", "Grace|Caen", "Hedy|Lyon"), Difference{Added: []string{"ville"}, Gone: []string{"age"}}},
		{"something wrong", versionOf(t, "nom|age", "Ada|36", " Grace|85", "Hedy|41"), Difference{Values: []string{"nom"}, Problems: 1}},
	} {
		got := Differ(first, tc.after)
		if !reflect.DeepEqual(got, tc.want) || got.None() != reflect.DeepEqual(tc.want, Difference{}) {
			t.Errorf("%s: got %+v, want %+v", tc.name, got, tc.want)
		}
	}
}
