package contact

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// WhyLeast is how long a reason to take a whole list is at least, in characters.
const WhyLeast = 20

// Sieve says which rows of a dataset that is a list may not leave in any file: those in which some cell, of whatever column, is a way that was objected.
// It is nil where nothing has to be looked for. Who may take the file was decided before.
func (s *Service) Sieve(ctx context.Context, organisation, dataset string) (_ func(columns []string) func(cells []string) bool, err error) {
	defer fault.Wrap(&err, "contact.Sieve(%s)", dataset)
	lists, err := s.Store.Lists(ctx, organisation)
	if err != nil || !slices.ContainsFunc(lists, func(l List) bool { return l.Dataset == dataset && !l.Off }) {
		return nil, err
	}
	objected, err := s.Store.Objections(ctx, organisation)
	if err != nil || len(objected) == 0 {
		return nil, err
	}
	return func([]string) func([]string) bool {
		return func(cells []string) bool {
			return slices.ContainsFunc(cells, func(cell string) bool {
				way := Way(cell)
				return way != "" && objected[Digest(s.Secret, organisation, way)]
			})
		}
	}, nil
}

// Whole allows a whole list to be taken, those who refused marked, and keeps why. Faults: those of [Service.Mark]; NotFound "contact.no_list"; of the
// field "why" Invalid "contact.no_why" with the characters asked for, "contact.too_long".
func (s *Service) Whole(ctx context.Context, by actor.Actor, dataset, why string) (_ func(columns []string) func(cells []string) bool, err error) {
	defer fault.Wrap(&err, "contact.Whole(%s)", dataset)
	_, l, err := s.mine(ctx, by, dataset)
	if err != nil {
		return nil, err
	}
	if l.Off {
		return nil, fault.New(fault.NotFound, "contact.no_list")
	}
	why = strings.TrimSpace(why)
	switch n := utf8.RuneCountInString(why); {
	case n < WhyLeast:
		return nil, fault.Field("why", "contact.no_why", WhyLeast)
	case n > TextMost:
		return nil, fault.Field("why", "contact.too_long", TextMost)
	}
	sieve, err := s.Sieve(ctx, by.Organisation, dataset)
	if err != nil {
		return nil, err
	}
	if sieve == nil { // nobody refused: nobody is marked
		sieve = func([]string) func([]string) bool { return func([]string) bool { return false } }
	}
	return sieve, s.Store.Given(ctx, by, dataset, why)
}
