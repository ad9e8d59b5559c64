package catalogue

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var villeneuve = Territory{"59009", "Villeneuve-d’Ascq", "commune", 100}

func TestDerive_titles(t *testing.T) {
	for _, c := range []struct {
		file   string
		places []Territory
		want   string
	}{
		{"arbres_remarquables.geojson", nil, "Arbres remarquables"},
		{"SCDL_deliberations_2023.csv", []Territory{villeneuve}, "Délibérations – Villeneuve-d’Ascq – 2023"},
		{"20231201-subventions-associations-Villeneuve-d-Ascq-59009.csv", []Territory{villeneuve}, "Subventions associations Villeneuve-d’Ascq"},
		{"BudgetPrimitif2024_v2.xlsx", nil, "Budget primitif – 2024"},
		{"liste-ecoles-publiques (1).csv", nil, "Liste écoles publiques"},
		{"qualite de l'eau 2019-2023.ods", nil, "Qualité de l’eau – 2019-2023"},
		{"frequentation_bibliotheques_2024-03.csv", nil, "Fréquentation bibliothèques – mars 2024"},
		{"export_20240101_153000.csv", nil, "Jeu de données sans titre"},
		{"Feuil1.xlsx", nil, "Jeu de données sans titre"},
		{"défibrillateurs-DAE-2022.csv.gz", nil, "Défibrillateurs – 2022"},
		{"aménagements_cyclables_31.geojson", nil, "Aménagements cyclables Haute-Garonne"},
		{"Prenoms nouveaux-nes Toulouse 2004 2022.csv", nil, "Prénoms nouveaux nes Toulouse – 2004-2022"},
		{"elections2022T1.csv", nil, "Élections T1 – 2022"},
		{`C:\Users\ada\PLU_zonage.csv`, nil, "PLU zonage"},
		{"", nil, "Jeu de données sans titre"},
	} {
		if got := Derive(Facts{FileName: c.file, Territories: c.places}).Record.Title; got != c.want {
			t.Errorf("%s: %q, want %q", c.file, got, c.want)
		}
	}
}

func TestDerive_everythingFromOneFile(t *testing.T) {
	var dates []time.Time
	for m := range 24 {
		dates = append(dates, time.Date(2022, time.Month(1+m), 1, 0, 0, 0, 0, time.UTC))
	}
	slices.Reverse(dates)
	p := Derive(Facts{FileName: "stationnements_velos.csv", Format: "CSV", Bytes: 1000, Rows: 12345, URL: "/f.csv",
		Columns: []ColumnFact{{Name: "id_local"}, {Name: "nb_places"}, {Name: "date_maj", Label: "Date de mise à jour"}},
		DateMin: dates[23], DateMax: dates[0], Dates: dates, BBox: &BBox{3, 50, 4, 51},
		Territories: []Territory{{"59009", "Villeneuve-d’Ascq", "commune", 40}, {"59350", "Lille", "commune", 60}},
		Schema:      Schema{Name: "etalab/schema-stationnement-cyclable", Title: "Stationnement cyclable"}, Modified: today})
	r := p.Record
	for _, c := range []struct{ what, got, want string }{
		{"title", r.Title, "Stationnements vélos – Nord"},
		{"slug", r.Slug, "stationnements-velos-nord"},
		{"description", r.Description, "Ce jeu de données contient 12\u202f345 lignes et 3 colonnes. Chaque ligne indique notamment\u00a0: id local, nombre " +
			"places, Date de mise à jour. Les données vont du 1er janvier 2022 au 1er décembre 2023. Les données couvrent le territoire suivant\u00a0: Nord. " +
			"Les données suivent le schéma «\u00a0Stationnement cyclable\u00a0»."},
		{"keywords", strings.Join(r.Keywords, "|"), "stationnements|vélos|cyclable|Nord"},
		{"themes", joinThemes(r.Themes), "TRAN"},
		{"spatial", readSpatial(r.Spatial), "Nord 59 departement [3,50,4,51]"},
		{"temporal", readTemporal(r.Temporal), "2022-01-01/2023-12-01"},
		{"frequency", r.Frequency, "MONTHLY"},
		{"format", r.Resources[0].Format + " " + r.Resources[0].MediaType, "csv text/csv"},
		{"derived", strings.Join(p.Derived, " "), "title description keywords themes spatial temporal frequency schema slug"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if l := r.Validate(); len(l) > 0 {
		t.Errorf("what is derived is not valid: %v", l)
	}
	into, filled := p.Into(Record{Title: "Le mien", Purpose: "x"})
	if into.Title != "Le mien" || into.Frequency != "MONTHLY" || slices.Contains(filled, "title") {
		t.Errorf("Into wrote over a person: %q, filled %v", into.Title, filled)
	}
	answered := 0
	for _, q := range Questions(into) {
		if q.Answered {
			answered++
		}
	}
	if len(Questions(into)) != 6 || answered != 2 {
		t.Errorf("%d questions of %d answered, want purpose and frequency of 6", answered, len(Questions(into)))
	}
}

func TestDerive_frequency(t *testing.T) {
	at := func(step time.Duration, n int) (list []time.Time) {
		for i := range n {
			list = append(list, today.Add(time.Duration(i)*step))
		}
		return list
	}
	for _, c := range []struct {
		name  string
		dates []time.Time
		want  string
	}{
		{"hours", at(time.Hour, 10), "HOURLY"}, {"days", at(day, 10), "DAILY"}, {"weeks", at(7*day, 5), "WEEKLY"},
		{"three dates are too few", at(7*day, 3), ""}, {"years", at(365*day, 6), "ANNUAL"},
		{"days with a few holes", append(at(day, 20), today.Add(30*day)), "DAILY"},
		{"any days", []time.Time{today, today.Add(3 * day), today.Add(4 * day), today.Add(40 * day), today.Add(41 * day)}, ""},
		{"the same day over and over", append(at(0, 50), at(7*day, 5)...), "WEEKLY"},
	} {
		if got := guessFrequency(c.dates); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSlugOf(t *testing.T) {
	for in, want := range map[string]string{"Écoles – L’Haÿ-les-Roses (2024)": "ecoles-hay-les-roses-2024", "": "fiche", "日本": "fiche",
		"../../etc/passwd": "etc-passwd", strings.Repeat("mot ", 60): strings.TrimSuffix(strings.Repeat("mot-", 20), "-")} {
		if got := SlugOf(in); got != want {
			t.Errorf("SlugOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzDerive(f *testing.F) {
	f.Add("arbres_2024.csv", "nb_places", "Villeneuve-d’Ascq", "59009")
	f.Add("2024-13-45_é\xff(1).xlsx", "", "", "")
	f.Fuzz(func(t *testing.T, file, column, place, code string) {
		r := Derive(Facts{FileName: file, Sheet: column, Columns: []ColumnFact{{Name: column, Label: place}},
			Territories: []Territory{{code, place, "commune", 1}}}).Record
		if strings.TrimSpace(r.Title) == "" || utf8.RuneCountInString(r.Title) > titleLongest || r.Slug == "" || len(r.Slug) > 80 {
			t.Errorf("title %q, slug %q", r.Title, r.Slug)
		}
		for _, d := range []Date{r.Temporal.Start, r.Temporal.End} {
			if _, ok := d.First(); d != "" && !ok {
				t.Errorf("date %q", d)
			}
		}
	})
}

func FuzzSearch(f *testing.F) {
	x := NewIndex(corpus(50), today)
	f.Add("l’école 2024", "theme=ENVI&page=2")
	f.Fuzz(func(t *testing.T, text, facet string) {
		q := Query{Text: text, Facets: map[string][]string{FacetTerritory: {facet}}}
		for _, q := range []Query{q, {Text: text}} {
			r := x.Search(q, eyes["author"])
			if len(r.Hits) > r.Total || r.Total > 50 || r.Page < 1 || r.Page > r.Pages {
				t.Errorf("%+v", r)
			}
		}
	})
}
