package duck_test

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/duck"
)

var step = duck.Question{Table: "donnees", MemoryMB: 256, Limit: 2000,
	Columns: []duck.Column{{Name: "type", Type: duck.Text}, {Name: "montant", Type: duck.Number}, {Name: "an", Type: duck.Integer}, {Name: "Le jour", Type: duck.Date}}}

var stepRows = [][]string{{"b", "0.1", "2024", "2024-12-25"}, {"a", "1.5", "2023", ""}, {"b", "0.2", "", "2023-01-01"}, {"", "", "2024", ""}}

// answered asks a question of rows and gathers what comes.
func answered(ctx context.Context, sql string, rows [][]string) (first duck.Part, out [][]string, end duck.Part, err error) {
	q, parts := step, 0
	q.SQL = sql
	err = duck.Answer(ctx, q, func() ([]string, error) {
		if len(rows) == 0 {
			return nil, io.EOF
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}, func(p duck.Part) error {
		if parts++; parts == 1 {
			first = p
		}
		out, end = append(out, p.Rows...), p
		return nil
	})
	return first, out, end, err
}

func TestAnswer_makesATable(t *testing.T) {
	for _, tc := range []struct {
		sql           string
		columns, uses []string
		rows          [][]string
	}{
		{"SELECT an, type FROM donnees WHERE montant > 0.15;", []string{"an", "type"}, []string{"type", "montant", "an"}, [][]string{{"2023", "a"}, {"", "b"}}},
		{"FROM donnees", []string{"type", "montant", "an", "Le jour"}, []string{"type", "montant", "an", "Le jour"}, stepRows},
		{`SELECT type, sum(montant) AS total, max("Le jour") AS dernier FROM donnees GROUP BY type`, []string{"type", "total", "dernier"}, []string{"type", "montant", "Le jour"},
			[][]string{{"a", "1.5", ""}, {"b", "0.3", "2024-12-25"}, {"", "", ""}}},
		{"SELECT type FROM donnees ORDER BY montant DESC NULLS LAST -- voilà", []string{"type"}, []string{"type", "montant"}, [][]string{{"a"}, {"b"}, {"b"}, {""}}},
		{"SELECT count(*) AS n FROM donnees", []string{"n"}, nil, [][]string{{"4"}}},
		{"SELECT DISTINCT an FROM donnees", []string{"an"}, []string{"an"}, [][]string{{"2023"}, {"2024"}, {""}}},
		{"SELECT an > 2023 AS recent, 1e6 * montant AS gros, montant / 0 AS rien, [an] AS liste, an || '-01' AS mois FROM donnees LIMIT 1", []string{"recent", "gros", "rien", "liste", "mois"}, []string{"montant", "an"},
			[][]string{{"vrai", "100000", "", "[2024]", "2024-01"}}},
		{"WITH d AS (SELECT an FROM donnees) SELECT d.an, count(*) AS n FROM d JOIN donnees e ON d.an = e.an GROUP BY ALL ORDER BY 1", []string{"an", "n"}, []string{"an"}, [][]string{{"2023", "1"}, {"2024", "4"}}},
		{"SELECT d.an FROM donnees d WHERE d IS NOT NULL LIMIT 1", []string{"an"}, []string{"type", "montant", "an", "Le jour"}, [][]string{{"2024"}}},
		{"SELECT sum(an) AS s FROM donnees HAVING s > 99999", []string{"s"}, []string{"an"}, nil},
	} {
		first, rows, _, err := answered(t.Context(), tc.sql, stepRows)
		if err != nil || first.Refused != "" {
			t.Errorf("%s: %+v, %v", tc.sql, first, err)
			continue
		}
		if !slices.Equal(first.Columns, tc.columns) || !slices.Equal(first.Uses, tc.uses) || !reflect.DeepEqual(rows, tc.rows) {
			t.Errorf("%s\ngot  %q of %q: %q\nwant %q of %q: %q", tc.sql, first.Columns, first.Uses, rows, tc.columns, tc.uses, tc.rows)
		}
	}
}

func TestAnswer_refuses(t *testing.T) {
	for _, tc := range []struct{ sql, why string }{
		{"DROP TABLE donnees", "select"},
		{"SELECT 1; SELECT 2", "select"},
		{"PRAGMA version", "select"},
		{"SELEC 1", "error"},
		{"SELECT nowhere FROM donnees", "error"},
		{"SELECT sum(type) FROM donnees", "error"},
		{"SELECT CAST(type AS INTEGER) FROM donnees", "error"},
		{"SELECT * FROM read_text('/etc/passwd')", "error"},
		{"SELECT * FROM glob('/*')", "error"},
		{"SELECT 1) UNION SELECT (2", "error"},
		{"SELECT '" + strings.Repeat("x", duck.AskLongest) + "'", "long"},
		{"SELECT random() AS r FROM donnees", "changing"},
		{"SELECT * FROM donnees ORDER BY Random()", "changing"},
		{"SELECT today() - \"Le jour\" AS age FROM donnees", "changing"},
		{"SELECT current_date AS d FROM donnees", "changing"},
		{"SELECT uuid() AS id FROM donnees", "changing"},
		{"SELECT * FROM donnees USING SAMPLE 10%", "changing"},
		{"SELECT * FROM donnees TABLESAMPLE 2 ROWS", "changing"},
		{"SELECT a.an FROM donnees a, donnees b, donnees c, donnees d, donnees e, donnees f", "rows"},
		{"SELECT DISTINCT a.range AS r FROM range(100000000) a", "much"},
	} {
		_, _, end, err := answered(t.Context(), tc.sql, stepRows)
		if err != nil || end.Refused != tc.why {
			t.Errorf("%.70s: %s %s, %v, want %s", tc.sql, end.Refused, end.Said, err, tc.why)
		}
	}
}

// The same question over the same rows gives the same table, also where SQL promises no order.
func TestAnswer_isTheSameAgain(t *testing.T) {
	var rows [][]string
	for i := range 20_000 {
		rows = append(rows, []string{"t" + strconv.Itoa(i*7919%1000), fmt.Sprintf("%d.%d", i%37, i%10), strconv.Itoa(2000 + i%25), ""})
	}
	for _, sql := range []string{"SELECT type, avg(montant) AS m FROM donnees GROUP BY type", "SELECT DISTINCT an FROM donnees", "SELECT an, type FROM donnees WHERE an > 2010 LIMIT 2000", "SELECT type FROM donnees UNION SELECT 'z'"} {
		_, want, end, err := answered(t.Context(), sql, rows)
		if err != nil || end.Refused != "" || len(want) == 0 {
			t.Fatalf("%s: %+v, %v", sql, end, err)
		}
		for range 3 {
			if _, got, _, err := answered(t.Context(), sql, rows); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: another answer, %v", sql, err)
			}
		}
	}
	_, got, _, err := answered(t.Context(), "SELECT type FROM donnees WHERE an < 2020 LIMIT 2000", rows)
	if err != nil || got[0][0] != "t0" || got[1][0] != "t919" {
		t.Errorf("rows that are only chosen are no longer in their order: %q, %v", got[:2], err)
	}
}
