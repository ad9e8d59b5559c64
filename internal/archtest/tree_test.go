package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// A source is one parsed Go file of the project.
type source struct {
	path  string // from the root, with slashes
	pkg   string // import path without the module: "internal/dataset"
	test  bool
	lines int
	fset  *token.FileSet
	file  *ast.File
}

// sources parses every Go file of the project, tests included.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	walk(t, func(path string) {
		if !strings.HasSuffix(path, ".go") {
			return
		}
		b, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, b, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, source{path, filepath.ToSlash(filepath.Dir(path)), strings.HasSuffix(path, "_test.go"),
			strings.Count(string(b), "\n"), fset, f})
	})
	if len(out) < 50 {
		t.Fatalf("only %d Go files found: the walk is broken", len(out))
	}
	return out
}

// walk calls fn with each file of the project, as a path from the root.
func walk(t *testing.T, fn func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if e.IsDir() {
			if name := e.Name(); name == ".git" || name == "node_modules" || name == "testdata" || rel == "bin" || rel == "var" {
				return filepath.SkipDir
			}
			return nil
		}
		fn(rel)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// exceptions reads testdata/NAME: one "path or path:name  # reason" a line. Each is used at least once, or the test
// that calls the returned check fails: the list only shrinks.
func exceptions(t *testing.T, name string) (has func(key string) bool) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		key, reason, _ := strings.Cut(strings.TrimSpace(line), "  # ")
		if key = strings.TrimSpace(key); key == "" || key[0] == 0x23 {
			continue
		}
		if strings.TrimSpace(reason) == "" {
			t.Errorf("testdata/%s: %s has no reason", name, key)
		}
		used[key] = false
	}
	t.Cleanup(func() {
		for key, ok := range used {
			if !ok {
				t.Errorf("testdata/%s: %s is no longer needed, take it out", name, key)
			}
		}
	})
	return func(key string) bool {
		if _, ok := used[key]; ok {
			used[key] = true
			return true
		}
		return false
	}
}
