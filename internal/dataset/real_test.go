package dataset

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cultured/internal/tabular"
)

const shared = "../../../shared/data/"

// examineShared examines a real file.
func examineShared(t *testing.T, name string) (Report, bool) {
	t.Helper()
	b, err := os.ReadFile(shared + name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Examine(context.Background(), func() (tabular.Table, error) { return bytesOpener(b, filepath.Base(name))() }, Examination{})
	if err != nil {
		t.Logf("%s: %v", name, err)
	}
	return r, err == nil
}

// listed reads a list of testdata: file, column, what is expected ("-" for nothing), by file.
func listed(t *testing.T, name string) (files []string, rows map[string][][]string) {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skip("shared data not here")
	}
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string][][]string{}
	for line := range strings.Lines(string(b)) {
		parts := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(parts) != 3 {
			continue
		}
		if rows[parts[0]] == nil {
			files = append(files, parts[0])
		}
		rows[parts[0]] = append(rows[parts[0]], parts)
	}
	return files, rows
}

// TestMeaningsOfRealColumns holds the meaning of each column of a list, made by reading the files: a false meaning and a missed one are
// both told. What we know we miss is in the list, after an exclamation mark: "!siren" must not be found until it is.
func TestMeaningsOfRealColumns(t *testing.T) {
	files, rows := listed(t, "columns.tsv")
	labelled, found := 0, 0
	for _, file := range files {
		r, ok := examineShared(t, file)
		if !ok {
			t.Errorf("%s is not read", file)
			continue
		}
		for _, row := range rows[file] {
			i := slices.IndexFunc(r.Profile.Columns, func(c ColumnProfile) bool { return c.Name == row[1] })
			if i < 0 {
				t.Errorf("%s: no column %q among %q", file, row[1], r.Columns)
				continue
			}
			got, want := string(r.Profile.Columns[i].Semantic), strings.TrimPrefix(row[2], "-")
			missed, known := strings.CutPrefix(want, "!")
			labelled++
			if want != "" {
				found++
			}
			switch {
			case known && got == missed:
				t.Errorf("%s, %s: %s is found now: take away the exclamation mark", file, row[1], got)
			case known && got != "" || !known && got != want:
				t.Errorf("%s, %s: got %q, want %q", file, row[1], got, want)
			}
		}
	}
	if labelled < 150 {
		t.Errorf("the list has %d columns, want 150 at least", labelled)
	}
	t.Logf("%d columns, of which %d have a meaning", labelled, found)
}
