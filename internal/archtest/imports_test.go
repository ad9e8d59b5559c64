package archtest

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// leaves import the standard library and each other, nothing else.
var leaves = []string{"fault", "actor", "id", "finding", "tabular", "identifier", "french", "geo", "sqlite", "recent", "codelist", "document", "opendocument", "personal", "filetype"}

// building packages know no room.
var building = []string{"config", "db", "web", "ui", "i18n", "outbox", "job", "live", "blob", "mail", "duck", "assets", "backup", "fetch"}

// rooms lists, for each room, the rooms whose rules it may import. There is no cycle: a room imports only rooms above it.
var rooms = []struct {
	name string
	may  []string
}{
	{"account", nil},
	{"schema", nil},
	{"recipe", []string{"schema"}},
	{"rule", []string{"schema", "recipe"}},
	{"dataset", []string{"schema", "recipe", "rule"}},
	{"cleaning", []string{"schema", "recipe", "dataset"}},
	{"grid", []string{"recipe", "dataset"}},
	{"privacy", []string{"dataset"}},
	{"catalogue", []string{"schema", "dataset"}},
	{"competency", nil},
	{"workshop", nil},
	{"situation", []string{"competency", "workshop"}},
	{"form", []string{"schema", "dataset", "recipe"}},
	{"mission", []string{"schema", "recipe", "catalogue", "form"}},
	{"learning", nil},
	{"recognition", nil},
	{"training", nil},
	{"register", nil},
	{"contact", nil},
	{"overview", []string{"account", "schema", "dataset", "catalogue"}},
}

// owners says which package alone may import a third-party module, with the reason it is here.
var owners = map[string][]string{
	"github.com/duckdb/duckdb-go":           {"internal/duck"},                  // cgo and seconds of linking stay in one place
	"modernc.org/sqlite":                    {"internal/db", "internal/job"},    // the default database; River's own connection
	"github.com/jackc/pgx":                  {"internal/db", "internal/job"},    // the other database
	"github.com/pressly/goose":              {"internal/db"},                    // migrations
	"github.com/riverqueue/river":           {"internal/job"},                   // the job queue
	"github.com/klauspost/compress":         {"internal/web"},                   // answers compressed for half of the processor
	"github.com/boombuler/barcode":          {"internal/ui"},                    // QR codes
	"github.com/wneessen/go-mail":           {"internal/mail"},                  // SMTP
	"github.com/prometheus":                 {"internal/web"},                   // metrics
	"github.com/evanw/esbuild":              {"cmd/assets"},                     // bundles the islands; never in the server
	"github.com/alexedwards/argon2id":       {"internal/account/argon"},         // passwords
	"github.com/dlclark/regexp2":            {"internal/schema"},                // four national schemas use back-references
	"github.com/santhosh-tekuri/jsonschema": {"internal/schema"},                // the registry's JSON Schemas
	"github.com/piprate/json-gold":          {"internal/recognition"},           // JSON-LD and its canonical form, which badges sign
	"golang.org/x/text":                     {"internal/account/argon"},         // Unicode form of passwords
	"golang.org/x/sys":                      {"internal/duck", "internal/blob"}, // system calls
}

// forbidden in a room's rules: what makes a rule impure or hard to test.
var forbidden = []string{"net/http", "database/sql", "os", "os/exec", "net"}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := refused(s.pkg, path); why != "" {
				t.Errorf("%s imports %s: %s", s.path, path, why)
			}
		}
	}
}

// refused says why pkg may not import path, "" when it may.
func refused(pkg, path string) string {
	first, _, _ := strings.Cut(path, "/")
	if strings.Contains(first, ".") {
		return foreign(pkg, path)
	}
	parts := strings.Split(pkg, "/")
	if parts[0] != "internal" {
		return ""
	}
	name := parts[1]
	target, ours := strings.CutPrefix(path, "cultured/internal/")
	other := strings.Split(target, "/")[0]
	switch {
	case slices.Contains(leaves, name):
		if ours && !slices.Contains(leaves, other) {
			return "a leaf imports the standard library and other leaves only"
		}
	case slices.Contains(building, name):
		if ours && isRoom(other) {
			return "the building knows no room"
		}
	case isRoom(name):
		return refusedToRoom(name, parts[2:], path, target, ours)
	}
	return ""
}

func refusedToRoom(name string, inside []string, path, target string, ours bool) string {
	other := strings.Split(target, "/")[0]
	kind := "rules"
	if len(inside) > 0 {
		kind = strings.TrimPrefix(inside[0], name)
	}
	if ours && isRoom(other) && other != name {
		if strings.Contains(target, "/") || kind == "db" || !mayImport(name, other) {
			return "a room imports only the rules of the rooms listed for it"
		}
	}
	switch kind {
	case "rules":
		if slices.Contains(forbidden, path) {
			return "rules decide; they do not reach the outside"
		}
		if ours && !isRoom(other) && !slices.Contains(leaves, other) {
			return "rules import leaves and rules only"
		}
	case "web":
		if target == name+"/"+name+"db" || path == "database/sql" {
			return "a page that needs data asks the room"
		}
	case "db":
		if path == "net/http" {
			return "a store answers no request"
		}
	}
	return ""
}

func foreign(pkg, path string) string {
	for module, by := range owners {
		if strings.HasPrefix(path, module) {
			if slices.Contains(by, pkg) {
				return ""
			}
			return "only " + strings.Join(by, ", ") + " may"
		}
	}
	if strings.HasPrefix(pkg, "bench") {
		return ""
	}
	return "no owner is named for this module in archtest"
}

func isRoom(name string) bool {
	for _, r := range rooms {
		if r.name == name {
			return true
		}
	}
	return false
}

func mayImport(name, other string) bool {
	for _, r := range rooms {
		if r.name == name {
			return slices.Contains(r.may, other)
		}
	}
	return false
}

// TestRefused shows that the guard can fail.
func TestRefused(t *testing.T) {
	for _, tc := range []struct {
		pkg, path string
		ok        bool
	}{
		{"internal/fault", "cultured/internal/web", false},
		{"internal/fault", "errors", true},
		{"internal/web", "cultured/internal/dataset", false},
		{"internal/dataset", "cultured/internal/schema", true},
		{"internal/schema", "cultured/internal/dataset", false},
		{"internal/dataset", "net/http", false},
		{"internal/dataset", "cultured/internal/db", false},
		{"internal/dataset/datasetweb", "cultured/internal/dataset/datasetdb", false},
		{"internal/dataset/datasetdb", "cultured/internal/db", true},
		{"internal/dataset/datasetweb", "cultured/internal/catalogue", false},
		{"internal/web", "github.com/duckdb/duckdb-go/v2", false},
		{"internal/web", "example.org/new", false},
	} {
		if got := refused(tc.pkg, tc.path) == ""; got != tc.ok {
			t.Errorf("%s imports %s: got allowed %v, want %v", tc.pkg, tc.path, got, tc.ok)
		}
	}
}
