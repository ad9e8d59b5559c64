package ui_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/ui"
)

// modules reads the drawing back: true is dark.
func modules(t *testing.T, q ui.QR) [][]bool {
	t.Helper()
	out := make([][]bool, q.Size)
	for y := range out {
		out[y] = make([]bool, q.Size)
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(q.Path, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // digits
		}
		for x := n[0]; x < n[0]+n[2]; x++ {
			out[n[1]][x] = true
		}
	}
	return out
}

// Whatever the text, a reader finds the three corners, the line of alternating modules between them, and nothing around.
func TestQR_hasWhatReadersLookFor(t *testing.T) {
	corner := []string{"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"}
	seen := map[string]bool{}
	for _, text := range []string{"https://a.fr/join/4k7d9mx2", "https://a.fr/join/4k7d9mx3", "https://donnees.exemple.fr/" + strings.Repeat("long/", 60)} {
		q, err := ui.NewQR("Code", text)
		if err != nil {
			t.Fatal(err)
		}
		if seen[q.Path] {
			t.Errorf("%s is drawn as another text", text)
		}
		seen[q.Path] = true
		m := modules(t, q)
		for y, row := range m {
			for x, dark := range row {
				if outside := x < 4 || y < 4 || x >= q.Size-4 || y >= q.Size-4; outside && dark {
					t.Fatalf("the quiet zone is dark at %d, %d", x, y)
				}
			}
		}
		for _, at := range [][2]int{{4, 4}, {q.Size - 11, 4}, {4, q.Size - 11}} {
			for y, row := range corner {
				for x, want := range row {
					if m[at[1]+y][at[0]+x] != (want == '#') {
						t.Errorf("%s: the corner at %v is wrong", text, at)
					}
				}
			}
		}
		for i := 8; i < q.Size-8-8; i++ {
			if m[4+6][4+i] != (i%2 == 0) || m[4+i][4+6] != (i%2 == 0) {
				t.Errorf("%s: the timing line is wrong at %d", text, i)
			}
		}
	}
	if _, err := ui.NewQR("Code", strings.Repeat("x", 5000)); err == nil {
		t.Error("a text of 5,000 bytes has no code")
	}
}
