package tabular

import (
	"io"
	"slices"
	"strconv"

	"cultured/internal/fault"
)

// columnBytes bounds a table given by its columns, which must be held in memory to be turned.
const columnBytes = 64 << 20

// openMatrix opens a list of lists. When its columns are named elsewhere it is typed; else a header is looked for in it.
func (j *jsonText) openMatrix(t jsonTable) (rowSource, error) {
	s, err := j.scan()
	if err != nil {
		return nil, err
	}
	if err = s.find(t.path); err == nil {
		err = s.expect('[')
	}
	if err != nil {
		s.closer.Close()
		return nil, broken("JSON", err)
	}
	r := &matrixRows{text: j, stream: s, row: cellRow{limits: j.limits}}
	if t.names == nil {
		return r, nil
	}
	names, err := j.namesAt(t.names)
	if err != nil {
		s.closer.Close()
		return nil, broken("JSON", err)
	}
	return namedMatrix{r, names}, nil
}

// namesAt reads a list of names: texts, or objects that have a name.
func (j *jsonText) namesAt(path []string) ([]string, error) {
	s, err := j.scan()
	if err != nil {
		return nil, err
	}
	defer s.closer.Close()
	if err := s.find(path); err != nil {
		return nil, err
	}
	raw, err := s.value(j.limits.CellBytes)
	if err != nil {
		return nil, err
	}
	var names []string
	for v := range elements(raw) {
		names = append(names, jsonCell(v))
	}
	return names, nil
}

// matrixRows are lists, one a row.
type matrixRows struct {
	text   *jsonText
	stream *jsonStream
	row    cellRow
	done   bool
}

func (r *matrixRows) position() int64 { return r.stream.position() }
func (r *matrixRows) close() error    { return r.stream.closer.Close() }

func (r *matrixRows) next() (rawRow, error) {
	if r.done {
		return rawRow{}, io.EOF
	}
	more, err := r.stream.more(']')
	if err == nil && !more {
		r.done = true
		return rawRow{}, io.EOF
	}
	r.row.number++
	r.row.cells = r.row.cells[:0]
	most := r.text.limits.CellBytes * rowFactor
	var raw []byte
	if err == nil {
		raw, err = r.stream.value(most)
	}
	if err == errJSONLong {
		err = fault.New(fault.TooLarge, "tabular.record_too_large", r.row.number, most)
	}
	if err != nil {
		return rawRow{}, broken("JSON", err)
	}
	if raw[0] != '[' {
		err = r.row.put(0, jsonCell(raw))
	} else {
		col := 0
		for v := range elements(raw) {
			if err = r.row.put(col, jsonCell(v)); err != nil {
				break
			}
			col++
		}
	}
	return rawRow{number: r.row.number, cells: r.row.cells}, err
}

// namedMatrix is a matrix whose columns are named elsewhere.
type namedMatrix struct {
	*matrixRows
	columns []string
}

func (m namedMatrix) names() []string { return m.columns }

// openColumns turns a table that is given by its columns.
func (j *jsonText) openColumns(t jsonTable) (rowSource, error) {
	s, err := j.scan()
	if err != nil {
		return nil, err
	}
	defer s.closer.Close()
	if err := s.find(t.path); err != nil {
		return nil, broken("JSON", err)
	}
	raw, err := s.value(columnBytes)
	if err == errJSONLong {
		return nil, fault.New(fault.TooLarge, "tabular.columns_too_large", columnBytes)
	}
	if err != nil {
		return nil, broken("JSON", err)
	}
	r := &turnedRows{at: s.position()}
	for name, value := range members(raw) {
		var cells []string
		switch value[0] {
		case '[':
			for v := range elements(value) {
				cells = append(cells, jsonCell(v))
			}
		case '{':
			for key, v := range members(value) {
				if i, err := strconv.Atoi(key); err == nil && i == len(cells) {
					cells = append(cells, jsonCell(v))
				}
			}
		}
		r.columns = append(r.columns, name)
		r.values = append(r.values, cells)
		r.rows = max(r.rows, len(cells))
	}
	for _, cells := range r.values {
		if i := slices.IndexFunc(cells, func(c string) bool { return len(c) > j.limits.CellBytes }); i >= 0 {
			return nil, fault.New(fault.TooLarge, "tabular.record_too_large", i+1, j.limits.CellBytes)
		}
	}
	return r, nil
}

// turnedRows are columns held in memory, read row by row.
type turnedRows struct {
	columns []string
	values  [][]string
	rows    int
	number  int
	cells   []string
	at      int64
}

func (r *turnedRows) names() []string { return r.columns }
func (r *turnedRows) position() int64 { return r.at }
func (r *turnedRows) close() error    { return nil }

func (r *turnedRows) next() (rawRow, error) {
	if r.number == r.rows {
		return rawRow{}, io.EOF
	}
	r.cells = r.cells[:0]
	for _, column := range r.values {
		cell := ""
		if r.number < len(column) {
			cell = column[r.number]
		}
		r.cells = append(r.cells, cell)
	}
	r.number++
	return rawRow{number: r.number, cells: r.cells}, nil
}
