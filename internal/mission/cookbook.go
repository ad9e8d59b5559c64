package mission

import (
	"context"
	"encoding/json"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/recipe"
)

// A Prepared is steps somebody made in this product: a recipe saved by name, or what a dataset was cleaned with.
type Prepared struct {
	ID, Title string
	Version   int
	Steps     recipe.Recipe
}

// A Cookbook finds the steps people made.
type Cookbook interface {
	// Saved lists the recipes by may use.
	Saved(ctx context.Context, by actor.Actor) ([]Prepared, error)
	// Cleaned gives the steps the current version of a dataset by may change was made with, then those by is writing over it; none when there are none.
	// Faults: those of the rooms that keep them.
	Cleaned(ctx context.Context, by actor.Actor, dataset string) (Prepared, error)
}

// What steps handed in are called: a saved recipe or a dataset, then its ID.
const (
	SavedSteps   = "saved:"
	CleanedSteps = "dataset:"
)

// HandRecipe judges steps made in this product as the answer of a variant and keeps the try: of is [SavedSteps] or [CleanedSteps] and an ID. Faults: those of
// [Service.Answer] and [Cookbook]; NotFound "mission.not_found" for a mission whose answer is no steps; Invalid "mission.recipe_none" when the dataset has none,
// "mission.recipe_gone" when there is no such recipe, TooLarge "mission.recipe_long", on field "answer".
func (s *Service) HandRecipe(ctx context.Context, by actor.Actor, mission ID, variant, of string) (_ Try, err error) {
	defer fault.Wrap(&err, "mission.HandRecipe(%s)", mission)
	if !by.Known() {
		return Try{}, fault.New(fault.SignIn, "mission.sign_in")
	}
	m, err := s.Find(ctx, by, mission)
	if err != nil {
		return Try{}, err
	}
	if m.Answer != AnswerRecipe || s.Cookbook == nil {
		return Try{}, fault.New(fault.NotFound, "mission.not_found")
	}
	p, err := s.prepared(ctx, by, of)
	if err != nil {
		return Try{}, err
	}
	if raw, err := json.Marshal(p.Steps); err != nil || len(raw) > recipeMost {
		return Try{}, fault.Field("answer", "mission.recipe_long", recipeMost/1000).Because(err)
	}
	a := Answer{Recipe: p.Steps, Held: of, Edition: p.Version, Title: p.Title}
	return s.Answer(ctx, by, mission, Handed{Answer: a, Variant: variant, Name: p.Title}, nil)
}

func (s *Service) prepared(ctx context.Context, by actor.Actor, of string) (Prepared, error) {
	if dataset, ok := strings.CutPrefix(of, CleanedSteps); ok {
		p, err := s.Cookbook.Cleaned(ctx, by, dataset)
		if err == nil && len(p.Steps) == 0 {
			err = fault.Field("answer", "mission.recipe_none", p.Title)
		}
		return p, err
	}
	saved, err := s.Saved(ctx, by)
	for _, p := range saved {
		if SavedSteps+p.ID == of {
			return p, err
		}
	}
	if err == nil {
		err = fault.Field("answer", "mission.recipe_gone")
	}
	return Prepared{}, err
}

// Saved lists the recipes by may hand in, or make a mission of; none where no recipe is kept.
func (s *Service) Saved(ctx context.Context, by actor.Actor) ([]Prepared, error) {
	if s.Cookbook == nil {
		return nil, nil
	}
	return s.Cookbook.Saved(ctx, by)
}
