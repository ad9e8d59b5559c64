package dataset

import (
	"reflect"
	"slices"
)

// A Difference is what tells a version from the one before, as their reports show it.
type Difference struct {
	Rows     int64    // more, or fewer when negative
	Added    []string // columns, in their order
	Gone     []string // columns, in their order
	Values   []string // columns of both whose values are not the same, where no row came or went
	Problems int      // more, or fewer when negative
}

// None says whether nothing differs that a report shows.
func (d Difference) None() bool {
	return d.Rows == 0 && len(d.Added)+len(d.Gone)+len(d.Values) == 0 && d.Problems == 0
}

// Differ compares two versions of a dataset. Values moved from row to row are not seen: the reports are compared, not the
// tables.
func Differ(before, after Version) Difference {
	a, b := before.Outcome.Report, after.Outcome.Report
	d := Difference{Rows: b.Profile.Rows - a.Profile.Rows, Problems: b.Problems() - a.Problems()}
	for _, c := range b.Profile.Columns {
		old, ok := a.Profile.Column(c.Name)
		switch {
		case !ok:
			d.Added = append(d.Added, c.Name)
		case d.Rows == 0 && !sameValues(old, c):
			d.Values = append(d.Values, c.Name)
		}
	}
	for _, c := range a.Profile.Columns {
		if _, ok := b.Profile.Column(c.Name); !ok {
			d.Gone = append(d.Gone, c.Name)
		}
	}
	return d
}

// sameValues says whether two profiles of a column are those of the same values.
func sameValues(a, b ColumnProfile) bool {
	return a.Missing == b.Missing && a.Distinct == b.Distinct && a.Lengths == b.Lengths && slices.Equal(a.Top, b.Top) &&
		slices.Equal(a.Patterns, b.Patterns) && reflect.DeepEqual(a.Numbers, b.Numbers) && reflect.DeepEqual(a.Dates, b.Dates)
}
