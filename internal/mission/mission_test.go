package mission_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cultured/content/demo"
	"cultured/content/missions"
	"cultured/content/schemas"
	"cultured/internal/duck"
	"cultured/internal/mission"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// table reads a file as people's files are read.
func table(t testing.TB, raw []byte, name string) mission.Table {
	t.Helper()
	in, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), name, tabular.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := mission.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func source(t testing.TB, m mission.Mission) mission.Table {
	t.Helper()
	if m.Source.File == "" {
		return mission.Table{}
	}
	raw, err := fs.ReadFile(mission.Shelves{missions.Files, demo.Files}, "files/"+m.Source.File)
	if err != nil {
		t.Fatal(err)
	}
	return table(t, raw, m.Source.File)
}

func shipped(t testing.TB) []mission.Mission {
	t.Helper()
	list, err := mission.Load(missions.Files)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func find(t testing.TB, id mission.ID) mission.Mission {
	t.Helper()
	list := shipped(t)
	i := slices.IndexFunc(list, func(m mission.Mission) bool { return m.ID == id })
	if i < 0 {
		t.Fatalf("no mission %s", id)
	}
	return list[i]
}

var bench = mission.Bench{Schema: func(name string) (schema.Schema, error) {
	pack, err := schema.LoadPack(schemas.Files)
	if err != nil {
		return schema.Schema{}, err
	}
	entry, err := pack.Find(name)
	if err != nil {
		return schema.Schema{}, err
	}
	s, _, err := entry.Schema()
	return s, err
}, Query: asked}

// asked runs questions in the test itself: what ships and the tests write is known.
func asked(ctx context.Context, t mission.Table, name string, questions []string) (out []mission.Reply, err error) {
	types, rows := t.Typed()
	sheet := duck.Sheet{Name: name, Rows: rows}
	for i, c := range t.Columns {
		sheet.Columns = append(sheet.Columns, duck.Column{Name: c, Type: duck.Type(types[i])})
	}
	replies, err := duck.Ask(ctx, sheet, questions, mission.ReplyMost)
	for _, r := range replies {
		out = append(out, mission.Reply{Table: mission.Table{Columns: r.Columns, Rows: r.Rows}, More: r.More, Refused: r.Refused, Said: r.Said})
	}
	return out, err
}

// Each shipped mission: its good answer passes, the untouched table, an empty answer and each bad one fail for the reason named, for twenty seeds.
func TestMissions_areProved(t *testing.T) {
	for _, m := range shipped(t) {
		t.Run(string(m.ID), func(t *testing.T) {
			for _, problem := range m.Prove(source(t, m), 20, bench) {
				t.Error(problem)
			}
		})
	}
}

func TestMissions_areWhole(t *testing.T) {
	for _, m := range shipped(t) {
		for what, w := range map[string]mission.Words{"title": m.Title, "story": m.Story, "expected": m.Expected, "gain": m.Gain, "source": m.Source.Title} {
			if w.FR == "" || w.EN == "" || w.FR == w.EN {
				t.Errorf("%s: the %s is not in both languages", m.ID, what)
			}
		}
		for _, c := range m.Checks {
			if c.Hint.FR == "" || c.Hint.EN == "" {
				t.Errorf("%s: %s has no hint in both languages", m.ID, c.Kind)
			}
		}
		for i, c := range m.Cases {
			for what, w := range map[string]mission.Words{"text": c.Text, "lead": c.Lead} {
				if w.FR == "" || w.EN == "" {
					t.Errorf("%s: the %s of case %d is not in both languages", m.ID, what, i+1)
				}
			}
			if c.Question != nil {
				continue // a claim is right by what is drawn
			}
			if !slices.ContainsFunc(m.Options, func(o mission.Option) bool { return o.Value == c.Right }) {
				t.Errorf("%s: case %d is right by an option that is not offered", m.ID, i+1)
			}
		}
		for _, f := range m.Fields {
			if f.Name == "" || f.Label.FR == "" || f.Label.EN == "" || len(m.Subjects) < 5 {
				t.Errorf("%s: field %q has no label in both languages, or there are fewer than five subjects to draw from", m.ID, f.Name)
			}
		}
		for i, s := range m.Subjects {
			if s.Text.FR == "" || s.Text.EN == "" {
				t.Errorf("%s: subject %d is not in both languages", m.ID, i+1)
			}
		}
		if m.Minutes < 5 || m.Minutes > 40 || len(m.Competences) == 0 || m.Version < 1 || m.Source.Licence == "" || m.Source.Producer == "" {
			t.Errorf("%s: minutes, competences, version, licence or producer is missing", m.ID)
		}
	}
}

func TestDraw_isTheSameForASeedAndDiffersBetweenThem(t *testing.T) {
	m := find(t, "M05")
	src := source(t, m)
	a, err := m.Draw(src, 7)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := m.Draw(src, 7)
	c, _ := m.Draw(src, 8)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gives two variants")
	}
	if reflect.DeepEqual(a.Anomalies, c.Anomalies) || reflect.DeepEqual(a.Truth, c.Truth) {
		t.Error("two seeds give the same variant: a neighbour's answer would do")
	}
	if got := len(a.Anomalies); got != 29 {
		t.Errorf("%d anomalies, want 29", got)
	}
}

// What a mission needs may be rare in its source: a part without it is drawn again, the same one for a seed.
func TestDraw_drawsAgainWhereAPartHasTooLittle(t *testing.T) {
	src := mission.Table{Columns: []string{"code"}}
	for i := range 100 {
		src.Rows = append(src.Rows, []string{fmt.Sprintf("%d", 1000+i)})
	}
	src.Rows[40][0], src.Rows[60][0] = "0123", "0456"
	m := mission.Mission{ID: "rare", Answer: mission.AnswerRows, Rows: 20, Disturb: []mission.Disturbance{{Kind: "zeros", Column: "code", Count: 1}}}
	for seed := range uint64(50) { // one part in three has what is needed
		v, err := m.Draw(src, seed)
		if err != nil || len(v.Anomalies) != 1 {
			t.Fatalf("seed %d: got %d anomalies, %v", seed, len(v.Anomalies), err)
		}
		if again, _ := m.Draw(src, seed); !reflect.DeepEqual(again, v) {
			t.Errorf("seed %d gives two variants", seed)
		}
	}
	m.Disturb[0].Count = 3
	if _, err := m.Draw(src, 1); err == nil {
		t.Error("what the source has nowhere is found")
	}
}

// A file that went through a spreadsheet of a French office and back is still a good answer.
func TestJudge_takesWhatASpreadsheetGivesBack(t *testing.T) {
	m := find(t, "M05")
	v, err := m.Draw(source(t, m), 3)
	if err != nil {
		t.Fatal(err)
	}
	good := table(t, v.Truth.CSV(), "stations.csv")
	for i := range good.Rows {
		slices.Reverse(good.Rows[i]) // other order of columns
	}
	slices.Reverse(good.Columns)
	slices.Reverse(good.Rows) // and of rows
	verdict, err := m.Judge(v, mission.Answer{Table: &good}, bench)
	if err != nil || !verdict.Passed {
		t.Errorf("got %+v, %v", verdict, err)
	}
}

func TestJudge_pointsAtTheRowOfTheFileHandedIn(t *testing.T) {
	m := find(t, "M05")
	v, err := m.Draw(source(t, m), 4)
	if err != nil {
		t.Fatal(err)
	}
	answer := table(t, v.Table.CSV(), "stations.csv")
	verdict, err := m.Judge(v, mission.Answer{Table: &answer}, bench)
	if err != nil || verdict.Passed {
		t.Fatalf("got %+v, %v", verdict, err)
	}
	pointed, more := 0, 0
	for _, r := range verdict.Results {
		more += r.More
		if r.Kind != "mended" {
			continue
		}
		for _, f := range r.Findings {
			pointed++
			if !slices.ContainsFunc(v.Anomalies, func(a mission.Anomaly) bool {
				return v.Table.Number(a.Row) == f.Row && a.Column == f.Field && strings.TrimSpace(a.Is) == strings.TrimSpace(f.Value)
			}) {
				t.Errorf("row %d, %s: %q was not planted", f.Row, f.Field, f.Value)
			}
			for _, a := range v.Anomalies {
				if a.Was != "" && slices.Contains(f.Args, a.Was) {
					t.Errorf("row %d: the answer is given away: %v", f.Row, f.Args)
				}
			}
		}
		if len(r.Findings) > mission.MostLeads {
			t.Errorf("%d leads, want %d at most", len(r.Findings), mission.MostLeads)
		}
	}
	if pointed == 0 || more == 0 {
		t.Errorf("%d places pointed at and %d more; want some of each", pointed, more)
	}
}

func TestRows_readsWhatPeopleWrite(t *testing.T) {
	got, err := mission.Rows("3, 7 et 12-14 ; 7\n20–21")
	if want := []int{3, 7, 12, 13, 14, 20, 21}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, bad := range []string{"ligne 3", "3-1", "-2", "1-99999999", "0"} {
		if _, err := mission.Rows(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// A check nothing fails is refused, and so is one the good answer fails.
func TestProve_refusesAMissionThatProvesNothing(t *testing.T) {
	for name, change := range map[string]func(m *mission.Mission){
		"no bad answer fails a check": func(m *mission.Mission) { m.Bad = m.Bad[:1] },
		"a share nobody can reach":    func(m *mission.Mission) { m.Checks[0].Least = 2 },
		"a share of nothing":          func(m *mission.Mission) { m.Checks[0].Least, m.Checks[1].Least = 0, 0 },
		"an unknown check":            func(m *mission.Mission) { m.Checks[0].Kind = "hope" },
		"an unknown disturbance":      func(m *mission.Mission) { m.Disturb[0].Kind = "magic" },
		"an unknown column":           func(m *mission.Mission) { m.Keep[2] = "nowhere" },
		"too much to plant":           func(m *mission.Mission) { m.Disturb[0].Count = 1000 },
	} {
		m := find(t, "M01")
		m.Bad, m.Checks, m.Disturb, m.Keep = slices.Clone(m.Bad), slices.Clone(m.Checks), slices.Clone(m.Disturb), slices.Clone(m.Keep)
		change(&m)
		if problems := m.Prove(source(t, m), 3, bench); len(problems) == 0 {
			t.Errorf("%s: the mission is taken", name)
		}
	}
}
