package geo

import (
	"encoding/json"
	"testing"
)

func TestParquetMap_knowsItsProjections(t *testing.T) {
	for name, c := range map[string]struct {
		crs, announced string // crs as written, "" for none
		code           int    // 0 for none
	}{
		"none is degrees":             {"", "WGS 84", 4326},
		"null is not known":           {`,"crs":null`, "", 0},
		"PROJJSON":                    {`,"crs":{"type":"ProjectedCRS","name":"RGF93 v1 / Lambert-93","id":{"authority":"EPSG","code":2154}}`, "Lambert-93", 2154},
		"PROJJSON of OGC":             {`,"crs":{"name":"WGS 84 (CRS84)","id":{"authority":"OGC","code":"CRS84"}}`, "WGS 84", 4326},
		"a code that is a text":       {`,"crs":{"name":"x","id":{"authority":"EPSG","code":"3857"}}`, "Web Mercator", 3857},
		"several codes":               {`,"crs":{"name":"x","ids":[{"authority":"IGNF","code":"LAMB93"},{"authority":"EPSG","code":2154}]}`, "Lambert-93", 2154},
		"with heights":                {`,"crs":{"type":"CompoundCRS","name":"x","components":[{"name":"y","id":{"authority":"EPSG","code":2154}},{"name":"NGF"}]}`, "Lambert-93", 2154},
		"only named":                  {`,"crs":{"name":"RGF93 v2b / Lambert-93"}`, "Lambert-93", 2154},
		"unknown":                     {`,"crs":{"name":"Bonne","id":{"authority":"ESRI","code":54024}}`, "Bonne", 0},
		"a code":                      {`,"crs":"EPSG:2154"`, "Lambert-93", 2154},
		"a name of OGC":               {`,"crs":"urn:ogc:def:crs:EPSG::2154"`, "Lambert-93", 2154},
		"WKT, as before version 1":    {`,"crs":"GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],AUTHORITY[\"EPSG\",\"4326\"]]"`, "WGS 84", 4326},
		"what is no system":           {`,"crs":[1]`, "", 0},
		"a text that is no system":    {`,"crs":"carte du chef"`, "carte du chef", 0},
		"an authority we do not know": {`,"crs":"IAU:30100"`, "IAU:30100", 0},
	} {
		m := ParquetMap{Meta: `{"version":"1.1.0","primary_column":"g","columns":{"g":{"encoding":"WKB","geometry_types":["Point"]` + c.crs + `}}}`}
		all := m.Columns()
		if len(all) != 1 || !all[0].Points || all[0].Deep {
			t.Fatalf("%s: got %+v", name, all)
		}
		if g := all[0]; g.Announced != c.announced || (g.To == nil) != (c.code == 0) || g.To != nil && g.To.Code != c.code {
			t.Errorf("%s: got %q, %+v", name, g.Announced, g.To)
		}
	}
}

func TestParquetMap_putsTheMainColumnFirst(t *testing.T) {
	m := ParquetMap{Meta: `{"primary_column":"m","columns":{"a":{"encoding":"WKB","geometry_types":[]},"z":{"encoding":"WKB","geometry_types":["Polygon","Point Z"],"bbox":[1,2,3,4,5,6]},
		"m":{"encoding":"point","geometry_type":"Point"},"o":{"encoding":"autre"}}}`, Typed: map[string]string{"t": "EPSG:2154", "u": "", "a": ""}}
	all := m.Columns()
	names := ""
	for _, c := range all {
		names += c.Name
	}
	if names != "matuz" || !all[0].Points || all[1].Points || all[2].To.Code != 2154 || all[3].To.Code != 4326 || !all[4].Deep || all[4].Around != (Box{1, 2, 4, 5}) {
		t.Errorf("got %s, %+v", names, all)
	}
	for _, meta := range []string{"", "{", "[]", `{"columns":{"g":1}}`, `{"columns":{"g":{"bbox":"x"}}}`} {
		if got := (ParquetMap{Meta: meta}).Columns(); len(got) > 0 {
			t.Errorf("%s: got %+v", meta, got)
		}
	}
}

func TestArrow_refusesWhatIsNot(t *testing.T) {
	for _, c := range []struct{ text, encoding, want string }{
		{`{"x":1,"y":2,"z":3}`, "point", `{"type":"Point","coordinates":[1,2]}`},
		{`{"x":null,"y":2}`, "point", ""}, {"", "point", ""}, {"null", "polygon", ""}, {"[]", "multipolygon", ""},
		{`[{"x":1,"y":2},{"x":3,"y":4}]`, "linestring", `{"type":"LineString","coordinates":[[1,2],[3,4]]}`},
		{`[{"x":1,"y":2}]`, "multipoint", `{"type":"MultiPoint","coordinates":[[1,2]]}`},
		{`[[{"x":1,"y":2},{"x":3,"y":4}]]`, "multilinestring", `{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}`},
		{`[1]`, "point", "broken"}, {`{"x":1}`, "linestring", "broken"}, {`{"x":1,"y":2}`, "wkb", "broken"}, {`{"x":1,"y":2}`, "cercle", "broken"}, {`[[`, "polygon", "broken"},
	} {
		g, err := Arrow(c.text, c.encoding)
		got := string(g.AppendGeoJSON(nil))
		if err != nil {
			got = "broken"
		}
		if got != c.want {
			t.Errorf("%s as %s: got %s, want %s", c.text, c.encoding, got, c.want)
		}
	}
}

func FuzzArrow(f *testing.F) {
	f.Add(`[[[{"x":2,"y":48},{"x":3,"y":48},{"x":3,"y":49},{"x":2,"y":48}]]]`, "multipolygon")
	f.Add(`{"x":1e308,"y":null}`, "point")
	f.Fuzz(func(t *testing.T, text, encoding string) {
		g, err := Arrow(text, encoding)
		if err != nil || !g.Convert(nil) {
			return
		}
		if out := g.AppendGeoJSON(nil); (len(out) == 0) != g.Empty() || len(out) > 0 && !json.Valid(out) {
			t.Errorf("%s became %q", text, out)
		}
	})
}

func FuzzParquetMap(f *testing.F) {
	f.Add(`{"primary_column":"g","columns":{"g":{"encoding":"WKB","geometry_types":["Point Z"],"bbox":[1,2,3,4],"crs":{"name":"x","components":[{"id":{"authority":"EPSG","code":2154}}]}}}}`, "EPSG:2154")
	f.Fuzz(func(t *testing.T, meta, crs string) {
		for _, c := range (ParquetMap{Meta: meta, Typed: map[string]string{"t": crs}}).Columns() {
			if encodings[c.Encoding] == 0 {
				t.Errorf("%q is not read", c.Encoding)
			}
		}
	})
}
