package duck_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cultured/internal/duck"
)

var sheet = duck.Sheet{Name: "donnees", Columns: []duck.Column{{Name: "commune", Type: duck.Text}, {Name: "habitants", Type: duck.Integer}, {Name: "Créée le", Type: duck.Date}},
	Rows: [][]string{{"Dijon", "159346", "1790-03-04"}, {"Beaune", "20032", "1790-03-04"}, {"Nulle-Part", "", ""}}}

func TestAsk_answersASelect(t *testing.T) {
	replies, err := duck.Ask(t.Context(), sheet, []string{
		"SELECT commune, habitants FROM donnees WHERE habitants > 50000;",
		"WITH d AS (FROM donnees) SELECT count(*) AS n, sum(habitants)::DECIMAL(12,2) AS total, max(\"Créée le\") FROM d -- la fin",
		"SELECT * FROM donnees, donnees d2",
	}, 5)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]string{{"Dijon", "159346"}, {"3", "179378", "1790-03-04"}} {
		if r := replies[i]; r.Refused != "" || len(r.Rows) != 1 || !slices.Equal(r.Rows[0], want) {
			t.Errorf("question %d: %+v, want %v", i+1, r, want)
		}
	}
	if r := replies[2]; len(r.Rows) != 5 || !r.More {
		t.Errorf("nine rows: %d, more %v", len(r.Rows), r.More)
	}
}

// What people write reads and writes nothing of the machine, changes nothing for the next question, and says why it is refused.
func TestAsk_refusesWhatIsNoQuestion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.csv")
	for _, q := range []struct{ sql, want string }{
		{"DROP TABLE donnees", "duck.ask_select"},
		{"DELETE FROM donnees", "duck.ask_select"},
		{"SELECT 1; DROP TABLE donnees", "duck.ask_select"},
		{"COPY donnees TO '" + path + "'", "duck.ask_select"},
		{"ATTACH '" + path + "' AS x", "duck.ask_select"},
		{"SET threads = 8", "duck.ask_select"},
		{"INSTALL httpfs", "duck.ask_select"},
		{"", "duck.ask_select"},
		{"-- rien", "duck.ask_select"},
		{"SELEC 1", "duck.ask_error"},
		{"SELECT nowhere FROM donnees", "duck.ask_error"},
		{"SELECT * FROM read_text('/etc/passwd')", "duck.ask_error"},
		{"SELECT * FROM '/etc/passwd'", "duck.ask_error"},
		{"SELECT * FROM read_csv('https://example.org/a.csv')", "duck.ask_error"},
		{"SELECT 1) UNION SELECT (2", "duck.ask_error"},
		{"SELECT '" + strings.Repeat("x", duck.AskLongest) + "'", "duck.ask_long"},
	} {
		replies, err := duck.Ask(t.Context(), sheet, []string{q.sql, "SELECT count(*) FROM donnees"}, 5)
		if err != nil {
			t.Errorf("%s: %v", q.sql, err)
			continue
		}
		if replies[0].Refused != q.want || len(replies[0].Rows) > 0 {
			t.Errorf("%.60s: %+v, want %s", q.sql, replies[0], q.want)
		}
		if next := replies[1]; len(next.Rows) != 1 || next.Rows[0][0] != "3" {
			t.Errorf("after %.60s the table has %v", q.sql, next)
		}
	}
	if found, _ := filepath.Glob(path); len(found) > 0 {
		t.Error("a file was written")
	}
}
