package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	// hang is how long a command at the terminal may take before a story calls it hung.
	hang = 2 * time.Minute
	// mostMemory bounds the resident memory of any command on any file, in bytes.
	mostMemory = 600 << 20
)

// binary is the program under test: CULTURED_BIN, else one built for these tests.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "cultured-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if err := build(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// build makes the binary available as "cultured" in dir, where the stories' PATH begins.
func build(dir string) error {
	binary = filepath.Join(dir, "cultured")
	if given := os.Getenv("CULTURED_BIN"); given != "" {
		given, err := filepath.Abs(given)
		if err != nil {
			return err
		}
		return os.Symlink(given, binary)
	}
	cmd := exec.Command("go", "build", "-o", binary, "cultured/cmd/cultured")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// environment is that of the tests without settings of ours that a developer may have exported.
func environment(more ...string) []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "CULTURED_") && !strings.HasPrefix(e, "LC_") && !strings.HasPrefix(e, "LANG") {
			env = append(env, e)
		}
	}
	return append(append(env, "LANG=fr_FR.UTF-8"), more...)
}

// A finished command.
type finished struct {
	stdout, stderr string
	code           int
	memory         int64 // greatest resident size, bytes; on Linux at least that of these tests when they started it
	took           time.Duration
}

// finish runs a prepared command to its end, and stops one that hangs.
func finish(cmd *exec.Cmd) (finished, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if cmd.Stdin != nil {
		// Through a real pipe: what reads it can neither seek nor know its size.
		if err := pipeIn(cmd); err != nil {
			return finished{}, err
		}
	}
	began := time.Now()
	err := cmd.Run()
	f := finished{stdout: stdout.String(), stderr: stderr.String(), took: time.Since(began)}
	if cmd.ProcessState == nil {
		return f, err
	}
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		return f, err
	}
	f.code = cmd.ProcessState.ExitCode()
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		f.memory = int64(use.Maxrss)
		if runtime.GOOS != "darwin" {
			f.memory <<= 10 // kilobytes everywhere else
		}
	}
	return f, nil
}

func pipeIn(cmd *exec.Cmd) error {
	from := cmd.Stdin
	cmd.Stdin = nil
	to, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(to, from) // a program that stops reading early is free to
		_ = to.Close()
	}()
	return nil
}

// cultured runs the program with arguments and checks its exit code.
func cultured(t *testing.T, code int, args ...string) finished {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = environment()
	f, err := finish(cmd)
	if err != nil {
		t.Fatal(err)
	}
	if f.code != code {
		t.Fatalf("cultured %s: got exit code %d, want %d\n%s%s", strings.Join(args, " "), f.code, code, f.stdout, f.stderr)
	}
	return f
}
