package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// outward are the names that ask another machine for something, by package.
var outward = map[string][]string{
	"net/http":   {"Client", "Transport", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm", "NewRequest", "NewRequestWithContext"},
	"net":        {"Dial", "DialTimeout", "Dialer", "DialTCP", "DialUDP", "DialIP"},
	"crypto/tls": {"Dial", "DialWithDialer", "Dialer"},
}

// TestOnlyFetchGoesOut keeps every request in the one client that knows where it may go. The product never tells that
// client to trust an address: the field for it is set by tests, and the build tag is theirs.
func TestOnlyFetchGoesOut(t *testing.T) {
	excused := exceptions(t, "outgoing.txt")
	for _, s := range sources(t) {
		if s.test || s.pkg == "internal/fetch" || strings.HasPrefix(s.pkg, "bench") {
			continue
		}
		for _, what := range goesOut(s.file) {
			if !excused(s.path + ":" + what) {
				t.Errorf("%s uses %s: only internal/fetch may, or say why in testdata/outgoing.txt", s.path, what)
			}
		}
	}
	walk(t, func(path string) {
		if strings.HasPrefix(path, "scripts/") || path == "Makefile" {
			if strings.Contains(content(t, path), "tags loopback") || strings.Contains(content(t, path), "tags=loopback") {
				t.Errorf("%s builds with the tag loopback, which is for end-to-end tests only", path)
			}
		}
	})
}

// goesOut lists what a file uses to ask other machines, as "http.Client".
func goesOut(f *ast.File) (out []string) {
	local := map[string]string{}
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || outward[path] == nil && path != "cultured/internal/fetch" {
			continue
		}
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		local[name] = path
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && slices.Contains(outward[local[x.Name]], n.Sel.Name) {
				out = append(out, x.Name+"."+n.Sel.Name)
			}
		case *ast.CompositeLit:
			sel, ok := n.Type.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Settings" {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || local[x.Name] != "cultured/internal/fetch" {
				return true
			}
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "Trust" {
						out = append(out, "fetch.Settings.Trust")
					}
				}
			}
		}
		return true
	})
	return out
}

// TestGoesOut shows that the guard can fail.
func TestGoesOut(t *testing.T) {
	for src, want := range map[string]string{
		`package p; import "net/http"; var c = http.DefaultClient`:                                          "http.DefaultClient",
		`package p; import web "net/http"; func f() { web.Get("x") }`:                                       "web.Get",
		`package p; import "net"; var d net.Dialer`:                                                         "net.Dialer",
		`package p; import "cultured/internal/fetch"; var s = fetch.Settings{Trust: nil}`:                   "fetch.Settings.Trust",
		`package p; import "net/http"; func f(w http.ResponseWriter, r *http.Request) { w.WriteHeader(1) }`: "",
	} {
		if got := strings.Join(goesOut(parsed(t, src)), " "); got != want {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
	}
}

func parsed(t *testing.T, src string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
