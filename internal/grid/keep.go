package grid

import (
	"context"
	"reflect"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
)

// Keep makes a version of a dataset of its base and what was edited so far: a change of the dataset like the others, examined before it
// counts. Operations that come meanwhile stay, and are counted in its rows once it is there. When another version was made elsewhere,
// over says that this one is to follow it. Faults: those of [dataset.Service.Revise]; Conflict "grid.nothing_to_keep", "grid.other_version".
func (s *Service) Keep(ctx context.Context, by actor.Actor, id dataset.ID, over bool) (c dataset.Check, err error) {
	defer fault.Wrap(&err, "grid.Keep(%s)", id)
	d, err := s.Data.ForChange(ctx, by, id)
	if err != nil {
		return c, err
	}
	sh, done, err := s.open(ctx, by, d)
	if err != nil {
		return c, err
	}
	defer done()
	if sh.state.Overlay.Pending() == 0 {
		return c, fault.New(fault.Conflict, "grid.nothing_to_keep")
	}
	if sh.version != d.Current && !over {
		return c, fault.New(fault.Conflict, "grid.other_version")
	}
	_, v, err := s.Data.Past(ctx, by, id, sh.version)
	if err != nil {
		return c, err
	}
	edits, err := s.edits(ctx, sh)
	if err != nil {
		return c, err
	}
	return s.Data.Revise(ctx, by, id, dataset.WhyEdited, func(src *dataset.Source) error {
		if !over && !reflect.DeepEqual(*src, v.Source) {
			return fault.New(fault.Conflict, "grid.other_version")
		}
		*src = v.Source
		src.Plan = append(slices.Clone(src.Plan), dataset.EditFix(edits))
		return nil
	})
}

// edits writes the overlay of a sheet as a fix of a plan. Rows of which nothing is left are removed: a table has no blank rows.
func (s *Service) edits(ctx context.Context, sh *sheet) (e dataset.Edits, err error) {
	o := sh.state.Overlay
	e = dataset.Edits{From: o.Base, Upto: o.Seq, Last: o.Last, Types: map[string]dataset.Type{}}
	blank, err := s.blanked(ctx, sh)
	if err != nil {
		return e, err
	}
	for _, row := range sortedKeys(o.Cells) {
		if o.Gone(row) || blank[row] || row > o.Rows {
			continue
		}
		for _, column := range sortedColumns(o.Cells[row], nil) {
			c := o.Cells[row][column]
			e.Cells = append(e.Cells, dataset.EditedCell{Row: row, Column: column, Seen: c.Was, Value: c.Value})
			e.Types[column] = ""
		}
	}
	for _, row := range sortedKeys(o.Removed) {
		if row <= o.Rows {
			e.Removed = append(e.Removed, row)
		}
	}
	e.Removed = append(e.Removed, sortedKeys(blank)...)
	for _, row := range o.AddedRows() {
		a := dataset.AddedRow{ID: row, Cells: map[string]string{}}
		for column, c := range o.Cells[row] {
			if !dataset.BlankRow([]string{c.Value}) {
				a.Cells[column], e.Types[column] = c.Value, ""
			}
		}
		if len(a.Cells) > 0 {
			e.Added = append(e.Added, a)
		}
	}
	for _, c := range sh.columns {
		if _, used := e.Types[c.Name]; used {
			e.Types[c.Name] = c.Type
		}
	}
	e.Order()
	return e, nil
}

// blanked finds the rows of the base all of whose cells were emptied.
func (s *Service) blanked(ctx context.Context, sh *sheet) (map[int64]bool, error) {
	o := sh.state.Overlay
	var rows []int64
	for _, row := range sortedKeys(o.Cells) {
		if row > o.Rows || o.Gone(row) {
			continue
		}
		for _, c := range o.Cells[row] {
			if dataset.BlankRow([]string{c.Value}) {
				rows = append(rows, row)
				break
			}
		}
	}
	out := map[int64]bool{}
	for part := range slices.Chunk(rows, blockRows) { // a few blocks at a time stay in memory
		if err := sh.read(ctx, s.Tables, part); err != nil {
			return nil, err
		}
		for _, row := range part {
			cells, _ := sh.row(row)
			left := make([]string, len(cells))
			for i := range cells {
				left[i] = o.Value(row, sh.columns[i].Name, cells[i])
			}
			if len(cells) > 0 && dataset.BlankRow(left) {
				out[row] = true
			}
		}
	}
	return out, nil
}

// keyColumns are those whose values tell the rows of a version apart; none when nothing does.
func keyColumns(v dataset.Version) []string {
	p := v.Outcome.Report.Profile
	switch {
	case len(p.Keys) > 0:
		return p.Keys[:1]
	case len(p.KeyPairs) > 0:
		return p.KeyPairs[0][:]
	}
	return nil
}

// A Carried is what becomes of operations when their dataset has another version that was made elsewhere.
type Carried struct {
	Moved int        // cells and rows that stand on the new version now
	Left  []Conflict // what does not fit there; it stays in the history
}

// Carry has what was edited stand on the current version of a dataset, made elsewhere since: cells where that version holds what was seen,
// in the row with the same key or, without one, of the same number; rows added. With set aside, nothing is carried: the operations stay in
// the history alone. Faults: those of [dataset.Service.ForChange]; Conflict "grid.nothing_to_carry" when nothing waits on another version.
func (s *Service) Carry(ctx context.Context, by actor.Actor, id dataset.ID, aside bool) (out Carried, err error) {
	defer fault.Wrap(&err, "grid.Carry(%s)", id)
	d, err := s.Data.ForChange(ctx, by, id)
	if err != nil {
		return out, err
	}
	sh, done, err := s.open(ctx, by, d)
	if err != nil {
		return out, err
	}
	defer done()
	from := sh.state.Overlay.Base
	if sh.version == d.Current || from == 0 {
		return out, fault.New(fault.Conflict, "grid.nothing_to_carry")
	}
	_, v, err := s.Data.Past(ctx, by, id, d.Current)
	if err != nil {
		return out, err
	}
	p := &passage{service: s, from: sh, to: &sheet{place: sh.place, state: Begin()}, keys: keyColumns(v), aside: aside}
	if err := p.to.load(ctx, s.Tables, v); err != nil {
		return out, err
	}
	var op Op
	seq := sh.state.Overlay.Seq
	if op, err = p.op(ctx, s.Now()); err != nil {
		return out, err
	}
	op.Person, op.Name, op.Base = by.ID, by.Name, d.Current
	moved := false
	err = s.append(ctx, sh, keyOf(d.Current), func() (Op, error) {
		if moved = sh.state.Overlay.Seq == seq; !moved {
			return Op{}, nil
		}
		return op, nil
	})
	if err == nil && !moved {
		return out, fault.New(fault.Conflict, "grid.edited_meanwhile")
	}
	if s.Wake != nil {
		s.Wake(id)
	}
	return Carried{Moved: sh.state.Overlay.Pending(), Left: op.Conflicts}, err
}
