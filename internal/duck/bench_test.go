package duck

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// million writes a table of ten columns, as many agents' files are: codes, names, amounts, dates.
func million(b testing.TB, e *Engine, dir string, rows int) string {
	b.Helper()
	columns := []Column{{"code", Text}, {"nom", Text}, {"commune", Text}, {"montant", Number}, {"n", Integer}, {"date", Date},
		{"vu", Timestamp}, {"actif", Boolean}, {"note", Text}, {"siren", Text}}
	towns := []string{"Évreux", "Rouen", "Le Havre", "Saint-Étienne", "Nîmes", "Besançon"}
	path := filepath.Join(dir, fmt.Sprintf("m%d.parquet", rows))
	n, err := e.Write(b.Context(), path, columns, func(yield func(Row, error) bool) {
		cells := make([]string, len(columns))
		day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range rows {
			at := day.Add(time.Duration(i) * time.Minute)
			cells[0], cells[1], cells[2] = "C"+strconv.Itoa(i), "Établissement "+strconv.Itoa(i*7919%rows), towns[i%6]
			cells[3], cells[4] = strconv.FormatFloat(float64(i%100000)/100, 'f', 2, 64), strconv.Itoa(i%1000)
			cells[5], cells[6], cells[7] = at.Format(time.DateOnly), at.Format("2006-01-02T15:04:05"), strconv.FormatBool(i%3 == 0)
			cells[8], cells[9] = "", strconv.Itoa(100000000+i)
			if !yield(Row{int64(i + 1), cells}, nil) {
				return
			}
		}
	})
	if err != nil || n != int64(rows) {
		b.Fatal(n, err)
	}
	return path
}

// peakMB reads the largest memory this process has had.
func peakMB(b testing.TB) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("no /proc here")
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

func BenchmarkWriteAMillionRowsOfTen(b *testing.B) {
	e, dir := engine(b)
	for b.Loop() {
		million(b, e, dir, 1_000_000)
	}
	b.ReportMetric(peakMB(b), "peakMB")
}

func BenchmarkWriteTenMillionRowsOfTen(b *testing.B) {
	if testing.Short() || os.Getenv("CULTURED_LONG") == "" {
		b.Skip("half a minute: set CULTURED_LONG")
	}
	e, dir := engine(b)
	for b.Loop() {
		million(b, e, dir, 10_000_000)
	}
	b.ReportMetric(peakMB(b), "peakMB")
}

func BenchmarkWriteTheWidestTable(b *testing.B) {
	e, dir := engine(b)
	widest := e.settings.MemoryMB * columnsPerMB
	columns, cells := make([]Column, widest), make([]string, widest)
	for i := range columns {
		columns[i] = Column{fmt.Sprintf("colonne %d", i), Text}
		cells[i] = strconv.Itoa(i)
	}
	path := filepath.Join(dir, "large.parquet")
	for b.Loop() {
		rows := make([][]string, 3000)
		for i := range rows {
			rows[i] = cells
		}
		if _, err := e.Write(b.Context(), path, columns, each(rows...)); err != nil {
			b.Fatal(err)
		}
	}
	began := time.Now()
	if _, err := e.Query(b.Context(), path, Select{Columns: []string{"colonne 0"}}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(began).Milliseconds()), "query-ms")
	b.ReportMetric(peakMB(b), "peakMB")
}

func BenchmarkQuestions(b *testing.B) {
	e, dir := engine(b)
	for _, rows := range []int{1000, 1_000_000} {
		path := million(b, e, dir, rows)
		middle := []any{strconv.Itoa(rows / 2)}
		for _, test := range []struct {
			name string
			ask  Select
		}{
			{"first page", Select{}},
			{"middle page", Select{After: middle}},
			{"sorted by number", Select{Order: []Sort{{"montant", true}}}},
			{"sorted by text", Select{Order: []Sort{{"nom", false}}}},
			{"equals", Select{Where: []Filter{{"siren", Eq, []string{"100000500"}}}}},
			{"contains", Select{Where: []Filter{{"nom", Contains, []string{"etablissement 77"}}}}},
		} {
			b.Run(fmt.Sprintf("%d rows/%s", rows, test.name), func(b *testing.B) {
				for b.Loop() {
					e.recent.clear()
					if _, err := e.Query(b.Context(), path, test.ask); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("%d rows/grouped", rows), func(b *testing.B) {
			for b.Loop() {
				e.recent.clear()
				if _, err := e.Aggregate(b.Context(), path, Group{By: []string{"commune"}, Measures: []Measure{{Fn: Count}, {Fn: Sum, Column: "montant"}}}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%d rows/csv", rows), func(b *testing.B) {
			for b.Loop() {
				if err := e.Export(b.Context(), path, Select{}, CSV, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFiftyClients(b *testing.B) {
	e, dir := engine(b)
	path := million(b, e, dir, 10_000)
	var mu sync.Mutex
	var took []time.Duration
	for b.Loop() {
		var clients sync.WaitGroup
		for range 50 {
			clients.Go(func() {
				for range 10 {
					began := time.Now()
					if _, err := e.Query(b.Context(), path, Select{}); err != nil {
						b.Error(err)
					}
					mu.Lock()
					took = append(took, time.Since(began))
					mu.Unlock()
				}
			})
		}
		clients.Wait()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
