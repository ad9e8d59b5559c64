package workshop

import (
	"sync"
	"time"
)

// How fast one hand may act: a burst, then so many a minute. Nobody writes faster; a program does. It is counted by seat,
// never by address: a whole town hall sits behind one. Each replica counts for itself, and nothing of it is stored: who
// wrote how much, and when, would tell who wrote what.
const (
	burst     = 30
	perMinute = 60
	handsMost = 50_000 // counted at a time
)

type rates struct {
	mu    sync.Mutex
	hands map[string]allowance
}

type allowance struct {
	left float64
	at   time.Time
}

// allow takes one from what a hand has left.
func (r *rates) allow(hand string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hands == nil || len(r.hands) >= handsMost {
		r.hands = map[string]allowance{} // everybody gets a burst again: better than refusing newcomers
	}
	a, ok := r.hands[hand]
	if !ok {
		a = allowance{burst, now}
	}
	a.left = min(burst, a.left+max(0, now.Sub(a.at).Minutes())*perMinute)
	a.at = now
	if a.left < 1 {
		r.hands[hand] = a
		return false
	}
	a.left--
	r.hands[hand] = a
	return true
}
