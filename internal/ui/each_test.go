package ui

import (
	"html/template"
	"strings"
	"testing"

	"cultured/internal/i18n"
)

// shown executes one line of a template with the components it calls.
func shown(t *testing.T, p *i18n.Printer, line string, data any) string {
	t.Helper()
	set, err := template.New("page").Funcs(funcs(p)).Parse(line)
	if err == nil {
		set, err = withComponents(p, set)
	}
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := set.ExecuteTemplate(&b, "page", data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEach_isTheComponentOfEachValue(t *testing.T) {
	made.Clear()
	cards := []Card{
		{Title: "Eau <b>", Href: "/catalogue/eau?a=1&b=2", Level: 2, Score: &Score{Value: 7, Max: 9, Label: "Qualité"}},
		{Title: "Eau <b>", Href: "/catalogue/eau?a=1&b=2", Level: 2, Score: &Score{Value: 8, Max: 9, Label: "Qualité"}},
		{Title: "Bois", Badges: []Badge{{Label: "Forêt", Kind: Info}}, Facts: []Fact{{Label: "Lignes", Value: "12", Icon: "table"}}},
	}
	for _, lang := range i18n.Langs() {
		p := words(t).For(lang)
		want := shown(t, p, `{{range .}}{{template "c-card" .}}{{end}}`, cards)
		for _, time := range []string{"first", "second"} {
			if got := shown(t, p, `{{each "c-card" .}}`, cards); got != want {
				t.Errorf("%s, %s time: got\n%s\nwant\n%s", lang, time, got, want)
			}
		}
	}
	if got := made.Len(); got != 3*len(i18n.Langs()) {
		t.Errorf("got %d cards kept, want one for each value and language", got)
	}
	if err := Prepare(words(t)); err != nil {
		t.Fatal(err)
	}
	if made.Len() != 0 {
		t.Error("what was made with other words is kept")
	}
}

// late is a card that counts how often it was made.
type late struct {
	name  string
	times *int
}

func (l late) Same() string { return l.name }

func (l late) Value() any {
	*l.times++
	return Card{Title: "Titre " + l.name}
}

func TestEach_makesAKeptValueOnceForItsName(t *testing.T) {
	made.Clear()
	p, times := words(t).For(i18n.French), 0
	values := []late{{"a", &times}, {"b", &times}, {"a", &times}}
	want := shown(t, p, `{{range .}}{{template "c-card" .}}{{end}}`, []Card{{Title: "Titre a"}, {Title: "Titre b"}, {Title: "Titre a"}})
	if got := shown(t, p, `{{each "c-card" .}}`, values); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if times != 2 {
		t.Errorf("made %d times, want once for each name", times)
	}
}

func TestEach_saysWhatFails(t *testing.T) {
	p := words(t).For(i18n.French)
	for _, c := range []struct {
		component string
		values    any
		want      string
	}{
		{"c-unicorn", []Card{{Title: "x"}}, "c-unicorn"},
		{"c-card", []Card{{}}, "without a name"},
		{"c-card", []any{func() {}}, "c-card"},
	} {
		if _, err := each(p)(c.component, c.values); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %v: got %v, want a word of %q", c.component, c.values, err, c.want)
		}
	}
}
