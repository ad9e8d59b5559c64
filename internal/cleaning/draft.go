package cleaning

import (
	"encoding/json"
	"slices"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/recipe"
)

// mostBefore is how many states of a draft can be taken back.
const mostBefore = 50

// A Draft is the recipe that somebody writes over a dataset.
type Draft struct {
	Organisation string          `json:"-"`
	Person       string          `json:"-"`
	Dataset      string          `json:"-"`
	Revision     int             `json:"-"` // of the row; 0 before it exists
	Steps        recipe.Recipe   `json:"steps"`
	Before       []recipe.Recipe `json:"before,omitempty"` // states before, the latest last
	Sent         dataset.CheckID `json:"sent,omitempty"`   // the change on its way, [sending] before it is known, "" for none
	Since        int             `json:"since,omitempty"`  // the version it was sent on
}

// Write gives the draft other steps and remembers those it had. Faults: TooLarge "recipe.too_many_steps".
func (d *Draft) Write(steps recipe.Recipe) error {
	raw, err := json.Marshal(steps)
	if err != nil {
		return err
	}
	var again recipe.Recipe // what is kept can be read again
	if err := json.Unmarshal(raw, &again); err != nil {
		return err
	}
	d.Before = append(slices.Clone(d.Before), d.Steps)
	d.Before = d.Before[max(0, len(d.Before)-mostBefore):]
	d.Steps = again
	return nil
}

// Undo takes the draft back to the state before. Faults: Conflict "cleaning.nothing_to_undo".
func (d *Draft) Undo() error {
	last := len(d.Before) - 1
	if last < 0 {
		return fault.New(fault.Conflict, "cleaning.nothing_to_undo")
	}
	d.Steps, d.Before = d.Before[last], d.Before[:last]
	return nil
}

// same says whether two recipes are the same steps.
func same(a, b recipe.Recipe) bool {
	one, err := json.Marshal(a)
	other, err2 := json.Marshal(b)
	return err == nil && err2 == nil && slices.Equal(one, other)
}

// sending stands for a change that is about to be asked for: should the process end in between, what became of it is seen in the dataset.
const sending dataset.CheckID = "sending"

// landed says whether the steps are the last fix of a version, later than the one they were sent on.
func (d Draft) landed(v dataset.Version) bool {
	plan := v.Source.Plan
	return v.Number > d.Since && len(plan) > 0 && plan[len(plan)-1].Recipe != nil && same(plan[len(plan)-1].Recipe, d.Steps)
}
