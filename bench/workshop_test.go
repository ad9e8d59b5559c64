package main

import (
	"testing"
	"time"
)

// A card is seen when the last stream was told of a board with it; a stream that never opened does not count, one that missed it does.
func TestSeen(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	reader := &stream{told: []told{{1, at(0)}, {5, at(30)}}, cards: map[int]int64{7: 5}}
	late, never := &stream{told: []told{{1, at(0)}, {3, at(20)}, {6, at(90)}}}, &stream{}
	h := &hall{sent: map[int]time.Time{7: at(10)}, streams: []*stream{reader, late, never}}
	took, unseen := h.seen()
	if len(took) != 1 || took[0] != 80*time.Millisecond || unseen != 0 {
		t.Errorf("got %v and %d unseen, want 80ms", took, unseen)
	}
	h.streams = append(h.streams, &stream{told: []told{{1, at(0)}}})
	if took, unseen = h.seen(); len(took) != 0 || unseen != 1 {
		t.Errorf("a stream missed the card: got %v and %d unseen", took, unseen)
	}
	if got := h.listening(); got != 3 {
		t.Errorf("%d streams were open, want 3", got)
	}
}
