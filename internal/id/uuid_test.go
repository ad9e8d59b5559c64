package id

import (
	"testing"
	"time"
)

func TestUUID_carriesItsTimeAndVersion(t *testing.T) {
	now := time.UnixMilli(0x017f22e279b0)
	u := UUID(now)
	if !IsUUID(u) || u[:13] != "017f22e2-79b0" || u[14] != '7' {
		t.Errorf("got %s, want a version 7 that starts with 017f22e2-79b0", u) // the example of RFC 9562, A.6
	}
	if u == UUID(now) {
		t.Error("two made at once are the same")
	}
}

func TestNamedUUID_isTheExampleOfTheStandard(t *testing.T) {
	const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	if got, want := NamedUUID(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2"; got != want { // RFC 9562, A.4
		t.Errorf("got %s, want %s", got, want)
	}
	if NamedUUID("not a uuid", "a") == NamedUUID("not a uuid", "b") {
		t.Error("two names gave one identifier")
	}
}

func TestIsUUID(t *testing.T) {
	for s, want := range map[string]bool{"2ed6657d-e927-568b-95e1-2665a8aea6a2": true, "2ED6657D-e927-568b-95e1-2665a8aea6a2": false,
		"2ed6657de927568b95e12665a8aea6a2": false, "": false, "2ed6657d-e927-568b-95e1-2665a8aea6ag": false, "2ed6657d+e927-568b-95e1-2665a8aea6a2": false} {
		if IsUUID(s) != want {
			t.Errorf("%q: got %v", s, !want)
		}
	}
}
