package datasetfile

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"cultured/internal/blob"
	"cultured/internal/dataset"
	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/id"
	"time"
)

// A Shelf implements [dataset.Shelf] and [dataset.Tables].
type Shelf struct {
	Blobs blob.Store
	Duck  *duck.Engine
	Temp  string // folder on the disk of the blobs, for files being made
	Limit int64  // bytes of one source
}

type file struct {
	blob.File
	size int64
}

func (f file) Size() int64 { return f.size }

// Name is where the file lies on this machine, "" when it does not: for readers that need a path.
func (f file) Name() string {
	if named, ok := f.File.(interface{ Name() string }); ok {
		return named.Name()
	}
	return ""
}

// Receive implements [dataset.Shelf].
func (s *Shelf) Receive(ctx context.Context, r io.Reader) (string, int64, error) {
	b, err := s.Blobs.Put(ctx, r, s.Limit)
	return b.Hash, b.Bytes, err
}

// Read implements [dataset.Shelf].
func (s *Shelf) Read(hash string) (dataset.File, error) {
	f, size, err := s.Blobs.Open(hash)
	if err != nil {
		return nil, err
	}
	return file{f, size}, nil
}

// Discard implements [dataset.Shelf].
func (s *Shelf) Discard(hash string) error { return s.Blobs.Delete(hash) }

// List implements [dataset.Shelf].
func (s *Shelf) List(ctx context.Context) iter.Seq2[dataset.Stored, error] {
	return func(yield func(dataset.Stored, error) bool) {
		for b, err := range s.Blobs.List(ctx) {
			if !yield(dataset.Stored{Blob: b.Hash, At: b.Modified}, err) {
				return
			}
		}
	}
}

// Table implements [dataset.Shelf].
func (s *Shelf) Table(ctx context.Context, columns []dataset.StorageColumn, rows iter.Seq2[dataset.StorageRow, error]) (hash string, bytes int64, err error) {
	defer fault.Wrap(&err, "datasetfile.Table")
	cols := make([]duck.Column, len(columns))
	for i, c := range columns {
		cols[i] = duck.Column{Name: c.Name, Type: duckType(c.Type)}
	}
	return s.write(ctx, cols, func(yield func(duck.Row, error) bool) {
		for r, err := range rows {
			if !yield(duck.Row{Number: r.Number, Cells: r.Cells}, err) {
				return
			}
		}
	})
}

func duckType(t dataset.Type) duck.Type {
	switch t {
	case dataset.TypeInteger:
		return duck.Integer
	case dataset.TypeNumber:
		return duck.Number
	case dataset.TypeBoolean:
		return duck.Boolean
	case dataset.TypeDate:
		return duck.Date
	case dataset.TypeDateTime:
		return duck.Timestamp
	}
	return duck.Text
}

func (s *Shelf) write(ctx context.Context, columns []duck.Column, rows iter.Seq2[duck.Row, error]) (string, int64, error) {
	path := filepath.Join(s.Temp, id.New(time.Now())+".parquet")
	defer func() { _ = os.Remove(path) }() // adopted files are gone already
	if _, err := s.Duck.Write(ctx, path, columns, rows); err != nil {
		return "", 0, err
	}
	b, err := s.Blobs.Adopt(ctx, path)
	return b.Hash, b.Bytes, err
}

// A spool holds findings in a file, one JSON object a line, until they become a table.
type spool struct {
	shelf *Shelf
	file  *os.File
	out   *bufio.Writer
	enc   *json.Encoder
	n     int64
}

// Spool implements [dataset.Shelf].
func (s *Shelf) Spool() (dataset.Spool, error) {
	f, err := os.CreateTemp(s.Temp, "findings-*.ndjson")
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(f, 1<<18)
	return &spool{shelf: s, file: f, out: out, enc: json.NewEncoder(out)}, nil
}

func (p *spool) Add(f finding.Finding) error {
	p.n++
	return p.enc.Encode(f)
}

func (p *spool) Close() {
	_ = p.file.Close() // temporary, and nothing is read from it any more
	_ = os.Remove(p.file.Name())
}

// findingColumns is the shape of a findings table; the row of the source is the table's own row number.
var findingColumns = []duck.Column{
	{Name: "line", Type: duck.Integer}, {Name: "position", Type: duck.Integer}, {Name: "field", Type: duck.Text},
	{Name: "value", Type: duck.Text}, {Name: "reason", Type: duck.Text}, {Name: "args", Type: duck.Text},
	{Name: "severity", Type: duck.Text}, {Name: "rule", Type: duck.Text}, {Name: "fix", Type: duck.Text},
	{Name: "after", Type: duck.Text},
}

func (p *spool) Keep(ctx context.Context) (hash string, err error) {
	defer fault.Wrap(&err, "datasetfile.Keep")
	if p.n == 0 {
		return "", nil
	}
	if err := p.out.Flush(); err != nil {
		return "", err
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	hash, _, err = p.shelf.write(ctx, findingColumns, p.rows)
	return hash, err
}

// rows gives the findings back in the order they were found.
func (p *spool) rows(yield func(duck.Row, error) bool) {
	dec := json.NewDecoder(bufio.NewReaderSize(p.file, 1<<18))
	for n := int64(1); ; n++ {
		var f finding.Finding
		err := dec.Decode(&f)
		if errors.Is(err, io.EOF) {
			return
		}
		args, argErr := json.Marshal(f.Args)
		row := duck.Row{Number: n, Cells: []string{strconv.Itoa(f.Row), strconv.Itoa(f.Column), clean(f.Field), clean(f.Value), f.Reason,
			string(args), string(f.Severity), f.Rule, f.Fix, clean(f.After)}}
		if !yield(row, errors.Join(err, argErr)) || err != nil {
			return
		}
	}
}

// clean makes text storable whatever the file held.
func clean(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\uFFFD"), "\uFFFD")
}
