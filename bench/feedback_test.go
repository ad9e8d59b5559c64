package main

import (
	"strings"
	"testing"
	"time"
)

func TestFeedbackIsReported(t *testing.T) {
	r := report{Starts: []time.Duration{1e6}, Feedback: []feedback{{"good", 300 * time.Millisecond, 420 * time.Millisecond}}}
	if got, want := r.text(), "| good | 300.0 ms | 420.0 ms |"; !strings.Contains(got, want) {
		t.Errorf("got %q, want it to hold %q", got, want)
	}
}
