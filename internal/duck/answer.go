package duck

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
)

// A Question is one SELECT over a table that comes row by row.
type Question struct {
	Table    string
	Columns  []Column // no two alike but for case
	SQL      string
	MemoryMB int // of the engine
	Limit    int // rows it may give
}

// A Part is what comes back of a [Question]: first a verdict, then rows.
type Part struct {
	Columns []string // of the verdict: what it gives
	Uses    []string // of the verdict: the columns it names; known even of some that are refused
	Rows    [][]string
	Refused string // why there is nothing, or nothing more: "error", "select", "long", "much", "rows", "changing"; "" when it runs
	Said    string // what the engine said of it, in its own English, or the word at fault
}

// partRows is how many rows travel together.
const partRows = 500

// Answer loads the rows that next gives until io.EOF, asks the question and hands parts to give. As of [Ask], only a process made for it may call
// this, and the same holds of files, the network and settings. The same rows give the same answer in the same order: one thread, rows as they
// came where the question only chooses among them, as the question orders them where it does, else sorted by all their columns; what would
// answer otherwise another time (random, the date of today, samples) is refused. Numbers are rounded to 15 digits. Errors are of the machine, of next and of give.
func Answer(ctx context.Context, q Question, next func() ([]string, error), give func(Part) error) (err error) {
	defer fault.Wrap(&err, "duck.Answer")
	conn, end, err := alone(ctx, q.MemoryMB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if err := load(ctx, conn, Sheet{Name: q.Table, Columns: q.Columns}, next); err != nil {
		if r := refusal(err); r.Refused == "duck.ask_much" {
			return give(Part{Refused: "much"})
		}
		return err
	}
	if err := lock(ctx, conn); err != nil {
		return err
	}
	question := stripped(q.SQL)
	if len([]rune(question)) > AskLongest {
		return give(Part{Refused: "long"})
	}
	tree, said, err := parsed(ctx, conn, question)
	switch {
	case err != nil:
		return err
	case said != "":
		return give(Part{Refused: "error", Said: said})
	case tree == nil:
		return give(Part{Refused: "select"})
	}
	read := reading{words: map[string]bool{}}
	read.walk("", tree)
	first := Part{Uses: read.uses(q)}
	if first.Said, err = read.changing(ctx, conn); err != nil {
		return err
	}
	if first.Said != "" {
		first.Refused = "changing"
		return give(first)
	}
	return asked{question, ordered(tree), q.Limit, give}.run(ctx, conn, first)
}

// An asked question is one SELECT, how its rows are put in order, and how many it may give to whom.
type asked struct {
	question, order string
	limit           int
	give            func(Part) error
}

// run asks, and gives the verdict and the rows.
func (a asked) run(ctx context.Context, conn *sql.Conn, first Part) error {
	give := a.give
	refuse := func(err error) error {
		r := refusal(err)
		first.Refused, first.Said, first.Rows = strings.TrimPrefix(r.Refused, "duck.ask_"), r.Said, nil
		return give(first)
	}
	columns, shown, err := described(ctx, conn, a.question)
	if err != nil {
		return refuse(err)
	}
	names := make([]string, len(columns))
	for i := range columns {
		names[i] = quoteName("c" + strconv.Itoa(i+1))
	}
	rows, err := conn.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM (%s\n) AS answer(%s)%s LIMIT %d", fmt.Sprintf(strings.Join(shown, ", "), toAny(names)...), a.question, strings.Join(names, ", "), a.order, a.limit+1))
	if err != nil {
		return refuse(err)
	}
	defer func() { _ = rows.Close() }() // read to its end, or of no use
	first.Columns = columns
	if err := give(first); err != nil {
		return err
	}
	first = Part{}
	for n := 0; rows.Next(); n++ {
		if n == a.limit {
			return give(Part{Refused: "rows", Said: strconv.Itoa(a.limit)})
		}
		line, err := scanned(rows, len(columns))
		if err != nil {
			return refuse(err)
		}
		if first.Rows = append(first.Rows, line); len(first.Rows) == partRows {
			if err := give(first); err != nil {
				return err
			}
			first.Rows = nil
		}
	}
	if err := rows.Err(); err != nil {
		return refuse(err)
	}
	if len(first.Rows) == 0 {
		return nil
	}
	return give(first)
}

func toAny(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// plainTypes are those that [cellText] writes; others are written by the engine.
var plainTypes = []string{"VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DATE",
	"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}

// described says what a question gives: its columns, and how each is asked for.
func described(ctx context.Context, conn *sql.Conn, question string) (columns, shown []string, err error) {
	rows, err := conn.QueryContext(ctx, "SELECT * FROM ("+question+"\n) LIMIT 0")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }() // empty
	types, err := rows.ColumnTypes()
	for _, t := range types {
		how := "%s"
		switch name := t.DatabaseTypeName(); {
		case name == "DATE":
			how = "strftime(%s, '%%Y-%%m-%%d')" // a date has no hour
		case !slices.Contains(plainTypes, name) && !strings.HasPrefix(name, "DECIMAL"):
			how = "CAST(%s AS VARCHAR)"
		}
		columns, shown = append(columns, t.Name()), append(shown, how)
	}
	return columns, shown, errors.Join(err, rows.Err())
}

func scanned(rows *sql.Rows, width int) ([]string, error) {
	cells, at := make([]any, width), make([]any, width)
	for i := range cells {
		at[i] = &cells[i]
	}
	if err := rows.Scan(at...); err != nil {
		return nil, err
	}
	line := make([]string, width)
	for i, c := range cells {
		line[i] = cellText(c)
	}
	return line, nil
}

// cellText is a value as tables of texts hold it: numbers plainly and to 15 digits, what no number is (a division by nothing) as nothing.
func cellText(value any) string {
	switch v := value.(type) {
	case float32:
		return cellText(float64(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return ""
		}
		short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
		if err != nil {
			short = v
		}
		if s := strconv.FormatFloat(short, 'f', -1, 64); s != "-0" {
			return s
		}
		return "0"
	case bool:
		if v {
			return "vrai"
		}
		return "faux"
	case time.Time:
		return v.Format("2006-01-02T15:04:05.999999")
	}
	return shown(value)
}

// parsed reads a question: a tree of its one SELECT, nil when it is none; or what the engine could not read in it.
func parsed(ctx context.Context, conn *sql.Conn, question string) (tree map[string]any, said string, err error) {
	said, one, err := selects(ctx, conn, question)
	if err != nil || said != "" || !one {
		return nil, said, err
	}
	var raw string
	if err := conn.QueryRowContext(ctx, "SELECT json_serialize_sql($1::VARCHAR)::VARCHAR", question).Scan(&raw); err != nil {
		return nil, "", err
	}
	var all struct {
		Statements []struct {
			Node map[string]any `json:"node"`
		} `json:"statements"`
	}
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return nil, "", err
	}
	return all.Statements[0].Node, "", nil // selects saw that there is one
}

// A reading is what was found in the tree of a question.
type reading struct {
	words     map[string]bool // all texts in it, in small letters: names of columns are among them
	functions []string
	alone     []string // columns named without their table
	aliases   []string // of tables
	all       bool     // every column may be meant
	sampled   bool
}

func (r *reading) walk(key string, node any) {
	switch n := node.(type) {
	case string:
		r.words[strings.ToLower(n)] = true
		if key == "function_name" {
			r.functions = append(r.functions, strings.ToLower(n))
		}
	case []any:
		if word, is := "", len(n) == 1; is && key == "column_names" {
			if word, is = n[0].(string); is {
				r.alone = append(r.alone, strings.ToLower(word))
			}
		}
		for _, child := range n {
			r.walk(key, child)
		}
	case map[string]any:
		r.all = r.all || n["class"] == "STAR" || n["type"] == "STAR" || n["ref_type"] == "NATURAL"
		r.sampled = r.sampled || n["sample"] != nil
		if n["class"] == nil { // a table, no expression
			for _, k := range []string{"alias", "table_name"} {
				if name, is := n[k].(string); is && name != "" {
					r.aliases = append(r.aliases, strings.ToLower(name))
				}
			}
		}
		for k, child := range n {
			r.walk(k, child)
		}
	}
}

// uses lists the columns the question names, in the order of the table; all of them where it may mean all: a star, a whole row.
func (r *reading) uses(q Question) (out []string) {
	all := r.all || slices.ContainsFunc(r.alone, func(w string) bool {
		return slices.Contains(r.aliases, w) && !slices.ContainsFunc(q.Columns, func(c Column) bool { return strings.EqualFold(c.Name, w) })
	})
	for _, c := range q.Columns {
		if all || r.words[strings.ToLower(c.Name)] {
			out = append(out, c.Name)
		}
	}
	return out
}

// changing is the first word whose answer is another one each time, "" for none.
func (r *reading) changing(ctx context.Context, conn *sql.Conn) (string, error) {
	if r.sampled {
		return "SAMPLE", nil
	}
	rows, err := conn.QueryContext(ctx, "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY') ORDER BY 1")
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }() // read to its end, or of no use
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
		if slices.Contains(r.functions, name) || slices.Contains(r.alone, name) {
			return name, nil
		}
	}
	return "", rows.Err()
}

// ordered is how the rows of a question are put in an order that is the same each time: "" where it orders them itself, or only chooses among the
// rows of one table.
func ordered(tree map[string]any) string {
	modifiers, _ := tree["modifiers"].([]any)
	distinct := false
	for _, m := range modifiers {
		kind, _ := m.(map[string]any)
		if kind["type"] == "ORDER_MODIFIER" {
			return ""
		}
		distinct = distinct || kind["type"] == "DISTINCT_MODIFIER"
	}
	from, _ := tree["from_table"].(map[string]any)
	groups, _ := tree["group_expressions"].([]any)
	if tree["type"] == "SELECT_NODE" && from["type"] == "BASE_TABLE" && len(groups) == 0 && tree["aggregate_handling"] == "STANDARD_HANDLING" && !distinct {
		return ""
	}
	return " ORDER BY ALL"
}

// sheetRows gives the rows of a sheet one by one.
func sheetRows(rows [][]string) func() ([]string, error) {
	return func() ([]string, error) {
		if len(rows) == 0 {
			return nil, io.EOF
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}
}
