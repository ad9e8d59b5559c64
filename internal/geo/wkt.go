package geo

import (
	"math"
	"strconv"
	"strings"
)

// ByWKT returns the projection a .prj file or a GeoPackage describes, in the well-known text of ESRI or of OGC. A code that
// [ByCode] knows is believed; else the numbers are read: conformal conic, transverse Mercator, Mercator, Lambert azimuthal
// and degrees, on a datum that stands for WGS 84, on NTF, on ED50, or on one whose change to WGS 84 is given (TOWGS84).
// ok is false for any other; name is then what the text calls it, "" when it is no such text.
// Source: OGC 01-009 § 7; OGC 18-010r7 for the codes of version 2.
func ByWKT(text string) (p *Projection, name string, ok bool) {
	r := wktReader{text: strings.TrimPrefix(text, "\uFEFF")}
	root, ok := r.node(0)
	if !ok || len(text) > maxWKT {
		return nil, "", false
	}
	name = root.text(0)
	if strings.HasPrefix(root.word, "COMPD") || strings.HasPrefix(root.word, "COMPOUND") || root.word == "BOUNDCRS" {
		root = root.firstOf("PROJCS", "PROJCRS", "GEOGCS", "GEOGCRS", "GEODCRS", "SOURCECRS")
		if root.word == "SOURCECRS" {
			root = root.firstOf("PROJCRS", "GEOGCRS", "GEODCRS")
		}
	}
	if p, ok := ByCode(root.code()); ok {
		return p, name, true
	}
	d, ok := root.definition()
	if !ok {
		return nil, name, false
	}
	return d.projection(plainName(name), 0), name, true
}

// maxWKT bounds a description, in bytes; the longest have about 5,000.
const maxWKT = 64 << 10

// plainName says the commonest names of ESRI as IGN does.
func plainName(name string) string {
	switch zone, cc := strings.CutPrefix(name, "RGF_1993_CC"); {
	case name == "RGF_1993_Lambert_93" || name == "RGF93_Lambert_93" || name == "RGF93 / Lambert-93" || name == "Lambert-93":
		return "Lambert-93"
	case cc:
		return "CC" + zone
	case name == "NTF_Paris_Lambert_Zone_II" || name == "NTF_Lambert_II_etendu":
		return "Lambert II étendu (NTF)"
	case name == "WGS_1984_Web_Mercator_Auxiliary_Sphere":
		return "Web Mercator"
	case name == "GCS_WGS_1984":
		return "WGS 84"
	}
	return strings.ReplaceAll(name, "_", " ")
}

// A wktNode is WORD[item, item…]; an item is a text, a number as it is written, or a node.
type wktNode struct {
	word  string
	items []string
	nodes []wktNode
}

// text is the item at position i, "" for none.
func (n wktNode) text(i int) string {
	if i < len(n.items) {
		return n.items[i]
	}
	return ""
}

func (n wktNode) number(i int) (float64, bool) {
	v, err := strconv.ParseFloat(n.text(i), 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// firstOf is the first node of one of the words, an empty one for none.
func (n wktNode) firstOf(words ...string) wktNode {
	for _, c := range n.nodes {
		for _, w := range words {
			if c.word == w {
				return c
			}
		}
	}
	return wktNode{}
}

// code is the EPSG code of the node, 0 for none.
func (n wktNode) code() int {
	id := n.firstOf("AUTHORITY", "ID")
	if !strings.EqualFold(id.text(0), "EPSG") {
		return 0
	}
	code, err := strconv.Atoi(id.text(1))
	if err != nil {
		return 0
	}
	return code
}

// definition reads the numbers of a PROJCS or a GEOGCS.
func (n wktNode) definition() (d definition, ok bool) {
	d = definition{unit: 1, scale: 1}
	angles := n
	if n.word == "PROJCS" {
		angles = n.firstOf("GEOGCS")
		if d.unit, ok = n.firstOf("UNIT").number(1); !ok {
			d.unit = 1
		}
	}
	if angles.word != "GEOGCS" || !d.datum(angles) {
		return d, false
	}
	unit, ok := angles.firstOf("UNIT").number(1)
	if !ok || unit <= 0 {
		unit = radians
	}
	switch prime := angles.firstOf("PRIMEM"); {
	case strings.EqualFold(prime.text(0), "Paris"):
		d.prime = parisDegrees // in degrees or in grads, as programs like
	default:
		v, _ := prime.number(1)
		d.prime = v * unit / radians
	}
	if math.Abs(unit-radians) < 1e-9 {
		unit = radians // written with nine digits or with fifteen
	}
	if n.word == "GEOGCS" {
		d.unit = unit / radians
		return d, true
	}
	return d, d.unit > 0 && d.flatten(n, unit/radians)
}

// sameAsWGS84 are parts of the names of the datums that stand for it, folded.
var sameAsWGS84 = []string{"wgs1984", "wgs84", "rgf", "reseaugeodesique", "etrs", "europeanterrestrialreferencesystem", "rgaf", "rraf",
	"reseaudereference", "mayottegeodetic", "rgr1992", "rgr92", "rgfg", "rgm", "rgspm", "rgnc", "rgpf", "rgwf", "rgtaaf", "worldgeodeticsystem1984"}

// datum reads the ellipsoid and how the datum stands to WGS 84.
func (d *definition) datum(angles wktNode) bool {
	datum := angles.firstOf("DATUM")
	figure := datum.firstOf("SPHEROID")
	a, ok := figure.number(1)
	inverse, ok2 := figure.number(2)
	if !ok || !ok2 || a < 6e6 || a > 7e6 || inverse != 0 && inverse < 100 {
		return false
	}
	d.on = ellipsoidOf(a, inverse)
	name := strings.NewReplacer("_", "", " ", "", "-", "").Replace(strings.ToLower(datum.text(0)))
	has := func(part string) bool { return strings.Contains(name, part) }
	switch given := datum.firstOf("TOWGS84"); {
	case has("nouvelletriangulation") || has("ntf"):
		d.shift = &fromNTF
	case has("europeandatum1950") || has("european1950"):
		d.shift = &fromED50
	case len(given.items) >= 3:
		d.shift = new(helmert)
		for i := range min(len(given.items), len(d.shift)) {
			if d.shift[i], ok = given.number(i); !ok {
				return false
			}
		}
		if *d.shift == (helmert{}) {
			d.shift = nil
		}
	default:
		for _, same := range sameAsWGS84 {
			if has(same) {
				return true
			}
		}
		return false
	}
	return true
}

// flatten reads the projection of a PROJCS; angle is the degrees of one unit of its angles.
func (d *definition) flatten(n wktNode, angle float64) bool {
	values := map[string]float64{}
	for _, c := range n.nodes {
		if v, ok := c.number(1); ok && c.word == "PARAMETER" {
			values[strings.ToLower(c.text(0))] = v
		}
	}
	d.x0, d.y0 = values["false_easting"]*d.unit, values["false_northing"]*d.unit
	if k, ok := values["scale_factor"]; ok {
		d.scale = k
	}
	d.lat0 = (values["latitude_of_origin"] + values["latitude_of_center"]) * angle
	d.lon0 = (values["central_meridian"] + values["longitude_of_center"]) * angle
	var two, one bool
	d.lat1, one = values["standard_parallel_1"]
	d.lat2, two = values["standard_parallel_2"]
	d.lat1, d.lat2 = d.lat1*angle, d.lat2*angle
	if !one {
		d.lat1 = d.lat0
	}
	if !two {
		d.lat2 = d.lat1
	}
	method := strings.ToLower(n.firstOf("PROJECTION").text(0))
	switch {
	case strings.HasPrefix(method, "lambert_conformal_conic"):
		d.method = conic
		return d.lat1 != 0 && d.lat1+d.lat2 != 0 && math.Abs(d.lat0) < 90 && math.Abs(d.lat1) < 90 && math.Abs(d.lat2) < 90
	case method == "transverse_mercator" || method == "gauss_kruger":
		d.method = transverse
		return math.Abs(d.lat0) < 90
	case method == "mercator_auxiliary_sphere" || method == "popular_visualisation_pseudo_mercator" || strings.Contains(n.text(0), "Pseudo-Mercator"):
		d.method, d.on.e = webMercator, 0
		return true
	case method == "mercator" || method == "mercator_1sp":
		d.method = mercator
		return d.lat1 == 0 && d.lat0 == 0
	case method == "lambert_azimuthal_equal_area":
		d.method = equalArea
		return math.Abs(d.lat0) < 90
	}
	return false
}

// wktReader cuts a well-known text.
type wktReader struct {
	text string
	at   int
}

// maxNested bounds how deep a description nests; real ones reach 6.
const maxNested = 12

func (r *wktReader) space() {
	for r.at < len(r.text) && r.text[r.at] <= ' ' {
		r.at++
	}
}

// word reads up to a sign of the grammar.
func (r *wktReader) word() string {
	r.space()
	start := r.at
	for r.at < len(r.text) && !strings.ContainsRune("[](),\"", rune(r.text[r.at])) {
		r.at++
	}
	return strings.TrimSpace(r.text[start:r.at])
}

// quoted reads a text in quotes; two quotes stand for one.
func (r *wktReader) quoted() (string, bool) {
	var b strings.Builder
	for r.at++; r.at < len(r.text); r.at++ {
		if r.text[r.at] != '"' {
			b.WriteByte(r.text[r.at])
			continue
		}
		r.at++
		if r.at == len(r.text) || r.text[r.at] != '"' {
			return b.String(), true
		}
		b.WriteByte('"')
	}
	return "", false
}

// node reads WORD[…].
func (r *wktReader) node(depth int) (wktNode, bool) {
	return r.inside(wktNode{word: strings.ToUpper(r.word())}, depth)
}

// inside reads the brackets of a node.
func (r *wktReader) inside(n wktNode, depth int) (wktNode, bool) {
	if depth > maxNested || n.word == "" || r.at >= len(r.text) || r.text[r.at] != '[' && r.text[r.at] != '(' {
		return n, false
	}
	r.at++
	for {
		r.space()
		if r.at < len(r.text) && r.text[r.at] == '"' {
			s, ok := r.quoted()
			if !ok {
				return n, false
			}
			n.items = append(n.items, s)
		} else {
			w := r.word()
			if r.at < len(r.text) && (r.text[r.at] == '[' || r.text[r.at] == '(') {
				c, ok := r.inside(wktNode{word: strings.ToUpper(w)}, depth+1)
				if !ok {
					return n, false
				}
				n.nodes = append(n.nodes, c)
			} else {
				n.items = append(n.items, w)
			}
		}
		r.space()
		if r.at >= len(r.text) {
			return n, false
		}
		c := r.text[r.at]
		r.at++
		if c != ',' {
			return n, c == ']' || c == ')'
		}
	}
}
