package workshop

import (
	"sync"
	"time"
)

// A pace is how fast something may be done: so many at once, then so many a minute.
type pace struct{ burst, perMinute float64 }

// handPace is that of one hand. Nobody writes faster; a program does. It is counted by seat, never by address: a whole town hall
// sits behind one. Each replica counts for itself, and nothing of it is stored: who wrote how much, and when, would tell who
// wrote what.
var handPace = pace{30, 60}

// countedMost is how many hands, or addresses, are counted at a time.
const countedMost = 50_000

// rates counts what is left to each name at one pace.
type rates struct {
	mu    sync.Mutex
	names map[string]allowance
}

type allowance struct {
	left float64
	at   time.Time
}

// left is what a name has left now; the caller holds the lock.
func (r *rates) left(p pace, name string, now time.Time) float64 {
	a, ok := r.names[name]
	if !ok {
		return p.burst
	}
	return min(p.burst, a.left+max(0, now.Sub(a.at).Minutes())*p.perMinute)
}

// may reports whether a name has one left.
func (r *rates) may(p pace, name string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left(p, name, now) >= 1
}

// take takes one from what a name has left; false when there is none.
func (r *rates) take(p pace, name string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil || len(r.names) >= countedMost {
		r.names = map[string]allowance{} // everybody gets a burst again: better than refusing newcomers
	}
	left := r.left(p, name, now)
	r.names[name] = allowance{max(0, left-1), now}
	return left >= 1
}

// How many wrong codes are answered: from one browser, from one address, from everybody. Right codes count for nothing, so that
// any number of people come in from behind one address; no room of people mistypes as often as the second pace allows. The
// third makes the odds: trying for a year at that pace finds one of a thousand sessions with a chance of one in seven. Each replica counts for itself.
var (
	browserGuesses = pace{20, 10}
	addressGuesses = pace{100, 60}
	allGuesses     = pace{600, 300}
)

// guesses counts wrong codes.
type guesses struct{ browsers, addresses, all rates }

// may reports whether a code from there may be looked up for somebody who has no seat.
func (g *guesses) may(from Origin, now time.Time) bool {
	return g.all.may(allGuesses, "", now) && g.addresses.may(addressGuesses, from.Address, now) &&
		(from.Browser == "" || g.browsers.may(browserGuesses, from.Browser, now))
}

// wrong counts one.
func (g *guesses) wrong(from Origin, now time.Time) {
	g.all.take(allGuesses, "", now)
	g.addresses.take(addressGuesses, from.Address, now)
	if from.Browser != "" {
		g.browsers.take(browserGuesses, from.Browser, now)
	}
}
