package form_test

import (
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/form"
)

// budget asks for expenses, and computes what each costs and all together.
func budget(t testing.TB) form.Form {
	t.Helper()
	f := form.New("Budget")
	for _, b := range []form.Block{
		{Kind: form.Repeat, Label: "Dépense", Max: "3", Required: true},
		{Kind: form.Line, Label: "Poste", Required: true, Within: "depense"},
		{Kind: form.Number, Label: "Quantité", Within: "depense"},
		{Kind: form.Number, Label: "Prix", Within: "depense", Required: true},
		{Kind: form.Computed, Label: "Coût", Formula: "[quantité]*[Prix]", Within: "depense"},
		{Kind: form.Line, Label: "Pourquoi si cher ?", Required: true, Within: "depense", When: &form.Condition{Block: "poste", Value: "Avion"}},
		{Kind: form.Computed, Label: "Total", Formula: `SI([depense]>1;[Coût]&" en tout";[Coût])`},
	} {
		_, err := f.Put(b)
		ok(t, err)
	}
	if problems := f.Validate(); len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

func TestAGroup_isReadRowByRow(t *testing.T) {
	f := budget(t)
	if f.Blocks[4].Formula != "[quantite]*[prix]" {
		t.Errorf("a formula names blocks: got %q", f.Blocks[4].Formula)
	}
	typed := form.Values{"depense": {"4"}, "depense.1.poste": {"Salle"}, "depense.1.quantite": {"2"}, "depense.1.prix": {"0,1"}, "depense.1.cout": {"999"}, "depense.2.poste": {" "},
		"depense.3.poste": {"Avion"}, "depense.3.prix": {"100"}, "depense.3.quantite": {"1"}, "depense.3.pourquoi_si_cher": {"Loin"}}
	kept, wrong := f.Read(typed)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for key, want := range map[string]string{"depense": "2", "depense.1.cout": "0.2", "depense.2.poste": "Avion", "depense.2.pourquoi_si_cher": "Loin", "depense.2.cout": "100", "depense.1.pourquoi_si_cher": "", "depense.3.poste": "",
		"total": "100.2 en tout"} {
		if got := kept.First(key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	for _, c := range []struct {
		name  string
		typed form.Values
		field string
		key   string
	}{
		{"no row where one is needed", form.Values{}, "q-depense", "form.rows_few"},
		{"a row half filled in", form.Values{"depense": {"1"}, "depense.1.poste": {"Salle"}}, "q-depense.1.prix", "form.answer_missing"},
		{"a condition of the row", form.Values{"depense": {"2"}, "depense.1.poste": {"x"}, "depense.1.prix": {"1"}, "depense.2.poste": {"avion"}, "depense.2.prix": {"1"}}, "q-depense.2.pourquoi_si_cher", "form.answer_missing"},
		{"too many", form.Values{"depense": {"4"}, "depense.1.prix": {"1"}, "depense.2.prix": {"1"}, "depense.3.prix": {"1"}, "depense.4.prix": {"1"}}, "q-depense", "form.rows_many"},
	} {
		_, wrong := f.Read(c.typed)
		if len(wrong) == 0 || wrong[0].Field != c.field || wrong[0].Key != c.key {
			t.Errorf("%s: got %v, want %s at %s", c.name, wrong, c.key, c.field)
		}
	}
}

func TestAComputedValue_saysWhatItCannotRead(t *testing.T) {
	f := budget(t)
	for _, c := range []struct {
		name string
		b    form.Block
		key  string
	}{
		{"nothing", form.Block{Kind: form.Computed, Label: "x"}, "form.no_formula"},
		{"a question there is not", form.Block{Kind: form.Computed, Label: "x", Formula: "[Taille]*2"}, "form.formula_question"},
		{"a function there is not", form.Block{Kind: form.Computed, Label: "x", Formula: "RECHERCHEV([Total];1)"}, "form.formula_function"},
		{"too few values", form.Block{Kind: form.Computed, Label: "x", Formula: "ARRONDI([Total])"}, "form.formula_arguments"},
		{"half a formula", form.Block{Kind: form.Computed, Label: "x", Formula: "[Total]*"}, "form.formula_bad"},
		{"itself", form.Block{Kind: form.Computed, Label: "Boucle", Formula: "[Boucle]+1"}, "form.formula_question"},
		{"a group in a group", form.Block{Kind: form.Repeat, Label: "x", Within: "depense"}, "form.group_in_group"},
		{"far from its group", form.Block{Kind: form.Line, Label: "x", Within: "depense"}, "form.group_apart"},
		{"a row's answer read from elsewhere", form.Block{Kind: form.Line, Label: "x", When: &form.Condition{Block: "poste"}}, "form.condition_later"},
	} {
		if _, err := f.Put(c.b); !fault.Is(err, c.key) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.key)
		}
	}
	born := form.Block{Kind: form.Date, Label: "Date de naissance", Purpose: "âge", Retention: 1}
	_, err := f.Put(born)
	ok(t, err)
	if _, err := f.Put(form.Block{Kind: form.Computed, Label: "Année", Formula: "ANNEE([Date de naissance])"}); !fault.Is(err, "form.computed_personal") {
		t.Errorf("what is computed of a person: got %v", err)
	}
}

func TestStrip_takesEveryRow(t *testing.T) {
	v := form.Values{"a": {"1"}, "g": {"2"}, "g.1.a": {"x"}, "g.2.a": {"y"}, "g.1.b": {"z"}}
	if !form.Strip(v, []string{"a"}) || len(v) != 2 || form.Strip(v, []string{"a"}) {
		t.Errorf("got %v", v)
	}
}

func TestMove_aGroupMovesWhole(t *testing.T) {
	blocks := []form.Block{{Name: "a", Kind: form.Line}, {Name: "g", Kind: form.Repeat}, {Name: "g1", Kind: form.Line, Within: "g"}, {Name: "g2", Kind: form.Line, Within: "g"}, {Name: "b", Kind: form.Line}}
	for _, c := range []struct {
		what string
		do   func(f *form.Form) error
		want string
	}{
		{"up", func(f *form.Form) error { return f.Move("g", -1) }, "g g1 g2 a b"},
		{"down", func(f *form.Form) error { return f.Move("g", 1) }, "a b g g1 g2"},
		{"over it, down", func(f *form.Form) error { return f.Move("a", 1) }, "g g1 g2 a b"},
		{"over it, up", func(f *form.Form) error { return f.Move("b", -1) }, "a b g g1 g2"},
		{"in it", func(f *form.Form) error { return f.Move("g1", 1) }, "a g g2 g1 b"},
		{"not out of it, up", func(f *form.Form) error { return f.Move("g1", -1) }, "a g g1 g2 b"},
		{"not out of it, down", func(f *form.Form) error { return f.Move("g2", 1) }, "a g g1 g2 b"},
		{"the first stays", func(f *form.Form) error { return f.Move("a", -1) }, "a g g1 g2 b"},
		{"the last stays", func(f *form.Form) error { return f.Move("b", 1) }, "a g g1 g2 b"},
		{"placed last", func(f *form.Form) error { return f.Place("g", "b") }, "a b g g1 g2"},
		{"placed first", func(f *form.Form) error { return f.Place("g", "") }, "g g1 g2 a b"},
		{"placed in itself", func(f *form.Form) error { return f.Place("g", "g2") }, "a g g1 g2 b"},
		{"dropped on its head", func(f *form.Form) error { return f.Place("a", "g") }, "g g1 g2 a b"},
		{"dropped in it", func(f *form.Form) error { return f.Place("b", "g1") }, "a g g1 g2 b"},
		{"first in it", func(f *form.Form) error { return f.Place("g2", "g") }, "a g g2 g1 b"},
	} {
		f := form.Form{Blocks: slices.Clone(blocks)}
		if err := c.do(&f); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range f.Blocks {
			got = append(got, b.Name)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
}
