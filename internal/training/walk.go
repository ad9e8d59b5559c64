package training

import (
	"context"
	"maps"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// MayMake reports whether by may make and edit paths and lead cohorts: facilitators. Everybody of the organisation may walk a path.
func MayMake(by actor.Actor) bool { return by.Is(actor.Facilitator) }

func mayMake(by actor.Actor) error {
	if err := known(by); err != nil {
		return err
	}
	if !MayMake(by) {
		return fault.New(fault.Denied, "training.makers_only")
	}
	return nil
}

// A Way is a path and where a person is on it.
type Way struct {
	Path
	Stages  []Stage
	Walking *Walk // nil when they do not follow it
}

// paths lists what an organisation has: its own, and those that ship where it has not changed them.
func (s *Service) paths(ctx context.Context, organisation string) ([]Path, error) {
	own, err := s.Paths.Paths(ctx, organisation)
	if err != nil {
		return nil, err
	}
	var out []Path
	for _, p := range s.ShippedPaths {
		if i := slices.IndexFunc(own, func(o Path) bool { return o.ID == p.ID }); i >= 0 {
			p = own[i]
			own = slices.Delete(own, i, i+1)
		}
		p.Organisation = organisation
		out = append(out, p)
	}
	return append(out, own...), nil
}

// facts are all that is known of a person, of whom only the rooms that act for them may ask.
func (s *Service) facts(ctx context.Context, organisation, person string) (Facts, error) {
	f, err := s.Known(ctx, organisation, person)
	if err != nil {
		return f, err
	}
	f.Done = maps.Clone(f.Done)
	follows, err := s.Follows.Follows(ctx, organisation)
	for _, one := range follows {
		if one.Person == person {
			if f.Done == nil {
				f.Done = map[string]time.Time{}
			}
			f.Done[Step{Kind: ResourceStep, Ref: string(one.Resource)}.Key()] = one.At
		}
	}
	return f, err
}

// Ways lists the paths in force as by stands on them, those they follow first. Retired ones are there for who follows or makes them. Fault: SignIn
// "training.sign_in".
func (s *Service) Ways(ctx context.Context, by actor.Actor) (_ []Way, err error) {
	defer fault.Wrap(&err, "training.Ways")
	if err := known(by); err != nil {
		return nil, err
	}
	all, err := s.paths(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	walks, err := s.Paths.Walks(ctx, by.Organisation, by.ID)
	if err != nil {
		return nil, err
	}
	facts, err := s.facts(ctx, by.Organisation, by.ID)
	if err != nil {
		return nil, err
	}
	var out []Way
	for _, p := range all {
		w := Way{Path: p}
		var said map[string]time.Time
		if i := slices.IndexFunc(walks, func(w Walk) bool { return w.Path == p.ID }); i >= 0 {
			w.Walking, said = &walks[i], walks[i].Said
		}
		if p.Retired && w.Walking == nil && !MayMake(by) {
			continue
		}
		w.Stages = p.Stages(facts, said)
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b Way) int { return rank(a) - rank(b) })
	return out, nil
}

func rank(w Way) int {
	switch {
	case w.Retired:
		return 2
	case w.Walking == nil:
		return 1
	}
	return 0
}

// Way returns one path as by stands on it. Faults: SignIn "training.sign_in"; NotFound "training.no_path".
func (s *Service) Way(ctx context.Context, by actor.Actor, of PathID) (_ Way, err error) {
	defer fault.Wrap(&err, "training.Way(%s)", of)
	all, err := s.Ways(ctx, by)
	if err != nil {
		return Way{}, err
	}
	i := slices.IndexFunc(all, func(w Way) bool { return w.ID == of })
	if i < 0 {
		return Way{}, fault.New(fault.NotFound, "training.no_path")
	}
	return all[i], nil
}

// Walk has by follow a path; again changes nothing. Faults: those of [Service.Way]; Conflict "training.path_retired".
func (s *Service) Walk(ctx context.Context, by actor.Actor, of PathID) (err error) {
	defer fault.Wrap(&err, "training.Walk(%s)", of)
	w, err := s.Way(ctx, by, of)
	if err != nil || w.Walking != nil {
		return err
	}
	if w.Retired {
		return fault.New(fault.Conflict, "training.path_retired")
	}
	return s.Paths.Walk(ctx, Walk{Organisation: by.Organisation, Path: of, Person: by.ID, Since: s.Now()})
}

// Leave has by follow a path no more; what they did stays theirs. Fault: SignIn "training.sign_in".
func (s *Service) Leave(ctx context.Context, by actor.Actor, of PathID) (err error) {
	defer fault.Wrap(&err, "training.Leave(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	return s.Paths.Leave(ctx, by.Organisation, of, by.ID)
}

// Say has by say that they took part in an event of a path they follow, or take it back. Faults: those of [Service.Way]; NotFound "training.no_path" for
// a step that is no event, or a path they do not follow.
func (s *Service) Say(ctx context.Context, by actor.Actor, of PathID, key string, took bool) (err error) {
	defer fault.Wrap(&err, "training.Say(%s, %s)", of, key)
	w, err := s.Way(ctx, by, of)
	if err != nil {
		return err
	}
	if w.Walking == nil || !slices.ContainsFunc(w.Steps, func(s Step) bool { return s.Kind == EventStep && s.Key() == key }) {
		return fault.New(fault.NotFound, "training.no_path")
	}
	said := maps.Clone(w.Walking.Said)
	if said == nil {
		said = map[string]time.Time{}
	}
	delete(said, key)
	if took {
		said[key] = s.Now()
	}
	w.Walking.Said = said
	return s.Paths.Walk(ctx, *w.Walking)
}

// MakePath adds a path. Faults: SignIn "training.sign_in"; Denied "training.makers_only"; those of [Path.Validate].
func (s *Service) MakePath(ctx context.Context, by actor.Actor, p Path) (_ PathID, err error) {
	defer fault.Wrap(&err, "training.MakePath")
	if err := mayMake(by); err != nil {
		return "", err
	}
	p.Tidy()
	p.ID, p.Organisation, p.Revision, p.Created, p.Retired = PathID(id.UUID(s.Now())), by.Organisation, 1, s.Now(), false
	if err := p.Validate().Err(); err != nil {
		return "", err
	}
	return p.ID, s.Paths.SavePath(ctx, by, p, "training.log_path_made")
}

// EditPath keeps what was written of a path, opened at a revision. Faults: those of [Service.MakePath]; NotFound "training.no_path"; Conflict
// "training.path_moved".
func (s *Service) EditPath(ctx context.Context, by actor.Actor, mine Path, opened int) (err error) {
	defer fault.Wrap(&err, "training.EditPath(%s)", mine.ID)
	if err := mayMake(by); err != nil {
		return err
	}
	w, err := s.Way(ctx, by, mine.ID)
	if err != nil {
		return err
	}
	if w.Revision != opened {
		return fault.New(fault.Conflict, "training.path_moved")
	}
	mine.Tidy()
	mine.Organisation, mine.Revision, mine.Created, mine.Retired = by.Organisation, opened+1, w.Created, w.Retired
	if err := mine.Validate().Err(); err != nil {
		return err
	}
	return s.Paths.SavePath(ctx, by, mine, "training.log_path_edited")
}

// RetirePath takes a path out of what is proposed, or brings it back. Faults: SignIn "training.sign_in"; Denied "training.makers_only"; NotFound
// "training.no_path"; Conflict "training.path_moved".
func (s *Service) RetirePath(ctx context.Context, by actor.Actor, of PathID, retired bool) (err error) {
	defer fault.Wrap(&err, "training.RetirePath(%s)", of)
	if err := mayMake(by); err != nil {
		return err
	}
	w, err := s.Way(ctx, by, of)
	if err != nil || w.Retired == retired {
		return err
	}
	p := w.Path
	p.Retired, p.Revision = retired, p.Revision+1
	return s.Paths.SavePath(ctx, by, p, map[bool]string{true: "training.log_path_retired", false: "training.log_path_revived"}[retired])
}
