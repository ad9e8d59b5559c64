package dataset

import (
	"context"
	"io"
	"sync"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/recent"
)

// Bounds of what one question may ask for.
const (
	MostRows   = 1000
	MostGroups = 10_000
)

// Rows returns a page of a table. Who may ask has been decided by whoever holds the outcome.
// Faults: those of [Tables.Rows]; NotFound "dataset.no_table".
func (s *Service) Rows(ctx context.Context, o Outcome, q Query) (_ Page, err error) {
	defer fault.Wrap(&err, "dataset.Rows")
	if o.Table == "" {
		return Page{}, fault.New(fault.NotFound, "dataset.no_table")
	}
	q.Limit = min(max(q.Limit, 1), MostRows)
	return s.Tables.Rows(ctx, o.Table, q)
}

// Aggregate groups a table. Faults: as for [Service.Rows].
func (s *Service) Aggregate(ctx context.Context, o Outcome, a Aggregation) (_ Page, err error) {
	defer fault.Wrap(&err, "dataset.Aggregate")
	if o.Table == "" {
		return Page{}, fault.New(fault.NotFound, "dataset.no_table")
	}
	a.Limit = min(max(a.Limit, 1), MostGroups)
	return s.Tables.Aggregate(ctx, o.Table, a)
}

// Crowds counts the groups of rows that are alike, by their size, the smallest first. Faults: as for [Service.Rows].
func (s *Service) Crowds(ctx context.Context, o Outcome, ask CrowdAsk) (_ []Crowd, err error) {
	defer fault.Wrap(&err, "dataset.Crowds")
	if o.Table == "" {
		return nil, fault.New(fault.NotFound, "dataset.no_table")
	}
	return s.Tables.Crowds(ctx, o.Table, ask)
}

// Findings returns findings of an outcome, in the order of their rows.
func (s *Service) Findings(ctx context.Context, o Outcome, q FindingQuery) (_ []finding.Finding, err error) {
	defer fault.Wrap(&err, "dataset.Findings")
	if o.Findings == "" {
		return nil, nil
	}
	return s.Tables.Findings(ctx, o.Findings, q)
}

// Export writes a table in a format.
func (s *Service) Export(ctx context.Context, o Outcome, format Format, w io.Writer) (err error) {
	defer fault.Wrap(&err, "dataset.Export(%s)", format)
	if o.Table == "" {
		return fault.New(fault.NotFound, "dataset.no_table")
	}
	return s.Tables.Export(ctx, o.Table, format, w)
}

// Sift writes what a sifting leaves of a table in a format. Faults: as for [Service.Export].
func (s *Service) Sift(ctx context.Context, o Outcome, sifting Sifting, format Format, w io.Writer) (err error) {
	defer fault.Wrap(&err, "dataset.Sift(%s)", format)
	if o.Table == "" {
		return fault.New(fault.NotFound, "dataset.no_table")
	}
	return s.Tables.Sift(ctx, o.Table, sifting, format, w)
}

// Original opens the bytes of a source as they came.
func (s *Service) Original(src Source) (File, error) { return s.Shelf.Read(src.Blob) }

// Version returns one version of a dataset whoever asks: for what the catalogue has published. It must not be changed: it is given
// to others too.
func (s *Service) Version(ctx context.Context, of ID, number int) (Version, error) {
	recent := s.versions.kept()
	if v, ok := recent.Get(versionKey{of, number}); ok {
		return v, nil
	}
	v, err := s.Datasets.Version(ctx, of, number)
	if err == nil {
		recent.Put(versionKey{of, number}, v)
	}
	return v, err
}

// versions keeps the versions the public asks for: they never change, and reading one is a long text of JSON.
type versions struct {
	once   sync.Once
	recent recent.Cache[versionKey, Version]
}

type versionKey struct {
	of     ID
	number int
}

// About what a version takes in memory, in bytes.
const (
	versionRoom   = 8 << 20 // of all that are kept
	versionCost   = 4 << 10
	columnCost    = 2 << 10
	territoryCost = 64
)

// kept returns the versions kept, which get their room with the first to ask.
func (v *versions) kept() *recent.Cache[versionKey, Version] {
	v.once.Do(func() {
		v.recent.Room = versionRoom
		v.recent.Size = func(_ versionKey, v Version) int {
			p := v.Outcome.Report.Profile
			return versionCost + columnCost*len(p.Columns) + territoryCost*len(p.Territories)
		}
	})
	return &v.recent
}
