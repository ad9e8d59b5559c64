package geo

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// metresApart is how far two positions in degrees are, on a sphere.
func metresApart(a, b Position) float64 {
	const degree = 6371000 * radians
	return math.Hypot((a[0]-b[0])*math.Cos(a[1]*radians), a[1]-b[1]) * degree
}

type control struct {
	code       int
	at, degree Position
}

// controls are the points of testdata/points.csv: see testdata/SOURCES.md.
func controls(t testing.TB) []control {
	t.Helper()
	f, err := os.Open("testdata/points.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []control
	for _, rec := range records[1:] {
		var v [5]float64
		for i, s := range rec {
			if v[i], err = strconv.ParseFloat(s, 64); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, control{int(v[0]), Position{v[1], v[2]}, Position{v[3], v[4]}})
	}
	return out
}

func TestDegrees_agreesWithPROJWithinTwoMillimetres(t *testing.T) {
	worst := 0.0
	for _, c := range controls(t) {
		p, ok := ByCode(c.code)
		if !ok {
			t.Fatalf("EPSG:%d is not known", c.code)
		}
		if d := metresApart(p.Degrees(c.at), c.degree); !(d < 0.002) {
			t.Errorf("EPSG:%d %s %v: got %v, want %v: %.4f m", c.code, p.Name, c.at, p.Degrees(c.at), c.degree, d)
		} else {
			worst = max(worst, d)
		}
	}
	t.Logf("worst %.6f m", worst)
}

// TestConic_agreesWithIGN runs the worked examples of IGN's NTG 71 for ALG0002 and ALG0004 (Lambert I on NTF).
func TestConic_agreesWithIGN(t *testing.T) {
	if got := (ellipsoid{a: 1, e: 0.08199188998}).latitude(math.Exp(-1.00552653648)); math.Abs(got-0.872664626) > 1e-9 {
		t.Errorf("ALG0002: got %.9f, want 0.872664626", got)
	}
	p, _ := ByCode(27561)
	lon, lat := p.inverse(1029705.083-p.x0, 272723.849-p.y0)
	if lon += p.prime * radians; math.Abs(lon-0.1455120993) > 2e-9 || math.Abs(lat-0.8726646257) > 2e-9 {
		t.Errorf("ALG0004: got %.10f, %.10f, want 0.1455120993, 0.8726646257", lon, lat)
	}
}

func TestDegrees_putsTheEiffelTowerInItsPlace(t *testing.T) {
	// Both from IGN's own geodesic pages, to three metres.
	if got := Lambert93.Degrees(Position{648237.3, 6862271.9}); metresApart(got, Position{2.29448, 48.85838}) > 3 {
		t.Errorf("got %v, want 2.29448, 48.85838", got)
	}
}

func TestByWKT_knowsWhatProgramsWrite(t *testing.T) {
	points := map[int][]control{}
	for _, c := range controls(t) {
		points[c.code] = append(points[c.code], c)
	}
	text, err := os.ReadFile("testdata/wkt.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		f := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		code, _ := strconv.Atoi(f[0])
		for _, wkt := range []string{f[2], withoutCode(f[2])} {
			p, name, ok := ByWKT(wkt)
			if !ok {
				if f[1] == "WKT2_2019" && wkt != f[2] {
					continue // only the code of version 2 is read
				}
				t.Errorf("EPSG:%d %s %s is not recognised: %s", code, f[1], name, wkt)
				continue
			}
			n++
			for _, c := range points[code] {
				if d := metresApart(p.Degrees(c.at), c.degree); !(d < 0.01) {
					t.Errorf("EPSG:%d %s: %v is %.4f m off", code, f[1], c.at, d)
				}
			}
			if known, _ := ByCode(code); code < 5000 && known.Plain() != p.Plain() {
				t.Errorf("EPSG:%d %s: Plain is %v", code, f[1], p.Plain())
			}
		}
	}
	if n < 150 {
		t.Errorf("only %d texts were read", n)
	}
}

// withoutCode takes the codes away, so that the numbers must be read.
func withoutCode(wkt string) string {
	return strings.ReplaceAll(strings.ReplaceAll(wkt, `"EPSG"`, `"NONE"`), ",ID[", ",REMARK[")
}

func TestByWKT_refusesWhatItDoesNotKnow(t *testing.T) {
	for _, c := range []struct{ wkt, name string }{
		{"", ""}, {"garbage", ""}, {"PROJCS[", ""}, {`PROJCS["a"`, ""},
		{`LOCAL_CS["Plan du cimetière"]`, "Plan du cimetière"},
		{`PROJCS["Swiss",GEOGCS["CH",DATUM["CH1903",SPHEROID["Bessel",6377397.155,299.15]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Hotine_Oblique_Mercator"],UNIT["metre",1]]`, "Swiss"},
		{`PROJCS["x",GEOGCS["y",DATUM["WGS_1984",SPHEROID["WGS",6378137,298.25]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Krovak"],UNIT["metre",1]]`, "x"},
		{`PROJCS["x",GEOGCS["y",DATUM["WGS_1984",SPHEROID["WGS",6378137,298.25]]],PROJECTION["Lambert_Conformal_Conic"],UNIT["metre",1]]`, "x"},
	} {
		if p, name, ok := ByWKT(c.wkt); ok || name != c.name {
			t.Errorf("%s: got %v, %q, %v", c.wkt, p, name, ok)
		}
	}
	if p, _, ok := ByWKT(`GEOGCS["Autre",DATUM["Autre",SPHEROID["Bessel",6377397.155,299.15],TOWGS84[674,15,405]],UNIT["degree",0.0174532925199433]]`); !ok || p.Plain() {
		t.Error("a datum whose change is given is not read")
	}
}

func FuzzByWKT(f *testing.F) {
	text, err := os.ReadFile("testdata/wkt.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		f.Add(line[strings.LastIndexByte(line, '\t')+1:])
	}
	f.Fuzz(func(t *testing.T, wkt string) {
		if p, _, ok := ByWKT(wkt); ok {
			p.Degrees(Position{700000, 6600000})
		}
	})
}
