package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAuditFindsWhatIsLostDoubledAndUntold(t *testing.T) {
	log := map[string]string{
		"/g/ops?after=0": `{"ops":[{"seq":1},{"seq":2,"text":"a.0","changes":[{"row":1,"before":"x","after":"a.0"}]},{"seq":3,"text":"b.0"}]}`,
		"/g/ops?after=3": `{"ops":[{"seq":4,"text":"b.0"},{"seq":5,"text":"b.1","changes":[{"row":1,"before":"never seen","after":"b.1"}]}]}`,
		"/g/ops?after=5": `{"ops":[]}`,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/g/rows" {
			fmt.Fprint(w, `{"rows":[{"row":8,"cells":["1","as it was"]}]}`)
			return
		}
		fmt.Fprint(w, log[r.URL.String()])
	}))
	defer s.Close()
	l := &ledger{s: &server{url: s.URL}, client: s.Client(), path: "/g"}
	a := &editor{l: l, journal: map[string]int64{"a.0": 2, "a.1": 9}, cells: map[int64]string{8: "a.1"}, sent: map[string]int64{"a.0": 100, "a.1": 200}}
	b := &editor{l: l, journal: map[string]int64{"b.1": 5}, told: map[string]int64{"a.0": 100 + int64(time.Second)}}
	var c crowd
	if err := l.audit(context.Background(), []*editor{a, b}, &c); err != nil {
		t.Fatal(err)
	}
	// a.1 is not in the log, nor in its cell, and row 1 was written over unseen; b never heard of a.1, nor a of b.1.
	if c.Acknowledged != 3 || c.Lost != 3 || c.Doubled != 1 || c.Untold != 2 || c.Seen[0] != time.Second {
		t.Errorf("got %+v", c)
	}
	if c.People = 2; !strings.Contains(c.text(), "| 3 | 0 | 0 | 3 | 1 | 0 | 2 |") {
		t.Errorf("got %s", c.text())
	}
}
