// Command cultured is Culture D: the server, and the same engine at the command line.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"cultured/internal/config"
	"cultured/internal/i18n"
)

// version is set by the build.
var version = "dev"

// An invocation is what a command is called with.
type invocation struct {
	args   []string
	getenv func(string) string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	p      *i18n.Printer
}

// Exit codes. Check, profile and verify use all three; other commands say 0 or 1.
const (
	exitOK       = 0
	exitFindings = 1
	exitFailed   = 2
)

var commands = map[string]func(ctx context.Context, in invocation) (int, error){
	"serve":        serve,
	"check":        check,
	"profile":      profile,
	"map":          mapFile,
	"clean":        clean,
	"schemas":      schemas,
	"backup":       writeBackup,
	"restore":      restore,
	"demo-records": demoRecords,
	"verify":       verify,
	"version": func(_ context.Context, in invocation) (int, error) {
		_, err := fmt.Fprintln(in.stdout, "cultured", version)
		return exitOK, err
	},
}

// An errand is a command this program calls itself with. Nobody reads what it says in words, and who called it waits: it starts without any.
type errand struct {
	args int // exactly
	do   func(ctx context.Context, in invocation) (int, error)
}

var errands = map[string]errand{parquetCommand: {2, sendParquet}, queryCommand: {0, answerQuery}}

func (e errand) run(ctx context.Context, in invocation) int {
	code, err := e.do(ctx, in)
	if err != nil {
		_, _ = fmt.Fprintln(in.stderr, err)
	}
	return code
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, invocation{args: os.Args[1:], getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr})
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, in invocation) int {
	if len(in.args) > 0 {
		if e, ok := errands[in.args[0]]; ok && len(in.args) == 1+e.args {
			in.args = in.args[1:]
			return e.run(ctx, in)
		}
	}
	words, err := sentences()
	if err != nil {
		_, _ = fmt.Fprintln(in.stderr, err)
		return exitFailed
	}
	in.p = words.For(language(in.getenv))
	args := in.args
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.usage"))
		return exitOK
	}
	command, ok := commands[args[0]]
	if !ok {
		_, _ = fmt.Fprintln(in.stderr, in.p.T("cultured.unknown_command", args[0]))
		return exitFailed
	}
	in.args = args[1:]
	code, err := command(ctx, in)
	switch {
	case errors.Is(err, flag.ErrHelp):
		in.help(args[0])
		return exitOK
	case err != nil:
		_, _ = fmt.Fprintln(in.stderr, say(in.p, err))
		if f, ok := faultOf(err); ok && f.Err != nil && slices.Contains(setbacks, f.Key) {
			_, _ = fmt.Fprintln(in.stderr, strings.Join(strings.Fields(f.Err.Error()), " ")) // on one line
		}
	}
	return code
}

// setbacks are faults of the machine: whoever runs it also wants to know what it said.
var setbacks = []string{"cultured.bad_data", "cultured.no_database", "cultured.no_listen"}

// help says how a command is called: what it reads, or what there is to set.
func (in invocation) help(command string) {
	if command == "check" || command == "profile" {
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.check_usage"))
		return
	}
	if command == "verify" {
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.verify_usage"))
		return
	}
	if command == "clean" {
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.clean_usage"))
		return
	}
	if command == "map" {
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.map_usage"))
		return
	}
	_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.settings", command))
	for _, s := range config.Settings() {
		line := "--" + s.Flag + "  " + s.Env
		if s.Default != "" {
			line += "  (" + s.Default + ")"
		}
		_, _ = fmt.Fprintf(in.stdout, "\n  %s\n      %s\n", line, in.p.T(s.Key))
	}
}

// language is that of the terminal; French unless it says English.
func language(getenv func(string) string) i18n.Lang {
	for _, name := range []string{"CULTURED_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" && v != "C" && v != "POSIX" && !strings.HasPrefix(v, "C.") {
			if strings.HasPrefix(v, "en") {
				return i18n.English
			}
			return i18n.French
		}
	}
	return i18n.French
}

// say puts an error into words: a fault's sentence, else the error itself, for whoever operates the machine.
func say(p *i18n.Printer, err error) string {
	if f, ok := faultOf(err); ok {
		return p.T(f.Key, f.Args...)
	}
	if errors.Is(err, context.Canceled) {
		return p.T("cultured.stopped")
	}
	return err.Error()
}
