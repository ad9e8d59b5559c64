package gridweb_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cultured/internal/grid"
)

// A result is what a script reads of what became of an operation.
type result struct {
	Key     string
	Seq     int64
	Op      *struct{ Changes []map[string]any }
	Refused []struct{ Code, Reason, Now, By string }
	Error   string
	Left    string
}

func (w *world) edits(t *testing.T, who, body string) (seq int64, results []result) {
	t.Helper()
	rec := w.ask(t, who, "/datasets/d/grid/edits", body)
	if rec.Code != http.StatusOK {
		t.Fatalf("got status %d: %s", rec.Code, rec.Body)
	}
	var out struct {
		Seq     int64
		Results []result
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Seq, out.Results
}

func TestEditsOfAScript(t *testing.T) {
	at := newWorld(t)
	seq, out := at.edits(t, "ada", `{"base":3,"edits":[{"key":"a","kind":"edit","changes":[{"row":5,"column":"Prix","was":"1234.5","value":"1 234,75"},{"row":6,"column":"Prix","was":"1234.5","value":"cher"}]}]}`)
	if seq != 2 || len(out) != 1 || out[0].Key != "a" || out[0].Seq != 2 || out[0].Op.Changes[0]["value"] != "1234.75" || out[0].Op.Changes[1]["value"] != "cher" || out[0].Refused != nil {
		t.Fatalf("got %d %+v", seq, out)
	}
	if _, again := at.edits(t, "ada", `{"base":3,"edits":[{"key":"a","kind":"edit","changes":[{"row":5,"column":"Prix","was":"x","value":"y"}]}]}`); again[0].Seq != 2 || again[0].Op.Changes[0]["value"] != "1234.75" {
		t.Errorf("sent again: got %+v", again)
	}
	_, out = at.edits(t, "lin", `{"base":3,"edits":[{"key":"b","kind":"edit","seen":0,"changes":[{"row":5,"column":"Prix","was":"1234.5","value":"3"},{"row":5,"column":"Nom","was":"<Lieu 5>","value":"Halle"}]},
		{"key":"c","kind":"undo","of":99},{"key":"d","kind":"edit","added":[-1],"changes":[{"row":-1,"column":"Nom","value":"Neuf"}],"removed":[7]}]}`)
	r := out[0].Refused
	if out[0].Seq != 3 || len(r) != 1 || r[0].Code != "other" || r[0].Now != "1234.75" || r[0].By != "Ada" || !strings.Contains(r[0].Reason, "entre-temps") {
		t.Errorf("a cell written by two: got %+v", out[0])
	}
	if out[1].Seq != 0 || !strings.Contains(out[1].Error, "99") {
		t.Errorf("an operation that is none: got %+v", out[1])
	}
	if w := at.ask(t, "ada", "/datasets/d/grid/rows?start=119&end=120", ""); !strings.Contains(w.Body.String(), `"total":120,"rows":[{"row":121,"cells":["Neuf",null],"edited":[0]}]`) {
		t.Errorf("a row added, one taken away: got %s", w.Body)
	}
}

func TestEditsThatAreRefusedWhole(t *testing.T) {
	edits := func(n, cells int) string {
		one := `{"key":"k","kind":"edit","changes":[` + strings.TrimSuffix(strings.Repeat(`{"row":1,"column":"Nom","was":"a","value":"b"},`, cells), ",") + `]}`
		return `{"base":3,"edits":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}`
	}
	for _, tc := range []struct {
		name, who, body string
		status          int
		says            string
	}{
		{"no JSON", "ada", `{"edits":`, 422, "Rechargez"},
		{"no operation", "ada", `{"edits":[]}`, 422, "50"},
		{"too many operations", "ada", edits(51, 1), 422, "50"},
		{"too many cells", "ada", edits(2, 50_001), 413, "100000"},
		{"too many bytes", "ada", `{"base":3,"edits":[{"key":"` + strings.Repeat("x", 25<<20) + `"}]}`, 413, ""},
		{"by somebody who may only see it", "eve", edits(1, 1), 403, ""},
		{"by somebody to whom the catalogue shows it", "bob", edits(1, 1), 403, ""},
		{"by a stranger", "stranger", edits(1, 1), 404, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			at := newWorld(t)
			w := at.ask(t, tc.who, "/datasets/d/grid/edits", tc.body)
			var problem struct{ Detail string }
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
				t.Fatal(err)
			}
			if w.Code != tc.status || !strings.Contains(strings.ReplaceAll(problem.Detail, "\u202f", ""), tc.says) || problem.Detail == "" {
				t.Errorf("got %d %q", w.Code, problem.Detail)
			}
			if len(at.log.ops) > 0 {
				t.Errorf("got %+v in the log", at.log.ops)
			}
		})
	}
}

func TestWhoMayNotEditProposes(t *testing.T) {
	at := newWorld(t)
	for _, who := range []string{"eve", "bob"} {
		if _, out := at.edits(t, who, `{"base":3,"edits":[{"key":"a","kind":"propose","changes":[{"row":5,"column":"Prix","was":"1234.5","value":"3"}]}]}`); out[0].Seq == 0 {
			t.Errorf("%s: got %+v", who, out)
		}
	}
	if w := at.ask(t, "ada", "/datasets/d/grid/rows?start=4&end=5", ""); !strings.Contains(w.Body.String(), `"proposed":[1]`) || strings.Contains(w.Body.String(), "edited") {
		t.Errorf("got %s", w.Body)
	}
}

func TestAPersonWritesAtTheirPace(t *testing.T) {
	at := newWorld(t)
	send := func(who string, n int) int {
		return at.ask(t, who, "/datasets/d/grid/edits", fmt.Sprintf(`{"base":3,"edits":[{"key":"%s%d","kind":"edit","changes":[{"row":%d,"column":"Nom","was":"","value":"x"}]}]}`, who, n, n)).Code
	}
	for n := 1; n < 200; n++ {
		if code := send("ada", n); code == http.StatusServiceUnavailable {
			if n < 50 {
				t.Errorf("request %d was refused already", n)
			}
			if code := send("lin", 1); code != http.StatusOK {
				t.Errorf("somebody else: got status %d", code)
			}
			at.now = at.now.Add(time.Second)
			if code := send("ada", n); code != http.StatusOK {
				t.Errorf("a second later: got status %d", code)
			}
			return
		}
	}
	t.Error("200 requests at once were all taken")
}

func TestOperationsAreToldOnceToo(t *testing.T) {
	at := newWorld(t)
	at.do(t, "ada", edit(5, "Nom", "<Lieu 5>", "Halle"))
	if w := at.ask(t, "lin", "/datasets/d/grid/here", `{"row":7,"column":"Nom"}`); w.Code != http.StatusNoContent {
		t.Fatalf("got status %d: %s", w.Code, w.Body)
	}
	w := at.ask(t, "eve", "/datasets/d/grid/ops?after=1", "")
	want := `{"head":{"seq":2,"base":3,"pending":1,"proposals":0,"stale":false,"here":[{"person":"lin","name":"Lin","row":7,"column":"Nom"}]},"ops":[{"seq":2,"kind":"edit","at":"2026-03-02T12:00:00Z","person":"ada","name":"Ada","base":3,` +
		`"changes":[{"row":5,"column":"Nom","was":"\u003cLieu 5\u003e","value":"Halle"}],"size":1}]}`
	if got := strings.TrimSpace(w.Body.String()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	at.ask(t, "lin", "/datasets/d/grid/here", `{"leave":true}`)
	if w := at.ask(t, "eve", "/datasets/d/grid/ops?after=2", ""); !strings.Contains(w.Body.String(), `"here":[]},"ops":[]`) {
		t.Errorf("got %s", w.Body)
	}
	for _, path := range []string{"/datasets/d/grid/ops", "/datasets/d/grid/events"} {
		if w := at.ask(t, "bob", path, ""); w.Code != http.StatusForbidden {
			t.Errorf("%s through the catalogue: got status %d, want 403", path, w.Code)
		}
	}
	if w := at.ask(t, "bob", "/datasets/d/grid/here", `{"row":1}`); w.Code != http.StatusForbidden {
		t.Errorf("standing, through the catalogue: got status %d, want 403", w.Code)
	}
}

func TestALargeOperationIsToldInShort(t *testing.T) {
	at := newWorld(t)
	var op grid.Op
	for row := int64(1); row <= 120; row++ {
		for _, column := range []string{"Nom", "Prix"} {
			was := base(row)[0]
			if column == "Prix" {
				was = base(row)[1]
			}
			op.Changes = append(op.Changes, grid.Change{Row: row, Column: column, Before: was, After: "7"})
		}
	}
	op.Kind = grid.Edit
	at.do(t, "ada", op)
	if w := at.ask(t, "ada", "/datasets/d/grid/ops?after=1", ""); !strings.Contains(w.Body.String(), `"size":240,"large":true`) || strings.Contains(w.Body.String(), "changes") {
		t.Errorf("got %s", w.Body)
	}
}

func TestAStreamTellsOperationsAndWhoIsThere(t *testing.T) {
	at := newWorld(t)
	at.do(t, "ada", edit(5, "Nom", "<Lieu 5>", "Halle"))
	server := httptest.NewServer(at.site)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/datasets/d/grid/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "session", Value: "eve"})
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	next := func(event string) string {
		for lines.Scan() {
			if lines.Text() == "event: "+event && lines.Scan() {
				return lines.Text()
			}
		}
		t.Fatalf("no %s came: %v", event, lines.Err())
		return ""
	}
	if got := next("whole"); !strings.Contains(got, `"seq":2`) || !strings.Contains(got, `Halle`) || !strings.Contains(got, `"here":[]`) {
		t.Errorf("whole: got %s", got)
	}
	at.do(t, "lin", edit(6, "Nom", "<Lieu 6>", "Marché"))
	if got := next("change"); !strings.Contains(got, `"seq":3`) || !strings.Contains(got, `[0,2]`) || !strings.Contains(got, "Marché") || strings.Contains(got, "Halle") {
		t.Errorf("an operation: got %s", got)
	}
	at.ask(t, "lin", "/datasets/d/grid/here", `{"row":6,"column":"Nom"}`)
	if got := next("change"); !strings.Contains(got, `"here":[{"person":"lin","name":"Lin","row":6,"column":"Nom"}]`) {
		t.Errorf("somebody stands somewhere: got %s", got)
	}
}
