package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"cultured/internal/fault"
)

const (
	defaultThreads  = 2
	defaultMemoryMB = 512
	leastMemoryMB   = 64
	describedFiles  = 4096 // how many files' columns are remembered
)

// Settings bounds the engine.
type Settings struct {
	Threads  int // processor threads in all, shared by the statements; 0 means 2
	MemoryMB int // memory of the engine's buffers in MiB; 0 means 512, at least 64. Beyond, it spills to TempDir
	// TempDir is a folder for spilled data and for exports being made. It must exist and be ours alone.
	TempDir string
	// Dirs are the folders (besides TempDir) the engine may read and write in. Empty: any place the process may.
	Dirs []string
}

// Engine runs statements on Parquet files. Its methods may be called from several goroutines; those beyond the number
// it runs at a time wait, for as long as their context allows.
type Engine struct {
	settings Settings
	slots    chan struct{} // statements running
	writing  chan struct{} // one Write at a time: each may use the whole memory

	mu     sync.Mutex
	db     *sql.DB // nil until the first use
	closed bool

	knownMu sync.Mutex
	known   map[string]*table // by path

	recent recent
	feeds  feeds
	sheets sheets
}

// Open checks the settings. It starts nothing: the engine opens at its first use, so that start-up stays quick and an
// idle server small.
func Open(settings Settings) (_ *Engine, err error) {
	defer fault.Wrap(&err, "duck.Open")
	if settings.Threads == 0 {
		settings.Threads = defaultThreads
	}
	if settings.MemoryMB == 0 {
		settings.MemoryMB = defaultMemoryMB
	}
	if settings.Threads < 1 || settings.MemoryMB < leastMemoryMB || settings.TempDir == "" {
		return nil, fmt.Errorf("threads %d, memory %d MiB, temporary folder %q: out of range",
			settings.Threads, settings.MemoryMB, settings.TempDir)
	}
	for _, dir := range append([]*string{&settings.TempDir}, pointers(settings.Dirs)...) {
		if *dir, err = filepath.Abs(*dir); err != nil {
			return nil, err
		}
	}
	e := &Engine{
		settings: settings,
		// Twice the threads: while one statement waits for the disk another computes.
		slots:   make(chan struct{}, max(4, 2*settings.Threads)),
		writing: make(chan struct{}, 1),
		known:   map[string]*table{},
	}
	e.sheets.fresh = viewFresh
	e.sheets.ctx, e.sheets.stop = context.WithCancel(context.Background())
	return e, nil
}

func pointers(dirs []string) []*string {
	list := make([]*string, len(dirs))
	for i := range dirs {
		list[i] = &dirs[i]
	}
	return list
}

// Close ends the engine. Statements running are interrupted by their contexts, not by Close: call it last.
func (e *Engine) Close() error {
	e.sheets.stop()
	e.sheets.copying.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	if e.db == nil {
		return nil
	}
	return e.db.Close()
}

// conn gives a connection for one statement or transfer, opening the engine if need be; done gives it back.
func (e *Engine) conn(ctx context.Context) (_ *sql.Conn, done func(), err error) {
	select {
	case e.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	defer func() {
		if err != nil {
			<-e.slots
		}
	}()
	db, err := e.open()
	if err != nil {
		return nil, nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	return conn, func() {
		// An error here means the connection is already gone, which is what is wanted.
		_ = conn.Close()
		<-e.slots
	}, nil
}

// open opens the engine once; a failure is tried again at the next use.
func (e *Engine) open() (*sql.DB, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errors.New("engine closed")
	}
	if e.db != nil {
		return e.db, nil
	}
	dsn := fmt.Sprintf("?threads=%d&memory_limit=%dMiB&autoinstall_known_extensions=false"+
		"&autoload_known_extensions=false&allow_community_extensions=false", e.settings.Threads, e.settings.MemoryMB)
	var once sync.Once
	connector, err := duckdb.NewConnector(dsn, func(execer driver.ExecerContext) error {
		var err error
		once.Do(func() { err = e.lock(execer) })
		return err
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(cap(e.slots))
	db.SetMaxIdleConns(cap(e.slots))
	if err := e.prepare(db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e.db = db
	return db, nil
}

// prepare makes the first connection, which locks the engine, and tells it of our table function.
func (e *Engine) prepare(db *sql.DB) error {
	conn, err := db.Conn(context.Background())
	if err != nil {
		return err
	}
	return errors.Join(e.feeds.register(conn), conn.Close())
}

// lock sets what the whole engine may do, then forbids any later change.
func (e *Engine) lock(execer driver.ExecerContext) error {
	statements := []string{
		"SET temp_directory = " + quoteText(filepath.Join(e.settings.TempDir, "spill")),
		"SET preserve_insertion_order = true", // _row must ascend in the file
		"SET parquet_metadata_cache = true",   // files never change
		"SET TimeZone = 'UTC'",
		"SET enable_progress_bar = false",
		"SET enable_geoparquet_conversion = false", // a damaged shape would cost the whole file: geo reads them
	}
	if len(e.settings.Dirs) > 0 {
		var dirs []string
		for _, dir := range append([]string{e.settings.TempDir}, e.settings.Dirs...) {
			// The engine compares a path as it is given, before it expands it: both spellings must be allowed.
			dirs = append(dirs, quoteText(dir), quoteText(literalPath(dir)))
		}
		statements = append(statements, "SET allowed_directories = ["+strings.Join(dirs, ", ")+"]",
			"SET enable_external_access = false")
	}
	statements = append(statements, "SET lock_configuration = true")
	for _, statement := range statements {
		if _, err := execer.ExecContext(context.Background(), statement, nil); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// quoteText writes a SQL string, for the few places that take no bound value.
func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// quoteName writes a SQL name.
func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// literalPath protects the characters DuckDB would expand in a path it reads: a folder may be called "data [2]".
func literalPath(path string) string {
	var b strings.Builder
	for _, r := range path {
		if strings.ContainsRune("*?[", r) {
			b.WriteString("[" + string(r) + "]")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
