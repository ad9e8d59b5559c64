package learning

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// A Census is who and what an organisation's figures count, as the rooms that know say it.
type Census struct {
	People    []Colleague
	Asks      []Ask
	Decisions []Decision
	Services  map[string]string // names of the services people are in, by identifier
}

// A Colleague is somebody who works in the organisation; Service is an identifier, "" for none.
type Colleague struct{ ID, Name, Service string }

// An Ask is one mention of a situation or need that asks for a competence; Key names the mention for ever, Service is an identifier, or what people wrote.
type Ask struct{ Key, Code, Service string }

// A Decision is what was decided about a competence and is not done; Title is that of the situation it was decided in, "" for a gap of the map; Due is a
// day AAAA-MM-JJ, or "".
type Decision struct{ Code, Title, Path, Action, Owner, Due string }

// Editions keeps what was told of an organisation, and reads its evidence for it.
type Editions interface {
	// All lists the evidence of everybody in an organisation.
	All(ctx context.Context, organisation string) ([]Evidence, error)
	// Editions lists those of an organisation, the oldest first.
	Editions(ctx context.Context, organisation string) ([]Edition, error)
	// KeepEdition keeps one unless the month has one: then that one stays.
	KeepEdition(ctx context.Context, e Edition) error
}

// A Team is the desk of who cares for the whole organisation. All fields are required.
type Team struct {
	Store  Editions
	Census func(ctx context.Context, organisation string) (Census, error)
	Now    func() time.Time
}

// A Named is somebody who shared evidence with [HR], and the levels that follow from just that.
type Named struct {
	Colleague
	Levels map[string]int
}

// An Overview is all that is told of an organisation.
type Overview struct {
	Levels, Needs []Figure
	Named         []Named // by name
	Decisions     []Decision
	Services      map[string]string // names by identifier, for levels and people
	Month         string            // of the edition: 2026-11
	Next          time.Time         // when the next one may be drawn
}

// Overview tells the figures in force, after drawing those of this month if nobody has yet. Faults: SignIn "learning.sign_in"; Denied "learning.hr_only".
func (t *Team) Overview(ctx context.Context, by actor.Actor) (o Overview, err error) {
	defer fault.Wrap(&err, "learning.Overview")
	if err := known(by); err != nil {
		return o, err
	}
	if !by.Is(actor.HR) {
		return o, fault.New(fault.Denied, "learning.hr_only")
	}
	now := t.Now()
	census, err := t.Census(ctx, by.Organisation)
	if err != nil {
		return o, err
	}
	evidence, err := t.Store.All(ctx, by.Organisation)
	if err != nil {
		return o, err
	}
	of := byPerson(evidence)
	o.Named, o.Decisions, o.Services = named(census.People, of, now), census.Decisions, census.Services
	told := map[string]bool{}
	for _, e := range evidence { // whatever became of it since, HR could read it
		if slices.ContainsFunc(e.Shares, func(s Share) bool { return s.With == HR }) {
			told[e.Person] = true
		}
	}
	figures, err := t.figures(ctx, Edition{Organisation: by.Organisation, Month: now.UTC().Format("2006-01")}, func(before []Figure) []Figure {
		return draw(before, census, of, told, now)
	})
	if err != nil {
		return o, err
	}
	for _, f := range Latest(figures, told) {
		if f.View == LevelView {
			o.Levels = append(o.Levels, f)
		} else {
			o.Needs = append(o.Needs, f)
		}
	}
	o.Month = now.UTC().Format("2006-01")
	o.Next = time.Date(now.UTC().Year(), now.UTC().Month()+1, 1, 0, 0, 0, 0, time.UTC)
	return o, nil
}

// figures lists everything told so far, the oldest first. The month's edition is drawn once; of two drawn at once, the one kept is read.
func (t *Team) figures(ctx context.Context, e Edition, draw func(before []Figure) []Figure) (all []Figure, err error) {
	for range 2 {
		kept, err := t.Store.Editions(ctx, e.Organisation)
		if err != nil {
			return nil, err
		}
		all = nil
		for _, one := range kept {
			all = append(all, one.Figures...)
		}
		if len(kept) > 0 && kept[len(kept)-1].Month >= e.Month {
			break
		}
		e.Figures = draw(all)
		if err := t.Store.KeepEdition(ctx, e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func byPerson(all []Evidence) map[string][]Evidence {
	of := map[string][]Evidence{}
	for _, e := range all {
		of[e.Person] = append(of[e.Person], e)
	}
	return of
}

// named lists those who let HR read evidence that counts: nothing else of them is counted here.
func named(people []Colleague, of map[string][]Evidence, now time.Time) (out []Named) {
	for _, c := range people {
		shared := slices.DeleteFunc(slices.Clone(of[c.ID]), func(e Evidence) bool {
			return !e.Counts(now) || !slices.ContainsFunc(e.Shares, func(s Share) bool { return s.With == HR && s.Holds(now) })
		})
		if len(shared) == 0 {
			continue
		}
		n := Named{Colleague: c, Levels: map[string]int{}}
		for code, st := range Levels(shared, now) {
			n.Levels[code] = st.Level
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b Named) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out
}

// draw makes a month's figures: for each competence somebody has evidence of, people by level; for each that is asked for, mentions.
func draw(before []Figure, c Census, of map[string][]Evidence, told map[string]bool, now time.Time) (out []Figure) {
	levels, codes := map[string]map[string]Standing{}, map[string]bool{}
	for _, p := range c.People {
		levels[p.ID] = Levels(of[p.ID], now)
		for code := range levels[p.ID] {
			codes[code] = true
		}
	}
	for _, code := range sorted(codes) {
		var all []Member
		for _, p := range c.People {
			all = append(all, Member{Key: p.ID, Service: p.Service, Band: levels[p.ID][code].Level, Told: told[p.ID]})
		}
		out = append(out, Draw(before, Figure{View: LevelView, Code: code, At: now}, all, Highest, false)...)
	}
	asks, asked := map[string][]Member{}, map[string]bool{}
	for _, a := range c.Asks {
		asks[a.Code], asked[a.Code] = append(asks[a.Code], Member{Key: a.Key, Service: a.Service}), true
	}
	for _, code := range sorted(asked) {
		out = append(out, Draw(before, Figure{View: NeedView, Code: code, At: now}, asks[code], 0, true)...)
	}
	return out
}

func sorted(set map[string]bool) (list []string) {
	for one := range set {
		list = append(list, one)
	}
	slices.Sort(list)
	return list
}

// A Line is one of the training plan: what to learn, how many ask for it and where, how many stand below [Applies] where that is told, what was decided.
type Line struct {
	Code      string
	Asks      []Figure // needs told of it
	Below     []Group  // people of one block who stand below [Applies], as told
	Decisions []Decision
}

// Applies is the level the training plan leads to.
const Applies = 2

// Plan lists what to learn: what is asked for by enough to be told, and what something was decided about; the most asked for first.
func (o Overview) Plan() (plan []Line) {
	at := map[string]int{}
	line := func(code string) *Line {
		i, ok := at[code]
		if !ok {
			i = len(plan)
			at[code] = i
			plan = append(plan, Line{Code: code})
		}
		return &plan[i]
	}
	for _, f := range o.Needs {
		l := line(f.Code)
		l.Asks = append(l.Asks, f)
	}
	for _, d := range o.Decisions {
		l := line(d.Code)
		l.Decisions = append(l.Decisions, d)
	}
	for _, f := range o.Levels {
		if _, ok := at[f.Code]; !ok {
			continue
		}
		for _, g := range f.Groups {
			if l := line(f.Code); g.To < Applies {
				l.Below = append(l.Below, g)
			}
		}
	}
	slices.SortStableFunc(plan, func(a, b Line) int { return cmp.Or(cmp.Compare(b.Asked(), a.Asked()), cmp.Compare(a.Code, b.Code)) })
	return plan
}

// Asked is how many mentions the line tells of.
func (l Line) Asked() (n int) {
	for _, f := range l.Asks {
		n += f.Size()
	}
	return n
}

// Behind is how many people the line tells of who stand below [Applies].
func (l Line) Behind() (n int) {
	for _, g := range l.Below {
		n += len(g.Members)
	}
	return n
}

// Size is how many members a figure counts.
func (f Figure) Size() (n int) {
	for _, g := range f.Groups {
		n += len(g.Members)
	}
	return n
}
