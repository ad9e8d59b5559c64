package form

import (
	"context"
	"strconv"
	"sync"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// A Filling is a form as somebody fills it in: the version their page was given, under the ticket to send back with it.
type Filling struct {
	Form   Form
	Ticket string // as [Ticket.Seal] wrote it
}

// Fill gives the page of a form. sealed is the ticket of a page given before, "" for none: as long as it is good the version stays the
// one that was shown, whatever was published since; else both are of today. Faults: those of [Service.Open].
func (s *Service) Fill(ctx context.Context, by actor.Actor, of ID, sealed string) (_ Filling, err error) {
	defer fault.Wrap(&err, "form.Fill(%s)", of)
	now := s.Now()
	if t, ok := OpenTicket(s.Key, sealed); ok && (t.Judge(of, now) == nil || fault.Is(t.Judge(of, now), "form.too_fast")) {
		f, err := s.open(ctx, by, of, t.Version)
		return Filling{f, sealed}, err
	}
	f, err := s.open(ctx, by, of, 0)
	if err != nil {
		return Filling{}, err
	}
	return Filling{f, NewTicket(f, now).Seal(s.Key)}, nil
}

// Ready says whether f takes an answer now. Faults: those of [Form.Ready].
func (s *Service) Ready(ctx context.Context, f Form) (err error) {
	defer fault.Wrap(&err, "form.Ready(%s)", f.ID)
	taken, err := s.Replies.Taken(ctx, f.ID)
	if err != nil {
		return err
	}
	return f.Ready(s.Now(), taken)
}

// Unseen lists what the answers ask for beyond what was shown: blocks under a condition, and options that go with an answer, which a page without scripts could not
// show before. seen are the [Block.Mark] of those it showed; a bare name is a block with all its options.
func (f *Form) Unseen(kept Values, seen []string) (out []Block) {
	has := map[string]bool{}
	for _, name := range seen {
		has[name] = true
	}
	for _, b := range f.Shown(kept) {
		asks := b.When != nil
		if b.Narrow != nil {
			asks = len(b.Allowed(kept)) > 0 && !has[b.Mark(kept)]
		}
		if asks && !has[b.Name] {
			out = append(out, b)
		}
	}
	return out
}

// Mark says of a block on a page which of its options stood there: those that go with an answer.
func (b Block) Mark(kept Values) string {
	if b.Narrow == nil {
		return b.Name
	}
	return b.Name + "=" + kept.First(b.Narrow.Block)
}

// How many wrong codes are heard before a rest, and how long it lasts.
const (
	TriesFrom = 10  // from one address
	TriesForm = 200 // of one form, wherever they come from
	TriesRest = 10 * time.Minute
)

// tries counts wrong codes, and mails to one address, in this process: a code is never tried through, and a town hall whose agents
// mistype it waits ten minutes at most. The zero value has counted nothing.
type tries struct {
	mu   sync.Mutex
	seen map[string]run
}

type run struct {
	until time.Time
	wrong int
}

// rest is how long to wait before another code is heard, 0 for not at all.
func (t *tries) rest(of ID, from string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	longest := time.Duration(0)
	for key, most := range map[string]int{string(of): TriesForm, string(of) + " " + from: TriesFrom} {
		if r := t.seen[key]; r.wrong >= most && r.until.After(now) {
			longest = max(longest, r.until.Sub(now))
		}
	}
	return longest
}

// triesKept is how many counts are kept before those that are over are dropped.
const triesKept = 10000

func (t *tries) miss(of ID, from string, now time.Time) {
	for _, key := range []string{string(of), string(of) + " " + from} {
		t.count(key, TriesRest, now)
	}
}

// count adds one to what is counted under a key, and says how often that was within the span that began with the first.
func (t *tries) count(key string, span time.Duration, now time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]run{}
	}
	if len(t.seen) > triesKept {
		for key, r := range t.seen {
			if !r.until.After(now) {
				delete(t.seen, key)
			}
		}
	}
	r := t.seen[key]
	if !r.until.After(now) {
		r = run{until: now.Add(span)}
	}
	r.wrong++
	t.seen[key] = r
	return r.wrong
}

// knock judges the code of a coded door.
func (s *Service) knock(f Form, sent Submission, now time.Time) error {
	if f.Door != Coded {
		return nil
	}
	if rest := s.tries.rest(f.ID, sent.From, now); rest > 0 {
		wait := fault.Field("code", "form.code_rest", strconv.Itoa(int(rest/time.Minute)+1))
		wait.Kind = fault.Conflict
		return wait
	}
	if !sameCode(sent.Code, f.Code) {
		s.tries.miss(f.ID, sent.From, now)
		return fault.Field("code", "form.wrong_code")
	}
	return nil
}
