package dataset

import (
	"math"
	"strconv"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// cell sends what is wrong with one cell, not blank.
func (o *opinion) cell(row int, v string, sink finding.Sink) {
	c := describeCell(v)
	if c.flags != 0 {
		o.writing(row, v, c, sink)
	}
	switch c.kind {
	case kindBlank:
		return
	case kindToken:
		o.token(row, v, sink)
		return
	}
	if o.traced {
		o.traces(row, v, sink)
	}
	if o.identity != "" && o.identityCell(row, c, sink) {
		return
	}
	if o.units && o.unitCell(row, v, &c, sink) {
		return
	}
	if o.typed(row, v, c, sink) {
		return
	}
	if o.isolated && (c.kind == kindInteger || c.kind == kindNumber) && o.fences.far(c.number) {
		o.far(row, v, c, sink)
	}
	if variant, ok := o.variants[v]; ok {
		f := o.finding(row, v, variant.reason, variant.severity)
		f.Args = append(f.Args, variant.to)
		if variant.sure {
			f.Fix, f.After = "case_variant", variant.to
		}
		sink(f)
	}
}

// far tells about a number far from all others.
func (o *opinion) far(row int, v string, c cell, sink finding.Sink) {
	if f, ok := unitFactor(c.number, o.profile.Numbers.Q1, o.profile.Numbers.Q3); ok && f > 1 {
		sink(o.finding(row, v, "dataset.unit_larger", finding.Info, shortNumber(f)))
	} else if ok {
		sink(o.finding(row, v, "dataset.unit_smaller", finding.Info, shortNumber(math.Round(1/f))))
	} else {
		sink(o.finding(row, v, "dataset.outlier", finding.Info, shortNumber(o.fences.from), shortNumber(o.fences.to)))
	}
}

// send sends a finding with the fix, when the fix gives something else.
func (o *opinion) send(f finding.Finding, v string, fix Fix, sink finding.Sink) {
	if after, changed := Apply(fix, v); changed {
		f.Fix, f.After = fix.Kind, strings.Clone(cutRunes(after, 200))
	}
	sink(f)
}

// writing tells about characters: spaces, invisible and broken ones.
func (o *opinion) writing(row int, v string, c cell, sink finding.Sink) {
	if c.flags.has(flagEdge) || c.flags.has(flagDouble) {
		o.send(o.finding(row, v, "dataset.spaces", finding.Warning), v, Fix{Kind: "trim"}, sink)
	}
	if c.flags.has(flagNoBreak) && (c.kind == kindInteger || c.kind == kindNumber || c.kind == kindText) {
		o.send(o.finding(row, v, "dataset.no_break", finding.Warning), v, Fix{Kind: "spaces"}, sink)
	}
	if c.flags.has(flagControl) && !c.flags.has(flagMojibake) {
		o.send(o.finding(row, v, "dataset.control", finding.Warning), v, Fix{Kind: "control"}, sink)
	}
	if c.flags.has(flagMojibake) {
		o.send(o.finding(row, v, "dataset.mojibake", finding.Warning), v, Fix{Kind: "mojibake"}, sink)
	}
	if c.flags.has(flagLost) {
		sink(o.finding(row, v, "dataset.lost_characters", finding.Warning))
	}
	if c.flags.has(flagScience) && c.kind == kindNumber && (c.number >= 1e9 || o.profile.Semantic != SemanticNone) {
		sink(o.finding(row, v, "dataset.science", finding.Warning))
	}
	if c.flags.has(flagHolder) && o.isHolder(c) {
		sink(o.finding(row, v, "dataset.placeholder_date", finding.Warning))
	}
}

// isHolder says whether a suspicious day is no day of a long series: nothing comes before the first, nor after the last.
func (o *opinion) isHolder(c cell) bool {
	if o.profile.Type != TypeDate && o.profile.Type != TypeDateTime {
		return false
	}
	d := &o.gathered.dates
	return c.kind == kindText || c.number == d.min || c.number == d.max || c.number > 4e9
}

// token tells about a mark for a missing value. In a column of texts, only marks that can be nothing else are mended:
// "NC" may be New Caledonia, « néant » may be an answer.
func (o *opinion) token(row int, v string, sink finding.Sink) {
	switch o.profile.Semantic {
	case SemanticGivenName, SemanticFamilyName, SemanticFullName:
		return // Nil and Nd are names
	}
	f := o.finding(row, v, "dataset.missing_mark", finding.Info)
	if o.emptiable(v) {
		f.Fix = "missing"
		f.Severity = finding.Warning
	} else if len(v) > 4 {
		return
	}
	sink(f)
}

func (o *opinion) emptiable(v string) bool {
	return o.profile.Type != TypeText || strings.Trim(french.Fold(v), "/.-?#…() ") == "" || strings.ContainsAny(v, "/#<")
}

// identityCell tells about a code that is not one. It says whether it found something.
func (o *opinion) identityCell(row int, c cell, sink finding.Sink) bool {
	if identifier.Check(o.identity, c.text) {
		return false
	}
	if _, ok := withZero(o.profile.Semantic, c.text); ok {
		o.send(o.finding(row, c.text, "dataset.leading_zero", finding.Warning), c.text, Fix{Kind: "leading_zero", Semantic: o.profile.Semantic}, sink)
		return true
	}
	if _, ok := bareCode(c.text); ok {
		o.floated(row, c.text, sink)
		return true
	}
	after := identifier.Normalise(o.identity, c.text)
	if identifier.Check(o.identity, after) {
		if strictKind(o.identity) {
			o.send(o.finding(row, c.text, "dataset.code_form", finding.Warning), c.text, Fix{Kind: "code_form", Semantic: o.profile.Semantic}, sink)
		}
		return true
	}
	if c.flags.has(flagScience) {
		return true // told already
	}
	sink(o.finding(row, c.text, "dataset.invalid_"+string(o.identity), finding.Warning))
	return true
}

// floated tells about a code that went through a spreadsheet as a number with decimals.
func (o *opinion) floated(row int, v string, sink finding.Sink) {
	if _, ok := withoutDecimals(o.profile.Semantic, v); !ok {
		sink(o.finding(row, v, "dataset.rounded_code", finding.Warning))
		return
	}
	o.send(o.finding(row, v, "dataset.decimal_code", finding.Warning), v, Fix{Kind: "decimal_zero", Semantic: o.profile.Semantic}, sink)
}

// typed tells about a value that is not of the column's type. It says whether it found something.
func (o *opinion) typed(row int, v string, c cell, sink finding.Sink) bool {
	switch o.profile.Type {
	case TypeInteger, TypeNumber:
		if c.kind == kindInteger || c.kind == kindNumber {
			return false
		}
		if isSecretMark(c.text) {
			sink(o.finding(row, v, "dataset.secret_mark", finding.Info))
			return true
		}
		sink(o.finding(row, v, "dataset.not_number", finding.Warning))
	case TypeBoolean:
		if c.kind == kindBoolean || c.kind == kindInteger && (c.number == 0 || c.number == 1) {
			return false
		}
		sink(o.finding(row, v, "dataset.not_boolean", finding.Warning))
	case TypeDate, TypeDateTime:
		return o.dateCell(row, v, c, sink)
	default:
		return false
	}
	return true
}

// isSecretMark says whether v hides a small number, as statistical secrecy asks: "s", "<11", "c".
func isSecretMark(v string) bool {
	switch v {
	case "s", "S", "c", "C", "secret", "Secret":
		return true
	}
	return len(v) > 1 && v[0] == '<' && describeCell(strings.TrimLeft(v[1:], " =")).kind == kindInteger
}

func (o *opinion) dateCell(row int, v string, c cell, sink finding.Sink) bool {
	switch {
	case c.kind == kindDate || c.kind == kindDateTime:
		if o.isolated && o.fences.far(c.number) && !c.flags.has(flagHolder) {
			sink(o.finding(row, v, "dataset.far_date", finding.Warning, dayOf(o.fences.from), dayOf(o.fences.to)))
		}
		if o.layout == "" || sameWriting(c.layout, o.layout) {
			return false
		}
		f := o.finding(row, v, "dataset.date_layout", finding.Warning, layoutExample(o.layout))
		if o.sure || !isNumericLayout(c.layout) {
			o.send(f, v, Fix{Kind: "iso_date"}, sink)
		} else {
			sink(f)
		}
	case c.flags.has(flagUSDate):
		sink(o.finding(row, v, "dataset.month_first", finding.Warning))
	case c.flags.has(flagSerial) && o.plausible(c.number):
		o.send(o.finding(row, v, "dataset.excel_date", finding.Warning), v, Fix{Kind: "excel_date"}, sink)
	case c.flags.has(flagHolder): // told already
	case isPeriod(c.text):
	case impossibleDay(c.text):
		sink(o.finding(row, v, "dataset.impossible_date", finding.Warning))
	default:
		sink(o.finding(row, v, "dataset.not_date", finding.Warning))
	}
	return true
}

// plausible says whether a count of days since 1899 falls among the dates of the column, a year more or less.
func (o *opinion) plausible(days float64) bool {
	const year = 366 * 86400
	at := (days - 25569) * 86400
	d := &o.gathered.dates
	return d.total > 0 && at >= d.min-year && at <= d.max+year
}

// layoutExample writes the last day of 2024 in the layout: what the column mostly does.
func layoutExample(layout string) string {
	return strings.NewReplacer("January", "décembre", "2006", "2024", "06", "24", "15", "14", "02", "31", "01", "12", "2", "31", "1", "12",
		"04", "30", "05", "00", "Z07:00", "Z").Replace(layout)
}

// shortNumber writes a number in few digits, without exponent while that stays readable.
func shortNumber(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1e5 && a < 1e21:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 1e-12 && a < 1e-4:
		digits := 5 - int(math.Floor(math.Log10(a))) // six that count
		return strings.TrimRight(strconv.FormatFloat(v, 'f', digits, 64), "0")
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}
