package grid

import (
	"context"
	"slices"
	"sync"

	"cultured/internal/dataset"
)

// A sheet is a log folded, kept by this replica, and what it stands on. It is brought up to date before each use.
type sheet struct {
	sync.Mutex
	place   Place
	state   *State
	kept    *Overlay // a copy of the overlay for those who read, of the operation it says
	waiting *marks   // the same of the cells that proposals would change
	version int      // of the dataset that the fields below are of; 0 before the first use
	table   string   // its blob
	columns []dataset.StorageColumn
	rows    int64
	blocks  map[int64][][]string // rows read of the base, by the number of the block
	held    int                  // cells in them
}

// Rows of the base are read in blocks, kept while they hold fewer cells in all.
const (
	blockRows  = 256
	blocksMost = 400_000
)

// load reads what a sheet stands on: the version, and the first rows of its table.
func (sh *sheet) load(ctx context.Context, t Tables, v dataset.Version) error {
	if sh.version == v.Number && sh.table == v.Outcome.Table {
		return nil
	}
	first, err := t.Slice(ctx, v.Outcome.Table, 1, blockRows)
	if err != nil {
		return err
	}
	sh.version, sh.table, sh.columns, sh.rows = v.Number, v.Outcome.Table, first.Columns, first.Total
	sh.blocks, sh.held = map[int64][][]string{0: first.Rows}, len(first.Rows)*len(first.Columns)
	return nil
}

// read makes sure that rows of the base are here.
func (sh *sheet) read(ctx context.Context, t Tables, rows []int64) error {
	var wanted []int64
	for _, row := range rows {
		if block := (row - 1) / blockRows; row >= 1 && row <= sh.rows && (len(wanted) == 0 || wanted[len(wanted)-1] != block) {
			wanted = append(wanted, block)
		}
	}
	if sh.held > blocksMost { // between two questions only: what one needs stays until it is answered
		sh.blocks, sh.held = map[int64][][]string{}, 0
	}
	for _, block := range wanted {
		if _, here := sh.blocks[block]; here {
			continue
		}
		part, err := t.Slice(ctx, sh.table, block*blockRows+1, blockRows)
		if err != nil {
			return err
		}
		sh.blocks[block] = part.Rows
		sh.held += len(part.Rows) * len(part.Columns)
	}
	return nil
}

// Value implements [Base].
func (sh *sheet) Value(row int64, column string) (string, bool) {
	cells, ok := sh.row(row)
	at := slices.IndexFunc(sh.columns, func(c dataset.StorageColumn) bool { return c.Name == column })
	if !ok || at < 0 {
		return "", false
	}
	return cells[at], true
}

// row is a row of the base that was read.
func (sh *sheet) row(row int64) ([]string, bool) {
	block := sh.blocks[(row-1)/blockRows]
	at := (row - 1) % blockRows
	if row < 1 || at >= int64(len(block)) {
		return nil, false
	}
	return block[at], true
}

// typed are changes with values as the table stores them.
func (sh *sheet) typed(changes []Change) []Change {
	types := map[string]dataset.Type{}
	for _, c := range sh.columns {
		types[c.Name] = c.Type
	}
	out := slices.Clone(changes)
	for i := range out {
		out[i].After = Typed(types[out[i].Column], out[i].After)
	}
	return out
}

// Knows implements [Base].
func (sh *sheet) Knows(column string) bool {
	return slices.ContainsFunc(sh.columns, func(c dataset.StorageColumn) bool { return c.Name == column })
}

// overlay is the overlay as it is now, for those who read it: the same for everybody until something changes.
func (sh *sheet) overlay() *Overlay {
	if sh.kept == nil || sh.kept.Seq != sh.state.Overlay.Seq || sh.kept.Base != sh.state.Overlay.Base {
		sh.kept = sh.state.Overlay.Clone()
	}
	return sh.kept
}
