package geo

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// A ParquetMap is what a Parquet file says of its shapes.
type ParquetMap struct {
	Meta  string            // its metadata "geo", as GeoParquet has it; "" for none
	Typed map[string]string // the columns whose type itself is a geometry, with their coordinate system as it is written
}

// A ShapeColumn is a column of shapes.
type ShapeColumn struct {
	Name      string
	Encoding  string      // "wkb", or how GeoArrow nests: "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"
	To        *Projection // of its coordinates; nil when it is not known or none is given
	Announced string      // what the projection is called, "" when the file says that it has none
	Around    Box         // its extent in its own coordinates; zero when the file does not say
	Points    bool        // each shape is said to be one point
	Deep      bool        // some shapes are said to have heights or measures
}

// Columns are the columns of shapes, the main one first. What is not read as GeoParquet says nothing.
// Sources: GeoParquet 1.1.0, 2024; Apache Parquet, "Geospatial Definitions".
func (m ParquetMap) Columns() []ShapeColumn {
	var said struct {
		Primary string `json:"primary_column"`
		Columns map[string]struct {
			Encoding string          `json:"encoding"`
			CRS      json.RawMessage `json:"crs"`
			Types    any             `json:"geometry_types"`
			Type     any             `json:"geometry_type"` // before version 1
			Bbox     []float64       `json:"bbox"`
		} `json:"columns"`
	}
	var out []ShapeColumn
	if json.Unmarshal([]byte(m.Meta), &said) != nil {
		said.Columns = nil
	}
	for name, c := range said.Columns {
		s := ShapeColumn{Name: name, Encoding: strings.ToLower(c.Encoding)}
		s.To, s.Announced = systemOf(c.CRS)
		s.Points, s.Deep = kindsSaid(c.Types, c.Type)
		if n := len(c.Bbox); n == 4 || n == 6 {
			s.Around = Box{West: c.Bbox[0], South: c.Bbox[1], East: c.Bbox[n/2], North: c.Bbox[n/2+1]}
		}
		if encodings[s.Encoding] > 0 {
			out = append(out, s)
		}
	}
	for name, crs := range m.Typed {
		if _, known := said.Columns[name]; !known {
			text, _ := json.Marshal(crs) // a string always is
			s := ShapeColumn{Name: name, Encoding: "wkb"}
			if s.To, s.Announced = systemOf(text); crs == "" {
				s.To, s.Announced = systemOf(nil)
			}
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b ShapeColumn) int {
		switch {
		case a.Name == said.Primary:
			return -1
		case b.Name == said.Primary:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// encodings are those that are read, with how deep their lists are besides.
var encodings = map[string]int{"wkb": 1, "point": 1, "linestring": 2, "multipoint": 2, "polygon": 3, "multilinestring": 3, "multipolygon": 4}

// kindsSaid says whether each shape is a point, and whether some have heights.
func kindsSaid(lists ...any) (points, deep bool) {
	var all []string
	for _, l := range lists {
		switch v := l.(type) {
		case string:
			all = append(all, v)
		case []any:
			for _, each := range v {
				if s, ok := each.(string); ok {
					all = append(all, s)
				}
			}
		}
	}
	points = len(all) > 0
	for _, kind := range all {
		kind, more, _ := strings.Cut(kind, " ")
		points = points && kind == "Point"
		deep = deep || more != ""
	}
	return points, deep
}

// systemOf reads a coordinate system as Parquet files write one: PROJJSON, a text in WKT, or a code such as "EPSG:2154". Where none is
// written, coordinates are longitudes and latitudes on WGS 84; "null" says that they are not known.
func systemOf(raw json.RawMessage) (p *Projection, announced string) {
	text := strings.TrimSpace(string(raw))
	if text == "" {
		p, _ = ByCode(4326)
		return p, p.Name
	}
	if text[0] == '"' {
		if json.Unmarshal(raw, &text) != nil {
			return nil, ""
		}
		if text = strings.TrimSpace(text); strings.HasPrefix(text, "{") {
			return byJSON([]byte(text))
		}
		if p := byName(text); p != nil {
			return p, p.Name
		}
		if p, name, _ := ByWKT(text); p != nil || name != "" {
			return p, name
		}
		return nil, text
	}
	return byJSON(raw)
}

// byName finds the projection of an authority's code: "EPSG:2154", "urn:ogc:def:crs:EPSG::2154".
func byName(text string) *Projection {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == '/' })
	if len(parts) < 2 {
		return nil
	}
	authority, code := parts[0], parts[len(parts)-1]
	if len(parts) > 2 && slices.ContainsFunc(parts, func(s string) bool { return strings.EqualFold(s, "EPSG") }) {
		authority = "EPSG"
	}
	if strings.EqualFold(code, "CRS84") || strings.EqualFold(code, "CRS84h") {
		authority, code = "EPSG", "4326"
	}
	n, err := strconv.Atoi(code)
	if err != nil || !strings.EqualFold(authority, "EPSG") && !strings.EqualFold(authority, "srid") {
		return nil
	}
	p, _ := ByCode(n)
	return p
}

// byJSON reads PROJJSON by what identifies it; a system that is only described keeps its name.
func byJSON(raw []byte) (p *Projection, name string) {
	type id struct {
		Authority string `json:"authority"`
		Code      any    `json:"code"`
	}
	var said struct {
		Name       string            `json:"name"`
		ID         id                `json:"id"`
		IDs        []id              `json:"ids"`
		Components []json.RawMessage `json:"components"`
		Source     json.RawMessage   `json:"source_crs"`
	}
	if len(raw) > maxWKT || json.Unmarshal(raw, &said) != nil {
		return nil, ""
	}
	for _, each := range append(said.IDs, said.ID) {
		code, _ := json.Marshal(each.Code) // of JSON
		if p := byName(each.Authority + ":" + strings.Trim(string(code), `"`)); p != nil {
			return p, p.Name
		}
	}
	for _, part := range append(said.Components, said.Source) {
		if p, _ := byJSON(part); p != nil {
			return p, p.Name
		}
	}
	if strings.Contains(said.Name, "Lambert-93") {
		return Lambert93, Lambert93.Name
	}
	return nil, said.Name
}

// Arrow reads a shape that is nested lists of positions, written as JSON, in one of the encodings of GeoArrow. Heights and
// measures are dropped. It takes memory in proportion to text. Errors: ErrBroken.
// Source: GeoArrow 0.2, "Native encoding".
func Arrow(text, encoding string) (g Geometry, err error) {
	if text == "" || text == "null" {
		return g, nil
	}
	depth := encodings[encoding]
	var a arrow
	switch depth {
	case 1:
		var p place
		err = json.Unmarshal([]byte(text), &p)
		a.points = []place{p}
	case 2:
		err = json.Unmarshal([]byte(text), &a.points)
	case 3:
		err = json.Unmarshal([]byte(text), &a.lines)
	case 4:
		err = json.Unmarshal([]byte(text), &a.areas)
	}
	if err != nil || depth == 0 || encoding == "wkb" {
		return g, ErrBroken
	}
	return a.geometry(encoding), nil
}

// An arrow is what a shape nests: one of its fields is filled.
type arrow struct {
	points []place
	lines  [][]place
	areas  [][][]place
}

// A place is a position of GeoArrow; one that has no number is none.
type place struct{ X, Y *float64 }

func (a arrow) geometry(encoding string) Geometry {
	kind := map[string]Kind{"point": Point, "linestring": LineString, "multipoint": MultiPoint, "polygon": Polygon, "multilinestring": MultiLineString,
		"multipolygon": MultiPolygon}[encoding]
	g := Geometry{Kind: kind}
	if a.points != nil {
		g.Lines = [][]Position{places(a.points)}
	}
	for _, l := range a.lines {
		g.Lines = append(g.Lines, places(l))
	}
	for _, area := range a.areas {
		g.Parts = append(g.Parts, arrow{lines: area}.geometry("polygon"))
	}
	return g
}

func places(all []place) (out []Position) {
	for _, p := range all {
		if p.X != nil && p.Y != nil {
			out = append(out, Position{*p.X, *p.Y})
		}
	}
	return out
}
