package live

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// patience is how long one write to a watcher may take. Whoever has not read for so long is cut.
const patience = 20 * time.Second

// Stream answers with the events of a view of a topic, from the version the browser says it knows (Last-Event-ID), until the
// browser leaves or the hub is closed. It always returns nil: once a stream began there is nothing else to answer.
//
// Events: "whole" with {head, body}; "change" with {from, head, body}, body being how to make the new lines from those of
// version from; "beat" when nothing happens. A browser to which nothing comes within a few seconds has a proxy before it that
// keeps what it should pass on, and should ask instead.
func (h *Hub) Stream(w http.ResponseWriter, r *http.Request, topic, view string, see View) error {
	f, me := h.join(topic, view, see, lastKnown(r))
	defer h.leave(topic, view, f, me)
	out := stream{w, http.NewResponseController(w)}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Accel-Buffering", "no") // nginx and those that follow it pass each event on
	// Not everybody comes back in the same second when a replica stops.
	if !out.send(fmt.Appendf(nil, "retry: %d\n\n", 1000+rand.IntN(3000))) {
		return nil
	}
	beat := time.NewTicker(h.Beat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-h.ctx.Done():
			return nil
		case <-beat.C:
			if !out.send([]byte("event: beat\ndata: {}\n\n")) {
				return nil
			}
		case <-me.woken:
			events, err := f.after(me)
			if err != nil {
				h.log.Error("telling a live view", "topic", topic, "view", view, "err", err)
			}
			if len(events) > 0 && !out.send(events...) {
				return nil
			}
		}
	}
}

// lastKnown is the number the browser says it knows, -1 when it says none.
func lastKnown(r *http.Request) int64 {
	seq, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	if err != nil || seq < 0 {
		return -1
	}
	return seq
}

// A stream writes events that leave at once.
type stream struct {
	w    http.ResponseWriter
	conn *http.ResponseController
}

// send reports whether the watcher is still there.
func (s stream) send(events ...[]byte) bool {
	_ = s.conn.SetWriteDeadline(time.Now().Add(patience)) // a connection without deadlines keeps none
	for _, e := range events {
		if _, err := s.w.Write(e); err != nil {
			return false
		}
	}
	return s.conn.Flush() == nil
}
