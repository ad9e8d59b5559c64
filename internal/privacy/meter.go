package privacy

import (
	"cmp"
	"slices"

	"cultured/internal/fault"
)

// MostValues is how far the different values of a class are counted.
const MostValues = 16

// A Question says what is measured in a table.
type Question struct {
	Known  []string // columns others may know of somebody (quasi-identifiers): age, commune, occupation
	Secret string   // column that must not be learnt, "" for none
}

// Validate says what cannot be measured in a table that has these columns. Faults: Invalid "privacy.nothing_known", "privacy.no_column" with its
// name, "privacy.known_and_secret" with its name.
func (q Question) Validate(columns []string) error {
	if len(q.Known) == 0 {
		return fault.New(fault.Invalid, "privacy.nothing_known")
	}
	for _, name := range q.Known {
		if !slices.Contains(columns, name) {
			return fault.New(fault.Invalid, "privacy.no_column", name)
		}
	}
	if q.Secret == "" {
		return nil
	}
	if !slices.Contains(columns, q.Secret) {
		return fault.New(fault.Invalid, "privacy.no_column", q.Secret)
	}
	if slices.Contains(q.Known, q.Secret) {
		return fault.New(fault.Invalid, "privacy.known_and_secret", q.Secret)
	}
	return nil
}

// Without is the question of a table that lacks one of the columns others may know.
func (q Question) Without(column string) Question {
	q.Known = slices.DeleteFunc(slices.Clone(q.Known), func(c string) bool { return c == column })
	return q
}

// A Kind is how many classes of rows that are alike have a number of rows, and a number of different values of the secret.
type Kind struct {
	Rows    int64
	Values  int64 // counted up to [MostValues]; 0 when nothing is secret
	Classes int64
}

// A Size is how many classes have a number of rows.
type Size struct{ Rows, Classes int64 }

// A Measure is what a question found in a table.
type Measure struct {
	Rows    int64
	Classes int64
	K       int64  // rows of the smallest class, 0 in an empty table
	Sizes   []Size // by rows, ascending
	L       int64  // distinct values of the secret in the class that has fewest, counted up to [MostValues]; 0 when nothing is secret
	Told    int64  // rows whose class has one value of the secret: to know who somebody is like is to know it
}

// Measured is the measure of a table whose classes are of these kinds. An empty cell is a value like any other: rows that lack it are alike.
func Measured(kinds []Kind) (out Measure) {
	sizes := map[int64]int64{}
	for _, kind := range kinds {
		out.Rows += kind.Rows * kind.Classes
		out.Classes += kind.Classes
		sizes[kind.Rows] += kind.Classes
		if kind.Values > 0 && (out.L == 0 || kind.Values < out.L) {
			out.L = kind.Values
		}
		if kind.Values == 1 {
			out.Told += kind.Rows * kind.Classes
		}
	}
	for rows, classes := range sizes {
		out.Sizes = append(out.Sizes, Size{rows, classes})
	}
	slices.SortFunc(out.Sizes, func(a, b Size) int { return cmp.Compare(a.Rows, b.Rows) })
	if len(out.Sizes) > 0 {
		out.K = out.Sizes[0].Rows
	}
	return out
}

// Under counts the rows of classes with fewer than k rows: what would have to be left out, or said more roughly, to reach k.
func (m Measure) Under(k int64) (rows int64) {
	for _, s := range m.Sizes {
		if s.Rows < k {
			rows += s.Rows * s.Classes
		}
	}
	return rows
}

// A WhatIf is the measure of a table without one column.
type WhatIf struct {
	Column  string
	Measure Measure
}

// Rank sorts what leaving out each column gains: the one that leaves fewest rows in classes under k first.
func Rank(all []WhatIf, k int64) {
	slices.SortStableFunc(all, func(a, b WhatIf) int { return cmp.Compare(a.Measure.Under(k), b.Measure.Under(k)) })
}
