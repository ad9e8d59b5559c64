package recipe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestWhatHides(t *testing.T) {
	for _, tc := range []struct{ step, before, after string }{
		{`{"do":"generalise","columns":["x"],"to":"year"}`, "25/12/2024|2024-12-25|déc. 2024|hier|1999", "2024|2024|2024||1999"},
		{`{"do":"generalise","columns":["x"],"to":"month"}`, "25/12/2024|2024-12-25T10:00:00|2024|?", "2024-12|2024-12||"},
		{`{"do":"generalise","columns":["x"],"to":"department"}`, "35238|1004|2A004|2b033|97411|98818|Rennes|352380", "35|01|2A|2B|974|988||"},
		{`{"do":"generalise","columns":["x"],"to":"tens"}`, "37|0|9,9|-1|-10|-11|1 234|n/d|1e300", "30-39|0-9|0-9|-10--1|-10--1|-20--11|1230-1239||"},
		{`{"do":"generalise","columns":["x"],"to":"thousands"}`, "999|1000", "0-999|1000-1999"},
		{`{"do":"mask","columns":["x"],"keep":1}`, "Martin|É|  Ümit ", "M***|É***|Ü***"},
		{`{"do":"mask","columns":["x"],"keep":0}`, "Martin", "***"},
		{`{"do":"mask","columns":["x"],"keep":10}`, "Léa", "Léa***"},
	} {
		t.Run(tc.step, func(t *testing.T) {
			got, tallies, err := cook(table("x|"+tc.before), read(t, "["+tc.step+"]"), Kitchen{})
			if err != nil {
				t.Fatal(err)
			}
			var cells []string
			for _, row := range got[1:] {
				cells = append(cells, row[0])
			}
			if strings.Join(cells, "|") != tc.after {
				t.Errorf("got %q, want %q", strings.Join(cells, "|"), tc.after)
			}
			if emptied := strings.Count("|"+tc.after+"|", "||"); int64(emptied) > tallies[0].Left {
				t.Errorf("%d cells were emptied, %d are told", emptied, tallies[0].Left)
			}
		})
	}
}

func TestPseudonyms(t *testing.T) {
	rows := table("nom;ville|Martin;Rennes|Martin ;Vitré|Durand;Rennes|;x")
	step := read(t, `[{"do":"pseudonym","columns":["nom"]}]`)
	one, _, err := cook(rows, step, Kitchen{Secret: []byte("one")})
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := cook(rows, step, Kitchen{Secret: []byte("two")})
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case one[1][0] != one[2][0] || one[1][0] == one[3][0]:
		t.Errorf("the same value must give the same pseudonym, another one another: %q", one)
	case one[1][0] == two[1][0]:
		t.Error("two organisations give the same pseudonym")
	case one[4][0] != "" || one[1][1] != "Rennes":
		t.Errorf("what is empty stays so, other columns too: %q", one)
	case len(one[1][0]) != 20 || strings.Contains(fmt.Sprint(one), "Martin"):
		t.Errorf("got %q", one)
	}
	for _, step := range []string{`[{"do":"pseudonym","columns":["nom"]}]`, `[{"do":"shuffle","columns":["nom"]}]`} {
		if _, _, err := cook(rows, read(t, step), Kitchen{}); err == nil || !strings.Contains(err.Error(), "recipe.no_secret") {
			t.Errorf("%s without a secret: %v", step, err)
		}
	}
	if _, _, err := cook(rows, read(t, `[{"do":"mask","columns":["nom"],"keep":11}]`), Kitchen{}); err == nil || !strings.Contains(err.Error(), "recipe.bad_mask") {
		t.Errorf("a mask of 11 letters: %v", err)
	}
}

// What is dealt anew is the same values, those of one row still together, and another secret deals otherwise.
func TestShuffle(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rows := [][]string{{"id", "a", "b"}}
	for i := range 200 {
		n := fmt.Sprint(rng.IntN(1000))
		rows = append(rows, []string{fmt.Sprint(i), n, "b" + n})
	}
	step := read(t, `[{"do":"shuffle","columns":["a","b"]}]`)
	got, _, err := cook(rows, step, Kitchen{Secret: []byte("one")})
	if err != nil {
		t.Fatal(err)
	}
	column := func(rows [][]string, at int) (out []string) {
		for _, r := range rows[1:] {
			out = append(out, r[at])
		}
		slices.Sort(out)
		return out
	}
	stayed := 0
	for i, r := range got[1:] {
		if r[0] != rows[i+1][0] || r[2] != "b"+r[1] {
			t.Fatalf("row %d: %q", i, r)
		}
		if r[1] == rows[i+1][1] {
			stayed++
		}
	}
	if !slices.Equal(column(got, 1), column(rows, 1)) || stayed > 20 {
		t.Errorf("%d values stayed where they were", stayed)
	}
	other, _, err := cook(rows, step, Kitchen{Secret: []byte("two")})
	if err != nil || fmt.Sprint(other) == fmt.Sprint(got) {
		t.Errorf("another secret deals the same: %v", err)
	}
}
