package form

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// A State is where a request stands, between whoever made it and whoever treats it.
type State string

// The states of a request. Its author sees them.
const (
	Received State = "received"
	Doing    State = "doing"
	Lacking  State = "lacking" // something is asked of its author
	Accepted State = "accepted"
	Refused  State = "refused"
	Settled  State = "settled" // closed without a yes or a no
)

// States lists every state, in the order requests go through them.
func States() []State { return []State{Received, Doing, Lacking, Accepted, Refused, Settled} }

// Word is the catalogue key that names the state.
func (s State) Word() string { return "form.request_" + string(s) }

// Final reports whether nothing is waited for any more.
func (s State) Final() bool { return s == Accepted || s == Refused || s == Settled }

// A StepKind is what a step of a request is.
type StepKind string

// The kinds of step.
const (
	StepState   StepKind = "state"   // Text is the new [State]
	StepMessage StepKind = "message" // said between the service and the author
	StepNote    StepKind = "note"    // said among colleagues; the author never sees it
	StepAssign  StepKind = "assign"  // Text is who treats it, "" for nobody
	StepDue     StepKind = "due"     // Text is the last day to answer, "" for none
)

// A Step is one thing that happened to a request. Steps are never changed; what they say of persons goes with the answers.
type Step struct {
	Number int // from 1
	At     time.Time
	Person string // agent; "" for the author
	Kind   StepKind
	Text   string
}

// Seen reports whether the author may see the step.
func (s Step) Seen() bool { return s.Kind == StepState || s.Kind == StepMessage }

// A Treatment is what an agent does to a request at once.
type Treatment struct {
	Revision int // of the answer, as the page showed it
	State    State
	Assignee string
	Due      string // 2006-01-02, "" for none
	Message  string // to the author
	Note     string // to colleagues
}

// WordsMost is how many characters a message or a note has at most, and MessagesMost how many messages the author of a request may write.
const (
	WordsMost    = 3000
	MessagesMost = 30
)

// Treat applies a treatment to an answer, and says the steps it makes. Faults: Conflict "form.request_moved"; as a list, of the fields
// state, due, message, note: "form.no_state", "form.limit_date", "form.too_long".
func (a *Answer) Treat(t Treatment) (steps []Step, err error) {
	if t.Revision != a.Revision {
		return nil, fault.New(fault.Conflict, "form.request_moved")
	}
	var wrong fault.List
	if !slices.Contains(States(), t.State) {
		wrong.Add("state", "form.no_state")
	}
	if _, err := time.Parse(time.DateOnly, t.Due); t.Due != "" && err != nil {
		wrong.Add("due", "form.limit_date")
	}
	t.Message, t.Note = strings.TrimSpace(t.Message), strings.TrimSpace(t.Note)
	length(&wrong, "message", t.Message, WordsMost)
	length(&wrong, "note", t.Note, WordsMost)
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	step := func(changed bool, kind StepKind, text string) {
		if changed {
			steps = append(steps, Step{Kind: kind, Text: text})
		}
	}
	step(t.Assignee != a.Assignee, StepAssign, t.Assignee)
	step(t.Due != a.Due, StepDue, t.Due)
	step(t.Note != "", StepNote, t.Note)
	step(t.State != a.State, StepState, string(t.State))
	step(t.Message != "", StepMessage, t.Message)
	a.State, a.Assignee, a.Due = t.State, t.Assignee, t.Due
	return steps, nil
}

// Late reports whether the last day to answer is over, in the time zone of now, and the request still open.
func (a *Answer) Late(now time.Time) bool {
	return a.Due != "" && !a.State.Final() && now.Format(time.DateOnly) > a.Due
}

// A Request is an answer with all that is known of it.
type Request struct {
	Form   Form // the version it was given to
	Answer Answer
	Steps  []Step // the oldest first
}

// Request returns one answer to a form that by may change. Faults: those of [Service.Look]; NotFound "form.no_reference".
func (s *Service) Request(ctx context.Context, by actor.Actor, of ID, id AnswerID) (_ Request, err error) {
	defer fault.Wrap(&err, "form.Request(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return Request{}, err
	}
	a, err := s.Replies.Answer(ctx, by.Organisation, of, id)
	if err != nil {
		return Request{}, err
	}
	return s.request(ctx, a, a.Version)
}

func (s *Service) request(ctx context.Context, a Answer, version int) (r Request, err error) {
	if r.Form, err = s.Store.Published(ctx, a.Form, version); err != nil {
		return r, err
	}
	r.Answer = a
	r.Steps, err = s.Replies.Steps(ctx, a.Form, a.ID)
	return r, err
}

// Treat changes a request as an agent says, all at once. Faults: those of [Service.Look] and [Answer.Treat]; NotFound
// "form.no_reference".
func (s *Service) Treat(ctx context.Context, by actor.Actor, of ID, id AnswerID, t Treatment) (err error) {
	defer fault.Wrap(&err, "form.Treat(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return err
	}
	_, err = s.Replies.Treat(ctx, by, of, id, func(a *Answer, _ []Step) ([]Step, error) { return a.Treat(t) })
	return err
}

// Follow is what the author of an answer may see by its number: where it stands and what was said to them, not what they
// answered, for others may hold the number. Faults: those of [Service.Receipt].
func (s *Service) Follow(ctx context.Context, by actor.Actor, of ID, reference string) (_ Request, err error) {
	defer fault.Wrap(&err, "form.Follow(%s)", of)
	_, a, err := s.Receipt(ctx, by, of, reference)
	if err != nil {
		return Request{}, err
	}
	r, err := s.request(ctx, a, 0)
	r.Answer.Values, r.Answer.Assignee = nil, ""
	r.Steps = slices.DeleteFunc(r.Steps, func(step Step) bool { return !step.Seen() })
	return r, err
}

// Write adds a message of the author of a request. Faults: those of [Service.Follow]; Conflict "form.not_tracked" where requests are
// not; of the field "message" Invalid "form.no_message", "form.too_long", "form.many_messages".
func (s *Service) Write(ctx context.Context, by actor.Actor, of ID, reference, text string) (err error) {
	defer fault.Wrap(&err, "form.Write(%s)", of)
	f, a, err := s.Receipt(ctx, by, of, reference)
	if err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	switch {
	case !f.Track:
		return fault.New(fault.Conflict, "form.not_tracked")
	case text == "":
		return fault.Field("message", "form.no_message")
	case utf8.RuneCountInString(text) > WordsMost:
		return fault.Field("message", "form.too_long", WordsMost)
	}
	_, err = s.Replies.Treat(ctx, actor.Actor{Organisation: a.Organisation}, of, a.ID, func(_ *Answer, before []Step) ([]Step, error) {
		written := 0
		for _, one := range before {
			if one.Kind == StepMessage && one.Person == "" {
				written++
			}
		}
		if written >= MessagesMost {
			return nil, fault.Field("message", "form.many_messages", MessagesMost)
		}
		return []Step{{Kind: StepMessage, Text: text}}, nil
	})
	return err
}

// Delete erases an answer with its files and all that was said about it, for good. typed must be its number. Faults: those of [Service.Request];
// Invalid "form.delete_number" of the field "confirm".
func (s *Service) Delete(ctx context.Context, by actor.Actor, of ID, id AnswerID, typed string) (err error) {
	defer fault.Wrap(&err, "form.Delete(%s)", of)
	r, err := s.Request(ctx, by, of, id)
	if err != nil {
		return err
	}
	if strings.ToUpper(strings.TrimSpace(typed)) != r.Answer.Reference {
		return fault.Field("confirm", "form.delete_number", r.Answer.Reference)
	}
	if err := s.Keeper.Delete(ctx, by, of, id); err != nil {
		return err
	}
	return s.Sweep(ctx)
}
