package mission_test

import (
	"testing"

	"cultured/internal/mission"
)

func TestPropose(t *testing.T) {
	passed := &mission.Try{}
	m := func(id mission.ID, minutes int, code string, level, tried int, done *mission.Try) mission.Standing {
		return mission.Standing{Mission: mission.Mission{ID: id, Minutes: minutes, Competences: []mission.Competence{{Code: code, Level: level}}}, Tried: tried, Passed: done}
	}
	for _, c := range []struct {
		name   string
		list   []mission.Standing
		id     mission.ID
		reason mission.Reason
		about  string
	}{
		{"nothing done: the shortest", []mission.Standing{m("A", 20, "D1.1", 1, 0, nil), m("B", 10, "D2.1", 1, 0, nil)}, "B", mission.NewFamily, "D2.1"},
		{"what was begun comes first", []mission.Standing{m("A", 40, "D1.1", 1, 2, nil), m("B", 10, "D2.1", 1, 0, nil)}, "A", mission.Begun, ""},
		{"then the level above", []mission.Standing{m("A", 5, "D1.1", 1, 1, passed), m("B", 30, "D1.1", 2, 0, nil), m("C", 5, "D2.1", 1, 0, nil)}, "B", mission.NextLevel, "D1.1"},
		{"two levels above is not the next", []mission.Standing{m("A", 5, "D1.1", 1, 1, passed), m("B", 5, "D1.1", 3, 0, nil), m("C", 10, "D2.1", 1, 0, nil)}, "C", mission.NewFamily, "D2.1"},
		{"then a new family", []mission.Standing{m("A", 5, "D1.1", 1, 1, passed), m("B", 5, "D1.2", 1, 0, nil), m("C", 30, "D2.1", 1, 0, nil)}, "C", mission.NewFamily, "D2.1"},
		{"else the shortest", []mission.Standing{m("A", 5, "D1.1", 1, 1, passed), m("C", 30, "D1.3", 1, 0, nil), m("B", 15, "D1.2", 1, 0, nil)}, "B", mission.Shortest, ""},
		{"all passed", []mission.Standing{m("A", 5, "D1.1", 1, 1, passed)}, "", "", ""},
	} {
		p, ok := mission.Propose(c.list, c.list)
		if ok != (c.id != "") || p.ID != c.id || p.Reason != c.reason || p.For.Code != c.about {
			t.Errorf("%s: got %s %s %s", c.name, p.ID, p.Reason, p.For.Code)
		}
	}
	done, left := m("A", 5, "D1.1", 1, 1, passed), m("B", 5, "D1.2", 1, 0, nil)
	if p, _ := mission.Propose([]mission.Standing{left}, []mission.Standing{done, left}); p.Reason != mission.Shortest {
		t.Errorf("what was passed outside the choice is forgotten: %s", p.Reason)
	}
}
