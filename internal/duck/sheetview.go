package duck

import (
	"context"
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
	Marked *Marked // only rows with a mark; nil for all
}

func (l Look) plain() bool {
	return len(l.Where) == 0 && l.Search == "" && len(l.Order) == 0 && l.Marked == nil
}

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
	if s.done() && s.err == nil {
		if page, ok, err := e.quickPage(ctx, s, ask, look, win); ok || err != nil {
			return page, err
		}
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
	now := s.now.Load()
	if now.whole(look) {
		return e.windowIn(ctx, s, now, nil, win)
	}
	if rows, ok, err := e.firstRows(ctx, s, now, look, win); ok || err != nil {
		if err != nil {
			return page, err
		}
		page.Total = s.rows(now)
		return page, e.fill(ctx, s, now, &page, picked{rows: rows, columns: win.Columns})
	}
	v, err := e.viewOf(ctx, s, look)
	if err != nil {
		return page, err
	}
	return e.windowIn(ctx, s, now, v, win)
}

// windowIn reads a window of a look that is made, or of the whole table without one.
func (e *Engine) windowIn(ctx context.Context, s *sheet, now *state, v *view, win Window) (page SheetPage, err error) {
	span := fmt.Sprintf("rowid BETWEEN %d AND %d", win.From, win.From+int64(win.Count)-1)
	if v == nil {
		page.Total = s.rows(now)
		return page, e.fill(ctx, s, now, &page, picked{span: span, columns: win.Columns})
	}
	page.Total = v.total
	st := &statement{}
	st.sql.WriteString("SELECT r FROM " + v.name + " WHERE " + span + " ORDER BY rowid")
	rows, err := e.places(ctx, st)
	if err != nil {
		return page, err
	}
	return page, e.fill(ctx, s, now, &page, picked{rows: rows, columns: win.Columns})
}

// places runs a statement whose one column is places of rows in the copy.
func (e *Engine) places(ctx context.Context, st *statement) ([]int64, error) {
	got, err := e.fetch(ctx, st, 1)
	rows := make([]int64, len(got))
	for i, row := range got {
		rows[i] = row[0].(int64)
	}
	return rows, err
}

// picked are the rows of a page: their places in the copy in the order they are shown, or a condition on them.
type picked struct {
	rows    []int64
	span    string
	columns []string
}

// fill reads the rows of a page.
func (e *Engine) fill(ctx context.Context, s *sheet, now *state, page *SheetPage, of picked) error {
	columns, err := s.base.selected(of.columns)
	if err != nil {
		return err
	}
	page.Columns, page.Applied = columns, now.patch.Number
	if of.span == "" && len(of.rows) == 0 {
		return nil
	}
	st := &statement{}
	st.sql.WriteString("SELECT rowid + 1, " + RowColumn)
	for _, c := range columns {
		st.sql.WriteString(", " + quoteName(c.Name))
	}
	st.sql.WriteString(" FROM " + s.table() + " WHERE ")
	if of.span != "" {
		st.sql.WriteString(of.span + " ORDER BY rowid")
	} else {
		st.sql.WriteString("rowid IN (")
		for i, row := range of.rows {
			if i > 0 {
				st.sql.WriteByte(',')
			}
			st.sql.WriteString(strconv.FormatInt(row, 10))
		}
		st.sql.WriteByte(')')
	}
	rows, err := e.fetch(ctx, st, len(columns)+2)
	if err != nil {
		return err
	}
	if of.span == "" {
		place := make(map[int64]int, len(of.rows))
		for i, row := range of.rows {
			place[row+1] = i
		}
		slices.SortFunc(rows, func(a, b []any) int { return place[a[0].(int64)] - place[b[0].(int64)] })
	}
	for _, row := range rows {
		page.add(row[0].(int64), row[1:])
	}
	return nil
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

// look writes the conditions of a look at a sheet, or at a file where of is nil.
func (s *statement) look(t *table, look Look, of *sheet) error {
	var extra []string
	if of != nil {
		extra = append(extra, s.without(of))
		if look.Marked != nil {
			extra = append(extra, s.marked(of, *look.Marked))
		}
	}
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
