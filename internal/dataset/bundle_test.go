package dataset

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
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
	b, err := bundleOf(t, map[string]string{"p/datapackage.json": loop, "p/a1.csv": "id;b\n1;x\n2;lost\n", "p/a2.csv": "id;b\n3;y\n4;gone\n", "p/in/b.csv": "id;a\nx;1\ny;3\nz;9\n", "p/in/c.csv": "1\n2\n", "other.csv": "q;r\n1;2\n"})
	if err != nil || b == nil {
		t.Fatal(b, err)
	}
	var got []string
	for i := range b.Resources {
		r := &b.Resources[i]
		var list []finding.Finding
		report, err := b.Examine(context.Background(), r, tabular.Options{}, Examination{Sink: func(f finding.Finding) { list = append(list, f) }})
		if f, ok := errors.AsType[*fault.Error](err); ok {
			got = append(got, r.Name+" "+f.Key)
		} else if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if strings.HasPrefix(f.Reason, "schema.foreign") {
				file, row := report.Reading.Place(f.Row)
				got = append(got, fmt.Sprint(r.Name, " ", file, " ", row, " ", f.Reason, " ", f.Args[0]))
			}
		}
	}
	want := []string{"a a1.csv 3 schema.foreign_key lost", "a a2.csv 3 schema.foreign_key gone", "b  4 schema.foreign_key 9", "c  0 schema.foreign_elsewhere id", "gone dataset.resource_missing"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, want := range map[string]string{"": "a", "b": "b", "gone": "gone", "p/a2.csv": "a", "p/in/b.csv": "b", "in/b.csv": "", "other.csv": ""} {
		r := b.Choose(name)
		if r == nil {
			r = &schema.Resource{}
		}
		if r.Name != want {
			t.Errorf("%q: got %q, want %q", name, r.Name, want)
		}
	}
}

func TestBundle_severalFilesAreOneTable(t *testing.T) {
	const descriptor = `{"resources": [{"name": "repas", "path": ["1.csv", "2.csv", "3.csv"], "schema": {"primaryKey": "id",
		"fields": [{"name": "id"}, {"name": "n", "type": "integer"}]}}]}`
	files := map[string]string{"datapackage.json": descriptor, "1.csv": "id;n\na;1\nb;2\n;\n", "2.csv": "id;n\n", "3.csv": "id;n\n\nc;x\na;4\nd;5;6\n"}
	look := func(files map[string]string, quick bool, print string) (Report, string, error) {
		b, err := bundleOf(t, files)
		if err != nil {
			return Report{}, "", err
		}
		var out strings.Builder
		p := NewBundlePrinter(&out, print, func(key string, args ...any) string { return fmt.Sprint(key, args) }, b.Package)
		p.Table("repas", "1.csv, 2.csv, 3.csv")
		report, err := b.Examine(t.Context(), b.Choose(""), tabular.Options{}, Examination{Quick: quick, Sink: p.Add, Known: func(r tabular.Reading) { p.About("all", r) }})
		if err == nil {
			p.EndTable(report)
			err = p.End()
		}
		return report, out.String(), err
	}
	for _, quick := range []bool{false, true} {
		report, text, err := look(files, quick, PrintCSV)
		if err != nil {
			t.Fatal(err)
		}
		// a line is row, column, field, severity, reason, value, message; the file is the one before the last
		for _, want := range []string{"3,2,n,error,schema.type_integer,x,", "4,1,id,error,schema.key,a,", ",3.csv,\n", "dataset.row_in_file[2 1.csv]"} {
			if !strings.Contains(text, want) {
				t.Errorf("quick %v: %q is not in\n%s", quick, want, text)
			}
		}
		if report.Rows != 5 || len(report.Reading.Pieces) != 3 {
			t.Errorf("quick %v: got %d rows of %v", quick, report.Rows, report.Reading.Pieces)
		}
		if !quick && !strings.Contains(text, "4,,,warning,dataset.empty_row") {
			t.Errorf("blank rows at the end of a file, or before the rows of the next, are not told:\n%s", text)
		}
	}
	if _, text, err := look(files, false, PrintSARIF); err != nil || !strings.Contains(text, `"artifactLocation":{"uri":"3.csv","index":2},"region":{"startLine":3}`) || !strings.Contains(text, `"location":{"uri":"2.csv","index":1}`) {
		t.Errorf("got %v\n%s", err, text)
	}
	if _, text, err := look(files, false, PrintText); err != nil || !strings.Contains(text, "dataset.print_row_in[3.csv 3 ") {
		t.Errorf("got %v\n%s", err, text)
	}
	if _, text, err := look(files, false, PrintJSON); err != nil || !strings.Contains(text, `"row":4,"column":1,"value":"a","file":"3.csv","row":4`) && !strings.Contains(text, `"file":"3.csv","row":4,"args":["a","id","dataset.row_in_file[2 1.csv]"]`) {
		t.Errorf("got %v\n%s", err, text)
	}
	for _, c := range []struct{ name, file, text, key, said string }{
		{"another name", "2.csv", "id;m\n", "tabular.piece_columns", "[2.csv 1.csv 2 m n]"},
		{"another order", "3.csv", "n;id\n1;a\n", "tabular.piece_columns", "[3.csv 1.csv 1 n id]"},
		{"a column less", "2.csv", "id\na\n", "tabular.piece_width", "[2.csv 1.csv 1 2]"},
		{"a file that cannot be read", "3.csv", "\x00\x01\x02\x03\xff\xfe", "tabular.piece", "3.csv"},
		{"an empty file", "2.csv", "", "tabular.piece", "[2.csv tabular.empty"},
		{"a file that is not there", "3.csv", "-", "dataset.resource_missing", "[repas 3.csv]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := maps.Clone(files)
			changed[c.file] = c.text
			if c.text == "-" {
				delete(changed, c.file)
			}
			_, _, err := look(changed, false, PrintText)
			if !fault.Is(err, c.key) || !strings.Contains(err.Error(), c.said) {
				t.Errorf("got %v, want %s %s", err, c.key, c.said)
			}
		})
	}
}

func TestBundle_firstIsTheOneThatIsThere(t *testing.T) {
	b, err := bundleOf(t, map[string]string{"datapackage.json": loop, "in/c.csv": "1\n2\n", "a1.csv": "id;b\n"})
	if err != nil {
		t.Fatal(err)
	}
	if r := b.Choose(""); r == nil || r.Name != "c" {
		t.Errorf("got %v, want the only table whose files are there", r)
	}
	b, err = bundleOf(t, map[string]string{"datapackage.json": loop})
	if err != nil {
		t.Fatal(err)
	}
	r := b.Choose("")
	if r == nil || r.Name != "a" {
		t.Fatalf("got %v, want the first table, to hear what is missing", r)
	}
	if _, err := b.Opener(r, tabular.Options{})(); !fault.Is(err, "dataset.resource_missing") {
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
