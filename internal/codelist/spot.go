package codelist

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Spot is a commune of today where [Centre] puts it.
type Spot struct {
	Code, Name          string
	Latitude, Longitude float64 // degrees, WGS 84
	key                 string
}

var spots = sync.OnceValue(func() []Spot {
	out := make([]Spot, 0, len(centres()))
	for _, line := range centres() {
		parts := strings.Split(line, "\t")
		latitude, err := strconv.ParseFloat(parts[1], 64)
		longitude, err2 := strconv.ParseFloat(parts[2], 64)
		if named := Communes(parts[0]); err == nil && err2 == nil && len(named) > 0 {
			out = append(out, Spot{parts[0], named[0].Name, latitude, longitude, Key(named[0].Name)})
		}
	}
	return out
})

// Spots returns the communes whose middle lies in a rectangle, by code. South and north are latitudes, west and east longitudes, in degrees.
func Spots(south, west, north, east float64) (out []Spot) {
	for _, s := range spots() {
		if s.Latitude >= south && s.Latitude <= north && s.Longitude >= west && s.Longitude <= east {
			out = append(out, s)
		}
	}
	return out
}

// FindSpots returns at most so many communes of a code, or whose name begins with a text, else holds it; the shortest names first. Case,
// accents and hyphens do not count, see [Key].
func FindSpots(text string, most int) (out []Spot) {
	key, code := Key(cityName(text)), strings.ToUpper(strings.TrimSpace(text))
	if key == "" {
		return nil
	}
	var within []Spot
	for _, s := range spots() {
		switch {
		case s.Code == code:
			return []Spot{s}
		case strings.HasPrefix(s.key, key):
			out = append(out, s)
		case strings.Contains(s.key, key):
			within = append(within, s)
		}
	}
	shorter := func(a, b Spot) int { return cmp.Or(len(a.Name)-len(b.Name), cmp.Compare(a.Code, b.Code)) }
	slices.SortFunc(out, shorter)
	slices.SortFunc(within, shorter)
	out = append(out, within...)
	return out[:min(len(out), most)]
}
