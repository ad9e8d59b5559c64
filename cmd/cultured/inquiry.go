package main

import (
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"
	"unicode/utf8"

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
	// cellsAtOnce is about how many cells travel together, textAtOnce how many bytes.
	cellsAtOnce = 4096
	textAtOnce  = 1 << 18
)

// A parcel is rows on their way: their cells end to end, so that neither side makes a text of each.
type parcel struct {
	Text []byte
	Ends []int // of each cell, in Text
}

// add puts a row into the parcel, and says whether it is full.
func (p *parcel) add(cells []string) (full bool) {
	for _, v := range cells {
		if !utf8.ValidString(v) {
			v = strings.ToValidUTF8(v, "\uFFFD")
		}
		p.Text = append(p.Text, v...)
		p.Ends = append(p.Ends, len(p.Text))
	}
	return len(p.Ends) >= cellsAtOnce || len(p.Text) >= textAtOnce
}

func (p *parcel) reset() { p.Text, p.Ends = p.Text[:0], p.Ends[:0] }

// A parcelled table is rows taken out of parcels.
type parcelled struct {
	from *gob.Decoder
	p    parcel
	text string // of the parcel
	at   int    // cells taken out of it
	row  []string
}

// next returns a row, lent until the next one; io.EOF once the other end is closed.
func (t *parcelled) next() ([]string, error) {
	if t.at == len(t.p.Ends) {
		t.p.reset()
		if err := t.from.Decode(&t.p); err != nil {
			return nil, err
		}
		t.text, t.at = string(t.p.Text), 0
		if len(t.p.Ends)%len(t.row) != 0 {
			return nil, io.ErrUnexpectedEOF
		}
	}
	start := 0
	if t.at > 0 {
		start = t.p.Ends[t.at-1]
	}
	for i := range t.row {
		end := t.p.Ends[t.at+i]
		t.row[i], start = t.text[start:end], end
	}
	t.at += len(t.row)
	return t.row, nil
}

// An inquiry implements [recipe.Inquiry] with a process of its own. What ended the process without a word was too much for it.
type inquiry struct {
	process *exec.Cmd
	in      io.WriteCloser
	to      *gob.Encoder
	from    *gob.Decoder
	waiting parcel
	part    duck.Part // whose rows are given
	dead    bool      // the process takes no more rows
	end     func()    // nil once closed
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
	if i.waiting.add(cells) {
		i.flush()
	}
	return nil
}

func (i *inquiry) flush() {
	if len(i.waiting.Ends) > 0 && !i.dead {
		i.send(i.waiting)
	}
	i.waiting.reset()
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
	rows := parcelled{from: from, row: make([]string, len(q.Columns))}
	refused := false
	err := duck.Answer(ctx, q, rows.next, func(p duck.Part) error {
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
