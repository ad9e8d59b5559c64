package schemafile_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cultured/content/schemas"
	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/schema/schemafile"
)

var admin = actor.Actor{ID: "ada", Roles: []actor.Role{actor.Admin}}

// copyPack writes the shipped pack into a folder, with the title of one schema changed.
func copyPack(t *testing.T, title string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, schemas.Files); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "index.json")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var index map[string]any
	if err := json.Unmarshal(raw, &index); err != nil {
		t.Fatal(err)
	}
	index["snapshot"] = "2026-11-01"
	index["schemas"].([]any)[0].(map[string]any)["title"] = title
	if raw, err = json.Marshal(index); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, dir string) *schema.Library {
	t.Helper()
	var packs [2]*schema.Pack
	for i := range packs {
		p, err := schema.LoadPack(schemas.Files)
		if err != nil {
			t.Fatal(err)
		}
		packs[i] = p
	}
	now := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	l := &schema.Library{Pack: packs[0], Shipped: packs[1], Shelf: schemafile.Shelf{Dir: dir}, NewID: schemafile.NewID,
		Now: func() time.Time { now = now.Add(time.Second); return now }}
	if err := l.Refresh(); err != nil {
		t.Fatal(err)
	}
	return l
}

func take(l *schema.Library, dir string) (schema.Edition, error) {
	index, address, fetch, err := schemafile.Folder(dir)
	if err != nil {
		return schema.Edition{}, err
	}
	g, err := schema.Gather(index, address, fetch, l.Now())
	if err != nil {
		return schema.Edition{}, err
	}
	return l.Take(g, dir)
}

func TestLibrary_servesWhatItTakesAndGoesBack(t *testing.T) {
	dir := t.TempDir()
	here, there := open(t, dir), open(t, dir) // two servers of one folder
	e, err := take(here, copyPack(t, "Nouveau titre"))
	if err != nil {
		t.Fatal(err)
	}
	if e.Schemas != len(here.Shipped.All()) || here.All()[0].Title != "Nouveau titre" || here.Snapshot() != "2026-11-01" || here.Used() != e.ID {
		t.Errorf("got %+v, title %q", e, here.All()[0].Title)
	}
	if err := there.Refresh(); err != nil || there.All()[0].Title != "Nouveau titre" {
		t.Errorf("the other server: got %q (%v)", there.All()[0].Title, err)
	}
	if again := open(t, dir); again.All()[0].Title != "Nouveau titre" {
		t.Error("the edition is forgotten after a restart")
	}
	if err := here.Choose(admin, ""); err != nil || here.All()[0].Title == "Nouveau titre" {
		t.Errorf("the shipped schemas do not come back (%v)", err)
	}
	if err := here.Choose(admin, e.ID); err != nil || here.All()[0].Title != "Nouveau titre" {
		t.Errorf("the edition does not come back (%v)", err)
	}
	if _, _, err := here.All()[0].Schema(); err != nil {
		t.Error(err)
	}
}

func TestLibrary_keepsTheLastEditionsAndTheOneInUse(t *testing.T) {
	l := open(t, t.TempDir())
	from := copyPack(t, "Titre")
	for range 5 {
		if _, err := take(l, from); err != nil {
			t.Fatal(err)
		}
	}
	list, err := l.Editions(admin)
	if err != nil || len(list) != 3 || list[0].ID != l.Used() {
		t.Errorf("got %d editions, the first %v (%v)", len(list), list, err)
	}
}

func TestLibrary_nothingChangesWhenAnUpdateFails(t *testing.T) {
	l := open(t, t.TempDir())
	small, empty, broken := t.TempDir(), t.TempDir(), t.TempDir()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(os.WriteFile(filepath.Join(small, "schemas.json"), []byte(`{"schemas": [{"name": "a/b", "schema_type": "tableschema", "schema_url": "https://x.example/s.json", "versions": [{"version_name": "1"}]}]}`), 0o600))
	ok(os.WriteFile(filepath.Join(small, "s.json"), []byte(`{"fields": [{"name": "a"}]}`), 0o600))
	ok(os.WriteFile(filepath.Join(broken, "schemas.json"), []byte(`{"schemas": [{"name": "../b", "schema_type": "tableschema", "schema_url": "https://x.example/s.json"}]}`), 0o600))
	for dir, want := range map[string]string{small: "schema.registry_shrunk", empty: "schema.no_index", broken: "schema.registry_empty"} {
		if _, err := take(l, dir); !fault.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if l.Used() != "" || len(l.All()) != len(l.Shipped.All()) {
		t.Error("the schemas in use changed")
	}
}

func TestLibrary_isForAdministratorsAndGoesOutOnlyThroughItsWay(t *testing.T) {
	l := open(t, t.TempDir())
	agent := actor.Actor{ID: "ben"}
	ctx := context.Background()
	if _, err := l.Editions(agent); !fault.Is(err, "schema.not_admin") {
		t.Errorf("got %v", err)
	}
	if err := l.Choose(agent, ""); !fault.Is(err, "schema.not_admin") {
		t.Errorf("got %v", err)
	}
	if _, err := l.UpdateFrom(ctx, agent, "https://x.example/schemas.json"); !fault.Is(err, "schema.not_admin") {
		t.Errorf("got %v", err)
	}
	if _, err := l.UpdateFrom(ctx, admin, "https://x.example/schemas.json"); !fault.Is(err, "schema.no_way_out") {
		t.Errorf("got %v", err)
	}
	var asked []string
	from := copyPack(t, "Par le réseau")
	l.Fetch = func(_ context.Context, address string, _ int64) ([]byte, error) {
		asked = append(asked, address)
		name, ok := strings.CutPrefix(address, "https://registre.example/")
		if !ok {
			return nil, errors.New("elsewhere")
		}
		return os.ReadFile(filepath.Join(from, name))
	}
	e, err := l.UpdateFrom(ctx, admin, "https://registre.example/index.json")
	if err != nil || e.From != "https://registre.example/index.json" || l.All()[0].Title != "Par le réseau" || len(asked) < 100 {
		t.Errorf("got %+v after %d files (%v)", e, len(asked), err)
	}
	if err := l.Choose(admin, "../../etc"); !fault.Is(err, "schema.no_edition") {
		t.Errorf("got %v", err)
	}
}
