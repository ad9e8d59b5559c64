package catalogueweb

import (
	"strings"
	"time"

	"cultured/internal/catalogue"
)

// readDate reads a day, a month or a year as people write them: 23/11/2026, 11/2026, 2026, or ISO. "" is no date.
func readDate(s string) (catalogue.Date, bool) {
	if s = strings.TrimSpace(s); s == "" {
		return "", true
	}
	for _, l := range []struct{ in, out string }{
		{"2006-01-02", "2006-01-02"}, {"02/01/2006", "2006-01-02"}, {"2/1/2006", "2006-01-02"}, {"02.01.2006", "2006-01-02"},
		{"2006-01", "2006-01"}, {"01/2006", "2006-01"}, {"1/2006", "2006-01"}, {"2006", "2006"},
	} {
		if t, err := time.Parse(l.in, s); err == nil {
			return catalogue.Date(t.Format(l.out)), true
		}
	}
	return "", false
}

// writeDate writes a date as the form's hints do: 23/11/2026, 11/2026 or 2026. What it cannot read it leaves as it is.
func writeDate(d catalogue.Date) string {
	for _, l := range []struct{ in, out string }{{"2006-01-02", "02/01/2006"}, {"2006-01", "01/2006"}} {
		if t, err := time.Parse(l.in, string(d)); err == nil {
			return t.Format(l.out)
		}
	}
	return string(d)
}
