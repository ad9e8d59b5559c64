package live

import (
	"slices"
	"strings"
)

// patch says how to make the lines of a text from those of the one before: each item is either a line, or [first, count] of the
// old lines. It is short when little changed, and right whatever changed.
func patch(before, after []string) []any {
	places := make(map[string][]int, len(before))
	for i, line := range before {
		places[line] = append(places[line], i)
	}
	out := []any{}
	expected := 0 // the old line that would continue the last copy
	for i := 0; i < len(after); {
		from := find(places[after[i]], expected)
		if from < 0 {
			out = append(out, after[i])
			i++
			continue
		}
		n := 1
		for i+n < len(after) && from+n < len(before) && after[i+n] == before[from+n] {
			n++
		}
		out = append(out, [2]int{from, n})
		i, expected = i+n, from+n
	}
	return out
}

// find chooses, among the places of a line in rising order, the first that is not before expected; else the first; -1 for none.
func find(places []int, expected int) int {
	if len(places) == 0 {
		return -1
	}
	if at, _ := slices.BinarySearch(places, expected); at < len(places) {
		return places[at]
	}
	return places[0]
}

func lines(text string) []string { return strings.Split(text, "\n") }
