package dataset

import (
	"strings"

	"cultured/internal/finding"
	"cultured/internal/french"
)

// dimensions are the units of one kind of quantity, as people write them after a number; those written alike once folded
// are one. Only units of one dimension are compared: "3 bis" has none.
var dimensions = [...]string{
	"mm|cm|dm|m|km|metre:m|metres:m|kilometre:km|kilometres:km|centimetre:cm|centimetres:cm|millimetres:mm",
	"mg|g|kg|t|gramme:g|grammes:g|kilo:kg|kilos:kg|kilogramme:kg|kilogrammes:kg|tonne:t|tonnes:t",
	"m2|ha|km2|m²:m2|km²:km2|hectare:ha|hectares:ha",
	"ml|cl|l|hl|m3|m³:m3|litre:l|litres:l|hectolitres:hl",
	"s|min|h|j|mois|an|mn:min|minute:min|minutes:min|heure:h|heures:h|jour:j|jours:j|ans:an|annee:an|annees:an",
	"€|k€|m€|md€|eur:€|euro:€|euros:€|keur:k€|meur:m€|milliers d'euros:k€|millions d'euros:m€",
	"wh|kwh|mwh|gwh|twh", "w|kw|mw|gw", "o|ko|mo|go|to", "%|‰|pour cent:%", "m/s|km/h|kmh:km/h",
}

// A unit is one of a dimension.
type unit struct {
	name      string // folded
	dimension int
}

var units = func() map[string]unit {
	out := map[string]unit{}
	for i, d := range dimensions {
		for u := range strings.SplitSeq(d, "|") {
			written, name, ok := strings.Cut(u, ":")
			if !ok {
				name = written
			}
			out[written] = unit{name, i}
		}
	}
	return out
}()

// unitSigns are how units are written, where folding changes that.
var unitSigns = map[string]string{"m2": "m²", "km2": "km²", "m3": "m³", "m€": "M€", "md€": "Md€", "wh": "Wh", "kwh": "kWh", "mwh": "MWh", "gwh": "GWh",
	"twh": "TWh", "w": "W", "kw": "kW", "mw": "MW", "gw": "GW", "o": "o", "ko": "ko", "mo": "Mo", "go": "Go", "to": "To"}

// String is the sign of the unit.
func (u unit) String() string {
	if sign, ok := unitSigns[u.name]; ok {
		return sign
	}
	return u.name
}

// measured reads the unit of a number with one: "12 km", "500 [mm]", "3,5k€".
func measured(v string) (unit, bool) {
	if len(v) < 2 || len(v) > 32 || (v[0] < '0' || v[0] > '9') && v[0] != '-' && v[0] != '+' {
		return unit{}, false
	}
	at := strings.LastIndexAny(v, "0123456789")
	if strings.HasSuffix(v, "m2") || strings.HasSuffix(v, "m3") {
		at = strings.LastIndexAny(v[:len(v)-2], "0123456789")
	}
	if at < 0 {
		return unit{}, false
	}
	u, ok := units[strings.Trim(french.Fold(strings.Trim(v[at+1:], " \u00A0\u202F[]().")), " ")]
	if !ok {
		return u, false
	}
	_, ok = french.Number(v[:at+1])
	return u, ok
}

// unitOf is the unit of a cell; the zero unit for a number without one. ok is false for what is no number.
func unitOf(c *cell) (u unit, ok bool) {
	switch {
	case c.kind != kindInteger && c.kind != kindNumber && c.kind != kindText:
		return u, false
	case c.kind != kindText && !c.flags.has(flagPercent) && !c.flags.has(flagEuro):
		return u, true
	}
	return measured(c.text)
}

// unitShare is the least share of the values that are numbers, with a unit or without, for units to be compared.
const unitShare = 0.8

// decideUnits finds the usual unit of the column, when some value has another, or none.
func (o *opinion) decideUnits(values int64) {
	g := o.gathered
	if g.numbered == values && g.flagged[flagPercent] == 0 && g.flagged[flagEuro] == 0 || !g.startsWithDigits() {
		return
	}
	counts := map[unit]int64{}
	all, known := int64(0), int64(0)
	for _, v := range g.tally.values() {
		c := describeCell(v.Value)
		if c.kind == kindBlank || c.kind == kindToken {
			continue
		}
		all += v.Count
		if u, ok := unitOf(&c); ok {
			known += v.Count
			counts[u] += v.Count
		}
	}
	if float64(known) < unitShare*float64(all) || len(counts) < 2 {
		return
	}
	for u, n := range counts {
		if n > counts[o.unit] || n == counts[o.unit] && (o.unit.name == "" || u.name != "" && u.name < o.unit.name) {
			o.unit = u
		}
	}
	o.units = true
	o.active = true
}

// startsWithDigits says whether some value starts with a digit or a sign, and goes on with something else.
func (g *gatherer) startsWithDigits() bool {
	for p := range g.patterns {
		if p[0] == '9' || p[0] == '-' || p[0] == '+' {
			if strings.ContainsAny(p, "aA%€‰²³") {
				return true
			}
		}
	}
	return false
}

// unitCell tells about a value in another unit than the others. It says whether it found something.
func (o *opinion) unitCell(row int, v string, c *cell, sink finding.Sink) bool {
	u, ok := unitOf(c)
	switch {
	case !ok || u == o.unit || c.number == 0 && c.kind != kindText:
		return false
	case o.unit.name == "":
		sink(o.finding(row, v, "dataset.lone_unit", finding.Warning))
	case u.name == "":
		sink(o.finding(row, v, "dataset.no_unit", finding.Info, o.unit.String()))
	case u.dimension != o.unit.dimension:
		return false
	default:
		sink(o.finding(row, v, "dataset.other_unit", finding.Warning, o.unit.String()))
	}
	return true
}
