package dataset

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"cultured/internal/i18n"
	"cultured/internal/schema"
)

func TestRealFiles(t *testing.T) {
	say := inFrench(t)
	for _, tc := range []struct {
		name          string
		rows          int64
		columns       int
		verdict       string
		semantics     map[string]Semantic
		groups        map[string]int // reason → findings in all columns
		afterProblems int
	}{
		{"ind-313_debut.csv", 299, 8, "Votre fichier est lisible et propre\u00A0: 299 lignes, 8 colonnes, aucune anomalie.",
			map[string]Semantic{"metric_enforce_date": SemanticDay}, map[string]int{}, 0},
		{"france_services_debut.csv", 200, 21, "Votre fichier est lisible et propre\u00A0: 200 lignes, 21 colonnes, aucune anomalie.",
			map[string]Semantic{"insee_com": "commune", "code_postal": "code_postal", "latitude": SemanticLatitude, "adresse": SemanticAddress, "insee_dep": "departement"},
			map[string]int{}, 0},
		{"ateliers_numeriques_SYNTHETIQUE.csv", 468, 11, "", map[string]Semantic{"Date": SemanticDay},
			map[string]int{"dataset.total_row": 29, "dataset.date_layout": 141, "dataset.spaces": 32, "dataset.variant": 32, "dataset.not_number": 6, "dataset.missing_mark": 6}, 35},
		{"contacts_partenaires_SYNTHETIQUE.csv", 288, 9, "", map[string]Semantic{"NOM": SemanticFamilyName, "Prénom": SemanticGivenName, "Courriel": "courriel", "Tél.": "telephone"},
			map[string]int{"dataset.personal": 4, "dataset.invalid_courriel": 15, "dataset.not_boolean": 39}, 58},
	} {
		t.Run(tc.name, func(t *testing.T) {
			open := readTestdata(t, tc.name)
			r, found := examine(t, open, nil)
			if r.Rows != tc.rows || len(r.Columns) != tc.columns {
				t.Errorf("got %d rows and %d columns, want %d and %d", r.Rows, len(r.Columns), tc.rows, tc.columns)
			}
			if got := say(r.Verdict.Key, r.Verdict.Words()...); tc.verdict != "" && got != tc.verdict {
				t.Errorf("got verdict %q, want %q", got, tc.verdict)
			}
			for name, want := range tc.semantics {
				if c, _ := r.Profile.Column(name); c.Semantic != want {
					t.Errorf("%s: got %q, want %q", name, c.Semantic, want)
				}
			}
			counts := map[string]int{}
			for _, f := range found {
				counts[f.Reason]++
			}
			for reason, want := range tc.groups {
				if counts[reason] != want {
					t.Errorf("%s: got %d, want %d", reason, counts[reason], want)
				}
			}
			if after, left := examine(t, open, r.SafeFixes()); after.Problems() > tc.afterProblems {
				t.Errorf("after the safe fixes: got %d problems %v, want at most %d", after.Problems(), reasons(left), tc.afterProblems)
			}
		})
	}
}

func TestReportSurvivesJSON(t *testing.T) {
	r, _ := examine(t, readTestdata(t, "contacts_partenaires_SYNTHETIQUE.csv"), nil)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, r) {
		t.Errorf("got another report back (%v)", err)
	}
}

func TestPrinterFormats(t *testing.T) {
	open := csvOpener("a|n", " x|1", "=1+1 |2", "z|3")
	say := inFrench(t)
	out := map[string]string{}
	for _, format := range []string{PrintText, PrintJSON, PrintCSV} {
		var b bytes.Buffer
		p := NewPrinter(&b, format, say)
		r, err := Examine(context.Background(), open, Examination{Sink: p.Add})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Close(r); err != nil {
			t.Fatal(err)
		}
		out[format] = b.String()
	}
	var j struct {
		Findings []printed
		Verdict  string
		Report   Report
	}
	if err := json.Unmarshal([]byte(out[PrintJSON]), &j); err != nil || len(j.Findings) != 2 || j.Report.Warnings != 2 || j.Verdict == "" {
		t.Errorf("JSON: %v %s", err, out[PrintJSON])
	}
	for name, got := range map[string][2]int{
		"the finding": {j.Findings[0].Column, 1}, "its group": {j.Report.Groups[0].Column, 1}, "its example": {j.Report.Groups[0].Examples[0].Column, 1},
		"the profile": {j.Report.Profile.Columns[0].Position, 1},
	} {
		if got[0] != got[1] {
			t.Errorf("JSON, %s: got column %d, want %d, counted from 1", name, got[0], got[1])
		}
	}
	lines, err := csv.NewReader(strings.NewReader(out[PrintCSV])).ReadAll()
	if err != nil || len(lines) != 3 || lines[2][5] != "'=1+1 " {
		t.Errorf("CSV: %v %q", err, lines)
	}
	if !strings.Contains(out[PrintText], "ligne 2") || !strings.Contains(out[PrintText], "Espaces en trop") {
		t.Errorf("text: %s", out[PrintText])
	}
}

func TestPrinterTellsOfARuleOnlyItsName(t *testing.T) {
	s, _, err := schema.Parse([]byte(`{"name": "jours", "fields": [{"name": "nom", "type": "string"}, {"name": "jour", "type": "date"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	p := NewPrinter(&b, PrintJSON, inFrench(t))
	r, err := Examine(context.Background(), csvOpener("nom|jour", "a|25/12/2024", "b|2024-12-26"), Examination{Schema: &s, Sink: p.Add})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(r); err != nil {
		t.Fatal(err)
	}
	var j struct {
		Report struct {
			Groups []struct {
				Rule string
				Fix  struct{ Kind, Rule string }
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &j); err != nil {
		t.Fatalf("%v: %s", err, b.String())
	}
	if g := j.Report.Groups; len(g) != 1 || g[0].Fix.Kind != "iso_date" || g[0].Fix.Rule == "" || g[0].Fix.Rule != g[0].Rule {
		t.Errorf("got %+v in %s", g, b.String())
	}
	if r.Groups[0].Fix.Rule == nil || len(r.SafeFixes()) != 1 || r.SafeFixes()[0].Rule == nil {
		t.Error("the plan of a version lost its rule")
	}
}

// Words of one language stand in no sentence of the other, and one is not many.
func TestPrinterSpeaksOneLanguage(t *testing.T) {
	for _, tc := range []struct {
		lang                       i18n.Lang
		reading, group, row, comma string
	}{
		{"fr", "CSV, UTF-8, «\u00a0|\u00a0»", "· 1 fois", "ligne 2\u00a0: ", "(cellules concernées\u00a0: 1)"},
		{"en", "CSV, UTF-8, “|”", "· 1 time\n", "row 2: ", "(cells: 1)"},
	} {
		var b bytes.Buffer
		p := NewPrinter(&b, PrintText, in(t, tc.lang))
		r, err := Examine(context.Background(), csvOpener("a|n", " x|1,5", "y|2", "z|3"), Examination{Sink: p.Add})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Close(r); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{tc.reading, tc.group, tc.row, tc.comma} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: got no %q in\n%s", tc.lang, want, b.String())
			}
		}
	}
}

func TestDictionaryKeepsWhatPeopleWrote(t *testing.T) {
	r, _ := examine(t, csvOpener("nom|prénom|code_insee", "Durand|Zoé|31555", "Petit|Léo|01004"), nil)
	first := Dictionary(r, nil)
	if first[0].Example != "" || first[0].Personal != PrivacyPersonal || first[2].Label != "Code INSEE" || first[2].Example == "" || first[2].Type != TypeText {
		t.Errorf("got %+v", first)
	}
	first[2].Label, first[2].Description = "Commune", "Là où c’est"
	if again := Dictionary(r, first); again[2].Label != "Commune" || again[2].Description != "Là où c’est" {
		t.Errorf("got %+v", again[2])
	}
	f := FactsOf("x.csv", r, first)
	if !f.Personal || len(f.Territories) != 2 || f.Rows != 2 {
		t.Errorf("got %+v", f)
	}
}

func TestEveryFindingHasItsWords(t *testing.T) {
	say := inFrench(t)
	for _, k := range FixKinds() {
		for _, key := range []string{"dataset.fix_" + k.Kind, "dataset.fix_" + k.Kind + "_why"} {
			if say(key) == key {
				t.Errorf("%s has no sentence", key)
			}
		}
	}
	for _, m := range meanings {
		if key := "dataset.semantic_" + string(m.is); say(key) == key {
			t.Errorf("%s has no sentence", key)
		}
	}
	if got := say("dataset.total_row_title"); len([]rune(got)) > 60 {
		t.Errorf("got a title of %d characters", len([]rune(got)))
	}
}

// What the page says of how an anomaly is recognised, every report says too.
func TestPrinterSaysHowAnAnomalyIsRecognised(t *testing.T) {
	for lang, say := range map[string]Say{"fr": inFrench(t), "en": in(t, i18n.English)} {
		for _, format := range PrintFormats() {
			var b bytes.Buffer
			p := NewPrinter(&b, format, say)
			r, err := Examine(context.Background(), csvOpener("nom|n", "a|1", "a|1", "b|2"), Examination{Sink: p.Add})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Close(r); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{say("dataset.rule_duplicate_row"), say("dataset.duplicate_row_mend")} {
				if !strings.Contains(b.String(), want) {
					t.Errorf("%s, %s: got no %q in\n%s", format, lang, want, b.String())
				}
			}
		}
	}
}
