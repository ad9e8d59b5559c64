package ui

import (
	"time"

	"cultured/internal/i18n"
)

// Span says a length of time as people do: « 3 jours », « 1 heure », « 30 minutes ». It rounds down to days from two days
// on, to hours from one hour on, and never says less than a minute.
func Span(p *i18n.Printer, t time.Duration) string {
	switch days := int(t / (24 * time.Hour)); {
	case days >= 2:
		return p.T("ui.days", days)
	case t >= time.Hour:
		return p.T("ui.hours", int(t/time.Hour))
	}
	return p.T("ui.minutes", max(int(t/time.Minute), 1))
}
