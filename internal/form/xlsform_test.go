package form_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/form"
)

// everything asks for a thing of each kind, with its limits and conditions.
func everything(t testing.TB) form.Form {
	t.Helper()
	f := form.New("Demande d’aide")
	f.Version = 3
	for _, b := range []form.Block{
		{Kind: form.Explanation, Label: "À savoir", Hint: "Comptez dix minutes."},
		{Kind: form.Heading, Label: "Vous", Hint: "Qui demande"},
		{Kind: form.Line, Label: "Nom", Required: true, About: true, Purpose: "vous répondre", Retention: 24, Min: "2", Max: "80"},
		{Kind: form.Email, Label: "Courriel", Purpose: "vous écrire", Retention: 12},
		{Kind: form.Phone, Label: "Téléphone", Purpose: "vous appeler", Retention: 12},
		{Kind: form.Address, Label: "Adresse", Purpose: "vous trouver", Retention: 12},
		{Kind: form.Commune, Label: "Commune"},
		{Kind: form.One, Label: "Statut", Options: []string{"Association", "Commune", "Autre cas"}, Required: true},
		{Kind: form.LongText, Label: "Lequel ?", Max: "500", When: &form.Condition{Block: "statut", Value: "Autre cas"}},
		{Kind: form.Heading, Label: "La demande"},
		{Kind: form.Many, Label: "Domaines", Options: []string{"Sport", "Culture"}, Min: "1", Max: "2"},
		{Kind: form.Line, Label: "Quel sport ?", When: &form.Condition{Block: "domaines", Value: "Sport", Not: true}},
		{Kind: form.Date, Label: "Début", Min: "2026-01-01", Max: "2026-12-31"},
		{Kind: form.Point, Label: "Lieu"},
		{Kind: form.File, Label: "Statuts signés", Max: "2", Purpose: "instruire", Retention: 24},
		{Kind: form.Photo, Label: "Photo", Purpose: "instruire", Retention: 6},
		{Kind: form.Repeat, Label: "Dépense", Hint: "Une par poste", Min: "1", Max: "8"},
		{Kind: form.Line, Label: "Poste", Required: true, Within: "depense"},
		{Kind: form.Number, Label: "Prix", Min: "0", Max: "1000.5", Within: "depense"},
		{Kind: form.Computed, Label: "Avec TVA", Formula: "ARRONDI([Prix]*1,2;2)", Within: "depense"},
		{Kind: form.Computed, Label: "Total", Formula: `SI([depense]>1;[Avec TVA]/2;[Avec TVA])`},
		{Kind: form.Computed, Label: "Sigle", Formula: `MAJUSCULE([Commune])`},
		{Kind: form.Number, Label: "Aide", When: &form.Condition{Block: "debut"}},
		{Kind: form.Line, Label: "Sinon", When: &form.Condition{Block: "aide", Not: true}},
	} {
		_, err := f.Put(b)
		if err != nil {
			t.Fatalf("%s: %v", b.Label, err)
		}
	}
	return f
}

func TestXLSForm_comesBackAsItLeft(t *testing.T) {
	f := everything(t)
	var b bytes.Buffer
	told, err := form.WriteXLSForm(&b, f)
	ok(t, err)
	if len(told) != 1 || told[0].Key != "form.xls_formula" || told[0].Args[0] != "Sigle" {
		t.Errorf("going out: got %+v", told)
	}
	if path := os.Getenv("XLSFORM_OUT"); path != "" { // to have another tool judge it, see testdata/xlsform/SOURCES.md
		ok(t, os.WriteFile(path, b.Bytes(), 0o600))
	}
	back, told, err := form.ReadXLSForm(bytes.NewReader(b.Bytes()), int64(b.Len()), "f.xlsx")
	ok(t, err)
	if len(told) != 0 {
		t.Errorf("coming back: got %+v", told)
	}
	if back.Title != f.Title || len(back.Blocks) != len(f.Blocks) {
		t.Fatalf("got %q, %d blocks, want %d", back.Title, len(back.Blocks), len(f.Blocks))
	}
	for i, want := range f.Blocks {
		if got := back.Blocks[i]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v %+v\nwant %+v %+v", want.Label, got, got.When, want, want.When)
		}
	}
}

// judged is what pyxform understood of the workbook of [everything]: an XForm.
type judged struct {
	Binds []struct {
		Nodeset    string `xml:"nodeset,attr"`
		Type       string `xml:"type,attr"`
		Required   string `xml:"required,attr"`
		Relevant   string `xml:"relevant,attr"`
		Constraint string `xml:"constraint,attr"`
		Calculate  string `xml:"calculate,attr"`
	} `xml:"head>model>bind"`
}

func TestXLSForm_isUnderstoodByAnotherTool(t *testing.T) {
	raw, err := os.ReadFile("testdata/xlsform/exported.xml")
	ok(t, err)
	var x judged
	ok(t, xml.Unmarshal(raw, &x))
	got := map[string]string{}
	for _, b := range x.Binds {
		got[b.Nodeset[strings.LastIndexByte(b.Nodeset, '/')+1:]] = strings.Join([]string{b.Type, b.Required, b.Relevant, b.Constraint, b.Calculate}, "|")
	}
	for name, want := range map[string]string{
		"nom": "string|true()||string-length(.) >= 2 and string-length(.) <= 80|", "statut": "string|true()|||", "lieu": "geopoint||||", "statuts_signes": "binary||||", "photo": "binary||||",
		"debut": "date|||. >= date('2026-01-01') and . <= date('2026-12-31')|", "prix": "decimal|||. >= 0 and . <= 1000.5|",
		"domaines": "string|||count-selected(.) >= 1 and count-selected(.) <= 2|"} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	for name, part := range map[string]string{"lequel": "selected(", "quel_sport": "not(selected(", "avec_tva": "round(coalesce(", "total": "count(", "aide": "!= ''", "sinon": "= ''"} {
		if !strings.Contains(got[name], part) {
			t.Errorf("%s: got %q, lacks %q", name, got[name], part)
		}
	}
	// What was judged is what is written today.
	var b bytes.Buffer
	_, err = form.WriteXLSForm(&b, everything(t))
	ok(t, err)
	kept, err := os.ReadFile("testdata/xlsform/exported.xlsx")
	ok(t, err)
	if a, c := unzipped(t, b.Bytes()), unzipped(t, kept); !reflect.DeepEqual(a, c) {
		t.Error("the workbook has changed since pyxform judged it: see testdata/xlsform/SOURCES.md")
	}
}

func TestXLSForm_ofAnotherToolIsReadRowByRow(t *testing.T) {
	raw, err := os.ReadFile("testdata/xlsform/survey.xlsx")
	ok(t, err)
	f, told, err := form.ReadXLSForm(bytes.NewReader(raw), int64(len(raw)), "survey.xlsx")
	ok(t, err)
	var said []string
	for _, one := range told {
		said = append(said, strings.TrimPrefix(one.Key, "form.")+" "+string(rune('0'+one.Row/10))+string(rune('0'+one.Row%10)))
	}
	if got := strings.Join(said, ", "); got != "xls_meta 02, xls_integer 05, xls_column 06, xls_type 09, xls_or_other 12, xls_list 13, formula_bad 15, no_formula 16, xls_inside 20, xls_inside 21, xls_column 24" {
		t.Errorf("got %s", got)
	}
	var names []string
	for _, b := range f.Blocks {
		names = append(names, b.Name+":"+string(b.Kind))
	}
	t.Log(names, f.Title)
}

func TestReadXLSForm_refusesWhatIsNone(t *testing.T) {
	if _, _, err := form.ReadXLSForm(strings.NewReader("a,b\n1,2\n"), 8, "a.csv"); !fault.Is(err, "form.xls_no_survey") {
		t.Errorf("a CSV: got %v", err)
	}
}

func FuzzReadXLSForm(f *testing.F) {
	var b bytes.Buffer
	_, err := form.WriteXLSForm(&b, everything(f))
	ok(f, err)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, _, err := form.ReadXLSForm(bytes.NewReader(raw), int64(len(raw)), "f.xlsx")
		if err == nil && len(got.Blocks) > form.BlocksMost {
			t.Errorf("%d blocks", len(got.Blocks))
		}
	})
}

// unzipped is the parts of an archive, without their times.
func unzipped(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	z, err := zipReader(raw)
	ok(t, err)
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		ok(t, err)
		text, err := io.ReadAll(in)
		ok(t, err)
		ok(t, in.Close())
		out[f.Name] = string(text)
	}
	return out
}

func zipReader(raw []byte) (*zip.Reader, error) {
	return zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
}
