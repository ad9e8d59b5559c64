package gridfile

import (
	"context"
	"strconv"
	"sync"

	"cultured/internal/blob"
	"cultured/internal/dataset"
	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/grid"
)

// A Reader implements [grid.Reader].
type Reader struct {
	Blobs blob.Store
	Duck  *duck.Engine
	Data  Findings
	Temp  string // folder for exports being made

	mu      sync.Mutex
	patches map[string]*duck.Patch // the last of each sheet
}

// Findings is what this package asks of the dataset room.
type Findings interface {
	Findings(ctx context.Context, o dataset.Outcome, q dataset.FindingQuery) ([]finding.Finding, error)
}

// patchesMost bounds how many sheets' patches are remembered: making one anew costs what reading the overlay does.
const patchesMost = 50

var ops = map[dataset.Op]duck.Op{
	dataset.Equal: duck.Eq, dataset.NotEqual: duck.Ne, dataset.Less: duck.Lt, dataset.LessOrEqual: duck.Le,
	dataset.Greater: duck.Gt, dataset.GreaterOrEqual: duck.Ge, dataset.OneOf: duck.In, dataset.Contains: duck.Contains,
	dataset.StartsWith: duck.StartsWith, dataset.IsNull: duck.IsNull, dataset.IsNotNull: duck.NotNull,
}

var types = map[duck.Type]dataset.Type{
	duck.Text: dataset.TypeText, duck.Integer: dataset.TypeInteger, duck.Number: dataset.TypeNumber, duck.Boolean: dataset.TypeBoolean,
	duck.Date: dataset.TypeDate, duck.Timestamp: dataset.TypeDateTime,
}

// look writes a look at a table for the engine.
func (r *Reader) look(t grid.Table, look grid.Look) (l duck.Look, err error) {
	l.Search = look.Search
	if severities := look.Severities(); severities != nil {
		l.Marked = &duck.Marked{}
		for _, s := range severities {
			l.Marked.Severities = append(l.Marked.Severities, string(s))
		}
		if t.Version.Outcome.Findings != "" {
			if l.Marked.Path, err = r.Blobs.Path(t.Version.Outcome.Findings); err != nil {
				return l, err
			}
		}
	}
	for _, f := range look.Where {
		l.Where = append(l.Where, duck.Filter{Column: f.Column, Op: ops[f.Op], Values: f.Values})
	}
	for _, o := range look.Order {
		l.Order = append(l.Order, duck.Sort{Column: o.Column, Descending: o.Descending})
	}
	return l, nil
}

// asked names a table and a look at it for the engine.
func (r *Reader) asked(ctx context.Context, t grid.Table, look grid.Look) (ask duck.SheetAsk, l duck.Look, err error) {
	if ask, err = r.sheet(ctx, t); err == nil {
		l, err = r.look(t, look)
	}
	return ask, l, err
}

// sheet names a table for the engine, with what was changed in it.
func (r *Reader) sheet(ctx context.Context, t grid.Table) (duck.SheetAsk, error) {
	if t.Version.Outcome.Table == "" {
		return duck.SheetAsk{}, fault.New(fault.NotFound, "dataset.no_table")
	}
	path, err := r.Blobs.Path(t.Version.Outcome.Table)
	if err != nil || t.Overlay == nil {
		return duck.SheetAsk{Path: path}, err
	}
	_, rows, err := r.Duck.Describe(ctx, path)
	if err != nil {
		return duck.SheetAsk{}, err
	}
	key := string(t.Dataset.ID) + " " + strconv.Itoa(t.Overlay.Base)
	if t.Past { // a copy only goes forward
		key += " " + strconv.FormatInt(t.Overlay.Seq, 10)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.patches[key]; p != nil && p.Number == t.Overlay.Seq {
		return duck.SheetAsk{Path: path, Key: key, Patch: p}, nil
	}
	if len(r.patches) >= patchesMost {
		clear(r.patches)
	}
	if r.patches == nil {
		r.patches = map[string]*duck.Patch{}
	}
	r.patches[key] = patchOf(t.Overlay, rows)
	return duck.SheetAsk{Path: path, Key: key, Patch: r.patches[key]}, nil
}

// patchOf writes an overlay of a table of so many rows for the engine.
func patchOf(o *grid.Overlay, rows int64) *duck.Patch {
	p := &duck.Patch{Number: o.Seq, Last: o.Last, Cells: make(map[int64]map[string]string, len(o.Cells)), Gone: map[int64]bool{}}
	for row, cells := range o.Cells {
		p.Cells[row] = make(map[string]string, len(cells))
		for column, c := range cells {
			p.Cells[row][column] = c.Value
		}
	}
	for row := range o.Removed {
		p.Gone[row] = true
	}
	added := map[int64]bool{}
	for _, row := range o.Added {
		added[row] = true
	}
	for row := rows + 1; row <= o.Last; row++ {
		if !added[row] {
			p.Gone[row] = true // a number given to a row of a version before
		}
	}
	return p
}

// Window implements [grid.Reader].
func (r *Reader) Window(ctx context.Context, t grid.Table, look grid.Look, win grid.Window) (page grid.Page, err error) {
	defer fault.Wrap(&err, "gridfile.Window")
	sheet, at, err := r.asked(ctx, t, look)
	if err != nil {
		return page, err
	}
	res, err := r.Duck.SheetPage(ctx, sheet, at, duck.Window(win))
	if err != nil {
		return page, err
	}
	page = grid.Page{Columns: storage(res.Columns), Total: res.Total, Seq: res.Applied}
	for i, cells := range res.Rows {
		row := grid.Row{Number: res.Numbers[i], Line: res.Lines[i], Cells: cells}
		if t.Overlay != nil {
			mark(&row, page.Columns, t.Overlay)
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

// mark says which cells were changed, and shows as it was typed what is not of the type of its column.
func mark(row *grid.Row, columns []dataset.StorageColumn, o *grid.Overlay) {
	changed := o.Cells[row.Number]
	if len(changed) == 0 {
		return
	}
	row.Edited = make([]bool, len(columns))
	for i, c := range columns {
		cell, ok := changed[c.Name]
		row.Edited[i] = ok
		if ok && row.Cells[i] == nil && cell.Value != "" {
			row.Cells[i] = cell.Value
		}
	}
}

func storage(columns []duck.Column) []dataset.StorageColumn {
	out := make([]dataset.StorageColumn, len(columns))
	for i, c := range columns {
		out[i] = dataset.StorageColumn{Name: c.Name, Type: types[c.Type]}
	}
	return out
}

// Find implements [grid.Reader].
func (r *Reader) Find(ctx context.Context, t grid.Table, look grid.Look, row int64) (place int64, err error) {
	defer fault.Wrap(&err, "gridfile.Find")
	sheet, at, err := r.asked(ctx, t, look)
	if err != nil {
		return -1, err
	}
	return r.Duck.Locate(ctx, sheet, at, row)
}

// NextFinding implements [grid.Reader].
func (r *Reader) NextFinding(ctx context.Context, t grid.Table, look grid.Look, from grid.Spot, back bool) (next grid.Spot, ok bool, err error) {
	defer fault.Wrap(&err, "gridfile.NextFinding")
	if t.Version.Outcome.Findings == "" {
		return next, false, nil
	}
	sheet, at, err := r.asked(ctx, t, look)
	if err != nil {
		return next, false, err
	}
	path, err := r.Blobs.Path(t.Version.Outcome.Findings)
	if err != nil {
		return next, false, err
	}
	marks := duck.MarkTable{Path: path, Back: back, Where: []duck.Filter{{Column: "severity", Op: duck.Ne, Values: []string{string(finding.Info)}}}}
	found, ok, err := r.Duck.NextMark(ctx, sheet, at, marks, duck.Mark{Place: from.Place, Row: from.Row, Column: int64(from.Column)})
	return grid.Spot{Place: found.Place, Row: found.Row, Column: int(found.Column)}, ok, err
}

// Totals implements [grid.Reader].
func (r *Reader) Totals(ctx context.Context, t grid.Table, look grid.Look, columns []dataset.StorageColumn) (rows int64, totals []grid.Total, err error) {
	defer fault.Wrap(&err, "gridfile.Totals")
	sheet, at, err := r.asked(ctx, t, look)
	if err != nil {
		return 0, nil, err
	}
	for first := true; first || len(columns) > 0; first = false {
		part := columns[:min(len(columns), totalsAtOnce)]
		ask := duck.Group{Measures: []duck.Measure{{Fn: duck.Count}}}
		for i, c := range part {
			for _, fn := range measures(c.Type) {
				ask.Measures = append(ask.Measures, duck.Measure{Fn: fn, Column: c.Name, As: strconv.Itoa(i) + string(fn)})
			}
		}
		res, err := r.Duck.SheetAggregate(ctx, sheet, at, ask)
		if err != nil {
			return 0, nil, err
		}
		cells := res.Rows[0]
		rows, cells = cells[0].(int64), cells[1:]
		for _, c := range part {
			total := grid.Total{Column: c.Name}
			total.Values, _ = cells[0].(int64)
			total.Least, total.Largest = cells[1], cells[2]
			n := len(measures(c.Type))
			if n == 5 {
				total.Sum, total.Mean = cells[3], cells[4]
			}
			totals, cells = append(totals, total), cells[n:]
		}
		columns = columns[len(part):]
	}
	return rows, totals, nil
}

// totalsAtOnce is how many columns one question to the engine sums up.
const totalsAtOnce = 19

// measures are those of a column of a type.
func measures(t dataset.Type) []duck.Fn {
	if t == dataset.TypeInteger || t == dataset.TypeNumber {
		return []duck.Fn{duck.Count, duck.Min, duck.Max, duck.Sum, duck.Avg}
	}
	return []duck.Fn{duck.Count, duck.Min, duck.Max}
}

// Groups implements [grid.Reader].
func (r *Reader) Groups(ctx context.Context, t grid.Table, look grid.Look, by grid.Grouping, limit int) (page dataset.Page, err error) {
	defer fault.Wrap(&err, "gridfile.Groups")
	sheet, at, err := r.asked(ctx, t, look)
	if err != nil {
		return page, err
	}
	ask := duck.Group{By: []string{by.By}, Measures: []duck.Measure{{Fn: duck.Count, As: countName(by.By)}}, Limit: limit,
		Order: []duck.Sort{{Column: countName(by.By), Descending: true}}}
	if by.Sum != "" {
		ask.Measures = append(ask.Measures, duck.Measure{Fn: duck.Sum, Column: by.Sum, As: "Σ" + countName(by.By)})
	}
	res, err := r.Duck.SheetAggregate(ctx, sheet, at, ask)
	if err != nil {
		return page, err
	}
	page = dataset.Page{Columns: storage(res.Columns), Total: int64(len(res.Rows))}
	for _, row := range res.Rows {
		page.Rows = append(page.Rows, dataset.PageRow{Cells: row})
	}
	return page, nil
}

// countName is a name no grouping column has.
func countName(column string) string { return "n " + column }

// Findings implements [grid.Reader].
func (r *Reader) Findings(ctx context.Context, t grid.Table, lines []int64) ([]finding.Finding, error) {
	if t.Version.Outcome.Findings == "" || len(lines) == 0 {
		return nil, nil
	}
	return r.Data.Findings(ctx, t.Version.Outcome, dataset.FindingQuery{Rows: lines, Limit: findingsMost})
}

// findingsMost bounds the findings of a window.
const findingsMost = 20_000
