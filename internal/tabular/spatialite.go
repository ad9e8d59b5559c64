package tabular

import (
	"strings"

	"cultured/internal/geo"
	"cultured/internal/sqlite"
)

// spatialTables are the tables SpatiaLite keeps for itself; one that ends with * is the start of a name.
// Source: SpatiaLite 5, "Metadata tables".
var spatialTables = []string{"geometry_columns*", "views_geometry_columns*", "virts_geometry_columns*", "spatial_ref_sys*", "spatialite_history",
	"sql_statements_log", "data_licenses", "spatialindex", "elementarygeometries", "knn", "knn2", "sqlite_*"}

// isSpatial says whether a table is one of SpatiaLite's own: what describes the layers, or an index of one.
func isSpatial(name string, layers map[string][]*layer) bool {
	name = strings.ToLower(name)
	for _, own := range spatialTables {
		if start, more := strings.CutSuffix(own, "*"); name == start || more && strings.HasPrefix(name, start) {
			return true
		}
	}
	for table, shapes := range layers {
		for _, l := range shapes {
			if strings.HasPrefix(name, "idx_"+table+"_"+strings.ToLower(l.column)) {
				return true
			}
		}
	}
	return false
}

// openSpatiaLite opens a table of a file that SpatiaLite or GDAL made: those with shapes, and the others.
func (f *database) openSpatiaLite(s *source, opt Options) (Table, error) {
	layers, err := f.spatialLayers(opt.Limits)
	if err != nil {
		return nil, err
	}
	var parts []sheetFile
	for i := range f.Tables {
		t := &f.Tables[i]
		if isSpatial(t.Name, layers) {
			continue
		}
		parts = append(parts, sheetFile{Sheet: Sheet{Name: t.Name}, open: func() (rowSource, error) {
			var shapes []*layer
			for _, l := range layers[strings.ToLower(t.Name)] {
				if l.at = t.Column(l.column); l.at < 0 {
					continue
				}
				if err := f.projectSpatial(l, opt.Limits); err != nil {
					return nil, err
				}
				shapes = append(shapes, l)
			}
			return f.rows(t, shapes, opt.Limits).filled()
		}})
	}
	return f.openParts(parts, s.reading, opt)
}

// spatialLayers are the columns of shapes the file announces, by the names of their tables in lower case. Version 3 writes kinds as
// words, version 4 as numbers; GDAL says how it stores shapes, and those written as text stay text.
func (f *database) spatialLayers(l Limits) (map[string][]*layer, error) {
	around := map[string]geo.Box{}
	err := f.each("geometry_columns_statistics", []string{"f_table_name", "f_geometry_column", "extent_min_x", "extent_min_y", "extent_max_x", "extent_max_y"}, l, func(v []sqlite.Value) {
		around[strings.ToLower(string(v[0].Bytes)+"."+string(v[1].Bytes))] = geo.Box{West: real(v[2]), South: real(v[3]), East: real(v[4]), North: real(v[5])}
	})
	if err != nil {
		return nil, err
	}
	out := map[string][]*layer{}
	err = f.each("geometry_columns", []string{"f_table_name", "f_geometry_column", "type", "geometry_type", "coord_dimension", "srid", "geometry_format"}, l, func(v []sqlite.Value) {
		kind, code := strings.ToUpper(string(v[2].Bytes)), v[3].Int
		x := &layer{column: string(v[1].Bytes), srs: v[5].Int, decode: spatialShape}
		x.mapCells = mapCells{limits: l, points: strings.HasPrefix(kind, "POINT") || code > 0 && code%1000 == 1}
		x.deep = code >= 1000 || v[4].Int > 2 || strings.ContainsAny(string(v[4].Bytes), "ZM3")
		switch strings.ToUpper(string(v[6].Bytes)) {
		case "WKB":
			x.decode = plainShape
		case "WKT", "FGF":
			return
		}
		table := strings.ToLower(string(v[0].Bytes))
		x.around = around[table+"."+strings.ToLower(x.column)]
		out[table] = append(out[table], x)
	})
	return out, err
}

func spatialShape(b []byte) (geo.Geometry, error) {
	g, _, _, err := geo.SpatiaLite(b)
	return g, err
}

func plainShape(b []byte) (geo.Geometry, error) {
	g, _, err := geo.WKB(b)
	return g, err
}

// projectSpatial finds the projection of a layer, and says what is decided.
func (f *database) projectSpatial(l *layer, limits Limits) error {
	var p *geo.Projection
	announced := ""
	err := f.each("spatial_ref_sys", []string{"srid", "auth_name", "auth_srid", "srtext", "srs_wkt", "ref_sys_name"}, limits, func(v []sqlite.Value) {
		if v[0].Int != l.srs || l.srs <= 0 {
			return
		}
		announced = textCell(v[5].Bytes)
		if strings.EqualFold(string(v[1].Bytes), "EPSG") {
			p, _ = geo.ByCode(int(v[2].Int))
		}
		for _, text := range v[3:5] {
			if p == nil && len(text.Bytes) > 0 {
				var name string
				if p, name, _ = geo.ByWKT(string(text.Bytes)); announced == "" {
					announced = textCell([]byte(name))
				}
			}
		}
	})
	l.say(p, announced)
	return err
}
