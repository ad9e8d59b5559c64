package duck

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
)

const (
	viewsMost  = 16              // orders and filters kept of one sheet: eight bytes a row each
	viewFresh  = 5 * time.Second // while people edit, an order stays as it was made for so long: rows must not jump under the hand
	viewLinger = time.Minute     // how long a view that was replaced can still be read
	windowMost = 1000            // rows of one window
)

// Look is how a sheet is looked at: which rows, in which order.
type Look struct {
	Where  []Filter
	Search string // in all columns, case and accents aside; "" for none
	Order  []Sort
}

func (l Look) plain() bool { return len(l.Where) == 0 && l.Search == "" && len(l.Order) == 0 }

// Window is the part of a look that is read.
type Window struct {
	Columns []string // in this order; empty: all
	From    int64    // place of the first row, from 0
	Count   int      // 1 to 1000
}

// A SheetPage is what a window shows.
type SheetPage struct {
	Columns []Column
	Numbers []int64 // of the rows, from 1 in the order of the file
	Lines   []int64 // of the rows in their source, 0 for one added since
	Rows    [][]any // as in [Result]
	Total   int64   // rows of the look
	Applied int64   // number of the patch the rows are read with: the one asked, or a later one
}

// A view is a look that was made: the numbers of its rows, in order, in a table of the sheet.
type view struct {
	key   string
	name  string
	total int64
	of    *state    // of the sheet when it was made
	at    time.Time // when it was made; once it is leaving, when it was replaced
}

// SheetPage reads a window anywhere in a look. A table nobody has looked at yet is read from its file while its copy is being made,
// where the look allows. Faults: those of Query; Invalid "duck.bad_limit"; Busy "duck.sheet_busy".
func (e *Engine) SheetPage(ctx context.Context, ask SheetAsk, look Look, win Window) (page SheetPage, err error) {
	defer fault.Wrap(&err, "duck.SheetPage(%s)", ask.Path)
	if win.Count < 1 || win.Count > windowMost || win.From < 0 {
		return page, fault.New(fault.Invalid, "duck.bad_limit", windowMost)
	}
	s, err := e.sheetOf(ctx, ask)
	if err != nil {
		return page, err
	}
	if look.plain() && !ask.patch().changed() && (!s.done() || s.err != nil) {
		return e.filePage(ctx, ask, win)
	}
	err = e.onSheet(ctx, ask, func(s *sheet) (err error) {
		page, err = e.windowOf(ctx, s, look, win)
		return err
	})
	return page, err
}

// filePage reads a window of the whole table from its file.
func (e *Engine) filePage(ctx context.Context, ask SheetAsk, win Window) (page SheetPage, err error) {
	t, err := e.table(ctx, ask.Path)
	if err != nil {
		return page, err
	}
	columns, err := t.selected(win.Columns)
	if err != nil {
		return page, err
	}
	s := &statement{}
	s.sql.WriteString("SELECT " + RowColumn)
	for _, c := range columns {
		s.sql.WriteString(", " + quoteName(c.Name))
	}
	s.from(t, ask.Path)
	fmt.Fprintf(&s.sql, " LIMIT %d OFFSET %d", win.Count, win.From)
	rows, err := e.ask(ctx, s, len(columns)+1)
	if err != nil {
		return page, err
	}
	page = SheetPage{Columns: columns, Total: t.rows, Applied: ask.patch().Number}
	for i, row := range rows {
		page.add(win.From+int64(i)+1, row)
	}
	return page, nil
}

// add takes one row more; its first cell is its line.
func (p *SheetPage) add(number int64, row []any) {
	line, _ := row[0].(int64)
	p.Numbers, p.Lines, p.Rows = append(p.Numbers, number), append(p.Lines, line), append(p.Rows, row[1:])
}

// windowOf reads a window of a sheet, which is held.
func (e *Engine) windowOf(ctx context.Context, s *sheet, look Look, win Window) (page SheetPage, err error) {
	columns, err := s.base.selected(win.Columns)
	if err != nil {
		return page, err
	}
	now := s.now.Load()
	page = SheetPage{Columns: columns, Applied: now.patch.Number}
	names := []string{"t.rowid + 1", "t." + RowColumn}
	for _, c := range columns {
		names = append(names, "t."+quoteName(c.Name))
	}
	st := &statement{}
	span := fmt.Sprintf("rowid BETWEEN %d AND %d", win.From, win.From+int64(win.Count)-1)
	if now.whole(look) {
		page.Total = s.rows(now)
		st.sql.WriteString("SELECT " + strings.Join(names, ", ") + " FROM " + s.table() + " AS t WHERE " + span + " ORDER BY rowid")
	} else {
		v, err := e.viewOf(ctx, s, look)
		if err != nil {
			return page, err
		}
		page.Total = v.total
		st.sql.WriteString("SELECT " + strings.Join(names, ", ") + " FROM (SELECT r, rowid AS i FROM " + v.name + " WHERE " + span + ") AS w JOIN " +
			s.table() + " AS t ON t.rowid = w.r ORDER BY w.i")
	}
	rows, err := e.fetch(ctx, st, len(names))
	for _, row := range rows {
		page.add(row[0].(int64), row[1:])
	}
	return page, err
}

// fetch runs a statement whose answer may change: nothing is recalled.
func (e *Engine) fetch(ctx context.Context, s *statement, width int) ([][]any, error) {
	conn, done, err := e.conn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	rows, err := read(ctx, conn, s, width)
	return rows, tooLarge(err)
}

// viewOf recalls a look at a sheet, or makes it.
func (e *Engine) viewOf(ctx context.Context, s *sheet, look Look) (*view, error) {
	key, err := json.Marshal(look)
	if err != nil {
		return nil, err
	}
	s.viewing.Lock()
	defer s.viewing.Unlock()
	now := s.now.Load()
	for i, v := range s.views {
		if v.key != string(key) {
			continue
		}
		s.views = append(s.views[:i:i], s.views[i+1:]...)
		if v.of == now || v.of.moves == now.moves && time.Since(v.at) < e.sheets.fresh {
			s.views = append(s.views, v)
			return v, nil
		}
		s.leave(v)
		break
	}
	v, err := e.makeView(ctx, s, look)
	if err != nil {
		return nil, err
	}
	v.key, v.of = string(key), now
	s.views = append(s.views, v)
	if len(s.views) > viewsMost {
		s.leave(s.views[0])
		s.views = s.views[1:]
	}
	return v, e.clearViews(ctx, s)
}

// leave puts a view aside: whoever was given it may be about to read it.
func (s *sheet) leave(v *view) {
	s.leaving = append(s.leaving, &view{name: v.name, at: time.Now()})
}

// clearViews drops the views that nobody can be reading any more.
func (e *Engine) clearViews(ctx context.Context, s *sheet) error {
	for len(s.leaving) > 0 && time.Since(s.leaving[0].at) > viewLinger {
		conn, done, err := e.conn(ctx)
		if err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, "DROP TABLE IF EXISTS "+s.leaving[0].name)
		done()
		if err != nil {
			return err
		}
		s.leaving = s.leaving[1:]
	}
	return nil
}

func (e *Engine) makeView(ctx context.Context, s *sheet, look Look) (*view, error) {
	keys, err := s.base.keys(look.Order)
	if err != nil {
		return nil, err
	}
	s.made++
	v := &view{name: s.name + ".look_" + strconv.Itoa(s.made), at: time.Now()}
	st := &statement{}
	st.sql.WriteString("CREATE TABLE " + v.name + " AS SELECT rowid AS r, " + RowColumn + " AS n")
	st.from(s.base, "")
	if err := st.look(s.base, look, st.without(s)); err != nil {
		return nil, err
	}
	if len(look.Order) > 0 {
		st.sql.WriteString(orderBy(keys))
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if _, err := conn.ExecContext(ctx, st.sql.String(), st.args...); err != nil {
		return nil, tooLarge(err)
	}
	return v, conn.QueryRowContext(ctx, "SELECT count(*) FROM "+v.name).Scan(&v.total)
}

// look writes the conditions of a look.
func (s *statement) look(t *table, look Look, extra ...string) error {
	if look.Search != "" {
		extra = append(extra, s.search(t, look.Search))
	}
	return s.where(t, look.Where, extra...)
}

// without leaves out the rows of a sheet that are gone.
func (s *statement) without(of *sheet) string {
	gone := of.now.Load().patch.Gone
	if len(gone) == 0 {
		return ""
	}
	return "rowid NOT IN (SELECT unnest(from_json(" + s.bind(listed(slices.Sorted(maps.Keys(gone)))) + `, '["BIGINT"]')) - 1)`
}

// search writes that a text is in one of the columns. A text of letters is not in a number, nor in a date.
func (s *statement) search(t *table, text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	function, looked := "regexp_matches", forgiving(text)
	if bare(text) || len(text) > patternMost {
		function, looked = "contains", text
	}
	bound := s.bind(looked)
	var either []string
	for _, c := range t.columns {
		if c.Type == Text || strings.Trim(text, "0123456789.,-+:/ T") == "" {
			either = append(either, function+"(CAST("+quoteName(c.Name)+" AS VARCHAR), "+bound+")")
		}
	}
	if len(either) == 0 {
		return bound + " IS NULL" // false, and each bound value is used
	}
	return "(" + strings.Join(either, " OR ") + ")"
}
