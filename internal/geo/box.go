package geo

import (
	"math"
	"strconv"
	"strings"
)

// A Box is a rectangle in degrees, WGS 84: longitudes in [-180, 180], latitudes in [-90, 90].
type Box struct {
	West  float64 `json:"west"`
	South float64 `json:"south"`
	East  float64 `json:"east"`
	North float64 `json:"north"`
}

// EmptyBox holds nothing; extending it by a point makes it that point.
var EmptyBox = Box{West: math.Inf(1), South: math.Inf(1), East: math.Inf(-1), North: math.Inf(-1)}

// Empty says whether b holds nothing.
func (b Box) Empty() bool { return !(b.West <= b.East && b.South <= b.North) }

// Extend makes b hold the position.
func (b *Box) Extend(p Position) {
	b.West, b.East = min(b.West, p[0]), max(b.East, p[0])
	b.South, b.North = min(b.South, p[1]), max(b.North, p[1])
}

// Holds says whether the position is in b, its sides included.
func (b Box) Holds(p Position) bool {
	return p[0] >= b.West && p[0] <= b.East && p[1] >= b.South && p[1] <= b.North
}

// BoxOf returns the rectangle around a geometry written as GeoJSON. It looks at the numbers that stand for positions and
// does not check the rest. ok is false when there is none, or when one is not a place on the Earth.
func BoxOf(geoJSON string) (b Box, ok bool) {
	b = EmptyBox
	for {
		i := strings.Index(geoJSON, `"coordinates"`)
		if i < 0 {
			return b, !b.Empty()
		}
		geoJSON = strings.TrimLeft(geoJSON[i+len(`"coordinates"`):], " \t\r\n:")
		if geoJSON, ok = b.extendBy(geoJSON); !ok {
			return b, false
		}
	}
}

// extendBy reads the array at the start of s, and returns what follows it.
func (b *Box) extendBy(s string) (rest string, ok bool) {
	depth := 0
	for i := 0; i < len(s); {
		switch s[i] {
		case '[':
			depth++
			i++
		case ']':
			depth--
			i++
			if depth <= 0 {
				return s[i:], depth == 0
			}
		case ',', ' ', '\t', '\r', '\n':
			i++
		default:
			end := strings.IndexByte(s[i:], ']')
			if end < 0 || depth == 0 {
				return s, false
			}
			x, y, _ := strings.Cut(s[i:i+end], ",")
			y, _, _ = strings.Cut(y, ",") // without a height
			lon, err := strconv.ParseFloat(strings.TrimSpace(x), 64)
			lat, err2 := strconv.ParseFloat(strings.TrimSpace(y), 64)
			if p := (Position{lon, lat}); err == nil && err2 == nil && p.OnEarth() {
				b.Extend(p)
			} else {
				return s, false
			}
			i += end
		}
	}
	return s, false
}

// franceBoxes enclose the territories, a tenth of a degree around them.
// Source: IGN, extents of Admin Express, rounded outwards.
var franceBoxes = []Box{
	{-5.3, 41.2, 9.7, 51.2},       // mainland and Corsica
	{-61.95, 15.7, -60.9, 16.65},  // Guadeloupe
	{-61.35, 14.3, -60.7, 15.0},   // Martinique
	{-54.75, 2.0, -51.5, 5.95},    // Guyane
	{55.1, -21.5, 55.95, -20.75},  // La Réunion
	{44.9, -13.15, 45.4, -12.5},   // Mayotte
	{-56.55, 46.65, -56.0, 47.25}, // Saint-Pierre-et-Miquelon
	{-63.25, 17.75, -62.7, 18.2},  // Saint-Martin, Saint-Barthélemy
	{-178.3, -14.5, -176.0, -13.1},
	{-155.0, -28.0, -134.0, -7.5}, // Polynésie française
	{158.0, -23.0, 172.2, -17.5},  // Nouvelle-Calédonie
}

// InFrance says whether a position lies in the box of a French territory: roughly, neighbours included.
func InFrance(p Position) bool {
	for _, b := range franceBoxes {
		if b.Holds(p) {
			return true
		}
	}
	return false
}
