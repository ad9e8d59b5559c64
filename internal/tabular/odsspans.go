package tabular

import "strconv"

// odsSpans gathers the merged cells of each sheet of an OpenDocument spreadsheet, in the pass that looks for its sheets:
// a cell says itself how far it reaches, and what is below must be known before the first row is read.
type odsSpans struct {
	sheets   [][]span
	held     int // in all sheets
	row, col int
	rowReps  int
}

// sheet begins the next sheet.
func (o *odsSpans) sheet() {
	o.sheets = append(o.sheets, nil)
	o.row, o.rowReps = 0, 1
}

// of gives the merged cells of a sheet, by position.
func (o *odsSpans) of(sheet int) []span { return o.sheets[sheet] }

// see takes the start of an element in, and says whether it was a row or a cell.
func (o *odsSpans) see(x *xmlReader) bool {
	switch string(x.name) {
	case "table-row":
		o.row, o.col = o.row+o.rowReps, 0
		o.rowReps = x.times("number-rows-repeated")
	case "table-cell", "covered-table-cell":
		wide, high := x.times("number-columns-spanned"), x.times("number-rows-spanned")
		if n := len(o.sheets); (wide > 1 || high > 1) && n > 0 && o.held < maxSpans {
			o.sheets[n-1] = withSpan(o.sheets[n-1], span{o.row, o.row + high - 1, o.col, o.col + wide - 1})
			o.held++
		}
		o.col += x.times("number-columns-repeated")
	default:
		return false
	}
	return true
}

// times reads a repetition, at least 1 and at most a sheet's last row.
func (x *xmlReader) times(name string) int {
	n, err := strconv.Atoi(string(x.attr(name)))
	if err != nil {
		return 1
	}
	return min(max(n, 1), 1<<20)
}
