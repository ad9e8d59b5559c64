package gridweb

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"cultured/internal/fault"
	"cultured/internal/web"
)

// A pace bounds how fast each person writes, whatever device they use: a colleague's script must not take the grid from the others. What it
// remembers is of this replica alone, and little: where there are several, each lets through as much.
type pace struct {
	now func() time.Time

	mu     sync.Mutex
	people map[string]taken
}

// taken is what somebody used up, in requests, at a time; it flows off.
type taken struct {
	load float64
	at   time.Time
}

const (
	paceBurst  = 60.0  // requests at once
	paceSecond = 10.0  // requests a second, for long
	paceCells  = 2500  // cells that weigh as much as a request
	paceFill   = 20.0  // of a column computed by a formula
	paceHere   = 0.3   // of a request: saying where one is
	paceMost   = 10000 // people remembered before those who rest are forgotten
)

// take lets somebody do something of a weight, or answers when they may. Faults: Busy "gridweb.too_fast".
func (p *pace) take(w http.ResponseWriter, r *http.Request, weight float64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	person, now := web.Actor(r).Organisation+" "+web.Actor(r).ID, p.now()
	if len(p.people) > paceMost {
		for who, t := range p.people {
			if t.left(now) == 0 {
				delete(p.people, who)
			}
		}
	}
	load := p.people[person].left(now)
	if load > 0 && load+weight > paceBurst {
		wait := int((load+weight-paceBurst)/paceSecond) + 1
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		return fault.New(fault.Busy, "gridweb.too_fast", wait)
	}
	if p.people == nil {
		p.people = map[string]taken{}
	}
	p.people[person] = taken{load + weight, now}
	return nil
}

func (t taken) left(now time.Time) float64 {
	return max(0, t.load-paceSecond*now.Sub(t.at).Seconds())
}
