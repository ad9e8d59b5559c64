package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// parquet reads the Parquet files people send with an engine: that of the server, or one that open makes and ends with the file.
type parquet struct {
	// open gives the engine, the folder a file may be copied to for it, and what to do in the end.
	open func() (engine *duck.Engine, dir string, done func() error, err error)
}

// reader opens the files that reach the server.
func (h *house) reader() tabular.Reader {
	return reader(h.blobs.TempDir(), shared(h.duck, h.blobs.TempDir()))
}

// shared lends the engine of the server.
func shared(engine *duck.Engine, dir string) parquet {
	return parquet{func() (*duck.Engine, string, func() error, error) {
		return engine, dir, func() error { return nil }, nil
	}}
}

// commandMemoryMB is the memory of the engine of one command.
const commandMemoryMB = 256

// alone makes an engine for one file, as the command line does.
var alone = parquet{func() (*duck.Engine, string, func() error, error) {
	dir, err := os.MkdirTemp("", "cultured-parquet-*")
	if err != nil {
		return nil, "", nil, err
	}
	engine, err := duck.Open(duck.Settings{MemoryMB: commandMemoryMB, TempDir: dir})
	if err != nil {
		return nil, "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return engine, dir, func() error { return errors.Join(engine.Close(), os.RemoveAll(dir)) }, nil
}}

// read implements [tabular.Reader.Parquet].
func (p parquet) read(src io.ReaderAt, size int64, opt tabular.Options) (_ tabular.Table, err error) {
	engine, dir, done, err := p.open()
	if err != nil {
		return nil, err
	}
	rows := &parquetRows{size: size, limit: opt.Limits.CellBytes, done: done}
	defer func() {
		if err != nil {
			err = errors.Join(err, rows.Close())
		}
	}()
	path, err := rows.place(src, dir)
	if err != nil {
		return nil, err
	}
	if rows.file, err = engine.Foreign(context.Background(), path); err != nil {
		return nil, unreadable(err)
	}
	return tabular.NewTable(rows.file.Columns(), rows, tabular.Reading{Format: "parquet"}, opt.Limits)
}

// unreadable says of a bad file what is said of those of other formats.
func unreadable(err error) error {
	if fault.Is(err, "duck.bad_file") {
		return fault.New(fault.Invalid, "tabular.broken", "Parquet").Because(err)
	}
	return err
}

// parquetRows are the rows of one file.
type parquetRows struct {
	file   *duck.Foreign
	size   int64
	limit  int // bytes of a cell
	number int
	copied string // the copy that was made, "" for none
	done   func() error
}

// place is where the engine finds the file: where it lies, or a copy.
func (r *parquetRows) place(src io.ReaderAt, dir string) (string, error) {
	if named, ok := src.(interface{ Name() string }); ok {
		if info, err := os.Stat(named.Name()); err == nil && info.Mode().IsRegular() && info.Size() == r.size {
			return filepath.Abs(named.Name())
		}
	}
	file, err := os.CreateTemp(dir, "parquet-*")
	if err != nil {
		return "", err
	}
	r.copied = file.Name()
	_, err = io.Copy(file, io.NewSectionReader(src, 0, r.size))
	return r.copied, errors.Join(err, file.Close())
}

// Next implements [tabular.Rows].
func (r *parquetRows) Next() ([]string, error) {
	cells, more, err := r.file.Next(context.Background())
	if err != nil {
		return nil, unreadable(err)
	}
	if !more {
		return nil, io.EOF
	}
	r.number++
	for i, c := range cells {
		if len(c) > r.limit {
			return nil, fault.New(fault.TooLarge, "tabular.cell_too_large", r.number, i+1, r.limit)
		}
	}
	return cells, nil
}

// Position implements [tabular.Rows]: the share of the rows, in bytes of the file.
func (r *parquetRows) Position() int64 {
	return int64(float64(r.size) * float64(r.file.Read()) / float64(max(r.file.Rows(), 1)))
}

// Close implements [tabular.Rows].
func (r *parquetRows) Close() error {
	var err error
	if r.copied != "" {
		err = os.Remove(r.copied)
	}
	return errors.Join(err, r.done())
}
