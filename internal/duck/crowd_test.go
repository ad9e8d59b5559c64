package duck

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/fault"
)

// What the engine counts is counted again by sorting the rows as texts.
func TestCrowds_agreeWithAnIndependentCount(t *testing.T) {
	e, dir := engine(t)
	r := rand.New(rand.NewPCG(11, 12))
	columns := []Column{{"âge", Integer}, {`ville "d'été"`, Text}, {"né le", Date}, {"secret", Text}}
	for round := range 40 {
		n, values := 1+r.IntN(80), 1+r.IntN(4)
		var rows [][]string
		for range n {
			row := []string{strconv.Itoa(r.IntN(values)), strings.Repeat("a", r.IntN(values)), fmt.Sprintf("2020-01-0%d", 1+r.IntN(values)), []string{"", "x", "y", "z"}[r.IntN(4)]}
			if r.IntN(5) == 0 {
				row[r.IntN(3)] = ""
			}
			rows = append(rows, row)
		}
		path := filepath.Join(dir, fmt.Sprintf("foule%d.parquet", round))
		if _, err := e.Write(t.Context(), path, columns, each(rows...)); err != nil {
			t.Fatal(err)
		}
		for _, of := range []string{"", "secret"} {
			got, err := e.Crowds(t.Context(), path, CrowdAsk{Alike: []string{"âge", `ville "d'été"`, "né le"}, Of: of, Most: 3})
			if err != nil {
				t.Fatal(err)
			}
			if want := crowdsAgain(rows, of != ""); !slices.Equal(got, want) {
				t.Fatalf("%v: got %v, want %v", rows, got, want)
			}
		}
	}
}

func crowdsAgain(rows [][]string, secret bool) (out []Crowd) {
	var lines []string
	for _, row := range rows {
		lines = append(lines, strings.Join(row[:3], "|")+"|\x00"+row[3])
	}
	slices.Sort(lines)
	counted := map[Crowd]int64{}
	for i := 0; i < len(lines); {
		class, _, _ := strings.Cut(lines[i], "\x00")
		j, values := i, int64(0)
		for ; j < len(lines) && strings.HasPrefix(lines[j], class+"\x00"); j++ {
			if secret && values < 3 && (j == i || lines[j] != lines[j-1]) {
				values++
			}
		}
		counted[Crowd{Rows: int64(j - i), Values: values}]++
		i = j
	}
	for c, n := range counted {
		c.Groups = n
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Crowd) int { return int(a.Rows*100 + a.Values - b.Rows*100 - b.Values) })
	return out
}

func TestCrowds_refuses(t *testing.T) {
	e, dir := engine(t)
	path := write(t, e, dir)
	for want, ask := range map[string]CrowdAsk{
		"duck.bad_measure":    {Most: 1},
		"duck.unknown_column": {Alike: []string{"nom"}, Of: "x", Most: 1},
	} {
		if _, err := e.Crowds(t.Context(), path, ask); !fault.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func BenchmarkCrowdsOfAMillionRows(b *testing.B) {
	e, dir := engine(b)
	path := million(b, e, dir, 1_000_000)
	for b.Loop() {
		e.recent.clear()
		if _, err := e.Crowds(b.Context(), path, CrowdAsk{Alike: []string{"commune", "n", "montant"}, Of: "nom", Most: 16}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(peakMB(b), "peakMB")
}
