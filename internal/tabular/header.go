package tabular

import (
	"slices"
	"strings"

	"cultured/internal/french"
)

// peekRows is how many filled rows the header is looked for in.
const peekRows = 100

// findHeader returns the index in rows of the header, or -1 when the first row is already data. rows hold no blank row.
//
// What stands above a table is set aside first. The header is then the first row that is filled at least 60 % as much as the median row: titles above a table fill one or
// two cells. When it is the first row, it is data if each column of numbers or dates below has one in it too, unless
// those are years or a plain 1, 2, 3…
func findHeader(rows []rawRow) int {
	if k := preamble(rows); k > 0 {
		return k + max(0, headerAmong(rows[k:]))
	}
	return headerAmong(rows)
}

// preamble is how many rows stand above the table, each a word and what it says (Title: …, Source: …), or a word alone.
// There may be more of them than rows below, so that they are told by their width: blank rows end them, and what comes
// after is at least five cells wide on most rows, and twice as wide. 0 when there are none.
func preamble(rows []rawRow) int {
	end := 0
	for end < min(len(rows), 40) && filledCells(rows[end].cells) <= 2 {
		end++
		if end == len(rows) || rows[end].number > rows[end-1].number+1 {
			break
		}
	}
	if end < 3 || end >= len(rows)-2 || rows[end].number <= rows[end-1].number+1 || filledCells(rows[end].cells) < 3 {
		return 0
	}
	wide := 0
	for _, row := range rows[end:] {
		if filledCells(row.cells) >= 5 {
			wide++
		}
	}
	if wide*2 <= len(rows)-end {
		return 0
	}
	return end
}

func headerAmong(rows []rawRow) int {
	filled := make([]int, len(rows))
	for i, row := range rows {
		filled[i] = filledCells(row.cells)
	}
	sorted := slices.Clone(filled)
	slices.Sort(sorted)
	need := (sorted[len(sorted)/2]*6 + 9) / 10
	at := slices.IndexFunc(filled, func(n int) bool { return n >= need })
	if at > 40 {
		at = 0
	}
	switch {
	case at == 0 && headless(rows):
		return -1
	case at > 0 && filled[at-1] >= 3 && filled[at-1]*4 >= need && headless(rows[at:]):
		return at - 1 // groups of columns of which only the first are named
	}
	return at
}

func filledCells(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// lastFilled returns the number of cells up to the last filled one.
func lastFilled(cells []string) int {
	for i := len(cells); i > 0; i-- {
		if strings.TrimSpace(cells[i-1]) != "" {
			return i
		}
	}
	return 0
}

// headless says whether the first row holds data rather than names.
func headless(rows []rawRow) bool {
	if len(rows) < 2 {
		return false
	}
	first := rows[0].cells
	columns, alike, labels := 0, 0, 0
	for j, name := range first {
		if !typedColumn(rows[1:], j) {
			continue
		}
		columns++
		if name = strings.TrimSpace(name); name == "" || typed(name) {
			alike++
		}
		if v, ok := french.Number(name); name == "" || ok && v >= 1900 && v <= 2100 && v == float64(int(v)) {
			labels++
		}
	}
	return columns > 0 && alike == columns && labels < columns && !counting(first)
}

// typedColumn says whether at least four in five filled cells of column j are numbers or dates.
func typedColumn(rows []rawRow, j int) bool {
	n, hits := 0, 0
	for _, row := range rows {
		if j >= len(row.cells) || strings.TrimSpace(row.cells[j]) == "" {
			continue
		}
		n++
		if typed(row.cells[j]) {
			hits++
		}
	}
	return n > 0 && hits*5 >= n*4
}

// typed says whether a cell reads as a number or a date.
func typed(s string) bool {
	if _, ok := french.Number(s); ok {
		return true
	}
	_, layout, ok := french.Date(s)
	return ok && strings.Contains(layout, "2") && len(layout) > 7
}

// counting says whether the cells are numbers that follow each other: 1, 2, 3 or 2019, 2020.
func counting(cells []string) bool {
	before, n := 0.0, 0
	for _, c := range cells {
		v, ok := french.Number(c)
		if !ok {
			continue
		}
		if n > 0 && v != before+1 {
			return false
		}
		before = v
		n++
	}
	return n > 1
}

// unitWords are what a row of units says, folded; a cell is also a unit when it is in brackets.
var unitWords = map[string]bool{"%": true, "€": true, "euros": true, "k€": true, "m€": true, "km": true, "m": true,
	"m2": true, "m3": true, "m²": true, "m³": true, "ha": true, "km2": true, "km²": true, "kg": true, "t": true,
	"tonnes": true, "kwh": true, "mwh": true, "gwh": true, "mg/l": true, "µg/m3": true, "µg/m³": true, "°c": true,
	"heure": true, "date": true, "mm": true, "cm": true, "nombre": true, "an": true, "ans": true, "jours": true,
	"hab": true, "habitants": true, "microg/m3": true}

// unitsRow says whether cells look like the units of the columns above: at least two, and half of the filled ones.
func unitsRow(cells []string) bool {
	n, units := 0, 0
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		n++
		inner := strings.Trim(c, "()[]")
		if unitWords[french.Fold(inner)] || inner != c && len(inner) <= 12 && !typed(inner) {
			units++
		}
	}
	return units >= 2 && units*2 >= n
}

// letterName names the column at position i as a spreadsheet does: A, B, … Z, AA.
func letterName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
