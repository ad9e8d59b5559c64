package identifier

import (
	"encoding/csv"
	"os"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		kind  Kind
		good  []string
		wrong []string
	}{
		{SIREN, []string{"356000000", "213105554", "200069193"}, []string{"", "213105553", "000000000", "21310555", "2131055541", "213 105 554"}},
		{SIRET, []string{"21310555400017", "35600000000048", "22100005200011", "22460001500511"},
			[]string{"21310555400018", "35600000000049", "2131055540001", "21310555400017 ", "00000000000000"}},
		{RNA, []string{"W751234567", "W2A1000123", "W9R1000123"}, []string{"w751234567", "W75123456", "W7512345678", "WA51234567"}},
		{NIR, []string{"255081416802538", "180126955222380"}, []string{"255081416802539", "955081416802538", "255131416802538", "25508141680253"}},
		{VAT, []string{"FR40303265045", "FR23334175221", "FRK7399859412"}, []string{"FR41303265045", "FRXX999999999", "DE40303265045", "FRI0303265045"}},
		{IBAN, []string{"FR1420041010050500013M02606", "GB82WEST12345698765432", "DE89370400440532013000"},
			[]string{"FR1420041010050500013M02607", "FR14 2004 1010 0505 0001 3M02 606", "ZZ1420041010050500013M02606", "fr1420041010050500013M02606"}},
		{UAI, []string{"0951099D"}, []string{"0951099A", "0951099d", "095109D", "0951099I"}},
		{FINESS, []string{"2A0000014", "2B0000020", "750712184"}, []string{"2A0000020", "750712185", "75071218", "000000000"}},
		{Commune, []string{"31555", "2A004", "97411", "75101", "01001"}, []string{"20004", "00001", "31000", "97900", "3155", "2C004", "96001"}},
		{PostalCode, []string{"31000", "20000", "97400", "98000", "01400"}, []string{"00100", "99100", "96000", "3100", "2A000", "97900"}},
		{Department, []string{"01", "2A", "971", "987"}, []string{"1", "20", "2a", "96", "99"}},
		{Region, []string{"76", "94", "01", "975", "977", "978", "988"}, []string{"77", "1", "", "971", "976", "979"}},
		{EPCI, []string{"200069193", "240100883"}, []string{"356000000", "200069194"}},
		{Phone, []string{"0561000000", "05 61 00 00 00", "05.61.00.00.00", "+33561000000", "+33 (0)5 61 00 00 00", "0033561000000", "3949", "112", "0262123456", "+262262123456", "+508410000"},
			[]string{"561000000", "056100000", "05610000000", "abc", "", "0061000000", "+44 20 7946 0000", "1234"}},
		{Email, []string{"a@b.fr", "jean.d'o+x@mairie-ville.example", "é@b.fr"},
			[]string{"a@b", "a b@c.fr", "@b.fr", "a@.fr", "a@b..fr", ".a@b.fr", "a.@b.fr", "a@b.f", "a@-b.fr", "a@b.12", "a,b@c.fr", "a@b@c.fr"}},
		{URL, []string{"https://www.data.gouv.fr/fr/datasets/?q=é", "http://127.0.0.1:80/", "ftp://x.fr"},
			[]string{"www.data.gouv.fr", "https://", "https://x y.fr", "javascript:alert(1)", "http://localhost", "mailto:a@b.fr"}},
		{UUID, []string{"123e4567-e89b-12d3-a456-426614174000"}, []string{"123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"}},
		{ObjectID, []string{"5369a0d5a3a729239d206420"}, []string{"5369A0D5A3A729239D206420", "536900050030729239020642", "5369a0d5a3a729239d20642", "5369a0d5a3a729239d20642g"}},
		{Parcel, []string{"01053000AB0123", "2A0040000A0001", "67482000010123"}, []string{"01053000AB0000", "01053000120123", "01053000ab0123", "96053000AB0123", "01053000AB012"}},
		{RNB, []string{"9VGX6P5B4A2C", "FJK8W2QZ3M1T"}, []string{"9VGX6P5B4A20", "ABCDEFGHJKMN", "123456789123", "9VGX-6P5B-4A2C", "9vgx6p5b4a2c", "9VGX6P5B4A2"}},
		{FANTOIR, []string{"1030L", "2835Y", "010531030L", "0100531030L", "B029Z"}, []string{"1030O", "103L", "1030l", "961031030L", "10300", "AB30L"}},
		{"autre", nil, []string{"x"}},
	} {
		for _, v := range c.good {
			if !Check(c.kind, v) {
				t.Errorf("Check(%s, %q): got false", c.kind, v)
			}
		}
		for _, v := range c.wrong {
			if Check(c.kind, v) {
				t.Errorf("Check(%s, %q): got true", c.kind, v)
			}
		}
	}
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		in, want string
	}{
		{SIRET, " 213 105 554 00017", "21310555400017"}, {SIRET, "213\u00a0105\u202f554.00017", "21310555400017"},
		{SIRET, "213 105 554 00018 ", "213 105 554 00018"}, {IBAN, "fr14 2004 1010 0505 0001 3m02 606", "FR1420041010050500013M02606"},
		{Phone, "05 61 00 00 00", "+33561000000"}, {Phone, "+33 (0)5 61 00 00 00", "+33561000000"}, {Phone, "0262 12 34 56", "+262262123456"},
		{Phone, "3949", "3949"}, {Phone, "x", "x"}, {Email, " A.b@Mairie.FR ", "A.b@mairie.fr"}, {Commune, "2a004", "2A004"},
		{UUID, "{123E4567-E89B-12D3-A456-426614174000}", "123e4567-e89b-12d3-a456-426614174000"}, {URL, " https://x.fr ", "https://x.fr"},
		{UAI, "0951099d", "0951099D"}, {VAT, "FR 40 303 265 045", "FR40303265045"},
		{NIR, "2.55081416802538", "2.55081416802538"}, {NIR, "2550814168025.38", "255081416802538"}, // a coordinate, and a key set apart
		{NIR, "2 55 08 14 168 025.38", "255081416802538"}, {Phone, "06.12345678", "+33612345678"}, {SIREN, "303.265045", "303.265045"},
	} {
		if got := Normalise(c.kind, c.in); got != c.want {
			t.Errorf("Normalise(%s, %q): got %q, want %q", c.kind, c.in, got, c.want)
		}
	}
}

func TestTerritories(t *testing.T) {
	if got := DepartmentName("31"); got != "Haute-Garonne" {
		t.Errorf("got %q", got)
	}
	if got := RegionName(DepartmentRegion("31")); got != "Occitanie" {
		t.Errorf("got %q", got)
	}
	count := 0
	for code := range departments {
		if departments[code].region != "" {
			count++
			if RegionName(departments[code].region) == "" {
				t.Errorf("%s: no region %s", code, departments[code].region)
			}
		}
	}
	if count != 101 || len(regions) != 18 {
		t.Errorf("got %d departments and %d regions, want 101 and 18", count, len(regions))
	}
}

func TestCheck_acceptsEveryRealCommuneAndItsSIREN(t *testing.T) {
	f, err := os.Open("../../../shared/data/tables/territoires/communes_2026.csv")
	if err != nil {
		t.Skip("shared data not here")
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		if !IsCommune(r[0]) {
			t.Errorf("%s %s: not a commune", r[0], r[1])
		}
		if r[4] != "" && !IsEPCI(r[4]) {
			t.Errorf("%s: not the SIREN of an EPCI", r[4])
		}
		if r[5] != "" && !IsSIREN(r[5]) {
			t.Errorf("%s: not a SIREN", r[5])
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"21310555400017", "FRK7399859412", "+33 (0)5 61 00 00 00", "2A0000014", "a@b.fr", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range Kinds {
			if n := Normalise(kind, s); Check(kind, s) && !Check(kind, n) {
				t.Fatalf("Normalise(%s, %q) = %q is no longer valid", kind, s, n)
			}
		}
	})
}
