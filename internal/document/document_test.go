package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/opendocument/officetest"
)

// awkward has what each format gives a meaning to, and what XML cannot hold.
const awkward = "Forms & <b>lists</b>  \"two\" | *stars*\nnext\x00 line"

func sample() Document {
	return Document{Lang: "fr", Title: "Synthèse <1>", Made: time.Date(2023, 5, 11, 12, 0, 0, 0, time.UTC), Blocks: []Block{
		Paragraph("Held in May."), Heading{2, "Needs"}, Heading{9, "Deep"},
		Item{1, "First, though said to be under another"}, Item{0, awkward}, Item{1, "Under"}, Item{3, "Under too"}, Item{0, "Last"},
		Quote("We type everything twice."), Table{[]string{"Option", "Times"}, [][]string{{"Game", "3", "beyond"}, {"Course"}}}}}
}

func written(t *testing.T, d Document, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWrite_markdown(t *testing.T) {
	const want = "# Synthèse \\<1\\>\n\nHeld in May.\n\n## Needs\n\n###### Deep\n\n- First, though said to be under another\n" +
		"- Forms & \\<b\\>lists\\</b\\>  \"two\" \\| \\*stars\\* next\x00 line\n  - Under\n  - Under too\n- Last\n\n> We type everything twice.\n\n" +
		"| Option | Times |\n| --- | --- |\n| Game | 3 |\n| Course |  |\n"
	if got := string(written(t, sample(), "md")); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTable_widths(t *testing.T) {
	for _, tc := range []struct {
		name  string
		table Table
		want  []int
	}{
		{"a rank takes less than a sentence", Table{[]string{"Rang", "Carte"}, [][]string{{"1", strings.Repeat("é", 32)}}}, []int{20, 80}},
		{"a very long cell leaves room", Table{[]string{"Rang", "Carte"}, [][]string{{"1", strings.Repeat("x", 900)}}}, []int{14, 85}},
		{"alike", Table{[]string{"a", "b"}, nil}, []int{50, 50}},
		{"no column", Table{}, []int{}},
	} {
		if got := tc.table.widths(100); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestWrite_html(t *testing.T) {
	got := string(written(t, sample(), "html"))
	for _, want := range []string{`<html lang="fr">`, "<title>Synthèse &lt;1&gt;</title>", "<h1>Synthèse &lt;1&gt;</h1>", "<h6>Deep</h6>",
		"<li>Forms &amp; &lt;b&gt;lists&lt;/b&gt;  &quot;two&quot; | *stars*<br>next line\n<ul>\n<li>Under</li>\n<li>Under too</li>\n</ul>\n</li>",
		`<tr><th scope="col">Option</th><th scope="col">Times</th></tr>`, "<tr><td>Course</td><td></td></tr>"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// parts unpacks a document; each of its XML files is well formed.
func parts(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
		for d := xml.NewDecoder(bytes.NewReader(text)); f.Name != "mimetype"; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", f.Name, err, text)
			}
		}
	}
	return out
}

func TestWrite_odtSaysItsTypeFirst(t *testing.T) {
	b := written(t, sample(), "odt")
	if got := string(b[30:]); !strings.HasPrefix(got, "mimetype"+odtType) {
		t.Errorf("the file starts with %q", got[:60])
	}
	p := parts(t, b)
	for _, name := range []string{"content.xml", "styles.xml", "meta.xml"} {
		if !strings.Contains(p["META-INF/manifest.xml"], `"`+name+`"`) || p[name] == "" {
			t.Errorf("%s is not in the manifest, or not in the file", name)
		}
	}
	if !strings.Contains(p["styles.xml"], `fo:language="fr"`) || !strings.Contains(p["content.xml"], `<text:list-item><text:p text:style-name="List_20_item">Under</text:p></text:list-item>`) {
		t.Errorf("no language, or no list in a list: %s", p["content.xml"])
	}
	if !strings.Contains(p["content.xml"], `</table:table><text:p`) {
		t.Error("two tables in a row would touch")
	}
}

func TestWrite_docxLeadsToItsParts(t *testing.T) {
	p := parts(t, written(t, sample(), "docx"))
	for _, name := range []string{"styles.xml", "numbering.xml", "footer1.xml"} {
		if p["word/"+name] == "" || !strings.Contains(p["word/_rels/document.xml.rels"], `Target="`+name+`"`) || !strings.Contains(p["[Content_Types].xml"], `"/word/`+name+`"`) {
			t.Errorf("%s is missing, or nothing leads to it", name)
		}
	}
	if !strings.Contains(p["word/styles.xml"], `<w:lang w:val="fr"/>`) || !strings.Contains(p["word/document.xml"], `<w:tblHeader/>`) {
		t.Error("no language, or no header row")
	}
}

// The office suite people have opens both, and finds every text where it belongs.
func TestWrite_anOfficeSuiteOpensIt(t *testing.T) {
	office := officetest.Open(t, "libswlo.so")
	for _, format := range []string{"odt", "docx"} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "x."+format), written(t, sample(), format), 0o600); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(office.Convert(t, "html:HTML (StarWriter)", dir, filepath.Join(dir, "x."+format))[0])
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(strings.Fields(string(b)), " ")
			for _, want := range []string{"lang=\"fr", "<h1", "<h2", "Synth", "<ul>", "<li>", "Under too", "We type everything twice.", "<thead>", "<table", "Course", "&lt;b&gt;lists&lt;/b&gt;"} {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in what the office suite reads:\n%s", want, got)
				}
			}
		})
	}
}
