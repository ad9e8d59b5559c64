package training_test

import (
	"testing"
	"time"

	"cultured/internal/training"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func trail() training.Path {
	return training.Path{Title: training.Words{FR: "Parcours"}, Summary: training.Words{FR: "Pour apprendre."}, Steps: []training.Step{
		{Kind: training.MissionStep, Ref: "M01"},
		{Kind: training.ResourceStep, Ref: "guide", When: training.AfterPrevious},
		{Kind: training.EventStep, Ref: "cafe", Title: training.Words{FR: "Café"}},
		{Kind: training.MissionStep, Ref: "M05", When: training.AtLevel, Code: "D4.1", Level: 2},
	}}
}

func TestStages_followWhatIsKnown(t *testing.T) {
	for _, c := range []struct {
		name  string
		facts training.Facts
		said  map[string]time.Time
		want  string // d done, s said, l locked, o open
		next  int
	}{
		{"nothing known", training.Facts{}, nil, "olol", 0},
		{"the first is done", training.Facts{Done: map[string]time.Time{"mission:M01": noon}}, nil, "dool", 1},
		{"a level opens", training.Facts{Levels: map[string]int{"D4.1": 2}}, nil, "oloo", 0},
		{"a lower level does not", training.Facts{Levels: map[string]int{"D4.1": 1}}, nil, "olol", 0},
		{"what is done is never locked", training.Facts{Done: map[string]time.Time{"mission:M05": noon, "resource:guide": noon}}, nil, "odod", 0},
		{"an event is said", training.Facts{}, map[string]time.Time{"event:cafe": noon}, "olsl", 0},
		{"a mission cannot be said", training.Facts{}, map[string]time.Time{"mission:M01": noon}, "olol", 0},
		{"all but what is locked", training.Facts{Done: map[string]time.Time{"mission:M01": noon, "resource:guide": noon}}, map[string]time.Time{"event:cafe": noon}, "ddsl", -1},
	} {
		stages := trail().Stages(c.facts, c.said)
		got := ""
		for _, s := range stages {
			switch {
			case s.Said:
				got += "s"
			case !s.Done.IsZero():
				got += "d"
			case s.Locked:
				got += "l"
			default:
				got += "o"
			}
		}
		if got != c.want || training.Next(stages) != c.next {
			t.Errorf("%s: got %s and %d, want %s and %d", c.name, got, training.Next(stages), c.want, c.next)
		}
	}
}

func TestPathValidate_saysWhatIsWrongAndWhere(t *testing.T) {
	if err := trail().Validate().Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, field, key string
		spoil            func(*training.Path)
	}{
		{"no title", "title", "training.path_title_missing", func(p *training.Path) { p.Title = training.Words{} }},
		{"no step", "step-1", "training.no_steps", func(p *training.Path) { p.Steps = nil }},
		{"a step twice", "step-4", "training.step_twice", func(p *training.Path) { p.Steps[3].Ref = "M01" }},
		{"a meeting without a title", "step-3", "training.event_title_missing", func(p *training.Path) { p.Steps[2].Title = training.Words{} }},
		{"the first after another", "step-1", "training.bad_condition", func(p *training.Path) { p.Steps[0].When = training.AfterPrevious }},
		{"a level of nothing", "step-4", "training.bad_condition", func(p *training.Path) { p.Steps[3].Code = "" }},
		{"a kind of nowhere", "step-2", "training.bad_step", func(p *training.Path) { p.Steps[1].Kind = "x" }},
	} {
		p := trail()
		c.spoil(&p)
		faults := p.Validate()
		if len(faults) != 1 || faults[0].Field != c.field || faults[0].Key != c.key {
			t.Errorf("%s: got %v", c.name, faults)
		}
	}
}

func TestNeeds_looksOnlyAtWhatIsShared(t *testing.T) {
	started := func(days int) string { return noon.AddDate(0, 0, -days).Format(time.DateOnly) }
	done := func(n int, ago int) (out []training.Stage) {
		for i := range 4 {
			s := training.Stage{}
			if i < n {
				s.Done = noon.AddDate(0, 0, -ago)
			}
			out = append(out, s)
		}
		return out
	}
	for _, c := range []struct {
		name   string
		start  string
		shares bool
		help   bool
		stages []training.Stage
		want   string
	}{
		{"behind and quiet, but nothing is shared", started(40), false, false, done(0, 0), ""},
		{"asks, sharing nothing else", started(40), false, true, done(0, 0), "asked"},
		{"just begun", started(3), true, false, done(0, 0), ""},
		{"not begun", started(-5), true, false, done(0, 0), ""},
		{"a quarter behind", started(35), true, false, done(1, 2), "behind"},
		{"on time, but quiet", started(28), true, false, done(2, 20), "quiet"},
		{"on time", started(28), true, false, done(2, 3), ""},
		{"finished long ago", started(50), true, false, done(4, 30), ""},
	} {
		co := training.Cohort{Start: c.start, Weeks: 8, Members: []training.Member{{Person: "bob", Joined: noon}}}
		if c.shares {
			co.Members[0].Shares = noon
		}
		if c.help {
			co.Notes = []training.Note{{Person: "bob", Help: true}, {Person: "cleo", Help: true, Helped: true}}
		}
		got := ""
		for _, why := range co.Needs("bob", c.stages, noon) {
			got += why
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCohort_eachSeesWhatIsForThem(t *testing.T) {
	c := training.Cohort{Lead: "ada", Start: "2026-11-23", Weeks: 8, Members: []training.Member{{Person: "bob", Shares: noon}, {Person: "cleo", Shares: noon}},
		Notes: []training.Note{{Person: "bob", Text: "a"}, {Person: "bob", Text: "b", Private: true}, {Person: "ada", Text: "c"}}}
	if got := c.For("cleo"); len(got.Notes) != 2 || !got.Member("bob").Shares.IsZero() || got.Member("cleo").Shares.IsZero() {
		t.Errorf("a member sees %+v", got)
	}
	if got := c.For("ada"); len(got.Notes) != 3 || got.Member("bob").Shares.IsZero() {
		t.Errorf("the lead sees %+v", got)
	}
	if c.Week(noon) != 1 || c.Week(noon.AddDate(0, 0, -10)) != 0 || c.Week(noon.AddDate(1, 0, 0)) != 9 {
		t.Error("weeks")
	}
	c.Forget("bob")
	if len(c.Members) != 1 || len(c.Notes) != 1 || c.Closed {
		t.Errorf("got %+v", c)
	}
	c.Forget("ada")
	if c.Lead != "" || !c.Closed || !c.Member("cleo").Shares.IsZero() {
		t.Errorf("without who led it: %+v", c)
	}
}
