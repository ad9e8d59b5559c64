package catalogueweb

import (
	"testing"

	"cultured/internal/catalogue"
)

func TestDates_areWrittenAsTheyAreRead(t *testing.T) {
	for stored, shown := range map[catalogue.Date]string{"2017-08-02": "02/08/2017", "2017-08": "08/2017", "2017": "2017", "": ""} {
		if got := writeDate(stored); got != shown {
			t.Errorf("%q: got %q, want %q", stored, got, shown)
		}
		if got, ok := readDate(shown); !ok || got != stored {
			t.Errorf("%q: got back %q, want %q", shown, got, stored)
		}
	}
}
