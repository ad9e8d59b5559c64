package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	ten := make([]time.Duration, 10)
	for i := range ten {
		ten[i] = time.Duration(i + 1)
	}
	for _, c := range []struct {
		name   string
		values []time.Duration
		q      float64
		want   time.Duration
	}{
		{"of nothing", nil, 0.5, 0},
		{"of one", ten[:1], 0.99, 1},
		{"the median of ten is the fifth", ten, 0.5, 5},
		{"the 95th of ten is the last", ten, 0.95, 10},
		{"all of ten", ten, 1, 10},
	} {
		if got := quantile(c.values, c.q); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestLoadCountsGoodAnswersAndFailures(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = w.Write([]byte("ok"))
	}))
	defer s.Close()
	r := load(context.Background(), s.URL, scenario{"mixed", []string{"/good", "/bad"}, true}, pace{3, 100 * time.Millisecond, time.Millisecond})
	if r.Requests == 0 || r.Failed == 0 || r.P99 < r.P50 || r.Note != "" {
		t.Errorf("got %+v", r)
	}
	if r := load(context.Background(), s.URL, scenario{"broken", []string{"/bad"}, false}, pace{1, time.Millisecond, 0}); !strings.Contains(r.Note, "500") {
		t.Errorf("a page that fails is not measured: got %+v", r)
	}
}

func TestReportSaysWhatWasNotMeasured(t *testing.T) {
	r := report{Starts: []time.Duration{3e6, 1e6, 2e6}, Engines: []engine{{Name: "SQLite", Rows: []row{{Name: "a page", Note: "not measured: 404"}}}}}
	for _, want := range []string{"2.0 ms (from 1.0 ms to 3.0 ms)", "a page | 0s | not measured: 404"} {
		if got := r.text(); !strings.Contains(got, want) {
			t.Errorf("got %q, want it to hold %q", got, want)
		}
	}
}

func TestContestSaysWhatEachProgramTook(t *testing.T) {
	r := report{Source: "made lines", Contest: []finish{{File: "a.csv", Name: "one", Rows: 1000, Took: 2 * time.Second}, {File: "a.csv", Name: "two", Note: "stopped after 240 s"}}}
	for _, want := range []string{"| a.csv | one |  | 2.00 s | 500 |", "| a.csv | two |  | stopped after 240 s |"} {
		if got := r.text(); !strings.Contains(got, want) {
			t.Errorf("got %q, want it to hold %q", got, want)
		}
	}
}

func TestContenderThatFailsIsNotMeasured(t *testing.T) {
	for _, c := range []struct {
		name string
		argv []string
		want string
	}{
		{"peer", []string{"sh", "-c", "echo broken >&2; exit 1"}, "not measured: exit status 1: broken"},
		{"cultured check", []string{"sh", "-c", "exit 1"}, ""},
		{"cultured check", []string{"sh", "-c", "exit 2"}, "not measured: exit status 2: "},
	} {
		if got := (contender{name: c.name, argv: c.argv}).run(t.Context(), 10).Note; got != c.want {
			t.Errorf("%s: got %q, want %q", c.argv, got, c.want)
		}
	}
	if got := (contender{name: "absent", argv: []string{""}}).run(t.Context(), 10); got.Name != "" {
		t.Errorf("a program that is not there: got %+v", got)
	}
}

func TestNamesAreTheSameInBothForms(t *testing.T) {
	var b strings.Builder
	if err := writeNames(&b, madeBirths(), 3*wrongRows); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if got := strings.Count(b.String(), ";n. c.;"); got != 3 || len(lines) != 3*wrongRows+2 {
		t.Errorf("got %d wrong rows of %d", got, len(lines)-2)
	}
	for _, l := range lines[:len(lines)-1] {
		if strings.Count(l, ";") != 9 {
			t.Errorf("got %q, want ten columns", l)
		}
	}
}

func TestContenderIsMeasuredByItselfAndSaysWhyItFailed(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here")
	}
	held := make([]byte, 64<<20) // what the bench holds is not the contender's
	for i := range held {
		held[i] = 1
	}
	f := contender{"shell", "waits", []string{shell, "-c", "sleep 0.1"}, 0}.run(context.Background(), 1)
	if f.Note != "" || f.Memory <= 0 || f.Memory > 32<<20 || f.Took < 100*time.Millisecond {
		t.Errorf("got %+v", f)
	}
	runtime.KeepAlive(held)
	if f := (contender{"shell", "fails", []string{shell, "-c", "echo no such schema >&2; exit 1"}, 0}).run(context.Background(), 1); !strings.Contains(f.Note, "no such schema") {
		t.Errorf("a contender that fails is not measured: got %+v", f)
	}
}
