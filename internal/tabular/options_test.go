package tabular

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
)

func TestOpen_readsAsOptionsSay(t *testing.T) {
	for _, c := range []struct {
		name, data string
		opt        Options
		want       string // columns, then rows: number, rows passed before it, cells
	}{
		{"units under the header are set aside", "mois;pluie\n;(mm)\n\njanvier;12\n", Options{SkipRows: 1}, "mois|pluie 4+1:janvier|12"},
		{"comments are no data, wherever they stand", "#a;b\nid;v\n# c\n1;2\n#d\n#e\n3;#4\n", Options{Comment: "#"}, "id|v 4+1:1|2 7+2:3|#4"},
		{"comments are no header either", "#a;b\nid;v\n1;2\n", Options{Comment: "#", HeaderRow: 2}, "id|v 3+0:1|2"},
		{"rows said to be comments", "titre;x\nid;v\nnote;y\n1;2\n3;4\n", Options{CommentRows: []int{1, 3, 5}}, "id|v 4+1:1|2"},
		{"an escaped separator, quote, escape and line end", "id;v\n1;a\\;b\\\"c\n2;\\\\d\n3;e\\\nf\n4;g\n", Options{Escape: "\\"}, "id|v 2+0:1|a;b\"c 3+0:2|\\d 4+0:3|e\nf 5+0:4|g"},
		{"escapes inside quotes", "id;v\n1;\"a\\\"b;c\"\n2;\"d\"\"e\"\n", Options{Escape: "\\"}, "id|v 2+0:1|a\"b;c 3+0:2|d\"e"},
		{"an escape at the very end", "id;v\n1;a\\", Options{Escape: "\\"}, "id|v 2+0:1|a\\"},
		{"a quote that never closes, with escapes", "id;v\n1;\"a\n2;b\\;c\n", Options{Escape: "\\"}, "id|v 2+0:1|\"a 3+0:2|b;c"},
		{"quotes that are not doubled", "id;v\n1;\"a\"\"b\"\n2;\"c;d\"\n", Options{PlainQuotes: true}, "id|v 2+0:1|a\"b\" 3+0:2|c;d"},
		{"no header", "1;Ain\n2;Aisne\n", Options{HeaderRow: NoHeader}, "A|B 1+0:1|Ain 2+0:2|Aisne"},
		{"no header, but names", "a;Ain;x\nb;Aisne;y\n", Options{HeaderRow: NoHeader, Names: []string{"id", "nom"}}, "id|nom|C 1+0:a|Ain|x 2+0:b|Aisne|y"},
		{"a text for what is absent", "id;v\n1;NULL\nNULL;NULLE\n", Options{Null: "NULL"}, "id|v 2+0:1| 3+0:|NULLE"},
		{"spaces after the separator", "id, v\n1,  2 \n", Options{TrimStart: true, Separator: ","}, "id|v 2+0:1|2 "},
		{"a rare separator", "id:v\n1:2,5\n", Options{Separator: ":"}, "id|v 2+0:1|2,5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Open(strings.NewReader(c.data), int64(len(c.data)), "f.csv", c.opt)
			if err != nil {
				t.Fatal(err)
			}
			defer table.Close()
			got := strings.Join(table.Columns(), "|")
			for {
				row, err := table.Next()
				if err != nil {
					break
				}
				got += fmt.Sprintf(" %d+%d:%s", row.Number, row.Passed, strings.Join(row.Cells, "|"))
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	for _, c := range []struct {
		opt Options
		key string
	}{{Options{SkipRows: -1}, "tabular.option_skip_rows"}, {Options{SkipRows: MostSkipRows + 1}, "tabular.option_skip_rows"}, {Options{HeaderRow: -2}, "tabular.option_header"},
		{Options{Escape: "é"}, "tabular.option_escape"}, {Options{Escape: ";", Separator: ";"}, "tabular.option_escape"},
		{Options{Separator: "a"}, "tabular.option_separator"}, {Options{Separator: "'", Quote: "'"}, "tabular.option_separator"}} {
		if _, _, _, err := readAll(t, []byte("a;b\n1;2\n"), "f", c.opt); !fault.Is(err, c.key) {
			t.Errorf("%+v: got %v, want %s", c.opt, err, c.key)
		}
	}
}

func TestEncodingNamed_knowsHowOthersCallThem(t *testing.T) {
	for given, want := range map[string]string{"": "", "UTF8": "utf-8", "utf_8": "utf-8", "Latin-1": "iso-8859-1", "ISO8859-15": "iso-8859-15", "cp1252": "windows-1252", "CP850": "ibm850", "UTF-16": "", "MacRoman": "macroman"} {
		if got, ok := EncodingNamed(given); got != want || !ok {
			t.Errorf("%q: got %q, %v, want %q", given, got, ok, want)
		}
	}
	if _, ok := EncodingNamed("ebcdic"); ok {
		t.Error("ebcdic is not read")
	}
	for _, name := range aliases {
		if name != "" && !slices.Contains(Encodings, name) {
			t.Errorf("%q is no encoding", name)
		}
	}
}

func TestOptions_whatAPersonSaysComesFirst(t *testing.T) {
	got := Options{Separator: ";", HeaderRows: 2}.Or(Options{Separator: ",", HeaderRow: NoHeader, Encoding: "utf-8", Names: []string{"a"}, SkipRows: 1, TrimStart: true})
	if got.Separator != ";" || got.HeaderRow != 0 || got.HeaderRows != 2 || got.Encoding != "utf-8" || got.SkipRows != 1 || !got.TrimStart || len(got.Names) != 1 {
		t.Errorf("got %+v", got)
	}
}
