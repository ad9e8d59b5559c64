package tabular

import (
	"slices"
	"strings"

	"cultured/internal/french"
)

// A header is one row, or several: groups of columns above the names.
type header struct {
	top, bottom int    // rows of a table's peeked rows; bottom is -1 when there is none
	groups      int    // rows of groups above top that names do without
	spans       []span // merged cells, when they were asked for
}

// maxHeaderRows is the most rows a header is found in; a person may say more.
const maxHeaderRows = 3

// MostHeaderRows is the most rows a person may say a header has: [Options.HeaderRows].
const MostHeaderRows = 10

// findHeaders finds the rows of the header.
func findHeaders(rows []rawRow, t *table) (header, error) {
	at := findHeader(rows)
	h := header{top: at, bottom: at}
	if at < 0 {
		return h, nil
	}
	if !severalLikely(rows, at) {
		return h, nil
	}
	var err error
	if h.spans, err = t.spans(); err != nil {
		return h, err
	}
	if at+2 < len(rows) && h.grouped(rows, at, at+1) && (contrast(rows, at+1) || h.spanned(rows[at])) {
		h.bottom = at + 1
	}
	for h.top > 0 && h.bottom-h.top+1 < maxHeaderRows && groupRow(rows[h.top-1], rows[h.top], h.spans) && h.grouped(rows, h.top-1, h.bottom) {
		h.top--
	}
	for top := h.bottom; top > h.top; top-- { // codes and names that tell columns apart are better without their groups
		if apart(joined(rows[top:h.bottom+1], h.spans), rows[h.bottom+1:]) {
			h.top, h.groups = top, top-h.top
		}
	}
	return h, nil
}

// apart says whether names tell columns apart: there is one over each column that has cells, and none twice.
func apart(names []string, below []rawRow) bool {
	seen := map[string]bool{}
	for _, name := range names {
		if name != "" && seen[name] {
			return false
		}
		seen[name] = true
	}
	return named(names, below)
}

// named says whether there is a name over each column that has cells.
func named(names []string, below []rawRow) bool {
	for _, row := range below[:min(len(below), 10)] {
		for j, c := range row.cells {
			if strings.TrimSpace(c) != "" && (j >= len(names) || names[j] == "") {
				return false
			}
		}
	}
	return true
}

// severalLikely says whether it is worth asking for merged cells: something stands right above the header, or the header
// has holes or says a name twice.
func severalLikely(rows []rawRow, at int) bool {
	if at > 0 && rows[at-1].number == rows[at].number-1 {
		return true
	}
	cells := rows[at].cells[:lastFilled(rows[at].cells)]
	seen := map[string]bool{}
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" || seen[c] {
			return true
		}
		seen[c] = true
	}
	return at+1 < len(rows) && lastFilled(rows[at+1].cells) > len(cells)
}

// grouped says whether a row may hold groups above the names of the rows down to bottom: no figure in either, and together
// a name over each column that has cells below.
func (h *header) grouped(rows []rawRow, up, bottom int) bool {
	for i := up; i <= bottom; i++ {
		if rows[i].number != rows[up].number+i-up || !wordsOnly(rows[i].cells) {
			return false
		}
	}
	return filledCells(rows[up+1].cells) >= 2 && named(joined(rows[up:bottom+1], h.spans), rows[bottom+1:])
}

// spanned says whether cells of a row are merged over several columns, or over the row below.
func (h *header) spanned(row rawRow) bool {
	return slices.ContainsFunc(h.spans, func(s span) bool {
		return s.top <= row.number && row.number <= s.bottom && (s.right > s.left || s.bottom > s.top)
	})
}

// contrast says whether some column of figures has a word in a row: that row is a name rather than data.
func contrast(rows []rawRow, at int) bool {
	if at+1 >= len(rows) {
		return false
	}
	for j, c := range rows[at].cells {
		if strings.TrimSpace(c) != "" && !typed(c) && typedColumn(rows[at+1:], j) {
			return true
		}
	}
	return false
}

// groupRow says whether a row above names holds groups rather than a title: merged cells that leave some columns out, or
// several words over two columns or more each.
func groupRow(up, down rawRow, spans []span) bool {
	last := lastFilled(down.cells)
	for _, s := range spans {
		if s.top == up.number && s.right > s.left && (s.left > 0 || s.right+1 < last) && s.left < len(up.cells) && up.cells[s.left] != "" {
			return true
		}
	}
	wide, start := 0, -1
	for j := 0; j <= last; j++ {
		if j < last && (j >= len(up.cells) || strings.TrimSpace(up.cells[j]) == "") {
			continue
		}
		if start >= 0 && j-start >= 2 {
			wide++
		}
		start = j
	}
	return wide >= 2
}

// wordsOnly says whether no cell is a figure or a date; years are words here.
func wordsOnly(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool {
		if v, ok := french.Number(c); ok {
			return v < 1900 || v > 2100 || v != float64(int(v))
		}
		return typed(c)
	})
}

// joined names the columns of a header of several rows: "Groupe / Nom". A group stands over the columns its cell is merged
// over; when no cell of its row is merged, over those up to the next group.
func joined(rows []rawRow, spans []span) []string {
	var names []string
	for i, row := range rows {
		cells := filledRight(row, rows[i+1:], spans)
		for len(names) < len(cells) {
			names = append(names, "")
		}
		for j, c := range cells {
			c = strings.TrimSpace(c)
			switch {
			case c == "" || strings.HasSuffix(names[j], c) && (names[j] == c || strings.HasSuffix(names[j], groupMark+c)):
			case names[j] == "":
				names[j] = c
			default:
				names[j] += groupMark + c
			}
		}
	}
	return names
}

// groupMark stands between a group and a name.
const groupMark = " / "

// filledRight gives each group to the columns it stands over. below are the rows of the header under it.
func filledRight(row rawRow, below []rawRow, spans []span) []string {
	cells := slices.Clone(row.cells)
	merged := false
	for _, s := range spans {
		if row.number < s.top || row.number > s.bottom || s.right <= s.left || s.right >= 1<<14 {
			continue
		}
		if s.top == row.number && s.left < len(row.cells) {
			for len(cells) <= s.right {
				cells = append(cells, "")
			}
			for j := s.left + 1; j <= s.right; j++ {
				cells[j] = row.cells[s.left]
			}
		}
		merged = true
	}
	if merged || len(below) == 0 {
		return cells
	}
	under := below[0].cells
	group := ""
	for j := range max(len(cells), lastFilled(under)) {
		if j == len(cells) {
			cells = append(cells, "")
		}
		switch {
		case strings.TrimSpace(cells[j]) != "":
			group = cells[j]
		case j >= len(under) || strings.TrimSpace(under[j]) == "":
			group = ""
		default:
			cells[j] = group
		}
	}
	return cells
}
