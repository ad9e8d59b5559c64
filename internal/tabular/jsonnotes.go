package tabular

import (
	"slices"
	"strings"
)

// jsonSaid are the sentences about how a table lies in a JSON text: of the whole text, and of a part of it that a path names.
var jsonSaid = map[jsonKind]struct{ whole, part string }{
	jsonRecords: {"tabular.note_json_records", "tabular.note_json_records_at"},
	jsonMatrix:  {"tabular.note_json_lists", "tabular.note_json_lists_at"},
	jsonMap:     {"tabular.note_json_map", "tabular.note_json_map_at"},
	jsonColumns: {"tabular.note_json_columns", "tabular.note_json_columns_at"},
	jsonOne:     {"tabular.note_json_one", "tabular.note_json_one"},
	jsonLines:   {"tabular.note_json_lines", "tabular.note_json_lines"},
}

// said tells where the rows of a table come from.
func (t jsonTable) said(kind string) []Note {
	switch {
	case kind == "FeatureCollection" || kind == "Topology":
		return []Note{{Key: "tabular.note_json_features"}}
	case len(t.path) == 0:
		return []Note{{Key: jsonSaid[t.kind].whole}}
	}
	return []Note{{Key: jsonSaid[t.kind].part, Args: []string{t.name()}}}
}

// notes tells of the objects spread over columns.
func (r *jsonRows) notes() []Note {
	i := slices.IndexFunc(r.shape.columns, func(name string) bool { return strings.Contains(name, ".") && name != "." })
	if i < 0 || r.shape.geo.on {
		return nil
	}
	return []Note{{Key: "tabular.note_json_spread", Args: []string{r.shape.columns[i]}}}
}
