package recipe

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
)

// An echo answers "SELECT b, a FROM donnees" with the columns it names. It stands for the engine, which is tried in internal/duck.
type echo struct {
	q     Question
	names []string
	rows  [][]string
	asked bool
	open  *int
}

// chosen is a kitchen's Ask.
func chosen(q Question) (Inquiry, error) { return (&echo{q: q, open: new(int)}).begin() }

func (e *echo) begin() (Inquiry, error) {
	list, _, _ := strings.Cut(strings.TrimPrefix(e.q.SQL, "SELECT "), " FROM ")
	e.names = strings.Split(list, ", ")
	*e.open++
	return e, nil
}

func (e *echo) Add(cells []string) error {
	if e.asked {
		return errors.New("a row after the question")
	}
	out := make([]string, len(e.names))
	for i, name := range e.names {
		at := slices.IndexFunc(e.q.Columns, func(c Typed) bool { return c.Name == name })
		out[i] = strings.Clone(cells[at])
	}
	e.rows = append(e.rows, out)
	return nil
}

func (e *echo) Ask() (Verdict, error) {
	e.asked = true
	v := Verdict{Columns: e.names}
	for _, c := range e.q.Columns {
		if slices.Contains(e.names, c.Name) {
			v.Uses = append(v.Uses, c.Name)
		}
	}
	if len(v.Uses) < len(e.names) {
		v.Refused = &Refusal{"error", "no such column"}
	}
	return v, nil
}

func (e *echo) Next() ([]string, error) {
	if len(e.rows) == 0 {
		return nil, io.EOF
	}
	row := e.rows[0]
	e.rows = e.rows[1:]
	return row, nil
}

func (e *echo) Close() error {
	*e.open--
	return nil
}

func TestSQL_learnsWhatItReadsAndGives(t *testing.T) {
	s := &SQL{Query: "SELECT jour, n, m, code, mot FROM donnees"}
	rows := table("mot;n;m;jour;code;autre|a;1;1.5;2024-12-25;31555;x|;-20;3;2024-01-01;75056;|b;;;;01004;")
	if err := Learn(&lines{rows: rows}, s, 1, Kitchen{Ask: chosen}); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(Recipe{s})
	want := `[{"do":"sql","query":"SELECT jour, n, m, code, mot FROM donnees","uses":["mot","n","m","jour","code"],"wholes":["n"],"numbers":["m"],"dates":["jour"],"into":["jour","n","m","code","mot"]}]`
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	out, _, err := cook(rows, Recipe{s}, Kitchen{Ask: chosen})
	if err != nil || len(out) != 4 || !slices.Equal(out[1], []string{"2024-12-25", "1", "1.5", "31555", "a"}) {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestSQL_refusesAnotherTableLoudly(t *testing.T) {
	step := `[{"do":"sql","query":"SELECT a, n FROM donnees","uses":["a","n"],"wholes":["n"],"into":["a","n"]}]`
	for _, tc := range []struct{ name, step, in, want string }{
		{"a column is gone", step, "a;mois|x;1", "recipe.no_column_near"},
		{"a number became a word", step, "a;n|x;1|y;n/d", "recipe.sql_not_whole"},
		{"it gives other columns", strings.Replace(step, `"into":["a","n"]`, `"into":["a","b"]`, 1), "a;n|x;1", "recipe.sql_columns"},
		{"it was never tried", `[{"do":"sql","query":"SELECT a FROM donnees"}]`, "a|x", "recipe.sql_untried"},
		{"a name is there twice", strings.Replace(step, `"into":["a","n"]`, `"into":["a","a"]`, 1), "a;n|x;1", "recipe.name_taken"},
		{"the engine refuses", strings.Replace(step, "SELECT a, n", "SELECT a, z", 1), "a;n", "recipe.sql_error"},
	} {
		if _, _, err := cook(table(tc.in), read(t, tc.step), Kitchen{Ask: chosen}); !fault.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
	if _, _, err := cook(table("a;n|x;1"), read(t, step), Kitchen{}); !fault.Is(err, "recipe.no_sql") {
		t.Errorf("without an engine: %v", err)
	}
	err := Learn(&lines{rows: table("a;A|1;2")}, &SQL{Query: "SELECT a FROM donnees"}, 3, Kitchen{Ask: chosen})
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Key != "recipe.sql_twins" || f.Args[0] != 3 {
		t.Errorf("two columns alike, in the third step: %v", err)
	}
}

func TestSQL_isClosedWhereverTheRunStops(t *testing.T) {
	for rows := range 3 { // stopped before a row, among them, at the end
		open := 0
		k := Kitchen{Ask: func(q Question) (Inquiry, error) { return (&echo{q: q, open: &open}).begin() }}
		run, err := Cook(&lines{rows: table("a;n|x;1|y;2")}, read(t, `[{"do":"sql","query":"SELECT a, n FROM donnees","uses":["a","n"],"into":["a","n"]}]`), k)
		if err != nil {
			t.Fatal(err)
		}
		for range rows {
			if _, err := run.Next(); err != nil {
				t.Fatal(err)
			}
		}
		if err := run.Release(); err != nil || open != 0 {
			t.Errorf("after %d rows %d are open, %v", rows, open, err)
		}
	}
}

func TestReadsAs(t *testing.T) {
	for v, want := range map[string]string{"12": AsWhole, "-3": AsWhole, "0": AsWhole, "1.50": AsNumber, "-0.5": AsNumber, "2024-12-25": AsDate, "01004": AsText, "1,5": AsText, "": AsText, "+1": AsText,
		"1.": AsText, ".5": AsText, "31555": AsText, "123456789": AsText, "1234567890123456789": AsText, "25/12/2024": AsText, "-": AsText, "00": AsText} {
		var s sight
		s.look(v)
		if got := s.as(); got != want {
			t.Errorf("%q: got %s, want %s", v, got, want)
		}
	}
}
