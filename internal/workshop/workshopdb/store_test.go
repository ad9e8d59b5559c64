package workshopdb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopdb"
)

var rooms = []db.Migration{{Room: "workshop", Files: workshopdb.Migrations}}

var grace = actor.Actor{ID: "grace", Organisation: "valmoret", Name: "Grace", Roles: []actor.Role{actor.Facilitator}}

func plan() workshop.Template {
	return workshop.Template{Name: "t", Title: "T", Anonymous: true, Phases: []workshop.Phase{
		{Name: "write", Kind: workshop.Write, Title: "Write", Private: true},
		{Name: "group", Kind: workshop.Group, Title: "Group", About: []string{"write"}},
		{Name: "vote", Kind: workshop.Vote, Title: "Vote", About: []string{"write"}, Budget: 4, Axes: []string{"Value", "Difficulty"}, Ties: workshop.MorePeople},
		{Name: "who", Kind: workshop.Ask, Title: "Who"}}}
}

// A clock moves a minute at each look, so that nobody is too fast.
type clock struct {
	sync.Mutex
	t time.Time
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	c.t = c.t.Add(time.Minute)
	return c.t
}

func replica(d *db.DB) *workshop.Service {
	c := &clock{t: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)}
	store := &workshopdb.Store{DB: d}
	return &workshop.Service{Sessions: store, Log: store, Templates: []workshop.Template{plan(), named()}, Now: c.now}
}

// A hand that goes wrong as networks do: it sends each operation one to three times, to either replica, and some answers
// never reach it.
type client struct {
	t        *testing.T
	random   *rand.Rand
	replicas []*workshop.Service
	sess     workshop.Session
	hand     workshop.Hand
	name     string
	written  []string // texts acknowledged
	dropped  []string
	dots     map[[2]int64]int // by card and axis
}

func (c *client) send(op workshop.Op) (workshop.Op, error) {
	op.Key = fmt.Sprintf("%s %d", c.name, c.random.Uint64())
	var first workshop.Op
	var firstErr error
	for try := range 1 + c.random.IntN(3) {
		ctx, cancel := context.WithCancel(c.t.Context())
		if try > 0 && c.random.IntN(4) == 0 {
			cancel() // the line is cut
		}
		got, err := c.replicas[c.random.IntN(len(c.replicas))].Do(ctx, c.sess, c.hand, op)
		cancel()
		if errors.Is(err, context.Canceled) {
			continue
		}
		switch {
		case try == 0:
			first, firstErr = got, err
		case firstErr == nil && (err != nil || got.Seq != first.Seq) && op.Kind != workshop.Join:
			c.t.Errorf("%s sent again: got %d, %v, want %d", op.Kind, got.Seq, err, first.Seq)
		case firstErr != nil && err == nil: // refused at first, allowed now: it is done
			first, firstErr = got, nil
		}
	}
	return first, firstErr
}

func (c *client) act(i int) {
	cards := c.see()
	switch n := c.random.IntN(10); {
	case n < 4 || len(cards) == 0:
		text := fmt.Sprintf("%s %d", c.name, i)
		if _, err := c.send(workshop.Op{Kind: workshop.AddCard, Phase: "write", Text: text}); err == nil {
			c.written = append(c.written, text)
		} else if fault.KindOf(err) == fault.Internal {
			c.t.Errorf("%s: %v", c.name, err)
		}
	case n < 6:
		card := cards[c.random.IntN(len(cards))]
		_, _ = c.send(workshop.Op{Kind: workshop.MoveCard, Card: card.ID, Theme: fmt.Sprint("theme ", c.random.IntN(5))}) // may be gone
	case n < 9:
		card, axis, value := cards[c.random.IntN(len(cards))], c.random.IntN(2), c.random.IntN(4)
		if _, err := c.send(workshop.Op{Kind: workshop.CastDots, Phase: "vote", Card: card.ID, Axis: axis, Value: value}); err == nil {
			c.dots[[2]int64{card.ID, int64(axis)}] = value
		}
	default:
		card := cards[c.random.IntN(len(cards))]
		if _, err := c.send(workshop.Op{Kind: workshop.DropCard, Card: card.ID}); err == nil {
			c.dropped = append(c.dropped, card.Text)
		}
	}
}

func (c *client) see() (cards []workshop.Card) {
	r := c.replicas[c.random.IntN(len(c.replicas))]
	if err := r.Read(c.t.Context(), c.sess, func(s *workshop.State) { cards = s.Cards("write", c.hand) }); err != nil {
		c.t.Error(err)
	}
	return cards
}

// Eight people and a facilitator act at once through two replicas, with cuts and retries. In the end everybody has the
// same board, whatever pieces it came in; what was acknowledged is there once; nothing else is.
func TestOneBoardForAll(t *testing.T) {
	for _, name := range []string{"t", "named"} { // names let tables be small
		t.Run(name, func(t *testing.T) { oneBoard(t, name) })
	}
}

func oneBoard(t *testing.T, template string) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		replicas := []*workshop.Service{replica(d), replica(d)}
		sess, err := replicas[0].Create(t.Context(), grace, template, "")
		if err != nil {
			t.Fatal(err)
		}
		hand := func(i int) *client {
			h := workshop.Hand{Secret: fmt.Sprint("secret ", i), Session: sess.ID}
			return &client{t: t, random: rand.New(rand.NewPCG(seed, uint64(i))), replicas: replicas, sess: sess, hand: h, name: fmt.Sprint("p", i), dots: map[[2]int64]int{}}
		}
		boss := hand(0)
		boss.hand = workshop.Hand{Facilitator: true, Session: sess.ID}
		for i, p := range []string{"write", "group", "vote"} {
			if _, err := boss.send(workshop.Op{Kind: workshop.Advance, Phase: []string{"", "write", "group"}[i], To: p}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := boss.send(workshop.Op{Kind: workshop.Reveal, Phase: "write", Value: 1}); err != nil {
			t.Fatal(err)
		}
		var people []*client
		var all, joined sync.WaitGroup
		joined.Add(8)
		for i := range 8 {
			c := hand(i + 1)
			people = append(people, c)
			all.Go(func() {
				if _, err := c.send(workshop.Op{Kind: workshop.Join, Text: c.name}); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
				joined.Done()
				for n := range 20 {
					c.act(n)
				}
			})
		}
		all.Go(func() { // while they act, the facilitator sorts many cards at once, and takes it back
			for n := range 12 {
				boss.sort(n)
			}
		})
		host := hand(9)
		host.hand = boss.hand
		all.Go(func() { // and seats people at tables, apart and together
			for n := range 25 {
				if n == 5 {
					joined.Wait() // on a busy machine somebody may come last, and there must be people to be told apart
				}
				host.seat()
			}
		})
		all.Wait()
		checkTables(t, d, sess)
		tellAll(t, boss, people)
		texts := writeAll(t, boss)
		checkBoard(t, d, sess, replicas, people)
		if err := replicas[0].Read(t.Context(), sess, func(s *workshop.State) {
			if got := s.Texts()[workshop.Place{}]; len(got) != texts {
				t.Errorf("%d texts were acknowledged, %d are kept", texts, len(got))
			}
			services, _ := s.Shares("who")
			if len(services) != 1 || services[0].Count != len(people) {
				t.Errorf("got %v, want %d people of one service", services, len(people))
			}
		}); err != nil {
			t.Error(err)
		}
	})
}

// sort puts the cards there are under themes, all at once, or takes the last time back; a card may be gone meanwhile.
func (c *client) sort(n int) {
	op := workshop.Op{Kind: workshop.Sort, Phase: "write"}
	if n%3 != 2 {
		for _, card := range c.see() {
			op.Moves = append(op.Moves, workshop.Move{Card: card.ID, Theme: fmt.Sprint("many ", c.random.IntN(3))})
		}
	}
	if _, err := c.send(op); fault.KindOf(err) == fault.Internal && err != nil {
		c.t.Errorf("sorting: %v", err)
	}
}

// tellAll has everybody say where they come from at once, some after another answer.
func tellAll(t *testing.T, boss *client, people []*client) {
	t.Helper()
	if _, err := boss.send(workshop.Op{Kind: workshop.Advance, Phase: "vote", To: "who"}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for _, c := range people {
		all.Go(func() {
			for _, service := range []string{c.name, "Voirie"} {
				if _, err := c.send(workshop.Op{Kind: workshop.Tell, Phase: "who", Text: service, Value: 1}); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		})
	}
	all.Wait()
}

// writeAll closes the session and has four facilitators write the same text of its synthesis at once, each over what it read; it returns how
// many were acknowledged.
func writeAll(t *testing.T, boss *client) int {
	t.Helper()
	if _, err := boss.send(workshop.Op{Kind: workshop.Close}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	kept := make([]int, 4)
	for i := range kept {
		c := *boss
		c.name, c.random = fmt.Sprint("writer ", i), rand.New(rand.NewPCG(uint64(i), boss.random.Uint64()))
		all.Go(func() {
			for n := range 6 {
				seen := 0
				if err := c.replicas[n%2].Read(t.Context(), c.sess, func(s *workshop.State) { seen = len(s.Texts()[workshop.Place{}]) }); err != nil {
					t.Error(err)
				}
				_, err := c.send(workshop.Op{Kind: workshop.Amend, Text: fmt.Sprint(c.name, n), Value: seen})
				if err == nil {
					kept[i]++
				} else if !fault.Is(err, "workshop.text_moved") {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		})
	}
	all.Wait()
	sum := 0
	for _, n := range kept {
		sum += n
	}
	return sum
}

func checkBoard(t *testing.T, d *db.DB, sess workshop.Session, replicas []*workshop.Service, people []*client) {
	t.Helper()
	log, err := (&workshopdb.Store{DB: d}).After(t.Context(), sess.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	whole, pieces := workshop.Begin(sess.Template), workshop.Begin(sess.Template)
	for i, op := range log {
		if op.Seq != int64(i+1) {
			t.Fatalf("operation %d has number %d", i+1, op.Seq)
		}
		whole.Fold(op)
	}
	for pieces.Seq < int64(len(log)) { // one who was cut at every fifth operation, and was told some again
		from := max(0, pieces.Seq-3)
		for _, op := range log[from:min(int64(len(log)), from+5)] {
			pieces.Fold(op)
		}
	}
	if !reflect.DeepEqual(whole, pieces) {
		t.Error("who came back in pieces has another board")
	}
	for _, r := range replicas {
		if err := r.Read(t.Context(), sess, func(s *workshop.State) {
			if !reflect.DeepEqual(s, whole) {
				t.Error("a replica has another board")
			}
		}); err != nil {
			t.Error(err)
		}
	}
	var got, want []string
	for _, c := range whole.Cards("write", workshop.Hand{Facilitator: true}) {
		got = append(got, c.Text)
	}
	for _, c := range people {
		for _, text := range c.written {
			if !slices.ContainsFunc(people, func(o *client) bool { return slices.Contains(o.dropped, text) }) {
				want = append(want, text)
			}
		}
		for at, n := range c.dots {
			card, axis := at[0], int(at[1])
			if got := whole.OwnDots("vote", card, axis, c.hand); got != n && got != 0 { // 0: the card was taken back since
				t.Errorf("%s: got %d dots on %d, want %d", c.name, got, card, n)
			}
		}
		if whole.Left("vote", 0, c.hand) < 0 || whole.Left("vote", 1, c.hand) < 0 {
			t.Errorf("%s spent more than there was", c.name)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("got cards %q, want %q", got, want)
	}
	if len(whole.People) != len(people) {
		t.Errorf("got %d people, want %d", len(whole.People), len(people))
	}
}

func TestSessions(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := replica(d)
		for _, tc := range []struct {
			name string
			by   actor.Actor
			want fault.Kind
		}{{"nobody", actor.Actor{}, fault.SignIn}, {"an agent", actor.Actor{ID: "x", Organisation: "valmoret"}, fault.Denied}} {
			if _, err := s.Create(t.Context(), tc.by, "t", ""); fault.KindOf(err) != tc.want {
				t.Errorf("%s: got %v, want kind %v", tc.name, err, tc.want)
			}
		}
		if _, err := s.Create(t.Context(), grace, "t", strings.Repeat("x", 121)); !fault.Is(err, "workshop.title_long") {
			t.Errorf("a long title: got %v", err)
		}
		made, err := s.Create(t.Context(), grace, "t", "  Métiers ")
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.Enter(t.Context(), workshop.WriteCode(made.Code), workshop.Origin{})
		if err != nil || !reflect.DeepEqual(found.Template, plan()) || found.Title != "Métiers" {
			t.Errorf("got %+v, %v", found, err)
		}
		for _, wrong := range []string{"", "zzzzzzzz", "abc", strings.Repeat("a", 1000)} {
			if _, err := s.Enter(t.Context(), wrong, workshop.Origin{}); !fault.Is(err, "workshop.no_such_code") {
				t.Errorf("code %q: got %v", wrong, err)
			}
		}
		elsewhere := actor.Actor{ID: "y", Organisation: "other", Roles: []actor.Role{actor.Facilitator}}
		if _, err := s.Run(t.Context(), elsewhere, made.ID); !fault.Is(err, "workshop.not_found") {
			t.Errorf("another organisation: got %v", err)
		}
		if list, err := s.List(t.Context(), elsewhere); err != nil || len(list) != 0 {
			t.Errorf("another organisation: got %v, %v", list, err)
		}
		if list, err := s.List(t.Context(), grace); err != nil || len(list) != 1 {
			t.Errorf("got %v, %v", list, err)
		}
		store := &workshopdb.Store{DB: d}
		made.ID = "another"
		if err := store.Add(t.Context(), made); !fault.Is(err, "workshop.code_taken") {
			t.Errorf("the same code: got %v", err)
		}
		if _, err := store.Append(t.Context(), "missing", 0, "k", nil); !fault.Is(err, "workshop.not_found") {
			t.Errorf("no session: got %v", err)
		}
	})
}

// Whoever sends thousands of cards in a minute is told to wait; the others go on.
func TestFlood(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := replica(d)
		at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		s.Now = func() time.Time { return at }
		sess, err := s.Create(t.Context(), grace, "t", "")
		if err != nil {
			t.Fatal(err)
		}
		boss := workshop.Hand{Facilitator: true}
		if _, err := s.Do(t.Context(), sess, boss, workshop.Op{Kind: workshop.Advance, To: "write", Key: "1"}); err != nil {
			t.Fatal(err)
		}
		ada, bob := workshop.Hand{Secret: "ada's"}, workshop.Hand{Secret: "bob's"}
		for _, h := range []workshop.Hand{ada, bob} {
			h.Session = sess.ID
			if _, err := s.Do(t.Context(), sess, h, workshop.Op{Kind: workshop.Join, Text: "X", Key: "join"}); err != nil {
				t.Fatal(err)
			}
		}
		taken, refused := 0, 0
		for i := range 5000 {
			_, err := s.Do(t.Context(), sess, ada, workshop.Op{Kind: workshop.AddCard, Phase: "write", Text: "flood", Key: fmt.Sprint(i)})
			switch {
			case err == nil:
				taken++
			case fault.Is(err, "workshop.too_fast"):
				refused++
			default:
				t.Fatal(err)
			}
		}
		if taken == 0 || taken > 40 || refused != 5000-taken {
			t.Errorf("got %d taken, %d refused", taken, refused)
		}
		if _, err := s.Do(t.Context(), sess, bob, workshop.Op{Kind: workshop.AddCard, Phase: "write", Text: "calm", Key: "1"}); err != nil {
			t.Errorf("somebody else: got %v", err)
		}
	})
}

// Three hundred people come in from behind one address, and go on while somebody there tries codes; who tries is told to wait.
func TestGuesses(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := replica(d)
		at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		s.Now = func() time.Time { return at }
		sess, err := s.Create(t.Context(), grace, "t", "")
		if err != nil {
			t.Fatal(err)
		}
		hall := "203.0.113.7"
		for i := range 300 {
			from := workshop.Origin{Address: hall}
			if _, err := s.Enter(t.Context(), sess.Code, from); err != nil {
				t.Fatalf("person %d: %v", i, err)
			}
			if i%10 == 0 {
				if _, err := s.Enter(t.Context(), "zzzzzzz0", from); !fault.Is(err, "workshop.no_such_code") {
					t.Fatalf("a slip of person %d: %v", i, err)
				}
			}
			h := workshop.Hand{Secret: fmt.Sprint("secret ", i), Session: sess.ID}
			if _, err := s.Do(t.Context(), sess, h, workshop.Op{Kind: workshop.Join, Text: "X", Key: "join"}); err != nil {
				t.Fatal(err)
			}
		}
		try := func(from workshop.Origin) (answered int) {
			for i := range 1000 {
				_, err := s.Enter(t.Context(), fmt.Sprintf("zzzz%04d", i), from)
				switch {
				case fault.Is(err, "workshop.no_such_code"):
					answered++
				case !fault.Is(err, "workshop.many_guesses"):
					t.Fatal(err)
				}
			}
			return answered
		}
		if n := try(workshop.Origin{Browser: "a browser", Address: "198.51.100.1"}); n != 20 {
			t.Errorf("one browser was answered %d times", n)
		}
		if n := try(workshop.Origin{Address: hall}); n != 70 {
			t.Errorf("one address was answered %d times after 30 slips", n)
		}
		if _, err := s.Enter(t.Context(), sess.Code, workshop.Origin{Address: hall}); !fault.Is(err, "workshop.many_guesses") {
			t.Errorf("a right code among the guesses tells: %v", err)
		}
		if _, err := s.Enter(t.Context(), sess.Code, workshop.Origin{Browser: "secret 7", Address: hall}); err != nil {
			t.Errorf("somebody in the room: %v", err)
		}
		if _, err := s.Enter(t.Context(), sess.Code, workshop.Origin{Address: "192.0.2.1"}); err != nil {
			t.Errorf("somebody elsewhere: %v", err)
		}
		all := 0
		for i := range 50 {
			all += try(workshop.Origin{Address: fmt.Sprint("2001:db8::", i)})
		}
		if all != 600-30-20-70 {
			t.Errorf("everybody together was answered %d times more", all)
		}
		at = at.Add(2 * time.Minute)
		if _, err := s.Enter(t.Context(), sess.Code, workshop.Origin{Address: hall}); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}
