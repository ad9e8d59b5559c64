package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"cultured/content/demo"
	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/form"
	"cultured/internal/form/formdb"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
)

// A bench is where people of the demonstration work with tables. Each of them goes through the same doors as anybody.
type bench struct {
	*house
	people   map[string]actor.Actor
	datasets map[string]dataset.ID // by the name the demonstration gives them
}

// work has it all happen. A fault names what it was about.
func (b bench) work(ctx context.Context, all demo.Bench) error {
	for _, r := range all.Requests {
		if err := b.requests(ctx, r); err != nil {
			return fmt.Errorf("demonstration: %s: %w", r.Form, err)
		}
	}
	for _, r := range all.Recipes {
		var steps recipe.Recipe
		err := json.Unmarshal(r.Steps, &steps)
		if err == nil {
			_, err = b.cleaning.Save(ctx, b.people[r.Owner], r.Name, steps)
		}
		if err != nil {
			return fmt.Errorf("demonstration: %s: %w", r.Name, err)
		}
	}
	for _, p := range all.Proposals {
		change := grid.Change{Row: p.Row, Column: p.Column, Before: p.Before, After: p.After}
		asked := grid.Asked{Op: grid.Op{Kind: grid.Propose, Key: "demonstration", Base: 1, Changes: []grid.Change{change}, Text: p.Why}}
		done, err := b.grid.Do(ctx, b.people[p.Person], b.datasets[p.Dataset], []grid.Asked{asked})
		if err == nil && (len(done) != 1 || done[0].Op.Seq == 0) {
			err = fmt.Errorf("the proposal was not taken: %+v", done)
		}
		if err != nil {
			return fmt.Errorf("demonstration: %s: %w", p.Dataset, err)
		}
	}
	return nil
}

// requests has people answer a form, days ago, and agents treat what they sent.
func (b bench) requests(ctx context.Context, r demo.Requests) error {
	owner := b.people[r.Owner]
	all, err := b.form.List(ctx, owner)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(f form.Form) bool { return f.Title == r.Form })
	if at < 0 {
		return errors.New("no such form")
	}
	f := all[at]
	for _, a := range r.Answers {
		then := b.formsAgo(a.DaysAgo)
		ticket := form.NewTicket(f, then.Now().Add(-10*time.Minute))
		sent, err := then.Submit(ctx, actor.Actor{}, f.ID, form.Submission{Ticket: ticket.Seal(then.Key), Typed: a.Typed})
		if err != nil {
			return fmt.Errorf("%v: %w", a.Typed["nom_de_l_association"], err)
		}
		for _, t := range a.Treated {
			if err := b.treat(ctx, owner, f, sent, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// treat does one thing with a request, or has its author write.
func (b bench) treat(ctx context.Context, owner actor.Actor, f form.Form, sent form.Answer, t demo.Treated) error {
	then := b.formsAgo(t.DaysAgo)
	if t.Wrote != "" {
		return then.Write(ctx, actor.Actor{}, f.ID, sent.Reference, t.Wrote)
	}
	r, err := then.Request(ctx, owner, f.ID, sent.ID)
	if err != nil {
		return err
	}
	next := form.Treatment{Revision: r.Answer.Revision, State: r.Answer.State, Assignee: r.Answer.Assignee, Due: r.Answer.Due, Message: t.Message, Note: t.Note}
	if t.State != "" {
		next.State = form.State(t.State)
	}
	if t.To != "" {
		next.Assignee = b.people[t.To].ID
	}
	return then.Treat(ctx, owner, f.ID, sent.ID, next)
}

// formsAgo is the room of forms as it was some days ago.
func (b bench) formsAgo(days int) *form.Service {
	now := func() time.Time { return i18n.Civil(time.Now().AddDate(0, 0, -days)) }
	store := &formdb.Store{DB: b.db, Now: now}
	return &form.Service{Store: store, Replies: store, Keeper: store, Feeder: store, Files: store, Shelf: b.form.Shelf, Key: b.form.Key, Now: now}
}
