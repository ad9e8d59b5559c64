package grid

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/french"
)

// A Look is how a grid is looked at: which rows, in which order. Columns are named as the table names them.
type Look struct {
	Where  []dataset.Filter
	Search string // in every column, case and accents aside; "" for none
	Order  []dataset.Order
	// Found keeps the rows in which something was found that matters as much, or more, and is still there: a cell edited since counts as mended,
	// unless what was typed is not of its column's type, which is an error. "" keeps all rows.
	Found finding.Severity
}

// Plain reports whether the look is every row in the order of the table.
func (l Look) Plain() bool {
	return len(l.Where) == 0 && l.Search == "" && len(l.Order) == 0 && l.Found == ""
}

// Severities are those of the findings that Found keeps.
func (l Look) Severities() []finding.Severity {
	switch l.Found {
	case finding.Error:
		return []finding.Severity{finding.Error}
	case finding.Warning:
		return []finding.Severity{finding.Error, finding.Warning}
	}
	return nil
}

// What a look may ask.
const (
	FiltersMost = 20
	OrdersMost  = 8
	SearchMost  = 200 // characters
)

// An address names the operators shortly.
var operators = []struct {
	name string
	op   dataset.Op
}{
	{"contains", dataset.Contains}, {"starts", dataset.StartsWith}, {"eq", dataset.Equal}, {"ne", dataset.NotEqual}, {"in", dataset.OneOf},
	{"gt", dataset.Greater}, {"ge", dataset.GreaterOrEqual}, {"lt", dataset.Less}, {"le", dataset.LessOrEqual},
	{"empty", dataset.IsNull}, {"filled", dataset.IsNotNull},
}

// Operators lists the names of the operators in addresses, the most wanted first. The word for each is "gridweb.op_" + the name.
func Operators() []string {
	names := make([]string, len(operators))
	for i, o := range operators {
		names[i] = o.name
	}
	return names
}

// Bare reports whether an operator takes no value.
func Bare(operator string) bool { return operator == "empty" || operator == "filled" }

// ReadLook reads a look from an address: "search", "found" ("error", or "warning" for both), "sort" (slugs, "-" before one for the other way round, commas between) and "filter"
// (slug:operator:value, as often as there are filters; values of "in" stand between bars). Values may be written as in France. Faults:
// Invalid "grid.unknown_filter" of the field "filter", "grid.bad_filter_value", "grid.too_many_filters"; a column that is no more in "sort"
// is left aside.
func ReadLook(q url.Values, columns []dataset.ColumnProfile) (l Look, err error) {
	l.Search = strings.TrimSpace(q.Get("search"))
	if runes := []rune(l.Search); len(runes) > SearchMost {
		l.Search = string(runes[:SearchMost])
	}
	if found := finding.Severity(q.Get("found")); found == finding.Error || found == finding.Warning {
		l.Found = found
	}
	for _, name := range strings.Split(q.Get("sort"), ",") {
		slug, down := strings.CutPrefix(name, "-")
		at := slices.IndexFunc(columns, func(c dataset.ColumnProfile) bool { return c.Slug == slug && slug != "" })
		if at >= 0 && len(l.Order) < OrdersMost && !l.orders(columns[at].Name) {
			l.Order = append(l.Order, dataset.Order{Column: columns[at].Name, Descending: down})
		}
	}
	if len(q["filter"]) > FiltersMost {
		return l, fault.Field("filter", "grid.too_many_filters", FiltersMost)
	}
	for _, text := range q["filter"] {
		f, err := readFilter(text, columns)
		if err != nil {
			return l, err
		}
		l.Where = append(l.Where, f)
	}
	return l, nil
}

func (l Look) orders(column string) bool {
	return slices.ContainsFunc(l.Order, func(o dataset.Order) bool { return o.Column == column })
}

func readFilter(text string, columns []dataset.ColumnProfile) (f dataset.Filter, err error) {
	parts := strings.SplitN(text, ":", 3)
	unknown := fault.Field("filter", "grid.unknown_filter", text)
	if len(parts) < 2 {
		return f, unknown
	}
	at := slices.IndexFunc(columns, func(c dataset.ColumnProfile) bool { return c.Slug == parts[0] })
	op := slices.IndexFunc(operators, func(o struct {
		name string
		op   dataset.Op
	}) bool {
		return o.name == parts[1]
	})
	if at < 0 || op < 0 || len(parts) == 3 == Bare(parts[1]) && (len(parts) != 3 || parts[2] != "") {
		return f, unknown
	}
	c := columns[at]
	f = dataset.Filter{Column: c.Name, Op: operators[op].op}
	if Bare(parts[1]) {
		return f, nil
	}
	values := []string{parts[2]}
	if f.Op == dataset.OneOf {
		values = strings.Split(parts[2], "|")
	}
	for _, v := range values {
		v = strings.TrimSpace(v)
		kind := c.Storage
		if f.Op == dataset.Contains || f.Op == dataset.StartsWith {
			kind = dataset.TypeText
		}
		typed, ok := Canonical(kind, v)
		if !ok || typed == "" {
			return f, fault.Field("value", "grid.bad_filter_value", c.Name, v)
		}
		f.Values = append(f.Values, typed)
	}
	return f, nil
}

// Canonical writes a value that somebody typed as a column of the type stores it: "1 234,5" is 1234.5 and "31/12/2026" is 2026-12-31. ok is
// false when it is not of the type. "" is "".
func Canonical(t dataset.Type, typed string) (value string, ok bool) {
	if typed == "" {
		return "", true
	}
	switch t {
	case dataset.TypeInteger:
		d, ok := french.Decimal(typed)
		_, err := strconv.ParseInt(d, 10, 64)
		return d, ok && err == nil
	case dataset.TypeNumber:
		return french.Decimal(typed)
	case dataset.TypeBoolean:
		b, ok := french.Bool(typed)
		return strconv.FormatBool(b), ok
	case dataset.TypeDate, dataset.TypeDateTime:
		at, _, ok := french.Date(typed)
		if t == dataset.TypeDate {
			return at.Format(time.DateOnly), ok
		}
		return at.Format("2006-01-02T15:04:05"), ok
	}
	return typed, true
}
