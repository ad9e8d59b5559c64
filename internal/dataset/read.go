package dataset

import (
	"context"
	"io"

	"cultured/internal/fault"
	"cultured/internal/finding"
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

// Original opens the bytes of a source as they came.
func (s *Service) Original(src Source) (File, error) { return s.Shelf.Read(src.Blob) }

// Version returns one version of a dataset whoever asks: for what the catalogue has published.
func (s *Service) Version(ctx context.Context, of ID, number int) (Version, error) {
	return s.Datasets.Version(ctx, of, number)
}
