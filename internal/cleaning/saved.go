package cleaning

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/recipe"
)

// NameMost is how many characters a recipe's name has at most.
const NameMost = 120

// A Saved is a recipe kept by name for a whole organisation, to be done again on other tables.
type Saved struct {
	ID           string        `json:"-"`
	Organisation string        `json:"-"`
	Version      int           `json:"version"` // of its steps, from 1
	Name         string        `json:"name"`
	By           string        `json:"by"` // person who wrote this version
	ByName       string        `json:"byName"`
	Author       string        `json:"author"` // person who saved it first
	At           time.Time     `json:"at"`
	Steps        recipe.Recipe `json:"steps"`
}

// MaySave reports whether by may give a saved recipe another version or take it away: its author, stewards.
func (s Saved) MaySave(by actor.Actor) bool {
	return by.Known() && by.Organisation == s.Organisation && (by.ID == s.Author || by.Is(actor.Steward))
}

// A Book keeps saved recipes.
type Book interface {
	// Save stores a new recipe, or the next version of one. Faults: Conflict "cleaning.recipe_changed" when another version exists.
	Save(ctx context.Context, by actor.Actor, s Saved) error
	// All lists the recipes of an organisation by name, in their last version.
	All(ctx context.Context, organisation string) ([]Saved, error)
	// Versions lists the versions of one, the latest first. Faults: NotFound "cleaning.no_recipe".
	Versions(ctx context.Context, organisation, id string) ([]Saved, error)
	// Drop forgets a recipe with its versions. What it was applied to stays. Dropping one that is gone is no error.
	Drop(ctx context.Context, by actor.Actor, s Saved) error
}

// All lists the recipes that by may use. Faults: SignIn "dataset.sign_in_first".
func (s *Service) All(ctx context.Context, by actor.Actor) (_ []Saved, err error) {
	defer fault.Wrap(&err, "cleaning.All")
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "dataset.sign_in_first")
	}
	return s.Book.All(ctx, by.Organisation)
}

// Versions lists the versions of a recipe that by may use, the latest first. Faults: SignIn "dataset.sign_in_first"; NotFound
// "cleaning.no_recipe".
func (s *Service) Versions(ctx context.Context, by actor.Actor, id string) (_ []Saved, err error) {
	defer fault.Wrap(&err, "cleaning.Versions(%s)", id)
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "dataset.sign_in_first")
	}
	return s.Book.Versions(ctx, by.Organisation, id)
}

// Save keeps steps by name, as a new recipe or, where by saved one of that name, as its next version.
// Faults: SignIn "dataset.sign_in_first"; Invalid "cleaning.need_name", "cleaning.long_name", "cleaning.name_taken" of the field "called";
// Conflict "cleaning.no_step".
func (s *Service) Save(ctx context.Context, by actor.Actor, name string, steps recipe.Recipe) (_ Saved, err error) {
	defer fault.Wrap(&err, "cleaning.Save")
	all, err := s.All(ctx, by)
	name = strings.TrimSpace(name)
	switch {
	case err != nil:
		return Saved{}, err
	case name == "":
		return Saved{}, fault.Field("called", "cleaning.need_name")
	case utf8.RuneCountInString(name) > NameMost:
		return Saved{}, fault.Field("called", "cleaning.long_name", NameMost)
	case len(steps) == 0:
		return Saved{}, fault.New(fault.Conflict, "cleaning.no_step")
	}
	now := s.Now()
	one := Saved{ID: id.New(now), Organisation: by.Organisation, Name: name, Author: by.ID}
	if at := slices.IndexFunc(all, func(s Saved) bool { return strings.EqualFold(s.Name, name) }); at >= 0 {
		if one = all[at]; !one.MaySave(by) {
			return Saved{}, fault.Field("called", "cleaning.name_taken", one.ByName)
		}
		if same(one.Steps, steps) {
			return one, nil
		}
	}
	one.Version, one.Name, one.By, one.ByName, one.At, one.Steps = one.Version+1, name, by.ID, by.Name, now, steps
	return one, s.Book.Save(ctx, by, one)
}

// Keep saves the steps of a draft. Faults: those of [Service.Save]; Conflict "cleaning.draft_changed".
func (s *Service) Keep(ctx context.Context, by actor.Actor, seen Seen, name string) (Saved, error) {
	b, err := s.Open(ctx, by, seen.Dataset)
	if err != nil {
		return Saved{}, err
	}
	if b.Draft.Revision != seen.Revision {
		return Saved{}, fault.New(fault.Conflict, "cleaning.draft_changed")
	}
	return s.Save(ctx, by, name, b.Draft.Steps)
}

// Drop takes a saved recipe away. Faults: those of [Service.Versions]; Denied "cleaning.not_your_recipe".
func (s *Service) Drop(ctx context.Context, by actor.Actor, id string) (err error) {
	defer fault.Wrap(&err, "cleaning.Drop(%s)", id)
	all, err := s.Versions(ctx, by, id)
	if err != nil {
		return err
	}
	if !all[0].MaySave(by) {
		return fault.New(fault.Denied, "cleaning.not_your_recipe")
	}
	return s.Book.Drop(ctx, by, all[0])
}

// Load adds steps to the end of a draft, whether they fit or not: the page says which do not, and why.
// Faults: those of [Service.Edit]; TooLarge "recipe.too_many_steps".
func (s *Service) Load(ctx context.Context, by actor.Actor, seen Seen, steps recipe.Recipe) (err error) {
	defer fault.Wrap(&err, "cleaning.Load(%s)", seen.Dataset)
	return s.change(ctx, by, seen, func(d *Draft) error { return d.Write(slices.Concat(d.Steps, steps)) })
}

// Learned completes, of steps that come after those of a draft, the ones that wait for what rows tell. What cannot be learned stays as it is: the page says
// why the step does not fit.
func (s *Service) Learned(b Bench, steps recipe.Recipe) {
	before := slices.Clone(b.Draft.Steps)
	for _, step := range steps {
		if recipe.Unlearned(step) {
			_ = s.learn(b, before, step) // said by the page, beside the step
		}
		before = append(before, step)
	}
}

// An Earlier is a recipe that a version of a dataset was made with.
type Earlier struct {
	Version int
	Steps   recipe.Recipe
}

// Earlier returns the recipes that the last version to have some was made with, in one list of steps; none when the current version has
// them. It is what to do again on a new file. Faults: those of [dataset.Service.Versions].
func (s *Service) Earlier(ctx context.Context, by actor.Actor, of dataset.ID) (e Earlier, err error) {
	defer fault.Wrap(&err, "cleaning.Earlier(%s)", of)
	_, all, err := s.Data.Versions(ctx, by, of)
	if err != nil {
		return e, err
	}
	for i, v := range all {
		for _, f := range v.Source.Plan {
			e.Steps = append(e.Steps, f.Recipe...)
		}
		if len(e.Steps) > 0 {
			if i == 0 {
				return Earlier{}, nil
			}
			e.Version = v.Number
			return e, nil
		}
	}
	return e, nil
}
