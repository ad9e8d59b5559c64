package live

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// apply is what a browser does with a patch that came as JSON.
func apply(t testing.TB, before []string, body json.RawMessage) (after []string) {
	t.Helper()
	var parts []json.RawMessage
	if err := json.Unmarshal(body, &parts); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		var line string
		var run [2]int
		if json.Unmarshal(p, &line) == nil {
			after = append(after, line)
		} else if err := json.Unmarshal(p, &run); err != nil {
			t.Fatal(err)
		} else {
			after = append(after, before[run[0]:run[0]+run[1]]...)
		}
	}
	return after
}

func TestPatch(t *testing.T) {
	for _, tc := range []struct{ name, before, after, want string }{
		{"nothing changed", "a\nb\nc", "a\nb\nc", `[[0,3]]`},
		{"a line in the middle", "a\nb\nc", "a\nx\nc", `[[0,1],"x",[2,1]]`},
		{"a line more", "a\nc", "a\nb\nc", `[[0,1],"b",[1,1]]`},
		{"a line less", "a\nb\nc", "a\nc", `[[0,1],[2,1]]`},
		{"a line moved", "a\nb\nc", "c\na\nb", `[[2,1],[0,2]]`},
		{"repeated lines stay in one run", "x\na\nx\nb\nx", "x\na\nx\nc\nx", `[[0,3],"c",[4,1]]`},
		{"from nothing", "", "a", `["a"]`},
	} {
		got, err := json.Marshal(patch(lines(tc.before), lines(tc.after)))
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: got %s, %v, want %s", tc.name, got, err, tc.want)
		}
	}
}

func FuzzPatch(f *testing.F) {
	f.Add("a\nb\na", "b\na\nc")
	f.Fuzz(func(t *testing.T, before, after string) {
		raw, err := json.Marshal(patch(lines(before), lines(after)))
		if err != nil {
			t.Fatal(err)
		}
		want := lines(strings.ToValidUTF8(after, "\uFFFD"))
		if got := apply(t, lines(strings.ToValidUTF8(before, "\uFFFD")), raw); strings.ToValidUTF8(before, "") == before && strings.ToValidUTF8(after, "") == after && !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// A log that anybody moves on.
type log struct {
	mu    sync.Mutex
	seq   int64
	body  string
	seen  atomic.Int64 // frames made
	wrong error
}

func (l *log) set(body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	l.body = body
}

func (l *log) see(context.Context) (Frame, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen.Add(1)
	return Frame{Seq: l.seq, Head: json.RawMessage(fmt.Sprintf(`{"lines":%d}`, len(lines(l.body)))), Body: l.body}, l.wrong
}

func serve(t *testing.T, l *log) (*Hub, string) {
	t.Helper()
	h := New(slog.New(slog.NewTextHandler(io.Discard, nil)))
	h.Gap, h.Beat = time.Millisecond, 50*time.Millisecond
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = h.Stream(w, r, "s", "v", l.see) }))
	t.Cleanup(func() { h.Close(); s.Close() })
	return h, s.URL
}

// A browser keeps what it was told.
type browser struct {
	body  []string
	head  string
	id    string
	kinds []string
	read  *bufio.Reader
	end   func()
}

func open(t *testing.T, url, lastID string) *browser {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = answer.Body.Close() })
	if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("got type %q", got)
	}
	return &browser{read: bufio.NewReader(answer.Body), end: cancel}
}

// next takes in one event; false at the end of the stream.
func (b *browser) next(t *testing.T) bool {
	t.Helper()
	kind, data := "", ""
	for {
		line, err := b.read.ReadString('\n')
		if err != nil {
			return false
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			b.id = value
		case "event":
			kind = value
		case "data":
			data = value
		case "":
			if kind == "" { // retry stands alone
				continue
			}
			b.kinds = append(b.kinds, kind)
			b.take(t, kind, data)
			return true
		}
	}
}

func (b *browser) take(t *testing.T, kind, data string) {
	t.Helper()
	var told struct {
		Head, Body json.RawMessage
	}
	if err := json.Unmarshal([]byte(data), &told); err != nil {
		t.Fatal(err)
	}
	switch kind {
	case "whole":
		var body string
		if err := json.Unmarshal(told.Body, &body); err != nil {
			t.Fatal(err)
		}
		b.body, b.head = lines(body), string(told.Head)
	case "change":
		b.body, b.head = apply(t, b.body, told.Body), string(told.Head)
	}
}

// until reads events until the browser has the body.
func (b *browser) until(t *testing.T, body string) {
	t.Helper()
	for strings.Join(b.body, "\n") != body {
		if !b.next(t) {
			t.Fatalf("the stream ended at %q, want %q", b.body, body)
		}
	}
}

func TestStream_everybodyGetsTheSameInTheEnd(t *testing.T) {
	l := &log{seq: 1, body: "a"}
	h, url := serve(t, l)
	var all []*browser
	for range 20 {
		all = append(all, open(t, url, ""))
	}
	body := []string{"a"}
	for range 200 {
		switch at := rand.IntN(len(body) + 1); {
		case at < len(body) && rand.IntN(3) == 0:
			body = slices.Delete(body, at, at+1)
		default:
			body = slices.Insert(body, at, fmt.Sprint(rand.IntN(5)))
		}
		l.set(strings.Join(body, "\n"))
		h.Wake("s")
	}
	for _, b := range all {
		b.until(t, strings.Join(body, "\n"))
		if want := fmt.Sprintf(`{"lines":%d}`, max(1, len(body))); b.head != want {
			t.Errorf("got head %s, want %s", b.head, want)
		}
	}
	if made := l.seen.Load(); made > 250 {
		t.Errorf("20 watchers made %d frames of 200 versions", made)
	}
}

func TestStream_goesOnFromTheNumberTheBrowserKnows(t *testing.T) {
	l := &log{seq: 1, body: strings.Repeat("a long board\n", 50)}
	h, url := serve(t, l)
	stays, cut := open(t, url, ""), open(t, url, "")
	stays.until(t, l.body)
	cut.until(t, l.body)
	cut.end()
	l.set(l.body + "one more")
	h.Wake("s")
	stays.until(t, l.body)
	back := open(t, url, cut.id)
	back.body = cut.body
	back.until(t, l.body)
	if !slices.Equal(back.kinds, []string{"change"}) {
		t.Errorf("who came back was told %v, want the change alone", back.kinds)
	}
	stranger := open(t, url, "987654")
	stranger.until(t, l.body)
	if !slices.Equal(stranger.kinds, []string{"whole"}) {
		t.Errorf("a number nobody knows: got %v, want the whole", stranger.kinds)
	}
}

func TestStream_nothingNewIsNotTold(t *testing.T) {
	l := &log{seq: 1, body: "a"}
	h, url := serve(t, l)
	b := open(t, url, "")
	b.until(t, "a")
	l.set("a") // a vote, say: nobody sees it
	h.Wake("s")
	if !b.next(t) || b.kinds[len(b.kinds)-1] != "beat" {
		t.Errorf("got %v, want a sign of life", b.kinds)
	}
}

func TestStream_endsWithTheHub(t *testing.T) {
	l := &log{seq: 1, body: "a"}
	h, url := serve(t, l)
	b := open(t, url, "")
	b.until(t, "a")
	h.Close()
	for b.next(t) { // beats on their way
	}
	late := open(t, url, "")
	for late.next(t) {
	}
	deadline := time.Now().Add(5 * time.Second)
	for h.Watchers() > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%d are still there", h.Watchers())
		}
		time.Sleep(time.Millisecond)
	}
}

func TestStream_aViewThatFailsIsMadeAgain(t *testing.T) {
	l := &log{seq: 1, body: "a", wrong: errors.New("the database is away")}
	_, url := serve(t, l)
	b := open(t, url, "")
	if !b.next(t) || b.kinds[0] != "beat" {
		t.Errorf("got %v, want signs of life only", b.kinds)
	}
	l.mu.Lock()
	l.wrong = nil
	l.mu.Unlock()
	b.until(t, "a")
}

// stuck is a connection nobody reads at the other end: writing fails when its deadline has passed.
type stuck struct {
	http.ResponseWriter
	writes atomic.Int64
}

func (s *stuck) Write([]byte) (int, error) { s.writes.Add(1); return 0, errors.New("deadline passed") }

func TestStream_whoDoesNotReadIsCut(t *testing.T) {
	h := New(slog.New(slog.NewTextHandler(io.Discard, nil)))
	defer h.Close()
	l := &log{seq: 1, body: "a"}
	w := &stuck{ResponseWriter: httptest.NewRecorder()}
	done := make(chan error)
	go func() { done <- h.Stream(w, httptest.NewRequest(http.MethodGet, "/", nil), "s", "v", l.see) }()
	select {
	case err := <-done:
		if err != nil || w.writes.Load() != 1 || h.Watchers() != 0 {
			t.Errorf("got %v after %d writes, %d watchers", err, w.writes.Load(), h.Watchers())
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the stream goes on")
	}
}

// Who is slow has no queue: of a thousand versions it missed, it gets one.
func TestFeed_slowWatchersSkipToTheWhole(t *testing.T) {
	f := newFeed(nil)
	w := &watcher{woken: make(chan struct{}, 1), at: -1}
	f.watchers[w] = struct{}{}
	body := ""
	for i := range 1000 {
		body += fmt.Sprintf("line %d\n", i)
		if err := f.publish(Frame{Seq: int64(i + 1), Head: json.RawMessage("{}"), Body: body}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if _, err := f.after(w); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(f.changes) > kept {
		t.Errorf("%d changes are kept, want %d at most", len(f.changes), kept)
	}
	events, err := f.after(w)
	if err != nil || len(events) != 1 || !strings.HasPrefix(string(events[0]), "id: 1000\nevent: whole\n") {
		t.Errorf("got %d events, %v", len(events), err)
	}
	if events, err := f.after(w); err != nil || events != nil {
		t.Errorf("told twice: %d events, %v", len(events), err)
	}
}
