package grid

import (
	"maps"
	"slices"
)

// sortedKeys lists the keys of a map in order: the same operation is decided the same each time.
func sortedKeys[V any](m map[int64]V) []int64 { return slices.Sorted(maps.Keys(m)) }

// sortedRows lists the rows with cells in one overlay or the other.
func sortedRows(a, b *Overlay) []int64 {
	rows := slices.Concat(sortedKeys(a.Cells), sortedKeys(b.Cells))
	slices.Sort(rows)
	return slices.Compact(rows)
}

func sortedColumns(a, b map[string]Cell) []string {
	names := slices.Concat(slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b)))
	slices.Sort(names)
	return slices.Compact(names)
}
