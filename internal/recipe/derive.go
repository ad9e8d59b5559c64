package recipe

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/french"
	"cultured/internal/identifier"
)

// Derive writes a new column from a formula, as spreadsheets write them in France: [montant]*1,2, SI([type]="A";"oui";"non").
// A row for which the formula has no answer (a text where a number is needed, a division by nothing) keeps an empty cell and
// is counted.
type Derive struct {
	Into    string `json:"into"`
	Formula string `json:"formula"`
}

// Kind implements [Step].
func (*Derive) Kind() string { return "derive" }

// Say implements [Step].
func (d *Derive) Say() Sentence { return Sentence{"recipe.say_derive", []any{d.Into, d.Formula}} }

func (d *Derive) fit(at *site) (worker, error) {
	if err := at.fresh(at.header, d.Into); err != nil {
		return worker{}, err
	}
	answer, err := parse(at, d.Formula)
	if err != nil {
		return worker{}, err
	}
	line := make([]string, len(at.header)+1)
	return worker{header: slices.Concat(at.header, []string{d.Into}), each: func(r row, out emit) error {
		last := copy(line, r.cells)
		v, ok := answer(r.cells)
		if line[last] = v; !ok {
			line[last] = ""
			at.tally.Left++
		} else if v != "" {
			at.tally.changed(r.number, d.Into, "", v)
		}
		return out(row{r.number, line})
	}}, nil
}

// An answer is what a formula says of a row; ok is false when it has none.
type answer func(cells []string) (v string, ok bool)

// Truths as formulas write them.
const (
	yes = "vrai"
	no  = "faux"
)

func truth(b bool) string {
	if b {
		return yes
	}
	return no
}

// mostDigits bounds the numbers formulas and sums reckon with: an exponent must not fill the memory.
const mostDigits = 60

// exact reads a number without rounding.
func exact(v string) (*big.Rat, bool) {
	d, ok := french.Decimal(strings.TrimSpace(v))
	if !ok || len(d) > mostDigits || strings.ContainsAny(d, "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(d)
}

// decimal writes a number with all its decimals where they end, else with ten.
func decimal(r *big.Rat) string {
	n, ends := r.FloatPrec()
	if !ends || n > mostDigits {
		n = 10
	}
	s := r.FloatString(n)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// reckon makes the answer of an operation on two numbers.
func reckon(sign string, a, b answer) answer {
	return func(cells []string) (string, bool) {
		v, ok := a(cells)
		w, ok2 := b(cells)
		if !ok || !ok2 {
			return "", false
		}
		if quickly, ok := reckonQuickly(sign, v, w); ok {
			return quickly, true
		}
		x, ok := exact(v)
		y, ok2 := exact(w)
		if !ok || !ok2 {
			return "", false
		}
		switch sign {
		case "+":
			x.Add(x, y)
		case "-":
			x.Sub(x, y)
		case "*":
			x.Mul(x, y)
		default:
			if y.Sign() == 0 {
				return "", false
			}
			x.Quo(x, y)
		}
		return decimal(x), true
	}
}

// weigh makes the answer of a comparison: of numbers by value, of dates by time, of texts as a French list orders them.
func weigh(sign string, a, b answer) answer {
	return func(cells []string) (string, bool) {
		v, ok := a(cells)
		w, ok2 := b(cells)
		if !ok || !ok2 {
			return "", false
		}
		c := compare(v, w)
		switch sign {
		case "=":
			return truth(c == 0), true
		case "<>":
			return truth(c != 0), true
		case "<":
			return truth(c < 0), true
		case "<=":
			return truth(c <= 0), true
		case ">":
			return truth(c > 0), true
		}
		return truth(c >= 0), true
	}
}

// A function of formulas takes between least and most texts.
type function struct {
	least, most int
	do          func(a []string) (string, bool)
}

// functions bear their French names; English ones are other words for them.
var functions = map[string]function{
	"MAJUSCULE":   {1, 1, func(a []string) (string, bool) { return strings.ToUpper(a[0]), true }},
	"MINUSCULE":   {1, 1, func(a []string) (string, bool) { return strings.ToLower(a[0]), true }},
	"SUPPRESPACE": {1, 1, func(a []string) (string, bool) { return trimmed(a[0]), true }},
	"GAUCHE":      {2, 2, func(a []string) (string, bool) { return part(a[0], "1", a[1]) }},
	"DROITE": {2, 2, func(a []string) (string, bool) {
		n, ok := whole(a[1])
		runes := []rune(a[0])
		if !ok {
			return "", false
		}
		return string(runes[max(0, len(runes)-n):]), true
	}},
	"STXT":  {3, 3, func(a []string) (string, bool) { return part(a[0], a[1], a[2]) }},
	"NBCAR": {1, 1, func(a []string) (string, bool) { return big.NewInt(int64(len([]rune(a[0])))).String(), true }},
	"SUBSTITUE": {3, 3, func(a []string) (string, bool) {
		return strings.ReplaceAll(a[0], a[1], a[2]), a[1] != "" && len(a[0])*(1+len(a[2])) < 1<<20
	}},
	"ET": {1, 20, func(a []string) (string, bool) {
		return truth(!slices.ContainsFunc(a, func(v string) bool { return v != yes })), true
	}},
	"OU":  {1, 20, func(a []string) (string, bool) { return truth(slices.Contains(a, yes)), true }},
	"NON": {1, 1, func(a []string) (string, bool) { return truth(a[0] != yes), true }},
	"ARRONDI": {2, 2, func(a []string) (string, bool) {
		x, ok := exact(a[0])
		n, ok2 := whole(a[1])
		if !ok || !ok2 || n > 20 {
			return "", false
		}
		rounded, _ := new(big.Rat).SetString(x.FloatString(n))
		return decimal(rounded), true
	}},
	"ANNEE": {1, 1, func(a []string) (string, bool) { return moment(a[0], "2006") }},
	"MOIS":  {1, 1, func(a []string) (string, bool) { return moment(a[0], "1") }},
	"JOUR":  {1, 1, func(a []string) (string, bool) { return moment(a[0], "2") }},
	"ABS": {1, 1, func(a []string) (string, bool) {
		x, ok := exact(a[0])
		if !ok {
			return "", false
		}
		return decimal(x.Abs(x)), true
	}},
	"SOMME": {1, 60, func(a []string) (string, bool) {
		return gathered(a, func(x, y *big.Rat) *big.Rat { return x.Add(x, y) })
	}},
	"MIN": {1, 60, func(a []string) (string, bool) {
		return gathered(a, func(x, y *big.Rat) *big.Rat { return pick(x, y, -1) })
	}},
	"MAX": {1, 60, func(a []string) (string, bool) {
		return gathered(a, func(x, y *big.Rat) *big.Rat { return pick(x, y, 1) })
	}},
	"NBVAL":  {1, 60, func(a []string) (string, bool) { return strconv.Itoa(len(present(a))), true }},
	"ESTNUM": {1, 1, func(a []string) (string, bool) { _, ok := exact(a[0]); return truth(ok), true }},
	"CONTIENT": {2, 2, func(a []string) (string, bool) {
		return truth(strings.Contains(french.Fold(a[0]), french.Fold(a[1]))), true
	}},
	"VALIDE": {2, 3, func(a []string) (string, bool) { // the third is what stands between several
		kind, parts := identifier.Kind(strings.ReplaceAll(french.Fold(a[1]), " ", "_")), a[:1]
		if len(a) == 3 && a[2] != "" {
			parts = strings.Split(a[0], a[2])
		}
		bad := slices.ContainsFunc(parts, func(v string) bool { return !identifier.Check(kind, strings.TrimSpace(v)) })
		return truth(!bad), slices.Contains(identifier.Kinds, kind)
	}},
}

// gathered joins the numbers among some values, the empty ones aside, as spreadsheets do; "0" for none.
func gathered(values []string, join func(x, y *big.Rat) *big.Rat) (string, bool) {
	var sum *big.Rat
	for _, v := range present(values) {
		x, ok := exact(v)
		switch {
		case !ok:
			return "", false
		case sum == nil:
			sum = x
		default:
			sum = join(sum, x)
		}
	}
	if sum == nil {
		return "0", true
	}
	return decimal(sum), true
}

func pick(x, y *big.Rat, sign int) *big.Rat {
	if y.Cmp(x) == sign {
		return y
	}
	return x
}

// present leaves out the values that hold nothing.
func present(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.TrimSpace(v) == "" })
}

var english = map[string]string{"UPPER": "MAJUSCULE", "LOWER": "MINUSCULE", "TRIM": "SUPPRESPACE", "LEFT": "GAUCHE", "RIGHT": "DROITE", "MID": "STXT",
	"LEN": "NBCAR", "SUBSTITUTE": "SUBSTITUE", "AND": "ET", "OR": "OU", "NOT": "NON", "ROUND": "ARRONDI", "YEAR": "ANNEE", "MONTH": "MOIS", "DAY": "JOUR", "IF": "SI",
	"SUM": "SOMME", "COUNTA": "NBVAL", "ISNUMBER": "ESTNUM", "CONTAINS": "CONTIENT", "VALID": "VALIDE", "TRUE": "VRAI", "FALSE": "FAUX"}

func moment(v, layout string) (string, bool) {
	at, _, ok := french.Date(strings.TrimSpace(v))
	return at.Format(layout), ok
}

func whole(v string) (int, bool) {
	x, ok := exact(v)
	if !ok || !x.IsInt() || x.Sign() < 0 || x.Cmp(big.NewRat(1_000_000, 1)) > 0 {
		return 0, false
	}
	return int(x.Num().Int64()), true
}

// part is length letters of a text from the one numbered from, counted from 1.
func part(v, from, length string) (string, bool) {
	start, ok := whole(from)
	n, ok2 := whole(length)
	if !ok || !ok2 || start < 1 {
		return "", false
	}
	runes := []rune(v)
	start = min(start-1, len(runes))
	return string(runes[start:min(start+n, len(runes))]), true
}

// A Formula is a formula of spreadsheets, compiled for named cells. The zero value answers nothing.
type Formula struct{ of answer }

// NewFormula compiles a text for cells of the given names. Faults: Invalid "recipe.bad_formula", "recipe.no_function",
// "recipe.bad_arguments", "recipe.no_column", "recipe.no_column_near", "recipe.two_columns"; their first argument, a step, means
// nothing here.
func NewFormula(names []string, text string) (Formula, error) {
	a, err := parse(&site{step: 1, header: names}, text)
	return Formula{a}, err
}

// Of is what the formula says of cells, in the order of the names; ok is false when it has no answer.
func (f Formula) Of(cells []string) (v string, ok bool) {
	if f.of == nil {
		return "", false
	}
	return f.of(cells)
}
