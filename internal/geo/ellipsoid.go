package geo

import "math"

// An ellipsoid is the figure of the Earth of a datum: its larger half-axis in metres, and its eccentricity.
type ellipsoid struct{ a, e float64 }

// ellipsoidOf makes an ellipsoid of its half-axis and its inverse flattening; 0 stands for a sphere.
func ellipsoidOf(a, inverse float64) ellipsoid {
	if inverse == 0 {
		return ellipsoid{a: a}
	}
	f := 1 / inverse
	return ellipsoid{a, math.Sqrt(f * (2 - f))}
}

// Sources: EPSG 7019, 7030, 7011 (IGN, NTG 71: a = 6378249.2, b = 6356515), 7022.
var (
	grs80      = ellipsoidOf(6378137, 298.257222101)
	wgs84      = ellipsoidOf(6378137, 298.257223563)
	clarke1880 = ellipsoidOf(6378249.2, 293.466021293626)
	hayford    = ellipsoidOf(6378388, 297)
)

// t is Snyder's t: exp of minus the isometric latitude.
func (g ellipsoid) t(lat float64) float64 {
	s := g.e * math.Sin(lat)
	return math.Tan(math.Pi/4-lat/2) * math.Pow((1+s)/(1-s), g.e/2)
}

// m is the radius of the parallel over a.
func (g ellipsoid) m(lat float64) float64 {
	s := g.e * math.Sin(lat)
	return math.Cos(lat) / math.Sqrt(1-s*s)
}

// latitude is the latitude whose t is given. Source: IGN, NTG 71, ALG0002, to 10⁻¹² rad, which is 6 µm.
func (g ellipsoid) latitude(t float64) float64 {
	lat := math.Pi/2 - 2*math.Atan(t)
	for range 15 {
		s := g.e * math.Sin(lat)
		next := math.Pi/2 - 2*math.Atan(t*math.Pow((1-s)/(1+s), g.e/2))
		if math.Abs(next-lat) < 1e-12 {
			return next
		}
		lat = next
	}
	return lat
}

// A helmert is a change of datum in space: metres, then seconds of arc as a position vector turns, then millionths.
type helmert [7]float64

// The changes to WGS 84. Sources: for NTF, IGN, NTG 71 and EPSG 1193, right within 2 m; for ED50, EPSG 1133, the mean of
// western Europe, right within 10 m.
var (
	fromNTF  = helmert{-168, -60, 320}
	fromED50 = helmert{-87, -98, -121}
)

// toWGS84 turns a longitude and a latitude of ellipsoid g, in radians, height zero, into WGS 84's.
// Source: IGN, NTG 80, ALG0009, ALG0013 and ALG0012.
func (g ellipsoid) toWGS84(h helmert, lon, lat float64) (float64, float64) {
	s := g.e * math.Sin(lat)
	n := g.a / math.Sqrt(1-s*s)
	x, y, z := n*math.Cos(lat)*math.Cos(lon), n*math.Cos(lat)*math.Sin(lon), n*(1-g.e*g.e)*math.Sin(lat)
	const second = math.Pi / 180 / 3600
	rx, ry, rz, k := h[3]*second, h[4]*second, h[5]*second, 1+h[6]*1e-6
	x, y, z = h[0]+k*(x-rz*y+ry*z), h[1]+k*(rz*x+y-rx*z), h[2]+k*(-ry*x+rx*y+z)
	p, e2 := math.Hypot(x, y), wgs84.e*wgs84.e
	lat = math.Atan2(z, p*(1-e2))
	for range 10 {
		s := wgs84.e * math.Sin(lat)
		lat = math.Atan2(z+e2*wgs84.a*math.Sin(lat)/math.Sqrt(1-s*s), p)
	}
	return math.Atan2(y, x), lat
}
