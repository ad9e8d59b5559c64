package main

import (
	"context"
	"database/sql"
	"time"

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
	h.training = &training.Service{Shipped: shipped, Resources: store, Follows: store, Links: store, Now: time.Now}
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
	return trainingweb.Desk{Training: h.training, Names: h.account.Names, Outgoing: h.fetch.Allowed(), Competences: h.markedCompetences}
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
	return named, nil
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
