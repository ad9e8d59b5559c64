package situation_test

import (
	"slices"
	"testing"

	"cultured/internal/situation"
)

func TestTheMapCountsMentionsByStanding(t *testing.T) {
	list := []situation.Situation{
		{Service: "Cantine", Links: []situation.Link{{Competence: "c", Standing: situation.Needed}, {Competence: "d", Standing: situation.Held}},
			Origin: situation.Origin{Cards: []situation.Card{{Number: 1}, {Number: 2}, {Number: 3}}}},
		{Service: "Voirie", Links: []situation.Link{{Competence: "c", Standing: situation.Held}, {Competence: "c", Standing: situation.Develop}}},
		{Service: "Cantine", Links: []situation.Link{{Competence: "e", Standing: situation.Needed}, {Competence: "d", Standing: situation.Needed}}},
		{Service: "Nothing is linked here"},
	}
	all := situation.Count(list, situation.Everywhere)
	if want := []situation.Tally{{Competence: "c", Needed: 3, Held: 1, Develop: 1}, {Competence: "d", Needed: 1, Held: 3}, {Competence: "e", Needed: 1}}; !slices.Equal(all, want) {
		t.Errorf("got %+v, want %+v", all, want)
	}
	gaps := situation.Gaps(all)
	if want := []situation.Tally{all[0], all[2]}; !slices.Equal(gaps, want) || gaps[0].Gap() != 2 || all[1].Gap() != 0 {
		t.Errorf("got %+v, want %+v", gaps, want)
	}
	by := situation.Count(list, func(s situation.Situation) string { return s.Service })
	if want := []situation.Tally{{"Cantine", "c", 3, 0, 0}, {"Cantine", "d", 1, 3, 0}, {"Voirie", "c", 0, 1, 1}, {"Cantine", "e", 1, 0, 0}}; !slices.Equal(by, want) {
		t.Errorf("got %+v, want %+v", by, want)
	}
	for _, s := range situation.Standings() {
		if n := by[0].Of(s); (n == 3) != (s == situation.Needed) {
			t.Errorf("%s: %d", s, n)
		}
	}
}
