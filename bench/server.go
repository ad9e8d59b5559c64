package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A server is the program measured, running.
type server struct {
	url   string
	ready time.Duration // from the start of the process to the first good answer of /readyz
	cmd   *exec.Cmd
	own   string // folder to remove, "" if somebody else's
}

// start runs `cultured serve` on a free port and waits until it is ready, a minute at most.
// more are further words of the command line. An empty folder means a new one, removed at the end; an empty database means SQLite.
func start(ctx context.Context, binary, folder, database string, more ...string) (*server, error) {
	s := &server{}
	if folder == "" {
		made, err := os.MkdirTemp("", "cultured-bench-")
		if err != nil {
			return nil, err
		}
		folder, s.own = made, made
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s.url = "http://" + address
	var output bytes.Buffer
	s.cmd = exec.CommandContext(ctx, binary, append([]string{"serve", "--data", folder, "--listen", address}, more...)...)
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 20 * time.Second
	s.cmd.Env = environment(database)
	s.cmd.Stdout, s.cmd.Stderr = &output, &output
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begin) < time.Minute && ctx.Err() == nil {
		if answer, err := http.Get(s.url + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				s.ready = time.Since(begin)
				return s, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("the server is not ready after a minute:\n%s", output.String())
}

// stop asks the server to end, waits, and removes the folder that was made for it.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	killer := time.AfterFunc(20*time.Second, func() { _ = s.cmd.Process.Kill() })
	_ = s.cmd.Wait() // ended by our signal: its code says nothing
	killer.Stop()
	if s.own != "" {
		os.RemoveAll(s.own)
	}
}

// memory reads a field of the process's status in bytes: VmRSS is resident now, VmHWM at most so far. 0 if unknown.
func (s *server) memory(field string) int64 { return memoryOf(s.cmd.Process.Pid, field) }

// memoryOf is what Linux says of a process under a name of /proc/PID/status, in bytes; 0 when it ended.
func memoryOf(pid int, field string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}

// ticks is how many times a second Linux counts processor time in /proc.
const ticks = 100

// cpu is the processor time the server has used; 0 if unknown.
func (s *server) cpu() time.Duration { return cpuOf(s.cmd.Process.Pid) }

// cpuOf is the processor time a process has used; 0 if unknown.
func cpuOf(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	var sum time.Duration
	for _, f := range fields[11:13] { // user and system time: fields 14 and 15 of proc(5)
		n, _ := strconv.Atoi(f)
		sum += time.Duration(n) * time.Second / ticks
	}
	return sum
}

// settle waits until the server has caught up with what was filled in: three seconds with less than a twentieth of a
// processor; five minutes at most. It says how long that took.
func (s *server) settle(ctx context.Context) time.Duration {
	begin, quiet := time.Now(), 0
	for used := s.cpu(); quiet < 3 && time.Since(begin) < 5*time.Minute; {
		select {
		case <-ctx.Done():
			return time.Since(begin)
		case <-time.After(time.Second):
		}
		if now := s.cpu(); now-used < time.Second/20 {
			used, quiet = now, quiet+1
		} else {
			used, quiet = now, 0
		}
	}
	return time.Since(begin)
}

// fill writes the records with the program's own command, in the folder or database given.
func fill(ctx context.Context, o options, folder, database string) error {
	cmd := exec.CommandContext(ctx, o.binary, "demo-records", "--data", folder, "--count", strconv.Itoa(o.records))
	cmd.Env = environment(database)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("demo-records: %w\n%s", err, output)
	}
	return nil
}

// environment is ours without its settings for the program, and with the database given.
func environment(database string) []string {
	var list []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "CULTURED_") {
			list = append(list, pair)
		}
	}
	if database != "" {
		list = append(list, "CULTURED_DATABASE="+database)
	}
	return list
}

// freeAddress is a loopback address nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
