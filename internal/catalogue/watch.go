package catalogue

import (
	"context"
	"errors"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// A Watch is told what a [Store] does not keep.
type Watch interface {
	// Blocked writes in the audit log that a publication was refused because persons were recognised in columns.
	Blocked(ctx context.Context, by actor.Actor, r Record, columns []string) error
}

// tell says that a publication was refused for the persons in the data, and returns why it was.
func (s *Service) tell(ctx context.Context, by actor.Actor, r Record, review Review, refusal error) error {
	list, _ := errors.AsType[fault.List](refusal)
	if s.Watch == nil || !slices.ContainsFunc(list, func(f *fault.Error) bool { return f.Key == "catalogue.publish_personal_data" }) {
		return refusal
	}
	if err := s.Watch.Blocked(ctx, by, r, review.PersonalData); err != nil {
		return err
	}
	return refusal
}

// Personal lists the columns of a dataset where personal data is suspected, for the page that asks to publish.
func (s *Service) Personal(ctx context.Context, by actor.Actor, dataset string) ([]string, error) {
	h, err := s.Desk.Facts(ctx, by, dataset)
	return h.Personal, err
}
