package e2e

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestStories runs testdata/*.txtar: stories of a person at a terminal. Beside the usual words of testscript they may say
//
//	cultured CODE ARGS...        run the program; it must end with this exit code, in bounded memory
//	feed FILE CODE ARGS...       the same, FILE coming through a pipe
//	make KIND FILE               write one of the awkward files of [awkward]
//	same-findings TEXT JSON CSV  the three reports tell the same findings
//	json FILE                    FILE is one JSON value
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata",
		Setup: setup,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"cultured":      runCultured,
			"feed":          feedCultured,
			"make":          makeAwkward,
			"same-findings": sameFindings,
			"json":          isJSON,
		},
		RequireUniqueNames: true,
	})
}

// setup gives a story French words, the program on its PATH and the fixtures in its folder.
func setup(env *testscript.Env) error {
	env.Setenv("LANG", "fr_FR.UTF-8")
	env.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+env.Getenv("PATH"))
	return os.CopyFS(env.WorkDir, os.DirFS(filepath.Join("testdata", "files")))
}

func runCultured(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: cultured CODE ARGS...")
	}
	story(ts, nil, args[0], args[1:])
}

func feedCultured(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: feed FILE CODE ARGS...")
	}
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	story(ts, f, args[1], args[2:])
}

// typed turns the spaces of French typography into those of a keyboard, so that a story can be written by hand.
var typed = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

func story(ts *testscript.TestScript, stdin io.Reader, code string, args []string) {
	want, err := strconv.Atoi(code)
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), hang)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir, cmd.Stdin = ts.MkAbs("."), stdin
	cmd.Env = environment("LANG=" + ts.Getenv("LANG"))
	f, err := finish(cmd)
	ts.Check(err)
	fmt.Fprint(ts.Stdout(), typed.Replace(f.stdout))
	fmt.Fprint(ts.Stderr(), typed.Replace(f.stderr))
	ts.Logf("exit code %d after %v, at most %d MiB", f.code, f.took, f.memory>>20)
	if f.code != want {
		ts.Fatalf("got exit code %d, want %d\n%s%s", f.code, want, f.stdout, f.stderr)
	}
	if f.memory > mostMemory {
		ts.Fatalf("got %d MiB of memory, want at most %d", f.memory>>20, mostMemory>>20)
	}
	if strings.Contains(f.stderr, "goroutine ") {
		ts.Fatalf("it panicked")
	}
}

func makeAwkward(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || awkward[args[0]] == nil {
		ts.Fatalf("usage: make KIND FILE, with a kind of awkward_test.go")
	}
	f, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	ts.Check(awkward[args[0]](f))
	ts.Check(f.Close())
}

func isJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: json FILE")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
}

// groupCount is the number of findings of a group, at the end of its line in the text report.
var groupCount = regexp.MustCompile(`(?m)^\[.* · ([0-9]+)[^0-9]*$`)

func sameFindings(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: same-findings TEXT JSON CSV")
	}
	told := 0
	for _, m := range groupCount.FindAllStringSubmatch(ts.ReadFile(args[0]), -1) {
		n, err := strconv.Atoi(m[1])
		ts.Check(err)
		told += n
	}
	var report struct {
		Findings []struct {
			Row, Column             int
			Field, Severity, Reason string
			Message, Mend           string
		}
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &report))
	table, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[2]))).ReadAll()
	ts.Check(err)
	if len(report.Findings) == 0 || told != len(report.Findings) || len(table)-1 != told {
		ts.Fatalf("got %d findings in the text, %d in the JSON, %d in the CSV", told, len(report.Findings), len(table)-1)
	}
	at := map[string]int{}
	for i, name := range table[0] {
		at[name] = i
	}
	position := func(s string) string {
		if s == "0" {
			return ""
		}
		return s
	}
	for i, f := range report.Findings {
		line := table[i+1]
		got := fmt.Sprint(position(line[at["row"]]), " ", position(line[at["column"]]), " ", line[at["severity"]], " ", line[at["reason"]])
		want := fmt.Sprint(position(strconv.Itoa(f.Row)), " ", position(strconv.Itoa(f.Column)), " ", f.Severity, " ", f.Reason)
		if got != want {
			ts.Fatalf("finding %d: the CSV says %q, the JSON %q", i+1, got, want)
		}
		if f.Message == "" || f.Mend == "" || strings.HasPrefix(f.Message, "dataset.") || strings.HasPrefix(f.Message, "schema.") {
			ts.Fatalf("finding %d says nothing: %+v", i+1, f)
		}
	}
}
