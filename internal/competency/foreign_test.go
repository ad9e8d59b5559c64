package competency

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// theirCASE is a package as another program writes them: fields this room has no word for, siblings numbered from the end, a link
// between two items, a rubric, an item in two places.
const theirCASE = `{
 "CFDocument": {"identifier": "11111111-1111-4111-8111-111111111111", "uri": "https://cadres.example/uri/11111111-1111-4111-8111-111111111111", "creator": "Somebody Else",
  "title": "Digital skills", "language": "en", "caseVersion": "1.1", "adoptionStatus": "Draft", "subject": ["ICT"], "frameworkType": "skills", "lastChangeDateTime": "2025-02-03T04:05:06Z"},
 "CFItems": [
  {"identifier": "22222222-2222-4222-8222-222222222222", "uri": "https://cadres.example/uri/22222222-2222-4222-8222-222222222222", "fullStatement": "Information", "CFItemType": "Area", "humanCodingScheme": "1", "lastChangeDateTime": "2025-02-03T04:05:06Z"},
  {"identifier": "33333333-3333-4333-8333-333333333333", "uri": "https://cadres.example/uri/33333333-3333-4333-8333-333333333333", "fullStatement": "Evaluate data", "abbreviatedStatement": "Evaluate", "educationLevel": ["09", "10"], "notes": "From the workshop.", "humanCodingScheme": "1.2", "lastChangeDateTime": "2025-02-03T04:05:06Z", "extensions": {"other": {"x": 1}}},
  {"identifier": "44444444-4444-4444-8444-444444444444", "uri": "https://cadres.example/uri/44444444-4444-4444-8444-444444444444", "fullStatement": "Browse data", "humanCodingScheme": "1.1", "lastChangeDateTime": "2025-02-03T04:05:06Z"}],
 "CFAssociations": [
  {"identifier": "a1111111-1111-4111-8111-111111111111", "uri": "https://cadres.example/a/1", "associationType": "isChildOf", "sequenceNumber": 1, "lastChangeDateTime": "2025-02-03T04:05:06Z",
   "originNodeURI": {"title": "1", "identifier": "22222222-2222-4222-8222-222222222222", "uri": "https://cadres.example/uri/22222222-2222-4222-8222-222222222222"},
   "destinationNodeURI": {"title": "Digital skills", "identifier": "11111111-1111-4111-8111-111111111111", "uri": "https://cadres.example/uri/11111111-1111-4111-8111-111111111111"}},
  {"identifier": "a2222222-1111-4111-8111-111111111111", "uri": "https://cadres.example/a/2", "associationType": "isChildOf", "sequenceNumber": 20, "lastChangeDateTime": "2025-02-03T04:05:06Z",
   "originNodeURI": {"title": "1.2", "identifier": "33333333-3333-4333-8333-333333333333", "uri": "https://cadres.example/uri/33333333-3333-4333-8333-333333333333"},
   "destinationNodeURI": {"title": "1", "identifier": "22222222-2222-4222-8222-222222222222", "uri": "https://cadres.example/uri/22222222-2222-4222-8222-222222222222"}},
  {"identifier": "a3333333-1111-4111-8111-111111111111", "uri": "https://cadres.example/a/3", "associationType": "isChildOf", "sequenceNumber": 10, "lastChangeDateTime": "2025-02-03T04:05:06Z",
   "originNodeURI": {"title": "1.1", "identifier": "44444444-4444-4444-8444-444444444444", "uri": "https://cadres.example/uri/44444444-4444-4444-8444-444444444444"},
   "destinationNodeURI": {"title": "1", "identifier": "22222222-2222-4222-8222-222222222222", "uri": "https://cadres.example/uri/22222222-2222-4222-8222-222222222222"}},
  {"identifier": "a4444444-1111-4111-8111-111111111111", "uri": "https://cadres.example/a/4", "associationType": "precedes", "lastChangeDateTime": "2025-02-03T04:05:06Z",
   "originNodeURI": {"title": "1.1", "identifier": "44444444-4444-4444-8444-444444444444", "uri": "https://cadres.example/uri/44444444-4444-4444-8444-444444444444"},
   "destinationNodeURI": {"title": "1.2", "identifier": "33333333-3333-4333-8333-333333333333", "uri": "https://cadres.example/uri/33333333-3333-4333-8333-333333333333"}},
  {"identifier": "a5555555-1111-4111-8111-111111111111", "uri": "https://cadres.example/a/5", "associationType": "exactMatchOf", "lastChangeDateTime": "2025-02-03T04:05:06Z", "notes": "as drawn in 2025",
   "originNodeURI": {"title": "1.2", "identifier": "33333333-3333-4333-8333-333333333333", "uri": "https://cadres.example/uri/33333333-3333-4333-8333-333333333333"},
   "destinationNodeURI": {"title": "Evaluating data", "identifier": "DC-1.2", "uri": "https://ailleurs.example/digcomp/evaluating"}}],
 "CFDefinitions": {"CFSubjects": [{"identifier": "c1111111-1111-4111-8111-111111111111", "uri": "https://cadres.example/s/1", "title": "ICT", "hierarchyCode": "1", "lastChangeDateTime": "2025-02-03T04:05:06Z"}]},
 "CFRubrics": [{"identifier": "b1111111-1111-4111-8111-111111111111", "uri": "https://cadres.example/r/1", "title": "Grid", "lastChangeDateTime": "2025-02-03T04:05:06Z"}]
}`

// sorted puts the lists of a package in the order of their identifiers: CASE gives lists no order of their own.
func sorted(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"CFItems", "CFAssociations"} {
		list := v[name].([]any)
		slices.SortFunc(list, func(a, b any) int {
			return strings.Compare(a.(map[string]any)["identifier"].(string), b.(map[string]any)["identifier"].(string))
		})
	}
	return v
}

func TestReadCASE_ofSomebodyElseLeavesAsItCame(t *testing.T) {
	f, arrival, _, err := here.Read([]byte(theirCASE), "theirs.json", noon, tabular.Reader{})
	if err != nil {
		t.Fatal(err)
	}
	if got := codes(f); !slices.Equal(got, []string{"1", "1.1", "1.2"}) || f.Items[0].Kind != Family || f.Items[1].Kind != Competence {
		t.Errorf("got %v, want the order of their numbers", got)
	}
	evaluate := f.Items[2]
	if evaluate.Description["en"] != "From the workshop." || len(evaluate.Alignments) != 1 || evaluate.Alignments[0].Match != Exact || evaluate.Alignments[0].Code != "DC-1.2" {
		t.Errorf("got %+v", evaluate)
	}
	var said []string
	for _, r := range arrival.Remarks {
		said = append(said, r.Key)
	}
	if !slices.Equal(said, []string{"competency.remark_kept_rubric", "competency.remark_kept_association"}) {
		t.Errorf("said %v", said)
	}
	raw, err := here.CASE(f, "Nous", noon)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sorted(t, raw), sorted(t, []byte(theirCASE)); !reflect.DeepEqual(got, want) {
		a, _ := json.MarshalIndent(got, "", " ")
		b, _ := json.MarshalIndent(want, "", " ")
		t.Errorf("it leaves changed: %s", firstDifference(string(a), string(b)))
	}
	f.Items[2].Label = Text{"en": "Judge data"} // and a change of ours shows
	raw, err = here.CASE(f, "Nous", noon)
	if err != nil || !strings.Contains(string(raw), `"fullStatement": "Judge data"`) {
		t.Errorf("an edit does not leave: %v", err)
	}
}

const theirSKOS = `{"@context": "https://vocabulaires.example/context.json", "@graph": [
 {"id": "https://cadres.example/s", "type": "ConceptScheme", "title": {"fr": "Compétences"}},
 {"id": "https://cadres.example/c/1", "type": "Concept", "prefLabel": {"fr": "Chercher", "en": "Search"}, "altLabel": {"fr": ["Trouver", "Fouiller"]}, "narrower": ["https://cadres.example/c/2"]},
 {"id": "https://cadres.example/c/2", "type": "Concept", "prefLabel": {"fr": "Filtrer"}, "notation": "1.1", "exactMatch": "http://data.europa.eu/esco/skill/x"},
 {"id": "https://cadres.example/c/3", "type": "Concept", "broader": "https://cadres.example/absent"}]}`

func TestReadSKOS_ofSomebodyElse(t *testing.T) {
	f, arrival, _, err := here.Read([]byte(theirSKOS), "theirs.jsonld", noon, tabular.Reader{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Title["fr"] != "Compétences" || len(f.Items) != 3 || f.Items[0].Label["en"] != "Search" || f.Items[1].Parent != f.Items[0].ID || f.Items[0].Kind != Family {
		t.Errorf("got %+v", f)
	}
	if a := f.Items[1].Alignments; len(a) != 1 || a[0].Match != Exact || a[0].Scheme != "data.europa.eu" {
		t.Errorf("got alignments %+v", a)
	}
	var said []string
	for _, r := range arrival.Remarks {
		said = append(said, r.Where+" "+r.Key)
	}
	want := []string{"https://vocabulaires.example/context.json competency.remark_remote_context", "https://cadres.example/c/3 competency.remark_broader_unknown",
		"https://cadres.example/c/3 competency.remark_no_label", "http://www.w3.org/2004/02/skos/core#altLabel competency.remark_property"}
	if !slices.Equal(said, want) {
		t.Errorf("said\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
}

// theirTable is what an agent has: semicolons, families on their first row only, levels as columns, a column of her own.
const theirTable = "Référentiel interne;;;;;\nFamille;N°;Compétence;Niveau 1 : Débute;Niveau 2 : Autonome;Pix;Formateur\n" +
	"Collecter;1;Saisir;tape;vérifie;1.2, 1.3;Zoé\n;2;Importer;;;;\nPublier;2;Publier un jeu;;;;\n;;;;;;Zoé\n"

func TestReadTable_ofAnAgent(t *testing.T) {
	f, arrival, partial, err := here.Read([]byte(theirTable), "Référentiel_DSI.csv", noon, tabular.Reader{})
	if err != nil {
		t.Fatal(err)
	}
	if partial || f.Title["fr"] != "Référentiel DSI" || f.Count(Family) != 2 || f.Count(Competence) != 3 {
		t.Fatalf("got %+v", f)
	}
	enter := f.Under(f.Items[0].ID)[0]
	if len(f.Levels) != 2 || f.Levels[1].Label["fr"] != "Autonome" || enter.Levels["N1"]["fr"] != "tape" || len(enter.Alignments) != 2 || enter.Alignments[1].Code != "1.3" {
		t.Errorf("got levels %+v and %+v", f.Levels, enter)
	}
	if family, _ := f.FamilyOf(f.Under(f.Items[0].ID)[1].ID); family.Label["fr"] != "Collecter" {
		t.Errorf("a row without family stands under %v", family.Label)
	}
	var said []string
	for _, r := range arrival.Remarks {
		said = append(said, strings.TrimSpace(r.Where+" "+r.Key))
	}
	want := []string{"competency.remark_column", "Référentiel_DSI.csv:6 competency.remark_row_no_label", "competency.remark_carried", "2 competency.remark_code_taken"}
	if !slices.Equal(said, want) {
		t.Errorf("said %v, want %v", said, want)
	}
	again, _, _, err := here.Read([]byte(theirTable), "Référentiel_DSI.csv", noon.Add(time.Hour), tabular.Reader{})
	if err != nil || again.ID != f.ID || again.Items[1].ID != f.Items[1].ID {
		t.Error("the same file gives other identifiers the second time")
	}
}

func TestRead_saysWhatIsWrong(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"an empty file", "", "competency.file_empty"},
		{"broken JSON", "{\"CFDocument\": {\n\"identifier\": }", "competency.json_broken"},
		{"a CASE answer without items", `{"CFDocument": {"title": "x"}}`, "competency.case_no_items"},
		{"JSON of something else", `{"type": "FeatureCollection", "features": []}`, "competency.skos_no_concept"},
		{"a table of something else", "date;montant\n2024-01-01;12\n", "competency.table_no_label"},
		{"a header alone", "Famille;Compétence\n", "competency.table_empty"},
	} {
		_, _, _, err := here.Read([]byte(tc.file), "x", noon, tabular.Reader{})
		if !fault.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: not for the person to mend: %v", tc.name, err)
		}
	}
}

// FuzzRead shows that no file breaks the readers, and that what they make is valid and leaves in every format.
func FuzzRead(f *testing.F) {
	for _, s := range []string{theirCASE, theirSKOS, theirTable, `[{"@id":"_:b","@type":"http://www.w3.org/2004/02/skos/core#Concept"}]`, `{"CFDocument":{},"CFItems":[{},{}],"CFAssociations":[1]}`} {
		f.Add([]byte(s))
	}
	small, err := here.SKOS(small(), noon)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Fuzz(func(t *testing.T, raw []byte) {
		fw, _, _, err := here.Read(raw, "x", noon, tabular.Reader{})
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("not for the person to mend: %v", err)
			}
			return
		}
		if _, err := here.CASE(fw, "x", noon); err != nil {
			t.Fatal(err)
		}
		if _, err := here.SKOS(fw, noon); err != nil {
			t.Fatal(err)
		}
	})
}
