package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cultured/internal/recipe"
)

func TestChoresAreRecipesAndHistories(t *testing.T) {
	header := strings.Split(strings.TrimSpace(namesHeader), ";")
	refined := 0
	for _, c := range chores {
		var r recipe.Recipe
		if err := json.Unmarshal([]byte(c.recipe), &r); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.refine == "" {
			continue
		}
		refined++
		if _, _, err := recipe.FromOpenRefine([]byte(c.refine), header); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if refined != 10 {
		t.Errorf("got %d chores for OpenRefine, want 10", refined)
	}
}

func TestSameTables(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := write("one.csv", "a,b\nx,1.50\ny,2\n")
	for text, want := range map[string]string{"a,b\ny,2\nx,1.5\n": "yes", "a,b\nx,1.5\ny,3\n": "no: other values", "a,b\nx,1.5\n": "no: 2 and 1 rows", "a,c\nx,1.5\ny,2\n": "no: columns"} {
		if got := sameTables(one, write("other.csv", text)); !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	if got := sameTables(one, filepath.Join(folder, "absent.csv")); !strings.HasPrefix(got, "not compared") {
		t.Errorf("got %s", got)
	}
}

func TestBoutsAreReported(t *testing.T) {
	got := boutTable("10 rows", []bout{{Chore: "capitals", Ours: finish{Took: time.Second}, Theirs: finish{Took: 2 * time.Second}, Apart: time.Second / 2, Same: "yes"}, {Chore: "sort", Theirs: finish{Note: "not measured"}}})
	for _, want := range []string{"| capitals | 1.00 s |", "| 0.50 s |", "| 0.50 | yes |", "| sort | not measured |"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want it to hold %q", got, want)
		}
	}
}
