package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// A source is what a command reads: a file of this machine, or one spooled for the time of reading, since a table is read
// twice.
type source struct {
	*os.File
	name    string // as its owner calls it
	spooled bool
}

// Close closes the file and removes one that was spooled.
func (s source) Close() error {
	err := s.File.Close()
	if s.spooled {
		err = errors.Join(err, os.Remove(s.File.Name()))
	}
	return err
}

// open opens what a command is to read: a file, standard input ("-") or the file of an address.
func (in invocation) open(ctx context.Context, name string) (source, error) {
	switch {
	case name == "-":
		return kept(in.stdin, "stdin")
	case strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://"):
		return in.fetched(ctx, name)
	}
	file, err := os.Open(name)
	if err != nil {
		err = fault.New(fault.Invalid, "cultured.no_file", name).Because(err)
	}
	return source{File: file, name: name}, err
}

// kept keeps what can be read only once in a temporary file.
func kept(r io.Reader, name string) (source, error) {
	file, err := os.CreateTemp("", "cultured-*")
	if err != nil {
		return source{}, err
	}
	s := source{file, name, true}
	if _, err := io.Copy(file, io.LimitReader(r, tabular.DefaultLimits.Bytes+1)); err != nil {
		return source{}, errors.Join(err, s.Close())
	}
	return s, nil
}

// table says how to read an open file as a table as often as wanted, and its size in bytes.
func (s source) table(opt tabular.Options) (size int64, _ dataset.Opener, err error) {
	info, err := s.Stat()
	if err == nil && info.IsDir() {
		err = fault.New(fault.Invalid, "cultured.no_file", s.name)
	}
	if err != nil {
		return 0, nil, err
	}
	return info.Size(), func() (tabular.Table, error) {
		return reader("").Open(s, info.Size(), filepath.Base(s.name), opt)
	}, nil
}
