package tabular

import (
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/geo"
)

func isKML(s *source) bool { return rootOf(s) == "kml" }

// openKML reads the placemarks of a KML document as one table. Source: OGC 12-007r2; Google, "KML Reference" for gx.
func openKML(s *source, opt Options) (Table, error) {
	m := &markup{source: s, title: "KML", limits: opt.Limits}
	link := ""
	m.scan = func(w *walker, layers *xmlLayers) error {
		if len(layers.all) == 0 {
			layers.add("", opt.Limits)
		}
		k := &kmlScan{walker: w, layer: layers.all[0], emit: layers.emit}
		err := w.root(k.container)
		link = k.link
		return err
	}
	t, err := m.open(opt, s.reading)
	if fault.Is(err, "tabular.nothing_to_read") && link != "" {
		return nil, fault.New(fault.Invalid, "tabular.kml_link", link)
	}
	return t, err
}

// kmlScan is one reading of a document.
type kmlScan struct {
	*walker
	layer   *xmlLayer
	emit    func(l *xmlLayer) error
	inside  bool     // the document
	folders []string // those that are open, and documents in the document, by their names
	link    string   // the first document the file only points to
}

// container reads what documents and folders hold.
func (k *kmlScan) container(path []string) (bool, error) {
	switch name := path[len(path)-1]; {
	case name == "Document" && !k.inside: // the one document of most files
		k.inside = true
		return true, k.walk(k.container, nil)
	case name == "Folder", name == "Document":
		k.folders = append(k.folders, "")
		err := k.walk(k.container, k.folderName)
		k.folders = k.folders[:len(k.folders)-1]
		return true, err
	case name == "Placemark":
		return true, k.placemark()
	case name == "NetworkLink":
		return true, k.walk(nil, func(path []string, text []byte) error {
			if path[len(path)-1] == "href" && k.link == "" {
				k.link = strings.TrimSpace(string(text[:min(len(text), 300)]))
			}
			return nil
		})
	}
	return false, nil
}

func (k *kmlScan) folderName(path []string, text []byte) error {
	if len(path) == 1 && path[0] == "name" {
		k.folders[len(k.folders)-1] = strings.TrimSpace(string(text))
	}
	return nil
}

// kmlTexts are the elements of a placemark that are columns.
const kmlTexts = " name description address phoneNumber when begin end "

// placemark reads one record.
func (k *kmlScan) placemark() error {
	k.layer.begin()
	if len(k.folders) > 0 {
		if err := k.layer.set("folder", "folder", []byte(strings.Join(k.folders, " / "))); err != nil {
			return err
		}
	}
	field := "" // of ExtendedData, that is open
	err := k.walk(func(path []string) (bool, error) {
		name := path[len(path)-1]
		if name == "Data" || name == "SimpleData" {
			field = string(k.x.attr("name"))
		}
		if !isKMLShape(name) {
			return false, nil
		}
		g, err := k.shape(name, 0)
		if err == nil && k.layer.shape.Empty() {
			k.layer.shape = g
			_, only := g.Only()
			k.layer.points = k.layer.points || only
		}
		return true, err
	}, func(path []string, text []byte) error {
		name := path[len(path)-1]
		switch {
		case path[0] == "ExtendedData" && (name == "value" || name == "SimpleData"):
			return k.layer.set("data "+field, field, text)
		case path[0] == "ExtendedData" && (name == "displayName" || len(path) > 2 && path[len(path)-2] == "Data"):
			return nil
		case path[0] == "ExtendedData", len(path) <= 2 && strings.Contains(kmlTexts, " "+name+" "):
			return k.layer.set(name, name, text)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return k.emit(k.layer)
}

func isKMLShape(name string) bool {
	switch name {
	case "Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack":
		return true
	}
	return false
}

// deepestShape bounds how deep geometries nest.
const deepestShape = 8

// shape reads a geometry to its end.
func (k *kmlScan) shape(kind string, depth int) (g geo.Geometry, err error) {
	if depth > deepestShape {
		return g, errXML
	}
	if strings.HasPrefix(kind, "Multi") {
		var parts []geo.Geometry
		err := k.walk(func(path []string) (bool, error) {
			name := path[len(path)-1]
			if !isKMLShape(name) {
				return false, nil
			}
			part, err := k.shape(name, depth+1)
			if err == nil && !part.Empty() {
				parts = append(parts, part)
			}
			return true, err
		}, nil)
		return gathered(parts), err
	}
	g.Kind = map[string]geo.Kind{"Point": geo.Point, "Polygon": geo.Polygon}[kind]
	if g.Kind == 0 {
		g.Kind = geo.LineString
	}
	var track []geo.Position
	err = k.walk(nil, func(path []string, text []byte) error {
		name := path[len(path)-1]
		if name != "coordinates" && (kind != "Track" || name != "coord") {
			return nil
		}
		line, err := k.positions(text, name == "coord")
		switch {
		case err != nil || len(line) == 0:
		case name == "coord":
			track = append(track, line...)
		case kind == "Polygon":
			if line[0] != line[len(line)-1] {
				line = append(line, line[0])
			}
			g.Lines = append(g.Lines, line)
			if path[0] == "outerBoundaryIs" { // first, wherever it stands
				last := len(g.Lines) - 1
				g.Lines[0], g.Lines[last] = g.Lines[last], g.Lines[0]
			}
		default:
			g.Lines = [][]geo.Position{line}
		}
		return err
	})
	if track != nil {
		g.Lines = [][]geo.Position{track}
	}
	if g.Kind == geo.Point && len(g.Lines) == 1 {
		g.Lines[0] = g.Lines[0][:1]
	}
	return g, err
}

// gathered makes one geometry of several.
func gathered(parts []geo.Geometry) geo.Geometry {
	if len(parts) == 1 {
		return parts[0]
	}
	multi := map[geo.Kind]geo.Kind{geo.Point: geo.MultiPoint, geo.LineString: geo.MultiLineString, geo.Polygon: geo.MultiPolygon}
	g := geo.Geometry{Kind: geo.Collection, Parts: parts}
	for i, p := range parts {
		if i > 0 && p.Kind != parts[0].Kind || multi[p.Kind] == 0 {
			return g
		}
	}
	if len(parts) == 0 {
		return geo.Geometry{}
	}
	switch g.Kind = multi[parts[0].Kind]; g.Kind {
	case geo.MultiPoint:
		g.Lines = make([][]geo.Position, 1)
		for _, p := range parts {
			g.Lines[0] = append(g.Lines[0], p.Lines[0]...)
		}
		g.Parts = nil
	case geo.MultiLineString:
		for _, p := range parts {
			g.Lines = append(g.Lines, p.Lines...)
		}
		g.Parts = nil
	}
	return g
}

// positions reads "lon,lat,height lon,lat,height", or "lon lat height" for one of a track. Spaces around commas are forgiven.
func (k *kmlScan) positions(text []byte, spaced bool) (out []geo.Position, err error) {
	var at [3]float64
	n := 0
	flush := func() error {
		if n < 2 {
			return fault.New(fault.Invalid, "tabular.broken_shape", k.layer.records+1)
		}
		out = append(out, geo.Position{at[0], at[1]})
		k.layer.deep = k.layer.deep || n > 2 && at[2] != 0
		n = 0
		return nil
	}
	for i := 0; i < len(text); {
		if c := text[i]; c <= ' ' {
			i++
			continue
		}
		start := i
		for i < len(text) && text[i] > ' ' && text[i] != ',' {
			i++
		}
		v, err := strconv.ParseFloat(string(text[start:i]), 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "tabular.broken_shape", k.layer.records+1).Because(err)
		}
		if n < len(at) {
			at[n] = v
		}
		n++
		for i < len(text) && text[i] <= ' ' {
			i++
		}
		switch {
		case i < len(text) && text[i] == ',':
			i++
		case spaced && i < len(text):
		default:
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if n > 0 {
		return out, flush()
	}
	return out, nil
}
