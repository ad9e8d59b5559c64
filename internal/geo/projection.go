package geo

import "math"

// A Position is a place: x then y in a projection, longitude then latitude in degrees.
type Position [2]float64

// A Projection says how coordinates stand for places. The zero value is degrees, WGS 84.
type Projection struct {
	Name string // as IGN calls it: "Lambert-93"
	Code int    // EPSG, 0 when not known
	// Metres is how far from the true place a converted one may be, whatever the care: 1 where the datum is taken for
	// WGS 84, more where the datum is an older one.
	Metres int

	definition
	inverse func(x, y float64) (lon, lat float64) // in radians from the meridian of origin; x, y from the false origin
}

// A method is a way to lay the Earth flat.
type method uint8

const (
	geographic method = iota
	conic             // Lambert conformal conic, one parallel (lat1 = lat2) or two
	transverse        // transverse Mercator, UTM
	mercator
	webMercator
	equalArea // Lambert azimuthal
)

// A definition is a projection with its numbers: degrees, metres.
type definition struct {
	method                 method
	on                     ellipsoid
	shift                  *helmert // to WGS 84; nil when the datum is taken for it
	prime                  float64  // longitude of the meridian of origin
	lon0, lat0, lat1, lat2 float64
	scale                  float64 // at the origin
	x0, y0                 float64 // false origin
	unit                   float64 // metres, or degrees, of one unit of the coordinates
}

const radians = math.Pi / 180

// projection makes a definition ready to use.
func (d definition) projection(name string, code int) *Projection {
	p := &Projection{Name: name, Code: code, Metres: 1, definition: d}
	if d.shift != nil {
		p.Metres = 2
		if *d.shift == fromED50 {
			p.Metres = 10
		}
	}
	switch d.method {
	case conic:
		p.inverse = d.conic()
	case transverse:
		p.inverse = d.transverse()
	case mercator:
		p.inverse = func(x, y float64) (float64, float64) {
			return x / (d.on.a * d.scale), d.on.latitude(math.Exp(-y / (d.on.a * d.scale)))
		}
	case webMercator:
		p.inverse = func(x, y float64) (float64, float64) {
			return x / d.on.a, math.Pi/2 - 2*math.Atan(math.Exp(-y/d.on.a))
		}
	case equalArea:
		p.inverse = d.equalArea()
	}
	return p
}

// Plain says whether coordinates already are degrees, WGS 84.
func (p *Projection) Plain() bool {
	return p == nil || p.method == geographic && p.shift == nil && p.prime == 0 && (p.unit == 1 || p.unit == 0)
}

// Degrees turns a position of the projection into degrees, WGS 84. Where the projection does not reach, a part of the
// result may be NaN or off the Earth: see [Position.OnEarth].
func (p *Projection) Degrees(at Position) Position {
	if p.Plain() {
		return at
	}
	var lon, lat float64
	if p.method == geographic {
		lon, lat = at[0]*p.unit*radians, at[1]*p.unit*radians
	} else {
		lon, lat = p.inverse(at[0]*p.unit-p.x0, at[1]*p.unit-p.y0)
		lon += p.lon0 * radians
	}
	lon += p.prime * radians
	if p.shift != nil {
		lon, lat = p.on.toWGS84(*p.shift, lon, lat)
	}
	lon /= radians
	if lon > 180 {
		lon -= 360
	} else if lon < -180 {
		lon += 360
	}
	return Position{lon, lat / radians}
}

// OnEarth says whether p may be a longitude and a latitude in degrees; NaN may not.
func (p Position) OnEarth() bool {
	return p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90
}

// conic is the inverse of a Lambert conformal conic projection.
// Source: J. P. Snyder, "Map Projections: A Working Manual", USGS 1395 (1987), p. 107–109; the same as IGN's ALG0004.
func (d definition) conic() func(x, y float64) (float64, float64) {
	lat1, lat2 := d.lat1*radians, d.lat2*radians
	n := math.Sin(lat1)
	if d.lat1 != d.lat2 {
		n = math.Log(d.on.m(lat1)/d.on.m(lat2)) / math.Log(d.on.t(lat1)/d.on.t(lat2))
	}
	c := d.on.a * d.scale * d.on.m(lat1) / (n * math.Pow(d.on.t(lat1), n))
	pole := c * math.Pow(d.on.t(d.lat0*radians), n)
	sign := math.Copysign(1, n)
	return func(x, y float64) (float64, float64) {
		x, y = sign*x, sign*(pole-y)
		return math.Atan2(x, y) / n, d.on.latitude(math.Pow(math.Hypot(x, y)/math.Abs(c), 1/n))
	}
}

// transverse is the inverse of a transverse Mercator projection: Krüger's series to the fourth order, right within a
// micrometre where UTM is used.
// Source: C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 85 (2011), § 3.
func (d definition) transverse() func(x, y float64) (float64, float64) {
	b := math.Sqrt(1 - d.on.e*d.on.e)
	n := (1 - b) / (1 + b)
	n2, n3, n4 := n*n, n*n*n, n*n*n*n
	beta := [...]float64{n/2 - n2*2/3 + n3*37/96 - n4/360, n2/48 + n3/15 - n4*437/1440, n3*17/480 - n4*37/840, n4 * 4397 / 161280}
	alpha := [...]float64{n/2 - n2*2/3 + n3*5/16 + n4*41/180, n2*13/48 - n3*3/5 + n4*557/1440, n3*61/240 - n4*103/140, n4 * 49561 / 161280}
	radius := d.scale * d.on.a / (1 + n) * (1 + n2/4 + n4/64)
	conformal := math.Pi/2 - 2*math.Atan(d.on.t(d.lat0*radians))
	origin := conformal
	for j, a := range alpha {
		origin += a * math.Sin(2*float64(j+1)*conformal)
	}
	return func(x, y float64) (float64, float64) {
		xi, eta := y/radius+origin, x/radius
		xi0, eta0 := xi, eta
		for j, b := range beta {
			k := 2 * float64(j+1)
			xi0 -= b * math.Sin(k*xi) * math.Cosh(k*eta)
			eta0 -= b * math.Cos(k*xi) * math.Sinh(k*eta)
		}
		lon := math.Atan2(math.Sinh(eta0), math.Cos(xi0))
		chi := math.Asin(math.Sin(xi0) / math.Cosh(eta0))
		return lon, d.on.latitude(math.Tan(math.Pi/4 - chi/2))
	}
}

// equalArea is the inverse of an oblique Lambert azimuthal equal-area projection.
// Source: Snyder, p. 187–190.
func (d definition) equalArea() func(x, y float64) (float64, float64) {
	e := d.on.e
	q := func(lat float64) float64 {
		s := math.Sin(lat)
		return (1 - e*e) * (s/(1-e*e*s*s) - math.Log((1-e*s)/(1+e*s))/(2*e))
	}
	qp, lat1 := q(math.Pi/2), d.lat0*radians
	beta1 := math.Asin(q(lat1) / qp)
	rq := d.on.a * math.Sqrt(qp/2)
	stretch := d.on.a * d.on.m(lat1) / (rq * math.Cos(beta1))
	return func(x, y float64) (float64, float64) {
		x, y = x/stretch, y*stretch
		rho := math.Hypot(x, y)
		if rho == 0 {
			return 0, lat1
		}
		ce := 2 * math.Asin(rho/(2*rq))
		s, c := math.Sin(ce), math.Cos(ce)
		qs := qp * (c*math.Sin(beta1) + y*s*math.Cos(beta1)/rho)
		lat := math.Asin(qs / 2)
		for range 12 {
			s := math.Sin(lat)
			es := 1 - e*e*s*s
			lat += es * es / (2 * math.Cos(lat)) * (qs/(1-e*e) - s/es + math.Log((1-e*s)/(1+e*s))/(2*e))
		}
		return math.Atan2(x*s, rho*math.Cos(beta1)*c-y*math.Sin(beta1)*s), lat
	}
}
