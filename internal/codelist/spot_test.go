package codelist_test

import (
	"testing"

	"cultured/internal/codelist"
)

func TestFindSpots(t *testing.T) {
	for text, code := range map[string]string{"rennes": "35238", "35238": "35238", "saint malo": "35288", "NANTES CEDEX 2": "44109"} {
		if got := codelist.FindSpots(text, 3); len(got) == 0 || len(got) > 3 || got[0].Code != code {
			t.Errorf("%q: got %+v, want %s", text, got, code)
		}
	}
	for _, text := range []string{"", " - ", "xyzzy"} {
		if got := codelist.FindSpots(text, 3); len(got) != 0 {
			t.Errorf("%q: got %+v", text, got)
		}
	}
	if got := codelist.Spots(48, -2, 48.2, -1.5); len(got) < 10 || len(got) > 60 {
		t.Errorf("around Rennes: %d communes", len(got))
	}
}
