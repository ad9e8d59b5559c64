package ui_test

import (
	"testing"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/ui"
)

func TestSpan(t *testing.T) {
	words, err := i18n.Load(ui.Text)
	if err != nil {
		t.Fatal(err)
	}
	for span, want := range map[time.Duration]string{
		7 * 24 * time.Hour: "7 jours", 36 * time.Hour: "36 heures", time.Hour: "1 heure", 30 * time.Minute: "30 minutes", time.Second: "1 minute",
	} {
		if got := ui.Span(words.For(i18n.French), span); got != want {
			t.Errorf("%v: got %q, want %q", span, got, want)
		}
	}
}
