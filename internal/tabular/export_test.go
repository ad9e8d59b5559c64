package tabular

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

func TestExportAll(t *testing.T) {
	out := os.Getenv("OUT")
	if out == "" {
		t.Skip()
	}
	f, _ := os.Create(out)
	defer f.Close()
	enc := json.NewEncoder(f)
	for _, name := range strings.Fields(os.Getenv("FILES")) {
		data, _ := os.ReadFile(name)
		tb, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{})
		if err != nil {
			continue
		}
		for _, s := range tb.Reading().Sheets {
			tb, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{Sheet: s.Name, HeaderRow: 1})
			if err != nil {
				enc.Encode([]any{name, s.Name, err.Error()})
				continue
			}
			rows := map[int][]string{tb.Reading().HeaderRow: tb.Columns()}
			for {
				r, err := tb.Next()
				if err != nil {
					break
				}
				rows[r.Number] = append(append([]string{}, r.Cells...), r.Extra...)
			}
			enc.Encode([]any{name, s.Name, rows})
		}
	}
}
func TestWriteOut(t *testing.T) {
	out := os.Getenv("XOUT")
	if out == "" {
		t.Skip()
	}
	f, _ := os.Create(out)
	defer f.Close()
	w, err := NewXLSXWriter(f, "Données d'été: x", []string{"nom", "n", "ok", "jour", "heure"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ts := mustTime()
	w.Row([]Cell{TextCell("=1+1 <é>&_x000D_\n"), NumberCell(0.1), BoolCell(true), DateCell(ts), TimeCell(ts)})
	w.Row([]Cell{{}, NumberCell(12345678901234)})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
func mustTime() time.Time { return time.Date(2024, 3, 1, 10, 30, 15, 0, time.UTC) }
