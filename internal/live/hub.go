package live

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// A Hub holds everybody of this process who watches something. Make it with [New].
type Hub struct {
	Gap  time.Duration // between two versions of a view, at least; what happens meanwhile is one version
	Beat time.Duration // between two signs of life on a stream where nothing happens

	log    *slog.Logger
	ctx    context.Context // of what is made for all watchers: ends with the hub
	stop   context.CancelFunc
	mu     sync.Mutex
	topics map[string]map[string]*feed // by topic and view
}

// New opens a hub with a tenth of a second between versions and a sign of life every fifteen seconds: proxies cut what is
// silent for a minute, some for half of one.
func New(log *slog.Logger) *Hub {
	ctx, stop := context.WithCancel(context.Background())
	return &Hub{Gap: 100 * time.Millisecond, Beat: 15 * time.Second, log: log, ctx: ctx, stop: stop, topics: map[string]map[string]*feed{}}
}

// Wake says that a topic moved. It waits for nobody and may be said too often.
func (h *Hub) Wake(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.topics[topic] {
		f.wake()
	}
}

// WakeAll says that any topic may have moved: after messages from other replicas may have been lost.
func (h *Hub) WakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, views := range h.topics {
		for _, f := range views {
			f.wake()
		}
	}
}

// Watchers is how many streams are open.
func (h *Hub) Watchers() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, views := range h.topics {
		for _, f := range views {
			f.mu.Lock()
			n += len(f.watchers)
			f.mu.Unlock()
		}
	}
	return n
}

// Close ends every stream, now and later: browsers come back by themselves, to another replica or to this one's next start.
func (h *Hub) Close() { h.stop() }

// join gives a watcher a place in a view, whose feed the first one starts.
func (h *Hub) join(topic, view string, see View, at int64) (*feed, *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.topics[topic][view]
	if f == nil {
		f = newFeed(see)
		if h.topics[topic] == nil {
			h.topics[topic] = map[string]*feed{}
		}
		h.topics[topic][view] = f
		go f.run(h.ctx, h.Gap, func(err error) { h.log.Error("making a live view", "topic", topic, "view", view, "err", err) })
	}
	w := &watcher{woken: make(chan struct{}, 1), at: at}
	call(w.woken) // what there is already
	f.mu.Lock()
	f.watchers[w] = struct{}{}
	f.mu.Unlock()
	return f, w
}

// leave gives the place back; the last one ends the feed.
func (h *Hub) leave(topic, view string, f *feed, w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watchers, w)
	if len(f.watchers) > 0 {
		return
	}
	close(f.done)
	delete(h.topics[topic], view)
	if len(h.topics[topic]) == 0 {
		delete(h.topics, topic)
	}
}
