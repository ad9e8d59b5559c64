package grid

import (
	"context"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Proposals lists what people proposed to change in a dataset that by may see, the latest first, with its grid; to whom the catalogue alone
// shows the dataset, what they proposed themselves. Faults: those of [dataset.Service.Find].
func (s *Service) Proposals(ctx context.Context, by actor.Actor, id ID) (v View, out []Proposal, err error) {
	defer fault.Wrap(&err, "grid.Proposals(%s)", id)
	d, err := s.Data.Find(ctx, by, id)
	if err != nil {
		return v, nil, err
	}
	if v, err = s.Read(ctx, by, id); err != nil {
		return v, nil, err
	}
	sh, done, err := s.open(ctx, guest(by, d), d)
	if err != nil {
		return v, nil, err
	}
	defer done()
	for _, p := range slices.Backward(sh.state.Proposals) {
		if d.MaySee(by) || p.Person == by.ID {
			one := *p
			one.Lost = slices.Clone(p.Lost)
			out = append(out, one)
		}
	}
	return v, out, nil
}
