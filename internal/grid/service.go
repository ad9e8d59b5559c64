package grid

import (
	"context"
	"errors"
	"sync"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/recent"
)

// Data is what this room asks of the datasets.
type Data interface {
	// Find returns a dataset that by may see.
	Find(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error)
	// ForChange returns a dataset that by may change.
	ForChange(ctx context.Context, by actor.Actor, id dataset.ID) (dataset.Dataset, error)
	// Past returns one version of a dataset that by may see.
	Past(ctx context.Context, by actor.Actor, id dataset.ID, number int) (dataset.Dataset, dataset.Version, error)
	// Revise gives a dataset another source.
	Revise(ctx context.Context, by actor.Actor, of dataset.ID, why string, change func(*dataset.Source) error) (dataset.Check, error)
}

// Tables reads stored tables.
type Tables interface {
	// Slice gives rows by their place, 1 for the first, as [dataset.Plain] writes them.
	Slice(ctx context.Context, table string, first int64, count int) (dataset.Slice, error)
}

// A Service is the room's front desk.
type Service struct {
	Log    Log
	Data   Data
	Tables Tables
	Reader Reader // for what is computed from the rows of a look
	Now    func() time.Time
	Tell   func(context.Context, News) // has somebody told of a proposal; may be nil
	Wake   func(dataset.ID)            // says that a grid moved, to those of this replica who look at it; may be nil

	sheets recent.Cache[Place, *sheet]
	once   sync.Once
	mu     sync.Mutex
}

// sheetsMost is how many logs a replica keeps folded.
const sheetsMost = 60

func (s *Service) sheet(of Place) *sheet {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.once.Do(func() { s.sheets.Room, s.sheets.Size = sheetsMost, func(Place, *sheet) int { return 1 } })
	if sh, ok := s.sheets.Get(of); ok {
		return sh
	}
	sh := &sheet{place: of, state: Begin()}
	s.sheets.Put(of, sh)
	return sh
}

// A View is a grid as somebody sees it.
type View struct {
	Dataset dataset.Dataset
	Version dataset.Version // the base: rows are counted in its table
	Columns []dataset.StorageColumn
	Rows    int64                     // of that table
	Overlay *Overlay                  // to be read only. Whom the catalogue alone shows the dataset sees its current version, and no operation
	State   *State                    // to be read only, while the look lasts; nil for whom the catalogue alone shows the dataset
	Waiting int                       // proposals to decide
	Marks   map[int64]map[string]bool // cells that they would change, by row and column; to be read only
	May     bool                      // change it; who may not may propose
	Own     bool                      // see it in one's own right: what was done, by whom
	Stale   bool                      // another version was made elsewhere while operations wait on this one
}

// Look gives look the grid of a dataset that by may see, as the log has it now. look must not keep its State.
// Faults: those of [dataset.Service.Find].
func (s *Service) Look(ctx context.Context, by actor.Actor, id dataset.ID, look func(View) error) (err error) {
	defer fault.Wrap(&err, "grid.Look(%s)", id)
	d, err := s.Data.Find(ctx, by, id)
	if err != nil {
		return err
	}
	sh, done, err := s.open(ctx, by, d)
	if err != nil {
		return err
	}
	defer done()
	v, err := s.view(ctx, by, d, sh)
	if err != nil {
		return err
	}
	return look(v)
}

func (s *Service) view(ctx context.Context, by actor.Actor, d dataset.Dataset, sh *sheet) (View, error) {
	_, version, err := s.Data.Past(ctx, by, d.ID, sh.version)
	if err != nil {
		return View{}, err
	}
	v := View{Dataset: d, Version: version, Columns: sh.columns, Rows: sh.rows, May: d.MayChange(by), Own: d.MaySee(by)}
	if !v.Own {
		v.Overlay = NewOverlay(sh.version, sh.rows)
		return v, nil
	}
	v.State, v.Overlay, v.Stale = sh.state, sh.overlay(), sh.version != d.Current
	m := sh.marks()
	v.Waiting, v.Marks = m.open, m.cells
	if v.Overlay.Base == 0 { // nobody edited
		v.Overlay = NewOverlay(sh.version, sh.rows)
	}
	return v, nil
}

// Read returns the grid of a dataset that by may see, without its log. Faults: those of [dataset.Service.Find].
func (s *Service) Read(ctx context.Context, by actor.Actor, id dataset.ID) (v View, err error) {
	err = s.Look(ctx, by, id, func(seen View) error {
		v = seen
		v.State = nil
		return nil
	})
	return v, err
}

// open holds the sheet of a dataset, up to date, until done. Whom the catalogue alone shows the dataset gets one of their own on the
// current version: the log is not theirs.
func (s *Service) open(ctx context.Context, by actor.Actor, d dataset.Dataset) (sh *sheet, done func(), err error) {
	place := Place{d.Organisation, d.ID}
	if !d.MaySee(by) {
		_, v, err := s.Data.Past(ctx, by, d.ID, d.Current)
		if err != nil {
			return nil, nil, err
		}
		sh = &sheet{place: place, state: Begin()}
		return sh, func() {}, sh.load(ctx, s.Tables, v)
	}
	shared := s.sheet(place)
	shared.Lock()
	kept := false
	defer func() {
		if !kept { // an error, a request given up, a panic: nobody else may be left waiting
			shared.Unlock()
		}
	}()
	if err := s.catchUp(ctx, shared); err != nil {
		return nil, nil, err
	}
	if err := s.settle(ctx, by, d, shared); err != nil {
		return nil, nil, err
	}
	kept = true
	return shared, shared.Unlock, nil
}

// catchUp folds what other replicas stored.
func (s *Service) catchUp(ctx context.Context, sh *sheet) error {
	since, err := s.Log.After(ctx, sh.place, sh.state.Overlay.Seq, 0)
	if err == nil {
		sh.state.Fold(since...)
	}
	return err
}

// A Result is what became of an operation.
type Result struct {
	Op      Op           // as stored; Seq is 0 when nothing was, Conflicts what could not be done
	Fault   *fault.Error // why it was not decided at all, nil when it was
	Authors []string     // of each conflict, who wrote what is there; none for whom the catalogue alone shows the dataset
	Seq     int64        // of the last operation by then
	Base    int          // the version they stand on
}

// tries is how often an operation is decided anew when another version comes meanwhile.
const tries = 4

// Do does operations, each one a transaction of its own: doing one again under the same key changes nothing and tells what was done.
// Who may change the dataset may do all of them, who may see it may propose and take back what they proposed. Faults: those of
// [dataset.Service.Find]; Denied "dataset.not_yours"; what is wrong with one operation is in its result.
func (s *Service) Do(ctx context.Context, by actor.Actor, id dataset.ID, asked []Asked) (out []Result, err error) {
	defer fault.Wrap(&err, "grid.Do(%s)", id)
	d, err := s.Data.Find(ctx, by, id)
	if err != nil {
		return nil, err
	}
	for _, a := range asked {
		if a.Kind != Propose && a.Kind != Withdraw && !d.MayChange(by) {
			return nil, fault.New(fault.Denied, "dataset.not_yours")
		}
	}
	rights := guest(by, d)
	sh, done, err := s.open(ctx, rights, d)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := s.begin(ctx, d, sh); err != nil {
		return nil, err
	}
	for _, a := range asked {
		a.At, a.Person, a.Name = s.Now(), by.ID, by.Name
		known := sh.state.Overlay.Seq
		op, err := s.do(ctx, rights, sh, a)
		f, ok := errors.AsType[*fault.Error](err)
		if err != nil && (!ok || f.Kind == fault.Internal || f.Kind == fault.Busy) {
			return nil, err
		}
		if err == nil && op.Seq > known { // not one sent again
			s.told(ctx, d, by, sh, op)
		}
		res := Result{Op: op, Fault: f, Seq: sh.state.Overlay.Seq, Base: sh.state.Overlay.Base}
		for _, c := range op.Conflicts {
			if d.MaySee(by) {
				res.Authors = append(res.Authors, sh.state.Author(c.Seq))
			}
		}
		out = append(out, res)
	}
	if s.Wake != nil {
		s.Wake(id)
	}
	return out, nil
}

// guest has whom the catalogue alone shows a dataset propose on the log of those who see it.
func guest(by actor.Actor, d dataset.Dataset) actor.Actor {
	if !d.MaySee(by) {
		by.Roles = []actor.Role{actor.Steward}
	}
	return by
}

// begin writes the first operation of a log: which version it stands on.
func (s *Service) begin(ctx context.Context, d dataset.Dataset, sh *sheet) error {
	if sh.state.Overlay.Base != 0 {
		return nil
	}
	return s.append(ctx, sh, "base 0", func() (Op, error) {
		if sh.state.Overlay.Base != 0 {
			return Op{}, nil
		}
		return Op{Kind: Rebase, At: s.Now(), Base: d.Current, Move: &Move{Now: sh.rows, Other: true}}, nil
	})
}

// append stores what decide returns on the state brought up to date, and folds it. An operation stored before is no error.
func (s *Service) append(ctx context.Context, sh *sheet, key string, decide func() (Op, error)) error {
	op, err := s.Log.Append(ctx, sh.place, sh.state.Overlay.Seq, key, func(since []Op) (Op, error) {
		sh.state.Fold(since...)
		return decide()
	})
	if err != nil {
		return err
	}
	if op.Seq == sh.state.Overlay.Seq+1 {
		sh.state.Fold(op)
		return nil
	}
	return s.catchUp(ctx, sh)
}

func (s *Service) do(ctx context.Context, by actor.Actor, sh *sheet, a Asked) (op Op, err error) {
	sent := a.Person + " " + a.Key
	if a.Typed {
		a.Changes = sh.typed(a.Changes)
	}
	for range tries {
		if err = sh.read(ctx, s.Tables, sh.state.Needs(a)); err != nil {
			return op, err
		}
		version := sh.state.Overlay.Base
		op, err = s.Log.Append(ctx, sh.place, sh.state.Overlay.Seq, sent, func(since []Op) (Op, error) {
			sh.state.Fold(since...)
			if sh.state.Overlay.Base != version {
				return Op{}, errUnread
			}
			return sh.state.Decide(a, sh)
		})
		if !fault.Is(err, "grid.base_moved") || sh.state.Overlay.Base == version {
			break
		}
		if err := s.rebased(ctx, by, sh); err != nil {
			return op, err
		}
	}
	if err != nil || op.Seq == 0 {
		return op, err
	}
	if op.Seq == sh.state.Overlay.Seq+1 {
		sh.state.Fold(op)
		return op, nil
	}
	return op, s.catchUp(ctx, sh)
}

// Forget takes the name of somebody away from what they did.
func (s *Service) Forget(ctx context.Context, organisation, person string) error {
	if err := s.Log.Forget(ctx, organisation, person); err != nil {
		return err
	}
	s.sheets.Clear() // they are folded anew, without the name
	return nil
}
