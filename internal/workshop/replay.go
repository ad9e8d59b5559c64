package workshop

import (
	"cmp"
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
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
	ID    string `json:"id"`
}

// Replay makes a finished session of a workshop held on paper, through the same doors as people use: plan.json is its plan,
// contributions.json its cards under "cards", whose phases are the plan's with underscores, links.json the codes of the
// competences of each card, by its id there: they are linked in the plan's link phases.
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
	codes := map[string][]string{}
	if b, err = fs.ReadFile(files, "links.json"); err != nil {
		return sess, err
	}
	if err := json.Unmarshal(b, &codes); err != nil {
		return sess, err
	}
	if sess, err = s.CreateFrom(ctx, by, t, ""); err != nil {
		return sess, err
	}
	return sess, s.play(ctx, sess, held.Cards, codes)
}

// play runs the phases in their order, with the cards of each.
func (s *Service) play(ctx context.Context, sess Session, cards []contribution, codes map[string][]string) error {
	do := func(op Op) (Op, error) {
		op.Key = id.New(s.Now())
		return s.Do(ctx, sess, Hand{Facilitator: true}, op)
	}
	at, written := "", map[string]int64{}
	for _, p := range sess.Template.Phases {
		if _, err := do(Op{Kind: Advance, Phase: at, To: p.Name}); err != nil {
			return err
		}
		at = p.Name
		for _, c := range cards {
			if strings.ReplaceAll(c.Phase, "_", "-") != p.Name {
				continue
			}
			done, err := do(Op{Kind: AddCard, Phase: p.Name, Theme: c.Theme, Text: c.Text})
			if err != nil {
				return err
			}
			if slices.Contains(linkedPhases(sess.Template), p.Name) {
				written[c.ID] = done.Seq
			}
		}
		if p.Kind != Connect {
			continue
		}
		ties, err := s.ties(ctx, sess, written, codes)
		if err != nil {
			return err
		}
		for _, op := range ties {
			op.Phase = p.Name
			if _, err := do(op); err != nil {
				return err
			}
		}
	}
	_, err := do(Op{Kind: Close})
	return err
}

// linkedPhases are the write phases whose cards some link phase looks at.
func linkedPhases(t Template) (names []string) {
	for _, p := range t.Phases {
		if p.Kind == Connect {
			names = append(names, p.About...)
		}
	}
	return names
}

// ties link the cards written, in the order of their numbers. A code the organisation does not have is left out: its framework
// is its own.
func (s *Service) ties(ctx context.Context, sess Session, written map[string]int64, codes map[string][]string) (ops []Op, err error) {
	all, err := s.Competences(ctx, sess, "fr")
	if err != nil {
		return nil, err
	}
	for _, name := range slices.SortedFunc(maps.Keys(written), func(a, b string) int { return cmp.Compare(written[a], written[b]) }) {
		for _, code := range codes[name] {
			if i := slices.IndexFunc(all, func(c Competence) bool { return c.Code == code && !c.Retired }); i >= 0 {
				ops = append(ops, Op{Kind: Tie, Card: written[name], Item: all[i].ID, Value: 1})
			}
		}
	}
	return ops, nil
}
