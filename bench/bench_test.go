package main

import (
	"context"
	"net/http"
	"net/http/httptest"
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

func TestGeneratedFilesAreWhatTheySay(t *testing.T) {
	count := &lines{}
	if err := writeCSV(count); err != nil || count.n != csvRows+1 {
		t.Errorf("got %d lines, %v, want %d", count.n, err, csvRows+1)
	}
}

// lines counts lines.
type lines struct{ n int }

func (l *lines) Write(b []byte) (int, error) {
	l.n += strings.Count(string(b), "\n")
	return len(b), nil
}
