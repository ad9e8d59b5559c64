package tabular

import (
	"errors"
	"io"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/geo"
	"cultured/internal/sqlite"
)

// A layer is how the shapes of one table of a GeoPackage, or of SpatiaLite, are read. Source: OGC 12-128r19, § 2.1.
type layer struct {
	mapCells
	column string // of the geometry
	at     int    // its place
	srs    int64
	kind   string  // as declared: "MULTIPOLYGON"
	deep   bool    // it has heights or measures
	around geo.Box // its extent in its own coordinates
	decode func([]byte) (geo.Geometry, error)
	strict bool // the types of the other columns bind
	said   []Note
}

// A gpkgTable is what a GeoPackage says of one of its tables.
type gpkgTable struct {
	table, kind string
	around      geo.Box
}

// openGeoPackage opens a layer: a table of features, or one of attributes alone.
func (f *database) openGeoPackage(s *source, opt Options) (Table, error) {
	listed, err := f.listed(opt.Limits)
	if err != nil {
		return nil, err
	}
	layers, err := f.layers(opt.Limits)
	if err != nil {
		return nil, err
	}
	var parts []sheetFile
	for _, c := range listed {
		t, ok := f.Table(c.table)
		if !ok || c.kind != "features" && c.kind != "attributes" && c.kind != "aspatial" {
			continue
		}
		parts = append(parts, sheetFile{Sheet: Sheet{Name: t.Name}, open: func() (rowSource, error) {
			var shapes []*layer
			if l := layers[strings.ToLower(t.Name)]; l != nil {
				if l.at = t.Column(l.column); l.at >= 0 {
					l.around, shapes = c.around, []*layer{l}
					if err := f.project(l, opt.Limits); err != nil {
						return nil, err
					}
				}
			}
			return f.rows(t, shapes, opt.Limits).filled()
		}})
	}
	return f.openParts(parts, s.reading, opt)
}

// each reads the named columns of one of the tables that describe the others; an absent table has no rows, an absent column is null.
func (f *database) each(table string, columns []string, l Limits, do func(v []sqlite.Value)) error {
	t, ok := f.Table(table)
	if !ok {
		return nil
	}
	rows := f.Rows(t, l.CellBytes)
	v := make([]sqlite.Value, len(columns))
	for n := 0; n < maxLayers; n++ {
		all, err := rows.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return unread(f.title, err, n+1, l)
		}
		for i, name := range columns {
			v[i] = sqlite.Value{}
			if at := t.Column(name); at >= 0 {
				v[i] = all[at]
			}
		}
		do(v)
	}
	return nil
}

// maxLayers bounds the layers and the projections of a GeoPackage that are looked at.
const maxLayers = 10_000

func (f *database) listed(l Limits) (out []gpkgTable, err error) {
	err = f.each("gpkg_contents", []string{"table_name", "data_type", "min_x", "min_y", "max_x", "max_y"}, l, func(v []sqlite.Value) {
		out = append(out, gpkgTable{string(v[0].Bytes), string(v[1].Bytes), geo.Box{West: real(v[2]), South: real(v[3]), East: real(v[4]), North: real(v[5])}})
	})
	return out, err
}

// real is a number, stored whole or not; a missing one is 0.
func real(v sqlite.Value) float64 {
	if v.Kind == sqlite.Integer {
		return float64(v.Int)
	}
	return v.Real
}

// layers are the geometries the file announces, by the names of their tables in lower case.
func (f *database) layers(l Limits) (map[string]*layer, error) {
	out := map[string]*layer{}
	err := f.each("gpkg_geometry_columns", []string{"table_name", "column_name", "geometry_type_name", "srs_id", "z", "m"}, l, func(v []sqlite.Value) {
		kind := strings.ToUpper(string(v[2].Bytes))
		out[strings.ToLower(string(v[0].Bytes))] = &layer{mapCells: mapCells{limits: l, points: kind == "POINT"}, column: string(v[1].Bytes), kind: kind,
			srs: v[3].Int, deep: v[4].Int == 1 || v[5].Int == 1, decode: packageShape, strict: true}
	})
	return out, err
}

// project finds the projection of a layer, and says what is decided.
func (f *database) project(l *layer, limits Limits) error {
	var p *geo.Projection
	announced := ""
	err := f.each("gpkg_spatial_ref_sys", []string{"srs_id", "organization", "organization_coordsys_id", "definition", "srs_name"}, limits, func(v []sqlite.Value) {
		if v[0].Int != l.srs || l.srs <= 0 {
			return
		}
		announced = textCell(v[4].Bytes)
		if strings.EqualFold(string(v[1].Bytes), "EPSG") {
			p, _ = geo.ByCode(int(v[2].Int))
		}
		if p == nil {
			p, _, _ = geo.ByWKT(string(v[3].Bytes))
		}
	})
	l.say(p, announced)
	return err
}

func packageShape(b []byte) (geo.Geometry, error) {
	g, _, err := geo.GeoPackage(b)
	return g, err
}

// say decides how the coordinates of a layer are read, and keeps what is to be told.
func (l *layer) say(p *geo.Projection, announced string) {
	var r Reading
	l.settle(p, announced, l.around, &r)
	if l.deep {
		r.note("tabular.note_flat")
	}
	if strings.Contains(l.kind, "CURVE") || l.kind == "CIRCULARSTRING" || l.kind == "MULTISURFACE" || l.kind == "SURFACE" {
		r.note("tabular.note_curves")
	}
	l.said = r.Notes
}

// shape reads a shape. One made of arcs is empty.
func (l *layer) shape(v sqlite.Value, row int) (g geo.Geometry, err error) {
	if v.Kind != sqlite.Blob {
		return g, nil
	}
	if g, err = l.decode(v.Bytes); errors.Is(err, geo.ErrBroken) {
		return g, fault.New(fault.Invalid, "tabular.broken_shape", row).Because(err)
	}
	return g, nil
}

// notes says what was decided about the layers.
func (r *databaseRows) notes() []Note {
	var out Reading
	for _, l := range r.shapes {
		for _, n := range l.said {
			out.noteOnce(n)
		}
	}
	return out.Notes
}
