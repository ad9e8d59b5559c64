package datasetfile

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/finding"
)

var ops = map[dataset.Op]duck.Op{
	dataset.Equal: duck.Eq, dataset.NotEqual: duck.Ne, dataset.Less: duck.Lt, dataset.LessOrEqual: duck.Le,
	dataset.Greater: duck.Gt, dataset.GreaterOrEqual: duck.Ge, dataset.OneOf: duck.In, dataset.Contains: duck.Contains,
	dataset.StartsWith: duck.StartsWith, dataset.IsNull: duck.IsNull, dataset.IsNotNull: duck.NotNull,
}

var types = map[duck.Type]dataset.Type{
	duck.Text: dataset.TypeText, duck.Integer: dataset.TypeInteger, duck.Number: dataset.TypeNumber, duck.Boolean: dataset.TypeBoolean,
	duck.Date: dataset.TypeDate, duck.Timestamp: dataset.TypeDateTime,
}

func filters(where []dataset.Filter) []duck.Filter {
	out := make([]duck.Filter, 0, len(where)+1)
	for _, f := range where {
		out = append(out, duck.Filter{Column: f.Column, Op: ops[f.Op], Values: f.Values})
	}
	return out
}

// Rows implements [dataset.Tables].
func (s *Shelf) Rows(ctx context.Context, table string, q dataset.Query) (_ dataset.Page, err error) {
	defer fault.Wrap(&err, "datasetfile.Rows")
	path, err := s.Blobs.Path(table)
	if err != nil {
		return dataset.Page{}, err
	}
	columns, _, err := s.Duck.Describe(ctx, path)
	if err != nil {
		return dataset.Page{}, err
	}
	ask := duck.Select{Columns: []string{duck.RowColumn}, Where: filters(q.Where), Limit: q.Limit}
	if ask.After, err = readCursor(q.After); err != nil {
		return dataset.Page{}, err
	}
	if len(q.Columns) > 0 {
		ask.Columns = append(ask.Columns, q.Columns...)
	} else {
		for _, c := range columns {
			ask.Columns = append(ask.Columns, c.Name)
		}
	}
	if q.From > 0 {
		ask.Where = append(ask.Where, duck.Filter{Column: duck.RowColumn, Op: duck.Ge, Values: []string{strconv.FormatInt(q.From, 10)}})
	}
	for _, o := range q.Order {
		ask.Order = append(ask.Order, duck.Sort{Column: o.Column, Descending: o.Descending})
	}
	page := dataset.Page{Total: -1}
	if q.Count {
		if page.Total, err = s.Duck.Count(ctx, path, ask.Where); err != nil {
			return dataset.Page{}, err
		}
	}
	res, err := s.Duck.Query(ctx, path, ask)
	if err != nil {
		return dataset.Page{}, err
	}
	page.Columns = storage(res.Columns[1:])
	for _, row := range res.Rows {
		n, _ := row[0].(int64)
		page.Rows = append(page.Rows, dataset.PageRow{Number: n, Cells: row[1:]})
	}
	page.Next, err = writeCursor(res.Next)
	return page, err
}

func storage(columns []duck.Column) []dataset.StorageColumn {
	out := make([]dataset.StorageColumn, len(columns))
	for i, c := range columns {
		out[i] = dataset.StorageColumn{Name: c.Name, Type: types[c.Type]}
	}
	return out
}

// A cursor is the key of the last row of a page, as JSON in base 64: opaque to callers, stateless for us.
func writeCursor(key []any) (string, error) {
	if key == nil {
		return "", nil
	}
	b, err := json.Marshal(key)
	return base64.RawURLEncoding.EncodeToString(b), err
}

func readCursor(s string) ([]any, error) {
	if s == "" {
		return nil, nil
	}
	var key []any
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &key)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "dataset.bad_cursor").Because(err)
	}
	for _, k := range key {
		if _, ok := k.(string); !ok && k != nil {
			return nil, fault.New(fault.Invalid, "dataset.bad_cursor")
		}
	}
	return key, nil
}

// Aggregate implements [dataset.Tables].
func (s *Shelf) Aggregate(ctx context.Context, table string, a dataset.Aggregation) (_ dataset.Page, err error) {
	defer fault.Wrap(&err, "datasetfile.Aggregate")
	path, err := s.Blobs.Path(table)
	if err != nil {
		return dataset.Page{}, err
	}
	ask := duck.Group{By: a.Group, Where: filters(a.Where), Limit: a.Limit}
	for _, m := range a.Measures {
		ask.Measures = append(ask.Measures, duck.Measure{Fn: duck.Fn(m.Fn), Column: m.Column})
	}
	res, err := s.Duck.Aggregate(ctx, path, ask)
	if err != nil {
		return dataset.Page{}, err
	}
	page := dataset.Page{Columns: storage(res.Columns), Total: int64(len(res.Rows))}
	for _, row := range res.Rows {
		page.Rows = append(page.Rows, dataset.PageRow{Cells: row})
	}
	return page, nil
}

// Crowds implements [dataset.Tables].
func (s *Shelf) Crowds(ctx context.Context, table string, ask dataset.CrowdAsk) (_ []dataset.Crowd, err error) {
	defer fault.Wrap(&err, "datasetfile.Crowds")
	path, err := s.Blobs.Path(table)
	if err != nil {
		return nil, err
	}
	list, err := s.Duck.Crowds(ctx, path, duck.CrowdAsk(ask))
	out := make([]dataset.Crowd, len(list))
	for i, c := range list {
		out[i] = dataset.Crowd(c)
	}
	return out, err
}

// Findings implements [dataset.Tables].
func (s *Shelf) Findings(ctx context.Context, blob string, q dataset.FindingQuery) (out []finding.Finding, err error) {
	defer fault.Wrap(&err, "datasetfile.Findings")
	path, err := s.Blobs.Path(blob)
	if err != nil {
		return nil, err
	}
	ask := duck.Select{Order: []duck.Sort{{Column: "line"}}}
	for _, c := range findingColumns {
		ask.Columns = append(ask.Columns, c.Name)
	}
	equal := func(column string, op duck.Op, value string) {
		ask.Where = append(ask.Where, duck.Filter{Column: column, Op: op, Values: []string{value}})
	}
	if q.Reason != "" {
		equal("reason", duck.Eq, q.Reason)
	}
	if q.Field != "" {
		equal("field", duck.Eq, q.Field)
	}
	if q.Rule != "" {
		equal("rule", duck.Eq, q.Rule)
	}
	if q.From > 0 {
		equal("line", duck.Ge, strconv.FormatInt(q.From, 10))
	}
	if q.To > 0 {
		equal("line", duck.Le, strconv.FormatInt(q.To, 10))
	}
	if len(q.Rows) > 0 {
		f := duck.Filter{Column: "line", Op: duck.In}
		for _, row := range q.Rows {
			f.Values = append(f.Values, strconv.FormatInt(row, 10))
		}
		ask.Where = append(ask.Where, f)
	}
	want := q.Skip + q.Limit
	for {
		ask.Limit = findingBatch
		if q.Limit > 0 {
			ask.Limit = min(findingBatch, want-len(out))
		}
		res, err := s.Duck.Query(ctx, path, ask)
		if err != nil {
			return nil, err
		}
		for _, row := range res.Rows {
			f, err := readFinding(row)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
		if res.Next == nil || q.Limit > 0 && len(out) >= want {
			return out[min(q.Skip, len(out)):], nil
		}
		ask.After = res.Next
	}
}

// findingBatch is how many findings one question to the engine returns.
const findingBatch = 20_000

func readFinding(row []any) (f finding.Finding, err error) {
	text := func(i int) string { s, _ := row[i].(string); return s }
	whole := func(i int) int { n, _ := row[i].(int64); return int(n) }
	f = finding.Finding{Row: whole(0), Column: whole(1), Field: text(2), Value: text(3), Reason: text(4),
		Severity: finding.Severity(text(6)), Rule: text(7), Fix: text(8), After: text(9)}
	if args := text(5); args != "" {
		err = json.Unmarshal([]byte(args), &f.Args)
	}
	return f, err
}

// Export implements [dataset.Tables].
func (s *Shelf) Export(ctx context.Context, table string, format dataset.Format, w io.Writer) (err error) {
	defer fault.Wrap(&err, "datasetfile.Export(%s)", format)
	path, err := s.Blobs.Path(table)
	if err != nil {
		return err
	}
	return s.export(ctx, path, format, w)
}

// export writes the table of a file.
func (s *Shelf) export(ctx context.Context, path string, format dataset.Format, w io.Writer) error {
	columns, _, err := s.Duck.Describe(ctx, path)
	if err != nil {
		return err
	}
	switch format {
	case dataset.XLSX, dataset.ODS:
		return s.exportSheet(ctx, path, columns, format, w)
	case dataset.CSV:
		return s.exportCSV(ctx, path, columns, w)
	}
	return s.Duck.Export(ctx, path, whole(columns), duck.Format(format), w)
}

// whole asks for every column of a table.
func whole(columns []duck.Column) (ask duck.Select) {
	for _, c := range columns {
		ask.Columns = append(ask.Columns, c.Name)
	}
	return ask
}

// each calls fn with every row of a table, in order, in bounded memory.
func (s *Shelf) each(ctx context.Context, path string, ask duck.Select, fn func(row []any) error) error {
	ask.Limit = exportBatch
	for {
		res, err := s.Duck.Query(ctx, path, ask)
		if err != nil {
			return err
		}
		for _, row := range res.Rows {
			if err := fn(row); err != nil {
				return err
			}
		}
		if res.Next == nil {
			return nil
		}
		ask.After = res.Next
	}
}

const exportBatch = 10_000

// plain writes a cell as CSV and spreadsheets read it back without loss: ISO dates, a dot in numbers.
func plain(t duck.Type, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if t == duck.Date {
			return v.Format(time.DateOnly)
		}
		return v.Format("2006-01-02T15:04:05")
	}
	return ""
}
