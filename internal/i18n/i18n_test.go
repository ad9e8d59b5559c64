package i18n

import (
	"testing"
	"testing/fstest"
	"time"
)

func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load(fstest.MapFS{
		"text/fr.json": {Data: []byte(`{"a.hello": "Bonjour {0} !", "a.rows": {"one": "{0} ligne", "other": "{0} lignes", "many": "{0} de lignes"}, "a.lic": "Licence {0}", "a.lo": "Ouverte", "a.brace": "{x} {0}"}`)},
		"text/en.json": {Data: []byte(`{"a.hello": "Hello {0}!", "a.rows": {"one": "{0} row", "other": "{0} rows"}, "a.lic": "Licence {0}", "a.lo": "Open", "a.brace": "{x} {0}"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestT(t *testing.T) {
	c := catalogue(t)
	for _, tc := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{French, "a.hello", []any{"Ada"}, "Bonjour Ada !"},
		{French, "a.rows", []any{0}, "0 ligne"},
		{French, "a.rows", []any{1}, "1 ligne"},
		{French, "a.rows", []any{1234}, "1\u202f234 lignes"},
		{French, "a.rows", []any{int64(2_000_000)}, "2\u202f000\u202f000 de lignes"},
		{English, "a.rows", []any{0}, "0 rows"},
		{English, "a.rows", []any{1234}, "1,234 rows"},
		{English, "a.lic", []any{Key("a.lo")}, "Licence Open"},
		{French, "a.brace", []any{"y"}, "{x} y"},
		{French, "a.none", nil, "⟦a.none⟧"},
	} {
		if got := c.For(tc.lang).T(tc.key, tc.args...); got != tc.want {
			t.Errorf("%s %s: got %q, want %q", tc.lang, tc.key, got, tc.want)
		}
	}
}

func TestFormats(t *testing.T) {
	c := catalogue(t)
	fr, en := c.For(French), c.For(English)
	at := time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)
	for _, tc := range []struct{ got, want string }{
		{fr.Number(1234.5), "1\u202f234,5"},
		{en.Number(1234.5), "1,234.5"},
		{fr.Number(-1234567), "-1\u202f234\u202f567"},
		{fr.Decimal(2, 2), "2"},
		{fr.Decimal(0.126, 2), "0,13"},
		{fr.Percent(0.125), "12,5\u00a0%"},
		{fr.Bytes(1_234_567), "1,2\u00a0Mo"},
		{en.Bytes(999), "999\u00a0B"},
		{fr.Date(at), "23/11/2026"},
		{en.Date(at), "23 Nov 2026"},
		{fr.DateTime(at), "23/11/2026 à 14\u00a0h\u00a005"},
		{fr.Date(time.Time{}), "–"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
}

func TestT_writesASizeWhereTheSentenceWantsOne(t *testing.T) {
	c, err := Load(fstest.MapFS{"text/fr.json": {Data: []byte(`{"a.b":"{0B} sur {1B}, ligne {2}, {x} {0b}"}`)}, "text/en.json": {Data: []byte(`{"a.b":"{0B} of {1B}, row {2}, {x} {0b}"}`)}})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[Lang]string{French: "1,5\u00a0ko sur 1,1\u00a0Go, ligne 1500, {x} {0b}", English: "1.5\u00a0kB of 1.1\u00a0GB, row 1500, {x} {0b}"} {
		if got := c.For(lang).T("a.b", 1500, float64(1<<30), "1500"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestLoad_refusesAKeyDefinedTwice(t *testing.T) {
	one := fstest.MapFS{"text/fr.json": {Data: []byte(`{"a.b":"x"}`)}, "text/en.json": {Data: []byte(`{"a.b":"x"}`)}}
	if _, err := Load(one, one); err == nil {
		t.Error("got no error, want one")
	}
}
