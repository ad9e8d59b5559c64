package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"cultured/internal/fault"
)

// A feed hands the rows of a Write to the engine as a table function, some at a time, so that they go straight into the row
// groups of the file: memory does not grow with their number, and reading them goes on while others are compressed.
type feed struct {
	columns []Column
	batches chan *batch   // to the engine; closed after the last
	empty   chan *batch   // back from the engine, to be filled again
	gone    chan struct{} // closed when the engine takes no more
	size    int           // rows a batch

	failed error                 // why the rows end early; written before batches is closed
	bad    atomic.Pointer[error] // why the engine takes no more; its threads may still run when it has given up
	sql    []duckdb.ColumnInfo
}

// A batch is some rows, their cells one after the other.
type batch struct {
	numbers []int64
	cells   []string
}

const (
	batchRows  = 2048            // DuckDB's vector
	batchCells = batchRows * 100 // of a batch, so that the widest tables stay in memory
	batches    = 4               // on their way
)

func newFeed(columns []Column) (*feed, error) {
	f := &feed{columns: columns, batches: make(chan *batch, batches), empty: make(chan *batch, batches), gone: make(chan struct{}),
		size: max(1, min(batchRows, batchCells/len(columns)))}
	for range batches {
		f.empty <- &batch{}
	}
	add := func(name string, t duckdb.TypeInfo, err error) error {
		f.sql = append(f.sql, duckdb.ColumnInfo{Name: name, T: t})
		return err
	}
	whole, err := duckdb.NewTypeInfo(duckdb.TYPE_BIGINT)
	if err := add("r", whole, err); err != nil {
		return nil, err
	}
	if len(columns) > wideTable { // each column holds pages of memory: a row waits as one list of texts
		text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
		if err != nil {
			return nil, err
		}
		list, err := duckdb.NewListInfo(text)
		return f, add("l", list, err)
	}
	for i, column := range columns {
		t, err := duckdb.NewTypeInfo(driverTypes[column.Type])
		if err := add(fmt.Sprintf("c%d", i), t, err); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// driverTypes gives the driver's name of each type.
var driverTypes = map[Type]duckdb.Type{Text: duckdb.TYPE_VARCHAR, Integer: duckdb.TYPE_BIGINT, Number: duckdb.TYPE_DOUBLE,
	Boolean: duckdb.TYPE_BOOLEAN, Date: duckdb.TYPE_DATE, Timestamp: duckdb.TYPE_TIMESTAMP}

// send sends the rows, until they end or nobody takes them, and returns how many. It must be called once, and closes batches.
func (f *feed) send(ctx context.Context, rows iter.Seq2[Row, error]) (count int64) {
	whole := false
	defer func() {
		if !whole && f.failed == nil { // the rows panicked: half a file is none
			f.failed = errors.New("the rows end early")
		}
		close(f.batches)
	}()
	var b *batch
	last := int64(0)
	for row, err := range rows {
		if err == nil && (row.Number <= last || len(row.Cells) > len(f.columns)) {
			err = fmt.Errorf("row %d after %d, %d cells for %d columns: the caller must settle this", row.Number, last, len(row.Cells), len(f.columns))
		}
		if err != nil {
			f.failed = err
			return count
		}
		if b == nil {
			if b = f.next(ctx); b == nil {
				whole = true // of what is wanted
				return count
			}
		}
		last = row.Number
		b.add(row, len(f.columns))
		count++
		if len(b.numbers) == f.size {
			f.batches <- b // never waits: there are no more batches than it holds
			b = nil
		}
	}
	if b != nil {
		f.batches <- b
	}
	whole = true
	return count
}

// next is a batch to fill, nil when there is no use.
func (f *feed) next(ctx context.Context) *batch {
	select {
	case b := <-f.empty:
		b.numbers, b.cells = b.numbers[:0], b.cells[:0]
		return b
	case <-f.gone:
	case <-ctx.Done():
		f.failed = ctx.Err()
	}
	return nil
}

func (b *batch) add(row Row, width int) {
	b.numbers = append(b.numbers, row.Number)
	b.cells = append(b.cells, row.Cells...)
	for range width - len(row.Cells) {
		b.cells = append(b.cells, "")
	}
}

// FillChunk gives the engine its next rows.
func (f *feed) FillChunk(chunk duckdb.DataChunk) error {
	b, ok := <-f.batches
	if !ok {
		return errors.Join(f.failed, chunk.SetSize(0))
	}
	for i, number := range b.numbers {
		cells := b.cells[i*len(f.columns) : (i+1)*len(f.columns)]
		if err := f.fill(chunk, i, number, cells); err != nil {
			f.bad.Store(&err)
			return err
		}
	}
	err := chunk.SetSize(len(b.numbers))
	clear(b.cells) // the texts may hold large pieces of the source
	f.empty <- b   // never waits either
	return err
}

// fill writes a row into a chunk.
func (f *feed) fill(chunk duckdb.DataChunk, at int, number int64, cells []string) error {
	if err := duckdb.SetChunkValue(chunk, 0, at, number); err != nil {
		return err
	}
	wide := len(f.columns) > wideTable
	for i, column := range f.columns {
		var value any
		if cells[i] != "" {
			var ok bool
			if value, ok = parse(column.Type, cells[i]); !ok {
				return fault.New(fault.Invalid, "duck.bad_cell", column.Name, number, shorten(cells[i]))
			}
		}
		if wide { // the engine casts the texts back without loss
			cells[i], _ = format(column.Type, value)
			continue
		}
		if text, isText := value.(string); isText && strings.IndexByte(text, 0) >= 0 {
			value = []byte(text) // the driver ends a string at its first NUL, and takes bytes whole
		}
		if err := duckdb.SetChunkValue(chunk, i+1, at, value); err != nil {
			return err
		}
	}
	if wide {
		return chunk.SetValue(1, at, cells)
	}
	return nil
}

// ColumnInfos, Cardinality and Init make a feed a source of the driver.
func (f *feed) ColumnInfos() []duckdb.ColumnInfo { return f.sql }

// Cardinality is not known.
func (f *feed) Cardinality() *duckdb.CardinalityInfo { return nil }

// Init has nothing to prepare.
func (f *feed) Init() {}

// feeds are those being written, by the number their statement asks for.
type feeds struct {
	mu   sync.Mutex
	last int64
	open map[int64]*feed
}

// feedFunction is the table function that gives a feed's rows.
const feedFunction = "rows_of"

// register makes the feeds' function known to an engine; once is enough for all its connections.
func (fs *feeds) register(conn *sql.Conn) error {
	number, err := duckdb.NewTypeInfo(duckdb.TYPE_BIGINT)
	if err != nil {
		return err
	}
	return duckdb.RegisterTableUDF(conn, feedFunction, duckdb.ChunkTableFunction{
		Config: duckdb.TableFunctionConfig{Arguments: []duckdb.TypeInfo{number}},
		BindArguments: func(_ map[string]any, args ...any) (duckdb.ChunkTableSource, error) {
			fs.mu.Lock()
			defer fs.mu.Unlock()
			if f := fs.open[args[0].(int64)]; f != nil {
				return f, nil
			}
			return nil, fmt.Errorf("no feed %v", args[0])
		},
	})
}

func (fs *feeds) add(f *feed) (number int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.open == nil {
		fs.open = map[int64]*feed{}
	}
	fs.last++
	fs.open[fs.last] = f
	return fs.last
}

func (fs *feeds) remove(number int64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	delete(fs.open, number)
}
