package dataset

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// A JSON file is judged by a JSON Schema, with findings in the same shape as those of a table.
func TestExamine_aJSONFileWithAJSONSchema(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "content", "schemas", "139bercy", "format-commande-publique", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := schema.Read(raw, "decp")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join("..", "schema", "testdata", "decp-marches-concessions.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, data string
		verdict    string
		fault      string
	}{
		{"as published", string(example), "dataset.verdict_valid", ""},
		{"one mistake", strings.Replace(string(example), `"id": "12345678901234"`, `"id": "1"`, 1), "dataset.verdict_problems", ""},
		{"no JSON", "a;b\n1;2\n", "", "schema.data_not_json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := strings.NewReader(c.data)
			open := func() (tabular.Table, error) {
				return tabular.Open(file, file.Size(), "decp.json", tabular.Options{})
			}
			var found []finding.Finding
			r, err := Examine(context.Background(), open, Examination{Schema: s, Raw: file, Size: file.Size(),
				Sink: func(f finding.Finding) { found = append(found, f) }})
			if c.fault != "" {
				if !fault.Is(err, c.fault) {
					t.Errorf("got %v, want %s", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(r.Verdict.Key, c.verdict) || r.Valid != (len(found) == 0) || !r.Checked || r.Rows == 0 {
				t.Errorf("got %+v with %v", r, found)
			}
			if len(found) > 0 && (found[0].Row != 1 || found[0].Field != "marches.contrat-concession.autoriteConcedante.id") {
				t.Errorf("got %+v", found[0])
			}
		})
	}
}
