package main

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A stream is one page that listens: which board it was told of, when. The first one reads the cards too.
type stream struct {
	mu    sync.Mutex
	told  []told
	cards map[int]int64 // for the stream that reads: the board a card was first on
	ids   []string      // and the numbers of the cards there
}

type told struct {
	look int64
	at   time.Time
}

// listen opens the streams of the participants and of those who watch the projection. The first of these reads what it is told.
func (h *hall) listen(ctx context.Context, people, viewers int) *sync.WaitGroup {
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
	for i := range people + max(1, viewers) {
		s := &stream{}
		path := h.base + "/join/" + h.code + "/events"
		if i >= people {
			path += "?view=wall"
		}
		if i == people {
			s.cards = map[int]int64{}
		}
		h.streams = append(h.streams, s)
		all.Go(func() { s.follow(ctx, client, path) })
		if i%50 == 49 {
			pause(ctx, 20*time.Millisecond) // they do not all come in one moment
		}
	}
	return &all
}

// follow notes what a stream is told, and when.
func (s *stream) follow(ctx context.Context, client *http.Client, address string) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return
	}
	answer, err := client.Do(r)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	lines := bufio.NewReaderSize(answer.Body, 16<<10)
	for {
		head, more, err := lines.ReadLine() // the head comes first: the rest of a long line may stay unread
		if err != nil {
			return
		}
		now := time.Now()
		m := lookInHead.FindSubmatch(head)
		var rest []byte
		for more && err == nil {
			var part []byte
			part, more, err = lines.ReadLine()
			if s.cards != nil {
				rest = append(rest, part...)
			}
		}
		if m == nil || !bytes.HasPrefix(head, []byte("data:")) {
			continue
		}
		look, _ := strconv.ParseInt(string(m[1]), 10, 64)
		s.note(told{look, now}, append(slices.Clone(head), rest...))
	}
}

// note keeps what a stream was told.
func (s *stream) note(t told, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, t)
	if s.cards == nil {
		return
	}
	for _, c := range cardInBody.FindAllSubmatch(body, -1) {
		n, _ := strconv.Atoi(string(c[1]))
		if _, met := s.cards[n]; !met {
			s.cards[n] = t.look
		}
	}
	for _, c := range idInBody.FindAllSubmatch(body, -1) {
		s.ids = append(s.ids, string(c[1]))
	}
}

// listening is how many streams were told of anything: each is told of the board as it opens.
func (h *hall) listening() (open int) {
	for _, s := range h.streams {
		s.mu.Lock()
		if len(s.told) > 0 {
			open++
		}
		s.mu.Unlock()
	}
	return open
}

// seen is how long each card took until every stream had been told of a board with it, and how many cards some stream missed.
func (h *hall) seen() (took []time.Duration, unseen int) {
	reader := h.streams[len(h.seats)]
	for number, sent := range h.sent {
		look, met := reader.cards[number]
		last := time.Time{}
		for _, s := range h.streams {
			if len(s.told) == 0 {
				continue // it never opened: counted elsewhere
			}
			i, _ := slices.BinarySearchFunc(s.told, look, func(t told, look int64) int { return int(t.look - look) })
			if !met || i == len(s.told) {
				last, met = time.Time{}, false
				break
			}
			if s.told[i].at.After(last) {
				last = s.told[i].at
			}
		}
		if !met {
			unseen++
			continue
		}
		took = append(took, last.Sub(sent))
	}
	return took, unseen
}
