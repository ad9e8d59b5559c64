package mission_test

import (
	"testing"

	"cultured/internal/mission"
)

var rivers = mission.Table{Columns: []string{"commune", "secteur", "mwh"}, Rows: [][]string{
	{"Dijon", "R", "10"}, {"Beaune", "R", "4,5"}, {"Dijon", "T", "20"}, {"Auxonne", "T", ""}, {"Auxonne", "R", "1"}}}

func TestFigures_putRowsTogether(t *testing.T) {
	type figures = []mission.Figure
	for _, c := range []struct {
		name string
		ch   mission.Chart
		want figures
		more int
	}{
		{"sums, the largest first", mission.Chart{Of: "commune", Value: "mwh", How: "sum", Order: "value"}, figures{{"Dijon", 30}, {"Beaune", 4.5}, {"Auxonne", 1}}, 0},
		{"means, what is missing is not zero", mission.Chart{Of: "commune", Value: "mwh", How: "mean", Order: "name"}, figures{{"Auxonne", 1}, {"Beaune", 4.5}, {"Dijon", 15}}, 0},
		{"rows counted", mission.Chart{Of: "secteur", How: "count"}, figures{{"R", 3}, {"T", 2}}, 0},
		{"bars leave the rest out", mission.Chart{Kind: "bars", Of: "commune", Value: "mwh", How: "sum", Order: "value", Most: 1}, figures{{"Dijon", 30}}, 2},
		{"a pie puts it together", mission.Chart{Kind: "pie", Of: "commune", Value: "mwh", How: "sum", Order: "value", Most: 1}, figures{{"Dijon", 30}, {"", 5.5}}, 0},
		{"no such column", mission.Chart{Of: "ville", How: "count"}, nil, 0},
	} {
		got, more := c.ch.Figures(rivers)
		if len(got) != len(c.want) || more != c.more {
			t.Errorf("%s: got %v and %d more", c.name, got, more)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
	}
}

// Somebody who takes another way to the same figures is right; somebody who gives the right words to the wrong drawing is not.
func TestChart_isJudgedByWhatItShows(t *testing.T) {
	m := find(t, "M36")
	v, err := m.Draw(source(t, m), 5)
	if err != nil {
		t.Fatal(err)
	}
	good, err := m.Good(v)
	if err != nil {
		t.Fatal(err)
	}
	judge := func(change func(*mission.Chart)) map[string]mission.Result {
		ch := *good.Chart
		change(&ch)
		verdict, err := m.Judge(v, mission.Answer{Chart: &ch}, bench)
		if err != nil {
			t.Fatal(err)
		}
		by := map[string]mission.Result{}
		for _, r := range verdict.Results {
			by[r.Kind] = r
		}
		return by
	}
	if !judge(func(ch *mission.Chart) { ch.How = "mean" })["chart_shows"].Passed {
		t.Error("the mean of one row each is its sum: it shows the same")
	}
	if r := judge(func(ch *mission.Chart) { ch.Value = "nb_communes" })["chart_shows"]; r.Passed || r.Key != "mission.failed_chart_shows_value" {
		t.Errorf("another column measured: %+v", r)
	}
	if !judge(func(ch *mission.Chart) { ch.Kind, ch.Zero = "line", false })["chart_zero"].Passed {
		t.Error("a line may have a scale of its own")
	}
	if r := judge(func(ch *mission.Chart) { ch.Alt = "Un graphique à barres qui montre des groupements de communes." })["chart_alt"]; r.Passed || r.Key != "mission.failed_chart_alt_largest" {
		t.Errorf("words that say nothing of what is seen: %+v", r)
	}
	for colour, want := range map[string]bool{"#000000": true, "#767676": true, "#ff0000": true, "#ffff00": false, "#ffffff": false, "": false, "red": false} {
		if got := judge(func(ch *mission.Chart) { ch.Colour = colour })["chart_contrast"].Passed; got != want {
			t.Errorf("%q against white: %v", colour, got)
		}
	}
}

func TestSuggest_findsBadCharts(t *testing.T) {
	for _, id := range []mission.ID{"M36"} {
		m := find(t, id)
		var err error
		if m.Bad, err = m.Suggest(source(t, m), 3, bench); err != nil {
			t.Fatal(err)
		}
		for _, problem := range m.Prove(source(t, m), 3, bench) {
			t.Errorf("%s: %v", id, problem)
		}
	}
}
