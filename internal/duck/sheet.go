package duck

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"cultured/internal/fault"
	"cultured/internal/id"
)

// A sheet is a table copied to where any of its rows is reached at once: a file of the engine's own beside the exports, compressed, whose
// pages share the memory the engine is allowed. What changed in the table since its file was written is applied to the copy, so
// that orders, filters and sums see it.

const (
	sheetsMost     = 12        // sheets open at a time
	sheetBytesMost = 4 << 30   // of their files together, on the disk
	buildTime      = time.Hour // a copy that takes longer is given up
)

// A SheetAsk says which table is read, and what has changed in it.
type SheetAsk struct {
	Path string // of the table's file
	// Key tells sheets of the same file apart: those with the same path and key have the same changes.
	Key   string
	Patch *Patch // nil for none
}

// A Patch is what changed in a table since its file was written. Rows are counted from 1 in the order of the file; those added go on from
// there. It must not change once it was given.
type Patch struct {
	Number int64                       // of the last change: of one [SheetAsk.Key], the same number is the same patch
	Cells  map[int64]map[string]string // by row, then column: canonical text; "" or a text not of the column's type is no value
	Last   int64                       // the highest number of a row added, 0 for none
	Gone   map[int64]bool              // rows that are not shown: those deleted, numbers that no row has
}

func (s SheetAsk) patch() *Patch {
	if s.Patch == nil {
		return &Patch{}
	}
	return s.Patch
}

// changed reports whether the rows, or their cells, are others than those of the file.
func (p *Patch) changed() bool { return len(p.Cells)+len(p.Gone) > 0 || p.Last > 0 }

// sheets are those open, the latest used last.
type sheets struct {
	mu    sync.Mutex
	open  map[string]*sheet
	order []*sheet
	named int // how many were made, for their names

	fresh   time.Duration // see viewFresh
	copying sync.WaitGroup
	ctx     context.Context // of the copies being made; done when the engine closes
	stop    context.CancelFunc
}

// A sheet is one open copy.
type sheet struct {
	key   string
	name  string // of its database in the engine
	file  string
	ready chan struct{} // closed when the copy is made, or has failed
	err   error         // why it failed; read once ready is closed
	base  *table        // of the copy: its source is the copy
	bytes int64

	life sync.RWMutex // held for reading while the sheet is read, for writing to close it
	gone bool

	patching sync.Mutex // one patch applied at a time
	length   int64      // rows of the copy, those gone too; guarded by patching
	now      atomic.Pointer[state]

	viewing sync.Mutex // guards what follows
	views   []*view    // the latest used last
	leaving []*view    // replaced: somebody may still be about to read them
	made    int
}

// A state is what a sheet is after a patch. It does not change; another replaces it.
type state struct {
	patch *Patch
	moves int // how often rows came or went
}

// rows is how many rows there are in a state.
func (s *sheet) rows(now *state) int64 {
	return max(s.base.rows, now.patch.Last) - int64(len(now.patch.Gone))
}

// whole reports whether a look shows every row in the order of the table: the place of a row is then its place in the copy.
func (now *state) whole(look Look) bool { return len(now.patch.Gone) == 0 && look.plain() }

// table gives the name of the copy's rows.
func (s *sheet) table() string { return s.name + ".cells" }

// sheetOf recalls a sheet, or begins to make it. It does not wait: see sheet.ready.
func (e *Engine) sheetOf(ctx context.Context, ask SheetAsk) (*sheet, error) {
	known, err := e.table(ctx, ask.Path)
	if err != nil {
		return nil, err
	}
	key := ask.Path + "\x00" + ask.Key
	e.sheets.mu.Lock()
	defer e.sheets.mu.Unlock()
	if s := e.sheets.open[key]; s != nil {
		e.sheets.touch(s)
		return s, nil
	}
	e.sheets.named++
	s := &sheet{key: key, name: "sheet_" + strconv.Itoa(e.sheets.named), ready: make(chan struct{}), length: known.rows,
		file: filepath.Join(e.settings.TempDir, "sheet-"+id.New(time.Now())+".duckdb")}
	s.base = &table{columns: known.columns, types: known.types, rows: known.rows, sheet: s.table()}
	s.now.Store(&state{patch: &Patch{}})
	if e.sheets.open == nil {
		e.sheets.open = map[string]*sheet{}
	}
	e.sheets.open[key] = s
	e.sheets.order = append(e.sheets.order, s)
	e.sheets.copying.Go(func() { e.copySheet(s, ask.Path) })
	return s, nil
}

// touch marks a sheet as the latest used.
func (l *sheets) touch(s *sheet) {
	for i, each := range l.order {
		if each == s {
			l.order = append(append(l.order[:i:i], l.order[i+1:]...), s)
			return
		}
	}
}

// copySheet makes the copy. Who asked may have gone; the next who asks finds it. A copy that fails is forgotten, to be tried again.
func (e *Engine) copySheet(s *sheet, path string) {
	ctx, cancel := context.WithTimeout(e.sheets.ctx, buildTime)
	defer cancel()
	s.err = e.copyTable(ctx, s, path)
	if info, err := os.Stat(s.file); err == nil {
		s.bytes = info.Size()
	}
	close(s.ready)
	if s.err != nil {
		e.dropSheet(s)
	}
	e.makeRoom(s)
}

func (e *Engine) copyTable(ctx context.Context, s *sheet, path string) error {
	conn, done, err := e.conn(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, err := conn.ExecContext(ctx, "ATTACH "+quoteText(s.file)+" AS "+s.name); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "CREATE TABLE "+s.table()+" AS SELECT * FROM read_parquet($1)", literalPath(path))
	return tooLarge(err)
}

// makeRoom closes the sheets longest unused while there are too many, or they are too large; never the one just made.
func (e *Engine) makeRoom(latest *sheet) {
	var leave []*sheet
	e.sheets.mu.Lock()
	var bytes int64
	for _, s := range e.sheets.order {
		bytes += s.size()
	}
	left := len(e.sheets.order)
	for _, s := range e.sheets.order {
		if left <= sheetsMost && bytes <= sheetBytesMost {
			break
		}
		if s != latest && s.done() {
			leave = append(leave, s)
			left--
			bytes -= s.size()
		}
	}
	e.sheets.mu.Unlock()
	for _, s := range leave {
		e.dropSheet(s)
	}
}

// done reports whether the copy is made, or has failed.
func (s *sheet) done() bool {
	select {
	case <-s.ready:
		return true
	default:
		return false
	}
}

// size is the size of the file once it is made.
func (s *sheet) size() int64 {
	if !s.done() {
		return 0
	}
	return s.bytes
}

// dropSheet forgets a sheet and removes its file, once nobody reads it.
func (e *Engine) dropSheet(s *sheet) {
	e.sheets.mu.Lock()
	if e.sheets.open[s.key] == s {
		delete(e.sheets.open, s.key)
	}
	for i, each := range e.sheets.order {
		if each == s {
			e.sheets.order = append(e.sheets.order[:i:i], e.sheets.order[i+1:]...)
			break
		}
	}
	e.sheets.mu.Unlock()
	s.life.Lock()
	defer s.life.Unlock()
	s.gone = true
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if conn, done, err := e.conn(ctx); err == nil {
		// It may never have been attached; what cannot be detached goes with the process.
		_, _ = conn.ExecContext(ctx, "DETACH DATABASE IF EXISTS "+s.name)
		done()
	}
	_ = os.Remove(s.file)
	_ = os.Remove(s.file + ".wal")
}

// errGone says that a sheet was closed between the moment it was found and its use.
var errGone = errors.New("sheet closed")

// onSheet reads a sheet as its patch says, waiting for the copy. fn runs once, or not at all.
func (e *Engine) onSheet(ctx context.Context, ask SheetAsk, fn func(s *sheet) error) error {
	for range 3 {
		s, err := e.sheetOf(ctx, ask)
		if err != nil {
			return err
		}
		select {
		case <-s.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		if s.err != nil {
			return s.err
		}
		err = e.readSheet(ctx, s, ask, fn)
		if !errors.Is(err, errGone) {
			return err
		}
	}
	return fault.New(fault.Busy, "duck.sheet_busy").Because(errGone)
}

func (e *Engine) readSheet(ctx context.Context, s *sheet, ask SheetAsk, fn func(s *sheet) error) error {
	s.life.RLock()
	defer s.life.RUnlock()
	if s.gone {
		return errGone
	}
	if err := e.bringUp(ctx, s, ask); err != nil {
		return err
	}
	return fn(s)
}
