package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A Frame is a view as the log has it at a number.
type Frame struct {
	Seq  int64           // of the last operation it knows
	Head json.RawMessage // told whole each time: keep it small
	Body string          // told as differences, line by line
	Took time.Duration   // what making it cost, where not all of the time until it was there did; 0 for all of it
}

// A View makes the frame of now. It is asked on behalf of everybody who watches: it must not depend on who does.
type View func(ctx context.Context) (Frame, error)

// kept is how many differences a feed keeps for those who were cut, or are slow.
const kept = 128

// A change is the encoded difference between two versions that watchers were told.
type change struct {
	from, to int64
	event    []byte
}

// A watcher is a place in a feed. woken holds at most one call: several are one.
type watcher struct {
	woken chan struct{}
	at    int64 // number of the version it was last given, -1 for none
}

// A feed is one view of one topic, while somebody watches it.
type feed struct {
	see   View
	woken chan struct{}
	done  chan struct{}

	mu       sync.Mutex
	now      Frame
	lines    []string
	made     bool
	changes  []change
	whole    []byte // the event that tells everything, made when first needed
	watchers map[*watcher]struct{}
}

func newFeed(see View) *feed {
	f := &feed{see: see, woken: make(chan struct{}, 1), done: make(chan struct{}), watchers: map[*watcher]struct{}{}}
	f.wake()
	return f
}

func (f *feed) wake() { call(f.woken) }

func call(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // called already
	}
}

// run makes a frame each time the feed is woken, until it is done. Between two frames it waits for gap, and for several times
// what the last one cost: a large board never takes the machine.
func (f *feed) run(ctx context.Context, gap time.Duration, failed func(error)) {
	for {
		select {
		case <-f.done:
			return
		case <-f.woken:
		}
		start := time.Now()
		frame, err := f.see(ctx)
		if ctx.Err() != nil {
			return
		}
		took := time.Since(start)
		if frame.Took > 0 {
			took = frame.Took
		}
		pause := max(gap, 4*took)
		if err == nil {
			err = f.publish(frame)
		}
		if err != nil {
			failed(err)
			f.wake() // watchers are told nothing wrong meanwhile, only nothing new
			pause = time.Second
		}
		select {
		case <-f.done:
			return
		case <-time.After(pause):
		}
	}
}

// publish makes the difference from the version before and calls the watchers, if anything they see is new.
func (f *feed) publish(next Frame) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.made && (next.Seq <= f.now.Seq || bytes.Equal(next.Head, f.now.Head) && next.Body == f.now.Body) {
		return nil
	}
	after := lines(next.Body)
	if f.made {
		event, err := encode("change", next.Seq, map[string]any{"from": f.now.Seq, "head": next.Head, "body": patch(f.lines, after)})
		if err != nil {
			return err
		}
		if len(f.changes) == kept {
			f.changes = slices.Delete(f.changes, 0, kept/4)
		}
		f.changes = append(f.changes, change{f.now.Seq, next.Seq, event})
	}
	f.now, f.lines, f.whole, f.made = next, after, nil, true
	for w := range f.watchers {
		call(w.woken)
	}
	return nil
}

// after is what a watcher was not told yet, and moves its place on: the differences since the version it has, or everything
// when that is shorter or the only way.
func (f *feed) after(w *watcher) ([][]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.made || w.at == f.now.Seq {
		return nil, nil
	}
	first := slices.IndexFunc(f.changes, func(c change) bool { return c.from == w.at })
	w.at = f.now.Seq
	if first >= 0 {
		var events [][]byte
		size := 0
		for _, c := range f.changes[first:] {
			events, size = append(events, c.event), size+len(c.event)
		}
		if size <= len(f.now.Body)+4096 {
			return events, nil
		}
	}
	if f.whole == nil {
		var err error
		if f.whole, err = encode("whole", f.now.Seq, map[string]any{"head": f.now.Head, "body": f.now.Body}); err != nil {
			return nil, err
		}
	}
	return [][]byte{f.whole}, nil
}

// encode writes one event. JSON has no line end in it, so one data line is enough.
func encode(kind string, seq int64, v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("live: encode: %w", err)
	}
	return fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", seq, kind, data), nil
}
