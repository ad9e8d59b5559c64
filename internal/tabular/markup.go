package tabular

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

// A markup is a map written in XML. It is read twice: columns are only known at its end.
type markup struct {
	*source
	title  string
	limits Limits
	// scan reads the document and tells the records of each of its layers. Errors of its own are faults or errXML.
	scan func(w *walker, layers *xmlLayers) error
}

// xmlLayers are the tables of a document, in the order they are offered.
type xmlLayers struct {
	all  []*xmlLayer
	emit func(l *xmlLayer) error // takes the record l holds
}

// add makes a layer.
func (l *xmlLayers) add(name string, limits Limits) *xmlLayer {
	made := &xmlLayer{name: name, index: map[string]int{}, mapCells: mapCells{to: &geo.Projection{Name: "WGS 84"}, limits: limits}}
	l.all = append(l.all, made)
	return made
}

// An xmlLayer is one table, and the record that is being read of it.
type xmlLayer struct {
	mapCells
	name    string
	columns []string
	index   map[string]int // of the columns, by what they are in the document
	records int
	deep    bool // some position has a height
	wanted  bool // second reading: the records of this layer are kept
	again   bool // second reading: columns are known
	cells   []string
	shape   geo.Geometry
}

// begin empties the record.
func (l *xmlLayer) begin() {
	l.shape = geo.Geometry{}
	l.cells = l.cells[:0]
	if l.wanted {
		l.cells = append(l.cells, make([]string, len(l.columns))...)
	}
}

// set fills a cell; key is what the column is in the document, name what it is called. A first value stays.
func (l *xmlLayer) set(key, name string, value []byte) error {
	at, ok := l.index[key]
	if !ok && l.again {
		return nil
	}
	if !ok {
		if len(l.columns) == l.limits.Columns {
			return fault.New(fault.TooLarge, "tabular.too_many_columns", l.records+1, len(l.columns)+1, l.limits.Columns)
		}
		at = len(l.columns)
		l.index[key] = at
		l.columns = append(l.columns, freeName(l.columns, strings.TrimSpace(name)))
	}
	value = bytes.TrimSpace(value)
	if len(value) > l.limits.CellBytes {
		return fault.New(fault.TooLarge, "tabular.cell_too_large", l.records+1, at+1, l.limits.CellBytes)
	}
	if l.wanted && l.cells[at] == "" {
		l.cells[at] = string(value)
	}
	return nil
}

// freeName is name, with a number when a column has it already.
func freeName(columns []string, name string) string {
	free := name
	for n := 2; slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, free) }); n++ {
		free = name + "_" + strconv.Itoa(n)
	}
	return free
}

// open reads the document once, and opens the layer asked for.
func (m *markup) open(opt Options, reading Reading) (Table, error) {
	var layers xmlLayers
	layers.emit = func(l *xmlLayer) error {
		l.records++
		return nil
	}
	if err := m.read(&layers, nil); err != nil {
		return nil, err
	}
	var parts []sheetFile
	for i, l := range layers.all {
		if l.records > 0 {
			parts = append(parts, sheetFile{Sheet: Sheet{Name: l.name}, open: func() (rowSource, error) { return m.rows(&layers, i) }})
		}
	}
	if len(parts) == 0 {
		return nil, fault.New(fault.Invalid, "tabular.nothing_to_read", m.title)
	}
	if Part(reading.Format) == "" {
		return openSheet(parts[0], reading, opt)
	}
	return openSheets(parts, reading, opt)
}

// read reads the document from its start; started gets what its position is known by, and what closes it.
func (m *markup) read(layers *xmlLayers, started func(at func() int64)) error {
	stream, at, err := m.from()
	if err != nil {
		return broken(m.title, err)
	}
	defer stream.Close()
	if started != nil {
		started(at)
	}
	src := m.decoded(stream)
	w := &walker{x: &xmlReader{r: src}, most: m.limits.CellBytes * rowFactor}
	if err := m.scan(w, layers); err != nil {
		return broken(m.title, err)
	}
	return nil
}

// decoded turns the document into UTF-8: by its mark, its zeros, or the encoding it declares.
func (s *source) decoded(stream io.Reader) io.Reader {
	mark, skip := bom(s.head)
	if mark == "" {
		mark = guessWide(s.head)
	}
	if strings.HasPrefix(mark, "utf-16") {
		return wide(stream, mark)
	}
	_, _ = io.CopyN(io.Discard, stream, int64(skip)) // an error comes again at the next read
	l := lettering{charset("utf-8"), true}
	declared, _, _ := bytes.Cut(s.text(), []byte("?>"))
	if x := (&xmlReader{tag: declared}); bytes.HasPrefix(declared, []byte("<?xml")) {
		x.tag = declared[len("<?xml"):]
		if name := namedPage(string(x.attr("encoding"))); name != "" {
			l = letteringOf(name)
		}
	}
	return &narrowReader{src: stream, set: l.set, loose: l.wide}
}

// errEnough ends a reading nobody wants the rest of.
var errEnough = errors.New("enough")

// rows starts the second reading, for the records of one layer.
func (m *markup) rows(first *xmlLayers, chosen int) (rowSource, error) {
	r := &markupRows{layer: first.all[chosen], at: func() int64 { return 0 }}
	seq := func(yield func(rawRow, error) bool) {
		again := xmlLayers{}
		for i, l := range first.all {
			copied := *l
			copied.again, copied.wanted, copied.records = true, i == chosen, 0
			again.all = append(again.all, &copied)
		}
		again.emit = func(l *xmlLayer) error {
			l.records++
			if !l.wanted {
				return nil
			}
			cells, err := l.append(l.cells, l.shape, l.records)
			if err != nil {
				return err
			}
			if !yield(rawRow{number: l.records, cells: cells}, nil) {
				return errEnough
			}
			return nil
		}
		if err := m.read(&again, func(at func() int64) { r.at = at }); err != nil && !errors.Is(err, errEnough) {
			yield(rawRow{}, err)
		}
	}
	r.pull, r.stop = iter.Pull2(seq)
	return r, nil
}

// markupRows are the records of one layer.
type markupRows struct {
	layer *xmlLayer
	pull  func() (rawRow, error, bool)
	stop  func()
	at    func() int64
}

func (r *markupRows) names() []string { return r.layer.names(slices.Clone(r.layer.columns)) }
func (r *markupRows) position() int64 { return r.at() }

func (r *markupRows) close() error {
	r.stop()
	return nil
}

func (r *markupRows) next() (rawRow, error) {
	row, err, ok := r.pull()
	if !ok {
		return rawRow{}, io.EOF
	}
	return row, err
}

// notes says what is not kept of the layer.
func (r *markupRows) notes() []Note {
	if r.layer.deep {
		return []Note{{Key: "tabular.note_flat"}}
	}
	return nil
}

// A walker goes through the elements of a document.
type walker struct {
	x     *xmlReader
	most  int // bytes of the text of one element
	depth int
	text  []byte
}

// deepestElement bounds how deep elements nest; maps nest about ten.
const deepestElement = 64

// rootOf is the name of the root element of a text, without its prefix.
func rootOf(s *source) string {
	if !bytes.HasPrefix(s.text(), []byte("<")) {
		return ""
	}
	x := &xmlReader{r: bytes.NewReader(s.text())}
	for range 100 {
		kind, err := x.next()
		if err != nil {
			return ""
		}
		if kind == xmlStart {
			return string(x.name)
		}
	}
	return ""
}

// root enters the root element and goes through it.
func (w *walker) root(start func(path []string) (taken bool, err error)) error {
	for {
		kind, err := w.x.next()
		if err == io.EOF {
			return errXML
		}
		if err != nil {
			return err
		}
		if kind == xmlStart {
			return w.walk(start, nil)
		}
	}
}

// walk reads the rest of the element that has just started. start is told each inner element, by its path below this one; it may
// read the element itself, to its end, and says so. leaf gets the text of each element that has no other inside, trimmed of
// nothing. Either may be nil.
func (w *walker) walk(start func(path []string) (bool, error), leaf func(path []string, text []byte) error) error {
	var path []string
	w.text = w.text[:0]
	plain := false // the element that is open has had no other inside
	for {
		kind, err := w.x.next()
		switch {
		case err == io.EOF:
			return errXML // cut
		case err != nil:
			return err
		case kind == xmlText:
			if leaf == nil || !plain {
				continue
			}
			if w.text = append(w.text, w.x.text...); len(w.text) > w.most {
				return fault.New(fault.TooLarge, "tabular.too_large_element", w.most)
			}
		case kind == xmlStart:
			path = append(path, string(w.x.name))
			if w.depth+len(path) > deepestElement {
				return errXML
			}
			w.text, plain = w.text[:0], true
			if start == nil {
				continue
			}
			taken, err := w.enter(start, path)
			if err != nil {
				return err
			}
			if taken {
				path, plain = path[:len(path)-1], false
			}
		default:
			if len(path) == 0 {
				return nil
			}
			if plain && leaf != nil {
				if err := leaf(path, w.text); err != nil {
					return err
				}
			}
			path, plain = path[:len(path)-1], false
		}
	}
}

// enter asks start, with the depth it may reach.
func (w *walker) enter(start func(path []string) (bool, error), path []string) (bool, error) {
	w.depth += len(path)
	defer func() { w.depth -= len(path) }()
	return start(path)
}
