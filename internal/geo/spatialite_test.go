package geo

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// hexSpatial are geometries as mod_spatialite 5.0.1 wrote them.
var hexSpatial = []struct {
	name, hex, want string
	srs             int
	flat            bool
}{
	{"a point", "0001E610000000000000000004400000000000204840000000000000044000000000002048407C0100000000000000000004400000000000204840FE",
		`{"type":"Point","coordinates":[2.5,48.25]}`, 4326, true},
	{"a short point", "0081E61000000100000000000004400000000000204840FE", `{"type":"Point","coordinates":[2.5,48.25]}`, 4326, true},
	{"a short point with a height", "0081E610000002000000000000044000000000002048400000000000001C40FE", `{"type":"Point","coordinates":[2.5,48.25]}`, 4326, false},
	{"a short point with all", "00816A08000004000000000000044000000000002048400000000000001C400000000000002040FE", `{"type":"Point","coordinates":[2.5,48.25]}`, 2154, false},
	{"a line with measures", "0001E610000000000000000000000000000000000000000000000000004000000000000008407CD20700000300000000000000000000000000000000000000000000000000F03F000000000000F83F000000000000F43F0000000000000040000000000000004000000000000008400000000000001040FE",
		`{"type":"LineString","coordinates":[[0,0],[1.5,1.25],[2,3]]}`, 4326, false},
	{"a collection", "0001E610000000000000000000000000000000000000000000000000F03F00000000000000407C07000000020000006901000000000000000000F03F000000000000004069020000000200000000000000000000000000000000000000000000000000F03F000000000000F03FFE",
		`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[0,0],[1,1]]}]}`, 4326, true},
	{"points", "0001E6100000000000000000F03F0000000000000040000000000000084000000000000010407C04000000020000006901000000000000000000F03F0000000000000040690100000000000000000008400000000000001040FE",
		`{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`, 4326, true},
	{"a packed line", "0001E610000000000000000000000000000000000000000000000000004000000000000008407C42420F0003000000000000000000000000000000000000000000C03F0000A03F00000000000000400000000000000840FE",
		`{"type":"LineString","coordinates":[[0,0],[1.5,1.25],[2,3]]}`, 4326, true},
	{"a packed line with heights", "0001E610000000000000000000000000000000000000000000000000004000000000000008407C2A460F000300000000000000000000000000000000000000000000000000F03F0000C03F0000A03F0000803F000000000000004000000000000008400000000000001040FE",
		`{"type":"LineString","coordinates":[[0,0],[1.5,1.25],[2,3]]}`, 4326, false},
	{"a packed line with measures", "0001E610000000000000000000000000000000000000000000000000224000000000000022407C124A0F000400000000000000000000000000000000000000000000000000F03F0000C03F0000A03F00000000000034400000003F0000E03F0000000000003540000000000000224000000000000022400000000000003640FE",
		`{"type":"LineString","coordinates":[[0,0],[1.5,1.25],[2,3],[9,9]]}`, 4326, false},
	{"a packed line with all", "0001E610000000000000000000000000000000000000000000000000004000000000000008407CFA4D0F000300000000000000000000000000000000000000000000000000F03F00000000000014400000C03F0000A03F0000803F00000000000018400000000000000040000000000000084000000000000010400000000000001C40FE",
		`{"type":"LineString","coordinates":[[0,0],[1.5,1.25],[2,3]]}`, 4326, false},
	{"a packed surface", "0001E610000000000000000000400000000000004840000000000000084000000000008048407C43420F000100000004000000000000000000004000000000000048400000803F00000000000000000000803F00000000000000400000000000004840FE",
		`{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,49],[2,48]]]}`, 4326, true},
}

func TestSpatiaLite_readsWhatItWrites(t *testing.T) {
	for _, c := range hexSpatial {
		g, srs, flat, err := SpatiaLite(unhex(t, c.hex))
		if got := string(g.AppendGeoJSON(nil)); got != c.want || srs != c.srs || flat != c.flat || err != nil {
			t.Errorf("%s: got %s, %d, %v, %v", c.name, got, srs, flat, err)
		}
	}
}

func TestSpatiaLite_refusesDamage(t *testing.T) {
	point := hexSpatial[0].hex
	for name, b := range map[string]string{
		"nothing":           "",
		"no end":            strings.TrimSuffix(point, "FE") + "00",
		"no start":          "01" + point[2:],
		"an order of bytes": point[:2] + "02" + point[4:],
		"no mark":           strings.Replace(point, "7C01", "7D01", 1),
		"cut":               point[:len(point)-20] + "FE",
		"too long":          strings.TrimSuffix(point, "FE") + "0000FE",
		"an unknown kind":   strings.Replace(point, "7C01", "7C09", 1),
		"a million lines":   strings.Replace(hexSpatial[5].hex, "7C0700000002000000", "7C07000000FFFFFF7F", 1),
		"a short point cut": "0081E61000000200000000000004400000000000204840FE",
	} {
		if g, _, _, err := SpatiaLite(unhex(t, b)); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: got %v, %v", name, g, err)
		}
	}
}

func FuzzSpatiaLite(f *testing.F) {
	for _, c := range hexSpatial {
		f.Add(unhex(f, c.hex))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, _, _, err := SpatiaLite(b)
		if err != nil || !g.Convert(nil) {
			return
		}
		if text := g.AppendGeoJSON(nil); (len(text) == 0) != g.Empty() || len(text) > 0 && !json.Valid(text) {
			t.Errorf("%x became %q", b, text)
		}
	})
}
