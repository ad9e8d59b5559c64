package dataset

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

// extend makes b hold the point.
func (b *Box) extend(lat, lon float64) {
	b.West, b.East = min(b.West, lon), max(b.East, lon)
	b.South, b.North = min(b.South, lat), max(b.North, lat)
}

func (b Box) holds(lat, lon float64) bool {
	return lon >= b.West && lon <= b.East && lat >= b.South && lat <= b.North
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

// inFrance says whether a point lies in the box of a French territory: roughly, neighbours included.
func inFrance(lat, lon float64) bool {
	for _, b := range franceBoxes {
		if b.holds(lat, lon) {
			return true
		}
	}
	return false
}

// isLambert says whether x and y, in metres, may be Lambert-93 coordinates of the mainland.
func isLambert(x, y float64) bool { return isLambertX(x) && isLambertY(y) }

func isLambertX(x float64) bool { return x >= 75_000 && x <= 1_275_000 }
func isLambertY(y float64) bool { return y >= 6_000_000 && y <= 7_200_000 }

// fromLambert turns Lambert-93 metres into degrees, WGS 84 (RGF93, the same within a metre).
// Source: IGN, NTG 71, algorithms ALG0002 and ALG0004, GRS 80.
func fromLambert(x, y float64) (lat, lon float64) {
	const n, c, xs, ys = 0.7256077650532670, 11754255.4261, 700000.0, 12655612.0499
	const e = 0.0818191910428158
	const lon0 = 3 * math.Pi / 180
	r := math.Hypot(x-xs, y-ys)
	lon = lon0 + math.Atan2(x-xs, ys-y)/n
	iso := -math.Log(r/c) / n
	lat = 2*math.Atan(math.Exp(iso)) - math.Pi/2
	for range 12 {
		s := e * math.Sin(lat)
		lat = 2*math.Atan(math.Pow((1+s)/(1-s), e/2)*math.Exp(iso)) - math.Pi/2
	}
	return lat * 180 / math.Pi, lon * 180 / math.Pi
}

// readPoint reads "48.8566, 2.3522", brackets and parentheses allowed, latitude first.
func readPoint(v string) (lat, lon float64, ok bool) {
	v = strings.Trim(v, "[]() ")
	a, b, found := strings.Cut(v, ",")
	if !found {
		if a, b, found = strings.Cut(v, ";"); !found {
			return 0, 0, false
		}
	}
	lat, err := strconv.ParseFloat(strings.TrimSpace(a), 64)
	if err != nil {
		return 0, 0, false
	}
	lon, err = strconv.ParseFloat(strings.TrimSpace(b), 64)
	if err != nil || !isPlace(lat, lon) || !strings.Contains(v, ".") {
		return 0, 0, false
	}
	return lat, lon, true
}

// isPlace says whether lat and lon are degrees on the Earth; NaN is not.
func isPlace(lat, lon float64) bool {
	return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
}

// round5 keeps five decimals of a degree, about a metre.
func round5(v float64) float64 { return math.Round(v*1e5) / 1e5 }
