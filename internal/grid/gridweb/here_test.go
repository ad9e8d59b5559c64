package gridweb_test

import (
	"strings"
	"testing"

	"cultured/internal/grid"
)

func TestThePageSaysWhoElseIsHere(t *testing.T) {
	at := newWorld(t)
	if err := at.log.Stand(t.Context(), grid.Place{}, grid.Presence{Person: "lin", Name: "Lin", Row: 4, Column: "Prix", At: at.now}); err != nil {
		t.Fatal(err)
	}
	if page := plain(at.ask(t, "ada", "/datasets/d/grid", "").Body.String()); !strings.Contains(page, "Aussi dans cette grille : Lin (« Prix »).") {
		t.Error("a colleague is not named")
	}
	for _, who := range []string{"lin", "bob"} { // themselves; whom the catalogue alone shows the table
		if page := plain(at.ask(t, who, "/datasets/d/grid", "").Body.String()); strings.Contains(page, "Aussi dans cette grille :") {
			t.Errorf("%s reads who is here", who)
		}
	}
}
