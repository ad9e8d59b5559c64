package gridweb

import (
	"net/http"
	"slices"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/grid"
	"cultured/internal/web"
)

// valuesShown is how many values of a column are told, the most frequent first.
const valuesShown = 200

// A valuesAnswer is what a column holds in the rows of a look, filters of the column itself aside: what its filter may choose from.
type valuesAnswer struct {
	Values []valueJSON `json:"values"`
	More   bool        `json:"more"` // there are others, less frequent
}

// A valueJSON is a value and how many rows hold it.
type valueJSON struct {
	Value string `json:"value"` // as filters take it, "" for a missing one
	Shown string `json:"shown"`
	Count int64  `json:"count"`
}

// values answers with the values of a column.
func (d Desk) values(w http.ResponseWriter, r *http.Request) error {
	s, look, err := d.asked(r)
	if err != nil {
		return err
	}
	c, err := s.columnOf(r.URL.Query().Get("column"))
	if err != nil {
		return err
	}
	look.Where = slices.DeleteFunc(look.Where, func(f dataset.Filter) bool { return f.Column == c.Name })
	look.Order = nil
	found, err := d.Reader.Groups(r.Context(), s.Table, look, grid.Grouping{By: c.Name}, valuesShown+1)
	if err != nil {
		return err
	}
	out, p := valuesAnswer{Values: []valueJSON{}}, web.VisitOf(r).P
	for _, row := range found.Rows {
		value := dataset.Plain(c.Storage, row.Cells[0])
		count, _ := row.Cells[1].(int64)
		if len(out.Values) == valuesShown {
			out.More = true
			break
		}
		if strings.Contains(value, "|") { // what stands between the values of a filter
			continue
		}
		out.Values = append(out.Values, valueJSON{value, shown(p, c.Storage, value), count})
	}
	return web.WriteJSON(w, http.StatusOK, out)
}
