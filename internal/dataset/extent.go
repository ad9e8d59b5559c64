package dataset

import (
	"strconv"
	"strings"

	"cultured/internal/geo"
	"cultured/internal/identifier"
)

// An extent follows places and territories while rows go by: they need two columns at once.
type extent struct {
	columns []*gatherer
	pairs   [][2]int // candidate columns: latitude or y, longitude or x
	boxes   []extentBox
}

type extentBox struct {
	degrees, metres Box
	n, m            int64
}

// newExtent pairs the columns that may be coordinates, by their names.
func newExtent(columns []*gatherer) extent {
	e := extent{columns: columns}
	for i, g := range columns {
		for _, axis := range [...][2]Semantic{{SemanticLatitude, SemanticLongitude}, {SemanticLambertY, SemanticLambertX}} {
			if len(e.pairs) >= 8 || !g.head.holds(namesOf(axis[0])) {
				continue
			}
			if j := nearestNamed(columns, i, namesOf(axis[1])); j >= 0 {
				e.pairs = append(e.pairs, [2]int{i, j})
				e.boxes = append(e.boxes, extentBox{degrees: geo.EmptyBox, metres: geo.EmptyBox})
			}
		}
	}
	return e
}

// nearestNamed is the column with one of the names closest to column i, -1 for none.
func nearestNamed(columns []*gatherer, i int, names string) int {
	best := -1
	for j, g := range columns {
		if g.head.holds(names) && (best < 0 || abs(j-i) < abs(best-i)) {
			best = j
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

func namesOf(s Semantic) string {
	for i := range meanings {
		if meanings[i].is == s {
			return meanings[i].names
		}
	}
	return ""
}

func (e *extent) add(cells []string) {
	for k, p := range e.pairs {
		if p[0] >= len(cells) || p[1] >= len(cells) {
			continue
		}
		a, b := describeCell(cells[p[0]]), describeCell(cells[p[1]])
		if a.kind != kindNumber && a.kind != kindInteger || b.kind != kindNumber && b.kind != kindInteger {
			continue
		}
		lat, lon := a.number, b.number
		switch {
		case isLambert(lon, lat):
			e.boxes[k].metres.Extend(geo.Position{lon, lat})
			e.boxes[k].m++
		case isPlace(lat, lon) && (lat != 0 || lon != 0):
			e.boxes[k].degrees.Extend(geo.Position{lon, lat})
			e.boxes[k].n++
		}
	}
}

// finish writes the extents of the table.
func (e *extent) finish(p *Profile, columns []*gatherer) {
	for k, pair := range e.pairs {
		b := e.boxes[k]
		y, x := p.Columns[pair[0]].Semantic, p.Columns[pair[1]].Semantic
		switch {
		case y == SemanticLatitude && x == SemanticLongitude && b.n > 0:
			p.merge(b.degrees)
		case y == SemanticLambertY && x == SemanticLambertX && b.m > 0:
			p.merge(degreesOf(b.metres))
		}
	}
	for i, c := range p.Columns {
		switch c.Semantic {
		case SemanticPoint:
			box := geo.EmptyBox
			for _, v := range columns[i].tally.values() {
				if lat, lon, ok := readPoint(v.Value); ok {
					box.Extend(geo.Position{lon, lat})
				}
			}
			if box.West <= box.East {
				p.merge(box)
			}
		case "commune", "departement", "region", "epci":
			p.territories(string(c.Semantic), columns[i])
		}
		p.dates(c)
	}
}

// degreesOf turns a box in Lambert-93 metres into degrees: its four corners and the middles of its sides, since the
// sides are curved.
func degreesOf(m Box) Box {
	out := geo.EmptyBox
	for _, fx := range [...]float64{0, .5, 1} {
		for _, fy := range [...]float64{0, .5, 1} {
			out.Extend(geo.Lambert93.Degrees(geo.Position{m.West + fx*(m.East-m.West), m.South + fy*(m.North-m.South)}))
		}
	}
	return out
}

func (p *Profile) merge(b Box) {
	b.West, b.South, b.East, b.North = round5(b.West), round5(b.South), round5(b.East), round5(b.North)
	if p.Box == nil {
		p.Box = &b
		return
	}
	p.Box.Extend(geo.Position{b.West, b.South})
	p.Box.Extend(geo.Position{b.East, b.North})
}

// territoriesKept is how many codes of a column a profile keeps.
const territoriesKept = 200

func (p *Profile) territories(kind string, g *gatherer) {
	n := 0
	for _, v := range g.tally.values() {
		code := identifier.Normalise(identifier.Kind(kind), v.Value)
		if n < territoriesKept && identifier.Check(identifier.Kind(kind), code) {
			p.Territories = append(p.Territories, Territory{kind, strings.Clone(code), v.Count})
			n++
		}
	}
}

// dates widens the dates of the table by those of a column: days, or years.
func (p *Profile) dates(c ColumnProfile) {
	from, to := "", ""
	switch {
	case c.Semantic == SemanticBirth:
		return
	case c.Dates != nil:
		from, to = c.Dates.Min[:10], c.Dates.Max[:10]
	case c.Semantic == SemanticYear && c.Numbers != nil && c.Numbers.Min >= 1000 && c.Numbers.Max < 3000:
		from, to = yearText(c.Numbers.Min)+"-01-01", yearText(c.Numbers.Max)+"-12-31"
	default:
		return
	}
	if from < "1900-01-02" || to > "2098" {
		return // placeholders: nothing sure
	}
	if p.Dates == nil {
		p.Dates = &DateExtent{from, to}
		return
	}
	p.Dates.From, p.Dates.To = min(p.Dates.From, from), max(p.Dates.To, to)
}

func yearText(v float64) string { return strconv.Itoa(int(v)) }
