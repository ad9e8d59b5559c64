package schema

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func packed(t testing.TB, name string) *Schema {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../../content/schemas", name, "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(raw, "schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sights writes columns as "name: value | value".
func sights(lines ...string) []Sight {
	var list []Sight
	for _, l := range lines {
		name, values, _ := strings.Cut(l, ":")
		s := Sight{Name: name}
		for v := range strings.SplitSeq(values, "|") {
			if v = strings.TrimSpace(v); v != "" {
				s.Values = append(s.Values, v)
			}
		}
		list = append(list, s)
	}
	return list
}

func TestAlign_findsTheColumnsOfRealHeaders(t *testing.T) {
	for _, tc := range []struct {
		name, schema string
		columns      []Sight
		want         map[string]string
	}{
		{"other case and plurals", "scdl/subventions", sights("Montants:40 000,00|1 200", "NOM ATTRIBUANT:Lot", "Date de convention:12/03/2017", "objets:Aide"),
			map[string]string{"montant": "Montants", "nomAttribuant": "NOM ATTRIBUANT", "dateConvention": "Date de convention", "objet": "objets"}},
		{"the former layout of the Nièvre", "scdl/subventions", sights("COLL_NOM:Département de la Nièvre", "COLL_SIRET:22800001400016", "COLL_TYPE:DEP", "ACTE_DATE:2016-01-01", "ACTE_REF:",
			"ATTRIB_NOM:AGORA|COSDEN", "ATTRIB_SIRET:38047555800058", "SUB_OBJET:Subvention", "SUB_MONTANT:17 833", "SUB_NATURE:Aide en numéraire", "NOTIF_EU:non"),
			map[string]string{"nomAttribuant": "COLL_NOM", "nomBeneficiaire": "ATTRIB_NOM", "objet": "SUB_OBJET", "montant": "SUB_MONTANT", "nature": "SUB_NATURE", "notificationUE": "NOTIF_EU",
				"idAttribuant": "COLL_SIRET", "idBeneficiaire": "ATTRIB_SIRET", "dateConvention": "ACTE_DATE"}},
		{"both called beneficiaries, in the Aube", "scdl/subventions", sights("Nom de l’attributaire:Département", "Identification de l’attributaire (SIRET):22800001400016", "Nom du bénéficiaire:AGORA|COSDEN", "Identification du bénéficiaire:38047555800058|néant"),
			map[string]string{"nomAttribuant": "Nom de l’attributaire", "idAttribuant": "Identification de l’attributaire (SIRET)", "nomBeneficiaire": "Nom du bénéficiaire", "idBeneficiaire": "Identification du bénéficiaire"}},
		{"numbers that lost their digits, in Poitiers", "scdl/subventions", sights("COLL_NOM:Ville de Poitiers", "COLL_SIRET:21860194600000.0", "ATTRIB_NOM:AGORA|COSDEN", "ATTRIB_SIRET:45032466000000.0|40495778900000.0", "SUB_OBJ:Aide"),
			map[string]string{"idAttribuant": "COLL_SIRET", "idBeneficiaire": "ATTRIB_SIRET"}},
		{"deliberations in words", "scdl/deliberations", sights("Nom de la collectivité:Valmoret", "SIRET:21310458100011", "N° délibération:2024-01", "Date adoption:12 mars 2024", "Objet:Budget", "votes pour:12", "Vote contre:1", "abstentions:0"),
			map[string]string{"COLL_NOM": "Nom de la collectivité", "COLL_SIRET": "SIRET", "DELIB_DATE": "Date adoption", "DELIB_OBJET": "Objet", "VOTE_POUR": "votes pour", "VOTE_CONTRE": "Vote contre", "VOTE_ABSTENTION": "abstentions", "DELIB_ID": "N° délibération"}},
	} {
		got := map[string]string{}
		for _, m := range (Aligner{Schema: packed(t, tc.schema)}).Align(tc.columns) {
			if m.Column >= 0 {
				got[m.Field] = tc.columns[m.Column].Name
			}
		}
		for field, column := range tc.want {
			if got[field] != column {
				t.Errorf("%s: %s is taken from %q, want %q", tc.name, field, got[field], column)
			}
		}
	}
}

func TestAlign_neverTakesAColumnTwiceNorOneThatIsNothingAlike(t *testing.T) {
	columns := sights("montant:12", "Montant:13", "zzz:qq", ":")
	taken := map[int]string{}
	for _, m := range (Aligner{Schema: packed(t, "scdl/subventions")}).Align(columns) {
		if m.Column < 0 {
			continue
		}
		if before, twice := taken[m.Column]; twice {
			t.Errorf("column %d is both %s and %s", m.Column, before, m.Field)
		}
		taken[m.Column] = m.Field
		if m.Column > 1 {
			t.Errorf("%s is taken from %q", m.Field, columns[m.Column].Name)
		}
	}
	if taken[0] != "montant" && taken[1] != "montant" {
		t.Errorf("got %v", taken)
	}
}

func TestAlign_whatPeopleChoseComesFirst(t *testing.T) {
	a := Aligner{Schema: packed(t, "scdl/subventions"), Known: map[string][]string{"objet": {"Libellé du dossier"}}}
	for _, m := range a.Align(sights("objet:Aide", "libelle du dossier:Festival")) {
		if m.Field == "objet" && (m.Column != 1 || m.Score != 1 || m.Reasons[0].Key != "schema.align_known") {
			t.Errorf("got %+v", m)
		}
	}
}

func TestAlign_theKindOfValuesTellsNamesApart(t *testing.T) {
	s, err := Read([]byte(`{"fields": [{"name": "latitude", "type": "number"}, {"name": "adresse_courriel", "type": "string", "format": "email"}]}`), "x.json")
	if err != nil {
		t.Fatal(err)
	}
	a := Aligner{Schema: s, Meanings: map[string]string{"latitude": "latitude"}}
	columns := []Sight{{Name: "y_wgs", Values: []string{"48.8"}, Meaning: "latitude"}, {Name: "adresse", Values: []string{"12 rue Haute"}}, {Name: "contact", Values: []string{"a@b.fr"}}}
	got := a.Align(columns)
	if got[0].Column != -1 && got[0].Column != 0 {
		t.Errorf("latitude: got %+v", got[0])
	}
	if got[1].Column == 1 && got[1].Score >= Sure {
		t.Errorf("a street address is taken for an e-mail for sure: %+v", got[1])
	}
}

func TestConvert(t *testing.T) {
	subventions, deliberations := packed(t, "scdl/subventions"), packed(t, "scdl/deliberations")
	for _, tc := range []struct {
		schema      *Schema
		field, from string
		to, kind    string
		ok          bool
	}{
		{subventions, "montant", "1200", "1200", "", true},
		{subventions, "montant", "40 000,50", "40000.50", "decimal_comma", true},
		{subventions, "montant", "40\u202F000,00 €", "40000.00", "unit", true},
		{subventions, "montant", "n/d", "", "missing", true},
		{subventions, "montant", "beaucoup", "beaucoup", "", false},
		{subventions, "dateConvention", "12/03/2017", "2017-03-12", "iso_date", true},
		{subventions, "dateConvention", "2017/09/08", "2017-09-08", "iso_date", true},
		{subventions, "dateConvention", "12/03/17", "2017-03-12", "short_date", true},
		{subventions, "dateConvention", "2017-03-12 14:30", "2017-03-12", "short_date", true},
		{subventions, "dateConvention", "42806", "2017-03-12", "spreadsheet_date", true},
		{subventions, "dateConvention", "mars 2017", "mars 2017", "", false},
		{subventions, "nature", "Aide en Numeraire", "aide en numéraire", "case_enum", true},
		{subventions, "nature", "argent", "argent", "", false},
		{subventions, "notificationUE", "NON", "non", "boolean", true},
		{subventions, "idBeneficiaire", "380 475 558 00058", "38047555800058", "spaces", true},
		{subventions, "idBeneficiaire", "38047555800058.0", "38047555800058", "decimal_zero", true},
		{subventions, "idBeneficiaire", "3805449320029.0", "03805449320029", "lost_zero", false},
		{subventions, "datesPeriodeVersement", "2017-01-01_2017-12-31", "2017-01-01/2017-12-31", "period", true},
		{subventions, "datesPeriodeVersement", "du 1/1/2017 au 31/12/2017", "2017-01-01/2017-12-31", "period", true},
		{subventions, "datesPeriodeVersement", "2017-12-31_2017-01-01", "2017-12-31_2017-01-01", "", false},
		{deliberations, "VOTE_POUR", "12.0", "12", "decimal_zero", true},
		{deliberations, "VOTE_POUR", "douze", "douze", "", false},
		{subventions, "nomBeneficiaire", " AGORA ", " AGORA ", "", true},
	} {
		f, ok := tc.schema.Field(tc.field)
		if !ok {
			t.Fatalf("no field %s", tc.field)
		}
		after, kind, ok := NewConverter(tc.schema, f).Convert(tc.from)
		if !tc.ok {
			if ok {
				t.Errorf("%s %q: got %q (%s), want it left alone", tc.field, tc.from, after, kind)
			}
			continue
		}
		if after != tc.to || kind != tc.kind || !ok {
			t.Errorf("%s %q: got %q, %q, %v; want %q, %q", tc.field, tc.from, after, kind, ok, tc.to, tc.kind)
		}
	}
	f, _ := subventions.Field("nature")
	c := NewConverter(subventions, f).Choosing(map[string]string{"argent": "aide en numéraire", "?": ""})
	if after, kind, ok := c.Convert("argent"); after != "aide en numéraire" || kind != "choice" || !ok {
		t.Errorf("a value chosen: got %q %q %v", after, kind, ok)
	}
	if after, kind, ok := c.Convert("?"); after != "" || kind != "choice" || !ok {
		t.Errorf("a value emptied: got %q %q %v", after, kind, ok)
	}
}

func TestConvert_givesBackALostZeroOnlyToCodesThatExist(t *testing.T) {
	for v, want := range map[string]string{"1234567400019": "01234567400019", "1234567400018": "", "12345674": "012345674", "12345675": "", "1004": "01004", "01004": "", "12": ""} {
		if got, ok := lostZero(v); ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %q, %v, want %q", v, got, ok, want)
		}
	}
}

func TestNearest(t *testing.T) {
	f := Field{Constraints: Constraints{Enum: []string{"aide en numéraire", "aide en nature", "non concerné"}}}
	for v, want := range map[string]string{"numeraire": "aide en numéraire", "en nature": "aide en nature", "Non concernée": "non concerné", "aide": "", "": "", "tracteur": "", "aide en numérraire": "aide en numéraire"} {
		if got, _ := Nearest(f, v); got != want {
			t.Errorf("%q: got %q, want %q", v, got, want)
		}
	}
}

func FuzzConvert(f *testing.F) {
	s := packed(f, "scdl/subventions")
	var converters []*Converter
	for _, field := range s.Fields {
		converters = append(converters, NewConverter(s, field))
	}
	for _, v := range []string{"40 000,00 €", "du 1/1/17 au 2/2/18", "42806", "n/d", "3805449320029.0"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		for _, c := range converters {
			after, kind, ok := c.Convert(v)
			if !ok && after != v || kind == "" && after != v {
				t.Errorf("%s: %q became %q without a word", c.column.field.Name, v, after)
			}
			if again, _, _ := c.Convert(after); ok && again != after {
				t.Errorf("%s: %q became %q, then %q", c.column.field.Name, v, after, again)
			}
		}
	})
}
