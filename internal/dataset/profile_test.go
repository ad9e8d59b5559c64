package dataset

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/tabular"
)

// profileOf profiles rows whose cells are separated by "|".
func profileOf(header string, rows ...string) Profile {
	p := NewProfiler(strings.Split(header, "|"))
	for _, r := range rows {
		cells := strings.Split(r, "|")
		add(p, cells...)
	}
	return p.Finish()
}

func add(p *Profiler, cells ...string) { p.Add([]tabular.Row{{Cells: cells, Width: len(cells)}}) }

// addMany gives a profiler n rows as a reading does, many at a time.
func addMany(p *Profiler, n int, row func(i int) []string) {
	var rows []tabular.Row
	for i := range n {
		cells := row(i)
		if rows = append(rows, tabular.Row{Cells: cells, Width: len(cells)}); len(rows) == 2000 || i == n-1 {
			p.Add(rows)
			rows = rows[:0]
		}
	}
}

// column profiles one column.
func column(name string, values ...string) ColumnProfile {
	p := NewProfiler([]string{name})
	for _, v := range values {
		add(p, v)
	}
	return p.Finish().Columns[0]
}

func TestColumnTypes(t *testing.T) {
	for _, tc := range []struct {
		name          string
		header        string
		values        []string
		kind, storage Type
	}{
		{"whole numbers", "n", []string{"1", "20", "-3"}, TypeInteger, TypeInteger},
		{"decimal commas", "n", []string{"1,5", "2", "3,25"}, TypeNumber, TypeNumber},
		{"thousands with no-break spaces", "n", []string{"1\u202F234", "12", "7"}, TypeInteger, TypeInteger},
		{"one text among numbers keeps the column text", "n", []string{"1", "2", "3", "4", "pas connu du tout"}, TypeInteger, TypeText},
		{"marks for missing values do not count", "n", []string{"1", "n/d", "3", "", "NC"}, TypeInteger, TypeInteger},
		{"leading zeros are codes", "n", []string{"01", "02", "10"}, TypeText, TypeText},
		{"codes with a letter", "lot", []string{"1", "2", "3", "4", "5", "6", "7", "12B"}, TypeText, TypeText},
		{"a code column stays text", "code_produit", []string{"1", "2"}, TypeText, TypeText},
		{"yes and no", "ok", []string{"oui", "Non", "OUI"}, TypeBoolean, TypeBoolean},
		{"0 and 1 are numbers", "ok", []string{"0", "1", "1"}, TypeInteger, TypeInteger},
		{"French days", "d", []string{"01/02/2024", "25/12/2023"}, TypeDate, TypeDate},
		{"days in letters", "d", []string{"1er mars 2024", "mardi 2 avril 2024"}, TypeDate, TypeDate},
		{"days with hours", "d", []string{"2024-01-02T10:30:00", "2024-01-03 11:00"}, TypeDateTime, TypeDateTime},
		{"months alone stay text", "d", []string{"2024-01", "2024-02"}, TypeText, TypeText},
		{"dates the American way stay text", "d", []string{"12/25/2024", "12/26/2024"}, TypeDate, TypeText},
		{"twenty digits stay text", "n", []string{"12345678901234567890", "12345678901234567891"}, TypeText, TypeText},
		{"percents and plain numbers do not mix", "n", []string{"12 %", "0,12", "13"}, TypeNumber, TypeText},
		{"a column without values", "n", []string{"", " ", "n/d"}, TypeText, TypeText},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := column(tc.header, tc.values...)
			if c.Type != tc.kind || c.Storage != tc.storage {
				t.Errorf("got %s stored as %s, want %s stored as %s", c.Type, c.Storage, tc.kind, tc.storage)
			}
		})
	}
}

func TestSemantics(t *testing.T) {
	for _, tc := range []struct {
		name, header string
		values       []string
		want         Semantic
		privacy      Privacy
	}{
		{"SIRET without a telling name", "col", []string{"21310555400017", "356 000 000 00048"}, "siret", PrivacyNone},
		{"SIREN by its name", "siren", []string{"213105554", "356000000"}, "siren", PrivacyNone},
		{"one SIREN all along a column named after the SIRET", "COLL_SIRET", []string{"225800010", "225800010"}, "siren", PrivacyNone},
		{"SIREN named after their register", "id_sirene", []string{"213 105 554", "356000000"}, "siren", PrivacyNone},
		{"numbers of nine digits without the key in a column named after the SIRET", "num_siret", []string{"213105555", "356000001", "225800011"}, SemanticNone, PrivacyNone},
		{"one SIREN without a telling name proves nothing", "source", []string{"225800010", "225800010"}, SemanticNone, PrivacyNone},
		{"a few SIREN among codes of communes", "id_terr", []string{"31555", "31069", "31149", "31157", "31395", "31446", "225800010", "213105554", "200093201"}, SemanticNone, PrivacyNone},
		{"communes by name, with lost zeros", "code_insee", []string{"1004", "31555", "2A004"}, "commune", PrivacyNone},
		{"five digits without a name mean nothing", "valeur", []string{"31555", "75056", "69123"}, SemanticNone, PrivacyNone},
		{"postal codes", "CP", []string{"31000", "01004"}, "code_postal", PrivacyNone},
		{"departments", "insee_dep", []string{"01", "2A", "974"}, "departement", PrivacyNone},
		{"e-mail addresses of persons", "x", []string{"jeanne.martin@exemple.fr", "a.b@c.example"}, "courriel", PrivacyPersonal},
		{"e-mail addresses of offices", "mail", []string{"mairie@ville.example", "contact@agglo.example"}, "courriel", PrivacyNone},
		{"telephones", "Tél.", []string{"01 99 00 12 34", "+33639981254"}, "telephone", PrivacyPersonal},
		{"years", "annee", []string{"2019", "2020"}, SemanticYear, PrivacyNone},
		{"latitudes", "latitude", []string{"43.6", "48.85"}, SemanticLatitude, PrivacyNone},
		{"Lambert-93", "x", []string{"574000.5", "652000"}, SemanticLambertX, PrivacyNone},
		{"x that is no projection", "x", []string{"1", "2"}, SemanticNone, PrivacyNone},
		{"amounts", "montant_ttc", []string{"12,50", "3"}, SemanticMoney, PrivacyNone},
		{"amounts by their sign", "total", []string{"12,50 €", "3 €"}, SemanticMoney, PrivacyNone},
		{"SIRET that a spreadsheet took for numbers", "siret", []string{"21310555400017.0", "35600000000048.0"}, "siret", PrivacyNone},
		{"whole numbers with decimals are no codes", "valeur", []string{"31555.0", "75056.0", "69123.0"}, SemanticNone, PrivacyNone},
		{"overseas territories among regions", "code_region", []string{"76", "975", "977", "978"}, "region", PrivacyNone},
		{"parts of a whole", "part", []string{"12.5", "87.5"}, SemanticPercent, PrivacyNone},
		{"parts counted by hundreds", "part", []string{"12", "999"}, SemanticNone, PrivacyNone},
		{"a rate of growth", "taux", []string{"-12.5", "104"}, SemanticPercent, PrivacyNone},
		{"a rate for a thousand", "taux", []string{"812", "999"}, SemanticNone, PrivacyNone},
		{"activity codes", "c", []string{"84.11Z", "8411Z"}, SemanticActivity, PrivacyNone},
		{"colours", "c", []string{"#fff", "#00A1b2"}, SemanticColour, PrivacyNone},
		{"hours", "debut", []string{"9h30", "14:00"}, SemanticHour, PrivacyNone},
		{"a social security number", "n", []string{"255081416802538", "1 85 05 78 006 084 91"}, "nir", PrivacySensitive},
		{"a lone name is a place's", "nom", []string{"Piscine", "Gymnase"}, SemanticNone, PrivacyNone},
		{"dates", "maj", []string{"2024-01-01", "2024-01-02"}, SemanticDay, PrivacyNone},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := column(tc.header, tc.values...)
			if c.Semantic != tc.want || c.Privacy != tc.privacy {
				t.Errorf("got %q (%.2f) %q, want %q %q", c.Semantic, c.Confidence, c.Privacy, tc.want, tc.privacy)
			}
			if c.Confidence < 0 || c.Confidence > 1 {
				t.Errorf("got confidence %v, want one in [0, 1]", c.Confidence)
			}
		})
	}
}

func TestPersonsAreSeenTogether(t *testing.T) {
	p := profileOf("Nom|Prénom|Adresse|handicap", "Durand|Zoé|3 rue Haute|oui", "Petit|Léo|5 rue Basse|non")
	want := []Privacy{PrivacyPersonal, PrivacyPersonal, PrivacyPersonal, PrivacySensitive}
	for i, c := range p.Columns {
		if c.Privacy != want[i] {
			t.Errorf("%s: got %q, want %q", c.Name, c.Privacy, want[i])
		}
	}
	if p := profileOf("prenom|nombre", "Zoé|12", "Léo|13"); p.Columns[0].Privacy != PrivacyNone {
		t.Errorf("first names counted: got %q, want none", p.Columns[0].Privacy)
	}
}

func TestProfileOfATable(t *testing.T) {
	p := profileOf("id|code_insee|latitude|longitude|date|montant",
		"1|31555|43.6|1.44|01/03/2024|10,5", "2|31555|43.7|1.5|15/03/2024|20", "3|01004|46.1|5.3|02/04/2023|n/d", "||||", "3|01004|46.1|5.3|02/04/2023|n/d")
	if p.Rows != 5 || p.EmptyRows != 1 || p.DuplicateRows != 1 || p.RaggedRows != 1 || !p.DuplicatesExact {
		t.Errorf("got %d rows, %d empty, %d duplicate, %d ragged; want 5, 1, 1, 1", p.Rows, p.EmptyRows, p.DuplicateRows, p.RaggedRows)
	}
	if want := (Box{West: 1.44, South: 43.6, East: 5.3, North: 46.1}); p.Box == nil || *p.Box != want {
		t.Errorf("got box %v, want %v", p.Box, want)
	}
	if want := (DateExtent{"2023-04-02", "2024-03-15"}); p.Dates == nil || *p.Dates != want {
		t.Errorf("got dates %v, want %v", p.Dates, want)
	}
	if want := []Territory{{"commune", "01004", 2}, {"commune", "31555", 2}}; !slices.Equal(p.Territories, want) {
		t.Errorf("got %v, want %v", p.Territories, want)
	}
	m := p.Columns[5]
	if m.Missing != 3 || m.Tokens != 2 || m.Numbers == nil || m.Numbers.Mean != 15.25 || m.Numbers.Median != 15.25 || !m.Numbers.Exact {
		t.Errorf("got %+v %+v", m, m.Numbers)
	}
	if len(p.Keys) != 0 {
		t.Errorf("got keys %v, want none", p.Keys)
	}
}

func TestLargeColumnsStayExactWhereTheySayIt(t *testing.T) {
	const n = 300_000
	p := NewProfiler([]string{"id", "twice", "value", "rare"})
	r := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, n)
	addMany(p, n, func(i int) []string {
		values[i] = math.Round(r.NormFloat64()*1e7) / 10
		other := "commun"
		if i%1000 == 0 {
			other = "rare" + strconv.Itoa(i)
		}
		return []string{"k" + strconv.Itoa(i), "k" + strconv.Itoa(i%(n-1)), strconv.FormatFloat(values[i], 'f', -1, 64), other}
	})
	got := p.Finish()
	if !slices.Equal(got.Keys, []string{"id"}) {
		t.Errorf("got keys %v, want id alone", got.Keys)
	}
	if c := got.Columns[0]; c.Distinct != n || !c.DistinctExact {
		t.Errorf("id: got %d distinct (exact %v), want %d", c.Distinct, c.DistinctExact, n)
	}
	if c := got.Columns[1]; c.DistinctExact || math.Abs(float64(c.Distinct)-n) > 0.03*n {
		t.Errorf("twice: got %d distinct (exact %v), want about %d", c.Distinct, c.DistinctExact, n)
	}
	if c := got.Columns[3]; c.Top[0] != (ValueCount{"commun", n - 300}) || c.Distinct != 301 {
		t.Errorf("rare: got %v and %d distinct", c.Top[0], c.Distinct)
	}
	slices.Sort(values)
	s := got.Columns[2].Numbers
	for _, q := range []struct{ q, got float64 }{{.05, s.P5}, {.25, s.Q1}, {.5, s.Median}, {.75, s.Q3}, {.95, s.P95}} {
		rank, _ := slices.BinarySearch(values, q.got)
		if math.Abs(float64(rank)/n-q.q) > 0.005 {
			t.Errorf("quantile %v: got one at rank %v", q.q, float64(rank)/n)
		}
	}
	if s.Min != values[0] || s.Max != values[n-1] || s.Exact {
		t.Errorf("got %v to %v, want %v to %v", s.Min, s.Max, values[0], values[n-1])
	}
}

func TestUniqueNames(t *testing.T) {
	for _, tc := range []struct{ name, header, want string }{
		{"as they are", "a|b c", "a|b c"},
		{"unnamed", "a||  ", "a|colonne_2|colonne_3"},
		{"repeated, case aside", "nom|Nom|nom", "nom|Nom_2|nom_3"},
		{"a number already taken", "nom|nom_2|nom", "nom|nom_2|nom_3"},
		{"line breaks and double spaces", "Code\npostal|  x  y ", "Code postal|x y"},
		{"a name that looks like ours", "|colonne_1", "colonne_1_2|colonne_1"},
	} {
		got := strings.Join(UniqueNames(strings.Split(tc.header, "|")), "|")
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestLabel(t *testing.T) {
	for in, want := range map[string]string{"code_insee": "Code INSEE", "dateMaj": "Date maj", "Nom de la commune": "Nom de la commune",
		"SIRET": "SIRET", "équipement_nom": "Équipement nom", "": "", "___": "___"} {
		if got := Label(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestPlainDecimalAgreesWithTheSlowPath(t *testing.T) {
	for _, v := range []string{"1.5", "-0.25", "123456.789012", "0.1", "99999999999999.9"} {
		got, ok := plainDecimal(v)
		var want float64
		if _, err := fmt.Sscan(v, &want); err != nil || !ok || got != want {
			t.Errorf("%s: got %v %v, want %v", v, got, ok, want)
		}
	}
	for _, v := range []string{".", "-", "1.", ".5", "1.2.3", "+1.5", "12"} {
		if _, ok := plainDecimal(v); ok {
			t.Errorf("%s: got a plain decimal", v)
		}
	}
}

func readTestdata(t testing.TB, name string) Opener {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return bytesOpener(b, name)
}

func FuzzProfile(f *testing.F) {
	f.Add("nom;âge", "Zoé;12\n\x00\xff;1,5")
	f.Add("", "\n\n")
	f.Fuzz(func(t *testing.T, header, body string) {
		p := NewProfiler(strings.Split(header, ";"))
		rows := strings.Split(body, "\n")
		for _, r := range rows {
			cells := strings.Split(r, ";")
			add(p, cells...)
		}
		got := p.Finish()
		if got.Rows != int64(len(rows)) {
			t.Errorf("got %d rows, want %d", got.Rows, len(rows))
		}
		for _, c := range got.Columns {
			if c.Missing < 0 || c.Missing > got.Rows || c.Distinct > got.Rows || c.Confidence > 1 {
				t.Errorf("impossible profile: %+v", c)
			}
		}
	})
}
