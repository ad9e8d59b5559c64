package form

import (
	"errors"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/recipe"
)

// FormulaMost is how many characters a formula has at most.
const FormulaMost = 1000

var reference = regexp.MustCompile(`\[[^\]]*\]`)

// refer writes the names of blocks for what a formula calls them: people write labels. What is no block stays, for the fault to name it.
func refer(formula string, before []Block) string {
	return reference.ReplaceAllStringFunc(formula, func(ref string) string {
		said := strings.TrimSpace(ref[1 : len(ref)-1])
		if slices.ContainsFunc(before, func(b Block) bool { return b.Name == said }) {
			return "[" + said + "]"
		}
		for _, b := range before {
			if b.Kind.Asks() && french.Fold(b.Label) == french.Fold(said) {
				return "[" + b.Name + "]"
			}
		}
		return ref
	})
}

// Needs are the names of the blocks a formula reads, each once.
func (b Block) Needs() (out []string) {
	for _, ref := range reference.FindAllString(b.Formula, -1) {
		if name := strings.TrimSpace(ref[1 : len(ref)-1]); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// formulaNames are the names a formula may use: blocks before, which answer with one text.
func formulaNames(before []Block) (names []string) {
	for _, b := range before {
		if b.Kind.Asks() && !b.Kind.Attaches() {
			names = append(names, b.Name)
		}
	}
	return names
}

// validateFormula says what is wrong with a formula, in the words of forms. Field: formula.
func (b Block) validateFormula(out *fault.List, before []Block) {
	if strings.TrimSpace(b.Formula) == "" {
		out.Add("formula", "form.no_formula")
		return
	}
	length(out, "formula", b.Formula, FormulaMost)
	if needs := b.Needs(); !b.Personal() && slices.ContainsFunc(before, func(o Block) bool { return o.Personal() && slices.Contains(needs, o.Name) }) {
		out.Add("personal", "form.computed_personal", b.Label)
	}
	_, err := recipe.NewFormula(formulaNames(before), b.Formula)
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return
	}
	args := wrong.Args[1:] // without the step
	switch wrong.Key {
	case "recipe.no_function":
		out.Add("formula", "form.formula_function", args...)
	case "recipe.bad_arguments":
		out.Add("formula", "form.formula_arguments", args...)
	case "recipe.bad_formula":
		out.Add("formula", "form.formula_bad", args...)
	case "recipe.no_column", "recipe.no_column_near", "recipe.two_columns":
		out.Add("formula", "form.formula_question", args[0])
	default:
		if t, ok := recipe.OfFormula(err); ok {
			out.Add("formula", t.Key, t.Args...)
		}
	}
}

// compute is what a computed block says of the answers so far; ok is false when it has no answer. A number that was not given counts
// as nothing, as in a spreadsheet; a block of a group read from outside it counts as the total of its rows.
func (f *Form) compute(b Block, kept Values) (string, bool) {
	group, row, name, inRow := ofRow(b.Name)
	at := f.Find(name)
	if at < 0 {
		return "", false
	}
	names := formulaNames(f.Blocks[:at])
	formula, err := recipe.NewFormula(names, b.Formula)
	if err != nil {
		return "", false
	}
	cells := make([]string, len(names))
	for i, n := range names {
		from := f.Blocks[f.Find(n)]
		switch {
		case inRow && from.Within == group:
			cells[i] = from.cell(kept[RowKey(group, row, n)])
		case from.Within != "":
			cells[i] = total(kept, from)
		default:
			cells[i] = from.cell(kept[n])
		}
	}
	v, ok := formula.Of(cells)
	return v, ok && v != ""
}

// cell is an answer as formulas read it.
func (b Block) cell(values []string) string {
	if len(values) == 0 && (b.Kind == Number || b.Kind == Computed || b.Kind == Repeat) {
		return "0"
	}
	return strings.Join(values, "|")
}

func total(kept Values, b Block) string {
	sum := new(big.Rat)
	for row := 1; row <= kept.Rows(b.Within); row++ {
		if n, ok := new(big.Rat).SetString(kept.First(RowKey(b.Within, row, b.Name))); ok {
			sum.Add(sum, n)
		}
	}
	text := sum.FloatString(10)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
