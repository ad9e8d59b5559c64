package codelist

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

var centres = sync.OnceValue(func() []string { return lines("centres") })

// Centre returns the middle of a commune of today, in degrees (WGS 84), and whether it is known: those of overseas collectivities and a few
// made again since 2018 are not. It is the centroid of the commune's largest part, drawn roughly: true to some hundred metres, good for a map
// of France, never for a street; it may lie outside of a commune that is bent.
// Source: IGN, Admin Express 2018, brought to the communes of INSEE's Code officiel géographique 2026.
func Centre(code string) (latitude, longitude float64, ok bool) {
	all := centres()
	i, found := slices.BinarySearchFunc(all, code, func(line, code string) int {
		name, _, _ := strings.Cut(line, "\t")
		return cmp.Compare(name, code)
	})
	if !found {
		return 0, 0, false
	}
	parts := strings.Split(all[i], "\t")
	latitude, err := strconv.ParseFloat(parts[1], 64)
	longitude, err2 := strconv.ParseFloat(parts[2], 64)
	return latitude, longitude, err == nil && err2 == nil
}
