package datasetweb_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/fault"
	"cultured/internal/finding"
)

// shelf keeps files and tables in memory: what datasetfile does on disk.
type shelf struct {
	mu       sync.Mutex
	n        int
	limit    int
	files    map[string][]byte
	tables   map[string]memTable
	findings map[string][]finding.Finding
}

type memTable struct {
	columns []dataset.StorageColumn
	rows    []dataset.PageRow
}

func newShelf(limit int) *shelf {
	return &shelf{limit: limit, files: map[string][]byte{}, tables: map[string]memTable{}, findings: map[string][]finding.Finding{}}
}

// name makes the name of a stored file; every one may be opened.
func (s *shelf) name(kind string) string {
	s.n++
	id := kind + strconv.Itoa(s.n)
	s.files[id] = nil
	return id
}

func (s *shelf) Receive(_ context.Context, r io.Reader) (string, int64, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(s.limit)+1))
	if err != nil {
		return "", 0, err
	}
	if len(b) > s.limit {
		return "", 0, fault.New(fault.TooLarge, "blob.too_large", s.limit)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.name("file")
	s.files[id] = b
	return id, int64(len(b)), nil
}

type memFile struct{ *bytes.Reader }

func (memFile) Close() error { return nil }

func (s *shelf) Read(blob string) (dataset.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.files[blob]
	if !ok {
		return nil, fmt.Errorf("no file %q", blob)
	}
	return memFile{bytes.NewReader(b)}, nil
}

func typed(t dataset.Type, v string) any {
	if v == "" {
		return nil
	}
	switch t {
	case dataset.TypeInteger:
		n, _ := strconv.ParseInt(v, 10, 64)
		return n
	case dataset.TypeNumber:
		f, _ := strconv.ParseFloat(v, 64)
		return f
	case dataset.TypeBoolean:
		return v == "true"
	case dataset.TypeDate:
		d, _ := time.Parse(time.DateOnly, v)
		return d
	}
	return v
}

func (s *shelf) Table(_ context.Context, columns []dataset.StorageColumn, rows iter.Seq2[dataset.StorageRow, error]) (string, int64, error) {
	t := memTable{columns: columns}
	for row, err := range rows {
		if err != nil {
			return "", 0, err
		}
		out := dataset.PageRow{Number: row.Number}
		for i, c := range row.Cells {
			out.Cells = append(out.Cells, typed(columns[i].Type, c))
		}
		t.rows = append(t.rows, out)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.name("table")
	s.tables[id] = t
	return id, 1, nil
}

type spool struct {
	s    *shelf
	list []finding.Finding
}

func (s *shelf) Spool() (dataset.Spool, error) { return &spool{s: s}, nil }

func (p *spool) Add(f finding.Finding) error { p.list = append(p.list, f); return nil }
func (p *spool) Close()                      {}
func (p *spool) Keep(context.Context) (string, error) {
	if len(p.list) == 0 {
		return "", nil
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	id := p.s.name("findings")
	slices.SortStableFunc(p.list, func(a, b finding.Finding) int { return cmp.Compare(a.Row, b.Row) })
	p.s.findings[id] = p.list
	return id, nil
}

func (s *shelf) Discard(blob string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.files, blob)
	delete(s.tables, blob)
	delete(s.findings, blob)
	return nil
}

func (s *shelf) List(context.Context) iter.Seq2[dataset.Stored, error] {
	return func(func(dataset.Stored, error) bool) {}
}

func (s *shelf) Rows(_ context.Context, table string, q dataset.Query) (dataset.Page, error) {
	s.mu.Lock()
	t := s.tables[table]
	s.mu.Unlock()
	page := dataset.Page{Total: -1}
	var at []int
	for i, c := range t.columns {
		if len(q.Columns) == 0 || slices.Contains(q.Columns, c.Name) {
			at, page.Columns = append(at, i), append(page.Columns, c)
		}
	}
	rows := slices.Clone(t.rows)
	for _, o := range q.Order {
		i := slices.IndexFunc(t.columns, func(c dataset.StorageColumn) bool { return c.Name == o.Column })
		slices.SortStableFunc(rows, func(a, b dataset.PageRow) int {
			n := cmp.Compare(fmt.Sprintf("%20v", a.Cells[i]), fmt.Sprintf("%20v", b.Cells[i]))
			if o.Descending {
				return -n
			}
			return n
		})
	}
	skip, _ := strconv.Atoi(q.After)
	for n, row := range rows {
		if n < skip || row.Number < q.From {
			continue
		}
		if len(page.Rows) == q.Limit {
			page.Next = strconv.Itoa(n)
			break
		}
		out := dataset.PageRow{Number: row.Number}
		for _, i := range at {
			out.Cells = append(out.Cells, row.Cells[i])
		}
		page.Rows = append(page.Rows, out)
	}
	return page, nil
}

func (s *shelf) Sift(context.Context, string, dataset.Sifting, dataset.Format, io.Writer) error {
	return nil
}

func (s *shelf) Crowds(context.Context, string, dataset.CrowdAsk) ([]dataset.Crowd, error) {
	return nil, nil
}

func (s *shelf) Aggregate(context.Context, string, dataset.Aggregation) (dataset.Page, error) {
	return dataset.Page{}, nil
}

func (s *shelf) Findings(_ context.Context, blob string, q dataset.FindingQuery) (out []finding.Finding, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.findings[blob] {
		if q.Reason != "" && f.Reason != q.Reason || q.Field != "" && f.Field != q.Field || q.Rule != "" && f.Rule != q.Rule || int64(f.Row) < q.From || q.To > 0 && int64(f.Row) > q.To {
			continue
		}
		out = append(out, f)
	}
	out = out[min(q.Skip, len(out)):]
	if q.Limit > 0 {
		out = out[:min(q.Limit, len(out))]
	}
	return out, nil
}

func (s *shelf) Export(_ context.Context, table string, _ dataset.Format, w io.Writer) error {
	t := s.tables[table]
	out := csv.NewWriter(w)
	var line []string
	for _, c := range t.columns {
		line = append(line, c.Name)
	}
	lines := [][]string{line}
	for _, row := range t.rows {
		line = nil
		for i, c := range row.Cells {
			line = append(line, dataset.Plain(t.columns[i].Type, c))
		}
		lines = append(lines, line)
	}
	return out.WriteAll(lines)
}

// queue runs a job when somebody waits for it; one that is held stays on its way.
type queue struct {
	t       *testing.T
	service *dataset.Service
	hold    bool
	ended   map[string]bool
}

func (q *queue) Wait(ctx context.Context, id string, _ time.Duration) (datasetweb.JobStatus, error) {
	if q.hold && !q.ended[id] {
		return datasetweb.JobStatus{Done: 42, Total: 100, Note: "dataset.step_examine"}, nil
	}
	if !q.ended[id] {
		q.ended[id] = true
		run := q.service.Run
		if of, ok := strings.CutPrefix(id, fetching); ok {
			run, id = q.service.Fetch, of
		}
		if err := run(ctx, dataset.CheckID(id), func(int64, int64, string) {}); err != nil {
			q.t.Errorf("job %s: %v", id, err)
		}
	}
	return datasetweb.JobStatus{Final: true}, nil
}

func (q *queue) Cancel(_ context.Context, id string) error { q.ended[id] = true; return nil }

// fetching begins the names of jobs that fetch a file.
const fetching = "fetch-"

// away is the other machines: one file at every address, or a fault.
type away struct {
	file, etag string
	fault      error
}

func (a *away) Address(typed string) (string, error) {
	if !strings.HasPrefix(typed, "https://") {
		return "", fault.New(fault.Invalid, "fetch.bad_address", typed)
	}
	return typed, nil
}

func (a *away) Fetch(_ context.Context, o dataset.Origin, _ int64) (dataset.Fetched, error) {
	if a.fault != nil {
		return dataset.Fetched{}, a.fault
	}
	origin := dataset.Origin{Address: o.Address, ETag: a.etag}
	if a.etag != "" && o.ETag == a.etag {
		return dataset.Fetched{Unchanged: true, Body: io.NopCloser(strings.NewReader("")), Origin: origin}, nil
	}
	return dataset.Fetched{Body: io.NopCloser(strings.NewReader(a.file)), Name: "parkings.csv", Bytes: int64(len(a.file)), Origin: origin}, nil
}
