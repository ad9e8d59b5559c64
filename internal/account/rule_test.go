package account

import (
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

func TestCheckPassword(t *testing.T) {
	ada := Person{Name: "Ada Morel-Le Goff", Email: "ada.morel@valbourg.fr"}
	for _, tc := range []struct{ name, password, key string }{
		{"a sentence", "un soir de pluie à Guise", ""},
		{"no composition is asked", "chevaletparapluie", ""},
		{"spaces and accents count", "où va l’été ?", ""},
		{"one character short", "elevenchars", "account.password_short"},
		{"over the limit", strings.Repeat("ab c", 51), "account.password_long"},
		{"not text", "aaaaaaaaaaaaa\xff", "account.password_long"},
		{"a leaked classic", "azertyuiop123", "account.password_common"},
		{"a classic with a year and a sign", "Motdepasse2026!", "account.password_common"},
		{"a classic in disguise", "P@ssw0rd1234!", "account.password_common"},
		{"one letter", "aaaaaaaaaaaaaa", "account.password_repeats"},
		{"a short piece again and again", "xy7bxy7bxy7bxy7b", "account.password_repeats"},
		{"the alphabet", "abcdefghijklmnop", "account.password_repeats"},
		{"the own e-mail", "ada.morel@valbourg.fr", "account.password_personal"},
		{"the own name and a year", "MorelLeGoff2026", "account.password_personal"},
		{"the own organisation", "Valbourg-2026!", "account.password_personal"},
		{"a name inside a real sentence", "morel mange des cerises", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := CheckPassword("password", tc.password, ada)
			if tc.key == "" && err != nil || tc.key != "" && !fault.Is(err, tc.key) {
				t.Errorf("got %v, want %q", err, tc.key)
			}
		})
	}
}

func FuzzCheckPassword(f *testing.F) {
	f.Add("un soir de pluie", "Ada", "ada@valbourg.fr")
	f.Add("aaaa\xffaaaaaaaaa", "", "")
	f.Add("ßßßßßßßßßßßßßß", "É", "@")
	f.Fuzz(func(t *testing.T, password, name, email string) {
		if CheckPassword("password", password, Person{Name: name, Email: email}) == nil && len([]rune(password)) < PasswordLeast {
			t.Errorf("accepted %q", password)
		}
	})
}

func TestStrength(t *testing.T) {
	for password, want := range map[string]string{"où va l’été ?": "fair", "chevaletparapluie": "good", "un soir de pluie à Guise": "strong"} {
		if got := Strength(password); got != want {
			t.Errorf("Strength(%q): got %q, want %q", password, got, want)
		}
	}
}

func TestLimit(t *testing.T) {
	l := Limit{Free: 3, Window: time.Hour, Wait: time.Minute, Most: 4 * time.Minute}
	var a Attempts
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, tc := range []struct {
		after, want time.Duration
	}{
		{0, 0}, {time.Second, 0}, {time.Second, 0}, // three free
		{time.Second, 59 * time.Second},                   // the fourth waits
		{59 * time.Second, 0}, {time.Minute, time.Minute}, // then twice as long
		{time.Minute, 0}, {4 * time.Minute, 0}, // then four minutes, and never more
		{4 * time.Minute, 0},
		{2 * time.Hour, 0}, {0, 0}, {0, 0}, {0, time.Minute}, // a quiet hour forgets
	} {
		now = now.Add(tc.after)
		if got := l.Take(&a, now); got != tc.want {
			t.Fatalf("try %d: got a wait of %v, want %v", i, got, tc.want)
		}
	}
}

func TestNetwork(t *testing.T) {
	for in, want := range map[string]string{"192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "::ffff:192.0.2.1": "::ffff:192.0.2.1", "": "", "unix": "unix"} {
		if got := network(in); got != want {
			t.Errorf("network(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestPerson_roles(t *testing.T) {
	p := Person{ID: "1", State: Active}
	if err := p.Assign([]actor.Role{"king", actor.Admin, actor.Steward, actor.Agent, actor.Admin}, 0); err != nil {
		t.Fatal(err)
	}
	if got := sayRoles(p.Roles); got != "steward admin" {
		t.Errorf("got %q, want the known roles once, in order", got)
	}
	if err := p.Assign(nil, 0); !fault.Is(err, "account.last_admin") {
		t.Errorf("got %v, want account.last_admin", err)
	}
	if err := p.Assign(nil, 1); err != nil || p.Is(actor.Admin) {
		t.Errorf("got %v %v, want the role gone", p.Roles, err)
	}
}

func TestOrganisationEdit(t *testing.T) {
	for _, tc := range []struct {
		name string
		edit OrganisationEdit
		key  string
	}{
		{"all empty but the name", OrganisationEdit{Name: "Valbourg"}, ""},
		{"no name", OrganisationEdit{Name: " \u2028"}, "account.name_empty"},
		{"a long name", OrganisationEdit{Name: strings.Repeat("é", 121)}, "account.name_long"},
		{"a SIREN with spaces", OrganisationEdit{Name: "V", SIREN: "217 500 016"}, ""},
		{"a SIREN with a wrong key", OrganisationEdit{Name: "V", SIREN: "217500017"}, "account.siren_wrong"},
		{"a commune", OrganisationEdit{Name: "V", Territory: "2a004"}, ""},
		{"a department", OrganisationEdit{Name: "V", Territory: "973"}, ""},
		{"a region", OrganisationEdit{Name: "V", Territory: "R32"}, ""},
		{"an intercommunal body", OrganisationEdit{Name: "V", Territory: "200054781"}, ""},
		{"a place that is none", OrganisationEdit{Name: "V", Territory: "Paris"}, "account.territory_wrong"},
		{"a dark accent", OrganisationEdit{Name: "V", Accent: "#005A9C"}, ""},
		{"a pale accent", OrganisationEdit{Name: "V", Accent: "#ffcc00"}, "account.accent_pale"},
		{"no colour", OrganisationEdit{Name: "V", Accent: "red"}, "account.accent_wrong"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := tc.edit.Clean(); tc.key == "" && err != nil || tc.key != "" && !fault.Is(err, tc.key) {
				t.Errorf("got %v, want %q", err, tc.key)
			}
		})
	}
}

func TestAccentContrast(t *testing.T) {
	for accent, want := range map[string]float64{"#000000": 21, "#ffffff": 1, "#767676": 4.54} {
		if got, ok := AccentContrast(accent); !ok || got < want-0.01 || got > want+0.01 {
			t.Errorf("AccentContrast(%s): got %.2f %v, want %.2f", accent, got, ok, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"Ville de Saint-Étienne": "ville-de-saint-etienne", "  L’Haÿ-les-Roses !": "l-hay-les-roses", "東京": "organisation"} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q): got %q, want %q", in, got, want)
		}
	}
}
