package grid

import (
	"testing"

	"cultured/internal/dataset"
)

func TestWhatIsTypedIsStoredAsTheColumnDoes(t *testing.T) {
	for _, tc := range []struct {
		kind        dataset.Type
		typed, want string
		fits        bool
	}{
		{dataset.TypeNumber, "1 234,50", "1234.50", true},
		{dataset.TypeNumber, "12.5", "12.5", true},
		{dataset.TypeNumber, "cher", "cher", false},
		{dataset.TypeInteger, "12", "12", true},
		{dataset.TypeInteger, "12,5", "12,5", false},
		{dataset.TypeDate, "31/12/2026", "2026-12-31", true},
		{dataset.TypeDate, "1er mars 2024", "2024-03-01", true},
		{dataset.TypeDate, "2024", "2024", false},
		{dataset.TypeDate, "mars 2024", "mars 2024", false},
		{dataset.TypeDateTime, "31/12/2026 10:30", "2026-12-31T10:30:00", true},
		{dataset.TypeBoolean, "Oui", "true", true},
		{dataset.TypeBoolean, "peut-être", "peut-être", false},
		{dataset.TypeText, " 01004", " 01004", true},
		{dataset.TypeNumber, "", "", true},
	} {
		if got := Typed(tc.kind, tc.typed); got != tc.want {
			t.Errorf("%s %q: got %q, want %q", tc.kind, tc.typed, got, tc.want)
		}
		if got := Fits(tc.kind, Typed(tc.kind, tc.typed)); got != tc.fits {
			t.Errorf("%s %q: fits is %t, want %t", tc.kind, tc.typed, got, tc.fits)
		}
	}
}
