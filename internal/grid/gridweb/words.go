package gridweb

import (
	"strings"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/grid"
	"cultured/internal/i18n"
)

// entered is a value as people of the language type it: what [grid.Typed] reads back.
func entered(p *i18n.Printer, t dataset.Type, value string) string {
	if value == "" || !grid.Fits(t, value) {
		return value
	}
	switch t {
	case dataset.TypeInteger, dataset.TypeNumber:
		if p.Lang() == i18n.French {
			return strings.Replace(value, ".", ",", 1)
		}
	case dataset.TypeBoolean:
		return dataset.Show(p, t, value == "true")
	case dataset.TypeDate:
		if at, err := time.Parse(time.DateOnly, value); err == nil && p.Lang() == i18n.French {
			return at.Format("02/01/2006")
		}
	}
	return value
}

// shown is a value in a sentence.
func shown(p *i18n.Printer, t dataset.Type, value string) string {
	if value == "" {
		return p.T("ui.empty_cell")
	}
	return shorten(entered(p, t, value), longest)
}

// did says what an operation does to the table.
func did(p *i18n.Printer, op grid.Op) string {
	var parts []string
	for _, part := range []struct {
		key string
		n   int
	}{{"gridweb.cells_changed", len(op.Changes)}, {"gridweb.rows_added", len(op.Added)}, {"gridweb.rows_removed", len(op.Removed)}, {"gridweb.rows_returned", len(op.Returned)}} {
		if part.n > 0 {
			parts = append(parts, p.T(part.key, part.n))
		}
	}
	return strings.Join(parts, ", ")
}
