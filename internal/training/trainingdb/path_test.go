package trainingdb_test

import (
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/training"
)

func trail(refs ...string) training.Path {
	p := training.Path{Title: training.Words{FR: "Parcours"}, Summary: training.Words{FR: "Pour apprendre."}}
	for _, ref := range refs {
		p.Steps = append(p.Steps, training.Step{Kind: training.MissionStep, Ref: ref})
	}
	p.Steps = append(p.Steps, training.Step{Kind: training.EventStep, Ref: "cafe", Title: training.Words{FR: "Café"}}, training.Step{Kind: training.ResourceStep, Ref: "shipped"})
	return p
}

func TestAPathIsMadeByAFacilitatorAndWalkedByAnybody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, err := h.MakePath(t.Context(), bob, trail("M01"))
		want(t, err, "training.makers_only")
		id, err := h.MakePath(t.Context(), ada, trail("M01", "M02"))
		ok(t, err)
		_, err = h.Way(t.Context(), eve, id)
		want(t, err, "training.no_path")
		want(t, h.Say(t.Context(), bob, id, "event:cafe", true), "training.no_path") // does not follow it
		ok(t, h.Walk(t.Context(), bob, id))
		ok(t, h.Say(t.Context(), bob, id, "event:cafe", true))
		want(t, h.Say(t.Context(), bob, id, "mission:M01", true), "training.no_path")
		ok(t, h.Follow(t.Context(), bob, "shipped", "", false))
		h.done["bob"] = training.Facts{Done: map[string]time.Time{"mission:M01": noon}}
		way, err := h.Way(t.Context(), bob, id)
		ok(t, err)
		if done, _ := training.Count(way.Stages); done != 3 || training.Next(way.Stages) != 1 {
			t.Errorf("got %+v", way.Stages)
		}
		if way, err = h.Way(t.Context(), ada, id); err != nil || way.Walking != nil {
			t.Errorf("a colleague sees %+v, %v", way, err)
		}
		mine := trail("M02")
		mine.ID = id
		ok(t, h.EditPath(t.Context(), ada, mine, 1))
		want(t, h.EditPath(t.Context(), ada, mine, 1), "training.path_moved")
		want(t, h.EditPath(t.Context(), eve, mine, 2), "training.makers_only")
		ok(t, h.RetirePath(t.Context(), ada, id, true))
		_, err = h.Way(t.Context(), cleo, id)
		want(t, err, "training.no_path")
		_, err = h.Way(t.Context(), bob, id) // may finish
		ok(t, err)
		ok(t, h.Leave(t.Context(), bob, id))
		_, err = h.Way(t.Context(), bob, id)
		want(t, err, "training.no_path")
	})
}

func TestTheLeadOfACohortSeesOnlyWhatIsSharedAndOnlyAsLongAs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path, err := h.MakePath(t.Context(), ada, trail("M01"))
		ok(t, err)
		h.done["bob"] = training.Facts{Done: map[string]time.Time{"mission:M01": noon}}
		_, err = h.OpenCohort(t.Context(), bob, training.Cohort{Title: "x", Use: "x", Start: "2026-11-02", Weeks: 8})
		want(t, err, "training.makers_only")
		id, err := h.OpenCohort(t.Context(), ada, training.Cohort{Title: "Énergie", Use: "Savoir ce qui consomme.", Start: "2026-11-02", Weeks: 8, Path: path})
		ok(t, err)
		for email, m := range map[string]training.Member{"bob@o": {Side: "trade", Pair: 1}, "cleo@o": {Side: "data", Pair: 1}} {
			ok(t, h.Invite(t.Context(), ada, id, email, m))
		}
		want(t, h.Invite(t.Context(), ada, id, "ada@o", training.Member{Side: "data", Pair: 1}), "training.lead_is_there")
		want(t, h.Invite(t.Context(), ada, id, "bob@o", training.Member{Side: "boss", Pair: 1}), "training.choose_one")
		want(t, h.Invite(t.Context(), bob, id, "cleo@o", training.Member{Side: "data", Pair: 1}), "training.no_cohort")
		_, err = h.Sit(t.Context(), actor.Actor{ID: "other", Organisation: "o", Roles: []actor.Role{actor.Facilitator}}, id)
		want(t, err, "training.no_cohort")
		_, err = h.Sit(t.Context(), eve, id)
		want(t, err, "training.no_cohort")
		want(t, h.Consent(t.Context(), bob, id, true), "training.join_first")
		ok(t, h.Join(t.Context(), bob, id, true))
		stages := func() int {
			t.Helper()
			table, err := h.Sit(t.Context(), ada, id)
			ok(t, err)
			for _, s := range table.Seats {
				if s.Person == "bob" {
					return len(s.Stages)
				}
			}
			t.Fatal("bob is not there")
			return 0
		}
		if stages() != 0 {
			t.Error("progress is seen without consent")
		}
		ok(t, h.Consent(t.Context(), bob, id, true))
		if stages() != 3 {
			t.Error("progress is not seen with consent")
		}
		ok(t, h.Consent(t.Context(), bob, id, false))
		if stages() != 0 {
			t.Error("progress is seen after consent was taken back")
		}
		ok(t, h.Consent(t.Context(), bob, id, true))
		other, err := h.MakePath(t.Context(), ada, trail("M02"))
		ok(t, err)
		ok(t, h.EditCohort(t.Context(), ada, training.Cohort{ID: id, Title: "Énergie", Use: "Savoir.", Start: "2026-11-02", Weeks: 8, Path: other}))
		if stages() != 0 {
			t.Error("consent for one path is taken for another")
		}
		ok(t, h.Consent(t.Context(), bob, id, true))
		ok(t, h.CloseCohort(t.Context(), ada, id, true))
		if stages() != 0 {
			t.Error("a cohort that is over still shows progress")
		}
		want(t, h.Consent(t.Context(), bob, id, true), "training.cohort_closed")
		if table, err := h.Sit(t.Context(), bob, id); err != nil || table.Seats != nil {
			t.Errorf("a member sees %+v, %v", table.Seats, err)
		}
	})
}

func TestTheFollowUpIsErasedWithWhoWroteIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id, err := h.OpenCohort(t.Context(), ada, training.Cohort{Title: "Énergie", Use: "Savoir.", Start: "2026-11-02", Weeks: 8})
		ok(t, err)
		ok(t, h.Invite(t.Context(), ada, id, "bob@o", training.Member{Side: "trade", Pair: 1}))
		want(t, h.Write(t.Context(), bob, id, training.Note{Text: "x"}), "training.join_first")
		want(t, h.Write(t.Context(), cleo, id, training.Note{Text: "x"}), "training.no_cohort")
		ok(t, h.Join(t.Context(), bob, id, true))
		want(t, h.Write(t.Context(), bob, id, training.Note{Text: " "}), "training.note_missing")
		ok(t, h.Write(t.Context(), bob, id, training.Note{Text: "Je bloque.", Help: true, Private: true}))
		table, err := h.Sit(t.Context(), ada, id)
		ok(t, err)
		if len(table.Seats) != 1 || len(table.Seats[0].Needs) != 1 || table.Seats[0].Needs[0] != training.Asked {
			t.Fatalf("got %+v", table.Seats)
		}
		want(t, h.Helped(t.Context(), bob, id, table.Notes[0].ID), "training.no_cohort")
		ok(t, h.Helped(t.Context(), ada, id, table.Notes[0].ID))
		if table, err = h.Sit(t.Context(), ada, id); err != nil || len(table.Seats[0].Needs) != 0 {
			t.Errorf("got %+v, %v", table.Seats, err)
		}
		for range 2 { // events may come twice
			ok(t, h.Forget(t.Context(), "o", "bob"))
		}
		if table, err = h.Sit(t.Context(), ada, id); err != nil || len(table.Notes) != 0 || len(table.Members) != 0 {
			t.Errorf("got %+v, %v", table, err)
		}
		ok(t, h.Forget(t.Context(), "o", "ada"))
		list, err := h.MyCohorts(t.Context(), ada)
		ok(t, err)
		if len(list) != 0 {
			t.Errorf("got %+v", list)
		}
	})
}
