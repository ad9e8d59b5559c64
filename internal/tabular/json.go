package tabular

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"cultured/internal/fault"
)

// jsonText is a JSON file that may be read from its start as often as asked, as UTF-8.
type jsonText struct {
	from     opener
	encoding string
	skip     int64 // bytes of its mark
	loose    bool
	limits   Limits
}

// isJSON recognises a JSON text. Its name or its first signs must announce it, for a CSV may start with a bracket.
func isJSON(s *source) bool {
	t := s.text()
	if len(t) == 0 || t[0] != '{' && t[0] != '[' {
		return false
	}
	switch s.ext() {
	case ".json", ".geojson", ".ndjson", ".jsonl", ".topojson":
		return true
	}
	inner := bytes.TrimLeft(t[1:], " \t\r\n")
	if t[0] == '[' {
		return len(inner) > 0 && inner[0] == '{' && bytes.Contains(inner, []byte(`":`))
	}
	return len(inner) > 0 && inner[0] == '"' && bytes.Contains(inner, []byte(`":`))
}

// openJSON opens a JSON text: a list of records, records one a line, the answer of an API that wraps them, columns, a
// GeoJSON. The text is gone through to find its tables, then to find the columns of one, then to read it.
func openJSON(s *source, opt Options) (Table, error) {
	counted, err := surveyOf(s.from, s.survey)
	if err != nil {
		return nil, err
	}
	reading := s.reading
	skip, err := counted.decide(opt.Encoding, &reading)
	if err != nil {
		return nil, err
	}
	text := &jsonText{from: s.from, encoding: reading.Encoding, skip: int64(skip), loose: counted.stray > 0, limits: opt.Limits}
	found, err := text.discover()
	if err != nil {
		return nil, broken("JSON", err)
	}
	switch {
	case found.lines:
		reading.Format = "ndjson"
	case found.kind == "FeatureCollection" || found.kind == "Feature" || slices.Contains(geometryTypes, found.kind):
		reading.Format = "geojson"
	case found.kind == "Topology":
		reading.Format = "topojson"
		reading.note("tabular.note_topojson")
	}
	if len(found.tables) == 0 {
		return nil, fault.New(fault.Invalid, "tabular.no_records")
	}
	if found.crs != "" {
		reading.note("tabular.note_crs", found.crs)
	}
	return text.openTables(found, reading, opt)
}

// openTables opens the table asked for, or the likeliest one.
func (j *jsonText) openTables(found jsonFound, reading Reading, opt Options) (Table, error) {
	sheets := make([]sheetFile, len(found.tables))
	for i, t := range found.tables {
		name := t.name()
		if found.kind == "Topology" {
			name = t.path[1]
		}
		sheets[i] = sheetFile{Sheet: Sheet{Name: name}, said: t.said(found.kind), open: func() (rowSource, error) { return j.openTable(t, found) }}
	}
	if len(sheets) > 1 {
		return openSheets(sheets, reading, opt)
	}
	if opt.Sheet != "" && !strings.EqualFold(opt.Sheet, sheets[0].Name) {
		return nil, fault.New(fault.Invalid, "tabular.no_table", opt.Sheet, sheets[0].Name)
	}
	t, err := openSheet(sheets[0], reading, opt)
	if err == errNoRows {
		err = fault.New(fault.Invalid, "tabular.no_records")
	}
	if err != nil {
		return nil, err
	}
	t.reading.Sheet = ""
	return t, nil
}

// scan starts a reading of the text from its beginning.
func (j *jsonText) scan() (*jsonStream, error) {
	stream, at, err := j.from()
	if err != nil {
		return nil, broken("JSON", err)
	}
	if _, err := io.CopyN(io.Discard, stream, j.skip); err != nil {
		stream.Close()
		return nil, broken("JSON", err)
	}
	src := wide(stream, j.encoding)
	if j.loose || !strings.HasPrefix(j.encoding, "utf") {
		src = &narrowReader{src: src, set: charset(j.encoding), loose: strings.HasPrefix(j.encoding, "utf")}
	}
	return &jsonStream{jsonScanner{src: src}, at, stream}, nil
}

// jsonStream is one reading of a text.
type jsonStream struct {
	jsonScanner
	position func() int64
	closer   io.Closer
}

// find goes to the value a path names. It is not there when the file changes between two readings.
func (s *jsonStream) find(path []string) error {
	for _, name := range path {
		if err := s.expect('{'); err != nil {
			return err
		}
		for {
			more, err := s.more('}')
			if err != nil || !more {
				return cmpErr(err)
			}
			key, err := s.key()
			if err != nil {
				return err
			}
			if key == name {
				break
			}
			if err := s.skip(); err != nil {
				return err
			}
		}
	}
	return nil
}

func cmpErr(err error) error {
	if err == nil {
		return errJSON
	}
	return err
}

// openTable opens one table.
func (j *jsonText) openTable(t jsonTable, found jsonFound) (rowSource, error) {
	switch t.kind {
	case jsonColumns:
		return j.openColumns(t)
	case jsonMatrix:
		return j.openMatrix(t)
	}
	geo := geoShape{on: found.kind == "Topology" || found.kind == "FeatureCollection" && t.name() == "features" || len(t.path) == 0 && (found.kind == "Feature" || slices.Contains(geometryTypes, found.kind)),
		foreign: found.crs != "", topology: found.kind == "Topology"}
	shape, err := j.shape(t, geo, maxSpread)
	if err == nil && shape.full { // lists of measures by date, and the like: they stay whole
		shape, err = j.shape(t, geo, 1)
	}
	if err != nil {
		return nil, broken("JSON", err)
	}
	if shape.full {
		return nil, fault.New(fault.TooLarge, "tabular.too_many_columns", 1, len(shape.columns)+1, j.limits.Columns)
	}
	if len(shape.columns) == 0 {
		return nil, errNoRows
	}
	r := &jsonRows{text: j, table: t, shape: shape}
	if r.stream, err = j.start(t); err != nil {
		return nil, broken("JSON", err)
	}
	return r, nil
}

// shape reads the table once for the names of its columns.
func (j *jsonText) shape(t jsonTable, geo geoShape, deepest int) (*jsonShape, error) {
	shape := newShape(j.limits.Columns)
	shape.deepest, shape.geo = deepest, geo
	if t.kind == jsonMap {
		shape.named(keyColumn, nil)
	}
	stream, err := j.start(t)
	if err != nil {
		return nil, err
	}
	defer stream.closer.Close()
	r := &jsonRows{text: j, table: t, shape: shape, stream: stream}
	for !shape.full {
		if _, err := r.raw(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
	}
	shape.naming = false
	return shape, nil
}

// start goes to the first record of a table.
func (j *jsonText) start(t jsonTable) (*jsonStream, error) {
	s, err := j.scan()
	if err != nil {
		return nil, err
	}
	if err = s.find(t.path); err == nil {
		switch t.kind {
		case jsonRecords:
			err = s.expect('[')
		case jsonMap:
			err = s.expect('{')
		}
	}
	if err != nil {
		s.closer.Close()
		return nil, err
	}
	return s, nil
}

// jsonFormats are what Reading.Format says of the kinds of JSON.
var jsonFormats = []string{"json", "ndjson", "geojson", "topojson"}

// keyColumn names the column of the names of the records, where records have names rather than a place in a list.
const keyColumn = "key"

// jsonRows are the records of a table.
type jsonRows struct {
	text   *jsonText
	table  jsonTable
	shape  *jsonShape
	stream *jsonStream
	number int
	done   bool
}

func (r *jsonRows) names() []string { return r.shape.columns }
func (r *jsonRows) position() int64 { return r.stream.position() }
func (r *jsonRows) close() error    { return r.stream.closer.Close() }

func (r *jsonRows) next() (rawRow, error) {
	cells, err := r.raw()
	if err == io.EOF {
		return rawRow{}, io.EOF
	}
	if err != nil {
		return rawRow{}, broken("JSON", err)
	}
	for i, c := range cells {
		if len(c) > r.text.limits.CellBytes {
			return rawRow{}, fault.New(fault.TooLarge, "tabular.value_too_large", r.number, r.shape.columns[i], r.text.limits.CellBytes)
		}
	}
	return rawRow{number: r.number, cells: cells}, nil
}

// raw spreads the next record over the columns.
func (r *jsonRows) raw() ([]string, error) {
	if r.done {
		return nil, io.EOF
	}
	name, err := r.advance()
	if err != nil {
		return nil, err
	}
	r.number++
	most := r.text.limits.CellBytes * rowFactor
	raw, err := r.stream.value(most)
	if err == errJSONLong {
		return nil, fault.New(fault.TooLarge, "tabular.record_too_large", r.number, most)
	}
	if err != nil {
		return nil, err
	}
	cells := r.shape.record(raw)
	if r.table.kind == jsonMap && len(cells) > 0 {
		cells[0] = name
	}
	return cells, nil
}

// advance goes to the next record, io.EOF after the last; name is that of the record, where it has one.
func (r *jsonRows) advance() (name string, err error) {
	more := true
	switch r.table.kind {
	case jsonRecords:
		more, err = r.stream.more(']')
	case jsonMap:
		if more, err = r.stream.more('}'); more && err == nil {
			name, err = r.stream.key()
		}
	case jsonLines:
		_, err = r.stream.peek()
	case jsonOne:
		more = r.number == 0
	}
	if err == nil && !more || err == io.EOF {
		r.done = true
		return "", io.EOF
	}
	return name, err
}

// name says which table it is: the names that lead to it.
func (t jsonTable) name() string {
	if len(t.path) == 0 {
		return "$"
	}
	return strings.Join(t.path, ".")
}
