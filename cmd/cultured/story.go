package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"cultured/content/demo"
	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/learning"
	"cultured/internal/mission"
	"cultured/internal/recognition"
	"cultured/internal/training"
)

// A story is what the people of the demonstration did, to learn and with tables. Each of them goes through the same doors as anybody.
type story struct {
	*house
	people   map[string]actor.Actor
	datasets map[string]dataset.ID // by the name the demonstration gives them
}

// tell has it all happen. A fault names what it was about.
func (s story) tell(ctx context.Context, l demo.Learning) error {
	for _, t := range l.Tries {
		if err := s.try(ctx, t); err != nil {
			return fmt.Errorf("demonstration: %s tries: %w", t.Person, err)
		}
	}
	for _, w := range l.Works {
		if err := s.show(ctx, w); err != nil {
			return fmt.Errorf("demonstration: %s: %w", w.Title, err)
		}
	}
	for _, b := range l.Badges {
		if err := s.badge(ctx, b); err != nil {
			return fmt.Errorf("demonstration: %s for %s: %w", b.Offer, b.Person, err)
		}
	}
	for _, c := range l.Cohorts {
		if err := s.cohort(ctx, c); err != nil {
			return fmt.Errorf("demonstration: %s: %w", c.Title, err)
		}
	}
	return nil
}

// try does missions, and is judged like everybody.
func (s story) try(ctx context.Context, t demo.Try) error {
	by := s.people[t.Person]
	for _, name := range t.Failed {
		if err := s.answer(ctx, by, mission.ID(name), false); err != nil {
			return err
		}
	}
	for _, name := range t.Missions {
		if err := s.answer(ctx, by, mission.ID(name), true); err != nil {
			return err
		}
	}
	if !t.Shares {
		return nil
	}
	mine, err := s.learning.Mine(ctx, by)
	if err != nil {
		return err
	}
	for _, e := range mine {
		if err := s.learning.Share(ctx, by, e.ID, learning.HR, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// answer hands in the answer of somebody who did everything right, or, where decisions are asked for, of one who decides everywhere alike.
func (s story) answer(ctx context.Context, by actor.Actor, of mission.ID, right bool) error {
	d, err := s.mission.Open(ctx, by, of)
	if err != nil {
		return err
	}
	a, err := d.Good(d.Variant)
	if err != nil {
		return err
	}
	if !right {
		for i := range a.Choices {
			a.Choices[i] = a.Choices[0]
		}
	}
	t, err := s.mission.Answer(ctx, by, of, mission.Handed{Answer: a, Variant: d.Number}, nil)
	if err == nil && t.Verdict.Passed != right {
		err = fmt.Errorf("mission %s: passed is %v", of, t.Verdict.Passed)
	}
	return err
}

// show adds work, has a colleague asked to look at it, and shares it.
func (s story) show(ctx context.Context, w demo.Work) error {
	by := s.people[w.Person]
	d := learning.Draft{Title: w.Title, Kind: learning.Work, Code: w.Code, Level: w.Level, Address: w.Address, Note: w.Note}
	if w.Dataset != "" {
		ds, err := s.shownDataset(ctx, by, string(s.datasets[w.Dataset]))
		if err != nil {
			return err
		}
		d.Address, d.Version, d.Hash = "/datasets/"+ds.ID, ds.Version, ds.Hash
	}
	if w.File != nil {
		d.File = &learning.Upload{Name: w.File.Name, Bytes: int64(len(w.File.Text)), Body: unclosed{bytes.NewReader([]byte(w.File.Text))}}
	}
	of, err := s.learning.Add(ctx, by, d)
	if err != nil {
		return err
	}
	if r := w.Review; r != nil {
		if err := s.review(ctx, by, of, *r); err != nil {
			return err
		}
	}
	if w.Shares {
		return s.learning.Share(ctx, by, of, learning.HR, time.Time{})
	}
	return nil
}

// unclosed is a text as a file that needs no closing.
type unclosed struct{ *bytes.Reader }

// Close implements [io.Closer].
func (unclosed) Close() error { return nil }

func (s story) review(ctx context.Context, by actor.Actor, of learning.ID, r demo.Review) error {
	colleague := s.people[r.By]
	if err := s.learning.AskReview(ctx, by, of, learning.Request{Email: colleague.Email, As: learning.How(r.As)}); err != nil || !r.Accepted {
		return err
	}
	e, err := s.learning.Look(ctx, colleague, of)
	if err != nil {
		return err
	}
	return s.learning.Review(ctx, colleague, of, learning.Verdict{Accept: true, Met: e.Grid(), Words: r.Words})
}

// badge asks for one, has it given, and somebody stand behind it.
func (s story) badge(ctx context.Context, b demo.Badge) error {
	by := s.people[b.Person]
	if err := s.recognition.Ask(ctx, by, b.Offer, "fr", b.Note); err != nil || b.By == "" {
		return err
	}
	giver := s.people[b.By]
	waiting, err := s.recognition.Waiting(ctx, giver)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if r.Person != by.ID || r.Offer != b.Offer {
			continue
		}
		given, err := s.recognition.Answer(ctx, giver, r.ID, recognition.Answer{Grant: true})
		if err != nil || b.Endorsed == nil {
			return err
		}
		return s.recognition.Endorse(ctx, s.people[b.Endorsed.By], given, b.Endorsed.Word)
	}
	return fmt.Errorf("nobody was asked")
}

// cohort opens one, and has those who were invited say yes, share and write.
func (s story) cohort(ctx context.Context, c demo.Cohort) error {
	lead, start := s.people[c.Lead], time.Now().AddDate(0, 0, -7*c.WeeksAgo).Format(time.DateOnly)
	of, err := s.training.OpenCohort(ctx, lead, training.Cohort{Title: c.Title, Use: c.Use, Path: training.PathID(c.Path), Start: start, Weeks: c.Weeks})
	if err != nil {
		return err
	}
	for _, m := range c.Members {
		who := s.people[m.Person]
		if err := s.training.Invite(ctx, lead, of, who.Email, training.Member{Side: m.Side, Pair: m.Pair}); err != nil {
			return err
		}
		if !m.Joined {
			continue
		}
		if err := s.training.Join(ctx, who, of, true); err != nil {
			return err
		}
		if err := s.training.Walk(ctx, who, training.PathID(c.Path)); err != nil {
			return err
		}
		if err := s.training.Consent(ctx, who, of, m.Shares); err != nil {
			return err
		}
	}
	for _, n := range c.Notes {
		if err := s.training.Write(ctx, s.people[n.Person], of, training.Note{Text: n.Text, Help: n.Help}); err != nil {
			return err
		}
	}
	return nil
}
