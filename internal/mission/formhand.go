package mission

import (
	"context"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/form"
)

// Forms finds and begins the forms people build in this product.
type Forms interface {
	// Mine lists the forms of by.
	Mine(ctx context.Context, by actor.Actor) ([]form.Form, error)
	// Begin stores a new form of by's, published to nobody.
	Begin(ctx context.Context, by actor.Actor, f form.Form) (form.ID, error)
}

// Buildable lists the forms by may hand in; none for another answer.
func (s *Service) Buildable(ctx context.Context, by actor.Actor, m Mission) ([]form.Form, error) {
	if m.Answer != AnswerForm || s.Forms == nil {
		return nil, nil
	}
	return s.Forms.Mine(ctx, by)
}

// BeginForm gives by the form to put right as one of theirs, in a language: the one begun before, if it is still there. Faults: those of [Service.Open];
// NotFound "mission.not_found" for another answer.
func (s *Service) BeginForm(ctx context.Context, by actor.Actor, mission ID, lang string) (_ form.ID, err error) {
	defer fault.Wrap(&err, "mission.BeginForm(%s)", mission)
	d, err := s.Open(ctx, by, mission)
	if err != nil {
		return "", err
	}
	if d.Mission.Answer != AnswerForm || s.Forms == nil {
		return "", fault.New(fault.NotFound, "mission.not_found")
	}
	f := d.Case(d.Mission).Begun(lang)
	mine, err := s.Forms.Mine(ctx, by)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(mine, func(o form.Form) bool { return o.Title == f.Title }); i >= 0 {
		return mine[i].ID, nil
	}
	return s.Forms.Begin(ctx, by, f)
}

// HandForm judges a form of by's as the answer of a variant and keeps the try with what it asks. Faults: those of [Service.Answer]; NotFound "mission.not_found" for
// another answer; Invalid "mission.form_gone" on field "dataset".
func (s *Service) HandForm(ctx context.Context, by actor.Actor, mission ID, variant, of string) (_ Try, err error) {
	defer fault.Wrap(&err, "mission.HandForm(%s)", mission)
	if !by.Known() {
		return Try{}, fault.New(fault.SignIn, "mission.sign_in")
	}
	m, err := s.Find(ctx, by, mission)
	if err != nil {
		return Try{}, err
	}
	mine, err := s.Buildable(ctx, by, m)
	if err != nil {
		return Try{}, err
	}
	i := slices.IndexFunc(mine, func(f form.Form) bool { return string(f.ID) == of })
	if i < 0 {
		return Try{}, fault.Field("dataset", "mission.form_gone")
	}
	f := mine[i]
	f.Code, f.Named = "", nil // who may answer is nobody's business here
	a := Answer{Form: &f, Held: FormHeld + of, Edition: f.Revision, Title: f.Title}
	return s.Answer(ctx, by, mission, Handed{Answer: a, Variant: variant, Name: f.Title}, nil)
}

// FormHeld begins the name of a form handed in.
const FormHeld = "form:"
