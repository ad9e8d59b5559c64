package tabular

import (
	"io"
	"slices"
	"strconv"
)

// jsonKind is how a table lies in a JSON text.
type jsonKind int

const (
	jsonRecords jsonKind = iota // [{…}, {…}]
	jsonMatrix                  // [[…], […]]
	jsonMap                     // {"01": {…}, "02": {…}}
	jsonColumns                 // {"nom": […], "code": […]}
	jsonOne                     // {…}
	jsonLines                   // {…} {…}
)

// A jsonTable is a table found in a JSON text.
type jsonTable struct {
	path  []string
	kind  jsonKind
	plain bool     // its elements are neither objects nor lists
	count int      // records
	bytes int64    // of the text, once in UTF-8
	names []string // path of the list of its columns' names, for a matrix; nil when they are in the matrix, or nowhere
}

// jsonFound is what a text holds.
type jsonFound struct {
	tables []jsonTable // the likeliest first
	lines  bool
	kind   string // "type" of the root
	crs    string // a system of coordinates that is not longitudes and latitudes
}

// Bounds of the search for tables: they are looked for in objects, never inside lists.
const (
	maxTables    = 200
	deepestTable = 6
	sampledNames = 64
)

// discover finds the tables of the text, in one reading; a text that is one list, or records one a line, is not read to
// its end.
func (j *jsonText) discover() (jsonFound, error) {
	s, err := j.scan()
	if err != nil {
		return jsonFound{}, err
	}
	defer s.closer.Close()
	first, err := s.peek()
	if err != nil {
		return jsonFound{}, unexpected(err)
	}
	d := discovery{s: s}
	if first == '[' {
		kind, err := s.firstOf()
		if err != nil {
			return jsonFound{}, err
		}
		switch kind {
		case ']':
			return jsonFound{}, nil
		case '[':
			return jsonFound{tables: []jsonTable{{kind: jsonMatrix}}}, nil
		}
		return jsonFound{tables: []jsonTable{{kind: jsonRecords}}}, nil
	}
	root, err := d.object(nil)
	if err != nil {
		return jsonFound{}, err
	}
	switch next, err := s.peek(); {
	case err == nil && next == '{':
		return jsonFound{lines: true, tables: []jsonTable{{kind: jsonLines}}}, nil
	case err == nil:
		return jsonFound{}, errJSON
	case err != io.EOF:
		return jsonFound{}, err
	}
	found := jsonFound{kind: d.kind, crs: d.crs}
	switch {
	case d.kind == "Feature" || slices.Contains(geometryTypes, d.kind):
		found.tables = []jsonTable{{kind: jsonOne}}
	case d.kind == "FeatureCollection":
		found.tables = slices.DeleteFunc(d.tables, func(t jsonTable) bool { return t.name() != "features" })
	case d.kind == "Topology":
		found.tables = slices.DeleteFunc(d.tables, func(t jsonTable) bool {
			return len(t.path) != 3 || t.path[0] != "objects" || t.path[2] != "geometries"
		})
	case len(d.tables) == 0 && root.plain+root.objects+len(root.lists) > 0:
		found.tables = []jsonTable{{kind: jsonOne}}
	default:
		found.tables = d.ranked()
	}
	return found, nil
}

// firstOf enters a list and gives the first byte of its first element, ']' when there is none.
func (s *jsonScanner) firstOf() (byte, error) {
	if err := s.expect('['); err != nil {
		return 0, err
	}
	c, err := s.peek()
	return c, unexpected(err)
}

// discovery is one search for tables.
type discovery struct {
	s      *jsonStream
	tables []jsonTable
	kind   string
	crs    string
}

// jsonObject is what was seen of the members of an object.
type jsonObject struct {
	plain, objects, tables int
	lists                  []jsonTable    // its lists of plain values
	inner                  map[string]int // names in the objects it holds, of a sample
	sampled                int
	names                  []string // its own, of a sample
	ordinal                bool     // its names are 0, 1, 2…
}

// object goes through an object.
func (d *discovery) object(path []string) (o jsonObject, err error) {
	before, at := len(d.tables), d.s.at()
	o.inner, o.ordinal = map[string]int{}, true
	ordinals := true
	if err := d.s.expect('{'); err != nil {
		return o, err
	}
	for n := 0; ; n++ {
		more, err := d.s.more('}')
		if err != nil {
			return o, err
		}
		if !more {
			break
		}
		key, err := d.s.key()
		if err != nil {
			return o, err
		}
		o.ordinal = o.ordinal && key == strconv.Itoa(n)
		if n < sampledNames {
			o.names = append(o.names, key)
		}
		inner, err := d.member(path, key, &o)
		if err != nil {
			return o, err
		}
		ordinals = ordinals && inner != nil && inner.ordinal && len(inner.names) > 1
	}
	table := jsonTable{path: slices.Clone(path), count: o.objects, bytes: d.s.at() - at}
	switch {
	case d.kind != "Topology" && o.isColumns(), ordinals && o.objects > 1 && o.plain+o.tables+len(o.lists) == 0 && !o.ordinal:
		table.kind = jsonColumns
		d.tables = append(d.tables[:before], table)
	case d.kind == "Topology": // its objects are layers, not records
	case o.isMap():
		table.kind = jsonMap
		d.tables = append(d.tables[:before], table)
	}
	return o, nil
}

// member goes through one member of an object. inner is set when it is an object that was gone through.
func (d *discovery) member(path []string, key string, o *jsonObject) (inner *jsonObject, err error) {
	c, err := d.s.peek()
	if err != nil {
		return nil, unexpected(err)
	}
	deeper := append(slices.Clip(path), key)
	switch {
	case c == '{' && len(path) == 0 && key == "crs":
		raw, err := d.s.value(maxKey)
		if name, foreign := foreignCRS(raw); err == nil && foreign {
			d.crs = name
		}
		return nil, err
	case c == '{' && len(path) < deepestTable:
		in, err := d.object(deeper)
		o.objects++
		if o.sampled < sampledNames {
			o.sampled++
			for _, name := range in.names {
				o.inner[name]++
			}
		}
		return &in, err
	case c == '[':
		return nil, d.list(deeper, o)
	case c == '{':
		o.objects++
	default:
		o.plain++
	}
	if len(path) == 0 && key == "type" && c == '"' {
		raw, err := d.s.value(maxKey)
		d.kind = jsonString(raw)
		return nil, err
	}
	return nil, d.s.skip()
}

// list goes through a list, which is a table when it holds objects or lists.
func (d *discovery) list(path []string, o *jsonObject) error {
	t := jsonTable{path: path}
	at := d.s.at()
	kind, err := d.s.firstOf()
	if err != nil {
		return err
	}
	for {
		more, err := d.s.more(']')
		if err != nil {
			return err
		}
		if !more {
			break
		}
		t.count++
		if err := d.s.skip(); err != nil {
			return err
		}
	}
	t.bytes = d.s.at() - at
	switch {
	case kind == ']':
	case kind == '{':
		o.tables++
		d.add(t)
	case kind == '[':
		t.kind = jsonMatrix
		o.tables++
		if n := len(o.lists); n > 0 { // {"columns": […], "data": [[…]]}
			t.names = o.lists[n-1].path
			if i := slices.IndexFunc(o.lists, func(l jsonTable) bool { return slices.Contains(headerNames, l.path[len(l.path)-1]) }); i >= 0 {
				t.names = o.lists[i].path
			}
		}
		d.add(t)
	default:
		t.plain = true
		o.lists = append(o.lists, t)
	}
	return nil
}

func (d *discovery) add(t jsonTable) {
	if len(d.tables) < maxTables {
		d.tables = append(d.tables, t)
	}
}

// headerNames are what the list of the columns of a matrix is called.
var headerNames = []string{"columns", "headers", "header", "fields", "colonnes", "entetes"}

// isColumns says whether an object is a table given by its columns: lists of plain values, all as long.
func (o *jsonObject) isColumns() bool {
	if len(o.lists) < 2 || o.objects+o.plain+o.tables > 0 {
		return false
	}
	return !slices.ContainsFunc(o.lists, func(l jsonTable) bool { return l.count != o.lists[0].count })
}

// isMap says whether an object is a table whose records have names: objects that have most of their names in common.
func (o *jsonObject) isMap() bool {
	if o.objects < 2 || o.plain+o.tables+len(o.lists) > 0 || len(o.inner) == 0 {
		return false
	}
	all, common := 0, 0
	for _, n := range o.inner {
		if all += n; 2*n > o.sampled {
			common += n
		}
	}
	return 2*common > all
}

// wrappers are the names answers of APIs give to their records, the likeliest first.
var wrappers = []string{"data", "results", "records", "features", "items", "rows", "donnees", "données", "resultats", "hits", "geometries", "values"}

// ranked puts the tables in the order of their likelihood: those called as records are, then the largest.
func (d *discovery) ranked() []jsonTable {
	rank := func(t jsonTable) int {
		if len(t.path) > 0 {
			if i := slices.Index(wrappers, t.path[len(t.path)-1]); i >= 0 {
				return i
			}
		}
		return len(wrappers)
	}
	out := slices.Clone(d.tables)
	slices.SortStableFunc(out, func(a, b jsonTable) int {
		if a, b := rank(a), rank(b); a != b {
			return a - b
		}
		return int(min(max(b.bytes-a.bytes, -1), 1))
	})
	return out
}
