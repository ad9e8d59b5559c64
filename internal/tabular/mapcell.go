package tabular

import (
	"strconv"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

// mapCells makes the cells of the shapes of a map: their geometry as GeoJSON, and where they are when they are points.
type mapCells struct {
	to     *geo.Projection // of the map; nil when it is not known, and coordinates stay as they are
	points bool            // each shape is one point
	limits Limits
	text   []byte
}

// names adds the columns of the shapes to those of their attributes.
func (m *mapCells) names(columns []string) []string {
	add := []string{"geometry"}
	switch {
	case m.points && m.to != nil:
		add = append(add, "latitude", "longitude")
	case m.points:
		add = append(add, "x", "y")
	}
	for _, name := range add {
		columns = append(columns, freeName(columns, name))
	}
	return columns
}

// append adds the cells of one shape, blank ones where it is none or is nowhere on the Earth. g is changed. A geometry may
// be as large as a row. Faults: TooLarge "tabular.cell_too_large".
func (m *mapCells) append(cells []string, g geo.Geometry, row int) ([]string, error) {
	cells, err := m.write(cells, g, row)
	if err != nil || !m.points {
		return cells, err
	}
	place, only := g.Only()
	if !only || len(m.text) == 0 {
		return append(cells, "", ""), nil
	}
	if m.to != nil {
		place[0], place[1] = place[1], place[0]
	}
	return append(cells, string(geo.AppendDegrees(nil, place[0])), string(geo.AppendDegrees(nil, place[1]))), nil
}

// write adds the one cell of a geometry: see append.
func (m *mapCells) write(cells []string, g geo.Geometry, row int) ([]string, error) {
	m.text = m.text[:0]
	if g.Convert(m.to) {
		m.text = g.AppendGeoJSON(m.text)
	}
	if most := m.limits.CellBytes * rowFactor; len(m.text) > most {
		return nil, fault.New(fault.TooLarge, "tabular.cell_too_large", row, len(cells)+1, most)
	}
	return append(cells, string(m.text)), nil
}

// settle decides how the coordinates of a map are read and says why. p is the projection announced, nil when there is none or it
// is not known; announced is what it is called, "" for none; around is the extent of the map in its own coordinates.
func (m *mapCells) settle(p *geo.Projection, announced string, around geo.Box, reading *Reading) {
	degrees := geo.Position{around.West, around.South}.OnEarth() && geo.Position{around.East, around.North}.OnEarth()
	switch known := p != nil; {
	case around.Empty() || around == geo.Box{}: // nothing to hold against
		degrees = known && p.Plain()
	case known && p.Plain() && !degrees:
		reading.note("tabular.note_not_degrees", p.Name)
		p, announced = nil, ""
		if !lambertMap(around) {
			return
		}
	}
	m.to = p
	switch {
	case p != nil && p.Plain():
	case p != nil && p.Metres > 1:
		reading.note("tabular.note_projection_old", p.Name, strconv.Itoa(p.Metres))
	case p != nil:
		reading.note("tabular.note_projection", p.Name)
	case announced != "":
		reading.note("tabular.note_projection_unknown", announced)
	case lambertMap(around):
		m.to = geo.Lambert93
		reading.note("tabular.note_projection_guessed", m.to.Name)
	case degrees:
		m.to = &geo.Projection{Name: "WGS 84"}
		reading.note("tabular.note_projection_degrees")
	default:
		reading.note("tabular.note_projection_none")
	}
}

// lambertMap says whether an extent in metres is one of Lambert-93 in the mainland. The conics CC42 to CC50 have larger x, the
// zones of NTF and UTM smaller y.
func lambertMap(b geo.Box) bool {
	return b.West >= 75_000 && b.East <= 1_275_000 && b.South >= 6_000_000 && b.North <= 7_200_000
}

// textCell makes a cell of bytes that should be UTF-8; stray bytes are read as windows-1252.
func textCell(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string(decodeText(nil, b, &windows1252, true))
}
