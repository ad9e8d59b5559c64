package duck

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
)

const (
	recentBytes = 16 << 20  // memory for answers kept
	answerBytes = 512 << 10 // a larger answer is not kept
	cellBytes   = 24        // of an empty cell: an interface and its share
)

// recent keeps the latest answers. Files never change, so an answer is right for ever; many visitors ask for the same
// first pages, and an answer kept costs microseconds where the engine needs milliseconds of both processors.
type recent struct {
	mu      sync.Mutex
	answers map[string]answer
	order   []string // oldest first
	bytes   int
}

type answer struct {
	rows  [][]any
	bytes int
}

// get gives a copy the caller may change.
func (r *recent) get(question string) ([][]any, bool) {
	r.mu.Lock()
	kept, found := r.answers[question]
	r.mu.Unlock()
	if !found {
		return nil, false
	}
	return copied(kept.rows), true
}

func (r *recent) put(question string, rows [][]any) {
	size := len(question)
	for _, row := range rows {
		for _, cell := range row {
			size += cellBytes
			if text, ok := cell.(string); ok {
				size += len(text)
			}
		}
	}
	if size > answerBytes {
		return
	}
	rows = copied(rows)
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.answers[question]; known {
		return
	}
	if r.answers == nil {
		r.answers = map[string]answer{}
	}
	r.answers[question] = answer{rows, size}
	r.order = append(r.order, question)
	r.bytes += size
	for r.bytes > recentBytes {
		oldest := r.order[0]
		r.order = r.order[1:]
		r.bytes -= r.answers[oldest].bytes
		delete(r.answers, oldest)
	}
}

// clear forgets everything: a file was written, perhaps in the place of another.
func (r *recent) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers, r.order, r.bytes = nil, nil, 0
}

func copied(rows [][]any) [][]any {
	list := make([][]any, len(rows))
	for i, row := range rows {
		list[i] = slices.Clone(row)
	}
	return list
}

// ask runs a statement, or recalls its answer.
func (e *Engine) ask(ctx context.Context, s *statement, width int) ([][]any, error) {
	var b strings.Builder
	b.WriteString(s.sql.String())
	for _, arg := range s.args {
		fmt.Fprintf(&b, "\x00%T %v", arg, arg) // no bound value holds a NUL: see statement.value
	}
	question := b.String()
	if rows, found := e.recent.get(question); found {
		return rows, nil
	}
	conn, done, err := e.conn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	rows, err := read(ctx, conn, s, width)
	if err != nil {
		return nil, tooLarge(err)
	}
	e.recent.put(question, rows)
	return rows, nil
}

// read runs a statement and holds its rows.
func read(ctx context.Context, conn *sql.Conn, s *statement, width int) ([][]any, error) {
	rows, err := conn.QueryContext(ctx, s.sql.String(), s.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	held := [][]any{}
	targets := make([]any, width)
	for rows.Next() {
		row := make([]any, width)
		for i := range row {
			targets[i] = &row[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		held = append(held, row)
	}
	return held, rows.Err()
}
