package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cultured/internal/id"
)

// How people take part in the workshop measured.
const (
	writeEvery  = 20 * time.Second // within which everybody writes a card, then votes
	joinersMost = 32               // requests at a time while people come in
	lastWords   = 10 * time.Second // how long the last cards may take to be seen
)

// A meeting is what was measured of one live session: everybody writes a card within twenty seconds, then votes, and listens all the time;
// others watch the projection.
type meeting struct {
	Engine          string
	People, Viewers int
	Listening       int // streams that were open, of those asked for
	Cards, Votes    int // acknowledged
	Failed          int
	Acknowledged    [3]time.Duration // p50, p95, p99 from sending a card or a vote to its answer
	Seen            [3]time.Duration // and from sending a card until every stream had been told of it
	Unseen          int              // cards that some stream was not told of in time
	CPU             float64          // processors busy with the server, on average, while people wrote and voted
	Memory          int64            // most resident, in bytes
	Note            string           // why nothing was measured
}

// A hall is one session with its people.
type hall struct {
	base, code, console string
	boss                string // cookie of the facilitator
	client              *http.Client
	seats               []string // cookies of the participants
	streams             []*stream
	failed              atomic.Int64
	mu                  sync.Mutex
	sent                map[int]time.Time // when each card was sent, by its number
	acknowledged        []time.Duration
}

// measureMeetings runs a session of each size on one database.
func measureMeetings(ctx context.Context, o options, database string) (list []meeting, err error) {
	for _, n := range o.people {
		m := measureMeeting(ctx, o, n, database)
		say("workshop of %d on %s: %+v", n, m.Engine, m)
		list = append(list, m)
		if ctx.Err() != nil {
			return list, ctx.Err()
		}
	}
	return list, nil
}

func measureMeeting(ctx context.Context, o options, people int, database string) (m meeting) {
	m = meeting{Engine: "SQLite", People: people, Viewers: o.viewers}
	if database != "" {
		m.Engine = "PostgreSQL"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*writeEvery+4*time.Minute)
	defer cancel()
	s, err := start(ctx, o.binary, "", database, "--demo", "--dev")
	if err != nil {
		m.Note = err.Error()
		return m
	}
	defer s.stop()
	h := &hall{base: s.url, sent: map[int]time.Time{}, client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: joinersMost * 4},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if err := h.open(ctx, people); err != nil {
		m.Note = err.Error()
		return m
	}
	listening, stop := context.WithCancel(ctx)
	done := h.listen(listening, people, o.viewers)
	pause(ctx, time.Duration(2+(people+o.viewers)/1000)*time.Second) // they open
	before, began := s.cpu(), time.Now()
	m.Cards = h.everybody(ctx, h.write)
	h.step(ctx, "cartes", "vote")
	m.Votes = h.everybody(ctx, h.vote)
	m.CPU = (s.cpu() - before).Seconds() / time.Since(began).Seconds()
	pause(ctx, lastWords)
	m.Memory = s.memory("VmHWM")
	m.Listening = h.listening()
	stop()
	done.Wait()
	m.Failed = int(h.failed.Load())
	m.Acknowledged = thirds(h.acknowledged)
	seen, unseen := h.seen()
	m.Seen, m.Unseen = thirds(seen), unseen
	return m
}

// thirds are the median, the 95th and the 99th percentile.
func thirds(took []time.Duration) (out [3]time.Duration) {
	slices.Sort(took)
	if len(took) > 0 {
		out = [3]time.Duration{quantile(took, 0.5), quantile(took, 0.95), quantile(took, 0.99)}
	}
	return out
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

var (
	keyOnPage  = regexp.MustCompile(`name="key" value="([^"]+)"`)
	codeOnPage = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`)
	lookInHead = regexp.MustCompile(`"look":(\d+)`)
	idInBody   = regexp.MustCompile(`"card-(\d+)\\?"`)
	cardInBody = regexp.MustCompile(`banc-(\d+)-essai`)
)

// ask sends a request with a cookie; with a form it posts. It returns the answer's text, where it leads and the cookie it sets.
func (h *hall) ask(ctx context.Context, path, cookie string, form url.Values) (body, to, set string, err error) {
	method, content := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, content = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, h.base+path, content)
	if err != nil {
		return "", "", "", err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	answer, err := h.client.Do(r)
	if err != nil {
		return "", "", "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	for _, c := range answer.Cookies() {
		if c.Name == "seat" || c.Name == "session" {
			set = c.Name + "=" + c.Value
		}
	}
	if answer.StatusCode >= 400 {
		err = fmt.Errorf("%s %s: %d", method, path, answer.StatusCode)
	}
	return string(text), answer.Header.Get("Location"), set, err
}

// open signs the facilitator in, makes a session whose cards are seen at once, and lets everybody in.
func (h *hall) open(ctx context.Context, people int) (err error) {
	if _, _, h.boss, err = h.ask(ctx, "/sign-in", "", url.Values{"email": {"facilitator@demo.example"}, "password": {"demonstration-2026"}}); err != nil {
		return err
	}
	if _, h.console, _, err = h.ask(ctx, "/workshops", h.boss, url.Values{"template": {"simple"}, "title": {"Mesure"}}); err != nil {
		return err
	}
	page, _, _, err := h.ask(ctx, h.console, h.boss, nil)
	if err != nil {
		return err
	}
	h.code = strings.ToLower(strings.ReplaceAll(codeOnPage.FindString(page), "-", ""))
	if h.code == "" {
		return fmt.Errorf("the console shows no code: is the demonstration there?")
	}
	h.step(ctx, "", "cartes")
	h.conduct(ctx, url.Values{"kind": {"reveal"}, "phase": {"cartes"}, "value": {"1"}})
	var all sync.WaitGroup
	gate := make(chan struct{}, joinersMost)
	h.seats = make([]string, people)
	for i := range people {
		gate <- struct{}{}
		all.Go(func() {
			defer func() { <-gate }()
			door := "/join/" + h.code
			page, _, _, err := h.ask(ctx, door, "", nil)
			if m := keyOnPage.FindStringSubmatch(page); err == nil && m != nil {
				_, _, h.seats[i], err = h.ask(ctx, door, "", url.Values{"key": {m[1]}, "text": {fmt.Sprint("P", i)}})
			}
			if err != nil || h.seats[i] == "" {
				h.failed.Add(1)
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// conduct does something as the facilitator.
func (h *hall) conduct(ctx context.Context, form url.Values) {
	page, _, _, err := h.ask(ctx, h.console, h.boss, nil)
	if m := keyOnPage.FindStringSubmatch(page); err == nil && m != nil {
		form.Set("key", m[1])
		_, _, _, err = h.ask(ctx, h.console, h.boss, form)
	}
	if err != nil {
		h.failed.Add(1)
	}
}

func (h *hall) step(ctx context.Context, from, to string) {
	h.conduct(ctx, url.Values{"kind": {"phase"}, "phase": {from}, "to": {to}})
}

// everybody has each participant act once, at a moment of their own within writeEvery; it says how often somebody did.
func (h *hall) everybody(ctx context.Context, act func(context.Context, int) bool) int {
	ctx, cancel := context.WithTimeout(ctx, writeEvery)
	defer cancel()
	var all sync.WaitGroup
	var acted atomic.Int64
	for i := range h.seats {
		all.Go(func() {
			pause(ctx, time.Duration(i)*writeEvery/time.Duration(len(h.seats)))
			if ctx.Err() == nil && act(ctx, i) {
				acted.Add(1)
			}
		})
	}
	all.Wait()
	return int(acted.Load())
}

// send posts a form as a participant, with the key of a page of theirs, and notes how long the answer took.
func (h *hall) send(ctx context.Context, seat string, form url.Values) bool {
	path := "/join/" + h.code + "/seat"
	form.Set("key", id.New(time.Now()))
	begin := time.Now()
	_, _, _, err := h.ask(context.WithoutCancel(ctx), path, seat, form)
	if err != nil {
		h.failed.Add(1)
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.acknowledged = append(h.acknowledged, time.Since(begin))
	return true
}

func (h *hall) write(ctx context.Context, number int) bool {
	h.mu.Lock()
	h.sent[number] = time.Now()
	h.mu.Unlock()
	if h.send(ctx, h.seats[number], url.Values{"kind": {"card"}, "phase": {"cartes"}, "text": {fmt.Sprintf("Carte banc-%d-essai", number)}}) {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sent, number)
	return false
}

// vote puts a dot on some card that is on the board.
func (h *hall) vote(ctx context.Context, i int) bool {
	reader := h.streams[len(h.seats)]
	reader.mu.Lock()
	cards := reader.ids
	reader.mu.Unlock()
	if len(cards) == 0 {
		return false
	}
	return h.send(ctx, h.seats[i], url.Values{"kind": {"dots"}, "phase": {"vote"}, "card": {cards[i%len(cards)]}, "value": {"1"}})
}

// meetings is the table of the live sessions.
func (r report) meetings(say func(string, ...any)) {
	if len(r.Meetings) == 0 {
		return
	}
	say("\n## A live workshop\n")
	say("Everybody writes a card at a moment of their own within %v, then votes likewise, and is told what happens over a stream of their own; others watch the projection. Seen: from sending a card until the last of all streams was told of it. Aim: p95 < 200 ms at 1,000 people. Those who listen run on the same processors as the server.\n", writeEvery)
	say("| database | people | viewers | streams | cards | votes | failed | answered p50 | p95 | p99 | seen p50 | p95 | p99 | unseen | processors | memory |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, m := range r.Meetings {
		if m.Note != "" {
			say("| %s | %d | %d | %s | | | | | | | | | | | | |", m.Engine, m.People, m.Viewers, m.Note)
			continue
		}
		a, s := m.Acknowledged, m.Seen
		say("| %s | %d | %d | %d | %d | %d | %d | %s | %s | %s | %s | %s | %s | %d | %.2f | %s |", m.Engine, m.People, m.Viewers, m.Listening, m.Cards, m.Votes, m.Failed,
			milliseconds(a[0]), milliseconds(a[1]), milliseconds(a[2]), milliseconds(s[0]), milliseconds(s[1]), milliseconds(s[2]), m.Unseen, m.CPU, mebibytes(m.Memory))
	}
}
