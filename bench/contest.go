package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A contender is one program doing one task on one file.
type contender struct {
	name string
	does string // what it is asked to do
	argv []string
	most int // rows it is asked to read; 0 for any number
}

// A finish is what a contender took.
type finish struct {
	File, Name, Does string
	Rows             int
	Took             time.Duration
	CPU              time.Duration // of all processors
	Memory           int64         // most resident, in bytes
	Note             string        // why nothing was measured
}

// patience is how long a contender may take; past it, the report says so.
const patience = 4 * time.Minute

// A round is a file that contenders are measured on, one after the other.
type round struct {
	title, file string
	rows        int
	write       func(io.Writer) error
	contenders  func(path, schema string) []contender
}

// contest generates each file and has every contender that is there read it.
func contest(ctx context.Context, o options) (list []finish, source string, err error) {
	births, source, err := readBirths(o.names)
	if err != nil {
		return nil, "", err
	}
	folder, err := os.MkdirTemp("", "cultured-bench-")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(folder)
	schema := filepath.Join(folder, "schema.json")
	if err := os.WriteFile(schema, []byte(namesSchema), 0o600); err != nil {
		return nil, "", err
	}
	for _, r := range rounds(o, births) {
		path := filepath.Join(folder, r.file)
		if err := writeFile(path, r.write); err != nil {
			return nil, "", err
		}
		for _, c := range r.contenders(path, schema) {
			if f := c.run(ctx, r.rows); f.Name != "" {
				f.File = r.title
				say("%s, %s: %v, processor %v, %s %s", f.File, f.Name, f.Took, f.CPU, mebibytes(f.Memory), f.Note)
				list = append(list, f)
			}
		}
		_ = os.Remove(path) // the folder goes anyway
	}
	return list, source, nil
}

func rounds(o options, births []birth) (list []round) {
	for _, rows := range []int{1_000_000, 10_000_000} {
		if rows > o.rows {
			continue
		}
		size := fmt.Sprintf("CSV, %d rows of 10", rows)
		write := func(w io.Writer) error { return writeNames(w, births, rows) }
		list = append(list, round{size + ": to know", "know.csv", rows, write, func(path, _ string) []contender { return o.toKnow(path) }},
			round{size + ": to check", "check.csv", rows, write, func(path, schema string) []contender { return o.toCheck(path, schema) }})
	}
	return append(list, round{"XLSX, 100000 rows of 10: to know", "know.xlsx", 100_000, func(w io.Writer) error {
		return writeNamesWorkbook(w, births, 100_000)
	}, func(path, _ string) []contender {
		return []contender{
			{"cultured profile", "all of it", []string{o.binary, "profile", path}, 0},
			{"csvkit", "in2csv, reading only", []string{o.peer("venv/bin/in2csv"), "--no-inference", path}, 0},
		}
	}})
}

// toKnow are the programs that say what a file holds.
func (o options) toKnow(path string) []contender {
	python := o.peer("venv/bin/python")
	return []contender{
		{"cultured profile", "encoding, separator, types, statistics, semantic types, keys, repeated rows", []string{o.binary, "profile", path}, 0},
		{"DuckDB " + duckVersion, "read_csv into a table, SUMMARIZE: types, statistics", []string{python, "-c", duckKnows, path}, 0},
		{"Miller", "summary: types, statistics", []string{found("mlr"), "--icsv", "--ifs", ";", "--ojson", "summary", path}, 0},
		{"csv-detective", "encoding, separator, types, semantic types, on every row", []string{python, "-c", detectiveKnows, path}, 1_000_000},
		{"csvkit", "csvstat: types, statistics", []string{o.peer("venv/bin/csvstat"), "--delimiter", ";", path}, 1_000_000},
	}
}

// toCheck are the programs that hold a file against a Table Schema.
func (o options) toCheck(path, schema string) []contender {
	return []contender{
		{"cultured check --quick", "the schema, every finding, as CSV", []string{o.binary, "check", path, "--schema", schema, "--quick", "--format", "csv"}, 0},
		{"cultured check", "the schema and all that makes a report", []string{o.binary, "check", path, "--schema", schema, "--format", "csv"}, 0},
		{"frictionless", "validate, every error", []string{o.peer("venv/bin/python"), "-c", frictionlessChecks, path, schema}, 1_000_000},
		{"npm tableschema", "every row cast", []string{found("node"), "-e", tableschemaChecks, o.peer("node_modules"), path, schema}, 1_000_000},
	}
}

const duckVersion = "1.5.6" // the one the product is built with

// What the peers are asked, each in a few lines of its own language.
const (
	duckKnows = `import duckdb, sys
c = duckdb.connect(config={"threads": 2, "memory_limit": "1GB"})
c.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [sys.argv[1]])
print(c.execute("SUMMARIZE t").fetchall())`
	detectiveKnows = `import sys
from csv_detective import routine
print(routine(sys.argv[1], num_rows=-1, save_results=False))`
	frictionlessChecks = `import json, os, sys
from frictionless import Resource, Schema, Dialect, formats
folder, name = os.path.split(sys.argv[1])
r = Resource(path=name, basepath=folder, schema=Schema.from_descriptor(json.load(open(sys.argv[2]))),
    dialect=Dialect(controls=[formats.CsvControl(delimiter=";")]))
task = r.validate(limit_errors=10**9).tasks[0]
sys.exit(None if "rows" in task.stats else str(task.errors[0].message))`
	tableschemaChecks = `const [modules, path, schema] = process.argv.slice(1)
const {Table} = require(modules + '/tableschema')
;(async () => {
  const table = await Table.load(path, {schema: JSON.parse(require('fs').readFileSync(schema)), delimiter: ';'})
  const rows = await table.iter({forceCast: true, stream: true})
  let good = 0, bad = 0
  for await (const row of rows) { if (row instanceof Error) bad++; else good++ }
  console.log(good, bad)
})()`
)

// peer is a program installed for the bench, "" when it is not there.
func (o options) peer(name string) string {
	path := filepath.Join(o.peers, name)
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// found is a program of the machine, "" when it is not there.
func found(name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// run measures one contender; a finish without a name says that it is not there, or not asked for so many rows.
func (c contender) run(ctx context.Context, rows int) finish {
	for _, arg := range c.argv {
		if arg == "" {
			return finish{}
		}
	}
	if c.most > 0 && rows > c.most {
		return finish{}
	}
	f := finish{Name: c.name, Does: c.does, Rows: rows}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Env = append(environment(""), "HOME="+os.TempDir())
	var last tail
	cmd.Stderr = &last
	begin := time.Now()
	err := cmd.Start()
	if err == nil {
		ended, most := make(chan struct{}), make(chan int64)
		go func() { most <- mostMemory(cmd.Process.Pid, ended) }()
		err = cmd.Wait()
		f.Took = time.Since(begin)
		close(ended)
		f.Memory = <-most
	}
	if cmd.ProcessState == nil {
		f.Note = fmt.Sprintf("not measured: %v", err)
		return f
	}
	f.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	exit, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case ctx.Err() != nil:
		f.Note = fmt.Sprintf("stopped after %.0f s", f.Took.Seconds())
	case err != nil && (!ended || exit.ExitCode() != 1 || !strings.HasPrefix(c.name, "cultured")): // its findings are no failure
		f.Note = fmt.Sprintf("not measured: %v: %s", err, last.line())
	}
	return f
}

// mostMemory is the most resident memory of a process, in bytes, until it ended, looked at a hundred times a second. What the
// kernel counts for an ended child begins with its parent's memory, so a small program would seem as large as the bench.
func mostMemory(pid int, ended <-chan struct{}) (most int64) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return most
		case <-tick.C:
			most = max(most, memoryOf(pid, "VmHWM"))
		}
	}
}

// tail keeps the end of what a program says of its troubles.
type tail []byte

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	*t = append(*t, p...)
	if n := len(*t); n > 4096 {
		*t = (*t)[n-4096:]
	}
	return len(p), nil
}

func (t tail) line() string {
	lines := strings.Split(strings.TrimSpace(string(t)), "\n")
	return strings.ReplaceAll(lines[len(lines)-1], "|", "/")
}
