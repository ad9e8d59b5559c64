package schema

import (
	"slices"
	"strings"
	"unicode"

	"cultured/internal/french"
	"cultured/internal/identifier"
)

// FixKinds lists the kinds of certain fix. The words of a kind are "schema.fix_" and the kind.
func FixKinds() []string {
	return []string{"trim", "spaces", "decimal_comma", "decimal_zero", "iso_date", "boolean", "case_enum", "phone", "column_name"}
}

// Mend returns value after a fix of the kind for the field, and whether the fix applies. A fix only rewrites: the
// meaning stays. It does not check the result against the other rules of the field; a [Checker] proposes a fix only
// when the result passes them all.
func Mend(kind, value string, f Field) (string, bool) {
	trimmed := strings.TrimFunc(value, isBlank)
	after, ok := trimmed, trimmed != ""
	switch kind {
	case "trim":
	case "spaces":
		after, ok = mendSpaces(trimmed, f)
	case "decimal_comma":
		after, ok = mendNumber(trimmed, f)
	case "decimal_zero":
		after, ok = mendZero(trimmed)
	case "iso_date":
		after, ok = mendDate(trimmed, f)
	case "boolean":
		after, ok = mendBoolean(trimmed, f)
	case "case_enum":
		after, ok = mendEnum(trimmed, f)
	case "phone":
		after, ok = mendPhone(trimmed, f)
	case "column_name":
		after, ok = f.Name, f.Name != ""
	default:
		return value, false
	}
	if !ok || after == value {
		return value, false
	}
	return after, true
}

// isBlank says whether r is a space of any kind, visible or not.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' || r == '\u2060'
}

// mendSpaces removes the spaces inside numbers and codes: groups of digits, or of capitals and digits.
func mendSpaces(v string, f Field) (string, bool) {
	if strings.IndexFunc(v, isBlank) < 0 {
		return v, false
	}
	if f.Type == "number" || f.Type == "integer" {
		if !onlyNumber(v) || strings.Contains(v, ",") {
			return v, false
		}
		return french.Decimal(v)
	}
	digits := 0
	for _, r := range v {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case isBlank(r), r >= 'A' && r <= 'Z', r == '+':
		default:
			return v, false
		}
	}
	after := strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, v)
	return after, digits >= 4 && digits*2 > len(after)
}

// onlyNumber says whether v has nothing but digits, signs, spaces, commas and points: no unit to lose.
func onlyNumber(v string) bool {
	for _, r := range v {
		if (r < '0' || r > '9') && !isBlank(r) && !strings.ContainsRune("+-\u2212,.'\u2019", r) {
			return false
		}
	}
	return true
}

// mendNumber writes a French number with a point. "1,234" stays: it may be English for 1234.
func mendNumber(v string, f Field) (string, bool) {
	if f.Type != "number" || !onlyNumber(v) || !strings.Contains(v, ",") || f.DecimalChar == "," {
		return v, false
	}
	whole, decimals, _ := strings.Cut(strings.TrimLeft(v, "+-\u2212"), ",")
	if len(decimals) == 3 && len(whole) <= 3 && strings.TrimLeft(whole, "0") != "" {
		return v, false
	}
	after, ok := french.Decimal(v)
	if ok && f.DecimalChar != "." && f.DecimalChar != "" {
		after = strings.Replace(after, ".", f.DecimalChar, 1)
	}
	return after, ok
}

// mendZero removes decimals that are all zero: "2024.0", as spreadsheets and statistics tools export whole numbers.
func mendZero(v string) (string, bool) {
	whole, decimals, ok := strings.Cut(strings.Replace(v, ",", ".", 1), ".")
	if !ok || !isInteger(whole) || strings.Trim(decimals, "0") != "" || len(decimals) > 2 {
		return v, false
	}
	return whole, true
}

// mendDate rewrites a French date, day first and year in full, in the form the field asks for.
func mendDate(v string, f Field) (string, bool) {
	t, found, ok := french.Date(v)
	if !ok || !strings.Contains(found, "2006") || !strings.Contains(strings.ReplaceAll(found, "2006", ""), "2") ||
		strings.Contains(found, "Z07") {
		return v, false
	}
	withHour := strings.Contains(found, "15")
	switch {
	case f.Type == "datetime" && f.Format == "default":
		if !withHour {
			return v, false
		}
		return t.Format("2006-01-02T15:04:05"), true
	case f.Type != "date" && f.Type != "string", withHour && (t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0):
		return v, false
	}
	if f.Type == "date" && f.Format != "default" && f.Format != "any" {
		l := layoutOf(f.Format)
		if !slices.ContainsFunc(l.parts, func(p layoutPart) bool { return p.directive == 'd' }) {
			return v, false // would lose the day
		}
		return l.write(momentOf(t))
	}
	return t.Format("2006-01-02"), true
}

func mendBoolean(v string, f Field) (string, bool) {
	if f.Type != "boolean" {
		return v, false
	}
	truth, ok := french.Bool(v)
	values := f.FalseValues
	if truth {
		values = f.TrueValues
	}
	if !ok || len(values) == 0 {
		return v, false
	}
	for _, same := range values { // closest first: "OUI" becomes "oui" rather than "true"
		if strings.EqualFold(same, v) {
			return same, true
		}
	}
	return values[0], true
}

// mendEnum finds the one listed value that is the same but for case, accents, apostrophes and spaces.
func mendEnum(v string, f Field) (string, bool) {
	key, match, n := loose(v), "", 0
	for _, e := range f.Constraints.Enum {
		if loose(e) == key {
			match = e
			n++
		}
	}
	return match, n == 1
}

// loose is how two labels are compared when case, accents, apostrophes, hyphens, underscores and spaces do not count.
func loose(v string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) || strings.ContainsRune("_-'.\u2019\u2010\u2011\u2013`", r) {
			return -1
		}
		return r
	}, french.Fold(v))
}

// mendPhone writes a number as the field's example is: international, or ten digits.
func mendPhone(v string, f Field) (string, bool) {
	after, ok := identifier.PhoneE164(v)
	if national, found := strings.CutPrefix(after, "+33"); ok && found && strings.HasPrefix(f.Example, "0") {
		after = "0" + national
	}
	return after, ok
}
