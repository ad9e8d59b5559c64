package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	gridEditors = 4                      // each in a row of their own
	gridSpan    = 700 * time.Millisecond // within which it is cut
)

// An editor counts the cell of one row up, and sends again under the same key what was not acknowledged.
type editor struct {
	v     *visitor
	path  string // of the grid
	row   int
	was   string // what was acknowledged last
	next  int    // the count being sent
	acked int
}

func (e *editor) value(n int) string { return fmt.Sprintf("ligne %d, fois %d", e.row, n) }

// edit counts until the power is cut.
func (e *editor) edit(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		body, _ := json.Marshal(map[string]any{"base": 1, "edits": []any{map[string]any{"key": e.value(e.next), "kind": "edit", "changes": []any{
			map[string]any{"row": e.row, "column": "note", "was": e.was, "value": e.value(e.next)}}}}}) // never fails
		a, err := e.v.try(http.MethodPost, e.path+"/edits", "application/json", strings.NewReader(string(body)))
		if err != nil {
			return
		}
		if a.status == http.StatusServiceUnavailable { // too fast
			time.Sleep(30 * time.Millisecond)
			continue
		}
		var out struct {
			Results []struct{ Seq int64 }
		}
		if a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &out) != nil || len(out.Results) != 1 || out.Results[0].Seq == 0 {
			return // cut in the middle of the answer
		}
		e.was, e.acked, e.next = e.value(e.next), e.next, e.next+1
	}
}

// logged reads the whole log, which has no hole, and counts how often each value was written.
func logged(t *testing.T, v *visitor, path string) map[string]int {
	t.Helper()
	out, after := map[string]int{}, int64(0)
	for {
		var page struct {
			Ops []struct {
				Seq     int64
				Kind    string
				Changes []struct{ Value string }
			}
			More bool
		}
		if err := json.Unmarshal([]byte(v.want(t, fmt.Sprintf("%s/ops?after=%d", path, after))), &page); err != nil {
			t.Fatal(err)
		}
		for _, op := range page.Ops {
			if after++; op.Seq != after {
				t.Fatalf("a hole before operation %d", op.Seq)
			}
			for _, c := range op.Changes {
				if op.Kind == "edit" {
					out[c.Value]++
				}
			}
		}
		if !page.More {
			return out
		}
	}
}

// While people edit a grid and keep what they edited as versions, the power is cut again and again at any moment: what was acknowledged is
// there once, what is sent again under the same key is not doubled, and the table holds it.
func TestEditsSurviveTheEndOfTheProcess(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database)
		v := s.visitor(t)
		v.post(t, s.firstLink(t), firstAdministrator)
		r, w := io.Pipe()
		go func() { _ = w.CloseWithError(table(w, 40)) }() // never fails
		path := v.check(t, "releves.csv", r)
		eventually(t, "the verdict", func() bool { return judged(v.want(t, path)) })
		kept := v.post(t, path+"/keep", url.Values{})
		grid := kept.path + "/grid"
		var first struct{ Rows []struct{ Cells []*string } }
		if err := json.Unmarshal([]byte(v.want(t, grid+"/rows?start=0&end=40")), &first); err != nil {
			t.Fatal(err)
		}
		editors := make([]*editor, gridEditors)
		for i := range editors {
			editors[i] = &editor{v: v, path: grid, row: i + 1, next: 1}
			if cell := first.Rows[i].Cells[4]; cell != nil { // the column "note"
				editors[i].was = *cell
			}
		}
		rng := rand.New(rand.NewPCG(11, 27))
		versions := 0
		kills := cuts(t)
		for n := range kills {
			stop := make(chan struct{})
			var all sync.WaitGroup
			for _, e := range editors {
				all.Go(func() { e.edit(stop) })
			}
			if n%3 == 2 { // a version is made meanwhile
				all.Go(func() {
					if a, err := v.try(http.MethodPost, grid+"/keep", "application/x-www-form-urlencoded", strings.NewReader("do=keep")); err == nil && a.status == http.StatusOK {
						versions++
					}
				})
			}
			time.Sleep(time.Duration(rng.Int64N(int64(gridSpan))))
			s.kill()
			close(stop)
			all.Wait()
			s = s.again(t)
			v = v.at(t, s)
			eventually(t, "what was on its way has ended", func() bool { return !strings.Contains(v.want(t, kept.path+"/progress"), `"running"`) })
			there := logged(t, v, grid)
			var now struct{ Rows []struct{ Cells []*string } }
			if err := json.Unmarshal([]byte(v.want(t, grid+"/rows?start=0&end=40")), &now); err != nil {
				t.Fatal(err)
			}
			for i, e := range editors {
				e.v = v
				for count := 1; count <= e.next; count++ {
					if got := there[e.value(count)]; got > 1 || got == 0 && count <= e.acked {
						t.Fatalf("cut %d: %q is %d times in the log, %d were acknowledged", n, e.value(count), got, e.acked)
					}
				}
				holds := e.was
				if there[e.value(e.next)] == 1 { // stored, and the answer was cut
					holds = e.value(e.next)
				}
				if cell := now.Rows[i].Cells[4]; (cell == nil || *cell != holds) && !(cell == nil && holds == "") {
					t.Fatalf("cut %d: row %d does not hold %q", n, e.row, holds)
				}
			}
		}
		total := 0
		for _, e := range editors {
			total += e.acked
		}
		t.Logf("%d edits were acknowledged between %d cuts, and %d versions", total, kills, versions)
		if total < kills {
			t.Errorf("only %d edits were made", total)
		}
		s.stop(t)
	})
}
