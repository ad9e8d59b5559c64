package dataset

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

func packed(t *testing.T, files map[string]string) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func bundleOf(t *testing.T, files map[string]string) (*Bundle, error) {
	t.Helper()
	src := packed(t, files)
	return ZipBundle(src, src.Size(), tabular.Reader{}, tabular.Limits{}, func() (*schema.Pack, error) { return &schema.Pack{}, nil })
}

const loop = `{"name": "loop", "resources": [
	{"name": "a", "path": ["a1.csv", "a2.csv"], "schema": {"fields": [{"name": "id"}, {"name": "b"}], "foreignKeys": [{"fields": "b", "reference": {"resource": "b", "fields": "id"}}]}},
	{"name": "b", "path": "in/b.csv", "schema": {"fields": [{"name": "id"}, {"name": "a"}], "foreignKeys": [{"fields": "a", "reference": {"resource": "a", "fields": "id"}}]}},
	{"name": "c", "path": "in/c.csv", "dialect": {"header": false}, "schema": {"fields": [{"name": "id"}], "foreignKeys": [{"fields": "id", "reference": {"resource": "gone", "fields": "id"}}]}},
	{"name": "gone", "path": "gone.csv"}]}`

func TestBundle_followsReferencesBothWaysAndOverSeveralFiles(t *testing.T) {
	b, err := bundleOf(t, map[string]string{"p/datapackage.json": loop, "p/a1.csv": "id;b\n1;x\n2;lost\n", "p/a2.csv": "id;b\n3;y\n", "p/in/b.csv": "id;a\nx;1\ny;3\nz;9\n", "p/in/c.csv": "1\n2\n", "other.csv": "q;r\n1;2\n"})
	if err != nil || b == nil {
		t.Fatal(b, err)
	}
	var got []string
	for i := range b.Resources {
		r := &b.Resources[i]
		parts, err := b.Parts(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			sink := func(f finding.Finding) {
				if strings.HasPrefix(f.Reason, "schema.foreign") {
					got = append(got, fmt.Sprint(part, " ", f.Row, " ", f.Reason, " ", f.Args[0]))
				}
			}
			_, err := b.Examine(context.Background(), r, part, tabular.Options{}, Examination{Sink: sink})
			if f, ok := errors.AsType[*fault.Error](err); ok {
				got = append(got, part+" "+f.Key)
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []string{"a1.csv 3 schema.foreign_key lost", "in/b.csv 4 schema.foreign_key 9", "in/c.csv 0 schema.foreign_elsewhere id", "gone.csv dataset.resource_missing"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, want := range map[string]string{"": "a a1.csv", "b": "b in/b.csv", "p/a2.csv": "a a2.csv", "p/in/b.csv": "b in/b.csv", "in/b.csv": " ", "other.csv": " "} {
		r, part := b.Choose(name)
		if r == nil {
			r = &schema.Resource{}
		}
		if got := r.Name + " " + part; got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestBundle_firstIsTheOneThatIsThere(t *testing.T) {
	b, err := bundleOf(t, map[string]string{"datapackage.json": loop, "in/c.csv": "1\n2\n"})
	if err != nil {
		t.Fatal(err)
	}
	if r, part := b.Choose(""); r == nil || r.Name+" "+part != "c in/c.csv" {
		t.Errorf("got %v %q, want the only table whose file is there", r, part)
	}
	b, err = bundleOf(t, map[string]string{"datapackage.json": loop})
	if err != nil {
		t.Fatal(err)
	}
	r, part := b.Choose("")
	if r == nil || r.Name != "a" {
		t.Fatalf("got %v, want the first table, to hear what is missing", r)
	}
	if _, err := b.Opener(r, part, tabular.Options{})(); !fault.Is(err, "dataset.resource_missing") {
		t.Errorf("got %v, want dataset.resource_missing", err)
	}
}

func TestZipBundle_isForArchivesOfPackagesOnly(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		found bool
		key   string
	}{
		{"a package at the top", map[string]string{"datapackage.json": loop, "a1.csv": "id;b\n"}, true, ""},
		{"a package in its folder", map[string]string{"x/datapackage.json": loop}, true, ""},
		{"a package deep among other things", map[string]string{"x/y/datapackage.json": loop}, false, ""},
		{"no package", map[string]string{"a.csv": "id;b\n"}, false, ""},
		{"a descriptor that is none", map[string]string{"datapackage.json": "{}"}, false, "schema.not_package"},
		{"a path outside", map[string]string{"datapackage.json": `{"resources": [{"path": "../a.csv"}]}`}, false, "schema.unsafe_path"},
		{"a schema that is not there", map[string]string{"datapackage.json": `{"resources": [{"path": "a.csv", "schema": "s.json"}]}`}, false, "schema.package_file"},
		{"a schema larger than any", map[string]string{"datapackage.json": `{"resources": [{"path": "a.csv", "schema": "s.json"}]}`, "s.json": strings.Repeat(" ", 9<<20)}, false, "schema.too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := bundleOf(t, c.files)
			if (b != nil) != c.found || c.key != "" && !fault.Is(err, c.key) || c.key == "" && err != nil {
				t.Errorf("got %v, %v", b != nil, err)
			}
		})
	}
	for _, raw := range []string{"", "PK", "PK\x03\x04 and no archive", "a;b\n1;2\n"} {
		src := strings.NewReader(raw)
		if b, err := ZipBundle(src, src.Size(), tabular.Reader{}, tabular.Limits{}, nil); b != nil || err != nil {
			t.Errorf("%q: got %v, %v", raw, b, err)
		}
	}
}
