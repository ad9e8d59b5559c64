package workshopdb_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopdb"
)

// everything is all that the database holds of operations.
func everything(t *testing.T, d *db.DB) string {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), `SELECT body FROM workshop_op ORDER BY session, seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all strings.Builder
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			t.Fatal(err)
		}
		all.WriteString(body + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// held makes a session where Ada, by her name, wrote a card.
func held(t *testing.T, s *workshop.Service) (sess workshop.Session, ada workshop.Hand, do func(workshop.Hand, workshop.Op) error) {
	t.Helper()
	named := plan()
	named.Anonymous = false
	sess, err := s.CreateFrom(t.Context(), grace, named, "")
	if err != nil {
		t.Fatal(err)
	}
	ada = workshop.Hand{Secret: "ada's secret", Session: sess.ID}
	n := 0
	do = func(h workshop.Hand, op workshop.Op) error {
		n++
		op.Key = strings.Repeat("k", n)
		_, err := s.Do(t.Context(), sess, h, op)
		return err
	}
	for _, step := range []struct {
		h  workshop.Hand
		op workshop.Op
	}{{boss, workshop.Op{Kind: workshop.Advance, To: "write"}}, {ada, workshop.Op{Kind: workshop.Join, Text: "Ada Lovelace"}},
		{ada, workshop.Op{Kind: workshop.AddCard, Phase: "write", Text: "A card that stays"}}} {
		if err := do(step.h, step.op); err != nil {
			t.Fatal(err)
		}
	}
	return sess, ada, do
}

var boss = workshop.Hand{Facilitator: true}

// Erasing names leaves nothing in the database that says who took part or who wrote what, and the same board on every replica,
// whenever it read the log.
func TestForget(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s, other := replica(d), replica(d)
		sess, ada, do := held(t, s)
		seat := ada.Seat()
		if before := everything(t, d); !strings.Contains(before, "Ada Lovelace") || !strings.Contains(before, seat) || !strings.Contains(before, `"by":`) {
			t.Fatalf("there is nothing to erase in\n%s", before)
		}
		if err := other.Read(t.Context(), sess, func(st *workshop.State) {
			if got := st.Cards("write", ada); len(got) != 1 || got[0].By == 0 || len(st.Aliases()) != 1 {
				t.Errorf("before: got %+v, %v", got, st.Aliases())
			}
		}); err != nil {
			t.Fatal(err)
		}
		forget := workshop.Op{Kind: workshop.Forget}
		if err := do(boss, forget); !fault.Is(err, "workshop.not_closed") {
			t.Errorf("while it goes on: %v", err)
		}
		if err := do(boss, workshop.Op{Kind: workshop.Close}); err != nil {
			t.Fatal(err)
		}
		if err := do(ada, forget); !fault.Is(err, "workshop.facilitator_only") {
			t.Errorf("a participant: %v", err)
		}
		if err := do(boss, forget); err != nil {
			t.Fatal(err)
		}
		if err := do(boss, forget); !fault.Is(err, "workshop.forgotten_already") {
			t.Errorf("twice: %v", err)
		}
		after := everything(t, d)
		for _, left := range []string{"Ada", seat, `"by":`} {
			if strings.Contains(after, left) {
				t.Errorf("%q is still in\n%s", left, after)
			}
		}
		log, err := (&workshopdb.Store{DB: d}).After(t.Context(), sess.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		fresh := workshop.Begin(sess.Template)
		for _, op := range log {
			fresh.Fold(op)
		}
		for name, r := range map[string]*workshop.Service{"who erased": s, "another": other} {
			if err := r.Read(t.Context(), sess, func(st *workshop.State) {
				if !reflect.DeepEqual(st, fresh) {
					t.Errorf("%s has another state than the log:\n%+v\n%+v", name, st, fresh)
				}
			}); err != nil {
				t.Fatal(err)
			}
		}
		cards := fresh.Cards("write", workshop.Hand{})
		if len(cards) != 1 || cards[0].Text != "A card that stays" || cards[0].By != 0 || len(fresh.People) != 1 || fresh.Aliases() != nil {
			t.Errorf("got cards %+v, people %v", cards, fresh.People)
		}
		if fresh.Seated(workshop.Hand{}) != 0 || fresh.Seated(ada) != 0 {
			t.Error("somebody has a seat")
		}
	})
}

// Names go by themselves once nobody did anything for long enough; not before, and not where they are kept for ever.
func TestSweep(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := replica(d)
		start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		at := start
		s.Now = func() time.Time { return at }
		sess, _, do := held(t, s)
		at = start.Add(60 * 24 * time.Hour)
		if err := do(boss, workshop.Op{Kind: workshop.Note, Phase: "write", Text: "Taken up again"}); err != nil {
			t.Fatal(err)
		}
		names := func() (n int, closed bool) {
			t.Helper()
			if err := s.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Read(t.Context(), sess, func(st *workshop.State) { n, closed = len(st.Aliases()), st.Closed }); err != nil {
				t.Fatal(err)
			}
			return n, closed
		}
		at = start.Add(1000 * 24 * time.Hour)
		if n, _ := names(); n != 1 {
			t.Error("kept for ever: the names are gone")
		}
		s.KeepNames = 90 * 24 * time.Hour
		at = start.Add(149 * 24 * time.Hour)
		if n, closed := names(); n != 1 || closed {
			t.Errorf("89 days after the last note: %d names, closed %v", n, closed)
		}
		at = start.Add(151 * 24 * time.Hour)
		if n, closed := names(); n != 0 || !closed {
			t.Errorf("91 days after: %d names, closed %v", n, closed)
		}
		if all := everything(t, d); strings.Contains(all, "Ada") {
			t.Errorf("a name is still in\n%s", all)
		}
		idle, err := s.Sessions.Idle(t.Context(), at.Add(time.Hour))
		if err != nil || len(idle) != 0 {
			t.Errorf("swept again and again: %v, %v", idle, err)
		}
	})
}

// Once a session is closed the names go when they were to go, whatever is written in its synthesis or claimed meanwhile.
func TestSweep_countsFromTheEnd(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := replica(d)
		start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		at, day := start, 24*time.Hour
		s.Now, s.KeepNames = func() time.Time { return at }, 90*day
		sess, ada, do := held(t, s)
		at = start.Add(10 * day)
		if err := do(boss, workshop.Op{Kind: workshop.Close}); err != nil {
			t.Fatal(err)
		}
		at = start.Add(95 * day)
		for _, late := range []struct {
			h  workshop.Hand
			op workshop.Op
		}{{boss, workshop.Op{Kind: workshop.Amend, Text: "An introduction"}}, {boss, workshop.Op{Kind: workshop.Archive, Item: "d1"}}, {ada, workshop.Op{Kind: workshop.Claim}}} {
			if err := do(late.h, late.op); err != nil {
				t.Fatal(err)
			}
		}
		names := func() (n int, goes time.Time) {
			t.Helper()
			if err := s.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Read(t.Context(), sess, func(st *workshop.State) { n, goes = len(st.Aliases()), s.Forgets(sess, st) }); err != nil {
				t.Fatal(err)
			}
			return n, goes
		}
		at = start.Add(99 * day)
		if n, goes := names(); n != 1 || !goes.Equal(start.Add(100*day)) {
			t.Errorf("89 days after the end: %d names, which are said to go on %v", n, goes)
		}
		at = start.Add(101 * day)
		if n, goes := names(); n != 0 || !goes.IsZero() {
			t.Errorf("91 days after the end: %d names, which are said to go on %v", n, goes)
		}
		if all := everything(t, d); strings.Contains(all, "Ada Lovelace") || !strings.Contains(all, "An introduction") {
			t.Errorf("got\n%s", all)
		}
	})
}

// The migration that notes when sessions were closed reads it from the log of those that were; the others go on.
func TestClosed_isReadFromTheLog(t *testing.T) {
	sql, err := workshopdb.Migrations.ReadFile("migrations/00003_closed.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, fill, _ := strings.Cut(string(sql), "UPDATE")
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := replica(d)
		over, _, do := held(t, s)
		if err := do(boss, workshop.Op{Kind: workshop.Close}); err != nil {
			t.Fatal(err)
		}
		on, _, _ := held(t, s)
		closed := func(of workshop.ID) (at string) {
			t.Helper()
			if err := d.QueryRowContext(t.Context(), `SELECT closed FROM workshop_session WHERE id = $1`, of).Scan(&at); err != nil {
				t.Fatal(err)
			}
			return at
		}
		want := closed(over.ID)
		for _, statement := range []string{`UPDATE workshop_session SET closed = ''`, "UPDATE" + fill} {
			if _, err := d.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if got := closed(over.ID); got != want || want == "" || closed(on.ID) != "" {
			t.Errorf("got %q and %q, want %q and none", got, closed(on.ID), want)
		}
	})
}
