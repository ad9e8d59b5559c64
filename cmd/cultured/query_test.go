package main

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/fault"
	"cultured/internal/mission"
)

var asked = mission.Table{Columns: []string{"commune", "habitants"}, Rows: [][]string{{"Dijon", "159346"}, {"Beaune", "20032"}}}

func TestQueries_areAnsweredByAProcessOfTheirOwn(t *testing.T) {
	q := newQueries(t.TempDir())
	replies, err := q.ask(t.Context(), asked, "donnees", []string{"SELECT sum(habitants) FROM donnees", "SELECT 1 +"})
	if err != nil || len(replies) != 2 || len(replies[0].Table.Rows) != 1 || replies[0].Table.Rows[0][0] != "179378" || replies[1].Refused != "duck.ask_error" {
		t.Errorf("got %+v, %v", replies, err)
	}
}

// What asks for all the memory or all the time there is ends its own process within seconds, and says so; the next question is answered.
func TestQueries_thatTakeTooMuchAreEnded(t *testing.T) {
	q := newQueries(t.TempDir())
	for _, sql := range []string{
		"SELECT count(*) FROM range(100000000000) a, range(100000) b",
		"SELECT length(repeat('x', 2000000000) || repeat('y', 2000000000))",
		"WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
	} {
		began := time.Now()
		replies, err := q.ask(t.Context(), asked, "donnees", []string{sql, "SELECT 1"})
		if err != nil || len(replies) != 2 || replies[0].Refused == "" || len(replies[0].Table.Rows) > 0 {
			t.Errorf("%s: %+v, %v", sql, replies, err)
		}
		if took := time.Since(began); took > queryTime+3*time.Second {
			t.Errorf("%s: %v", sql, took)
		}
	}
	if replies, err := q.ask(t.Context(), asked, "donnees", []string{"SELECT 1"}); err != nil || replies[0].Refused != "" {
		t.Errorf("afterwards: %+v, %v", replies, err)
	}
}

func TestQueries_seeNothingOfTheServer(t *testing.T) {
	t.Setenv("CULTURED_DATABASE", "postgres://secret")
	dir := t.TempDir()
	q := newQueries(dir)
	replies, err := q.ask(t.Context(), asked, "donnees", []string{"SELECT getenv('CULTURED_DATABASE')", "SELECT * FROM read_text('/proc/self/environ')", "SELECT string_agg(value, ' ') FROM duckdb_settings()"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range replies {
		for _, row := range r.Table.Rows {
			if said := strings.Join(row, " "); strings.Contains(said, "postgres://") || strings.Contains(said, dir) {
				t.Errorf("a setting of the server is told: %v", row)
			}
		}
	}
	if replies[0].Refused == "" || replies[1].Refused == "" {
		t.Errorf("got %+v", replies)
	}
}

// Two processes at a time: the others wait, and who will not wait is told so.
func TestQueries_waitTheirTurn(t *testing.T) {
	q := newQueries(t.TempDir())
	for range queriesAtOnce {
		q.room <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := q.ask(ctx, asked, "donnees", []string{"SELECT 1"}); !fault.Is(err, "duck.ask_busy") {
		t.Errorf("got %v", err)
	}
	for range queriesAtOnce {
		<-q.room
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if replies, err := q.ask(t.Context(), asked, "donnees", []string{"SELECT 1"}); err != nil || replies[0].Refused != "" {
				t.Errorf("got %+v, %v", replies, err)
			}
		})
	}
	all.Wait()
}
