package recipe

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"cultured/internal/fault"
)

func TestAddress(t *testing.T) {
	asked := 0
	k := Kitchen{Places: func(addresses []string) ([]Place, error) {
		asked++
		out := make([]Place, len(addresses))
		for i, a := range addresses {
			if slices.Contains(addresses[:i], a) {
				t.Errorf("%q is asked twice", a)
			}
			if a != "" && a != "nulle part" {
				out[i] = Place{Found: true, Latitude: 43.5, Longitude: 1.25, Label: "1 Rue X 31000 Toulouse", Score: 0.876}
			}
		}
		return out, nil
	}}
	r := read(t, `[{"do":"address","columns":["voie","ville"]}]`)
	got, tallies, err := cook(table("voie;ville|1  rue X;Toulouse|nulle part;|;|1 rue X;Toulouse"), r, k)
	want := table("voie;ville;adresse_trouvee;latitude;longitude;score_adresse|1  rue X;Toulouse;1 Rue X 31000 Toulouse;43.5;1.25;0.88|nulle part;;;;;|;;;;;|1 rue X;Toulouse;1 Rue X 31000 Toulouse;43.5;1.25;0.88")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
	if y := tallies[0]; y.Left != 1 || y.Changed != 2 || !slices.Equal(y.Unpaired, []string{"nulle part"}) || asked != 1 {
		t.Errorf("got %+v, asked %d times", y, asked)
	}
	rows := [][]string{{"voie", "ville"}}
	for i := range 2*addressesAtOnce + 10 {
		rows = append(rows, []string{fmt.Sprint(i), "Toulouse"})
	}
	asked = 0
	if got, _, err := cook(rows, r, k); err != nil || len(got) != len(rows) || got[addressesAtOnce+1][0] != fmt.Sprint(addressesAtOnce) || asked != 3 {
		t.Errorf("got %d rows of %d, asked %d times, %v", len(got), len(rows), asked, err)
	}
	if _, _, err := cook(rows, r, Kitchen{}); !fault.Is(err, "recipe.no_places") {
		t.Errorf("without a service: %v", err)
	}
	gone := errors.New("gone")
	if _, _, err := cook(rows, r, Kitchen{Places: func([]string) ([]Place, error) { return nil, gone }}); !errors.Is(err, gone) {
		t.Errorf("a service that fails: %v", err)
	}
}
