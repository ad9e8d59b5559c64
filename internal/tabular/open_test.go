package tabular

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"cultured/internal/fault"
)

// readAll opens data and returns its reading, columns and rows, each row as its cells joined by |.
func readAll(t *testing.T, data []byte, name string, opt Options) (Reading, []string, []string, error) {
	t.Helper()
	table, err := Open(bytes.NewReader(data), int64(len(data)), name, opt)
	if err != nil {
		return Reading{}, nil, nil, err
	}
	defer table.Close()
	var rows []string
	for {
		row, err := table.Next()
		if err == io.EOF {
			return table.Reading(), table.Columns(), rows, nil
		}
		if err != nil {
			return table.Reading(), table.Columns(), rows, err
		}
		line := strings.Join(row.Cells, "|")
		if len(row.Extra) > 0 {
			line += "+" + strings.Join(row.Extra, "|")
		}
		rows = append(rows, line)
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range parts {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(data string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, data)
	_ = z.Close()
	return b.Bytes()
}

func wideText(s string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b.WriteByte(byte(u >> 8))
			b.WriteByte(byte(u))
		} else {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
	}
	return b.String()
}

type textCase struct {
	name, data          string
	encoding, separator string
	columns             string
	rows                []string
	note                string
}

func textCases(t *testing.T) []textCase {
	const été = "nom;ville\nété;Orléans\n"
	return []textCase{
		{"plain UTF-8", été, "utf-8", ";", "nom|ville", []string{"été|Orléans"}, ""},
		{"UTF-8 with a mark", "\uFEFF" + été, "utf-8", ";", "nom|ville", []string{"été|Orléans"}, "tabular.note_bom"},
		{"a mark that lies", "\uFEFFnom;ville\n\xE9t\xE9;Orl\xE9ans\n", "iso-8859-1", ";", "nom|ville",
			[]string{"été|Orléans"}, "tabular.note_false_bom"},
		{"windows-1252", "nom;ville\n\xE9t\xE9;l\x92Ha\xFF \x9Cuvre\n", "windows-1252", ";", "nom|ville",
			[]string{"été|l’Haÿ œuvre"}, "tabular.note_encoding_guessed"},
		{"ISO-8859-15", "nom;prix\nc\xBDur;3 \xA4\n", "iso-8859-15", ";", "nom|prix", []string{"cœur|3 €"}, ""},
		{"MacRoman", "nom;ville\n\x8Et\x8E;\x88 c\x99t\x8E\n", "macroman", ";", "nom|ville", []string{"été|à côté"}, ""},
		{"MS-DOS", "nom;ville\n\x82t\x82;CR\xD4VE D\x90COR\n", "ibm850", ";", "nom|ville", []string{"été|CRÈVE DÉCOR"}, ""},
		{"UTF-16 with a mark", "\xFF\xFE" + wideText(été, false), "utf-16le", ";", "nom|ville", []string{"été|Orléans"}, ""},
		{"UTF-16 without a mark", wideText(été+été, true), "utf-16be", ";", "nom|ville",
			[]string{"été|Orléans", "nom|ville", "été|Orléans"}, "tabular.note_utf16_guessed"},
		{"UTF-8 with one stray byte", strings.Repeat("é;à\n", 20) + "l\x92eau;è\n", "utf-8", ";", "é|à",
			append(slices.Repeat([]string{"é|à"}, 19), "l’eau|è"), "tabular.note_stray_bytes"},
		{"decimal commas do not separate", "a;b\n1,5;2,5\n3,5;4,5\n", "utf-8", ";", "a|b", []string{"1,5|2,5", "3,5|4,5"}, ""},
		{"tabs", "a\tb\nx, y\tz\n", "utf-8", "\t", "a|b", []string{"x, y|z"}, ""},
		{"bars", "a|b\n1|2\n", "utf-8", "|", "a|b", []string{"1|2"}, ""},
		{"one column", "nom\nbonjour, toi\nau revoir\n", "utf-8", "", "nom", []string{"bonjour, toi", "au revoir"},
			"tabular.note_single_column"},
		{"quotes, doubled and multi-line", "a,b\n\"x, \"\"y\"\"\",\"l1\nl2\"\nz,\"\"\n", "utf-8", ",", "a|b",
			[]string{`x, "y"|` + "l1\nl2", "z|"}, ""},
		{"single quotes", "a,b\n'x, y','z'\n'u','v, w'\n", "utf-8", ",", "a|b", []string{"x, y|z", "u|v, w"}, "tabular.note_quote"},
		{"old Mac lines", "a;b\r1;2\r3;4\r", "utf-8", ";", "a|b", []string{"1|2", "3|4"}, ""},
		{"mixed lines", "a;b\r\n1;2\n3;4\r\n", "utf-8", ";", "a|b", []string{"1|2", "3|4"}, "tabular.note_mixed_newlines"},
		{"a title above", "Liste des aides 2024\n\na;b;c\nx;1;2\ny;3;4\n", "utf-8", ";", "a|b|c",
			[]string{"x|1|2", "y|3|4"}, "tabular.note_preamble"},
		{"more titles than rows", "Titre :;Aides\nAnnée :;2024\nSource :;Département\nNotes :\nContact :;aides@exemple.fr\n\n" +
			"lieu;a;b;c;d\nx;1;2;3;4\ny;5;6;7;8\n", "utf-8", ";", "lieu|a|b|c|d", []string{"x|1|2|3|4", "y|5|6|7|8"}, "tabular.note_preamble"},
		{"a table of two columns that ends with a wider row", "a;b\nx;1\ny;2\nz;3\n\ns;4;5;6;7\nt;8\n", "utf-8", ";", "a|b",
			[]string{"x|1", "y|2", "z|3", "s|4+5|6|7", "t|8"}, ""},
		{"no header", "1,anglais\n2,français\n3,basque\n", "utf-8", ",", "A|B",
			[]string{"1|anglais", "2|français", "3|basque"}, "tabular.note_no_header"},
		{"years are a header", "territoire,2019,2020\nAin,12,13\nAisne,14,15\n", "utf-8", ",", "territoire|2019|2020",
			[]string{"Ain|12|13", "Aisne|14|15"}, ""},
		{"units below", "date;NO2;O3\n;µg/m3;µg/m3\n01/01/2020;1;2\n", "utf-8", ";", "date|NO2|O3",
			[]string{"|µg/m3|µg/m3", "01/01/2020|1|2"}, "tabular.note_units"},
		{"ragged rows", "a;b\n1;2;3\n4\n5;6\n", "utf-8", ";", "a|b", []string{"1|2+3", "4|", "5|6"}, ""},
		{"leading zeros", "code;n\n01004;007\n", "utf-8", ";", "code|n", []string{"01004|007"}, ""},
		{"no final newline", "a;b\n1;2", "utf-8", ";", "a|b", []string{"1|2"}, ""},
		{"a quote never closed", "a;b\n\"x;1\ny;2\n", "utf-8", ";", "a|b", []string{`"x|1`, "y|2"}, ""},
		{"stray quotes inside", "a;b\nl'\"x\";1\n", "utf-8", ";", "a|b", []string{`l'"x"|1`}, ""},
		{"gzip", string(gzipped(été)), "utf-8", ";", "nom|ville", []string{"été|Orléans"}, "tabular.note_gzip"},
		{"two gzip members", string(gzipped(été)) + string(gzipped("a;b\n")), "utf-8", ";", "nom|ville",
			[]string{"été|Orléans", "a|b"}, ""},
		{"a zip of one CSV", string(zipped(t, map[string]string{"x.csv": été})), "utf-8", ";", "nom|ville",
			[]string{"été|Orléans"}, "tabular.note_zip"},
	}
}

func TestOpen_understandsTextFiles(t *testing.T) {
	for _, c := range textCases(t) {
		t.Run(c.name, func(t *testing.T) {
			r, columns, rows, err := readAll(t, []byte(c.data), "f.csv", Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Encoding != c.encoding || r.Separator != c.separator {
				t.Errorf("got %s %q, want %s %q", r.Encoding, r.Separator, c.encoding, c.separator)
			}
			if got := strings.Join(columns, "|"); got != c.columns {
				t.Errorf("got columns %q, want %q", got, c.columns)
			}
			if !slices.Equal(rows, c.rows) {
				t.Errorf("got rows %q, want %q", rows, c.rows)
			}
			if c.note != "" && !slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Key == c.note }) {
				t.Errorf("got notes %v, want %s", r.Notes, c.note)
			}
		})
	}
}

func TestOpen_obeysWhatAPersonCorrects(t *testing.T) {
	data := []byte("titre\nx;y,z\n1;2,5\n")
	r, columns, rows, err := readAll(t, data, "f.csv", Options{Separator: ",", HeaderRow: 2, Encoding: "windows-1252", Quote: "'"})
	if err != nil {
		t.Fatal(err)
	}
	if r.HeaderRow != 2 || strings.Join(columns, "|") != "x;y|z" || !slices.Equal(rows, []string{"1;2|5"}) {
		t.Errorf("got %+v %q %q", r, columns, rows)
	}
	for key, opt := range map[string]Options{
		"tabular.option_separator": {Separator: "é"}, "tabular.option_quote": {Quote: "«"},
		"tabular.option_header": {HeaderRow: 99}, "tabular.encoding_unknown": {Encoding: "ebcdic"},
	} {
		if _, _, _, err := readAll(t, data, "f.csv", opt); !fault.Is(err, key) {
			t.Errorf("got %v, want %s", err, key)
		}
	}
}

func TestOpen_countsRowsAsASpreadsheetDoes(t *testing.T) {
	data := []byte("a;b\n\n1;\"x\ny\"\n;;\n2;z\n\n\n")
	table, err := Open(bytes.NewReader(data), int64(len(data)), "f.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for {
		row, err := table.Next()
		if err != nil {
			break
		}
		got = append(got, row.Number)
	}
	if want := []int{3, 5}; !slices.Equal(got, want) {
		t.Errorf("got rows %v, want %v", got, want)
	}
}

// sheetXLSX is a workbook with one sheet of these rows, in XML.
func sheetXLSX(t testing.TB, rows string) []byte {
	t.Helper()
	return zipped(t, sheetParts(rows))
}

func sheetParts(rows string) map[string]string {
	const rel = `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/>` +
		`<Relationship Id="r2" Type="x/styles" Target="/xl/styles.xml"/><Relationship Id="r3" Type="x/sharedStrings" Target="ss.xml"/></Relationships>`
	return map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": rel,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[h]:mm:ss"/><numFmt numFmtId="171" formatCode="00000"/>` +
			`<numFmt numFmtId="172" formatCode="#,##0.00\ &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="21"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="10"/></cellXfs></styleSheet>`,
		"xl/ss.xml": `<sst><si><r><t>deux </t></r><r><t>mots</t></r><rPh><t>non</t></rPh></si><si><t>a&amp;b&#233;_x000D_</t></si></sst>`,
		"xl/worksheets/s.xml": `<?xml version="1.0"?><worksheet><dimension ref="A1:XFD1048576"/><sheetData>` + rows +
			`</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`,
	}
}

func TestOpen_writesWorkbookCellsAsText(t *testing.T) {
	for _, c := range []struct{ name, cell, want string }{
		{"whole", `<c><v>1000000</v></c>`, "1000000"},
		{"exponent", `<c><v>1.0E+6</v></c>`, "1000000"},
		{"noise", `<c><v>0.30000000000000004</v></c>`, "0.3"},
		{"small", `<c><v>1E-7</v></c>`, "0.0000001"},
		{"SIRET", `<c><v>21310555400017</v></c>`, "21310555400017"},
		{"percent stays a number", `<c s="7"><v>0.125</v></c>`, "0.125"},
		{"date", `<c s="1"><v>45352</v></c>`, "2024-03-01"},
		{"date and hour", `<c s="2"><v>45352.4375</v></c>`, "2024-03-01T10:30:00"},
		{"hour", `<c s="3"><v>0.4375</v></c>`, "10:30:00"},
		{"elapsed hours", `<c s="4"><v>1.25</v></c>`, "30:00:00"},
		{"day one", `<c s="1"><v>1</v></c>`, "1900-01-01"},
		{"before the leap day that never was", `<c s="1"><v>59</v></c>`, "1900-02-28"},
		{"the leap day that never was", `<c s="1"><v>60</v></c>`, "1900-02-29"},
		{"after it", `<c s="1"><v>61</v></c>`, "1900-03-01"},
		{"code with zeros", `<c s="5"><v>1004</v></c>`, "01004"},
		{"quoted letters are no date", `<c s="6"><v>12.5</v></c>`, "12.5"},
		{"ISO date", `<c t="d"><v>2024-03-01T00:00:00.000Z</v></c>`, "2024-03-01T00:00:00"},
		{"true", `<c t="b"><v>1</v></c>`, "true"},
		{"error", `<c t="e"><v>#N/A</v></c>`, "#N/A"},
		{"formula", `<c><f>SUM(A1:A2)</f><v>3</v></c>`, "3"},
		{"formula text", `<c t="str"><f>"a"</f><v>a</v></c>`, "a"},
		{"shared, rich", `<c t="s"><v>0</v></c>`, "deux mots"},
		{"shared, escaped", `<c t="s"><v>1</v></c>`, "a&bé\n"},
		{"shared, out of range", `<c t="s"><v>9</v></c><c t="inlineStr"><is><t>x</t></is></c>`, ""},
		{"inline", `<c t="inlineStr"><is><r><t>de</t></r><r><t>ux</t></r></is></c>`, "deux"},
		{"CDATA", `<c t="inlineStr"><is><t><![CDATA[<b>]]></t></is></c>`, "<b>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := `<row r="1"><c r="A1" t="inlineStr"><is><t>nom</t></is></c><c t="inlineStr"><is><t>autre</t></is></c></row>` +
				`<row>` + c.cell + `</row><row r="9"/><row r="1048576"><c r="XFD1048576" s="1"/></row>`
			_, _, got, err := readAll(t, sheetXLSX(t, rows), "f.xlsx", Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || strings.SplitN(got[0], "|", 2)[0] != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestOpen_choosesASheet(t *testing.T) {
	data := fixture(t, "any_sheets.xlsx")
	r, _, _, err := readAll(t, data, "f.xlsx", Options{})
	if err != nil || r.Sheet != "Visible" || len(r.Sheets) != 3 || !r.Sheets[2].Hidden {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, _, _, err = readAll(t, data, "f.xlsx", Options{Sheet: "hidden"}); !fault.Is(err, "tabular.empty_sheet") {
		t.Errorf("got %v, want tabular.empty_sheet", err)
	}
	if _, _, _, err = readAll(t, data, "f.xlsx", Options{Sheet: "Absente"}); !fault.Is(err, "tabular.no_sheet") {
		t.Errorf("got %v, want tabular.no_sheet", err)
	}
	if _, _, _, err = readAll(t, sheetXLSX(t, `<row r="5"><c r="A5" s="1"/></row>`), "f.xlsx", Options{}); !fault.Is(err, "tabular.empty_sheet") {
		t.Errorf("got %v, want tabular.empty_sheet", err)
	}
}

func TestOpen_readsRealWorkbooks(t *testing.T) {
	for _, c := range []struct {
		file    string
		header  int
		columns int
		rows    int
		first   string // how the first row starts
	}{
		{"excel-1904-epoch.xlsx", 1, 2, 2, "alpha|2024-01-15"},
		{"aube.xlsx", 2, 14, 7, "Conseil départemental de l’Aube|22100005200011|2017-11-16|"},
		{"table-with-ints-floats-dates.ods", 1, 4, 3, "2013|3.3|2009-08-16|2009-08-16T05:43:21"},
		{"somme_20180302_bom_cp1252.csv", 1, 13, 41, ""},
		{"ban_short.csv", 1, 26, 9, ""},
	} {
		r, columns, rows, err := readAll(t, fixture(t, c.file), c.file, Options{})
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if r.HeaderRow != c.header || len(columns) != c.columns || len(rows) != c.rows || !strings.HasPrefix(rows[0], c.first) {
			t.Errorf("%s: got header %d, %d columns, %d rows, %q", c.file, r.HeaderRow, len(columns), len(rows), rows[0])
		}
	}
}

func TestOpen_refusesInPlainWords(t *testing.T) {
	small := Limits{CellBytes: 100, Columns: 10, Cells: 50, Bytes: 1 << 20}
	bomb := string(gzipped(strings.Repeat("0", 40<<20)))
	sheetBomb := string(sheetXLSX(t, strings.Repeat(`<row><c><v>1</v></c></row>`, 1<<20)))
	for _, c := range []struct {
		name, data string
		limits     Limits
		want       string
	}{
		{"nothing", "", Limits{}, "tabular.empty"},
		{"an empty gzip", string(gzipped("")), Limits{}, "tabular.empty"},
		{"blank lines", "\n\n  \n;;\n", Limits{}, "tabular.no_rows"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", Limits{}, "tabular.unsupported"},
		{"a program", "a;b\n\x00\x01\x02\x03\x00\x00", Limits{}, "tabular.binary"},
		{"controls", "abc\x01\x02\x03def", Limits{}, "tabular.binary"},
		{"a web page", "<!DOCTYPE html><html>", Limits{}, "tabular.unsupported"},
		{"an encrypted workbook", string(fixture(t, "password-protected-password123.xlsx")), Limits{}, "tabular.password"},
		{"an encrypted ODS", string(fixture(t, "password-protected-password123.ods")), Limits{}, "tabular.password"},
		{"a Word document", string(zipped(t, map[string]string{"word/document.xml": "<x/>"})), Limits{}, "tabular.unsupported"},
		{"a cut workbook", string(fixture(t, "aube.xlsx")[:5000]), Limits{}, "tabular.broken"},
		{"a cut gzip", string(gzipped(strings.Repeat("a;b\n", 5000))[:40]), Limits{}, "tabular.broken"},
		{"a cut sheet", string(sheetXLSX(t, `<row><c><v>1</v></c></row><row><c`)), Limits{}, "tabular.broken"},
		{"too heavy", strings.Repeat("a;b\n", 1<<19), small, "tabular.too_many_bytes"},
		{"too many columns", strings.Repeat("a;", 20) + "\n1;2\n", small, "tabular.too_many_columns"},
		{"too many cells", strings.Repeat("a;b\n", 40), small, "tabular.too_many_cells"},
		{"a huge cell", "a;b\n" + strings.Repeat("x", 200) + ";1\n", small, "tabular.cell_too_large"},
		{"a huge quoted cell", "a;b\n\"" + strings.Repeat("x\n", 2000), small, "tabular.cell_too_large"},
		{"a huge line", strings.Repeat("x", 1<<20), Limits{CellBytes: 1000}, "tabular.cell_too_large"},
		{"a gzip bomb", bomb, Limits{}, "tabular.expands_too_much"},
		{"a workbook bomb", sheetBomb, Limits{}, "tabular.expands_too_much"},
		{"a workbook of many columns", string(sheetXLSX(t, `<row><c r="ZZ1"><v>1</v></c></row>`)), small, "tabular.too_many_columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			_, _, _, err := readAll(t, []byte(c.data), "f.csv", Options{Limits: c.limits})
			if !fault.Is(err, c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

// The guard compares what came out with what went in so far: the size of the file must not buy a bomb any time.
func TestOpen_refusesALargeBombByItsFirstMegabytes(t *testing.T) {
	noise := make([]byte, 8<<20)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(random.UintN(256))
	}
	parts := sheetParts(strings.Repeat(`<row><c><v>1</v></c></row>`, 1<<20))
	parts["xl/media/image1.png"] = string(noise)
	for name, data := range map[string][]byte{
		"a workbook with pictures": zipped(t, parts),
		"a zipped text":            zipped(t, map[string]string{"a.csv": strings.Repeat("1\n", 20<<20)}),
		"a gzip":                   gzipped(strings.Repeat("1\n", 20<<20)),
	} {
		_, _, rows, err := readAll(t, data, "f", Options{})
		if !fault.Is(err, "tabular.expands_too_much") {
			t.Errorf("%s of %d bytes: got %d rows, %v, want tabular.expands_too_much", name, len(data), len(rows), err)
		}
	}
}

func TestOpen_readsAMillionRowsThatAreAllAlike(t *testing.T) {
	const million = 1_000_000
	for name, data := range map[string][]byte{
		"a.csv.gz": gzipped(strings.Repeat("Valmoret;mairie;oui;12,5\n", million)),
		"a.zip":    zipped(t, map[string]string{"a.csv": strings.Repeat("Valmoret;mairie;oui;12,5\n", million)}),
		"a.xlsx":   alikeXLSX(t, million),
	} {
		table, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{})
		if err != nil {
			t.Fatalf("%s of %d bytes: %v", name, len(data), err)
		}
		n := 0
		for ; err == nil; n++ {
			_, err = table.Next()
		}
		if err != io.EOF || n < million-1 {
			t.Errorf("%s of %d bytes: got %d rows, %v", name, len(data), n, err)
		}
	}
}

// alikeXLSX is a workbook as we write it, of rows that are all alike.
func alikeXLSX(t *testing.T, rows int) []byte {
	t.Helper()
	var b strings.Builder
	for i := range rows {
		n := strconv.Itoa(i + 1)
		b.WriteString(`<row r="` + n + `"><c r="A` + n + `" t="s"><v>0</v></c><c r="B` + n + `" t="s"><v>0</v></c><c r="C` + n + `"><v>12.5</v></c><c r="D` + n + `"><v>1</v></c></row>`)
	}
	return sheetXLSX(t, b.String())
}

func TestOpen_boundsAQuoteThatSwallowsAHugeFile(t *testing.T) {
	data := []byte("a;b\n1;2\n\"x;3\n" + strings.Repeat("y;4\n", 1<<20))
	_, _, _, err := readAll(t, data, "f.csv", Options{})
	if !fault.Is(err, "tabular.cell_too_large") || !strings.Contains(err.Error(), "[3 1 ") {
		t.Errorf("got %v, want tabular.cell_too_large at row 3, column 1", err)
	}
}

func TestODS_countsRepeatedRowsAndColumns(t *testing.T) {
	data := zipped(t, map[string]string{
		"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
		"content.xml": `<office:document-content><office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>` +
			`<table:table table:name="Vide"/><table:table table:name="Cachée" table:style-name="ta2"><table:table-row><table:table-cell><text:p>h</text:p></table:table-cell></table:table-row></table:table>` +
			`<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>nom</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>n<text:s text:c="2"/>x</text:p></table:table-cell></table:table-row>` +
			`<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>` +
			`<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.50"><office:annotation><text:p>note</text:p></office:annotation><text:p>1,5</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row>` +
			`<table:table-row><table:table-cell office:value-type="time" office:time-value="PT10H30M00S"/><table:covered-table-cell><text:p>a</text:p><text:p>b</text:p></table:covered-table-cell></table:table-row>` +
			`<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table></office:document-content>`,
	})
	table, err := Open(bytes.NewReader(data), int64(len(data)), "f.ods", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r := table.Reading(); r.Sheet != "S" || !r.Sheets[1].Hidden || table.Columns()[1] != "n  x" {
		t.Errorf("got %+v %q", r, table.Columns())
	}
	var got []string
	var numbers []int
	for {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join(row.Cells, "|"))
		numbers = append(numbers, row.Number)
	}
	if want := []string{"1.5|1.5", "1.5|1.5", "10:30:00|a\nb"}; !slices.Equal(got, want) || !slices.Equal(numbers, []int{5, 6, 7}) {
		t.Errorf("got %q at %v, want %q at 5, 6, 7", got, numbers, want)
	}
}

func TestByWorth(t *testing.T) {
	sheet := func(name string, hidden bool, bytes int64) sheetFile {
		return sheetFile{Sheet: Sheet{Name: name, Hidden: hidden}, bytes: bytes}
	}
	for _, tc := range []struct {
		name           string
		sheets         []sheetFile
		first, covered string
	}{
		{"the first, when sizes are alike", []sheetFile{sheet("a", false, 900), sheet("b", false, 1000)}, "a", ""},
		{"the one that dwarfs a cover", []sheetFile{sheet("read me", false, 1000), sheet("data", false, 50_000)}, "data", "read me"},
		{"never a hidden one", []sheetFile{sheet("a", false, 1000), sheet("lists", true, 90_000)}, "a", ""},
		{"a hidden first sheet covers nothing", []sheetFile{sheet("h", true, 10), sheet("a", false, 900), sheet("b", false, 1000)}, "h", ""},
		{"the largest after a notice", []sheetFile{sheet("Résumé de l’exportation", false, 900), sheet("Légende", false, 2000), sheet("a", false, 300), sheet("b", false, 400)}, "b", "Résumé de l’exportation"},
		{"the one after a notice, sizes not known", []sheetFile{sheet("LISEZ_MOI", false, 0), sheet("a", false, 0)}, "a", "LISEZ_MOI"},
		{"a notice alone", []sheetFile{sheet("Notice", false, 900), sheet("lists", true, 900)}, "Notice", ""},
		{"words that only begin alike", []sheetFile{sheet("Aides 2024", false, 900), sheet("Infosport", false, 900), sheet("b", false, 1000)}, "Aides 2024", ""},
		{"sizes not known", []sheetFile{sheet("a", false, 0), sheet("b", false, 0)}, "a", ""},
	} {
		order, covered := byWorth(tc.sheets)
		if order[0].Name != tc.first || covered != tc.covered || len(order) != len(tc.sheets) {
			t.Errorf("%s: got %s covering %q of %d, want %s covering %q", tc.name, order[0].Name, covered, len(order), tc.first, tc.covered)
		}
	}
}
