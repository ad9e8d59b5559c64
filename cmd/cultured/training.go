package main

import (
	"context"
	"database/sql"
	"time"

	pathfiles "cultured/content/paths"
	resourcefiles "cultured/content/resources"
	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/fetch"
	"cultured/internal/job"
	"cultured/internal/outbox"
	"cultured/internal/training"
	"cultured/internal/training/trainingdb"
	"cultured/internal/training/trainingweb"
)

// linksJob is the kind of job that checks the links of an organisation's resources, each with its own time to answer.
const linksJob = "links"

// openTraining builds the room of what people can learn with.
func (h *house) openTraining() error {
	raw, err := resourcefiles.Files.ReadFile("resources.json")
	if err != nil {
		return err
	}
	shipped, err := training.LoadResources(raw)
	if err != nil {
		return err
	}
	store := &trainingdb.Store{DB: h.db, Now: time.Now, Check: func(ctx context.Context, tx *sql.Tx, organisation string) error {
		_, err := h.queue.Enqueue(ctx, tx, linksJob, organisation)
		return err
	}}
	paths, err := training.LoadPaths(pathfiles.Files)
	if err != nil {
		return err
	}
	h.training = &training.Service{Shipped: shipped, ShippedPaths: paths, Resources: store, Follows: store, Links: store, Paths: store, Cohorts: store, Known: h.shownSteps, Colleague: h.colleague, Now: time.Now}
	h.queue.Register(linksJob, job.Distant, func(ctx context.Context, t job.Task) error {
		var organisation string
		if err := t.Decode(&organisation); err != nil {
			return err
		}
		return h.training.CheckLinks(ctx, organisation, h.lookAt, func(done, all int) { t.Progress(int64(done), int64(all), "") })
	})
	return nil
}

func (h *house) trainingDesk() trainingweb.Desk {
	return trainingweb.Desk{Training: h.training, Names: h.account.Names, Outgoing: h.fetch.Allowed(), Competences: h.markedCompetences, Things: h.steppables}
}

// markedCompetences names what the organisation's first framework holds, with the marks of families.
func (h *house) markedCompetences(ctx context.Context, by actor.Actor, lang string) (map[string]trainingweb.Competence, error) {
	all, err := h.competency.All(ctx, by)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f, named := all[0].Framework, map[string]trainingweb.Competence{}
	for _, it := range f.Items {
		if it.Code == "" || it.Retired {
			continue
		}
		one := trainingweb.Competence{Label: it.Label.In(lang, f.Main()), Mark: f.MarkOf(it.ID)}
		if it.Kind == competency.Competence {
			one.Href = "/competences/" + string(it.ID)
		}
		named[it.Code] = one
	}
	heirs, err := h.heirs(ctx, by.Organisation)
	inherit(named, heirs)
	return named, err
}

// lookTime is what one page is waited for.
const lookTime = 15 * time.Second

// lookAt asks for a page and reads no more than its beginning.
func (h *house) lookAt(ctx context.Context, address string) training.Outcome {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	a, err := h.fetch.Open(ctx, fetch.Request{Address: address, Page: true})
	if err == nil {
		_ = a.Body.Close() // of no use
		return training.Reached
	}
	if fault.Is(err, "fetch.missing") || fault.Is(err, "fetch.no_name") {
		return training.Dead
	}
	return training.Unsure
}

// linksDue has links checked where anything may go out: otherwise nothing is said of them.
func (h *house) linksDue(ctx context.Context) error {
	if !h.fetch.Allowed() {
		return nil
	}
	now := time.Now()
	return h.training.Links.Round(ctx, now, now.Add(training.RoundEach))
}

// hearTraining has the links of each organisation checked from its beginning on. Begin may be repeated.
func (h *house) hearTraining(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "training", func(ctx context.Context, e outbox.Event) error {
		if e.Verb != "account.organisation_created" {
			return nil
		}
		return h.training.Links.Begin(ctx, e.Organisation, e.At)
	})
}

// shownSteps is what the house knows that somebody did: the missions they passed, with when, and the levels their evidence adds up to.
func (h *house) shownSteps(ctx context.Context, organisation, person string) (training.Facts, error) {
	f := training.Facts{Done: map[string]time.Time{}, Levels: map[string]int{}}
	tries, err := h.mission.Works.Tries(ctx, actor.Actor{ID: person, Organisation: organisation}, "")
	if err != nil {
		return f, err
	}
	for _, t := range tries { // the newest first: the first that passed stays
		if t.Verdict.Passed {
			f.Done[training.Step{Kind: training.MissionStep, Ref: string(t.Mission)}.Key()] = t.At
		}
	}
	levels, err := h.learning.Levels(ctx, organisation, person)
	for code, st := range levels {
		f.Levels[code] = st.Level
	}
	return f, err
}

// steppables are what steps of a path may lead to, besides resources: missions, and the sessions of who runs workshops.
func (h *house) steppables(ctx context.Context, by actor.Actor, lang string) (out []trainingweb.Thing, err error) {
	for _, m := range h.mission.Missions {
		out = append(out, trainingweb.Thing{Key: training.Step{Kind: training.MissionStep, Ref: string(m.ID)}.Key(), Title: m.Title.In(lang), Href: "/missions/" + string(m.ID), Minutes: m.Minutes})
	}
	if !by.Is(actor.Facilitator) {
		return out, nil
	}
	sessions, err := h.workshop.List(ctx, by)
	for _, s := range sessions {
		out = append(out, trainingweb.Thing{Key: training.Step{Kind: training.EventStep, Ref: string(s.ID)}.Key(), Title: s.Title, Href: "/workshops/" + string(s.ID)})
	}
	return out, err
}
