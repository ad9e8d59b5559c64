package mission_test

import (
	"slices"
	"strconv"
	"testing"

	"cultured/internal/mission"
)

// tried judges a table and gives the results by kind.
func tried(t *testing.T, m mission.Mission, v mission.Variant, answer mission.Table) map[string]mission.Result {
	t.Helper()
	verdict, err := m.Judge(v, mission.Answer{Table: &answer}, bench)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]mission.Result{}
	for _, r := range verdict.Results {
		by[r.Kind] = r
	}
	return by
}

func drawn(t *testing.T, id mission.ID, seed uint64) (m mission.Mission, v mission.Variant, good mission.Table) {
	t.Helper()
	m = find(t, id)
	v, err := m.Draw(source(t, m), seed)
	if err != nil {
		t.Fatal(err)
	}
	a, err := m.Good(v)
	if err != nil {
		t.Fatal(err)
	}
	return m, v, *a.Table
}

func TestResult_isTheSameInAnyOrder(t *testing.T) {
	m, v, good := drawn(t, "M40", 3)
	slices.Reverse(good.Rows)
	slices.Reverse(good.Columns)
	for _, row := range good.Rows {
		slices.Reverse(row)
	}
	if got := tried(t, m, v, good)["result"]; !got.Passed {
		t.Errorf("another order is refused: %+v", got)
	}
	good.Rows[1] = slices.Clone(good.Rows[0]) // one twice in place of another
	if got := tried(t, m, v, good)["result"]; got.Passed || len(got.Findings) != 1 {
		t.Errorf("a row twice in place of another: %+v", got)
	}
}

// A total that would hold a hidden figure stays hidden, and a sum that takes it for nothing is refused.
func TestResult_keepsWhatIsSecret(t *testing.T) {
	m, v, good := drawn(t, "M38", 1)
	at := slices.IndexFunc(good.Rows, func(r []string) bool { return r[2] == mission.Hidden })
	if at < 0 {
		t.Fatal("nothing is hidden in this variant")
	}
	sum := 0
	for _, r := range v.Truth.Rows {
		if r[v.Truth.Column("nom_epci")] == good.Rows[at][0] && r[v.Truth.Column("typologie")] == good.Rows[at][1] {
			n, _ := strconv.Atoi(r[v.Truth.Column("attributions")]) // "<11" counts for nothing
			sum += n
		}
	}
	good.Rows[at][2] = strconv.Itoa(sum)
	if tried(t, m, v, good)["result"].Passed {
		t.Error("a total that gives away what was hidden is taken")
	}
}

func TestProtection_findsWhoStandsAlone(t *testing.T) {
	m, v, good := drawn(t, "M20", 2)
	widened := good.Clone()
	for _, row := range widened.Rows {
		row[widened.Column("direction")] = "Toutes"
	}
	if by := tried(t, m, v, widened); !by["k"].Passed || by["kept"].Passed {
		t.Errorf("a column made of one value: %+v", by)
	}
	moved := good.Clone()
	moved.Rows[0][moved.Column("note")] = v.Truth.Rows[0][v.Truth.Column("horodateur")] // the identifier put elsewhere
	if tried(t, m, v, moved)["identifiers"].Passed {
		t.Error("an identifier in another column is not seen")
	}
	named := good.Clone()
	named.Rows[0][named.Column("note")] = "camille@mairie.example"
	if tried(t, m, v, named)["identifiers"].Passed {
		t.Error("an e-mail is not seen")
	}
	bare := mission.Table{Columns: []string{"note"}, Rows: [][]string{{"1"}, {"2"}}}
	if by := tried(t, m, v, bare); by["k"].Passed || by["kept"].Passed {
		t.Errorf("two rows with nothing in them: %+v", by)
	}
}

// Claims differ from one person to another, and so do their figures.
func TestClaims_areDrawn(t *testing.T) {
	m := find(t, "M44")
	src := source(t, m)
	rights, texts := map[string]bool{}, map[string]bool{}
	for seed := range uint64(30) {
		v, err := m.Draw(src, seed)
		if err != nil {
			t.Fatal(err)
		}
		lies := 0
		for _, at := range v.Cases {
			if at == 0 {
				rights[m.Right(v, at)] = true
				texts[m.Text(v, at, "fr", func(n any) string { return strconv.FormatFloat(n.(float64), 'f', -1, 64) })] = true
			}
			if m.Right(v, at) == mission.False {
				lies++
			}
		}
		if lies < 2 || len(v.Cases)-lies < 2 {
			t.Errorf("seed %d: %d of %d claims are false", seed, lies, len(v.Cases))
		}
	}
	if len(rights) != 2 || len(texts) < 10 {
		t.Errorf("the first claim is %v, in %d writings: a neighbour's answer would do", rights, len(texts))
	}
}
