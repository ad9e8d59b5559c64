package tabular

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// millionRows is about 60 MB of plain CSV: 1,000,000 rows of 10 cells.
func millionRows() []byte {
	var b bytes.Buffer
	b.WriteString("id;nom;commune;code;date;montant;x;y;actif;note\n")
	for i := range 1_000_000 {
		fmt.Fprintf(&b, "%d;Jean;Toulouse;31555;2024-03-01;%d,50;1.44;43.6;oui;n%d\n", i, i%1000, i%97)
	}
	return b.Bytes()
}

func BenchmarkCSV_aMillionRowsOfTen(b *testing.B) {
	data := millionRows()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		drain(b, data, "a.csv")
	}
}

// drain reads a table to its end and returns its rows.
func drain(t testing.TB, data []byte, name string) int {
	t.Helper()
	table, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	for n := 0; ; n++ {
		if _, err := table.Next(); err == io.EOF {
			return n
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
