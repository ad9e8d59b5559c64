package grid

import (
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/french"
)

// Typed is what somebody typed as a cell of a column of the type stores it; what is not of the type stays as it was typed. A month or a
// year alone is not made a day.
func Typed(t dataset.Type, text string) string {
	if t == dataset.TypeDate || t == dataset.TypeDateTime {
		if _, layout, ok := french.Date(text); ok && !strings.Contains(strings.ReplaceAll(layout, "2006", ""), "2") {
			return text
		}
	}
	if v, ok := Canonical(t, text); ok {
		return v
	}
	return text
}

// Fits reports whether a value, as it is stored, is of the type of its column.
func Fits(t dataset.Type, value string) bool {
	v, ok := Canonical(t, value)
	return ok && v == value
}
