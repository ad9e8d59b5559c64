package recipe

import "slices"

// A Condition is a formula that is true or false of a row, compiled for a header. Several readers may ask it at once.
type Condition struct {
	answer  answer
	columns []int
}

// NewCondition reads a formula for a header. Faults: those of [NewFormula]; their first argument, the place of a step, is 0.
func NewCondition(header []string, formula string) (Condition, error) {
	at := &site{header: header}
	a, err := parse(at, formula)
	slices.Sort(at.named)
	return Condition{a, slices.Compact(at.named)}, err
}

// Columns are the places of the columns the formula names, from 0, in their order.
func (c Condition) Columns() []int { return c.columns }

// Holds says whether the formula is true of a row, which is as wide as the header at least. ok is false where it has no answer: a text stands
// where it reckons with a number, or what it gives is neither true nor false.
func (c Condition) Holds(cells []string) (holds, ok bool) {
	v, ok := c.answer(cells)
	return v == yes, ok && (v == yes || v == no)
}

// Functions lists the names formulas know, in their French form.
func Functions() []string {
	names := []string{"SI", "SIERREUR", "VRAI", "FAUX"}
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
