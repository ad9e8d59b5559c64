package mission_test

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/mission"
)

// A question is judged by what it gives: in any order of rows, under any names of columns, however it is written.
func TestQuery_isJudgedByItsResult(t *testing.T) {
	m := find(t, "M27")
	v, err := m.Draw(source(t, m), 5)
	if err != nil {
		t.Fatal(err)
	}
	good, err := m.Good(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, sql string
		want      bool
		says      string
	}{
		{"sorted and renamed", "SELECT insee_dep AS d, count(id_fs) AS n FROM donnees GROUP BY ALL ORDER BY n DESC", true, ""},
		{"in another way", "SELECT DISTINCT insee_dep, count(*) OVER (PARTITION BY insee_dep) FROM donnees", true, ""},
		{"columns swapped", "SELECT count(*), insee_dep FROM donnees GROUP BY insee_dep", false, ""},
		{"a column too many", "SELECT insee_dep, count(*), 1 FROM donnees GROUP BY insee_dep", false, ""},
		{"rows repeated", "FROM (SELECT insee_dep, count(*) FROM donnees GROUP BY insee_dep) UNION ALL SELECT '01', 1", false, ""},
		{"more rows than any answer has", "SELECT a.insee_dep, 1 FROM donnees a, donnees b", false, ""},
		{"not SQL", "compte les guichets", false, "duck.ask_error"},
		{"a change", "DELETE FROM donnees", false, "duck.ask_select"},
	} {
		answer := mission.Answer{Queries: slices.Clone(good.Queries)}
		answer.Queries[1] = c.sql
		verdict, err := m.Judge(v, answer, bench)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		r := verdict.Results[1]
		if r.Passed != c.want || r.Refused != c.says || !verdict.Results[0].Passed || !verdict.Results[2].Passed {
			t.Errorf("%s: %+v", c.name, r)
		}
		if r.Sample != nil && len(r.Sample.Rows) > 5 {
			t.Errorf("%s: %d rows are shown", c.name, len(r.Sample.Rows))
		}
	}
}

func TestQuery_halfAnAnswerIsJudgedAndNothingIsNoAnswer(t *testing.T) {
	m := find(t, "M27")
	v, _ := m.Draw(source(t, m), 5)
	good, _ := m.Good(v)
	verdict, err := m.Judge(v, mission.Answer{Queries: []string{good.Queries[0], "", " "}}, bench)
	if err != nil || verdict.Passed || !verdict.Results[0].Passed || verdict.Results[1].Passed {
		t.Errorf("half an answer: %+v, %v", verdict, err)
	}
	for name, a := range map[string]mission.Answer{"nothing": {}, "blanks": {Queries: []string{"", " ", "\n"}}, "of another mission": {Queries: []string{"SELECT 1"}}} {
		if _, err := m.Judge(v, a, bench); !fault.Is(err, "mission.answer_missing_query") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTyped_keepsCodesAsText(t *testing.T) {
	types, rows := mission.Table{Columns: []string{"code", "nombre", "part", "jour", "vide", "mot"}, Rows: [][]string{{"01", "1 200", "0,5", "04/03/1790", "", "a"}, {"71", "7", "12", "1790-03-05", "", "1"}}}.Typed()
	if want := []string{"text", "integer", "number", "date", "text", "text"}; !slices.Equal(types, want) {
		t.Errorf("got %v, want %v", types, want)
	}
	if got := strings.Join(rows[0], "|"); got != "01|1200|0.5|1790-03-04||a" {
		t.Errorf("got %s", got)
	}
}
