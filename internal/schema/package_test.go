package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	schemafiles "cultured/content/schemas"
	"cultured/internal/fault"
	"cultured/internal/tabular"
)

func noteKeys(notes []tabular.Note) string {
	var list []string
	for _, n := range notes {
		list = append(list, strings.TrimPrefix(n.Key, "schema.note_")+"("+strings.Join(n.Args, "|")+")")
	}
	return strings.Join(list, " ")
}

func TestParseDialect_saysHowAFileIsRead(t *testing.T) {
	for _, c := range []struct{ name, dialect, encoding, want, notes string }{
		{"nothing said is detected", `{"delimiter": null, "header": true}`, "", "{}", ""},
		{"a separator, a quote, an encoding", `{"delimiter": "\t", "quoteChar": "'"}`, "ISO-8859-15", `{encoding:iso-8859-15 separator:\t quote:'}`, ""},
		{"nested as some tools do", `{"csv": {"delimiter": "|"}}`, "latin1", "{encoding:iso-8859-1 separator:|}", ""},
		{"a rare separator", `{"delimiter": "^"}`, "utf8", "{encoding:utf-8 separator:^}", ""},
		{"a long separator is not followed", `{"delimiter": "::"}`, "", "{}", "dialect(delimiter)"},
		{"one header row, as version 1 counts none", `{"headerRows": [3]}`, "", "{row:3 rows:1}", ""},
		{"two header rows are joined", `{"headerRows": [1, 2]}`, "", "{row:2 rows:2}", ""},
		{"header rows apart are not followed", `{"headerRows": [1, 3]}`, "", "{}", "dialect(headerRows)"},
		{"header rows that are none", `{"headerRows": ["x"]}`, "", "{}", "dialect(headerRows)"},
		{"no header in version 1", `{"header": false}`, "", "{row:-1 names:a,b}", ""},
		{"no header in version 2", `{"headerRows": []}`, "", "{row:-1 names:a,b}", ""},
		{"comments, absent values, spaces", `{"commentChar": "#", "nullSequence": "NULL", "skipInitialSpace": true}`, "", "{comment:# null:NULL trim}", ""},
		{"a sheet", `{"sheetName": "Budget"}`, "", "{sheet:Budget}", ""},
		{"escapes, quotes that are not doubled, rows of comments", `{"escapeChar": "\\", "doubleQuote": false, "commentRows": [2, 4]}`, "", `{escape:\ plain comments:[2 4]}`, ""},
		{"a quote that escapes a quote is a doubled one", `{"escapeChar": "\"", "doubleQuote": false}`, "", "{}", ""},
		{"what is not followed is told", `{"escapeChar": "ab", "commentRows": [2, "x"], "property": "rows", "quoteChar": "«"}`, "ebcdic", "{}",
			"encoding(ebcdic) dialect(quoteChar) dialect(escapeChar) dialect(commentRows) dialect(property)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := ParseDialect([]byte(c.dialect))
			if err != nil {
				t.Fatal(err)
			}
			o := d.Options(c.encoding, []string{"a", "b"})
			var parts []string
			add := func(name string, value any, told bool) {
				if told {
					parts = append(parts, strings.Trim(fmt.Sprintf("%s:%v", name, value), ":"))
				}
			}
			add("encoding", o.Encoding, o.Encoding != "")
			add("separator", strings.ReplaceAll(o.Separator, "\t", `\t`), o.Separator != "")
			add("quote", o.Quote, o.Quote != "")
			add("row", o.HeaderRow, o.HeaderRow != 0)
			add("rows", o.HeaderRows, o.HeaderRows != 0)
			add("names", strings.Join(o.Names, ","), o.Names != nil)
			add("comment", o.Comment, o.Comment != "")
			add("escape", o.Escape, o.Escape != "")
			add("plain", "", o.PlainQuotes)
			add("comments", o.CommentRows, o.CommentRows != nil)
			add("null", o.Null, o.Null != "")
			add("trim", "", o.TrimStart)
			add("sheet", o.Sheet, o.Sheet != "")
			if got := "{" + strings.Join(parts, " ") + "}"; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := noteKeys(d.Notes(c.encoding)); got != c.notes {
				t.Errorf("got notes %q, want %q", got, c.notes)
			}
		})
	}
	for raw, key := range map[string]string{`{"name": "x"}`: "schema.not_dialect", `[1]`: "schema.not_dialect", `{`: "schema.not_json", "": "schema.not_json"} {
		if _, err := ParseDialect([]byte(raw)); !fault.Is(err, key) {
			t.Errorf("%s: got %v, want %s", raw, err, key)
		}
	}
}

const sales = `{"name": "shops", "profile": "tabular-data-package", "resources": [
	{"name": "sales", "path": "data/sales.csv", "schema": "sales.json", "dialect": "dialect.json", "encoding": "latin1"},
	{"name": "cities", "path": "data/cities.csv", "schema": {"fields": [{"name": "code"}, {"name": "chief"}],
		"foreignKeys": [{"fields": "chief", "reference": {"resource": "cities", "fields": "code"}}]}}]}`

func salesFiles() fstest.MapFS {
	return fstest.MapFS{
		"sales.json": {Data: []byte(`{"fields": [{"name": "id"}, {"name": "city"}, {"name": "shop"}], "foreignKeys": [
			{"fields": ["city"], "reference": {"resource": "cities", "fields": ["code"]}},
			{"fields": ["shop"], "reference": {"resource": "shops", "fields": ["id"]}},
			{"fields": ["shop"], "reference": {"resource": "cities", "fields": ["shop"]}}]}`)},
		"dialect.json": {Data: []byte(`{"delimiter": "|", "property": "x"}`)},
	}
}

func TestPackage_resolvesWhatStandsInItsFiles(t *testing.T) {
	p, err := ParsePackage([]byte(sales))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Resolve(salesFiles(), nil); err != nil {
		t.Fatal(err)
	}
	r := p.Find("sales")
	if o := r.Options(); o.Separator != "|" || o.Encoding != "iso-8859-1" || len(r.Schema.Fields) != 3 {
		t.Errorf("got %+v, %d fields", o, len(r.Schema.Fields))
	}
	if got, want := noteKeys(r.Notes), "dialect(property) key_nowhere(shop|shops) key_field(shop|shop|cities)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if own := p.Find("cities").Schema.ForeignKeys[0].Resource; own != "" {
		t.Errorf("got a foreign key to %q, want one to the table itself", own)
	}
	if got := fmt.Sprint(p.Targets("cities")); got != "[[code] [shop]]" {
		t.Errorf("got targets %s", got)
	}
	if p.Find("nothing") != nil || !slices.Equal(p.Names(), []string{"sales", "cities"}) {
		t.Errorf("got %v", p.Names())
	}
}

func TestPackage_saysWhatIsWrongWithIt(t *testing.T) {
	one := func(more string) string { return `{"resources": [{"path": "a.csv"` + more + `}]}` }
	for _, c := range []struct{ name, raw, key string }{
		{"a path that leaves the folder", `{"resources": [{"path": "../a.csv"}]}`, "schema.unsafe_path"},
		{"a path that leaves the folder after a while", `{"resources": [{"path": ["a.csv", "b/../../c.csv"]}]}`, "schema.unsafe_path"},
		{"an absolute path", `{"resources": [{"path": "/etc/passwd"}]}`, "schema.unsafe_path"},
		{"no resources", `{"name": "x"}`, "schema.not_package"},
		{"no JSON", `name: x`, "schema.not_json"},
		{"a schema that is not there", one(`, "schema": "nothing.json"`), "schema.package_file"},
		{"a schema outside", one(`, "schema": "../s.json"`), "schema.unsafe_path"},
		{"a schema that is none", one(`, "schema": "dialect.json"`), "schema.not_table"},
		{"a dialect that is not there", one(`, "dialect": "nothing.json"`), "schema.package_file"},
		{"a dialect that is none", one(`, "dialect": "sales.json"`), "schema.not_dialect"},
		{"nothing wrong", one(``), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ParsePackage([]byte(c.raw))
			if err == nil {
				err = p.Resolve(salesFiles(), nil)
			}
			if c.key == "" && err != nil || c.key != "" && !fault.Is(err, c.key) {
				t.Errorf("got %v, want %q", err, c.key)
			}
		})
	}
	pack, err := LoadPack(schemafiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParsePackage([]byte(`{"profile": "moon-package", "resources": [{"name": "a", "path": "a.csv", "profile": "moon", "dialect": "https://e.org/d.json", "schema": "https://e.org/s.json"}, {"name": "a", "path": "b.csv"}]}`))
	if err == nil {
		err = p.Resolve(salesFiles(), pack)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, want := noteKeys(p.Notes), "resource_twice(a) profile(moon-package)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := noteKeys(p.Resources[0].Notes), "profile(moon) dialect_elsewhere(https://e.org/d.json) schema_elsewhere(https://e.org/s.json)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzParseDialect(f *testing.F) {
	f.Add([]byte(`{"delimiter": ";", "headerRows": [1, 2], "header": false}`))
	f.Add([]byte(`{"csv": {"quoteChar": "'", "commentRows": 3}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := ParseDialect(raw)
		if err != nil {
			return
		}
		o := d.Options("utf-8", []string{"a"})
		d.Notes("utf-8")
		text := "a;b\n1;2\n3;4\n"
		if table, err := tabular.Open(strings.NewReader(text), int64(len(text)), "a.csv", o); err == nil {
			for err == nil {
				_, err = table.Next()
			}
			table.Close()
		} else if fault.KindOf(err) == fault.Internal {
			t.Errorf("%+v: %v", o, err)
		}
	})
}

func FuzzParsePackage(f *testing.F) {
	f.Add([]byte(sales))
	f.Add([]byte(`{"resources": [{"path": ["a.csv", "b.csv"], "data": [[1]], "schema": {"fields": [{"name": "a", "type": "number"}]}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := ParsePackage(raw)
		if err != nil {
			return
		}
		if err := p.Resolve(salesFiles(), &Pack{}); err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Error(err)
			}
			return
		}
		for i := range p.Resources {
			r := &p.Resources[i]
			r.Options()
			r.InlineFile()
			p.Targets(r.Name)
			for _, name := range r.Path {
				if strings.HasPrefix(name, "/") && !r.Remote() {
					t.Errorf("got the path %q", name)
				}
			}
		}
	})
}
