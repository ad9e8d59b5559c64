package main

import (
	"context"
	"slices"

	"cultured/internal/learning"
)

// heirs says which competences of an organisation stand now for each one that is retired: their codes, by its own. What cites a competence by
// its code (evidence, missions, resources, badges) follows it there when it is read, and stays as it was written.
func (h *house) heirs(ctx context.Context, organisation string) (map[string][]string, error) {
	all, err := h.competency.Store.All(ctx, organisation)
	if err != nil {
		return nil, err
	}
	out, current := map[string][]string{}, map[string]bool{}
	for _, k := range all {
		if k.Published == nil {
			continue
		}
		for _, it := range k.Published.Items {
			if current[it.Code] = current[it.Code] || !it.Retired; !it.Retired || it.Code == "" {
				continue
			}
			for _, id := range k.Published.Successors(it.ID) {
				if to, ok := k.Published.Item(id); ok && to.Code != "" && !slices.Contains(out[it.Code], to.Code) {
					out[it.Code] = append(out[it.Code], to.Code)
				}
			}
		}
	}
	for code := range out {
		if current[code] { // another competence has it now
			delete(out, code)
		}
	}
	return out, nil
}

// inherit names what is retired as the first that stands for it.
func inherit[T any](named map[string]T, heirs map[string][]string) {
	for code, to := range heirs {
		if one, ok := named[to[0]]; ok {
			named[code] = one
		}
	}
}

// forebears adds to some codes those of what they stand for.
func forebears(codes []string, heirs map[string][]string) []string {
	for code, to := range heirs {
		if slices.ContainsFunc(to, func(c string) bool { return slices.Contains(codes, c) }) {
			codes = append(codes, code)
		}
	}
	return codes
}

// follow makes evidence show what stands now for the competences it was written with.
func (h *house) follow(ctx context.Context, organisation string, list []learning.Evidence) error {
	heirs, err := h.heirs(ctx, organisation)
	if err != nil || len(heirs) == 0 {
		return err
	}
	for i := range list {
		shows := []learning.Level{}
		for _, l := range list[i].Shows {
			to := heirs[l.Code]
			if len(to) == 0 {
				to = []string{l.Code}
			}
			for _, code := range to {
				if one := (learning.Level{Code: code, Level: l.Level}); !slices.Contains(shows, one) {
					shows = append(shows, one)
				}
			}
		}
		list[i].Shows = shows
	}
	return nil
}

// followed reads a person's evidence as it follows competences.
type followed struct {
	learning.Store
	h *house
}

// Find implements [learning.Store].
func (f followed) Find(ctx context.Context, organisation string, id learning.ID) (learning.Evidence, error) {
	e, err := f.Store.Find(ctx, organisation, id)
	if err != nil {
		return e, err
	}
	one := []learning.Evidence{e}
	err = f.h.follow(ctx, organisation, one)
	return one[0], err
}

// Of implements [learning.Store].
func (f followed) Of(ctx context.Context, organisation, person string) ([]learning.Evidence, error) {
	list, err := f.Store.Of(ctx, organisation, person)
	if err != nil {
		return nil, err
	}
	return list, f.h.follow(ctx, organisation, list)
}

// Named implements [learning.Store].
func (f followed) Named(ctx context.Context, organisation, reader string) ([]learning.Evidence, error) {
	list, err := f.Store.Named(ctx, organisation, reader)
	if err != nil {
		return nil, err
	}
	return list, f.h.follow(ctx, organisation, list)
}

// followedTeam reads that of everybody so.
type followedTeam struct {
	editions
	h *house
}

// editions is a [learning.Editions] under a name that its method does not have.
type editions = learning.Editions

// All implements [learning.Editions].
func (f followedTeam) All(ctx context.Context, organisation string) ([]learning.Evidence, error) {
	list, err := f.editions.All(ctx, organisation)
	if err != nil {
		return nil, err
	}
	return list, f.h.follow(ctx, organisation, list)
}
