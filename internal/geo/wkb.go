package geo

import (
	"encoding/binary"
	"errors"
	"math"
)

// The errors of [WKB] and [GeoPackage].
var (
	ErrBroken = errors.New("geo: cut or broken geometry")
	ErrCurve  = errors.New("geo: geometry made of arcs") // CIRCULARSTRING and what holds one
)

// GeoPackage reads the geometry of a GeoPackage: a header, then WKB. srs is the identifier of its projection in the file.
// A geometry said to be empty is empty, whatever follows. Errors: ErrBroken, ErrCurve.
// Source: OGC 12-128r19, § 2.1.3.
func GeoPackage(b []byte) (g Geometry, srs int, err error) {
	if len(b) < 8 || b[0] != 'G' || b[1] != 'P' {
		return g, 0, ErrBroken
	}
	flags := b[3]
	var order binary.ByteOrder = binary.BigEndian
	if flags&1 == 1 {
		order = binary.LittleEndian
	}
	srs = int(int32(order.Uint32(b[4:])))
	sizes := [...]int{0, 32, 48, 48, 64}
	envelope := int(flags >> 1 & 7)
	if envelope >= len(sizes) || len(b) < 8+sizes[envelope] || flags&0x20 != 0 {
		return g, srs, ErrBroken
	}
	if flags&0x10 != 0 {
		return g, srs, nil
	}
	g, _, err = WKB(b[8+sizes[envelope]:])
	return g, srs, err
}

// maxParts bounds how deep collections nest; maps nest two.
const maxParts = 8

// WKB reads well-known binary, of ISO or of PostGIS, in either byte order. Heights and measures are dropped: flat is false
// when there were some. It takes memory in proportion to b, whatever b says. Errors: ErrBroken, ErrCurve.
// Sources: ISO 13249-3 § 5.1.46; PostGIS, "EWKB".
func WKB(b []byte) (g Geometry, flat bool, err error) {
	r := wkbReader{b: b, flat: true}
	g, err = r.geometry(0)
	return g, r.flat, err
}

type wkbReader struct {
	b    []byte
	flat bool
}

// head reads the byte order, the kind and the number of ordinates of a position.
func (r *wkbReader) head() (order binary.ByteOrder, kind uint32, size int, err error) {
	if len(r.b) < 5 || r.b[0] > 1 {
		return nil, 0, 0, ErrBroken
	}
	order = binary.BigEndian
	if r.b[0] == 1 {
		order = binary.LittleEndian
	}
	code := order.Uint32(r.b[1:])
	r.b = r.b[5:]
	size = 2
	if code&0x80000000 != 0 {
		size++
	}
	if code&0x40000000 != 0 {
		size++
	}
	if code&0x20000000 != 0 { // the projection of PostGIS
		if len(r.b) < 4 {
			return nil, 0, 0, ErrBroken
		}
		r.b = r.b[4:]
	}
	code &= 0x0FFFFFFF
	switch code / 1000 {
	case 1, 2:
		size++
	case 3:
		size += 2
	}
	r.flat = r.flat && size == 2
	return order, code % 1000, min(size, 4), nil
}

func (r *wkbReader) geometry(depth int) (g Geometry, err error) {
	order, kind, size, err := r.head()
	if err != nil || depth > maxParts {
		return g, ErrBroken
	}
	switch kind {
	case 1:
		line, err := r.positions(order, 1, size)
		if err == nil && line[0][0] != line[0][0] { // an empty point is NaN
			line = nil
		}
		return Geometry{Kind: Point, Lines: [][]Position{line}}, err
	case 2:
		line, err := r.line(order, size)
		return Geometry{Kind: LineString, Lines: [][]Position{line}}, err
	case 3, 17: // a triangle is a polygon
		return r.polygon(order, size)
	case 4, 5, 6, 7, 11, 12, 15, 16:
		return r.parts(order, kind, depth)
	case 8, 9, 10, 13, 14:
		return g, ErrCurve
	}
	return g, ErrBroken
}

// count reads a number of things that take at least least bytes each.
func (r *wkbReader) count(order binary.ByteOrder, least int) (int, error) {
	if len(r.b) < 4 {
		return 0, ErrBroken
	}
	n := int64(order.Uint32(r.b))
	r.b = r.b[4:]
	if n*int64(least) > int64(len(r.b)) {
		return 0, ErrBroken
	}
	return int(n), nil
}

func (r *wkbReader) line(order binary.ByteOrder, size int) ([]Position, error) {
	n, err := r.count(order, 8*size)
	if err != nil {
		return nil, err
	}
	return r.positions(order, n, size)
}

func (r *wkbReader) positions(order binary.ByteOrder, n, size int) ([]Position, error) {
	if len(r.b) < 8*size*n {
		return nil, ErrBroken
	}
	out := make([]Position, n)
	for i := range out {
		at := r.b[8*size*i:]
		out[i] = Position{math.Float64frombits(order.Uint64(at)), math.Float64frombits(order.Uint64(at[8:]))}
	}
	r.b = r.b[8*size*n:]
	return out, nil
}

func (r *wkbReader) polygon(order binary.ByteOrder, size int) (Geometry, error) {
	n, err := r.count(order, 4)
	g := Geometry{Kind: Polygon}
	for range n {
		var ring []Position
		if ring, err = r.line(order, size); err != nil {
			return g, err
		}
		g.Lines = append(g.Lines, ring)
	}
	return g, err
}

// parts reads a geometry made of others.
func (r *wkbReader) parts(order binary.ByteOrder, kind uint32, depth int) (Geometry, error) {
	n, err := r.count(order, 5)
	if err != nil {
		return Geometry{}, err
	}
	g := Geometry{Kind: map[uint32]Kind{4: MultiPoint, 5: MultiLineString, 6: MultiPolygon, 7: Collection, 11: MultiLineString,
		12: MultiPolygon, 15: MultiPolygon, 16: MultiPolygon}[kind]}
	member := map[Kind]Kind{MultiPoint: Point, MultiLineString: LineString, MultiPolygon: Polygon}[g.Kind]
	if g.Kind == MultiPoint {
		g.Lines = make([][]Position, 1)
	}
	for range n {
		p, err := r.geometry(depth + 1)
		if err != nil {
			return g, err
		}
		if g.Kind != Collection && p.Kind != member {
			return g, ErrBroken
		}
		switch g.Kind {
		case MultiPoint:
			g.Lines[0] = append(g.Lines[0], p.Lines[0]...)
		case MultiLineString:
			g.Lines = append(g.Lines, p.Lines...)
		default:
			g.Parts = append(g.Parts, p)
		}
	}
	return g, nil
}
