package form

import (
	"context"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// LocatesMost is how many addresses are looked up for one visitor within LocatesSpan: a form is no way to use somebody else's service.
const (
	LocatesMost = 30
	LocatesSpan = 10 * time.Minute
)

// MayLocate says whether a visitor at an address may have another postal address looked up for a form, and counts it. Faults: those of
// [Service.Open]; Conflict "form.many_locates".
func (s *Service) MayLocate(ctx context.Context, by actor.Actor, of ID, from string) (err error) {
	defer fault.Wrap(&err, "form.MayLocate(%s)", of)
	if _, err := s.Open(ctx, by, of); err != nil {
		return err
	}
	if s.tries.count("locate "+from, LocatesSpan, s.Now()) > LocatesMost {
		return fault.New(fault.Conflict, "form.many_locates")
	}
	return nil
}
