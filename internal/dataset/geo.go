package dataset

import (
	"math"
	"strconv"
	"strings"

	"cultured/internal/geo"
)

// A Box is a rectangle in degrees, WGS 84.
type Box = geo.Box

// inFrance says whether a point lies in the box of a French territory: roughly, neighbours included.
func inFrance(lat, lon float64) bool { return geo.InFrance(geo.Position{lon, lat}) }

// isLambert says whether x and y, in metres, may be Lambert-93 coordinates of the mainland.
func isLambert(x, y float64) bool { return isLambertX(x) && isLambertY(y) }

func isLambertX(x float64) bool { return x >= 75_000 && x <= 1_275_000 }
func isLambertY(y float64) bool { return y >= 6_000_000 && y <= 7_200_000 }

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
