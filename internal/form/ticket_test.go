package form_test

import (
	"regexp"
	"testing"
	"time"

	"cultured/internal/fault"
	"cultured/internal/form"
)

func TestTicket_isThisHousesAndThisForms(t *testing.T) {
	given := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	key := []byte("0123456789abcdef0123456789abcdef")
	one := form.NewTicket(form.Form{ID: "f", Version: 2}, given)
	sealed := one.Seal(key)
	got, ok := form.OpenTicket(key, sealed)
	if !ok || got.Form != "f" || got.Version != 2 || !got.At.Equal(given) || got.Nonce != one.Nonce {
		t.Fatalf("got %+v, %v", got, ok)
	}
	for _, bad := range []string{"", ".", "f.2.1.n", sealed[:len(sealed)-1], "g" + sealed[1:], sealed + "A"} {
		if _, ok := form.OpenTicket(key, bad); ok {
			t.Errorf("%q was opened", bad)
		}
	}
	if _, ok := form.OpenTicket([]byte("another key"), sealed); ok {
		t.Error("another house's ticket was opened")
	}
	for _, c := range []struct {
		name string
		form form.ID
		age  time.Duration
		want string
	}{
		{"as fast as a robot", "f", form.FillLeast - time.Second, "form.too_fast"},
		{"as fast as a person", "f", form.FillLeast, ""},
		{"on the last day", "f", form.FillMost, ""},
		{"too old", "f", form.FillMost + time.Second, "form.page_old"},
		{"another form's", "g", time.Minute, "form.page_old"},
		{"of tomorrow", "f", -time.Hour, "form.page_old"},
	} {
		if err := got.Judge(c.form, given.Add(c.age)); c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestReference_isReadAloudAndItsOwn(t *testing.T) {
	shape := regexp.MustCompile(`^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$`)
	seen := map[string]bool{}
	for _, one := range []string{form.Reference("f", "n", 0), form.Reference("f", "n", 1), form.Reference("f", "m", 0), form.Reference("g", "n", 0)} {
		if !shape.MatchString(one) || seen[one] {
			t.Errorf("got %s", one)
		}
		seen[one] = true
	}
	if again := form.Reference("f", "n", 0); !seen[again] {
		t.Errorf("the same page has the same reference: got %s", again)
	}
}
