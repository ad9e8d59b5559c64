package main

import (
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/geo"
	"cultured/internal/tabular"
)

// parquet reads the Parquet files people send, each in a process of its own that sends the rows: what a damaged file does to the engine, which
// is written in C++, then ends that process and not the server. The process gets no setting of ours, and may read the one folder only.
type parquet struct {
	dir string // where copies and what the process spills are put; "" is the system's folder
}

// reader opens the files that reach the server.
func (h *house) reader() tabular.Reader { return reader(h.blobs.TempDir()) }

const (
	// parquetCommand is what the process is called with; people have no use for it.
	parquetCommand = "read-parquet"
	// parquetMemoryMB is the memory of the engine of one file.
	parquetMemoryMB = 256
	// pageBytes is about how much of a file is sent at a time.
	pageBytes = 1 << 18
)

// A parquetPage is what the process sends: first the columns and the number of rows, then rows, then the end or a fault.
type parquetPage struct {
	Columns []string
	Count   int64
	Shapes  geo.ParquetMap
	Rows    [][]string
	End     bool
	Fault   string // catalogue key
}

// parquetFaults are what the process may say, by key; anything else is a file it could not read.
var parquetFaults = map[string]fault.Kind{"duck.out_of_memory": fault.TooLarge, "duck.missing_file": fault.NotFound}

// read implements [tabular.Reader.Parquet].
func (p parquet) read(src io.ReaderAt, size int64, opt tabular.Options) (_ tabular.Table, err error) {
	dir, err := os.MkdirTemp(p.dir, "parquet-*")
	if err != nil {
		return nil, err
	}
	rows := &parquetRows{size: size, dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, rows.Close())
		}
	}()
	path, err := place(src, size, dir)
	if err != nil {
		return nil, err
	}
	if err := rows.start(path); err != nil {
		return nil, err
	}
	first, err := rows.receive()
	if err != nil {
		return nil, err
	}
	rows.count = first.Count
	return tabular.NewMap(first.Columns, rows, first.Shapes, tabular.Reading{Format: "parquet"}, opt.Limits)
}

// place is where the process finds the file: where it lies, or a copy.
func place(src io.ReaderAt, size int64, dir string) (string, error) {
	if named, ok := src.(interface{ Name() string }); ok {
		if info, err := os.Stat(named.Name()); err == nil && info.Mode().IsRegular() && info.Size() == size {
			return filepath.Abs(named.Name())
		}
	}
	file, err := os.Create(filepath.Join(dir, "file.parquet"))
	if err != nil {
		return "", err
	}
	_, err = io.Copy(file, io.NewSectionReader(src, 0, size))
	return file.Name(), errors.Join(err, file.Close())
}

// parquetRows are the rows of one file, as they come from its process.
type parquetRows struct {
	dir     string
	size    int64 // of the file, in bytes
	count   int64 // rows the file says it has
	number  int   // of the last row given
	page    [][]string
	process *exec.Cmd
	pipe    io.ReadCloser
	pages   *gob.Decoder
}

func (r *parquetRows) start(path string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	r.process = exec.Command(program, parquetCommand, r.dir, path)
	r.process.Env = []string{"TMPDIR=" + r.dir} // not ours: it holds addresses and passwords
	if r.pipe, err = r.process.StdoutPipe(); err != nil {
		return err
	}
	if err := r.process.Start(); err != nil {
		r.process = nil
		return err
	}
	r.pages = gob.NewDecoder(r.pipe)
	return nil
}

// receive takes the next page. A process that ended without saying why died of the file.
func (r *parquetRows) receive() (p parquetPage, err error) {
	if err := r.pages.Decode(&p); err != nil {
		return p, fault.New(fault.Invalid, "tabular.broken", "Parquet").Because(err)
	}
	if kind, known := parquetFaults[p.Fault]; known {
		return p, fault.New(kind, p.Fault)
	}
	if p.Fault != "" {
		return p, fault.New(fault.Invalid, "tabular.broken", "Parquet")
	}
	return p, nil
}

// Next implements [tabular.Rows].
func (r *parquetRows) Next() ([]string, error) {
	for len(r.page) == 0 {
		p, err := r.receive()
		if err != nil {
			return nil, err
		}
		if p.End {
			return nil, io.EOF
		}
		r.page = p.Rows
	}
	cells := r.page[0]
	r.page = r.page[1:]
	r.number++
	return cells, nil
}

// Position implements [tabular.Rows]: the share of the rows, in bytes of the file.
func (r *parquetRows) Position() int64 {
	return int64(float64(r.size) * float64(r.number) / float64(max(r.count, 1)))
}

// Close implements [tabular.Rows]: it ends the process, wherever it is.
func (r *parquetRows) Close() error {
	if r.process != nil {
		_ = r.process.Process.Kill() // it may have ended
		_ = r.pipe.Close()
		_ = r.process.Wait() // killed, or dead of the file: receive said so
	}
	return os.RemoveAll(r.dir)
}

// sendParquet is the process: it sends the rows of a file to its standard output.
func sendParquet(ctx context.Context, in invocation) (code int, err error) {
	pages := gob.NewEncoder(in.stdout)
	defer func() {
		if f, ok := faultOf(err); ok {
			err = pages.Encode(parquetPage{Fault: f.Key})
		}
	}()
	engine, err := duck.Open(duck.Settings{MemoryMB: parquetMemoryMB, TempDir: in.args[0], Dirs: []string{filepath.Dir(in.args[1])}})
	if err != nil {
		return exitFailed, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	file, err := engine.Foreign(ctx, in.args[1])
	if err != nil {
		return exitFailed, err
	}
	if err := pages.Encode(parquetPage{Columns: file.Columns(), Count: file.Rows(), Shapes: file.Shapes()}); err != nil {
		return exitFailed, err
	}
	return exitOK, sendRows(ctx, file, pages)
}

func sendRows(ctx context.Context, file *duck.Foreign, pages *gob.Encoder) error {
	var page parquetPage
	held := 0
	for {
		cells, more, err := file.Next(ctx)
		if err != nil {
			return err
		}
		if more {
			row := make([]string, len(cells))
			copy(row, cells)
			page.Rows = append(page.Rows, row)
			for _, c := range cells {
				held += len(c) + 16
			}
		}
		if held >= pageBytes || !more && len(page.Rows) > 0 {
			if err := pages.Encode(page); err != nil {
				return err
			}
			page.Rows, held = page.Rows[:0], 0
		}
		if !more {
			return pages.Encode(parquetPage{End: true})
		}
	}
}
