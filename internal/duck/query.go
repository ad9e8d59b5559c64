package duck

import (
	"context"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

const (
	defaultLimit = 100
	limitMost    = 100_000 // rows held in memory for one answer
	valuesMost   = 1000    // values of one filter
	filtersMost  = 100     // conditions of one question
	ordersMost   = 16      // sort columns of one question: the condition of a later page grows with their square
)

// Op compares a column with values.
type Op string

// The operators. Text is compared exactly by Eq, Ne, Lt…; Contains and StartsWith forget case and accents and read any
// type as its text. A cell without a value satisfies Ne and IsNull only.
const (
	Eq         Op = "eq"
	Ne         Op = "ne"
	Lt         Op = "lt"
	Le         Op = "le"
	Gt         Op = "gt"
	Ge         Op = "ge"
	In         Op = "in" // one of the values, 1 to 1000
	Contains   Op = "contains"
	StartsWith Op = "startswith"
	IsNull     Op = "isnull"
	NotNull    Op = "notnull"
)

// Filter keeps the rows whose column satisfies the operator. Values are canonical text for the column's type: one, none
// for IsNull and NotNull, several for In.
type Filter struct {
	Column string // "_row" may be filtered too
	Op     Op
	Values []string
}

// Sort orders by a column. Text sorts as a French dictionary does; cells without a value come last in both directions.
type Sort struct {
	Column     string
	Descending bool
}

// Select asks for a page of rows.
type Select struct {
	Columns []string // in this order; empty: all of them. "_row" may be asked for
	Where   []Filter // all must hold
	Order   []Sort   // "_row" ascending is always the last key
	// After is Next of the page before, with the same Order; nil for the first page.
	After []any
	// Limit is the most rows to return, 1 to 100,000; 0 means 100. Export takes it as the most rows in all, 0 for every one.
	Limit int
}

// Result is what a question gives back.
type Result struct {
	Columns []Column
	// Rows hold, for each column: nil, string, int64, float64, bool, or time.Time in UTC (Date and Timestamp).
	Rows [][]any
	// Next is the key to give as After for the page that follows; nil when this is the last. Its items are strings or nil,
	// so that it can travel as JSON.
	Next []any
}

// statement is SQL being written, with its bound values.
type statement struct {
	sql  strings.Builder
	args []any
}

// bind adds a value and gives its placeholder.
func (s *statement) bind(value any) string {
	s.args = append(s.args, value)
	return "$" + strconv.Itoa(len(s.args))
}

// value binds canonical text as a value of the type. Faults: Invalid "duck.bad_value" with the column and the text.
func (s *statement) value(column string, t Type, text string) (string, error) {
	parsed, ok := parse(t, text)
	if !ok || strings.Contains(text, "\x00") {
		return "", fault.New(fault.Invalid, "duck.bad_value", column, shorten(text))
	}
	canonical, _ := format(t, parsed)
	if t == Date || t == Timestamp {
		return "CAST(" + s.bind(canonical) + " AS " + sqlTypes[t] + ")", nil
	}
	return s.bind(parsed), nil
}

// from writes the file as the source, or the sheet made of it.
func (s *statement) from(t *table, path string) {
	if t.sheet != "" {
		s.sql.WriteString(" FROM " + t.sheet)
		return
	}
	s.sql.WriteString(" FROM read_parquet(" + s.bind(literalPath(path)) + ")")
}

// where writes the conditions, and extra ones already written.
func (s *statement) where(t *table, filters []Filter, extra ...string) error {
	if len(filters) > filtersMost {
		return tooMuch()
	}
	conditions := make([]string, 0, len(filters)+len(extra))
	for _, filter := range filters {
		condition, err := s.condition(t, filter)
		if err != nil {
			return err
		}
		conditions = append(conditions, condition)
	}
	for _, each := range extra {
		if each != "" {
			conditions = append(conditions, each)
		}
	}
	if len(conditions) > 0 {
		s.sql.WriteString(" WHERE " + strings.Join(conditions, " AND "))
	}
	return nil
}

// tooMuch refuses a question that would cost far more than any answer is worth.
func tooMuch() error { return fault.New(fault.Invalid, "duck.asked_too_much", filtersMost, ordersMost) }

var comparisons = map[Op]string{Eq: "=", Ne: "IS DISTINCT FROM", Lt: "<", Le: "<=", Gt: ">", Ge: ">="}

// condition writes one filter.
func (s *statement) condition(t *table, filter Filter) (string, error) {
	kind, err := t.typeOf(filter.Column)
	if err != nil {
		return "", err
	}
	column := quoteName(filter.Column)
	count := len(filter.Values)
	switch {
	case filter.Op == IsNull && count == 0:
		return column + " IS NULL", nil
	case filter.Op == NotNull && count == 0:
		return column + " IS NOT NULL", nil
	case filter.Op == In && count >= 1 && count <= valuesMost:
		list := make([]string, count)
		for i, text := range filter.Values {
			if list[i], err = s.value(filter.Column, kind, text); err != nil {
				return "", err
			}
		}
		return column + " IN (" + strings.Join(list, ", ") + ")", nil
	case (filter.Op == Contains || filter.Op == StartsWith) && count == 1:
		value, err := s.value(filter.Column, Text, filter.Values[0])
		if err != nil {
			return "", err
		}
		return s.holds("CAST("+column+" AS VARCHAR)", value, filter), nil
	case comparisons[filter.Op] != "" && count == 1:
		value, err := s.value(filter.Column, kind, filter.Values[0])
		return "(" + column + " " + comparisons[filter.Op] + " " + value + ")", err
	}
	return "", fault.New(fault.Invalid, "duck.bad_filter", filter.Column, shorten(string(filter.Op)))
}

// key is one column of an order.
type key struct {
	Sort
	kind Type
}

// keys checks an order and ends it with "_row", which makes it total.
func (t *table) keys(order []Sort) ([]key, error) {
	if len(order) > ordersMost {
		return nil, tooMuch()
	}
	list := make([]key, 0, len(order)+1)
	for _, each := range order {
		kind, err := t.typeOf(each.Column)
		if err != nil {
			return nil, err
		}
		list = append(list, key{each, kind})
		if each.Column == RowColumn {
			return list, nil // nothing after it can matter
		}
	}
	return append(list, key{Sort{Column: RowColumn}, Integer}), nil
}

// expression gives what is compared: for text, the key of its place in a French dictionary.
func (k key) expression(of string) string {
	if k.kind == Text {
		return "icu_sort_key(CAST(" + of + " AS VARCHAR), 'fr')"
	}
	return of
}

// orderBy writes the order.
func orderBy(keys []key) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		direction := " ASC"
		if k.Descending {
			direction = " DESC"
		}
		parts[i] = k.expression(quoteName(k.Column)) + direction + " NULLS LAST"
	}
	return " ORDER BY " + strings.Join(parts, ", ")
}

// after writes the condition "beyond this key in this order": for some key all before are equal and this one is beyond.
// Cells without a value being last in both directions, nothing is beyond one, and one is beyond everything else.
func (s *statement) after(keys []key, values []any) (string, error) {
	if values == nil {
		return "", nil
	}
	if len(values) != len(keys) {
		return "", fault.New(fault.Invalid, "duck.bad_page")
	}
	var branches []string
	equal := ""
	for i, k := range keys {
		column := k.expression(quoteName(k.Column))
		if values[i] == nil {
			equal += column + " IS NULL AND "
			continue
		}
		text, ok := values[i].(string)
		if !ok {
			return "", fault.New(fault.Invalid, "duck.bad_page")
		}
		bound, err := s.value(k.Column, k.kind, text)
		if err != nil {
			return "", fault.New(fault.Invalid, "duck.bad_page").Because(err)
		}
		bound = k.expression(bound)
		sign := " > "
		if k.Descending {
			sign = " < "
		}
		beyond := column + sign + bound
		if k.Column != RowColumn {
			beyond = "(" + beyond + " OR " + column + " IS NULL)"
		}
		branches = append(branches, "("+equal+beyond+")")
		equal += column + " = " + bound + " AND "
	}
	if len(branches) == 0 {
		return "", fault.New(fault.Invalid, "duck.bad_page")
	}
	return "(" + strings.Join(branches, " OR ") + ")", nil
}

// Query gives a page of rows. Faults: Invalid "duck.unknown_column", "duck.bad_value", "duck.bad_filter",
// "duck.bad_page" (After does not fit Order), "duck.bad_limit", "duck.asked_too_much" (more than 100 filters, 16 orders or
// the columns there are); those of Describe.
func (e *Engine) Query(ctx context.Context, path string, ask Select) (_ Result, err error) {
	defer fault.Wrap(&err, "duck.Query(%s)", path)
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	if ask.Limit < 1 || ask.Limit > limitMost {
		return Result{}, fault.New(fault.Invalid, "duck.bad_limit", limitMost)
	}
	t, err := e.table(ctx, path)
	if err != nil {
		return Result{}, err
	}
	columns, err := t.selected(ask.Columns)
	if err != nil {
		return Result{}, err
	}
	keys, err := t.keys(ask.Order)
	if err != nil {
		return Result{}, err
	}
	asked := len(columns)
	for _, k := range keys { // read with the page, to know where the next begins
		columns = append(columns, Column{k.Column, k.kind})
	}
	rows, err := e.pageRows(ctx, question{t, path, columns, keys, ask})
	if err != nil {
		return Result{}, err
	}
	return page(columns, asked, rows, ask.Limit), nil
}

// pageRows reads the rows of a page, and one more, which tells whether there is a next page.
func (e *Engine) pageRows(ctx context.Context, q question) ([][]any, error) {
	if len(q.columns) > wideTable {
		return e.wideRows(ctx, q)
	}
	s, err := q.statement()
	if err != nil {
		return nil, err
	}
	s.sql.WriteString(" LIMIT " + strconv.Itoa(q.ask.Limit+1))
	return e.ask(ctx, s, len(q.columns))
}

// page cuts what was read into what was asked and the key of the next page.
func page(columns []Column, asked int, rows [][]any, limit int) Result {
	result := Result{Columns: columns[:asked:asked], Rows: rows}
	if len(rows) > limit {
		result.Rows = rows[:limit]
		last := rows[limit-1]
		for i := asked; i < len(columns); i++ {
			var item any
			if text, ok := format(columns[i].Type, last[i]); ok {
				item = text
			}
			result.Next = append(result.Next, item)
		}
	}
	for i, row := range result.Rows {
		result.Rows[i] = row[:asked:asked]
	}
	return result
}

// question is a Select checked against its file.
type question struct {
	table   *table
	path    string
	columns []Column // to read
	keys    []key    // to order by; none: the order of the file
	ask     Select
}

// statement writes the selection of rows in order, without its limit.
func (q question) statement() (*statement, error) {
	s := &statement{}
	names := make([]string, len(q.columns))
	for i, column := range q.columns {
		names[i] = quoteName(column.Name)
	}
	s.sql.WriteString("SELECT " + strings.Join(names, ", "))
	s.from(q.table, q.path)
	beyond, err := s.after(q.keys, q.ask.After)
	if err != nil {
		return nil, err
	}
	if err := s.where(q.table, q.ask.Where, beyond); err != nil {
		return nil, err
	}
	if len(q.keys) > 0 {
		s.sql.WriteString(orderBy(q.keys))
	}
	return s, nil
}

// selected gives the columns asked for, all by default.
func (t *table) selected(names []string) ([]Column, error) {
	if len(names) == 0 {
		return append([]Column(nil), t.columns...), nil
	}
	if len(names) > len(t.columns)+2 { // "_row" besides, and once more for whoever adds it to what was asked
		return nil, tooMuch()
	}
	columns := make([]Column, len(names))
	for i, name := range names {
		kind, err := t.typeOf(name)
		if err != nil {
			return nil, err
		}
		columns[i] = Column{name, kind}
	}
	return columns, nil
}

// Count says how many rows satisfy the filters. Faults as Query.
func (e *Engine) Count(ctx context.Context, path string, where []Filter) (count int64, err error) {
	defer fault.Wrap(&err, "duck.Count(%s)", path)
	t, err := e.table(ctx, path)
	if err != nil || len(where) == 0 {
		if t != nil {
			count = t.rows
		}
		return count, err
	}
	s := &statement{}
	s.sql.WriteString("SELECT count(*)")
	s.from(t, path)
	if err := s.where(t, where); err != nil {
		return 0, err
	}
	rows, err := e.ask(ctx, s, 1)
	if err != nil {
		return 0, err
	}
	return rows[0][0].(int64), nil
}
