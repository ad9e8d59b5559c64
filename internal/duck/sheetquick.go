package duck

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// Somebody reads while others edit. Applying each edit to the copy before each reading would take longer than the reading: where the rows of a
// window are known without that, they are read as the copy has them, and what was edited in them since is laid over.

// quickPage reads a window so. ok is false where the copy must be brought up first: rows came or went, a look is to be made anew, or a cell is
// again what the file has, which the copy no longer holds.
func (e *Engine) quickPage(ctx context.Context, s *sheet, ask SheetAsk, look Look, win Window) (page SheetPage, ok bool, err error) {
	s.life.RLock()
	defer s.life.RUnlock()
	if s.gone {
		return page, false, nil
	}
	now, want := s.now.Load(), ask.patch()
	if want.Number <= now.patch.Number {
		return page, false, nil // nothing is to be applied
	}
	if want.Last != now.patch.Last || !maps.Equal(want.Gone, now.patch.Gone) {
		return page, false, nil
	}
	var v *view
	if !now.whole(look) {
		if v, err = e.freshView(s, now, look); v == nil || err != nil {
			return page, false, err
		}
	}
	if page, err = e.windowIn(ctx, s, now, v, win); err != nil {
		return page, false, err
	}
	page.Applied = want.Number
	return page, page.lay(s.base, now.patch, want), nil
}

// freshView recalls a look that is made and fresh, nil for none. One of an older state was made before the edits that wait: it stays for as long as
// any other.
func (e *Engine) freshView(s *sheet, now *state, look Look) (*view, error) {
	key, err := json.Marshal(look)
	if err != nil {
		return nil, err
	}
	s.viewing.Lock()
	defer s.viewing.Unlock()
	for _, v := range s.views {
		if v.key == string(key) && v.made() && v.err == nil && v.of.moves == now.moves && time.Since(v.at) < e.sheets.fresh {
			return v, nil
		}
	}
	return nil, nil
}

// lay puts over the cells of a page what a patch says beyond another that the copy holds. It reports false when a cell is again as the file has it.
func (p *SheetPage) lay(t *table, held, want *Patch) bool {
	for i, number := range p.Numbers {
		for at, c := range p.Columns {
			if text, edited := want.Cells[number][c.Name]; edited {
				p.Rows[i][at] = nil
				if value, ok := parse(t.types[c.Name], text); ok && text != "" {
					p.Rows[i][at] = value
				}
			} else if _, was := held.Cells[number][c.Name]; was {
				return false
			}
		}
	}
	return true
}

const (
	firstMost = windowMost // rows, from the first of an order, that are given before the whole order is made
	firstFrom = 100_000    // rows of a table from which that is worth it
)

// firstRows gives the places of the first rows of an order nobody made yet, and has the whole order made meanwhile: finding a thousand rows takes
// less than half of the time that putting a million in order does. ok is false where the look is made, or quick to make.
func (e *Engine) firstRows(ctx context.Context, s *sheet, now *state, look Look, win Window) (rows []int64, ok bool, err error) {
	if len(look.Order) == 0 || len(look.Where) > 0 || look.Search != "" || look.Marked != nil || win.From+int64(win.Count) > firstMost || s.rows(now) < firstFrom {
		return nil, false, nil
	}
	if v, err := e.freshView(s, now, look); v != nil || err != nil {
		return nil, false, err
	}
	keys, err := s.base.keys(look.Order)
	if err != nil {
		return nil, false, err
	}
	st := &statement{}
	st.sql.WriteString("SELECT rowid")
	st.from(s.base, "")
	if err := st.where(s.base, nil, st.without(s)); err != nil {
		return nil, false, err
	}
	fmt.Fprintf(&st.sql, "%s LIMIT %d OFFSET %d", orderBy(keys), win.Count, win.From)
	if rows, err = e.places(ctx, st); err != nil {
		return nil, false, err
	}
	_, err = e.begin(s, look, true)
	return rows, true, err
}
