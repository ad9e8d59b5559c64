package catalogue

import (
	"encoding/json"
	"strconv"
	"strings"
)

// SchemaOrg describes one published record for search engines, as the JSON of a schema.org/Dataset. It is safe inside a
// <script type="application/ld+json"> element: <, > and & are escaped. False if the record is not published.
// Source: https://schema.org/Dataset, https://developers.google.com/search/docs/appearance/structured-data/dataset
func (s Site) SchemaOrg(r Record) ([]byte, bool) {
	p, ok := r.Public()
	if !ok {
		return nil, false
	}
	w := scribe{&Graph{}, s}
	page := w.absolute(s.Address(p))
	doc := map[string]any{
		"@context": "https://schema.org/", "@type": "Dataset", "@id": page + "#dataset", "url": page,
		"name": p.Title, "description": clip(publicText(p), 5000), "identifier": string(p.ID),
		"inLanguage": w.lang(p.Language), "isAccessibleForFree": true, "version": strconv.Itoa(p.Published.Number),
		"datePublished": p.Published.First.UTC().Format("2006-01-02"),
		"creator": map[string]any{"@type": "Organization", "name": orElse(s.Publisher.Name, s.Title),
			"url": orElse(w.absolute(s.Publisher.Homepage), w.absolute("/"))},
		"includedInDataCatalog": map[string]any{"@type": "DataCatalog", "name": s.Title, "url": w.absolute("/")},
	}
	if !p.Updated().IsZero() {
		doc["dateModified"] = p.Updated().UTC().Format("2006-01-02")
	}
	if len(p.Keywords) > 0 {
		doc["keywords"] = p.Keywords
	}
	if l, ok := LicenceOf(p.Licence); ok {
		doc["license"] = l.URI
	}
	if !p.Temporal.Empty() {
		doc["temporalCoverage"] = orElse(string(p.Temporal.Start), "..") + "/" + orElse(string(p.Temporal.End), "..")
	}
	if place := schemaPlace(p.Spatial); place != nil {
		doc["spatialCoverage"] = place
	}
	if d := w.downloads(p); len(d) > 0 {
		doc["distribution"] = d
	}
	if v := measured(p.Columns); len(v) > 0 {
		doc["variableMeasured"] = v
	}
	out, err := json.Marshal(doc)
	return out, err == nil
}

func schemaPlace(s Spatial) map[string]any {
	if s.Empty() {
		return nil
	}
	place := map[string]any{"@type": "Place"}
	if s.Name != "" {
		place["name"] = s.Name
	}
	if iri := territoryIRI(s); iri != "" {
		place["sameAs"] = iri
	}
	if b := s.BBox; b != nil {
		f := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
		place["geo"] = map[string]any{"@type": "GeoShape",
			"box": strings.Join([]string{f(b.South), f(b.West), f(b.North), f(b.East)}, " ")}
	}
	return place
}

func (w scribe) downloads(r Record) []map[string]any {
	var list []map[string]any
	for _, res := range r.Resources {
		address := w.absolute(res.URL)
		if address == "" || res.Type == Documentation || res.Type == API {
			continue
		}
		d := map[string]any{"@type": "DataDownload", "contentUrl": address, "name": orElse(res.Title, r.Title)}
		if media := orElse(res.MediaType, FormatOf(res.Format).MediaType); media != "" {
			d["encodingFormat"] = media
		}
		if res.Bytes > 0 {
			d["contentSize"] = strconv.FormatInt(res.Bytes, 10) + " B"
		}
		list = append(list, d)
	}
	return list
}

// measured lists the columns, at most 200: search engines read no further.
func measured(columns []Column) []map[string]any {
	var list []map[string]any
	for _, c := range columns[:min(len(columns), 200)] {
		v := map[string]any{"@type": "PropertyValue", "name": orElse(c.Title, c.Name)}
		if c.Description != "" {
			v["description"] = c.Description
		}
		list = append(list, v)
	}
	return list
}

// clip cuts s to at most n characters.
func clip(s string, n int) string {
	i := 0
	for at := range s {
		if i == n {
			return s[:at]
		}
		i++
	}
	return s
}
