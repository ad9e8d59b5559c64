package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"cultured/internal/competency"
	"cultured/internal/workshop"
)

// frameworks is what the workshop room asks of the competency room. A list is read again after a while: boards ask for it often, and
// versions are published seldom.
type frameworks struct {
	store competency.Store
	now   func() time.Time

	mu   sync.Mutex
	kept map[[2]string]keptList // by organisation and language
}

type keptList struct {
	all []workshop.Competence
	at  time.Time
}

// listAge is how long a list of competences may be older than the frameworks.
const listAge = 10 * time.Second

// Competences implements [workshop.Frameworks].
func (f *frameworks) Competences(ctx context.Context, organisation, lang string) ([]workshop.Competence, error) {
	key, now := [2]string{organisation, lang}, f.now()
	f.mu.Lock()
	kept, ok := f.kept[key]
	f.mu.Unlock()
	if ok && now.Sub(kept.at) < listAge {
		return slices.Clone(kept.all), nil
	}
	frameworks, err := f.store.All(ctx, organisation)
	if err != nil {
		return nil, err
	}
	var all []workshop.Competence
	for _, k := range frameworks {
		if k.Published != nil {
			all = append(all, listed(*k.Published, lang)...)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil || len(f.kept) > 100 {
		f.kept = map[[2]string]keptList{}
	}
	if len(all) > 0 { // an organisation is given its framework a moment after it was made
		f.kept[key] = keptList{all, now}
	}
	return slices.Clone(all), nil
}

func listed(f competency.Framework, lang string) (all []workshop.Competence) {
	for _, it := range f.Items {
		if it.Kind != competency.Competence {
			continue
		}
		c := workshop.Competence{ID: string(it.ID), Code: it.Code, Label: it.Label.In(lang), Retired: it.Retired}
		if family, ok := f.FamilyOf(it.ID); ok {
			c.Family = strings.TrimSpace(family.Code + " " + family.Label.In(lang))
		}
		about := []string{it.Description.In(lang)}
		for _, level := range f.Levels {
			about = append(about, it.Levels[level.Code].In(lang))
		}
		c.About = strings.Join(about, " ")
		all = append(all, c)
	}
	return all
}
