package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"mime/multipart"
	"slices"
	"strconv"
	"time"

	"cultured/internal/cleaning/cleaningdb"
	"cultured/internal/fault"
	"cultured/internal/fetch"
	"cultured/internal/recipe"
)

const (
	// geocodeTime is what is waited for one answer of the service, geocodeBytes the longest one.
	geocodeTime  = time.Minute
	geocodeBytes = 8 << 20
	// leastScore is how sure the service must be: less is most often another place.
	leastScore = 0.4
)

// A geocoder says where addresses are: what is kept first, then what the service of the settings answers.
type geocoder struct {
	service string
	client  *fetch.Client
	kept    *cleaningdb.Places
}

// Places implements [dataset.Service.Places]. Faults: those of the client; Invalid "cultured.bad_geocoder".
func (g *geocoder) Places(ctx context.Context, organisation string, addresses []string) ([]recipe.Place, error) {
	known, err := g.kept.Known(ctx, organisation, g.service, addresses)
	if err != nil {
		return nil, err
	}
	var asked []string
	for _, a := range addresses {
		if _, ok := known[a]; !ok && a != "" {
			asked = append(asked, a)
		}
	}
	if len(asked) > 0 {
		said, err := g.ask(ctx, asked)
		if err != nil {
			return nil, err
		}
		if err := g.kept.Keep(ctx, organisation, g.service, said); err != nil {
			return nil, err
		}
		for a, p := range said {
			known[a] = p
		}
	}
	out := make([]recipe.Place, len(addresses))
	for i, a := range addresses {
		out[i] = known[a]
	}
	return out, nil
}

// ask sends addresses as a CSV file of two columns, as the national address base takes it, and reads what comes back by the numbers of its rows.
func (g *geocoder) ask(ctx context.Context, addresses []string) (map[string]recipe.Place, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("data", "adresses.csv")
	if err != nil {
		return nil, err
	}
	w := csv.NewWriter(file)
	rows := [][]string{{"n", "adresse"}}
	for i, a := range addresses {
		rows = append(rows, []string{strconv.Itoa(i), a})
	}
	if err := errors.Join(w.WriteAll(rows), form.WriteField("columns", "adresse"), form.Close()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, geocodeTime)
	defer cancel()
	a, err := g.client.Open(ctx, fetch.Request{Address: g.service, Limit: geocodeBytes, Send: body.Bytes(), Type: form.FormDataContentType()})
	if err != nil {
		return nil, err
	}
	defer func() { _ = a.Body.Close() }() // read to its end, or of no use
	return readPlaces(a.Body, addresses)
}

// readPlaces reads the answer of a service. Fault: Invalid "cultured.bad_geocoder" when it is none, or lacks an address.
func readPlaces(from io.Reader, addresses []string) (map[string]recipe.Place, error) {
	bad := func(err error) error { return fault.New(fault.Invalid, "cultured.bad_geocoder").Because(err) }
	all, err := csv.NewReader(from).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, bad(err)
	}
	number, latitude, longitude := slices.Index(all[0], "n"), slices.Index(all[0], "latitude"), slices.Index(all[0], "longitude")
	label, score := slices.Index(all[0], "result_label"), slices.Index(all[0], "result_score")
	if min(number, latitude, longitude, label, score) < 0 {
		return nil, bad(nil)
	}
	out := map[string]recipe.Place{}
	for _, row := range all[1:] {
		i, err := strconv.Atoi(row[number])
		if err != nil || i < 0 || i >= len(addresses) {
			return nil, bad(err)
		}
		var p recipe.Place
		var errs [3]error
		p.Latitude, errs[0] = strconv.ParseFloat(row[latitude], 64)
		p.Longitude, errs[1] = strconv.ParseFloat(row[longitude], 64)
		p.Score, errs[2] = strconv.ParseFloat(row[score], 64)
		if p.Label = row[label]; errors.Join(errs[:]...) != nil || p.Score < leastScore || p.Latitude < -90 || p.Latitude > 90 || p.Longitude < -180 || p.Longitude > 180 {
			p = recipe.Place{} // not found
		} else {
			p.Found = true
		}
		out[addresses[i]] = p
	}
	if len(out) != len(addresses) {
		return nil, bad(nil)
	}
	return out, nil
}
