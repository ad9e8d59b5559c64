package duck

import "strings"

// Marked keeps the rows of a sheet that have a mark in another table, shaped as findings are: "line" is that of the row in its source, "position"
// the place of a column, -1 for the row as a whole, "severity" a word. A mark on a cell that was edited since counts no more, nor one on the whole of
// a row of which a cell was; a cell edited to a text that is not of its column's type counts as a mark of any severity.
type Marked struct {
	Path       string // "" for no table: what was edited counts alone
	Severities []string
}

// marked writes that a row of a sheet has a mark.
func (s *statement) marked(of *sheet, m Marked) string {
	rows, places, unfit := of.edited()
	var either []string
	if m.Path != "" {
		severities := make([]string, len(m.Severities))
		for i, each := range m.Severities {
			severities[i] = s.bind(each)
		}
		lines := "SELECT m.line FROM read_parquet(" + s.bind(literalPath(m.Path)) + ") AS m WHERE m.line > 0 AND m.severity IN (" + strings.Join(severities, ", ") + ")"
		if len(rows) > 0 {
			lines += " AND NOT EXISTS (SELECT 1 FROM (SELECT unnest(from_json(" + s.bind(listed(rows)) + `, '["BIGINT"]')) - 1 AS r, unnest(from_json(` + s.bind(listed(places)) +
				`, '["BIGINT"]')) AS p) AS e JOIN ` + of.table() + " AS t ON t.rowid = e.r WHERE t." + RowColumn + " = m.line AND e.p = m.position)"
		}
		either = append(either, RowColumn+" IN ("+lines+")")
	}
	if len(unfit) > 0 {
		either = append(either, "rowid IN (SELECT unnest(from_json("+s.bind(listed(unfit))+`, '["BIGINT"]')) - 1)`)
	}
	if len(either) == 0 {
		return "false"
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// edited lists the cells edited in a sheet, by their rows and the places of their columns, with the place -1 once for each row, and the rows where a
// text is not of the type of its column.
func (s *sheet) edited() (rows, places, unfit []int64) {
	for row, cells := range s.now.Load().patch.Cells {
		rows, places = append(rows, row), append(places, -1)
		bad := false
		for i, c := range s.base.columns {
			text, ok := cells[c.Name]
			if !ok {
				continue
			}
			rows, places = append(rows, row), append(places, int64(i))
			_, fits := parse(c.Type, text)
			bad = bad || text != "" && !fits
		}
		if bad {
			unfit = append(unfit, row)
		}
	}
	return rows, places, unfit
}
