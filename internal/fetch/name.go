package fetch

import (
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode"
)

// suffixes are given to names that have none: readers look at them when the bytes leave a doubt.
var suffixes = map[string]string{"text/csv": ".csv", "application/csv": ".csv", "text/tab-separated-values": ".tsv",
	"application/vnd.ms-excel": ".xls", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
	"application/vnd.oasis.opendocument.spreadsheet": ".ods", "application/json": ".json", "application/geo+json": ".geojson",
	"application/x-ndjson": ".ndjson", "application/vnd.apache.parquet": ".parquet", "application/zip": ".zip",
	"application/gzip": ".gz", "application/geopackage+sqlite3": ".gpkg", "application/vnd.google-earth.kml+xml": ".kml",
	"application/gpx+xml": ".gpx", "text/plain": ".txt"}

// mostName bounds a file name, in runes.
const mostName = 150

// fileName is what a file is called: as the server says (RFC 6266), else the end of its address, else its host.
func fileName(res *http.Response) string {
	name := ""
	if _, given, err := mime.ParseMediaType(res.Header.Get("Content-Disposition")); err == nil {
		name = cleanName(given["filename"])
	}
	if name == "" {
		name = cleanName(res.Request.URL.Path)
	}
	if name == "" {
		name = cleanName(res.Request.URL.Hostname())
		name = strings.ReplaceAll(name, ".", "-")
	}
	if path.Ext(name) == "" {
		kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")) // "" when it makes no sense
		name += suffixes[kind]
	}
	return name
}

// cleanName keeps the last part of a path, without what cannot stand in a file name.
func cleanName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if s = strings.TrimSpace(s); s == "." || s == "/" || s == ".." {
		return ""
	}
	if r := []rune(s); len(r) > mostName {
		s = string(r[len(r)-mostName:]) // the end holds the suffix
	}
	return s
}
