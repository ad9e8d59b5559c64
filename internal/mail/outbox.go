package mail

import (
	"context"
	"slices"
	"sync"
	"time"
)

// outboxSize is how many messages an Outbox remembers.
const outboxSize = 100

// Kept is a message an Outbox holds.
type Kept struct {
	Message
	At time.Time // when it was sent, UTC
}

// Outbox is a Sender for development and tests: it keeps the last 100 messages in memory and sends nothing.
type Outbox struct {
	mu    sync.Mutex
	mails []Kept // oldest first
}

// NewOutbox returns an empty outbox.
func NewOutbox() *Outbox { return &Outbox{} }

// Send implements Sender.
func (o *Outbox) Send(ctx context.Context, message Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	message, _, err := clean(message)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.mails) == outboxSize {
		o.mails = slices.Delete(o.mails, 0, 1)
	}
	o.mails = append(o.mails, Kept{Message: message, At: time.Now().UTC()})
	return nil
}

// Mails returns the messages kept, newest first.
func (o *Outbox) Mails() []Kept {
	o.mu.Lock()
	defer o.mu.Unlock()
	mails := slices.Clone(o.mails)
	slices.Reverse(mails)
	return mails
}
