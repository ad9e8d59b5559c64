package tabular

import (
	"bytes"
	"slices"
)

// A jsonShape turns records into rows: which columns there are, found by a first reading, and the cells of each.
// Objects inside a record are spread over columns named by their path, "adresse.commune"; a list of plain values is one
// cell, "a, b"; what cannot be a cell stays JSON. Records are whole and their brackets match.
type jsonShape struct {
	columns []string
	places  map[string]int
	likely  int // column that comes after the last one seen
	path    []byte
	deepest int  // objects are spread down to so many levels; those below stay JSON
	most    int  // columns at most
	naming  bool // only names are looked for
	full    bool
	geo     geoShape

	text  []byte // cells of the record, in the order they came
	marks []mark // where the cell of each column is in text
	cells []string
}

// mark is a piece of a text.
type mark struct{ start, end int }

func newShape(most int) *jsonShape {
	return &jsonShape{places: map[string]int{}, deepest: maxSpread, most: most, naming: true}
}

// maxSpread is how deep objects are spread.
const maxSpread = 8

// column gives the place of the column named by the path, a new one at the end; -1 when there are too many.
func (f *jsonShape) column() int {
	if f.likely < len(f.columns) && f.columns[f.likely] == string(f.path) {
		f.likely++
		return f.likely - 1
	}
	i, ok := f.places[string(f.path)]
	if !ok {
		if f.full = len(f.columns) >= f.most; f.full {
			return -1
		}
		name := string(f.path)
		i = len(f.columns)
		f.places[name], f.columns = i, append(f.columns, name)
	}
	f.likely = i + 1
	return i
}

// put writes a cell of the column named by the path. A name that comes twice in a record keeps its first value.
func (f *jsonShape) put(raw []byte) {
	i := f.column()
	if f.naming || i < 0 || i >= len(f.marks) || f.marks[i].end > f.marks[i].start {
		return
	}
	start := len(f.text)
	f.text = appendCell(f.text, raw)
	f.marks[i] = mark{start, len(f.text)}
}

// record spreads one record over the columns. What is no object goes to a column "value".
func (f *jsonShape) record(raw []byte) []string {
	for len(f.marks) < len(f.columns) {
		f.marks, f.cells = append(f.marks, mark{}), append(f.cells, "")
	}
	clear(f.marks)
	f.text, f.path, f.likely = f.text[:0], f.path[:0], 0
	if f.geo.on {
		f.feature(raw)
	} else {
		f.spread(raw, 0)
	}
	s := string(f.text)
	for i, m := range f.marks {
		f.cells[i] = s[m.start:m.end]
	}
	return f.cells
}

// named puts a value in the column of a name.
func (f *jsonShape) named(name string, raw []byte) {
	mark := len(f.path)
	f.path = append(f.path, name...)
	f.put(raw)
	f.path = f.path[:mark]
}

// spread puts a value where the path says: an object over several columns.
func (f *jsonShape) spread(raw []byte, depth int) {
	if raw[0] == '{' && depth < f.deepest && !geometric(raw) && f.object(raw, depth) {
		return
	}
	if len(f.path) == 0 {
		f.named("value", raw)
		return
	}
	f.put(raw)
}

// object spreads the members of an object. It reports whether there is one, or the object is the record.
func (f *jsonShape) object(raw []byte, depth int) bool {
	before := len(f.path)
	any := before == 0
	for rest := raw[1:]; ; any = true {
		key, value, after := oneMember(rest)
		if value == nil {
			return any
		}
		if before > 0 {
			f.path = append(f.path, '.')
		}
		f.path = appendString(f.path, key)
		f.spread(value, depth+1)
		f.path = f.path[:before]
		rest = after
	}
}

// appendCell writes a value as the text of a cell. null, {} and [] are empty.
func appendCell(dst, raw []byte) []byte {
	switch c := raw[0]; {
	case c == '"':
		return appendString(dst, raw)
	case c == '{':
		if inner := bytes.TrimSpace(raw[1 : len(raw)-1]); len(inner) == 0 {
			return dst
		}
		return appendCompact(dst, raw)
	case c == '[':
		return appendList(dst, raw)
	case string(raw) == "null", string(raw) == "NaN":
		return dst
	case (c == '-' || '0' <= c && c <= '9') && bytes.ContainsAny(raw, "eE"):
		return append(dst, numberText(raw)...)
	}
	return append(dst, raw...)
}

// jsonCell is a value as the text of a cell.
func jsonCell(raw []byte) string { return string(appendCell(nil, raw)) }

// appendList writes a list as a cell: plain values are joined by ", " unless one holds a comma; others stay JSON.
func appendList(dst, raw []byte) []byte {
	start, n := len(dst), 0
	for value := range elements(raw) {
		if n++; n > 1 {
			dst = append(dst, ", "...)
		}
		at := len(dst)
		if value[0] != '{' && value[0] != '[' {
			dst = appendCell(dst, value)
		}
		if value[0] == '{' || value[0] == '[' || bytes.IndexByte(dst[at:], ',') >= 0 {
			return appendCompact(dst[:start], raw)
		}
	}
	return dst
}

// appendCompact writes a value without the white space between its signs.
func appendCompact(dst, raw []byte) []byte {
	quoted, escaped := false, false
	for _, c := range raw {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = c == '\\'
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == ' ' || c == '\n' || c == '\r' || c == '\t':
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// oneMember cuts the member at the start of b, after white space and commas: its name with its quotes, and its value; nil
// when there is none.
func oneMember(b []byte) (key, value, rest []byte) {
	key, rest = oneValue(b)
	if key == nil || key[0] != '"' {
		return nil, nil, rest
	}
	i := 0
	for i < len(rest) && (rest[i] == ':' || rest[i] <= ' ') {
		i++
	}
	value, rest = oneValue(rest[i:])
	return key, value, rest
}

// elements goes through a list that is whole.
func elements(raw []byte) func(yield func(value []byte) bool) {
	return func(yield func([]byte) bool) {
		for rest := raw[1:]; ; {
			value, next := oneValue(rest)
			if value == nil || !yield(value) {
				return
			}
			rest = next
		}
	}
}

// members goes through an object that is whole.
func members(raw []byte) func(yield func(name string, value []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for rest := raw[1:]; ; {
			key, value, next := oneMember(rest)
			if value == nil || !yield(jsonString(key), value) {
				return
			}
			rest = next
		}
	}
}

// oneValue cuts the value at the start of b, after white space and commas; nil when there is none.
func oneValue(b []byte) (value, rest []byte) {
	i := 0
	for i < len(b) && (b[i] <= ' ' || b[i] == ',') {
		i++
	}
	if b = b[i:]; len(b) == 0 {
		return nil, b
	}
	var n int
	switch b[0] {
	case '"':
		n = quotedSize(b)
	case '{', '[':
		n = bracketSize(b)
	case '}', ']':
	default:
		for n < len(b) && !delimits(b[n]) {
			n++
		}
	}
	if n == 0 {
		return nil, b
	}
	return b[:n], b[n:]
}

// quotedSize is the size of the string at the start of b, 0 when it does not end.
func quotedSize(b []byte) int {
	for n := 1; n < len(b); {
		i := bytes.IndexByte(b[n:], '"')
		if i < 0 {
			return 0
		}
		n += i + 1
		slashes := 0
		for k := n - 2; k > 0 && b[k] == '\\'; k-- {
			slashes++
		}
		if slashes%2 == 0 {
			return n
		}
	}
	return 0
}

// bracketSize is the size of the object or the list at the start of b, 0 when it does not end.
func bracketSize(b []byte) int {
	depth := 0
	for n := 0; n < len(b); {
		switch b[n] {
		case '"':
			k := quotedSize(b[n:])
			if k == 0 {
				return 0
			}
			n += k
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return n + 1
			}
		}
		n++
	}
	return 0
}

// member finds a member of an object that is whole; nil when it is absent.
func member(raw []byte, name string) []byte {
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	for rest := raw[1:]; ; {
		key, value, next := oneMember(rest)
		if value == nil {
			return nil
		}
		if string(key[1:len(key)-1]) == name {
			return value
		}
		rest = next
	}
}

// geometryTypes are what GeoJSON calls its geometries. Source: RFC 7946 § 1.4.
var geometryTypes = []string{"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}

// geometric says whether an object is a GeoJSON geometry, which stays whole.
func geometric(raw []byte) bool {
	key, _, _ := oneMember(raw[1:])
	switch string(key) { // what a geometry may start with, so that other objects are told at once
	case `"type"`, `"coordinates"`, `"geometries"`, `"bbox"`, `"crs"`:
	default:
		return false
	}
	kind := member(raw, "type")
	return kind != nil && slices.Contains(geometryTypes, jsonString(kind)) && (member(raw, "coordinates") != nil || member(raw, "geometries") != nil)
}
