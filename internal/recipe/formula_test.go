package recipe

import (
	"strings"
	"testing"

	"cultured/internal/fault"
)

var header = []string{"Nom", "Montant", "Quantité", "Date", "Actif"}

func TestFormulas(t *testing.T) {
	cells := []string{"école  Jules", "1234.5", "", "2026-01-31", "vrai"}
	for _, tt := range []struct{ formula, want string }{
		{`=[Montant]*1,2`, "1481.4"}, {`Montant*20%`, "246.9"}, {`=SI([montant]>1000;"grand";"petit")`, "grand"}, {`=IF([Montant]>1000;"grand";"petit")`, "grand"},
		{`=SOMME([Montant];[Quantité];3)`, "1237.5"}, {`=MOYENNE([Montant];[Quantité];0,5)`, "617.5"}, {`=NBVAL([Nom];[Quantité])`, "1"}, {`=NB([Nom];[Montant])`, "1"},
		{`=ARRONDI([Montant]/7;2)`, "176.36"}, {`=ARRONDI.SUP(2,1;0)&ARRONDI.INF(-2,9;0)&ENT(-2,1)`, "3-2-3"}, {`=MOD(-7;3)`, "2"},
		{`=MAJUSCULE(GAUCHE(SUPPRESPACE([Nom]);5))`, "ÉCOLE"}, {`=NOMPROPRE("JEAN-louis d'ormesson")`, "Jean-Louis D'Ormesson"}, {`=CONCATENER([Nom];"/";[Actif])`, "école  Jules/vrai"},
		{`=DATE(2026;3;5)`, "2026-03-05"}, {`=ANNEE([Date])`, "2026"}, {`=[Date]+1`, "2026-02-01"}, {`=[Date]-30`, "2026-01-01"}, {`=DATE(2026;3;1)-[Date]`, "29"}, {`=JOURS("31/01/2027";[Date])`, "365"},
		{`=MOIS.DECALER([Date];1)`, "2026-02-28"}, {`=EDATE([Date];-11)`, "2025-02-28"}, {`=JOURSEM([Date])`, "7"}, {`=JOURSEM([Date];2)`, "6"},
		{`=SI(ESTVIDE([Quantité]);0;[Quantité])`, "0"}, {`=SIERREUR([Montant]/0;"?")`, "?"}, {`=CHERCHE("JULES";[Nom])`, "8"}, {`=REMPLACER("ABCDE";2;3;"x")`, "AxE"},
		{`=SI.MULTIPLE([Actif];"faux";1;"vrai";2;3)`, "2"}, {`=SWITCH("x";"y";1;3)`, "3"}, {`=CNUM("1 234,5")`, "1234.5"}, {`=SI([Actif]=VRAI;1;2)`, "1"},
	} {
		f, err := NewFormula(header, tt.formula)
		if err != nil {
			t.Errorf("%s: %v", tt.formula, err)
			continue
		}
		if v, ok := f.Of(cells); !ok || v != tt.want {
			t.Errorf("%s: got %q %v, want %q (%+v)", tt.formula, v, ok, tt.want, f.Why(cells))
		}
		if why := f.Why(cells); why.Key != "" {
			t.Errorf("%s has an answer and a reason for none: %+v", tt.formula, why)
		}
	}
}

func TestFormulasThatDoNotRead(t *testing.T) {
	for _, tt := range []struct{ formula, key, args string }{
		{`=ARRONDI([Montant];2`, "recipe.no_closing", "8"}, {`=([Montant]+2`, "recipe.no_closing", "1"}, {`=SOMME(1;`, "recipe.no_closing", "6"}, {`="grand`, "recipe.open_quote", "1"},
		{`=[Montant*2`, "recipe.open_bracket", "1"}, {`=SI([Montant]>1;"a","b")`, "recipe.comma", "19"}, {`=B2*1,2`, "recipe.cell_name_is", "Montant"}, {`=$Z$9`, "recipe.cell_name", "$Z$9"},
		{`=ARONDI(1;2)`, "recipe.no_function_near", "ARRONDI"}, {`=EXECUTE(1)`, "recipe.no_function", "EXECUTE"}, {`=[Montan]*2`, "recipe.no_column_near", "Montant"}, {`=Montan*2`, "recipe.no_column_near", "Montant"},
		{`=GAUCHE([Nom])`, "recipe.bad_arguments", "GAUCHE"}, {`=`, "recipe.bad_formula", "1"}, {`=1 2`, "recipe.bad_formula", "3"}, {`=GAUCHE`, "recipe.bad_formula", "7"},
	} {
		_, err := NewFormula(header, tt.formula)
		if !fault.Is(err, tt.key) || !strings.Contains(err.Error(), tt.args) {
			t.Errorf("%s: got %v, want %s with %s", tt.formula, err, tt.key, tt.args)
		}
		if of, ok := OfFormula(err); !ok || of.Key != "recipe.formula_"+strings.TrimPrefix(tt.key, "recipe.") {
			t.Errorf("%s: got %+v for those that are no step", tt.formula, of)
		}
	}
}

func TestFormulasSayWhyThereIsNoAnswer(t *testing.T) {
	cells := []string{"abc", "12", "", "", ""}
	for _, tt := range []struct {
		formula, key string
		args         []any
	}{
		{`=[Montant]/0`, "recipe.answer_zero", nil}, {`=[Montant]*[Quantité]`, "recipe.answer_empty", []any{"Quantité"}}, {`=[Nom]+1`, "recipe.answer_number", []any{"abc", "Nom"}},
		{`="x"*2`, "recipe.answer_number_alone", []any{"x"}}, {`=ANNEE([Nom])`, "recipe.answer_function", []any{"ANNEE", "«\u00a0abc\u00a0»"}}, {`=SI([Montant]>1;1/0;2)`, "recipe.answer_zero", nil},
	} {
		f, err := NewFormula(header, tt.formula)
		if err != nil {
			t.Fatal(err)
		}
		why := f.Why(cells)
		if why.Key != tt.key || len(why.Args) != len(tt.args) {
			t.Errorf("%s: got %+v", tt.formula, why)
			continue
		}
		for i := range tt.args {
			if why.Args[i] != tt.args[i] {
				t.Errorf("%s: got %+v, want %v", tt.formula, why, tt.args)
			}
		}
	}
}

// Whatever a formula makes of a long text, it is bounded.
func TestFormulasAreBounded(t *testing.T) {
	f, err := NewFormula([]string{"a"}, strings.Repeat("[a]&", 300)+"[a]")
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := f.Of([]string{strings.Repeat("x", 30_000)}); ok || len(v) > 0 {
		t.Errorf("got %d bytes", len(v))
	}
	if why := f.Why([]string{strings.Repeat("x", 30_000)}); why.Key != "recipe.answer_long" {
		t.Errorf("got %+v", why)
	}
}

func TestEveryFunctionIsNamed(t *testing.T) {
	if names := FunctionNames(); len(names) != len(functions)+2 || names[0] != (FunctionName{"ABS", "ABS"}) {
		t.Errorf("got %+v", names)
	}
	for word, name := range english {
		if _, ok := functions[name]; !ok && name != "SI" && name != "SIERREUR" && name != "VRAI" && name != "FAUX" {
			t.Errorf("%s is another word for %s, which is none", word, name)
		}
	}
}
