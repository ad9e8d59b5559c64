package form

import (
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/geo"
)

// An Area is where the point of an answer may lie.
type Area string

// The areas.
const (
	Anywhere Area = ""
	France   Area = "france" // and its overseas territories; roughly, see [geo.InFrance]
)

// readPoint reads a latitude and a longitude, each in a text of its own or both in one, as copied from a map. Where they only make sense
// the other way round, the refusal says them so.
func (b Block) readPoint(given []string) ([]string, *fault.Error) {
	if len(given) == 1 {
		given = halves(given[0])
	}
	if len(given) != 2 {
		return nil, b.wrong("form.answer_point")
	}
	lat, latOK := french.Number(given[0])
	lon, lonOK := french.Number(given[1])
	at, turned := geo.Position{lon, lat}, geo.Position{lat, lon}
	switch {
	case !latOK || !lonOK:
		return nil, b.wrong("form.answer_point")
	case b.Area == France && !geo.InFrance(at) && geo.InFrance(turned), !at.OnEarth() && turned.OnEarth():
		return nil, b.wrong("form.point_swapped", given[1], given[0])
	case !at.OnEarth():
		return nil, b.wrong("form.answer_point")
	case b.Area == France && !geo.InFrance(at):
		return nil, b.wrong("form.point_abroad")
	}
	return []string{strconv.FormatFloat(lat, 'f', -1, 64) + "," + strconv.FormatFloat(lon, 'f', -1, 64)}, nil
}

// halves cuts a pair as it is kept (48.1,-1.68) or as people write it (48,1 ; -1,68 or 48,1 -1,68).
func halves(text string) []string {
	for _, sign := range []string{";", " ", "\t"} {
		if strings.Contains(strings.TrimSpace(text), sign) {
			parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(sign, r) })
			for i := range parts {
				parts[i] = strings.Trim(parts[i], " ,")
			}
			return parts
		}
	}
	return strings.Split(text, ",")
}
