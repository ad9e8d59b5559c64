package mission

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/french"
)

// A Query is one question asked of the data in SQL. Ask is in the words of the service, SQL what somebody who knows would write.
type Query struct {
	Name string `json:"name"` // one word, unlike the others
	Ask  Words  `json:"ask"`
	SQL  string `json:"sql"`
}

// Bounds of questions.
const (
	QueriesMost = 5
	QueryMost   = 4000 // characters of one
	ReplyMost   = 2000 // rows of a result; missions ask for small ones
	sampleMost  = 5    // rows of a result that are shown
	// SheetName is how the data are called in a question.
	SheetName = "donnees"
)

// A Reply is what one question gave: a result, or a sentence of the catalogue that says why not, with what the engine said.
type Reply struct {
	Table   Table
	More    bool // rows beyond [ReplyMost] were left out
	Refused string
	Said    string
}

// A Sample is the beginning of a result, as it is shown to who asked.
type Sample struct {
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
	All     int        `json:"all"`
	Said    string     `json:"said,omitempty"` // by the engine, of a question it could not run
}

// Types of columns in a question.
const (
	typeText    = "text"
	typeInteger = "integer"
	typeNumber  = "number"
	typeDate    = "date"
)

// Typed says what each column holds: "integer", "number", "date" or "text", and its rows as such values are written: 12.5, 2026-01-31. A column of codes stays text.
func (t Table) Typed() (types []string, rows [][]string) {
	types = make([]string, len(t.Columns))
	rows = make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = slices.Clone(row)
		for j := range rows[i] {
			rows[i][j] = strings.TrimSpace(rows[i][j])
		}
	}
	for j := range t.Columns {
		types[j] = typeOf(rows, j)
		for _, row := range rows {
			row[j] = asType(row[j], types[j])
		}
	}
	return types, rows
}

func typeOf(rows [][]string, at int) string {
	integers, numbers, dates, some := true, true, true, false
	for _, row := range rows {
		cell := row[at]
		if cell == "" {
			continue
		}
		some = true
		n, isNumber := french.Number(cell)
		_, _, isDate := french.Date(cell)
		numbers = numbers && isNumber && !coded(cell)
		integers = integers && numbers && n == float64(int64(n)) && !strings.ContainsAny(cell, ".,")
		dates = dates && isDate
	}
	switch {
	case some && dates:
		return typeDate
	case some && integers:
		return typeInteger
	case some && numbers:
		return typeNumber
	}
	return typeText
}

// asType writes a cell as values of a type are written.
func asType(cell, kind string) string {
	if cell == "" {
		return ""
	}
	switch kind {
	case typeDate:
		d, _, _ := french.Date(cell) // its column's type says so
		return d.Format(time.DateOnly)
	case typeInteger:
		n, _ := french.Number(cell)
		return strconv.FormatInt(int64(n), 10)
	case typeNumber:
		n, _ := french.Number(cell)
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return cell
}

// query is the place of a question in the mission; -1 for none of that name.
func (m Mission) query(name string) int {
	return slices.IndexFunc(m.Queries, func(q Query) bool { return q.Name == name })
}

// replies runs the good questions, then those of the answer, once a verdict.
func (c *answered) replies() ([]Reply, error) {
	if c.asked != nil {
		return c.asked, nil
	}
	if c.bench.Query == nil {
		return nil, fmt.Errorf("no engine runs questions here")
	}
	var all []string
	for _, q := range c.Queries {
		all = append(all, q.SQL)
	}
	all = append(all, c.answer.Queries...)
	got, err := c.bench.Query(context.Background(), c.Variant.Table, SheetName, all) // it has its own end
	if err == nil && len(got) != len(all) {
		err = fmt.Errorf("%d replies to %d questions", len(got), len(all))
	}
	c.asked = got
	return got, err
}

// judgeQuery compares what a question gave with what the good one gives: the same rows in any order, the columns in the order asked, whatever they are called.
func judgeQuery(c *answered, check Check) (r Result, _ error) {
	at := c.query(check.Column)
	if at < 0 {
		return r, fmt.Errorf("no question %q", check.Column)
	}
	all, err := c.replies()
	if err != nil {
		return r, err
	}
	want, got := all[at], all[len(c.Queries)+at]
	if want.Refused != "" || want.More {
		return r, fmt.Errorf("the question %q of the mission itself: %s %s", check.Column, want.Refused, want.Said)
	}
	if got.Refused != "" {
		return Result{Refused: got.Refused, Sample: &Sample{Said: got.Said}, Args: []any{len(want.Table.Rows), len(want.Table.Columns), 0, 0, 0}}, nil
	}
	shown := got.Table.Rows[:min(len(got.Table.Rows), sampleMost)]
	r.Sample = &Sample{Columns: got.Table.Columns, Rows: shown, All: len(got.Table.Rows)}
	width := len(want.Table.Columns)
	r.Args = []any{len(want.Table.Rows), width, len(got.Table.Rows), len(got.Table.Columns), 0}
	if len(got.Table.Columns) != width || got.More {
		return r, nil
	}
	places := make([]int, width)
	for i := range places {
		places[i] = i
	}
	missing, more := unpaired(rounded(want.Table.Rows), rounded(got.Table.Rows), places, places)
	r.Args[4] = len(want.Table.Rows) - missing
	r.Passed = missing == 0 && len(more) == 0
	return r, nil
}

// rounded is rows whose numbers keep six digits: sums made in another order differ in the last ones.
func rounded(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for j, cell := range row {
			if n, err := strconv.ParseFloat(cell, 64); err == nil && strings.ContainsAny(cell, ".e") {
				out[i][j] = strconv.FormatFloat(n, 'g', 6, 64)
			}
		}
	}
	return out
}

// badQuery is the good questions, one of them written otherwise or not at all.
func (m Mission) badQuery(good Answer, b Bad) (Answer, error) {
	at := m.query(b.Column)
	switch {
	case at < 0:
		return good, fmt.Errorf("mistake %q: no question %q", b.Mistake, b.Column)
	case b.Mistake == "written":
		good.Queries[at] = b.Text
	case b.Mistake == "left blank":
		good.Queries[at] = ""
	default:
		return good, fmt.Errorf("no mistake %q of a question", b.Mistake)
	}
	return good, nil
}
