package recipe

import (
	"math/big"
	"slices"
	"strings"

	"cultured/internal/french"
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
