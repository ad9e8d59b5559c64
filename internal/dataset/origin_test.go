package dataset

import (
	"testing"
	"time"
)

func TestRhythm_Next(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, tc := range []struct {
		name        string
		every       Rhythm
		after, want string
	}{
		{"tomorrow", Daily, "2026-12-31", "2027-01-01"},
		{"a week on", Weekly, "2026-02-25", "2026-03-04"},
		{"a month on", Monthly, "2026-03-15", "2026-04-15"},
		{"the last day of a shorter month", Monthly, "2026-01-31", "2026-02-28"},
		{"the last day of a leap February", Monthly, "2028-01-30", "2028-02-29"},
		{"into the next year", Monthly, "2026-12-31", "2027-01-31"},
	} {
		if got := tc.every.Next(day(tc.after)); !got.Equal(day(tc.want)) {
			t.Errorf("%s: got %v, want %s", tc.name, got, tc.want)
		}
	}
	if got := Never.Next(day("2026-01-01")); !got.IsZero() {
		t.Errorf("never: got %v", got)
	}
}

func TestSubscription_asksWithTheMarksOfTheFileThatIsHere(t *testing.T) {
	sub := Subscription{Origin: Origin{Address: "a", ETag: "new"}, Blob: "b2"}
	for _, tc := range []struct {
		name    string
		current Source
		want    string
	}{
		{"the file the marks are of", Source{Blob: "b2"}, "new"},
		{"an older file from the same address", Source{Blob: "b1", From: &Origin{Address: "a", ETag: "old"}}, "old"},
		{"a file from elsewhere", Source{Blob: "b1", From: &Origin{Address: "z", ETag: "old"}}, ""},
		{"a file handed in", Source{Blob: "b1"}, ""},
	} {
		if got := sub.Known(tc.current); got.ETag != tc.want || got.Address != "a" {
			t.Errorf("%s: got %+v, want %q", tc.name, got, tc.want)
		}
	}
}
