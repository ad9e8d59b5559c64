package geo

import (
	"math"
	"strconv"
)

// A Kind is one of the geometries of OGC's simple features, named as GeoJSON does.
type Kind uint8

// The kinds, numbered as in WKB.
const (
	Point Kind = iota + 1
	LineString
	Polygon
	MultiPoint
	MultiLineString
	MultiPolygon
	Collection
)

var kindNames = [...]string{Point: "Point", LineString: "LineString", Polygon: "Polygon", MultiPoint: "MultiPoint",
	MultiLineString: "MultiLineString", MultiPolygon: "MultiPolygon", Collection: "GeometryCollection"}

// A Geometry is a shape on a map, flat: heights and measures are not kept. The zero value is empty.
type Geometry struct {
	Kind Kind
	// Lines are the rings of a Polygon, the outer one first; the lines of a MultiLineString; the one line of a LineString;
	// one line with the points of a Point or a MultiPoint.
	Lines [][]Position
	Parts []Geometry // of a MultiPolygon or a Collection
}

// Empty says whether g has no position.
func (g Geometry) Empty() bool {
	for _, l := range g.Lines {
		if len(l) > 0 {
			return false
		}
	}
	for _, p := range g.Parts {
		if !p.Empty() {
			return false
		}
	}
	return true
}

// Only is the position of a Point, ok false for all else.
func (g Geometry) Only() (at Position, ok bool) {
	if g.Kind != Point || len(g.Lines) != 1 || len(g.Lines[0]) != 1 {
		return Position{}, false
	}
	return g.Lines[0][0], true
}

// Convert turns each position into degrees, in place. It says whether all of them are finite and, unless p is nil, on the
// Earth; nil leaves them as they are.
func (g Geometry) Convert(p *Projection) bool {
	for _, l := range g.Lines {
		for i, at := range l {
			if p != nil {
				l[i] = p.Degrees(at)
				if !l[i].OnEarth() {
					return false
				}
			} else if math.IsInf(at[0], 0) || math.IsInf(at[1], 0) || at[0] != at[0] || at[1] != at[1] {
				return false
			}
		}
	}
	for _, part := range g.Parts {
		if !part.Convert(p) {
			return false
		}
	}
	return true
}

// AppendGeoJSON appends g as GeoJSON text, coordinates rounded to seven decimals, about a centimetre. Rings turn as
// RFC 7946 § 3.1.6 asks: the outer one anticlockwise, holes clockwise. An empty geometry appends nothing. Positions must
// be finite: see [Geometry.Convert].
func (g Geometry) AppendGeoJSON(dst []byte) []byte {
	if g.Empty() || int(g.Kind) >= len(kindNames) || g.Kind == 0 {
		return dst
	}
	dst = append(dst, `{"type":"`...)
	dst = append(dst, kindNames[g.Kind]...)
	if g.Kind == Collection {
		dst = append(dst, `","geometries":[`...)
		for _, p := range g.Parts {
			before := len(dst)
			if dst = p.AppendGeoJSON(dst); len(dst) > before {
				dst = append(dst, ',')
			}
		}
		return append(dst[:len(dst)-1], "]}"...)
	}
	dst = append(dst, `","coordinates":`...)
	switch g.Kind {
	case Point:
		dst = appendPosition(dst, g.Lines[0][0])
	case LineString, MultiPoint:
		dst = appendLine(dst, g.Lines[0], false)
	case MultiLineString:
		dst = appendLines(dst, g.Lines)
	case Polygon:
		dst = appendRings(dst, g.Lines)
	case MultiPolygon:
		dst = append(dst, '[')
		for _, p := range g.Parts {
			if !p.Empty() {
				dst = append(appendRings(dst, p.Lines), ',')
			}
		}
		dst = append(dst[:len(dst)-1], ']')
	}
	return append(dst, '}')
}

func appendLines(dst []byte, lines [][]Position) []byte {
	dst = append(dst, '[')
	for _, l := range lines {
		if len(l) > 0 {
			dst = append(appendLine(dst, l, false), ',')
		}
	}
	return append(dst[:len(dst)-1], ']')
}

func appendRings(dst []byte, rings [][]Position) []byte {
	dst = append(dst, '[')
	outer := true
	for _, r := range rings {
		if len(r) > 0 {
			dst = append(appendLine(dst, r, (Area(r) >= 0) != outer), ',')
			outer = false
		}
	}
	return append(dst[:len(dst)-1], ']')
}

// appendLine appends positions; the other way round when back is true.
func appendLine(dst []byte, line []Position, back bool) []byte {
	dst = append(dst, '[')
	for i := range line {
		if back {
			i = len(line) - 1 - i
		}
		dst = append(appendPosition(dst, line[i]), ',')
	}
	return append(dst[:len(dst)-1], ']')
}

func appendPosition(dst []byte, p Position) []byte {
	dst = append(AppendDegrees(append(dst, '['), p[0]), ',')
	return append(AppendDegrees(dst, p[1]), ']')
}

// AppendDegrees appends v with at most seven decimals and no exponent.
func AppendDegrees(dst []byte, v float64) []byte {
	scaled := math.RoundToEven(v * 1e7)
	if math.Abs(scaled) > 1<<52 {
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	n := int64(scaled)
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, n/1e7, 10)
	frac := n % 1e7
	if frac == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(1e6); frac > 0; unit /= 10 {
		dst = append(dst, byte('0'+frac/unit))
		frac %= unit
	}
	return dst
}

// Area is the signed area a ring encloses, in the square of its unit: positive when it turns anticlockwise. The first
// position is the origin, so that large coordinates cost no digits.
func Area(ring []Position) float64 {
	if len(ring) == 0 {
		return 0
	}
	sum, o := 0.0, ring[0]
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2
}

// Holds says whether a ring goes around p: an odd number of its sides is crossed on the way out. On the ring itself,
// either answer may come.
func Holds(ring []Position, p Position) bool {
	in := false
	for i, j := 0, len(ring)-1; i < len(ring); j, i = i, i+1 {
		a, b := ring[i], ring[j]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}
