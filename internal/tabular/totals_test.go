package tabular

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestDropTotals_leavesOutTheLastOnesOnly(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []string
		want []string
		row  int // of the first left out
		n    int
	}{
		{"one", []string{"a;n", "x;1", "y;2", "Total;3"}, []string{"x|1", "y|2"}, 4, 1},
		{"several", []string{"a;n", "x;1", "Sous-total;1", "y;2", "Sous-total;2", "Total;3"}, []string{"x|1", "Sous-total|1", "y|2"}, 5, 2},
		{"none", []string{"a;n", "x;1", "Total;1", "y;2"}, []string{"x|1", "Total|1", "y|2"}, 0, 0},
		{"words alone are no totals", []string{"a;n", "x;1", "Total;voir ci-dessous"}, []string{"x|1", "Total|voir ci-dessous"}, 0, 0},
		{"blank rows around", []string{"a;n", "x;1", ";", "Total;1", ";", ";"}, []string{"x|1"}, 4, 1},
		{"written the French way", []string{"a;n", "x;1", "y;", "Ensemble;1 234,50 €"}, []string{"x|1", "y|"}, 4, 1},
	} {
		data := strings.Join(c.rows, "\n") + "\n"
		for name, packed := range map[string][]byte{"a.csv": []byte(data), "a.csv.gz": gzipped(data)} {
			table, err := Open(strings.NewReader(string(packed)), int64(len(packed)), name, Options{DropTotals: true})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for {
				row, err := table.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, strings.Join(row.Cells, "|"))
			}
			row, n := LeftOut(table)
			if !slices.Equal(got, c.want) || row != c.row || n != c.n || !noted(table.Reading(), "tabular.note_totals") {
				t.Errorf("%s, %s: got %q, %d rows left out from %d", c.name, name, got, n, row)
			}
			if _, n := table.(Trailer).Blank(); c.name == "blank rows around" && n != 2 {
				t.Errorf("%s: %d blank rows at the end, want 2", name, n)
			}
			table.Close()
		}
	}
}

// More total rows than are held are given as they are: they are no sums at the end of a table.
func TestDropTotals_holdsSoManyRows(t *testing.T) {
	data := "a;n\nx;1\n" + strings.Repeat("Total;3\n", mostTotals+2)
	_, _, rows, err := readAll(t, []byte(data), "a.csv", Options{DropTotals: true})
	if err != nil || len(rows) != mostTotals+1 {
		t.Errorf("got %d rows, %v", len(rows), err)
	}
}
