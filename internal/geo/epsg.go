package geo

import "strconv"

// Lambert93 is the legal projection of mainland France, EPSG:2154.
var Lambert93 = mustCode(2154)

func mustCode(code int) *Projection {
	p, ok := ByCode(code)
	if !ok {
		panic("geo: no projection " + strconv.Itoa(code))
	}
	return p
}

// ByCode returns the projection of an EPSG code, for those French data comes in: degrees, Lambert-93 and the nine conics in
// all their versions, the Lambert zones of NTF, UTM everywhere, the legal projections overseas, Web Mercator, and the grid
// of European statistics.
// Sources: EPSG registry 12; IGN, "Systèmes de référence géodésique".
func ByCode(code int) (*Projection, bool) {
	if d, name, ok := degreesOf(code); ok {
		return d.projection(name, code), true
	}
	if d, name, ok := lambertOf(code); ok {
		return d.projection(name, code), true
	}
	if d, name, ok := utmOf(code); ok {
		return d.projection(name, code), true
	}
	switch code {
	case 3857, 900913, 3785, 102100, 102113:
		return definition{method: webMercator, on: ellipsoid{a: 6378137}, unit: 1}.projection("Web Mercator", 3857), true
	case 3395:
		return definition{method: mercator, on: wgs84, scale: 1, unit: 1}.projection("World Mercator", code), true
	case 3035:
		return definition{method: equalArea, on: grs80, lon0: 10, lat0: 52, x0: 4321000, y0: 3210000, unit: 1}.projection("ETRS89-LAEA", code), true
	case 3034:
		d := secant(10, 52, 35, 65)
		d.x0, d.y0 = 4000000, 2800000
		return d.projection("ETRS89-LCC", code), true
	case 3163:
		d := secant(166, -21.5, -20-2./3, -22-1./3)
		d.x0, d.y0 = 400000, 300000
		return d.projection("Lambert Nouvelle-Calédonie", code), true
	}
	return nil, false
}

// degreesOf are the codes whose coordinates are angles.
func degreesOf(code int) (definition, string, bool) {
	d := definition{method: geographic, on: grs80, unit: 1}
	switch code {
	case 4326, 4979:
		return d, "WGS 84", true
	case 4258, 4937:
		return d, "ETRS89", true
	case 4171, 4965, 9777, 9782: // in three versions
		return d, "RGF93", true
	case 5489, 4558:
		return d, "RGAF", true
	case 4627:
		return d, "RGR92", true
	case 4624:
		return d, "RGFG95", true
	case 4470, 10671:
		return d, "RGM", true
	case 4463:
		return d, "RGSPM06", true
	case 4749, 10310:
		return d, "RGNC", true
	case 4687:
		return d, "RGPF", true
	case 4275:
		d.on, d.shift = clarke1880, &fromNTF
		return d, "NTF", true
	case 4807:
		d.on, d.shift, d.prime, d.unit = clarke1880, &fromNTF, parisDegrees, gradDegrees
		return d, "NTF (Paris)", true
	case 4230:
		d.on, d.shift = hayford, &fromED50
		return d, "ED50", true
	}
	return d, "", false
}

// parisDegrees is the meridian of Paris, 2.5969213 grads east of Greenwich; gradDegrees is a grad.
const (
	gradDegrees  = 0.9
	parisDegrees = 2.5969213 * gradDegrees
)

// lambertOf are Lambert-93, the conics CC42 to CC50 and the zones of NTF.
func lambertOf(code int) (definition, string, bool) {
	switch {
	case code == 2154 || code == 9793 || code == 9794:
		d := secant(3, 46.5, 49, 44)
		d.x0, d.y0 = 700000, 6600000
		return d, "Lambert-93", true
	case code >= 3942 && code <= 3950, code >= 9822 && code <= 9830, code >= 9842 && code <= 9850:
		zone := (code%10 + 8) % 10 // 3942, 9822 and 9842 are CC42
		lat := float64(42 + zone)
		d := secant(3, lat, lat-.75, lat+.75)
		d.x0, d.y0 = 1700000, float64(zone+1)*1e6+200000
		return d, "CC" + strconv.Itoa(42+zone), true
	}
	return ntfOf(code)
}

// ntfOf are the Lambert zones of NTF: those of the 1920s (27561…) and those that say their zone by a leading digit of y
// (27571…), of which zone II was extended to the whole country.
func ntfOf(code int) (definition, string, bool) {
	zone := code%10 - 1
	if code < 27561 || code > 27574 || zone < 0 || zone > 3 || code/10 != 2756 && code/10 != 2757 {
		return definition{}, "", false
	}
	z := [...]struct {
		grads, scale, y0 float64
		name             string
	}{
		{55, 0.999877341, 200000, "Lambert I"}, {52, 0.99987742, 200000, "Lambert II"}, {49, 0.999877499, 200000, "Lambert III"},
		{46.85, 0.99994471, 185861.369, "Lambert IV"},
	}[zone]
	d := definition{method: conic, on: clarke1880, shift: &fromNTF, prime: parisDegrees, lat0: z.grads * gradDegrees,
		lat1: z.grads * gradDegrees, lat2: z.grads * gradDegrees, scale: z.scale, x0: 600000, y0: z.y0, unit: 1}
	if zone == 3 {
		d.x0 = 234.358
	}
	if code < 27570 {
		return d, z.name + " (NTF)", true
	}
	d.y0 += float64(zone+1) * 1e6
	if zone == 1 {
		return d, "Lambert II étendu (NTF)", true
	}
	return d, z.name + " carto (NTF)", true
}

// secant is a conic of two parallels on GRS 80.
func secant(lon0, lat0, lat1, lat2 float64) definition {
	return definition{method: conic, on: grs80, lon0: lon0, lat0: lat0, lat1: lat1, lat2: lat2, scale: 1, unit: 1}
}

// utmOf are the zones of UTM on WGS 84, ETRS89, ED50 and the legal systems overseas.
func utmOf(code int) (definition, string, bool) {
	zone, south, datum := 0, false, ""
	on, shift := grs80, (*helmert)(nil)
	switch {
	case code > 32600 && code <= 32660:
		zone, datum, on = code-32600, "WGS 84", wgs84
	case code > 32700 && code <= 32760:
		zone, south, datum, on = code-32700, true, "WGS 84", wgs84
	case code >= 25828 && code <= 25838:
		zone, datum = code-25800, "ETRS89"
	case code >= 23028 && code <= 23038:
		zone, datum, on, shift = code-23000, "ED50", hayford, &fromED50
	case code >= 3169 && code <= 3171:
		zone, south, datum = code-3169+57, true, "RGNC91-93"
	case code >= 10315 && code <= 10317:
		zone, south, datum = code-10315+57, true, "RGNC15"
	case code >= 3296 && code <= 3299:
		zone, south, datum = code-3296+5, true, "RGPF"
	default:
		legal, ok := legalUTM[code]
		if !ok {
			return definition{}, "", false
		}
		zone, south, datum = max(legal.zone, -legal.zone), legal.zone < 0, legal.datum
	}
	d := definition{method: transverse, on: on, shift: shift, lon0: float64(6*zone - 183), scale: 0.9996, x0: 500000, unit: 1}
	side := "N"
	if south {
		d.y0, side = 1e7, "S"
	}
	return d, datum + " UTM " + strconv.Itoa(zone) + side, true
}

// legalUTM are the legal projections overseas that are UTM; a negative zone is south of the equator.
var legalUTM = map[int]struct {
	datum string
	zone  int
}{
	5490: {"RGAF09", 20}, 4559: {"RRAF91", 20}, 2975: {"RGR92", -40}, 5644: {"RGR92", -39}, 2972: {"RGFG95", 22}, 3313: {"RGFG95", 21},
	4471: {"RGM04", -38}, 10674: {"RGM23", -38}, 4467: {"RGSPM06", 21}, 8903: {"RGWF96", -1},
}
