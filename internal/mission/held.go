package mission

import (
	"cmp"
	"context"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// HandableMost is how many datasets are offered to be handed in.
const HandableMost = 30

// Handable lists the datasets by may change that look like what a mission asks for, the likest first: a table is worked on where people work, and handed in
// from there, or its steps are. None for another answer.
func (s *Service) Handable(ctx context.Context, by actor.Actor, d Desk) (out []Holding, err error) {
	defer fault.Wrap(&err, "mission.Handable(%s)", d.ID)
	if !d.tabled() || s.Holdings == nil {
		return nil, nil
	}
	good, err := d.made(d.Truth)
	if err != nil {
		return nil, err
	}
	held, err := s.Holdings.Held(ctx, by)
	if err != nil {
		return nil, err
	}
	likes := map[string]int{}
	for _, h := range held {
		if likes[h.ID] = like(h, good); 2*likes[h.ID] > len(good.Columns) {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b Holding) int { return cmp.Compare(likes[b.ID], likes[a.ID]) })
	return out[:min(len(out), HandableMost)], nil
}

// like counts the columns of a table a dataset has.
func like(h Holding, t Table) (n int) {
	for _, c := range h.Columns {
		if t.Column(c.Name) >= 0 {
			n++
		}
	}
	return n
}

// HandIn judges a dataset of by's as the answer of a variant and keeps the try: its current version, as it stands after the steps that were applied. Faults: those of
// [Service.Answer] and [Holdings]; NotFound "mission.not_found" for a mission whose answer is no table.
func (s *Service) HandIn(ctx context.Context, by actor.Actor, mission ID, variant, dataset string) (_ Try, err error) {
	defer fault.Wrap(&err, "mission.HandIn(%s)", mission)
	if !by.Known() {
		return Try{}, fault.New(fault.SignIn, "mission.sign_in")
	}
	m, err := s.Find(ctx, by, mission)
	if err != nil {
		return Try{}, err
	}
	if m.Answer != AnswerTable || s.Holdings == nil {
		return Try{}, fault.New(fault.NotFound, "mission.not_found")
	}
	h, t, err := s.Holdings.Hold(ctx, by, dataset, true)
	if err != nil {
		return Try{}, err
	}
	answer := Answer{Table: t, Holding: &h, Held: h.ID, Edition: h.Version, Title: h.Title}
	return s.Answer(ctx, by, mission, Handed{Answer: answer, Variant: variant, Name: h.Title, Hash: h.Hash}, nil)
}
