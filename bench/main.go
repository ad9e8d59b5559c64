// Command bench measures the built binary on the loopback and writes a table: start-up on an empty folder, idle
// memory, the latency of pages with ten thousand records under fifty clients, and live workshops of up to five thousand people
// with ten thousand viewers, a grid of a million rows that fifty people edit. It asserts nothing: it measures.
//
// Every loop is bounded in time, nothing but 127.0.0.1 is ever asked, and what it starts it stops.
// The clients share the machine's cores with the server, so the figures are those of a machine that does both.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options are what the command line says.
type options struct {
	binary   string        // the program measured
	out      string        // folder of the report
	records  int           // catalogue records to fill in
	clients  int           // at the same time
	span     time.Duration // of each measurement under load
	think    time.Duration // a client's pause between two requests
	postgres string        // URL of an empty database; "" leaves PostgreSQL out
	starts   int           // how often start-up is timed
	note     string        // what the person who measures knows of the machine
	names    string        // INSEE's file of first names, which the large files are made from
	peers    string        // folder where scripts/peers installed other programs
	rows     int           // most rows of the large files
	files    bool          // large files only
	answers  bool          // the feedback of missions only
	forms    bool          // the answers to a form only
	recipes  bool          // recipes only
	people   []int         // who take part in each live workshop
	viewers  int           // of its projection, beside them
	live     bool          // live workshops only
	grid     bool          // the grid only
	editors  int           // people who edit one table at once
	editing  time.Duration // how long they do
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/cultured", "the `program` to measure")
	flag.StringVar(&o.out, "out", "bench/results", "`folder` of the report")
	flag.IntVar(&o.records, "records", 10_000, "catalogue records")
	flag.IntVar(&o.clients, "clients", 50, "clients at the same time")
	flag.DurationVar(&o.span, "span", 10*time.Second, "length of each measurement under load")
	flag.DurationVar(&o.think, "think", 50*time.Millisecond, "a client's pause between two requests")
	flag.StringVar(&o.postgres, "postgres", "", "`URL` of an empty PostgreSQL database on the loopback, to measure it too")
	flag.IntVar(&o.starts, "starts", 7, "how often start-up is timed")
	flag.StringVar(&o.note, "note", "", "a `sentence` for the report: what else the machine was doing")
	flag.StringVar(&o.names, "names", "../shared/data/tables/prenoms/prenoms_france_1900_2021.csv.gz", "the `file` of first names")
	flag.StringVar(&o.peers, "peers", "bench/work/peers", "`folder` of the programs to measure beside")
	flag.IntVar(&o.rows, "rows", 10_000_000, "most rows of the large files")
	flag.BoolVar(&o.files, "files", false, "measure the reading of large files only")
	flag.BoolVar(&o.answers, "answers", false, "measure the feedback of missions only, and write no report")
	flag.BoolVar(&o.forms, "forms", false, "measure the answers to a form only, and write no report")
	flag.BoolVar(&o.recipes, "recipes", false, "measure recipes beside DuckDB and OpenRefine only, and write a report of their own")
	people := flag.String("people", "300,1000,5000", "how many take part in each live `workshop`; empty leaves them out")
	flag.IntVar(&o.viewers, "viewers", 10_000, "viewers of the projection of a live workshop")
	flag.BoolVar(&o.grid, "grid", false, "measure the grid only: a million rows opened, sorted, filtered, and edited by many, and write a report of its own")
	flag.IntVar(&o.editors, "editors", 50, "people who edit one table at once; 0 leaves them out")
	flag.DurationVar(&o.editing, "editing", 10*time.Minute, "how long they edit")
	flag.BoolVar(&o.live, "live", false, "measure live workshops only, and write no report")
	flag.Parse()
	for _, n := range strings.FieldsFunc(*people, func(r rune) bool { return r == ',' }) {
		if size, err := strconv.Atoi(n); err == nil && size > 0 {
			o.people = append(o.people, size)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Hour)
	defer cancel()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything and writes the report.
func run(ctx context.Context, o options) error {
	if o.answers {
		_, err := measureFeedback(ctx)
		return err
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return err
	}
	o.binary = binary
	if alone := o.alone(); alone != nil {
		return alone(ctx, o)
	}
	r := report{Date: time.Now(), Machine: thisMachine(), Versions: versions(o), Options: o, Began: machineLoad()}
	r.Others = busy(ctx, 3*time.Second)
	if r.Starts, err = startTimes(ctx, o); err != nil {
		return err
	}
	if r.Idle, err = idleMemory(ctx, o); err != nil {
		return err
	}
	if r.Feedback, err = measureFeedback(ctx); err != nil {
		return err
	}
	if r.Contest, r.Source, err = contest(ctx, o); err != nil {
		return err
	}
	if o.files {
		r.Ended = machineLoad()
		return r.save(o.out)
	}
	engines := []string{""}
	if o.postgres != "" {
		engines = append(engines, o.postgres)
	}
	for _, url := range engines {
		e, err := measureEngine(ctx, o, url)
		if err != nil {
			return err
		}
		r.Engines = append(r.Engines, e)
	}
	for _, url := range engines {
		list, err := measureMeetings(ctx, o, url)
		if err != nil {
			return err
		}
		r.Meetings = append(r.Meetings, list...)
	}
	r.Ended = machineLoad()
	return errors.Join(r.save(o.out), measureGrids(ctx, o))
}

// alone is the one thing to be measured, nil for all.
func (o options) alone() func(context.Context, options) error {
	switch {
	case o.forms:
		return func(ctx context.Context, o options) error {
			_, err := measureForms(ctx, o)
			return err
		}
	case o.recipes:
		return measureRecipes
	case o.live:
		return meetings
	case o.grid:
		return measureGrids
	}
	return nil
}

// meetings measures live workshops and prints their table.
func meetings(ctx context.Context, o options) error {
	r := report{Options: o}
	engines := []string{""}
	if o.postgres != "" {
		engines = append(engines, o.postgres)
	}
	for _, url := range engines {
		list, err := measureMeetings(ctx, o, url)
		if err != nil {
			return err
		}
		r.Meetings = append(r.Meetings, list...)
	}
	r.meetings(func(format string, args ...any) { fmt.Printf(format+"\n", args...) })
	return nil
}

// startTimes starts the program on an empty folder, several times, and says how long it took until it was ready.
func startTimes(ctx context.Context, o options) ([]time.Duration, error) {
	var took []time.Duration
	for range o.starts {
		s, err := start(ctx, o.binary, "", "")
		if err != nil {
			return nil, err
		}
		took = append(took, s.ready)
		s.stop()
	}
	say("start-up: %v", took)
	return took, nil
}

// idleMemory is the resident memory, in bytes, five seconds after start-up on an empty folder.
func idleMemory(ctx context.Context, o options) (int64, error) {
	s, err := start(ctx, o.binary, "", "")
	if err != nil {
		return 0, err
	}
	defer s.stop()
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(5 * time.Second):
	}
	return s.memory("VmRSS"), nil
}

// measureEngine fills a database with records and measures each page, with and without pauses.
func measureEngine(ctx context.Context, o options, url string) (engine, error) {
	e := engine{Name: "SQLite"}
	if url != "" {
		e.Name = "PostgreSQL"
	}
	folder, err := os.MkdirTemp("", "cultured-bench-")
	if err != nil {
		return e, err
	}
	defer os.RemoveAll(folder)
	say("%s: filling %d records", e.Name, o.records)
	begin := time.Now()
	if err := fill(ctx, o, folder, url); err != nil {
		return e, err
	}
	e.Filled = time.Since(begin)
	s, err := start(ctx, o.binary, folder, url)
	if err != nil {
		return e, err
	}
	defer s.stop()
	e.Ready = s.ready
	e.Settled = s.settle(ctx)
	say("%s: settled after %v", e.Name, e.Settled)
	pages, err := scenarios(ctx, s.url)
	if err != nil {
		return e, err
	}
	for _, p := range pages {
		for _, think := range []time.Duration{o.think, 0} {
			before := s.cpu()
			row := load(ctx, s.url, p, pace{o.clients, o.span, think})
			row.CPU = (s.cpu() - before) / time.Duration(max(1, row.Asked))
			row.Memory = s.memory("VmRSS")
			say("%s: %s, pause %v: cpu %v p50 %v p95 %v p99 %v, %.0f/s %s", e.Name, p.name, think, row.CPU, row.P50, row.P95, row.P99, row.PerSecond, row.Note)
			e.Rows = append(e.Rows, row)
		}
	}
	e.Peak = s.memory("VmHWM")
	return e, ctx.Err()
}

// say tells the person who waits what is being done.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
