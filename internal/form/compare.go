package form

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// CrowdLeast is the least group whose figures another organisation may see.
const CrowdLeast = 5

// A Over says what a comparison sets side by side.
type Over string

// What comparisons set side by side.
const (
	Years  Over = "years"  // editions of one's own form, or the years its answers came in
	Houses Over = "houses" // organisations that ask the same
)

// A Figure is how many answers say something, or what they come to.
type Figure struct {
	Value  float64
	Asked  bool // false: the question, or the choice, was not there
	Hidden bool // it is about fewer than [CrowdLeast], or would tell of them
}

// A Side is one column of a comparison.
type Side struct {
	Label   string // edition, year or organisation
	Form    ID     // one that the reader may open; "" for none
	Answers Figure
	Changes []Change // what it asks otherwise than the side before; of years

	open    bool // the reader may read the answers themselves
	asks    []Block
	answers []Answer
}

// A Question is one question over the sides.
type Question struct {
	Name, Label string
	Kind        Kind
	Answered    []Figure // by side
	Rows        []LineOf
	Means       []Figure // of numbers; nil of others
}

// A LineOf is one choice of a question over the sides.
type LineOf struct {
	Option  string
	Figures []Figure
}

// A Comparison sets the answers to the same questions side by side. Only choices, numbers and how many answered are compared, and
// nothing that concerns a person is, but for one's own answers.
type Comparison struct {
	Over      Over
	Sides     []Side
	Questions []Question
}

// Compare sets a form's editions, or the organisations that ask the same in the same edition and agreed to share their counts, side by
// side. Faults: those of [Service.Look].
func (s *Service) Compare(ctx context.Context, by actor.Actor, of ID, over Over) (c Comparison, err error) {
	defer fault.Wrap(&err, "form.Compare(%s)", of)
	f, err := s.Look(ctx, by, of)
	if err != nil {
		return c, err
	}
	all, err := s.Store.Sharing(ctx, f.Line())
	if err != nil {
		return c, err
	}
	all = slices.DeleteFunc(all, func(o Form) bool { return o.Version == 0 })
	c.Over = over
	if over == Houses {
		c.Sides, err = s.houses(ctx, by, f, all)
	} else {
		c.Sides, err = s.years(ctx, by, all)
	}
	c.count(f)
	return c, err
}

// years are one side an edition, or a year of reception of a form that names none.
func (s *Service) years(ctx context.Context, by actor.Actor, all []Form) (out []Side, err error) {
	for _, f := range all {
		if !f.MayChange(by) {
			continue
		}
		published, err := s.Store.Published(ctx, f.ID, 0)
		if err != nil {
			return nil, err
		}
		answers, err := s.Replies.Answers(ctx, f.Organisation, f.ID)
		if err != nil {
			return nil, err
		}
		if f.Edition != "" {
			out = append(out, Side{Label: f.Edition, Form: f.ID, open: true, asks: published.Blocks, answers: answers})
			continue
		}
		for len(answers) > 0 { // the oldest first
			year := answers[0].At.In(s.Now().Location()).Year()
			end := slices.IndexFunc(answers, func(a Answer) bool { return a.At.In(s.Now().Location()).Year() != year })
			if end < 0 {
				end = len(answers)
			}
			asked, err := s.Store.Published(ctx, f.ID, answers[end-1].Version)
			if err != nil {
				return nil, err
			}
			out = append(out, Side{Label: strconv.Itoa(year), Form: f.ID, open: true, asks: asked.Blocks, answers: answers[:end]})
			answers = answers[end:]
		}
	}
	slices.SortStableFunc(out, func(a, b Side) int { return strings.Compare(a.Label, b.Label) })
	for i := 1; i < len(out); i++ {
		out[i].Changes = Changes(out[i-1].asks, out[i].asks)
	}
	return out, nil
}

// houses are one side an organisation, the reader's first. Of others, only answers by whole groups of [CrowdLeast] are counted: nobody
// learns from two looks what one answer said.
func (s *Service) houses(ctx context.Context, by actor.Actor, mine Form, all []Form) (out []Side, err error) {
	at := map[string]int{}
	for _, f := range all {
		own := f.MayChange(by)
		if !strings.EqualFold(f.Edition, mine.Edition) || !own && !f.Shares {
			continue
		}
		published, err := s.Store.Published(ctx, f.ID, 0)
		if err != nil {
			return nil, err
		}
		answers, err := s.Replies.Answers(ctx, f.Organisation, f.ID)
		if err != nil {
			return nil, err
		}
		key := f.Organisation + map[bool]string{true: " own"}[own]
		if i, there := at[key]; there {
			out[i].answers = append(out[i].answers, answers...)
			continue
		}
		one := Side{open: own, asks: published.Blocks, answers: answers}
		if one.Label, err = s.house(ctx, f.Organisation); err != nil {
			return nil, err
		}
		if own {
			one.Form = f.ID
		}
		at[key] = len(out)
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b Side) int {
		if a.open != b.open {
			return map[bool]int{true: -1, false: 1}[a.open]
		}
		return strings.Compare(a.Label, b.Label)
	})
	for i := range out {
		if !out[i].open {
			out[i].answers = out[i].answers[:len(out[i].answers)/CrowdLeast*CrowdLeast]
		}
	}
	return out, nil
}

// count makes the figures of each question, in f's order, then of what only other sides ask.
func (c *Comparison) count(f Form) {
	var blocks []Block
	seen := map[string]bool{}
	add := func(b Block) {
		common := c.Over == Years || f.Model == nil || b.Common
		if b.Kind.Asks() && b.Within == "" && !b.Kind.Attaches() && !seen[b.Name] && (common && !b.Personal() || c.Over == Years && b.Kind.Chooses()) {
			seen[b.Name] = true
			blocks = append(blocks, b)
		}
	}
	for _, b := range f.Blocks {
		add(b)
	}
	for i := len(c.Sides) - 1; i >= 0 && c.Over == Years; i-- {
		for _, b := range c.Sides[i].asks {
			add(b)
		}
	}
	for i := range c.Sides {
		one := &c.Sides[i]
		one.Answers = Figure{Value: float64(len(one.answers)), Asked: true, Hidden: !one.open && len(one.answers) < CrowdLeast}
	}
	for _, b := range blocks {
		c.Questions = append(c.Questions, c.question(b))
	}
}

func (c *Comparison) question(b Block) Question {
	q := Question{Name: b.Name, Label: b.Label, Kind: b.Kind}
	options := slices.Clone(b.Options)
	for _, one := range c.Sides {
		if at := slices.IndexFunc(one.asks, func(o Block) bool { return o.Name == b.Name }); at >= 0 && b.Kind.Chooses() {
			options = append(options, without(one.asks[at].Options, options)...)
		}
	}
	for _, option := range options {
		q.Rows = append(q.Rows, LineOf{Option: option})
	}
	for _, one := range c.Sides {
		t := one.tally(b, options)
		q.Answered = append(q.Answered, t.answered)
		for i := range options {
			q.Rows[i].Figures = append(q.Rows[i].Figures, t.options[i])
		}
		if b.Kind == Number || b.Kind == Computed || b.Kind == Repeat {
			q.Means = append(q.Means, t.mean)
		}
	}
	if !slices.ContainsFunc(q.Means, func(m Figure) bool { return m.Asked }) {
		q.Means = nil // what is computed may be no number
	}
	return q
}

// A tally is one side's figures of one question.
type tally struct {
	answered, mean Figure
	options        []Figure
}

func (one Side) tally(b Block, options []string) (t tally) {
	t.options = make([]Figure, len(options))
	at := slices.IndexFunc(one.asks, func(o Block) bool { return o.Name == b.Name })
	if at < 0 || one.asks[at].Kind != b.Kind || !one.open && one.asks[at].Personal() {
		return t
	}
	t.answered.Asked = true
	numbers, sum := 0, 0.0
	for _, a := range one.answers {
		values := a.Values[b.Name]
		if len(values) == 0 {
			continue
		}
		t.answered.Value++
		for _, v := range values {
			if i := slices.Index(options, v); i >= 0 {
				t.options[i].Value++
			}
		}
		if n, err := strconv.ParseFloat(values[0], 64); err == nil {
			numbers, sum = numbers+1, sum+n
		}
	}
	for i, option := range options {
		t.options[i].Asked = t.options[i].Value > 0 || slices.Contains(one.asks[at].Options, option)
	}
	if numbers > 0 {
		t.mean = Figure{Value: sum / float64(numbers), Asked: true, Hidden: !one.open && numbers < CrowdLeast}
	}
	if !one.open {
		t.hide(b.Kind == Many)
	}
	return t
}

// hide hides what is about few people, and what would tell of them: the rest of a choice of one is known by what is left, that of
// several by who did not choose it.
func (t *tally) hide(many bool) {
	few := func(n float64) bool { return n > 0 && n < CrowdLeast }
	t.answered.Hidden = t.answered.Value < CrowdLeast
	hidden := 0
	for i := range t.options {
		o := &t.options[i]
		o.Hidden = t.answered.Hidden || few(o.Value) || many && few(t.answered.Value-o.Value)
		if o.Hidden {
			hidden++
		}
	}
	if many || hidden != 1 {
		return
	}
	least := -1
	for i, o := range t.options {
		if !o.Hidden && o.Value > 0 && (least < 0 || o.Value < t.options[least].Value) {
			least = i
		}
	}
	if least >= 0 {
		t.options[least].Hidden = true
	}
}

// Zero reports whether nobody answered anything.
func (c *Comparison) Zero() bool {
	return !slices.ContainsFunc(c.Sides, func(one Side) bool { return one.Answers.Value > 0 })
}
