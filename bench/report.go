package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A report is everything one run measured.
type report struct {
	Date     time.Time
	Machine  string
	Versions []string
	Options  options
	Starts   []time.Duration
	Idle     int64 // bytes resident, five seconds after start-up
	Feedback []feedback
	Contest  []finish
	Source   string // what the large files are made from
	Engines  []engine
	Meetings []meeting
	Began    string  // the machine's load when the run began
	Ended    string  // and when it ended
	Others   float64 // processors busy before anything was started
}

// An engine is what was measured on one database.
type engine struct {
	Name   string
	Filled time.Duration // writing the records
	Ready  time.Duration // start-up with the records there
	Rows   []row
	// Settled is how long the server then worked by itself until it was quiet: it hears of what was filled in.
	Settled time.Duration
	Peak    int64 // most resident memory, in bytes
}

// thisMachine says cores, memory and processor, and no name of a host.
func thisMachine() string {
	model, memory := "unknown processor", ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kilobytes int64
		if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kilobytes); err == nil {
			memory = fmt.Sprintf(", %.0f GiB", float64(kilobytes)/(1<<20))
		}
	}
	return fmt.Sprintf("%d cores%s, %s, %s/%s", runtime.NumCPU(), memory, model, runtime.GOOS, runtime.GOARCH)
}

// machineLoad is the load average of the last 1, 5 and 15 minutes; "unknown" where there is no /proc.
func machineLoad() string {
	text, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 3 {
		return "unknown"
	}
	return strings.Join(fields[:3], " ")
}

// busy is how many processors work during the span, with anything; 0 where there is no /proc.
func busy(ctx context.Context, span time.Duration) float64 {
	read := func() (work float64) {
		text, _ := os.ReadFile("/proc/stat")
		line, _, _ := strings.Cut(string(text), "\n")
		for i, f := range strings.Fields(line) {
			if n, err := strconv.ParseFloat(f, 64); err == nil && i != 4 && i != 5 && i < 9 { // idle and waiting for a disk; guests count as user
				work += n
			}
		}
		return work / ticks
	}
	begin := read()
	select {
	case <-ctx.Done():
	case <-time.After(span):
	}
	return (read() - begin) / span.Seconds()
}

// versions reads what the binary was built from, and asks PostgreSQL's own program for its version.
func versions(o options) []string {
	var list []string
	if info, err := buildinfo.ReadFile(o.binary); err == nil {
		list = append(list, info.GoVersion)
		for _, dep := range info.Deps {
			switch dep.Path {
			case "modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/duckdb/duckdb-go/v2":
				list = append(list, dep.Path+" "+dep.Version)
			}
		}
	}
	if o.postgres != "" {
		if text, err := exec.Command("psql", o.postgres, "--no-align", "--tuples-only", "--command", "SHOW server_version").Output(); err == nil {
			list = append(list, "PostgreSQL "+strings.TrimSpace(string(text)))
		}
	}
	if info, err := os.Stat(o.binary); err == nil {
		list = append(list, fmt.Sprintf("binary of %.0f MiB", float64(info.Size())/(1<<20)))
	}
	return list
}

// save writes the report under its date; a second run on the same day replaces the first.
func (r report) save(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	path := filepath.Join(folder, r.Date.Format(time.DateOnly)+".md")
	if err := os.WriteFile(path, []byte(r.text()), 0o644); err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}

// text is the report in Markdown.
func (r report) text() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Measurements of %s\n", r.Date.Format(time.DateOnly))
	say("Machine: %s. Versions: %s.", r.Machine, strings.Join(r.Versions, ", "))
	say("Single run; the clients share the cores with the server. Written by `make bench`.\n")
	say("What else the machine did: %.1f of its %d cores were busy before anything was started; load average %s when the run began, %s when it ended.\n",
		r.Others, runtime.NumCPU(), r.Began, r.Ended)
	if r.Options.note != "" {
		say("%s\n", r.Options.note)
	}
	say("| what | figure | aim |\n|---|---|---|")
	sorted := slices.Sorted(slices.Values(r.Starts))
	if len(sorted) > 0 {
		say("| start-up on an empty folder, median of %d | %s (from %s to %s) | < 500 ms |", len(sorted),
			milliseconds(quantile(sorted, 0.5)), milliseconds(sorted[0]), milliseconds(sorted[len(sorted)-1]))
	}
	say("| resident memory, idle for 5 s | %s | < 100 MiB |", mebibytes(r.Idle))
	if len(r.Feedback) > 0 {
		say("\n## What a mission says of an answer of %d rows\n", feedbackRows)
		say("Drawing the variant, reading the file and ten checks, %d times. Aim: p95 < 1 s.\n", feedbackRounds)
		say("| answer | p50 | p95 |\n|---|---|---|")
		for _, f := range r.Feedback {
			say("| %s | %s | %s |", f.Answer, milliseconds(f.P50), milliseconds(f.P95))
		}
	}
	r.contest(say)
	for _, e := range r.Engines {
		say("\n## %d records on %s, %d clients\n", r.Options.records, e.Name, r.Options.clients)
		say("Filled in %.1f s, then ready in %s, then quiet after %.0f s; most resident memory %s. Aims: p99 < 50 ms for pages, p95 < 20 ms for search.",
			e.Filled.Seconds(), milliseconds(e.Ready), e.Settled.Seconds(), mebibytes(e.Peak))
		say("A page “nobody” asked for before has an address of its own at each request, so that no kept answer helps. Processor time is the server's, for each request.\n")
		say("| page | pause | requests | failed | per second | processor | p50 | p95 | p99 | resident |\n|---|---|---|---|---|---|---|---|---|---|")
		for _, row := range e.Rows {
			if row.Note != "" {
				say("| %s | %v | %s | | | | | | | |", row.Name, row.Think, row.Note)
				continue
			}
			say("| %s | %v | %d | %d | %.0f | %.2f ms | %s | %s | %s | %s |", row.Name, row.Think, row.Requests, row.Failed, row.PerSecond,
				row.CPU.Seconds()*1000, milliseconds(row.P50), milliseconds(row.P95), milliseconds(row.P99), mebibytes(row.Memory))
		}
	}
	r.meetings(say)
	return b.String()
}

// contest is the table of the programs that read the same files.
func (r report) contest(say func(string, ...any)) {
	if len(r.Contest) > 0 {
		say("\n## Large files, side by side\n\nMade from %s; one row in %d breaks the schema. One program after the other, on the same file; aims: to know at most twice DuckDB's time, to check at least 1,000,000 rows a second, at most 400 MiB, 100,000 rows of XLSX in 5 s.\n",
			r.Source, wrongRows)
		say("| file | program | what it does | time | rows a second | processor time | most resident memory |\n|---|---|---|---|---|---|---|")
	}
	for _, f := range r.Contest {
		if f.Note != "" {
			say("| %s | %s | %s | %s | | | |", f.File, f.Name, f.Does, f.Note)
			continue
		}
		say("| %s | %s | %s | %.2f s | %.0f | %.2f s | %s |", f.File, f.Name, f.Does, f.Took.Seconds(), float64(f.Rows)/f.Took.Seconds(), f.CPU.Seconds(), mebibytes(f.Memory))
	}
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

func mebibytes(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }
