package main

import (
	"context"
	"encoding/gob"
	"errors"
	"os"
	"os/exec"
	"time"

	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/mission"
)

const (
	// queryCommand is what the process that runs people's questions is called with; people have no use for it.
	queryCommand = "answer-query"
	// queryTime is how long it lives, whatever it is asked.
	queryTime = 3 * time.Second
	// queriesAtOnce is how many of them live at a time: each may use a whole processor.
	queriesAtOnce = 2
)

// A queryAsk is what the process is asked on its standard input.
type queryAsk struct {
	Sheet     duck.Sheet
	Questions []string
	Limit     int
	Step      *duck.Question // of a recipe, whose rows follow; nil for the questions above
	Time      time.Duration  // of the process; 0 for [queryTime]
}

// queries runs what people write in SQL, each time in a process of its own that gets the table and nothing else, and is ended after [queryTime]
// (docs/decisions/0037-questions-in-sql.md).
type queries struct {
	dir   string // where the processes stand; "" is the system's folder
	room  chan struct{}
	steps chan struct{} // of recipes
}

func newQueries(dir string) *queries {
	return &queries{dir: dir, room: make(chan struct{}, queriesAtOnce), steps: make(chan struct{}, stepsAtOnce)}
}

// ask implements [mission.Bench.Query]. A process that ended without a word was asked too much.
func (q *queries) ask(ctx context.Context, t mission.Table, name string, questions []string) ([]mission.Reply, error) {
	select {
	case q.room <- struct{}{}:
		defer func() { <-q.room }()
	case <-ctx.Done():
		return nil, fault.New(fault.Busy, "duck.ask_busy").Because(ctx.Err())
	}
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	process, end, err := q.process(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	replies, err := talk(process, queryAsk{Sheet: sheetOf(t, name), Questions: questions, Limit: mission.ReplyMost})
	if err != nil {
		replies = []duck.Reply{{Refused: "duck.ask_much"}}
	}
	out := make([]mission.Reply, len(questions))
	for i := range out {
		r := replies[min(i, len(replies)-1)] // the first that is missing ended the process, and the others with it
		out[i] = mission.Reply{Table: mission.Table{Columns: r.Columns, Rows: r.Rows}, More: r.More, Refused: r.Refused, Said: r.Said}
	}
	return out, nil
}

// process is one that will answer, in an empty folder, with nothing of this one; end removes the folder.
func (q *queries) process(ctx context.Context) (_ *exec.Cmd, end func(), _ error) {
	program, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp(q.dir, "query-*")
	if err != nil {
		return nil, nil, err
	}
	process := exec.CommandContext(ctx, program, queryCommand)
	process.Dir, process.Env = dir, []string{"HOME=/nonexistent"} // not ours: it holds addresses and passwords
	return process, func() { _ = os.RemoveAll(dir) }, nil         // it stays empty
}

// talk asks a process and takes its replies.
func talk(process *exec.Cmd, ask queryAsk) (replies []duck.Reply, err error) {
	in, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	sent := make(chan error, 1)
	go func() { sent <- errors.Join(gob.NewEncoder(in).Encode(ask), in.Close()) }()
	err = gob.NewDecoder(out).Decode(&replies)
	if err == nil && len(replies) == 0 {
		err = errors.New("no reply")
	}
	return replies, errors.Join(err, <-sent, process.Wait())
}

// sheetOf is a mission's table as the engine takes it.
func sheetOf(t mission.Table, name string) duck.Sheet {
	s := duck.Sheet{Name: name}
	types, rows := t.Typed()
	for i, c := range t.Columns {
		s.Columns = append(s.Columns, duck.Column{Name: c, Type: duck.Type(types[i])})
	}
	s.Rows = rows
	return s
}

// answerQuery is the process: it reads what it is asked, and says what came of it.
func answerQuery(ctx context.Context, in invocation) (int, error) {
	late := time.AfterFunc(queryTime+time.Second, func() { os.Exit(exitFailed) }) // should who asked be gone
	if err := duck.Bound(); err != nil {
		return exitFailed, err
	}
	from := gob.NewDecoder(in.stdin)
	var ask queryAsk
	if err := from.Decode(&ask); err != nil {
		return exitFailed, err
	}
	if ask.Step != nil {
		late.Reset(min(ask.Time, stepTime) + time.Second)
		return answerStep(ctx, *ask.Step, from, gob.NewEncoder(in.stdout))
	}
	replies, err := duck.Ask(ctx, ask.Sheet, ask.Questions, ask.Limit)
	if err != nil {
		return exitFailed, err
	}
	return exitOK, gob.NewEncoder(in.stdout).Encode(replies)
}
