package schema

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/french"
	"cultured/internal/identifier"
)

// ConversionKinds lists what a [Converter] may do beside the certain fixes of [FixKinds]. The words of a kind are
// "schema.convert_" and the kind. They rewrite what a person has seen and agreed to: a unit, a century, a lost zero.
func ConversionKinds() []string {
	return []string{"choice", "missing", "unit", "short_date", "spreadsheet_date", "period", "lost_zero"}
}

// A Converter writes the values of a column as a field asks. It is safe for concurrent use.
type Converter struct {
	column column
	chosen map[string]string
}

// NewConverter compiles the rules of s on one of its fields, and those checks of s that look at it alone.
func NewConverter(s *Schema, f Field) *Converter {
	missing := f.MissingValues
	if missing == nil {
		missing = s.MissingValues
	}
	col := column{field: f, tests: testsOf(f), required: f.Constraints.Required, missing: missing}
	for _, check := range s.CustomChecks {
		if check.Column == f.Name && slices.Contains(singleChecks, check.Name) {
			col.tests = append(col.tests, singleTest(check, f))
		}
	}
	return &Converter{column: col}
}

// singleChecks are the checks that look at one column.
var singleChecks = []string{"french-siret-value", "french-siren-value", "phone-number-value", "year-interval-value", "nomenclature-actes-value", "opening-hours-value"}

// Choosing returns a converter that writes these values so, whatever else it knows.
func (c *Converter) Choosing(values map[string]string) *Converter {
	return &Converter{c.column, values}
}

// Free says whether the field takes any text.
func (c *Converter) Free() bool { return len(c.column.tests) == 0 }

// Convert returns a value as the field asks. kind is what was done, one of [FixKinds] or [ConversionKinds], "" when the
// value was right already. ok is false when it stays as it is and is not right.
func (c *Converter) Convert(v string) (after, kind string, ok bool) {
	if chosen, found := c.chosen[v]; found && chosen != v {
		return chosen, "choice", chosen == "" || c.column.valid(chosen)
	}
	if v == "" || c.column.isMissing(v) || c.column.valid(v) {
		return v, "", true
	}
	if french.Missing(v) {
		return "", "missing", true
	}
	var halfway []string
	for _, kind := range c.kinds() {
		after, does := c.write(kind, v)
		switch {
		case !does || after == v:
		case c.column.valid(after):
			return after, kind, true
		default:
			halfway = append(halfway, after)
		}
	}
	for _, half := range halfway { // "3805449320029.0": first the decimals, then the zero
		for _, kind := range c.kinds() {
			if after, does := c.write(kind, half); does && c.column.valid(after) {
				return after, kind, true
			}
		}
	}
	return v, "", false
}

// kinds lists what may be tried, the most certain first.
func (c *Converter) kinds() []string {
	certain := slices.DeleteFunc(FixKinds(), func(kind string) bool { return kind == "column_name" })
	return append(certain, ConversionKinds()[2:]...)
}

// write does one kind of conversion.
func (c *Converter) write(kind, v string) (string, bool) {
	f := c.column.field
	v = strings.TrimFunc(v, isBlank)
	switch kind {
	case "unit":
		return withoutUnit(v, f)
	case "short_date":
		return fullDate(v, f)
	case "spreadsheet_date":
		return sheetDate(v, f)
	case "period":
		return period(v)
	case "lost_zero":
		return lostZero(v)
	}
	return Mend(kind, v, f)
}

// withoutUnit writes a number without the currency or percent sign beside it, and with a point.
func withoutUnit(v string, f Field) (string, bool) {
	if f.Type != "number" && f.Type != "integer" {
		return v, false
	}
	after, ok := french.Decimal(v)
	if ok && f.Type == "number" && f.DecimalChar != "" && f.DecimalChar != "." {
		after = strings.Replace(after, ".", f.DecimalChar, 1)
	}
	if whole, zero := mendZero(after); zero && f.Type == "integer" {
		after = whole
	}
	return after, ok
}

// fullDate writes a date whose year has two digits, or whose day has an hour the field does not ask for.
func fullDate(v string, f Field) (string, bool) {
	t, layout, ok := french.Date(v)
	if !ok || f.Type != "date" && f.Type != "string" || !strings.Contains(strings.NewReplacer("2006", "", "06", "").Replace(layout), "2") {
		return v, false
	}
	return mendDate(t.Format("2006-01-02"), f)
}

// sheetDate reads the number of days a spreadsheet keeps a date as, from 1954 to 2064: further away it is a number.
// Source: ECMA-376 part 1, 18.17.4.1 (1900 system).
func sheetDate(v string, f Field) (string, bool) {
	v, _ = strings.CutSuffix(v, ".0")
	if f.Type != "date" || len(v) != 5 || !isInteger(v) || v < "20000" || v >= "60000" {
		return v, false
	}
	days, err := strconv.Atoi(v)
	if err != nil {
		return v, false
	}
	return mendDate(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format("2006-01-02"), f)
}

// period writes two dates as ISO 8601 does, with a slash between them: "2017-01-01_2017-12-31", "du 1/1/2017 au 31/12/2017".
func period(v string) (string, bool) {
	fold := strings.TrimPrefix(french.Fold(v), "du ")
	for _, sign := range [...]string{"_", " au ", " a ", " - ", ";", ",", " ", "/"} {
		from, to, ok := strings.Cut(fold, sign)
		if !ok {
			continue
		}
		a, ok1 := isoDay(from)
		b, ok2 := isoDay(to)
		if ok1 && ok2 && a <= b {
			return a + "/" + b, true
		}
	}
	return v, false
}

func isoDay(v string) (string, bool) {
	t, layout, ok := french.Date(v)
	return t.Format("2006-01-02"), ok && strings.Contains(layout, "2006") && strings.Contains(strings.ReplaceAll(layout, "2006", ""), "2")
}

// lostZero gives back the zero a spreadsheet took from the front of a code, when the result is one for certain.
func lostZero(v string) (string, bool) {
	kinds := map[int]identifier.Kind{13: identifier.SIRET, 8: identifier.SIREN, 4: identifier.Commune}
	kind, ok := kinds[len(v)]
	if !ok || !isInteger(v) || v[0] == '0' {
		return v, false
	}
	return "0" + v, identifier.Check(kind, "0"+v)
}

// Nearest returns the listed value most like v: by its words, then by its letters. ok is false when none is near, or two
// are as near.
func Nearest(f Field, v string) (nearest string, ok bool) {
	if e, ok := mendEnum(v, f); ok {
		return e, true
	}
	words := nameWords(v)
	weights := make([][]string, len(f.Constraints.Enum))
	for i, e := range f.Constraints.Enum {
		weights[i] = nameWords(e)
	}
	common := wordWeights(weights)
	weigh := func(w string) float64 {
		if s, ok := common[w]; ok {
			return s
		}
		return 0.5
	}
	best, second := 0.0, 0.0
	for i, e := range f.Constraints.Enum {
		s := likeness(words, weights[i], weigh)
		key, other := loose(v), loose(e)
		if most := max(len(key), len(other)) / 4; most > 0 {
			if d := french.Distance(key, other, most); d <= most {
				s = max(s, 1-float64(d)/float64(max(len(key), len(other))))
			}
		}
		if s > best {
			nearest, best, second = e, s, best
		} else {
			second = max(second, s)
		}
	}
	if best < 0.4 || best-second < 0.05 {
		return "", false
	}
	return nearest, true
}
