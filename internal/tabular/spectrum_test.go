package tabular

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSpectrum reads the CSV files of csv-spectrum and compares each cell with the JSON beside it. Of its twelve pairs one is left out:
// the JSON of location_coordinates has other values than its CSV.
func TestSpectrum(t *testing.T) {
	files, err := filepath.Glob("testdata/csv-spectrum/*.csv")
	if err != nil || len(files) != 11 {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		want := []map[string]string{}
		raw, err := os.ReadFile(strings.TrimSuffix(file, ".csv") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := objects(t, file)
		if len(got) != len(want) {
			t.Errorf("%s: got %d rows, want %d", name, len(got), len(want))
			continue
		}
		for i := range want {
			if !maps.Equal(got[i], want[i]) {
				t.Errorf("%s, row %d: got %q, want %q", name, i+1, got[i], want[i])
			}
		}
	}
}

// objects reads a file as its rows by column.
func objects(t *testing.T, file string) (out []map[string]string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table, err := Open(bytes.NewReader(raw), int64(len(raw)), file, Options{})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	defer table.Close()
	for {
		row, err := table.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		object := map[string]string{}
		for i, name := range table.Columns() {
			object[name] = row.Cells[i]
		}
		out = append(out, object)
	}
}
