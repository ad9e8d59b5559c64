package formweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"cultured/internal/codelist"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/web"
)

// Maps is what stands behind the points of forms.
type Maps struct {
	Tiles  string // address of pictures with {z}, {x} and {y}; "" for none: communes are drawn
	Credit string
	// Locate finds an address for an organisation; nil where no service is set. ok is false of one not found.
	Locate func(r *http.Request, address string) (p Place, ok bool, err error)
}

// A Place is somewhere found, as the map's script reads it.
type Place struct {
	Label     string  `json:"label"`
	Latitude  float64 `json:"lat"`
	Longitude float64 `json:"lon"`
}

// A pinMap is the map beside two coordinates. It is drawn by a script; without one the fields are all there is.
type pinMap struct{ ID, Around, Find, Tiles, Credit, Search string }

func (d Desk) mapOf(p *i18n.Printer, f form.Form, b form.Block) *pinMap {
	search := p.T("formweb.map_find")
	if d.Maps.Locate != nil {
		search = p.T("formweb.map_find_address")
	}
	return &pinMap{ID: b.Field(), Around: public(f.ID, "around"), Find: public(f.ID, "places"), Tiles: d.Maps.Tiles, Credit: d.Maps.Credit, Search: search}
}

// pictured lets a form's page show the pictures of its maps, when it asks for a point.
func (d Desk) pictured(w http.ResponseWriter, f form.Form) {
	if u, err := url.Parse(d.Maps.Tiles); err == nil && u.Host != "" && slices.ContainsFunc(f.Blocks, func(b form.Block) bool { return b.Kind == form.Point }) {
		web.Pictures(w, u.Scheme+"://"+u.Host)
	}
}

// How many communes a map draws, and names, and how many places a search gives.
const (
	spotsMost = 1500
	namedMost = 120
	foundMost = 8
)

// landmarks are communes that a wide map names, by code.
var landmarks = []string{"75056", "13055", "69123", "31555", "06088", "44109", "34172", "67482", "33063", "59350", "35238", "21231", "63113", "29019", "37261", "76540", "87085", "38185", "57463", "2A004", "97105", "97209", "97302", "97411", "97608"}

// around gives the communes of a rectangle, all named when they are few, else thinned out.
func (d Desk) around(w http.ResponseWriter, r *http.Request) error {
	var side [4]float64
	for i, name := range []string{"south", "west", "north", "east"} {
		side[i], _ = strconv.ParseFloat(r.URL.Query().Get(name), 64) // no number is the equator
	}
	all := codelist.Spots(side[0], side[1], side[2], side[3])
	every, out := (len(all)+spotsMost-1)/spotsMost, []Place{}
	for i, s := range all {
		known := slices.Contains(landmarks, s.Code)
		if !known && i%max(every, 1) != 0 {
			continue
		}
		one := Place{Latitude: s.Latitude, Longitude: s.Longitude}
		if known || len(all) <= namedMost {
			one.Label = s.Name
		}
		out = append(out, one)
	}
	web.Public(w)
	return web.WriteJSON(w, http.StatusOK, out)
}

// places finds communes by name or code, else an address where a service is set.
func (d Desk) places(w http.ResponseWriter, r *http.Request) error {
	sought, out := r.URL.Query().Get("q"), []Place{}
	for _, s := range codelist.FindSpots(sought, foundMost) {
		out = append(out, Place{s.Name + " (" + s.Code + ")", s.Latitude, s.Longitude})
	}
	if len(out) == 0 && d.Maps.Locate != nil && len(sought) <= addressMost {
		if err := d.Form.MayLocate(r.Context(), web.Actor(r), idOf(r), d.Address(r)); err != nil {
			return err
		}
		found, ok, err := d.Maps.Locate(r, sought)
		if err != nil {
			return err
		}
		if ok {
			out = append(out, found)
		}
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

// addressMost is the longest address looked up, in bytes.
const addressMost = 300
