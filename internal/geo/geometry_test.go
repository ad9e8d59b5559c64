package geo

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// hexWKB are geometries as Shapely writes them (hex, both byte orders, with and without heights), beside their GeoJSON.
var hexWKB = []struct{ name, hex, want string }{
	{"a point", "0101000000CDCCCCCCCCCC0240666666666666F83F", `{"type":"Point","coordinates":[2.35,1.525]}`},
	{"a point, big-endian", "00000000014002CCCCCCCCCCCD3FF8666666666666", `{"type":"Point","coordinates":[2.35,1.525]}`},
	{"an empty point", "0101000000000000000000F87F000000000000F87F", ``},
	{"a point with a height, ISO", "01E9030000000000000000F03F00000000000000400000000000000840", `{"type":"Point","coordinates":[1,2]}`},
	{"a point with a height and a projection, PostGIS", "01010000A0E6100000000000000000F03F00000000000000400000000000000840", `{"type":"Point","coordinates":[1,2]}`},
	{"a line", "010200000002000000000000000000F03F000000000000004000000000000008400000000000001040", `{"type":"LineString","coordinates":[[1,2],[3,4]]}`},
	{"points", "0104000000020000000101000000000000000000F03F000000000000004001010000000000000000000840" + "0000000000001040", `{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`},
	{"a clockwise polygon is turned", "0103000000010000000400000000000000000000000000000000000000000000000000000000000000" + "0000F03F000000000000F03F000000000000000000000000000000000000000000000000",
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,1],[0,0]]]}`},
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWKB_becomesGeoJSON(t *testing.T) {
	for _, c := range hexWKB {
		t.Run(c.name, func(t *testing.T) {
			b := unhex(t, c.hex)
			g, flat, err := WKB(b)
			if err != nil || flat == strings.Contains(c.name, "height") {
				t.Fatalf("got %v, flat %v", err, flat)
			}
			if got := string(g.AppendGeoJSON(nil)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for n := range b {
				if _, _, err := WKB(b[:n]); err != ErrBroken {
					t.Errorf("cut at %d: got %v, want ErrBroken", n, err)
				}
			}
			framed := append(binary.LittleEndian.AppendUint32([]byte{'G', 'P', 0, 1}, 2154), b...)
			if again, srs, err := GeoPackage(framed); err != nil || srs != 2154 || string(again.AppendGeoJSON(nil)) != c.want {
				t.Errorf("in a GeoPackage: got %v, %d, %v", again, srs, err)
			}
		})
	}
}

func TestWKB_refusesWhatLies(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		want error
	}{
		"a line of four thousand million points": {"0102000000FFFFFFFF", ErrBroken},
		"a polygon of as many rings":             {"0103000000FFFFFFFF", ErrBroken},
		"an arc":                                 {"010800000000000000", ErrCurve},
		"a kind that is none":                    {"016300000000000000", ErrBroken},
		"collections without an end":             {strings.Repeat("010700000001000000", 40), ErrBroken},
		"a line among polygons":                  {"01060000000100000001020000000000000000", ErrBroken},
	} {
		if _, _, err := WKB(unhex(t, c.hex)); err != c.want {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestAppendGeoJSON_writesWhatRFC7946Asks(t *testing.T) {
	square := func(x, y, side float64, back bool) []Position {
		r := []Position{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
		if back {
			r[1], r[3] = r[3], r[1]
		}
		return r
	}
	for _, c := range []struct {
		name string
		g    Geometry
		want string
	}{
		{"nothing", Geometry{}, ""},
		{"an empty collection", Geometry{Kind: Collection, Parts: []Geometry{{Kind: Point}}}, ""},
		{"a hole goes clockwise", Geometry{Kind: Polygon, Lines: [][]Position{square(0, 0, 9, true), square(1, 1, 1, false)}},
			`{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]}`},
		{"several polygons", Geometry{Kind: MultiPolygon, Parts: []Geometry{{Kind: Polygon, Lines: [][]Position{square(0, 0, 1, false)}}, {}, {Kind: Polygon, Lines: [][]Position{square(5, 5, 1, true)}}}},
			`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,6],[5,5]]]]}`},
		{"a collection", Geometry{Kind: Collection, Parts: []Geometry{{Kind: Point, Lines: [][]Position{{{1, 2}}}}, {Kind: MultiLineString, Lines: [][]Position{{{1, 2}, {3, 4}}, {}}}}},
			`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}]}`},
		{"seven decimals", Geometry{Kind: Point, Lines: [][]Position{{{-0.00000004, 48.123456789}}}}, `{"type":"Point","coordinates":[0,48.1234568]}`},
		{"metres", Geometry{Kind: Point, Lines: [][]Position{{{-652469.02, 6862035.26}}}}, `{"type":"Point","coordinates":[-652469.02,6862035.26]}`},
	} {
		got := string(c.g.AppendGeoJSON(nil))
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if got != "" && !json.Valid([]byte(got)) {
			t.Errorf("%s: not JSON", c.name)
		}
	}
}

func TestConvert_refusesWhatIsNoPlace(t *testing.T) {
	for name, c := range map[string]struct {
		at Position
		p  *Projection
		ok bool
	}{
		"Paris":                             {Position{652469.02, 6862035.26}, Lambert93, true},
		"no number":                         {Position{math.NaN(), 0}, nil, false},
		"infinite":                          {Position{0, math.Inf(1)}, nil, false},
		"metres where there is no grid":     {Position{652469.02, 6862035.26}, nil, true},
		"metres that are said to be angles": {Position{652469.02, 6862035.26}, mustCode(4326), false},
	} {
		g := Geometry{Kind: Point, Lines: [][]Position{{c.at}}}
		if ok := g.Convert(c.p); ok != c.ok {
			t.Errorf("%s: got %v, %v", name, g, ok)
		}
	}
}

func TestBoxOf_holdsEveryPosition(t *testing.T) {
	for _, c := range []struct {
		text string
		want Box
		ok   bool
	}{
		{`{"type":"Point","coordinates":[2.35,48.85]}`, Box{2.35, 48.85, 2.35, 48.85}, true},
		{`{ "coordinates" : [ [ -1.5, 43, 12 ] , [3,4.25] ] }`, Box{-1.5, 4.25, 3, 43}, true},
		{`{"geometries":[{"coordinates":[1,2]},{"coordinates":[[[3,4],[5,6]]]}]}`, Box{1, 2, 5, 6}, true},
		{`{"type":"Point","coordinates":[652469,6862035]}`, Box{}, false},
		{`{"type":"Point","coordinates":[]}`, Box{}, false},
		{`{"coordinates":[1,2`, Box{}, false}, {`{"coordinates":3}`, Box{}, false}, {"", Box{}, false},
	} {
		if got, ok := BoxOf(c.text); ok != c.ok || ok && got != c.want {
			t.Errorf("%s: got %v, %v", c.text, got, ok)
		}
	}
}

func FuzzWKB(f *testing.F) {
	for _, c := range hexWKB {
		f.Add(unhex(f, c.hex))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, _, err := WKB(b)
		if err != nil || !g.Convert(nil) {
			return
		}
		text := g.AppendGeoJSON(nil)
		if (len(text) == 0) != g.Empty() || len(text) > 0 && !json.Valid(text) {
			t.Errorf("%x became %q", b, text)
		}
		BoxOf(string(text))
		_, _, _ = GeoPackage(b)
	})
}
