package dataset

import (
	"context"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"cultured/internal/tabular"
)

// A stride is a run of rows read together. One is read while the one before is looked at, and several processors share
// the columns of each: what they find does not depend on how many there are.
type stride struct {
	rows     []tabular.Row
	gaps     []gap
	cells    []string // of all rows, end to end
	extra    []string
	bytes    int
	position int64 // of the source, in bytes, after the last row
}

// A gap is n rows without anything, from row on, which the reader passed over before rows[before].
type gap struct{ before, row, n int }

// Bounds of a stride: enough rows to make sharing worth while, few enough bytes to hold three of them.
const (
	strideRows  = 4096
	strideCells = 1 << 17
	strideBytes = 4 << 20
)

func (s *stride) reset() {
	clear(s.cells) // lets go of the texts
	s.rows, s.gaps, s.cells, s.extra, s.bytes = s.rows[:0], s.gaps[:0], s.cells[:0], nil, 0
}

func (s *stride) full() bool {
	return len(s.rows) >= strideRows || len(s.cells) >= strideCells || s.bytes >= strideBytes
}

// add keeps a row, whose cells are only lent.
func (s *stride) add(r tabular.Row) {
	start := len(s.cells)
	s.cells = append(s.cells, r.Cells...)
	r.Cells = s.cells[start:len(s.cells):len(s.cells)] // an array left behind by append stays whole for the rows before
	if len(r.Extra) > 0 {
		start := len(s.extra)
		s.extra = append(s.extra, r.Extra...)
		r.Extra = s.extra[start:len(s.extra):len(s.extra)]
	}
	for _, v := range r.Cells {
		s.bytes += len(v)
	}
	s.rows = append(s.rows, r)
}

// each calls gap and row in the order of the source.
func (s *stride) each(told func(row, n int), visit func(tabular.Row)) {
	g := 0
	for i := range s.rows {
		for ; g < len(s.gaps) && s.gaps[g].before <= i; g++ {
			told(s.gaps[g].row, s.gaps[g].n)
		}
		visit(s.rows[i])
	}
	for ; g < len(s.gaps); g++ {
		told(s.gaps[g].row, s.gaps[g].n)
	}
}

// A runner reads a table through a fixer, ahead of whoever looks at it.
type runner struct {
	full, free chan *stride
	stop       chan struct{}
	err        error // once full is closed
	crash      any   // what the reading panicked with
}

// run starts the reading. Whoever calls it calls end before the table is closed.
func run(f *fixer) *runner {
	r := &runner{full: make(chan *stride, 1), free: make(chan *stride, 3), stop: make(chan struct{})}
	for range cap(r.free) {
		r.free <- &stride{}
	}
	go r.read(f)
	return r
}

func (r *runner) read(f *fixer) {
	defer close(r.full)
	defer func() { r.crash = recover() }()
	var s *stride
	f.blank = func(row, n int) { s.gaps = append(s.gaps, gap{len(s.rows), row, n}) }
	for r.err == nil {
		select {
		case s = <-r.free:
		case <-r.stop:
			return
		}
		s.reset()
		for r.err == nil && !s.full() {
			var row tabular.Row
			if row, r.err = f.next(); r.err == nil {
				s.add(row)
			}
		}
		s.position = f.table.Position()
		select {
		case r.full <- s:
		case <-r.stop:
			return
		}
	}
}

// next returns the next stride, io.EOF after the last. The stride is lent until it is given back.
func (r *runner) next(ctx context.Context) (*stride, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case s, ok := <-r.full:
		switch {
		case ok:
			return s, nil
		case r.crash != nil:
			panic(r.crash) // where somebody catches it
		}
		return nil, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *runner) give(s *stride) { r.free <- s }

// end stops the reading and waits for it.
func (r *runner) end() {
	close(r.stop)
	for range r.full {
	}
}

// strides reads the table through the plan and calls visit on each stride.
func (e *examiner) strides(before int64, start func(*fixer), visit func(*stride)) (err error) {
	table, err := e.open()
	if err != nil {
		return err
	}
	defer table.Close()
	f := newFixer(table, e.ex.Plan)
	defer func() { _ = f.Release() }() // rows come no more
	if start != nil {
		start(f)
	}
	pieced, several := table.(tabular.Pieced)
	r := run(f)
	defer r.end()
	e.progress(before)
	for {
		s, err := r.next(e.ctx)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if several {
			e.reached(pieced.Pieces())
		}
		visit(s)
		e.end = s.position
		e.progress(before + e.end)
		r.give(s)
	}
	e.report.Dropped = f.dropped
	return nil
}

// fewRows are looked at in less time than it takes to share them.
const fewRows = 32

// share does the tasks 0 to n-1, of so many rows each, on as many processors as there are, each once, in any order, and
// waits for all.
func share(n, rows int, do func(task int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if rows < fewRows {
		workers = 1
	}
	if workers < 2 {
		for task := range n {
			do(task)
		}
		return
	}
	var next atomic.Int64
	var crash atomic.Pointer[any]
	work := func() {
		defer func() {
			if c := recover(); c != nil {
				crash.Store(&c)
			}
		}()
		for {
			task := int(next.Add(1)) - 1
			if task >= n {
				return
			}
			do(task)
		}
	}
	var wait sync.WaitGroup
	for range workers - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
	if c := crash.Load(); c != nil {
		panic(*c)
	}
}
