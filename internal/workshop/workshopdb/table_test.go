package workshopdb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopdb"
)

// named is the plan of a session whose people have names.
func named() workshop.Template {
	t := plan()
	t.Name, t.Anonymous = "named", false
	return t
}

// seat does something to the tables: draws them, brings them together or apart, moves somebody, gives a name.
func (c *client) seat() {
	var tables []workshop.Table
	count := 0
	if err := c.replicas[c.random.IntN(2)].Read(c.t.Context(), c.sess, func(s *workshop.State) { tables, count = s.Tables(), s.TableCount() }); err != nil {
		c.t.Error(err)
	}
	op := workshop.Op{Kind: workshop.Split, Phase: "vote", Table: count}
	switch n := c.random.IntN(8); {
	case len(tables) == 0 || n < 2:
		op.Value = 2 + c.random.IntN(3)
	case n < 4:
		op = workshop.Op{Kind: workshop.Unite}
	case n < 6:
		from, to := tables[c.random.IntN(len(tables))], tables[c.random.IntN(len(tables))]
		op = workshop.Op{Kind: workshop.Seat, Table: to.Number}
		if len(from.People) > 0 {
			op.Who = from.People[0]
		}
		if len(to.People) > 0 && n == 5 {
			op.With = to.People[0]
		}
	case n == 6:
		op = workshop.Op{Kind: workshop.Label, Table: tables[0].Number, Text: fmt.Sprint("Name ", c.random.IntN(1000))}
	}
	if _, err := c.send(op); err != nil && fault.KindOf(err) == fault.Internal {
		c.t.Errorf("tables: %v", err)
	}
}

// checkTables folds the log anew, and looks at each step: a card carries the table its author sat at when it was written, no table sees
// those of another while they are apart, everybody who came sits somewhere, and small tables are only where people have names.
func checkTables(t *testing.T, d *db.DB, sess workshop.Session) {
	t.Helper()
	log, err := (&workshopdb.Store{DB: d}).After(t.Context(), sess.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	s, apart := workshop.Begin(sess.Template), 0
	for _, op := range log {
		before := s.Tables()
		s.Fold(op)
		if op.Kind == workshop.AddCard && !sess.Template.Anonymous {
			i := slices.IndexFunc(before, func(t workshop.Table) bool { return slices.Contains(t.People, op.By) })
			if s.Apart() && i >= 0 && op.Table != before[i].Number || !s.Apart() && op.Table != 0 {
				t.Errorf("card %d carries table %d, its author sat at %d of %v, apart %v", op.Seq, op.Table, i, before, s.Apart())
			}
		}
		sitting := 0
		for _, table := range s.Tables() {
			sitting += len(table.People)
			if n := len(table.People); sess.Template.Anonymous && len(s.Tables()) > 1 && n < workshop.TableLeast {
				t.Errorf("after %d, %s has %d people", op.Seq, table.Name, n)
			}
		}
		if len(s.Tables()) > 0 && sitting != len(s.People) {
			t.Errorf("after %d, %d of %d people sit", op.Seq, sitting, len(s.People))
		}
		if s.Apart() && len(s.Tables()) > 1 {
			apart++
			for _, c := range s.Cards("write", workshop.Hand{}) {
				if c.Table >= s.Tables()[0].Number {
					t.Errorf("after %d, all see card %d of %s", op.Seq, c.ID, s.TableName(c.Table))
				}
			}
		}
	}
	if apart == 0 && !sess.Template.Anonymous {
		t.Error("tables were never apart: the test looks at nothing")
	}
}

// Once a session is closed, the store itself does not know any more who sat where; the cards keep their table's name.
func TestClose_erasesWhoSatWhere(t *testing.T) {
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		s := replica(d)
		sess, err := s.Create(t.Context(), grace, "named", "")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		do := func(h workshop.Hand, op workshop.Op) {
			t.Helper()
			n++
			h.Session, op.Key = sess.ID, fmt.Sprint(n)
			if _, err := s.Do(t.Context(), sess, h, op); err != nil {
				t.Fatal(err)
			}
		}
		boss := workshop.Hand{Facilitator: true}
		for i := range 4 {
			do(workshop.Hand{Secret: fmt.Sprint(i)}, workshop.Op{Kind: workshop.Join, Text: fmt.Sprint("P", i)})
		}
		do(boss, workshop.Op{Kind: workshop.Advance, To: "write"})
		do(boss, workshop.Op{Kind: workshop.Split, Phase: "write", Value: 2})
		do(workshop.Hand{Secret: "late"}, workshop.Op{Kind: workshop.Join, Text: "Late"})
		do(workshop.Hand{Secret: "late"}, workshop.Op{Kind: workshop.AddCard, Phase: "write", Text: "x"})
		do(boss, workshop.Op{Kind: workshop.Seat, Who: 7, Table: 2})
		do(boss, workshop.Op{Kind: workshop.Close})
		log, err := (&workshopdb.Store{DB: d}).After(t.Context(), sess.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		fresh := workshop.Begin(sess.Template)
		for _, op := range log {
			fresh.Fold(op)
			if op.Who != 0 || op.Kind == workshop.Join && op.Table != 0 || slices.ContainsFunc(op.Places, func(at []int64) bool { return len(at) > 0 }) {
				t.Errorf("the log still says who sat where: %+v", op)
			}
		}
		cards := fresh.Cards("write", workshop.Hand{})
		if len(cards) != 1 || !strings.HasPrefix(fresh.TableName(cards[0].Table), "Table ") || len(fresh.Tables()) != 2 {
			t.Errorf("got %+v at %d tables", cards, len(fresh.Tables()))
		}
	})
}
