package geo

import (
	"encoding/binary"
	"math"
)

// The kinds of shapes in a shapefile; ten more stands for heights, twenty more for measures.
const (
	shapeNull       = 0
	shapePoint      = 1
	shapeLine       = 3
	shapePolygon    = 5
	shapeMultiPoint = 8
	shapePatches    = 31 // surfaces in space
)

// Shape reads the content of one record of a .shp file, without its header. A null shape is empty. Heights and measures are
// dropped. It takes memory in proportion to b. Errors: ErrBroken; ErrCurve for surfaces in space.
// Source: ESRI, "Shapefile Technical Description", 1998.
func Shape(b []byte) (Geometry, error) {
	if len(b) < 4 {
		return Geometry{}, ErrBroken
	}
	kind := binary.LittleEndian.Uint32(b)
	b = b[4:]
	if kind == shapePatches {
		return Geometry{}, ErrCurve
	}
	if kind > 10 && kind < 30 {
		kind %= 10
	}
	switch kind {
	case shapeNull:
		return Geometry{}, nil
	case shapePoint:
		line, err := shapePositions(b, 1)
		if err != nil || line[0][0] != line[0][0] || line[0][0] < -1e38 { // below that is no data
			return Geometry{}, err
		}
		return Geometry{Kind: Point, Lines: [][]Position{line}}, nil
	case shapeMultiPoint:
		if len(b) < 36 {
			return Geometry{}, ErrBroken
		}
		line, err := shapePositions(b[36:], int64(binary.LittleEndian.Uint32(b[32:])))
		return Geometry{Kind: MultiPoint, Lines: [][]Position{line}}, err
	case shapeLine, shapePolygon:
		lines, err := shapeParts(b)
		switch {
		case err != nil || len(lines) == 0:
			return Geometry{}, err
		case kind == shapePolygon:
			return Rings(lines)
		case len(lines) == 1:
			return Geometry{Kind: LineString, Lines: lines}, nil
		}
		return Geometry{Kind: MultiLineString, Lines: lines}, nil
	}
	return Geometry{}, ErrBroken
}

func shapePositions(b []byte, n int64) ([]Position, error) {
	if n*16 > int64(len(b)) {
		return nil, ErrBroken
	}
	out := make([]Position, n)
	for i := range out {
		out[i] = Position{math.Float64frombits(binary.LittleEndian.Uint64(b[16*i:])), math.Float64frombits(binary.LittleEndian.Uint64(b[16*i+8:]))}
	}
	return out, nil
}

// shapeParts reads the lines or the rings of a shape.
func shapeParts(b []byte) ([][]Position, error) {
	if len(b) < 40 {
		return nil, ErrBroken
	}
	parts, points := int64(binary.LittleEndian.Uint32(b[32:])), int64(binary.LittleEndian.Uint32(b[36:]))
	if b = b[40:]; parts*4 > int64(len(b)) {
		return nil, ErrBroken
	}
	all, err := shapePositions(b[4*parts:], points)
	if err != nil {
		return nil, err
	}
	var out [][]Position
	for i := range parts {
		from, to := int64(binary.LittleEndian.Uint32(b[4*i:])), points
		if i+1 < parts {
			to = int64(binary.LittleEndian.Uint32(b[4*i+4:]))
		}
		if from > to || to > points {
			return nil, ErrBroken
		}
		if from < to {
			out = append(out, all[from:to:to])
		}
	}
	return out, nil
}

// ringWork bounds how often a position is held against a side: a second or two.
const ringWork = 1 << 28

// Rings makes a polygon, or several, of rings in any order: those that turn clockwise are outer ones, and each other is a
// hole in the smallest of those around it. Where none turns clockwise, the file has it the other way round. A hole in nothing
// is a polygon of its own. Errors: ErrBroken for rings that would take more than seconds to tell apart.
func Rings(rings [][]Position) (Geometry, error) {
	areas := make([]float64, len(rings))
	sign := -1.0
	for i, r := range rings {
		if areas[i] = Area(r); areas[i] < 0 {
			sign = 1
		}
	}
	found := polygons{left: ringWork}
	for i, r := range rings {
		if areas[i]*sign < 0 {
			found.add(r, math.Abs(areas[i]))
		}
	}
	for i, r := range rings {
		if !(areas[i]*sign < 0) {
			found.pierce(r, math.Abs(areas[i]))
		}
	}
	if found.left < 0 {
		return Geometry{}, ErrBroken
	}
	if len(found.all) == 1 {
		return found.all[0], nil
	}
	return Geometry{Kind: MultiPolygon, Parts: found.all}, nil
}

// polygons are those whose outer ring is known.
type polygons struct {
	all   []Geometry
	boxes []Box
	areas []float64
	left  int // of ringWork
}

func (p *polygons) add(ring []Position, area float64) {
	box := EmptyBox
	for _, at := range ring {
		box.Extend(at)
	}
	p.all = append(p.all, Geometry{Kind: Polygon, Lines: [][]Position{ring}})
	p.boxes, p.areas = append(p.boxes, box), append(p.areas, area)
}

// pierce gives a hole to the smallest polygon around it.
func (p *polygons) pierce(hole []Position, area float64) {
	if len(p.all) == 1 && p.boxes[0].Holds(hole[0]) { // nearly always
		p.all[0].Lines = append(p.all[0].Lines, hole)
		return
	}
	best := -1
	p.left -= len(p.all)
	for i := 0; i < len(p.boxes) && p.left >= 0; i++ {
		if ring := p.all[i].Lines[0]; p.areas[i] >= area && (best < 0 || p.areas[i] < p.areas[best]) && p.boxes[i].Holds(hole[0]) {
			p.left -= 9 * len(ring)
			if inside(ring, hole) {
				best = i
			}
		}
	}
	if best < 0 {
		p.add(hole, area)
		return
	}
	p.all[best].Lines = append(p.all[best].Lines, hole)
}

// inside says whether a hole lies in a ring. Holes may touch their ring, so the first position that is no corner of it decides.
func inside(ring, hole []Position) bool {
	for _, at := range hole[:min(len(hole), 8)] {
		corner := false
		for _, c := range ring {
			if c == at {
				corner = true
				break
			}
		}
		if !corner {
			return Holds(ring, at)
		}
	}
	return Holds(ring, Position{(hole[0][0] + hole[len(hole)/2][0]) / 2, (hole[0][1] + hole[len(hole)/2][1]) / 2})
}
