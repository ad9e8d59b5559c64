package e2e

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
)

// The demonstration's map links situations, competences, services and datasets, and something was decided about its gaps.
func TestTheDemonstrationLinksFourKinds(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	steward, facilitator := s.signIn(t, "steward"), s.signIn(t, "facilitator")
	page := steward.want(t, "/situations/map")
	for what, want := range map[string]struct {
		at    string
		least int
	}{"situations": {"/situations/items/", 82}, "competences": {"/competences/", 40}, "services": {`/situations/map\?service=`, 5}, "datasets": {"/datasets/", 7}} {
		if got := len(regexp.MustCompile(`class="p-needmap__node" href="`+want.at).FindAllString(page, -1)); got < want.least {
			t.Errorf("%d %s are on the map, want %d at least", got, what, want.least)
		}
	}
	if hidden := facilitator.want(t, "/situations/map"); !strings.Contains(words(hidden), "Jeu de données que vous ne pouvez pas voir") {
		t.Error("a draft is named to a colleague who may not see it")
	}
	rows, err := csv.NewReader(strings.NewReader(steward.want(t, "/situations/actions/export/actions.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at, owners := map[string]int{}, map[string]bool{}
	for _, row := range rows[1:] {
		at[row[4]]++
		owners[row[2]] = true
		if row[3] == "" || row[6] == "" && row[8] == "" {
			t.Errorf("an action has no day, or is about nothing: %q", row)
		}
	}
	if at["late"] != 1 || at["open"] != 3 || at["done"] != 1 || len(owners) != 4 {
		t.Errorf("got actions %v of %v", at, owners)
	}
	s.stop(t)
}
