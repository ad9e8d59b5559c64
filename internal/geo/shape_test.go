package geo

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"testing"
)

// shapeOf writes a polygon or lines as a .shp file has them.
func shapeOf(kind uint32, parts ...[]Position) []byte {
	b := binary.LittleEndian.AppendUint32(nil, kind)
	b = append(b, make([]byte, 32)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(parts)))
	total := 0
	for _, p := range parts {
		total += len(p)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(total))
	at := 0
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint32(b, uint32(at))
		at += len(p)
	}
	for _, p := range parts {
		for _, at := range p {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(at[0]))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(at[1]))
		}
	}
	return b
}

// square is a ring of a side, clockwise unless back.
func square(x, y, side float64, back bool) []Position {
	r := []Position{{x, y}, {x, y + side}, {x + side, y + side}, {x + side, y}, {x, y}}
	if back {
		r[1], r[3] = r[3], r[1]
	}
	return r
}

func TestShape_groupsRings(t *testing.T) {
	const (
		outer = `[[0,0],[9,0],[9,9],[0,9],[0,0]]`
		hole  = `[[1,1],[1,8],[8,8],[8,1],[1,1]]`
		isle  = `[[2,2],[7,2],[7,7],[2,7],[2,2]]`
		lake  = `[[3,3],[3,4],[4,4],[4,3],[3,3]]`
	)
	for _, c := range []struct {
		name  string
		rings [][]Position
		want  string
	}{
		{"one ring", [][]Position{square(0, 0, 9, false)}, `{"type":"Polygon","coordinates":[` + outer + `]}`},
		{"one ring the other way round", [][]Position{square(0, 0, 9, true)}, `{"type":"Polygon","coordinates":[` + outer + `]}`},
		{"a hole", [][]Position{square(0, 0, 9, false), square(1, 1, 7, true)}, `{"type":"Polygon","coordinates":[` + outer + `,` + hole + `]}`},
		{"the hole first", [][]Position{square(1, 1, 7, true), square(0, 0, 9, false)}, `{"type":"Polygon","coordinates":[` + outer + `,` + hole + `]}`},
		{"an island in a lake, with a lake", [][]Position{square(0, 0, 9, false), square(2, 2, 5, false), square(3, 3, 1, true), square(1, 1, 7, true)},
			`{"type":"MultiPolygon","coordinates":[[` + outer + `,` + hole + `],[` + isle + `,` + lake + `]]}`},
		{"a hole that touches its ring", [][]Position{square(0, 0, 9, false), square(20, 0, 9, false), {{0, 0}, {4, 1}, {1, 4}, {0, 0}}},
			`{"type":"MultiPolygon","coordinates":[[` + outer + `,[[0,0],[1,4],[4,1],[0,0]]],[[[20,0],[29,0],[29,9],[20,9],[20,0]]]]}`},
		{"a hole in nothing", [][]Position{square(0, 0, 9, false), square(20, 0, 9, true)},
			`{"type":"MultiPolygon","coordinates":[[` + outer + `],[[[20,0],[29,0],[29,9],[20,9],[20,0]]]]}`},
		{"no surface at all", [][]Position{{{0, 0}, {1, 1}, {0, 0}}}, `{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}`},
	} {
		g, err := Shape(shapeOf(5, c.rings...))
		if got := string(g.AppendGeoJSON(nil)); err != nil || got != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.name, got, err, c.want)
		}
	}
}

func TestShape_readsEachKind(t *testing.T) {
	point := func(kind uint32, ordinates ...float64) []byte {
		b := binary.LittleEndian.AppendUint32(nil, kind)
		for _, v := range ordinates {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	multi := binary.LittleEndian.AppendUint32(nil, 8)
	multi = append(multi, make([]byte, 32)...)
	multi = binary.LittleEndian.AppendUint32(multi, 2)
	multi = append(multi, point(0, 1, 2, 3, 4)[4:]...)
	for _, c := range []struct {
		name, want string
		b          []byte
		err        error
	}{
		{"a null shape", "", point(0), nil},
		{"a point", `{"type":"Point","coordinates":[1,2]}`, point(1, 1, 2), nil},
		{"a point with height and measure", `{"type":"Point","coordinates":[1,2]}`, point(11, 1, 2, 3, 4), nil},
		{"a point that is no data", "", point(21, -1.7e308, -1.7e308), nil},
		{"points", `{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`, multi, nil},
		{"a line", `{"type":"LineString","coordinates":[[0,0],[1,1]]}`, shapeOf(3, []Position{{0, 0}, {1, 1}}), nil},
		{"lines, one of them empty", `{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}`,
			shapeOf(13, []Position{{0, 0}, {1, 1}}, nil, []Position{{2, 2}, {3, 3}}), nil},
		{"surfaces in space", "", point(31), ErrCurve},
		{"a cut point", "", point(1, 1), ErrBroken},
		{"cut lines", "", shapeOf(3, []Position{{0, 0}, {1, 1}})[:70], ErrBroken},
		{"more points than bytes", "", multi[:60], ErrBroken},
		{"an unknown kind", "", point(7, 1, 2), ErrBroken},
		{"nothing", "", nil, ErrBroken},
	} {
		g, err := Shape(c.b)
		if got := string(g.AppendGeoJSON(nil)); !errors.Is(err, c.err) || err == nil && got != c.want {
			t.Errorf("%s: got %q, %v, want %q, %v", c.name, got, err, c.want, c.err)
		}
	}
}

// TestRings_givesUp is a shape made to be slow: as many nested rings as holes.
func TestRings_givesUp(t *testing.T) {
	var rings [][]Position
	for i := range 20_000 {
		v := float64(i) / 1e6
		rings = append(rings, square(v, v, 1-2*v, i%2 == 0))
	}
	if _, err := Rings(rings); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want ErrBroken", err)
	}
}

func FuzzShape(f *testing.F) {
	f.Add(shapeOf(5, square(0, 0, 9, false), square(1, 1, 7, true)))
	f.Add(shapeOf(13, []Position{{0, 0}, {1, 1}}, nil))
	f.Add(shapeOf(8, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := Shape(b)
		if err != nil || !g.Convert(nil) {
			return
		}
		if text := g.AppendGeoJSON(nil); (len(text) == 0) != g.Empty() || len(text) > 0 && !json.Valid(text) {
			t.Errorf("%x became %q", b, text)
		}
	})
}
