package recognition

import (
	"testing"
	"time"
)

func TestSecret_opensItsOwnOnly(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	mine, theirs := Secret("the secret of one server"), Secret("the secret of another")
	k, err := mine.NewKey("o", now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mine.Open(k); err != nil {
		t.Error(err)
	}
	other, err := mine.NewKey("o", now)
	if err != nil {
		t.Fatal(err)
	}
	moved, swapped, changed := k, k, k
	moved.Organisation, swapped.Public = "p", other.Public
	changed.Sealed = append([]byte(nil), k.Sealed...)
	changed.Sealed[len(changed.Sealed)-1] ^= 1
	for name, c := range map[string]struct {
		secret Secret
		key    Key
	}{"another secret": {theirs, k}, "another organisation": {mine, moved}, "another key": {mine, swapped}, "a byte changed": {mine, changed}, "nothing": {mine, Key{}}} {
		if _, err := c.secret.Open(c.key); err == nil {
			t.Errorf("%s: it opened", name)
		}
	}
}

func TestIssuer_isFoundWhereItsNameSays(t *testing.T) {
	for base, want := range map[string]string{
		"https://donnees.example":          "did:web:donnees.example:issuers:o",
		"http://localhost:8080":            "did:web:localhost%3A8080:issuers:o",
		"https://www.example/culture/data": "did:web:www.example:culture:data:issuers:o",
	} {
		i := Issuer{Organisation: "o", Base: Secured(base)}
		if got := i.ID(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if at, err := documentOf(i.ID()); err != nil || at != i.Base+"/issuers/o/did.json" {
			t.Errorf("%s: its document is looked for at %s (%v)", base, at, err)
		}
	}
}
