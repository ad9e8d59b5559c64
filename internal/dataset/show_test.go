package dataset

import (
	"fmt"
	"testing"
	"time"
)

// plainSpeaker marks what it is given, so that the test sees who wrote it.
type plainSpeaker struct{}

func (plainSpeaker) Number(v any) string           { return fmt.Sprintf("n(%v)", v) }
func (plainSpeaker) Date(t time.Time) string       { return "d(" + t.Format(time.DateOnly) + ")" }
func (plainSpeaker) T(key string, _ ...any) string { return key }

func TestShowAndPlain(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 5, 6, 0, time.UTC)
	for _, tc := range []struct {
		name        string
		kind        Type
		cell        any
		show, plain string
	}{
		{"a missing value", TypeText, nil, "", ""},
		{"a text", TypeText, "01004", "01004", "01004"},
		{"a number that may be a year", TypeInteger, int64(2024), "2024", "2024"},
		{"a large number", TypeInteger, int64(12345), "n(12345)", "12345"},
		{"a decimal", TypeNumber, 1234.5, "n(1234.5)", "1234.5"},
		{"yes", TypeBoolean, true, "dataset.yes", "true"},
		{"no", TypeBoolean, false, "dataset.no", "false"},
		{"a day", TypeDate, at, "d(2026-11-23)", "2026-11-23"},
		{"a day with its hour", TypeDateTime, at, "d(2026-11-23) 14:05:06", "2026-11-23T14:05:06"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Show(plainSpeaker{}, tc.kind, tc.cell); got != tc.show {
				t.Errorf("Show: got %q, want %q", got, tc.show)
			}
			if got := Plain(tc.kind, tc.cell); got != tc.plain {
				t.Errorf("Plain: got %q, want %q", got, tc.plain)
			}
		})
	}
}
