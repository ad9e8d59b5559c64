package catalogue

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/*.golden again")

func sampleSite() Site {
	return Site{Base: "https://donnees.exemple.fr", Title: "Données de Villeneuve", Description: "Le catalogue de la ville : \"tout\" y est.",
		Language: "fr", Publisher: Publisher{Name: "Ville de Villeneuve", Homepage: "https://www.exemple.fr/", Email: "donnees@exemple.fr"},
		Spatial: Spatial{Name: "Villeneuve-d’Ascq", Code: "59009", Kind: "commune"}, Issued: today.AddDate(-1, 0, 0), Modified: today,
		Address: func(r Record) string { return "/catalogue/" + r.Slug }}
}

// samples are records as different as they come, from the barest to the fullest, with texts that try to escape.
func samples() []Record {
	full := Record{ID: "01full", Organisation: "org", Author: "ada", Owner: "Ada Personne", ServiceName: "Espaces verts & cadre de vie",
		Slug: "arbres-remarquables", Title: "Arbres « remarquables » <b>& autres</b> – Villeneuve-d’Ascq – 2024",
		Description: "Une ligne par arbre.\n\nHauteur en mètres, \"mesurée\" au\tlaser ; chemin C:\\arbres.\r\nFin.", Purpose: "Suivre les abattages.",
		Limits: "Jardins privés absents.", Origin: "Relevé de terrain, printemps 2024.", Contact: "espaces-verts@exemple.fr",
		Keywords: []string{"arbres", "espaces verts", "100 % nature", "]]>"}, Themes: []Theme{"ENVI", "REGI"},
		Spatial:  Spatial{Name: "Villeneuve-d’Ascq", Code: "59009", Kind: "commune", BBox: &BBox{3.11, 50.59, 3.2, 50.68}},
		Temporal: Temporal{"2023-04", "2024"}, Frequency: "ANNUAL", LastUpdate: today.AddDate(0, -2, 0), Confidentiality: Open,
		Licence: "etalab-2.0", Language: "fr", HVD: "c_dd313021", Columns: []Column{{Name: "haut_m", Title: "Hauteur", Description: "En mètres"}},
		Schema: Schema{Name: "exemple/arbres", Title: "Arbres d’alignement", URI: "https://schema.data.gouv.fr/schemas/exemple/arbres/latest/schema.json"},
		Resources: []Resource{
			{ID: "csv", Title: "arbres.csv", Description: "Le fichier, en UTF-8.", Type: Main, Format: "csv", Bytes: 123456, Rows: 987,
				URL: "/f/arbres remarquables (été).csv?a=1&b=\"2\"", Available: true, Modified: today},
			{ID: "geo", Title: "arbres.geojson", Type: Main, Format: "geojson", URL: "https://donnees.exemple.fr/f/arbres.geojson", Available: true},
			{ID: "api", Title: "Interroger les arbres", Type: API, Format: "json", URL: "/api/arbres", Available: true},
			{ID: "doc", Title: "Notice", Description: "Comment l’arbre est mesuré", Type: Documentation, Format: "pdf", URL: "/f/notice.pdf", Available: true},
			{ID: "odd/one?", Title: "Format inconnu", Type: Other, Format: "dwg", MediaType: "image/vnd.dwg; version=\"1\"", URL: "/f/x.dwg"},
		}}
	minimal := Record{ID: "02minimal", Organisation: "org", Slug: "minimal", Title: "Minimal"}
	english := Record{ID: "03english", Organisation: "org", Slug: "english", Title: "Bus stops", Description: "One row per stop.", Language: "en",
		Licence: "odbl-1.0", Frequency: "UPDATE_CONT", Contact: "transport@exemple.fr", Themes: []Theme{"TRAN"}, Temporal: Temporal{End: "2024-02-29"},
		Spatial:   Spatial{Name: "Nord", Code: "59", Kind: "departement"},
		Resources: []Resource{{ID: "1", Title: "stops", Type: Main, Format: "zip", URL: "http://[::1]/bad", Available: true}, {ID: "2", Format: "parquet", URL: "/stops.parquet"}}}
	hostile := Record{ID: "04hostile", Organisation: "org", Slug: "é/../\"<>", Title: "\x00\x0bTitre\u2028\ufffe\xff </script> ${x} \\u0041",
		Description: "ligne 1\r\rligne 2\n\t“fin” 👩‍🌾 \\", Keywords: []string{"", " ", "a\"b\\c\nd", "😀"}, Contact: "a b@exemple.fr",
		Origin: "\u0085\u00a0", Licence: "nowhere", Frequency: "SOMETIMES", Themes: nil, Temporal: Temporal{"hier", "demain"},
		Spatial:   Spatial{Name: "Ailleurs", Code: "??", BBox: &BBox{10, 10, -10, -10}},
		Schema:    Schema{Name: "x", URI: "javascript:alert(1)"},
		Resources: []Resource{{URL: "javascript:alert(1)"}, {URL: "https://exemple.fr/a b#c#d%zz<>{}|^`\\[]", Format: "c s/v", Title: "T\x1f"}}}
	var list []Record
	for i, r := range []Record{full, minimal, english, hostile} {
		r.State = StatePublished
		r.Created = today.AddDate(0, 0, -90+i)
		r.Published = &Snapshot{Record: r.Clone(), First: today.AddDate(0, 0, -60), At: today.AddDate(0, 0, -i), By: "sam", Number: i + 1}
		r.Title = "EDITED SINCE " + r.Title
		list = append(list, r)
	}
	return append(list, Record{ID: "05draft", Organisation: "org", Slug: "draft", Title: "SECRET DRAFT"})
}

func samplePart() Part {
	return Part{Number: 2, PerPage: 4, Total: 10, Address: func(n int) string { return fmt.Sprintf("/catalogue.ttl?page=%d&per=4", n) }}
}

var writers = map[string]func(*Graph, io.Writer) error{
	"ttl": (*Graph).WriteTurtle, "rdf": (*Graph).WriteRDFXML, "jsonld": (*Graph).WriteJSONLD,
}

// The golden files are also what a test outside Go judges: SHACL shapes of DCAT-AP and equality after canonicalisation.
func TestGraph_golden(t *testing.T) {
	s := samples()
	graphs := map[string]*Graph{
		"catalogue": sampleSite().Graph(s, samplePart()), "record": sampleSite().RecordGraph(s[0]), "minimal": sampleSite().RecordGraph(s[1]),
		"empty": Site{Base: "http://localhost:8080", Title: "Vide", Address: sampleSite().Address}.Graph(nil, Part{}),
	}
	for name, g := range graphs {
		for ext, write := range writers {
			var b bytes.Buffer
			if err := write(g, &b); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+"."+ext+".golden")
			if *update {
				if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s differs: run go test -run golden -update and look at the difference", path)
			}
		}
	}
}

func TestGraph_writesNothingUnpublishedAndNobody(t *testing.T) {
	for ext, write := range writers {
		var b bytes.Buffer
		if err := write(sampleSite().Graph(samples(), samplePart()), &b); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"SECRET", "EDITED SINCE", "Ada", "\"ada\"", "javascript:"} {
			if strings.Contains(b.String(), secret) {
				t.Errorf("%s contains %q", ext, secret)
			}
		}
	}
}

func TestGraph_pagesAsHarvestersFollow(t *testing.T) {
	for _, c := range []struct {
		number, total int
		want          string
	}{
		{1, 0, "first=1 last=1"}, {1, 4, "first=1 last=1"}, {1, 5, "first=1 last=2 next=2"},
		{2, 9, "first=1 last=3 next=3 previous=1"}, {3, 9, "first=1 last=3 previous=2"},
	} {
		g := sampleSite().Graph(nil, Part{c.number, 4, c.total, func(n int) string { return fmt.Sprintf("/c?page=%d", n) }})
		got := map[string]string{}
		for _, tr := range g.Triples() {
			if local, ok := strings.CutPrefix(tr.Predicate, "http://www.w3.org/ns/hydra/core#"); ok && tr.Subject != "https://donnees.exemple.fr/#catalogue" {
				got[local] = tr.Object.IRI[strings.Index(tr.Object.IRI, "=")+1:]
			}
		}
		var parts []string
		for _, k := range []string{"first", "last", "next", "previous"} {
			if got[k] != "" {
				parts = append(parts, k+"="+got[k])
			}
		}
		if s := strings.Join(parts, " "); s != c.want {
			t.Errorf("page %d of %d records: %q, want %q", c.number, c.total, s, c.want)
		}
	}
}

func TestSchemaOrg_isSafeInAPage(t *testing.T) {
	for _, r := range samples()[:4] {
		doc, ok := sampleSite().SchemaOrg(r)
		if !ok {
			t.Fatalf("%s: not published", r.ID)
		}
		if bytes.ContainsAny(doc, "<>&") {
			t.Errorf("%s: raw <, > or & in %s", r.ID, doc)
		}
		var m map[string]any
		if err := json.Unmarshal(doc, &m); err != nil || m["@type"] != "Dataset" || m["name"] == "" {
			t.Errorf("%s: %v %v", r.ID, err, m)
		}
	}
	if _, ok := sampleSite().SchemaOrg(samples()[4]); ok {
		t.Error("a draft has a public description")
	}
}

func TestCleanIRI(t *testing.T) {
	for in, want := range map[string]string{
		"https://exemple.fr/été 1.csv": "https://exemple.fr/%C3%A9t%C3%A9%201.csv", "HTTP://a/b": "http://a/b",
		"javascript:alert(1)": "", "/relative": "", "https://": "", "https:///x": "", "": "", "mailto:a@b.fr": "mailto:a@b.fr",
		"https://a/%41%4": "https://a/%41%254", "https://a/#b#c": "https://a/#b%23c", "urn:uuid:1": "urn:uuid:1",
		"https://a/<\">": "https://a/%3C%22%3E", "ftp://a/b": "",
		"https://a/b/../c/./d/..": "https://a/c/", "https://a/../x?q=/../y": "https://a/x?q=/../y", "https://a/.well-known/x": "https://a/.well-known/x",
	} {
		if got := cleanIRI(in); got != want {
			t.Errorf("cleanIRI(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzSerialise checks that whatever is in a text, the XML and the JSON give it back, alike, and Turtle stays on its line.
func FuzzSerialise(f *testing.F) {
	for _, r := range samples() {
		f.Add(r.Title, r.Description, r.Slug, "fr")
	}
	f.Add("a\rb", "\"\\", "https://a/\x00", "FR-x")
	f.Fuzz(func(t *testing.T, title, text, iri, lang string) {
		g := &Graph{}
		s := "http://a/" + "s"
		g.Add(s, name("dct:title"), LangLiteral(title, lang))
		g.Add(s, name("dct:description"), Literal(text))
		g.Add(s, name("foaf:page"), Ref("https://a/"+iri))
		var x, j, ttl bytes.Buffer
		if g.WriteRDFXML(&x) != nil || g.WriteJSONLD(&j) != nil || g.WriteTurtle(&ttl) != nil {
			t.Fatal("a buffer refused")
		}
		var fromXML []string
		d := xml.NewDecoder(&x)
		depth, chars := 0, ""
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("XML: %v", err)
			}
			switch v := token.(type) {
			case xml.StartElement:
				depth, chars = depth+1, ""
				for _, a := range v.Attr {
					if a.Name.Local == "resource" {
						chars = a.Value
					}
				}
			case xml.CharData:
				chars += string(v)
			case xml.EndElement:
				if depth == 3 {
					fromXML = append(fromXML, chars)
				}
				depth, chars = depth-1, ""
			}
		}
		var doc struct {
			Graph []map[string]json.RawMessage `json:"@graph"`
		}
		if err := json.Unmarshal(j.Bytes(), &doc); err != nil {
			t.Fatalf("JSON: %v", err)
		}
		var fromJSON []string
		for _, tr := range g.Triples() {
			var values []map[string]string
			if err := json.Unmarshal(doc.Graph[0][jsonName(tr.Predicate)], &values); err != nil {
				t.Fatal(err)
			}
			fromJSON = append(fromJSON, values[0]["@value"]+values[0]["@id"])
		}
		if strings.Join(fromXML, "\x00") != strings.Join(fromJSON, "\x00") {
			t.Errorf("XML says %q, JSON says %q", fromXML, fromJSON)
		}
		if lines := strings.Count(ttl.String(), "\n"); len(g.Triples()) > 0 && lines != len(prefixes)+1+len(g.Triples()) {
			t.Errorf("Turtle has %d lines:\n%s", lines, ttl.String())
		}
	})
}

func TestDate(t *testing.T) {
	for d, want := range map[Date]string{"2024": "2024-01-01 2024-12-31", "2024-02": "2024-02-01 2024-02-29", "2024-02-30": "", "hier": "", "": "", "2023-05-06": "2023-05-06 2023-05-06"} {
		first, ok := d.First()
		last, _ := d.Last()
		got := ""
		if ok {
			got = first.Format(time.DateOnly) + " " + last.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", d, got, want)
		}
	}
}
