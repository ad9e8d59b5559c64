package datasetweb_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestAHundredThousandFindingsAreAllThere: pages go through every finding of a group, files hold every finding of all.
func TestAHundredThousandFindingsAreAllThere(t *testing.T) {
	const rows, columns = 2_000, 50
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	write := func(line string) {
		if _, err := z.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for i := range columns {
		names = append(names, fmt.Sprint("c", i+1))
	}
	write(strings.Join(names, ","))
	for i := range rows {
		write(strings.TrimSuffix(strings.Repeat(fmt.Sprintf("a  %d,", i), columns), ","))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	b := open(t).browser("")
	at := b.check("mesures.csv.gz", packed.String())
	has(t, b.page(at), "100 000 anomalies")

	seen := map[string]bool{}
	around := regexp.MustCompile(`around=(\d+)&(?:amp;)?column=2|column=2&(?:amp;)?around=(\d+)`)
	path := at + "/findings?reason=dataset.spaces&field=c3"
	for p := 1; p <= rows/100; p++ {
		found := around.FindAllStringSubmatch(b.page(fmt.Sprintf("%s&page=%d", path, p)), -1)
		if len(found) < 100 {
			t.Fatalf("page %d of a group shows %d findings, want 100", p, len(found))
		}
		for _, m := range found {
			seen[m[1]+m[2]] = true
		}
	}
	if len(seen) != rows || !seen["2"] || !seen["2001"] {
		t.Errorf("the pages show %d different rows, want %d", len(seen), rows)
	}
	has(t, b.page(at+"/findings?page=1000"), "around=2001")

	lines, err := csv.NewReader(b.get(at + "/findings.csv").Body).ReadAll()
	if err != nil || len(lines) != rows*columns+1 {
		t.Errorf("CSV: got %d lines (%v), want %d", len(lines), err, rows*columns+1)
	}
	var report struct{ Findings []json.RawMessage }
	if err := json.Unmarshal(b.get(at+"/findings.json").Body.Bytes(), &report); err != nil || len(report.Findings) != rows*columns {
		t.Errorf("JSON: got %d findings (%v), want %d", len(report.Findings), err, rows*columns)
	}
	var sarif struct {
		Runs []struct{ Results []json.RawMessage }
	}
	if err := json.Unmarshal(b.get(at+"/findings.sarif").Body.Bytes(), &sarif); err != nil || len(sarif.Runs) != 1 || len(sarif.Runs[0].Results) != rows*columns {
		t.Errorf("SARIF: got %d runs (%v), want one of %d results", len(sarif.Runs), err, rows*columns)
	}
}
