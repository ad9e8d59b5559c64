package workshop

import (
	"context"
	"encoding/json"
	"io/fs"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A contribution is a card of a workshop held elsewhere, as its synthesis gives it.
type contribution struct {
	Phase string `json:"phase"`
	Theme string `json:"theme"`
	Text  string `json:"text"`
}

// Replay makes a finished session of a workshop held on paper, through the same doors as people use: plan.json is its plan,
// contributions.json its cards under "cards", whose phases are the plan's with underscores.
// Faults: those of [ParseTemplate], [Service.CreateFrom] and [Service.Do].
func (s *Service) Replay(ctx context.Context, by actor.Actor, files fs.FS) (sess Session, err error) {
	defer fault.Wrap(&err, "workshop.Replay")
	plan, err := fs.ReadFile(files, "plan.json")
	if err != nil {
		return sess, err
	}
	t, err := ParseTemplate(plan)
	if err != nil {
		return sess, err
	}
	b, err := fs.ReadFile(files, "contributions.json")
	if err != nil {
		return sess, err
	}
	var held struct {
		Cards []contribution `json:"cards"`
	}
	if err := json.Unmarshal(b, &held); err != nil {
		return sess, err
	}
	if sess, err = s.CreateFrom(ctx, by, t, ""); err != nil {
		return sess, err
	}
	return sess, s.play(ctx, sess, held.Cards)
}

// play runs the phases in their order, with the cards of each.
func (s *Service) play(ctx context.Context, sess Session, cards []contribution) error {
	do := func(op Op) error {
		op.Key = id.New(s.Now())
		_, err := s.Do(ctx, sess, Hand{Facilitator: true}, op)
		return err
	}
	at := ""
	for _, p := range sess.Template.Phases {
		if err := do(Op{Kind: Advance, Phase: at, To: p.Name}); err != nil {
			return err
		}
		at = p.Name
		for _, c := range cards {
			if strings.ReplaceAll(c.Phase, "_", "-") != p.Name {
				continue
			}
			if err := do(Op{Kind: AddCard, Phase: p.Name, Theme: c.Theme, Text: c.Text}); err != nil {
				return err
			}
		}
	}
	return do(Op{Kind: Close})
}
