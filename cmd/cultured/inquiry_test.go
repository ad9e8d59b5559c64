package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/fault"
	"cultured/internal/recipe"
)

func inquire(t *testing.T, q *queries, sql string, upTo time.Duration, rows [][]string) (recipe.Verdict, [][]string, error) {
	t.Helper()
	i, err := q.step(recipe.Question{SQL: sql, Columns: []recipe.Typed{{Name: "commune", As: recipe.AsText}, {Name: "habitants", As: recipe.AsWhole}}}, upTo)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, row := range rows {
		if err := i.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	v, err := i.Ask()
	if err != nil || v.Refused != nil {
		return v, nil, err
	}
	var out [][]string
	for {
		row, err := i.Next()
		if err == io.EOF {
			return v, out, nil
		}
		if err != nil {
			return v, out, err
		}
		out = append(out, slices.Clone(row))
	}
}

// A step in SQL gives a whole table back, many times what travels at once, and leaves nothing behind.
func TestStep_givesAWholeTable(t *testing.T) {
	dir := t.TempDir()
	q := newQueries(dir)
	var rows [][]string
	for n := range 12_345 {
		rows = append(rows, []string{fmt.Sprintf("commune %d", n), fmt.Sprint(n)})
	}
	v, got, err := inquire(t, q, "SELECT habitants * 2 AS double, commune FROM donnees WHERE habitants <> 7", stepTime, rows)
	if err != nil || v.Refused != nil || len(got) != 12_344 || !slices.Equal(got[7], []string{"16", "commune 8"}) || !slices.Equal(v.Columns, []string{"double", "commune"}) {
		t.Errorf("got %+v, %d rows, %v", v, len(got), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 || len(q.steps) > 0 {
		t.Errorf("left behind: %v, %v, %d", left, err, len(q.steps))
	}
}

// Cells travel end to end: an empty one, one that is larger than what travels at once and one that is no UTF-8 arrive as they are, the last mended.
func TestStep_keepsCellsApart(t *testing.T) {
	long := strings.Repeat("é", textAtOnce)
	v, got, err := inquire(t, newQueries(t.TempDir()), "SELECT commune, habitants FROM donnees", stepTime, [][]string{{"", "1"}, {long, ""}, {"caf\xe9", "3"}, {"Caen", "4"}})
	want := [][]string{{"", "1"}, {long, ""}, {"caf\uFFFD", "3"}, {"Caen", "4"}}
	if err != nil || v.Refused != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %d rows, %+v, %v", len(got), v, err)
	}
}

func TestStep_thatTakesTooMuchIsEnded(t *testing.T) {
	q := newQueries(t.TempDir())
	for sql, why := range map[string]string{
		"SELECT count(*) FROM range(100000000000) a, range(100000) b": "much",
		"SELECT repeat(commune, 600000000) AS x FROM donnees":         "much",
		"COPY donnees TO '" + filepath.Join(t.TempDir(), "x") + "'":   "select",
	} {
		began := time.Now()
		v, _, err := inquire(t, q, sql, 2*time.Second, [][]string{{"Dijon", "159346"}})
		if err != nil || v.Refused == nil || v.Refused.Why != why {
			t.Errorf("%s: %+v, %v", sql, v.Refused, err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: %v", sql, took)
		}
	}
}

func TestStep_waitsItsTurn(t *testing.T) {
	q := newQueries(t.TempDir())
	for range stepsAtOnce {
		q.steps <- struct{}{}
	}
	if _, err := q.step(recipe.Question{SQL: "SELECT 1"}, 50*time.Millisecond); !fault.Is(err, "duck.ask_busy") {
		t.Errorf("got %v", err)
	}
}
