package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// geoSchemas answers for the schemas of geojson.org, which national schemas refer to: they say the structure RFC 7946
// asks for. Any other address is refused, so that a schema makes nothing be fetched.
type geoSchemas struct{}

// Load implements jsonschema.URLLoader.
func (geoSchemas) Load(address string) (any, error) {
	_, rest, _ := strings.Cut(address, "://")
	name, ok := strings.CutPrefix(rest, "geojson.org/schema/")
	name = strings.TrimSuffix(name, ".json")
	if ok {
		if s, known := geoSchema(name); known {
			return s, nil
		}
	}
	return nil, fmt.Errorf("schema: %s is not known here", address)
}

type members = map[string]any

func geoSchema(name string) (members, bool) {
	switch name {
	case "Feature":
		return typed(name, members{"properties": anyOrNull("object"), "geometry": members{"anyOf": []any{members{"type": "null"}, geometry()}}},
			"properties", "geometry"), true
	case "FeatureCollection":
		feature, _ := geoSchema("Feature")
		return typed(name, members{"features": members{"type": "array", "items": feature}}, "features"), true
	case "GeoJSON":
		feature, _ := geoSchema("Feature")
		all, _ := geoSchema("FeatureCollection")
		return members{"oneOf": []any{geometry(), feature, all}}, true
	case "Geometry":
		return geometry(), true
	case "GeometryCollection":
		return typed(name, members{"geometries": members{"type": "array", "items": geometry()}}, "geometries"), true
	}
	depth, ok := map[string]int{"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}[name]
	if !ok {
		return nil, false
	}
	return typed(name, members{"coordinates": positions(name, depth)}, "coordinates"), true
}

// typed is an object of a GeoJSON type with the members it must have.
func typed(name string, more members, required ...any) members {
	more["type"] = members{"type": "string", "enum": []any{name}}
	more["bbox"] = members{"type": "array", "minItems": number4, "items": members{"type": "number"}}
	return members{"type": "object", "required": append([]any{"type"}, required...), "properties": more}
}

// number4 and number2 are the least sizes of a box and of a position.
var number4, number2 = json.Number("4"), json.Number("2")

func anyOrNull(kind string) members { return members{"type": []any{"null", kind}} }

// geometry is one of the simple geometries.
func geometry() members {
	var forms []any
	for _, name := range [...]string{"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"} {
		s, _ := geoSchema(name)
		forms = append(forms, s)
	}
	return members{"oneOf": forms}
}

// positions are lists nested depth times around positions of two numbers or more; a line has two positions at least,
// the ring of a polygon four.
func positions(name string, depth int) members {
	if depth == 0 {
		return members{"type": "array", "minItems": number2, "items": members{"type": "number"}}
	}
	s := members{"type": "array", "items": positions(name, depth-1)}
	switch {
	case depth == 1 && strings.HasSuffix(name, "LineString"):
		s["minItems"] = number2
	case depth == 1 && strings.HasSuffix(name, "Polygon"):
		s["minItems"] = number4
	}
	return s
}
