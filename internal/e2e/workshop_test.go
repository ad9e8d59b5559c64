package e2e

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/db/dbtest"
	"cultured/internal/id"
)

// A writer writes cards as long as it may, before whichever replica answers.
type writer struct {
	name     string
	at       []*visitor // replicas, the one it uses first
	seat     string
	acked    []string
	unsure   []string // sent, and never answered
	switched bool
}

// write sends a card until some replica says that it has it: the same key, so that it counts once.
func (w *writer) write(text string) {
	form := url.Values{"kind": {"card"}, "phase": {"cartes"}, "text": {text}, "key": {id.New(time.Now())}}
	for range 10 {
		a, err := w.at[0].try(http.MethodPost, w.seat, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
		if err == nil && a.status == http.StatusOK && a.path == w.seat { // at the door it would have been refused
			w.acked = append(w.acked, text)
			return
		}
		if err != nil && len(w.at) > 1 {
			w.at, w.switched = w.at[1:], true
		}
	}
	w.unsure = append(w.unsure, text)
}

// seatedAt is the same browser before another replica, with the cookie of its seat.
func seatedAt(t *testing.T, v *visitor, s *server) *visitor {
	t.Helper()
	other := s.visitor(t)
	from, err := url.Parse(v.base + "/join/")
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(s.url + "/join/")
	if err != nil {
		t.Fatal(err)
	}
	other.client.Jar.SetCookies(to, v.client.Jar.Cookies(from))
	return other
}

// A wall is a projection screen before one replica: what it was told so far.
type wall struct {
	mu   sync.Mutex
	told strings.Builder
	end  chan struct{}
}

func watchWall(t *testing.T, s *server, code string) *wall {
	t.Helper()
	r, err := http.Get(s.url + "/join/" + code + "/events?view=wall")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the stream is %q", got)
	}
	w := &wall{end: make(chan struct{})}
	go func() {
		defer close(w.end)
		defer r.Body.Close()
		lines := bufio.NewReader(r.Body)
		for {
			line, err := lines.ReadString('\n')
			w.mu.Lock()
			w.told.WriteString(line)
			w.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return w
}

func (w *wall) heard(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(w.told.String(), text)
}

// Two replicas on PostgreSQL serve one workshop. One is killed while eight people write: what was acknowledged is there, once, and
// the others go on before the other replica, whose screens heard of everything. Asked to stop, it does so with its streams open.
func TestAWorkshopSurvivesTheLossOfAReplica(t *testing.T) {
	database := dbtest.Postgres(t)
	first := serve(t, t.TempDir(), database, "--demo")
	second := serve(t, t.TempDir(), database)
	grace := first.signIn(t, "facilitator")
	made := grace.post(t, "/workshops", url.Values{"template": {"simple"}})
	console := made.path
	code := strings.ToLower(strings.ReplaceAll(regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(made.body), "-", ""))
	screen := watchWall(t, second, code)
	do := func(v *visitor, pairs ...string) {
		t.Helper()
		form := url.Values{"key": {id.New(time.Now())}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		if a := v.post(t, console, form); a.status != http.StatusOK {
			t.Fatalf("%v: got %d\n%s", pairs, a.status, words(a.body))
		}
	}
	do(grace, "kind", "phase", "phase", "", "to", "cartes")
	people := make([]*writer, 8)
	for i := range people {
		v := first.visitor(t)
		if a := v.post(t, "/join/"+code, url.Values{"text": {fmt.Sprint("Personne ", i)}, "key": {id.New(time.Now())}}); !strings.HasSuffix(a.path, "/seat") {
			t.Fatalf("joining: got %d at %s", a.status, a.path)
		}
		people[i] = &writer{name: fmt.Sprint("personne ", i), seat: "/join/" + code + "/seat", at: []*visitor{v, seatedAt(t, v, second)}}
		if i%2 == 1 {
			people[i].at = people[i].at[1:] // before the second from the start
		}
	}
	eventually(t, "a screen before one replica hears who joined at the other", func() bool { return screen.heard("8 personnes dans l’atelier") })

	var all sync.WaitGroup
	var written atomic.Int64
	for _, w := range people {
		all.Go(func() {
			for n := range 20 {
				w.write(fmt.Sprintf("%s carte %d", w.name, n))
				written.Add(1)
			}
		})
	}
	eventually(t, "half of the cards are written", func() bool { return written.Load() >= 60 })
	first.kill()
	all.Wait()
	checkCards(t, grace.at(t, second), console, people, do)
	eventually(t, "the screen shows the last card of everybody", func() bool {
		return !slices.ContainsFunc(people, func(w *writer) bool { return !screen.heard(w.acked[len(w.acked)-1]) })
	})
	second.stop(t)
	select {
	case <-screen.end:
	case <-time.After(stopTime):
		t.Error("the stream outlives its server")
	}
}

func checkCards(t *testing.T, grace *visitor, console string, people []*writer, do func(*visitor, ...string)) {
	t.Helper()
	do(grace, "kind", "reveal", "phase", "cartes", "value", "1")
	rows, err := csv.NewReader(strings.NewReader(grace.want(t, console+"/results/results.csv"))).ReadAll()
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	there := map[string]int{}
	for _, row := range rows[1:] {
		there[row[4]]++
	}
	acked, switched := 0, 0
	for _, w := range people {
		acked += len(w.acked)
		if w.switched {
			switched++
		}
		for _, text := range w.acked {
			if there[text] != 1 {
				t.Errorf("%q was acknowledged and is there %d times", text, there[text])
			}
			delete(there, text)
		}
		for _, text := range w.unsure {
			if there[text] > 1 {
				t.Errorf("%q is there %d times", text, there[text])
			}
			delete(there, text)
		}
	}
	if len(there) > 0 {
		t.Errorf("nobody wrote %v", there)
	}
	t.Logf("%d cards acknowledged, %d people went over to the other replica", acked, switched)
	if acked < 8*20-8 || switched == 0 {
		t.Errorf("%d cards were acknowledged and %d people went over: the loss was not felt, or too much", acked, switched)
	}
}
