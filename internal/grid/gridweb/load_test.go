package gridweb_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/grid/griddb"
	"cultured/internal/outbox"
)

// A team edits one table at once, each person in cells of their own and in one they share, over the addresses the script of the page uses.
type team struct {
	t    *testing.T
	url  string
	mu   sync.Mutex
	sent map[string]time.Time // by key, when it was sent
	done map[int64]string     // by number, the key
	seen []time.Duration      // from sending to being told of it by the stream of somebody else
	told map[string]map[int64]bool
}

const (
	teamSize  = 50
	teamEdits = 12
)

func TestFiftyPeopleLoseNothing(t *testing.T) {
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "dataset", Files: datasetdb.Migrations}, {Room: "grid", Files: griddb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		at := newWorld(t)
		store := datasetdb.Datasets{Store: &datasetdb.Store{DB: d, Now: time.Now}}
		if err := store.Create(t.Context(), actor.Actor{ID: "ada", Organisation: "o"}, dataset.Dataset{ID: "d", Organisation: "o", Service: "parks", Owner: "ada", Title: "D", Created: noon, Modified: noon, Current: 3, Revision: 1},
			dataset.Version{Dataset: "d", Number: 3, At: noon}, ""); err != nil {
			t.Fatal(err)
		}
		at.grid.Log = &griddb.Store{DB: d}
		server := httptest.NewServer(at.site)
		defer server.CloseClientConnections()
		crew := &team{t: t, url: server.URL, sent: map[string]time.Time{}, done: map[int64]string{}, told: map[string]map[int64]bool{}}
		at.do(t, "ada", edit(1, "Nom", "<Lieu 1>", "0"))
		var listening, working sync.WaitGroup
		for n := range teamSize {
			listening.Add(1)
			go crew.listen(fmt.Sprintf("p%d", n), &listening)
		}
		listening.Wait()
		for n := range teamSize {
			working.Go(func() { crew.work(fmt.Sprintf("p%d", n), int64(n+2)) })
		}
		working.Wait()
		crew.verify(at)
	})
}

func (c *team) ask(who, method, path string, body any) (*http.Response, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+"/datasets/d/grid"+path, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	r.AddCookie(&http.Cookie{Name: "session", Value: who})
	return http.DefaultClient.Do(r)
}

// listen notes each operation that the stream of somebody tells.
func (c *team) listen(who string, ready *sync.WaitGroup) {
	answer, err := c.ask(who, http.MethodGet, "/events", nil)
	if err != nil {
		c.t.Error(err)
		ready.Done()
		return
	}
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	first := true
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok || data == "{}" {
			continue
		}
		now := time.Now()
		if first {
			ready.Done()
			first = false
		}
		var event struct {
			Head struct{ Seq int64 }
			Body json.RawMessage
		}
		if json.Unmarshal([]byte(data), &event) != nil {
			continue
		}
		var parts []any
		var whole string
		if json.Unmarshal(event.Body, &parts) != nil && json.Unmarshal(event.Body, &whole) == nil {
			for line := range strings.SplitSeq(whole, "\n") {
				parts = append(parts, line)
			}
		}
		c.hear(who, parts, now)
		c.catchUp(who, event.Head.Seq)
	}
}

// catchUp asks for what a stream did not hold, as the script of the page does.
func (c *team) catchUp(who string, upto int64) {
	for {
		c.mu.Lock()
		next := int64(1)
		for c.told[who][next] {
			next++
		}
		c.mu.Unlock()
		if next > upto {
			return
		}
		answer, err := c.ask(who, http.MethodGet, fmt.Sprintf("/ops?after=%d", next-1), nil)
		if err != nil {
			return // the test is over
		}
		var out struct{ Ops []json.RawMessage }
		err = json.NewDecoder(answer.Body).Decode(&out)
		_ = answer.Body.Close()
		if err != nil || len(out.Ops) == 0 {
			return
		}
		var parts []any
		for _, op := range out.Ops {
			parts = append(parts, string(op))
		}
		c.hear(who, parts, time.Now())
	}
}

func (c *team) hear(who string, parts []any, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range parts {
		var op struct {
			Seq    int64
			Person string
			Text   string
		}
		if line, ok := p.(string); !ok || json.Unmarshal([]byte(line), &op) != nil {
			continue
		}
		if c.told[who] == nil {
			c.told[who] = map[int64]bool{}
		}
		if sent, ok := c.sent[op.Text]; ok && !c.told[who][op.Seq] && op.Person != who {
			c.seen = append(c.seen, now.Sub(sent))
		}
		c.told[who][op.Seq] = true
	}
}

// send sends an operation, sometimes twice, and returns what is in the cell when it was refused.
func (c *team) send(who, key string, row int64, was, value string) (seq int64, now string, err error) {
	c.mu.Lock()
	c.sent[key] = time.Now()
	c.mu.Unlock()
	body := map[string]any{"base": 3, "edits": []any{map[string]any{"key": key, "kind": "edit", "text": key, "changes": []any{map[string]any{"row": row, "column": "Nom", "was": was, "value": value}}}}}
	for range 1 + len(key)%2 {
		answer, err := c.ask(who, http.MethodPost, "/edits", body)
		if err != nil {
			return 0, "", err
		}
		var out struct{ Results []result }
		err = json.NewDecoder(answer.Body).Decode(&out)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || len(out.Results) != 1 {
			return 0, "", fmt.Errorf("%s: got %d, %v", key, answer.StatusCode, err)
		}
		res := out.Results[0]
		if seq != 0 && res.Seq != seq {
			return 0, "", fmt.Errorf("%s: sent again, got %d after %d", key, res.Seq, seq)
		}
		if seq = res.Seq; len(res.Refused) > 0 {
			now = res.Refused[0].Now
		}
	}
	if seq > 0 {
		c.mu.Lock()
		c.done[seq] = key
		c.mu.Unlock()
	}
	return seq, now, nil
}

// work counts one's own cell up, and the shared one, each time from what is there.
func (c *team) work(who string, row int64) {
	own, shared := fmt.Sprintf("<Lieu %d>", row), "0"
	for n := range teamEdits {
		next := fmt.Sprintf("%s.%d", who, n)
		if seq, _, err := c.send(who, "own "+next, row, own, next); err != nil || seq == 0 {
			c.t.Errorf("%s: got %d, %v", next, seq, err)
			return
		}
		own = next
		if seq, now, err := c.send(who, "shared "+next, 1, shared, next); err != nil {
			c.t.Error(err)
			return
		} else if seq == 0 {
			shared = now
		} else {
			shared = next
		}
		time.Sleep(150 * time.Millisecond) // people think
	}
}

// verify compares what each was told with the log, and what the log holds with what was acknowledged.
func (c *team) verify(at *world) {
	ada, _ := at.Identify(c.t.Context(), "ada")
	ops, err := at.grid.Since(c.t.Context(), ada, "d", 0, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	shared, found := "", 0
	for i, op := range ops {
		if op.Seq != int64(i+1) {
			c.t.Fatalf("a hole before %d", op.Seq)
		}
		if key, ok := c.done[op.Seq]; ok {
			found++
			if op.Text != key {
				c.t.Errorf("%d is %s, and was told as %s", op.Seq, op.Text, key)
			}
		}
		for _, change := range op.Changes {
			if change.Row == 1 {
				if shared != "" && change.Before != shared {
					c.t.Errorf("%d wrote over %q having seen %q", op.Seq, shared, change.Before)
				}
				shared = change.After
			}
		}
	}
	if found != len(c.done) || len(ops) != found+2 {
		c.t.Errorf("%d were acknowledged, %d of them are in the log of %d", len(c.done), found, len(ops))
	}
	for range 200 { // the last are still on their way
		c.mu.Lock()
		missing := 0
		for n := range teamSize {
			missing += found - len(c.told[fmt.Sprintf("p%d", n)]) + 2
		}
		c.mu.Unlock()
		if missing <= 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for n := range teamSize {
		if told := len(c.told[fmt.Sprintf("p%d", n)]); told < found {
			c.t.Errorf("p%d was told of %d of %d operations", n, told, found)
		}
	}
	if slices.Sort(c.seen); len(c.seen) > 0 {
		c.t.Logf("%d operations by %d people; from sending to being seen by the others: half within %v, 95%% within %v", found, teamSize, c.seen[len(c.seen)/2], c.seen[len(c.seen)*95/100])
	}
}
