package tabular

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A span is merged cells: rows from 1, columns from 0, both ends included.
type span struct{ top, bottom, left, right int }

// maxSpans bounds the merged cells that are remembered: 8 MiB of them.
const maxSpans = 1 << 18

// withSpan adds a span to those of a sheet while there is room; of the room, those within one row, which only headers ask
// for, take half at most.
func withSpan(spans []span, s span) []span {
	if len(spans) < maxSpans/2 || len(spans) < maxSpans && s.bottom > s.top {
		spans = append(spans, s)
	}
	return spans
}

// String writes the span as a spreadsheet does: "A2:A6".
func (s span) String() string {
	return letterName(s.left) + strconv.Itoa(s.top) + ":" + letterName(s.right) + strconv.Itoa(s.bottom)
}

// A spanner knows the merged cells of its sheet. It may have to go through the whole sheet to know them.
type spanner interface{ merged() ([]span, error) }

// merged gives the value of a cell merged over several rows to each row it covers, in the first of its columns: that is
// where the value stands. Other columns stay blank, for a text that runs over figures is not one of them. Rows are given in
// order; what is held is at most one value per column.
type merged struct {
	all   []span // merged cells of the sheet
	asked bool
	body  []span // those over several rows of the body still to come, by row
	held  map[int]heldCell
	cells []string
}

// A heldCell is the value of merged cells that reach down to a row.
type heldCell struct {
	value  string
	bottom int
}

// spans asks once for the merged cells of the sheet; other sources have none.
func (t *table) spans() ([]span, error) {
	s, ok := t.rows.(spanner)
	if !ok || t.merged.asked {
		return t.merged.all, nil
	}
	var err error
	t.merged.all, err = s.merged()
	t.merged.asked = true
	return t.merged.all, err
}

// mostRanges is how many merged cells a note names.
const mostRanges = 8

// spread prepares to give merged cells their value in each row they cover, and says which they are. Peeked tells some that
// are there for their looks only: blank ones, and those over rows that hold nothing else.
func (t *table) spread(peeked []rawRow) error {
	spans, err := t.spans()
	if err != nil {
		return err
	}
	for _, s := range spans {
		if s.bottom > s.top && s.top > t.reading.HeaderRow && tells(peeked, s) {
			t.merged.body = append(t.merged.body, s)
		}
	}
	full := len(spans) == maxSpans
	t.merged.all = nil
	n := len(t.merged.body)
	if n == 0 {
		return nil
	}
	slices.SortStableFunc(t.merged.body, func(a, b span) int { return cmp.Or(cmp.Compare(a.top, b.top), cmp.Compare(a.left, b.left)) })
	t.reading.Merged = n
	var names []string
	for _, s := range t.merged.body[:min(n, mostRanges)] {
		names = append(names, s.String())
	}
	if n > mostRanges {
		names = append(names, "…")
	}
	key := "tabular.note_merged"
	switch {
	case t.opt.AsStored:
		key, t.merged.body = "tabular.note_merged_stored", nil
	case full:
		key = "tabular.note_merged_many"
	}
	t.reading.note(key, strconv.Itoa(n), strings.Join(names, ", "))
	return nil
}

// tells says whether merged cells may hold a value for a row below their first one, as far as the peeked rows show.
func tells(peeked []rawRow, s span) bool {
	last := peeked[len(peeked)-1].number
	if s.top > last {
		return true
	}
	at, ok := slices.BinarySearchFunc(peeked, s.top, func(r rawRow, n int) int { return cmp.Compare(r.number, n) })
	if !ok || s.left >= len(peeked[at].cells) || strings.TrimSpace(peeked[at].cells[s.left]) == "" {
		return false
	}
	return at+1 < len(peeked) && peeked[at+1].number <= s.bottom || at+1 == len(peeked) && s.bottom > last
}

// fill gives a row the values of the merged cells it lies in. The cells of row stay as they are; those returned are valid
// until the next call.
func (m *merged) fill(row rawRow) rawRow {
	if len(m.body) == 0 && len(m.held) == 0 {
		return row
	}
	own := false
	for col, h := range m.held {
		switch {
		case row.number > h.bottom:
			delete(m.held, col)
		case col >= len(row.cells) || row.cells[col] == "":
			if !own {
				m.cells = append(m.cells[:0], row.cells...)
				row.cells, own = m.cells, true
			}
			for len(row.cells) <= col {
				row.cells = append(row.cells, "")
			}
			row.cells[col], m.cells = h.value, row.cells
		}
	}
	for ; len(m.body) > 0 && m.body[0].top <= row.number; m.body = m.body[1:] {
		s := m.body[0]
		if s.top < row.number || s.left >= len(row.cells) || strings.TrimSpace(row.cells[s.left]) == "" {
			continue
		}
		if m.held == nil {
			m.held = map[int]heldCell{}
		}
		m.held[s.left] = heldCell{row.cells[s.left], s.bottom}
	}
	return row
}
