package tabular

import (
	"strconv"
	"strings"
)

// geoShape is what a shape does with the features of a GeoJSON: their properties are the columns, their geometry is one,
// and points have their latitude and longitude besides. Source: RFC 7946.
type geoShape struct {
	on       bool
	foreign  bool // coordinates are not longitudes and latitudes
	topology bool // features are those of a TopoJSON: their lines are elsewhere
}

// The columns that no property may hide.
const (
	geometryColumn  = "geometry"
	latitudeColumn  = "latitude"
	longitudeColumn = "longitude"
)

// feature spreads a feature over the columns.
func (f *jsonShape) feature(raw []byte) {
	if raw[0] != '{' || member(raw, "type") == nil {
		f.spread(raw, 0)
		return
	}
	if properties := member(raw, "properties"); properties != nil && properties[0] == '{' {
		f.object(properties, 0)
	}
	if id := member(raw, "id"); id != nil && string(id) != "null" {
		f.named("id", id)
	}
	if f.geo.topology {
		return
	}
	shape := member(raw, "geometry")
	if shape == nil && geometric(raw) {
		shape = raw
	}
	if shape == nil || shape[0] != '{' {
		return
	}
	f.named(geometryColumn, shape)
	if f.geo.foreign {
		return
	}
	if lon, lat := pointOf(shape); lon != nil {
		f.named(latitudeColumn, lat)
		f.named(longitudeColumn, lon)
	}
}

// pointOf reads the coordinates of a point, as they are written; nil for another geometry.
func pointOf(shape []byte) (lon, lat []byte) {
	if kind := member(shape, "type"); string(kind) != `"Point"` {
		return nil, nil
	}
	at := member(shape, "coordinates")
	if at == nil || at[0] != '[' {
		return nil, nil
	}
	var xy [][]byte
	for v := range elements(at) {
		if _, err := strconv.ParseFloat(string(v), 64); err != nil {
			return nil, nil
		}
		xy = append(xy, v)
	}
	if len(xy) < 2 {
		return nil, nil
	}
	return xy[0], xy[1]
}

// foreignCRS says whether the old "crs" member of a GeoJSON names another system than longitudes and latitudes, and which.
func foreignCRS(raw []byte) (name string, foreign bool) {
	v := member(member(raw, "properties"), "name")
	if v == nil {
		return "", false
	}
	name = jsonString(v)
	low := strings.ToUpper(name)
	return name, !strings.HasSuffix(low, "CRS84") && !strings.HasSuffix(low, "4326") && !strings.HasSuffix(low, "4171")
}
