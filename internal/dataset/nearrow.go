package dataset

import (
	"slices"
	"strconv"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/tabular"
)

// Bounds of what is told about rows that are nearly the same: so many cells say something beside what numbers the rows;
// so many rows, or one in a hundred, are an accident.
const (
	nearCells = 3
	nearRows  = 3
)

// numbering says which columns number the rows, from the first ones already given to the columns: all there and all
// different, whole numbers or codes where they are called so, whole numbers where they stand in front.
func numbering(rows []tabular.Row, columns []*gatherer) []bool {
	out := make([]bool, len(columns))
	if len(rows) < keyPairRows {
		return out
	}
	for i, g := range columns {
		named := g.head.holds("id|identifiant|uuid|guid|numero|num|no|n")
		if !g.tally.repeated && (named || i == 0) && !slices.Contains(g.exact[:len(rows)], 0) {
			out[i] = mayNumber(rows, i, named)
		}
	}
	return out
}

// mayNumber says whether the first values of a column are whole numbers or, if allowed, codes.
func mayNumber(rows []tabular.Row, column int, codes bool) bool {
	for _, r := range rows[:min(len(rows), traitRows)] {
		seen := classesOf(r.Cells[column])
		if len(r.Cells[column]) > 40 || seen&isDigitByte == 0 || !codes && seen != isDigitByte || seen&(isSpaceByte|isHighByte) != 0 || describeCell(r.Cells[column]).kind == kindNumber {
			return false
		}
	}
	return true
}

// nearHash is the hash of what a row says, but for spelling and for the columns that number the rows.
func (j *judge) nearHash(cells []string) uint64 {
	row := uint64(0)
	for i, aside := range j.aside {
		if aside {
			continue
		}
		cell := uint64(0)
		if i < len(cells) && cells[i] != "" {
			cell = looseHash(cells[i], hashText(cells[i]))
		}
		row = nextHash(row, cell)
	}
	return row
}

// similar tells about a row that is nearly the same as one before.
func (j *judge) similar(r tabular.Row, sink finding.Sink) {
	h := j.nearHash(r.Cells)
	before, ok := j.near[h]
	switch {
	case !ok:
		return
	case before == 0:
		j.near[h] = r.Number
		return
	}
	if len(j.numbers) == 0 {
		sink(rowFinding(r.Number, "dataset.similar_row", finding.Warning, strconv.Itoa(before)))
		return
	}
	sink(rowFinding(r.Number, "dataset.repeated_row", finding.Info, strconv.Itoa(before), strings.Join(j.numbers, ", ")))
}
