package tabular

import "cultured/internal/french"

// CSVCell returns s so that a spreadsheet opening a CSV export shows it and never runs it: a text that starts with
// = + - @, a tab or a carriage return gets a ' before it, unless it is a plain number such as -12,5 or +3.
// Source: OWASP, "CSV Injection". It does not quote for CSV: the writer does.
func CSVCell(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '@', '\t', '\r':
		return "'" + s
	case '+', '-':
		if _, ok := french.Number(s); !ok {
			return "'" + s
		}
	}
	return s
}
