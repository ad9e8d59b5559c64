package duck

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// A view is a look that is made, or being made: the numbers of its rows, in order, in a table of the sheet.
type view struct {
	key   string
	name  string
	total int64
	of    *state    // of the sheet when it was made
	at    time.Time // when it was begun; once it is leaving, when it was replaced

	ready  chan struct{} // closed when it is made, or has failed
	err    error         // why it failed; read once ready is closed
	stop   context.CancelFunc
	asking int  // who wait for it; guarded by sheet.viewing
	wanted bool // it is made whether anybody waits or not
}

// made reports whether the view is there, or has failed.
func (v *view) made() bool {
	select {
	case <-v.ready:
		return true
	default:
		return false
	}
}

// viewOf recalls a look at a sheet, which is held, or makes it.
func (e *Engine) viewOf(ctx context.Context, s *sheet, look Look) (*view, error) {
	v, err := e.begin(s, look, false)
	if err != nil {
		return nil, err
	}
	select {
	case <-v.ready:
	case <-ctx.Done():
	}
	s.viewing.Lock()
	defer s.viewing.Unlock()
	if v.asking--; !v.made() {
		if v.asking == 0 && !v.wanted { // nobody is left who wants it
			s.drop(v)
			v.stop()
		}
		return nil, ctx.Err()
	}
	return v, v.err
}

// begin recalls a look at a sheet, which is held, or has it made: for whoever asks, or whether anybody does or not.
func (e *Engine) begin(s *sheet, look Look, wanted bool) (*view, error) {
	key, err := json.Marshal(look)
	if err != nil {
		return nil, err
	}
	s.viewing.Lock()
	defer s.viewing.Unlock()
	now := s.now.Load()
	v := s.known(string(key), now, e.sheets.fresh)
	if v == nil {
		if !s.life.TryRLock() { // it is about to be closed
			return nil, errGone
		}
		s.made++
		v = &view{key: string(key), name: s.name + ".look_" + strconv.Itoa(s.made), of: now, at: time.Now(), ready: make(chan struct{})}
		ctx, stop := context.WithCancel(e.sheets.ctx)
		v.stop = stop
		s.views = append(s.views, v)
		if len(s.views) > viewsMost {
			s.leave(s.views[0])
			s.views = s.views[1:]
		}
		e.sheets.copying.Go(func() {
			defer s.life.RUnlock()
			defer stop()
			if v.err = e.makeView(ctx, s, v, look); v.err == nil {
				v.err = e.clearViews(ctx, s)
			}
			if v.err != nil {
				s.viewing.Lock()
				s.drop(v)
				s.viewing.Unlock()
			}
			close(v.ready)
		})
	}
	if v.wanted = v.wanted || wanted; !wanted {
		v.asking++
	}
	return v, nil
}

// known recalls a view, made or being made, and marks it as the latest used; nil for none that is fresh.
func (s *sheet) known(key string, now *state, fresh time.Duration) *view {
	for i, v := range s.views {
		if v.key != key {
			continue
		}
		s.views = append(s.views[:i:i], s.views[i+1:]...)
		if v.of == now || v.of.moves == now.moves && time.Since(v.at) < fresh {
			s.views = append(s.views, v)
			return v
		}
		s.leave(v)
		break
	}
	return nil
}

// drop forgets a view that is not made.
func (s *sheet) drop(v *view) {
	if i := slices.Index(s.views, v); i >= 0 {
		s.views = append(s.views[:i:i], s.views[i+1:]...)
		s.leave(v)
	}
}

// leave puts a view aside: whoever was given it may be about to read it.
func (s *sheet) leave(v *view) {
	s.leaving = append(s.leaving, &view{name: v.name, at: time.Now()})
}

// clearViews drops the views that nobody can be reading any more.
func (e *Engine) clearViews(ctx context.Context, s *sheet) error {
	s.viewing.Lock()
	var old []*view
	for len(s.leaving) > 0 && time.Since(s.leaving[0].at) > viewLinger {
		old, s.leaving = append(old, s.leaving[0]), s.leaving[1:]
	}
	s.viewing.Unlock()
	for _, v := range old {
		conn, done, err := e.conn(ctx)
		if err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, "DROP TABLE IF EXISTS "+v.name)
		done()
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) makeView(ctx context.Context, s *sheet, v *view, look Look) error {
	keys, err := s.base.keys(look.Order)
	if err != nil {
		return err
	}
	st := &statement{}
	st.sql.WriteString("CREATE TABLE " + v.name + " AS SELECT rowid AS r, " + RowColumn + " AS n")
	st.from(s.base, "")
	if err := st.look(s.base, look, s); err != nil {
		return err
	}
	if len(look.Order) > 0 {
		st.sql.WriteString(orderBy(keys))
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, err := conn.ExecContext(ctx, st.sql.String(), st.args...); err != nil {
		return tooLarge(err)
	}
	return conn.QueryRowContext(ctx, "SELECT count(*) FROM "+v.name).Scan(&v.total)
}
