package mission

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Sit puts who may write a draft before it, as a colleague will be once it is published: its data of one variant, what is asked. Nothing of it is kept,
// nothing is proved by it. variant is what [Desk.Number] called one before, "" for the person's first.
// Faults: those of [Service.Draft]; NotFound "mission.not_found" for no variant; Conflict "mission.sit_unready" while it cannot be drawn,
// "mission.sit_form" where the answer is a form built in the house.
func (s *Service) Sit(ctx context.Context, by actor.Actor, of ID, variant string) (_ Desk, err error) {
	defer fault.Wrap(&err, "mission.Sit(%s)", of)
	o, err := s.Draft(ctx, by, of)
	if err != nil {
		return Desk{}, err
	}
	m := o.Mission
	m.ID = o.ID
	if m.Answer == AnswerForm {
		return Desk{}, fault.New(fault.Conflict, "mission.sit_form")
	}
	seed := first(by, of)
	if variant != "" {
		if seed, err = strconv.ParseUint(variant, 36, 63); err != nil {
			return Desk{}, fault.New(fault.NotFound, "mission.not_found")
		}
	}
	source, err := s.sheet(ctx, by.Organisation, m.Source.File)
	if err != nil {
		return Desk{}, err
	}
	d := Desk{Standing: Standing{Mission: m}, Number: strconv.FormatUint(seed, 36)}
	return d, unready(func() (err error) {
		if err = m.Check(); err == nil && m.unwritten() == "" {
			d.Variant, err = m.Draw(source, seed)
		} else if err == nil {
			err = fmt.Errorf("mission %s: %s", m.ID, m.unwritten())
		}
		return err
	})
}

// JudgeDraft is what an answer to a draft is worth, to who sits at it: d is from [Service.Sit]. Faults: those of [Mission.Judge]; Conflict
// "mission.sit_unready" for a draft whose checks cannot be done.
func (s *Service) JudgeDraft(d Desk, given Answer) (t Try, err error) {
	defer fault.Wrap(&err, "mission.JudgeDraft(%s)", d.ID)
	t = Try{Mission: d.ID, At: s.Now(), Given: given, Edition: d.Mission}
	return t, unready(func() (err error) {
		t.Verdict, err = d.Judge(d.Variant, given, s.Bench)
		return err
	})
}

// unready does something with a draft of which nothing is certain. What it breaks, and what its author has to mend, is one fault; those of who answers
// stay what they are.
func unready(do func() error) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fault.New(fault.Conflict, "mission.sit_unready").Because(fmt.Errorf("%v", broken))
		}
	}()
	err = do()
	if f, ok := errors.AsType[*fault.Error](err); err == nil || ok && f.Field == "answer" {
		return err
	}
	return fault.New(fault.Conflict, "mission.sit_unready").Because(err)
}
