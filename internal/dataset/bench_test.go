package dataset

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"cultured/internal/finding"
	"cultured/internal/tabular"
)

// A made table gives rows that are made, not read: what is measured is this package.
type madeTable struct {
	columns []string
	rows    [][]string
	n, at   int
}

func (m *madeTable) Reading() tabular.Reading { return tabular.Reading{Format: "csv", HeaderRow: 1} }
func (m *madeTable) Columns() []string        { return m.columns }
func (m *madeTable) Position() int64          { return int64(m.at) }
func (m *madeTable) Close() error             { return nil }
func (m *madeTable) Next() (tabular.Row, error) {
	if m.at >= m.n {
		return tabular.Row{}, io.EOF
	}
	cells := m.rows[m.at%len(m.rows)]
	m.at++
	return tabular.Row{Number: m.at + 1, Cells: cells, Width: len(cells)}, nil
}

// madeRows is a table of ten columns as agents have: an identifier, codes, dates, amounts, places, categories.
func madeRows(n int) *madeTable {
	m := &madeTable{columns: []string{"id", "code_insee", "commune", "date", "montant", "latitude", "longitude", "type", "actif", "libelle"}, n: n}
	for i := range min(n, 1<<20) {
		m.rows = append(m.rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("%02d%03d", i%95+1, i%400+1), fmt.Sprintf("Commune %d", i%30000),
			fmt.Sprintf("20%02d-%02d-%02d", i%24, i%12+1, i%28+1), fmt.Sprintf("%d.%02d", i*7919%100000, i%100),
			fmt.Sprintf("%.6f", 42+float64(i%900000)/1e5), fmt.Sprintf("%.6f", -4+float64(i%1200000)/1e5),
			[]string{"école", "mairie", "bibliothèque", "piscine"}[i%4], []string{"oui", "non"}[i%2], fmt.Sprintf("Équipement n° %d de la ville", i)})
	}
	return m
}

func BenchmarkExamine1Mx10(b *testing.B) {
	m := madeRows(1 << 20)
	b.ResetTimer()
	for range b.N {
		findings := 0
		r, err := Examine(context.Background(), func() (tabular.Table, error) { c := *m; c.at = 0; return &c, nil },
			Examination{Sink: func(finding.Finding) { findings++ }})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(findings), "findings")
		b.ReportMetric(float64(r.Rows)/b.Elapsed().Seconds()*float64(b.N), "rows/s")
	}
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	b.ReportMetric(float64(s.Sys)/1e6, "MB-sys")
}
