package main

import (
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"

	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/recipe"
)

const (
	// stepTime is how long the process of a step in SQL lives at most: rows come from the steps before it.
	stepTime = 2 * time.Minute
	// stepMemoryMB is what its engine may use.
	stepMemoryMB = 768
	// stepRows is how many rows it may give.
	stepRows = 5_000_000
	// stepsAtOnce is how many of them live at a time. Two steps of one recipe may: one gives its rows to the other.
	stepsAtOnce = 4
	// rowsAtOnce is how many rows travel together.
	rowsAtOnce = 500
)

// An inquiry implements [recipe.Inquiry] with a process of its own. What ended the process without a word was too much for it.
type inquiry struct {
	process *exec.Cmd
	in      io.WriteCloser
	to      *gob.Encoder
	from    *gob.Decoder
	waiting [][]string // rows on their way
	part    duck.Part  // whose rows are given
	dead    bool       // the process takes no more rows
	end     func()     // nil once closed
}

// step starts a process for a question of a recipe. It lives for upTo at most. Fault: Busy "duck.ask_busy".
func (q *queries) step(question recipe.Question, upTo time.Duration) (_ recipe.Inquiry, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), min(upTo, stepTime))
	select {
	case q.steps <- struct{}{}:
	case <-ctx.Done():
		cancel()
		return nil, fault.New(fault.Busy, "duck.ask_busy")
	}
	free := func() { cancel(); <-q.steps }
	process, remove, err := q.process(ctx)
	if err != nil {
		free()
		return nil, err
	}
	i := &inquiry{process: process, end: func() { remove(); free() }}
	out, err := process.StdoutPipe()
	if err == nil {
		i.in, err = process.StdinPipe()
	}
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		i.end()
		return nil, err
	}
	i.to, i.from = gob.NewEncoder(i.in), gob.NewDecoder(out)
	i.send(queryAsk{Step: stepOf(question), Time: upTo})
	return i, nil
}

// stepOf is a question as the engine takes it.
func stepOf(q recipe.Question) *duck.Question {
	types := map[string]duck.Type{recipe.AsText: duck.Text, recipe.AsWhole: duck.Integer, recipe.AsNumber: duck.Number, recipe.AsDate: duck.Date}
	out := &duck.Question{Table: recipe.SQLTable, SQL: q.SQL, MemoryMB: stepMemoryMB, Limit: stepRows}
	for _, c := range q.Columns {
		out.Columns = append(out.Columns, duck.Column{Name: c.Name, Type: types[c.As]})
	}
	return out
}

// send gives the process something; one that is gone is seen when it is asked.
func (i *inquiry) send(what any) { i.dead = i.dead || i.to.Encode(what) != nil }

// Add implements [recipe.Inquiry].
func (i *inquiry) Add(cells []string) error {
	row := make([]string, len(cells))
	for at, v := range cells {
		row[at] = strings.Clone(strings.ToValidUTF8(v, "\uFFFD"))
	}
	if i.waiting = append(i.waiting, row); len(i.waiting) == rowsAtOnce {
		i.flush()
	}
	return nil
}

func (i *inquiry) flush() {
	if len(i.waiting) > 0 && !i.dead {
		i.send(i.waiting)
	}
	i.waiting = i.waiting[:0]
}

// Ask implements [recipe.Inquiry].
func (i *inquiry) Ask() (recipe.Verdict, error) {
	i.flush()
	i.dead = i.in.Close() != nil || i.dead
	if err := i.from.Decode(&i.part); err != nil {
		return recipe.Verdict{Refused: &recipe.Refusal{Why: "much"}}, nil
	}
	v := recipe.Verdict{Columns: i.part.Columns, Uses: i.part.Uses}
	if i.part.Refused != "" {
		v.Refused = &recipe.Refusal{Why: i.part.Refused, Said: i.part.Said}
	}
	return v, nil
}

// Next implements [recipe.Inquiry]. An answer ends with a part that holds nothing.
func (i *inquiry) Next() ([]string, error) {
	if len(i.part.Rows) == 0 {
		i.part = duck.Part{}
		switch err := i.from.Decode(&i.part); {
		case err != nil:
			return nil, &recipe.Refusal{Why: "much"}
		case i.part.Refused != "":
			return nil, &recipe.Refusal{Why: i.part.Refused, Said: i.part.Said}
		case len(i.part.Rows) == 0:
			return nil, io.EOF
		}
	}
	row := i.part.Rows[0]
	i.part.Rows = i.part.Rows[1:]
	return row, nil
}

// Close implements [recipe.Inquiry].
func (i *inquiry) Close() error {
	if i.end == nil {
		return nil
	}
	_ = i.process.Process.Kill() // most often it is gone
	_ = i.process.Wait()         // what it had to say was said
	i.end()
	i.end = nil
	return nil
}

// answerStep is the process of a step: rows come in, then the answer goes out.
func answerStep(ctx context.Context, q duck.Question, from *gob.Decoder, to *gob.Encoder) (int, error) {
	var rows [][]string
	next := func() ([]string, error) {
		for len(rows) == 0 {
			rows = nil // what was given is kept
			if err := from.Decode(&rows); err != nil {
				return nil, err // io.EOF once the other end is closed
			}
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}
	refused := false
	err := duck.Answer(ctx, q, next, func(p duck.Part) error {
		refused = refused || p.Refused != ""
		return to.Encode(p)
	})
	if err != nil {
		return exitFailed, err
	}
	if !refused {
		err = to.Encode(duck.Part{})
	}
	return exitOK, errors.Join(err)
}
