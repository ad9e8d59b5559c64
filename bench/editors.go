package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	gridEvery = time.Second // between two edits of one person, on average
	gridReads = 5           // after so many edits, a person reads a page elsewhere
	gridLast  = 10 * time.Second
)

// A crowd is how people who edit one table at once fared. Each edits cells of rows of their own and, one time in ten, a cell that all want.
type crowd struct {
	People       int
	Span         time.Duration
	Acknowledged int // edits
	Refused      int // edits of the shared cell that came second
	Failed       int
	Lost         int // acknowledged, and not in the log, or not where it was said; or whose cell holds something else
	Doubled      int // in the log more than once
	Stale        int // cells of one's own that a page read after the answer showed as they were before
	Untold       int // pairs of an edit and another person whose stream never told it
	Answered     [3]time.Duration
	Seen         [3]time.Duration // from sending an edit until the stream of another person told it, each edit by each other person
	Read         [3]time.Duration // a page read meanwhile
	CPU          float64          // processors busy with the server, on average
}

// An editor is one person: what they know, and their own journal.
type editor struct {
	l      *ledger
	n      int
	client *http.Client
	base   int
	random *rand.Rand

	journal  map[string]int64 // by key, the number acknowledged
	screen   []int64          // rows of their own on the page they read last
	cells    map[int64]string // by row of their own, what it holds: read once, then what the last acknowledged edit wrote
	sent     map[string]int64 // by key, when it was sent: nanoseconds
	took     []time.Duration  // from sending to the answer
	read     []time.Duration  // pages
	shared   string           // what the shared cell held when it was last heard of
	told     map[string]int64 // by key, when the stream told of it; of the listener alone
	position atomic.Int64     // the last operation heard
	refused  int
	failed   int
	stale    int // cells of their own that a page read later showed otherwise than acknowledged
}

const gridColumn = "libelle"

// edit has people edit the table for as long as is asked.
func (l *ledger) edit(ctx context.Context) (c crowd, err error) {
	c.People, c.Span = l.o.editors, l.o.editing
	if c.People == 0 {
		return c, nil
	}
	team, err := l.team(ctx)
	if err != nil {
		return c, err
	}
	say("%s: %d people edit for %v", l.done.Engine, c.People, c.Span)
	listening, stop := context.WithCancel(ctx)
	defer stop()
	var ears, hands sync.WaitGroup
	for _, e := range team {
		ears.Go(func() { e.listen(listening) })
	}
	pause(ctx, 2*time.Second)
	before, begin := l.s.cpu(), time.Now()
	for _, e := range team {
		hands.Go(func() { e.work(ctx, begin.Add(c.Span)) })
	}
	hands.Wait()
	c.CPU = (l.s.cpu() - before).Seconds() / time.Since(begin).Seconds()
	pause(ctx, gridLast)
	stop()
	ears.Wait()
	if ctx.Err() != nil {
		return c, ctx.Err()
	}
	if err := l.audit(ctx, team, &c); err != nil {
		return c, err
	}
	say("%s: %+v", l.done.Engine, c)
	return c, nil
}

var invitationOf = regexp.MustCompile(`https?://[^"<\s]+(/invitation/[^"<\s]+)`)

// team invites people and lets each come in by the link they are given.
func (l *ledger) team(ctx context.Context) (team []*editor, err error) {
	admin := &http.Client{}
	if admin.Jar, err = cookiejar.New(nil); err != nil {
		return nil, err
	}
	if _, err = send(ctx, admin, l.s.url+"/sign-in", url.Values{"email": {"admin@demo.example"}, "password": {"demonstration-2026"}}); err != nil {
		return nil, err
	}
	first, err := l.rows(ctx, l.client, nil, 0)
	if err != nil || len(first.Rows) == 0 {
		return nil, fmt.Errorf("no first row to share: %w", err)
	}
	for n := range l.o.editors {
		name := fmt.Sprintf("Personne %d", n)
		got, err := admin.PostForm(l.s.url+"/admin/people", url.Values{"name": {name}, "email": {fmt.Sprintf("p%d@mesure.example", n)}, "roles": {"agent", "steward"}})
		if err != nil {
			return nil, err
		}
		text, err := bodyOf(got)
		link := invitationOf.FindStringSubmatch(html.UnescapeString(text))
		if err != nil || link == nil {
			return nil, fmt.Errorf("nobody is invited: %s, %w", got.Status, err)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, err
		}
		e := &editor{l: l, n: n, client: &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}, base: first.Base, random: rand.New(rand.NewPCG(2026, uint64(n))),
			journal: map[string]int64{}, cells: map[int64]string{}, sent: map[string]int64{}, told: map[string]int64{}}
		e.shared = textOf(first.Rows[0].Cells)
		if _, err := send(ctx, e.client, l.s.url+link[1], url.Values{"name": {name}, "password": {"mesure-de-la-grille-2026"}}); err != nil {
			return nil, err
		}
		team = append(team, e)
	}
	return team, nil
}

// work edits until the end, as fast as people who are in a hurry.
func (e *editor) work(ctx context.Context, end time.Time) {
	pause(ctx, time.Duration(e.random.Int64N(int64(gridEvery))))
	for n := 0; time.Now().Before(end) && ctx.Err() == nil; n++ {
		if n%gridReads == 0 {
			e.look(ctx)
		}
		key := fmt.Sprintf("p%d.%d", e.n, n)
		if n%10 == 9 {
			e.write(ctx, key, 1, e.shared)
		} else if row, ok := e.mine(); ok {
			e.write(ctx, key, row, e.cells[row])
		}
		pause(ctx, time.Duration(float64(gridEvery)*(0.5+e.random.Float64())))
	}
}

// look reads a page elsewhere, as whoever scrolls.
func (e *editor) look(ctx context.Context) {
	begin := time.Now()
	b, err := e.l.rows(ctx, e.client, nil, 1+e.random.Int64N(int64(e.l.done.Rows-gridBlock)))
	if err != nil {
		e.failed++
		return
	}
	e.read, e.screen = append(e.read, time.Since(begin)), nil
	for _, row := range b.Rows {
		if row.Row%int64(e.l.o.editors) != int64(e.n) {
			continue // another editor's
		}
		e.screen = append(e.screen, row.Row)
		if _, known := e.cells[row.Row]; !known {
			e.cells[row.Row] = textOf(row.Cells)
		} else if e.cells[row.Row] != textOf(row.Cells) {
			e.stale++
		}
	}
}

// mine chooses a row on the screen that no other editor writes in.
func (e *editor) mine() (row int64, ok bool) {
	if len(e.screen) == 0 {
		return 0, false
	}
	return e.screen[e.random.IntN(len(e.screen))], true
}

// textOf is the cell of a row that is edited, the last.
func textOf(cells []*string) string {
	if len(cells) == 0 || cells[len(cells)-1] == nil {
		return ""
	}
	return *cells[len(cells)-1]
}

// write sends one edit, notes in the journal what was acknowledged, and what the cell held where it was refused.
func (e *editor) write(ctx context.Context, key string, row int64, was string) {
	body, err := json.Marshal(map[string]any{"base": e.base, "edits": []any{map[string]any{"key": key, "kind": "edit", "text": key, "seen": e.position.Load(),
		"changes": []any{map[string]any{"row": row, "column": gridColumn, "was": was, "value": key}}}}})
	if err != nil {
		e.failed++
		return
	}
	begin := time.Now()
	e.sent[key] = begin.UnixNano()
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, e.l.s.url+e.l.path+"/edits", bytes.NewReader(body))
	if err != nil {
		e.failed++
		return
	}
	got, err := e.client.Do(ask)
	if err != nil {
		e.failed++
		return
	}
	text, err := bodyOf(got)
	var out struct {
		Results []struct {
			Seq     int64
			Refused []struct{ Now string }
		}
	}
	if err != nil || json.Unmarshal([]byte(text), &out) != nil || len(out.Results) != 1 {
		e.failed++
		return
	}
	e.took = append(e.took, time.Since(begin))
	res := out.Results[0]
	switch {
	case res.Seq > 0:
		e.journal[key] = res.Seq
		if row == 1 {
			e.shared = key
		} else {
			e.cells[row] = key
		}
	case len(res.Refused) == 1 && row == 1:
		e.refused++
		e.shared = res.Refused[0].Now
	default:
		e.failed++
	}
}

// A listed is an operation as streams and answers tell it. The sender's key is its text.
type listed struct {
	Seq     int64
	Text    string
	Changes []struct {
		Row           int64
		Before, After string
	}
}

// listen notes when the person's own stream tells of each operation; what it no longer held is asked for, as the sheet's script does.
func (e *editor) listen(ctx context.Context) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, e.l.s.url+e.l.path+"/events", nil)
	if err != nil {
		return
	}
	got, err := e.client.Do(ask)
	if err != nil {
		return
	}
	defer got.Body.Close()
	lines := bufio.NewScanner(got.Body)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		var event struct {
			Head struct{ Seq int64 }
			Body json.RawMessage
		}
		if now := time.Now(); ok && json.Unmarshal([]byte(data), &event) == nil {
			e.hear(event.Body, now)
			for e.position.Load() < event.Head.Seq && ctx.Err() == nil {
				ops, err := e.l.since(ctx, e.client, e.position.Load())
				if err != nil || len(ops) == 0 {
					break
				}
				e.note(ops, time.Now())
			}
		}
	}
}

// hear reads the body of an event: lines of text, or what came new among lines known.
func (e *editor) hear(body json.RawMessage, now time.Time) {
	var parts []any
	var whole string
	if json.Unmarshal(body, &whole) == nil {
		parts = []any{whole}
	} else if json.Unmarshal(body, &parts) != nil {
		return
	}
	var ops []listed
	for _, part := range parts {
		text, _ := part.(string)
		for line := range strings.SplitSeq(text, "\n") {
			var op listed
			if line != "" && json.Unmarshal([]byte(line), &op) == nil {
				ops = append(ops, op)
			}
		}
	}
	e.note(ops, now)
}

// note takes operations that follow on what was heard; where one is missing, it waits to be asked for.
func (e *editor) note(ops []listed, now time.Time) {
	for _, op := range ops {
		if _, known := e.told[op.Text]; !known {
			e.told[op.Text] = now.UnixNano()
		}
		if op.Seq == e.position.Load()+1 {
			e.position.Store(op.Seq)
		}
	}
}

// since reads operations of the log after a number, some at a time.
func (l *ledger) since(ctx context.Context, client *http.Client, after int64) ([]listed, error) {
	text, err := page(ctx, client, fmt.Sprintf("%s%s/ops?after=%d", l.s.url, l.path, after))
	if err != nil {
		return nil, err
	}
	var out struct{ Ops []listed }
	return out.Ops, json.Unmarshal([]byte(text), &out)
}

// bodyOf reads an answer whole; anything but success is an error.
func bodyOf(got *http.Response) (string, error) {
	defer got.Body.Close()
	var b bytes.Buffer
	_, err := b.ReadFrom(got.Body)
	if got.StatusCode >= 400 {
		err = errors.Join(err, errors.New(got.Status))
	}
	return b.String(), err
}
