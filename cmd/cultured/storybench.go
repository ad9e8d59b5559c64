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
	"cultured/internal/form"
	"cultured/internal/form/formdb"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
)

// work has happen what people of the demonstration do with tables. A fault names what it was about.
func (s story) work(ctx context.Context, all demo.Bench) error {
	for _, r := range all.Requests {
		if err := s.requests(ctx, r); err != nil {
			return fmt.Errorf("demonstration: %s: %w", r.Form, err)
		}
	}
	for _, r := range all.Recipes {
		var steps recipe.Recipe
		err := json.Unmarshal(r.Steps, &steps)
		if err == nil {
			_, err = s.cleaning.Save(ctx, s.people[r.Owner], r.Name, steps)
		}
		if err != nil {
			return fmt.Errorf("demonstration: %s: %w", r.Name, err)
		}
	}
	for _, p := range all.Proposals {
		change := grid.Change{Row: p.Row, Column: p.Column, Before: p.Before, After: p.After}
		asked := grid.Asked{Op: grid.Op{Kind: grid.Propose, Key: "demonstration", Base: 1, Changes: []grid.Change{change}, Text: p.Why}}
		done, err := s.grid.Do(ctx, s.people[p.Person], s.datasets[p.Dataset], []grid.Asked{asked})
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
func (s story) requests(ctx context.Context, r demo.Requests) error {
	owner := s.people[r.Owner]
	all, err := s.form.List(ctx, owner)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(f form.Form) bool { return f.Title == r.Form })
	if at < 0 {
		return errors.New("no such form")
	}
	f := all[at]
	for _, a := range r.Answers {
		then := s.formsAgo(a.DaysAgo)
		ticket := form.NewTicket(f, then.Now().Add(-10*time.Minute))
		sent, err := then.Submit(ctx, actor.Actor{}, f.ID, form.Submission{Ticket: ticket.Seal(then.Key), Typed: a.Typed})
		if err != nil {
			return fmt.Errorf("%v: %w", a.Typed["nom_de_l_association"], err)
		}
		for _, t := range a.Treated {
			if err := s.treat(ctx, owner, f, sent, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// treat does one thing with a request, or has its author write.
func (s story) treat(ctx context.Context, owner actor.Actor, f form.Form, sent form.Answer, t demo.Treated) error {
	then := s.formsAgo(t.DaysAgo)
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
		next.Assignee = s.people[t.To].ID
	}
	return then.Treat(ctx, owner, f.ID, sent.ID, next)
}

// formsAgo is the room of forms as it was some days ago.
func (s story) formsAgo(days int) *form.Service {
	now := func() time.Time { return i18n.Civil(time.Now().AddDate(0, 0, -days)) }
	store := &formdb.Store{DB: s.db, Now: now}
	return &form.Service{Store: store, Replies: store, Keeper: store, Feeder: store, Files: store, Shelf: s.form.Shelf, Key: s.form.Key, Now: now}
}
