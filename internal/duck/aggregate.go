package duck

import (
	"context"
	"math/big"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// Fn is what a measure computes over the rows of a group.
type Fn string

// The functions. Cells without a value count in no function, except Count without a column, which counts rows.
const (
	Count    Fn = "count"
	Sum      Fn = "sum"
	Avg      Fn = "avg"
	Min      Fn = "min"
	Max      Fn = "max"
	Median   Fn = "median"
	Distinct Fn = "distinct" // how many different values
)

const measuresMost = 100 // grouping columns and measures of one question

// Measure is one computed column. Sum, Avg and Median want an Integer or Number column.
type Measure struct {
	Fn     Fn
	Column string // "" with Count only
	As     string // name of the result's column; "" means "sum_prix", or "count"
}

// name gives the measure's column in the result.
func (m Measure) name() string {
	switch {
	case m.As != "":
		return m.As
	case m.Column == "":
		return string(m.Fn)
	}
	return string(m.Fn) + "_" + m.Column
}

// Group asks for measures by group.
type Group struct {
	By       []string  // grouping columns; none: one group of all the rows
	Measures []Measure // at least one, or at least one By
	Where    []Filter
	Order    []Sort // by the names of the result's columns; ties, and no Order, follow By
	Limit    int    // 1 to 100,000; 0 means 100
}

// Aggregate computes measures by group. The sum of an Integer column is an int64, or a float64 beyond its range. Faults:
// those of Query, and Invalid "duck.bad_measure" with the function and the column.
func (e *Engine) Aggregate(ctx context.Context, path string, ask Group) (_ Result, err error) {
	defer fault.Wrap(&err, "duck.Aggregate(%s)", path)
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
	s, columns, err := groupStatement(t, path, ask, Look{Where: ask.Where}, nil)
	if err != nil {
		return Result{}, err
	}
	rows, err := e.ask(ctx, s, len(columns))
	if err != nil {
		return Result{}, err
	}
	for _, row := range rows {
		for i, value := range row {
			row[i] = small(value)
		}
	}
	return Result{Columns: columns, Rows: rows}, nil
}

// groupStatement writes the question. Result columns are called c0, c1… inside, so that any name may be asked for.
func groupStatement(t *table, path string, ask Group, look Look, of *sheet) (*statement, []Column, error) {
	count := len(ask.By) + len(ask.Measures)
	if count == 0 || count > measuresMost {
		return nil, nil, fault.New(fault.Invalid, "duck.bad_measure", "", "")
	}
	result := &table{types: map[string]Type{}}
	place := map[string]int{}
	expressions := make([]string, 0, count)
	add := func(name string, kind Type, expression string) error {
		if _, twice := result.types[name]; twice {
			return fault.New(fault.Invalid, "duck.bad_measure", "", shorten(name))
		}
		place[name] = len(expressions)
		expressions = append(expressions, expression+" AS c"+strconv.Itoa(len(expressions)))
		result.types[name] = kind
		result.columns = append(result.columns, Column{name, kind})
		return nil
	}
	for _, name := range ask.By {
		kind, err := t.typeOf(name)
		if err == nil {
			err = add(name, kind, quoteName(name))
		}
		if err != nil {
			return nil, nil, err
		}
	}
	for _, measure := range ask.Measures {
		kind, expression, err := t.measure(measure)
		if err == nil {
			err = add(measure.name(), kind, expression)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	s := &statement{}
	s.sql.WriteString("SELECT " + strings.Join(expressions, ", "))
	s.from(t, path)
	if err := s.look(t, look, of); err != nil {
		return nil, nil, err
	}
	numbers := make([]string, len(ask.By))
	for i := range ask.By {
		numbers[i] = strconv.Itoa(i + 1)
	}
	if len(numbers) > 0 {
		s.sql.WriteString(" GROUP BY " + strings.Join(numbers, ", "))
	}
	inner := s.sql.String()
	s.sql.Reset()
	s.sql.WriteString("SELECT * FROM (" + inner + ")")
	return s, result.columns, s.groupOrder(result, place, ask)
}

// groupOrder writes the order and the limit of a grouped question.
func (s *statement) groupOrder(result *table, place map[string]int, ask Group) error {
	var keys []key
	for _, each := range ask.Order {
		kind, err := result.typeOf(each.Column)
		if err != nil {
			return err
		}
		keys = append(keys, key{Sort{"c" + strconv.Itoa(place[each.Column]), each.Descending}, kind})
	}
	for i := range ask.By {
		keys = append(keys, key{Sort{Column: "c" + strconv.Itoa(i)}, result.columns[i].Type})
	}
	if len(keys) > 0 {
		s.sql.WriteString(orderBy(keys))
	}
	s.sql.WriteString(" LIMIT " + strconv.Itoa(ask.Limit))
	return nil
}

// measure gives the type and the SQL of a measure.
func (t *table) measure(m Measure) (Type, string, error) {
	if m.Column == "" && m.Fn == Count {
		return Integer, "count(*)", nil
	}
	kind, err := t.typeOf(m.Column)
	if err != nil {
		return "", "", err
	}
	column := quoteName(m.Column)
	numeric := kind == Integer || kind == Number
	switch {
	case m.Fn == Count:
		return Integer, "count(" + column + ")", nil
	case m.Fn == Distinct:
		return Integer, "count(DISTINCT " + column + ")", nil
	case m.Fn == Min || m.Fn == Max:
		return kind, string(m.Fn) + "(" + column + ")", nil
	case m.Fn == Sum && numeric:
		return kind, "sum(" + column + ")", nil
	case (m.Fn == Avg || m.Fn == Median) && numeric:
		return Number, string(m.Fn) + "(CAST(" + column + " AS DOUBLE))", nil
	}
	return "", "", fault.New(fault.Invalid, "duck.bad_measure", shorten(string(m.Fn)), m.Column)
}

// small turns the engine's 128-bit sums into the numbers a Result promises.
func small(value any) any {
	sum, wide := value.(*big.Int)
	if !wide {
		return value
	}
	if sum.IsInt64() {
		return sum.Int64()
	}
	approximate, _ := new(big.Float).SetInt(sum).Float64()
	return approximate
}
