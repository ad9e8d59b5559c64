package main

import (
	"errors"
	"os"

	"cultured/internal/tabular"
)

// reader opens files, for the pages and for the command line. What must be unpacked goes to dir, or to the system's
// temporary folder when dir is "".
func reader(dir string) tabular.Reader {
	return tabular.Reader{Parquet: parquet{dir}.read, Spool: func() (tabular.Spool, error) {
		f, err := os.CreateTemp(dir, "unpacked-*")
		if err != nil {
			return nil, err
		}
		return spool{f}, nil
	}}
}

// spool is a temporary file.
type spool struct{ *os.File }

// Close closes the file and deletes it.
func (s spool) Close() error { return errors.Join(s.File.Close(), os.Remove(s.Name())) }
