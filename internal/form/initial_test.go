package form_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"cultured/internal/fault"
	"cultured/internal/form"
)

// proposing asks with initial values, of each kind that may have some.
func proposing(t testing.TB) form.Form {
	t.Helper()
	f := form.New("Inscription")
	for _, b := range []form.Block{
		{Kind: form.Line, Label: "Pays", Initial: []string{"France"}},
		{Kind: form.Number, Label: "Places", Initial: []string{"1,5"}},
		{Kind: form.Date, Label: "Reçu", Initial: []string{form.Today}},
		{Kind: form.Date, Label: "Début", Initial: []string{"2026-09-01"}},
		{Kind: form.One, Label: "Rythme", Options: []string{"Une fois", "Chaque mois"}, Initial: []string{"Chaque mois"}},
		{Kind: form.Many, Label: "Jours", Options: []string{"Lundi", "Mardi", "Samedi matin"}, Initial: []string{"Lundi", "Samedi matin"}},
		{Kind: form.Line, Label: "Précision", Initial: []string{"aucune"}, When: &form.Condition{Block: "rythme", Value: "Une fois"}},
	} {
		_, err := f.Put(b)
		ok(t, err)
	}
	return f
}

func TestPropose_standsWhereNobodyAnswered(t *testing.T) {
	f, day := proposing(t), time.Date(2026, 3, 2, 23, 30, 0, 0, time.UTC)
	all := func(form.Block) bool { return true }
	got := f.Propose(nil, day, all)
	if got.First("recu") != "2026-03-02" || got.First("pays") != "France" || len(got["jours"]) != 2 || got.First("precision") != "aucune" {
		t.Errorf("a new page: got %v", got)
	}
	kept, wrong := f.Read(got)
	if len(wrong) > 0 || kept.First("places") != "1.5" || kept["precision"] != nil {
		t.Errorf("as it stands: got %v, %v", kept, wrong)
	}
	typed := form.Values{"pays": {"Belgique"}}
	got = f.Propose(typed, day, func(b form.Block) bool { return b.When != nil })
	if got.First("pays") != "Belgique" || got["places"] != nil || got.First("precision") != "aucune" || len(typed) != 1 {
		t.Errorf("a page that came back: got %v", got)
	}
}

func TestAnInitialValue_isOneTheQuestionTakes(t *testing.T) {
	for name, c := range map[string]struct {
		block form.Block
		want  string
	}{
		"no option":            {form.Block{Kind: form.One, Label: "a", Options: []string{"b", "c"}, Initial: []string{"d"}}, "form.answer_option"},
		"two where one is":     {form.Block{Kind: form.One, Label: "a", Options: []string{"b", "c"}, Initial: []string{"b", "c"}}, "form.answer_only_one"},
		"above the most":       {form.Block{Kind: form.Number, Label: "a", Max: "3", Initial: []string{"4"}}, "form.answer_high"},
		"no day":               {form.Block{Kind: form.Date, Label: "a", Initial: []string{"demain"}}, "form.answer_date"},
		"in a group":           {form.Block{Kind: form.Line, Label: "a", Within: "g", Initial: []string{"x"}}, "form.initial_group"},
		"today, in a group":    {form.Block{Kind: form.Date, Label: "a", Within: "g", Initial: []string{form.Today}}, "form.initial_group"},
		"a day written French": {form.Block{Kind: form.Date, Label: "a", Initial: []string{"01/09/2026"}}, ""},
		"of a point, dropped":  {form.Block{Kind: form.Point, Label: "a", Initial: []string{"1,2"}}, ""},
	} {
		f := form.New("F")
		_, err := f.Put(form.Block{Kind: form.Repeat, Label: "g"})
		ok(t, err)
		_, err = f.Put(c.block)
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestXLSForm_initialValuesComeBack(t *testing.T) {
	f := proposing(t)
	var b bytes.Buffer
	_, err := form.WriteXLSForm(&b, f)
	ok(t, err)
	back, told, err := form.ReadXLSForm(bytes.NewReader(b.Bytes()), int64(b.Len()), "f.xlsx")
	ok(t, err)
	if len(told) > 0 {
		t.Errorf("told %v", told)
	}
	f.Blocks[1].Initial = []string{"1.5"} // workbooks have a point
	for i, want := range f.Blocks {
		if got := back.Blocks[i]; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}
