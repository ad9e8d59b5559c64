package geo

import (
	"encoding/binary"
	"math"
)

// SpatiaLite reads a geometry as SpatiaLite stores it, its compressed lines and its short points included. srs is the
// identifier of its projection in the file. Heights and measures are dropped: flat is false when there were some. It takes
// memory in proportion to b. Errors: ErrBroken.
// Source: SpatiaLite, "BLOB-Geometry" and "TinyPoint BLOB encoding".
func SpatiaLite(b []byte) (g Geometry, srs int, flat bool, err error) {
	if len(b) < spatialPoint || b[0] != 0 || b[len(b)-1] != 0xFE || b[1]&^0x81 != 0 {
		return g, 0, true, ErrBroken
	}
	r := spatialReader{order: binary.BigEndian, b: b[6 : len(b)-1]}
	if b[1]&1 == 1 {
		r.order = binary.LittleEndian
	}
	srs = int(int32(r.order.Uint32(b[2:])))
	if b[1]&0x80 != 0 {
		g, flat, err = r.tiny()
		return g, srs, flat, err
	}
	if len(b) < spatialHead+5 || b[38] != 0x7C {
		return g, srs, true, ErrBroken
	}
	r.b = b[spatialHead : len(b)-1]
	g, size, err := r.geometry(0)
	if err == nil && len(r.b) > 0 {
		err = ErrBroken
	}
	return g, srs, size == 2, err
}

// The sizes of what stands before a geometry, and of the shortest one.
const (
	spatialHead  = 39 // mark, order, projection, extent, mark
	spatialPoint = 24
)

// A spatialReader reads the part of a geometry that is after its head.
type spatialReader struct {
	order binary.ByteOrder
	b     []byte
}

// tiny reads a point without its extent.
func (r *spatialReader) tiny() (g Geometry, flat bool, err error) {
	kind := r.b[0]
	sizes := map[byte]int{1: 2, 2: 3, 3: 3, 4: 4}
	if r.b = r.b[1:]; len(r.b) != 8*sizes[kind] || kind == 0 {
		return g, true, ErrBroken
	}
	line, err := r.positions(1, 8*sizes[kind])
	return Geometry{Kind: Point, Lines: [][]Position{line}}, kind == 1, err
}

func (r *spatialReader) uint32() (uint32, bool) {
	if len(r.b) < 4 {
		return 0, false
	}
	v := r.order.Uint32(r.b)
	r.b = r.b[4:]
	return v, true
}

// count reads a number of things that take at least so many bytes each.
func (r *spatialReader) count(least int) (int, error) {
	n, ok := r.uint32()
	if !ok || int64(n)*int64(least) > int64(len(r.b)) {
		return 0, ErrBroken
	}
	return int(n), nil
}

// geometry reads one, with how many numbers its positions have.
func (r *spatialReader) geometry(depth int) (g Geometry, size int, err error) {
	class, ok := r.uint32()
	packed := class/1_000_000 == 1
	sizes := [...]int{2, 3, 3, 4}
	dimensions := class % 1_000_000 / 1000
	if !ok || depth > 1 || class >= 2_000_000 || int(dimensions) >= len(sizes) {
		return g, 2, ErrBroken
	}
	size = sizes[dimensions]
	line := func() ([]Position, error) { return r.line(8*size, packed, dimensions) }
	switch kind := Kind(class % 1000); {
	case kind == Point && !packed:
		at, err := r.positions(1, 8*size)
		if err == nil && at[0][0] != at[0][0] { // an empty point is NaN
			at = nil
		}
		return Geometry{Kind: Point, Lines: [][]Position{at}}, size, err
	case kind == LineString:
		at, err := line()
		return Geometry{Kind: kind, Lines: [][]Position{at}}, size, err
	case kind == Polygon:
		n, err := r.count(4)
		g.Kind = Polygon
		for ; n > 0 && err == nil; n-- {
			var ring []Position
			ring, err = line()
			g.Lines = append(g.Lines, ring)
		}
		return g, size, err
	case kind >= MultiPoint && kind <= Collection && !packed:
		g, err = r.parts(kind, depth)
		return g, size, err
	}
	return g, size, ErrBroken
}

// parts reads a geometry made of others, each after its mark.
func (r *spatialReader) parts(kind Kind, depth int) (Geometry, error) {
	n, err := r.count(5)
	g := Geometry{Kind: kind}
	member := map[Kind]Kind{MultiPoint: Point, MultiLineString: LineString, MultiPolygon: Polygon}[kind]
	if kind == MultiPoint {
		g.Lines = make([][]Position, 1)
	}
	for ; n > 0 && err == nil; n-- {
		if len(r.b) == 0 || r.b[0] != 0x69 {
			return g, ErrBroken
		}
		r.b = r.b[1:]
		var p Geometry
		if p, _, err = r.geometry(depth + 1); err == nil && kind != Collection && p.Kind != member {
			return g, ErrBroken
		}
		switch {
		case err != nil:
		case kind == MultiPoint:
			g.Lines[0] = append(g.Lines[0], p.Lines[0]...)
		case kind == MultiLineString:
			g.Lines = append(g.Lines, p.Lines...)
		default:
			g.Parts = append(g.Parts, p)
		}
	}
	return g, err
}

// line reads the positions of a line. In a packed one, those between the first and the last are short numbers to add to the position
// before; measures, which come last, are not packed.
func (r *spatialReader) line(stride int, packed bool, dimensions uint32) ([]Position, error) {
	if !packed {
		n, err := r.count(stride)
		if err != nil {
			return nil, err
		}
		return r.positions(n, stride)
	}
	short := [...]int{8, 12, 16, 20}[dimensions]
	n, err := r.count(short)
	if err != nil || n == 0 {
		return nil, err
	}
	out, err := r.positions(1, stride)
	for ; err == nil && len(out) < n-1; r.b = r.b[short:] {
		if len(r.b) < short {
			return nil, ErrBroken
		}
		before := out[len(out)-1]
		dx, dy := math.Float32frombits(r.order.Uint32(r.b)), math.Float32frombits(r.order.Uint32(r.b[4:]))
		out = append(out, Position{before[0] + float64(dx), before[1] + float64(dy)})
	}
	if err != nil || n == 1 {
		return out, err
	}
	last, err := r.positions(1, stride)
	return append(out, last...), err
}

// positions reads n of them, of so many bytes each.
func (r *spatialReader) positions(n, stride int) ([]Position, error) {
	if len(r.b) < n*stride {
		return nil, ErrBroken
	}
	out := make([]Position, n)
	for i := range out {
		at := r.b[i*stride:]
		out[i] = Position{math.Float64frombits(r.order.Uint64(at)), math.Float64frombits(r.order.Uint64(at[8:]))}
	}
	r.b = r.b[n*stride:]
	return out, nil
}
