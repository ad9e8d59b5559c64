package schema

import (
	"encoding/json"
	"slices"
	"strings"
)

// A point in degrees, longitude first as Table Schema writes it.
type point struct{ lon, lat float64 }

// readPoint reads a geopoint in one of the three formats.
func readPoint(format string) func(string) (point, bool) {
	switch format {
	case "array":
		return func(v string) (point, bool) {
			v, ok1 := strings.CutPrefix(strings.TrimSpace(v), "[")
			v, ok2 := strings.CutSuffix(v, "]")
			if !ok1 || !ok2 {
				return point{}, false
			}
			return pair(v)
		}
	case "object":
		return func(v string) (point, bool) {
			var o map[string]json.Number
			if json.Unmarshal([]byte(v), &o) != nil || len(o) != 2 {
				return point{}, false
			}
			lon, ok1 := plainValue(o["lon"].String())
			lat, ok2 := plainValue(o["lat"].String())
			p := point{lon, lat}
			return p, ok1 && ok2 && p.onEarth()
		}
	}
	return pair
}

// pair reads "lon, lat".
func pair(v string) (point, bool) {
	a, b, ok := strings.Cut(v, ",")
	if !ok {
		return point{}, false
	}
	lon, ok1 := plainValue(strings.TrimSpace(a))
	lat, ok2 := plainValue(strings.TrimSpace(b))
	p := point{lon, lat}
	return p, ok1 && ok2 && p.onEarth()
}

func (p point) onEarth() bool { return p.lon >= -180 && p.lon <= 180 && p.lat >= -90 && p.lat <= 90 }

// swapped says whether the point is in mainland France once its coordinates are exchanged.
func (p point) swapped() bool {
	return p.lon >= 41 && p.lon <= 51.5 && p.lat >= -5.5 && p.lat <= 10
}

// geometries are the types GeoJSON (RFC 7946) knows, with the member each must have.
var geometries = map[string]string{"Point": "coordinates", "MultiPoint": "coordinates", "LineString": "coordinates",
	"MultiLineString": "coordinates", "Polygon": "coordinates", "MultiPolygon": "coordinates",
	"GeometryCollection": "geometries", "Feature": "geometry", "FeatureCollection": "features"}

// maxNesting bounds geometry collections inside each other; RFC 7946 discourages even one.
const maxNesting = 4

// isGeoJSON says whether v is one GeoJSON object with the members its type asks for.
func isGeoJSON(v string) bool { return geoObject([]byte(v), 0) }

func geoObject(raw []byte, depth int) bool {
	var o map[string]json.RawMessage
	var kind string
	if depth > maxNesting || json.Unmarshal(raw, &o) != nil || json.Unmarshal(o["type"], &kind) != nil {
		return false
	}
	member, ok := geometries[kind]
	if !ok || o[member] == nil {
		return false
	}
	inner := o[member]
	switch member {
	case "geometry":
		return string(inner) == "null" || geoObject(inner, depth+1)
	case "geometries", "features":
		var list []json.RawMessage
		return json.Unmarshal(inner, &list) == nil &&
			!slices.ContainsFunc(list, func(e json.RawMessage) bool { return !geoObject(e, depth+1) })
	}
	return isCoordinates(inner, map[string]int{"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3,
		"Polygon": 3, "MultiPolygon": 4}[kind])
}

// isCoordinates says whether raw is arrays nested depth times, positions of two to four numbers innermost.
func isCoordinates(raw json.RawMessage, depth int) bool {
	if depth == 1 {
		var position []float64
		return json.Unmarshal(raw, &position) == nil && (len(position) == 0 || len(position) >= 2 && len(position) <= 4)
	}
	var list []json.RawMessage
	return json.Unmarshal(raw, &list) == nil &&
		!slices.ContainsFunc(list, func(e json.RawMessage) bool { return !isCoordinates(e, depth-1) })
}

// isTopoJSON says whether v is a topology.
func isTopoJSON(v string) bool {
	var o struct {
		Type    string                     `json:"type"`
		Objects map[string]json.RawMessage `json:"objects"`
		Arcs    []json.RawMessage          `json:"arcs"`
	}
	return json.Unmarshal([]byte(v), &o) == nil && o.Type == "Topology" && o.Objects != nil && o.Arcs != nil
}

func isObject(v string) bool {
	v = strings.TrimSpace(v)
	return len(v) > 1 && v[0] == '{' && json.Valid([]byte(v))
}

func isArray(v string) bool {
	v = strings.TrimSpace(v)
	return len(v) > 1 && v[0] == '[' && json.Valid([]byte(v))
}

// items returns the items of an array or list cell as text.
func items(f Field) func(string) []string {
	if f.Type == "list" {
		return func(v string) []string { return strings.Split(v, f.Delimiter) }
	}
	return func(v string) []string {
		x, err := decode([]byte(v))
		if err != nil {
			return nil
		}
		return textList(x)
	}
}
