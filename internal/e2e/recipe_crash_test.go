package e2e

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	// cookedRows is long enough for a run of a recipe to be met in its middle.
	cookedRows = 20_000
	// cookSpan is the time within which it is cut: writing two steps, applying them, making the version.
	cookSpan = 900 * time.Millisecond
)

// A cook writes two steps over a dataset and applies them, round after round: each version holds one column that the round before made, and one of its
// own, whose total is known.
type cook struct {
	v     *visitor
	path  string        // of the dataset
	wrote chan struct{} // told once the steps of a round are written
}

// round writes the steps of a round and applies them until the power is cut, and says what was acknowledged.
func (c *cook) round(n int, before string) (written int, applied bool) {
	steps := []url.Values{{"kind": {"derive"}, "into": {fmt.Sprintf("tour_%d", n)}, "formula": {fmt.Sprintf("[visiteurs]+%d", n)}, "at": {"-1"}}}
	if before != "" {
		steps = append(steps, url.Values{"kind": {"drop"}, "columns": {before}, "at": {"-1"}})
	}
	send := func(to string, form url.Values) bool {
		page, err := c.v.try(http.MethodGet, c.path+"/clean?add=totals", "", nil)
		if err != nil || page.status != http.StatusOK {
			return false
		}
		seen := draftRevision.FindStringSubmatch(page.body)
		if seen == nil {
			return false
		}
		form.Set("revision", seen[1])
		a, err := c.v.try(http.MethodPost, c.path+"/clean/"+to, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
		return err == nil && a.status == http.StatusOK
	}
	for _, s := range steps {
		if !send("step", s) {
			return written, false
		}
		written++
	}
	c.wrote <- struct{}{}
	return written, send("apply", url.Values{})
}

var draftRevision = regexp.MustCompile(`name="revision" value="(\d+)"`)

// draft counts the steps that wait to be applied.
func (c *cook) draft(t *testing.T) int {
	t.Helper()
	var steps []any
	if err := json.Unmarshal([]byte(c.v.want(t, c.path+"/clean/recipe.json")), &steps); err != nil {
		t.Fatal(err)
	}
	return len(steps)
}

// made is the round whose column the dataset holds, 0 for none; every cell of it is checked against what the round reckons.
func (c *cook) made(t *testing.T) (round int) {
	t.Helper()
	number := versionOf.FindStringSubmatch(c.v.want(t, c.path+"/history"))
	if number == nil {
		t.Fatal("the dataset has no version")
	}
	text := strings.TrimPrefix(c.v.want(t, c.path+"/versions/"+number[1]+"/data?format=csv"), "\ufeff")
	lines := csv.NewReader(strings.NewReader(text))
	lines.Comma = rune(text[strings.IndexAny(text, ",;")])
	all, err := lines.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header := strings.Join(all[0], " ")
	switch {
	case len(all) != cookedRows+1:
		t.Fatalf("got %d rows, want %d", len(all)-1, cookedRows)
	case header == "identifiant commune jour visiteurs note":
		return 0
	}
	if _, err := fmt.Sscanf(header, "identifiant commune jour visiteurs note tour_%d", &round); err != nil || len(all[0]) != 6 {
		t.Fatalf("half of a recipe was applied: %s", header)
	}
	for _, row := range all[1:] {
		visitors, err := strconv.Atoi(row[3])
		if err != nil || row[5] != strconv.Itoa(visitors+round) {
			t.Fatalf("round %d made %q", round, row)
		}
	}
	return round
}

var versionOf = regexp.MustCompile(`/versions/(\d+)/data`)

// While steps are written and recipes run, the power is cut again and again at any moment: a step that was acknowledged is there, a recipe that was
// acknowledged ends, and no version is half of one.
func TestRecipesSurviveTheEndOfTheProcess(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database)
		v := s.visitor(t)
		v.post(t, s.firstLink(t), firstAdministrator)
		r, w := io.Pipe()
		go func() { _ = w.CloseWithError(table(w, cookedRows)) }() // never fails
		path := v.check(t, "releves.csv", r)
		eventually(t, "the verdict", func() bool { return judged(v.want(t, path)) })
		a := v.post(t, path+"/keep", url.Values{})
		if !strings.HasPrefix(a.path, "/datasets/") {
			t.Fatalf("not kept: %d at %s", a.status, a.path)
		}
		c := &cook{v: v, path: a.path}
		rng := rand.New(rand.NewPCG(9, 21))
		inSteps, inRun, landed := 0, 0, 0
		at, waiting := 0, 0
		for n := 1; n <= cuts(t); n++ {
			type outcome struct {
				written int
				applied bool
			}
			told := make(chan outcome, 1)
			c.wrote = make(chan struct{}, 1)
			before := ""
			if at > 0 {
				before = fmt.Sprintf("tour_%d", at)
			}
			go func() {
				if waiting > 0 { // steps of a round before: away with them, so that each round is whole
					c.clear()
				}
				written, applied := c.round(n, before)
				told <- outcome{written, applied}
			}()
			if n%2 == 0 { // every other round is cut in its run
				select {
				case <-c.wrote:
				case <-time.After(patience):
				}
			}
			time.Sleep(time.Duration(rng.Int64N(int64(cookSpan))))
			s.kill()
			got := <-told
			s = s.again(t)
			c.v = c.v.at(t, s)
			eventually(t, "what was on its way has ended", func() bool { return !strings.Contains(c.v.want(t, c.path+"/progress"), `"running"`) })
			now := c.made(t)
			waiting = c.draft(t)
			switch {
			case now != at && now != n:
				t.Fatalf("round %d: the dataset holds round %d, after %d", n, now, at)
			case got.applied && now != n:
				t.Fatalf("round %d was acknowledged and is not there", n)
			case now == at && waiting < got.written:
				t.Fatalf("round %d: %d steps were acknowledged, %d are there", n, got.written, waiting)
			case now == n && waiting > 0:
				t.Fatalf("round %d: applied, and %d steps still wait", n, waiting)
			}
			switch {
			case now == n && !got.applied:
				inRun++
			case now == n:
				landed++
			default:
				inSteps++
			}
			at = now
		}
		t.Logf("%d cuts while steps were written, %d between applying and its answer, %d after", inSteps, inRun, landed)
		if landed+inRun == 0 {
			t.Errorf("no recipe was met in its run: %d, %d, %d", inSteps, inRun, landed)
		}
		if got := s.leftovers(t); len(got) > 0 {
			t.Errorf("unfinished files remain: %v", got)
		}
		s.stop(t)
	})
}

// clear takes all steps out of the draft.
func (c *cook) clear() {
	for range 10 {
		page, err := c.v.try(http.MethodGet, c.path+"/clean?add=totals", "", nil)
		if err != nil || !strings.Contains(page.body, `name="at" value="0"`) {
			return
		}
		form := url.Values{"revision": {draftRevision.FindStringSubmatch(page.body)[1]}, "at": {"0"}, "do": {"remove"}}
		if _, err := c.v.try(http.MethodPost, c.path+"/clean/change", "application/x-www-form-urlencoded", strings.NewReader(form.Encode())); err != nil {
			return
		}
	}
}
