package tabular

import (
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

func isGPX(s *source) bool { return rootOf(s) == "gpx" }

// The layers of a GPX file, called as mapping software does, in the order they are offered.
const (
	gpxWaypoints = iota
	gpxTracks
	gpxRoutes
	gpxTrackPoints
	gpxRoutePoints
)

var gpxNames = [...]string{gpxWaypoints: "waypoints", gpxTracks: "tracks", gpxRoutes: "routes", gpxTrackPoints: "track_points", gpxRoutePoints: "route_points"}

// openGPX opens a layer: the places, the ways or their points. Source: Topografix, "GPX 1.1 Schema Documentation".
func openGPX(s *source, opt Options) (Table, error) {
	m := &markup{source: s, title: "GPX", limits: opt.Limits}
	m.scan = func(w *walker, layers *xmlLayers) error {
		if len(layers.all) == 0 {
			for _, name := range gpxNames {
				l := layers.add(name, opt.Limits)
				l.points = name != "tracks" && name != "routes"
			}
		}
		g := &gpxScan{walker: w, layers: layers}
		return w.root(g.element)
	}
	return m.open(opt, s.reading)
}

// gpxScan is one reading of a document.
type gpxScan struct {
	*walker
	layers *xmlLayers
}

// element reads a place or a way.
func (g *gpxScan) element(path []string) (bool, error) {
	if len(path) > 1 {
		return false, nil
	}
	switch path[0] {
	case "wpt":
		return true, g.point(g.layers.all[gpxWaypoints], nil)
	case "trk":
		return true, g.way(gpxTracks, gpxTrackPoints)
	case "rte":
		return true, g.way(gpxRoutes, gpxRoutePoints)
	}
	return false, nil
}

// position reads where the element that has just started is.
func (g *gpxScan) position(row int) (geo.Position, error) {
	lat, err := strconv.ParseFloat(string(g.x.attr("lat")), 64)
	lon, errLon := strconv.ParseFloat(string(g.x.attr("lon")), 64)
	if err != nil || errLon != nil {
		return geo.Position{}, fault.New(fault.Invalid, "tabular.broken_shape", row)
	}
	return geo.Position{lon, lat}, nil
}

// point reads a place, a point of a track or of a route. before adds what is known of the way.
func (g *gpxScan) point(l *xmlLayer, before func() error) error {
	at, err := g.position(l.records + 1)
	if err != nil {
		return err
	}
	l.begin()
	l.shape = geo.Geometry{Kind: geo.Point, Lines: [][]geo.Position{{at}}}
	if before != nil {
		if err := before(); err != nil {
			return err
		}
	}
	if err := g.walk(g.links(l), g.fields(l, nil)); err != nil {
		return err
	}
	return g.layers.emit(l)
}

// links takes the address of a link, which is an attribute.
func (g *gpxScan) links(l *xmlLayer) func(path []string) (bool, error) {
	return func(path []string) (bool, error) {
		if len(path) != 1 || path[0] != "link" {
			return false, nil
		}
		return false, l.set("link", "link", g.x.attr("href"))
	}
}

// fields makes columns of the texts of an element and of its extensions; also is told those of the element itself.
func (g *gpxScan) fields(l *xmlLayer, also func(name string, text []byte)) func(path []string, text []byte) error {
	return func(path []string, text []byte) error {
		name := path[len(path)-1]
		switch {
		case path[0] == "extensions":
			return l.set("extensions "+name, name, text)
		case len(path) > 1 || name == "link":
			return nil
		}
		if also != nil {
			also(name, text)
		}
		return l.set(name, name, text)
	}
}

// way reads a track or a route, and its points.
func (g *gpxScan) way(ways, points int) error {
	l, inside := g.layers.all[ways], g.layers.all[points]
	l.begin()
	var lines [][]geo.Position
	kept, segment := 0, 0
	title := strconv.Itoa(l.records + 1)
	links := g.links(l)
	err := g.walk(func(path []string) (bool, error) {
		switch name := path[len(path)-1]; name {
		case "trkseg":
			segment++
			lines = append(lines, nil)
		case "trkpt", "rtept":
			if len(lines) == 0 {
				lines = append(lines, nil)
			}
			if l.wanted {
				at, err := g.position(l.records + 1)
				if kept++; err == nil && kept > l.limits.CellBytes*rowFactor/16 {
					err = fault.New(fault.TooLarge, "tabular.row_too_large", l.records+1, l.limits.CellBytes*rowFactor)
				}
				if err != nil {
					return true, err
				}
				lines[len(lines)-1] = append(lines[len(lines)-1], at)
			}
			return true, g.point(inside, func() error {
				if points == gpxRoutePoints {
					return inside.set("way", "route", []byte(title))
				}
				if err := inside.set("way", "track", []byte(title)); err != nil {
					return err
				}
				return inside.set("segment", "segment", []byte(strconv.Itoa(max(segment, 1))))
			})
		}
		return links(path)
	}, g.fields(l, func(name string, text []byte) {
		if name == "name" && len(text) > 0 {
			title = string(text)
		}
	}))
	if err != nil {
		return err
	}
	if l.wanted {
		l.shape = way(lines)
	}
	return g.layers.emit(l)
}

// way makes a geometry of the lines of a track.
func way(lines [][]geo.Position) geo.Geometry {
	var filled [][]geo.Position
	for _, line := range lines {
		if len(line) > 1 {
			filled = append(filled, line)
		}
	}
	switch {
	case len(filled) == 1:
		return geo.Geometry{Kind: geo.LineString, Lines: filled}
	case len(filled) > 1:
		return geo.Geometry{Kind: geo.MultiLineString, Lines: filled}
	case len(lines) > 0 && len(lines[0]) == 1:
		return geo.Geometry{Kind: geo.Point, Lines: lines[:1]}
	}
	return geo.Geometry{}
}
