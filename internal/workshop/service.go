package workshop

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/recent"
)

// A Session is one meeting. Its log says what happened in it.
type Session struct {
	ID           ID
	Organisation string
	Owner        string // person who made it
	Title        string
	Code         string // eight letters and digits that let people in; see [WriteCode]
	Template     Template
	Created      time.Time
}

// Sessions keeps the sessions.
type Sessions interface {
	// Add keeps a new session. Faults: Conflict "workshop.code_taken".
	Add(ctx context.Context, s Session) error
	// Find returns a session. Faults: NotFound "workshop.not_found".
	Find(ctx context.Context, id ID) (Session, error)
	// ByCode returns the session people enter with a code. Faults: NotFound "workshop.no_such_code".
	ByCode(ctx context.Context, code string) (Session, error)
	// Of lists an organisation's sessions, the newest first.
	Of(ctx context.Context, organisation string) ([]Session, error)
	// Replan gives a session another title and plan. Faults: NotFound "workshop.not_found"; Conflict "workshop.begun_already" once
	// something happened in it.
	Replan(ctx context.Context, id ID, title string, t Template) error
	// Idle lists at most a hundred sessions closed before then, or open where nobody did anything since, and whose names are kept; the
	// oldest first.
	Idle(ctx context.Context, since time.Time) ([]Session, error)
}

// A Log keeps what happened in the sessions, in order.
type Log interface {
	// After lists the operations of a session after a number, in order.
	After(ctx context.Context, id ID, seq int64) ([]Op, error)
	// Append stores the operation that decide returns, given those after a number, under the session's next number. Nobody
	// else appends meanwhile. decide may run more than once. An operation with the same key is returned as it was stored,
	// without deciding anew. Faults: those of decide; NotFound "workshop.not_found".
	Append(ctx context.Context, id ID, after int64, key string, decide func(since []Op) (Op, error)) (Op, error)
}

// A Service is the room's front desk.
type Service struct {
	Sessions   Sessions
	Log        Log
	Templates  []Template
	Frameworks Frameworks // may be nil: no card can be linked
	Now        func() time.Time
	KeepNames  time.Duration // how long after the end, or the last operation of what nobody closed, it is known who took part; 0 is for ever
	Attended   Attendances   // nil where nobody can claim that they took part
	Wake       func(ID)      // says that a session moved, to those of this replica who look at it; may be nil

	boards recent.Cache[ID, *board]
	rates  rates
	wrong  guesses
	once   sync.Once
	mu     sync.Mutex
}

// A board is a state this replica keeps, brought up to date from the log before each use.
type board struct {
	sync.Mutex
	*State
	plan Template // the one it was folded over: another one, and it is folded anew
}

// boardsMost is how many sessions a replica keeps folded.
const boardsMost = 200

func (s *Service) board(sess Session) *board {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.once.Do(func() { s.boards.Room, s.boards.Size = boardsMost, func(ID, *board) int { return 1 } })
	if b, ok := s.boards.Get(sess.ID); ok && b.plan.same(sess.Template) {
		return b
	}
	b := &board{State: Begin(sess.Template), plan: sess.Template}
	s.boards.Put(sess.ID, b)
	return b
}

// Create makes a session from a template, under a title of its own ("" keeps the template's).
// Faults: SignIn and Denied for who may not; NotFound "workshop.no_template"; Invalid "workshop.title_long".
func (s *Service) Create(ctx context.Context, by actor.Actor, template, title string) (sess Session, err error) {
	if err := mayRun(by); err != nil {
		return sess, err
	}
	t, err := s.template(template)
	if err != nil {
		return sess, err
	}
	return s.CreateFrom(ctx, by, t, title)
}

// CreateFrom makes a session from a template that is in no list. Faults: as [Service.Create].
func (s *Service) CreateFrom(ctx context.Context, by actor.Actor, t Template, title string) (sess Session, err error) {
	defer fault.Wrap(&err, "workshop.Create(%s)", t.Name)
	if err := mayRun(by); err != nil {
		return sess, err
	}
	if title = line(title); title == "" {
		title = t.Title
	}
	if utf8.RuneCountInString(title) > titleMost {
		return sess, fault.Field("title", "workshop.title_long", titleMost)
	}
	now := s.Now()
	sess = Session{ID: ID(id.New(now)), Organisation: by.Organisation, Owner: by.ID, Title: title, Template: t, Created: now}
	for range 5 { // two sessions with one code: less likely than a broken disk
		sess.Code = id.Secret()[:codeLength]
		if err = s.Sessions.Add(ctx, sess); !fault.Is(err, "workshop.code_taken") {
			break
		}
	}
	return sess, err
}

func (s *Service) template(name string) (Template, error) {
	for _, t := range s.Templates {
		if t.Name == name {
			return t, nil
		}
	}
	return Template{}, fault.New(fault.NotFound, "workshop.no_template")
}

func mayRun(by actor.Actor) error {
	switch {
	case !by.Known():
		return fault.New(fault.SignIn, "workshop.sign_in_first")
	case !by.Is(actor.Facilitator) && !by.Is(actor.Admin):
		return fault.New(fault.Denied, "workshop.facilitator_role")
	}
	return nil
}

// List is what an actor may run: the sessions of the organisation, the newest first.
// Faults: SignIn, Denied.
func (s *Service) List(ctx context.Context, by actor.Actor) (_ []Session, err error) {
	defer fault.Wrap(&err, "workshop.List")
	if err := mayRun(by); err != nil {
		return nil, err
	}
	return s.Sessions.Of(ctx, by.Organisation)
}

// Run finds a session for its facilitator. Faults: SignIn, Denied; NotFound "workshop.not_found", also for another
// organisation's.
func (s *Service) Run(ctx context.Context, by actor.Actor, id ID) (sess Session, err error) {
	defer fault.Wrap(&err, "workshop.Run(%s)", id)
	if err := mayRun(by); err != nil {
		return sess, err
	}
	if sess, err = s.Sessions.Find(ctx, id); err == nil && sess.Organisation != by.Organisation {
		return Session{}, fault.New(fault.NotFound, "workshop.not_found")
	}
	return sess, err
}

// An Origin is where a code comes from. Neither is stored.
type Origin struct {
	Browser string // the secret its cookie holds, "" for none
	Address string // of the connection
}

// Enter finds the session of a code as people type it: in any case, with or without spaces and hyphens. A code has forty
// random bits, and only so many wrong ones are answered; whoever has a seat in the session is let in whatever others try.
// Faults: Invalid "workshop.no_such_code", on the field "code"; Busy "workshop.many_guesses".
func (s *Service) Enter(ctx context.Context, code string, from Origin) (sess Session, err error) {
	defer fault.Wrap(&err, "workshop.Enter")
	code = ReadCode(code)
	now := s.Now()
	if len(code) != codeLength {
		return sess, fault.Field("code", "workshop.no_such_code") // nobody's guess
	}
	may := s.wrong.may(from, now)
	if !may && from.Browser == "" {
		return sess, fault.New(fault.Busy, "workshop.many_guesses")
	}
	sess, err = s.Sessions.ByCode(ctx, code)
	missing := err != nil && fault.KindOf(err) == fault.NotFound
	switch {
	case err != nil && !missing:
		return sess, err
	case missing && may:
		s.wrong.wrong(from, now)
		return sess, fault.Field("code", "workshop.no_such_code")
	case missing || !may && !s.seated(ctx, sess, from):
		return Session{}, fault.New(fault.Busy, "workshop.many_guesses")
	}
	return sess, nil
}

// seated reports whether the browser has a seat in a session.
func (s *Service) seated(ctx context.Context, sess Session, from Origin) (yes bool) {
	err := s.Read(ctx, sess, func(st *State) { yes = st.Seated(Hand{Secret: from.Browser, Session: sess.ID}) != 0 })
	return yes && err == nil
}

// codeLength is 40 bits in base 32.
const codeLength = 8

// ReadCode is a code as it is kept: what people write for the letters that are never in one is what they look like.
func ReadCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'o':
			return '0'
		case r == 'i' || r == 'l':
			return '1'
		case r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, strings.ToLower(typed))
}

// WriteCode is a code as it is read aloud: two groups of four.
func WriteCode(code string) string {
	code = strings.ToUpper(code)
	if len(code) != codeLength {
		return code
	}
	return code[:4] + "-" + code[4:]
}

// Read gives look the state as the log has it now. look must not keep it.
func (s *Service) Read(ctx context.Context, sess Session, look func(*State)) (err error) {
	defer fault.Wrap(&err, "workshop.Read(%s)", sess.ID)
	b := s.board(sess)
	b.Lock()
	defer b.Unlock()
	since, err := s.Log.After(ctx, sess.ID, b.Seq)
	if err != nil {
		return err
	}
	b.fold(since)
	look(b.State)
	return nil
}

// Do lets a hand do an operation, whose Key its sender made: doing it again with the same key changes nothing and
// returns what was done. Faults: Busy "workshop.too_fast"; those of [State.Decide].
func (s *Service) Do(ctx context.Context, sess Session, h Hand, op Op) (_ Op, err error) {
	defer fault.Wrap(&err, "workshop.Do(%s, %s)", sess.ID, op.Kind)
	h.Session = sess.ID
	if op.Key == "" || len(op.Key) > 100 {
		return op, fault.New(fault.Invalid, "workshop.unknown_operation")
	}
	now := s.Now()
	if !h.Facilitator && !s.rates.take(handPace, h.Seat(), now) {
		return op, fault.New(fault.Busy, "workshop.too_fast")
	}
	if err := s.linkable(ctx, sess, op); err != nil {
		return op, err
	}
	op.At, op.Nonce = now, ""
	if op.Kind == AddCard || op.Kind == Advance || op.Kind == Split { // the last two draw lots with it
		op.Nonce = id.Secret()
	}
	done, err := s.append(ctx, sess, h, op)
	if err == nil && s.Wake != nil {
		s.Wake(sess.ID)
	}
	return done, err
}

func (s *Service) append(ctx context.Context, sess Session, h Hand, op Op) (Op, error) {
	b := s.board(sess)
	b.Lock()
	defer b.Unlock()
	done, err := s.Log.Append(ctx, sess.ID, b.Seq, h.key(op.Key), func(since []Op) (Op, error) {
		b.fold(since)
		return b.Decide(op, h)
	})
	if fault.Is(err, "workshop.joined_already") && op.Kind == Join { // from another tab: he is in
		return op, nil
	}
	if err == nil {
		b.Fold(done) // one that was there already is left alone
	}
	return done, err
}

// fold takes in what it does not have yet.
func (b *board) fold(since []Op) {
	for _, op := range since {
		b.Fold(op)
	}
}

// Last is the number of the last operation. Nothing else tells whether there is something new.
func (s *Service) Last(ctx context.Context, sess Session) (seq int64, err error) {
	err = s.Read(ctx, sess, func(st *State) { seq = st.Seq })
	return seq, err
}

// Mended reports whether err is a fault of the form, to be shown beside it; the others are pages of their own.
func Mended(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	return ok && f.Field != ""
}
