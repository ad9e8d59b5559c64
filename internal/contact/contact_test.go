package contact_test

import (
	"reflect"
	"testing"

	"cultured/internal/contact"
	"cultured/internal/fault"
)

func TestWay(t *testing.T) {
	for in, want := range map[string]string{
		" Ana.Martin@Exemple.FR ": "ana.martin@exemple.fr", "ana.martin@exemple.fr": "ana.martin@exemple.fr", "02 99 00 00 00": "+33299000000", "+33 2 99 00 00 00": "+33299000000",
		"0299000000": "+33299000000", "": "", "Ana": "", "12": "", "ana@": "",
	} {
		if got := contact.Way(in); got != want {
			t.Errorf("Way(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestDigest_isOfOneOrganisationAndOneSecret(t *testing.T) {
	one := contact.Digest([]byte("secret"), "o", "a@b.fr")
	if len(one) != 64 || one != contact.Digest([]byte("secret"), "o", "a@b.fr") || one == contact.Digest([]byte("secret"), "p", "a@b.fr") || one == contact.Digest([]byte("other"), "o", "a@b.fr") {
		t.Errorf("got %q", one)
	}
}

func TestRefusals(t *testing.T) {
	ways, err := contact.Refusals("a@b.fr\r\n\n 02 99 00 00 00 \nA@b.fr\n")
	if err != nil || !reflect.DeepEqual(ways, []string{"a@b.fr", "+33299000000"}) {
		t.Errorf("got %q, %v", ways, err)
	}
	if _, err := contact.Refusals("a@b.fr\nDupont"); !fault.Is(err, "contact.not_a_way") {
		t.Errorf("got %v", err)
	}
	if _, err := contact.Refusals(" \n"); !fault.Is(err, "contact.no_refusal") {
		t.Errorf("got %v", err)
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name string
		list contact.List
		want string
	}{
		{"good", contact.List{Email: "mel", Name: "nom"}, ""},
		{"reaches nobody", contact.List{Name: "nom"}, "email contact.no_way"},
		{"a column that is gone", contact.List{Phone: "tel"}, "phone contact.no_column"},
		{"one column twice", contact.List{Email: "mel", Name: "mel"}, "name contact.same_column"},
	} {
		got := ""
		for _, f := range c.list.Validate([]string{"nom", "mel"}) {
			got += f.Field + " " + f.Key
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if bad := (contact.Consent{Day: "2026-03-03"}).Validate("2026-03-02"); len(bad) != 3 || bad[0].Key != "contact.later" {
		t.Errorf("got %v", bad)
	}
}
